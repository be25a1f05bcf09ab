"""Which passages and which articles are worth comparing: the nearest of each, never all with all."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from articles.health.pairs.passages import Passage, matrix
from indexer.dense import neighbours

NEAREST = 12  # passages that each passage is compared with
NEAREST_OF_CHANGED = 30  # more where the others are not asked whom they are near to
ALL_OF_FEW, MOST = 24_000, 60  # pairs that are few enough to compare more of each, up to so many
ARTICLES = 6  # articles that each article is compared with


@dataclass(frozen=True, eq=False)
class Near:
    """Neighbours among passages: (n,) rows asked about, (n, k) rows near to each, -1 for none, and their cosines."""

    passages: Mapping[str, Sequence[Passage]]
    rows: NDArray[np.int64]
    found: NDArray[np.int64]
    cosines: NDArray[np.float32]

    @cached_property
    def places(self) -> list[tuple[str, int]]:
        """Of each row its article and which of the article's passages it is."""
        return [(article, place) for article, some in self.passages.items() for place in range(len(some))]

    def passage_pairs(self) -> Iterator[tuple[str, int, str, int]]:
        """(article, passage, article, passage), each pair once, each passage with itself among them."""
        seen: set[tuple[int, int]] = set()
        for row, found in zip(self.rows.tolist(), self.found.tolist(), strict=True):
            for other in (row, *found):
                pair = (min(row, other), max(row, other))
                if other >= 0 and pair not in seen:
                    seen.add(pair)
                    yield (*self.places[pair[0]], *self.places[pair[1]])

    def article_pairs(self) -> set[tuple[str, str]]:
        """The articles that most passages of an article are nearest to, each pair once, its ids in order."""
        scores: dict[str, dict[str, float]] = {}
        for row, found, cosines in zip(self.rows.tolist(), self.found.tolist(), self.cosines.tolist(), strict=True):
            own = self.places[row][0]
            best: dict[str, float] = {}
            for other, cosine in zip(found, cosines, strict=True):
                name = self.places[other][0] if other >= 0 else own
                if name != own:
                    best[name] = max(best.get(name, 0.0), cosine)
            ranks = scores.setdefault(own, {})
            for name, cosine in best.items():
                ranks[name] = ranks.get(name, 0.0) + cosine**8  # what is nearly the same weighs more than what is near
        nearest = ((own, sorted(ranks, key=lambda name: (-ranks[name], name))) for own, ranks in scores.items())
        return {(min(own, name), max(own, name)) for own, names in nearest for name in names[:ARTICLES]}


def near(passages: Mapping[str, Sequence[Passage]], changed: Collection[str] | None) -> Near:
    """The neighbours of every passage, or of those of changed articles."""
    owners = [article for article, some in passages.items() for _ in some]
    rows = np.array([i for i, owner in enumerate(owners) if changed is None or owner in changed], np.int64)
    if len(owners) < 2:
        empty = np.zeros((len(rows), 0))
        return Near(passages, rows, empty.astype(np.int64), empty.astype(np.float32))
    k = max(NEAREST if changed is None else NEAREST_OF_CHANGED, min(ALL_OF_FEW // len(owners), MOST))
    found, cosines = neighbours(matrix(passages), k, None if changed is None else rows)
    return Near(passages, rows, found, cosines)
