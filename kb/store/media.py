"""Images, films and files that articles embed or link to. Their data is in the database: one truth, and one backup."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, true, tuple_, update

from kb.models import Reader
from kb.store.schema import articles, media, versions
from kb.times import now

_USED = ("live", "draft", "in_review", "approved")  # states of versions whose text is shown, or may be


@dataclass(frozen=True)
class Media:
    """A file without its data. `id` is the SHA-256 of the data in hex; `size` is in bytes."""

    id: str
    name: str
    type: str
    size: int
    audience: str
    space: str
    author: str
    at: str


_COLUMNS = [media.c[name] for name in Media.__dataclass_fields__]


def add(connection: Connection, found: Media, data: bytes) -> Media:
    """Keep a file; its time is now."""
    kept = {**asdict(found), "at": now()}
    connection.execute(insert(media).values({**kept, "data": data}))
    return Media(**kept)


def get(connection: Connection, media_id: str, reader: Reader) -> Media | None:
    """A file that the reader may see."""
    query = select(*_COLUMNS).where(media.c.id == media_id, _visible(reader))
    row = connection.execute(query).one_or_none()
    return Media(**row._asdict()) if row else None


def data_of(connection: Connection, media_id: str) -> bytes:
    """The data of a file that is there."""
    return bytes(connection.execute(select(media.c.data).where(media.c.id == media_id)).scalar_one())


def page(connection: Connection, reader: Reader, after: tuple[str, str], limit: int) -> list[Media]:
    """Files that the reader may see in the order in which they came, those after (time, id)."""
    query = select(*_COLUMNS).where(_visible(reader), tuple_(media.c.at, media.c.id) > after)
    rows = connection.execute(query.order_by(media.c.at, media.c.id).limit(limit))
    return [Media(**row._asdict()) for row in rows]


def move(connection: Connection, media_id: str, audience: str, space: str) -> None:
    """Let others read a file from now on."""
    connection.execute(update(media).where(media.c.id == media_id).values(audience=audience, space=space))


def remove(connection: Connection, media_id: str) -> None:
    connection.execute(delete(media).where(media.c.id == media_id))


def users_of(connection: Connection, media_id: str) -> list[tuple[str, str, str]]:
    """(id, audience, space) of the articles of which a text that is live or worked on names a file."""
    query = (
        select(articles.c.id, articles.c.audience, articles.c.space)
        .join(versions, versions.c.article_id == articles.c.id)
        .where(versions.c.state.in_(_USED), func.instr(versions.c.markdown, f"/media/{media_id}") > 0)
        .distinct()
        .order_by(articles.c.id)
    )
    return [(row.id, row.audience, row.space) for row in connection.execute(query)]


def _visible(reader: Reader) -> ColumnElement[bool]:
    found: list[ColumnElement[bool]] = [true()]
    if reader.audiences is not None:
        found.append(media.c.audience.in_(reader.audiences))
    if reader.spaces is not None:
        found.append(media.c.space.in_(reader.spaces))
    return and_(*found)
