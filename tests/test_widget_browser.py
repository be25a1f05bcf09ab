"""Customers' journeys through the help widget, in a real browser on a shop's page of another origin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Route, expect

from articles.metrics import Slice, measure
from kb.models import EVERYTHING
from tests.browser import compose, picture, violations, visit
from tests.conftest import Shop
from tests.site import Site, site

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("size", ["desk", "phone"])

REFUNDS = """## Refunds

How are refunds paid? Refunds are paid within 14 days to your card.

See [delivery](delivery.md)."""
KO_REFUNDS = """환불은 언제 되나요? 환불은 결제한 카드로 14일 안에 지급됩니다.

## 신청

1. 주문을 엽니다.
2. 환불 신청을 누릅니다."""
WORDS = {
    "en": {
        "launch": "Help",
        "ask": "how are refunds paid",
        "title": "Refunds",
        "none": "We have no article on this",
        "person": "Ask a person",
        "send": "Send",
        "sure": "Yes, send it",
        "sent": "A person will answer you",
        "no": "No",
        "wrong": "It is wrong",
        "yes": "Yes",
        "thanks": "Good to know",
    },
    "ko": {
        "launch": "도움말",
        "ask": "환불언제",
        "title": "환불 안내",
        "none": "이 질문에 답하는 글이 없습니다",
        "person": "상담원에게 문의하기",
        "send": "보내기",
        "sure": "네, 보낼게요",
        "sent": "상담원이 답변드리겠습니다",
        "no": "아니요",
        "wrong": "내용이 틀려요",
        "yes": "네",
        "thanks": "알려 주셔서 감사합니다",
    },
}


@pytest.fixture
def place(shop: Shop) -> Iterator[Site]:
    shop.put("refunds", REFUNDS, title="Refunds", reviewed="2026-10-21")
    shop.put("delivery", "Boxes are delivered before 7 in the morning on weekdays.", title="Delivery of boxes")
    shop.put("ko/refunds", KO_REFUNDS, title="환불 안내", locale="ko")
    shop.put(
        "secret",
        "The zyxquartz of refunds: agents may pay refunds early.",
        title="Zyxquartz refunds",
        audience="internal",
    )
    with site(shop) as found:
        yield found


@pytest.fixture
def contexts(browser: Browser) -> Iterator[list[BrowserContext]]:
    found: list[BrowserContext] = []
    yield found
    for context in found:
        context.close()


class Customer:
    """Somebody on the shop's page."""

    def __init__(
        self,
        browser: Browser,
        contexts: list[BrowserContext],
        place: Site,
        language: str = "en",
        size: str = "desk",
        **page: str,
    ) -> None:
        self.context = visit(browser, size, language, **page.pop("options", {}))  # type: ignore[arg-type]
        contexts.append(self.context)
        self.words, self.place, self.name = WORDS[language], place, f"{language}-{size}"
        self.page = place.visit(self.context, lang=language, **page)
        self.help = self.page.locator("kb-help")

    def open(self) -> None:
        self.button(self.words["launch"]).click()
        expect(self.dialog).to_be_visible()

    @property
    def dialog(self) -> Locator:
        return self.help.get_by_role("dialog")

    @property
    def field(self) -> Locator:
        return self.help.get_by_role("combobox")

    def button(self, name: str) -> Locator:
        return self.help.get_by_role("button", name=name, exact=True)

    def result(self, title: str) -> Locator:
        return self.help.locator(".result", has_text=title).first

    def ask(self, text: str) -> None:
        self.field.focus()
        compose(self.page, text) if self.words is WORDS["ko"] else self.page.keyboard.type(text)

    def look(self, name: str) -> None:
        """A state of the panel: nothing that axe finds, nothing that went wrong, a picture of it."""
        assert violations(self.page) == []
        assert self.place.problems == []
        picture(self.page, f"widget-{name}-{self.name}")


@BOTH
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_customer_finds_the_answer(
    browser: Browser, contexts: list[BrowserContext], place: Site, language: str, size: str
) -> None:
    """In Korean by four syllables, typed through an input method."""
    customer = Customer(browser, contexts, place, language, size)
    customer.open()
    customer.look("home")
    customer.ask(customer.words["ask"])
    customer.result(customer.words["title"]).wait_for()
    customer.look("results")
    customer.result(customer.words["title"]).click()
    expect(customer.help.locator(".prose mark").first).to_contain_text("14")
    expect(customer.help.locator(".prose mark").first).to_be_in_viewport()
    customer.look("article")
    customer.button(customer.words["yes"]).click()
    expect(customer.help.get_by_text(customer.words["thanks"])).to_be_focused()
    customer.look("helped")
    (search,) = place.searches()
    assert search.query == customer.words["ask"]
    told = [(event.kind, event.article_id, event.search_id) for event in place.events("clicked", "helped", count=2)]
    article = {"ko": "ko/refunds", "en": "refunds"}[language]
    assert told == [("clicked", article, search.id), ("helped", article, search.id)]


@BOTH
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_customer_finds_nothing_and_reaches_a_person(
    browser: Browser, contexts: list[BrowserContext], place: Site, language: str, size: str
) -> None:
    customer = Customer(browser, contexts, place, language, size, contact="/contact")
    customer.open()
    question = {"ko": "코끼리 분양", "en": "elephant adoption"}[language]
    customer.ask(question)
    expect(customer.help.locator(".verdict")).to_contain_text(customer.words["none"])
    customer.look("nothing")
    customer.button(customer.words["person"]).click()
    expect(customer.help.locator("#message")).to_have_value(question)
    customer.button(customer.words["send"]).click()
    expect(customer.help.locator("#reply")).to_be_focused()  # where is the answer to go?
    customer.look("contact-invalid")
    customer.help.locator("#reply").fill("kim@example.com")
    customer.button(customer.words["send"]).click()
    expect(customer.help.locator(".ask")).to_be_focused()
    customer.look("contact-sure")
    assert place.sent == []  # it asks once
    customer.button(customer.words["sure"]).click()
    expect(customer.help.get_by_text(customer.words["sent"])).to_be_focused()
    customer.look("contact-sent")
    (sent,) = place.sent
    (contacted,) = place.events("contacted")
    (search,) = place.searches()
    assert (sent["question"], sent["message"], sent["reply_to"]) == (question, question, "kim@example.com")
    assert (sent["search_id"], contacted.search_id, search.query, search.verdict) == (
        search.id,
        search.id,
        question,
        "none",
    )
    assert contacted.data["via"] == "form"


@BOTH
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_customer_reads_is_not_helped_and_says_why(
    browser: Browser, contexts: list[BrowserContext], place: Site, language: str, size: str
) -> None:
    customer = Customer(browser, contexts, place, language, size, contact="/contact")
    customer.open()
    customer.ask(customer.words["ask"])
    customer.result(customer.words["title"]).click()
    customer.button(customer.words["no"]).click()
    customer.look("why")
    customer.help.get_by_label(customer.words["wrong"]).check()
    customer.help.locator("#comment").fill("It is 30 days, ask 010-1234-5678")
    customer.button(customer.words["send"]).click()
    expect(customer.help.locator(".thanks")).to_be_focused()
    customer.look("not-helped")
    (event,) = place.events("not_helped")
    assert event.data["reason"] == "wrong"
    assert event.data["comment"].startswith("It is 30 days")
    assert "1234" not in event.data["comment"]
    customer.button(customer.words["person"]).click()
    customer.help.locator("#reply").fill("kim@example.com")
    customer.button(customer.words["send"]).click()
    customer.button(customer.words["sure"]).click()
    expect(customer.help.get_by_text(customer.words["sent"])).to_be_visible()
    assert [one["title"] for one in place.sent[0]["read"]] == [customer.words["title"]]
    assert place.events("contacted")
    share = measure(place.shop.home.database, EVERYTHING, Slice.over("", "", datetime.now(UTC)))
    assert share["deflection_none"].count == 1


def test_while_a_syllable_is_composed_nothing_is_searched_and_enter_sends_nothing(
    browser: Browser, contexts: list[BrowserContext], place: Site
) -> None:
    customer = Customer(browser, contexts, place, "ko")
    asked: list[str] = []
    customer.page.on("request", lambda sent: asked.append(sent.url) if sent.method == "POST" else None)
    customer.open()
    expect(customer.help.get_by_text("이 페이지와 관련된 글")).to_have_count(0)
    customer.field.focus()
    with customer.page.expect_request(re.compile("/v1/complete")):
        compose(customer.page, "환", ended=False)
    customer.field.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    expect(customer.help.get_by_role("option").first).to_contain_text("환불")
    assert [url for url in asked if url.endswith("/v1/search")][1:] == []  # but the page's own, at opening
    assert place.searches() == []


def test_initial_consonants_complete(browser: Browser, contexts: list[BrowserContext], place: Site) -> None:
    customer = Customer(browser, contexts, place, "ko")
    customer.open()
    customer.field.focus()
    customer.page.keyboard.insert_text("ㅎㅂ")
    option = customer.help.get_by_role("option", name="환불 안내")
    option.wait_for()
    customer.page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    customer.look("completions")
    customer.page.keyboard.press("Enter")
    customer.result("환불 안내").wait_for()
    expect(customer.field).to_have_value("환불 안내")
    assert place.events("settled")
    assert [search.query for search in place.searches()] == ["환불 안내"]


def test_what_is_internal_is_never_shown(browser: Browser, contexts: list[BrowserContext], place: Site) -> None:
    customer = Customer(browser, contexts, place)
    customer.open()
    for question in ("zyxquartz refunds", "zyxq"):
        customer.field.fill(question)
        customer.page.keyboard.press("Enter")
        expect(customer.help.locator(".found[aria-busy=false]")).to_be_visible()
        expect(customer.dialog).not_to_contain_text("Zyxquartz")
        expect(customer.dialog).not_to_contain_text("agents may")
    customer.page.evaluate("kbHelp.article('secret')")
    expect(customer.help.get_by_text("This article is no longer here.")).to_be_visible()


def test_answers_come_in_the_order_of_the_questions(
    browser: Browser, contexts: list[BrowserContext], place: Site
) -> None:
    """The answer to what was typed first arrives last, and is not shown; what was asked before is not asked again."""
    customer = Customer(browser, contexts, place)
    customer.open()
    held: list[Route] = []
    asked: list[str] = []

    def slowly(route: Route) -> None:
        asked.append(route.request.post_data_json["query"])
        held.append(route) if asked[-1] == "refunds paid" and len(asked) == 1 else route.continue_()

    customer.page.route("**/v1/search", slowly)
    customer.field.fill("refunds paid")
    customer.page.wait_for_function(
        "document.querySelector('kb-help').shadowRoot.querySelector('.found').ariaBusy === 'true'"
    )
    customer.field.fill("delivered boxes")
    customer.result("Delivery of boxes").wait_for()
    assert [route.request.failure for route in held] == ["net::ERR_ABORTED"]
    first = customer.help.locator(".result .name").first
    expect(first).to_have_text("Delivery of boxes")
    customer.field.fill("refunds paid")
    expect(first).to_have_text("Refunds")
    customer.field.fill("delivered boxes")
    expect(first).to_have_text("Delivery of boxes")
    assert asked == ["refunds paid", "delivered boxes", "refunds paid"]


def test_typing_counts_once_it_has_settled(browser: Browser, contexts: list[BrowserContext], place: Site) -> None:
    customer = Customer(browser, contexts, place)
    customer.open()
    customer.page.keyboard.type("refunds paid", delay=150)  # slowly: several prefixes are searched for
    customer.result("Refunds").wait_for()
    assert [event.kind for event in place.events("settled")] == ["settled"]
    assert [search.query for search in place.searches()] == ["refunds paid"]
