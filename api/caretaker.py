"""What a serving process does besides answering. Here are the jobs, which one process over a home does for all.

Two threads are each process's own: one follows the snapshots that others write, one watches folders of Markdown.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from watchfiles import watch

from articles import digests
from articles import folder as folders
from articles.gaps.compute import refresh
from articles.health.run import Examiner
from articles.library import Library, Outcome
from kb.jobs import Job, Progress, Runner, later
from kb.store import flags, gaps, jobs, searches, sweep, tickets
from kb.store.database import batches
from kb.times import now
from kb.words import count
from search.home import Home

log = logging.getLogger(__name__)

HOUR, DAY = 3_600.0, 86_400.0
_SECONDS = 0.5  # between two looks at the store
_TURN = 0.02  # seconds between two transactions, in which a writer that waits gets its turn
_UNUSED = 600.0  # seconds for which something is unused before it is swept: see `kb.store.sweep`


class Caretaker:
    """Background threads of one process over a home."""

    def __init__(self, home: Home, library: Library, examiner: Examiner) -> None:
        self.home, self.library = home, library
        self._stop = threading.Event()
        jobs_ = Jobs(home, library, examiner).all()
        self._runner = Runner(home.database, jobs_, f"{os.getpid()}-{secrets.token_hex(4)}")
        work: list[tuple[str, Callable[[], None]]] = [("follow", self._follow)]
        if home.settings.watch:
            work.append(("watch", self._watch))
        self._threads = [threading.Thread(target=target, name=name, daemon=True) for name, target in work]

    def start(self) -> None:
        self._runner.start()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._runner.stop()
        for thread in self._threads:
            thread.join(timeout=10)

    def _follow(self) -> None:
        """Read from the newest snapshot; ask for another where the delta has grown large."""
        while not self._stop.wait(_SECONDS):
            try:
                self.home.index.reopen()
                if self.home.index.view().fresh_chunks >= self.home.settings.compact_chunks:
                    with self.home.database.write() as connection:
                        jobs.want(connection, "compact", now())
            except Exception:  # the server goes on answering from the view that it has
                log.exception("following the store failed; trying again")

    def _watch(self) -> None:
        while not self._stop.is_set():
            try:
                with FileLock(self.home.path / "watch.lock", timeout=0):
                    self._watching([path.resolve() for path in self.home.settings.watch])
            except Timeout:  # another process watches; it may end
                self._stop.wait(2)
            except Exception:
                log.exception("watching folders failed; trying again")
                self._stop.wait(5)

    def _watching(self, roots: list[Path]) -> None:
        changes = watch(*roots, stop_event=self._stop, debounce=200, step=50, rust_timeout=1000, yield_on_timeout=True)
        if next(changes, None) is None:  # the watch is on before the first full look: no change falls between
            return
        for root in roots:
            _tell(folders.sync(self.library, root))
        for found in changes:
            paths = {Path(path) for _, path in found}
            for root in roots:
                mine = [path for path in paths if path.is_relative_to(root)]
                if mine:
                    _tell(folders.sync_files(self.library, root, mine))


class Jobs:
    """What is done over a home again and again."""

    def __init__(self, home: Home, library: Library, examiner: Examiner) -> None:
        self.home, self.library, self.examiner = home, library, examiner

    def all(self) -> list[Job]:
        return [
            Job("compact", DAY, self.compact),  # and whenever a process asks for it
            Job("due", 10.0, self.due),
            Job("digest", digests.SECONDS, self.digest),
            Job("forget", DAY, self.forget),
            Job("gaps", HOUR, self.gaps),
            Job("health", HOUR, self.health),
            Job("sweep", DAY, self.sweep),
        ]

    def compact(self, progress: Progress) -> None:
        """Fold what is fresh into the next snapshot; without anything fresh there is nothing to do."""
        self.home.index.reopen()
        view = self.home.index.view()
        if view.change == view.base.change:
            progress.report("nothing is fresh")
            return
        fresh = count(view.fresh_chunks, "fresh chunk")
        progress.report(f"folding {fresh} into generation {view.base.generation + 1}")
        self.home.index.compact()

    def due(self, _progress: Progress) -> None:
        """Publish and archive what is scheduled until now."""
        _tell(self.library.run_due(now()))

    def forget(self, progress: Progress) -> None:
        """Erase what is older than it may be kept."""
        at, settings = now(), self.home.settings
        with self.home.database.write() as connection:
            gone = {
                "search": searches.forget_before(connection, later(at, -DAY * settings.retention_days)),
                "unsettled search": searches.forget_unsettled(connection, later(at, -DAY)),
                "ticket": tickets.forget_before(connection, later(at, -DAY * settings.ticket_days)),
                "kept response": jobs.forget_responses(connection, later(at, -DAY)),
                "gap": gaps.tidy(connection),
                "closed flag": flags.forget_closed(connection, later(at, -DAY * settings.retention_days)),
            }
        told = (count(number, noun, f"{noun}es" if noun.endswith("search") else "") for noun, number in gone.items())
        progress.report(f"forgot {', '.join(told)}")

    def digest(self, progress: Progress) -> None:
        """Tell those whose time has come what needs them."""
        digests.tell(self.examiner, datetime.now(UTC), progress)

    def gaps(self, progress: Progress) -> None:
        """Compute again what readers ask and no article answers."""
        found = refresh(self.home, datetime.now(UTC), progress)
        unanswered = f"{found.unanswered:,} of {count(found.questions, 'question')}"
        progress.report(f"unanswered: {unanswered}, in {count(found.gaps, 'gap')}")

    def health(self, progress: Progress) -> None:
        """Look at every article: open, renew and close flags."""
        found = self.examiner.look(datetime.now(UTC), progress.report)
        said = f"{count(found.flags, 'flag')} on {count(found.articles, 'article')}"
        progress.report(f"{said}: {found.opened:,} opened, {found.closed:,} closed")

    def sweep(self, progress: Progress) -> None:
        """Delete vectors and terms that no chunk has had for some time."""
        with self.home.database.read() as connection:
            unused = sweep.look(connection)
        progress.report(f"{count(len(unused), 'key is', 'keys are')} unused; looking again in ten minutes")
        progress.wait(_UNUSED if len(unused) else 0)
        gone = 0
        for kind, keys in unused.keys.items():
            for some in batches(keys, sweep.AT_ONCE):
                with self.home.database.write() as connection:
                    gone += sweep.remove(connection, kind, some, unused.change)
                progress.report(f"deleted {count(gone, 'row')}")
                progress.wait(_TURN)


def _tell(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.status == "failed":
            log.warning("%s:%s: %s", outcome.source, outcome.line, outcome.message)
        elif outcome.status != "unchanged":
            log.info("%s %s", outcome.status, outcome.source)
