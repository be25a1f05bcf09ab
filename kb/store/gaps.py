"""Gaps, the questions that each is made of, and what tickets ask. The words are those of searches and tickets.

A reader hears of a question as of a search: of those that were asked by somebody who sees no more than they do. What
tickets ask, agents hear who see their space.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, delete, func, insert, not_, select, update

from kb.models import AGENTS, PUBLIC, Actor, Reader
from kb.store.database import batches
from kb.store.schema import changes, searches, tickets
from kb.store.schema_gaps import gap_questions, gaps, ticket_questions

State = Literal["open", "assigned", "ignored", "merged", "closed", "reopened"]
STANDING: tuple[State, ...] = ("open", "assigned", "reopened")
"""States in which somebody has still to do something."""

_PREFIX = {"search": "search:", "ticket": "ticket:"}


@dataclass(frozen=True)
class Said:
    """What somebody said, for those who see no less than they do. `spaces` None is every space."""

    text: str = ""
    audiences: tuple[str, ...] = ()
    spaces: tuple[str, ...] | None = ()

    @classmethod
    def by(cls, actor: Actor, text: str) -> Said:
        reader = actor.reader
        spaces = None if reader.spaces is None else tuple(sorted(reader.spaces))
        return cls(text, tuple(sorted(reader.audiences or {"*"})), spaces) if text else cls()

    def to(self, reader: Reader) -> str:
        """The words, where the reader may hear them; else ""."""
        whole = reader.spaces is None or (self.spaces is not None and reader.spaces >= set(self.spaces))
        return self.text if whole and reader.sees_all_of(self.audiences) else ""


@dataclass(frozen=True)
class StoredGap:
    """A gap as it is kept; the columns are in `kb.store.schema_gaps`. Times are in the store's form, "" for none."""

    id: str
    opened_at: str
    state: State = "open"
    revision: int = 1
    assignee: str = ""
    given_name: Said = field(default_factory=Said)
    reason: Said = field(default_factory=Said)
    ignored_until: str = ""
    merged_into: str = ""
    draft_id: str = ""
    verdict: str = "missing"
    nearest_id: str = ""
    nearest_confidence: float = 0.0
    model: str = ""
    centroid: bytes = b""
    examined: str = ""
    closed_at: str = ""
    proof: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Membership:
    """Which gap a question is a part of. `place` is among those that stand for the gap, from 1; 0 for the others.

    `name` and `explained` are of the gap, made of this question's words; most have none.
    """

    id: str
    gap_id: str
    pinned: bool = False
    place: int = 0
    signals: Sequence[str] = ()
    name: str = ""
    explained: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Member(Membership):
    """A question of a gap, with its words."""

    text: str = ""
    at: str = ""
    language: str = ""
    channel: str = ""
    space: str = ""
    answerable: float = 0.0


@dataclass(frozen=True)
class TicketQuestion:
    """What a ticket asks, and what was found for it. `vector` is float32 bytes; `digest` is of the ticket's words."""

    ticket_id: str
    digest: str
    model: str
    text: str
    language: str
    vector: bytes
    answerable: float
    hits: Sequence[Mapping[str, Any]]


_OWN = tuple(gap_questions.c[name] for name in ("id", "gap_id", "pinned", "place", "signals", "name", "explained"))


def question_id(noun: Literal["search", "ticket"], name: str) -> str:
    return _PREFIX[noun] + name


def ticket_of(question: str) -> str:
    """The ticket that a question is; "" for a search."""
    return question.removeprefix(_PREFIX["ticket"]) if question.startswith(_PREFIX["ticket"]) else ""


# --- gaps ------------------------------------------------------------------------------------------------------


def every(connection: Connection) -> list[StoredGap]:
    """Every gap, in the order of their ids. Who asks sees those of which they see a question: see `members`."""
    return [_gap(row._asdict()) for row in connection.execute(select(gaps).order_by(gaps.c.id))]


def get(connection: Connection, gap_id: str) -> StoredGap | None:
    row = connection.execute(select(gaps).where(gaps.c.id == gap_id)).one_or_none()
    return _gap(row._asdict()) if row else None


def _gap(row: dict[str, Any]) -> StoredGap:
    said = {key: _said(row[key]) for key in ("given_name", "reason")}
    return StoredGap(**{**row, **said})


def _said(held: Mapping[str, Any]) -> Said:
    spaces = held["spaces"]
    return Said(held["text"], tuple(held["audiences"]), None if spaces is None else tuple(spaces))


def save(connection: Connection, found: Iterable[StoredGap]) -> None:
    """Write gaps, each in place of the one with its id."""
    rows = [asdict(gap) for gap in found]
    for some in batches(rows, 500):
        held = set(connection.execute(select(gaps.c.id).where(gaps.c.id.in_([row["id"] for row in some]))).scalars())
        for row in some:
            if row["id"] in held:
                connection.execute(update(gaps).where(gaps.c.id == row["id"]).values(row))
            else:
                connection.execute(insert(gaps).values(row))


def remove_empty(connection: Connection) -> int:
    """Delete gaps that no question is left of, and those that were merged into one that is gone; how many."""
    held = select(gap_questions.c.gap_id)
    gone = connection.execute(delete(gaps).where(gaps.c.state != "merged", gaps.c.id.not_in(held))).rowcount
    merged = gaps.c.state == "merged"
    into = select(gaps.c.id).where(not_(merged))
    return gone + connection.execute(delete(gaps).where(merged, gaps.c.merged_into.not_in(into))).rowcount


def tidy(connection: Connection) -> int:
    """Delete what was made of the words of questions that are gone, and gaps that no question is left of; how many.

    Readers hear of none of it before, either. Call it where searches or tickets are deleted.
    """
    held = set(connection.execute(select(gap_questions.c.id)).scalars())
    said = connection.execute(select(gap_questions.c.id, gap_questions.c.explained).where(gap_questions.c.place == 1))
    stale = [name for name, explained in said if not set(explained.get("questions", ())) <= held]
    for some in batches(stale):
        connection.execute(update(gap_questions).where(gap_questions.c.id.in_(some)).values(explained={}))
    return remove_empty(connection)


# --- their questions -------------------------------------------------------------------------------------------


def place(connection: Connection, found: Iterable[Membership]) -> None:
    """Say of every question of every gap where it belongs; what was said before is forgotten.

    One whose search or ticket has been erased in the meantime is left out.
    """
    wanted = list(found)
    known = _known(connection, wanted)
    connection.execute(delete(gap_questions))
    rows = [_values(item) for item in wanted if item.id in known]
    for some in batches(rows, 1_000):
        connection.execute(insert(gap_questions), some)


def _known(connection: Connection, wanted: Sequence[Membership]) -> set[str]:
    found: set[str] = set()
    for noun, table in (("search", searches), ("ticket", tickets)):
        prefix = _PREFIX[noun]
        for some in batches(item.id.removeprefix(prefix) for item in wanted if item.id.startswith(prefix)):
            there = connection.execute(select(table.c.id).where(table.c.id.in_(some))).scalars()
            found |= {prefix + name for name in there}
    return found


def _values(item: Membership) -> dict[str, Any]:
    ticket = ticket_of(item.id)
    source = {"search_id": None if ticket else item.id.removeprefix(_PREFIX["search"]), "ticket_id": ticket or None}
    return {**asdict(item), **source, "signals": list(item.signals)}


def move(connection: Connection, ids: Collection[str], gap_id: str) -> None:
    """Put questions into a gap, where they stay. What the gap that they come from is called stays behind."""
    changed = {"gap_id": gap_id, "pinned": True, "place": 0, "name": "", "explained": {}}
    for some in batches(ids):
        connection.execute(update(gap_questions).where(gap_questions.c.id.in_(some)).values(changed))


def pin(connection: Connection, gap_id: str) -> None:
    """Somebody decided about a gap: its questions stay in it."""
    connection.execute(update(gap_questions).where(gap_questions.c.gap_id == gap_id).values(pinned=True))


def memberships(connection: Connection) -> list[Membership]:
    """Which question is a part of which gap."""
    query = select(*_OWN).order_by(gap_questions.c.id)
    return [Membership(**row._asdict()) for row in connection.execute(query)]


def sizes(connection: Connection) -> dict[str, int]:
    """How many questions each gap has, whoever may see them."""
    query = select(gap_questions.c.gap_id, func.count()).group_by(gap_questions.c.gap_id)
    return {gap: int(count) for gap, count in connection.execute(query)}


def members(connection: Connection, reader: Reader, gap_id: str = "") -> list[Member]:
    """The questions of all gaps, or of one, that a reader hears of, oldest first."""
    found = [*_of_searches(connection, reader, gap_id), *_of_tickets(connection, reader, gap_id)]
    return sorted(found, key=lambda member: (member.at, member.id))


def _of_searches(connection: Connection, reader: Reader, gap_id: str) -> Iterator[Member]:
    held = searches.c
    words = (held.query, held.at, held.language, held.channel, held.space, held.answerable)
    query = select(*_OWN, *words, held.audiences).join(searches, held.id == gap_questions.c.search_id)
    if gap_id:
        query = query.where(gap_questions.c.gap_id == gap_id)
    if reader.spaces is not None:
        query = query.where(held.space.in_(reader.spaces))
    for *columns, audiences in connection.execute(query):
        if reader.sees_all_of(audiences):
            yield Member(*columns)


def _of_tickets(connection: Connection, reader: Reader, gap_id: str) -> Iterator[Member]:
    if not reader.sees_all_of({PUBLIC, AGENTS}):
        return
    asked, held = ticket_questions.c, tickets.c
    channel = func.coalesce(func.nullif(held.channel, ""), "ticket")
    query = (
        select(*_OWN, asked.text, held.created_at, asked.language, channel, held.space, asked.answerable)
        .join(tickets, held.id == gap_questions.c.ticket_id)
        .join(ticket_questions, asked.ticket_id == held.id)
    )
    if gap_id:
        query = query.where(gap_questions.c.gap_id == gap_id)
    if reader.spaces is not None:
        query = query.where(held.space.in_(reader.spaces))
    for row in connection.execute(query):
        yield Member(*row)


# --- what tickets ask ------------------------------------------------------------------------------------------


def ticket_questions_of(connection: Connection) -> dict[str, TicketQuestion]:
    """What tickets ask, by their ids."""
    return {row.ticket_id: TicketQuestion(**row._asdict()) for row in connection.execute(select(ticket_questions))}


def keep_ticket_questions(connection: Connection, found: Sequence[TicketQuestion]) -> None:
    """Keep what tickets ask; one that has been erased in the meantime is left out."""
    wanted = [item.ticket_id for item in found]
    there = set(connection.execute(select(tickets.c.id).where(tickets.c.id.in_(wanted))).scalars())
    connection.execute(delete(ticket_questions).where(ticket_questions.c.ticket_id.in_(wanted)))
    rows = [asdict(item) for item in found if item.ticket_id in there]
    if rows:
        connection.execute(insert(ticket_questions), rows)


def change_before(connection: Connection, at: str) -> int:
    """The number of the last change of an article before a time."""
    query = select(func.coalesce(func.max(changes.c.number), 0)).where(changes.c.at < at)
    return int(connection.execute(query).scalar_one())


def keep_vectors(connection: Connection, model: str, vectors: Mapping[str, bytes]) -> None:
    """Give searches, by their ids, vectors of another model than the one that they were asked under."""
    for name, vector in vectors.items():
        connection.execute(update(searches).where(searches.c.id == name).values(model=model, vector=vector))
