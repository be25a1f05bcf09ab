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
    terms = sorted((term for term in idf if len(term) > 1), key=len, reverse=True)
    if not terms:
        return []
    latin = [re.escape(t) for t in terms if t[0].isascii()]
    other = [re.escape(t) for t in terms if not t[0].isascii()]
    ended = [rf"{term}[a-z]{{0,4}}\b" if len(term) > 3 else rf"{term}s?\b" for term in latin]
    pattern = "|".join(part for part in (rf"\b(?:{'|'.join(ended)})" if ended else "", "|".join(other)) if part)
    merged: list[tuple[int, int]] = []
    for match in re.finditer(f"(?=({pattern}))", text, re.IGNORECASE):
        start, end = match.span(1)
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
