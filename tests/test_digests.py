"""Digests: when, what, in which words, and who decides. `test_digest_sending` has how they arrive."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, update

from articles import digests
from articles.digests import rhythm
from articles.digests.choose import Choice, Pace, choose, is_news
from articles.digests.items import Item, Kind
from kb import passwords
from kb.errors import InvalidInput, NotFound
from kb.models import OPERATOR
from kb.store import Connection, people
from kb.store.digests import Subscription
from kb.store.schema_health import flags
from kb.times import stamp
from tests.conftest import Shop

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
PASSWORD = "correct horse battery"
KIM = Subscription("kim", "email", "kim@example.com", "daily", 0, 9, "UTC", "en", 20, rest=False)
KIM = replace(KIM, handled_at=stamp(NOW - timedelta(days=30)))


def user(shop: Shop, user_id: str, **rights: Any) -> None:
    with shop.home.database.write() as connection:
        hashed = passwords.hashed(PASSWORD, user_id)
        people.add_user(connection, OPERATOR, user_id, **{"role": "author", "password": hashed, **rights})


def subscribe(shop: Shop, user_id: str = "kim", at: datetime = NOW - timedelta(days=1), **wanted: Any) -> None:
    shape: dict[str, Any] = {
        **{"channel": "email", "address": f"{user_id}@example.com", "secret": "", "rhythm": "daily", "weekday": 0},
        **{"hour": 9, "zone": "UTC", "language": "en", "most": 20, "rest": False, **wanted},
    }
    with shop.home.database.write() as connection:
        digests.subscribe(connection, OPERATOR, user_id, shape, at)  # type: ignore[arg-type]


def flag(shop: Shop, article: str, check: str = "broken_link", **values: Any) -> None:
    row = {
        **{"article_id": article, "check": check, "key": check, "severity": "medium", "message": "leads nowhere"},
        **{"line": 3, "quote": "[x](./gone.md)", "fix": "", "evidence": {}, "others": [], "hurts": 10.0},
        **{"first_seen": stamp(NOW - timedelta(days=2)), "closed_at": "", **values},
    }
    with shop.home.database.write() as connection:
        connection.execute(insert(flags).values(row))


def preview(shop: Shop, user_id: str = "kim", **options: Any) -> digests.Preview:
    with shop.home.database.read() as connection:
        return digests.preview(connection, user_id, shop.settings, NOW, **options)


def untold(connection: Connection) -> dict[str, int]:
    return digests.untold(connection, digests.Gathered(digests.SOURCES, NOW))


def titles(shop: Shop, user_id: str = "kim", **options: Any) -> list[str]:
    return [line.title for line in preview(shop, user_id, **options).digest.lines]


def checks(shop: Shop) -> dict[str, list[str]]:
    """What Kim would be told of each article."""
    lines = preview(shop).digest.lines
    return {line.title: [point.item.check for point in line.points] for line in lines}


def an_item(key: str = "flag-1", kind: Kind = "flag", **values: Any) -> Item:
    return Item(kind, key, **{"owner": "kim", "title": "Refunds", "article": "refunds", **values})


# --- when ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rhythm_", "now", "expected"),
    [
        ("daily", "2026-11-25T08:59", "2026-11-24T09:00"),
        ("daily", "2026-11-25T09:00", "2026-11-25T09:00"),
        ("weekdays", "2026-11-29T12:00", "2026-11-27T09:00"),  # a Sunday: it was Friday
        ("weekly", "2026-11-25T12:00", "2026-11-23T09:00"),
        ("weekly", "2026-11-23T08:00", "2026-11-16T09:00"),
        ("off", "2026-11-25T12:00", None),
    ],
)
def test_the_last_time_to_tell(rhythm_: Any, now: str, expected: str | None) -> None:
    found = rhythm.last(replace(KIM, rhythm=rhythm_), datetime.fromisoformat(f"{now}+00:00"))
    assert found == (datetime.fromisoformat(f"{expected}+00:00") if expected else None)


@pytest.mark.parametrize(
    ("zone", "hour", "day", "expected"),
    [
        ("Asia/Seoul", 9, "2026-11-25", "2026-11-25T00:00"),
        ("America/New_York", 9, "2026-03-07", "2026-03-07T14:00"),  # winter
        ("America/New_York", 9, "2026-03-08", "2026-03-08T13:00"),  # summer since two o'clock
        ("America/New_York", 2, "2026-03-08", "2026-03-08T07:00"),  # a time that there is not: an hour later
        ("America/New_York", 1, "2026-11-01", "2026-11-01T05:00"),  # a time that is there twice: the first
        ("Asia/Kathmandu", 9, "2026-11-25", "2026-11-25T03:15"),
    ],
)
def test_hours_are_those_of_the_zone(zone: str, hour: int, day: str, expected: str) -> None:
    at = datetime.fromisoformat(f"{expected}+00:00")
    held = replace(KIM, zone=zone, hour=hour)
    assert rhythm.last(held, at) == at
    assert rhythm.following(held, at - timedelta(seconds=1)) == at
    assert rhythm.following(held, at) != at


_FIRST, _LAST = (NOW.replace(year=year, tzinfo=None) for year in (2020, 2030))


@given(
    st.sampled_from(["daily", "weekdays", "weekly"]),
    st.integers(0, 6),
    st.integers(0, 23),
    st.sampled_from(["UTC", "Asia/Seoul", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"]),
    st.datetimes(_FIRST, _LAST, timezones=st.just(UTC)),
)
def test_times_are_never_lost_nor_told_twice(rhythm_: Any, day: int, hour: int, zone: str, now: datetime) -> None:
    """Looked at every hour, each time to tell is due once, and the next is what becomes due."""
    held = replace(KIM, rhythm=rhythm_, weekday=day, hour=hour, zone=zone, handled_at=stamp(now))
    coming = rhythm.following(held, now)
    assert coming is not None
    assert timedelta(0) < coming - now <= timedelta(days=8)
    assert not rhythm.is_due(held, coming - timedelta(seconds=1))
    assert rhythm.is_due(held, coming)
    assert rhythm.last(held, coming) == coming
    assert not rhythm.is_due(replace(held, handled_at=stamp(coming)), coming + timedelta(hours=1))


def test_a_snooze_is_not_made_up_for_when_it_ends() -> None:
    held = replace(KIM, snoozed_until="2026-11-26", handled_at=stamp(NOW))
    assert not rhythm.is_due(held, NOW.replace(day=25, hour=23))
    assert not rhythm.is_due(held, NOW.replace(day=26, hour=8))  # awake, and yesterday's nine o'clock is over
    assert rhythm.is_due(held, NOW.replace(day=26, hour=9))
    assert rhythm.following(held, NOW) == NOW.replace(day=26, hour=9)


@pytest.mark.parametrize("name", ["", "Seoul/", "../etc/passwd", "Mars/Base", "a" * 99, "/etc/localtime", "Asia"])
def test_what_is_no_time_zone_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match=r"zone: .* is not a time zone such as Asia/Seoul"):
        rhythm.zone(name)


# --- what ----------------------------------------------------------------------------------------------------


def test_a_thing_is_told_again_only_when_it_is_worse_or_began_anew() -> None:
    item = an_item(since="2026-11-01", severity="medium", hurts=10.0)
    before = item.told
    assert is_news(item, None)
    assert not is_news(item, before)
    assert not is_news(replace(item, hurts=14.9), before)  # a few more readers
    assert not is_news(replace(item, severity="low", hurts=1), before)  # it got better
    assert is_news(replace(item, hurts=20.0), before)
    assert is_news(replace(item, severity="high"), before)
    assert is_news(replace(item, since="2026-11-20"), before)  # settled, and there again
    assert not is_news(replace(item, hurts=4.0), replace(before, hurts=0.0))  # from none to a few


def test_batches_and_snoozes_decide_what_is_told_now() -> None:
    items = [an_item(f"flag-{n}", article=f"a{n}") for n in range(10)]
    told = {"flag-0": items[0].told}
    pace = Pace(100)
    found = choose(items, told, {"flag-1", "article:a2"}, 3, pace)
    assert ([item.key for item in found.items], found.more) == (["flag-3", "flag-4", "flag-5"], 4)
    assert choose(items, told, {"flag-1", items[2].thing}, 3, pace).items[0].key == "flag-3"
    assert choose(items, {item.key: item.told for item in items}, (), 3, pace) == Choice((), 0)


def test_the_flags_of_an_article_are_one_thing_and_each_is_told_once() -> None:
    items = [an_item(f"flag-{n}", article=f"a{n % 3}", hurts=9.0 - n) for n in range(9)] + [an_item("edit-1", "edit")]
    found = choose(items, {}, (), 2, Pace(100))
    assert ([item.key for item in found.items], found.more) == (
        ["flag-0", "flag-3", "flag-6", "flag-1", "flag-4", "flag-7"],
        2,
    )
    told = {item.key: item.told for item in found.items}
    new = an_item("flag-9", article="a0")
    again = choose([*items, new], told, (), 20, Pace(100))
    assert [item.key for item in again.items] == ["flag-2", "flag-5", "flag-8", "edit-1", "flag-9"]
    assert choose(items, told, {items[2].thing}, 20, Pace(100)).items == (items[9],)
    assert choose(items, told, {items[2].key}, 20, Pace(100)).items == (items[5], items[8], items[9])


def test_an_old_base_is_told_in_weeks_and_people_who_wait_at_once() -> None:
    items = [an_item(f"flag-{n}", article=f"a{n // 2}") for n in range(20)] + [an_item("edit-1", "edit")]
    first = choose(items, {}, (), 100, Pace(3))
    assert [item.key for item in first.items] == [*(f"flag-{n}" for n in range(6)), "edit-1"]
    assert first.more == 7
    told = {item.key: replace(item.told, at="2026-11-23") for item in first.items}
    assert choose(items, told, (), 100, Pace.of(told.values(), "2026-11-20", 3)) == Choice((), 7)
    again = choose(items, told, (), 100, Pace.of(told.values(), "2026-11-25", 3))
    assert [item.key for item in again.items] == [f"flag-{n}" for n in range(6, 12)]
    worse = [replace(items[0], hurts=50.0), *items[1:]]  # of an article that they know of
    found = choose(worse, told, (), 100, Pace.of(told.values(), "2026-11-20", 3))
    assert [item.key for item in found.items] == ["flag-0"]


def test_who_waits_comes_first_and_then_the_most_damage() -> None:
    items = [an_item("a", hurts=5), an_item("b", hurts=50), an_item("c", "edit"), an_item("d", "gap", hurts=20)]
    items += [an_item("e", "returned"), an_item("f", "review")]
    assert [item.key for item in sorted(items, key=lambda item: item.place)] == ["e", "f", "c", "b", "d", "a"]


# --- whose ---------------------------------------------------------------------------------------------------


@pytest.fixture
def team(shop: Shop) -> Shop:
    """Kim owns refunds, nobody who signs in owns the other two."""
    user(shop, "kim")
    user(shop, "lee")
    shop.put("refunds", "# Refunds\n\nRefunds take 14 days.", title="Refunds", owner="Kim")
    shop.put("delivery", "# Delivery\n\nDelivery takes two days.", title="Delivery", owner="team-logistics")
    shop.put("secret", "# Secret\n\nOnly for the board.", title="Secret", audience="board", owner="kim")
    for article in ("refunds", "delivery", "secret"):
        flag(shop, article)
    return shop


def test_owners_hear_of_what_is_theirs_and_of_nothing_that_they_may_not_read(team: Shop) -> None:
    subscribe(team)
    assert titles(team) == ["Refunds"]
    flag(team, "refunds", "near_duplicate", others=["secret"], line=9)  # names what Kim may not read
    assert checks(team) == {"Refunds": ["broken_link"]}
    with team.home.database.write() as connection:
        people.add_group(connection, OPERATOR, "board")
        people.change_user(connection, OPERATOR, "kim", {"groups": ["board"]})
    assert checks(team) == {"Refunds": ["broken_link", "near_duplicate"], "Secret": ["broken_link"]}


def test_a_coordinator_hears_what_nobody_else_is_told(team: Shop) -> None:
    subscribe(team)
    with team.home.database.read() as connection:
        assert untold(connection) == {"team-logistics": 1, "kim": 1}
    subscribe(team, "lee", rest=True)
    assert titles(team, "lee") == ["Delivery"]
    subscribe(team, rhythm="off")
    assert sorted(titles(team, "lee")) == ["Delivery", "Refunds"]
    with team.home.database.read() as connection:
        assert untold(connection) == {"kim": 1}  # the board's, which Lee may not read
    subscribe(team)
    with team.home.database.write() as connection:
        people.change_user(connection, OPERATOR, "kim", {"disabled": True})
    assert sorted(titles(team, "lee")) == ["Delivery", "Refunds"]
    with pytest.raises(NotFound, match="'kim' is disabled"):
        preview(team)


def test_suggestions_and_texts_that_wait_are_told(team: Shop, client: TestClient) -> None:
    for name in ("kim", "lee"):
        subscribe(team, name)
    agent = team.key("agent")
    said = {"note": "It is 30 days, ask kim@example.com", "quote": "why not 30?"}
    assert client.post("/v1/articles/refunds/edits", json=said, headers=agent).status_code == 201
    with team.home.database.write() as connection:
        connection.execute(update(flags).values(closed_at=stamp(NOW)))
    (line,) = preview(team).digest.lines
    (point,) = line.points
    assert (line.item.kind, point.why, point.quote) == ("edit", "It is 30 days, ask [email]", "why not 30?")
    lee = sign_in(client, "lee")
    changed = {"markdown": "# Refunds\n\nRefunds take 30 days.", "publish": False, "owner": "kim"}
    text = "---\nlocale: en\ntitle: Refunds\nowner: Kim\n---\n\n# Refunds\n\nRefunds take 30 days."
    changed = {"markdown": text, "publish": False}
    answer = client.put("/v1/articles/refunds", json=changed, headers={**lee, "If-Match": "*"})
    assert answer.status_code == 200, answer.text
    step(client, lee, "submit")
    assert [line.item.kind for line in preview(team).digest.lines] == ["review", "edit"]
    kim = sign_in(client, "kim")
    step(client, kim, "decline", note="Say which refunds")
    (line,) = preview(team, "lee").digest.lines
    assert (line.item.kind, line.points[0].why) == ("returned", "Say which refunds")
    assert line.item.path == "/console?article=refunds"  # the other page has the text that readers see
    assert [line.item.kind for line in preview(team).digest.lines] == ["edit"]


def sign_in(client: TestClient, name: str) -> dict[str, str]:
    """Sign in; the header that every write needs."""
    client.cookies.clear()
    answer = client.post("/v1/session", json={"user": name, "password": PASSWORD})
    assert answer.status_code in {200, 201}, answer.text
    token: str = answer.json()["csrf_token"]
    return {"X-CSRF-Token": token}


def step(client: TestClient, headers: dict[str, str], action: str, **more: str) -> None:
    body = {"action": action, **more}
    answer = client.post("/v1/articles/refunds/transitions", json=body, headers={**headers, "If-Match": "*"})
    assert answer.status_code == 200, answer.text
