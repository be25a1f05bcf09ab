"""The nouns of the estimate: what it looks at, the model, and why it says what it says."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from articles.health.staleness.volatile import COUNTED

Family = Literal["own", "siblings", "similar", "content", "links", "flags", "readers", "rates"]
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Feature:
    """Something that can be known of an article on the day, as a number.

    `prior` is its weight where nothing was learned of it, in log-odds for each 1 of its value. One that is `rising`
    never has a weight below 0: more of it never makes an article look sounder.
    """

    name: str
    family: Family
    prior: float = 0.0
    rising: bool = False


FEATURES: tuple[Feature, ...] = (
    Feature("age", "own"),  # since it says that it was changed: its rank among all, 1 is the oldest
    Feature("age_among_siblings", "own"),  # the same among its siblings
    Feature("age_to_siblings", "own"),  # log2 of its age against their median, -3..3
    Feature("untouched", "own"),  # since its file or text changed at all: its rank among all
    Feature("overdue", "own"),  # log2 of the time since its last change against its own mean gap, -3..3
    Feature("changes", "own"),  # log of its changes so far
    Feature("siblings_age", "siblings"),  # the mean of their ages: its rank among all
    Feature("siblings_changed", "siblings"),  # the share of them that changed in the last 30 days
    Feature("siblings", "siblings"),  # how many there are: its rank among all
    Feature("twin", "similar"),  # how much another's title and description are the same, 0..1
    Feature("similar_changed", "similar"),  # the share of the nearest by those that changed in the last 30 days
    Feature("length", "content"),  # log of its words
    *(
        Feature(name, "content")  # log of how often
        for name in COUNTED
    ),
    Feature("newest_year", "content"),  # decades from the latest year it names to today, 0..2
    Feature("oldest_year", "content"),  # decades from the earliest, 0..3
    Feature("linked_from", "links"),  # log of how many articles link to it
    Feature("links_to", "links"),  # log of how many it links to
    Feature("linked_changed", "links"),  # the share of those that changed since it did
    Feature("flags_high", "flags", 0.5, rising=True),  # log2 of 1 and the number of checks of high severity that fire
    Feature("flags_medium", "flags", 0.25, rising=True),
    Feature("flags_low", "flags", 0.1, rising=True),
    Feature("readers", "readers"),  # log of its readers
    Feature("not_helped", "readers", 3.0, rising=True),  # share that said it did not help: Wilson's lower bound
    Feature("contacted", "readers", 3.0, rising=True),  # share that wrote to a person after it: the same
    Feature("edits", "readers", 0.7, rising=True),  # log of 1 and the suggested edits that are open
    Feature("product_rate", "rates", rising=True),  # log-odds of its product against all, if fitted to own history
    Feature("category_rate", "rates", rising=True),  # the same of its category, or folder
)
NAMES = tuple(feature.name for feature in FEATURES)
LIMIT = 4.0
# none where more must always count for more
_LIMITS = np.array([np.inf if feature.rising else LIMIT for feature in FEATURES])


@dataclass(frozen=True)
class Table:
    """The features of articles: `values` (articles, features) float64, never NaN, columns in the order of `NAMES`.

    `products` and `categories` are what rates are learned by. `evidence` is what reasons name, one mapping an article.
    """

    ids: tuple[str, ...]
    values: Values
    products: tuple[str, ...]
    categories: tuple[str, ...]
    evidence: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Model:
    """P = 1 / (1 + exp(-(bias + weights · standard(values)))); arrays in the order of `NAMES`.

    `products` and `categories` are the log-odds of each against all. `about` says what made it.
    """

    bias: float
    weights: Values
    means: Values
    scales: Values
    products: Mapping[str, float] = field(default_factory=dict)
    categories: Mapping[str, float] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)

    def rated(self, table: Table) -> Values:
        """A table's values with the rates of its products and categories."""
        values = table.values.copy()
        for name, keys, rates in (
            ("product_rate", table.products, self.products),
            ("category_rate", table.categories, self.categories),
        ):
            values[:, NAMES.index(name)] = [rates.get(key, 0.0) for key in keys]
        return values

    def contributions(self, values: Values) -> Values:
        """What each value adds to the log-odds of an average article; the same shape."""
        parts: Values = self.weights * standard(values, self.means, self.scales)
        return parts

    def probabilities(self, values: Values) -> Values:
        """P(needs work) of each row, 0..1."""
        logits = np.clip(self.bias + self.contributions(values).sum(axis=1), -30, 30)
        found: Values = 1 / (1 + np.exp(-logits))
        return found


@dataclass(frozen=True)
class Reason:
    """Why an article is thought to need work. `contribution` is in log-odds; `evidence` is what the message names.

    `above` is whether the value is more than the mean.
    """

    name: str
    message: str
    value: float
    contribution: float
    above: bool
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        plain = {"value": round(self.value, 4), "contribution": round(self.contribution, 3)}
        said = {"name": self.name, "message": str(self.message), "above": self.above}
        return {**said, **plain, "evidence": dict(self.evidence)}


@dataclass(frozen=True)
class Estimate:
    """P(needs work), 0..1, and what makes it more than an average article's, strongest first."""

    p: float
    reasons: tuple[Reason, ...]


def standard(values: Values, means: Values, scales: Values) -> Values:
    """Values in deviations from the mean, -`LIMIT`..`LIMIT`: another base may hold what no base learned from held."""
    found: Values = np.clip((values - means) / scales, -_LIMITS, _LIMITS)
    return found


def rank(values: Sequence[float] | Values) -> Values:
    """Where each value stands among all, 0..1, ties in their middle; 0.5 where it is not known (NaN)."""
    given = np.asarray(values, np.float64)
    known = np.sort(given[~np.isnan(given)])
    if not len(known):
        return np.full(len(given), 0.5)
    places = (np.searchsorted(known, given, "left") + np.searchsorted(known, given, "right")) / 2 / len(known)
    found: Values = np.where(np.isnan(given), 0.5, places)
    return found


def log_ratio(value: float, other: float) -> float:
    """log2 of a ratio of days, -3..3; 0 where one is not known."""
    if math.isnan(value) or math.isnan(other):
        return 0.0
    return max(-3.0, min(3.0, math.log2((value + 7) / (other + 7))))  # a week more or less is no difference
