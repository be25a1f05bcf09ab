"""How sure: P(this article answers), and P(one of the first three does), which decides between answer and none.

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

from kb.models import Verdict
from search.live import View
from search.query import Query, script
from search.retrieve import Candidates

ANSWER, MAYBE = 0.85, 0.5  # verdict thresholds: from the first on `answer`, from the second `maybe`

FEATURES = (
    "cosine",  # of the article's best passage
    "contrast",  # that cosine in standard deviations above the question's cosines to the whole collection
    "margin",  # that cosine less the best other article's
    "crowd",  # that cosine less the mean of the next nine articles'
    "bm25",  # of the passage, as a share of the most that the question's terms could score
    "bm25_margin",  # that share less the best other article's
    "coverage",  # idf-weighted share of the question's words that the passage has
    "rarest",  # whether it has the rarest of those words
    "agreement",  # whether both legs rank it first
    "length",  # log of the question's number of distinct words
    "same_script",  # whether question and article are written in the same script
)
SHOWN = 3  # a question counts as answered when one of so many articles answers it
_SAMPLE = 512  # rows that stand for the whole collection


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
    """`hit`: P(this article answers). `question`: P(one of the first SHOWN does), from the first one's features."""

    hit: Calibration
    question: Calibration


@lru_cache(maxsize=1)
def load() -> Models:
    """The coefficients that ship with this release."""
    path = Path(__file__).with_name("confidence.json")
    fitted = json.loads(path.read_text(encoding="utf-8"))
    order = [fitted["features"].index(name) for name in FEATURES]
    return Models(*(_calibration(fitted[name], order) for name in ("hit", "question")))


def _calibration(fitted: dict[str, Any], order: list[int]) -> Calibration:
    pick = {key: tuple(fitted[key][i] for i in order) for key in ("weights", "means", "scales")}
    return Calibration(bias=fitted["bias"], **pick)


def verdict(probability: float) -> Verdict:
    if probability >= ANSWER:
        return "answer"
    return "maybe" if probability >= MAYBE else "none"


def features(view: View, query: Query, found: Candidates, tops: Sequence[int]) -> list[list[float]]:
    """Features of each result. `tops` are positions in `found` of the results' best passages, best first."""
    if not tops:
        return []
    cosine = found.cosine[list(tops)].astype(float)
    bm25 = found.bm25[list(tops)].astype(float) / found.best_bm25
    mean, spread = _background(view, query)
    covered = _coverage(view, query, found, found.rows[list(tops)])
    agree = int(cosine.argmax()) if int(cosine.argmax()) == int(bm25.argmax()) else -1
    own = script(query.language)
    rows = []
    for i, top in enumerate(tops):
        others = np.delete(cosine, i)
        nearest = np.sort(others)[::-1][:9]
        row = view.articles[view.owners[found.rows[top]]]
        rows.append(
            [
                cosine[i],
                (cosine[i] - mean) / spread,
                cosine[i] - others.max() if len(others) else 0.1,
                cosine[i] - nearest.mean() if len(nearest) else 0.1,
                bm25[i],
                bm25[i] - np.delete(bm25, i).max() if len(bm25) > 1 else bm25[i],
                *covered[i],
                float(agree == i),
                math.log1p(len(set(query.terms.fields[0]))),
                float(script(row.locale) == own),
            ]
        )
    return rows


def _background(view: View, query: Query) -> tuple[float, float]:
    """Mean and standard deviation of the question's cosines to rows spread over the collection."""
    rows = np.unique(np.linspace(0, len(view) - 1, min(_SAMPLE, len(view))).astype(np.int64))
    cosines = view.cosines(query.vector, rows)
    return float(cosines.mean()), max(float(cosines.std()), 0.01)


def _coverage(view: View, query: Query, found: Candidates, rows: NDArray[np.int64]) -> list[tuple[float, float]]:
    """For each row: the idf-weighted share of the question's words that it has, and whether it has the rarest."""
    words = list(dict.fromkeys(query.terms.fields[0]))
    weights = np.array([found.idf[word] for word in words])
    if not weights.sum():
        return [(0.0, 0.0)] * len(rows)
    has = view.has(rows, words)
    shares = (has @ weights) / weights.sum()
    return [(float(share), float(line[weights.argmax()])) for share, line in zip(shares, has, strict=True)]
