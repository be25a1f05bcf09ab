"""Looks that overlap, and looks that go on from what they know: what stands is as one look by itself finds it."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from api import state
from api.state import State
from articles.health import choices
from articles.health.run import Examiner
from articles.health.staleness.model import dump, load
from kb.errors import KbError
from kb.models import OPERATOR
from kb.store import Connection, media, redirects, spaces
from kb.store import flags as store
from kb.store.flags import Estimate, FlagRow
from kb.store.media import Media
from kb.store.searches import Event
from kb.store.spaces import Space
from kb.times import stamp
from tests.conftest import Shop

TODAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
LINK = "[gone](gone.md)"


def flags(shop: Shop) -> list[FlagRow]:
    with shop.home.database.read() as connection:
        return list(store.stored_flags(connection))


def interrupted(shop: Shop, *meanwhile: Callable[[], object]) -> None:
    """A look in which something happens between what it reads and what it writes, each time that it reads."""
    waiting = list(meanwhile)

    def said(progress: str) -> None:
        if progress == "comparing articles" and waiting:
            waiting.pop(0)()

    Examiner(shop.home).look(TODAY, said)
    assert not waiting


def test_a_moved_article_keeps_its_flags_with_their_age_and_its_waivers(shop: Shop) -> None:
    shop.put("a", f"Words. {LINK} ![](picture.png)", title="A")
    choices.waive(shop.home.database, OPERATOR, "a", "missing_alt", "an ornament", TODAY.date(), TODAY)
    examiner = Examiner(shop.home)
    examiner.look(TODAY)
    before = flags(shop)
    shop.library.move("a", "b", OPERATOR)
    assert examiner.look(TODAY + timedelta(hours=1)).opened == 0
    kept = [(flag.id, flag.check, flag.first_seen) for flag in before]
    assert [(flag.id, flag.check, flag.first_seen) for flag in flags(shop) if flag.article_id == "b"] == kept
    assert "missing_alt" not in {flag.check for flag in flags(shop)}


def test_an_older_look_does_not_undo_a_newer_one(shop: Shop) -> None:
    shop.put("a", "Words.", title="A")
    later = TODAY + timedelta(minutes=1)

    def edit_and_look() -> None:
        shop.put("a", f"Words. {LINK}", title="A")
        assert Examiner(shop.home).look(later).opened == 1

    interrupted(shop, edit_and_look)
    (flag,) = flags(shop)
    Examiner(shop.home).look(TODAY + timedelta(days=1))
    assert [(one.id, one.first_seen) for one in flags(shop)] == [(flag.id, flag.first_seen)]
    assert flag.first_seen.startswith("2026-11-23T12:01")


def test_what_stands_is_of_the_later_day_whichever_look_is_written_last(shop: Shop) -> None:
    shop.put("a", "Words.", title="A", reviewed="2026-11-20", review_every="3d")
    interrupted(shop, lambda: Examiner(shop.home).look(TODAY + timedelta(days=1)))
    assert [flag.check for flag in flags(shop)] == ["verification_overdue"]


def test_a_look_that_others_overtake_twice_leaves_theirs(shop: Shop) -> None:
    shop.put("a", f"Words. {LINK}", title="A")

    def mend_and_look() -> None:
        shop.put("a", "Words.", title="A")
        Examiner(shop.home).look(TODAY)

    def break_and_look() -> None:
        shop.put("a", f"Words. {LINK}", title="A")
        Examiner(shop.home).look(TODAY)

    interrupted(shop, break_and_look, mend_and_look)
    assert flags(shop) == []


def test_what_changes_while_a_look_reads_is_left_to_the_next(shop: Shop) -> None:
    shop.put("a", f"Words. {LINK}", title="A")
    Examiner(shop.home).look(TODAY)
    (before,) = flags(shop)
    shop.put("a", "Words.", title="A")
    interrupted(shop, lambda: shop.put("a", f"Other words. {LINK}", title="A"))
    Examiner(shop.home).look(TODAY)
    assert [(flag.id, flag.first_seen) for flag in flags(shop)] == [(before.id, before.first_seen)]


# --- whether there is anything to look at ----------------------------------------------------------------------


@pytest.fixture
def served(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """A server's state, asked whether it looks at the articles for a request."""
    found, seen = State(shop.home, shop.library), []
    real = found.examiner.look
    monkeypatch.setattr(found.examiner, "look", lambda now: seen.append(real(now)))

    def looks() -> bool:
        seen.clear()
        found.look()
        return bool(seen)

    return looks


def test_a_server_looks_only_where_something_changed(shop: Shop, served: Callable[[], bool]) -> None:
    shop.put("a", "Words.", title="A")
    assert served()
    assert not served()
    with shop.home.database.write() as connection:
        connection.exec_driver_sql("UPDATE looks SET number = number + 1")  # another process looked
    assert not served()


def test_a_server_looks_at_once_at_what_other_processes_decided(shop: Shop, served: Callable[[], bool]) -> None:
    shop.put("a", "Words.", title="A")
    database = shop.home.database
    served()
    now = datetime.now(UTC)
    file = Media("f" * 64, "f.png", "image/png", 1, "public", "main", "", "")
    decisions: dict[str, Callable[[], object]] = {
        "an edit": lambda: shop.put("a", "Other words.", title="A"),
        "a check": lambda: choices.choose(database, OPERATOR, "orphan", now, enabled=False),
        "an option": lambda: choices.choose(database, OPERATOR, "too_long", now, options={"words": 9}),
        "the same option": lambda: choices.choose(database, OPERATOR, "too_long", now, options={"words": 8}),
        "a waiver": lambda: choices.waive(database, OPERATOR, "a", "orphan", "why", now.date(), now),
        "no waiver": lambda: choices.unwaive(database, OPERATOR, "a", "orphan"),
        "a space": lambda: written(shop, lambda c: spaces.put(c, Space("s", "S", verify_days=3))),
        "a file": lambda: written(shop, lambda c: media.add(c, file, b"1")),
        "a model": lambda: (shop.home.path / "staleness.json").write_text(dump(load()), encoding="utf-8"),
        "a redirect": lambda: written(shop, lambda c: redirects.add(c, "b", "a")),
    }
    for name, decide in decisions.items():
        decide()
        assert served(), name
        assert not served(), name


@pytest.mark.parametrize(("frozen", "times"), [(0, 0), (9, 1)])
def test_a_server_of_its_own_keeps_what_a_days_first_look_knows_out_of_garbage_collection(
    shop: Shop, served: Callable[[], bool], monkeypatch: pytest.MonkeyPatch, frozen: int, times: int
) -> None:
    done: list[str] = []
    monkeypatch.setattr(state.gc, "get_freeze_count", lambda: frozen)
    monkeypatch.setattr(state.gc, "freeze", lambda: done.append("frozen"))
    for body in ("Words.", "Other words."):
        shop.put("a", body, title="A")
        assert served()
    assert len(done) == times


def test_a_server_looks_soon_at_what_readers_do(
    shop: Shop, served: Callable[[], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.put("a", "refund within 14 days", title="Refunds")
    found = shop.search("refund")
    served()
    shop.home.journal.record(Event(stamp(datetime.now(UTC)), found.search_id, "not_helped", "a", {}))
    shop.home.journal.flush()
    assert not served()
    monkeypatch.setattr(state, "_SOON", timedelta())
    assert served()
    assert not served()


def written(shop: Shop, write: Callable[[Connection], object]) -> None:
    with shop.home.database.write() as connection:
        write(connection)


# --- going on from what is known ---------------------------------------------------------------------------------

NAMES = [*"abcdefgh"]
BODIES = (
    "Words of a text.",
    "See [b](b.md), [c](c.md#steps) and [gone](gone.md).",
    "# Steps\n\nAs of 2019 it costs $5. Until 31 December 2025 it is free. See [a](a.md).",
    "Refunds take 14 days after we have your parcel back, and we write to you when they are on their way.",
    "Refunds take 30 days after we have your parcel back, and we write to you when they are on their way.",
    "TODO: write this. ![](/media/none.png)",
)


class Team:
    """People who change at random all that a look reads."""

    def __init__(self, shop: Shop, seed: int) -> None:
        self.shop, self.rng, self.now = shop, random.Random(seed), TODAY

    def act(self) -> None:
        often = 4 * (self.put,) + 2 * (self.erase,)
        seldom = (self.archive, self.move, self.verify, self.doubt, self.waive, self.unwaive, self.choose, self.space)
        self.rng.choice((*often, *seldom, self.read, self.wait))()

    def put(self) -> None:
        rng, front = self.rng, {"title": self.rng.choice(("Refunds", "Returns", "A", "Ä"))}
        some = {
            "owner": "kim",
            "updated": f"2026-0{rng.randrange(1, 9)}-01",
            "reviewed": "2026-11-01",
            "review_every": "30d",
            "audience": "internal",
            "translation_of": rng.choice(NAMES),
            "locale": "ko",
            "space": "s",
        }
        chosen = {key: value for key, value in some.items() if rng.random() < 0.5}
        self.shop.put(rng.choice(NAMES), rng.choice(BODIES), **{**front, **chosen})

    def archive(self) -> None:
        self.shop.library.archive(self.one(), OPERATOR)

    def erase(self) -> None:
        self.shop.library.erase(self.one(), OPERATOR)

    def move(self) -> None:
        self.shop.library.move(self.one(), self.rng.choice(NAMES), OPERATOR)

    def verify(self) -> None:
        self.shop.library.verify(self.one(), OPERATOR, self.now.date() - timedelta(days=self.rng.randrange(90)))

    def doubt(self) -> None:
        self.shop.library.doubt(self.one(), OPERATOR)

    def waive(self) -> None:
        until = (self.now + timedelta(days=self.rng.randrange(3))).date()
        choices.waive(self.shop.home.database, OPERATOR, self.one(), self.check(), "why", until, self.now)

    def unwaive(self) -> None:
        choices.unwaive(self.shop.home.database, OPERATOR, self.one(), self.check())

    def choose(self) -> None:
        enabled = self.rng.random() < 0.7
        choices.choose(self.shop.home.database, OPERATOR, self.check(), self.now, enabled=enabled)

    def space(self) -> None:
        written(
            self.shop, lambda connection: spaces.put(connection, Space("s", "S", verify_days=self.rng.choice((1, 99))))
        )

    def read(self) -> None:
        kind = self.rng.choice(("clicked", "not_helped", "helped"))
        found = self.shop.search("refunds")
        for hit in found.hits[:2]:
            self.shop.home.journal.record(Event(stamp(self.now), found.search_id, kind, hit.id, {}))
        self.shop.home.journal.flush()

    def wait(self) -> None:
        self.now += timedelta(days=1)

    def one(self) -> str:
        return self.rng.choice(NAMES)

    def check(self) -> str:
        return self.rng.choice(("broken_link", "outdated_wording", "verification_overdue", "orphan"))


def test_an_article_that_is_erased_and_written_anew_is_another(shop: Shop) -> None:
    examiner = Examiner(shop.home)
    for body in (f"Words. {LINK}", f"Other words. {LINK}"):
        shop.put("a", body, title="A")
        assert [examiner.look(TODAY).opened for _ in range(2)] == [1, 0]
        assert len(flags(shop)) == 1
        shop.library.erase("a", OPERATOR)


def test_what_another_process_dropped_is_written_again(shop: Shop) -> None:
    shop.put("a", "Words.", title="A")
    shop.put("b", "Words.", title="B")
    examiner = Examiner(shop.home)
    examiner.look(TODAY)
    _, before = standing(shop)
    shop.library.archive("a", OPERATOR)
    Examiner(shop.home).look(TODAY)
    shop.put("a", "Words.", title="A")
    examiner.look(TODAY)
    assert standing(shop)[1].keys() == before.keys()


@pytest.mark.parametrize("seed", range(4))
def test_a_look_that_knows_the_last_finds_what_a_new_one_does(shop: Shop, seed: int) -> None:
    team, examiners, opened = Team(shop, seed), [Examiner(shop.home), Examiner(shop.home)], 0
    team.space()
    for _ in NAMES:
        team.put()
    for step in range(60):
        for _ in range(team.rng.randrange(1, 4)):
            with contextlib.suppress(KbError):  # there is no such article, or it cannot be done with it
                team.act()
        opened += team.rng.choice(examiners).look(team.now).opened
        if step % 4 == 3:  # a new one makes the known one read again what stands
            found = standing(shop)
            written(shop, lambda connection: connection.exec_driver_sql("DELETE FROM examined"))
            anew = Examiner(shop.home).look(team.now)
            assert (anew.opened, anew.closed) == (0, 0)
            assert standing(shop) == found
    assert opened > 10


def standing(shop: Shop) -> tuple[list[FlagRow], dict[str, Estimate]]:
    with shop.home.database.read() as connection:
        return list(store.stored_flags(connection)), store.all_estimates(connection)
