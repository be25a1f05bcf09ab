"""The help widget on all kinds of pages: wild styles, strict policies, other directions, no network; its own API."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import picture, violations, visit
from tests.conftest import Shop
from tests.site import Site, site

pytestmark = pytest.mark.browser


@pytest.fixture
def place(shop: Shop) -> Iterator[Site]:
    shop.put("refunds", "Refunds are paid within 14 days.\n\nSee [delivery](delivery.md).", title="Refunds")
    shop.put("delivery", "Boxes are delivered before 7 in the morning on weekdays.", title="Delivery of boxes")
    with site(shop) as found:
        yield found


def opened(page: Page) -> None:
    page.locator("kb-help").get_by_role("button").first.click()
    expect(page.locator("kb-help").get_by_role("dialog")).to_be_visible()


def ask(page: Page, text: str = "refunds paid") -> None:
    page.locator("kb-help").get_by_role("combobox").fill(text)
    page.locator("kb-help .results").wait_for()


LOOKS = """() => {
  const root = document.querySelector("kb-help").shadowRoot;
  const one = (name) => {
    const own = root.querySelector(name), box = own.getBoundingClientRect(), style = getComputedStyle(own);
    return [name, box.x, box.y, box.width, box.height, style.fontSize, style.color, style.letterSpacing, style.display];
  };
  return [".launch", ".panel", ".field", ".result", ".name", ".snippet"].map(one);
}"""


def test_a_page_s_wild_styles_do_not_reach_it(place: Site, context: BrowserContext) -> None:
    looks = []
    for wild in ({}, {"wild": True}):
        page = place.visit(context, **wild)
        opened(page)
        ask(page)
        looks.append(page.evaluate(LOOKS))
        picture(page, f"widget-host-{'wild' if wild else 'plain'}")
    assert looks[0] == looks[1]


def test_a_page_dresses_it_by_custom_properties(place: Site, context: BrowserContext) -> None:
    page = place.visit(context)
    page.add_style_tag(content="kb-help { --accent: rgb(122, 31, 162); --accent-ink: rgb(255, 255, 255); }")
    opened(page)
    ask(page)
    launcher, name = page.locator("kb-help .launch"), page.locator("kb-help .name").first
    assert launcher.evaluate("own => getComputedStyle(own).backgroundColor") == "rgb(122, 31, 162)"
    assert name.evaluate("own => getComputedStyle(own).color") == "rgb(122, 31, 162)"


def test_a_strict_policy_lets_it_be(place: Site, context: BrowserContext) -> None:
    page = place.visit(context, csp=True, contact="/contact")
    opened(page)
    ask(page)
    page.locator("kb-help .result").first.click()
    expect(page.locator("kb-help .prose")).to_contain_text("14 days")
    page.evaluate("kbHelp.close()")
    assert place.problems == []


def test_nothing_on_the_page_moves(place: Site, context: BrowserContext) -> None:
    """As browsers count it: what moves within half a second of a key or a click was meant to."""
    context.add_init_script(
        "window.shifts = 0; new PerformanceObserver((list) => list.getEntries().forEach("
        "  (one) => { if (!one.hadRecentInput) shifts += one.value; }))"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    page = place.visit(context)
    opened(page)
    page.keyboard.type("refunds paid")
    page.locator("kb-help .results").wait_for()
    page.locator("kb-help .result").first.click()
    page.locator("kb-help .prose").wait_for()
    page.keyboard.press("Escape")
    expect(page.locator("kb-help").get_by_role("dialog")).to_be_hidden()
    assert page.evaluate("shifts") == 0
    assert context.cookies() == []


def test_the_keyboard_alone(place: Site, context: BrowserContext) -> None:
    page = place.visit(context, contact="/contact")
    launcher = page.locator("kb-help .launch")
    page.keyboard.press("Tab")  # the page's own button
    page.keyboard.press("Tab")
    expect(launcher).to_be_focused()
    page.keyboard.press("Enter")
    field = page.locator("kb-help").get_by_role("combobox")
    expect(field).to_be_focused()
    page.keyboard.type("refunds paid")
    page.locator("kb-help .results").wait_for()
    for _ in range(12):  # around: never out of the dialog into the page
        page.keyboard.press("Tab")
        assert page.evaluate("['KB-HELP', 'BODY'].includes(document.activeElement.tagName)")
    field.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("kb-help").get_by_role("heading", name="Refunds")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("kb-help").get_by_role("dialog")).to_be_hidden()
    expect(launcher).to_be_focused()


def test_results_are_told_to_who_does_not_see_them(place: Site, context: BrowserContext) -> None:
    page = place.visit(context)
    opened(page)
    ask(page)
    expect(page.locator("kb-help").get_by_role("status")).to_contain_text("article")
    expect(page.locator("kb-help").get_by_role("dialog")).to_have_accessible_name("How can we help?")


def test_without_a_network_it_says_so_and_goes_on_by_itself(place: Site, context: BrowserContext) -> None:
    page = place.visit(context)
    opened(page)
    context.set_offline(True)
    expect(page.locator("kb-help .offline")).to_be_visible()
    page.locator("kb-help").get_by_role("combobox").fill("refunds paid")
    expect(page.locator("kb-help").get_by_text("The server cannot be reached.").first).to_be_visible()
    picture(page, "widget-offline")
    assert violations(page) == []
    context.set_offline(False)
    expect(page.locator("kb-help .result").first).to_contain_text("Refunds")
    expect(page.locator("kb-help .offline")).to_have_count(0)


def test_a_server_that_fails_or_takes_long_is_told_of(place: Site, context: BrowserContext) -> None:
    page = place.visit(context)
    opened(page)
    page.route("**/v1/search", lambda route: route.fulfill(status=503, json={}))
    field = page.locator("kb-help").get_by_role("combobox")
    field.fill("refunds paid")
    expect(page.locator("kb-help").get_by_role("alert")).to_have_text("The search failed.")
    page.unroute("**/v1/search")
    page.locator("kb-help").get_by_role("button", name="Try again").click()
    expect(page.locator("kb-help .result").first).to_contain_text("Refunds")
    page.clock.install()
    page.route("**/v1/search", lambda route: None)  # never answered
    field.fill("delivered")
    page.clock.run_for(200)
    page.clock.run_for(5_000)
    expect(page.locator("kb-help .note")).to_contain_text("longer than usual")


@pytest.mark.parametrize("mode", ["ask", "both", "articles"])
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_modes(browser: Browser, place: Site, mode: str, language: str, size: str) -> None:
    context = visit(browser, size, language)
    page = place.visit(context, lang=language, mode=mode, contact="/contact")
    opened(page)
    message, search = page.locator("kb-help #message"), page.locator("kb-help").get_by_role("combobox")
    shown = {"ask": (1, 0), "both": (1, 1), "articles": (0, 1)}[mode]
    expect(message).to_have_count(shown[0])
    expect(search).to_have_count(shown[1])
    (message if mode == "ask" else search).fill("refunds paid")
    expect(page.locator("kb-help .result").first).to_contain_text("Refunds")
    assert violations(page) == []
    picture(page, f"widget-mode-{mode}-{language}-{size}")
    if mode == "articles":
        expect(page.locator("kb-help .person")).to_have_count(0)
    context.close()
    assert place.problems == []


def test_ways_to_a_person(place: Site, context: BrowserContext) -> None:
    def asked(**attributes: str) -> Page:
        page = place.visit(context, mode="ask", **attributes)
        opened(page)
        page.locator("kb-help #message").fill("elephants & <b>boxes</b>")
        return page

    def sent(page: Page, name: str) -> None:
        page.locator("kb-help").get_by_role("button", name=name).click()
        page.locator("kb-help").get_by_role("button", name="Yes, send it").click()

    page = asked(contact="mailto:help@shop.example")
    sent(page, "Write an e-mail")
    link = unquote(page.locator("kb-help").get_by_role("link", name="Open the e-mail").get_attribute("href") or "")
    assert link.startswith(
        "mailto:help@shop.example?subject=elephants & <b>boxes</b>&body=elephants & <b>boxes</b>\r\n"
    )
    page = asked(contact="callback:/contact")
    page.locator("kb-help #reply").fill("02-123-4567")
    sent(page, "Call me back")
    expect(page.locator("kb-help .thanks")).to_have_text("Thank you. We will call you back.")
    assert place.sent[-1]["reply_to"] == "02-123-4567"
    page = asked(contact="handler")
    page.evaluate("void kbHelp.on('contact', (message, event) => { event.preventDefault(); window.taken = message; })")
    sent(page, "Send")
    expect(page.locator("kb-help .thanks")).to_be_visible()
    assert page.evaluate("taken.message") == "elephants & <b>boxes</b>"
    page = asked(contact="handler")
    sent(page, "Send")
    expect(page.locator("kb-help").get_by_role("alert")).to_have_text("Nobody takes messages on this page yet.")
    assert place.problems == []
    assert [event.data["via"] for event in place.events("contacted", count=2)] == ["callback", "handler"]
    page = place.visit(context, contact="javascript:alert(1)")
    opened(page)
    ask(page)
    expect(page.locator("kb-help .person")).to_have_count(0)


def test_a_message_that_could_not_be_sent_is_kept(place: Site, context: BrowserContext) -> None:
    page = place.visit(context, mode="ask", contact="/contact")
    page.evaluate("kbHelp.identify({ id: 'c-17', email: 'kim@example.com' })")
    opened(page)
    page.route("**/contact", lambda route: route.fulfill(status=500))
    page.locator("kb-help #message").fill("elephants")
    page.locator("kb-help").get_by_role("button", name="Send").click()
    page.locator("kb-help").get_by_role("button", name="Yes, send it").click()
    expect(page.locator("kb-help").get_by_role("alert")).to_contain_text("could not be sent")
    page.unroute("**/contact")
    page.locator("kb-help").get_by_role("button", name="Yes, send it").click()
    expect(page.locator("kb-help .thanks")).to_be_visible()
    assert [(one["message"], one["reply_to"]) for one in place.sent] == [("elephants", "kim@example.com")]


def test_a_page_can_open_it_ask_it_and_hear_of_it(place: Site, context: BrowserContext) -> None:
    page = place.visit(context)
    page.evaluate("""() => { window.heard = []; window.off = kbHelp.on("results", (found) => heard.push(found));
        kbHelp.on("article", (one) => heard.push(one)); kbHelp.on("open", () => heard.push("open"));
        kbHelp.on("close", () => heard.push("close")); kbHelp.identify({ id: "c-17" }); }""")
    page.evaluate("kbHelp.search('refunds paid')")
    page.locator("kb-help .results").wait_for()
    page.evaluate("kbHelp.article('delivery')")
    expect(page.locator("kb-help .prose")).to_contain_text("before 7")
    page.evaluate("kbHelp.close()")
    page.wait_for_function("heard.at(-1) === 'close'")
    heard = page.evaluate("heard")
    assert heard[0] == "open"
    assert (heard[1]["query"], heard[1]["articles"][0]) == ("refunds paid", "refunds")
    assert heard[2:] == [{"id": "delivery", "title": "Delivery of boxes"}, "close"]
    assert place.events("settled")
    (search,) = place.searches()
    assert search.person == place.shop.home.pseudonyms.of("c-17")


def test_a_visit_is_remembered_until_it_ends(place: Site, context: BrowserContext) -> None:
    page = place.visit(context)
    opened(page)
    ask(page)
    page.locator("kb-help .result").first.click()
    page.locator("kb-help .prose").wait_for()
    page.reload()
    opened(page)
    expect(page.locator("kb-help").get_by_role("combobox")).to_have_value("refunds paid")
    people = {search.person for search in place.searches()}
    fresh = place.visit(context)  # another tab is another visit
    opened(fresh)
    expect(fresh.locator("kb-help").get_by_role("combobox")).to_have_value("")
    ask(fresh)
    fresh.keyboard.press("Enter")
    assert place.events("settled", count=2)
    assert len({search.person for search in place.searches()} - people) == 1


def test_articles_for_the_page_that_somebody_is_on(place: Site, context: BrowserContext) -> None:
    page = place.visit(context, title="Refunds are paid")
    opened(page)
    expect(page.locator("kb-help .found")).to_contain_text("For this page")
    page.locator("kb-help .result", has_text="Refunds").first.click()
    (clicked,) = place.events("clicked")
    (search,) = place.searches()
    assert (search.id, search.channel) == (clicked.search_id, "page")


def test_links_between_articles_stay_in_the_panel(place: Site, context: BrowserContext) -> None:
    page = place.visit(context)
    page.evaluate("kbHelp.search('refunds paid')")
    page.locator("kb-help .result", has_text="Refunds").first.click()
    page.locator("kb-help .prose").get_by_role("link", name="delivery").click()
    expect(page.locator("kb-help").get_by_role("heading", name="Delivery of boxes")).to_be_focused()
    assert page.url.startswith(place.url)
    assert {event.article_id for event in place.events("clicked", count=2)} == {"refunds", "delivery"}
    page.locator("kb-help").get_by_role("button", name="Back").click()
    expect(page.locator("kb-help").get_by_role("combobox")).to_have_value("refunds paid")


def test_from_right_to_left_in_the_dark_and_at_the_other_side(browser: Browser, place: Site) -> None:
    context = visit(browser, "desk", "en", color_scheme="dark", reduced_motion="reduce")
    page = place.visit(context, lang="ar", side="start")
    opened(page)
    ask(page)
    dialog = page.locator("kb-help").get_by_role("dialog")
    assert dialog.evaluate("own => getComputedStyle(own).direction") == "rtl"
    assert dialog.evaluate("own => getComputedStyle(own).animationName") == "none"
    assert (dialog.bounding_box() or {"x": 0})["x"] > 800  # where lines start
    assert violations(page) == []
    picture(page, "widget-rtl-dark")
    context.close()


def test_the_page_without_a_server(browser: Browser, place: Site, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{place.server}/widget/stub.html?lang=ko")
    opened(page)
    page.locator("kb-help").get_by_role("combobox").fill("환불")
    page.locator("kb-help .result", has_text="환불").click()
    expect(page.locator("kb-help .prose")).to_contain_text("14일")


def test_what_cannot_be_loaded_is_said_and_tried_again(place: Site, context: BrowserContext) -> None:
    page = place.visit(context)
    page.route("**/panel.en.js", lambda route: route.abort())
    page.locator("kb-help .launch").click()
    expect(page.locator("kb-help").get_by_role("alert")).to_contain_text("could not be loaded")
    page.unroute("**/panel.en.js")
    opened(page)
