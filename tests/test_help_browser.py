"""Customers' journeys through the help centre, in a real browser, with and without scripts, in two languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from api.app import create_app
from kb.models import EVERYTHING
from kb.store import searches
from kb.store.searches import Event
from tests.browser import compose, picture, violations, visit, watched
from tests.conftest import Shop, listening

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("size", ["desk", "phone"])
SEARCH = re.compile(r"/search\?q=")
LANGUAGES = pytest.mark.parametrize("language", ["en", "ko"])

REFUNDS = """# Refunds

## When

Refunds are paid within 14 days.

## How

| What | Until | How much | To whom | By whom |
| --- | --- | --- | --- | --- |
| Payment | 14 days | everything | `a-very-long-code-that-does-not-break-at-all-on-any-phone` | us |

### By post

- [x] Write a letter

> [!NOTE]
> Keep the receipt.

```
a line of code that is much longer than any phone is wide, and longer than the measure of a page of text, too
```"""
KO_REFUNDS = """# 환불 안내

## 환불은 언제 되나요?

환불은 결제한 카드로 14일 안에 지급됩니다.

## 신청

1. 주문을 엽니다.

## 문의

채팅으로 물어보세요."""
WORDS = {
    "en": {
        "search": "Search",
        "ask": "refunds paid",
        "title": "Refunds",
        "no": "No",
        "why": "It is hard to understand",
        "thanks": "Thank you",
        "lost": "This page does not exist",
        "article": "/articles/refunds",
        "category": "/categories/Payments",
    },
    "ko": {
        "search": "검색",
        "ask": "환불은 언제 되나요",
        "title": "환불 안내",
        "no": "아니요",
        "why": "이해하기 어려워요",
        "thanks": "고맙습니다",
        "lost": "없는 페이지입니다",
        "article": "/articles/refunds-ko",
        "category": "/categories/결제",
    },
}


@pytest.fixture
def centre(shop: Shop) -> Iterator[str]:
    """The address of a help centre with some articles."""
    facts = {"updated": "2026-03-01", "reviewed": "2026-03-02", "review_every": "100y"}
    shop.put("refunds", REFUNDS, title="Refunds", category="Payments", **facts)
    shop.put(
        "refunds-ko", KO_REFUNDS, locale="ko", title="환불 안내", category="결제", translation_of="refunds", **facts
    )
    for number in range(6):
        shop.put(
            f"card-{number}", f"Change card {number} in the app.", title=f"Change card {number}", category="Payments"
        )
    shop.put("hub", "Hold the button of the hub.", title="The hub is stuck", product="naru-hub")
    with listening(create_app(shop.settings, shop.home)) as address:
        yield address


def happened(shop: Shop) -> list[Event]:
    shop.home.journal.flush()
    with shop.home.database.read() as connection:
        return list(searches.events_of(connection, ("clicked", "helped", "not_helped")))


def asked(shop: Shop) -> list[str]:
    shop.home.journal.flush()
    with shop.home.database.read() as connection:
        return [search.query for search in searches.all_searches(connection, EVERYTHING)]


def fits(page: Page) -> bool:
    """Whether the page needs no scrolling sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def did_not_help(page: Page, language: str) -> None:
    """From the first page to a reason why an article did not help."""
    words = WORDS[language]
    page.get_by_role("search").locator("input[name=q]").fill(words["ask"])
    page.get_by_role("button", name=words["search"], exact=True).click()
    page.locator(".hits").get_by_role("link", name=words["title"], exact=True).click()
    page.get_by_role("button", name=words["no"], exact=True).click()
    page.get_by_label(words["why"]).check()
    page.get_by_role("textbox").last.fill("kim@shop.example")
    page.locator(".feedback").get_by_role("button").click()
    expect(page.get_by_role("heading", name=words["thanks"])).to_be_visible()


@SIZES
@LANGUAGES
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_who_is_not_helped_says_why(
    browser: Browser, centre: str, shop: Shop, size: str, language: str, scripts: bool
) -> None:
    context = visit(browser, size, language, java_script_enabled=scripts)
    page = context.new_page()
    problems = watched(page)
    page.goto(centre)
    did_not_help(page, language)
    picture(page, f"help-thanks-{size}-{language}")
    article = WORDS[language]["article"].removeprefix("/articles/")
    events = happened(shop)
    assert [(e.kind, e.article_id, e.data) for e in events] == [
        ("clicked", article, {}),
        ("not_helped", article, {}),
        ("not_helped", article, {"reason": "unclear", "comment": "[email]"}),
    ]
    assert len({e.search_id for e in events}) == 1
    assert asked(shop) == [WORDS[language]["ask"]]
    assert problems == []
    context.close()


def test_who_is_helped_says_so(browser: Browser, centre: str, shop: Shop) -> None:
    context = visit(browser)
    page = context.new_page()
    page.goto(f"{centre}/search?q=refunds+paid")
    page.get_by_role("link", name="Refunds", exact=True).click()
    expect(page).to_have_url(re.compile("#when$"))
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_text("Good to know that this helped.")).to_be_in_viewport()
    page.reload()
    assert [e.kind for e in happened(shop)] == ["clicked", "helped"]
    context.close()


@SIZES
@LANGUAGES
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_and_is_accessible(
    browser: Browser, centre: str, size: str, language: str, scheme: str
) -> None:
    context = visit(browser, size, language, color_scheme=scheme)
    page, words = context.new_page(), WORDS[language]
    problems = watched(page)
    pages = {
        "home": "/",
        "category": words["category"],
        "results": f"/search?q={words['ask']}",
        "none": "/search?q=zebra quantum",
        "empty": "/search",
        "article": words["article"],
        "foreign": f"/articles/refunds?lang={language}",
    }
    for name, path in pages.items():
        page.goto(centre + path)
        page.locator('[role="combobox"]').wait_for()
        picture(page, f"help-{name}-{size}-{language}-{scheme}", full=True)
        assert (name, violations(page), fits(page)) == (name, [], True)
    assert problems == []
    page.goto(f"{centre}/articles/nothing")
    expect(page.get_by_role("heading", level=1, name=words["lost"])).to_be_visible()
    assert (violations(page), fits(page)) == ([], True)
    context.close()


@SIZES
def test_each_state_of_the_feedback_is_accessible(browser: Browser, centre: str, size: str) -> None:
    context = visit(browser, size)
    page = context.new_page()
    page.goto(f"{centre}/search?q=refunds+paid")
    page.get_by_role("link", name="Refunds", exact=True).click()
    for button in ("No", "Send"):
        assert (violations(page), fits(page)) == ([], True)
        if button == "Send":
            page.get_by_label("Something else").check()
        picture(page, f"help-feedback-{button}-{size}")
        page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_in_viewport()
    assert violations(page) == []
    context.close()


# --- completion ----------------------------------------------------------------------------------------------


def test_completion_while_a_syllable_is_composed(browser: Browser, centre: str, shop: Shop) -> None:
    context = visit(browser, language="ko")
    page = context.new_page()
    page.goto(centre)
    box = page.get_by_role("combobox", name="도움말 검색")
    box.evaluate("field => field.form.addEventListener('submit', () => (window.sent = true))")
    box.focus()
    compose(page, "환부", ended=False)
    expect(page.get_by_role("option", name="환불 안내")).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    assert violations(page) == []
    picture(page, "help-completion-ko")
    page.keyboard.press("Enter")  # it ends the composition, and does nothing else
    context.new_cdp_session(page).send("Input.insertText", {"text": "부"})
    assert (page.evaluate("window.sent ?? false"), asked(shop)) == (False, [])
    page.keyboard.press("Enter")
    expect(page).to_have_url(SEARCH)
    assert asked(shop) == ["환부"]
    context.close()


def test_completion_by_initial_consonants_and_keys(browser: Browser, centre: str, shop: Shop) -> None:
    context = visit(browser, language="ko")
    page = context.new_page()
    page.goto(centre)
    box = page.get_by_role("combobox", name="도움말 검색")
    box.focus()
    compose(page, "ㅎㅂ")
    option = page.get_by_role("option", name="환불 안내")
    expect(option).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", str(option.get_attribute("id")))
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("ㅎㅂ")
    page.keyboard.press("ArrowDown")
    expect(option).to_be_visible()
    page.keyboard.press("ArrowUp")  # from the field to the last
    expect(page.get_by_role("option").last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile(".*"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("input[name=q]")).to_have_value("환불 안내")
    expect(page).to_have_url(SEARCH)
    assert asked(shop) == ["환불 안내"]
    context.close()


def test_a_completion_is_clicked_and_others_are_left(browser: Browser, centre: str, shop: Shop) -> None:
    context = visit(browser)
    page = context.new_page()
    problems = watched(page)
    page.goto(f"{centre}/articles/hub")
    box = page.get_by_role("combobox", name="Search the help centre")
    box.press_sequentially("change c")
    expect(page.get_by_role("option")).to_have_count(6)
    expect(page.get_by_role("status")).to_have_text("6 suggestions")
    box.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()
    box.fill("")
    box.press_sequentially("change card 3")
    page.get_by_role("option", name="Change card 3").click()
    expect(page).to_have_url(f"{centre}/search?q=Change+card+3")
    assert asked(shop) == ["Change card 3"]
    assert problems == []
    context.close()


def test_without_completions_one_searches_as_before(browser: Browser, centre: str, shop: Shop) -> None:
    context = visit(browser)
    page = context.new_page()
    page.route("**/v1/complete*", lambda route: route.fulfill(status=503, json={}))
    page.goto(centre)
    box = page.get_by_role("combobox", name="Search the help centre")
    with page.expect_response("**/v1/complete*"):
        box.press_sequentially("refunds")
    expect(page.get_by_role("listbox")).to_be_hidden()
    box.press("Enter")
    expect(page).to_have_url(f"{centre}/search?q=refunds")
    assert asked(shop) == ["refunds"]
    context.close()


# --- reading -------------------------------------------------------------------------------------------------


def test_everything_is_reached_by_keys(browser: Browser, centre: str, shop: Shop) -> None:
    context = visit(browser)
    page = context.new_page()
    page.goto(centre)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("refunds paid")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Refunds", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Refunds")).to_be_visible()
    page.get_by_role("button", name="No", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sorry that this did not help")).to_be_in_viewport()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("It is out of date")).to_be_checked()
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert [e.data for e in happened(shop) if e.kind == "not_helped"] == [{}, {"reason": "outdated"}]
    context.close()


@SIZES
def test_a_table_of_contents_is_beside_the_text_or_folded(browser: Browser, centre: str, size: str) -> None:
    context = visit(browser, size)
    page = context.new_page()
    page.goto(f"{centre}/articles/refunds")
    if size == "phone":
        expect(page.locator(".toc.beside")).to_be_hidden()
        page.locator(".toc summary").click()
    links = page.get_by_role("navigation", name="On this page").get_by_role("link")
    expect(links).to_have_text(["When", "How", "By post"])
    links.last.click()
    expect(page.get_by_role("heading", name="By post")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Link to “By post”")).to_have_attribute("href", "#by-post")
    if size == "desk":
        expect(page.locator(".toc.beside")).to_be_in_viewport()  # it stays beside the text
    context.close()


def test_only_what_is_wider_than_the_page_takes_the_focus(browser: Browser, centre: str) -> None:
    for size, wide in (("phone", 2), ("desk", 1)):
        context = visit(browser, size)
        page = context.new_page()
        page.goto(f"{centre}/articles/refunds")
        boxes = page.get_by_role("group", name="Scrolls sideways")
        expect(boxes).to_have_count(wide)
        boxes.first.focus()
        expect(boxes.first).to_be_focused()
        context.close()


@LANGUAGES
def test_the_language_is_changed_where_one_is(browser: Browser, centre: str, language: str) -> None:
    context = visit(browser, language=language)
    page, other = context.new_page(), {"en": "ko", "ko": "en"}[language]
    name = {"en": "English", "ko": "한국어"}[other]
    for path, shown in ((WORDS[language]["article"], "article"), (WORDS[language]["category"], "category")):
        page.goto(centre + path)
        page.locator(".top").get_by_role("link", name=name).click()
        expect(page.locator("html")).to_have_attribute("lang", other)
        there = page.evaluate("decodeURIComponent(location.pathname)")
        assert there == WORDS[other][shown]
    page.goto(f"{centre}/search?q=hub button")
    page.locator(".top").get_by_role("link", name=name).click()
    expect(page.locator("html")).to_have_attribute("lang", other)
    expect(page.locator("input[name=q]")).to_have_value("hub button")
    page.locator(".hits").get_by_role("link", name="The hub is stuck").click()
    expect(page.locator("html")).to_have_attribute("lang", other)  # it stays chosen
    context.close()


def test_print_has_the_text_and_no_navigation(browser: Browser, centre: str) -> None:
    context = visit(browser)
    page = context.new_page()
    page.goto(f"{centre}/articles/refunds")
    away = [".top", ".foot", ".crumbs", ".toc.beside", ".related", ".anchor >> nth=0"]
    for part in away:
        expect(page.locator(part)).to_be_visible()
    page.emulate_media(media="print")
    for part in away:
        expect(page.locator(part)).to_be_hidden()
    expect(page.get_by_role("heading", level=1, name="Refunds")).to_be_visible()
    expect(page.get_by_text("Refunds are paid within 14 days.")).to_be_visible()
    picture(page, "help-print", full=True)
    context.close()
