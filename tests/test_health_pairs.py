"""Near-duplicates and contradictions in a shelf: what is found, on which article, and what is looked at again."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from articles.health import contradiction, near_duplicate
from articles.health.base import Demand, Flag, Shelf
from articles.health.pairs import kept
from articles.health.pairs.look import Pairs, look, with_pairs
from articles.health.pairs.passages import load_passages, make_passages
from articles.health.pairs.similarity import Rarity, alike, profile, tokens
from articles.prepare import read_article
from indexer.dense import neighbours
from kb.models import EVERYTHING, Article
from kb.store import articles as store
from tests.conftest import STARTER, Shop, TinyEmbedder
from tests.faults.pairs import INJECT

TODAY = date(2026, 11, 25)


def article(article_id: str, body: str, **front: str) -> Article:
    head = "".join(f"{key}: {value}\n" for key, value in {"locale": "en", **front}.items())
    return read_article(f"---\n{head}---\n\n{body}\n", f"{article_id}.md", article_id)


def shelf(*articles: Article) -> Shelf:
    return Shelf({one.id: one for one in articles}, TODAY)


def flags(found: Shelf) -> list[tuple[str, Flag]]:
    checks = (near_duplicate.CHECK, contradiction.CHECK)
    return [(one.id, flag) for check in checks for one in found.published for flag in check.look(one, found)]


@pytest.fixture(scope="module")
def starter() -> Shelf:
    """The articles that everybody starts with, read from their folder."""
    paths = sorted(STARTER.rglob("*.md"))
    return shelf(*(read_article(p.read_text(encoding="utf-8"), str(p.relative_to(STARTER)), p.stem) for p in paths))


@pytest.mark.parametrize("embedder", [None, TinyEmbedder()], ids=["letters", "vectors"])
def test_the_starter_articles_have_what_was_planted_and_nothing_else(
    starter: Shelf, embedder: TinyEmbedder | None
) -> None:
    found = [(flag.check, name, flag.line, flag.others) for name, flag in flags(with_pairs(starter, embedder))]
    assert sorted(found) == [
        ("contradiction", "late-delivery-ko", 51, ("damaged-missing-items-ko",)),
        ("contradiction", "payment-failed", 48, ("refunds",)),
        ("near_duplicate", "update-saved-card", 30, ("change-payment-card",)),
    ]


def test_what_a_flag_shows(starter: Shelf) -> None:
    found = dict(flags(with_pairs(starter)))
    both = found["payment-failed"]
    assert both.quote.startswith("A monthly plan payment")
    assert "14 days" in both.evidence["other_text"]
    assert both.evidence["values"] == ["30 days", "14 days"]
    assert both.evidence["other_line"] == 20
    assert "'30 days' where '14 days' stands in line 20 of 'refunds'" in both.message
    twin = found["update-saved-card"]
    assert twin.evidence["probability"] > 0.9
    assert twin.evidence["text"]
    assert twin.evidence["other_text"]


CARD = """# {title}

You can pay with another card. Only the owner of the household can do this, so ask them first.

1. Open Settings and tap Billing, then Payment methods.
2. Tap Add a payment method, choose Card, and enter number, expiry date and security code.
3. Approve the small test charge in your bank app. We release it within a few minutes.

The new card is used from the next payment on. Remove the old one once the new one is the default.
"""


def test_the_pair_is_flagged_on_the_one_that_is_read_less() -> None:
    first = article("first", CARD.format(title="Use another card"))
    second = article("second", CARD.format(title="Pay with another card") + "\nIt takes a minute.")
    found = with_pairs(shelf(first, second))
    assert [name for name, _ in flags(found)] == ["first"]
    read = replace(found, demand={"first": Demand(views=10)})
    assert [name for name, _ in flags(read)] == ["second"]


def test_translations_and_drafts_are_no_duplicates() -> None:
    first = article("first", CARD.format(title="Use another card"))
    other = article("other", CARD.format(title="Use another card"), translation_of="first")
    draft = article("draft", CARD.format(title="Use another card"), state="draft")
    family = replace(other, family=first.family)
    assert flags(with_pairs(shelf(first, family, draft))) == []


PATCH = """The {code} patch fixes the issue where {what}. This patch comes with the patches tool 1.1.{minor}.
The patch ID is {code}. The issue is scheduled to be fixed in the next release.

## Affected versions

The patch is created for version 2.4.{minor}. It is compatible with versions 2.3.6 to 2.4.3. The patch might become
applicable to other versions with new releases of the tool. To check whether the patch is compatible with your version,
update the package to the latest version and check the compatibility on the landing page.

## Issue

{what}. Steps to reproduce: log in as an administrator, create a new record, and look at the result on the page.

## Apply the patch

To apply individual patches, use the links to the documentation, depending on how it was deployed.
"""
FAULTS = ("coupons are lost after a failed order", "the cart shows wrong taxes", "images vanish from wish lists",
          "the price rule is applied twice", "search ignores hyphens", "exports miss every second row")  # fmt: skip


def test_pages_of_one_template_with_other_numbers_are_no_duplicates() -> None:
    pages = [
        article(f"p{i}", PATCH.format(code=f"ACX-{4170 + i * 131}", what=what, minor=i + 1))
        for i, what in enumerate(FAULTS)
    ]
    again = replace(pages[0], id="again", family="again", markdown=pages[0].markdown.replace("look at", "check"))
    assert flags(with_pairs(shelf(*pages))) == []
    assert {name for name, _ in flags(with_pairs(shelf(*pages, again)))} <= {"p0", "again"}
    assert flags(with_pairs(shelf(*pages, again)))


def test_similarity_is_mutual_and_highest_with_itself() -> None:
    texts = [PATCH.format(code=f"ACX-{i}", what=what, minor=i) for i, what in enumerate(FAULTS)]
    profiles = [profile(text) for text in texts]
    rarity = Rarity.of([one.words for one in profiles])
    for one in profiles:
        for other in profiles:
            assert alike(one, other, rarity) == pytest.approx(alike(other, one, rarity))
            assert alike(one, other, rarity) <= alike(one, one, rarity)


def test_korean_is_read_as_pairs_of_letters() -> None:
    assert tokens("NR-2207은 결제 오류예요") == ["nr-2207", "은", "결제", "오류", "류예", "예요"]


def test_empty_and_tiny_shelves() -> None:
    assert with_pairs(shelf()).duplicates == {}
    assert with_pairs(shelf(article("a", "Hello."))).contradictions == {}
    assert flags(with_pairs(shelf(article("a", ""), article("b", "")))) == []


REFUND = "# Refunds\n\nYou can ask for a full refund of a plan payment within {days} days of the payment date."


OPPOSED = (
    (
        "en",
        "Opened skincare sets can be refunded if the seal is intact.",
        "Opened skincare sets cannot be refunded if the seal is intact.",
    ),
    ("en", "Gift cards can be combined with coupons.", "Gift cards cannot be combined with coupons."),
    ("en", "We ship to PO boxes in every state.", "We do not ship to PO boxes in any state."),
    ("en", "Guests can edit shared boards.", "Guests are not allowed to edit shared boards."),
    ("en", "The desk lamp works with Apple HomeKit.", "The desk lamp does not work with Apple HomeKit."),
    (
        "en",
        "You can change the delivery address after the box has shipped.",
        "You cannot change the delivery address after the box has shipped.",
    ),
    ("en", "Sale items are refundable.", "Sale items are non-refundable."),
    (
        "en",
        "A deleted workspace can be restored by the owner.",
        "A deleted workspace cannot be restored, not even by the owner.",
    ),
    ("en", "To change your card, open Settings > Billing.", "To change your card, open Settings > Payments."),
    (
        "en",
        "You find your invoices under Account > Documents > Invoices.",
        "You find your invoices under Account > Billing > Invoices.",
    ),
    ("en", "Turn on two-step sign-in under Settings > Security.", "Turn on two-step sign-in under Profile > Privacy."),
    ("ko", "쿠폰과 적립금은 함께 사용 가능합니다.", "쿠폰과 적립금은 함께 사용 불가합니다."),
    ("ko", "해외 발행 카드로도 정기 결제가 됩니다.", "해외 발행 카드로는 정기 결제가 안 됩니다."),
    ("ko", "개봉한 화장품은 환불받을 수 있습니다.", "개봉한 화장품은 환불받을 수 없습니다."),
    ("ko", "선물 받은 상품도 교환됩니다.", "선물 받은 상품은 교환되지 않습니다."),
    ("ko", "배송이 시작된 뒤에도 주소를 바꿀 수 있습니다.", "배송이 시작된 뒤에는 주소를 바꿀 수 없습니다."),
    ("ko", "탈퇴한 계정은 복구할 수 있습니다.", "탈퇴한 계정은 복구가 불가능합니다."),
    ("ko", "결제 카드는 설정 > 결제 수단에서 바꿉니다.", "결제 카드는 설정 > 청구에서 바꿉니다."),
    ("ko", "알림은 내 정보 > 알림 설정에서 끌 수 있습니다.", "알림은 설정 > 알림 설정에서 끌 수 있습니다."),
)
ALIKE = (
    (
        "en",
        "You can change the address before the box ships.",
        "You cannot change the address after the box has shipped.",
    ),
    ("en", "Owners can delete the workspace.", "Members cannot delete the workspace."),
    ("en", "Opened boxes cannot be returned unless they are faulty.", "Faulty opened boxes can be returned."),
    ("en", "If you cannot open the invoice, download it again.", "You can open the invoice and download it again."),
    ("en", "Gift cards cannot be combined with coupons.", "Gift cards can be combined with points."),
    (
        "en",
        "To change your card, open Settings > Billing > Cards.",
        "To remove your card, open Settings > Billing > Payments.",
    ),
    (
        "en",
        "To get your invoices, open Settings > Billing.",
        "To get your invoices, open Settings > Billing > Invoices.",
    ),
    (
        "en",
        "On iPhone, turn on notifications under Settings > Notifications.",
        "On Android, turn on notifications under Settings > Apps.",
    ),
    ("en", "Turn on dark mode under Settings > Display.", "Turn on loud sounds under Settings > Sound."),
    ("en", "You can cancel your plan at any time.", "You can not only cancel your plan but also pause it at any time."),
    ("en", "The file can't be opened on a phone.", "The file can be opened on a computer."),
    ("en", "Select File > Save to save the report.", "Select File > Export to save the report as PDF."),
    (
        "en",
        "You cannot sign in with your phone number.",
        "Here is what to do when signing in with your phone number is not possible.",
    ),
    ("ko", "배송 전에는 주소를 바꿀 수 있습니다.", "배송이 시작된 뒤에는 주소를 바꿀 수 없습니다."),
    ("ko", "쿠폰은 적립금과 함께 사용할 수 있습니다.", "쿠폰은 다른 쿠폰과 함께 사용할 수 없습니다."),
    ("ko", "등록한 카드로 결제가 안 됩니다.", "등록한 카드로 결제되면 문자가 갑니다."),
    ("ko", "비밀번호를 잊으면 로그인할 수 없습니다.", "비밀번호를 바꾸면 로그인할 수 있습니다."),
    ("ko", "관리자는 팀을 삭제할 수 있습니다.", "구성원은 팀을 삭제할 수 없습니다."),
    ("ko", "아이폰은 설정 > 알림에서 소리를 켭니다.", "안드로이드는 설정 > 앱에서 소리를 켭니다."),
    ("ko", "새 글 알림을 받지 않도록 설정할 수 있습니다.", "새 글 알림을 받도록 설정할 수 있습니다."),
    ("ko", "환불이 되지 않으면 고객센터로 문의하세요.", "환불이 되면 고객센터에서 문자로 알려 드립니다."),
    ("ko", "지운 사진은 보관함에서 되살릴 수 있습니다.", "지운 사진을 되살릴 수 없음"),
)
TITLES = {"en": ("Good to know", "Notes"), "ko": ("알아두기", "참고")}


def _contradictions(language: str, first: str, second: str) -> list[str]:
    texts = zip(TITLES[language], (first, second), strict=True)
    articles = (article(title, f"# {title}\n\n{text}", locale=language) for title, text in texts)
    return [str(f.evidence["kind"]) for _, f in flags(with_pairs(shelf(*articles))) if f.check == "contradiction"]


@pytest.mark.parametrize(("language", "first", "second"), OPPOSED)
def test_a_yes_and_a_no_and_two_menus_for_one_thing_contradict(language: str, first: str, second: str) -> None:
    assert _contradictions(language, first, second) in (["yes or no"], ["menu"])


@pytest.mark.parametrize(("language", "first", "second"), ALIKE)
def test_what_only_looks_like_a_no_or_another_menu_does_not_contradict(language: str, first: str, second: str) -> None:
    assert _contradictions(language, first, second) == []


FREE = "During the {years}-year warranty this is free: write to us and send the serial number from the label below."


def test_headings_about_something_else_do_not_hide_a_contradiction_and_those_of_another_case_do() -> None:
    first = article("first", f"# The hub will not connect\n\n## Last resort: factory reset\n\n{FREE.format(years=5)}")
    second = article("second", f"# Firmware update is stuck\n\n{FREE.format(years=1)}")
    assert [flag.check for _, flag in flags(with_pairs(shelf(first, second)))] == ["contradiction"]
    lamps = [
        article(name, f"# Replace a {name} lamp\n\n{FREE.format(years=n)}") for n, name in ((1, "red"), (5, "blue"))
    ]
    assert flags(with_pairs(shelf(*lamps))) == []


def test_every_contradiction_of_two_articles_is_told() -> None:
    fee = "We keep a fee of {fee}% when a yearly plan is cancelled early by its owner."
    first = article("first", f"{REFUND.format(days=14)}\n\n{fee.format(fee=10)}")
    other = f"# When it failed\n\n{REFUND.format(days=30).split(chr(10))[-1]}\n\n{fee.format(fee=20)}"
    again = "\n\nA full refund of a plan payment is possible within 90 days of the payment date."
    found = flags(with_pairs(shelf(first, article("second", other + again))))
    said = sorted(sorted(flag.evidence["values"]) for _, flag in found if flag.others)
    assert said == [["10%", "20%"], ["14 days", "30 days"], ["14 days", "90 days"]]


def test_other_products_do_not_contradict() -> None:
    home = article("refunds", REFUND.format(days=14), product="naru")
    aside = article("failed", f"{REFUND.format(days=30)}", product="naru")
    elsewhere = article("failed", REFUND.format(days=30), product="other")
    assert [flag.check for _, flag in flags(with_pairs(shelf(home, aside)))] == ["contradiction"]
    assert flags(with_pairs(shelf(home, elsewhere))) == []


def test_what_is_said_of_other_versions_does_not_contradict() -> None:
    first = article("first", REFUND.format(days=14), title="Refunds of Naru 2")
    for title, checks in (("Money back (naru 2)", ["contradiction"]), ("Money back (Naru 3)", [])):
        other = article("second", REFUND.format(days=30), title=title)
        assert [flag.check for _, flag in flags(with_pairs(shelf(first, other)))] == checks


@pytest.mark.parametrize("letters", ["a" * 12_000, "a " * 6_000])
def test_long_titles_take_no_long_time(letters: str) -> None:
    days = (("x", 14), ("y", 30), ("z", 60))
    some = [article(name, REFUND.format(days=n), title=f"{letters}{name}") for name, n in days]
    start = time.process_time()
    flags(with_pairs(shelf(*some)))
    assert time.process_time() - start < 2


def test_an_article_can_contradict_itself() -> None:
    more = "## If it failed\n\nA full refund of the plan payment is possible within 30 days of the payment date."
    text = f"{REFUND.format(days=14)}\n\n{more}"
    (found,) = flags(with_pairs(shelf(article("refunds", text), article("b", "Hello."))))
    assert found[1].others == ()
    assert found[1].line == 11


def _found(pairs: Pairs) -> set[tuple[str, str, str]]:
    kinds = (("d", pairs.duplicates), ("c", pairs.contradictions))
    return {(kind, name, one.other) for kind, found in kinds for name, some in found.items() for one in some}


def _look(articles: Iterable[Article], changed: set[str] | None = None, before: Pairs | None = None) -> Pairs:
    every = list(articles)
    return look(every, make_passages(every), changed, before)


def test_what_changed_is_looked_at_alone_and_finds_the_same(starter: Shelf) -> None:
    every = dict(starter.articles)
    before = _look(every.values())
    fixed = every["payment-failed"]
    mended = {**every, fixed.id: replace(fixed, markdown=fixed.markdown.replace("30 days", "14 days"))}
    after = _look(mended.values(), {fixed.id}, before)
    assert _found(before) - _found(after) == {("c", "payment-failed", "refunds")}
    assert _found(_look(every.values(), {fixed.id}, after)) == _found(before)
    gone = {name: one for name, one in every.items() if name != "refunds"}
    assert ("c", "payment-failed", "refunds") not in _found(_look(gone.values(), set(), before))


def test_pairs_are_kept_in_the_store(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.put("refunds", REFUND.format(days=14))
    shop.put("failed", REFUND.format(days=30))
    database, model = shop.home.database, shop.embedder.fingerprint

    def refreshed() -> Pairs:
        with database.read() as connection:
            articles = list(store.all_articles(connection, EVERYTHING))
        return kept.refresh(database, model, articles)

    first = refreshed()
    assert len(_found(first)) == 1
    with monkeypatch.context() as patch:
        patch.setattr(kept, "look", None)  # nothing changed: nobody looks
        assert refreshed() == first
    shop.put("failed", REFUND.format(days=14))
    assert _found(refreshed()) == set()
    assert {
        len(one.text) > 0 and one.vector is not None for some in load_passages(database, model).values() for one in some
    } == {True}


def test_neighbours_are_the_nearest_others() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(50, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[7] = vectors[3]
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -2)
    found, scores = neighbours(vectors, 5)
    np.testing.assert_allclose(scores, -np.sort(-cosines, axis=1)[:, :5], atol=1e-5)
    assert not (found == np.arange(50)[:, None]).any()
    some, _ = neighbours(vectors, 5, np.array([3, 20]))
    assert some.tolist() == found[[3, 20]].tolist()
    assert neighbours(vectors[:2], 5)[0].tolist() == [[1], [0]]


@pytest.mark.parametrize("check", [near_duplicate.CHECK, contradiction.CHECK], ids=lambda check: check.name)
def test_what_is_injected_is_found(starter: Shelf, check: object) -> None:
    assert isinstance(check, type(near_duplicate.CHECK))
    rng, tried, found = random.Random(3), 0, 0
    for one in starter.published[::4]:
        faulty = INJECT[check.name](starter, one, rng)
        if faulty is not None:
            tried += 1
            found += bool(list(check.look(faulty.articles[one.id], faulty)))
    assert tried >= 6
    assert found >= 0.8 * tried
