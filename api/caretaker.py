"""What a serving process does besides answering: follow the store, compact, watch folders, forget what is old."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout
from watchfiles import watch

from articles import folder as folders
from articles.library import Library, Outcome
from kb.store import searches
from search.home import Home

log = logging.getLogger(__name__)

_SECONDS = 0.5  # between two looks at the store


class Caretaker:
    """Background threads of one process. Only one process over a home compacts or watches at a time."""

    def __init__(self, home: Home, library: Library) -> None:
        self.home, self.library = home, library
        self._stop = threading.Event()
        jobs: list[tuple[str, Callable[[], None]]] = [("follow", self._follow)]
        if home.settings.watch:
            jobs.append(("watch", self._watch))
        self._threads = [threading.Thread(target=job, name=name, daemon=True) for name, job in jobs]

    def start(self) -> None:
        before = datetime.now(UTC) - timedelta(days=self.home.settings.retention_days)
        with self.home.database.write() as connection:
            searches.forget_before(connection, before.isoformat())
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=10)

    def _follow(self) -> None:
        while not self._stop.wait(_SECONDS):
            try:
                self.home.index.reopen()
                if self.home.index.view().fresh_chunks >= self.home.settings.compact_chunks:
                    self._compact()
            except Exception:  # the server goes on answering from the view that it has
                log.exception("following the store failed; trying again")

    def _compact(self) -> None:
        try:
            with FileLock(self.home.path / "compact.lock", timeout=0):
                self.home.index.compact()
        except Timeout:
            log.info("another process compacts")

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


def _tell(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.status == "failed":
            log.warning("%s:%s: %s", outcome.source, outcome.line, outcome.message)
        elif outcome.status != "unchanged":
            log.info("%s %s", outcome.status, outcome.source)
