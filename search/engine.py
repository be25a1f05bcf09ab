"""A question to results: analyse, filter, retrieve, group, say how sure, cut snippets, and log what was shown."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kb.journal import Journal
from kb.models import Reader, Verdict
from kb.ports import Embedder, Vectors
from kb.store import Database, articles
from kb.store.articles import StoredChunk
from kb.store.database import now
from kb.store.searches import Search
from search import confidence
from search.group import Group, group
from search.live import Filters, LiveIndex, View
from search.query import Query, analysed
from search.retrieve import LEXICAL_WEIGHT, Candidates, retrieve
from search.snippet import snippet

MAX_LIMIT = 100
_CONFIDENT = 30  # results whose confidence is worked out; the rest are far behind


@dataclass(frozen=True)
class Hit:
    """A result. `lines` are 1-based and inclusive in `source`; `highlights` are offsets into `snippet`."""

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
    explain: dict[str, Any] | None = None


@dataclass(frozen=True)
class Results:
    """What a question found. `answerable` is P(one of the first three hits answers it)."""

    search_id: str
    query: str
    language: str
    answerable: float
    verdict: Verdict
    hits: tuple[Hit, ...]
    seconds: float


@dataclass(frozen=True)
class Request:
    """A question and how to answer it. `channel` says who asks, for the log."""

    text: str
    reader: Reader
    filters: Filters = field(default_factory=Filters)
    limit: int = 10
    mode: str = "hybrid"
    explain: bool = False
    channel: str = "search"


@dataclass(frozen=True)
class Ranking:
    """A question's results before they are dressed: what evaluation and tuning look at."""

    view: View
    query: Query
    found: Candidates
    groups: list[Group]

    @property
    def ids(self) -> list[str]:
        return [self.view.articles[result.article].id for result in self.groups]

    def features(self) -> list[list[float]]:
        """Confidence features of the first results."""
        tops = [result.top for result in self.groups[:_CONFIDENT]]
        return confidence.features(self.view, self.query, self.found, tops)


class Engine:
    """Answers questions over a live index. Safe to share between threads."""

    def __init__(
        self, database: Database, index: LiveIndex, embedder: Embedder, journal: Journal | None = None
    ) -> None:
        self.database, self.index, self.embedder, self.journal = database, index, embedder, journal

    def rank(self, request: Request, vector: Vectors | None = None) -> Ranking:
        """Rank articles. `vector` spares embedding a question that is known.

        Raises:
            InvalidInput: the question is empty or too long.
        """
        query = analysed(request.text, request.reader, self.embedder, vector)
        view = self.index.view()
        allowed = view.allowed(request.reader, request.filters)
        found = retrieve(view, query, allowed, request.mode)
        return Ranking(view, query, found, group(view, query, found, request.reader))

    def search(self, request: Request) -> Results:
        """Answer a question and log it.

        Raises:
            InvalidInput: the question is empty or too long.
        """
        started = time.perf_counter()
        ranking = self.rank(request)
        models, features = confidence.load(), ranking.features()
        hits = self._hits(request, ranking, [models.hit.probability(row) for row in features])
        answerable = models.question.probability(features[0]) if hits else 0.0
        results = Results(
            search_id=uuid.uuid4().hex,
            query=ranking.query.text,
            language=ranking.query.language,
            answerable=answerable,
            verdict=confidence.verdict(answerable),
            hits=tuple(hits),
            seconds=time.perf_counter() - started,
        )
        self._log(request, ranking.query, results)
        return results

    def _hits(self, request: Request, ranking: Ranking, confidences: Sequence[float]) -> list[Hit]:
        """The first results, checked once more in the store: the index may be a moment behind it."""
        limit = max(1, min(request.limit, MAX_LIMIT))
        hits: list[Hit] = []
        for start in range(0, len(ranking.groups), limit):
            some = ranking.groups[start : start + limit]
            rows = {result.top: int(ranking.view.chunks[ranking.found.rows[result.top]]) for result in some}
            with self.database.read() as connection:
                chunks = articles.chunks_by_id(connection, rows.values())
                current = articles.published_rows(connection, {chunk.article_id for chunk in chunks.values()})
            for offset, result in enumerate(some, start):
                stored = chunks.get(rows[result.top])
                row = current.get(stored.article_id) if stored else None
                if stored is None or row is None or not request.reader.may_read(row.audience):
                    continue
                sure = confidences[offset] if offset < len(confidences) else 0.0
                hits.append(_hit(request, ranking, result, stored, sure))
                if len(hits) == limit:
                    return hits
        return hits

    def _log(self, request: Request, query: Query, results: Results) -> None:
        if self.journal is None:
            return
        self.journal.record(
            Search(
                id=results.search_id,
                at=now(),
                channel=request.channel,
                query=query.text,
                language=query.language,
                audiences=sorted(request.reader.audiences),
                answerable=results.answerable,
                verdict=results.verdict,
                hits=[{"id": hit.id, "confidence": round(hit.confidence, 4)} for hit in results.hits],
                model=self.index.identity.model,
                vector=query.vector.astype("<f4").tobytes(),
            )
        )


def _hit(request: Request, ranking: Ranking, result: Group, stored: StoredChunk, sure: float) -> Hit:
    row = ranking.view.articles[result.article]
    chunk = stored.chunk
    cut = snippet(chunk.text, ranking.found.idf)
    return Hit(
        id=row.id,
        title=row.title,
        locale=row.locale,
        audience=row.audience,
        product=row.product,
        score=result.score,
        confidence=sure,
        heading_path=chunk.heading_path,
        anchor=chunk.anchor,
        snippet=cut.text,
        highlights=cut.highlights,
        source=row.source,
        lines=chunk.lines,
        explain=_explain(ranking, result) if request.explain else None,
    )


def _words_held(ranking: Ranking, result: Group) -> list[str]:
    """The question's words that the passage has."""
    words = list(dict.fromkeys(ranking.query.terms.fields[0]))
    has = ranking.view.has(ranking.found.rows[[result.top]], words)[0]
    return [word for word, held in zip(words, has, strict=True) if held]


def _explain(ranking: Ranking, result: Group) -> dict[str, Any]:
    """Each leg's score and rank of the passage, and what they add up to."""
    found, top = ranking.found, result.top
    row = int(found.rows[top])
    return {
        "bm25": {
            "score": round(float(found.bm25[top]), 4),
            "share": round(float(found.bm25[top]) / found.best_bm25, 4),
            "rank": int((found.bm25 > found.bm25[top]).sum()) + 1,
        },
        "vector": {
            "cosine": round(float(found.cosine[top]), 4),
            "rank": int((found.cosine > found.cosine[top]).sum()) + 1,
        },
        "fused": round(float(found.fused[top]), 4),
        "lexical_weight": LEXICAL_WEIGHT,
        "idf": {word: round(found.idf[word], 3) for word in _words_held(ranking, result)},
        "in": "delta" if row >= len(ranking.view.base.chunks) else "snapshot",
    }
