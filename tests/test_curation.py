"""What people say about search: synonyms, curations and boosts; their versions, rights and previews."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from kb.errors import Forbidden, InvalidInput, NotFound, Stale
from kb.models import AGENTS, EVERYTHING, OPERATOR, PUBLIC, Actor, Reader
from kb.store import audit, redirects, search_settings, searches, spaces
from kb.store.spaces import Space
from search import admin, retrieve, rules
from search.engine import Request
from search.hits import Hit
from search.home import Home
from search.live import Filters
from search.preview import compare
from search.ranking import Ranking
from search.rules import Curation, Rules
from search.suggest import suggest
from search.ticket import parse
from tests.conftest import AGENT, CUSTOMER, Shop

WORKER = Actor("user:worker", AGENT, frozenset({"curate"}))
CUSTOMERS_FRIEND = Actor("user:friend", CUSTOMER, frozenset({"curate"}))
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def stocked(shop: Shop) -> Shop:
    return stock(shop)


def stock(shop: Shop) -> Shop:
    """A shop whose articles are about refunds, in this order where nobody says otherwise."""
    shop.put("refunds", "A refund is paid within 14 days. Refund, refund.", title="Refund")
    shop.put("exchange", "Exchange a box for another one instead of a refund.", title="Exchange", tags="[how-to]")
    shop.put("hours", "The shop opens at nine.", title="Opening hours")
    shop.put("internal", "A refund above 900 dollars.", title="Refund limits", audience=AGENTS)
    assert shop.ids("refund") == ["refunds", "exchange", "hours"]
    return shop


def say(shop: Shop, actor: Actor = OPERATOR, **said: Any) -> Curation:
    """Add a curation for `refund`."""
    rule = rules.curation({"id": f"c{len(json.dumps(said))}", "query": "refund", **said})
    admin.create(shop.home.database, rule, actor)
    return rule


def in_effect(shop: Shop, reader: Reader = EVERYTHING) -> Rules:
    with shop.home.database.read() as connection:
        return admin.current(connection, reader)[1]


def first(shop: Shop, text: str = "refund", **options: Any) -> Hit:
    return shop.search(text, explain=True, **options).hits[0]


# --- curations ----------------------------------------------------------------------------------------------


def test_pinned_articles_come_first_in_their_order_and_say_so(stocked: Shop) -> None:
    before = {hit.id: hit.confidence for hit in stocked.search("refund").hits}
    answerable = stocked.search("refund").answerable
    rule = say(stocked, pin=["hours", "exchange"])
    found = stocked.search("refund", explain=True)
    assert [hit.id for hit in found.hits] == ["hours", "exchange", "refunds"]
    pinned = [(hit.explain or {}).get("curation") for hit in found.hits]
    assert pinned == [{"id": rule.id, "action": "pinned"}, {"id": rule.id, "action": "pinned"}, None]
    assert {hit.id: hit.confidence for hit in found.hits} == before
    assert found.answerable == answerable


def test_hidden_articles_are_left_out_and_an_earlier_curation_wins(stocked: Shop) -> None:
    say(stocked, hide=["refunds"])
    assert stocked.ids("refund") == ["exchange", "hours"]
    say(stocked, pin=["refunds", "hours"])
    assert stocked.ids("refund") == ["hours", "exchange"]
    say(stocked, match="contains", query="refund", pin=["exchange"])
    assert stocked.ids("refund please")[0] == "exchange"


def test_a_pinned_article_that_nothing_found_is_shown_by_its_best_passage(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieve, "DEPTH", 5)
    for number in range(9):
        shop.put(f"r{number}", f"refund number {number} refund", title="Refund")
    body = "## Left\n\n" + "Parcels are weighed. " * 20 + "\n\n## Right\n\n" + "The refund desk is on the right. " * 12
    shop.put("far", body, title="Ways")
    others, before = shop.search("refund number"), ranked(shop, "refund number")
    assert "far" not in before.ids
    say(shop, query="refund number", pin=["far"])
    found = shop.search("refund number")
    assert found.hits[0].id == "far"
    assert "refund desk" in found.hits[0].snippet
    assert 0 < found.hits[0].confidence < others.hits[0].confidence
    assert found.hits[1:] == others.hits
    assert ranked(shop, "refund number").features() == before.features()


def ranked(shop: Shop, text: str) -> Ranking:
    return shop.engine.rank(Request(text, CUSTOMER))


def test_where_nothing_is_left_nothing_is_pinned(shop: Shop) -> None:
    shop.put("a", "refund", title="Refund")
    say(shop, pin=["a"])
    shop.library.retire(["a"])
    assert shop.search("refund").hits == ()
    shop.home.index.compact()
    assert shop.search("refund").hits == ()


def test_pinned_articles_that_say_the_same_are_all_shown(stocked: Shop) -> None:
    stocked.put("copy", "A refund is paid within 14 days. Refund, refund.", title="Refund")
    (hit, *_) = stocked.search("refund").hits
    assert (hit.id, hit.also) in (("refunds", ("copy",)), ("copy", ("refunds",)))
    say(stocked, pin=["copy", "refunds"])
    assert stocked.ids("refund")[:2] == ["copy", "refunds"]


def test_rights_and_filters_come_before_curation(stocked: Shop) -> None:
    say(stocked, pin=["internal", "hours"])
    assert stocked.ids("refund")[0] == "hours"
    assert stocked.ids("refund", AGENT)[:2] == ["internal", "hours"]
    assert "hours" not in stocked.ids("refund", filters=Filters(without=frozenset({"hours"})))
    assert "hours" not in stocked.ids("refund -opens")
    stocked.put("hours", "The shop opens at nine.", title="Opening hours", audience=AGENTS)
    assert stocked.ids("refund")[0] == "refunds"


@pytest.mark.parametrize(
    ("match", "query", "asked", "holds"),
    [
        ("exact", "Refund", "ｒｅｆｕｎｄ?!", True),
        ("exact", "refund  policy", " refund policy. ", True),
        ("exact", "refund", "refunds", False),
        ("exact", "환불", "환불은", False),
        ("contains", "환불", "환불은 언제 되나요", True),
        ("contains", "refund", "a Refund, when?", True),
        ("contains", "refund", "my refunds", False),
        ("contains", "c++", "why c++ fails", True),
    ],
)
def test_a_question_is_compared_as_it_reads(match: Any, query: str, asked: str, holds: bool) -> None:
    rule = Curation("c", query, match, pin=("a",))
    assert bool(Rules(curations=(rule,)).curations_of([asked], "en", "", NOW)) == holds


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        ("", "", True),
        ("2026-11-24", "2026-11-24", True),
        ("2026-11-25", "", False),
        ("", "2026-11-23", False),
        ("2026-11-24T12:00:00Z", "", True),
        ("", "2026-11-24T12:00:00Z", False),
        ("2026-11-24T21:00:00+09:00", "2026-11-24T21:00:01+09:00", True),
        ("2026-11-24T12:00:01", "", False),
    ],
)
def test_a_curation_has_its_time(since: str, until: str, holds: bool) -> None:
    rule = rules.curation({"id": "c", "query": "refund", "pin": ["a"], "from": since, "until": until})
    assert bool(Rules(curations=(rule,)).curations_of(["refund"], "en", "", NOW)) == holds


def test_a_curation_may_be_for_one_language_and_for_one_space(stocked: Shop) -> None:
    with stocked.home.database.write() as connection:
        spaces.put(connection, Space("outlet", "Outlet"))
    stocked.put("outlet", "Nothing is taken back.", title="Outlet", space="outlet")
    say(stocked, pin=["exchange"], locale="ko")
    say(stocked, pin=["outlet"], space="outlet")
    assert stocked.ids("refund")[0] == "refunds"
    assert stocked.ids("refund", filters=Filters(space="outlet"))[0] == "outlet"
    say(stocked, query="환불", pin=["exchange"], locale="ko")
    assert stocked.ids("환불")[0] == "exchange"


def test_of_a_family_the_translation_for_the_reader_is_pinned_and_a_moved_article_is_found(stocked: Shop) -> None:
    stocked.put("hours-ko", "가게는 아홉 시에 엽니다.", title="영업 시간", locale="ko", translation_of="hours")
    with stocked.home.database.write() as connection:
        redirects.add(connection, "old-hours", "hours")
    say(stocked, pin=["old-hours"])
    assert stocked.ids("refund")[0] == "hours"
    assert stocked.ids("refund", Reader(CUSTOMER.audiences, "ko"))[0] == "hours-ko"


def test_a_question_is_curated_as_it_was_written_too_and_a_ticket_is_none(stocked: Shop) -> None:
    say(stocked, query="refunt", pin=["hours"])
    found = stocked.search("refunt")
    assert (found.corrections, found.hits[0].id) == ((("refunt", "refund"),), "hours")
    say(stocked, query="refund", match="contains", pin=["hours"])
    assert stocked.ids("refund")[0] == "hours"
    assert suggest(stocked.engine, parse("refund"), CUSTOMER).results.hits[0].id == "refunds"


# --- synonyms -----------------------------------------------------------------------------------------------


def test_synonyms_are_in_effect_at_once_in_every_process(stocked: Shop) -> None:
    other = Home(stocked.settings, stocked.embedder)
    assert meant(other, "cashback") == ()
    admin.create(stocked.home.database, rules.synonym({"id": "s", "terms": ["cashback", "refund"]}), OPERATOR)
    for home in (stocked.home, other):
        assert meant(home, "cashback") == ("refund",)
    other.close()


def meant(home: Home, text: str) -> tuple[str, ...]:
    """The words that may stand for a question's own."""
    return home.engine.rank(Request(text, CUSTOMER)).query.synonyms.fields[0]


def test_one_way_synonyms_go_one_way_and_may_be_for_one_language(stocked: Shop) -> None:
    for said in ({"terms": ["캐시백"], "to": ["refund"]}, {"terms": ["geld"], "to": ["refund"], "locale": "ko"}):
        admin.create(stocked.home.database, rules.synonym({"id": said["terms"][0], **said}), OPERATOR)
    found = {"캐시백은 언제 되나요": ("refund",), "refund": (), "my geld": (), "geld 주세요 언제 되나요": ("refund",)}
    assert {text: meant(stocked.home, text) for text in found} == found


def test_a_word_with_synonyms_is_not_taken_for_misspelt(stocked: Shop) -> None:
    assert stocked.search("refunt").corrections
    admin.create(stocked.home.database, rules.synonym({"id": "s", "terms": ["refunt"], "to": ["hours"]}), OPERATOR)
    assert not stocked.search("refunt").corrections


# --- boosts -------------------------------------------------------------------------------------------------


def test_labels_are_boosted_and_standing_is_weighed(stocked: Shop) -> None:
    stocked.put("hours", "The shop opens at nine.", title="Opening hours", featured="true")
    said = rules.boosts({"labels": {"How-To": 0.1}, "standing": {"featured": 0.04, "bound": 0.04}})
    admin.set_boosts(stocked.home.database, said, OPERATOR, None)
    boosted = {hit.id: (hit.explain or {})["boosts"] for hit in stocked.search("refund", explain=True).hits}
    assert boosted == {"refunds": {}, "exchange": {"label how-to": 0.1}, "hours": {"featured": 0.04}}


def test_a_factor_multiplies_the_weight_of_a_field(stocked: Shop) -> None:
    before = first(stocked)
    admin.set_boosts(stocked.home.database, rules.boosts({"fields": {"title": 0.0}}), OPERATOR, None)
    after = first(stocked)
    assert before.explain is not None
    assert after.explain is not None
    assert before.explain["weights"]["title"] > 0
    assert after.explain["weights"] == {**before.explain["weights"], "title": 0.0}
    assert after.explain["fused"] < before.explain["fused"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"labels": {"how-to": 0.2}}, "'how-to': 0.2 is not within -0.1 and 0.1"),
        ({"labels": {"how-to": float("nan")}}, "'how-to': nan is not within"),
        ({"fields": {"title": 3.1}}, "'title': 3.1 is not within 0.0 and 3.0"),
        ({"fields": {"body": 1.0}}, "'body' is not one of words, plain"),
        ({"standing": {"verified": -0.01}}, "'verified': -0.01 is not within 0.0 and 0.1"),
        ({"standing": {"labels": 0.01}}, "'labels' is not one of verified, fresh, helpful, featured, bound"),
    ],
)
def test_boosts_have_bounds(said: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        rules.boosts(said)


@pytest.mark.parametrize(
    ("read", "said", "words"),
    [
        (rules.synonym, {"terms": ["a"]}, "needs two terms that differ"),
        (rules.synonym, {"terms": ["Ａ", "a"]}, "needs two terms that differ"),
        (rules.synonym, {"terms": ["a", " "]}, "terms: .* is not up to 50 words"),
        (rules.synonym, {"terms": ["a"], "to": ["b" * 201]}, "to: .* is not up to 50 words of 200"),
        (rules.curation, {"query": "?", "pin": ["a"]}, "query: '\\?' is not a question"),
        (rules.curation, {"query": "a", "pin": ["x"], "hide": ["x"]}, "hide: 'x' is pinned, too"),
        (rules.curation, {"query": "a", "from": "soon"}, "from: 'soon' is not a day or a time"),
        (rules.curation, {"query": "a", "from": "2026-12-02", "until": "2026-12-01"}, "'2026-12-01' is not after"),
        (rules.curation, {"query": "a", "until": "9999-12-31"}, "until: '9999-12-31' is not a day"),
    ],
)
def test_a_rule_that_cannot_be_is_named(read: Callable[..., Any], said: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        read({"id": "r", **said})


# --- versions and rights ------------------------------------------------------------------------------------


def test_every_change_is_a_version_that_can_be_restored_and_is_audited(stocked: Shop) -> None:
    database = stocked.home.database
    rule = say(stocked, pin=["hours"])
    assert admin.update(database, replace(rule, pin=("exchange",)), WORKER, 1) == 2
    assert admin.remove(database, "curations", rule.id, WORKER, 2) == 3
    assert stocked.ids("refund")[0] == "refunds"
    assert admin.restore(database, 2, OPERATOR) == 4
    assert stocked.ids("refund")[0] == "exchange"
    with database.read() as connection:
        versions = [(item.version, item.author) for item in search_settings.listed(connection, None, 10)]
        entries = [e for e in audit.entries(connection, EVERYTHING) if not e.action.startswith(("article", "space"))]
    assert versions == [(4, "operator"), (3, "user:worker"), (2, "user:worker"), (1, "operator")]
    logged = [(e.action, e.object, e.details["version"]) for e in reversed(entries)]
    name = f"curation:{rule.id}"
    assert logged[:3] == [("curation.create", name, 1), ("curation.update", name, 2), ("curation.delete", name, 3)]
    assert logged[3:] == [("search_settings.restore", "search_settings:2", 4)]


def test_a_writer_who_read_another_version_is_told_so_and_nothing_is_written(stocked: Shop) -> None:
    rule = say(stocked, pin=["hours"])
    with pytest.raises(Stale, match="version 1 is in effect, not 0") as caught:
        admin.update(stocked.home.database, rule, OPERATOR, 0)
    assert caught.value.revision == 1
    with pytest.raises(NotFound, match="no curation 'none'"):
        admin.remove(stocked.home.database, "curations", "none", OPERATOR, 1)
    with pytest.raises(NotFound, match="no version 9"):
        admin.restore(stocked.home.database, 9, OPERATOR)
    assert in_effect(stocked).version == 1


def test_a_curator_neither_sees_nor_pins_nor_loses_what_they_may_not_read(stocked: Shop) -> None:
    rule = say(stocked, pin=["internal", "hours"], hide=["exchange"])
    (shown,) = in_effect(stocked, CUSTOMER).curations
    assert (shown.pin, shown.hide) == (("hours",), ("exchange",))
    changed = replace(shown, pin=("refunds", "hours"), hide=())
    admin.update(stocked.home.database, changed, CUSTOMERS_FRIEND, None)
    assert in_effect(stocked).curations == (replace(rule, pin=("internal", "refunds", "hours"), hide=()),)
    with pytest.raises(InvalidInput) as hidden:
        say(stocked, CUSTOMERS_FRIEND, pin=["internal"])
    with pytest.raises(InvalidInput) as missing:
        say(stocked, CUSTOMERS_FRIEND, pin=["nothing!"])
    assert str(hidden.value).replace("internal", "nothing!") == str(missing.value)


def test_a_curation_keeps_nothing_of_articles_that_are_gone(stocked: Shop) -> None:
    rule = say(stocked, pin=["hours", "exchange"])
    stocked.library.erase("hours", OPERATOR)
    assert in_effect(stocked).curations == (replace(rule, pin=("exchange",)),)
    with pytest.raises(InvalidInput, match="names an article to pin or to hide"):
        admin.update(stocked.home.database, replace(rule, pin=()), OPERATOR, None)


def test_whoever_is_kept_to_a_space_changes_its_rules_only(stocked: Shop) -> None:
    kept = Actor("user:outlet", Reader(frozenset({PUBLIC}), None, frozenset({"outlet"})), frozenset({"curate"}))
    database = stocked.home.database
    everywhere, here, there = (
        rules.synonym({"id": name, "terms": ["a", "b"], "space": space})
        for name, space in (("1", ""), ("2", "outlet"), ("3", "main"))
    )
    admin.create(database, here, kept)
    for rule in (everywhere, there):
        with pytest.raises(Forbidden, match="may not change rules"):
            admin.create(database, rule, kept)
        admin.create(database, rule, OPERATOR)
    assert [rule.id for rule in in_effect(stocked, kept.reader).synonyms] == ["2", "1"]
    with pytest.raises(NotFound):
        admin.remove(database, "synonyms", "3", kept, None)
    for write in (
        lambda: admin.remove(database, "synonyms", "1", kept, None),
        lambda: admin.update(database, replace(here, space=""), kept, None),
        lambda: admin.set_boosts(database, rules.boosts({}), kept, None),
        lambda: admin.restore(database, 1, kept),
    ):
        with pytest.raises(Forbidden):
            write()


# --- preview ------------------------------------------------------------------------------------------------


def test_a_preview_says_what_would_move_and_logs_nothing(stocked: Shop) -> None:
    rule = rules.curation({"id": "c", "query": "refund", "pin": ["hours"], "hide": ["exchange"]})
    proposed = replace(in_effect(stocked), curations=(rule,))
    refund, other = compare(stocked.engine, CUSTOMER, ["refund", "nine"], proposed, limit=2)
    assert [found.id for found in refund.old] == ["refunds", "exchange"]
    assert [(found.id, found.title) for found in refund.new] == [("hours", "Opening hours"), ("refunds", "Refund")]
    assert (refund.moved, refund.appeared, refund.vanished) == (["refunds"], ["hours"], ["exchange"])
    assert (refund.changed, other.changed) == (True, False)
    stocked.home.journal.flush()
    with stocked.home.database.read() as connection:
        assert len(list(searches.all_searches(connection, EVERYTHING))) == 1  # the one that the fixture made


def test_frequent_questions_are_of_people_who_saw_no_more(stocked: Shop) -> None:
    for text, reader, times in (("hours", CUSTOMER, 2), ("limits", AGENT, 4), ("refund", CUSTOMER, 2)):
        for _ in range(times):
            stocked.search(text, reader)
    stocked.home.journal.flush()
    with stocked.home.database.read() as connection:
        assert search_settings.frequent_questions(connection, CUSTOMER, 9) == ["refund", "hours"]
        assert search_settings.frequent_questions(connection, AGENT, 2) == ["limits", "refund"]
        assert search_settings.frequent_questions(connection, Reader(None, None, frozenset({"main"})), 9) == []
