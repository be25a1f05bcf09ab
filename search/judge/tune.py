"""Fits the confidence models on judged sets and writes them down with their provenance.

An answer counts as right when one of its first k results is judged relevant: k = 1 for a hit's confidence, 3 for
whether the question is answered. Sets weigh the same whatever their size. Each set is also scored by a model fitted on
the others, which is the honest figure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from kb.errors import InvalidInput
from search.confidence import FEATURES, SHOWN, Calibration
from search.judge import metrics
from search.judge.evaluate import Answer

TARGETS = {"hit": 1, "question": SHOWN}
_STRENGTH = 1.0  # of the L2 penalty's inverse: features are standardised


def right(answer: Answer, first: int) -> bool:
    """Whether one of the first results answers: judged relevant, and the question not labelled as having no answer."""
    if answer.query.label not in ("", "answerable"):
        return False
    return any(answer.query.grades.get(item, 0) > 0 for item in answer.ranked[:first])


def fit(sets: Mapping[str, Sequence[Answer]], first: int) -> Calibration:
    """A logistic regression over every set's answers.

    Raises:
        InvalidInput: the sets hold only right, or only wrong, answers.
    """
    from sklearn.linear_model import LogisticRegression

    kept = {name: [a for a in answers if a.features] for name, answers in sets.items()}
    rows = np.array([a.features for answers in kept.values() for a in answers])
    labels = np.array([right(a, first) for answers in kept.values() for a in answers])
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
    """For each set, measured by models that have not seen it: AUROC and calibration error of both."""
    found: dict[str, Any] = {}
    for name, answers in sets.items():
        others = {key: value for key, value in sets.items() if key != name}
        if not others:
            continue
        found[name] = {}
        for target, first in TARGETS.items():
            model = fit(others, first)
            scored = [(model.probability(a.features), a) for a in answers if a.features]
            found[name] |= {f"{target}_{key}": value for key, value in _measures(scored, first).items()}
        found[name] |= _by_label(scored)
    return found


def _measures(scored: Sequence[tuple[float, Answer]], first: int) -> dict[str, float | None]:
    area = metrics.auroc([p for p, a in scored if right(a, first)], [p for p, a in scored if not right(a, first)])
    error = calibration_error([(p, right(a, first)) for p, a in scored])
    return {"auroc": None if area is None else round(area, 4), "calibration_error": round(error, 4)}


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


def write(path: Path, sets: Mapping[str, Sequence[Answer]], today: date, model: str) -> None:
    """Fit on all sets and write the models with what made them."""
    value = {
        "made_by": f"kb tune {' '.join(name for name in sets if '/' not in name)}",
        "made_on": today.isoformat(),
        "model": model,
        "questions": {name: len(answers) for name, answers in sets.items()},
        "left_out": report(sets),
        "features": list(FEATURES),
        **{target: _plain(fit(sets, first)) for target, first in TARGETS.items()},
    }
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


def _plain(model: Calibration) -> dict[str, Any]:
    lists = {key: [round(x, 6) for x in getattr(model, key)] for key in ("weights", "means", "scales")}
    return {"bias": round(model.bias, 6), **lists}
