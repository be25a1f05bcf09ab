"""Articles. Their versions are in `kb.store.versions`, their chunks in `kb.store.chunks`.

Reads for a reader give what that reader may see: an article of theirs, in one of the states asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, func, insert, or_, select, true, update

from kb.models import Article, ArticleRow, Metadata, Reader, State
from kb.store.database import batches
from kb.store.schema import articles, chunks, edits, events, redirects, spaces, versions
from kb.store.schema_health import flags, waivers
from kb.times import now

_LIVE = ("published",)
_JOIN = and_(versions.c.article_id == articles.c.id, versions.c.number == articles.c.version)
_SPACE = spaces.c.id == articles.c.space


@dataclass(frozen=True)
class Record:
    """The row of an article, whatever its state. `content_hash` is its version's; the columns are in `kb.store.schema`.

    `metadata` is what the text of its version says; `working` is the version that is worked on, beside a live one or
    before the first.
    """

    id: str
    family: str
    version: int
    working: int | None
    state: State
    revision: int
    space: str
    category: str
    owner: str
    audience: str
    locale: str
    product: str
    title: str
    folder: str
    source: str
    origin_hash: str
    prepared: str
    metadata: Metadata
    verified_on: str
    doubted: bool
    source_version: int | None
    publish_at: str
    archive_at: str
    created_at: str
    updated_at: str
    content_hash: str


# --- writing -------------------------------------------------------------------------------------------------


def save(connection: Connection, article_id: str, held: Record | None, values: Mapping[str, Any]) -> int:
    """Write columns of an article, whose revision grows; a new one needs them all. The revision."""
    at = now()
    revision = held.revision + 1 if held else 1
    written = {**values, "revision": revision, "updated_at": at}
    if held:
        connection.execute(update(articles).where(articles.c.id == article_id).values(written))
    else:
        connection.execute(insert(articles).values({**_FRESH, "created_at": at, **written, "id": article_id}))
    return revision


_FRESH = {
    **{"working": None, "origin_hash": "", "prepared": "", "verified_on": "", "doubted": False},
    **{"source_version": None, "publish_at": "", "archive_at": ""},
}


def columns(article: Article) -> dict[str, Any]:
    """What the text of an article says of it, as columns."""
    meta = article.metadata
    return {
        "family": article.family,
        "space": meta.space,
        "category": meta.category,
        "owner": meta.owner,
        "audience": meta.audience,
        "locale": meta.locale,
        "product": meta.product,
        "title": meta.title,
        "folder": article.folder,
        "source": article.source,
        "metadata": metadata_json(meta),
    }


def rename(connection: Connection, held: Record, new: str) -> None:
    """Give an article another id; its versions, chunks, edits, events, flags and waivers go along."""
    row = connection.execute(select(articles).where(articles.c.id == held.id)).one()._asdict()
    connection.execute(insert(articles).values({**row, "id": new}))
    for table in _CHILDREN:
        connection.execute(update(table).where(table.c.article_id == held.id).values(article_id=new))
    connection.execute(delete(articles).where(articles.c.id == held.id))


_CHILDREN = (versions, chunks, edits, events, flags, waivers)  # what else there is of it is computed again


def erase(connection: Connection, article_id: str) -> None:
    """Delete an article with all that hangs on it."""
    connection.execute(delete(redirects).where(redirects.c.target == article_id))
    connection.execute(delete(articles).where(articles.c.id == article_id))


# --- reading -------------------------------------------------------------------------------------------------


def visible(reader: Reader, states: Sequence[str] = _LIVE) -> ColumnElement[bool]:
    """The condition under which an article is this reader's to see."""
    found = [articles.c.state.in_(states)]
    if reader.audiences is not None:
        found.append(articles.c.audience.in_(reader.audiences))
    if reader.spaces is not None:
        found.append(articles.c.space.in_(reader.spaces))
    return and_(*found)


def get(connection: Connection, article_id: str, reader: Reader, states: Sequence[str] = _LIVE) -> Article | None:
    """An article with the text of its version, else None."""
    return next(iter(many(connection, [article_id], reader, states)), None)


def many(
    connection: Connection, ids: Collection[str], reader: Reader, states: Sequence[str] = _LIVE
) -> Iterator[Article]:
    """Articles by id, with their text."""
    for some in batches(ids):
        query = _texts().where(articles.c.id.in_(some), visible(reader, states))
        yield from map(_article, connection.execute(query))


def all_articles(connection: Connection, reader: Reader, states: Sequence[str] = _LIVE) -> Iterator[Article]:
    """Every article, with its text."""
    query = _texts().where(visible(reader, states)).order_by(articles.c.id)
    yield from map(_article, connection.execute(query))


def _texts() -> Select[Any]:
    found = (articles, versions.c.markdown, versions.c.content_hash, spaces.c.verify_days)
    return select(*found).join(versions, _JOIN).outerjoin(spaces, _SPACE)


def _article(row: Row[Any]) -> Article:
    return Article(
        id=row.id,
        family=row.family,
        version=row.version,
        metadata=_metadata(row),
        folder=row.folder,
        source=row.source,
        markdown=row.markdown,
        content_hash=row.content_hash,
        revision=row.revision,
    )


def _metadata(row: Row[Any]) -> Metadata:
    """What the text says, with what has been decided since."""
    meta = metadata_from_json(row.metadata)
    reviewed = date.fromisoformat(row.verified_on) if row.verified_on else None
    return replace(
        meta,
        id=row.id,
        state=row.state,
        reviewed=reviewed,
        review_days=meta.review_days or row.verify_days,
        doubted=row.doubted,
    )


def ids_by_source(connection: Connection, folder: str, sources: Collection[str], reader: Reader) -> dict[str, str]:
    """Ids of the published articles from these files of a folder that the reader may see."""
    found: dict[str, str] = {}
    for some in batches(sources):
        query = select(articles.c.source, articles.c.id).where(
            articles.c.folder == folder, articles.c.source.in_(some), visible(reader)
        )
        found |= {row.source: row.id for row in connection.execute(query)}
    return found


def record(connection: Connection, article_id: str) -> Record | None:
    """The row of an article, whoever may see it."""
    return records(connection, [article_id]).get(article_id)


def records(connection: Connection, ids: Collection[str] | None = None) -> dict[str, Record]:
    """Rows by id (all without `ids`)."""
    if ids is None:
        return {row.id: _record(row) for row in connection.execute(_rows())}
    found: dict[str, Record] = {}
    for some in batches(ids):
        found |= {row.id: _record(row) for row in connection.execute(_rows().where(articles.c.id.in_(some)))}
    return found


def records_of(connection: Connection, folder: str, sources: Collection[str] | None = None) -> dict[str, Record]:
    """Rows of the articles of a folder by their source (of all its files without `sources`)."""
    query = _rows().where(articles.c.folder == folder)
    if sources is None:
        return {row.source: _record(row) for row in connection.execute(query)}
    found: dict[str, Record] = {}
    for some in batches(sources):
        found |= {row.source: _record(row) for row in connection.execute(query.where(articles.c.source.in_(some)))}
    return found


def unprepared(connection: Connection, prepared: str) -> list[Record]:
    """Rows of live articles that were prepared under other settings."""
    query = _rows().where(articles.c.state == "published", articles.c.prepared != prepared)
    return [_record(row) for row in connection.execute(query.order_by(articles.c.id))]


def due(connection: Connection, at: str) -> list[Record]:
    """Rows of articles whose time to be published or archived has come."""
    when = [and_(column != "", column <= at) for column in (articles.c.publish_at, articles.c.archive_at)]
    return [_record(row) for row in connection.execute(_rows().where(or_(*when)).order_by(articles.c.id))]


def family(connection: Connection, name: str, reader: Reader) -> list[Record]:
    """Rows of the published translations of one another."""
    query = _rows().where(articles.c.family == name, visible(reader)).order_by(articles.c.id)
    return [_record(row) for row in connection.execute(query)]


def _rows() -> Select[Any]:
    return select(articles, versions.c.content_hash).join(versions, _JOIN)


def _record(row: Row[Any]) -> Record:
    return Record(**{**row._asdict(), "metadata": metadata_from_json(row.metadata)})


@dataclass(frozen=True)
class Wanted:
    """Which articles a list is of; what is empty leaves none out. `updated_after` is a time, `label` a tag."""

    states: Sequence[str] = _LIVE
    space: str = ""
    locale: str = ""
    product: str = ""
    category: str = ""
    owner: str = ""
    label: str = ""
    audience: str = ""
    updated_after: str = ""
    due_before: str = ""  # a day: those whose verification has ended by then
    worked_on: str = ""  # a state of the version that is worked on


def page(connection: Connection, reader: Reader, wanted: Wanted, after: tuple[str, str], limit: int) -> list[Record]:
    """Rows in the order in which they changed, those after (time, id)."""
    key = or_(articles.c.updated_at > after[0], and_(articles.c.updated_at == after[0], articles.c.id > after[1]))
    same = {
        articles.c.space: wanted.space,
        articles.c.product: wanted.product,
        articles.c.category: wanted.category,
        articles.c.owner: wanted.owner,
        articles.c.audience: wanted.audience,
        func.lower(articles.c.locale): wanted.locale.lower(),
    }
    query = (
        _rows()
        .where(visible(reader, wanted.states), key if after != ("", "") else true())
        .where(*(column == value for column, value in same.items() if value))
        .order_by(articles.c.updated_at, articles.c.id)
        .limit(limit)
    )
    if wanted.updated_after:
        query = query.where(articles.c.updated_at > wanted.updated_after)
    if wanted.label:
        tags = func.json_each(articles.c.metadata, "$.tags").table_valued("value")
        query = query.where(select(1).select_from(tags).where(tags.c.value == wanted.label).exists())
    if wanted.worked_on:
        working = versions.alias()
        query = query.join(
            working, and_(working.c.article_id == articles.c.id, working.c.number == articles.c.working)
        ).where(working.c.state == wanted.worked_on)
    return [_record(row) for row in connection.execute(query)]


def latest(connection: Connection, reader: Reader, locale: str, limit: int) -> list[Record]:
    """Rows of the published articles that changed last, the last one first; those of a locale where one is named."""
    query = _rows().where(visible(reader)).order_by(articles.c.updated_at.desc(), articles.c.id).limit(limit)
    if locale:
        query = query.where(func.lower(articles.c.locale) == locale.lower())
    return [_record(row) for row in connection.execute(query)]


@dataclass(frozen=True)
class Listed:
    """What a table of contents says of an article. `day` is when it last changed, as it says itself where it does."""

    id: str
    family: str
    title: str
    locale: str
    audience: str
    category: str
    product: str
    featured: bool
    translated: bool
    day: date


def listed(connection: Connection, reader: Reader) -> list[Listed]:
    """Every published article that a reader may see, without its text, in the order of ids."""
    said, own = articles.c.metadata, articles.c
    query = (
        select(
            *(own.id, own.family, own.title, own.locale, own.audience, own.category, own.product),
            said["featured"].as_boolean().label("featured"),
            (said["translation_of"].as_string() != "").label("translated"),
            func.coalesce(said["updated"].as_string(), func.substr(own.updated_at, 1, 10)).label("day"),
        )
        .where(visible(reader))
        .order_by(own.id)
    )
    rows = (row._asdict() for row in connection.execute(query))
    return [Listed(**{**row, "day": date.fromisoformat(row["day"])}) for row in rows]


def reacted(connection: Connection, article_id: str, search_id: str, kind: str) -> bool:
    """Whether somebody did this with an article that a search found."""
    query = select(events.c.id).where(
        events.c.search_id == search_id, events.c.article_id == article_id, events.c.kind == kind
    )
    return connection.execute(query.limit(1)).first() is not None


def published_rows(connection: Connection, ids: Collection[str] | None = None) -> dict[str, ArticleRow]:
    """The rows of published articles by id (of all without `ids`), as search wants them."""
    query = select(articles, spaces.c.verify_days).outerjoin(spaces, _SPACE)
    query = query.where(articles.c.state == "published").order_by(articles.c.id)
    parts = [query] if ids is None else [query.where(articles.c.id.in_(some)) for some in batches(ids)]
    return {row.id: _article_row(row) for part in parts for row in connection.execute(part)}


def _article_row(row: Row[Any]) -> ArticleRow:
    meta = _metadata(row)
    until = meta.verified_until
    return ArticleRow(
        id=row.id,
        family=row.family,
        version=row.version,
        title=row.title,
        locale=row.locale,
        audience=row.audience,
        product=row.product,
        state=row.state,
        source=row.source,
        updated=meta.updated.isoformat() if meta.updated else "",
        verified_until=until.isoformat() if until else "",
        featured=meta.featured,
        space=row.space,
        tags=meta.tags,
    )


def counts(connection: Connection) -> dict[str, int]:
    """How many articles there are in each state, and how many chunks."""
    query = select(articles.c.state, func.count()).group_by(articles.c.state)
    found = {str(state): int(count) for state, count in connection.execute(query)}
    chunk_count = connection.execute(select(func.count()).select_from(chunks)).scalar_one()
    return {**found, "chunks": int(chunk_count)}


def metadata_json(meta: Metadata) -> dict[str, Any]:
    """Metadata as JSON; `extra` has been made plain by whoever read it."""
    values = asdict(meta)
    del values["doubted"]
    for key in ("updated", "reviewed"):
        values[key] = values[key].isoformat() if values[key] else None
    values["extra"] = dict(meta.extra)
    return values


def metadata_from_json(values: Mapping[str, Any]) -> Metadata:
    dates = {key: date.fromisoformat(values[key]) if values[key] else None for key in ("updated", "reviewed")}
    return Metadata(**{**values, **dates, "tags": tuple(values["tags"])})
