"""Fixtures: a tiny deterministic embedder for unit tests, the real model for those marked `model`."""

from __future__ import annotations

import hashlib
import os
import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from articles.library import Draft, Library, Outcome
from indexer.analyze import normalise
from indexer.embed import SentenceTransformerEmbedder
from kb.models import AGENTS, OPERATOR, PUBLIC, Reader
from kb.ports import Encoded, Vectors
from kb.rights import Role
from kb.settings import Settings, load
from kb.store import keys
from search import confidence
from search.confidence import Calibration, Models
from search.engine import Engine, Request, Results
from search.home import Home

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

    from tests.desk import Office

STARTER = Path(__file__).parents[1] / "articles" / "starter"
CUSTOMER, AGENT = Reader.of(PUBLIC), Reader.of(AGENTS)


class TinyEmbedder:
    """Hashes letter trigrams into 64 dimensions: alike texts get alike vectors, and nothing is loaded."""

    fingerprint = "tiny:1"
    dimension = 64
    max_tokens = 120

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def passages(self, texts: Sequence[str]) -> Encoded:
        self.embedded += texts
        return self.queries(texts)

    def queries(self, texts: Sequence[str]) -> Encoded:
        """The tokens of a text are its words."""
        vectors = np.stack([self._vector(text) for text in texts])
        found = [list(re.finditer(r"\S+", text)) for text in texts]
        tokens = [np.array([self._vector(m.group()) for m in words], np.float32).reshape(-1, 64) for words in found]
        spans = [np.array([m.span() for m in words], np.int64).reshape(-1, 2) for words in found]
        return Encoded(vectors, tuple(tokens), tuple(spans))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """A word is a token, and one that cannot be spoken is two."""
        return [len(text.split()) + len(re.findall(r"\b[^aeiou\W]{4,}\b", text, re.ASCII)) for text in texts]

    def _vector(self, text: str) -> Vectors:
        vector = np.full(64, 0.5, np.float32)
        text = normalise(text)
        for start in range(len(text)):
            digest = hashlib.blake2b(text[start : start + 3].encode(), digest_size=2).digest()
            vector[digest[0] % 64] += 1 if digest[1] % 2 else 0.5
        return vector / np.linalg.norm(vector)


class Shop:
    """A home with its library, and shorthands for tests."""

    def __init__(self, folder: Path, embedder: TinyEmbedder) -> None:
        self.settings = Settings(home=folder, chunk_tokens=60)
        self.embedder = embedder
        self.home = Home(self.settings, embedder)
        self.library = Library.of(self.home)

    @property
    def engine(self) -> Engine:
        return self.home.engine

    def put(self, article_id: str, body: str, **front: object) -> Outcome:
        lines = [f"{key}: {value}" for key, value in {"locale": "en", **front}.items()]
        markdown = "\n".join(["---", *lines, "---", "", body])
        return self.library.put_one(Draft(markdown, f"{article_id}.md", article_id, ""))

    def key(self, role: Role = "admin", **rights: Any) -> dict[str, str]:
        """The header of a new key."""
        with self.home.database.write() as connection:
            _, text = keys.create(connection, OPERATOR, datetime.now(UTC), name=role, role=role, **rights)
        return {"Authorization": f"Bearer {text}"}

    def search(self, text: str, reader: Reader = CUSTOMER, **options: object) -> Results:
        return self.engine.search(Request(text, reader, **options))  # type: ignore[arg-type]

    def ids(self, text: str, reader: Reader = CUSTOMER, **options: object) -> list[str]:
        return [hit.id for hit in self.search(text, reader, **options).hits]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="renew the golden files instead of comparing with them")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Tests see no kb.toml and no KB_* but the model's cache, so that it is made once."""
    for name in list(os.environ):
        if name.startswith("KB_") and name != "KB_CACHE":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def embedder() -> TinyEmbedder:
    return TinyEmbedder()


# P rises with the share of the question's words that the passage has: the real model is fitted to real vectors
BY_COVERAGE = Calibration(
    bias=-4.0,
    weights=tuple(8.0 if name == "coverage" else 0.0 for name in confidence.FEATURES),
    means=(0.0,) * len(confidence.FEATURES),
    scales=(1.0,) * len(confidence.FEATURES),
)


@pytest.fixture
def shop(tmp_path: Path, embedder: TinyEmbedder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setattr(confidence, "load", lambda folder=None: Models(BY_COVERAGE, BY_COVERAGE))
    found = Shop(tmp_path / "home", embedder)
    yield found
    found.home.close()


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient]:
    from api.app import create_app

    with TestClient(create_app(shop.settings, shop.home), base_url="http://127.0.0.1") as found:
        yield found


@contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """The address of a server on a real socket, in a thread of this process."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from tests.browser import running

    with running() as found:
        yield found


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor at a desk, in English."""
    from tests.browser import visit

    found = visit(browser)
    yield found
    found.close()


@pytest.fixture
def office(shop: Shop) -> Iterator[Office]:
    """The console's server, with its people and articles."""
    from tests.desk import opened

    with opened(shop) as found:
        yield found


@pytest.fixture(scope="session")
def real_embedder() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder("default", load(folder=Path("/nonexistent")).settings.cache)


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory, real_embedder: SentenceTransformerEmbedder) -> Iterator[Home]:
    """The starter articles, indexed by the real model."""
    from articles.folder import sync

    settings = Settings(home=tmp_path_factory.mktemp("starter"))
    home = Home(settings, real_embedder)
    outcomes = sync(Library.of(home), STARTER)
    assert not [outcome for outcome in outcomes if outcome.status == "failed"]
    home.index.compact()
    yield home
    home.close()
