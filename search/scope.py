"""What a reader may read of a view, and every number that is worked out over many rows: from those rows alone.

Rights decide here, and being alive; what a request filters out still counts. So nothing that a reader is shown (an
order, a score, a confidence) tells of an article that they may not read, nor of one that is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.analyze import FIELDS
from indexer.dense import Mask
from indexer.lexical import BM25, Counted, Postings, Scores, Statistics, idf
from kb.models import Reader

if TYPE_CHECKING:
    from search.live import View

_SAMPLE = 256  # rows that stand for all those of a script


class Leg:
    """One lexical field: the snapshot's postings and the delta's, which score as one by the rows that count."""

    def __init__(self, base: Postings, delta: BM25, counted: Counted) -> None:
        size = len(base.lengths)
        self.base, self.delta = base, delta
        self._old: Counted = None if counted is None else counted[:size]
        self._new: Counted = None if counted is None else counted[size:]
        self.statistics: Statistics = base.statistics(self._old) + delta.statistics(self._new)

    def idf(self, terms: Iterable[str]) -> dict[str, float]:
        """Inverse document frequency of each distinct term among the rows that count."""
        documents = self.statistics.documents
        return {term: idf(documents, self.document_frequency(term)) for term in dict.fromkeys(terms)}

    def document_frequency(self, term: str) -> int:
        return self.base.document_frequency(term, self._old) + self.delta.document_frequency(term, self._new)

    def scores(self, weights: Mapping[str, float]) -> Scores:
        """BM25 of every row for weighted terms: (n,) float32; of rows that do not count it means nothing."""
        parts = (self.base, self.delta)
        return np.concatenate([part.scores(weights, self.statistics) for part in parts])


class Scope:
    """The rows of a view that some rights let through. `mask` is (n,) bool over its rows, `articles` over those."""

    def __init__(self, view: View, reader: Reader) -> None:
        self.view = view
        readable = [
            bool(alive) and reader.may_read(row.audience, row.space)
            for row, alive in zip(view.articles, view.alive, strict=True)
        ]
        self.articles: Mask = np.array(readable, np.bool_)
        self.mask: Mask = self.articles[view.owners]
        counted = None if self.mask.all() else self.mask
        self.legs = {field: Leg(view.base.postings[field], view.delta[field], counted) for field in FIELDS}

    @cached_property
    def positions(self) -> dict[str, int]:
        """By id, where its articles stand in the view's."""
        return {self.view.articles[position].id: int(position) for position in np.flatnonzero(self.articles)}

    @cached_property
    def families(self) -> dict[str, list[int]]:
        """Positions of the members of each translation family."""
        found: dict[str, list[int]] = {}
        for position in self.positions.values():
            found.setdefault(self.view.articles[position].family, []).append(position)
        return found

    @cached_property
    def samples(self) -> dict[str, NDArray[np.int64]]:
        """Rows spread over the collection, for each script."""
        rows = self.view.ordered(np.flatnonzero(self.mask))
        scripts = self.view.scripts[rows]
        groups = {str(name): rows[scripts == name] for name in np.unique(scripts)}
        return {name: own[:: max(1, len(own) // _SAMPLE)] for name, own in groups.items()}
