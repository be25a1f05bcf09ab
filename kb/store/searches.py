"""What was asked and what was shown, and what people did with it. Append-only."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, insert, select, true, update

from kb.models import Reader
from kb.store.database import batches
from kb.store.schema import events, searches


@dataclass(frozen=True)
class Search:
    """A question: what was asked (masked), by whom, and what was shown. `vector` is float32 bytes.

    One that is not settled was still being typed, and counts for nothing until something is done with what it found.
    """

    id: str
    at: str
    channel: str
    query: str
    language: str
    audiences: Sequence[str]
    answerable: float
    verdict: str
    hits: Sequence[Mapping[str, Any]]
    model: str
    vector: bytes | None
    settled: bool = True
    space: str = ""
    person: str = ""


@dataclass(frozen=True)
class Event:
    """What somebody did with a result."""

    at: str
    search_id: str
    kind: str
    article_id: str
    data: Mapping[str, Any]


def append(connection: Connection, found: Sequence[Search], happened: Sequence[Event]) -> None:
    if found:
        connection.execute(insert(searches), [asdict(search) for search in found])
    if happened:
        connection.execute(insert(events), [asdict(event) for event in happened])
        named = searches.c.id.in_({event.search_id for event in happened})
        connection.execute(update(searches).where(named, searches.c.settled.is_(False)).values(settled=True))


def all_searches(connection: Connection, reader: Reader) -> Iterator[Search]:
    """Every settled search by somebody who saw no more than this reader does, oldest first.

    One who sees only some spaces hears of the questions that were asked of one of these.
    """
    query = select(searches).where(searches.c.settled, _in_spaces(reader)).order_by(searches.c.at, searches.c.id)
    for row in connection.execute(query):
        if reader.sees_all_of(row.audiences):
            yield Search(**row._asdict())


def _in_spaces(reader: Reader) -> ColumnElement[bool]:
    return true() if reader.spaces is None else searches.c.space.in_(reader.spaces)


def answered(connection: Connection) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """(question, audiences of who asked, language) of every settled search that was answered, and not without help."""
    unhelped = select(events.c.search_id).where(events.c.kind.in_(("not_helped", "contacted")))
    query = select(searches.c.query, searches.c.audiences, searches.c.language).where(
        searches.c.settled,
        searches.c.verdict == "answer",
        searches.c.channel == "search",
        searches.c.id.not_in(unhelped),
    )
    for text, audiences, language in connection.execute(query):
        yield text, tuple(sorted(audiences)), language


def exists(connection: Connection, search_id: str) -> bool:
    query = select(func.count()).select_from(searches).where(searches.c.id == search_id)
    return bool(connection.execute(query).scalar_one())


def events_of(connection: Connection, kinds: Collection[str]) -> Iterator[Event]:
    query = select(events).where(events.c.kind.in_(list(kinds))).order_by(events.c.id)
    for row in connection.execute(query):
        yield Event(row.at, row.search_id, row.kind, row.article_id, row.data)


FOR, AGAINST = ("inserted", "helped", "solved"), ("not_helped", "dismissed")


def votes(connection: Connection) -> dict[str, tuple[int, int]]:
    """By article, in how many searches people found that it helped, and in how many that it did not."""
    kinds = (FOR, AGAINST)
    sides = [func.count(case((events.c.kind.in_(kind), events.c.search_id)).distinct()) for kind in kinds]
    query = select(events.c.article_id, *sides).where(events.c.kind.in_((*FOR, *AGAINST))).group_by(events.c.article_id)
    return {article: (int(good), int(bad)) for article, good, bad in connection.execute(query) if article}


def forget_before(connection: Connection, at: str) -> int:
    """Delete searches and events older than `at`; how many searches went."""
    connection.execute(delete(events).where(events.c.at < at))
    return connection.execute(delete(searches).where(searches.c.at < at)).rowcount


def forget_unsettled(connection: Connection, at: str) -> int:
    """Delete what was typed on the way to a question before `at`; how many went."""
    return connection.execute(delete(searches).where(searches.c.at < at, searches.c.settled.is_(False))).rowcount


# --- of one person ---------------------------------------------------------------------------------------------


def erase_of(connection: Connection, person: str) -> tuple[int, int]:
    """Delete a person's searches, and the events of these; how many of each."""
    return _erase(connection, searches.c.person == person)


def erase_suggestions(connection: Connection, ids: Collection[str]) -> tuple[int, int]:
    """Delete the suggestions of these ids, whose questions are a ticket's own words, and their events; how many."""
    conditions = (and_(searches.c.id.in_(some), searches.c.channel == "suggest") for some in batches(ids))
    gone = [_erase(connection, which) for which in conditions]
    return sum(count for count, _ in gone), sum(count for _, count in gone)


def _erase(connection: Connection, which: ColumnElement[bool]) -> tuple[int, int]:
    happened = delete(events).where(events.c.search_id.in_(select(searches.c.id).where(which)))
    gone = connection.execute(happened).rowcount
    return connection.execute(delete(searches).where(which)).rowcount, gone


# --- what metrics count ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """A settled question, without its words. `visitor` is the person, or else the search itself."""

    id: str
    at: str
    channel: str
    language: str
    audiences: Sequence[str]
    space: str
    visitor: str
    found: bool


def asked(connection: Connection, reader: Reader, since: str, until: str) -> Iterator[Asked]:
    """The settled questions in [since, until) of those who saw no more than this reader does.

    One who sees only some spaces hears of the questions that were asked of one of these.
    """
    own = searches.c
    found = (func.json_array_length(own.hits) > 0).label("found")
    visitor = case((own.person != "", own.person), else_=own.id).label("visitor")
    query = select(own.id, own.at, own.channel, own.language, own.audiences, own.space, visitor, found).where(
        own.at >= since, own.at < until, own.settled, _in_spaces(reader)
    )
    for row in connection.execute(query):
        if reader.sees_all_of(row.audiences):
            yield Asked(*row)


def reactions(connection: Connection, since: str, until: str) -> Iterator[tuple[str, str, str]]:
    """(search id, kind, time) of what was done with the results of questions in [since, until), in its order."""
    within = select(searches.c.id).where(searches.c.at >= since, searches.c.at < until)
    query = select(events.c.search_id, events.c.kind, events.c.at).where(events.c.search_id.in_(within))
    yield from connection.execute(query.order_by(events.c.id))


def contacts(connection: Connection, since: str, until: str) -> Iterator[tuple[str, str]]:
    """(visitor, time) of everybody who wrote to a person in [since, until)."""
    visitor = case((searches.c.person != "", searches.c.person), else_=searches.c.id)
    query = select(visitor, events.c.at).join(searches, searches.c.id == events.c.search_id)
    query = query.where(events.c.kind == "contacted", events.c.at >= since, events.c.at < until)
    yield from connection.execute(query)
