"""The part of a passage that answers: its whole sentences that are closest to the question, and its words in them.

A sentence counts by the question's words in it and, where the passage has token vectors, by how close those of its
stretch of the passage are to the question's. Steps stay steps, each on its line, from the first where all fit. Text
stays text: highlights are offsets, so that nothing from an article is ever markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from indexer.analyze import normalise
from indexer.chunk import sentences

LENGTH = 280  # characters that a snippet aims at
_CLOSENESS = 4.0  # of a sentence's closeness (cosines of tokens, 0.1 is much) beside its share of the words
_MARKED = 0.3  # of the rarest word's weight: less is not marked
_SENTENCE = 8  # characters under which a line is a label rather than a sentence
_STEP = re.compile(r"\s*\d+\. ")


@dataclass(frozen=True)
class Snippet:
    """`highlights` are (start, end) offsets into `text`, in characters, apart and in order.

    `best` is where in the passage's text its best sentence begins.
    """

    text: str
    highlights: tuple[tuple[int, int], ...]
    best: int = 0


Closeness = Callable[[float, float], float]
"""How close the stretch of a passage between two shares of its length, 0..1, is to the question: about 0..1."""


def snippet(text: str, idf: Mapping[str, float], close: Closeness | None = None, length: int = LENGTH) -> Snippet:
    """The run of whole sentences that answers best; the beginning where nothing tells one from another."""
    units = [part for line in text.split("\n") for part in _ends_line(sentences(line))]
    if not units:
        return Snippet("", ())
    weights = _weights(units, idf, close)
    start, end = _from_first_step(units, *_best_run(units, weights, length), length)
    shown = "".join(units[start:end]).strip()
    if len(shown) > length * 2:
        shown = shown[: length * 2].rsplit(" ", 1)[0] + " …"
    best = max(range(start, end), key=lambda place: weights[place])
    return Snippet(shown, tuple(highlights(shown, _telling(idf))), sum(map(len, units[:best])))


def _telling(idf: Mapping[str, float]) -> dict[str, float]:
    """The words worth marking: not those of every other passage, such as how and to beside cancel."""
    least = max(idf.values(), default=0.0) * _MARKED
    return {term: weight for term, weight in idf.items() if weight >= least}


def _weights(units: Sequence[str], idf: Mapping[str, float], close: Closeness | None) -> list[float]:
    """What each sentence is worth: its share of the question's words, and how close it is above the others."""
    most = sum(idf.values()) or 1.0
    said = [_weight(unit, idf) / most for unit in units]
    total = sum(map(len, units)) or 1
    if close is None:
        return said
    ends = list(accumulate(map(len, units)))
    near = [
        close((end - len(unit)) / total, end / total) if len(unit) >= _SENTENCE else 0.0
        for unit, end in zip(units, ends, strict=True)
    ]
    least = min((value for value in near if value), default=0.0)
    return [word + _CLOSENESS * max(value - least, 0.0) for word, value in zip(said, near, strict=True)]


def _from_first_step(units: Sequence[str], start: int, end: int, length: int) -> tuple[int, int]:
    """A run that begins within numbered steps begins with the first of them, where that is not much longer."""
    first = start
    while first > 0 and _STEP.match(units[first]) and not units[first].lstrip().startswith("1."):
        first -= 1
    fits = sum(map(len, units[first:end])) <= length * 1.5
    return (first, end) if fits and _STEP.match(units[first]) else (start, end)


def _ends_line(parts: list[str]) -> list[str]:
    return [*parts[:-1], parts[-1] + "\n"] if parts else []


def _weight(unit: str, idf: Mapping[str, float]) -> float:
    plain = normalise(unit)
    return sum(weight for term, weight in idf.items() if term in plain)


def _best_run(units: list[str], weights: list[float], length: int) -> tuple[int, int]:
    best, found = (0, min(1, len(units))), -1.0
    for start in range(len(units)):
        size, total = 0, 0.0
        for end in range(start, len(units)):
            size += len(units[end])
            if size > length and end > start:
                break
            total += weights[end]
            if total > found:
                best, found = (start, end + 1), total
    start, end = best
    while end < len(units) and sum(map(len, units[start : end + 1])) <= length:
        end += 1
    return start, end


def highlights(text: str, idf: Mapping[str, float]) -> list[tuple[int, int]]:
    """Where the question's words stand. A Latin stem takes the ending of its word with it."""
    plain = text.lower()
    if len(plain) != len(text):  # a letter that lower case makes two of
        plain = text
    latin = {term for term in idf if term[:1].isascii() and len(term) > 1}
    spans = [match.span() for match in _LATIN.finditer(plain) if _is_form(match.group(), latin)]
    for term in idf.keys() - latin:
        spans += [match.span() for match in re.finditer(re.escape(term), plain) if len(term) > 1]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


_LATIN = re.compile(r"[a-z0-9]+")


def _is_form(word: str, stems: set[str]) -> bool:
    """Whether a word is a stem with an ending of at most four letters; a short stem takes only a plural's s."""
    if word in stems:
        return True
    if word.endswith("s") and word[:-1] in stems:
        return True
    return any(word[:-cut] in stems for cut in range(1, 5) if len(word) - cut > 3)
