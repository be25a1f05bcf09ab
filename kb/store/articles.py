"""Articles, their versions and their chunks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from kb.models import Article, ArticleRow, Chunk, Metadata, Reader
from kb.store.database import now
from kb.store.schema import articles, chunks, versions

_AT_ONCE = 5_000  # bound parameters a statement: SQLite takes 32,766
_ROW = (
    *(articles.c.id, articles.c.family, articles.c.version, articles.c.title, articles.c.locale),
    *(articles.c.audience, articles.c.product, articles.c.state, articles.c.source, articles.c.metadata),
)


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


@dataclass(frozen=True)
class Origin:
    """Where a stored article came from and what it was made of, to tell whether it changed."""

    id: str
    folder: str
    source: str
    content_hash: str
    prepared: str
    state: str
    version: int


def put(
    connection: Connection,
    article: Article,
    *,
    prepared: str,
    passages: Sequence[tuple[Chunk, bytes, bytes]],
) -> None:
    """Write an article: its row, a version unless the text is the same, and its chunks with their hashes."""
    _upsert(connection, article, prepared)
    held = connection.execute(select(func.max(versions.c.number)).where(versions.c.article_id == article.id)).scalar()
    if held != article.version:
        connection.execute(
            insert(versions).values(
                article_id=article.id,
                number=article.version,
                markdown=article.markdown,
                content_hash=article.content_hash,
                created_at=now(),
            )
        )
    connection.execute(delete(chunks).where(chunks.c.article_id == article.id))
    if passages:
        rows = [_chunk_values(article.id, *item) for item in passages]
        connection.execute(insert(chunks), rows)


def _upsert(connection: Connection, article: Article, prepared: str) -> None:
    meta = article.metadata
    values = {
        "family": article.family,
        "version": article.version,
        "state": meta.state,
        "audience": meta.audience,
        "locale": meta.locale,
        "product": meta.product,
        "title": meta.title,
        "folder": article.folder,
        "source": article.source,
        "prepared": prepared,
        "metadata": metadata_json(meta),
    }
    found = connection.execute(update(articles).where(articles.c.id == article.id).values(values))
    if not found.rowcount:
        connection.execute(insert(articles).values(id=article.id, **values))


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


def archive(connection: Connection, article_id: str) -> None:
    """Take an article out of use; its versions stay."""
    connection.execute(update(articles).where(articles.c.id == article_id).values(state="archived", prepared=""))
    connection.execute(delete(chunks).where(chunks.c.article_id == article_id))


def get(connection: Connection, article_id: str, reader: Reader) -> Article | None:
    """A published article that the reader may see, else None."""
    return next(iter(many(connection, [article_id], reader)), None)


def many(connection: Connection, ids: Collection[str], reader: Reader | None) -> Iterator[Article]:
    """Articles by id with their text; for a reader only what is published and theirs to read."""
    query = (
        select(articles, versions.c.markdown, versions.c.content_hash)
        .join(versions, (versions.c.article_id == articles.c.id) & (versions.c.number == articles.c.version))
        .where(articles.c.id.in_(list(ids)))
    )
    if reader is not None:
        query = query.where(articles.c.state == "published", articles.c.audience.in_(reader.audiences))
    for row in connection.execute(query):
        yield _article(row)


def ids_by_source(connection: Connection, folder: str, sources: Collection[str], reader: Reader) -> dict[str, str]:
    """Ids of the published articles from these files of a folder that the reader may see."""
    query = select(articles.c.source, articles.c.id).where(
        articles.c.folder == folder,
        articles.c.source.in_(list(sources)),
        articles.c.state == "published",
        articles.c.audience.in_(reader.audiences),
    )
    return {row.source: row.id for row in connection.execute(query)}


def all_articles(connection: Connection, states: Sequence[str] = ("published",)) -> Iterator[Article]:
    """Every article in one of the states, with its text."""
    query = (
        select(articles, versions.c.markdown, versions.c.content_hash)
        .join(versions, (versions.c.article_id == articles.c.id) & (versions.c.number == articles.c.version))
        .where(articles.c.state.in_(states))
        .order_by(articles.c.id)
    )
    for row in connection.execute(query):
        yield _article(row)


def _article(row: Row[Any]) -> Article:
    return Article(
        id=row.id,
        family=row.family,
        version=row.version,
        metadata=metadata_from_json(row.metadata),
        folder=row.folder,
        source=row.source,
        markdown=row.markdown,
        content_hash=row.content_hash,
    )


def origins(connection: Connection, ids: Collection[str] | None = None) -> dict[str, Origin]:
    """Origin of each article by id (of all without `ids`)."""
    query = select(
        *(articles.c.id, articles.c.folder, articles.c.source, articles.c.prepared, articles.c.state),
        *(articles.c.version, versions.c.content_hash),
    ).join(versions, (versions.c.article_id == articles.c.id) & (versions.c.number == articles.c.version))
    if ids is not None:
        query = query.where(articles.c.id.in_(list(ids)))
    return {row.id: Origin(**row._asdict()) for row in connection.execute(query)}


def published_rows(connection: Connection, ids: Collection[str] | None = None) -> dict[str, ArticleRow]:
    """The rows of published articles by id (of all without `ids`)."""
    query = select(*_ROW).where(articles.c.state == "published").order_by(articles.c.id)
    if ids is not None:
        query = query.where(articles.c.id.in_(list(ids)))
    return {row["id"]: _article_row(dict(row)) for row in connection.execute(query).mappings()}


def _article_row(values: dict[str, Any]) -> ArticleRow:
    meta = metadata_from_json(values.pop("metadata"))
    until = meta.verified_until
    return ArticleRow(
        **values,
        updated=meta.updated.isoformat() if meta.updated else "",
        verified_until=until.isoformat() if until else "",
        featured=meta.featured,
    )


def chunk_keys(connection: Connection, ids: Collection[str] | None = None) -> list[ChunkKeys]:
    """Keys of the chunks of published articles, in the order of the articles."""
    query = (
        select(chunks.c.id, chunks.c.article_id, chunks.c.passage_hash, chunks.c.terms_hash)
        .join(articles, articles.c.id == chunks.c.article_id)
        .where(articles.c.state == "published")
        .order_by(chunks.c.article_id, chunks.c.ordinal)
    )
    if ids is not None:
        query = query.where(chunks.c.article_id.in_(list(ids)))
    return [ChunkKeys(*row) for row in connection.execute(query)]


def chunks_by_id(connection: Connection, ids: Iterable[int]) -> dict[int, StoredChunk]:
    wanted = list(ids)
    found: dict[int, StoredChunk] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        query = select(chunks).where(chunks.c.id.in_(wanted[start : start + _AT_ONCE]))
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


def counts(connection: Connection) -> dict[str, int]:
    """How many articles there are in each state, and how many chunks."""
    query = select(articles.c.state, func.count()).group_by(articles.c.state)
    found = {str(state): int(count) for state, count in connection.execute(query)}
    chunk_count = connection.execute(select(func.count()).select_from(chunks)).scalar_one()
    return {**found, "chunks": int(chunk_count)}


def metadata_json(meta: Metadata) -> dict[str, Any]:
    """Metadata as JSON; `extra` has been made plain by whoever read it."""
    values = asdict(meta)
    for key in ("updated", "reviewed"):
        values[key] = values[key].isoformat() if values[key] else None
    values["extra"] = dict(meta.extra)
    return values


def metadata_from_json(values: Mapping[str, Any]) -> Metadata:
    dates = {key: date.fromisoformat(values[key]) if values[key] else None for key in ("updated", "reviewed")}
    return Metadata(**{**values, **dates, "tags": tuple(values["tags"])})
