"""Jobs as every process over a home sees them: when each is due, who runs it until when, and what it says.

Whoever runs a job holds its lease. A lease that is not renewed ends, and another process may start the job. Nothing
here runs anything: that is `kb.jobs`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from kb.errors import Conflict, NotFound
from kb.store.schema import jobs, responses
from kb.store.schema_digests import job_checkpoints, job_runs

JobState = Literal["waiting", "running", "lapsed", "failed", "cancelled"]
RunState = Literal["running", "done", "failed", "cancelled", "stopped", "lapsed"]
"""Of one run. `stopped`: its process ended and said so; `lapsed`: without a word. Both are gone on with."""

RUNS = 50  # of each job that are kept


@dataclass(frozen=True)
class Said:
    """What a run says of itself: how far it is in words and, where it knows, in numbers; and where to go on."""

    progress: str = ""
    done: int | None = None
    total: int | None = None
    checkpoint: str = ""

    @property
    def fraction(self) -> float | None:
        return _share(self.done, self.total)


@dataclass(frozen=True)
class JobRow:
    """A job. Times are `kb.times.now`'s; `runner` is who runs it, "" nobody; `error` is of its last run.

    `done` of `total` is of its last run, None where it does not count.
    """

    name: str
    due_at: str
    runner: str
    leased_until: str
    started_at: str
    finished_at: str
    progress: str
    error: str
    cancelled: bool
    done: int | None
    total: int | None

    def state(self, at: str) -> JobState:
        """What it does, or what became of its last run. `lapsed`: who ran it has ended without a word."""
        if self.runner:
            return "running" if self.leased_until >= at else "lapsed"
        if self.cancelled:
            return "cancelled"
        return "failed" if self.error else "waiting"

    @property
    def fraction(self) -> float | None:
        """How much of the last run is done, 0..1; None where it does not count."""
        return _share(self.done, self.total)

    def may_start(self, at: str) -> bool:
        return self.state(at) == "lapsed" or (not self.runner and self.due_at <= at)


@dataclass(frozen=True)
class Run:
    """A run of a job, also the one that is on. `finished_at` is "" until it has ended."""

    id: int
    name: str
    runner: str
    started_at: str
    finished_at: str
    state: RunState
    progress: str
    done: int | None
    total: int | None
    error: str


def _share(done: int | None, total: int | None) -> float | None:
    return None if done is None or not total else min(1.0, max(0.0, done / total))


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
    last = select(job_runs.c.name, func.max(job_runs.c.id).label("id")).group_by(job_runs.c.name).subquery()
    query = (
        select(jobs, job_runs.c.done, job_runs.c.total)
        .outerjoin(last, last.c.name == jobs.c.name)
        .outerjoin(job_runs, job_runs.c.id == last.c.id)
        .order_by(jobs.c.name)
    )
    return [JobRow(**row._asdict()) for row in connection.execute(query)]


def get(connection: Connection, name: str) -> JobRow:
    """
    Raises:
        NotFound: there is no such job.
    """
    found = {row.name: row for row in listed(connection)}
    if name not in found:
        raise NotFound(f"no job {name!r}; there are: {', '.join(found) or 'none before a server ran over this home'}")
    return found[name]


def runs(connection: Connection, name: str, limit: int = RUNS) -> list[Run]:
    """The last runs of a job, the newest first.

    Raises:
        NotFound: there is no such job.
    """
    get(connection, name)
    query = select(job_runs).where(job_runs.c.name == name).order_by(job_runs.c.id.desc()).limit(limit)
    return [Run(**row._asdict()) for row in connection.execute(query)]


# --- by whoever runs jobs -----------------------------------------------------------------------------------


def take(connection: Connection, name: str, runner: str, *, at: str, until: str, next_due: str) -> bool:
    """Start a job, if it is due and nobody runs it: one conditional update, so that one of several takers gets it."""
    due = and_(jobs.c.runner == "", jobs.c.due_at <= at)
    taken = {**_BLANK, "runner": runner, "leased_until": until, "started_at": at, "due_at": next_due}
    del taken["finished_at"], taken["error"]  # of the last run, until this one ends
    if not _update(connection, and_(jobs.c.name == name, or_(due, _lapsed(at))), taken):
        return False
    _end_run(connection, name, "lapsed", at)
    values = {"name": name, "runner": runner, "started_at": at, "state": "running"}
    connection.execute(insert(job_runs).values(**values, finished_at="", progress="", error=""))
    return True


def renew(connection: Connection, name: str, runner: str, *, until: str, said: Said) -> bool:
    """Hold a job longer and keep what it says; False where its lease was lost."""
    if not _update(connection, _held(name, runner), {"leased_until": until, "progress": said.progress}):
        return False
    _keep(connection, name, said)
    return True


def finish(
    connection: Connection, name: str, runner: str, *, at: str, said: Said, error: str = "", cancelled: bool = False
) -> bool:
    """Say that a run ended, and how; False where its lease was lost. The next begins at the beginning."""
    ended = {"runner": "", "leased_until": "", "finished_at": at}
    how = {"progress": said.progress, "error": error, "cancelled": cancelled}
    if not _update(connection, _held(name, runner), ended | how):
        return False
    _keep(connection, name, Said(said.progress, said.done, said.total))
    _end_run(connection, name, "cancelled" if cancelled else "failed" if error else "done", at, error)
    return True


def give_back(connection: Connection, name: str, runner: str, *, at: str, said: Said) -> bool:
    """Let another process start again what this one was in the middle of, where it was."""
    free = {"runner": "", "leased_until": "", "progress": "", "due_at": at}
    if not _update(connection, _held(name, runner), free):
        return False
    _keep(connection, name, said)
    _end_run(connection, name, "stopped", at)
    return True


def checkpoint(connection: Connection, name: str) -> str:
    """Where a run that was cut off had come; "" where the last one ended by itself."""
    query = select(job_checkpoints.c.text).where(job_checkpoints.c.name == name)
    return connection.execute(query).scalar() or ""


def _keep(connection: Connection, name: str, said: Said) -> None:
    values = {"progress": said.progress, "done": said.done, "total": said.total}
    connection.execute(update(job_runs).where(_is_on(name)).values(values))
    connection.execute(delete(job_checkpoints).where(job_checkpoints.c.name == name))
    if said.checkpoint:
        connection.execute(insert(job_checkpoints).values(name=name, text=said.checkpoint))


def _end_run(connection: Connection, name: str, state: RunState, at: str, error: str = "") -> None:
    """End the run that is on, if there is one, and forget those that are too old."""
    ended = {"state": state, "finished_at": at, "error": error}
    connection.execute(update(job_runs).where(_is_on(name)).values(ended))
    newest = select(job_runs.c.id).where(job_runs.c.name == name).order_by(job_runs.c.id.desc()).limit(RUNS)
    connection.execute(delete(job_runs).where(job_runs.c.name == name, job_runs.c.id.not_in(newest)))


def _is_on(name: str) -> ColumnElement[bool]:
    return and_(job_runs.c.name == name, job_runs.c.finished_at == "")


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
