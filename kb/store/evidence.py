"""What metrics, coaches and coordinators count: tickets, questions, insertions, contributions and flags, for a reader.

What is made of them is in `articles.metrics` and `articles.evidence`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, true

from kb.models import STATES, Reader
from kb.rights import SCOPES, Scope
from kb.store.articles import visible
from kb.store.schema import articles, edits, events, searches, tickets, users, versions
from kb.store.schema_health import flags
from kb.store.tickets import Wanted
from kb.store.tickets import visible as visible_ticket

_SUPPORT: Scope = "support"


# --- tickets and questions -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ClosedTicket:
    """A ticket that was closed, without who wrote it; `kb.store.tickets` says what its parts are."""

    created_at: str
    closed_at: str
    linked: Sequence[str]
    messages: Sequence[Mapping[str, str]]


def closed_tickets(
    connection: Connection, reader: Reader, since: str, until: str, wanted: Wanted
) -> Iterator[ClosedTicket]:
    """The tickets closed in [since, until), of the space, locale, channel and product that are wanted."""
    own = tickets.c
    query = select(own.created_at, own.closed_at, own.linked, own.messages).where(
        own.closed_at >= since,
        own.closed_at < until,
        own.closed_at != "",
        visible_ticket(reader),
        *(own[key] == value for key in ("space", "channel", "product") if (value := getattr(wanted, key))),
    )
    if wanted.locale:  # ko is of ko-KR, too
        query = query.where(
            or_(own.locale == wanted.locale, own.locale.startswith(f"{wanted.locale}-", autoescape=True))
        )
    for row in connection.execute(query):
        yield ClosedTicket(*row)


@dataclass(frozen=True)
class Words:
    """A settled question in its own words, personal data masked. `hits` are {"id", "confidence"}, the best first."""

    id: str
    query: str
    audiences: Sequence[str]
    verdict: str
    hits: Sequence[Mapping[str, Any]]
    person: str


def questions(
    connection: Connection, reader: Reader, since: str, until: str, *, space: str = "", person: str = ""
) -> Iterator[Words]:
    """What was searched for in [since, until) by those who see no more than this reader does, oldest first."""
    columns = [searches.c[name] for name in Words.__dataclass_fields__]
    query = select(*columns).where(
        searches.c.at >= since,
        searches.c.at < until,
        searches.c.settled,
        searches.c.channel == "search",
        _asked_by(reader, space, person),
    )
    for row in connection.execute(query.order_by(searches.c.at, searches.c.id)):
        if reader.sees_all_of(row.audiences):
            yield Words(*row)


def _asked_by(reader: Reader, space: str, person: str) -> ColumnElement[bool]:
    return and_(
        true() if reader.spaces is None else searches.c.space.in_(reader.spaces),
        true() if not space else searches.c.space == space,
        true() if not person else searches.c.person == person,
    )


@dataclass(frozen=True)
class Insertion:
    """An article that somebody sent to a customer; `data` is what was told of how. `person` is "" where not known."""

    article_id: str
    title: str
    data: Mapping[str, Any]
    person: str


def insertions(
    connection: Connection, reader: Reader, since: str, until: str, *, space: str = "", person: str = ""
) -> Iterator[Insertion]:
    """What was inserted in [since, until) of the articles that the reader sees, by those who see no more."""
    query = (
        select(events.c.article_id, articles.c.title, events.c.data, searches.c.person, searches.c.audiences)
        .join(searches, searches.c.id == events.c.search_id)
        .join(articles, articles.c.id == events.c.article_id)
        .where(events.c.kind == "inserted", events.c.at >= since, events.c.at < until, _of(reader, space))
        .where(true() if not person else searches.c.person == person)
        .order_by(events.c.id)
    )
    for article_id, title, data, who, audiences in connection.execute(query):
        if reader.sees_all_of(audiences):
            yield Insertion(article_id, title, data, who)


def _of(reader: Reader, space: str, states: Sequence[str] = ("published",)) -> ColumnElement[bool]:
    """The condition under which an article is this reader's to see, in a space ("": any)."""
    return and_(visible(reader, states), true() if not space else articles.c.space == space)


def titles(connection: Connection, reader: Reader) -> dict[str, str]:
    """By id, the titles of the published articles that a reader sees."""
    rows = connection.execute(select(articles.c.id, articles.c.title).where(visible(reader)))
    return {row.id: row.title for row in rows}


# --- contributions ---------------------------------------------------------------------------------------------


def people(connection: Connection, reader: Reader, space: str = "") -> dict[str, str]:
    """By actor (`user:kim`), the names of those who work in support, in a space that the reader sees ("": any)."""
    roles = [role for role, scopes in SCOPES.items() if _SUPPORT in scopes]
    query = select(users.c.id, users.c.name, users.c.spaces).where(users.c.role.in_(roles), ~users.c.disabled)
    asked = {space} if space else None
    wanted = asked if reader.spaces is None else reader.spaces & (asked or reader.spaces)
    return {
        f"user:{row.id}": row.name
        for row in connection.execute(query)
        if wanted is None or (wanted if row.spaces is None else wanted & set(row.spaces))
    }


def suggestions(connection: Connection, reader: Reader, since: str, until: str, space: str) -> list[tuple[str, str]]:
    """(author, state) of each flag and fix that was suggested in [since, until)."""
    query = select(edits.c.author, edits.c.state).join(articles, articles.c.id == edits.c.article_id)
    query = query.where(edits.c.at >= since, edits.c.at < until, _of(reader, space, STATES))
    return [(row.author, row.state) for row in connection.execute(query)]


def writers(connection: Connection, reader: Reader, since: str, until: str, space: str) -> Counter[str]:
    """How many versions each author wrote in [since, until), drafts too."""
    query = select(versions.c.author, func.count()).join(articles, articles.c.id == versions.c.article_id)
    query = query.where(versions.c.created_at >= since, versions.c.created_at < until, _of(reader, space, STATES))
    rows = connection.execute(query.group_by(versions.c.author))
    return Counter({str(author): int(count) for author, count in rows})


# --- what is to be done ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FlagTimes:
    """A flag, without its words. `hurts` are readers in 90 days; `live` is whether it stands on a published article."""

    owner: str
    check: str
    severity: str
    hurts: float
    first_seen: str
    closed_at: str
    live: bool


def flag_times(connection: Connection, reader: Reader, space: str, since: str) -> Iterator[FlagTimes]:
    """The flags that stand, and those closed from `since` on, of which the reader may read every article they name."""
    own = flags.c
    readable = _readable(connection, reader)
    columns = (own.check, own.severity, own.hurts, own.first_seen, own.closed_at, own.others)
    query = (
        select(*columns, articles.c.owner, articles.c.state)
        .join(articles, articles.c.id == own.article_id)
        .where(or_(own.closed_at == "", own.closed_at >= since), _of(reader, space, STATES))
    )
    for row in connection.execute(query):
        values = row._asdict()
        state, others = values.pop("state"), values.pop("others")
        if readable is None or readable.issuperset(others):
            yield FlagTimes(**values, live=not row.closed_at and state == "published")


def _readable(connection: Connection, reader: Reader) -> frozenset[str] | None:
    """The ids of the articles that the reader may read; None for all."""
    if reader.audiences is None and reader.spaces is None:
        return None
    return frozenset(connection.execute(select(articles.c.id).where(visible(reader, STATES))).scalars())


def owners(connection: Connection, reader: Reader, space: str) -> dict[str, str]:
    """By id, the owners of the published articles that a reader sees."""
    rows = connection.execute(select(articles.c.id, articles.c.owner).where(_of(reader, space)))
    return {row.id: row.owner for row in rows}


def open_edits(connection: Connection, reader: Reader, space: str) -> Counter[str]:
    """How many suggestions wait for each owner."""
    query = select(articles.c.owner, func.count()).join(edits, edits.c.article_id == articles.c.id)
    return _counted(connection, query.where(edits.c.state == "open", _of(reader, space, STATES)))


def in_review(connection: Connection, reader: Reader, space: str) -> Counter[str]:
    """How many drafts of each owner's articles wait to be approved."""
    is_it = and_(versions.c.article_id == articles.c.id, versions.c.number == articles.c.working)
    query = select(articles.c.owner, func.count()).join(versions, is_it)
    return _counted(connection, query.where(versions.c.state == "in_review", _of(reader, space, STATES)))


def _counted(connection: Connection, query: Select[Any]) -> Counter[str]:
    rows = connection.execute(query.group_by(articles.c.owner))
    return Counter({str(owner): int(count) for owner, count in rows})
