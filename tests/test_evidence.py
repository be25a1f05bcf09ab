"""What coaches and coordinators are shown is exact, is theirs to see, and ranks nobody."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from articles import edits as editing
from articles.evidence.coaching import Agent, Coaching, Topic, coaching, coaching_csv, coaching_json, whose
from articles.evidence.coordination import Standing, coordination, coordination_csv, coordination_json
from articles.library import Draft
from articles.metrics import Share, Slice
from articles.spaces import put_space
from articles.tickets import Desk, Incoming
from kb.errors import Forbidden, InvalidInput
from kb.models import AGENTS, EVERYTHING, OPERATOR, PUBLIC, Actor, Reader
from kb.rights import SCOPES, Role
from kb.store import flags, people, searches, tickets
from kb.store.flags import FlagRow
from kb.store.searches import Event, Search
from kb.store.spaces import Space
from kb.times import stamp
from tests.conftest import AGENT, CUSTOMER, Shop

NOW = datetime.now(UTC)
WHAT = Slice(stamp(NOW - timedelta(days=30)), stamp(NOW + timedelta(days=1)))
KIM = Actor("user:kim", AGENT, SCOPES["agent"])
LEE = Actor("user:lee", AGENT, SCOPES["author"])


def ago(**time: float) -> str:
    return stamp(NOW - timedelta(**time))


class Room:
    """A shop with shorthands for what happens in a support team."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.database = shop, shop.home.database
        self.asked = 0

    def ask(self, query: str, person: str = "", first: str = "", *kinds: str, **more: Any) -> str:
        """A search, the article that came first, and what was done with it; without an article nothing was found."""
        self.asked += 1
        search_id = f"s{self.asked}"
        values: dict[str, Any] = {
            "at": ago(hours=2),
            "channel": "search",
            "language": "en",
            "audiences": [AGENTS, PUBLIC],
            "verdict": "answer" if first else "none",
            **more,
        }
        hits = [{"id": first, "confidence": 0.5}] if first else []
        search = Search(
            id=search_id, query=query, answerable=0.5, hits=hits, model="m", vector=b"", person=person, **values
        )
        with self.database.write() as connection:
            searches.append(connection, [search], [self.event(search_id, kind, first) for kind in kinds])
        return search_id

    def event(self, search_id: str, kind: str, article: str = "", at: str = "", **data: Any) -> Event:
        return Event(at or ago(hours=1), search_id, kind, article, data)

    def send(self, article: str, way: str, person: str = "", **more: Any) -> None:
        search_id = self.ask("q", person, article, "clicked", channel="suggest", **more)
        with self.database.write() as connection:
            searches.append(connection, [], [self.event(search_id, "inserted", article, **{"as": way})])

    def close(self, ticket_id: str, *linked: str, at: str = "", **more: Any) -> None:
        incoming = Incoming(ticket_id, "a", state="closed", closed_at=at or ago(hours=1), **more)
        ticket, _ = Desk(self.database, str).put(incoming, OPERATOR, ago(hours=1))
        with self.database.write() as connection:
            tickets.put(connection, replace(ticket, linked=linked))

    def user(self, name: str, role: Role = "agent", **more: Any) -> None:
        with self.database.write() as connection:
            people.add_user(connection, OPERATOR, name.lower(), role=role, password="x", name=name, **more)

    def flag(self, article: str, check: str = "broken_link", at: str = "", closed: str = "", **more: Any) -> None:
        values = {"severity": "high", "message": "m", "line": 1, "quote": "", "fix": "", "evidence": {}, **more}
        row = FlagRow(article, check, str(self.asked), **{"others": [], "hurts": 2.5, **values})
        self.asked += 1
        with self.database.write() as connection:
            flags.change_flags(connection, [row], [], [], at or ago(hours=1))
            if closed:
                last = max(flag.id for flag in flags.stored_flags(connection))
                flags.change_flags(connection, [], [], [last], closed)

    def coach(self, reader: Reader = EVERYTHING, what: Slice = WHAT, agent: Agent | None = None) -> Coaching:
        return coaching(self.database, reader, what, agent)

    def coordinate(self, reader: Reader = EVERYTHING, what: Slice = WHAT) -> dict[str, Any]:
        return coordination_json(coordination(self.database, reader, what, NOW))


@pytest.fixture
def room(shop: Shop) -> Room:
    shop.put("refunds", "Refunds take 14 days.", title="Refunds", owner="billing")
    shop.put("fees", "Fees are secret.", title="Fees", audience="leads", owner="Accounts")
    return Room(shop)


def names(topics: Sequence[Topic]) -> list[tuple[str, Share]]:
    return [(topic.name, topic.failed) for topic in topics]


# --- coaching --------------------------------------------------------------------------------------------------


def test_without_anything_nothing_is_told(room: Room) -> None:
    found = room.coach(what=Slice("2020-01-01T00:00:00.000Z", "2020-02-01T00:00:00.000Z"))
    assert (found.topics, found.withheld, found.articles) == ([], 0, [])
    told = coaching_json(found)["contributions"]
    assert told["participation"] == {"count": 0, "of": 0, "rate": None}
    assert told["accepted"] == {"count": 0, "of": 0, "rate": None}


def test_topics_are_the_article_that_came_first_or_else_the_words(room: Room) -> None:
    room.ask("refund when", "kim", "refunds")
    room.ask("money back", "lee", "refunds", "clicked")
    room.ask("Reset  password", "kim")
    room.ask("password reset", "lee")
    room.ask("Password, RESET", "kim")
    room.ask("환불 언제", "kim")
    room.ask("언제 환불", "lee", "refunds", verdict="none")  # nothing that was found is likely to answer
    assert names(room.coach().topics) == [
        ("Password, RESET", Share(3, 3)),
        ("언제 환불", Share(2, 2)),
        ("money back", Share(1, 2)),
    ]
    assert [(t.article_id, t.title, t.agents) for t in room.coach().topics][2] == ("refunds", "Refunds", 2)


@pytest.mark.parametrize(
    ("first", "kinds", "failed"),
    [
        ("refunds", (), True),
        ("refunds", ("clicked",), False),
        ("refunds", ("inserted",), False),
        ("refunds", ("clicked", "not_helped"), True),
        ("refunds", ("not_helped", "helped"), False),
        ("refunds", ("dismissed",), True),
        ("", ("clicked",), True),
    ],
)
def test_a_search_fails_where_nothing_is_found_done_or_helpful(
    room: Room, first: str, kinds: tuple[str, ...], failed: bool
) -> None:
    room.ask("refund", "kim", first, *kinds)
    room.ask("refund", "lee", first, *kinds)
    assert names(room.coach().topics) == ([("refund", Share(2, 2))] if failed else [])


def test_what_one_person_alone_searched_for_is_theirs_to_see(room: Room) -> None:
    room.ask("my own", "kim")
    room.ask("ours", "kim")
    room.ask("ours", "lee")
    room.ask("somebody's")  # nobody knows whose
    team = room.coach()
    assert (names(team.topics), team.withheld) == ([("ours", Share(2, 2)), ("somebody's", Share(1, 1))], 1)
    own = room.coach(agent=Agent("kim", "user:kim"))
    assert (names(own.topics), own.withheld) == ([("my own", Share(1, 1)), ("ours", Share(1, 1))], 0)


def test_only_agents_settled_searches_in_the_period_and_space_are_topics(room: Room) -> None:
    room.ask("customer", audiences=[PUBLIC])
    room.ask("typing", settled=False)
    room.ask("ticket", channel="suggest")
    room.ask("old", at=ago(days=31))
    room.ask("end", at=WHAT.until)
    room.ask("begin", at=WHAT.since)
    room.ask("shop", space="shop")
    assert [topic.name for topic in room.coach().topics] == ["begin", "shop"]
    assert [topic.name for topic in room.coach(what=replace(WHAT, space="shop")).topics] == ["shop"]


def test_a_reader_is_told_only_what_those_asked_and_sent_who_see_no_more(room: Room) -> None:
    room.ask("leads know", "", "fees", audiences=["leads", AGENTS, PUBLIC])
    room.ask("what are fees", "", "fees")  # it was shown before it was the leads'
    room.ask("in a shop", space="shop")
    for article in ("fees", "refunds"):
        room.send(article, "link")
    agent = room.coach(AGENT)
    assert [(topic.name, topic.article_id) for topic in agent.topics] == [("in a shop", ""), ("what are fees", "")]
    assert [article.id for article in agent.articles] == ["refunds"]
    assert {article.id for article in room.coach().articles} == {"fees", "refunds"}
    elsewhere = replace(AGENT, spaces=frozenset({"shop"}))
    found = room.coach(elsewhere)
    assert ([topic.name for topic in found.topics], found.articles) == (["in a shop"], [])
    assert room.coach(CUSTOMER).topics == []


def test_reuse_counts_ways_people_and_tickets(room: Room) -> None:
    for way, person in (("passage", "kim"), ("passage", "lee"), ("link", "kim"), ("copy", ""), ("=1", "kim")):
        room.send("refunds", way, person)
    room.send("fees", "link", at=ago(days=40))  # the event is in the period
    room.close("1", "refunds")
    room.close("2", "refunds", "fees")
    room.close("3", "refunds", at=ago(days=31))
    refunds, fees = room.coach().articles
    assert (refunds.passages, refunds.links, refunds.copies, refunds.others) == (2, 1, 1, 1)
    assert (refunds.uses, refunds.agents, refunds.tickets) == (5, 2, 2)
    assert (fees.id, fees.links, fees.agents, fees.tickets) == ("fees", 1, 0, 1)
    own = room.coach(agent=Agent("kim", "user:kim")).articles
    assert [(a.id, a.passages, a.links, a.others, a.tickets) for a in own] == [("refunds", 1, 1, 1, 0)]


def test_contributions_are_names_in_order_and_rates_of_five_or_more(room: Room) -> None:
    for name, role in (("Lee", "author"), ("kim", "agent"), ("Park", "agent"), ("Ann", "customer")):
        room.user(name, role)  # type: ignore[arg-type]
    database, library = room.database, room.shop.library
    kept = [editing.suggest(database, "refunds", KIM, note=f"wrong {n}") for n in range(3)]
    alone = room.coach().contributions
    assert (alone.participation, alone.contributors) == (Share(1, 3), ())  # the numbers would be that one person's
    editing.resolve(library, kept[0].id, LEE, accept=True)
    editing.resolve(library, kept[1].id, LEE, accept=False)
    library.save(Draft.of("draft", "---\ntitle: New\nlocale: en\n---\n\nText.", None), LEE)
    for number in range(6):
        room.close(str(number))
    given = room.coach().contributions
    assert (given.participation, given.contributors) == (Share(2, 3), ["kim", "Lee"])
    assert (given.suggestions_per_ticket, given.accepted, given.versions) == (Share(3, 6), Share(1, 2), 3)
    told = coaching_json(room.coach())["contributions"]
    assert told["suggestions_per_ticket"] == {"count": 3, "of": 6, "rate": 0.5}
    assert told["participation"] == {"count": 2, "of": 3, "rate": None}
    own = room.coach(agent=Agent("", "user:kim")).contributions
    assert (own.participation, own.contributors, own.suggestions_per_ticket) == (None, (), None)
    assert (own.suggestions, own.accepted, own.versions) == (3, Share(1, 2), 0)


def test_participation_is_of_those_who_work_in_a_space_that_is_seen(room: Room) -> None:
    put_space(room.database, Space("shop", "Shop"), OPERATOR, None)
    room.user("Everywhere")
    room.user("Main", space_ids=["main"])
    room.user("Shop", space_ids=["shop"])
    sizes = []
    for spaces, space in ((None, ""), (None, "shop"), ({"shop"}, ""), ({"main"}, "shop"), ({"main", "shop"}, "")):
        reader = replace(AGENT, spaces=None if spaces is None else frozenset(spaces))
        share = room.coach(reader, replace(WHAT, space=space)).contributions.participation
        sizes.append(share.of if share else None)
    assert sizes == [3, 2, 2, 0, 3]


def test_nobody_sees_another_s_numbers_but_an_administrator() -> None:
    admin = replace(KIM, name="user:boss", scopes=SCOPES["admin"])
    assert whose(KIM, "", str.upper) is None
    assert whose(KIM, "me", str.upper) == whose(KIM, " Kim", str.upper) == Agent("KIM", "user:kim")
    assert whose(replace(KIM, name="key:ab"), "me", str.upper) == Agent("KEY:AB", "key:ab")
    assert whose(admin, "kim", str.upper) == Agent("KIM", "user:kim")
    with pytest.raises(Forbidden, match="user:kim may see their own numbers"):
        whose(KIM, "lee", str.upper)
    with pytest.raises(InvalidInput, match="agent: '  ' is nobody"):
        whose(admin, "  ", str.upper)


# --- coordination ----------------------------------------------------------------------------------------------


def test_flags_are_told_by_owner_and_age(room: Room) -> None:
    room.shop.put("nobody", "Text.", title="Nobody's")
    for days in (0, 6.99, 7, 29.99, 30, 90.99, 91, 400):
        room.flag("refunds", at=ago(days=days))
    room.flag("fees", "too_long", severity="low", hurts=0.25)
    room.flag("nobody", "too_long", severity="low", hurts=1)
    room.flag("refunds", closed=ago(minutes=1))
    found = room.coordinate()
    assert [(one["owner"], one["flags"], one["readers"]) for one in found["owners"]] == [
        *(("", 1, 1.0), ("Accounts", 1, 0.25), ("billing", 8, 20.0)),
    ]
    assert found["owners"][2]["ages"] == {"week": 2, "month": 2, "quarter": 2, "older": 2}
    assert found["checks"] == [
        {"check": "broken_link", "severity": "high", "flags": 8, "readers": 20.0},
        {"check": "too_long", "severity": "low", "flags": 2, "readers": 1.25},
    ]


def test_flags_that_name_what_a_reader_may_not_read_are_not_counted(room: Room) -> None:
    room.flag("refunds", others=["fees"])
    room.flag("refunds", others=["refunds"])
    room.flag("fees")
    room.flag("refunds", others=["fees"], closed=ago(minutes=1))
    counts = [sum(one["flags"] for one in room.coordinate(reader)["owners"]) for reader in (EVERYTHING, AGENT)]
    assert counts == [3, 1]
    assert sum(week["closed"] for week in room.coordinate(AGENT)["flow"]) == 0
    assert room.coordinate(replace(AGENT, spaces=frozenset({"shop"})))["owners"] == []
    assert room.coordinate(what=replace(WHAT, space="shop"))["owners"] == []


def test_the_flags_of_an_archived_article_wait_for_nobody(room: Room) -> None:
    room.flag("refunds")
    room.shop.library.archive("refunds", OPERATOR)
    assert room.coordinate()["owners"] == []


def test_flow_is_what_was_opened_and_closed_in_each_week(room: Room) -> None:
    what = Slice("2026-01-05T00:00:00.000Z", "2026-01-21T00:00:00.000Z")
    room.flag("refunds", at=what.since, closed="2026-01-12T00:00:00.000Z")
    room.flag("refunds", at="2026-01-11T23:59:59.999Z", closed=what.until)
    room.flag("refunds", at="2026-01-04T23:59:59.999Z", closed="2026-01-20T23:59:59.999Z")
    told = [
        (week["from"][:10], week["whole"], week["opened"], week["closed"])
        for week in room.coordinate(what=what)["flow"]
    ]
    assert told == [("2026-01-05", True, 2, 0), ("2026-01-12", True, 0, 1), ("2026-01-19", False, 0, 1)]


def test_suggestions_reviews_and_verifications_wait_for_owners(room: Room) -> None:
    shop = room.shop
    editing.suggest(room.database, "refunds", KIM, note="wrong")
    done = editing.suggest(room.database, "refunds", KIM, note="wrong, too")
    editing.resolve(shop.library, done.id, LEE, accept=False)
    front = "---\ntitle: New\nlocale: en\nowner: docs\naudience: {}\n---\n\nText."
    for name, audience in (("draft", "public"), ("hidden", "leads")):
        shop.library.save(Draft.of(name, front.format(audience), None), OPERATOR)
        shop.library.take_step(name, "submit", OPERATOR)
    late, today = (NOW - timedelta(days=11)).date(), NOW.date()
    shop.put("late", "Text.", title="Late", owner="docs", reviewed=late, review_every="10 days")
    shop.put("due", "Text.", title="Due today", owner="docs", reviewed=today, review_every="10 days")
    room.close("1", "refunds")
    room.close("2")
    found = room.coordinate(AGENT)
    waiting = {one["owner"]: (one["edits"], one["in_review"], one["overdue"]) for one in found["owners"]}
    assert waiting == {"billing": (1, 0, 0), "docs": (0, 1, 1)}
    assert found["tickets_without_article"] == {"count": 1, "of": 2, "rate": 0.5}


# --- how it is shown -------------------------------------------------------------------------------------------


def test_csv_is_tidy_and_runs_nothing(room: Room) -> None:
    room.ask("=HYPERLINK(1)")
    room.send("refunds", "link")
    room.flag("refunds")
    rows = list(csv.DictReader(io.StringIO(coaching_csv(room.coach()))))
    assert [(row["measure"], row["name"], row["count"], row["of"], row["rate"]) for row in rows[:2]] == [
        ("failed", "'=HYPERLINK(1)", "1", "1", ""),
        ("passages", "Refunds", "0", "", ""),
    ]
    found = coordination(room.database, EVERYTHING, WHAT, NOW)
    assert found.flags == [Standing("billing", "broken_link", "high", "week", 1, 2.5)]
    told = list(csv.DictReader(io.StringIO(coordination_csv(found))))
    assert [row["owner"] for row in told if row["measure"] == "open_flags"] == ["billing"]
    opened = [int(row["count"]) for row in told if row["measure"] == "flags_opened"]
    assert (len(opened), sum(opened)) == (len(found.flow), 1)


def test_the_api_answers_coaches_and_coordinators(client: TestClient, room: Room) -> None:
    agent, admin = room.shop.key("agent"), room.shop.key("admin")
    room.ask("how much is it")

    def get(path: str, headers: dict[str, str] = agent, **params: str) -> Any:
        return client.get(f"/v1/{path}", params=params, headers=headers)

    assert [topic["name"] for topic in get("coaching").json()["topics"]] == ["how much is it"]
    assert get("coaching", agent="me").json()["topics"] == []
    assert get("coaching", agent="kim@example.com").status_code == 403
    assert get("coaching", admin, agent="kim@example.com").json()["agent"] == "kim@example.com"
    for path in ("coaching", "coordination"):
        assert get(path, format="csv").headers["content-type"] == "text/csv; charset=utf-8"
        assert get(path, until="0001-01-01").status_code == 400
        assert get(path, room.shop.key("customer")).status_code == 403
    assert get("coordination").json()["tickets_without_article"] == {"count": 0, "of": 0, "rate": None}
    assert get("coordination", **{"from": "0001-01-01"}).status_code == 400  # more than a thousand weeks


def test_both_are_printed_as_text_json_and_csv(room: Room) -> None:
    from typer.testing import CliRunner

    from kb.cli import metrics as _commands  # noqa: F401 - adds its commands
    from kb.cli.common import app

    room.ask("[bold]hostile")
    room.send("refunds", "link")
    room.close("1")

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(app, ["--home", str(room.shop.home.path), *arguments])
        assert done.exit_code == 0, done.output
        return done.stdout

    assert json.loads(run("coaching", "--json"))["topics"][0]["name"] == "[bold]hostile"
    assert "[bold]hostile" in run("coaching")
    assert json.loads(run("coaching", "--agent", "kim", "--json"))["topics"] == []
    assert json.loads(run("coordination", "--json"))["tickets_without_article"]["count"] == 1
    assert "1 of 1 ticket closed without an article" in run("coordination")
    for command in ("coaching", "coordination"):
        assert run(command, "--csv").count("\n") > 1
