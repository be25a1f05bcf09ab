"""Gaps as things that people work on: computed, kept, decided about, drafted, closed by proof, and forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from articles import spaces as spaces_
from articles.gaps import Gap, Wanted, life, listed, one
from articles.gaps.compute import Counts, refresh
from articles.tickets import Desk, Incoming, Turn
from kb.errors import Conflict, InvalidInput, NotFound, Stale
from kb.jobs import Cancelled, Progress
from kb.models import OPERATOR, Actor, Reader
from kb.rights import SCOPES
from kb.store import audit, gaps, people, searches
from kb.store.searches import Event
from kb.store.spaces import Space
from kb.times import now
from tests.conftest import AGENT, CUSTOMER, Shop

KIM = Actor("user:kim", AGENT, frozenset(SCOPES["author"]))
MOON, WHALE = "do you ship to the moon", "gift wrapping for whales"


def stocked(shop: Shop) -> None:
    """Articles about other things: questions are told apart against what the knowledge base is about."""
    titles = {"en": ("Refund within days", "Password reset and login", "Invoices and receipts", "Delivery times")}
    for locale, own in {**titles, "ko": ("배송 조회 방법", "환불 안내")}.items():
        for place, title in enumerate(own):
            shop.put(f"stock/{locale}-{place}", f"{title}. " * 3, title=title, locale=locale)


def computed(shop: Shop, at: datetime | None = None) -> Counts:
    return refresh(shop.home, at or datetime.now(UTC), Progress())


def seen(shop: Shop, reader: Reader = AGENT, at: datetime | None = None, **wanted: str) -> list[Gap]:
    with shop.home.database.read() as connection:
        return listed(connection, reader, at or datetime.now(UTC), Wanted(**wanted))


def gaps_of(shop: Shop, reader: Reader = AGENT) -> list[Gap]:
    computed(shop)
    return seen(shop, reader)


def questions(shop: Shop, gap: str, reader: Reader = AGENT) -> list[str]:
    with shop.home.database.read() as connection:
        return [member.id for member in one(connection, gap, reader, datetime.now(UTC))[1]]


def ticket(shop: Shop, name: str, subject: str, answer: str = "", **more: object) -> None:
    turns = [Turn("customer", subject), *([Turn("agent", answer)] if answer else [])]
    desk = Desk(shop.home.database, shop.home.pseudonyms.of)
    fields = {"state": "solved" if answer else "open", **more}
    desk.put(Incoming(name, subject, turns, **fields), OPERATOR, now())  # type: ignore[arg-type]


# --- what is computed ---------------------------------------------------------------------------------------


def test_questions_that_nothing_answered_are_grouped_and_counted(shop: Shop) -> None:
    stocked(shop)
    for _ in range(3):
        shop.search(MOON)
    shop.search("Do you ship to the Moon?")
    shop.search("양자 컴퓨터 지원하나요")
    first, second = gaps_of(shop)
    assert (first.name.lower().rstrip("?"), first.questions, first.verdict) == (MOON, 4, "outside")
    assert (second.name, second.questions, second.languages) == ("양자 컴퓨터 지원하나요", 1, {"ko": 1})
    assert (first.trend, first.weeks[-1], first.channels) == (4, 4, {"search": 4})


def test_a_question_with_query_language_asks_what_its_words_ask(shop: Shop) -> None:
    stocked(shop)
    shop.search(MOON)
    shop.search('"do you ship" to the title:moon -tag:pets')
    (gap,) = gaps_of(shop)
    assert (gap.name, gap.questions) == (MOON, 2)


def test_a_gap_keeps_its_id_when_more_is_asked(shop: Shop) -> None:
    shop.search(MOON)
    (before,) = gaps_of(shop)
    shop.search(MOON)
    shop.search("양자 컴퓨터")
    assert {gap.id: gap.questions for gap in gaps_of(shop)}[before.id] == 2


def test_the_trend_is_of_the_last_two_weeks(shop: Shop) -> None:
    shop.search(MOON)
    computed(shop)
    for days, trend in ((3, 1), (10, -1), (20, 0)):
        (gap,) = seen(shop, at=datetime.now(UTC) + timedelta(days=days))
        assert gap.trend == trend


def test_an_answer_that_did_not_help_is_a_gap_and_one_that_did_is_none(shop: Shop) -> None:
    shop.put("a", "refund within 14 days", title="Refunds")
    for kind in ("not_helped", "helped"):
        found = shop.search(f"refund {kind}")
        shop.home.journal.record(Event(now(), found.search_id, kind, "a", {}))
    names = [gap.name for gap in gaps_of(shop)]
    assert names == ["refund not_helped"]


def test_what_is_answered_or_still_typed_or_was_on_a_page_is_no_gap(shop: Shop) -> None:
    shop.put("a", "refund within 14 days", title="Refunds")
    shop.search("refund days")
    shop.search(MOON, settled=False)
    shop.search(WHALE, channel="page")
    assert gaps_of(shop) == []


def test_a_refresh_without_news_searches_for_nothing_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.put("a", "refund within 14 days", title="Refunds")
    shop.search(MOON)
    computed(shop)
    before = seen(shop)
    monkeypatch.setattr(type(shop.home.engine), "rank", lambda *_: pytest.fail("searched again"))
    computed(shop)
    assert seen(shop) == before


def test_a_refresh_that_is_cancelled_changes_no_gap(shop: Shop) -> None:
    shop.search(MOON)
    progress = Progress()
    progress.end()
    with pytest.raises(Cancelled):
        refresh(shop.home, datetime.now(UTC), progress)
    assert seen(shop) == []


def test_tickets_are_questions_and_are_embedded_once(shop: Shop) -> None:
    ticket(shop, "T-1", "Do you ship to the moon?")
    computed(shop)
    (gap,) = seen(shop)
    assert (gap.questions, gap.channels, gap.signals) == (1, {"ticket": 1}, {"ticket": 1})
    with shop.home.database.read() as connection:
        (kept,) = gaps.ticket_questions_of(connection).values()
    computed(shop)
    with shop.home.database.read() as connection:
        assert list(gaps.ticket_questions_of(connection).values()) == [kept]
    ticket(shop, "T-1", "Gift wrapping for whales?")
    assert [gap.samples for gap in gaps_of(shop)] == [("Gift wrapping for whales?",)]


def test_suggestions_for_a_ticket_are_not_counted_beside_it(shop: Shop) -> None:
    found = shop.search(MOON, AGENT, channel="suggest")
    assert [gap.questions for gap in gaps_of(shop)] == [1]
    ticket(shop, "T-1", MOON, search_ids=[found.search_id])
    assert [(gap.questions, gap.signals) for gap in gaps_of(shop)] == [(1, {"ticket": 1})]


def test_questions_of_another_model_are_embedded_again(shop: Shop) -> None:
    shop.search(MOON)
    shop.home.journal.flush()
    with shop.home.database.write() as connection:
        (search,) = searches.all_searches(connection, AGENT)
        gaps.keep_vectors(connection, "another", {search.id: b"\0" * 4})
    assert [gap.questions for gap in gaps_of(shop)] == [1]


# --- who hears what -----------------------------------------------------------------------------------------


def test_a_reader_hears_nothing_of_what_others_asked(shop: Shop) -> None:
    stocked(shop)
    spaces_.put_space(shop.home.database, Space("shop", "Shop"), OPERATOR, 0)
    shop.search(MOON, AGENT)
    shop.search("do you ship to the moon, kim asks")
    shop.search(MOON, replace(CUSTOMER, spaces=frozenset({"shop"})))
    (whole,) = gaps_of(shop)
    assert whole.questions == 3
    (public,) = seen(shop, CUSTOMER)
    assert (public.id, public.questions) == (whole.id, 2)
    (limited,) = seen(shop, replace(AGENT, spaces=frozenset({"shop"})))
    assert (limited.questions, limited.samples, limited.name, limited.why) == (1, (MOON,), MOON, None)
    assert seen(shop, replace(AGENT, spaces=frozenset({"other"}))) == []
    with shop.home.database.read() as connection, pytest.raises(NotFound):
        one(connection, whole.id, replace(AGENT, spaces=frozenset({"other"})), datetime.now(UTC))


def test_what_tickets_ask_is_for_agents_of_their_space(shop: Shop) -> None:
    ticket(shop, "T-1", MOON)
    assert [gap.questions for gap in gaps_of(shop)] == [1]
    assert seen(shop, CUSTOMER) == []
    assert seen(shop, replace(AGENT, spaces=frozenset({"other"}))) == []


def test_an_article_that_is_not_the_readers_is_neither_named_nor_hinted_at(shop: Shop) -> None:
    shop.put("secret", "ship parcels to the moon by rocket", title="Moon", audience="board")
    for _ in range(2):
        shop.search(f"{MOON} by rocket parcels?")
    (gap,) = gaps_of(shop)
    assert (gap.verdict, gap.nearest, gap.why, gap.proposal) == ("missing", None, None, None) or not gap.nearest
    assert "secret" not in repr(gap)


def test_a_name_is_for_those_who_see_no_less_than_who_gave_it(shop: Shop) -> None:
    shop.search(MOON)
    (gap,) = gaps_of(shop)
    life.rename(shop.home.database, gap.id, "Space freight", KIM)
    assert seen(shop)[0].name == "Space freight"
    assert seen(shop, CUSTOMER)[0].name == MOON
    life.rename(shop.home.database, gap.id, "", KIM)
    assert seen(shop)[0].name == MOON


# --- what people decide -------------------------------------------------------------------------------------


def test_a_gap_is_assigned_to_somebody_who_is_there(shop: Shop) -> None:
    shop.search(MOON)
    (gap,) = gaps_of(shop)
    with shop.home.database.write() as connection:
        people.add_user(connection, OPERATOR, "kim", role="author", password="")
    with pytest.raises(InvalidInput, match="no user 'lee'"):
        life.assign(shop.home.database, gap.id, "lee", KIM)
    assert life.assign(shop.home.database, gap.id, "kim", KIM, gap.revision) == 2
    with pytest.raises(Stale):
        life.assign(shop.home.database, gap.id, "", KIM, gap.revision)
    assert [(g.state, g.assignee) for g in gaps_of(shop)] == [("assigned", "kim")]
    life.assign(shop.home.database, gap.id, "", KIM)
    assert [(g.state, g.assignee) for g in seen(shop)] == [("open", "")]
    with shop.home.database.read() as connection:
        found = [(entry.action, entry.actor) for entry in audit.entries(connection, AGENT, object_=f"gap:{gap.id}")]
    assert found == [("gap.assign", "user:kim")] * 2


def test_what_is_ignored_stays_so_until_its_day_is_over(shop: Shop) -> None:
    shop.search(MOON)
    (gap,) = gaps_of(shop)
    with pytest.raises(InvalidInput, match="reason"):
        life.ignore(shop.home.database, gap.id, " ", KIM)
    life.ignore(shop.home.database, gap.id, "We do not fly.", KIM, until=date(2999, 1, 1))
    shop.search(MOON)
    assert gaps_of(shop) == []
    (ignored,) = seen(shop, state="ignored")
    assert (ignored.questions, ignored.reason) == (2, "We do not fly.")
    assert seen(shop, CUSTOMER, state="ignored")[0].reason == ""
    computed(shop, datetime(2999, 1, 1, 12, tzinfo=UTC))
    assert seen(shop) == []
    computed(shop, datetime(2999, 1, 2, 12, tzinfo=UTC))
    assert [g.state for g in seen(shop)] == ["open"]
    life.ignore(shop.home.database, gap.id, "Still not.", KIM)
    life.reopen(shop.home.database, gap.id, KIM, now())
    assert [(g.state, g.reason) for g in gaps_of(shop)] == [("reopened", "")]
    with pytest.raises(Conflict, match="is open"):
        life.reopen(shop.home.database, gap.id, KIM, now())


def test_gaps_that_were_merged_stay_one(shop: Shop) -> None:
    shop.search(MOON)
    shop.search("양자 컴퓨터")
    first, second = gaps_of(shop)
    life.merge(shop.home.database, first.id, second.id, KIM)
    shop.search(MOON)
    (both,) = gaps_of(shop)
    assert (both.id, both.questions) == (second.id, 3)
    with shop.home.database.read() as connection:
        assert one(connection, first.id, AGENT, datetime.now(UTC))[0].id == second.id
    with pytest.raises(Conflict, match="is a part of"):
        life.assign(shop.home.database, first.id, "", KIM)
    for wrong in (second.id,):
        with pytest.raises(InvalidInput):
            life.merge(shop.home.database, wrong, wrong, KIM)


def test_a_gap_that_was_split_stays_two(shop: Shop) -> None:
    for _ in range(3):
        shop.search(MOON)
    (gap,) = gaps_of(shop)
    names = questions(shop, gap.id)
    made = life.split(shop.home.database, gap.id, names[:1], KIM, now())
    found = {g.id: g.questions for g in gaps_of(shop)}
    assert found == {gap.id: 2, made: 1}
    assert questions(shop, made) == names[:1]
    for wrong in ([], ["search:nothing"], names[:1], names[1:]):
        with pytest.raises(InvalidInput, match="questions"):
            life.split(shop.home.database, gap.id, wrong, KIM, now())


def test_what_somebody_decides_while_gaps_are_computed_holds(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.search(MOON)
    (gap,) = gaps_of(shop)
    shop.search(MOON)

    class Late(Progress):
        """Somebody ignores the gap when it is being looked at."""

        def report(self, text: str) -> None:
            if text.startswith("looking"):
                life.ignore(shop.home.database, gap.id, "no", KIM)

    refresh(shop.home, datetime.now(UTC), Late())
    assert seen(shop) == []
    assert gaps_of(shop) == []
    assert [g.questions for g in seen(shop, state="ignored")] == [2]
