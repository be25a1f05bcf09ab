"""What the help widget costs the page it is on, in a real browser: `python -m bench.widget [QUESTIONS]`.

The starter articles under the real model; a phone's speed by throttling the processor to a quarter. It prints the main
thread's time for the launcher, how long a result takes from its response to the frame that shows it, and the sizes.
"""

from __future__ import annotations

import gzip
import json
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

import articles
from api import messages, widget
from api.app import create_app
from articles.folder import sync
from articles.library import Library
from kb.settings import Settings
from search.home import Home
from tests.browser import running, visit
from tests.conftest import listening

QUERIES = Path(__file__).parents[1] / "tests" / "golden" / "starter" / "queries.jsonl"
THROTTLE = 4
_WATCH = """() => {
  window.drawn = [];
  let answered = 0;
  const ask = window.fetch;
  window.fetch = async (address, options) => {
    const response = await ask(address, options);
    if (!String(address).endsWith("/v1/search")) return response;
    const text = await response.text();
    answered = performance.now();
    return new Response(text, { status: response.status });
  };
  const root = document.querySelector("kb-help").shadowRoot;
  new MutationObserver(() => {
    const from = answered;
    if (!from || !root.querySelector(".results")) return;
    answered = 0;
    requestAnimationFrame(() => setTimeout(() => drawn.push(performance.now() - from)));
  }).observe(root, { childList: true, subtree: true });
}"""


def main(questions: int = 60) -> None:
    asked = [json.loads(line)["text"] for line in QUERIES.read_text().splitlines()][:questions]
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Settings(home=Path(folder), rate_limit=1_000_000))
        sync(Library.of(home), Path(articles.__file__).parent / "starter")
        home.index.compact()
        with listening(create_app(home.settings, home)) as url, running() as browser:
            _launcher(browser, url)
            _drawing(browser, url, asked)
        home.close()
    for language in messages.LANGUAGES:
        files = widget.launcher_script(), widget.panel_script(language)
        sizes = [len(gzip.compress(text.encode(), 9)) for text in files]
        print(f"size in {language}: {sizes[0]:,} + {sizes[1]:,} = {sum(sizes):,} bytes gzipped")


def _page(browser: Browser, url: str) -> Page:
    page = visit(browser, "phone").new_page()
    page.route(f"{url}/shop", lambda route: route.fulfill(content_type="text/html", body=_SHOP))
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    return page


_SHOP = '<!doctype html><title>A shop</title><h1>Nice things</h1><script src="/widget.js" async></script>'


def _launcher(browser: Browser, url: str) -> None:
    """The main thread's time for the script that every page load runs."""
    taken = []
    for _ in range(7):
        page = _page(browser, url)
        browser.start_tracing(page=page, categories=["devtools.timeline", "v8", "disabled-by-default-v8.compile"])
        page.goto(f"{url}/shop")
        page.locator("kb-help .launch").wait_for()
        events = json.loads(browser.stop_tracing())["traceEvents"]
        mine = [
            event for event in events if event["name"] == "EvaluateScript" and _is_launcher(event)
        ]  # compiling in it
        taken.append(sum(event.get("dur", 0) for event in mine) / 1000)
        page.context.close()
    print(f"launcher: {statistics.median(taken):.1f} ms of the main thread at {THROTTLE} x throttling (goal 20)")


def _is_launcher(event: dict[str, dict[str, dict[str, str]]]) -> bool:
    return event["args"].get("data", {}).get("url", "").endswith("/widget.js")


def _drawing(browser: Browser, url: str, asked: list[str]) -> None:
    page = _page(browser, url)
    page.goto(f"{url}/shop")
    page.locator("kb-help .launch").click()
    page.evaluate(_WATCH)
    field = page.locator("kb-help").get_by_role("combobox")
    for number, question in enumerate(asked, 1):
        field.fill(question)
        page.wait_for_function(f"drawn.length >= {number}")
    drawn = sorted(page.evaluate("drawn"))
    print(
        f"results: drawn {statistics.median(drawn):.1f} ms after their response (median), "
        f"{drawn[int(len(drawn) * 0.95)]:.1f} ms (p95) at {THROTTLE} x throttling, {len(drawn)} questions (goal 50)"
    )
    page.context.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
