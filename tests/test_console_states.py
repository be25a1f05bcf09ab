"""The agent console in each of its states, in both languages and every size; its keys, and what it remembers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import violations, visit, watched
from tests.desk import EN, KO, Office, cards, ready, shown, sign_in, write

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = visit(browser, permissions=["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


def sound(page: Page) -> None:
    """Nothing that axe finds, and nothing that is cut off or scrolls sideways."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("width", [1280, 900, 375, 360])
def test_every_state_can_be_used_by_everybody(office: Office, browser: Browser, language: str, width: int) -> None:
    context = visit(browser, "desk" if width > 375 else "phone", language)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 720})
    problems = watched(page)
    page.goto(f"{office.url}/console")
    sound(page)
    sign_in(page)
    ready(page)
    sound(page)
    page.fill("#question", "refund" if language == "en" else "환불")
    shown(page)
    sound(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    write(page, EN if language == "en" else KO)
    sound(page)
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("o")
    expect(page.locator("#reading mark").first).to_be_in_viewport()
    sound(page)
    for key, dialog in (("f", "#flag"), ("?", "#shortcuts")):
        page.keyboard.press(key)
        expect(page.locator(dialog)).to_be_visible()
        sound(page)
        page.keyboard.press("Escape")
    page.keyboard.press("x")
    expect(page.locator("#toast button")).to_be_in_viewport()
    shown(page)
    sound(page)
    page.keyboard.press("s")
    expect(page.locator("#state")).to_have_class("badge verified")
    sound(page)
    page.click("#clear")
    expect(page.locator(".group")).to_have_count(1)
    sound(page)
    assert problems == []
    context.close()


def test_a_page_without_access_can_be_used_by_everybody(office: Office, page: Page) -> None:
    with office.shop.home.database.write() as connection:
        connection.exec_driver_sql("UPDATE users SET role = 'customer' WHERE id = 'kim'")
    page.goto(f"{office.url}/sign-in")
    sign_in(page)
    expect(page.locator("h1")).to_have_text("You may not use the agent console")
    sound(page)


def test_targets_are_large_enough(office: Office, browser: Browser) -> None:
    context = visit(browser, "phone", has_touch=True, is_mobile=True)
    page = context.new_page()
    office.open(page)
    write(page, EN)
    for name in ("passage", "link", "copy"):
        box = page.locator(f"[data-do={name}]").bounding_box()
        assert box is not None
        assert box["height"] >= 44
    small = page.locator("button:visible, input:visible, select:visible, a[href]:visible:not(.skip)")
    for control in small.all():
        box = control.bounding_box()
        assert box is not None
        if control.get_attribute("type") != "radio":  # its label is the target
            assert min(box["width"], box["height"]) >= 24, control.evaluate("one => one.outerHTML")
    context.close()


def test_nothing_moves_when_results_are_drawn_again(office: Office, page: Page) -> None:
    office.open(page)
    write(page, EN)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    chosen = page.locator("[aria-current]").get_attribute("data-id")
    boxes = [page.locator(place).bounding_box() for place in ("#list", "#bar", "#preview", "#ticket")]
    focused = page.evaluate("document.activeElement.closest('[data-id]').dataset.id")
    with page.expect_response("**/v1/suggest"):
        page.evaluate(
            """words => {
                const field = document.getElementById("words");
                field.value = words;
                field.dispatchEvent(new InputEvent("input"));
            }""",
            f"{EN} Thank you.",
        )
    shown(page)
    assert [page.locator(place).bounding_box() for place in ("#list", "#bar", "#preview", "#ticket")] == boxes
    assert page.locator("[aria-current]").get_attribute("data-id") == chosen == focused
    assert page.evaluate("document.activeElement.closest('[data-id]').dataset.id") == focused


# --- keys ----------------------------------------------------------------------------------------------------


def idle(page: Page) -> bool:
    """Nothing was opened, said or put on the clipboard."""
    closed = page.locator("dialog[open], #toast p, [data-reading]").count() == 0
    return closed and page.evaluate("navigator.clipboard.readText()") == "before"


ALL = "jkopclhxfbszd?/"


def test_single_keys_do_nothing_in_a_field(office: Office, page: Page) -> None:
    office.open(page)
    page.evaluate("navigator.clipboard.writeText('before')")
    write(page, EN)
    first = page.locator("[aria-current]").get_attribute("data-id")
    for field in ("#words", "#subject", "#product", "#question"):
        page.focus(field)
        page.keyboard.type(ALL)
        assert ALL in page.locator(field).input_value()
    page.fill("#question", "")
    for field in ("#locale", "input[value=agent]"):
        page.focus(field)
        page.keyboard.type("xps")
    assert idle(page)
    page.keyboard.press("Escape")
    for combination in ("Control+c", "Alt+p", "Meta+x", "Shift+X", "Shift+F"):
        page.keyboard.press(combination)
    assert idle(page)
    assert first in cards(page)
    assert office.events("inserted", "dismissed", "helped", "solved") == []


def test_single_keys_can_be_turned_off_and_stay_so_for_that_agent(office: Office, page: Page) -> None:
    office.open(page)
    page.evaluate("navigator.clipboard.writeText('before')")
    page.keyboard.press("?")
    page.uncheck("#single")
    page.keyboard.press("Escape")
    page.reload()
    ready(page)
    write(page, EN)
    page.keyboard.press("Escape")
    for key in ALL:
        page.keyboard.press(key)
    assert idle(page)
    page.keyboard.press("ArrowDown")  # no character: they are not meant
    assert page.locator("[aria-current]").get_attribute("data-id") == cards(page)[1]
    page.keyboard.press("Enter")
    expect(page.locator("[data-reading]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("[data-reading]")).to_have_count(0)
    page.click("#help")
    page.click("#leave")
    page.locator("#user").wait_for()
    office.open(page, user="lee")
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    assert page.is_checked("#single")
    expect(page.locator("#me")).to_have_text("Lee")


def test_keys_are_where_they_are_on_a_korean_keyboard(office: Office, page: Page) -> None:
    office.open(page)
    write(page, EN)
    page.keyboard.press("Escape")
    made = "new KeyboardEvent('keydown', {key, code, bubbles: true})"
    press = f"([key, code]) => document.activeElement.dispatchEvent({made})"
    page.evaluate(press, ["ㅓ", "KeyJ"])
    assert page.locator("[aria-current]").get_attribute("data-id") == cards(page)[1]
    page.evaluate(press, ["ㄹ", "KeyF"])
    expect(page.locator("#flag")).to_be_visible()
    page.evaluate(press, ["ㄷ", "KeyE"])
    expect(page.locator("#fix")).to_be_visible()


def test_keys_act_on_what_has_the_focus(office: Office, page: Page) -> None:
    office.open(page)
    write(page, EN)
    third = cards(page)[2]
    page.locator(f"[data-id='{third}'] .title").focus()
    with page.expect_response("**/v1/events"):
        page.keyboard.press("h")
    assert [event.article_id for event in office.events("helped", least=1)] == [third]
    expect(page.locator(f"[data-id='{third}'] .notes")).to_have_text("Helped")


# --- reading and remembering ---------------------------------------------------------------------------------


def test_an_article_opens_at_its_passage_and_links_stay_beside_the_ticket(office: Office, page: Page) -> None:
    office.shop.put("en/long", "\n\n".join(["# Long", *["Filler."] * 80, "## Zebra", "Feed the zebra at noon."]))
    problems = office.open(page)
    write(page, "When do I feed the zebra?")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.locator("#reading mark").last).to_have_text("Feed the zebra at noon.")
    expect(page.locator("#reading mark").last).to_be_in_viewport()
    assert page.locator("#reading [id]").count() == 0
    page.fill("#words", KO)
    expect(page.locator(".card").first).to_have_attribute("data-id", "ko/refunds")
    page.locator("[data-id='ko/refunds'] .title").click()
    page.locator("#reading a").click()
    expect(page.locator("#preview-title")).to_have_text("요금제 변경")
    expect(page.locator("#target")).to_have_text("요금제 변경")
    assert page.url == f"{office.url}/console"
    assert [event.article_id for event in office.events("clicked", least=2)] == ["en/long", "ko/refunds"]
    assert problems == []


def test_an_open_preview_follows_the_selection(office: Office, page: Page) -> None:
    office.open(page)
    write(page, EN)
    page.keyboard.press("Escape")
    page.keyboard.press("o")
    expect(page.locator("#reading .prose")).to_be_visible()
    page.keyboard.press("j")
    title = page.locator("[aria-current] .title").text_content()
    expect(page.locator("#preview-title")).to_have_text(str(title))
    expect(page.locator("#target")).to_have_text(str(title))


def test_what_was_opened_and_pinned_is_there_when_nothing_is_asked(office: Office, page: Page) -> None:
    problems = office.open(page)
    write(page, EN)
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    expect(page.locator("#toast")).to_contain_text("Pinned “Refunds of a plan”.")
    page.keyboard.press("j")
    opened_ = page.locator("[aria-current]").get_attribute("data-id")
    page.keyboard.press("o")
    expect(page.locator("#reading .prose")).to_be_visible()
    page.reload()
    expect(page.locator(".group")).to_have_text(["Pinned", "Recent"])
    assert cards(page) == ["en/refunds", opened_]
    office.shop.library.retire([str(opened_)])
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.locator("#reading")).to_contain_text("This article is not live")
    page.keyboard.press("Escape")
    expect(page.locator(".card")).to_have_count(1)
    page.keyboard.press("?")
    page.click("#leave")
    page.locator("#user").wait_for()
    office.open(page, user="lee")
    assert cards(page) == []
    assert [problem for problem in problems if "404" not in problem] == []


def test_a_word_that_was_read_as_another_can_be_searched_for_as_written(office: Office, page: Page) -> None:
    office.open(page)
    page.fill("#question", "refnud")
    expect(page.locator("#note")).to_contain_text("“refnud” read as “refund”.")
    with page.expect_request("**/v1/search") as sent:
        page.click("#exact")
    assert sent.value.post_data_json["exact"] is True
    expect(page.locator("#note")).not_to_contain_text("read as")


def test_when_the_server_is_busy_or_gone_it_is_said_and_what_was_found_stays(office: Office, page: Page) -> None:
    office.open(page)
    write(page, EN)
    found = cards(page)
    busy = {"status": 429, "headers": {"Retry-After": "7"}, "json": {"detail": "busy"}}
    page.route("**/v1/suggest", lambda route: route.fulfill(**busy))
    page.fill("#words", f"{EN}!")
    expect(page.locator("#note")).to_have_text("Too many requests. Try again in 7 s.")
    assert cards(page) == found
    page.unroute("**/v1/suggest")
    page.route("**/v1/suggest", lambda route: route.abort())
    page.click("#clear")
    page.fill("#words", f"{EN}?")
    expect(page.locator(".told")).to_contain_text("The server cannot be reached.")
    page.unroute("**/v1/suggest")
    page.get_by_role("button", name="Try again").click()
    shown(page)
    assert cards(page)[0] == found[0]
