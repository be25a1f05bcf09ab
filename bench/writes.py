"""What a write costs beyond embedding, in a home of many articles: `python bench/writes.py [ARTICLES] [WRITES]`.

Articles are published one by one, each with a new text, through the API of a server in process. What the model takes
for the same texts is measured beside, interleaved; the difference is the cost of the write. Then many articles go
through the bulk operation, against the model's own rate on the same passages.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from fastapi.testclient import TestClient

from api.app import create_app
from articles.library import Draft, Library
from articles.prepare import read_article
from kb.models import OPERATOR
from kb.ports import Embedder, Encoded
from kb.settings import Settings
from kb.store import keys
from search.home import Home

WORDS = (
    "refund",
    "delivery",
    "invoice",
    "password",
    "account",
    "plan",
    "환불",
    "배송",
    "청구서",
    "비밀번호",
    "계정",
    "기기",
)


def text(rng: random.Random, number: int, words: int = 120) -> str:
    body = " ".join(rng.choice(WORDS) for _ in range(words))
    return (
        f"---\ntitle: {rng.choice(WORDS)} {number}\nlocale: {'ko' if number % 2 else 'en'}\n---\n\n{body} {number}.\n"
    )


def main(articles: int = 10_000, writes: int = 60, bulk: int = 1_000) -> None:
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), rate_limit=10_000_000)
        filled = Home(settings)
        model = filled.embedder
        library = Library.of(filled)
        library.preparer.embedder = _Filler(model)  # what fills the home is not what is measured
        library.put(Draft.of(f"a{n}", text(rng, n, 20)) for n in range(articles))
        filled.index.compact()
        with filled.database.write() as connection:
            _, key = keys.create(connection, OPERATOR, datetime.now(UTC), name="bench", role="author")
        headers = {"Authorization": f"Bearer {key}"}
        with TestClient(create_app(settings, filled), base_url="http://127.0.0.1", headers=headers) as client:
            _singles(client, filled, rng, writes, articles)
            _bulk(client, filled, rng, bulk)
        filled.close()


class _Filler:
    """Vectors of the model's size without its work."""

    def __init__(self, model: Embedder) -> None:
        self.fingerprint, self.dimension, self.max_tokens = model.fingerprint, model.dimension, model.max_tokens

    def passages(self, texts: Sequence[str]) -> Encoded:
        rng = np.random.default_rng(len(texts))
        vectors = rng.normal(size=(len(texts), self.dimension)).astype(np.float32)
        tokens = tuple(rng.normal(size=(20, self.dimension)).astype(np.float32) for _ in texts)
        return Encoded(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), tokens)

    def queries(self, texts: Sequence[str]) -> Encoded:
        return self.passages(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]


def _singles(client: TestClient, home: Home, rng: random.Random, writes: int, articles: int) -> None:
    preparer = Library.of(home).preparer
    taken, alone = [], []
    for number in range(writes):
        markdown = text(rng, articles + number)
        prepared = preparer.chunked(read_article(markdown, "x.md", "x"))
        started = time.perf_counter()
        home.embedder.passages(list(prepared.texts.values()))
        alone.append(time.perf_counter() - started)
        started = time.perf_counter()
        response = client.put(f"/v1/articles/w{number}", json={"markdown": markdown})
        taken.append(time.perf_counter() - started)
        assert response.status_code == 201, response.text
    beyond = [a - b for a, b in zip(taken, alone, strict=True)][5:]
    print(
        f"{articles:,} articles: a write takes {1000 * statistics.median(taken):.1f} ms, embedding alone "
        f"{1000 * statistics.median(alone):.1f} ms; beyond it p50 {1000 * statistics.median(beyond):.1f} ms, "
        f"p90 {1000 * sorted(beyond)[int(len(beyond) * 0.9)]:.1f} ms"
    )


def _bulk(client: TestClient, home: Home, rng: random.Random, count: int) -> None:
    texts = [text(rng, 1_000_000 + n) for n in range(2 * count)]
    preparer = Library.of(home).preparer
    chunked = [preparer.chunked(read_article(markdown, "x.md", "x")) for markdown in texts[:count]]
    passages = [passage for item in chunked for passage in item.texts.values()]
    parts = 4  # interleaved: the machine may change its speed on the way
    alone = taken = 0.0
    for part in range(parts):
        some = passages[part::parts]
        started = time.perf_counter()
        home.embedder.passages(some)
        alone += time.perf_counter() - started
        lines = [json.dumps({"id": f"b{part}-{n}", "markdown": t}) for n, t in enumerate(texts[count + part :: parts])]
        started = time.perf_counter()
        answer = client.post("/v1/articles/bulk", content="\n".join(lines))
        taken += time.perf_counter() - started
        assert {json.loads(line)["status"] for line in answer.text.splitlines()} == {"added"}
    print(
        f"bulk: {count:,} articles ({len(passages):,} passages) in {taken:.1f} s; embedding alone {alone:.1f} s: "
        f"{100 * alone / taken:.0f}% of its rate"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
