"""The second stage: the first few candidates ranked again, by their token vectors or by a CrossEncoder.

A passage without token vectors takes the mean of those that have some; where none has any, the cosine stands in.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.language import script
from indexer.late import Codes, QueryTokens, max_sim, per_token
from kb.ports import Reranker
from search.fusion import Fusion
from search.live import View
from search.query import Query
from search.retrieve import Candidates
from search.snippet import Closeness

DEPTH = 30  # candidates that are ranked again
_LEAST = 0.5  # weight of a token that is no piece of a term: particles and endings still say how things hang together


def by_tokens(view: View, query: Query, found: Candidates, weights: Fusion) -> Candidates:
    """Rank the first DEPTH again by the fused score with MaxSim in it; the others stay behind them."""
    late = max_sim(_weighted(query, found), view.token_codes(found.rows[:DEPTH]))
    if np.isnan(late).all():
        return found
    late = np.where(np.isnan(late), np.nanmean(late), late).astype(np.float32)
    every = np.concatenate([late, np.full(len(found) - len(late), late.min(), np.float32)])
    fused = weights.score(found, every)
    known = np.concatenate([late, np.full(len(found) - len(late), np.nan, np.float32)])
    fused[len(late) :] = np.minimum(fused[len(late) :], fused[: len(late)].min())
    return found.reordered(fused, late=known)


def closeness(query: Query, found: Candidates, codes: Codes) -> Closeness | None:
    """How close any stretch of a passage is to the question; None for a passage without token vectors.

    Token vectors do not keep their places, but stand in order: a stretch of the text is about the same stretch of them.
    """
    if not len(codes) or not len(query.tokens):
        return None
    best = per_token(_weighted(query, found), codes)

    def close(start: float, end: float) -> float:
        first = min(int(start * len(best)), len(best) - 1)
        return float(best[first : max(first + 1, round(end * len(best)))].max(axis=0).mean())

    return close


def _weighted(query: Query, found: Candidates) -> QueryTokens:
    """Each token weighs what the rarest term that it is a piece of does.

    In a language that is read by pairs of letters there are no words to weigh, and every token weighs the same.
    """
    by_word = script(query.language) not in ("han", "kana")
    terms_of = query.spoken if by_word else ((),) * len(query.tokens)
    weights = [max((found.idf.get(term, 0.0) for term in terms), default=0.0) for terms in terms_of]
    return QueryTokens(query.tokens, np.maximum(np.array(weights, np.float32), _LEAST))


def by_reranker(reranker: Reranker, question: str, passages: Sequence[str], found: Candidates) -> Candidates:
    """Rank the first len(passages) again by a model that reads question and passage together."""
    order = np.argsort(-reranker.scores(question, passages), kind="stable")
    fused = found.fused.copy()
    fused[order] = found.fused[: len(order)]  # the scores stay, only whose they are changes
    return found.reordered(fused)
