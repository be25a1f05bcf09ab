"""What a reader may not read has no influence on anything that they are shown: not by a word, nor in the last digit."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.models import EVERYTHING, PUBLIC, Reader
from kb.store import searches, spaces
from kb.store.searches import Event
from kb.store.spaces import Space
from kb.times import now
from search.engine import Request
from search.live import Filters
from search.suggest import suggest
from search.ticket import parse
from search.wire import completion_json, results_json
from tests.conftest import AGENT, CUSTOMER, Shop, TinyEmbedder

VISITOR = Reader(frozenset({PUBLIC}), None, frozenset({"main"}))
SAID = (
    "Refunds are paid within 14 days to your card.",
    "Reset your password in the settings of the app.",
    "환불은 14일 이내에 카드로 해 드립니다.",
    "비밀번호는 설정에서 다시 정하세요.",
    "Delivery is late when the hub shows NR-2207.",
)
SECRET = (
    "Refunds over 900 dollars need a zanzibar approval, refunds refunds.",
    "Reset the password of a warehouse scanner, error NR-2207, password.",
    "환불 승인은 창고 담당자가 합니다. 환불 환불.",
    "Delivery of the prototype: refund within 14 days to your card.",
)
HIDDEN: dict[str, dict[str, object]] = {
    "agents": {"audience": "agents"},
    "group": {"audience": "partners"},
    "space": {"space": "outlet"},
    "draft": {"state": "draft"},
    "archived": {"state": "archived"},
}
QUESTIONS = (
    *("refund within days", "password reset NR-2207", "환불 언제 되나요", "zanzibar approval", "zanzibra aproval"),
    *("창고 환불 승인", "warehouse scaner", "refunf to my card", "prototype", "한불", "비밀번호"),
)
TYPED = ("re", "zan", "환", "ㅎㅂ", "pass", "warehouse", "secret", "passwrod")
PUBLIC_STEP = st.tuples(st.just("put"), st.integers(0, 4), st.sampled_from(SAID))
SECRET_STEP = st.tuples(st.sampled_from([*HIDDEN, "translation"]), st.integers(0, 4), st.sampled_from(SECRET))
TURN = st.tuples(st.sampled_from(["withdraw", "vote", "compact"]), st.integers(0, 4), st.sampled_from(SECRET))


def home(folder: Path) -> Shop:
    shop = Shop(folder, TinyEmbedder())
    with shop.home.database.write() as connection:
        spaces.put(connection, Space("outlet", "Outlet"))
    return shop


def take(shop: Shop, step: tuple[str, int, str], *, secret: bool) -> None:
    """One step; of what a visitor may not read only what takes something from them, unless `secret`."""
    action, number, text = step
    if action == "put":
        shop.put(f"p{number}", text, title=f"Public {text[:9]}", product="hub" if number % 2 else "")
    elif action == "compact":
        shop.home.index.compact()
    elif action == "withdraw" and not secret:
        shop.library.retire([f"p{number}"])
    elif action == "withdraw":
        shop.put(f"p{number}", text, title="Secret now", audience="agents")
    elif secret and action == "vote":
        shop.home.journal.record(Event(now(), f"s{number}", "helped", f"h{number}", {}))
        shop.home.journal.flush()
    elif secret:
        front = HIDDEN.get(action) or {"audience": "agents", "translation_of": f"p{number}", "locale": "ko"}
        shop.put(f"h{number}", text, **{"title": "Secret warehouse", "product": "prototype", **front})


def answers(shop: Shop, reader: Reader) -> Iterator[Any]:
    """Everything that a reader is told, without the ids of searches."""
    for text in QUESTIONS:
        for more in ({}, {"filters": Filters(product="hub")}, {"filters": Filters(locale="ko")}, {"exact": True}):
            found = results_json(shop.search(text, reader, explain=True, **more))
            yield {**found, "search_id": ""}
    suggested = suggest(shop.engine, parse("refund zanzibar, see /h1 and NR-2207\nprototype 창고"), reader)
    yield {**results_json(suggested.results, suggested.why), "search_id": ""}
    for text in TYPED:
        yield [completion_json(phrase) for phrase in shop.home.phrases.complete(text, reader, Filters())]


def told(shop: Shop, reader: Reader = VISITOR) -> str:
    return json.dumps(list(answers(shop, reader)), ensure_ascii=False, indent=1)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(PUBLIC_STEP, SECRET_STEP, TURN), min_size=2, max_size=14))
def test_a_home_with_hidden_articles_answers_as_one_without_them(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, str]]
) -> None:
    whole, public = home(tmp_path_factory.mktemp("whole")), home(tmp_path_factory.mktemp("public"))
    for step in steps:
        take(whole, step, secret=True)
        take(public, step, secret=False)
    assert told(whole) == told(public)
    whole.home.close()
    public.home.close()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(PUBLIC_STEP, SECRET_STEP, TURN), min_size=3, max_size=14))
def test_a_home_answers_after_compaction_as_it_did_before(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, str]]
) -> None:
    shop = home(tmp_path_factory.mktemp("home"))
    for step in steps:
        take(shop, step, secret=True)
    before = [told(shop, reader) for reader in (VISITOR, EVERYTHING)]
    shop.home.index.compact()
    assert shop.home.index.view().fresh_chunks == 0
    assert [told(shop, reader) for reader in (VISITOR, EVERYTHING)] == before
    shop.home.close()


def test_passages_that_say_the_same_are_found_alike_from_delta_and_snapshot(shop: Shop) -> None:
    """More of them tie than are looked at: which ones are found must not depend on where they are kept."""
    bodies = "\n\n".join(f"## Part {n}\n\n" + "refund policy of the shop " * 9 for n in range(40))
    for number in (3, 1, 4, 0, 2):
        shop.put(f"a{number}", bodies, title="Refund policy")
        if number == 4:
            shop.home.index.compact()
    before = told(shop)
    assert 0 < shop.home.index.view().fresh_chunks < len(shop.home.index.view()) > 180
    shop.home.index.compact()
    assert told(shop) == before


def test_many_hidden_articles_change_no_digit(shop: Shop, tmp_path: Path) -> None:
    """So many that a visitor's rows are scanned by themselves, where others' are passed over."""
    alone = home(tmp_path / "alone")
    for one in (shop, alone):
        for number, text in enumerate(SAID):
            one.put(f"p{number}", text, title=f"Public {number}")
    for number in range(200):
        shop.put(f"h{number}", SECRET[number % len(SECRET)], title=f"Secret {number}", audience="agents")
    shop.home.index.compact()
    assert told(shop, CUSTOMER) == told(alone, CUSTOMER)
    assert told(shop, AGENT) != told(alone, AGENT)
    alone.home.close()


def test_a_hidden_translation_brings_no_passages_of_the_article_that_is_shown(shop: Shop) -> None:
    """With more passages than are looked at; all those of a family with a visible translation are candidates."""
    for number in range(110):
        shop.put(f"p{number}", f"refund number {number}, refund", title="Refund")
    shop.put("long", "## One\n\n" + "refund of boxes " * 18 + "\n\n## Two\n\n" + "opening times " * 20, title="Long")
    before = seen(shop)
    shop.put("h", "zanzibar", title="Secret", audience="agents", translation_of="long", locale="ko")
    assert seen(shop) == before
    shop.put("h", "zanzibar", title="Public", translation_of="long", locale="ko")
    assert len(seen(shop)[0]) > len(before[0])


def seen(shop: Shop) -> tuple[list[int], list[list[float]]]:
    """The store's numbers of a question's candidates, and the features of its first results."""
    ranking = shop.engine.rank(Request("refund number of boxes", CUSTOMER))
    return ranking.view.chunks[ranking.found.rows].tolist(), ranking.features()


def idf_of(shop: Shop, text: str, reader: Reader) -> Sequence[float]:
    explain = shop.search(text, reader, explain=True).hits[0].explain
    assert explain is not None
    return list(explain["idf"].values())


def test_idf_is_that_of_what_the_reader_may_read(shop: Shop) -> None:
    shop.put("a", "refund", title="Refund")
    shop.put("b", "password", title="Password")
    for number in range(8):
        shop.put(f"h{number}", "refund", title="Secret", audience="agents")
    assert idf_of(shop, "refund", CUSTOMER) == [round(math.log(1 + (2 - 1 + 0.5) / 1.5), 3)]
    assert idf_of(shop, "refund", AGENT) == [round(math.log(1 + (10 - 9 + 0.5) / 9.5), 3)]
    shop.put("b", "refund", title="Refunds")  # the password's row is dead
    assert idf_of(shop, "refund", CUSTOMER) == [round(math.log(1 + 0.5 / 2.5), 3)]


def test_what_a_request_filters_out_still_counts(shop: Shop) -> None:
    shop.put("a", "refund", title="Refund", product="hub")
    shop.put("b", "refund", title="Refund", product="app")
    (hit,) = shop.search("refund", explain=True, filters=Filters(product="hub")).hits
    assert hit.explain is not None
    assert hit.explain["idf"] == {"refund": round(math.log(1 + 0.5 / 2.5), 3)}


def test_only_articles_of_a_space_are_found_where_it_is_asked_for(shop: Shop) -> None:
    with shop.home.database.write() as connection:
        spaces.put(connection, Space("outlet", "Outlet"))
    shop.put("a", "refund", title="Refund")
    shop.put("b", "refund now", title="Refund", space="outlet")
    assert shop.ids("refund", filters=Filters(space="outlet")) == ["b"]
    assert shop.ids("refund", Reader(CUSTOMER.audiences, None, frozenset({"main"}))) == ["a"]
    assert set(shop.ids("refund")) == {"a", "b"}


def test_past_questions_are_not_offered_to_whoever_is_kept_to_a_space(shop: Shop) -> None:
    shop.put("a", "refund within 14 days", title="Money")
    for _ in range(3):
        assert shop.search("refund within days").verdict == "answer"
    shop.home.journal.flush()
    offered = {reader: shop.home.phrases.complete("refund", reader, Filters()) for reader in (CUSTOMER, VISITOR)}
    assert [phrase.text for phrase in offered[CUSTOMER]] == ["refund within days"]
    assert offered[VISITOR] == []


def test_a_search_is_logged_with_its_space_and_with_who_asked(shop: Shop) -> None:
    shop.put("a", "refund", title="Refund")
    shop.search("refund", filters=Filters(space="main"), person="5f")
    shop.search("refund", VISITOR)
    shop.search("refund")
    shop.home.journal.flush()
    with shop.home.database.read() as connection:
        logged = [(search.space, search.person) for search in searches.all_searches(connection, CUSTOMER)]
    assert logged == [("main", "5f"), ("main", ""), ("", "")]
