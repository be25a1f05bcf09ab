"""What was asked and what was shown, and what people did with it. Append-only."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, case, delete, func, insert, select

from kb.store.schema import events, searches


@dataclass(frozen=True)
class Search:
    """One settled question: what was asked (masked), by whom, and what was shown. `vector` is float32 bytes."""

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


def all_searches(connection: Connection, audiences: Collection[str]) -> Iterator[Search]:
    """Every search whose reader saw no more than these audiences may, oldest first."""
    for row in connection.execute(select(searches).order_by(searches.c.at, searches.c.id)):
        if set(row.audiences) <= set(audiences):
            yield Search(**row._asdict())


def answered(connection: Connection) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """(question, audiences of who asked, language) of every search that was answered and not reported as unhelpful."""
    unhelped = select(events.c.search_id).where(events.c.kind.in_(("not_helped", "contacted")))
    query = select(searches.c.query, searches.c.audiences, searches.c.language).where(
        searches.c.verdict == "answer", searches.c.channel == "search", searches.c.id.not_in(unhelped)
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
