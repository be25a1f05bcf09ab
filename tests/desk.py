"""A support team for tests: its articles, its people, and a help desk on another port with the console in a frame."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.sync_api import Frame, Page, expect
from sqlalchemy import text

from api.app import create_app
from kb.models import EVERYTHING, OPERATOR
from kb.settings import Settings
from kb.store import people, tickets
from kb.store.searches import Event, events_of
from kb.store.tickets import StoredTicket
from tests.browser import watched
from tests.conftest import Shop, listening

PASSWORD = "correct horse battery"
KO, EN = "환불을 신청한 뒤 며칠 안에 받을 수 있나요?", "How many days until I get the refund after I asked?"

_REFUNDS_KO = """# 구독료 환불 안내

구독료를 돌려받는 방법입니다.

## 환불 신청

1. **설정 > 결제**로 들어가세요.
2. 환불 신청을 누르세요.

## 환불 기간

환불은 신청한 뒤 **영업일 5일** 안에 받을 수 있습니다. [요금제](plans.md)도 확인하세요.
"""
_REFUNDS_EN = """# Refunds of a plan

How to get your money back.

## Ask for it

1. Open **Settings > Billing**.
2. Tap Refund.

## When it arrives

You get the refund within **5 working days** after you asked for it.
"""
_CHECKED = {"reviewed": "2026-11-01", "review_every": "never"}
_HOSTILE = "The app <b>crashes</b> & <img src=x onerror=alert(1)>"
ARTICLES: dict[str, tuple[str, dict[str, object]]] = {  # by id, the text and what its front matter says
    "ko/refunds": (_REFUNDS_KO, {"title": "구독료 환불 안내", "locale": "ko", "owner": "billing", **_CHECKED}),
    "en/refunds": (_REFUNDS_EN, {"title": "Refunds of a plan", "owner": "billing"}),
    "ko/plans": ("# 요금제 변경\n\n요금제는 언제든지 바꿀 수 있습니다.\n", {"title": "요금제 변경", "locale": "ko"}),
    "en/plans": ("# Change your plan\n\nYou can change it at any time.\n", {"title": "Change your plan"}),
    "en/crash": ("# The app crashes\n\nUpdate the app, then start it again.\n", {"title": _HOSTILE}),
    "ko/goodwill": (
        "# 예외 환불 한도\n\n예외 환불은 상담원이 30,000원까지 승인합니다.\n",
        {"title": "예외 환불 한도", "locale": "ko", "audience": "internal"},
    ),
    "en/goodwill": (
        "# Goodwill limits\n\nGoodwill up to 30 dollars is approved by the agent.\n",
        {"title": "Goodwill limits", "audience": "internal"},
    ),
}
PAGE = """<!doctype html><html lang="en"><title>Desk</title>
<label>Reply <textarea id="reply"></textarea></label>
<iframe title="Knowledge base" width="360" height="640" allow="clipboard-write"></iframe>
<script>
const heard = [];
addEventListener("message", (event) => {
  heard.push({ from: event.origin, ...event.data });
  if (event.data.type === "kb:insert") document.getElementById("reply").value += event.data.text;
});
document.querySelector("iframe").src = new URLSearchParams(location.search).get("console");
</script></html>"""


@dataclass
class Office:
    """The knowledge base at `url`; a help desk that may show the console at `desk`, and one that may not at `other`."""

    shop: Shop
    url: str
    desk: str
    other: str

    def open(self, page: Page, path: str = "/console", user: str = "kim") -> list[str]:
        """Sign in on the page for that, and go on to the console; what goes wrong on the page from then on."""
        page.goto(self.url + path)
        sign_in(page, user)
        ready(page)
        return watched(page)

    def frame(self, page: Page) -> Frame:
        """The console in the help desk's page, by an agent who signed in there."""
        page.goto(f"{self.desk}/?console={self.url}/console")
        found = page.frame_locator("iframe")
        found.locator("#user").wait_for()
        frame = next(one for one in page.frames if one.url.startswith(self.url))
        sign_in(frame)
        ready(frame)
        return frame

    def events(self, *kinds: str, least: int = 0) -> list[Event]:
        """Those that are stored, as soon as there are so many."""
        until = time.monotonic() + 10
        while True:
            self.shop.home.journal.flush()
            with self.shop.home.database.read() as connection:
                found = list(events_of(connection, kinds))
            if len(found) >= least or time.monotonic() > until:
                return found
            time.sleep(0.02)

    def ticket(self, ticket_id: str) -> StoredTicket:
        with self.shop.home.database.read() as connection:
            found = tickets.get(connection, ticket_id, EVERYTHING)
        assert found is not None
        return found

    def searches(self, channel: str) -> list[tuple[str, str, bool]]:
        """(id, question, settled) of each, the oldest first."""
        self.shop.home.journal.flush()
        with self.shop.home.database.read() as connection:
            query = "SELECT id, query, settled FROM searches WHERE channel = :channel ORDER BY at"
            return [
                (row.id, row.query, bool(row.settled)) for row in connection.execute(text(query), {"channel": channel})
            ]


@contextmanager
def opened(shop: Shop) -> Iterator[Office]:
    for article_id, (body, front) in ARTICLES.items():
        shop.put(article_id, body, **front)
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    with shop.home.database.write() as connection:
        for user_id, role in (("kim", "agent"), ("lee", "author")):
            people.add_user(connection, OPERATOR, user_id, role=role, password=cheap, name=user_id.title())  # type: ignore[arg-type]
    with listening(_help_desk()) as desk, listening(_help_desk()) as other:
        shop.home.settings = Settings(home=shop.home.path, chunk_tokens=60, frame_origins=(desk,))
        with listening(create_app(shop.home.settings, shop.home)) as url:
            yield Office(shop, url, desk, other)


def _help_desk() -> FastAPI:
    app = FastAPI()

    @app.get("/")
    def page() -> HTMLResponse:
        return HTMLResponse(PAGE)

    return app


def sign_in(page: Page | Frame, user: str = "kim", password: str = PASSWORD) -> None:
    page.fill("#user", user)
    page.fill("#password", password)
    expect(page.locator("#sign-in button")).to_be_enabled()  # the page listens
    page.press("#password", "Enter")


def ready(page: Page | Frame) -> None:
    """The desk stands: its keys are listened to."""
    page.locator("#list > *").first.wait_for()
    assert urlsplit(page.url).path == "/console"


def write(page: Page | Frame, words: str) -> None:
    """The customer says something, and suggestions are there."""
    page.fill("#words", words)
    shown(page)


def shown(page: Page | Frame) -> None:
    """What is suggested is drawn, with what is known of its verification."""
    expect(page.locator("#list:not([aria-busy]) .card").first).to_be_visible()
    expect(page.locator(".badge.pending")).to_have_count(0)


def send(page: Page, ticket: dict[str, Any]) -> None:
    """The help desk tells the console a ticket."""
    page.evaluate(
        "ticket => document.querySelector('iframe').contentWindow.postMessage({type: 'kb:ticket', ticket}, '*')", ticket
    )


def cards(page: Page | Frame) -> list[str]:
    return [str(card.get_attribute("data-id")) for card in page.locator(".card").all()]
