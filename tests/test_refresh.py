"""A value that serves while it is computed again."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from kb.refresh import Refreshed


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Source:
    """Counts how often it is asked, and waits or fails where it is told to."""

    def __init__(self) -> None:
        self.asked, self.fails = 0, False
        self.free = threading.Event()
        self.free.set()

    def __call__(self) -> int:
        self.asked += 1
        self.free.wait(10)
        if self.fails:
            raise OSError("no disk")
        return self.asked


def settle(held: Refreshed[int]) -> None:
    with held._computing:  # what is computed aside has ended
        pass


def test_whoever_asks_first_waits_and_it_is_computed_once() -> None:
    source = Source()
    held = Refreshed("numbers", source)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: held.get(), range(8))) == {1}


def test_the_last_value_serves_while_one_thread_computes_again() -> None:
    source, clock = Source(), Clock()
    held = Refreshed("numbers", source, seconds=300, clock=clock)
    assert held.get() == 1
    clock.now = 300
    assert held.get() == 1
    settle(held)
    assert source.asked == 1
    source.free.clear()
    clock.now = 301
    assert [held.get() for _ in range(5)] == [1] * 5
    source.free.set()
    settle(held)
    assert (held.get(), source.asked) == (2, 2)


def test_another_key_asks_for_another_value() -> None:
    held = Refreshed("numbers", source := Source())
    assert held.get("a") == 1
    assert held.get("b") == 1
    settle(held)
    assert held.get("b") == 2
    settle(held)
    assert source.asked == 2


def test_what_changes_while_it_is_computed_is_computed_again() -> None:
    held = Refreshed("numbers", source := Source())
    held.get(1)
    source.free.clear()
    held.get(2)
    held.get(3)
    source.free.set()
    settle(held)
    held.get(3)
    settle(held)
    assert (held.get(3), source.asked) == (3, 3)


def test_a_failure_is_logged_and_tried_again_after_a_while(caplog: pytest.LogCaptureFixture) -> None:
    source, clock = Source(), Clock()
    held = Refreshed("numbers", source, clock=clock)
    assert held.get("a") == 1
    source.fails = True
    for _ in range(5):
        assert held.get("b") == 1
        settle(held)
    assert caplog.text.count("computing numbers again failed") == 1
    assert "no disk" in caplog.text
    source.fails, clock.now = False, 60.0
    held.get("b")
    settle(held)
    assert held.get("b") == 3


def test_without_a_first_value_its_error_is_the_callers() -> None:
    source = Source()
    source.fails = True
    held = Refreshed("numbers", source)
    for _ in range(2):
        with pytest.raises(OSError, match="no disk"):
            held.get()
    source.fails = False
    assert held.get() == 3
