"""Fits the weights of fusion: a softmax over each question's candidates, drawn towards the weights in effect.

The loss is −log of the share of the softmax that falls on the articles that answer. Sets weigh the same whatever their
size. Weights are never negative. They are scaled so that the cosine within one script counts 1, and that cosine and
token vectors together count the same between two scripts as within one: in a knowledge base of several languages,
passages of both kinds compete for one question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.errors import InvalidInput
from search.fusion import SIGNALS, Fusion
from search.judge import metrics
from search.judge.samples import Sample, halves

_WORTH = 0.001  # nDCG that a fit must gain on the half it has not seen: less is chance
_DRAWN = 0.003  # how strongly weights are drawn towards those in effect
_SHARPNESS = (4.0, 8.0, 12.0, 16.0, 24.0)  # of the softmax over scores of about 0..1

Sets = Mapping[str, Sequence[Sample]]
Floats = NDArray[np.float64]


def fit(sets: Sets, start: Fusion) -> Fusion:
    """Weights that put the articles that answer first.

    Raises:
        InvalidInput: no set has a question with an answer among several candidates.
    """
    from scipy.optimize import minimize

    data = _Data.of(sets)
    origin = _vector(start)
    sharp = min(_SHARPNESS, key=lambda value: data.loss(origin * value)[0])

    def loss(vector: Floats) -> tuple[float, Floats]:
        away = vector - origin * sharp
        value, gradient = data.loss(vector)
        return value + _DRAWN * float(away @ away), gradient + 2 * _DRAWN * away

    found = minimize(loss, origin * sharp, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(origin)).x
    return _fusion(_balanced(found))


def fit_checked(sets: Sets, start: Fusion) -> tuple[Fusion, dict[str, Any]]:
    """Fitted weights, or those in effect where a fit on half the questions gained too little on the other half."""
    first = {name: halves(samples)[0] for name, samples in sets.items()}
    second = {name: halves(samples)[1] for name, samples in sets.items()}
    before, after = mean_ndcg(second, start), mean_ndcg(second, fit(first, start))
    held = {"in_effect": round(before, 4), "fitted": round(after, 4)}
    if after < before + _WORTH:
        return start, {**held, "kept": "in effect"}
    return fit(sets, start), {**held, "kept": "fitted"}


def left_out(sets: Sets, start: Fusion) -> dict[str, dict[str, float]]:
    """nDCG@10 of each set: under the weights in effect, and under weights fitted on the others."""
    found = {}
    for name, samples in sets.items():
        if not any(sample.grades for sample in samples):
            continue
        others = {key: value for key, value in sets.items() if key.split("/")[0] != name.split("/")[0]}
        figures = {"in_effect": round(mean_ndcg({name: samples}, start), 4)}
        if any(sample.grades for other in others.values() for sample in other):
            figures["fitted_on_others"] = round(mean_ndcg({name: samples}, fit(others, start)), 4)
        found[name] = figures
    return found


def mean_ndcg(sets: Sets, weights: Fusion) -> float:
    """nDCG@10 by set, averaged over the sets."""
    means = []
    for samples in sets.values():
        judged = [sample for sample in samples if sample.grades]
        if judged:
            means.append(sum(metrics.ndcg(_ranked(s, weights), s.grades) for s in judged) / len(judged))
    return sum(means) / len(means) if means else 0.0


def _ranked(sample: Sample, weights: Fusion) -> list[str]:
    scores = _expanded(sample) @ _vector(weights)
    return list(dict.fromkeys(sample.articles[i] for i in np.argsort(-scores, kind="stable")))


def _expanded(sample: Sample) -> Floats:
    """Signals within one script, then between two: (n, 2 · len(SIGNALS))."""
    signals = sample.signals.astype(float)
    other = sample.other[:, None]
    return np.concatenate([np.where(other, 0.0, signals), np.where(other, signals, 0.0)], axis=1)


def _vector(weights: Fusion) -> Floats:
    return np.array([side.get(name, 0.0) for side in (weights.same, weights.other) for name in SIGNALS])


def _balanced(vector: Floats) -> Floats:
    same, other = vector.reshape(2, -1).copy()
    meaning = [SIGNALS.index("cosine"), SIGNALS.index("late")]
    same /= max(same[0], 1e-6)
    other *= same[meaning].sum() / max(other[meaning].sum(), 1e-6)
    return np.concatenate([same, other])


def _fusion(vector: Floats) -> Fusion:
    same, other = (
        {name: round(float(value), 3) for name, value in zip(SIGNALS, part, strict=True) if value >= 0.0005}
        for part in (vector[: len(SIGNALS)], vector[len(SIGNALS) :])
    )
    return Fusion(same, other)


class _Data:
    """Every usable question's candidates in one matrix, `starts` where each question's begin."""

    def __init__(self, rows: Floats, right: Floats, starts: NDArray[np.int64], weights: Floats) -> None:
        self.rows, self.right, self.starts, self.weights = rows, right, starts, weights
        self.owner = np.repeat(np.arange(len(starts)), np.diff([*starts, len(rows)]))

    @classmethod
    def of(cls, sets: Sets) -> _Data:
        parts: list[tuple[Floats, Floats, float]] = []
        for samples in sets.values():
            usable = [(s, _right(s)) for s in samples]
            usable = [(s, right) for s, right in usable if 0 < right.sum() < len(right)]
            parts += [(_expanded(s), right, 1 / len(usable)) for s, right in usable]
        if not parts:
            raise InvalidInput("tuning needs questions whose candidates hold both right and wrong articles")
        starts = np.cumsum([0, *(len(right) for _, right, _ in parts)])[:-1]
        rows, right = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
        weights = np.array([weight for _, _, weight in parts])
        return cls(rows, right, starts, weights / weights.sum())

    def loss(self, vector: Floats) -> tuple[float, Floats]:
        scores = self.rows @ vector
        scores = np.exp(scores - np.maximum.reduceat(scores, self.starts)[self.owner])
        every, right = (np.add.reduceat(column, self.starts) for column in (scores, scores * self.right))
        right = np.maximum(right, 1e-300)
        share = scores / every[self.owner] - scores * self.right / right[self.owner]
        value = -float(np.log(right / every) @ self.weights)
        return value, self.rows.T @ (share * self.weights[self.owner])


def _right(sample: Sample) -> Floats:
    return np.array([sample.grades.get(article, 0) > 0 for article in sample.articles], float)
