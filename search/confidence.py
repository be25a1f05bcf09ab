"""How sure: P(this article answers), and P(the knowledge base answers), which decides between answer and none.

Two logistic models over the same few features of the ranking.

Fused scores mean nothing by themselves; this is what a threshold may be put on. The coefficients beside this file
(`confidence.json`) name the command and the sets that made them; `kb tune` makes them again.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.errors import InvalidInput
from kb.models import Verdict
from search.live import View
from search.query import Query
from search.retrieve import Candidates
from search.scope import Scope

# Verdicts by P(the knowledge base answers). On the judged questions of tests/golden/starter: from ANSWER on, the first
# article was right each time, and at most one in ten near-domain questions without an answer came so far; below MAYBE
# lie nine in ten questions from elsewhere, and two in ten that have an answer.
ANSWER, MAYBE = 0.7, 0.2

FEATURES = (
    "fused",  # score of the article's best passage, all signals together
    "fused_crowd",  # that less the mean of the next nine articles'
    "margin",  # that less the next article's
    "cosine",  # of that passage
    "contrast",  # that cosine in standard deviations above the question's cosines to all that its reader may read
    "neighbours",  # mean cosine of that passage to the ten nearest ones of other articles: how many say nearly the same
    "coverage",  # idf-weighted share of the question's words that the passage has
    "length",  # log of the question's number of distinct words
    "same_script",  # whether question and article are written in the same script
)


# What each model does not look at: that other articles are as good says nothing of whether any of them answers.
UNUSED = {"hit": frozenset[str](), "question": frozenset({"margin", "neighbours"})}


@dataclass(frozen=True)
class Calibration:
    """A fitted model: P = 1 / (1 + exp(−(bias + weights · (features − means) / scales)))."""

    bias: float
    weights: tuple[float, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]

    def probability(self, features: Sequence[float]) -> float:
        parts = zip(self.weights, features, self.means, self.scales, strict=True)
        logit = self.bias + sum(w * (x - mean) / scale for w, x, mean, scale in parts)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


@dataclass(frozen=True)
class Models:
    """`hit`: P(this article answers). `question`: P(the knowledge base answers), from the first article's features."""

    hit: Calibration
    question: Calibration


FILE = "confidence.json"
_NEIGHBOURS = 10


@lru_cache(maxsize=4)
def load(folder: Path | None = None) -> Models:
    """The models that `kb tune` wrote into a folder; those of this release without one, or where it has none.

    Raises:
        InvalidInput: the file is not one of `kb tune`'s, or of other features.
    """
    path = (folder or Path(__file__).parent) / FILE
    if folder and not path.exists():
        return load()
    try:
        fitted = json.loads(path.read_text(encoding="utf-8"))
        if sorted(fitted["features"]) != sorted(FEATURES):
            other = set(fitted["features"]) ^ set(FEATURES)
            raise InvalidInput(
                f"{path}: made by another release, which did not agree on {sorted(other)}: `kb tune` again"
            )
        order = [fitted["features"].index(name) for name in FEATURES]
        return Models(*(_calibration(fitted[name], order) for name in ("hit", "question")))
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise InvalidInput(f"{path}: not models of `kb tune`: {error!r}") from error


def _calibration(fitted: dict[str, Any], order: list[int]) -> Calibration:
    pick = {key: tuple(float(fitted[key][i]) for i in order) for key in ("weights", "means", "scales")}
    if min(pick["scales"]) <= 0:
        raise ValueError("a scale is not positive")
    return Calibration(bias=float(fitted["bias"]), **pick)


def verdict(probability: float) -> Verdict:
    if probability >= ANSWER:
        return "answer"
    return "maybe" if probability >= MAYBE else "none"


def features(scope: Scope, query: Query, found: Candidates, tops: Sequence[int]) -> list[list[float]]:
    """Features of each result. `tops` are positions in `found` of the results' best passages, best first."""
    if not tops:
        return []
    fused, cosine = (column[list(tops)].astype(float) for column in (found.fused, found.cosine))
    view = scope.view
    mean, spread = _background(scope, query)
    covered = _coverage(view, query, found, found.rows[list(tops)])
    near = _neighbours(view, found, tops)
    return [
        [
            fused[i],
            _ahead(fused, i, 9),
            _ahead(fused, i, 1),
            cosine[i],
            (cosine[i] - mean) / spread,
            near[i],
            covered[i],
            math.log1p(len(query.words)),
            float(not found.other[top]),
        ]
        for i, top in enumerate(tops)
    ]


def _ahead(scores: NDArray[np.float64], i: int, count: int) -> float:
    """How far a score is above the mean of the best `count` others; 0.3 where there is no other."""
    others = np.sort(np.delete(scores, i))[::-1][:count]
    return float(scores[i] - others.mean()) if len(others) else 0.3


def _neighbours(view: View, found: Candidates, tops: Sequence[int]) -> list[float]:
    """Mean cosine of each result's passage to the nearest candidates of other families; 0.8 where there are none.

    Candidates are what this reader may see, and hold nearly all of a passage's neighbours.
    """
    vectors = view.gather(found.rows)
    families = np.array([view.articles[owner].family for owner in view.owners[found.rows]])
    near = []
    for top in tops:
        cosines = np.sort((vectors @ vectors[top])[families != families[top]])[::-1][:_NEIGHBOURS]
        near.append(float(cosines.mean()) if len(cosines) else 0.8)
    return near


def _background(scope: Scope, query: Query) -> tuple[float, float]:
    """Mean and standard deviation of the question's cosines to rows spread over all that its reader may read."""
    cosines = scope.view.cosines(query.vector, np.concatenate(list(scope.samples.values())))
    return float(cosines.mean()), max(float(cosines.std()), 0.01)


def _coverage(view: View, query: Query, found: Candidates, rows: NDArray[np.int64]) -> list[float]:
    """The idf-weighted share of the question's words that each row has."""
    weights = np.array([found.idf[word] for word in query.words])
    if not weights.sum():
        return [0.0] * len(rows)
    return [float(share) for share in (view.has(rows, query.words) @ weights) / weights.sum()]
