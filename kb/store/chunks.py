"""Chunks of articles, with the keys under which their vectors and terms are kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from kb.models import Chunk
from kb.store.database import batches
from kb.store.schema import articles, chunks


@dataclass(frozen=True)
class StoredChunk:
    """A chunk with its row number, its article's id, and the hash of its passage."""

    id: int
    article_id: str
    passage_hash: bytes
    chunk: Chunk


@dataclass(frozen=True)
class ChunkKeys:
    """A chunk's row number, its article's id, and under what its vectors and its terms are kept."""

    id: int
    article: str
    passage: bytes
    terms: bytes


def replace(connection: Connection, article_id: str, passages: Sequence[tuple[Chunk, bytes, bytes]]) -> None:
    """Chunks of an article, each with the hashes of its passage and of its terms, in place of those it has."""
    connection.execute(delete(chunks).where(chunks.c.article_id == article_id))
    if passages:
        connection.execute(insert(chunks), [_chunk_values(article_id, *item) for item in passages])


def _chunk_values(article_id: str, chunk: Chunk, passage_hash: bytes, terms_hash: bytes) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "ordinal": chunk.ordinal,
        "heading_path": list(chunk.heading_path),
        "anchor": chunk.anchor,
        "first_line": chunk.lines[0],
        "last_line": chunk.lines[1],
        "text": chunk.text,
        "context": chunk.context,
        "labels": list(chunk.labels),
        "sections": [list(section) for section in chunk.sections],
        "passage_hash": passage_hash,
        "terms_hash": terms_hash,
    }


def keys(connection: Connection, ids: Collection[str] | None = None) -> list[ChunkKeys]:
    """Keys of the chunks of published articles, in the order of the articles."""
    query = (
        select(chunks.c.id, chunks.c.article_id, chunks.c.passage_hash, chunks.c.terms_hash)
        .join(articles, articles.c.id == chunks.c.article_id)
        .where(articles.c.state == "published")
        .order_by(chunks.c.article_id, chunks.c.ordinal)
    )
    parts = [query] if ids is None else [query.where(chunks.c.article_id.in_(some)) for some in batches(sorted(ids))]
    return [ChunkKeys(*row) for part in parts for row in connection.execute(part)]


def by_id(connection: Connection, ids: Iterable[int]) -> dict[int, StoredChunk]:
    found: dict[int, StoredChunk] = {}
    for some in batches(ids):
        query = select(chunks).where(chunks.c.id.in_(some))
        found |= {row.id: _stored_chunk(row) for row in connection.execute(query)}
    return found


def _stored_chunk(row: Row[Any]) -> StoredChunk:
    chunk = Chunk(
        ordinal=row.ordinal,
        heading_path=tuple(row.heading_path),
        anchor=row.anchor,
        lines=(row.first_line, row.last_line),
        text=row.text,
        context=row.context,
        labels=tuple(row.labels),
        sections=tuple((int(start), str(anchor), str(heading)) for start, anchor, heading in row.sections),
    )
    return StoredChunk(row.id, row.article_id, row.passage_hash, chunk)


def headings(connection: Connection) -> Iterator[tuple[str, str]]:
    """(article id, heading) of every heading over published text."""
    query = (
        select(chunks.c.article_id, chunks.c.sections)
        .join(articles, articles.c.id == chunks.c.article_id)
        .where(articles.c.state == "published")
        .order_by(chunks.c.id)
    )
    for article_id, sections in connection.execute(query):
        yield from ((article_id, heading) for *_, heading in sections if heading)
