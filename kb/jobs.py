"""Runs jobs, each in one process at a time over all processes of a home. What the jobs do is registered from above.

A process that runs a job holds its lease (`kb.store.jobs`) and renews it; one that was killed loses it when it ends,
and another starts the job again. So a job must bear to be run twice: after a process that was frozen for longer than
its lease, even twice at once, until the first notices. A job is written to the store by its runner only, never from
inside its handler: a handler may report from within a write transaction.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kb.store import Database
from kb.store import jobs as store
from kb.store.jobs import JobRow
from kb.times import now, stamp

log = logging.getLogger(__name__)

LEASE = 30.0  # seconds
_LOOK = 0.5  # seconds between two looks at what is due, cancelled or has something new to say
_PATIENCE = 10.0  # seconds that a job may take to end when the process does
_PROGRESS, _ERROR = 200, 2_000  # characters that are kept


class Cancelled(Exception):
    """A job was asked to end. Its handler lets this through."""


class Progress:
    """What a job says on its way, and whether it is asked to end. Its handler calls `report` or `wait` often."""

    def __init__(self) -> None:
        self.text = ""
        self._ending = threading.Event()

    def report(self, text: str) -> None:
        """Say how far the job is.

        Raises:
            Cancelled: it is asked to end.
        """
        self.text = text[:_PROGRESS]
        self.wait(0)

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
    thread: threading.Thread | None = None


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

    def _begin(self, job: Job, at: str) -> None:
        times = {"at": at, "until": later(at, self.lease), "next_due": later(at, job.seconds)}
        with self.database.write() as connection:
            if not store.take(connection, job.name, self.name, **times):
                return  # another process was quicker
        run = self._runs[job.name] = _Run(job, Progress())
        run.thread = threading.Thread(target=self._run, args=(run,), name=f"job {job.name}", daemon=True)
        run.thread.start()

    def _look_after(self, run: _Run, row: JobRow, at: str) -> None:
        if row.cancelled or row.runner != self.name:  # a lease that was lost: another may be running it
            run.progress.end()
        elif run.progress.text != row.progress or row.leased_until < later(at, self.lease * 2 / 3):
            until, said = later(at, self.lease), run.progress.text
            with self.database.write() as connection:
                store.renew(connection, row.name, self.name, until=until, progress=said)

    def _run(self, run: _Run) -> None:
        name = run.job.name
        error, cancelled = "", False
        try:
            run.job.handler(run.progress)
        except Cancelled:
            cancelled = True
        except Exception as problem:  # kept with the job, which is tried again at its next time
            log.exception("job %s failed", name)
            error = f"{type(problem).__name__}: {problem}"[:_ERROR]
        try:
            self._end(run, error, cancelled)
        except Exception:  # its lease ends by itself, and it is run again
            log.exception("the end of job %s could not be written", name)
        finally:
            del self._runs[name]

    def _end(self, run: _Run, error: str, cancelled: bool) -> None:
        name, said, at = run.job.name, run.progress.text, now()
        with self.database.write() as connection:
            if cancelled and self._stop.is_set():
                store.give_back(connection, name, self.name, at=at)
            else:
                store.finish(connection, name, self.name, at=at, progress=said, error=error, cancelled=cancelled)


def later(at: str, seconds: float) -> str:
    """A time some seconds after another (before it, where they are negative), as the store writes times."""
    return stamp(datetime.fromisoformat(at) + timedelta(seconds=seconds))
