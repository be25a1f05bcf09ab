"""A look at every article: what was planted is found, flags stay themselves, and people decide of checks."""

from __future__ import annotations

import contextlib
import shutil
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from articles.health import CHECKS, choices
from articles.health.queue import Report, Wanted, reports
from articles.health.run import Examiner, compare
from kb.errors import InvalidInput, NotFound
from kb.models import EVERYTHING, OPERATOR, Reader
from kb.settings import Settings
from kb.store import flags as store
from kb.store import searches, spaces
from kb.store.flags import FlagRow
from kb.store.searches import Event
from kb.store.spaces import Space
from kb.times import stamp
from search.home import Home
from tests.conftest import AGENT, CUSTOMER, Shop

FAULTS = tomllib.loads((Path(__file__).parent / "starter_faults.toml").read_text(encoding="utf-8"))["fault"]
TODAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
LINK = "[gone](gone.md)"


def look(shop: Shop, now: datetime = TODAY) -> Examiner:
    found = Examiner(shop.home)
    found.look(now)
    return found


def queue(shop: Shop, reader: Reader = EVERYTHING, **wanted: Any) -> list[Report]:
    with shop.home.database.read() as connection:
        return reports(connection, reader, Wanted(**wanted))


def checks(shop: Shop, reader: Reader = EVERYTHING) -> list[tuple[str, str]]:
    return [(report.id, flag.check) for report in queue(shop, reader) for flag in report.flags]


@pytest.mark.model
def test_every_fault_planted_in_the_starter_articles_is_found_at_its_line_and_nothing_else(
    starter: Home, tmp_path: Path
) -> None:
    shutil.copytree(starter.path, tmp_path / "home")
    with contextlib.closing(Home(Settings(home=tmp_path / "home"), starter.embedder)) as home:
        with home.database.write() as connection:
            searches.forget_before(connection, "9")  # what other tests asked
        Examiner(home).look(TODAY)
        with home.database.read() as connection:
            shown = reports(connection, EVERYTHING, Wanted())
    found = {(report.source, flag.check): flag.line for report in shown for flag in report.flags}
    assert set(found) == {(fault["source"], fault["check"]) for fault in FAULTS}
    wrong = [fault for fault in FAULTS if "line" in fault and found[fault["source"], fault["check"]] != fault["line"]]
    assert not wrong


def test_mending_closes_a_flag_and_a_clean_article_scores_100(shop: Shop) -> None:
    shop.put("a", f"Words of a. {LINK}", title="A of words", owner="kim", updated="2026-11-01")
    examiner = look(shop)
    (report,) = queue(shop)
    assert [flag.check for flag in report.flags] == ["broken_link"]
    assert report.score < 100
    assert report.needs_work > 0
    shop.put("a", "Words of a.", title="A of words", owner="kim", updated="2026-11-01")
    assert examiner.look(TODAY).closed == 1
    assert queue(shop) == []
    assert [report.score for report in queue(shop, all_=True)] == [100.0]


def test_a_flag_is_the_same_while_its_line_moves_and_its_words_change(shop: Shop) -> None:
    shop.put("a", LINK, title="A")
    examiner = look(shop)
    (before,) = queue(shop)[0].flags
    shop.put("a", f"A line before it.\n\n{LINK}", title="A")
    assert examiner.look(TODAY + timedelta(days=1)).opened == 0
    (moved,) = queue(shop)[0].flags
    assert (moved.id, moved.first_seen) == (before.id, before.first_seen)
    assert moved.line == before.line + 2
    shop.put("a", "[also gone](elsewhere.md)", title="A")
    examiner.look(TODAY)
    assert [flag.id for flag in queue(shop)[0].flags] == [before.id]


def test_two_looks_at_once_open_a_flag_once(shop: Shop) -> None:
    shop.put("a", LINK, title="A")
    first, second = Examiner(shop.home), Examiner(shop.home)
    assert (first.look(TODAY).opened, second.look(TODAY).opened) == (1, 0)
    assert checks(shop) == [("a", "broken_link")]


def test_a_look_parses_only_what_changed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from articles.health import shelving

    for number in range(5):
        shop.put(f"a{number}", "x", title="A")
    look(shop)
    parsed: list[str] = []
    monkeypatch.setattr(
        shelving, "facts_of", lambda article, real=shelving.facts_of: parsed.append(article.id) or real(article)
    )
    shop.put("a3", "y", title="A")
    look(shop)  # by another process, which has nothing in memory
    assert parsed == ["a3"]
    look(shop, TODAY + timedelta(days=1))  # what is overdue depends on the day
    assert len(parsed) == 6


def row(key: str, check: str = "broken_link", number: int = 0) -> FlagRow:
    return FlagRow("a", check, key, "low", "m", 1, "", "", {}, [], 0.0, id=number, first_seen="t" if number else "")


def test_flags_are_compared_by_key_then_by_check() -> None:
    stored = [row("k1", number=1), row("k2", number=2), row("k3", "orphan", number=3)]
    new, changed, gone = compare(stored, [row("k2"), row("k9")])
    assert new == []
    assert [(flag.id, flag.key) for flag in changed] == [(1, "k9")]
    assert gone == [3]
    assert compare(stored, [replace(one, id=0, first_seen="") for one in stored]) == ([], [], [])


# --- who hears of what --------------------------------------------------------------------------------------


def test_a_reader_hears_nothing_of_articles_that_are_not_theirs(shop: Shop) -> None:
    shop.put("secret", "x", title="S", audience="internal", reviewed="2020-01-01", review_every="1d")
    shop.put("a-ko", "가", title="가", locale="ko", translation_of="secret")
    shop.put("secret", "y", title="S", audience="internal", reviewed="2020-01-01", review_every="1d")
    look(shop)
    assert ("a-ko", "translation_behind") in checks(shop, AGENT)
    assert ("secret", "verification_overdue") in checks(shop, AGENT)
    hidden = queue(shop, CUSTOMER, all_=True)
    assert [(report.id, [flag.check for flag in report.flags]) for report in hidden if report.id == "secret"] == []
    assert all(flag.check != "translation_behind" for report in hidden for flag in report.flags)
    assert all(not reason["name"].startswith("flags_") for report in hidden for reason in report.reasons)
    assert any(reason["name"] == "flags_medium" for report in queue(shop, AGENT) for reason in report.reasons)


def test_a_reader_of_one_space_hears_of_that_space_only(shop: Shop) -> None:
    with shop.home.database.write() as connection:
        for name in ("one", "two"):
            spaces.put(connection, Space(name, name))
    shop.put("a", LINK, title="A", space="one")
    shop.put("b", LINK, title="B", space="two")
    look(shop)
    reader = Reader(None, spaces=frozenset({"one"}))
    assert {article for article, _ in checks(shop, reader)} == {"a"}
    assert {report.id for report in queue(shop, space="two")} == {"b"}


# --- what people decide -------------------------------------------------------------------------------------


def test_a_waived_flag_comes_back_after_its_day(shop: Shop) -> None:
    shop.put("a", LINK, title="A")
    shop.put("b", LINK, title="B")
    waiver = choices.waive(shop.home.database, OPERATOR, "a", "broken_link", "on purpose", date(2026, 11, 30), TODAY)
    assert waiver.author == OPERATOR.name
    look(shop)
    assert checks(shop) == [("b", "broken_link")]
    look(shop, datetime(2026, 11, 30, 23, tzinfo=UTC))
    assert checks(shop) == [("b", "broken_link")]
    look(shop, datetime(2026, 12, 1, tzinfo=UTC))
    assert checks(shop) == [("a", "broken_link"), ("b", "broken_link")]


def test_a_check_is_switched_off_and_on(shop: Shop) -> None:
    shop.put("a", LINK, title="A")
    examiner = look(shop)
    choices.choose(shop.home.database, OPERATOR, "broken_link", TODAY, enabled=False)
    examiner.look(TODAY)
    assert checks(shop) == []
    choices.choose(shop.home.database, OPERATOR, "broken_link", TODAY, enabled=True)
    examiner.look(TODAY)
    assert checks(shop) == [("a", "broken_link")]


def test_a_tuned_option_holds_until_it_is_reset(shop: Shop) -> None:
    events(shop, "not_helped", 5)
    look_now(shop)
    assert ("a", "failing_readers") in checks(shop)
    choices.choose(shop.home.database, OPERATOR, "failing_readers", TODAY, options={"least": 6})
    look_now(shop)
    assert ("a", "failing_readers") not in checks(shop)
    setting = choices.choose(shop.home.database, OPERATOR, "failing_readers", TODAY, options={"least": None})
    assert setting.options == {}


@pytest.mark.parametrize(
    "options", [{"nothing": 1}, {"least": "many"}, {"least": -1}, {"least": True}, {"least": ["a"]}]
)
def test_an_option_that_cannot_be_is_refused_by_name(shop: Shop, options: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match=next(iter(options))):
        choices.choose(shop.home.database, OPERATOR, "failing_readers", TODAY, options=options)


def test_what_is_not_there_cannot_be_waived(shop: Shop) -> None:
    until = date(2027, 1, 1)
    for article, check in (("a", "no_such_check"), ("nothing", "broken_link")):
        with pytest.raises(NotFound):
            choices.waive(shop.home.database, OPERATOR, article, check, "why", until, TODAY)
    shop.put("a", "x", title="A")
    for reason, day in (("  ", until), ("why", date(2020, 1, 1))):
        with pytest.raises(InvalidInput):
            choices.waive(shop.home.database, OPERATOR, "a", "broken_link", reason, day, TODAY)


# --- readers ------------------------------------------------------------------------------------------------


def events(shop: Shop, kind: str, count: int, article: str = "a") -> None:
    shop.put(article, "refund within 14 days", title="Refunds")
    for _ in range(count):
        found = shop.search("refund")
        shop.home.journal.record(Event(stamp(datetime.now(UTC)), found.search_id, kind, article, {}))
    shop.home.journal.flush()


def look_now(shop: Shop) -> None:
    look(shop, datetime.now(UTC))


@pytest.mark.parametrize(("count", "flagged"), [(3, False), (5, True)])
def test_three_readers_prove_nothing_and_five_do(shop: Shop, count: int, flagged: bool) -> None:
    events(shop, "not_helped", count)
    look_now(shop)
    assert (("a", "failing_readers") in checks(shop)) is flagged


def test_readers_who_were_helped_outweigh_those_who_were_not(shop: Shop) -> None:
    events(shop, "not_helped", 5)
    events(shop, "helped", 8)
    look_now(shop)
    assert ("a", "failing_readers") not in checks(shop)


def test_who_is_read_more_comes_first(shop: Shop) -> None:
    shop.put("seldom", LINK, title="S")
    shop.put("often", LINK, title="O")
    found = shop.search("O")
    for _ in range(9):
        shop.home.journal.record(Event(stamp(datetime.now(UTC)), found.search_id, "clicked", "often", {}))
    shop.home.journal.flush()
    look_now(shop)
    first, second = queue(shop)
    assert (first.id, second.id) == ("often", "seldom")
    assert first.damage > second.damage > 0
    assert first.readers == 9


# --- over HTTP ----------------------------------------------------------------------------------------------


def test_flags_are_there_at_once_after_an_edit_and_page_by_page(shop: Shop, client: TestClient) -> None:
    head = shop.key("author")
    for name in "abc":
        shop.put(name, LINK, title=name.upper())
    first = client.get("/v1/flags", params={"limit": 2}, headers=head).json()
    rest = client.get("/v1/flags", params={"limit": 2, "cursor": first["next"]}, headers=head).json()
    assert [one["id"] for one in first["articles"] + rest["articles"]] == ["a", "b", "c"]
    assert rest["next"] is None
    shop.put("a", "mended", title="A")
    assert [one["id"] for one in client.get("/v1/flags", headers=head).json()["articles"]] == ["b", "c"]


def test_a_check_is_changed_by_administrators_and_waived_by_authors(shop: Shop, client: TestClient) -> None:
    shop.put("a", LINK, title="A")
    author, admin = shop.key("author"), shop.key("admin")
    body = {"article": "a", "check": "broken_link", "reason": "on purpose", "until": "2999-01-01"}
    assert client.put("/v1/waivers", json=body, headers=shop.key("agent")).status_code == 403
    assert client.put("/v1/waivers", json=body, headers=author).json()["until"] == "2999-01-01"
    assert client.get("/v1/flags", headers=author).json()["articles"] == []
    assert [one["article"] for one in client.get("/v1/waivers", headers=author).json()["waivers"]] == ["a"]
    which = {"article": "a", "check": "broken_link"}
    assert client.delete("/v1/waivers", params=which, headers=author).status_code == 204
    assert client.delete("/v1/waivers", params=which, headers=author).status_code == 404
    assert len(client.get("/v1/flags", headers=author).json()["articles"]) == 1
    assert client.patch("/v1/checks/broken_link", json={"enabled": False}, headers=author).status_code == 403
    changed = client.patch("/v1/checks/broken_link", json={"enabled": False}, headers=admin).json()
    assert (changed["enabled"], changed["flags"]) == (False, 0)
    listed = client.get("/v1/checks", headers=author).json()["checks"]
    assert {one["name"] for one in listed} == set(CHECKS)
    assert client.patch("/v1/checks/nothing", json={}, headers=admin).status_code == 404


def test_a_plan_gives_nobody_more_than_they_can_do(shop: Shop, client: TestClient) -> None:
    for number in range(5):
        shop.put(f"a{number}", LINK, title="A", owner="kim")
    found = client.get("/v1/flags/plan", params={"capacity": 2}, headers=shop.key("author")).json()
    (kim,) = [owner for owner in found["owners"] if owner["owner"] == "kim"]
    weeks = [item["due"] for item in kim["articles"]]
    assert sorted(weeks.count(week) for week in set(weeks)) == [1, 2, 2]
    assert date.fromisoformat(kim["ends"]) == date.fromisoformat(max(weeks)) + timedelta(days=6)


def test_closed_flags_are_forgotten_in_time(shop: Shop) -> None:
    shop.put("a", LINK, title="A")
    examiner = look(shop)
    shop.put("a", "mended", title="A")
    examiner.look(TODAY)
    with shop.home.database.write() as connection:
        assert store.forget_closed(connection, stamp(TODAY)) == 0
        assert store.forget_closed(connection, stamp(TODAY + timedelta(days=1))) == 1


@pytest.mark.parametrize(
    "piece", [".", "1", "`", "on 1 Jan ", "-a", "[x](#gone) ", "# a\n\n", "password: a1b2 ", "\u200b", "…\n\n"]
)
def test_a_hostile_text_does_not_stop_the_look(shop: Shop, piece: str) -> None:
    shop.put("a", "Words. https://a.corp" + piece * (8_000 // len(piece)), title="A")
    assert look(shop).look(TODAY).articles == 1


def test_an_option_of_nothing_stops_no_look(shop: Shop) -> None:
    shop.put("a", "", title="A")
    shop.put("b", "Some words.", title="'?'")
    for name, check in CHECKS.items():
        numbers = {key: 0 for key, value in check.options.items() if not isinstance(value, tuple)}
        choices.choose(shop.home.database, OPERATOR, name, TODAY, options=numbers)
    assert look(shop).look(TODAY).articles == 2
