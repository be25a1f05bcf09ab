"""Metrics count what their definitions say, over the period and the rights that are asked for."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from articles.metrics import DEFINITIONS, Share, Slice, Times, measure
from articles.tickets import Desk, Incoming, Turn
from kb.models import AGENTS, EVERYTHING, OPERATOR, PUBLIC, Reader
from kb.store import Database, searches, tickets
from kb.store.searches import Event, Search
from kb.wire.metrics import MetricsOut
from tests.conftest import AGENT, CUSTOMER, Shop

DAY = "2026-11-24T"
FROM, UNTIL = "2026-11-24T00:00:00.000Z", "2026-11-25T00:00:00.000Z"
ALL = Slice(FROM, UNTIL)


class Log:
    """A database with shorthands for what happens on one day; times are hours, as `09:00`."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(folder / "kb.db")
        self.desk = Desk(self.database, str)

    def ask(self, search_id: str, *events: tuple[str, str], at: str = "09:00", hits: int = 1, **more: Any) -> None:
        """A question and what was done with it: (kind, time)."""
        values = {"channel": "search", "language": "en", "audiences": [PUBLIC], **more}
        shown = [{"id": f"a{n}", "confidence": 0.5} for n in range(hits)]
        search = Search(
            id=search_id,
            at=time(at),
            query="q",
            answerable=0.5,
            verdict="maybe",
            hits=shown,
            model="m",
            vector=b"",
            **values,
        )
        done = [Event(time(when), search_id, kind, "", {}) for kind, when in events]
        with self.database.write() as connection:
            searches.append(connection, [search], done)

    def close(self, ticket_id: str, *linked: str, at: str = "10:00", **more: Any) -> None:
        incoming = Incoming(ticket_id, "a", state="closed", closed_at=time(at), **more)
        ticket, _ = self.desk.put(incoming, OPERATOR, FROM)
        with self.database.write() as connection:
            tickets.put(connection, replace(ticket, linked=linked))

    def measure(self, what: Slice = ALL, reader: Reader = EVERYTHING) -> dict[str, Any]:
        return dict(measure(self.database, reader, what))


def time(hour: str) -> str:
    return hour if "T" in hour else f"{DAY}{hour}:00.000Z"


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path)


def test_without_anything_every_rate_is_null(log: Log) -> None:
    found = log.measure()
    assert list(found) == list(DEFINITIONS)
    shares = {name: one for name, one in found.items() if isinstance(one, Share)}
    assert all((share.count, share.of, share.rate) == (0, 0, None) for share in shares.values())
    times = {"first_response": Times(0, None, None), "resolution": Times(0, None, None)}
    assert {name: one for name, one in found.items() if name not in shares} == times


def test_click_through_zero_results_and_unsuccessful_searches(log: Log) -> None:
    log.ask("a", ("clicked", "09:01"), ("clicked", "09:02"))
    log.ask("b", ("helped", "09:01"))
    log.ask("c", hits=0)
    log.ask("d", settled=False)  # a prefix on the way
    log.ask("e", ("clicked", "09:01"), channel="suggest")
    found = log.measure()
    assert found["search_ctr"] == Share(1, 3)
    assert found["zero_result_rate"] == Share(1, 3)
    assert found["unsuccessful_searches"] == Share(2, 3)


def test_a_rate_is_zero_where_there_were_searches_and_no_click(log: Log) -> None:
    log.ask("a")
    assert log.measure()["search_ctr"].rate == 0.0


def test_the_period_holds_its_beginning_and_not_its_end(log: Log) -> None:
    for name, at in (("a", FROM), ("b", UNTIL), ("c", "2026-11-23T23:59:59.999Z"), ("d", "23:59")):
        log.ask(name, at=at)
        log.close(f"t{name}", "x", at=at)
    found = log.measure()
    assert found["search_ctr"] == Share(0, 2)
    assert found["link_rate"] == Share(2, 2)


def test_only_closed_tickets_count_for_the_link_rate(log: Log) -> None:
    log.close("1", "refunds", "late")
    log.close("2")
    log.desk.put(Incoming("3", "open", updated_at=time("10:00")), OPERATOR, FROM)
    assert log.measure()["link_rate"] == Share(1, 2)


@pytest.mark.parametrize(
    ("events", "outcome"),
    [
        ([("clicked", "09:01")], "potential"),
        ([("clicked", "09:01"), ("helped", "09:02")], "confirmed"),
        ([("clicked", "09:01"), ("helped", "09:02"), ("not_helped", "09:03")], "potential"),
        ([("clicked", "09:01"), ("not_helped", "09:02"), ("helped", "09:03")], "confirmed"),
        ([("clicked", "09:01"), ("helped", "09:02"), ("contacted", "09:03")], "none"),
        ([("contacted", "09:00"), ("clicked", "09:01")], "potential"),  # before the view
        ([("clicked", "09:01"), ("contacted", "2026-11-25T09:00:59.999Z")], "none"),
        ([("clicked", "09:01"), ("contacted", "2026-11-25T09:01:00.000Z")], "potential"),  # a day is over
        ([("clicked", "09:01"), ("clicked", "20:00"), ("contacted", "2026-11-25T19:00:00.000Z")], "none"),
        ([("helped", "09:02")], None),  # nothing was viewed
    ],
)
def test_a_view_deflects_unless_contact_follows_within_a_day(
    log: Log, events: list[tuple[str, str]], outcome: str | None
) -> None:
    log.ask("a", *events)
    found = log.measure()
    names = ("none", "potential", "confirmed")
    expected = {name: Share(int(name == outcome), int(outcome is not None)) for name in names}
    assert {name: found[f"deflection_{name}"] for name in names} == expected


def test_contact_counts_against_what_the_same_visitor_viewed_in_another_search(log: Log) -> None:
    log.ask("a", ("clicked", "09:01"), person="p")
    log.ask("b", ("contacted", "10:00"), at="09:30", person="p")
    log.ask("c", ("clicked", "09:01"), person="q")
    log.ask("d", ("clicked", "09:01"))
    found = log.measure()
    assert found["deflection_none"] == Share(1, 3)
    assert found["deflection_potential"] == Share(2, 3)


def test_agents_searches_deflect_nothing(log: Log) -> None:
    log.ask("a", ("clicked", "09:01"), audiences=[AGENTS, PUBLIC])
    log.ask("b", ("clicked", "09:01"), audiences=["*"])
    log.ask("c", ("clicked", "09:01"), audiences=["partners", PUBLIC])
    found = log.measure()
    assert (found["search_ctr"], found["deflection_potential"]) == (Share(3, 3), Share(1, 1))


def test_self_service_succeeds_where_the_last_feedback_is_positive(log: Log) -> None:
    log.ask("a", ("clicked", "09:01"))
    log.ask("b", ("clicked", "09:01"), ("helped", "09:02"))
    log.ask("c", ("helped", "09:02"))
    log.ask("d", ("not_helped", "09:02"))
    log.ask("e")
    assert log.measure()["self_service_success"] == Share(2, 4)


def test_each_step_of_the_suggestions_is_of_the_one_before(log: Log) -> None:
    steps = [("clicked", "09:01"), ("inserted", "09:02"), ("solved", "09:03")]
    for number in range(4):
        log.ask(f"s{number}", *steps[:number], channel="suggest")
    log.ask("none", channel="suggest", hits=0)
    log.ask("q", *steps)
    found = log.measure()
    rates = [found[f"suggestions_{step}"] for step in ("opened", "inserted", "solved")]
    assert rates == [Share(3, 4), Share(2, 3), Share(1, 2)]


def test_feedback_is_of_those_who_gave_any(log: Log) -> None:
    log.ask("a", ("helped", "09:01"))
    log.ask("b", ("helped", "09:01"), ("not_helped", "09:02"), channel="suggest")
    log.ask("c", ("clicked", "09:01"))
    assert log.measure()["positive_feedback"] == Share(1, 2)


@pytest.mark.parametrize(
    ("turns", "seconds"),
    [
        ([("customer", "08:00"), ("agent", "08:30"), ("agent", "08:20")], 1200.0),
        ([("customer", ""), ("agent", "08:30")], 5400.0),  # from when the ticket began
        ([("agent", "07:30"), ("customer", "08:00"), ("agent", "08:30")], None),  # the agent wrote first
        ([("customer", "08:00"), ("agent", ""), ("agent", "08:30")], None),  # the first may be the one without a time
        ([("customer", "08:00")], None),
        ([("agent", "08:00")], None),
    ],
)
def test_the_first_response_is_to_the_first_message(
    log: Log, turns: list[tuple[str, str]], seconds: float | None
) -> None:
    said = [Turn(author, "a", time(at) if at else "") for author, at in turns]  # type: ignore[arg-type]
    log.close("1", created_at=time("07:00"), messages=said)
    expected = Times.of([] if seconds is None else [seconds])
    assert log.measure()["first_response"] == expected


def test_resolution_is_from_the_beginning_where_it_is_known(log: Log) -> None:
    for number, hour in enumerate(("09:00", "08:00", "07:00", "06:00")):
        log.close(str(number), created_at=time(hour))
    log.close("unknown", created_at=time("10:00"))  # as old as its end: nobody said
    assert log.measure()["resolution"] == Times(4, 2.5 * 3600, 4 * 3600.0)


def test_nine_of_ten_took_at_most_p90() -> None:
    assert Times.of(range(10, 0, -1)) == Times(10, 5.5, 9)
    assert Times.of([7.0]) == Times(1, 7.0, 7.0)


def test_it_is_sliced_by_space_locale_channel_and_product(log: Log) -> None:
    log.ask("a", ("clicked", "09:01"), space="main", language="ko")
    log.ask("b", space="main")
    log.ask("c", channel="suggest")
    log.close("1", "x", locale="ko-KR", product="hub", channel="web")
    log.close("2", locale="en")

    def counts(**only: str) -> tuple[int, int, int]:
        found = log.measure(Slice(FROM, UNTIL, **only))
        return tuple(found[name].of for name in ("search_ctr", "suggestions_opened", "link_rate"))  # type: ignore[return-value]

    assert counts() == (2, 1, 2)
    assert counts(space="main") == (2, 0, 2)
    assert counts(space="de") == (0, 0, 0)
    assert counts(locale="ko") == counts(locale="ko-KR") == (1, 0, 1)
    assert counts(channel="suggest") == (0, 1, 0)
    assert counts(channel="web") == (0, 0, 1)
    assert counts(product="hub") == (0, 0, 1)


def test_a_reader_counts_only_what_those_asked_who_see_no_more(log: Log) -> None:
    log.ask("a", space="main")
    log.ask("b", audiences=[AGENTS, PUBLIC], space="main")
    log.ask("c", audiences=["*"], space="de")
    log.ask("d")
    log.close("1", "x")
    sizes = {reader: log.measure(reader=reader)["search_ctr"].of for reader in (CUSTOMER, AGENT, EVERYTHING)}
    assert sizes == {CUSTOMER: 2, AGENT: 3, EVERYTHING: 4}
    limited = Reader(frozenset({PUBLIC, AGENTS}), spaces=frozenset({"main"}))
    assert log.measure(reader=limited)["search_ctr"].of == 2
    nowhere = Reader(frozenset({PUBLIC}), spaces=frozenset({"de"}))
    assert log.measure(reader=nowhere)["link_rate"].of == 0


def test_the_api_answers_analysts(client: TestClient, shop: Shop) -> None:
    shop.put("refunds", "Refunds take 14 days.", title="Refunds")
    agent = shop.key("agent")
    found = client.get("/v1/search", params={"q": "refunds"}).json()
    client.post("/v1/events", json={"search_id": found["search_id"], "kind": "clicked", "article_id": "refunds"})
    told = client.get("/v1/metrics", headers=agent).json()
    assert told["search_ctr"] == {"count": 1, "of": 1, "rate": 1.0}
    assert told["link_rate"] == {"count": 0, "of": 0, "rate": None}
    assert told["deflection_potential"]["rate"] == 1.0
    past = client.get("/v1/metrics", params={"from": "2020-01-01", "until": "2020-02-01"}, headers=agent).json()
    assert (past["from"], past["search_ctr"]["of"]) == ("2020-01-01T00:00:00.000Z", 0)
    assert client.get("/v1/metrics", params={"from": "soon"}, headers=agent).status_code == 400
    assert (
        client.get("/v1/metrics", params={"from": "2026-02-01", "until": "2026-01-01"}, headers=agent).status_code
        == 400
    )
    assert client.get("/v1/metrics").status_code == 401
    assert client.get("/v1/metrics", headers=shop.key("customer")).status_code == 403


def test_the_answer_has_every_metric() -> None:
    assert set(DEFINITIONS) < set(MetricsOut.model_fields)


def test_metrics_are_printed_as_text_json_and_csv(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from kb.cli import metrics as _commands  # noqa: F401 - adds its commands
    from kb.cli.common import app

    log = Log(tmp_path / "home")
    log.ask("a", ("clicked", "09:01"))
    log.close("1")

    def run(*arguments: str) -> str:
        period = ("--from", "2026-11-24", "--until", "2026-11-25")
        done = CliRunner().invoke(app, ["--home", str(tmp_path / "home"), "metrics", *period, *arguments])
        assert done.exit_code == 0, done.output
        return done.stdout

    assert json.loads(run("--json"))["search_ctr"] == {"count": 1, "of": 1, "rate": 1.0}
    rows = {row["metric"]: row for row in csv.DictReader(io.StringIO(run("--csv")))}
    assert (rows["link_rate"]["count"], rows["link_rate"]["rate"]) == ("0", "0.0")
    assert rows["suggestions_opened"]["rate"] == ""
    assert "100.0%" in run()
    assert len(json.loads(run("--json", "--by", "day"))["trend"]) == 1
    assert "nothing to compare" in run("--compare", "--by", "week")
