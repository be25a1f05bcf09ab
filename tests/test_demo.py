"""The page that `kb demo` opens: only there, only with its code, and the three faces talk to each other on it."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, expect

from api.app import create_app
from api.demo import USER, new_code
from kb.store import people
from tests.browser import picture, violations, visit, watched
from tests.conftest import Shop, listening


def test_no_other_server_has_it(client: TestClient) -> None:
    assert client.get("/demo").status_code == 404
    assert client.get("/demo?code=").status_code == 404


def test_its_code_signs_in_as_an_agent(shop: Shop) -> None:
    app = create_app(shop.settings, shop.home)
    app.state.demo_code = code = new_code(shop.home.database)
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as client:
        assert client.get("/demo", params={"code": "guess"}).status_code == 404
        assert "iframe" in client.get("/demo").text
        assert client.get("/v1/session").status_code == 401
        assert client.get("/demo", params={"code": code, "lang": "//evil"}).headers["location"] == "/demo"
        session = client.get("/v1/session").json()
        assert (session["user"]["id"], session["user"]["role"]) == (USER, "agent")
    assert new_code(shop.home.database) != code  # the next server has another, of the same user
    with shop.home.database.read() as connection:
        assert [user.id for user in people.list_users(connection)] == [USER]


@pytest.mark.browser
@pytest.mark.parametrize(("language", "size"), [("en", "desk"), ("ko", "desk"), ("ko", "phone")])
def test_a_customer_s_message_becomes_the_ticket(browser: Browser, shop: Shop, language: str, size: str) -> None:
    shop.put("payments", "The app shows NR-2207 when a card payment failed. Try another card.", title="Payment failed")
    shop.put(
        "ko/payments", "카드 결제가 안 되면 앱에 NR-2207이 뜹니다. 다른 카드를 쓰세요.", title="결제 오류", locale="ko"
    )
    app = create_app(shop.settings, shop.home)
    app.state.demo_code = new_code(shop.home.database)
    context = visit(browser, size, language)
    with listening(app) as url:
        page = context.new_page()
        problems = watched(page)
        page.goto(f"{url}/demo?code={app.state.demo_code}&lang={language}")
        console = page.frame_locator("#console")
        expect(console.get_by_text({"en": "Payment failed", "ko": "결제 오류"}[language]).first).to_be_visible()
        picture(page, f"demo-{language}-{size}", full=True)
        assert violations(page) == []
        page.evaluate("kbHelp.search('elephants')")
        page.locator("kb-help .person button").click()
        page.locator("kb-help button[type=submit]").click()
        page.locator("kb-help button[type=submit]").click()
        expect(page.locator("kb-help .thanks")).to_be_visible()
        page.keyboard.press("Escape")
        expect(console.locator("body")).to_contain_text("elephants")
        assert problems == []
    context.close()
