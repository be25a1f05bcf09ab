"""Two evaluations of the same questions: which won where, and whether the difference could be chance."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.errors import InvalidInput

MEASURE = "ndcg_at_10"
_FLIPS = 10_000


@dataclass(frozen=True)
class Change:
    """One question's figure before and after, with its first results."""

    text: str
    before: float
    after: float
    results: tuple[Sequence[str], Sequence[str]]


@dataclass(frozen=True)
class Comparison:
    """`p` is the chance of a mean difference this large if before and after were the same (two-sided)."""

    name: str
    before: float
    after: float
    wins: int
    losses: int
    ties: int
    p: float
    changes: tuple[Change, ...]


def read(path: Path) -> dict[str, Mapping[str, Any]]:
    """A file that `kb eval --save` wrote, by set.

    Raises:
        InvalidInput: it is not one.
    """
    try:
        reports: list[dict[str, Any]] = [*json.loads(path.read_text(encoding="utf-8"))]
        if not reports:
            raise ValueError("no set in it")
        return {report["set"]: {line["id"]: line for line in report["per_query"]} for report in reports}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InvalidInput(f"{path}: not a file of `kb eval --save`: {error}") from error


def compare(before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]) -> list[Comparison]:
    """The sets that both hold, over the questions that both answered.

    Raises:
        InvalidInput: they have no question in common.
    """
    found = [_compare(name, before[name], after[name]) for name in before if name in after]
    found = [item for item in found if item.wins + item.losses + item.ties]
    if not found:
        raise InvalidInput("the two files have no judged question in common")
    return found


def _compare(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Comparison:
    ids = [i for i in before if i in after and before[i][MEASURE] is not None and after[i][MEASURE] is not None]
    changes = [
        Change(
            before[i]["text"],
            before[i][MEASURE],
            after[i][MEASURE],
            (before[i]["results"], after[i]["results"]),
        )
        for i in ids
    ]
    differences = np.array([change.after - change.before for change in changes])
    moved = sorted((c for c in changes if c.after != c.before), key=lambda c: c.after - c.before)
    count = max(len(changes), 1)
    return Comparison(
        name,
        sum(change.before for change in changes) / count,
        sum(change.after for change in changes) / count,
        int((differences > 0).sum()),
        int((differences < 0).sum()),
        int((differences == 0).sum()),
        randomization_test(differences),
        tuple(moved),
    )


def randomization_test(differences: NDArray[np.float64], seed: int = 0) -> float:
    """Paired two-sided test: how often random signs give a mean at least as far from 0. 1.0 without any difference.

    Source: Smucker, Allan and Carterette, A comparison of statistical significance tests for IR, CIKM 2007.
    """
    moved = differences[differences != 0]
    if not len(moved):
        return 1.0
    random = np.random.default_rng(seed)
    signs = random.choice([-1.0, 1.0], size=(_FLIPS, len(moved)))
    as_far = np.abs(signs @ moved) >= abs(moved.sum()) - 1e-12
    return float((as_far.sum() + 1) / (_FLIPS + 1))
