"""Average linkage without a matrix of all pairs, and what puts right its mistakes. Vectors in, labels out.

Linkage goes far enough to find what may belong together. Whether it does is then seen from near: with what all members
share taken away, two questions that look alike and have different answers fall apart, and paraphrases do not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kb.ports import Vectors

SAME = 0.18  # mean similarity of two groups that may ask the same
FLOOR = 0.35  # mean similarity of the two halves of a group, below which it falls apart
MEMBER = 0.25  # mean similarity to the others of its group, below which a question leaves it
ALONE = 0.12  # how much more that must be of a pair in one language; of more questions a part of it for each other
HALVES = 0.75  # of the two halves' mean similarity to that within them: below, they are two questions
ALIKE = 0.75  # the same of two groups: above, they are one question
ACROSS = 0.5  # the same of groups in different languages, each the other's closest

_BLOCK = 1 << 24  # similarities that are held at once
_GRAIN = 1 << 17  # similarities are told apart to a part of so many, or equals would differ by the order of a sum
_ROUNDS = 8  # of questions moving: nearly all settle in three
_SMALLEST = 3  # members of a group that can be seen to be two
_LITTLE = 0.01  # mean similarity within a group that is one in name only

Labels = NDArray[np.int64]
"""By row, the first row of its group."""


def unit(rows: Vectors) -> Vectors:
    """Rows L2-normalised; those of zeros stay so."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 1e-6, lengths, 1), np.float32)


def link(rows: Vectors, least: float = SAME) -> Labels:
    """Average linkage of (n, dim) rows down to a mean similarity, by reciprocal nearest neighbours.

    Two groups that are each other's closest would be joined at some time whatever else is joined before (average
    linkage is reducible: Bruynooghe 1978), so all such pairs are joined at once. A group to which no other is close
    enough never will be, and leaves the search.
    """
    labels = np.arange(len(rows))
    means, sizes = rows.astype(np.float32).copy(), np.ones(len(rows), np.float32)
    active = labels.copy()
    while len(active) > 1:
        best, near = _closest(means[active])
        here = np.arange(len(active))
        pairs = np.flatnonzero((best[best] == here) & (here < best) & (near >= least))
        if not len(pairs):
            break
        keep, gone = active[pairs], active[best[pairs]]
        share = (sizes[keep] / (sizes[keep] + sizes[gone]))[:, None]
        means[keep] = share * means[keep] + (1 - share) * means[gone]
        sizes[keep] += sizes[gone]
        to = np.arange(len(rows))
        to[gone] = keep
        labels = to[labels]
        left = near >= least
        left[best[pairs]] = False
        active = active[left]
    return labels


def _closest(means: Vectors) -> tuple[NDArray[np.int64], Vectors]:
    """Of each row the most similar other, of equals the first, and how similar that is."""
    best, near = np.zeros(len(means), np.int64), np.zeros(len(means), np.float32)
    step = max(1, _BLOCK // len(means))
    for start in range(0, len(means), step):
        found = means[start : start + step] @ means.T
        found *= _GRAIN
        np.rint(found, out=found)
        found[np.arange(len(found)), np.arange(start, start + len(found))] = -2 * _GRAIN
        best[start : start + step] = found.argmax(axis=1)
        near[start : start + step] = found.max(axis=1) / _GRAIN
    return best, near


def settle(rows: Vectors, labels: Labels, least: float = SAME) -> Labels:
    """Rows move to the group of two or more that they are most similar to, themselves left out, until none would."""
    for _ in range(_ROUNDS):
        names, own = np.unique(labels, return_inverse=True)
        sizes = np.bincount(own)
        sums = np.zeros((len(names), rows.shape[1]), np.float32)
        np.add.at(sums, own, rows)
        some = np.flatnonzero(sizes > 1)
        if not len(some):
            break
        moved = labels.copy()
        step = max(1, _BLOCK // len(some))
        for start in range(0, len(rows), step):
            part = slice(start, start + step)
            moved[part] = names[_nearest(rows[part], own[part], sums, sizes, some, least)]
        if (moved == labels).all():
            break
        labels = moved
    return _first(labels)


def _nearest(
    rows: Vectors,
    own: NDArray[np.int64],
    sums: Vectors,
    sizes: NDArray[np.int64],
    some: NDArray[np.int64],
    least: float,
) -> NDArray[np.int64]:
    """The group that each row belongs to: its own, unless it is more similar to another."""
    found = rows @ (sums[some] / sizes[some, None]).T
    rest = np.maximum(sizes[own] - 1, 1)
    at_home = np.where(sizes[own] > 1, ((rows * (sums[own] - rows)).sum(axis=1)) / rest, least)
    found[own[:, None] == some[None, :]] = -2
    best = found.argmax(axis=1)
    better = found[np.arange(len(rows)), best] > np.maximum(at_home, least) + 1e-4
    return np.where(better, some[best], own)


def divide(rows: Vectors, labels: Labels, languages: NDArray[np.str_]) -> Labels:
    """Groups that are two questions, each as two, and these again, until none is."""
    labels = labels.copy()
    _, codes = np.unique(languages, return_inverse=True)
    waiting = [int(label) for label in np.unique(labels)]
    while waiting:
        members = np.flatnonzero(labels == waiting.pop())
        if len(members) < _SMALLEST:
            continue
        own = _level(rows[members], codes[members])
        second = _halves(own)
        if second.all() or not second.any() or not _are_two(own[~second], own[second]):
            continue
        for half in (members[~second], members[second]):
            labels[half] = half[0]
            waiting.append(int(half[0]))
    return labels


def release(rows: Vectors, labels: Labels, languages: NDArray[np.str_]) -> Labels:
    """Rows leave a group to whose others they are not similar enough on average, the least similar first.

    The fewer the others are, the more similar: two questions are close by chance more often than one and nine.
    """
    labels = labels.copy()
    _, codes = np.unique(languages, return_inverse=True)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        own = _level(rows[members], codes[members])
        while len(members) > 1:
            others = len(members) - 1
            near = (own @ own.sum(axis=0) - (own * own).sum(axis=1)) / others
            least = int(near.argmin())
            if near[least] >= MEMBER + (0 if _two_languages(codes[members]) else ALONE / others):
                break
            labels[members[least]] = members[least]
            members, own = np.delete(members, least), np.delete(own, least, axis=0)
        labels[members] = members[0]
    return labels


def _two_languages(codes: NDArray[np.int64]) -> bool:
    """Whether these are two rows in different languages, which stand between them."""
    return len(codes) == 2 and codes[0] != codes[1]


def _level(rows: Vectors, codes: NDArray[np.int64]) -> Vectors:
    """Rows with the mean of their language, where that has three or more, moved to the mean of all."""
    found, mean = rows.copy(), rows.mean(axis=0)
    for code in np.unique(codes):
        own = codes == code
        if own.sum() > 2 and not own.all():
            found[own] += mean - rows[own].mean(axis=0)
    return found


def _halves(rows: Vectors) -> NDArray[np.bool_]:
    """Two means, begun at the two sides of the main direction in which the rows differ: which are in the second."""
    apart = rows - rows.mean(axis=0)
    small = len(rows) <= rows.shape[1]
    vectors = np.linalg.eigh(apart @ apart.T if small else apart.T @ apart)[1][:, -1]
    along = vectors if small else apart @ vectors
    second = np.asarray(along > 0)
    if second[0]:  # a direction has no sign
        second = ~second
    for _ in range(_ROUNDS):
        if second.all() or not second.any():
            break
        first_mean, second_mean = apart[~second].mean(axis=0), apart[second].mean(axis=0)
        edge = (second_mean @ second_mean - first_mean @ first_mean) / 2
        moved = np.asarray(apart @ (second_mean - first_mean) > edge)
        if (moved == second).all():
            break
        second = moved
    return second


def _are_two(one: Vectors, other: Vectors) -> bool:
    between = float(one.mean(axis=0) @ other.mean(axis=0))
    if between < FLOOR:
        return True
    if min(len(one), len(other)) < 2:
        return False
    return between < HALVES * float(np.sqrt(_within(one) * _within(other)))


def _within(rows: Vectors) -> float:
    """Mean similarity of two different rows."""
    count = len(rows)
    total = float((rows.sum(axis=0) ** 2).sum() - (rows**2).sum())
    return max(total / (count * (count - 1)), _LITTLE)


def join_alike(rows: Vectors, labels: Labels, languages: NDArray[np.str_]) -> Labels:
    """Groups of two or more that are about as similar to each other as their own members are, joined.

    Groups in different languages need be less so: what is left of their languages stands between them.
    """
    while True:
        names, own = np.unique(labels, return_inverse=True)
        sizes = np.bincount(own)
        some = np.flatnonzero(sizes > 1)
        if len(some) < 2:
            return labels
        sums = np.zeros((len(names), rows.shape[1]), np.float32)
        np.add.at(sums, own, rows)
        squares = np.bincount(own, weights=(rows * rows).sum(axis=1))[some]
        count = sizes[some]
        within = ((sums[some] ** 2).sum(axis=1) - squares) / (count * (count - 1))
        scaled = sums[some] / count[:, None] / np.sqrt(np.maximum(within, 0.05))[:, None]
        pairs = _alike(scaled.astype(np.float32), _spoken(own, some, languages))
        if not len(pairs):
            return labels
        to = {int(names[some[gone]]): int(names[some[keep]]) for keep, gone in pairs}
        labels = np.array([to.get(int(label), int(label)) for label in labels], np.int64)


def attach(rows: Vectors, labels: Labels, old: NDArray[np.bool_]) -> Labels:
    """New groups join the old one that they are most similar to, unless the two would be two questions.

    `old` are the rows of groups that stay as they are. Old groups are never joined to one another.
    """
    names = np.unique(labels[old])
    if not len(names):
        return labels
    labels = labels.copy()
    members = {int(name): rows[labels == name] for name in names}
    means = np.stack([members[int(name)].mean(axis=0) for name in names])
    for label in np.unique(labels[~old]):
        own = rows[labels == label]
        near = np.rint(means @ own.mean(axis=0) * _GRAIN)
        best = int(names[int(near.argmax())])
        if near.max() >= SAME * _GRAIN and not _are_two(members[best], own):
            labels[labels == label] = best
    return labels


def _spoken(own: NDArray[np.int64], some: NDArray[np.int64], languages: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Which languages each group is in: (len(some), number of languages)."""
    codes, spoken = np.unique(languages, return_inverse=True)
    found = np.zeros((int(own.max()) + 1, len(codes)), np.bool_)
    found[own, spoken] = True
    return found[some]


def _alike(scaled: Vectors, spoken: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Pairs of groups that are each other's most alike, measured by what their kind of pair needs."""
    best, near = np.zeros(len(scaled), np.int64), np.zeros(len(scaled), np.float32)
    step = max(1, _BLOCK // len(scaled))
    tongues = spoken.astype(np.float32)
    for start in range(0, len(scaled), step):
        part = slice(start, start + step)
        needed = np.where(tongues[part] @ tongues.T > 0, ALIKE, ACROSS)
        found = np.round(scaled[part] @ scaled.T / needed, 4)
        found[np.arange(len(found)), np.arange(start, start + len(found))] = -2
        best[part], near[part] = found.argmax(axis=1), found.max(axis=1)
    here = np.arange(len(scaled))
    kept = np.flatnonzero((best[best] == here) & (here < best) & (near >= 1))
    return [(int(place), int(best[place])) for place in kept]


def _first(labels: Labels) -> Labels:
    """Each group named by its first row."""
    _, first, own = np.unique(labels, return_index=True, return_inverse=True)
    return np.asarray(first[own], np.int64)
