"""Results as they are shown: the article, its passage that answers, how sure that is, and why it stands there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kb.store.chunks import StoredChunk
from search import late
from search.group import Group
from search.ranking import Ranking
from search.snippet import snippet

SAME = 0.985  # cosine of two passages that say the same in nearly the same words


@dataclass(frozen=True)
class Hit:
    """A result. `lines` are 1-based and inclusive in `source`; `highlights` are offsets into `snippet`.

    `also` names articles that say the same in nearly the same words, and are not shown again.
    """

    id: str
    title: str
    locale: str
    audience: str
    product: str
    score: float
    confidence: float
    heading_path: tuple[str, ...]
    anchor: str
    snippet: str
    highlights: tuple[tuple[int, int], ...]
    source: str
    lines: tuple[int, int]
    also: tuple[str, ...] = ()
    explain: dict[str, Any] | None = None


def hit(ranking: Ranking, result: Group, stored: StoredChunk, sure: float, *, explained: bool) -> Hit:
    """A result with its passage as the store has it, and P(it answers)."""
    row = ranking.view.articles[result.article]
    chunk = stored.chunk
    codes = ranking.view.token_codes(ranking.found.rows[[result.top]])[0]
    cut = snippet(chunk.text, ranking.found.idf, late.closeness(ranking.query, ranking.found, codes))
    return Hit(
        id=row.id,
        title=row.title,
        locale=row.locale,
        audience=row.audience,
        product=row.product,
        score=result.score,
        confidence=sure,
        heading_path=chunk.heading_path,
        anchor=chunk.anchor_at(cut.best),
        snippet=cut.text,
        highlights=cut.highlights,
        source=row.source,
        lines=chunk.lines,
        explain=_explain(ranking, result) if explained else None,
    )


def twin(ranking: Ranking, result: Group, shown: Sequence[Group]) -> int | None:
    """Which of the results shown so far says the same in nearly the same words; none for one that is pinned."""
    if not shown or result.curation:
        return None
    rows = ranking.found.rows[[result.top, *(other.top for other in shown)]]
    own, *others = ranking.view.gather(rows)
    return next((place for place, other in enumerate(others) if float(own @ other) >= SAME), None)


def _words_held(ranking: Ranking, result: Group) -> list[str]:
    """The question's words that the passage has."""
    words = ranking.query.words
    has = ranking.view.has(ranking.found.rows[[result.top]], words)[0]
    return [word for word, held in zip(words, has, strict=True) if held]


def _explain(ranking: Ranking, result: Group) -> dict[str, Any]:
    """Each leg's score and rank of the passage, what they add up to, and what else decided its place."""
    found, top = ranking.found, result.top
    weights = ranking.fusion.other if found.other[top] else ranking.fusion.same
    explained: dict[str, Any] = {
        "bm25": {
            "score": round(float(found.bm25[top]), 4),
            "share": round(float(found.shares["words"][top]), 4),
            "rank": int((found.bm25 > found.bm25[top]).sum()) + 1,
        },
        "vector": {
            "cosine": round(float(found.cosine[top]), 4),
            "rank": int((found.cosine > found.cosine[top]).sum()) + 1,
        },
        "late": None if np.isnan(found.late[top]) else round(float(found.late[top]), 4),
        "fused": round(float(found.fused[top]), 4),
        "boosts": dict(result.boosts),
        "weights": dict(weights),
        "idf": {word: round(found.idf[word], 3) for word in _words_held(ranking, result)},
    }
    if result.curation:
        explained["curation"] = {"id": result.curation, "action": "pinned"}
    return explained
