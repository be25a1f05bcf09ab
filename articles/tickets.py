"""Tickets on their way into the store, and out of it: masked, tied to the articles they link to, erased.

Reading them from files is `articles.ticket_files`. Who wrote a ticket is kept as a pseudonym only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import Any, Literal, get_args

from kb.errors import Forbidden, InvalidInput, KbError, NotFound
from kb.models import EVERYTHING, MAIN, Actor, ArticleRow, Message, Ticket, TicketState
from kb.privacy import mask
from kb.store import Connection, Database, audit, gaps, redirects, searches, spaces
from kb.store import tickets as store
from kb.store.tickets import STATES, StoredTicket
from search.suggest import linked

_AT_ONCE = 500  # tickets written in one transaction
_MAX_ID = 200
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_SURROGATES = re.compile(r"[\0\ud800-\udfff]")  # what no database keeps

Status = Literal["new", "replaced", "failed"]
STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True)
class Turn:
    """A message of a ticket as it was written, at a time in the store's form or ""."""

    author: Literal["customer", "agent"]
    text: str
    at: str = ""


@dataclass(frozen=True)
class Incoming:
    """A ticket as a help desk tells it. `requester` is an e-mail address or an id, and is never kept itself.

    Times are in the store's form, "" where the desk does not say. `source` and `line` are where it was read.
    """

    id: str
    subject: str = ""
    messages: Sequence[Turn] = ()
    requester: str = ""
    locale: str = ""
    product: str = ""
    state: TicketState = "open"
    channel: str = ""
    linked: Sequence[str] = ()
    search_ids: Sequence[str] = ()
    created_at: str = ""
    updated_at: str = ""
    closed_at: str = ""
    space: str = MAIN
    source: str = ""
    line: int = 0


@dataclass(frozen=True)
class Refused:
    """What stands in a file at a line (or is the message of that number) and is no ticket."""

    source: str
    line: int
    message: str
    id: str = ""


Found = Incoming | Refused


@dataclass(frozen=True)
class Outcome:
    """What became of a ticket. `message` says why it failed."""

    id: str
    status: Status
    source: str = ""
    line: int = 0
    message: str = ""


class Desk:
    """Takes tickets in and erases them.

    Args:
        pseudonym: of an e-mail address or an id; "" for nobody.
        known: the published articles, by id: what a ticket may be linked to.
    """

    def __init__(
        self, database: Database, pseudonym: Callable[[str], str], known: Mapping[str, ArticleRow] | None = None
    ) -> None:
        self.database, self._pseudonym, self._known = database, pseudonym, known or {}

    def put(self, incoming: Incoming, actor: Actor, now: str) -> tuple[StoredTicket, bool]:
        """Write a ticket in place of the one with its id; and whether it is new.

        Raises:
            InvalidInput: it has no id, no words, or says something that cannot be.
            Forbidden: the actor does not see its space, or that of the ticket of the same id.
        """
        ready = _ready(incoming)
        with self.database.write() as connection:
            ticket, new = self._write(connection, ready, actor, now)
            audit.record(connection, actor, "ticket.write", [f"ticket:{ticket.id}"], space=ticket.space, new=new)
            return ticket, new

    def bring_in(self, found: Iterable[Found], actor: Actor, now: str) -> Iterator[Outcome]:
        """Write many tickets, a batch at a time. One that cannot be written fails alone."""
        items = iter(found)
        while some := list(islice(items, _AT_ONCE)):
            ready = [_ready_or_refused(item) for item in some]
            with self.database.write() as connection:
                outcomes = [self._outcome(connection, item, actor, now) for item in ready]
                counts: dict[str, Any] = {status: sum(o.status == status for o in outcomes) for status in STATUSES}
                audit.record(connection, actor, "ticket.import", ["tickets"], **counts)
            yield from outcomes

    def _outcome(self, connection: Connection, item: Found, actor: Actor, now: str) -> Outcome:
        if isinstance(item, Refused):
            return Outcome(item.id, "failed", item.source, item.line, item.message)
        try:
            _, new = self._write(connection, item, actor, now)
        except KbError as error:  # raised before anything of this ticket is written
            return Outcome(item.id, "failed", item.source, item.line, str(error))
        return Outcome(item.id, "new" if new else "replaced", item.source, item.line)

    def _write(self, connection: Connection, incoming: Incoming, actor: Actor, now: str) -> tuple[StoredTicket, bool]:
        held = store.get(connection, incoming.id, EVERYTHING)
        _check_space(connection, incoming, held, actor)
        at = _times(incoming, held, now)
        ticket = StoredTicket(
            id=incoming.id,
            space=incoming.space,
            state=incoming.state,
            subject=incoming.subject,
            messages=[asdict(turn) for turn in incoming.messages],
            locale=incoming.locale,
            product=incoming.product,
            channel=incoming.channel,
            person=self._pseudonym(incoming.requester) or (held.person if held else ""),  # whom it can be erased by
            linked=self._linked(connection, incoming, actor),
            search_ids=list(dict.fromkeys(incoming.search_ids)),
            created_at=at.created_at,
            updated_at=at.updated_at,
            closed_at=at.closed_at,
        )
        return ticket, store.put(connection, ticket)

    def _linked(self, connection: Connection, incoming: Incoming, actor: Actor) -> list[str]:
        """The articles that it names or that an agent's message links to, where the actor may read them."""
        named = [redirects.resolve(connection, name) or name for name in incoming.linked]
        said = Ticket("", [Message("agent", turn.text) for turn in incoming.messages if turn.author == "agent"])
        ids = dict.fromkeys([*named, *sorted(linked(said, self._known))])
        rows = [self._known[name] for name in ids if name in self._known]
        return [row.id for row in rows if actor.reader.may_read(row.audience, row.space)]

    # --- erasing ---------------------------------------------------------------------------------------------

    def erase(self, ticket_id: str, actor: Actor) -> dict[str, int]:
        """Delete a ticket and the suggestions that were shown for it; how many of what.

        Raises:
            NotFound: there is none that the actor sees.
        """
        with self.database.write() as connection:
            held = store.get(connection, ticket_id, actor.reader)
            if held is None:
                raise NotFound(f"no ticket {ticket_id!r}")
            gone = searches.erase_suggestions(connection, held.search_ids)
            return _erased(connection, actor, store.erase(connection, ticket_id), gone)

    def erase_person(self, person: str, actor: Actor) -> dict[str, int]:
        """Delete all that is kept of a person: their tickets, their searches, and what they did; how many of what.

        Raises:
            InvalidInput: nobody is named.
        """
        pseudonym = self._pseudonym(person)
        if not pseudonym:
            raise InvalidInput("person: name somebody, by the e-mail address or id that they wrote under")
        with self.database.write() as connection:
            suggested = [name for held in store.of_person(connection, pseudonym) for name in held.search_ids]
            first = searches.erase_suggestions(connection, suggested)
            then = searches.erase_of(connection, pseudonym)
            gone = (first[0] + then[0], first[1] + then[1])
            return _erased(connection, actor, store.erase_of(connection, pseudonym), gone)


def _erased(connection: Connection, actor: Actor, tickets: int, gone: tuple[int, int]) -> dict[str, int]:
    """Take their words out of gaps. Say in the audit log how much is gone, and never whose it was."""
    gaps.tidy(connection)
    counts: dict[str, Any] = {"tickets": tickets, "searches": gone[0], "events": gone[1]}
    audit.record(connection, actor, "ticket.erase", ["tickets"], **counts)
    return counts


def _ready(incoming: Incoming) -> Incoming:
    """The ticket as it may be kept. Masking takes a while, and so it comes before the transaction.

    Raises:
        InvalidInput: it has no id, no words, or says something that cannot be.
    """
    _check(incoming)
    turns = [replace(turn, text=_masked(turn.text)) for turn in incoming.messages]
    locale = incoming.locale.replace("_", "-")
    return replace(incoming, subject=_masked(incoming.subject), messages=turns, locale=locale)


def _ready_or_refused(item: Found) -> Found:
    if isinstance(item, Refused):
        return item
    try:
        return _ready(item)
    except InvalidInput as error:
        return Refused(item.source, item.line, str(error), item.id)


def _check(incoming: Incoming) -> None:
    if not incoming.id or len(incoming.id) > _MAX_ID or not incoming.id.isprintable():
        raise InvalidInput(f"id: {incoming.id[:40]!r} is not an id of 1 to {_MAX_ID} printable characters")
    if incoming.state not in STATES:
        raise InvalidInput(f"state: {incoming.state!r} is not one of {', '.join(STATES)}")
    if incoming.locale and not _LOCALE.fullmatch(incoming.locale):
        raise InvalidInput(f"locale: {incoming.locale[:40]!r} is not a locale such as ko or en-GB")
    if not any(text.strip() for text in (incoming.subject, *(turn.text for turn in incoming.messages))):
        raise InvalidInput(f"messages: ticket {incoming.id!r} has no words")


def _check_space(connection: Connection, incoming: Incoming, held: StoredTicket | None, actor: Actor) -> None:
    seen = actor.reader.spaces
    if seen is not None and incoming.space not in seen:
        raise Forbidden(f"space: {actor.name} does not see {incoming.space!r}")
    if spaces.get(connection, incoming.space) is None:
        raise InvalidInput(f"space: there is no {incoming.space!r}")
    if held and seen is not None and held.space not in seen:
        raise Forbidden(f"id: ticket {incoming.id!r} cannot be written by {actor.name}")


def _times(incoming: Incoming, held: StoredTicket | None, now: str) -> Incoming:
    """The ticket with the times that its desk does not say: from its messages, from what is held, or the present."""
    said = sorted(turn.at for turn in incoming.messages if turn.at)
    created = incoming.created_at or (held.created_at if held else "") or (said[0] if said else now)
    last = max([*said, incoming.closed_at, incoming.created_at])
    updated = incoming.updated_at or last or now
    over = incoming.closed_at or (updated if incoming.state == "closed" else "")
    return replace(incoming, created_at=created, updated_at=updated, closed_at=over if incoming.state in _OVER else "")


_OVER = ("solved", "closed")


def _masked(text: str) -> str:
    return mask(_SURROGATES.sub("\ufffd", text))
