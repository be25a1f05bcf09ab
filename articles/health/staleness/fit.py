"""Fitting the model: logistic regression, drawn towards what is supposed of each feature, with bounds on some.

The only file here that needs scipy, and only when it is asked: who scores never loads it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from articles.health.staleness.base import FEATURES, NAMES, Feature, Model, Table, Values, standard
from kb.errors import InvalidInput

FEWEST = 20
"""Articles of either kind, below which nothing is fitted."""
_RATES = ("product_rate", "category_rate")
_MIXED = 10.0  # articles' worth of the common rate that a product's own is mixed with
_PARTS = 10
_LIKE_ALL = 1e-9  # a feature's deviation, below which all articles are the same in it

Labels = NDArray[np.bool_]


@dataclass(frozen=True)
class Cases:
    """Articles as they stood on a day, and which of them came to need work. Weights are of their rows."""

    table: Table
    labels: Labels
    weights: Values

    def part(self, rows: NDArray[np.bool_]) -> Cases:
        chosen = np.flatnonzero(rows)
        table = Table(
            tuple(self.table.ids[row] for row in chosen),
            self.table.values[chosen],
            tuple(self.table.products[row] for row in chosen),
            tuple(self.table.categories[row] for row in chosen),
            tuple(self.table.evidence[row] for row in chosen),
        )
        return Cases(table, self.labels[chosen], self.weights[chosen])


def enough(labels: Labels) -> None:
    """Refuse to learn from too little.

    Raises:
        InvalidInput: fewer than `FEWEST` articles needed work, or did not.
    """
    changed, left = int(labels.sum()), int((~labels).sum())
    if min(changed, left) < FEWEST:
        raise InvalidInput(
            f"too little history: {changed} articles were rewritten or removed and {left} were not; "
            f"it takes {FEWEST} of each: choose an earlier --since"
        )


@dataclass(frozen=True)
class Terms:
    """How to fit. `features` are those to use; the others get no weight, and `supposed` keep their priors.

    `rates`: learn how often the articles of each product and category need work, which holds for the same base only.
    `strength` is how strongly weights are drawn to their priors: that of about as many articles for each feature.
    """

    features: Collection[str] = NAMES
    supposed: Collection[str] = ()
    rates: bool = False
    strength: float = 100.0

    def bounds(self, feature: Feature, prior: float) -> tuple[float | None, float | None]:
        """Of a feature's weight, in deviations."""
        if feature.name not in self.features:
            return 0, 0
        if feature.name in self.supposed:
            return prior, prior
        return (0 if feature.rising else None), None


def fit(cases: Cases, terms: Terms, about: Mapping[str, Any] | None = None) -> Model:
    """The model under which the cases are likeliest, given the priors. `about` is what its file says of its making."""
    from scipy.optimize import minimize

    values, products, categories = cases.table.values.copy(), {}, {}
    if terms.rates:
        products, categories = (_rates(cases, keys) for keys in (cases.table.products, cases.table.categories))
        for name, keys in zip(_RATES, (cases.table.products, cases.table.categories), strict=True):
            values[:, NAMES.index(name)] = _others(cases, keys)
    means, scales = _moments(values, cases.weights)
    prior = np.array([feature.prior for feature in FEATURES]) * scales
    loss = _loss(standard(values, means, scales), cases, prior, terms.strength)
    bounds = [(None, None), *(terms.bounds(feature, own) for feature, own in zip(FEATURES, prior, strict=True))]
    found = minimize(loss, np.zeros(len(NAMES) + 1), jac=True, method="L-BFGS-B", bounds=bounds)
    return Model(float(found.x[0]), found.x[1:], means, scales, products, categories, dict(about or {}))


def cross_validated(cases: Cases, groups: Sequence[str], terms: Terms) -> Values:
    """P of each case by a model that was fitted without its group: (cases,) float64."""
    found = np.zeros(len(cases.labels))
    given = np.array(groups)
    for group in sorted(set(groups)):
        left_out = given == group
        model = fit(cases.part(~left_out), terms)
        found[left_out] = model.probabilities(model.rated(cases.part(left_out).table))
    return found


def _moments(values: Values, weights: Values) -> tuple[Values, Values]:
    """Means and deviations; a feature in which all are alike keeps its own scale."""
    means = np.average(values, axis=0, weights=weights)
    deviations = np.sqrt(np.average((values - means) ** 2, axis=0, weights=weights))
    return means, np.where(deviations > _LIKE_ALL, deviations, 1.0)


def _loss(inputs: Values, cases: Cases, prior: Values, strength: float) -> Callable[[Values], tuple[float, Values]]:
    signs = np.where(cases.labels, 1.0, -1.0)

    def loss(parameters: Values) -> tuple[float, Values]:
        bias, weights = parameters[0], parameters[1:]
        margins = signs * (bias + inputs @ weights)
        slopes = -signs * cases.weights / (1 + np.exp(np.clip(margins, -30, 30)))
        away = weights - prior
        value = cases.weights @ np.logaddexp(0, -margins) + strength / 2 * away @ away
        return float(value), np.concatenate([[slopes.sum()], inputs.T @ slopes + strength * away])

    return loss


def _logit(share: Any) -> Any:
    return np.log(share) - np.log1p(-share)


def _share(cases: Cases) -> float:
    return float((cases.weights @ cases.labels + 0.5) / (cases.weights.sum() + 1))


def _rates(cases: Cases, keys: Sequence[str]) -> dict[str, float]:
    """The log-odds of each key against all; those of few articles are drawn to 0."""
    named, numbers = np.unique(np.array(keys, dtype=np.str_), return_inverse=True)
    changed = np.bincount(numbers, cases.weights * cases.labels)
    share = _share(cases)
    own = _logit((changed + _MIXED * share) / (np.bincount(numbers, cases.weights) + _MIXED)) - _logit(share)
    return {str(key): round(float(rate), 4) for key, rate in zip(named, own, strict=True)}


def _others(cases: Cases, keys: Sequence[str]) -> Values:
    """The rate of each case's key as the other parts of the cases say: a model must not learn from its own answers."""
    found, given = np.zeros(len(keys)), np.array(keys, dtype=np.object_)
    parts = np.arange(len(keys)) % _PARTS
    for part in range(_PARTS):
        rates = _rates(cases.part(parts != part), given[parts != part])
        found[parts == part] = [rates.get(key, 0.0) for key in given[parts == part]]
    return found
