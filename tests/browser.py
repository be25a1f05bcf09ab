"""A real browser for tests: pages at the size of a desk and of a phone, typing as an input method does, axe, pictures.

Test modules that use it are marked `browser`. Pictures go to the folder that SCREENSHOTS names, else build/screenshots.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

DESK, PHONE = {"width": 1280, "height": 800}, {"width": 375, "height": 740}
SIZES = {"desk": DESK, "phone": PHONE}
_FLAGS = [
    "--disable-quic",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
_WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def chromium() -> str | None:
    """The system's Chromium."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def running() -> Iterator[Browser]:
    """A browser. Without one, tests are skipped, and on CI they fail."""
    with sync_playwright() as playwright:
        yield from _launched(playwright)


def _launched(playwright: Playwright) -> Iterator[Browser]:
    path = chromium()
    bundled = Path(playwright.chromium.executable_path)
    if path is None and not bundled.exists():
        message = "no Chromium: install Debian's `chromium`, or run `playwright install chromium`"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    browser = playwright.chromium.launch(executable_path=path, args=_FLAGS, chromium_sandbox=False)
    yield browser
    browser.close()


def visit(browser: Browser, size: str = "desk", language: str = "en", **options: Any) -> BrowserContext:
    """A visitor of their own: a size of screen, the language that their browser asks for, no cookies yet."""
    locale = {"en": "en-US", "ko": "ko-KR"}[language]
    found = browser.new_context(viewport=SIZES[size], locale=locale, **options)  # type: ignore[arg-type]
    found.set_default_timeout(30_000)  # a machine may have much else to do
    expect.set_options(timeout=20_000)
    return found


def watched(page: Page) -> list[str]:
    """What goes wrong on a page from now on: exceptions, errors on the console, requests to other hosts."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"exception: {error}"))
    page.on("console", lambda said: problems.append(f"console: {said.text}") if said.type == "error" else None)
    local = re.compile(r"(https?://(127\.0\.0\.1|localhost)(:\d+)?/|data:|blob:|about:)")
    page.on("request", lambda sent: None if local.match(sent.url) else problems.append(f"request: {sent.url}"))
    return problems


def compose(page: Page, syllables: str, *, ended: bool = True) -> None:
    """Type Korean into the field that has the focus as an input method does: a letter more at a time, then settled."""
    session = page.context.new_cdp_session(page)
    for syllable in syllables:
        for typed in _steps(syllable):
            session.send("Input.imeSetComposition", {"text": typed, "selectionStart": 1, "selectionEnd": 1})
        if ended or syllable != syllables[-1]:
            session.send("Input.insertText", {"text": syllable})
    session.detach()


def _steps(syllable: str) -> list[str]:
    """ㅎ 하 한 for 한."""
    code = ord(syllable) - 0xAC00
    if not 0 <= code < 11172:
        return [syllable]
    first, middle, last = code // 588, code % 588 // 28, code % 28
    steps = ["ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"[first], chr(0xAC00 + first * 588 + middle * 28)]
    return [*steps, syllable] if last else steps


def violations(page: Page) -> list[str]:
    """What axe finds on a page as it is now, shadow roots included."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": _WCAG}}).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:160]} ({node['failureSummary'][:300]})"
        for rule in found
        for node in rule["nodes"]
    ]


def picture(page: Page, name: str, *, full: bool = False) -> None:
    """Keep a screenshot, to be looked at."""
    folder = Path(os.environ.get("SCREENSHOTS") or Path(__file__).parents[1] / "build" / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", full_page=full)
