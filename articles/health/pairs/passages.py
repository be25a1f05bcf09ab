"""The passages of a shelf that are compared, and their vectors: from the store, or made on the spot."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.chunk import chunk
from indexer.markdown import parse
from kb.models import Article
from kb.ports import Embedder, Vectors
from kb.store import Database
from kb.store import pairs as store

_SKETCH = 512  # dimensions of what stands in for a vector
_SIZE, _LIMIT = 120, 400  # words of a passage that is made on the spot


@dataclass(frozen=True, eq=False)
class Passage:
    """Lines of an article, 1-based and inclusive, the headings over them, and their text.

    `vector` is (dim,) float32, L2-normalised, None where nothing was embedded.
    """

    lines: tuple[int, int]
    headings: tuple[str, ...]
    text: str
    vector: Vectors | None = None


def load_passages(database: Database, model: str) -> dict[str, list[Passage]]:
    """The passages of every published article, with the vectors of a model."""
    found: dict[str, list[Passage]] = {}
    with database.read() as connection:
        for article, first, last, headings, text, vector in store.passages(connection, model):
            found.setdefault(article, []).append(Passage((first, last), headings, text, vector))
    return found


def make_passages(articles: Sequence[Article], embedder: Embedder | None = None) -> dict[str, list[Passage]]:
    """The passages of articles that no store holds."""
    return {article.id: _made(article, embedder) for article in articles}


def _made(article: Article, embedder: Embedder | None) -> list[Passage]:
    document = parse(article.markdown, article.source)
    chunks = chunk(document, article.metadata.title, size=_SIZE, limit=_LIMIT, count=_words)
    texts = [one.passage(article.metadata.title) for one in chunks]
    vectors = embedder.passages(texts).vectors if embedder and texts else [None] * len(texts)
    return [
        Passage(one.lines, one.heading_path, "\n".join(filter(None, (one.context, one.text))), vector)
        for one, vector in zip(chunks, vectors, strict=True)
    ]


def _words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def matrix(passages: Mapping[str, Sequence[Passage]]) -> Vectors:
    """The vectors of all passages, (n, dim) float32, L2-normalised, in order.

    Where one has none, or one of another model, all are compared by what letters they hold.
    """
    every = [passage for some in passages.values() for passage in some]
    if len({None if one.vector is None else len(one.vector) for one in every}) == 1 and every[0].vector is not None:
        return np.stack([one.vector for one in every if one.vector is not None])
    return sketches([one.text for one in every])


def sketches(texts: Sequence[str]) -> Vectors:
    """Trigrams of letters, hashed, (n, 512) float32, L2-normalised."""
    found = np.zeros((len(texts), _SKETCH), np.float32)
    for row, text in zip(found, texts, strict=True):
        letters = text.casefold()
        np.add.at(row, [zlib.crc32(letters[i : i + 3].encode()) % _SKETCH for i in range(len(letters) - 2)], 1)
    found = np.log1p(found)
    norms = np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(found / np.maximum(norms, 1e-6), np.float32)
