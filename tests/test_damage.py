"""Whom flags hurt, in what order they are mended, and the plan for an old base."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.health.base import Demand, Flag, Severity
from articles.health.damage import chance, hurts, readers, together
from articles.health.plan import Task, stagger
from kb.errors import InvalidInput
from search.boosts import wilson

SEVERITIES: dict[str, Severity] = {"broken": "high", "old": "medium", "alt": "low", "failing": "high"}
START = date(2026, 11, 30)
BROKEN, OLD = Flag("broken", "leads nowhere"), Flag("old", "says 2019")

demands = st.builds(Demand, *(st.integers(0, 10_000) for _ in range(3)), inserted=st.integers(0, 500))
tasks = st.lists(
    st.builds(
        Task,
        st.integers(0, 10**6).map(str),
        st.sampled_from(["", "kim", "lee"]),
        st.sampled_from(["low", "medium", "high"]),
        st.floats(0, 1e6),
        st.integers(1, 20),
    ),
    unique_by=lambda task: task.article,
    max_size=60,
)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(0, 0, 0.0, 1.0), (0, 3, 0.0, 0.5615), (3, 3, 0.4385, 1.0), (7, 40, 0.0875, 0.3195), (50, 100, 0.4038, 0.5962)],
)
def test_wilson(k: int, n: int, low: float, high: float) -> None:
    assert wilson(k, n) == pytest.approx((low, high), abs=1e-4)


@given(st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_narrows(counted: tuple[int, int]) -> None:
    k, n = counted
    low, high = wilson(k, n)
    assert 0 <= low <= high <= 1
    if n:
        assert low <= k / n <= high
        more = wilson(k * 10, n * 10)
        assert more[1] - more[0] < high - low
        assert wilson(n - k, n) == pytest.approx((1 - high, 1 - low))


def test_an_insertion_counts_for_more_than_a_view_and_a_suggestion_for_less() -> None:
    assert readers(Demand(suggested=1)) < readers(Demand(views=1)) < readers(Demand(inserted=1))


@given(demands, st.floats(0, 1), st.sampled_from(["broken", "old", "alt"]))
def test_a_flag_hurts_somebody_and_never_more_than_there_are(demand: Demand, p: float, check: str) -> None:
    hurt = hurts(Flag(check, "x"), SEVERITIES[check], demand, p)
    assert 0 < hurt <= readers(demand) + 0.05
    assert hurt <= hurts(Flag(check, "x"), SEVERITIES[check], demand, 1.0)
    assert hurt < hurts(Flag(check, "x"), SEVERITIES[check], Demand(views=demand.views + 10**5), p)


def test_what_readers_said_stands_in_for_what_severities_suppose() -> None:
    said = Flag("failing", "7 of 40 said that it did not help", evidence={"hurt_share": wilson(7, 40)[0]})
    assert hurts(said, "high", Demand(views=1000), 0.9) == pytest.approx(87.5, abs=0.1)
    assert chance("high", 1.0) == 0.6
    assert hurts(Flag("failing", "x", evidence={"hurt_share": "much"}), "high", Demand(views=1000), 1.0) > 599


def test_who_meets_two_faults_is_one_reader() -> None:
    demand = Demand(views=100)
    both = together([hurts(flag, SEVERITIES[flag.check], demand, 1.0) for flag in (BROKEN, OLD)], readers(demand))
    assert hurts(BROKEN, "high", demand, 1.0) < both < 100.05
    assert both == pytest.approx(100.05 * (1 - 0.4 * 0.7), abs=0.01)
    assert together([], readers(demand)) == 0


def test_a_plan_gives_each_owner_so_many_articles_a_week_the_worst_first() -> None:
    found = stagger(
        [
            Task("a", "kim", "low", 900.0, 3),
            Task("b", "kim", "high", 1.0, 1),
            Task("c", "kim", "medium", 5.0, 1),
            Task("d", "lee", "low", 0.1, 2),
        ],
        2,
        START,
    )
    assert [(i.task.article, i.week, i.due) for i in found.owners["kim"]] == [
        ("b", 0, START),
        ("a", 0, START),
        ("c", 1, START + timedelta(days=7)),
    ]
    assert found.ends("kim") == date(2026, 12, 13)
    assert found.ends("lee") == date(2026, 12, 6)
    assert found.ends("nobody") is None


def test_a_plan_says_honestly_when_all_is_done() -> None:
    plan = stagger([Task(str(number), "kim", "low", number, 1) for number in range(1600)], 10, START)
    assert plan.ends("kim") == START + timedelta(days=160 * 7 - 1)


@given(tasks, st.integers(1, 9))
def test_a_plan_holds_every_article_once_and_no_week_more_than_its_capacity(found: list[Task], capacity: int) -> None:
    plan = stagger(found, capacity, START)
    assert sorted(item.task.article for item in plan.items) == sorted(task.article for task in found)
    assert plan == stagger(found[::-1], capacity, START)
    for own in plan.owners.values():
        weeks = Counter(item.week for item in own)
        assert all(weeks[week] == capacity for week in range(max(weeks)))
        assert max(weeks.values()) <= capacity
        high = [item.task.severity == "high" for item in own]
        assert high == sorted(high, reverse=True)


def test_a_plan_refuses_what_it_cannot_keep() -> None:
    task = Task("a", "kim", "low", 1.0, 1)
    with pytest.raises(InvalidInput, match="capacity: 0"):
        stagger([task], 0, START)
    with pytest.raises(InvalidInput, match="named twice"):
        stagger([task, task], 1, START)
    with pytest.raises(InvalidInput, match="the last year"):
        stagger([task, Task("b", "kim", "low", 1.0, 1)], 1, date.max)
