"""How many tickets a minute the console suggests for, in a real browser with the real model: `python -m bench.console`.

An agent who is signed in pastes a ticket as soon as the suggestions for the one before are drawn; the articles are the
starter ones. Drawing is from the last byte of the response to the frame after the list changed.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

from api.app import create_app
from articles.folder import sync
from articles.library import Library
from kb import passwords
from kb.models import OPERATOR
from kb.settings import Settings, load
from kb.store import people
from search.home import Home
from tests.browser import running, visit
from tests.conftest import STARTER, listening

GOLDEN = STARTER.parents[1] / "tests" / "golden" / "starter" / "queries.jsonl"
PASSWORD = "correct horse battery"
_PASTE = """async (words) => {
  const list = document.getElementById("list"), field = document.getElementById("words");
  performance.clearResourceTimings();
  const drawn = new Promise((resolve) => {
    const watching = new MutationObserver(() => {
      watching.disconnect();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now());
        port2.postMessage(null);
      });
    });
    watching.observe(list, { attributeFilter: ["data-search"] });
  });
  field.value = words;
  field.dispatchEvent(new InputEvent("input", { inputType: "insertFromPaste" }));
  const at = await drawn;
  const [answer] = performance.getEntriesByType("resource").filter((one) => one.name.endsWith("/v1/suggest"));
  return [at - answer.responseEnd, answer.responseEnd - answer.requestStart];
}"""


def main(seconds: float = 60) -> None:
    with TemporaryDirectory() as folder:
        home = Home(Settings(home=Path(folder), cache=load().settings.cache))
        sync(Library.of(home), STARTER)
        with home.database.write() as connection:
            people.add_user(connection, OPERATOR, "kim", role="agent", password=passwords.hashed(PASSWORD, "kim"))
        with listening(create_app(home.settings, home)) as url:
            drawing, answering = measure(url, seconds)
        home.close()
    print(f"{len(drawing) / seconds * 60:.0f} tickets a minute")
    for name, found in (("answer", answering), ("drawn after it", drawing)):
        print(f"{name}: median {median(found):.0f} ms, p95 {quantiles(found, n=20)[-1]:.0f} ms")


def measure(url: str, seconds: float) -> tuple[list[float], list[float]]:
    words = [json.loads(line)["text"] for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
    found: list[Any] = []
    with running() as browser:
        page = visit(browser).new_page()
        page.goto(f"{url}/console")
        page.fill("#user", "kim")
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.locator("#list > *").first.wait_for()
        for text in words[:10]:  # until everything is loaded, and articles' verification is known
            page.evaluate(_PASTE, f"{text} …")
        until, place = time.monotonic() + seconds, 0
        while time.monotonic() < until:  # asked again, a question is another
            found.append(page.evaluate(_PASTE, f"{words[place % len(words)]} ({place // len(words) + 1})"))
            place += 1
    return [drawn for drawn, _ in found], [answered for _, answered in found]


if __name__ == "__main__":
    main()
