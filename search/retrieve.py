"""Hybrid retrieval: candidates of both legs, each with its true score in every field, fused.

The fused score is a weighted sum. The cosine is mapped by fixed constants; each lexical field's BM25 is divided by
the most that the question's terms could score there, so that nothing depends on what else was found, and a question in
words that the collection does not have counts little for BM25 by itself. The weights are `search.fusion`'s, which
knows the question's language.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from indexer.analyze import FIELDS, READINGS
from indexer.dense import Mask
from search import fusion
from search.fusion import Fusion
from search.live import View
from search.query import Query
from search.scope import Scope

DEPTH = 100  # candidates of each leg
SYNONYM = 0.6  # of a synonym's weight beside the question's own words
_PARTS = ("title", "headings", "questions", "tags")  # scored by themselves, with the idf of all words
MODES = ("hybrid", "bm25", "vectors")
_COLUMNS = ("rows", "bm25", "cosine", "fused", "late", "other", "shift")
_SATURATED = 2.5  # what a term without end scores, in units of its idf: k1 + 1

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Candidates:
    """Rows of a view, best first, with their scores: all arrays are (n,).

    `shares` holds each lexical field's score as a share of the most possible, `bm25` the raw score of them all, and
    `fused` is what ranks. `late` is the MaxSim of those that were ranked by it, NaN for the rest. `idf` holds the
    question's words with their weights, `other` whether question and row are in different scripts, and
    `shift` what makes their cosines comparable.
    """

    rows: NDArray[np.int64]
    bm25: Floats
    shares: dict[str, Floats]
    cosine: Floats
    fused: Floats
    late: Floats
    other: Mask
    shift: Floats
    idf: dict[str, float]

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, kept: Mask) -> Candidates:
        """Some of them, in their order."""
        return self._picked(np.flatnonzero(kept))

    def followed_by(self, others: Candidates) -> Candidates:
        """These, then others of the same question: each keeps its place."""
        own = {name: np.concatenate([getattr(self, name), getattr(others, name)]) for name in _COLUMNS}
        shares = {name: np.concatenate([share, others.shares[name]]) for name, share in self.shares.items()}
        return replace(self, **own, shares=shares)  # type: ignore[arg-type]

    def reordered(self, fused: Floats, **changed: Floats) -> Candidates:
        """The same, best first by another score."""
        found = replace(self, fused=fused, **changed)  # type: ignore[arg-type]
        return found._picked(np.argsort(-fused, kind="stable"))

    def _picked(self, places: NDArray[np.int64]) -> Candidates:
        own = {name: getattr(self, name)[places] for name in _COLUMNS}
        return replace(self, **own, shares={name: share[places] for name, share in self.shares.items()})


@dataclass(frozen=True)
class _Lexical:
    """Every row's scores: by field, the most that the question could score there, and all together. All are (n,)."""

    scores: dict[str, Floats]
    most: dict[str, float]
    bm25: Floats
    idf: dict[str, float]


def retrieve(scope: Scope, query: Query, allowed: Mask, weights_of: Fusion, mode: str = "hybrid") -> Candidates:
    """The candidates of both legs among the allowed rows."""
    lexical = _lexical(scope, query)
    rows = _with_siblings(scope, _candidates(scope.view, query, allowed, lexical.bm25, mode), allowed)
    return _scored(scope, query, lexical, rows, weights_of, mode)


def scored(scope: Scope, query: Query, rows: NDArray[np.int64], weights_of: Fusion) -> Candidates:
    """Rows that are candidates for another reason than that they were retrieved."""
    return _scored(scope, query, _lexical(scope, query), rows, weights_of, "hybrid")


def _lexical(scope: Scope, query: Query) -> _Lexical:
    weights = {field: _weights(scope, query, field) for field in (*READINGS, "links")}
    for part in _PARTS:
        weights[part] = weights["words"]
    scores = {field: scope.legs[field].scores(own | more) for field, (own, more) in weights.items()}
    most = {field: sum(own.values()) * _SATURATED for field, (own, _) in weights.items()}
    bm25 = np.asarray(sum(share * scores[field] for field, share in fusion.BM25.items()), np.float32)
    words, bigrams = weights["words"][0], weights["bigrams"][0]
    return _Lexical(scores, most, bm25, words | bigrams if query.language in ("zh", "ja") else words)


def _scored(
    scope: Scope, query: Query, lexical: _Lexical, rows: NDArray[np.int64], weights_of: Fusion, mode: str
) -> Candidates:
    cosine = scope.view.cosines(query.vector, rows)
    shares = {field: lexical.scores[field][rows] / (lexical.most[field] or 1.0) for field in FIELDS}
    found = Candidates(
        rows,
        lexical.bm25[rows],
        shares,
        cosine,
        np.zeros(len(rows), np.float32),
        np.full(len(rows), np.nan, np.float32),
        fusion.other_script(scope.view, query, rows),
        fusion.language_shift(scope, query, rows),
        lexical.idf,
    )
    by = {"bm25": found.bm25, "vectors": found.cosine}
    return found.reordered(by[mode] if mode in by else weights_of.score(found, cosine))


def _weights(scope: Scope, query: Query, field: str) -> tuple[dict[str, float], dict[str, float]]:
    """idf of the question's own terms, and of those that may stand for them, less."""
    reading = READINGS.index("words" if field == "links" else field)  # addresses are kept as stems, too
    leg = scope.legs[field]
    own = leg.idf(query.terms.fields[reading])
    more = leg.idf(term for term in query.synonyms.fields[reading] if term not in own)
    return own, {term: SYNONYM * weight for term, weight in more.items()}


def _candidates(view: View, query: Query, allowed: Mask, bm25: Floats, mode: str) -> NDArray[np.int64]:
    parts = []
    if mode != "bm25":
        parts.append(view.nearest(query.vector, DEPTH, allowed))
    if mode != "vectors":
        found = np.flatnonzero(allowed & (bm25 > 0))
        parts.append(view.best(found, bm25[found], DEPTH))
    return np.unique(np.concatenate(parts))


def _with_siblings(scope: Scope, rows: NDArray[np.int64], allowed: Mask) -> NDArray[np.int64]:
    """Rows and the allowed passages of their articles' translations, one of which may be what is shown; in order."""
    view = scope.view
    families = (scope.families[view.articles[owner].family] for owner in np.unique(view.owners[rows]))
    members = {member for family in families if len(family) > 1 for member in family}
    more = [view.rows_of[member] for member in members if member in view.rows_of]
    added = np.concatenate([rows[:0], *more])
    return view.ordered(np.unique(np.concatenate([rows, added[allowed[added]]])))
