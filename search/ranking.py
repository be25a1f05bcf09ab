"""A question's results before they are dressed: what is shown, and what evaluation and tuning look at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from search import confidence
from search.confidence import Calibration
from search.fusion import Fusion
from search.group import Group
from search.live import View
from search.query import Query
from search.retrieve import Candidates
from search.scope import Scope

_CONFIDENT = 30  # results whose confidence is worked out; the rest are far behind


@dataclass(frozen=True)
class Ranking:
    """`groups` are the results by their scores, `pinned` those that a curation puts before them.

    The first `retrieved` of the candidates are those that were found; the others are there because they are pinned, and
    say nothing of what was found. `fusion` is what weighed them.
    """

    scope: Scope
    query: Query
    found: Candidates
    groups: list[Group]
    fusion: Fusion
    retrieved: int
    pinned: tuple[Group, ...] = ()

    @property
    def view(self) -> View:
        return self.scope.view

    @property
    def shown(self) -> list[Group]:
        """The results in the order in which they are shown."""
        first = {result.top for result in self.pinned}
        return [*self.pinned, *(result for result in self.groups if result.top not in first)]

    @property
    def ids(self) -> list[str]:
        return [self.view.articles[result.article].id for result in self.shown]

    def features(self) -> list[list[float]]:
        """Confidence features of the first results by their scores."""
        own = np.arange(len(self.found)) < self.retrieved
        return confidence.features(self.scope, self.query, self.found.only(own), self._tops)

    def confidences(self, model: Calibration, features: list[list[float]]) -> dict[int, float]:
        """P(it answers) of the first results and of those that are pinned, by the position of their passage."""
        sure = {top: model.probability(row) for top, row in zip(self._tops, features, strict=True)}
        for result in self.pinned:
            if result.top not in sure:
                tops = [result.top, *self._tops[:-1]]
                sure[result.top] = model.probability(confidence.features(self.scope, self.query, self.found, tops)[0])
        return sure

    @property
    def _tops(self) -> list[int]:
        return [result.top for result in self.groups[:_CONFIDENT]]
