"""Fits the confidence model on judged sets and writes it down with its provenance.

An answer counts as right when the first result is judged relevant. Sets weigh the same whatever their size. Each set is
also scored by a model fitted on the others, which is the honest figure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from kb.errors import InvalidInput
from search.confidence import FEATURES, Calibration
from search.judge import metrics
from search.judge.evaluate import Answer

_STRENGTH = 1.0  # of the L2 penalty's inverse: features are standardised


def right(answer: Answer) -> bool:
    """Whether the first result answers: judged relevant, and the question not labelled as having no answer."""
    answerable = answer.query.label in ("", "answerable")
    return answerable and bool(answer.ranked) and answer.query.grades.get(answer.ranked[0], 0) > 0


def fit(sets: Mapping[str, Sequence[Answer]]) -> Calibration:
    """A logistic regression over every set's answers.

    Raises:
        InvalidInput: the sets hold only right, or only wrong, answers.
    """
    from sklearn.linear_model import LogisticRegression

    kept = {name: [a for a in answers if a.features] for name, answers in sets.items()}
    rows = np.array([a.features for answers in kept.values() for a in answers])
    labels = np.array([right(a) for answers in kept.values() for a in answers])
    weights = np.array([1000 / len(answers) for answers in kept.values() for _ in answers])
    if len(set(labels.tolist())) < 2:
        raise InvalidInput("tuning needs questions with a right first answer and questions without one")
    means, scales = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-6)
    model = LogisticRegression(C=_STRENGTH, max_iter=2000)
    model.fit((rows - means) / scales, labels, sample_weight=weights)
    return Calibration(
        bias=float(model.intercept_[0]),
        weights=tuple(map(float, model.coef_[0])),
        means=tuple(map(float, means)),
        scales=tuple(map(float, scales)),
    )


def report(sets: Mapping[str, Sequence[Answer]]) -> dict[str, Any]:
    """For each set, measured by a model that has not seen it: AUROC of right first answers, and calibration error."""
    found: dict[str, Any] = {}
    for name, answers in sets.items():
        others = {key: value for key, value in sets.items() if key != name}
        if not others:
            continue
        model = fit(others)
        scored = [(model.probability(a.features), a) for a in answers if a.features]
        area = metrics.auroc([p for p, a in scored if right(a)], [p for p, a in scored if not right(a)])
        found[name] = {
            "auroc_right_first": None if area is None else round(area, 4),
            "calibration_error": round(calibration_error([(p, right(a)) for p, a in scored]), 4),
        } | _by_label(scored)
    return found


def _by_label(scored: Sequence[tuple[float, Answer]]) -> dict[str, float]:
    answerable = [p for p, a in scored if a.query.label == "answerable"]
    areas = {
        label: metrics.auroc(answerable, [p for p, a in scored if a.query.label == label])
        for label in ("gap", "out_of_scope")
    }
    return {f"auroc_{label}": round(area, 4) for label, area in areas.items() if area is not None}


def calibration_error(scored: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Expected calibration error: |mean probability − share right| by equal-width bin, weighted by size."""
    total = 0.0
    for index in range(bins):
        inside = [(p, ok) for p, ok in scored if min(int(p * bins), bins - 1) == index]
        if inside:
            gap = sum(p for p, _ in inside) / len(inside) - sum(ok for _, ok in inside) / len(inside)
            total += abs(gap) * len(inside)
    return total / len(scored) if scored else 0.0


def write(path: Path, model: Calibration, sets: Mapping[str, Sequence[Answer]], today: date, engine: str) -> None:
    """Write the model with what made it."""
    value = {
        "made_by": f"kb tune {' '.join(sets)}",
        "made_on": today.isoformat(),
        "with": engine,
        "questions": {name: len(answers) for name, answers in sets.items()},
        "left_out": report(sets),
        "features": list(FEATURES),
        "bias": round(model.bias, 6),
        "weights": [round(x, 6) for x in model.weights],
        "means": [round(x, 6) for x in model.means],
        "scales": [round(x, 6) for x in model.scales],
    }
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
