"""Jobs as every process over a home sees them: when each is due, who runs it until when, and what it says.

Whoever runs a job holds its lease. A lease that is not renewed ends, and another process may start the job. Nothing
here runs anything: that is `kb.jobs`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from kb.errors import Conflict, NotFound
from kb.store.schema import jobs, responses

JobState = Literal["waiting", "running", "lapsed", "failed", "cancelled"]


@dataclass(frozen=True)
class JobRow:
    """A job. Times are `kb.times.now`'s; `runner` is who runs it, "" nobody; `error` is of its last run."""

    name: str
    due_at: str
    runner: str
    leased_until: str
    started_at: str
    finished_at: str
    progress: str
    error: str
    cancelled: bool

    def state(self, at: str) -> JobState:
        """What it does, or what became of its last run. `lapsed`: who ran it has ended without a word."""
        if self.runner:
            return "running" if self.leased_until >= at else "lapsed"
        if self.cancelled:
            return "cancelled"
        return "failed" if self.error else "waiting"

    def may_start(self, at: str) -> bool:
        return self.state(at) == "lapsed" or (not self.runner and self.due_at <= at)


def register(connection: Connection, due: Mapping[str, str]) -> None:
    """Make jobs known by the times at which each is first due; those that are known stay as they are."""
    rows = [{**_BLANK, "name": name, "due_at": at} for name, at in due.items()]
    if rows:
        connection.execute(insert(jobs).on_conflict_do_nothing(), rows)


_BLANK: dict[str, Any] = {
    **dict.fromkeys(("runner", "leased_until", "started_at", "finished_at", "progress", "error"), ""),
    "cancelled": False,
}


def listed(connection: Connection) -> list[JobRow]:
    return [JobRow(**row._asdict()) for row in connection.execute(select(jobs).order_by(jobs.c.name))]


def get(connection: Connection, name: str) -> JobRow:
    """
    Raises:
        NotFound: there is no such job.
    """
    found = {row.name: row for row in listed(connection)}
    if name not in found:
        raise NotFound(f"no job {name!r}; there are: {', '.join(found) or 'none before a server ran over this home'}")
    return found[name]


# --- by whoever runs jobs -----------------------------------------------------------------------------------


def take(connection: Connection, name: str, runner: str, *, at: str, until: str, next_due: str) -> bool:
    """Start a job, if it is due and nobody runs it: one conditional update, so that one of several takers gets it."""
    due = and_(jobs.c.runner == "", jobs.c.due_at <= at)
    taken = {**_BLANK, "runner": runner, "leased_until": until, "started_at": at, "due_at": next_due}
    del taken["finished_at"], taken["error"]  # of the last run, until this one ends
    return _update(connection, and_(jobs.c.name == name, or_(due, _lapsed(at))), taken)


def renew(connection: Connection, name: str, runner: str, *, until: str, progress: str) -> bool:
    """Hold a job longer and say how far it is; False where its lease was lost."""
    return _update(connection, _held(name, runner), {"leased_until": until, "progress": progress})


def finish(
    connection: Connection, name: str, runner: str, *, at: str, progress: str, error: str = "", cancelled: bool = False
) -> bool:
    """Say that a run ended, and how; False where its lease was lost."""
    ended = {"runner": "", "leased_until": "", "finished_at": at}
    said = {"progress": progress, "error": error, "cancelled": cancelled}
    return _update(connection, _held(name, runner), ended | said)


def give_back(connection: Connection, name: str, runner: str, *, at: str) -> bool:
    """Let another process start again what this one was in the middle of."""
    return _update(connection, _held(name, runner), {"runner": "", "leased_until": "", "progress": "", "due_at": at})


# --- by people ----------------------------------------------------------------------------------------------


def run_now(connection: Connection, name: str, at: str) -> None:
    """Make a job due. One that runs is run once more when it has ended.

    Raises:
        NotFound: there is no such job.
    """
    get(connection, name)
    _update(connection, jobs.c.name == name, {"due_at": at})


def cancel(connection: Connection, name: str, at: str) -> None:
    """Ask a running job to end. It is due again at its next time.

    Raises:
        NotFound: there is no such job.
        Conflict: it is not running.
    """
    state = get(connection, name).state(at)
    if state != "running":
        raise Conflict(f"job {name!r} is {state}, not running")
    _update(connection, jobs.c.name == name, {"cancelled": True})


def want(connection: Connection, name: str, at: str) -> bool:
    """Make a job due unless it is, or is being run: many may ask for the same. Whether that was needed."""
    idle = or_(jobs.c.runner == "", jobs.c.leased_until < at)
    return _update(connection, and_(jobs.c.name == name, jobs.c.due_at > at, idle), {"due_at": at})


# --- what one of them does ----------------------------------------------------------------------------------


def forget_responses(connection: Connection, at: str) -> int:
    """Delete what was answered under an Idempotency-Key before a time; how many went."""
    return connection.execute(delete(responses).where(responses.c.at < at)).rowcount


def _held(name: str, runner: str) -> ColumnElement[bool]:
    return and_(jobs.c.name == name, jobs.c.runner == runner)


def _lapsed(at: str) -> ColumnElement[bool]:
    return and_(jobs.c.runner != "", jobs.c.leased_until < at)


def _update(connection: Connection, where: ColumnElement[bool], values: Mapping[str, Any]) -> bool:
    return bool(connection.execute(update(jobs).where(where).values(values)).rowcount)
