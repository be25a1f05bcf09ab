"""The agent console in a browser: what an agent does with the keys, and what is stored of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect
from sqlalchemy import text

from articles.drafts import draft_id
from kb.models import EVERYTHING
from kb.store import articles, edits, versions
from kb.store.edits import Edit
from tests.browser import compose, violations, visit, watched
from tests.desk import EN, KO, PASSWORD, Office, cards, ready, shown, sign_in, write

pytestmark = pytest.mark.browser


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    found = visit(browser, permissions=["clipboard-read", "clipboard-write"])
    yield found
    found.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page whose time a test may let pass."""
    found = context.new_page()
    found.clock.install()
    return found


def queue(office: Office) -> list[Edit]:
    with office.shop.home.database.read() as connection:
        return list(edits.queue(connection, EVERYTHING))


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def pasted(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def expire(office: Office) -> None:
    with office.shop.home.database.write() as connection:
        connection.execute(text("UPDATE sessions SET expires_at = '2026-01-01T00:00:00.000Z'"))


def asked(page: Page, path: str) -> list[Request]:
    found: list[Request] = []
    page.on("request", lambda sent: found.append(sent) if sent.url.endswith(path) else None)
    return found


# --- signing in ----------------------------------------------------------------------------------------------


def test_signing_in_says_in_words_what_is_wrong_and_goes_on(office: Office, page: Page) -> None:
    problems = watched(page)
    page.goto(f"{office.url}/console?lang=en#subject=Refund&text={EN}&locale=en")
    sign_in(page, password="not the password")
    expect(page.locator("#problem")).to_have_text("There is no such user, or the password is another one.")
    assert violations(page) == []
    for _ in range(10):
        page.request.post(f"{office.url}/v1/session", data={"user": "kim", "password": "no"})
    sign_in(page)
    expect(page.locator("#problem")).to_contain_text("Too many attempts. Try again in ")
    sign_in(page, "lee")
    shown(page)
    assert page.locator("#subject").input_value() == "Refund"
    expect(page.locator("#talk li span")).to_have_text(EN)
    assert page.locator("#locale").input_value() == "en"
    assert [problem for problem in problems if "401" not in problem and "429" not in problem] == []


def test_whoever_signs_in_before_the_page_listens_is_not_sent_astray(office: Office, page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/sign-in.js", hold)
    page.route("**/locales/**", hold)
    page.goto(f"{office.url}/sign-in?lang=ko", wait_until="commit")
    page.fill("#user", "kim")
    page.fill("#password", "not the password")
    page.press("#password", "Enter")
    assert page.locator("#sign-in button").is_disabled()
    held.pop().continue_()
    sign_in(page, password="not the password")  # its words are still on their way
    page.wait_for_timeout(100)
    held.pop().continue_()
    expect(page.locator("#problem")).to_have_text("사용자가 없거나 비밀번호가 다릅니다.")
    sign_in(page)
    page.unroute_all()
    ready(page)


def test_a_session_that_ends_loses_nothing(office: Office, page: Page) -> None:
    office.open(page)
    write(page, EN)
    keys(page, "Escape", "f", "e")
    page.fill("#fixed", "# Refunds\n\nWithin 6 days.")
    keys(page, "Escape")
    page.get_by_label("I write").check()
    page.fill("#subject", "Where is it")
    expire(office)
    keys(page, "Escape", "p")
    expect(page.locator("#ended")).to_be_visible()
    assert violations(page) == []
    page.click("#again")
    sign_in(page)
    page.locator("#words").wait_for()
    expect(page.locator("#words")).to_have_value(EN)
    assert page.locator("#subject").input_value() == "Where is it"
    assert page.get_by_label("I write").is_checked()
    assert not page.locator("#ended").is_visible()
    page.get_by_label("Customer wrote").check()
    shown(page)
    page.locator("[data-id='en/refunds'] .title").focus()
    keys(page, "f", "e")
    expect(page.locator("#fixed")).to_have_value("# Refunds\n\nWithin 6 days.")
    assert page.evaluate("sessionStorage.length") == 0


def test_signing_in_again_in_another_window_is_enough(office: Office, page: Page) -> None:
    office.open(page)
    expire(office)
    page.fill("#words", EN)
    expect(page.locator("#ended")).to_be_visible()
    page.request.post(f"{office.url}/v1/session", data={"user": "kim", "password": PASSWORD})
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("#ended")).to_be_hidden()
    page.type("#words", " Please")
    shown(page)
    with page.expect_response("**/v1/events"):
        keys(page, "Escape", "h")  # a write, under the new session's token
    expect(page.locator("#toast")).to_contain_text("helped")
    assert [event.kind for event in office.events("helped", least=1)] == ["helped"]


def test_an_agent_hears_of_it_when_the_session_has_lasted_its_time(office: Office, page: Page) -> None:
    office.open(page)
    page.clock.fast_forward(11 * 3_600_000)
    assert page.locator("#ended").is_hidden()
    page.clock.fast_forward(3_700_000)
    expect(page.locator("#ended")).to_be_visible()


# --- searching -----------------------------------------------------------------------------------------------


def test_typing_shows_results_that_count_only_when_they_are_used(office: Office, page: Page) -> None:
    problems = office.open(page)
    keys(page, "/")
    page.keyboard.type("refund arrives")
    shown(page)
    expect(page.locator("#results-title")).to_have_text("Search results")
    assert {settled for _, _, settled in office.searches("search")} == {False}
    keys(page, "ArrowDown", "o")
    expect(page.locator("#reading mark").first).to_be_visible()
    (clicked,) = office.events("clicked", least=1)
    found = {search_id: (query, settled) for search_id, query, settled in office.searches("search")}
    assert found.pop(clicked.search_id) == ("refund arrives", True)
    assert {settled for _, settled in found.values()} <= {False}
    assert problems == []


def test_a_question_counts_by_enter_or_when_it_is_left_alone(office: Office, page: Page) -> None:
    office.open(page)
    page.fill("#question", "change plan")
    shown(page)
    keys(page, "Enter")
    expect(page.locator(".card .title").first).to_be_focused()
    expect_settled(office, ["change plan"])
    page.fill("#question", "app crashes")
    expect(page.locator(".card").first).to_have_attribute("data-id", "en/crash")
    page.clock.run_for(1_000)
    assert len(office.events("settled")) == 1
    page.clock.run_for(1_000)
    expect_settled(office, ["change plan", "app crashes"])


def expect_settled(office: Office, questions: list[str]) -> None:
    told = [event.search_id for event in office.events("settled", least=len(questions))]
    assert [query for search_id, query, _ in office.searches("search") if search_id in told] == questions


def test_korean_is_searched_for_when_its_letters_are_whole(office: Office, page: Page) -> None:
    office.open(page)
    requests = asked(page, "/v1/search")
    keys(page, "/")
    compose(page, "요금제", ended=False)
    page.clock.run_for(1_000)
    assert {request.post_data_json["query"] for request in requests} <= {"요", "요금"}
    with page.expect_request(lambda sent: sent.url.endswith("/search") and sent.post_data_json["query"] == "요금제"):
        page.context.new_cdp_session(page).send("Input.insertText", {"text": "제"})
    expect(page.locator(".card").first).to_have_attribute("data-id", "ko/plans")
    keys(page, "Escape", "Escape")
    assert page.locator("#question").input_value() == ""


# --- suggestions ---------------------------------------------------------------------------------------------


def test_a_suggestion_says_what_it_is_worth_and_is_only_text(office: Office, page: Page) -> None:
    problems = office.open(page)
    write(page, "The app crashes and I want the refund within working days, with goodwill up to 30 dollars")
    refunds, crash = (page.locator(f"[data-id='en/{name}']") for name in ("refunds", "crash"))
    assert crash.locator(".title").text_content() == "The app <b>crashes</b> & <img src=x onerror=alert(1)>"
    expect(refunds.locator(".sure")).to_contain_text("%")
    expect(refunds.locator(".badges")).to_contain_text("Not verified")
    expect(refunds.locator(".why")).to_contain_text("similar in meaning")
    expect(page.locator("[data-id='en/goodwill'] .badge.internal")).to_have_text("Internal: do not send to customers")
    assert not crash.locator(".badge.internal").count()
    assert problems == []


def test_the_agent_s_own_words_ask_nothing_and_what_was_chosen_stays(office: Office, page: Page) -> None:
    office.open(page)
    write(page, EN)
    requests = asked(page, "/v1/suggest")
    keys(page, "Control+Enter", "Escape", "j")
    chosen = page.locator("[aria-current]").get_attribute("data-id")
    assert chosen == cards(page)[1]
    page.get_by_label("I write").check()
    page.fill("#words", "You may change the plan at any time.")
    page.clock.run_for(5_000)
    assert requests == []
    keys(page, "Control+Enter")
    page.get_by_label("Customer wrote").check()
    with page.expect_response("**/v1/suggest"):
        page.fill("#words", "And how do I change my plan?")
    shown(page)
    assert page.locator("[aria-current]").get_attribute("data-id") == chosen
    assert [turn["author"] for turn in requests[-1].post_data_json["ticket"]["messages"]] == [
        "customer",
        "agent",
        "customer",
    ]


def test_what_is_not_relevant_leaves_and_is_stored_unless_it_is_undone(office: Office, page: Page) -> None:
    problems = office.open(page)
    write(page, EN)
    first, second = cards(page)[:2]
    with page.expect_request("**/v1/suggest") as sent:
        keys(page, "Escape", "x")
    assert sent.value.post_data_json["ticket"]["dismissed"] == [first]
    expect(page.locator(f"[data-id='{first}']")).to_have_count(0)
    shown(page)
    assert page.locator("[aria-current]").get_attribute("data-id") == second
    keys(page, "z")
    expect(page.locator(".card").first).to_have_attribute("data-id", first)
    page.clock.run_for(10_000)
    assert office.events("dismissed") == []
    page.locator(f"[data-id='{first}'] .title").focus()
    keys(page, "x")
    expect(page.locator(f"[data-id='{first}']")).to_have_count(0)
    with page.expect_response("**/v1/events"):
        page.clock.run_for(10_000)
    assert [event.article_id for event in office.events("dismissed", least=1)] == [first]
    assert problems == []


def test_an_internal_article_is_inserted_only_when_that_is_confirmed(office: Office, page: Page) -> None:
    office.open(page)
    write(page, "goodwill up to 30 dollars is approved")
    assert cards(page)[0] == "en/goodwill"
    keys(page, "Escape")
    for key in ("p", "l", "c"):
        keys(page, key)
        expect(page.locator("#sure")).to_be_visible()
        keys(page, "p", "l", "y", "Enter")  # Enter is on “Cancel”
        expect(page.locator("#sure")).to_be_hidden()
    assert pasted(page) == ""
    keys(page, "p")
    expect(page.locator("#sure-about")).to_have_text("Goodwill limits")
    assert violations(page) == []
    keys(page, "Tab", "Enter")
    expect(page.locator("#toast")).to_contain_text("Copied the passage of “Goodwill limits”.")
    assert pasted(page) == "Goodwill up to 30 dollars is approved by the agent."
    assert [event.article_id for event in office.events("inserted", least=1)] == ["en/goodwill"]


def test_what_is_copied_is_in_the_customer_s_language(office: Office, page: Page) -> None:
    office.open(page)
    write(page, EN)
    page.select_option("#locale", "ko")
    page.fill("#question", "refund arrives")
    expect(page.locator("#results-title")).to_have_text("Search results")
    expect(page.locator(".card").first).to_have_attribute("data-id", "en/refunds")
    keys(page, "ArrowDown", "c")
    expect(page.locator("#toast")).to_contain_text("구독료 환불 안내")
    anchor = "#%ED%99%98%EB%B6%88-%EA%B8%B0%EA%B0%84"
    plans = f"요금제 ({office.url}/articles/ko/plans)"
    passage = f"환불은 신청한 뒤 영업일 5일 안에 받을 수 있습니다. {plans}도 확인하세요."
    assert pasted(page) == f"{passage}\n\n구독료 환불 안내\n{office.url}/articles/ko/refunds{anchor}"
    (event,) = office.events("inserted", least=1)
    assert (event.article_id, event.data) == ("en/refunds", {"as": "copy", "locale": "ko"})


# --- flag it or fix it ---------------------------------------------------------------------------------------


def test_a_wrong_step_is_flagged_in_two_keystrokes(office: Office, page: Page) -> None:
    problems = office.open(page)
    write(page, f"{EN} Call me at 010-1234-5678.")
    keys(page, "Escape")
    with page.expect_response("**/edits"):
        keys(page, "f", "1")
    expect(page.locator("#toast")).to_contain_text("Sent to the owner of “Refunds of a plan”.")
    (edit,) = queue(office)
    assert (edit.article_id, edit.kind, edit.note, edit.author) == ("en/refunds", "flag", "It is wrong.", "user:kim")
    assert edit.quote == f"{EN} Call me at [phone]."
    assert edit.search_id in {search_id for search_id, _, _ in office.searches("suggest")}
    assert problems == []


def test_a_fix_is_written_where_one_is(office: Office, page: Page) -> None:
    office.open(page)
    write(page, EN)
    keys(page, "Escape", "f", "e")
    expect(page.locator("#fixed")).to_be_focused()
    held = page.locator("#fixed").input_value()
    assert "**5 working days**" in held
    page.fill("#fixed", "---\naudience: [a]\n---\n")
    keys(page, "Control+Enter")
    expect(page.locator("#fix-problem")).to_contain_text("It was not sent: ")
    assert violations(page) == []
    page.fill("#fixed", held.replace("5 working", "6 working"))
    page.fill("#because", "It takes six.")
    keys(page, "Control+Enter")
    expect(page.locator("#fix")).to_be_hidden()
    (edit,) = queue(office)
    assert (edit.kind, edit.note, edit.quote) == ("fix", "It takes six.", EN)
    assert "6 working" in str(edit.markdown)


# --- tickets -------------------------------------------------------------------------------------------------


def test_a_solved_ticket_becomes_a_draft(office: Office, page: Page) -> None:
    problems = office.open(page, user="lee")
    page.fill("#subject", "Refund for kim@example.com")
    write(page, EN)
    keys(page, "Control+Enter")
    page.get_by_label("I write").check()
    page.fill("#words", "Within 5 working days.")
    keys(page, "Escape", "d")
    expect(page.locator("#toast")).to_contain_text("mark it first")
    keys(page, "l")
    expect(page.locator(".card .notes .badge").first).to_have_text("Inserted")
    keys(page, "s")
    expect(page.locator("#state")).to_have_text("Solved")
    keys(page, "d")
    link = page.locator("#drafted a")
    expect(link).to_be_visible()
    name = str(link.text_content()).removeprefix("Draft: ")
    ticket = office.ticket(name.removeprefix("drafts/ticket-"))
    assert name == draft_id(ticket.id)
    assert ticket.id.startswith("console-")
    assert (ticket.state, ticket.subject, ticket.linked) == ("solved", "Refund for [email]", ["en/refunds"])
    assert [turn["author"] for turn in ticket.messages] == ["customer", "agent"]
    (solved,) = office.events("solved", least=1)
    assert solved.search_id in ticket.search_ids
    assert set(ticket.search_ids) <= {search_id for search_id, _, settled in office.searches("suggest") if settled}
    with office.shop.home.database.read() as connection:
        made, version = articles.record(connection, name), versions.get(connection, name, 1)
    assert made is not None
    assert version is not None
    assert (made.state, made.audience, version.author) == ("draft", "agents", "user:lee")
    assert "kim@example.com" not in version.markdown
    assert "Within 5 working days." in version.markdown
    link.click()
    expect(page.locator("#reading .prose")).to_contain_text("Within 5 working days.")
    assert problems == []


def test_a_ticket_is_opened_by_its_id(office: Office, page: Page) -> None:
    told = {"id": "desk/7", "subject": "Refund", "messages": [{"text": EN}], "locale": "en-GB", "product": "naru"}
    agent = office.shop.key("agent")
    page.request.post(f"{office.url}/v1/tickets", data={**told, "channel": "mail"}, headers=agent)
    problems = office.open(page, "/console?ticket=desk%2F7")
    shown(page)
    expect(page.locator("#talk li span")).to_have_text(EN)
    assert page.locator("#locale").input_value() == "en-GB"
    keys(page, "s")
    expect(page.locator("#state")).to_have_text("Solved")
    assert (office.ticket("desk/7").state, office.ticket("desk/7").channel) == ("solved", "mail")
    page.click("#clear")
    expect(page.locator(".card")).to_have_count(0)
    assert page.locator("#subject").input_value() == ""
    assert problems == []


def test_a_ticket_that_is_pasted_whole_says_its_subject(office: Office, page: Page) -> None:
    office.open(page)
    page.evaluate("text => navigator.clipboard.writeText(text)", f"제목: 환불 문의\n\n{KO}")
    keys(page, "t", "Control+v")
    shown(page)
    assert page.locator("#subject").input_value() == "환불 문의"
    assert page.locator("#words").input_value() == KO
    assert cards(page)[0] == "ko/refunds"
