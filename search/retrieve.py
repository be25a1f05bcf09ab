"""Hybrid retrieval: candidates of both legs, each with its true score in both, fused.

The fused score is a convex combination: (1 − w)·cosine' + w·bm25'. The cosine is mapped by fixed constants; BM25 is
divided by the most that the query's terms could score, so that neither depends on what else was found, and a
question in words that the collection does not have counts little for BM25 by itself. Between two scripts the
lexical part is noise and weighs a quarter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.dense import Mask
from search.live import View
from search.query import Query, script

DEPTH = 100  # candidates of each leg
BIGRAM_WEIGHT = 0.5  # of the bigram field beside the word field
LEXICAL_WEIGHT = 0.25  # w above; measured in bench/README.md
OTHER_SCRIPT = 0.25  # what w is multiplied by between two scripts
COSINE_FLOOR = 0.7  # E5's cosines lie between about 0.7 (unrelated) and 1
_FIELD_WEIGHTS = (1.0, BIGRAM_WEIGHT)

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Mode:
    """Which legs rank: `hybrid`, `bm25` or `vectors`."""

    lexical: float
    dense: float


MODES = {"hybrid": Mode(1, 1), "bm25": Mode(1, 0), "vectors": Mode(0, 1)}


@dataclass(frozen=True)
class Candidates:
    """Rows of a view, best first, with their scores: all arrays are (n,).

    `bm25` and `cosine` are raw, `fused` is what ranks. `idf` holds the query's words with their weights, `best_bm25`
    the most that the query could score.
    """

    rows: NDArray[np.int64]
    bm25: Floats
    cosine: Floats
    fused: Floats
    idf: dict[str, float]
    best_bm25: float


def retrieve(view: View, query: Query, allowed: Mask, mode: str = "hybrid") -> Candidates:
    """The candidates of both legs among the allowed rows."""
    weights = [view.idf(field, terms) for field, terms in enumerate(query.terms.fields)]
    bm25 = np.zeros(len(view), np.float32)
    for field, weight in enumerate(_FIELD_WEIGHTS):
        bm25 += weight * view.lexical(field, weights[field])
    most = _most(weights)
    rows = _with_siblings(view, _candidates(view, query, allowed, bm25, mode), allowed)
    cosine = view.cosines(query.vector, rows)
    fused = fuse(view, query, rows, bm25[rows] / most, cosine, MODES[mode])
    order = np.argsort(-fused, kind="stable")
    rows = rows[order]
    words, bigrams = weights
    shown = words | bigrams if query.language in ("zh", "ja") else words
    return Candidates(rows, bm25[rows], cosine[order], fused[order], shown, most)


def _most(weights: list[dict[str, float]]) -> float:
    """The score of a document that has every term without end: idf · (k1 + 1) each."""
    total = sum(f * sum(found.values()) for f, found in zip(_FIELD_WEIGHTS, weights, strict=True))
    return total * 2.5 or 1.0


def _candidates(view: View, query: Query, allowed: Mask, bm25: Floats, mode: str) -> NDArray[np.int64]:
    parts = []
    if MODES[mode].dense:
        parts.append(view.nearest(query.vector, DEPTH, allowed))
    if MODES[mode].lexical:
        found = np.flatnonzero(allowed & (bm25 > 0))
        if len(found) > DEPTH:
            found = found[np.argpartition(-bm25[found], DEPTH - 1)[:DEPTH]]
        parts.append(found)
    return np.unique(np.concatenate(parts))


def _with_siblings(view: View, rows: NDArray[np.int64], allowed: Mask) -> NDArray[np.int64]:
    """Add the passages of the candidates' translations: one of them may be what is shown."""
    families = {view.articles[owner].family for owner in np.unique(view.owners[rows])}
    members = [m for family in families for m in view.families[family] if len(view.families[family]) > 1]
    more = [view.rows_of[member] for member in members if member in view.rows_of]
    if not more:
        return rows
    added = np.concatenate(more)
    return np.unique(np.concatenate([rows, added[allowed[added]]]))


def fuse(view: View, query: Query, rows: NDArray[np.int64], lexical: Floats, cosine: Floats, mode: Mode) -> Floats:
    """The score that ranks, in about 0..1; `lexical` is BM25 as a share of the most possible."""
    own = script(query.language)
    same = np.array([script(view.articles[view.owners[row]].locale) == own for row in rows], np.bool_)
    weight = LEXICAL_WEIGHT * np.where(same, 1.0, OTHER_SCRIPT)
    if not mode.dense:
        return lexical
    dense = (cosine - COSINE_FLOOR) / (1 - COSINE_FLOOR)
    if not mode.lexical:
        return np.asarray(dense, np.float32)
    return np.asarray((1 - LEXICAL_WEIGHT) * dense + weight * lexical, np.float32)
