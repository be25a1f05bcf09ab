"""Health checks on faults that were planted, and gaps from what was asked."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from articles.folder import sync
from articles.gaps import Gap, find_gaps
from articles.health import CHECKS, examine, load_shelf
from articles.health.base import Flag
from kb.models import EVERYTHING, Reader
from kb.store.searches import Event
from kb.times import now
from tests.conftest import AGENT, CUSTOMER, STARTER, Shop

FAULTS = tomllib.loads((Path(__file__).parent / "starter_faults.toml").read_text(encoding="utf-8"))["fault"]
TODAY = date(2026, 11, 23)


def flags(shop: Shop, today: date = TODAY) -> list[tuple[str, Flag]]:
    shelf = load_shelf(shop.home.database, today, EVERYTHING)
    return [(report.article.source, flag) for report in examine(shelf) for flag in report.flags]


def test_every_fault_planted_in_the_starter_articles_is_found_and_nothing_else(shop: Shop) -> None:
    sync(shop.library, STARTER)
    found = {(source, flag.check) for source, flag in flags(shop)}
    assert found == {(fault["source"], fault["check"]) for fault in FAULTS if fault["check"] in CHECKS}


def test_flags_point_at_the_line_of_the_fault(shop: Shop) -> None:
    sync(shop.library, STARTER)
    lines = {(source, flag.check): flag.line for source, flag in flags(shop)}
    planted = [f for f in FAULTS if f["check"] in ("broken_link", "broken_anchor")]
    assert len(planted) >= 6
    for fault in planted:
        assert lines[fault["source"], fault["check"]] == fault["line"]


@pytest.mark.parametrize(("today", "count"), [(date(2026, 4, 1), 0), (date(2026, 4, 2), 1)])
def test_a_verification_is_overdue_the_day_after_it_is_due(shop: Shop, today: date, count: int) -> None:
    shop.put("a", "x", title="A", reviewed="2026-01-01", review_every="90d")
    found = [flag for _, flag in flags(shop, today)]
    assert len(found) == count
    assert all(flag.line == 4 and flag.evidence["days_late"] == 1 for flag in found)


def test_mending_clears_the_flag_and_a_clean_article_scores_100(shop: Shop) -> None:
    shop.put("a", "[x](b.md) [y](b.md#here) [z](#top)", title="A")
    assert {flag.check for _, flag in flags(shop)} == {"broken_link", "broken_anchor"}
    shop.put("b", "## Here", title="B")
    shop.put("a", "## Top\n\n[x](b.md) [y](b.md#here) [z](#top) [w](https://example.com/x.md)", title="A")
    shelf = load_shelf(shop.home.database, TODAY, EVERYTHING)
    assert [(report.score, report.needs_work) for report in examine(shelf)] == [(100.0, 0.0)] * 2


def test_a_translation_is_behind_when_its_source_is_newer(shop: Shop) -> None:
    shop.put("a", "x", title="A", updated="2026-02-01")
    shop.put("a-ko", "가", title="가", locale="ko", translation_of="a", updated="2026-01-01")
    ((_, flag),) = flags(shop)
    assert (flag.check, flag.evidence["source_updated"]) == ("translation_behind", "2026-02-01")


def test_a_reader_hears_nothing_of_articles_that_are_not_theirs(shop: Shop) -> None:
    shop.put("secret", "x", title="S", audience="internal", reviewed="2020-01-01", review_every="1d")
    shop.put("a-ko", "가", title="가", locale="ko", translation_of="secret", updated="2019-01-01")
    assert examine(load_shelf(shop.home.database, TODAY, CUSTOMER))[0].flags == ()
    assert len(examine(load_shelf(shop.home.database, TODAY, AGENT))) == 2


# --- gaps ---------------------------------------------------------------------------------------------------


def gaps(shop: Shop, reader: Reader = AGENT) -> list[Gap]:
    shop.home.journal.flush()
    return find_gaps(shop.home.database, reader, datetime.now(UTC))


def test_questions_that_nothing_answered_are_grouped_and_counted(shop: Shop) -> None:
    for _ in range(3):
        shop.search("do you ship to the moon")
    shop.search("Do you ship to the Moon?")
    shop.search("양자 컴퓨터 지원하나요")
    first, second = gaps(shop)
    assert (first.name, first.questions, first.verdict) == ("do you ship to the moon", 4, "missing")
    assert (second.questions, first.trend) == (1, 4)


def test_a_gap_keeps_its_id_when_more_is_asked(shop: Shop) -> None:
    shop.search("do you ship to the moon")
    (before,) = gaps(shop)
    shop.search("do you ship to the moon")
    shop.search("양자 컴퓨터")
    assert before.id in {gap.id for gap in gaps(shop)}


def test_an_answer_that_did_not_help_is_a_gap_and_one_that_did_is_none(shop: Shop) -> None:
    shop.put("a", "refund within 14 days", title="Refunds")
    for kind in ("not_helped", "helped"):
        found = shop.search(f"refund {kind}")
        shop.home.journal.record(Event(now(), found.search_id, kind, "a", {}))
    assert [gap.verdict for gap in gaps(shop) if "not_helped" in gap.name] == ["unclear"]
    assert not [gap for gap in gaps(shop) if gap.name == "refund helped"]


def test_agents_questions_do_not_show_to_customers(shop: Shop) -> None:
    shop.search("internal secret thing", AGENT)
    assert gaps(shop, CUSTOMER) == []
    assert len(gaps(shop, AGENT)) == 1
