"""What a serving process does for its home: sweep, compact, forget, and what is scheduled."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime

import pytest

from api import caretaker
from articles.health.run import Examiner
from articles.prepare import Computed, Prepared
from kb.jobs import Progress, later
from kb.models import EVERYTHING, OPERATOR
from kb.store import articles, responses, searches, sweep, tickets
from kb.store.tickets import StoredTicket
from kb.times import now
from tests.conftest import Shop
from tests.test_jobs import until


@pytest.fixture
def work(shop: Shop) -> caretaker.Jobs:
    return caretaker.Jobs(shop.home, shop.library, Examiner(shop.home))


def kept(shop: Shop) -> dict[str, int]:
    """How many vectors, token vectors and terms are kept."""
    counts = {}
    with closing(sqlite3.connect(shop.home.database.path)) as connection:
        for table in ("vectors", "token_vectors", "analyses"):
            (counts[table],) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return counts


def test_what_no_chunk_uses_is_swept(shop: Shop, work: caretaker.Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caretaker, "_UNUSED", 0.0)
    shop.put("kept", "Refunds are paid within 14 days.", title="Refunds")
    before = kept(shop)
    for number in range(5):
        shop.put("changed", f"Text number {number}, which is another each time.", title="Changed")
    shop.library.retire(["changed"])
    assert kept(shop) == {table: count + 5 for table, count in before.items()}
    progress = Progress()
    work.sweep(progress)
    assert progress.text == "deleted 15 rows"
    assert kept(shop) == before
    assert shop.ids("refunds paid") == ["kept"]
    shop.home.index.compact()
    assert shop.ids("refunds paid") == ["kept"]


def test_what_is_taken_up_after_the_look_stays(shop: Shop) -> None:
    shop.put("a", "Refunds are paid within 14 days.", title="A")
    shop.library.retire(["a"])
    with shop.home.database.read() as connection:
        unused = sweep.look(connection)
    assert len(unused) == 2
    embedded = len(shop.embedder.embedded)
    shop.put("a", "Refunds are paid within 14 days.", title="A")
    assert len(shop.embedder.embedded) == embedded  # its vectors were there still
    with shop.home.database.write() as connection:
        gone = [sweep.remove(connection, kind, keys, unused.change) for kind, keys in unused.keys.items()]
    assert gone == [0, 0]
    assert shop.ids("refunds") == ["a"]


def test_what_a_publisher_found_stored_stays_while_a_sweep_waits(
    shop: Shop, work: caretaker.Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.put("old", "Refunds are paid.", title="A")
    shop.library.retire(["old"])
    found, seen = threading.Event(), threading.Event()
    compute = shop.library.preparer.compute

    def slowly(waiting: Sequence[Prepared]) -> Computed:
        computed = compute(waiting)
        assert computed.embedded
        assert computed.known
        found.set()
        assert seen.wait(10)
        return computed

    monkeypatch.setattr(shop.library.preparer, "compute", slowly)
    monkeypatch.setattr(caretaker, "_UNUSED", 1.0)
    publisher = threading.Thread(target=shop.put, args=("a", "Refunds are paid."), kwargs={"title": "A"})
    sweeper = threading.Thread(target=work.sweep, args=(progress := Progress(),))
    publisher.start()
    assert found.wait(10)
    sweeper.start()
    until(lambda: "2 keys are unused" in progress.text)
    seen.set()
    publisher.join(10)
    sweeper.join(10)
    assert progress.text == "deleted 0 rows"
    assert shop.ids("refunds") == ["a"]


@pytest.mark.parametrize("kind", ["passages", "terms"])
def test_what_was_swept_before_it_could_be_published_is_computed_again(
    shop: Shop, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.put("old", "Refunds are paid.", title="A")
    shop.library.retire(["old"])
    compute, seen = shop.library.preparer.compute, []

    def then_swept(waiting: Sequence[Prepared]) -> Computed:
        seen.append(compute(waiting))
        if len(seen) == 1:
            with shop.home.database.write() as connection:
                unused = sweep.look(connection)
                assert sweep.remove(connection, kind, unused.keys[kind], unused.change)
        return seen[-1]

    monkeypatch.setattr(shop.library.preparer, "compute", then_swept)
    shop.put("a", "Refunds are paid.", title="A")
    assert [len(item.vectors) + len(item.terms) for item in seen] == [0, 1]
    assert shop.ids("refunds") == ["a"]


def test_compaction_folds_what_is_fresh_and_does_nothing_twice(shop: Shop, work: caretaker.Jobs) -> None:
    shop.put("a", "Refunds are paid within 14 days.", title="A")
    generations = []
    for _ in range(2):
        work.compact(Progress())
        generations.append(shop.home.index.view().base.generation)
    assert generations == [1, 1]
    assert shop.home.index.view().fresh_chunks == 0


def test_a_large_delta_is_compacted_by_one_process(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.home.settings = shop.settings.model_copy(update={"compact_chunks": 1})
    shop.put("a", "Refunds are paid within 14 days.", title="A")
    examiner = Examiner(shop.home)
    workers = [caretaker.Caretaker(shop.home, shop.library, examiner) for _ in range(2)]
    for worker in workers:
        worker.start()
    until(lambda: shop.home.index.view().base.generation == 1)
    time.sleep(1.2)  # two more looks of each
    for worker in workers:
        worker.stop()
    assert shop.home.index.view().base.generation == 1


def test_what_is_old_is_forgotten(shop: Shop, work: caretaker.Jobs) -> None:
    def search(name: str, at: str, *, settled: bool = True) -> searches.Search:
        return searches.Search(name, at, "search", "q", "en", ["public"], 0.5, "maybe", [], "tiny:1", None, settled)

    def ticket(name: str, at: str) -> StoredTicket:
        return StoredTicket(name, "main", "closed", "s", [], "en", "", "", "", [], [], at, at, at)

    days = {name: later(now(), -age * caretaker.DAY) for name, age in {"a": 0.5, "b": 399, "c": 401, "d": 731}.items()}
    with shop.home.database.write() as connection:
        searches.append(connection, [search(name, at) for name, at in days.items()], [])
        typed = [
            search(name, later(now(), -age * caretaker.DAY), settled=False) for name, age in (("e", 0.5), ("f", 2))
        ]
        searches.append(connection, typed, [])
        for name, at in days.items():
            tickets.put(connection, ticket(name, at))
            responses.reserve(connection, name.encode(), b"", datetime.fromisoformat(at))
    progress = Progress()
    work.forget(progress)
    gone = "2 searches, 1 unsettled search, 1 ticket, 3 kept responses, 0 gaps, 0 closed flags"
    assert progress.text == f"forgot {gone}"
    with shop.home.database.read() as connection:
        assert {found.id for found in searches.all_searches(connection, EVERYTHING)} == {"a", "b"}
        assert searches.exists(connection, "e")
        assert not searches.exists(connection, "f")


def test_what_is_scheduled_is_done_when_it_is_due(shop: Shop, work: caretaker.Jobs) -> None:
    shop.put("a", "Refunds are paid within 14 days.", title="A")
    shop.library.schedule("a", OPERATOR, archive_at=later(now(), -1))
    work.due(Progress())
    with shop.home.database.read() as connection:
        held = articles.record(connection, "a")
    assert held is not None
    assert held.state == "archived"
