"""The versions of articles. Their text never changes; their state does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, select, update

from kb.models import VersionState
from kb.store.schema import versions
from kb.times import now


@dataclass(frozen=True)
class Version:
    """A text of an article. `note` says why it was made, or why it was sent back."""

    article_id: str
    number: int
    markdown: str
    content_hash: str
    created_at: str
    state: VersionState
    author: str
    note: str
    approved_by: str
    published_at: str


_COLUMNS = [versions.c[name] for name in Version.__dataclass_fields__]


def add(
    connection: Connection,
    article_id: str,
    number: int,
    markdown: str,
    content_hash: str,
    state: VersionState,
    *,
    author: str,
    note: str = "",
    approved_by: str = "",
) -> None:
    """Keep a new text."""
    at = now()
    connection.execute(
        insert(versions).values(
            article_id=article_id,
            number=number,
            markdown=markdown,
            content_hash=content_hash,
            created_at=at,
            state=state,
            author=author,
            note=note,
            approved_by=approved_by,
            published_at=at if state == "live" else "",
        )
    )


def set_state(
    connection: Connection,
    article_id: str,
    number: int,
    state: VersionState,
    *,
    approved_by: str | None = None,
    note: str | None = None,
) -> None:
    values: dict[str, str] = {"state": state}
    if state == "live":
        values["published_at"] = now()
    if approved_by is not None:
        values["approved_by"] = approved_by
    if note is not None:
        values["note"] = note
    connection.execute(update(versions).where(_is(article_id, number)).values(values))


def last(connection: Connection, article_id: str) -> int:
    """The greatest number; 0 before the first."""
    query = select(func.max(versions.c.number)).where(versions.c.article_id == article_id)
    return connection.execute(query).scalar() or 0


def get(connection: Connection, article_id: str, number: int) -> Version | None:
    row = connection.execute(select(*_COLUMNS).where(_is(article_id, number))).one_or_none()
    return _version(row) if row else None


def history(connection: Connection, article_id: str, *, before: int = 0, limit: int = 1000) -> Iterator[Version]:
    """The versions of an article, newest first."""
    query = select(*_COLUMNS).where(versions.c.article_id == article_id).order_by(versions.c.number.desc())
    if before:
        query = query.where(versions.c.number < before)
    yield from map(_version, connection.execute(query.limit(limit)))


def first_published_after(connection: Connection, article_id: str, number: int) -> Version | None:
    """The first version that went live after one, by their numbers."""
    query = (
        select(*_COLUMNS)
        .where(versions.c.article_id == article_id, versions.c.number > number, versions.c.published_at != "")
        .order_by(versions.c.number)
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return _version(row) if row else None


def published_days(connection: Connection) -> dict[str, list[str]]:
    """By article of which several texts went live, the days on which they did, the earliest first."""
    live = versions.c.published_at != ""
    several = select(versions.c.article_id).where(live).group_by(versions.c.article_id).having(func.count() > 1)
    query = select(versions.c.article_id, versions.c.published_at).where(live, versions.c.article_id.in_(several))
    found: dict[str, list[str]] = {}
    for article_id, at in connection.execute(query.order_by(versions.c.published_at)):
        found.setdefault(article_id, []).append(at[:10])
    return found


def _is(article_id: str, number: int) -> ColumnElement[bool]:
    return and_(versions.c.article_id == article_id, versions.c.number == number)


def _version(row: Row[object]) -> Version:
    return Version(**row._asdict())
