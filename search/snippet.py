"""The part of a passage that answers: whole sentences around the question's words, and where those words stand.

Text stays text: highlights are offsets, so that nothing from an article is ever markup.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from indexer.analyze import normalise
from indexer.chunk import sentences

LENGTH = 280  # characters that a snippet aims at


@dataclass(frozen=True)
class Snippet:
    """`highlights` are (start, end) offsets into `text`, in characters, apart and in order."""

    text: str
    highlights: tuple[tuple[int, int], ...]


def snippet(text: str, idf: Mapping[str, float], length: int = LENGTH) -> Snippet:
    """The run of whole sentences that holds most of the question's words; the beginning where it holds none."""
    units = [part for line in text.split("\n") for part in _ends_line(sentences(line))]
    weights = [_weight(unit, idf) for unit in units]
    start, end = _best_run(units, weights, length)
    shown = "".join(units[start:end]).strip()
    if len(shown) > length * 2:
        shown = shown[: length * 2].rsplit(" ", 1)[0] + " …"
    return Snippet(shown, tuple(highlights(shown, idf)))


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
