"""What people do with gaps: assign, name, ignore, reopen, merge, split. What they decided about stays as they put it.

Who changes a gap sees at least one of its questions. Each change is one transaction that checks the revision which they
read, and says in the audit log who did what, in no words of anybody's. A gap is closed by its proof alone
(`articles.gaps.proof`), never by hand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from articles.gaps import found
from kb import times
from kb.errors import Conflict, InvalidInput, NotFound, Stale
from kb.models import Actor
from kb.store import Connection, Database, audit, people
from kb.store import gaps as store
from kb.store.gaps import STANDING, Member, Said, StoredGap

_NAME, _REASON = 200, 1_000  # characters that people may write


@dataclass(frozen=True)
class Held:
    """A gap that is being changed, with the questions of it that the actor sees."""

    connection: Connection
    gap: StoredGap
    members: list[Member]


@contextmanager
def changing(database: Database, gap_id: str, actor: Actor, expected: int | None) -> Iterator[Held]:
    """A transaction that changes a gap.

    Raises:
        NotFound: there is none of which the actor sees a question.
        Conflict: it is a part of another by now; Stale: it is at another revision than they read.
    """
    with database.write() as connection:
        gap, members = found(connection, gap_id, actor.reader)
        _check(gap, expected)
        yield Held(connection, gap, members)


def _check(gap: StoredGap, expected: int | None) -> None:
    if gap.state == "merged":
        raise Conflict(f"gap {gap.id!r} is a part of {gap.merged_into!r} now")
    if expected is not None and expected != gap.revision:
        message = f"gap {gap.id!r} is at revision {gap.revision}, and revision {expected} was expected: read it again"
        raise Stale(message, gap.revision)


def assign(database: Database, gap_id: str, assignee: str, actor: Actor, expected: int | None = None) -> int:
    """Give a gap to a user, or with "" to nobody; the revision.

    Raises:
        NotFound, Stale; InvalidInput: there is no such user; Conflict: nothing is to be done about it.
    """
    with changing(database, gap_id, actor, expected) as held:
        _standing(held.gap, "be assigned")
        user = _user(held.connection, assignee) if assignee else ""
        changed = replace(held.gap, assignee=user, state="assigned" if user else "open")
        return _decided(held, changed, actor, "assign", assignee=user)


def _user(connection: Connection, name: str) -> str:
    try:
        user = people.get_user(connection, name)
    except NotFound as error:
        raise InvalidInput(f"assignee: there is no user {name[:40]!r}") from error
    if user.disabled:
        raise InvalidInput(f"assignee: {user.id!r} is disabled")
    return user.id


def rename(database: Database, gap_id: str, name: str, actor: Actor, expected: int | None = None) -> int:
    """Call a gap something, or with "" what its questions call it, for those who see no less; the revision.

    Raises:
        NotFound, Stale, Conflict; InvalidInput: it is too long.
    """
    _short("name", name, _NAME)
    with changing(database, gap_id, actor, expected) as held:
        said = Said.by(actor, " ".join(name.split()))
        return _decided(held, replace(held.gap, given_name=said), actor, "rename")


def ignore(
    database: Database, gap_id: str, reason: str, actor: Actor, expected: int | None = None, until: date | None = None
) -> int:
    """Say that nothing is to be done about a gap, and why; until the end of a day, or for ever. The revision.

    Raises:
        NotFound, Stale; InvalidInput: no reason is given, or one that is too long; Conflict: it is closed.
    """
    _short("reason", reason, _REASON)
    if not reason.strip():
        raise InvalidInput("reason: say why nothing is to be done about it")
    if until and until.isoformat() < times.now()[:10]:
        raise InvalidInput(f"until: {until} is past")
    with changing(database, gap_id, actor, expected) as held:
        if held.gap.state != "ignored":
            _standing(held.gap, "be ignored")
        day = until.isoformat() if until else ""
        changed = replace(held.gap, state="ignored", reason=Said.by(actor, reason.strip()), ignored_until=day)
        return _decided(held, changed, actor, "ignore", until=day)


def reopen(database: Database, gap_id: str, actor: Actor, now: str, expected: int | None = None) -> int:
    """Say that something is to be done about a gap after all; the revision. What was proved before counts no more.

    Raises:
        NotFound, Stale; Conflict: it is open.
    """
    with changing(database, gap_id, actor, expected) as held:
        if held.gap.state in STANDING:
            raise Conflict(f"gap {gap_id!r} is open")
        return _decided(held, reopened(held.gap, now), actor, "reopen")


def reopened(gap: StoredGap, now: str) -> StoredGap:
    """A gap that is open again as of now: only what changes from now on can close it."""
    fresh = {"ignored_until": "", "reason": Said(), "closed_at": "", "proof": {}, "examined": ""}
    return replace(gap, state="reopened", opened_at=now, **fresh)  # type: ignore[arg-type]


def merge(database: Database, gap_id: str, into: str, actor: Actor, expected: int | None = None) -> int:
    """Make a gap a part of another, for good; the revision of that one.

    Raises:
        NotFound, Stale; InvalidInput: they are one; Conflict: the other is closed, or a part of a third.
    """
    if gap_id == into:
        raise InvalidInput("into: a gap cannot be merged into itself")
    with changing(database, gap_id, actor, expected) as held:
        connection = held.connection
        target, _ = found(connection, into, actor.reader)
        _check(target, None)
        if target.state == "closed":
            raise Conflict(f"gap {into!r} is closed: reopen it first")
        moved = [item.id for item in store.memberships(connection) if item.gap_id == gap_id]
        store.move(connection, moved, into)
        store.pin(connection, into)
        gone = [gap for gap in store.every(connection) if gap_id in (gap.id, gap.merged_into)]
        parts = [replace(gap, state="merged", merged_into=into, revision=gap.revision + 1) for gap in gone]
        kept = replace(target, revision=target.revision + 1, examined="")
        store.save(connection, [*parts, kept])
        audit.record(connection, actor, "gap.merge", [f"gap:{gap_id}", f"gap:{into}"], into=into)
        return kept.revision


def split(
    database: Database, gap_id: str, questions: Collection[str], actor: Actor, now: str, expected: int | None = None
) -> str:
    """Make some of a gap's questions a gap of their own; its id.

    Raises:
        NotFound, Stale; InvalidInput: it has no such question that the actor sees, or none would be left.
    """
    with changing(database, gap_id, actor, expected) as held:
        connection, wanted = held.connection, set(questions)
        unknown = sorted(wanted - {member.id for member in held.members})
        if unknown or not wanted:
            raise InvalidInput(f"questions: gap {gap_id!r} has no question {(unknown or [''])[0][:80]!r}")
        if len(wanted) == store.sizes(connection)[gap_id]:
            raise InvalidInput(f"questions: these are all that gap {gap_id!r} has")
        name = hashlib.sha256("\0".join([gap_id, now, *sorted(wanted)]).encode()).hexdigest()[:12]
        store.save(connection, [StoredGap(name, held.gap.opened_at, verdict=held.gap.verdict)])
        store.pin(connection, gap_id)
        store.move(connection, wanted, name)
        _decided(held, replace(held.gap, examined=""), actor, "split", into=name)
        return name


def _short(key: str, text: str, most: int) -> None:
    if len(text) > most:
        raise InvalidInput(f"{key}: {text[:40]!r}… has {len(text):,} characters, and may have {most:,}")


def _standing(gap: StoredGap, what: str) -> None:
    if gap.state not in STANDING:
        raise Conflict(f"gap {gap.id!r} is {gap.state}, and cannot {what}: reopen it first")


def _decided(held: Held, changed: StoredGap, actor: Actor, action: str, **details: str) -> int:
    """Keep what somebody decided about a gap, and the gap as it is. The revision."""
    after = replace(changed, revision=held.gap.revision + 1)
    store.save(held.connection, [after])
    store.pin(held.connection, after.id)
    audit.record(held.connection, actor, f"gap.{action}", [f"gap:{after.id}"], **details)
    return after.revision
