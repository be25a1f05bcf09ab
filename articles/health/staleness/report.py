"""How well a fit foresees what it did not see, and the fit itself with those figures in what its file says of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zlib import crc32

import numpy as np

from articles.health.staleness.base import NAMES, Model, Values
from articles.health.staleness.fit import Cases, Labels, Terms, cross_validated, enough, fit

_PARTS = 5
_BINS = 5
_SHOWN = 8


def fit_own(cases: Cases, since: date, until: date, today: date) -> Model:
    """A model with the rates of a team's products and categories; `about` has its cross-validated figures.

    Raises:
        InvalidInput: there is too little history.
    """
    enough(cases.labels)
    parts = [str(crc32(name.encode()) % _PARTS) for name in cases.table.ids]
    found = cross_validated(cases, parts, Terms(rates=True))
    aged = cross_validated(cases, parts, Terms(("age",)))
    figures = {**measured(cases.labels, found), "age_alone": auroc(cases.labels, aged), "parts": f"{_PARTS} parts"}
    fitted = fit(cases, Terms(rates=True))
    strongest = sorted(zip(NAMES, fitted.weights, strict=True), key=lambda pair: -abs(pair[1]))[:_SHOWN]
    about = {
        "made_by": "kb health fit",
        "made_on": today.isoformat(),
        "since": since.isoformat(),
        "until": until.isoformat(),
        "articles": len(cases.labels),
        "positives": int(cases.labels.sum()),
        "cross_validated": {key: round(v, 4) if isinstance(v, float) else v for key, v in figures.items()},
        "strongest": {name: round(float(weight), 3) for name, weight in strongest},
    }
    return Model(fitted.bias, fitted.weights, fitted.means, fitted.scales, fitted.products, fitted.categories, about)


def measured(labels: Labels, found: Values) -> dict[str, float]:
    """AUROC, average precision beside the base rate, precision in the top tenth, expected calibration error."""
    order = np.argsort(-found, kind="stable")
    hits = labels[order].cumsum()
    precision = hits / np.arange(1, len(labels) + 1)
    parts = np.array_split(order, _BINS)
    error = sum(abs(found[rows].mean() - labels[rows].mean()) * len(rows) for rows in parts) / len(labels)
    return {
        "auroc": auroc(labels, found),
        "average_precision": float(precision[labels[order]].mean()),
        "base_rate": float(labels.mean()),
        "top_tenth": float(labels[order[: max(1, len(labels) // 10)]].mean()),
        "calibration_error": float(error),
    }


def auroc(labels: Labels, found: Sequence[float] | Values) -> float:
    """P(one that needed work has a greater value than one that did not), ties a half."""
    _, place, counts = np.unique(np.asarray(found), return_inverse=True, return_counts=True)
    ranks = counts.cumsum() - (counts - 1) / 2
    changed = int(labels.sum())
    above = float(ranks[place][labels].sum()) - changed * (changed + 1) / 2
    return above / (changed * (len(labels) - changed))
