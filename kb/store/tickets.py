"""Tickets as a help desk has them, personal data masked. They belong to a space, and are read by who sees it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import get_args

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select, true, tuple_, update

from kb.models import Reader, TicketState
from kb.store.schema import tickets

STATES: tuple[TicketState, ...] = get_args(TicketState)


@dataclass(frozen=True)
class StoredTicket:
    """A ticket. `messages` are {"author": customer or agent, "text", "at"}; times are "" where they are not known.

    `person` is the pseudonym of who wrote it; `search_ids` are the suggestions that were shown for it.
    """

    id: str
    space: str
    state: TicketState
    subject: str
    messages: Sequence[Mapping[str, str]]
    locale: str
    product: str
    channel: str
    person: str
    linked: Sequence[str]
    search_ids: Sequence[str]
    created_at: str
    updated_at: str
    closed_at: str


@dataclass(frozen=True)
class Wanted:
    """Which tickets are meant; "" is any."""

    state: str = ""
    product: str = ""
    locale: str = ""
    space: str = ""
    channel: str = ""
    updated_after: str = ""


def put(connection: Connection, ticket: StoredTicket) -> bool:
    """Write a ticket in place of the one with its id; whether it is new."""
    values = asdict(ticket)
    if connection.execute(update(tickets).where(tickets.c.id == ticket.id).values(values)).rowcount:
        return False
    connection.execute(insert(tickets).values(values))
    return True


def get(connection: Connection, ticket_id: str, reader: Reader) -> StoredTicket | None:
    """A ticket that the reader may see."""
    row = connection.execute(select(tickets).where(tickets.c.id == ticket_id, visible(reader))).one_or_none()
    return StoredTicket(**row._asdict()) if row else None


def visible(reader: Reader) -> ColumnElement[bool]:
    """The condition under which a ticket is in a space of this reader's."""
    return true() if reader.spaces is None else tickets.c.space.in_(reader.spaces)


def listed(
    connection: Connection, reader: Reader, wanted: Wanted, after: tuple[str, str] = ("", ""), limit: int = 100
) -> list[StoredTicket]:
    """Tickets in the order of (updated_at, id), those after a place in it."""
    place = tuple_(tickets.c.updated_at, tickets.c.id)
    query = select(tickets).where(visible(reader), place > tuple_(*after), *_conditions(wanted))
    query = query.order_by(tickets.c.updated_at, tickets.c.id).limit(limit)
    return [StoredTicket(**row._asdict()) for row in connection.execute(query)]


def closed(connection: Connection, reader: Reader, since: str, until: str, wanted: Wanted) -> Iterator[Sequence[str]]:
    """The ids of the articles that each ticket closed in [since, until) is linked to."""
    within = and_(tickets.c.closed_at >= since, tickets.c.closed_at < until, tickets.c.closed_at != "")
    query = select(tickets.c.linked).where(within, visible(reader), *_conditions(wanted))
    yield from connection.execute(query).scalars()


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    for key in ("state", "product", "space", "channel"):
        if value := getattr(wanted, key):
            yield tickets.c[key] == value
    if wanted.locale:  # ko is of ko-KR, too
        own = tickets.c.locale
        yield or_(own == wanted.locale, own.startswith(f"{wanted.locale}-", autoescape=True))
    if wanted.updated_after:
        yield tickets.c.updated_at > wanted.updated_after


def forget_before(connection: Connection, at: str) -> int:
    """Delete tickets that nobody has touched since `at`; how many."""
    return connection.execute(delete(tickets).where(tickets.c.updated_at < at)).rowcount


def erase(connection: Connection, ticket_id: str) -> int:
    """Delete a ticket; how many there were."""
    return connection.execute(delete(tickets).where(tickets.c.id == ticket_id)).rowcount


def of_person(connection: Connection, person: str) -> list[StoredTicket]:
    """A person's tickets, whoever may see them."""
    query = select(tickets).where(tickets.c.person == person)
    return [StoredTicket(**row._asdict()) for row in connection.execute(query)]


def erase_of(connection: Connection, person: str) -> int:
    """Delete a person's tickets; how many."""
    return connection.execute(delete(tickets).where(tickets.c.person == person)).rowcount
