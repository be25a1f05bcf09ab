"""Hostile strings in titles, bodies, queries, tickets, names and files: in no face does any of them run.

Each calls `pwned`, which the test hears. That a page's policy would have stopped a script is not enough: where it has
to, the test fails, too. The shop's page with the widget has no policy at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import BrowserContext, expect

from api.app import create_app
from api.demo import new_code
from tests.conftest import Shop, listening
from tests.site import Site, site

pytestmark = pytest.mark.browser
PAYLOADS = [json.loads(line) for line in (Path(__file__).parent / "fixtures" / "xss.jsonl").read_text().splitlines()]
HOVER = """(root) => { for (const one of root.querySelectorAll("*")) for (const kind of
  ["mouseover", "mouseenter", "pointerover", "focus", "click", "animationstart", "error", "toggle"])
  if (one.tagName !== "A" && one.tagName !== "BUTTON" || kind !== "click") one.dispatchEvent(new Event(kind)); }"""


@pytest.fixture
def place(shop: Shop) -> Iterator[Site]:
    for number, payload in enumerate(PAYLOADS):
        words = f"Payload{number} refunds are paid. {payload}\n\n{payload}\n\n## Part {payload}\n\nMore of it."
        names = {"title": payload, "category": payload, "owner": payload, "tags": [payload]}
        front = {key: json.dumps(value) for key, value in names.items() if "\n" not in payload}
        shop.put(f"p{number}", words, **front)
    with site(shop) as found:
        yield found


class Ears:
    """What ran, or would have without a policy."""

    def __init__(self, context: BrowserContext) -> None:
        self.heard: list[str] = []
        context.expose_function("pwned", lambda *said: self.heard.append(f"ran: {said}"))
        context.on("dialog", lambda dialog: (self.heard.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        context.on("console", lambda said: self._console(said.text))

    def _console(self, text: str) -> None:
        stopped = "Content Security Policy" in text and ("script" in text or "inline" in text)
        if stopped or "javascript:" in text:
            self.heard.append(f"stopped: {text[:200]}")


def test_there_are_enough() -> None:
    assert len(PAYLOADS) >= 200
    assert len(set(PAYLOADS)) == len(PAYLOADS)


def test_the_corpus_would_be_heard(context: BrowserContext) -> None:
    """A page without any care runs a good part of it: the ears work."""
    ears, page = Ears(context), context.new_page()
    for payload in PAYLOADS[:60]:
        page.set_content(f"<p>{payload}</p>", wait_until="commit")
    page.wait_for_function("true")
    page.wait_for_timeout(200)
    assert len([one for one in ears.heard if one.startswith("ran")]) >= 10


def test_articles_in_the_widget(place: Site, context: BrowserContext) -> None:
    ears, page = Ears(context), place.visit(context, contact="handler")
    page.evaluate(MADE)  # every element and attribute that no article should be able to make
    for number, payload in enumerate(PAYLOADS):
        page.evaluate(f"kbHelp.article('p{number}')")
        page.locator("kb-help .prose", has_text=f"Payload{number} ").wait_for(state="attached")
        page.locator("kb-help .prose").evaluate(HOVER)
        page.evaluate("(text) => kbHelp.search(text)", payload[:500])
    page.locator("kb-help .found[aria-busy=false]").wait_for()
    page.locator("kb-help").get_by_role("dialog").evaluate(HOVER)
    assert ears.heard == []
    assert page.evaluate("made") == []


MADE = r"""() => {
  const BAD = /^(script|iframe|object|embed|base|meta|link|style|svg|math|form)$/i;
  const bad = ({ name, value }) => /^on|^style$|^srcdoc$/i.test(name)
    || (/href|src|action/.test(name) && /^\s*(javascript|data|vbscript):/i.test(value));
  window.made = [];
  const look = (one) => {
    if (one.closest?.(".contact, .feedback")) return;  // the widget's own forms
    if (BAD.test(one.tagName) || [...(one.attributes ?? [])].some(bad)) made.push(one.outerHTML.slice(0, 200));
  };
  const watch = () => new MutationObserver((seen) => {
    for (const change of seen) for (const node of change.addedNodes)
      for (const one of [node, ...(node.querySelectorAll?.("*") ?? [])]) look(one);
  }).observe(document.querySelector("kb-help").shadowRoot, { childList: true, subtree: true });
  return kbHelp.open().then(watch);
}"""


def test_the_help_centre(place: Site, context: BrowserContext) -> None:
    ears, page = Ears(context), context.new_page()
    page.goto(f"{place.server}/")
    page.locator("body").evaluate(HOVER)
    for number, payload in enumerate(PAYLOADS):
        page.goto(f"{place.server}/articles/p{number}", wait_until="domcontentloaded")
        page.locator("body").evaluate(HOVER)
        if number % 7 == 0:
            address = "search?q=" if number % 2 else "categories/"
            page.goto(f"{place.server}/{address}{quote(payload, safe='')}", wait_until="domcontentloaded")
            page.locator("body").evaluate(HOVER)
    assert ears.heard == []


def test_tickets_and_suggestions_in_the_console(shop: Shop, context: BrowserContext) -> None:
    for number, payload in enumerate(PAYLOADS):
        front = {"title": json.dumps(f"{payload} refunds"), "owner": json.dumps(payload)} if "\n" not in payload else {}
        shop.put(f"p{number}", f"Payload{number} refunds are paid. {payload}", **front)
    ears = Ears(context)
    app = create_app(shop.settings, shop.home)
    app.state.demo_code = new_code(shop.home.database)
    with listening(app) as server:
        page = context.new_page()
        page.goto(f"{server}/demo?code={app.state.demo_code}")
        console = page.frame_locator("#console")
        expect(console.locator("body")).to_contain_text("Payment failed")  # the demo's own ticket
        for start in range(0, len(PAYLOADS), 5):
            some = PAYLOADS[start : start + 5]
            messages = [{"author": "customer", "text": f"Payload{start + n} {text}"} for n, text in enumerate(some)]
            told = {"id": f"t{start}", "subject": some[0], "messages": messages, "locale": "en", "product": some[-1]}
            with page.expect_response("**/v1/suggest"):
                page.evaluate(SEND, told)
            console.locator("body").evaluate(HOVER)
        for payload in PAYLOADS[::4]:
            with page.expect_response("**/v1/search"):
                console.get_by_role("searchbox").or_(console.get_by_role("combobox")).first.fill(payload.strip() + "?")
            console.locator("body").evaluate(HOVER)
    assert ears.heard == []


SEND = """(ticket) => document.querySelector("#console").contentWindow.postMessage(
  { type: "kb:ticket", ticket }, location.origin)"""


def test_files_that_were_uploaded(place: Site, context: BrowserContext) -> None:
    """By any name, with any bytes: either refused, or never run."""
    ears, page = Ears(context), context.new_page()
    kept = 0
    with httpx.Client(base_url=place.server, headers=place.shop.key("author")) as author:
        for number, payload in enumerate(PAYLOADS):
            name = payload.replace("\n", " ").replace("/", "_")[:100] + ("" if number % 2 else ".txt")
            answer = author.post("/v1/media", params={"name": name}, content=f"{number} {payload}".encode())
            assert answer.status_code in (201, 400), answer.text
            if answer.status_code == 201:
                kept += 1
                url = place.server + answer.json()["url"]
                if not httpx.get(url).headers["content-disposition"].startswith("attachment"):
                    page.goto(url, wait_until="domcontentloaded")
    assert kept > 10
    assert ears.heard == []
