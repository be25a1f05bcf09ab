"""A question to results: analyse, filter, retrieve, rank again, group, say how sure, cut snippets, and log it all."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.journal import Journal
from kb.models import Reader, Verdict
from kb.ports import Encoded, Reranker
from kb.store import Database, articles
from kb.store.articles import StoredChunk
from kb.store.database import now
from kb.store.searches import Search
from search import boosts, confidence, fusion, late, particulars, syntax
from search.fusion import Fusion
from search.group import Group, group
from search.live import Filters, LiveIndex, View
from search.query import Query, Reading, clean
from search.retrieve import Candidates, retrieve
from search.snippet import snippet
from search.spelling import Spelling

MAX_LIMIT = 100
_SAME = 0.985  # cosine of two passages that say the same in nearly the same words
_CONFIDENT = 30  # results whose confidence is worked out; the rest are far behind


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


@dataclass(frozen=True)
class Results:
    """What a question found. `answerable` is P(the knowledge base answers it).

    `query` is what was searched, `corrections` the (written, meant) words in which it is not what was asked.
    """

    search_id: str
    query: str
    corrections: tuple[tuple[str, str], ...]
    language: str
    answerable: float
    verdict: Verdict
    hits: tuple[Hit, ...]
    seconds: float


@dataclass(frozen=True)
class Request:
    """A question and how to answer it. `channel` says who asks, for the log; `exact` leaves its spelling alone.

    Articles of `product` are preferred; `filters` would leave out all others. `today` is what articles' dates are
    compared with.
    """

    text: str
    reader: Reader
    filters: Filters = field(default_factory=Filters)
    limit: int = 10
    mode: str = "hybrid"
    explain: bool = False
    channel: str = "search"
    exact: bool = False
    product: str | None = None
    today: date = field(default_factory=lambda: datetime.now(UTC).date())


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
        self,
        database: Database,
        index: LiveIndex,
        reading: Reading,
        journal: Journal | None = None,
        *,
        late: bool = True,
        reranker: Reranker | None = None,
        tuned: Path | None = None,
    ) -> None:
        self.database, self.index, self.reading, self.journal = database, index, reading, journal
        self.late, self.reranker = late, reranker
        self.fusion, self.models = fusion.load(tuned), confidence.load(tuned)
        self.spelling, self.ballots = Spelling(reading), boosts.Ballots(database)

    def rank(self, request: Request, encoded: Encoded | None = None) -> Ranking:
        """Rank articles. `encoded` spares embedding a question that is known.

        Raises:
            InvalidInput: the question is empty or too long, or says only what not to find.
        """
        plain = request.channel == "suggest"  # a ticket has no query language in it
        query = self.reading.query(request.text, request.reader, plain=plain, encoded=encoded)
        view = self.index.view()
        allowed = view.allowed(request.reader, request.filters)
        if query.clauses:
            allowed = syntax.mask(query.clauses, view, allowed, self.reading.analyzer, partial(self._passages, view))
        found = retrieve(view, query, allowed, self.fusion, request.mode)
        if request.mode == "hybrid" and len(found):
            found = self._again(view, query, found)
        groups = group(view, query, found, request.reader)
        return Ranking(view, query, found, self._boosted(request, view, query, groups))

    def _boosted(self, request: Request, view: View, query: Query, groups: list[Group]) -> list[Group]:
        """What else than words and meaning speaks for the first results. Each leg alone is ranked without it."""
        if request.mode != "hybrid":
            return groups
        products = {view.articles[result.article].product for result in groups[: boosts.DEPTH]}
        named = particulars.read(query.text, products, product=request.product)
        votes = self.ballots.votes()
        return boosts.boosted(groups, view, self.reading.analyzer, votes, named, request.today)

    def _corrected(self, request: Request) -> tuple[Request, tuple[tuple[str, str], ...]]:
        """The request with its spelling put right, and what was changed."""
        if request.exact or request.channel != "search":
            return request, ()
        text, view = clean(request.text), self.index.view()
        allowed = view.allowed(request.reader, request.filters)
        found = self.spelling.correct(text, view, allowed, request.reader.locale or "en")
        return (replace(request, text=found.text), found.changes) if found else (request, ())

    def _again(self, view: View, query: Query, found: Candidates) -> Candidates:
        """The second stage: token vectors, then the CrossEncoder, whichever is switched on."""
        again = late.by_tokens(view, query, found, self.fusion) if self.late else found
        if not self.reranker:
            return again
        passages = self._passages(view, again.rows[: late.DEPTH])
        return late.by_reranker(self.reranker, query.text, passages, again)

    def _passages(self, view: View, rows: NDArray[np.int64]) -> list[str]:
        """The text of rows as it was embedded; empty for one that has just gone."""
        numbers = [int(view.chunks[row]) for row in rows]
        with self.database.read() as connection:
            stored = articles.chunks_by_id(connection, numbers)
        titles = [view.articles[view.owners[row]].title for row in rows]
        held = (stored.get(number) for number in numbers)
        return [item.chunk.passage(title) if item else "" for item, title in zip(held, titles, strict=True)]

    def search(self, request: Request) -> Results:
        """Answer a question and log it.

        Raises:
            InvalidInput: the question is empty or too long.
        """
        started = time.perf_counter()
        request, corrections = self._corrected(request)
        ranking = self.rank(request)
        models, features = self.models, ranking.features()
        hits = self._hits(request, ranking, [models.hit.probability(row) for row in features])
        answerable = models.question.probability(features[0]) if hits else 0.0
        results = Results(
            search_id=uuid.uuid4().hex,
            query=ranking.query.text,
            corrections=corrections,
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
        shown: list[Group] = []
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
                twin = _twin(ranking, result, shown)
                if twin is not None:
                    hits[twin] = replace(hits[twin], also=(*hits[twin].also, row.id))
                    continue
                shown.append(result)
                hits.append(_hit(request, ranking, result, stored, sure, self.fusion))
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


def _hit(request: Request, ranking: Ranking, result: Group, stored: StoredChunk, sure: float, weights: Fusion) -> Hit:
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
        explain=_explain(ranking, result, weights) if request.explain else None,
    )


def _twin(ranking: Ranking, result: Group, shown: Sequence[Group]) -> int | None:
    """Which of the results shown so far says the same in nearly the same words."""
    if not shown:
        return None
    rows = ranking.found.rows[[result.top, *(other.top for other in shown)]]
    own, *others = ranking.view.gather(rows)
    return next((place for place, other in enumerate(others) if float(own @ other) >= _SAME), None)


def _words_held(ranking: Ranking, result: Group) -> list[str]:
    """The question's words that the passage has."""
    words = ranking.query.words
    has = ranking.view.has(ranking.found.rows[[result.top]], words)[0]
    return [word for word, held in zip(words, has, strict=True) if held]


def _explain(ranking: Ranking, result: Group, weights: Fusion) -> dict[str, Any]:
    """Each leg's score and rank of the passage, and what they add up to."""
    found, top = ranking.found, result.top
    row = int(found.rows[top])
    return {
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
        "weights": dict(weights.other if found.other[top] else weights.same),
        "idf": {word: round(found.idf[word], 3) for word in _words_held(ranking, result)},
        "in": "delta" if row >= len(ranking.view.base.chunks) else "snapshot",
    }
