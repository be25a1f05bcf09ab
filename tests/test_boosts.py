"""What speaks for an article besides its words: bounded, explained, and never a way around its text."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.models import ArticleRow
from kb.store.searches import Event
from search import boosts, hits, particulars
from search.boosts import Weights, standing, sureness, wilson
from search.suggest import suggest
from search.ticket import parse
from tests.conftest import CUSTOMER, Shop

TODAY = date(2026, 11, 24)


def row(updated: str = "", verified_until: str = "", featured: bool = False) -> ArticleRow:
    return ArticleRow("a", "a", 1, "A", "en", "public", "", "published", "a.md", updated, verified_until, featured)


@pytest.mark.parametrize(
    ("article", "votes", "expected"),
    [
        (row(), (0, 0), {}),
        (row(verified_until="2026-11-24"), (0, 0), {"verified": 0.01}),
        (row(verified_until="2026-11-23"), (0, 0), {"verified": -0.01}),
        (row(updated="2026-11-24"), (0, 0), {"fresh": 0.005}),
        (row(updated="2027-01-01"), (0, 0), {"fresh": 0.005}),
        (row(updated="2020-01-01"), (0, 0), {}),
        (row(featured=True), (2, 1), {"featured": 0.01}),
        (row(), (40, 0), {"helpful": 0.01237}),
        (row(), (0, 40), {"helpful": -0.01237}),
    ],
)
def test_what_stands_for_an_article(article: ArticleRow, votes: tuple[int, int], expected: dict[str, float]) -> None:
    assert standing(article, votes, TODAY, Weights()) == expected


@given(st.booleans(), st.dates(), st.dates(), st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)))
def test_standing_is_bounded(featured: bool, updated: date, until: date, votes: tuple[int, int]) -> None:
    weights = Weights()
    found = standing(row(updated.isoformat(), until.isoformat(), featured), votes, TODAY, weights)
    assert abs(sum(found.values())) <= weights.bound + 1e-4
    assert all(found.values())


def test_few_votes_say_nothing_and_many_say_much() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    low, high = wilson(9, 10)  # 0.5958 and 0.9821: Newcombe, Statistics in Medicine 1998
    assert (round(low, 4), round(high, 4)) == (0.5958, 0.9821)
    assert sureness(2, 0) == 0.0
    assert 0 < sureness(9, 1) < sureness(90, 10) < 1
    assert sureness(1, 9) == pytest.approx(-sureness(9, 1))


@pytest.mark.parametrize(
    ("text", "codes", "versions"),
    [
        ("NR-2207 뜨고 결제가 안 돼요", ("nr-2207", "nr2207"), ()),
        ("오류 코드 1042가 나와요", ("1042",), ()),
        ("update fails with 0x80070005 (error 429)", ("0x80070005", "429"), ()),
        ("net::ERR_CONN_RESET in v5.2.1", ("err_conn_reset",), ("5.2.1",)),
        ("v4.2에서 안 돼요, 4.1은 됐어요", (), ("4.2", "4.1")),
        ("on 2026-11-24, 2026.11.24 or 24.11.2026 from 192.168.0.1 with 14.500.000.000", (), ()),
        ("NR2207 왜 떠요", ("nr2207", "nr-2207"), ()),
        ("two-step sign-in, e-mail and Wi-Fi", (), ()),
    ],
)
def test_codes_and_versions_are_read_out_of_a_text(
    text: str, codes: tuple[str, ...], versions: tuple[str, ...]
) -> None:
    found = particulars.read(text, ())
    assert (found.codes, found.versions) == (codes, versions)


def test_products_are_read_by_their_words() -> None:
    products = ("naru-hub", "naru-app", "", "app")
    assert particulars.read("My Naru  Hub's light is red", products).products == ("naru-hub",)
    assert particulars.read("나루 앱 말고 naru-app이요", products).products == ("app", "naru-app")
    assert particulars.read("Is it mapped?", products, product="Naru-Hub").products == ("naru-hub",)


def test_of_two_like_articles_the_verified_one_is_first_and_says_why(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hits, "SAME", 2.0)  # nothing is folded: these say the very same
    for name, reviewed in (("b-old", "2020-01-01"), ("c-new", "2026-11-01")):
        shop.put(name, "Refunds are paid within days.", title="Refunds", reviewed=reviewed, review_every="90d")
    first, second = shop.search("refunds paid days", explain=True, today=TODAY).hits
    assert (first.id, second.id) == ("c-new", "b-old")
    assert first.explain is not None
    assert second.explain is not None
    assert first.explain["boosts"] == {"verified": 0.01}
    assert second.explain["boosts"] == {"verified": -0.01}
    assert first.score == pytest.approx(first.explain["fused"] + 0.01, abs=1e-3)


def test_standing_never_beats_the_text(shop: Shop) -> None:
    shop.put("right", "Refunds are paid within 14 days.", title="Refunds")
    shop.put("wrong", "The hub speaks Korean.", title="Hub", featured="true", reviewed="2026-11-01", review_every="90d")
    assert shop.ids("refunds paid", today=TODAY)[0] == "right"


def test_votes_are_counted_once_a_search(shop: Shop) -> None:
    shop.put("refunds", "Refunds are paid within 14 days.", title="Refunds")
    for number in range(12):
        for _ in range(2):
            shop.home.journal.record(Event("2026-11-24T00:00:00", f"s{number}", "helped", "refunds", {}))
    shop.home.journal.record(Event("2026-11-24T00:00:00", "s99", "dismissed", "refunds", {}))
    shop.home.journal.flush()
    assert boosts.ballots(shop.home.database).get() == {"refunds": (12, 1)}
    (hit,) = shop.search("refunds", explain=True).hits
    assert hit.explain is not None
    assert hit.explain["boosts"] == {"helpful": pytest.approx(0.015 * sureness(12, 1), abs=1e-5)}


def test_a_tickets_code_and_product_find_their_article(shop: Shop) -> None:
    words = "The card was declined by the bank. Try another card, or wait a day and pay again."
    shop.put("other", words, title="Payment failed", product="naru-app")
    shop.put("wanted", f"{words}\n\nThe code is NR-2207.", title="Payment failed", product="naru-box")
    ticket = parse(
        json.dumps(
            {"subject": "payment failed", "messages": [{"text": "card declined, NR-2207"}], "product": "Naru-Box"}
        )
    )
    found = suggest(shop.engine, ticket, CUSTOMER)
    assert [hit.id for hit in found.results.hits] == ["wanted", "other"]  # another product's is not left out
    assert found.why[0].startswith("about NR-2207 · about naru-box · shares ")
    assert "NR-2207 언급 · naru-box 언급 · 같은 말: " in suggest(shop.engine, ticket, CUSTOMER, language="ko").why[0]


def test_a_pasted_log_names_no_more_than_a_few_codes() -> None:
    log = " ".join(f"nr{number}" for number in range(2000, 9000))
    found = particulars.read(log, ())
    assert found.codes[:2] == ("nr2000", "nr2001")
    assert "nr-2000" in found.codes
    assert len(found.codes) == 16
    for hostile in ("error " + "1" * 10_000 + "." * 9_900, "1.1-" + "a" * 19_000 + "_1", "a_" * 9_000):
        assert particulars.read(hostile, ("a",)).codes == ()


def test_a_version_counts_with_and_without_its_v(shop: Shop) -> None:
    shop.put("old", "Update the firmware of the hub to v4.1 first.", title="Hub")
    shop.put("new", "Update the firmware of the hub to v4.2 first.", title="Hub")
    for text in ("hub firmware v4.2", "hub firmware 4.2"):
        hits = shop.search(text, explain=True).hits
        boosted = {
            hit.id: [name for name in (hit.explain or {})["boosts"] if name.startswith("version")] for hit in hits
        }
        assert boosted["new"] == ["version 4.2"], text
        assert not boosted.get("old")


def test_verified_for_ever_is_a_date_like_any_other(shop: Shop) -> None:
    shop.put("a", "Refunds are paid.", title="Refunds", reviewed="2024-01-01", review_every="9999y")
    (hit,) = shop.search("refunds", explain=True).hits
    assert hit.explain is not None
    assert hit.explain["boosts"] == {"verified": 0.01}
