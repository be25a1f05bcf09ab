"""Looks into a database that may be damaged, and changes nothing: not even its schema is brought up to date.

Every function reads only columns that hold plain values, so that one bad cell spoils no more than its own row's check.
What a finding means, and what mends it, is said in `articles.doctor`.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    create_engine,
    exists,
    func,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from kb.errors import KbError
from kb.store.database import batches
from kb.store.schema import (
    analyses,
    articles,
    changes,
    chunks,
    groups,
    keys,
    media,
    redirects,
    token_vectors,
    vectors,
    versions,
)

_LIVE = articles.c.state == "published"


@dataclass(frozen=True)
class Text:
    """A version of an article. `current`: it is the one that the article names as its own."""

    article_id: str
    number: int
    state: str
    content_hash: str
    markdown: str
    article_state: str
    audience: str
    current: bool


@contextmanager
def looking(path: Path) -> Iterator[Connection]:
    """A connection that can only read, to a database of any schema.

    Raises:
        KbError: it cannot be opened, or what is read of it is damaged.
    """
    address = f"{path.resolve().as_uri()}?mode=ro"
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        raise KbError(str(error.orig)) from error


def schema(connection: Connection) -> str:
    """The version of its schema; "" of a database that is not ours, or empty."""
    if not connection.execute(text("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'")).scalar():
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def damage(connection: Connection) -> list[str]:
    """What SQLite finds wrong with the file, at most ten lines."""
    try:
        found = [str(row[0]) for row in connection.execute(text("PRAGMA quick_check(10)"))]
    except DBAPIError as error:  # too damaged to be checked to the end
        return [str(error.orig)]
    return [] if found == ["ok"] else found


def orphans(connection: Connection) -> dict[tuple[str, str], int]:
    """(table, table that it refers to): how many rows refer to nothing."""
    return Counter((str(row[0]), str(row[2])) for row in connection.execute(text("PRAGMA foreign_key_check")))


# --- articles -----------------------------------------------------------------------------------------------


def without_version(connection: Connection) -> list[tuple[str, int]]:
    """(article, number) of versions that articles name and that are not there."""
    found = []
    for column in (articles.c.version, articles.c.working):
        is_it = and_(versions.c.article_id == articles.c.id, versions.c.number == column)
        query = select(articles.c.id, column).where(column.is_not(None), ~exists().where(is_it))
        found += [(str(article), int(number)) for article, number in connection.execute(query.order_by(articles.c.id))]
    return found


def texts(connection: Connection) -> Iterator[Text]:
    """Every version, one after another."""
    columns = (versions.c.article_id, versions.c.number, versions.c.state, versions.c.content_hash, versions.c.markdown)
    query = (
        select(
            *columns,
            articles.c.state.label("article_state"),
            articles.c.audience,
            (versions.c.number == articles.c.version).label("current"),
        )
        .join(articles, articles.c.id == versions.c.article_id)
        .order_by(versions.c.article_id, versions.c.number)
    )
    for row in connection.execute(query):
        yield Text(**{**row._asdict(), "current": bool(row.current)})


def states(connection: Connection) -> dict[str, str]:
    """The state of every article."""
    return {row.id: row.state for row in connection.execute(select(articles.c.id, articles.c.state))}


def prepared(connection: Connection) -> dict[str, int]:
    """How many live articles with chunks there are of each fingerprint of what prepared them."""
    query = select(articles.c.prepared, func.count()).where(_LIVE, articles.c.prepared != "")
    return {str(name): int(count) for name, count in connection.execute(query.group_by(articles.c.prepared))}


def without_chunks(connection: Connection) -> set[str]:
    """Live articles that were given chunks, and have none; one without a text was given none."""
    own = exists().where(chunks.c.article_id == articles.c.id)
    return set(connection.execute(select(articles.c.id).where(_LIVE, articles.c.prepared != "", ~own)).scalars())


def lacking(connection: Connection) -> dict[str, dict[str, str]]:
    """By table, live articles that have chunks without a row there, each with the fingerprint that asks for it."""
    model = func.instr(articles.c.prepared, ":" + vectors.c.model + ":") > 0
    tokens = func.instr(articles.c.prepared, ":" + token_vectors.c.model + ":") > 0
    analyzer = func.substr(articles.c.prepared, -func.length(analyses.c.analyzer)) == analyses.c.analyzer
    late = func.instr(articles.c.prepared, ":late-") > 0
    return {
        "vectors": _lacking(connection, vectors, and_(vectors.c.passage_hash == chunks.c.passage_hash, model)),
        "token_vectors": _lacking(
            connection, token_vectors, and_(token_vectors.c.passage_hash == chunks.c.passage_hash, tokens), late
        ),
        "analyses": _lacking(connection, analyses, and_(analyses.c.terms_hash == chunks.c.terms_hash, analyzer)),
    }


def _lacking(
    connection: Connection, table: Table, is_it: ColumnElement[bool], asked: ColumnElement[bool] | None = None
) -> dict[str, str]:
    query: Select[tuple[str, str]] = (
        select(articles.c.id, articles.c.prepared)
        .join(chunks, chunks.c.article_id == articles.c.id)
        .where(_LIVE, ~exists().select_from(table).where(is_it).correlate(articles, chunks))
        .distinct()
        .order_by(articles.c.id)
    )
    rows = connection.execute(query if asked is None else query.where(asked))
    return {row.id: row.prepared for row in rows}


def incomplete(connection: Connection) -> set[str]:
    """Live articles that do not have all that search needs of them."""
    return without_chunks(connection).union(*lacking(connection).values())


def prepare_again(connection: Connection, ids: Iterable[str]) -> None:
    """Mark articles as not prepared. Must run inside `Database.write()`."""
    for some in batches(ids):
        connection.execute(update(articles).where(articles.c.id.in_(some)).values(prepared=""))


def fresh_chunks(connection: Connection, change: int) -> int:
    """How many chunks belong to articles that changed after a change."""
    changed = select(changes.c.article_id).where(changes.c.number > change)
    query = select(func.count()).select_from(chunks).join(articles).where(_LIVE, chunks.c.article_id.in_(changed))
    return int(connection.execute(query).scalar_one())


# --- what is beside them ------------------------------------------------------------------------------------


def audiences(connection: Connection) -> dict[str, int]:
    """How many articles that are not archived name an audience, by audience."""
    query = select(articles.c.audience, func.count()).where(articles.c.state != "archived")
    return {str(name): int(count) for name, count in connection.execute(query.group_by(articles.c.audience))}


def redirect_map(connection: Connection) -> dict[str, str]:
    """Every redirect: from where, to where."""
    return {row.source: row.target for row in connection.execute(select(redirects.c.source, redirects.c.target))}


def group_ids(connection: Connection) -> set[str]:
    return set(connection.execute(select(groups.c.id)).scalars())


@dataclass(frozen=True)
class KeyUse:
    """A key that was not revoked, and its times."""

    id: str
    name: str
    at: str
    expires_at: str
    last_used_at: str


def key_uses(connection: Connection) -> list[KeyUse]:
    columns = [keys.c[name] for name in KeyUse.__dataclass_fields__]
    rows = connection.execute(select(*columns).where(keys.c.revoked_at == "").order_by(keys.c.id))
    return [KeyUse(**row._asdict()) for row in rows]


def media_audiences(connection: Connection) -> dict[str, str]:
    """The audience of every file."""
    return {row.id: row.audience for row in connection.execute(select(media.c.id, media.c.audience))}


def media_data(connection: Connection) -> Iterator[tuple[str, str, bytes]]:
    """(id, name, data) of every file, one after another."""
    for media_id in sorted(media_audiences(connection)):
        query = select(media.c.name, media.c.data).where(media.c.id == media_id)
        for name, data in connection.execute(query):
            yield media_id, name, bytes(data)
