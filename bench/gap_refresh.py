"""How long gaps take to compute: `python bench/gap_refresh.py DATA/clinc_oos_en [QUESTIONS]`.

Thirty documents are left out of the set and half of its questions are asked; each is asked again in slightly other
words, and with a vector slightly beside, until there are so many. Prints seconds of the first refresh, of one without
news, of one after a hundred more questions, and of one after an article was published.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from articles.gaps.compute import refresh
from articles.library import Draft, Library
from kb.jobs import Progress
from kb.models import EVERYTHING, Reader
from kb.settings import Settings
from kb.store import searches
from kb.store.searches import Search
from kb.times import stamp
from search.engine import Request
from search.home import Home

_OUT = 30  # documents that are left out
_BESIDE = 0.15  # length of what is added to a vector of length 1
_WORDS = ("", "please ", "hi, ", "quick question: ", "hello, ", "urgent: ", "sorry, ")


def main(data: Path, wanted: int) -> None:
    chance = random.Random(7)
    documents = _lines(data / "corpus.jsonl")
    chance.shuffle(documents)
    with tempfile.TemporaryDirectory() as scratch:
        home = Home(Settings(home=Path(scratch)))
        library = Library.of(home)
        library.put(_draft(document) for document in documents[_OUT:])
        home.index.compact()
        asked = _asked(home, [question["text"] for question in _lines(data / "queries.jsonl")][::2])
        more = list(_many(asked, wanted + 100, chance))
        _write(home, more[:wanted])
        _timed(home, f"{wanted:,} questions")
        _timed(home, "nothing new")
        _write(home, more[wanted:])
        _timed(home, "100 more questions")
        library.put([_draft(documents[0])])
        _timed(home, "an article that was missing")
        home.close()


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _draft(document: dict[str, str]) -> Draft:
    head = json.dumps({"title": document["title"], "locale": "en"})
    return Draft.of(document["id"].replace(":", "-"), f"---\n{head}\n---\n\n{document['text']}\n")


def _asked(home: Home, texts: list[str]) -> list[Search]:
    """Questions as the log has them. They are taken out of it again."""
    for text in texts:
        home.engine.search(Request(text, Reader()))
    home.journal.flush()
    with home.database.write() as connection:
        found = list(searches.all_searches(connection, EVERYTHING))
        searches.forget_before(connection, "9999")
    return found


def _many(asked: list[Search], count: int, chance: random.Random) -> Iterator[Search]:
    """So many questions, over the last ninety days."""
    noise, now = np.random.default_rng(7), datetime.now(UTC)
    for number in range(count):
        base = asked[number % len(asked)]
        vector = np.frombuffer(base.vector or b"", "<f4")
        beside = noise.standard_normal(len(vector)).astype(np.float32)
        moved = vector + _BESIDE * beside / np.linalg.norm(beside) if number >= len(asked) else vector
        unit = (moved / np.linalg.norm(moved)).astype("<f4")
        text = chance.choice(_WORDS) + base.query
        at = stamp(now - timedelta(days=90 * (1 - number / count)))
        yield replace(base, id=f"{base.id}-{number}", at=at, query=text, vector=unit.tobytes())


def _write(home: Home, found: list[Search]) -> None:
    with home.database.write() as connection:
        searches.append(connection, found, [])


def _timed(home: Home, what: str) -> None:
    started = time.perf_counter()
    counts = refresh(home, datetime.now(UTC), Progress())
    print(f"{what}: {time.perf_counter() - started:.1f} s, {counts}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
