"""Fits the confidence models, and measures them on sets that they have not seen.

`hit` is P(the first article answers), fitted on the questions as they are asked and, since most sets have an answer to
each of theirs, lightly with their judged articles taken away. `question` is P(the knowledge base has an answer), fitted
on each question as it is and with its judged articles taken away. Sets weigh the same whatever their size. Each set is
also scored by models fitted on the others, which is the honest figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kb.errors import InvalidInput
from search.confidence import FEATURES, UNUSED, Calibration
from search.judge import metrics
from search.judge.samples import Sample
from search.judge.sets import JudgedQuery
from search.query import PASTED_WORDS

TARGETS = ("hit", "question")
GONE = {"hit": 0.1, "question": 1.0}  # weight of a question whose articles were taken away beside the same as it is
_STRENGTH = 1.0  # of the L2 penalty's inverse: features are standardised

Sets = Mapping[str, Sequence[Sample]]
Rows = list[tuple[tuple[float, ...], bool]]
Scored = list[tuple[float, bool]]


def asked_rows(samples: Sequence[Sample], target: str) -> Rows:
    """Features of each first article, and whether it answers (`hit`) or whether any does (`question`)."""
    return [(s.asked, s.right if target == "hit" else bool(s.grades)) for s in samples if s.asked]


def gone_rows(samples: Sequence[Sample]) -> Rows:
    """The same of questions whose judged articles were taken away: nothing answers them."""
    return [(sample.without, False) for sample in samples if sample.grades and sample.without]


def _rows(samples: Sequence[Sample], target: str) -> Rows:
    """What a model is measured on: `question` on both, else most sets have nothing to tell apart."""
    return asked_rows(samples, target) + (gone_rows(samples) if target == "question" else [])


def fit(sets: Sets, target: str) -> Calibration:
    """A logistic regression over every set's rows.

    Raises:
        InvalidInput: the sets hold only right, or only wrong, answers.
    """
    from sklearn.linear_model import LogisticRegression

    found: list[tuple[tuple[float, ...], bool, float]] = []
    for samples in sets.values():
        asked, gone = asked_rows(samples, target), gone_rows(samples)
        total = len(asked) + GONE[target] * len(gone)
        found += [(row, right, 1000 / total) for row, right in asked]
        found += [(row, right, 1000 * GONE[target] / total) for row, right in gone]
    if len({right for _, right, _ in found}) < 2:
        raise InvalidInput("tuning needs questions with a right first answer and questions without one")
    rows, labels, weights = (np.array(column) for column in zip(*found, strict=True))
    rows[:, [i for i, name in enumerate(FEATURES) if name in UNUSED[target]]] = 0.0
    means, scales = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-6)
    model = LogisticRegression(C=_STRENGTH, max_iter=2000)
    model.fit((rows - means) / scales, labels, sample_weight=weights)
    return Calibration(
        bias=float(model.intercept_[0]),
        weights=tuple(map(float, model.coef_[0])),
        means=tuple(map(float, means)),
        scales=tuple(map(float, scales)),
    )


def left_out(sets: Sets) -> dict[str, Any]:
    """For each set, and for all together: what models say that were fitted without it."""
    found: dict[str, Any] = {}
    pooled: dict[str, Scored] = {target: [] for target in TARGETS}
    by_group: dict[str, Scored] = {}
    for name, samples in sets.items():
        others = {key: value for key, value in sets.items() if not _same_questions(key, name)}
        if not others:
            continue
        found[name] = {}
        for target in TARGETS:
            model = fit(others, target)
            scored = [(model.probability(row), right) for row, right in _rows(samples, target)]
            pooled[target] += scored
            found[name] |= {f"{target}_{key}": value for key, value in _measures(scored).items()}
            if target == "hit":
                asked = [sample.query for sample in samples if sample.asked]
                for query, pair in zip(asked, scored, strict=True):
                    for group in _groups(query):
                        by_group.setdefault(group, []).append(pair)
        found[name] |= _by_label(model, samples)
    if found:
        found["pooled"] = {
            f"{target}_{key}": value for target, scored in pooled.items() for key, value in _measures(scored).items()
        }
        found["reliability"] = {group: reliability(scored) for group, scored in by_group.items()}
    return found


def reliability(scored: Scored) -> dict[str, Any]:
    """What a reliability diagram shows: [mean probability, share right, how many] by bin, and the calibration error."""
    bins = metrics.reliability(scored)
    return {
        "questions": len(scored),
        "calibration_error": round(metrics.calibration_error(scored), 4),
        "bins": [[round(mean, 3), round(share, 3), count] for mean, share, count in bins],
    }


def _groups(query: JudgedQuery) -> tuple[str, ...]:
    """All, then whether it is as long as a ticket, then its language."""
    return "all", "tickets" if len(query.text.split()) > PASTED_WORDS else "questions", query.language


def _same_questions(one: str, other: str) -> bool:
    """A set and its gap share questions; the same questions in another language are other questions."""
    return one.removesuffix("/gap") == other.removesuffix("/gap")


def _measures(scored: Sequence[tuple[float, bool]]) -> dict[str, float | None]:
    area = metrics.auroc([p for p, right in scored if right], [p for p, right in scored if not right])
    return {
        "auroc": None if area is None else round(area, 4),
        "calibration_error": round(metrics.calibration_error(scored), 4),
    }


def _by_label(model: Calibration, samples: Sequence[Sample]) -> dict[str, float]:
    by_label: dict[str, list[float]] = {}
    for sample in samples:
        if sample.asked:
            by_label.setdefault(sample.query.label, []).append(model.probability(sample.asked))
    answerable = by_label.get("answerable", [])
    areas = {label: metrics.auroc(answerable, by_label.get(label, [])) for label in ("gap", "out_of_scope")}
    return {f"auroc_{label}": round(area, 4) for label, area in areas.items() if area is not None}


def plain(model: Calibration) -> dict[str, Any]:
    """A model as `confidence.json` holds it."""
    lists = {key: [round(x, 6) for x in getattr(model, key)] for key in ("weights", "means", "scales")}
    return {"bias": round(model.bias, 6), **lists}


def file(sets: Sets, made: Mapping[str, Any]) -> dict[str, Any]:
    """What `confidence.json` holds: the models, what made them, and the honest figures."""
    return {
        **made,
        "questions": {name: len(samples) for name, samples in sets.items()},
        "left_out": left_out(sets),
        "features": list(FEATURES),
        **{target: plain(fit(sets, target)) for target in TARGETS},
    }
