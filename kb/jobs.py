"""Runs jobs, each in one process at a time over all processes of a home. What the jobs do is registered from above.

A process that runs a job holds its lease (`kb.store.jobs`) and renews it; one that was killed loses it when it ends,
and another starts the job again. So a job must bear to be run twice: after a process that was frozen for longer than
its lease, even twice at once, until the first notices. A job that is long says where it is (`Progress.checkpoint`), and
the run after one that was cut off goes on there. A job is written to the store by its runner only, never from inside
its handler: a handler may report from within a write transaction.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kb.errors import Conflict, KbError
from kb.store import Database
from kb.store import jobs as store
from kb.store.jobs import JobRow, Said
from kb.times import now, stamp

log = logging.getLogger(__name__)

LEASE = 30.0  # seconds
_LOOK = 0.5  # seconds between two looks at what is due, cancelled or has something new to say
_PATIENCE = 10.0  # seconds that a job may take to end when the process does
_PROGRESS, _ERROR, _CHECKPOINT = 200, 2_000, 10_000  # characters that are kept


class Cancelled(Exception):
    """A job was asked to end. Its handler lets this through."""


class Progress:
    """What a job says on its way, and whether it is asked to end. Its handler calls `report` or `wait` often."""

    def __init__(self, resumed: str = "") -> None:
        self._said = Said(checkpoint=resumed)  # one value, so that who reads it sees no half of two
        self._resumed = resumed
        self._ending = threading.Event()

    @property
    def said(self) -> Said:
        return self._said

    @property
    def text(self) -> str:
        return self._said.progress

    def report(self, text: str, done: int | None = None, total: int | None = None) -> None:
        """Say how far the job is: in words and, where that is known, how many are done of how many.

        Raises:
            Cancelled: it is asked to end.
        """
        self._said = replace(self._said, progress=text[:_PROGRESS], done=done, total=total)
        self.wait(0)

    def resume(self) -> str:
        """The last checkpoint of a run that was cut off; "" to begin at the beginning."""
        return self._resumed

    def checkpoint(self, text: str) -> None:
        """Say where to go on should the process end, when all before it is committed. It is kept within a second.

        So a little of what was done may be done again.

        Raises:
            KbError: it is too long to keep.
        """
        if len(text) > _CHECKPOINT:
            raise KbError(f"a checkpoint may have {_CHECKPOINT:,} characters, and this has {len(text):,}")
        self._said = replace(self._said, checkpoint=text)

    def wait(self, seconds: float) -> None:
        """Sleep, but not longer than until the job is asked to end.

        Raises:
            Cancelled: it is asked to end.
        """
        if self._ending.wait(seconds):
            raise Cancelled

    def end(self) -> None:
        """Ask the job to end."""
        self._ending.set()


@dataclass(frozen=True)
class Job:
    """Something that is done every so many `seconds`, from start to start; first that long after it becomes known."""

    name: str
    seconds: float
    handler: Callable[[Progress], None]


@dataclass
class _Run:
    """A job that this process runs, in a thread of its own."""

    job: Job
    progress: Progress
    kept: Said
    thread: threading.Thread | None = None
    error: str = ""
    cancelled: bool = False


class Runner:
    """A thread that starts what is due, keeps its leases, and tells what it says.

    `name` is no other runner's. `lease` is in seconds; it is renewed when a third of it is over, so that two may fail.
    """

    def __init__(self, database: Database, jobs: Iterable[Job], name: str, lease: float = LEASE) -> None:
        self.database, self.name, self.lease = database, name, lease
        self.jobs = {job.name: job for job in jobs}
        self._runs: dict[str, _Run] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)

    def start(self) -> None:
        at = now()
        with self.database.write() as connection:
            store.register(connection, {job.name: later(at, job.seconds) for job in self.jobs.values()})
        self._thread.start()

    def stop(self) -> None:
        """Start nothing more, and ask what runs to end. What does not is given up: its lease ends by itself."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        runs = list(self._runs.values())
        for run in runs:
            run.progress.end()
        until = time.monotonic() + _PATIENCE
        for run in runs:
            if run.thread:
                run.thread.join(max(0.0, until - time.monotonic()))
                if run.thread.is_alive():
                    log.warning("job %s did not end in %d seconds and is given up", run.job.name, _PATIENCE)

    def _work(self) -> None:
        while not self._stop.wait(_LOOK):
            try:
                self.look(now())
            except Exception:  # the thread must live: without it every lease ends
                log.exception("looking after jobs failed; trying again")

    def look(self, at: str) -> None:
        """Start what is due as of a time, and look after what runs."""
        with self.database.read() as connection:
            rows = store.listed(connection)
        for row in rows:
            run = self._runs.get(row.name)
            if run:
                self._look_after(run, row, at)
            elif row.name in self.jobs and row.may_start(at):
                self._begin(self.jobs[row.name], at)

    def run_here(self, name: str, tell: Callable[[Said], None]) -> None:
        """Run one of the jobs now, in this process, under its lease, and wait for its end; interrupted, give it back.

        `tell` hears what it says, whenever that changes. The job is due again after its interval.

        Raises:
            Conflict: another process runs it.
            KbError: it failed.
        """
        job, heard = self.jobs[name], Said()
        with self.database.write() as connection:
            store.register(connection, {name: now()})
            store.run_now(connection, name, now())
        run = self._begin(job, now())
        if run is None or run.thread is None:
            raise Conflict(f"job {name!r} is being run by another process")
        try:
            while self._waits_for(run.thread):
                self.look(now())
                if run.progress.said != heard:
                    tell(heard := run.progress.said)
        except KeyboardInterrupt:
            self.stop()
            raise
        if run.progress.said != heard:
            tell(run.progress.said)
        if run.error or run.cancelled:
            raise KbError(f"job {name!r} " + (f"failed: {run.error}" if run.error else "was asked to end"))

    def _waits_for(self, thread: threading.Thread) -> bool:
        thread.join(_LOOK)
        return thread.is_alive()

    def _begin(self, job: Job, at: str) -> _Run | None:
        times = {"at": at, "until": later(at, self.lease), "next_due": later(at, job.seconds)}
        with self.database.write() as connection:
            if not store.take(connection, job.name, self.name, **times):
                return None  # another process was quicker
            progress = Progress(store.checkpoint(connection, job.name))
        run = self._runs[job.name] = _Run(job, progress, progress.said)
        run.thread = threading.Thread(target=self._run, args=(run,), name=f"job {job.name}", daemon=True)
        run.thread.start()
        return run

    def _look_after(self, run: _Run, row: JobRow, at: str) -> None:
        if row.cancelled or row.runner != self.name:  # a lease that was lost: another may be running it
            run.progress.end()
        elif run.progress.said != run.kept or row.leased_until < later(at, self.lease * 2 / 3):
            until, said = later(at, self.lease), run.progress.said
            with self.database.write() as connection:
                if store.renew(connection, row.name, self.name, until=until, said=said):
                    run.kept = said

    def _run(self, run: _Run) -> None:
        name = run.job.name
        try:
            run.job.handler(run.progress)
        except Cancelled:
            run.cancelled = True
        except KbError as problem:  # kept with the job, which is tried again at its next time
            log.error("job %s failed: %s", name, problem)
            run.error = str(problem)[:_ERROR]
        except Exception as problem:
            log.exception("job %s failed", name)
            run.error = f"{type(problem).__name__}: {problem}"[:_ERROR]
        try:
            self._end(run)
        except Exception:  # its lease ends by itself, and it is run again
            log.exception("the end of job %s could not be written", name)
        finally:
            del self._runs[name]

    def _end(self, run: _Run) -> None:
        name, said, at = run.job.name, run.progress.said, now()
        with self.database.write() as connection:
            if run.cancelled and self._stop.is_set():
                store.give_back(connection, name, self.name, at=at, said=said)
            else:
                store.finish(connection, name, self.name, at=at, said=said, error=run.error, cancelled=run.cancelled)


def later(at: str, seconds: float) -> str:
    """A time some seconds after another (before it, where they are negative), as the store writes times."""
    return stamp(datetime.fromisoformat(at) + timedelta(seconds=seconds))
