"""From a question to results: rights, filters, families, snippets, explanations."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb.errors import InvalidInput
from kb.models import Reader
from kb.store import searches
from search import confidence
from search.engine import Request
from search.live import Filters
from search.snippet import highlights, snippet
from tests.conftest import AGENT, CUSTOMER, Shop


def test_one_public_article_among_ten_thousand_better_internal_chunks_is_found_first(shop: Shop) -> None:
    body = "\n\n".join(f"## Part {n}\n\n" + "secret refund policy of the company " * 9 for n in range(100))
    for number in range(100):
        shop.put(f"internal-{number}", body, title="Secret refund policy", audience="internal")
    shop.put("public", "You may get your money back.", title="Money")
    shop.home.index.compact()
    assert len(shop.home.index.view()) > 10_000
    assert shop.ids("secret refund policy", CUSTOMER, limit=1) == ["public"]
    assert shop.ids("secret refund policy", AGENT, limit=1)[0].startswith("internal-")


def test_a_change_of_audience_is_in_force_at_once(shop: Shop) -> None:
    shop.put("a", "refund within 14 days", title="Refunds")
    assert shop.ids("refund") == ["a"]
    shop.put("a", "refund within 14 days", title="Refunds", audience="internal")
    assert shop.ids("refund") == []
    assert shop.ids("refund", AGENT) == ["a"]


def test_the_store_is_asked_once_more_before_anything_is_shown(shop: Shop) -> None:
    shop.put("a", "refund within 14 days", title="Refunds")
    stale = shop.home.index.view()
    shop.library.retire(["a"])
    shop.home.index.view = lambda connection=None: stale  # type: ignore[method-assign]
    assert shop.ids("refund") == []


def test_drafts_and_archived_articles_are_not_found(shop: Shop) -> None:
    shop.put("a", "refund", title="A", state="draft")
    shop.put("b", "refund", title="B", state="archived")
    assert shop.ids("refund", AGENT) == []


def test_filters_come_before_ranking(shop: Shop) -> None:
    for number in range(20):
        shop.put(f"en{number}", "refund refund refund", title="Refund")
    shop.put("ko", "refund 안내", title="안내", locale="ko-KR", product="hub")
    assert shop.ids("refund", filters=Filters(locale="ko"), limit=1) == ["ko"]
    assert shop.ids("refund", filters=Filters(product="HUB"), limit=1) == ["ko"]


def test_a_family_shows_once_in_the_language_of_the_question(shop: Shop) -> None:
    shop.put("refunds", "Refunds are paid within 14 days.", title="Refunds")
    shop.put("refunds-ko", "환불은 14일 이내에 해 드립니다.", title="환불", locale="ko", translation_of="refunds")
    assert shop.ids("환불 refund") == ["refunds-ko"]
    assert shop.ids("refunds paid") == ["refunds"]
    english = Reader(CUSTOMER.audiences, "en")
    assert shop.ids("환불", english) == ["refunds"]


def test_explain_names_both_legs(shop: Shop) -> None:
    shop.put("a", "refund within 14 days", title="Refunds")
    explain = shop.search("refund days", explain=True).hits[0].explain or {}
    assert explain["bm25"]["rank"] == explain["vector"]["rank"] == 1
    assert set(explain["idf"]) == {"refund", "day"}
    assert shop.search("refund").hits[0].explain is None


def test_an_empty_knowledge_base_has_no_answer(shop: Shop) -> None:
    results = shop.search("refund")
    assert (results.hits, results.answerable, results.verdict) == ((), 0.0, "none")


@pytest.mark.parametrize("text", ["", "  ", "?!…", "\0", "x" * 20_001])
def test_a_question_without_words_is_refused(shop: Shop, text: str) -> None:
    with pytest.raises(InvalidInput, match="query"):
        shop.search(text)


def test_a_search_is_logged_masked_with_what_it_showed(shop: Shop) -> None:
    shop.put("a", "refund within 14 days", title="Refunds")
    found = shop.search("refund for kim@example.com 010-1234-5678")
    shop.home.journal.flush()
    with shop.home.database.read() as connection:
        (logged,) = searches.all_searches(connection, CUSTOMER)
    assert logged.query == "refund for [email] [phone]"
    assert (logged.id, [hit["id"] for hit in logged.hits]) == (found.search_id, ["a"])


def test_a_journal_that_cannot_write_says_so_and_goes_on(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    written = shop.home.database.write
    shop.home.database.write = lambda: (_ for _ in ()).throw(OSError("disk full"))  # type: ignore[method-assign]
    shop.search("refund one")
    shop.home.journal.flush()
    assert "could not be written" in caplog.text
    shop.home.database.write = written  # type: ignore[method-assign]
    shop.search("refund two")
    shop.home.journal.flush()
    with shop.home.database.read() as connection:
        assert [search.query for search in searches.all_searches(connection, CUSTOMER)] == ["refund two"]


# --- snippets -----------------------------------------------------------------------------------------------


def test_a_snippet_is_the_sentences_that_hold_the_words() -> None:
    text = "Hello there. " * 30 + "Refunds take 14 days. " + "Bye now. " * 30
    found = snippet(text, {"refund": 3.0, "day": 1.0})
    assert "Refunds take 14 days." in found.text
    marked = [found.text[start:end] for start, end in found.highlights]
    assert marked == ["Refunds", "days"]


def test_highlights_are_offsets_and_do_not_overlap() -> None:
    assert highlights("환불환불 안내 <b>환불</b>", {"환불": 1.0}) == [(0, 4), (11, 13)]


def test_a_stem_marks_its_own_words_only() -> None:
    text = "One Apple on apps, crashing crashes"
    marked = [text[a:b] for a, b in highlights(text, {"on": 1.0, "app": 1.0, "crash": 1.0})]
    assert marked == ["on", "apps", "crashing", "crashes"]


def test_a_short_passage_is_shown_whole() -> None:
    assert snippet("1. Open.\n2. Close.", {"nothing": 1.0}).text == "1. Open.\n2. Close."


# --- confidence ---------------------------------------------------------------------------------------------


def test_verdicts() -> None:
    assert [confidence.verdict(p) for p in (0.9, 0.6, 0.01)] == ["answer", "maybe", "none"]


def test_the_shipped_model_knows_its_features_and_its_origin() -> None:
    fitted = json.loads(Path(confidence.__file__).with_name("confidence.json").read_text())
    assert set(fitted["features"]) == set(confidence.FEATURES)
    assert fitted["made_by"].startswith("kb tune")
    assert all(len(fitted[name]["weights"]) == len(confidence.FEATURES) for name in ("hit", "question"))


def test_neighbours_and_margin_tell_of_other_articles_that_this_reader_may_see(shop: Shop) -> None:
    shop.put("refunds", "Refunds are paid within fourteen days.", title="Refunds")
    shop.put(
        "refunds-ko", "Refunds are paid within fourteen days.", title="환불", translation_of="refunds", locale="ko"
    )

    def seen(name: str) -> float:
        ranking = shop.engine.rank(Request("refunds paid days", CUSTOMER))
        return ranking.features()[0][confidence.FEATURES.index(name)]

    assert (seen("neighbours"), seen("margin")) == (0.8, 0.3)  # its own translation is no other article
    shop.put("hidden", "Refunds are paid within thirty days.", title="Refunds", audience="internal")
    assert (seen("neighbours"), seen("margin")) == (0.8, 0.3)
    shop.put("other", "Refunds are paid within thirty days.", title="Late refunds")
    assert seen("neighbours") > 0.85
    assert 0 <= seen("margin") < 0.3


# --- folding and snippets -----------------------------------------------------------------------------------


def test_articles_that_say_the_same_are_shown_once(shop: Shop) -> None:
    shop.put("a", "The refund is paid to your card within fourteen days.", title="Refund")
    shop.put("b", "The refund is paid to your card within fourteen days.", title="Refund")
    (hit,) = shop.search("refund to my card").hits
    assert (hit.id, hit.also) in (("a", ("b",)), ("b", ("a",)))


def test_a_snippet_leads_to_its_own_section(shop: Shop) -> None:
    shop.put("a", "## Price\n\nTen dollars.\n\n## Refund {#money-back}\n\nWithin fourteen days.", title="Hub")
    (hit,) = shop.search("refund fourteen").hits
    assert (hit.anchor, hit.heading_path) == ("money-back", ())
    assert "fourteen" in hit.snippet


def test_steps_are_shown_from_the_first() -> None:
    steps = "Before you begin.\n1. Open Settings.\n2. Choose Billing.\n3. Tap Refund.\n4. Wait."
    assert snippet(steps, {"refund": 2.0}, length=60).text.startswith("1. Open Settings.\n2. Choose Billing.\n3. Tap")


def test_a_passage_without_text_has_an_empty_snippet(shop: Shop) -> None:
    assert snippet("", {"refund": 2.0}).text == ""
    shop.put("a", "## Refunds\n", title="Refunds")
    assert [hit.snippet for hit in shop.search("refunds").hits] == [""]
