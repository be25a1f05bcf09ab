"""The agent console in the frame of a help desk on another port: tickets come in, what agents insert goes out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.browser import picture, visit, watched
from tests.desk import KO, Office, cards, send, shown

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose time a test may let pass."""
    context = visit(browser, "desk", "ko")
    found = context.new_page()
    found.clock.install()
    yield found
    context.close()


def ticket(*messages: tuple[str, str], **more: Any) -> dict[str, Any]:
    turns = [{"author": author, "text": words} for author, words in messages]
    return {"id": "48213", "subject": "환불 문의", "messages": turns, "locale": "ko", **more}


def asked(page: Page) -> list[Request]:
    """The requests for suggestions from now on."""
    found: list[Request] = []
    page.on("request", lambda sent: found.append(sent) if sent.url.endswith("/v1/suggest") else None)
    return found


def test_an_agent_answers_a_korean_ticket_with_the_keyboard_alone(office: Office, page: Page) -> None:
    frame = office.frame(page)
    problems, requests = watched(page), asked(page)
    page.focus("#reply")
    send(page, ticket(("customer", KO)))
    shown(frame)
    assert cards(frame)[0] == "ko/refunds"
    expect(page.locator("#reply")).to_be_focused()  # a ticket that comes in takes the focus from nobody
    picture(page, "console-frame")

    for _ in range(5):
        page.keyboard.press("Tab")
        if frame.evaluate("document.activeElement.className") == "skip":
            break
    page.keyboard.press("Enter")
    page.keyboard.press("p")
    page.wait_for_function("heard.some(one => one.type === 'kb:insert')")
    ready, inserted = page.evaluate("heard")
    assert ready == {"from": office.url, "type": "kb:ready"}
    plans = f"{office.url}/articles/ko/plans"
    link = f'<a href="{plans}" rel="noopener noreferrer nofollow">요금제</a>'
    said = "환불은 신청한 뒤 {} 안에 받을 수 있습니다. {}도 확인하세요."
    assert inserted == {
        "from": office.url,
        "type": "kb:insert",
        "text": said.format("영업일 5일", f"요금제 ({plans})"),
        "html": f"<p>{said.format('<strong>영업일 5일</strong>', link)}</p>",
        "markdown": said.format("**영업일 5일**", f"[요금제]({plans})"),
        "url": f"{office.url}/articles/ko/refunds#%ED%99%98%EB%B6%88-%EA%B8%B0%EA%B0%84",
        "article_id": "ko/refunds",
        "locale": "ko",
    }
    expect(frame.locator("#toast")).to_contain_text("“구독료 환불 안내” 본문을 넣었습니다.")
    (event,) = office.events("inserted", least=1)
    ((search_id, query, settled),) = office.searches("suggest")
    assert (event.search_id, event.article_id, event.data) == (
        search_id,
        "ko/refunds",
        {"as": "passage", "locale": "ko"},
    )
    assert (KO in query, settled) == (True, True)

    answer = ("agent", "영업일 5일 안에 받으실 수 있습니다.")
    send(page, ticket(("customer", KO), answer))
    expect(frame.locator("#talk li")).to_have_count(2)
    page.clock.run_for(5_000)
    assert len(requests) == 1
    send(page, ticket(("customer", KO), answer, ("customer", "요금제는 어떻게 바꾸나요?")))
    expect(frame.locator("[data-id='ko/refunds'] .why")).to_contain_text("‘요금’")  # the customer's new words count
    assert "ko/plans" in cards(frame)
    assert [len(request.post_data_json["ticket"]["messages"]) for request in requests] == [1, 3]
    assert [query for _, query, _ in office.searches("suggest")][1].endswith("요금제는 어떻게 바꾸나요?")
    assert problems == []


def test_a_link_is_inserted_and_the_desk_s_ticket_is_solved_under_its_own_id(office: Office, page: Page) -> None:
    frame = office.frame(page)
    send(page, ticket(("customer", KO), product="naru", channel="mail"))
    shown(frame)
    frame.locator("#results").press("l")
    page.wait_for_function("heard.some(one => one.type === 'kb:insert')")
    (inserted,) = page.evaluate("heard.filter(one => one.type === 'kb:insert')")
    url = f"{office.url}/articles/ko/refunds#%ED%99%98%EB%B6%88-%EA%B8%B0%EA%B0%84"
    assert inserted["markdown"] == f"[구독료 환불 안내]({url})"
    assert page.locator("#reply").input_value() == f"구독료 환불 안내\n{url}"
    frame.locator("#results").press("s")
    expect(frame.locator("#state")).to_have_text("해결")
    stored = office.ticket("48213")
    assert (stored.state, stored.linked, stored.product, stored.channel) == ("solved", ["ko/refunds"], "naru", "mail")
    send(page, ticket(("customer", KO), ("agent", "보내 드렸습니다.")))  # what the desk says next opens it for nobody
    expect(frame.locator("#talk li")).to_have_count(2)
    expect(frame.locator("#state")).to_have_text("해결")


def test_what_an_agent_was_writing_and_dismissed_stays_with_the_ticket(office: Office, page: Page) -> None:
    frame = office.frame(page)
    send(page, ticket(("customer", KO)))
    shown(frame)
    frame.locator("#results").press("x")
    expect(frame.locator("[data-id='ko/refunds']")).to_have_count(0)
    frame.locator("#results").press("t")
    frame.get_by_label("내가 씀").check()
    frame.fill("#words", "확인해 보겠습니다")
    send(page, ticket(("customer", KO), ("customer", "환불은 언제 오나요?")))
    expect(frame.locator("#talk li")).to_have_count(2)
    shown(frame)
    assert frame.locator("#words").input_value() == "확인해 보겠습니다"
    assert "ko/refunds" not in cards(frame)
    send(page, ticket(("customer", KO), id="48214"))
    expect(frame.locator("[data-id='ko/refunds']")).to_have_count(1)
    assert frame.locator("#words").input_value() == ""


def test_only_a_desk_that_is_named_shows_the_console(office: Office, page: Page) -> None:
    page.goto(f"{office.other}/?console={office.url}/sign-in")
    page.wait_for_load_state("networkidle")
    assert [frame.url for frame in page.frames[1:]] == ["chrome-error://chromewebdata/"]


def test_a_ticket_from_another_origin_is_ignored(office: Office, page: Page) -> None:
    def framed(route: Route) -> None:  # as if the policy were not there
        answer = route.fetch()
        headers = {key: value for key, value in answer.headers.items() if key != "content-security-policy"}
        route.fulfill(response=answer, headers={**headers, "x-frame-options": "ALLOWALL"})

    office.open(page)
    page.route(f"{office.url}/console", framed)
    page.goto(f"{office.other}/?console={office.url}/console")
    page.frame_locator("iframe").locator("#list > *").first.wait_for()
    frame = page.frames[1]
    requests = asked(page)
    send(page, ticket(("customer", KO)))
    page.clock.run_for(5_000)
    assert page.evaluate("heard") == []
    assert requests == []
    assert frame.locator("#subject").input_value() == ""


def test_a_ticket_from_another_window_than_the_frame_s_parent_is_ignored(office: Office, page: Page) -> None:
    frame = office.frame(page)
    requests = asked(page)
    page.evaluate(
        """ticket => {
            const other = document.body.appendChild(document.createElement("iframe"));
            const script = other.contentDocument.createElement("script");
            const told = JSON.stringify({type: "kb:ticket", ticket});
            script.textContent = `parent.frames[0].postMessage(${told}, "*")`;
            other.contentDocument.body.append(script);
        }""",
        ticket(("customer", KO)),
    )
    page.clock.run_for(5_000)
    assert requests == []
    assert frame.locator("#subject").input_value() == ""


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "a ticket",
        {"messages": "hello"},
        {"subject": "x", "messages": [{"author": "root", "text": "x"}]},
        {"subject": "x", "messages": [{"author": "customer", "text": 5}]},
    ],
)
def test_what_is_no_ticket_is_ignored(office: Office, page: Page, wrong: Any) -> None:
    frame = office.frame(page)
    problems = watched(page)
    send(page, wrong)
    send(page, ticket(("customer", "<img src=x onerror=alert(1)>"), subject="<b>x</b>", locale="<", state="lost"))
    expect(frame.locator("#talk li span")).to_have_text("<img src=x onerror=alert(1)>")
    assert frame.locator("#subject").input_value() == "<b>x</b>"
    assert frame.locator("#locale").input_value() == ""
    assert problems == []
