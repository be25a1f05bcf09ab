"""A value that is dear to compute and may be a little old: computed at first use, then again aside while it serves."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

_RETRY = 60.0  # seconds after a failure before it is tried again

T = TypeVar("T")


@dataclass(frozen=True)
class _Held(Generic[T]):
    value: T
    key: Hashable
    at: float


class Refreshed(Generic[T]):
    """A value that nobody waits for but whoever asks first. Safe to share between threads.

    It is computed again, in one thread aside, once it is older than `seconds` or was computed for another `key`. A
    failure is logged and the last value goes on serving.
    """

    def __init__(
        self,
        name: str,
        compute: Callable[[], T],
        *,
        seconds: float = math.inf,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name, self._compute, self._seconds, self._clock = name, compute, seconds, clock
        self._held: _Held[T] | None = None
        self._not_before = -math.inf
        self._computing = threading.Lock()

    def get(self, key: Hashable = None) -> T:
        """The value: the first one, or the last, which may be of an earlier key.

        Raises: what computing raises, as long as there is no value yet.
        """
        held = self._held
        if held is None:
            with self._computing:
                held = self._held = self._held or self._computed(key)
        elif self._is_old(held, key) and self._computing.acquire(blocking=False):
            threading.Thread(target=self._again, args=(key,), name=self.name, daemon=True).start()
        return held.value

    def _is_old(self, held: _Held[T], key: Hashable) -> bool:
        at = self._clock()
        return (held.key != key or at - held.at > self._seconds) and at >= self._not_before

    def _computed(self, key: Hashable) -> _Held[T]:
        at = self._clock()  # what changes while it is computed may not be in it
        return _Held(self._compute(), key, at)

    def _again(self, key: Hashable) -> None:
        try:
            self._held = self._computed(key)
        except Exception:  # the last value goes on serving
            self._not_before = self._clock() + _RETRY
            log.exception("computing %s again failed", self.name)
        finally:
            self._computing.release()
