"""Gaps keep their ids when clusters are computed again, and people's merges and splits hold.

A cluster becomes the known gap with which it shares most questions; where none is shared, the one whose centroid is
closest, if that is close. A new id is made of the question that stands for the cluster.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count

import numpy as np

from articles.gaps.cluster import centre, join, of
from articles.gaps.nouns import Cluster, Known, Question
from kb.ports import Vectors

CLOSE = 0.95  # cosine of two centroids of the same gap; E5's lie between about 0.7 and 1


def assign(clusters: Sequence[Cluster], known: Sequence[Known]) -> list[tuple[str, Cluster]]:
    """Each cluster with its gap's id, in the order of `clusters`, what people put together after them.

    A cluster that is new gets a new id. Clusters that would become merged gaps are joined into the gap that these were
    merged into. A known gap of which no question is left does not come back.
    """
    resolved = _resolved(known)
    homes = {question: gap.id for gap in known for question in gap.pinned}
    loose, placed = _placed(clusters, homes, known)
    matched = _by_questions(loose, known)
    matched |= _by_centroid(loose, known, matched, set(placed))
    parts: dict[str, list[Cluster]] = {}
    fresh: list[Cluster] = []
    for place, cluster in enumerate(loose):
        if place in matched:
            parts.setdefault(resolved[matched[place]], []).append(cluster)
        else:
            fresh.append(cluster)
    for gap, cluster in placed.items():
        parts.setdefault(resolved[gap], []).append(cluster)
    found = [(gap, some[0] if len(some) == 1 else join(some)) for gap, some in parts.items()]
    return [*found, *_new(fresh, {gap.id for gap in known})]


def new_id(question: Question, again: int = 0) -> str:
    """12 hexadecimal digits that name a gap by the question that stood for it first; others where these are taken."""
    text = f"{question.id}\0{again}" if again else question.id
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _new(fresh: Iterable[Cluster], taken: set[str]) -> Iterator[tuple[str, Cluster]]:
    """A known gap keeps its id even where the question that gave it now stands for another cluster."""
    for cluster in fresh:
        gap = next(name for again in count() if (name := new_id(cluster.questions[0], again)) not in taken)
        taken = taken | {gap}
        yield gap, cluster


def _resolved(known: Sequence[Known]) -> dict[str, str]:
    """By gap, the one that it was merged into, and that in turn: itself where it was not."""
    into = {gap.id: gap.merged_into for gap in known}

    def end(gap: str) -> str:
        seen = {gap}
        while (further := into.get(gap)) and further in into and further not in seen:
            gap = further
            seen.add(gap)
        return gap

    return {gap: end(gap) for gap in into}


def _placed(
    clusters: Sequence[Cluster], homes: Mapping[str, str], known: Sequence[Known]
) -> tuple[list[Cluster], dict[str, Cluster]]:
    """Clusters without the questions that a person put somewhere, and these, by where they were put."""
    held = {question: gap.id for gap in known for question in gap.questions}
    loose: list[Cluster] = []
    placed: dict[str, list[Question]] = defaultdict(list)
    for cluster in clusters:
        own: dict[str, list[Question]] = defaultdict(list)
        for question in cluster.questions:
            own[homes.get(question.id, "")].append(question)
        rest = own.pop("", [])
        stayed, followed = _followers(rest, own, held)
        for gap, questions in (*own.items(), *followed.items()):
            placed[gap] += questions
        if stayed:
            loose.append(cluster if len(stayed) == len(cluster.questions) else of(stayed, cluster.terms))
    return loose, {gap: of(questions) for gap, questions in placed.items()}


def _followers(
    rest: Sequence[Question], pinned: Mapping[str, Sequence[Question]], held: Mapping[str, str]
) -> tuple[list[Question], dict[str, list[Question]]]:
    """Which of a cluster's other questions stay, and which new ones go where pinned questions like them are."""
    if not pinned:
        return list(rest), {}
    old = [question for question in rest if question.id in held]
    centres = {gap: centre(questions) for gap, questions in pinned.items()} | ({"": centre(old)} if old else {})
    stayed: list[Question] = list(old)
    followed: dict[str, list[Question]] = defaultdict(list)
    for question in rest:
        if question.id not in held:
            cosines = {gap: _cosine(question.vector, mean) for gap, mean in centres.items()}
            gap = max(sorted(cosines), key=cosines.__getitem__)
            (followed[gap] if gap else stayed).append(question)
    return stayed, followed


def _by_questions(clusters: Sequence[Cluster], known: Sequence[Known]) -> dict[int, str]:
    """By cluster, the gap that it shares most questions with, each gap once; of equals the more alike in size."""
    owners: dict[str, list[int]] = defaultdict(list)
    for number, gap in enumerate(known):
        for question in gap.questions - gap.pinned:
            owners[question].append(number)
    shared = Counter(
        (place, number)
        for place, cluster in enumerate(clusters)
        for question in cluster.questions
        for number in owners.get(question.id, ())
    )

    def rank(pair: tuple[int, int]) -> tuple[int, int, str, int]:
        place, number = pair
        size = len(clusters[place].questions) + len(known[number].questions)
        return -shared[pair], size, known[number].id, place

    return _greedy(sorted(shared, key=rank), known)


def _by_centroid(
    clusters: Sequence[Cluster], known: Sequence[Known], matched: Mapping[int, str], placed: set[str]
) -> dict[int, str]:
    """The same for clusters and gaps that share nothing, whose centroids are close."""
    taken = set(matched.values()) | placed
    places = [place for place in range(len(clusters)) if place not in matched]
    numbers = [number for number, gap in enumerate(known) if gap.id not in taken]
    close: list[tuple[float, str, int, int]] = []
    for place in places:
        centre = clusters[place].centroid
        alike = [number for number in numbers if len(centre) and len(known[number].centroid) == len(centre)]
        if alike:
            cosines = np.stack([known[number].centroid for number in alike]) @ centre
            best = int(np.argmax(cosines))
            if cosines[best] >= CLOSE:
                close.append((-float(cosines[best]), known[alike[best]].id, place, alike[best]))
    return _greedy([(place, number) for *_, place, number in sorted(close)], known)


def _greedy(pairs: Iterable[tuple[int, int]], known: Sequence[Known]) -> dict[int, str]:
    """The pairs, best first, as far as neither side is taken."""
    found: dict[int, str] = {}
    taken: set[int] = set()
    for place, number in pairs:
        if place not in found and number not in taken:
            found[place] = known[number].id
            taken.add(number)
    return found


def _cosine(one: Vectors, other: Vectors) -> float:
    return float(one @ other) if len(one) == len(other) else 0.0
