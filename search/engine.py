"""A question to results: analyse, filter, retrieve, rank again, group, say how sure, cut snippets, and log it all."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.journal import Journal
from kb.models import Reader, Verdict
from kb.ports import Encoded, Reranker
from kb.store import Database, articles, chunks, redirects
from kb.store.searches import Search
from kb.times import now
from search import boosts, confidence, curation, fusion, hits, late, particulars, syntax
from search.curation import Decided
from search.fusion import Fusion
from search.group import Group, group
from search.hits import Hit
from search.live import Filters, LiveIndex, View
from search.query import Query, Reading, clean
from search.ranking import Ranking
from search.retrieve import Candidates, retrieve, scored
from search.rules import RuleBook, Rules
from search.spelling import Spelling

MAX_LIMIT = 100


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
    compared with, `now` what curations' times are. `person` is a keyed hash of who asks, "" where that is not known.
    A question that is still being typed is not `settled`.
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
    person: str = ""
    settled: bool = True
    today: date = field(default_factory=lambda: datetime.now(UTC).date())
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def space(self) -> str:
        """The one space that is searched; "" for more."""
        if self.filters.space:
            return self.filters.space
        return next(iter(self.reader.spaces)) if self.reader.spaces and len(self.reader.spaces) == 1 else ""


@dataclass(frozen=True)
class _Moment:
    """The index and what people say about search, as they are for one question."""

    view: View
    rules: Rules


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
        self.spelling, self.ballots = Spelling(reading), boosts.ballots(database)
        self.rules = RuleBook()

    def _moment(self, rules: Rules | None = None) -> _Moment:
        """The present, with other rules than those in effect where they are given."""
        with self.database.read() as connection:
            return _Moment(self.index.view(connection), rules or self.rules.current(connection))

    def rank(self, request: Request, encoded: Encoded | None = None) -> Ranking:
        """Rank articles. `encoded` spares embedding a question that is known.

        Raises:
            InvalidInput: the question is empty or too long, or says only what not to find.
        """
        return self._rank(request, self._moment(), encoded=encoded)

    def _rank(self, request: Request, moment: _Moment, *, written: str = "", encoded: Encoded | None = None) -> Ranking:
        """Rank articles for a question that was `written` otherwise."""
        plain = request.channel == "suggest"  # a ticket has no query language in it
        view, rules = moment.view, moment.rules
        synonyms = rules.synonyms_in(request.space)
        query = self.reading.query(request.text, request.reader, plain=plain, encoded=encoded, synonyms=synonyms)
        scope = view.scope(request.reader)
        allowed = view.allowed(request.reader, request.filters)
        if query.clauses:
            allowed = syntax.mask(query.clauses, view, allowed, self.reading.analyzer, partial(self._passages, view))
        said = self._decided(request, rules, query, written)
        allowed = curation.without(scope, said.hidden, allowed)
        weights = self.fusion.scaled(rules.boosts.fields)

        def results(found: Candidates) -> tuple[Candidates, list[Group]]:
            if request.mode != "hybrid" or not len(found):
                return found, group(view, query, found, request.reader)
            found = self._again(view, query, found, weights)
            groups = group(view, query, found, request.reader)
            return found, self._boosted(request, view, query, groups, rules.boosts.weights)

        found, groups = results(retrieve(scope, query, allowed, weights, request.mode))
        ranking = Ranking(scope, query, found, groups, weights, len(found))
        return curation.pinned(ranking, said.pins, allowed, lambda rows: results(scored(scope, query, rows, weights)))

    def _decided(self, request: Request, rules: Rules, query: Query, written: str) -> Decided:
        """What curations say of the question, as it was written and as it is searched. A ticket is no question."""
        if request.mode != "hybrid" or request.channel == "suggest":
            return Decided()
        texts = {query.text, written or query.text}
        found = rules.curations_of(texts, query.language, request.space, request.now)
        if not found:
            return Decided()
        with self.database.read() as connection:
            return curation.decided(found, lambda name: redirects.resolve(connection, name) or name)

    def _boosted(
        self, request: Request, view: View, query: Query, groups: list[Group], weights: boosts.Weights
    ) -> list[Group]:
        """What else than words and meaning speaks for the first results."""
        products = {view.articles[result.article].product for result in groups[: boosts.DEPTH]}
        named = particulars.read(query.text, products, product=request.product)
        votes = self.ballots.get()
        return boosts.boosted(groups, view, self.reading.analyzer, votes, named, request.today, weights)

    def _corrected(self, request: Request, moment: _Moment) -> tuple[Request, tuple[tuple[str, str], ...]]:
        """The request with its spelling put right, and what was changed."""
        if request.exact or request.channel != "search":
            return request, ()
        text, view = clean(request.text), moment.view
        allowed = view.allowed(request.reader, request.filters)
        synonyms = moment.rules.synonyms_in(request.space)
        found = self.spelling.correct(text, view, allowed, request.reader.locale or "en", synonyms)
        return (replace(request, text=found.text), found.changes) if found else (request, ())

    def _again(self, view: View, query: Query, found: Candidates, weights: Fusion) -> Candidates:
        """The second stage: token vectors, then the CrossEncoder, whichever is switched on."""
        again = late.by_tokens(view, query, found, weights) if self.late else found
        if not self.reranker:
            return again
        passages = self._passages(view, again.rows[: late.DEPTH])
        return late.by_reranker(self.reranker, query.text, passages, again)

    def _passages(self, view: View, rows: NDArray[np.int64]) -> list[str]:
        """The text of rows as it was embedded; empty for one that has just gone."""
        numbers = [int(view.chunks[row]) for row in rows]
        with self.database.read() as connection:
            stored = chunks.by_id(connection, numbers)
        titles = [view.articles[view.owners[row]].title for row in rows]
        held = (stored.get(number) for number in numbers)
        return [item.chunk.passage(title) if item else "" for item, title in zip(held, titles, strict=True)]

    def search(self, request: Request) -> Results:
        """Answer a question and log it.

        Raises:
            InvalidInput: the question is empty or too long.
        """
        ranking, results = self._answer(request, self._moment())
        self._log(request, ranking.query, results)
        return results

    def answer(self, request: Request, rules: Rules | None = None) -> Results:
        """Answer a question, as other rules than those in effect would have it where they are given. Logs nothing.

        Raises:
            InvalidInput: the question is empty or too long.
        """
        return self._answer(request, self._moment(rules))[1]

    def _answer(self, request: Request, moment: _Moment) -> tuple[Ranking, Results]:
        started = time.perf_counter()
        corrected, corrections = self._corrected(request, moment)
        ranking = self._rank(corrected, moment, written=request.text)
        features = ranking.features()
        shown = self._hits(request, ranking, ranking.confidences(self.models.hit, features))
        answerable = self.models.question.probability(features[0]) if shown else 0.0
        return ranking, Results(
            search_id=uuid.uuid4().hex,
            query=ranking.query.text,
            corrections=corrections,
            language=ranking.query.language,
            answerable=answerable,
            verdict=confidence.verdict(answerable),
            hits=tuple(shown),
            seconds=time.perf_counter() - started,
        )

    def _hits(self, request: Request, ranking: Ranking, confidences: Mapping[int, float]) -> list[Hit]:
        """The first results, checked once more in the store: the index may be a moment behind it."""
        limit = max(1, min(request.limit, MAX_LIMIT))
        results = ranking.shown
        found: list[Hit] = []
        shown: list[Group] = []
        for start in range(0, len(results), limit):
            some = results[start : start + limit]
            rows = {result.top: int(ranking.view.chunks[ranking.found.rows[result.top]]) for result in some}
            with self.database.read() as connection:
                stored_chunks = chunks.by_id(connection, rows.values())
                current = articles.published_rows(connection, {chunk.article_id for chunk in stored_chunks.values()})
            for result in some:
                stored = stored_chunks.get(rows[result.top])
                row = current.get(stored.article_id) if stored else None
                if stored is None or row is None or not request.reader.may_read(row.audience, row.space):
                    continue
                twin = hits.twin(ranking, result, shown)
                if twin is not None:
                    found[twin] = replace(found[twin], also=(*found[twin].also, row.id))
                    continue
                shown.append(result)
                sure = confidences.get(result.top, 0.0)
                found.append(hits.hit(ranking, result, stored, sure, explained=request.explain))
                if len(found) == limit:
                    return found
        return found

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
                audiences=sorted(request.reader.audiences or {"*"}),
                answerable=results.answerable,
                verdict=results.verdict,
                hits=[{"id": hit.id, "confidence": round(hit.confidence, 4)} for hit in results.hits],
                model=self.index.identity.model,
                vector=query.vector.astype("<f4").tobytes(),
                space=request.space,
                person=request.person,
                settled=request.settled,
            )
        )
