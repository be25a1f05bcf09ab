"""A shop's web site for tests: pages of another origin that load the help widget, and take what is sent to a person."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from playwright.sync_api import BrowserContext, Page

from api.app import create_app
from kb.models import EVERYTHING
from kb.store import searches
from kb.store.searches import Event, Search
from tests.browser import watched
from tests.conftest import Shop, listening

WILD = """
* { font: 700 40px/3 serif !important; color: lime !important; margin: 30px !important; letter-spacing: 9px; }
html { font-size: 3px; }
body * { position: static !important; transform: rotate(20deg) !important; float: left !important; }
kb-help { display: none !important; opacity: 0 !important; width: 3px !important; z-index: 1 !important; }
body > *:not(main) { display: none !important; visibility: hidden !important; }
button, dialog { display: none !important; }
"""
STRICT = (
    "default-src 'none'; script-src {server}; connect-src 'self' {server}; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; require-trusted-types-for 'script'; trusted-types kb-help"
)


@dataclass
class Site:
    """The shop's pages at `url`; the knowledge base behind them at `server`. `sent` is what reached a person."""

    shop: Shop
    server: str
    url: str
    key: str
    sent: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def visit(self, context: BrowserContext, **page: Any) -> Page:
        """Open the shop's page. `page`: title, lang, css, csp, and the attributes of the widget's script."""
        found = context.new_page()
        self.problems = watched(found)
        found.goto(f"{self.url}/?page={quote(json.dumps(page))}")
        found.locator("kb-help").wait_for(state="attached")
        return found

    def searches(self) -> list[Search]:
        """The settled ones."""
        self.shop.home.journal.flush()
        with self.shop.home.database.read() as connection:
            return list(searches.all_searches(connection, EVERYTHING))

    def events(self, *kinds: str, count: int = 1) -> list[Event]:
        """Events of these kinds, in their order; so many are waited for: no page waits for what it tells."""
        found: list[Event] = []
        until = time.monotonic() + 10
        while len(found) < count and time.monotonic() < until:
            self.shop.home.journal.flush()
            with self.shop.home.database.read() as connection:
                found = list(searches.events_of(connection, kinds))
        return found


@contextmanager
def site(shop: Shop) -> Iterator[Site]:
    """A shop's site beside its knowledge base, with a key that is for its pages."""
    app = FastAPI()
    with listening(create_app(shop.settings, shop.home)) as server, listening(app) as url:
        key = shop.key("customer", origins=[url])["Authorization"].removeprefix("Bearer ")
        found = Site(shop, server, url, key)
        _routes(app, found)
        yield found


def _routes(app: FastAPI, found: Site) -> None:
    @app.get("/")
    def shop_page(page: str) -> HTMLResponse:
        return _shop_page(found, json.loads(page))

    @app.get("/wild.css")
    def wild() -> Response:
        return Response(WILD, media_type="text/css")

    @app.get("/favicon.ico")
    def icon() -> Response:
        return Response(status_code=204)

    @app.post("/contact")
    async def contact(request: Request) -> dict[str, str]:
        found.sent.append(await request.json())
        return {}


def _shop_page(found: Site, page: dict[str, Any]) -> HTMLResponse:
    title, lang, csp = page.pop("title", "A shop"), page.pop("lang", "en"), page.pop("csp", False)
    sheet = '<link rel="stylesheet" href="/wild.css">' if page.pop("wild", False) else ""
    data = " ".join(f'data-{name}="{escape(value)}"' for name, value in {"key": found.key, **page}.items())
    html = (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{escape(title)}</title>{sheet}'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<script src="{found.server}/widget.js" {data} async></script></head>'
        f"<body><main><h1>{escape(title)}</h1><p>Nice things.</p><button>Buy</button></main></body></html>"
    )
    return HTMLResponse(html, headers={"Content-Security-Policy": STRICT.format(server=found.server)} if csp else {})
