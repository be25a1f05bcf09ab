"""What was asked, from searches and from tickets, with what says that it was not answered.

A search was answered when it was asked, and is not asked again here. A ticket is asked of the engine once, and again
when its words or the model change; what was found is kept. Whether a question counts is decided elsewhere.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from articles.gaps.nouns import Found, Question, Signal
from kb.jobs import Progress
from kb.models import EVERYTHING, PUBLIC, Message, Reader, Ticket
from kb.ports import Encoded
from kb.store import Connection, searches, tickets
from kb.store import gaps as store
from kb.store.gaps import TicketQuestion
from kb.store.searches import Search
from kb.store.tickets import StoredTicket, Wanted
from search import ticket as ticket_
from search.confidence import MAYBE
from search.engine import Request
from search.home import Home
from search.query import encode, wording

SHOWN = 10  # results that are looked at
_AT_ONCE = 32  # texts embedded together
_HELPED = frozenset({"helped", "solved", "inserted"})
_SIGNALS: Mapping[str, Signal] = {"not_helped": "not_helped", "contacted": "contacted"}


@dataclass(frozen=True)
class Asked:
    """Questions, oldest first; by their ids, the space that each was asked of, and the articles that agents gave.

    `helped` are those whose reader or agent said that the answer was right.
    """

    questions: tuple[Question, ...]
    spaces: Mapping[str, str]
    given: Mapping[str, tuple[str, ...]]
    helped: frozenset[str]

    def reader(self, question: Question) -> Reader:
        """Who asked it, as far as that is known."""
        audiences = None if "*" in question.audiences else question.audiences
        space = self.spaces[question.id]
        return Reader(audiences, question.language, frozenset({space}) if space else None)


@dataclass(frozen=True)
class Answer:
    """What a question finds now, best first. `closeness` is the best cosine to any passage, whoever may read it."""

    answerable: float
    found: tuple[Found, ...]
    closeness: float


def ask(home: Home, text: str, reader: Reader, *, encoded: Encoded | None = None, ticket: bool = False) -> Answer:
    """What a reader finds for a question. Nothing is logged.

    Raises:
        InvalidInput: it says nothing to search for.
    """
    request = Request(text, reader, limit=SHOWN, channel="suggest" if ticket else "search")
    ranking = home.engine.rank(request, encoded)
    models, features, view = home.engine.models, ranking.features(), ranking.view
    sure = ranking.confidences(models.hit, features)
    rows = [(view.articles[group.article], sure.get(group.top, 0.0)) for group in ranking.shown[:SHOWN]]
    found = tuple(
        Found(row.id, row.locale, row.audience, row.title, confidence, rank, row.family)
        for rank, (row, confidence) in enumerate(rows, 1)
    )
    nearest = view.nearest(ranking.query.vector, 1, view.scope(EVERYTHING).mask)
    closeness = float(view.cosines(ranking.query.vector, nearest).max(initial=0.0))
    return Answer(models.question.probability(features[0]) if found else 0.0, found, closeness)


def gather(home: Home, progress: Progress) -> Asked:
    """Every question that is kept. Tickets that are not known yet are asked first."""
    home.journal.flush()
    _ask_tickets(home, progress)
    _renew_vectors(home, progress)
    with home.database.read() as connection:
        return _gathered(connection, home.identity.model)


def _gathered(connection: Connection, model: str) -> Asked:
    happened, given = _reactions(connection)
    known = store.ticket_questions_of(connection)
    held = [ticket for ticket in _tickets(connection) if ticket.id in known]
    shown = {name for ticket in held for name in ticket.search_ids}  # suggestions for these tickets say the same again
    found, spaces = [], {}
    for search in searches.all_searches(connection, EVERYTHING):
        if search.channel != "page" and not (search.channel == "suggest" and search.id in shown):  # nobody asks a page
            question = _of_search(search, happened.get(search.id, set()), model)
            found.append(question)
            spaces[question.id] = search.space
    for ticket in held:
        question = _of_ticket(ticket, known[ticket.id])
        found.append(question)
        spaces[question.id] = ticket.space
        given[question.id] = tuple(ticket.linked)
    helped = {store.question_id("search", name) for name, kinds in happened.items() if kinds & _HELPED}
    found.sort(key=lambda question: (question.at, question.id))
    return Asked(tuple(found), spaces, given, frozenset(helped))


def _reactions(connection: Connection) -> tuple[dict[str, set[str]], dict[str, tuple[str, ...]]]:
    """What was done with each search's results, and the articles that agents inserted from them."""
    happened: defaultdict[str, set[str]] = defaultdict(set)
    given: dict[str, tuple[str, ...]] = {}
    kinds = (*_HELPED, *_SIGNALS, "clicked", "dismissed")
    for event in searches.events_of(connection, kinds):
        happened[event.search_id].add(event.kind)
        if event.kind == "inserted":
            name = store.question_id("search", event.search_id)
            given[name] = (*given.get(name, ()), event.article_id)
    return happened, given


def _of_search(search: Search, happened: set[str], model: str) -> Question:
    return Question(
        id=store.question_id("search", search.id),
        text=_text(search),
        at=datetime.fromisoformat(search.at),
        language=search.language,
        channel=search.channel,
        audiences=frozenset(search.audiences),
        vector=np.frombuffer((search.vector if search.model == model else None) or b"", "<f4"),
        answerable=search.answerable,
        hits=_hits(search.hits),
        signals=frozenset(_signals(search, happened)),
        person=search.person,
    )


def _text(search: Search) -> str:
    return search.query if search.channel == "suggest" else wording(search.query)


def _signals(search: Search, happened: set[str]) -> Iterator[Signal]:
    yield from (signal for kind, signal in _SIGNALS.items() if kind in happened)
    if not search.hits:
        yield "no_result"
    elif search.answerable < MAYBE:
        yield "low_confidence"
    if search.hits and not happened:
        yield "no_click"


def _of_ticket(ticket: StoredTicket, asked: TicketQuestion) -> Question:
    return Question(
        id=store.question_id("ticket", ticket.id),
        text=asked.text,
        at=datetime.fromisoformat(ticket.created_at),
        language=asked.language,
        channel=ticket.channel or "ticket",
        audiences=frozenset({PUBLIC}),
        vector=np.frombuffer(asked.vector, "<f4"),
        answerable=asked.answerable,
        hits=_hits(asked.hits),
        signals=frozenset({"ticket"}),
        person=ticket.person,
    )


def _hits(hits: Sequence[Mapping[str, object]]) -> tuple[tuple[str, float], ...]:
    return tuple((str(hit["id"]), float(str(hit["confidence"]))) for hit in hits)


# --- what has to be embedded -----------------------------------------------------------------------------------


def _tickets(connection: Connection) -> list[StoredTicket]:
    return tickets.listed(connection, EVERYTHING, Wanted(), limit=2**31)


@dataclass(frozen=True)
class _New:
    """A ticket that is to be asked, with its words."""

    ticket: StoredTicket
    text: str
    digest: str


def _ask_tickets(home: Home, progress: Progress) -> None:
    """Ask what tickets ask that are new, or have other words than when they were asked."""
    with home.database.read() as connection:
        known = store.ticket_questions_of(connection)
        every = _tickets(connection)
    model = home.identity.model
    new = [item for item in map(_words, every) if item.text and not _same(known.get(item.ticket.id), item, model)]
    for start in range(0, len(new), _AT_ONCE):
        progress.report(f"asking what tickets ask: {start:,} of {len(new):,}")
        some = new[start : start + _AT_ONCE]
        found = list(_answered(home, some))
        with home.database.write() as connection:
            store.keep_ticket_questions(connection, found)


def _words(ticket: StoredTicket) -> _New:
    """The subject and the customer's first message."""
    first = next((message for message in ticket.messages if message["author"] == "customer"), None)
    messages = [Message("customer", first["text"])] if first else []
    text = ticket_.question(Ticket(ticket.subject, messages))
    digest = hashlib.sha256(f"{ticket.space}\0{ticket.locale}\0{text}".encode()).hexdigest()[:32]
    return _New(ticket, text if any(char.isalnum() for char in text) else "", digest)


def _same(known: TicketQuestion | None, item: _New, model: str) -> bool:
    return known is not None and (known.digest, known.model) == (item.digest, model)


def _answered(home: Home, items: Sequence[_New]) -> Iterator[TicketQuestion]:
    for item, encoded in zip(items, encode([item.text for item in items], home.embedder), strict=True):
        language = item.ticket.locale or home.analyzer.language(item.text, "en")
        reader = Reader(frozenset({PUBLIC}), language, frozenset({item.ticket.space}))
        answer = ask(home, item.text, reader, encoded=encoded, ticket=True)
        yield TicketQuestion(
            ticket_id=item.ticket.id,
            digest=item.digest,
            model=home.identity.model,
            text=item.text,
            language=language,
            vector=encoded.vectors[0].astype("<f4").tobytes(),
            answerable=answer.answerable,
            hits=[{"id": found.article, "confidence": round(found.confidence, 4)} for found in answer.found],
        )


def _renew_vectors(home: Home, progress: Progress) -> None:
    """Embed searches again that were asked under another model."""
    model = home.identity.model
    with home.database.read() as connection:
        every = searches.all_searches(connection, EVERYTHING)
        old = [search for search in every if search.model != model and search.channel != "page"]
    for start in range(0, len(old), _AT_ONCE):
        progress.report(f"embedding questions of another model: {start:,} of {len(old):,}")
        some = old[start : start + _AT_ONCE]
        found = encode([_text(search) for search in some], home.embedder)
        vectors = {s.id: e.vectors[0].astype("<f4").tobytes() for s, e in zip(some, found, strict=True)}
        with home.database.write() as connection:
            store.keep_vectors(connection, model, vectors)
