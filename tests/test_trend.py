"""Metrics by day, week and month, beside another period, and as CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.metrics import DEFINITIONS, Share, Slice, Times, report, report_csv
from articles.metrics.comparison import Change, compare, interval
from articles.metrics.counting import Gathered, Question, count
from articles.metrics.table import to_csv
from articles.metrics.trend import BYS, Bucket, By, cut
from kb.errors import InvalidInput
from kb.models import EVERYTHING, PUBLIC
from kb.store.evidence import ClosedTicket
from kb.store.searches import Asked
from kb.times import stamp
from tests.conftest import Shop
from tests.test_metrics import ALL, FROM, UNTIL, Log


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    since, until = "2026-11-24T12:00:00.000Z", "2026-12-07T00:00:00.000Z"
    first, second = "2026-11-30T00:00:00.000Z", "2026-12-01T00:00:00.000Z"
    assert cut(since, until, "week") == [Bucket(since, first, False), Bucket(first, until, True)]
    assert cut(since, until, "month") == [Bucket(since, second, False), Bucket(second, until, False)]
    assert len(cut(since, until, "day")) == 13


def test_a_trend_reaches_the_ends_of_the_calendar() -> None:
    last = "9999-12-31T23:59:59.999Z"
    assert cut("9999-12-30T00:00:00.000Z", last, "month") == [Bucket("9999-12-30T00:00:00.000Z", last, False)]
    assert [b.whole for b in cut("9999-12-30T00:00:00.000Z", last, "day")] == [True, False]
    first = "0001-01-01T00:00:00.000Z"
    assert [b.whole for b in cut(first, "0001-01-08T00:00:00.000Z", "week")] == [True]
    with pytest.raises(InvalidInput, match="more than 1,000 times a day"):
        cut(first, last, "day")
    assert Slice.over("", "0001-01-02T00:00:00.000Z", datetime.now(UTC)).since == first
    for ends in (("", ""), (last, ""), ("", first)):
        with pytest.raises(InvalidInput):
            Slice(first, last).before(*ends)


def test_it_is_compared_with_as_long_a_period_before_or_where_one_says() -> None:
    day, week = "2026-11-23T00:00:00.000Z", "2026-11-17T00:00:00.000Z"
    assert ALL.before() == replace(ALL, since=day, until=FROM)
    assert ALL.before(week) == replace(ALL, since=week, until="2026-11-18T00:00:00.000Z")
    assert ALL.before("", day) == replace(ALL, since="2026-11-22T00:00:00.000Z", until=day)
    assert ALL.before(week, day) == replace(ALL, since=week, until=day)
    with pytest.raises(InvalidInput, match=r"compare_until: 2026-11-17\S* is not after"):
        ALL.before(day, week)
    with pytest.raises(InvalidInput, match=r"until: \S+ is not after"):
        Slice.over(UNTIL, FROM, datetime.now(UTC))


@pytest.mark.parametrize(
    ("now", "before", "ends"),
    [  # Newcombe, Statistics in Medicine 1998, table II, method 10
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((10, 10), (0, 20), (0.6791, 1.0)),
    ],
)
def test_the_interval_of_a_difference_is_newcombes(
    now: tuple[int, int], before: tuple[int, int], ends: tuple[float, float]
) -> None:
    assert interval(Share(*now), Share(*before)) == pytest.approx(ends, abs=1e-4)


def test_a_change_is_said_in_words() -> None:
    now = {"a": Share(56, 70), "b": Share(5, 10), "c": Share(0, 0), "d": Times.of([60.0]), "e": Share(3, 2)}
    before = {"a": Share(48, 80), "b": Share(4, 10), "c": Share(1, 2), "d": Times.of([90.0]), "e": Share(1, 2)}
    found = compare(now, before)
    assert found["a"].words == "+20.0 points, more than chance (95%: +5.2 to +33.4)"
    assert found["b"].words.startswith("+10.0 points, may be chance")
    assert (found["c"], found["c"].words) == (Change(Share(1, 2)), "nothing to compare")
    assert found["d"].words == "-30 s in the median; whether that is chance is not tested"
    assert (found["e"].difference, found["e"].certain) == (1.0, None)
    assert compare(now, now)["a"].words == compare(now, now)["d"].words == "no change"
    assert [found[name].certain for name in "abcd"] == [True, False, None, None]


_MINUTES = st.integers(0, 90 * 24 * 60 - 1)
_KINDS = st.sampled_from(["clicked", "inserted", "solved", "helped", "not_helped", "contacted"])
_START = datetime(2026, 10, 7, tzinfo=UTC)


def _at(minutes: int) -> str:
    return stamp(_START + timedelta(minutes=minutes))


@given(
    asked=st.lists(st.tuples(_MINUTES, st.sampled_from(["search", "suggest"]), st.lists(_KINDS, max_size=4))),
    closed=st.lists(st.tuples(_MINUTES, st.booleans())),
    by=st.sampled_from(BYS),
)
@settings(deadline=None)
def test_the_buckets_of_a_trend_are_all_of_it(
    asked: list[tuple[int, str, list[str]]], closed: list[tuple[int, bool]], by: By
) -> None:
    questions = [
        Question(
            Asked(str(n), _at(at), channel, "en", (PUBLIC,), "", f"v{n % 3}", n % 4 > 0),
            tuple((kind, _at(at + step)) for step, kind in enumerate(done)),
        )
        for n, (at, channel, done) in enumerate(asked)
    ]
    contacts = {q.asked.visitor: [at for kind, at in q.done if kind == "contacted"] for q in questions}
    shut = [ClosedTicket(_at(0), _at(at), ("a",) * linked, ()) for at, linked in closed]
    everything = Gathered(questions, shut, contacts)
    buckets = cut(_at(0), _at(90 * 24 * 60), by)
    assert [b.since for b in buckets[1:]] == [b.until for b in buckets[:-1]]
    parts = [count(part) for part in everything.parted([b.since for b in buckets])]
    for name, whole in count(everything).items():
        assert sum(part[name].count for part in parts) == whole.count
        if isinstance(whole, Share):
            assert sum(part[name].of for part in parts) == whole.of  # type: ignore[union-attr]


def test_csv_has_a_row_for_each_bucket_and_metric(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.ask("a", ("clicked", "09:01"))
    log.ask("b", at="2026-11-23T23:00:00.000Z")
    what = Slice("2026-11-22T12:00:00.000Z", UNTIL, space="")
    rows = list(csv.DictReader(io.StringIO(report_csv(report(log.database, EVERYTHING, what, "day")))))
    assert len(rows) == 3 * len(DEFINITIONS)
    clicks = [row for row in rows if row["metric"] == "search_ctr"]
    assert [(row["from"][:10], row["whole"], row["count"], row["of"], row["rate"]) for row in clicks] == [
        ("2026-11-22", "false", "0", "0", ""),
        ("2026-11-23", "true", "0", "1", "0.0"),
        ("2026-11-24", "true", "1", "1", "1.0"),
    ]
    both = report(log.database, EVERYTHING, ALL, "day", ALL.before())
    compared = list(csv.DictReader(io.StringIO(report_csv(both))))
    assert {row["part"] for row in compared} == {"day", "period"}
    whole = next(row for row in compared if row["part"] == "period" and row["metric"] == "search_ctr")
    assert [whole[key] for key in ("before_count", "before_of", "difference", "more_than_chance")] == [
        *("0", "1", "1.0", "false"),
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=1", "  =1", "＝1", '=HYPERLINK("a";"b")', "\r\n=1"])
def test_a_spreadsheet_runs_nothing_of_a_table(text: str) -> None:
    table = to_csv(("name", "n", "x"), [(text, -1, -0.5), ('a "b", c\nd', None, True)])
    first, second = list(csv.reader(io.StringIO(table, newline="")))[1:]
    assert first == [f"'{text}", "-1", "-0.5"]
    assert second == ['a "b", c\nd', "", "true"]
    assert table.startswith('"name","n","x"\r\n')
    assert ",-1,-0.5\r\n" in table


def test_the_api_tells_trend_and_comparison_and_csv(client: TestClient, shop: Shop) -> None:
    shop.search("refunds")
    agent = shop.key("agent")

    def get(**params: str) -> Any:
        return client.get("/v1/metrics", params=params, headers=agent)

    told = get(by="day", compare="true").json()
    assert sum(day["search_ctr"]["of"] for day in told["trend"]) == told["search_ctr"]["of"] == 1
    assert told["comparison"]["until"] == told["from"]
    assert told["comparison"]["metrics"]["search_ctr"]["words"] == "nothing to compare"
    named = get(compare_from="2020-01-01", compare_until="2020-02-01").json()["comparison"]
    assert (named["from"][:10], named["until"][:10]) == ("2020-01-01", "2020-02-01")
    for answer in (get(format="csv"), client.get("/v1/metrics", headers={**agent, "Accept": "text/csv"})):
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert len(answer.text.splitlines()) == 1 + len(DEFINITIONS)
    both = {**agent, "Accept": "application/json, text/csv;q=0.5"}
    assert client.get("/v1/metrics", headers=both).json()["search_ctr"]["of"] == 1
    assert get(by="year").status_code == 422
    for ends in (("0001-01-01", "9999-12-31"), ("", "0001-01-01"), ("9999-12-31T23:59:59-01:00", "")):
        assert get(by="day", compare="true", **{"from": ends[0], "until": ends[1]}).status_code == 400
