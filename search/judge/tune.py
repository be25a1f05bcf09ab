"""`kb tune`: the weights of fusion from judged sets, then the confidence models of what these weights rank."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kb.words import count
from search.fusion import Fusion
from search.judge import calibration, weights
from search.judge.evaluate import Index
from search.judge.samples import Sample, collect
from search.judge.sets import JudgedSet, read_gap, read_set


def tune(
    folders: Sequence[Path], index: Index, made: Mapping[str, Any], tell: Callable[[str], None]
) -> dict[str, dict[str, Any]]:
    """What `fusion.json` and `confidence.json` should hold, by file name. `made` says what made them.

    A set's other query files (`queries_*.jsonl`) count as sets of their own.

    Raises:
        InvalidInput: a set cannot be read, or teaches nothing.
    """
    sets = [judged for folder in folders for judged in _sets(folder)]
    first = _collect(sets, index, tell, None)
    tell("fitting the weights of fusion …")
    start = index(sets[0].home, sets[0].documents)[0].fusion
    ranked = {name: samples for name, samples in first.items() if not name.endswith("/gap")}
    found, held = weights.fit_checked(ranked, start)
    fusion = {
        **made,
        "held_part": held,
        "left_out": weights.left_out(ranked, start),
        "same": dict(found.same),
        "other": dict(found.other),
    }
    second = _collect(sets, index, tell, found) if found != start else first
    tell("fitting the confidence models …")
    return {"fusion.json": fusion, "confidence.json": calibration.file(second, made)}


def _sets(folder: Path) -> list[JudgedSet]:
    more = [read_set(folder, path) for path in sorted(folder.glob("queries_*.jsonl"))]
    return [judged for judged in (read_set(folder), *more, read_gap(folder)) if judged]


def _collect(
    sets: Sequence[JudgedSet], index: Index, tell: Callable[[str], None], use: Fusion | None
) -> dict[str, list[Sample]]:
    found = {}
    for judged in sets:
        tell(f"{judged.name}: {count(len(judged.queries), 'question')} …")
        engine, _ = index(judged.home, judged.documents)
        engine.fusion = use or engine.fusion
        found[judged.name] = collect(engine, judged)
    return found
