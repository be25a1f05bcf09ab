"""What happened, written in the background: no reader waits for a commit.

Searches and events are queued and appended to the store in batches. Text must be masked before it comes here.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from types import TracebackType

from kb.store import Database, searches
from kb.store.searches import Event, Search

log = logging.getLogger(__name__)

_SECONDS = 0.5  # the longest that a record waits


class Journal:
    """A queue and the thread that empties it. Close it, or leave its `with` block, to lose nothing."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._queue: queue.SimpleQueue[Search | Event | threading.Event] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def record(self, item: Search | Event) -> None:
        self._queue.put(item)

    def flush(self) -> None:
        """Return when everything recorded so far is in the store."""
        if self._thread.is_alive():
            written = threading.Event()
            self._queue.put(written)
            written.wait()

    def close(self) -> None:
        self.flush()
        self._closed.set()
        self._queue.put(threading.Event())
        self._thread.join()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self) -> None:
        while not self._closed.is_set():
            batch = self._batch()
            try:
                self._write(batch)
            except Exception:  # the thread must live: later records may be written, and flush must return
                log.exception("%d records could not be written and are lost", len(batch))
            for item in batch:
                if isinstance(item, threading.Event):
                    item.set()

    def _write(self, batch: list[Search | Event | threading.Event]) -> None:
        found = [item for item in batch if isinstance(item, Search)]
        happened = [item for item in batch if isinstance(item, Event)]
        if found or happened:
            with self.database.write() as connection:
                searches.append(connection, found, happened)

    def _batch(self) -> list[Search | Event | threading.Event]:
        """What is queued within a moment of the first record, cut short by a flush."""
        batch = [self._queue.get()]
        until = time.monotonic() + _SECONDS
        while not isinstance(batch[-1], threading.Event):
            try:
                batch.append(self._queue.get(timeout=max(0.0, until - time.monotonic())))
            except queue.Empty:
                break
        return batch
