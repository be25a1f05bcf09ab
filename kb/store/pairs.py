"""Pairs of passages that say the same or disagree, and the passages that they are looked for in.

Kept until one of the two articles changes. What a pair is made of is for `articles.health.pairs`: here it is JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from sqlalchemy import Connection, Text, and_, delete, insert, select, type_coerce

from kb.ports import Vectors
from kb.store.database import batches
from kb.store.schema import articles, chunks, vectors
from kb.store.schema_health import paired, pairs, rarity

StoredPassage = tuple[str, int, int, tuple[str, ...], str, Vectors | None]
"""Article, first and last line, headings, text, and (dim,) float32 where there is one."""


@dataclass(frozen=True)
class StoredPairs:
    """Rows of (article, other, kind, what is alike); the hashes of the texts that were looked at, by article; and the
    words' counts in so many texts. `model` names what they were found with, "" where nothing was looked for yet.
    """

    rows: tuple[tuple[str, str, str, Mapping[str, Any]], ...] = ()
    hashes: Mapping[str, str] = field(default_factory=dict)
    model: str = ""
    texts: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)


def passages(connection: Connection, model: str) -> Iterator[StoredPassage]:
    """The passages of published articles with a model's vectors, in the order of the articles."""
    query = (
        select(
            *(chunks.c.article_id, chunks.c.first_line, chunks.c.last_line),
            *(type_coerce(chunks.c.heading_path, Text), chunks.c.context, chunks.c.text, vectors.c.vector),
        )
        .join(articles, articles.c.id == chunks.c.article_id)
        .outerjoin(vectors, and_(vectors.c.passage_hash == chunks.c.passage_hash, vectors.c.model == model))
        .where(articles.c.state == "published")
        .order_by(chunks.c.article_id, chunks.c.ordinal)
    )
    for article, first, last, headings, context, text, raw in connection.execute(query):
        vector = None if raw is None else np.frombuffer(raw, "<f4")
        yield article, first, last, _headings(headings), f"{context}\n{text}" if context else text, vector


@lru_cache(maxsize=50_000)  # read again after each edit
def _headings(written: str) -> tuple[str, ...]:
    return tuple(json.loads(written))


def load(connection: Connection) -> StoredPairs:
    rows = connection.execute(select(pairs.c.article_id, pairs.c.other_id, pairs.c.kind, pairs.c.alike))
    hashes = connection.execute(select(paired.c.article_id, paired.c.content_hash))
    words = connection.execute(select(rarity.c.model, rarity.c.texts, rarity.c.counts)).one_or_none()
    model, texts, counts = words if words else ("", 0, {})
    return StoredPairs(
        tuple((row.article_id, row.other_id, row.kind, row.alike) for row in rows),
        {row.article_id: row.content_hash for row in hashes},
        model, texts, counts,
    )  # fmt: skip


def replace(connection: Connection, found: StoredPairs) -> None:
    """Keep these in place of what is kept. What names an article that is gone by now is left out."""
    there = set(connection.execute(select(articles.c.id)).scalars())
    connection.execute(delete(pairs))
    rows = [
        {"article_id": article, "other_id": other, "kind": kind, "alike": alike}
        for article, other, kind, alike in found.rows
        if {article, other} <= there
    ]
    _insert(connection, pairs, rows)
    before = load(connection)
    ours = {article: digest for article, digest in found.hashes.items() if article in there}
    others = ours.items() - before.hashes.items()
    for some in batches(before.hashes.keys() - ours.keys() | {article for article, _ in others}):
        connection.execute(delete(paired).where(paired.c.article_id.in_(some)))
    _insert(connection, paired, ({"article_id": article, "content_hash": digest} for article, digest in others))
    if (found.model, found.texts, found.counts) != (before.model, before.texts, before.counts):
        connection.execute(delete(rarity))
        words = {"id": 1, "model": found.model, "texts": found.texts, "counts": dict(found.counts)}
        connection.execute(insert(rarity).values(words))


def _insert(connection: Connection, table: Any, rows: Iterable[Mapping[str, Any]]) -> None:
    values = list(rows)
    if values:
        connection.execute(insert(table), values)
