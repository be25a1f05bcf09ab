"""Tickets of a help desk, masked as they come in, and the erasure of what is kept of a person."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Response

from api.access import Admin, Supporter
from api.conventions import Cursor, Limit, from_cursor, page, tag
from api.idempotency import Once
from api.problems import problems
from api.state import Kb, State
from articles import drafts
from articles.tickets import Desk, Incoming, Turn
from kb.errors import NotFound
from kb.models import TicketState
from kb.store import tickets
from kb.store.tickets import StoredTicket, Wanted
from kb.times import moment, now, stamp
from kb.wire.articles import WrittenOut
from kb.wire.tickets import ErasureIn, ErasureOut, IncomingTicket, TicketOut, TicketsOut

router = APIRouter(responses=problems(), route_class=Once, tags=["tickets"])
TicketId = Annotated[str, Path(max_length=200)]


@router.post("/v1/tickets", responses={201: {"model": TicketOut}, **problems(403)})
def put_ticket(kb: Kb, actor: Supporter, body: IncomingTicket, response: Response) -> TicketOut:
    """Write a ticket, in place of the one with its id: 201 where there was none. Personal data in it is masked."""
    desk = Desk(kb.home.database, kb.pseudonym, kb.home.index.view().by_id)
    ticket, new = desk.put(_incoming(body), actor, now())
    response.status_code = 201 if new else 200
    response.headers["Location"] = f"/v1/tickets/{quote(ticket.id, safe='')}"
    return _out(ticket)


def _incoming(body: IncomingTicket) -> Incoming:
    turns = [Turn(turn.author, turn.text, _stamp(turn.at)) for turn in body.messages]
    times = {key: _stamp(getattr(body, key)) for key in ("created_at", "updated_at", "closed_at")}
    return Incoming(**{**body.model_dump(), **times, "messages": turns})


def _stamp(at: datetime | None) -> str:
    return stamp(at) if at else ""


@router.get("/v1/tickets")
def list_tickets(
    kb: Kb,
    actor: Supporter,
    state: TicketState | None = None,
    product: Annotated[str, Query(max_length=200)] = "",
    locale: Annotated[str, Query(max_length=35)] = "",
    space: Annotated[str, Query(max_length=100)] = "",
    updated_after: Annotated[str, Query(max_length=40, examples=["2026-12-01T09:00:00Z"])] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> TicketsOut:
    """Tickets of the spaces that are seen, those longest without a change first."""
    at, last = from_cursor(cursor, "", "")
    wanted = Wanted(state or "", product, locale, space, updated_after=moment(updated_after, "updated_after"))
    with kb.home.database.read() as connection:
        found = tickets.listed(connection, actor.reader, wanted, (at, last), limit + 1)
    shown, following = page(found, limit, lambda ticket: (ticket.updated_at, ticket.id))
    return TicketsOut(tickets=[_out(ticket) for ticket in shown], next=following)


@router.post("/v1/tickets/{ticket_id:path}/draft", status_code=201, responses=problems(404, 409))
def draft_article(kb: Kb, actor: Supporter, ticket_id: TicketId, response: Response) -> WrittenOut:
    """Begin an article with what a ticket asked and was answered: a draft for agents, which an author may publish."""
    made = drafts.from_ticket(kb.library, ticket_id, actor)
    tag(response, made.revision)
    response.headers["Location"] = f"/v1/articles/{quote(made.id)}"
    return WrittenOut(id=made.id, status="added", version=made.version, revision=made.revision)


@router.get("/v1/tickets/{ticket_id:path}", responses=problems(404))
def get_ticket(kb: Kb, actor: Supporter, ticket_id: TicketId) -> TicketOut:
    """A ticket of a space that is seen."""
    with kb.home.database.read() as connection:
        found = tickets.get(connection, ticket_id, actor.reader)
    if found is None:
        raise NotFound(f"no ticket {ticket_id!r}")
    return _out(found)


@router.delete("/v1/tickets/{ticket_id:path}", responses=problems(404))
def erase_ticket(kb: Kb, actor: Admin, ticket_id: TicketId) -> ErasureOut:
    """Erase a ticket, and the suggestions that were shown for it."""
    return ErasureOut(**_desk(kb).erase(ticket_id, actor))


@router.post("/v1/erasures")
def erase_person(kb: Kb, actor: Admin, body: ErasureIn) -> ErasureOut:
    """Erase a person's tickets, searches, and what they did with the results."""
    return ErasureOut(**_desk(kb).erase_person(body.person, actor))


def _desk(kb: State) -> Desk:
    """To erase: what waits to be written must be there first."""
    kb.home.journal.flush()
    return Desk(kb.home.database, kb.pseudonym)


def _out(ticket: StoredTicket) -> TicketOut:
    return TicketOut.model_validate(ticket, from_attributes=True)
