"""Who changed what, when, and from where. Appended in the transaction of the change itself; never a secret."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from kb.models import Actor, Reader
from kb.store.schema import audit
from kb.times import now


@dataclass(frozen=True)
class Entry:
    """One change. `object` is `article:refunds`, `key:ab12` …; `audience` is who may know of an article."""

    id: int
    at: str
    actor: str
    action: str
    object: str
    audience: str
    address: str
    request_id: str
    details: dict[str, Any]


def record(
    connection: Connection, actor: Actor, action: str, objects: Sequence[str], *, audience: str = "", **details: Any
) -> None:
    """Log one action on some objects."""
    shared = {
        "at": now(),
        "actor": actor.name,
        "action": action,
        "audience": audience,
        "address": actor.address,
        "request_id": actor.request_id,
        "details": details,
    }
    if objects:
        connection.execute(insert(audit), [{**shared, "object": name} for name in objects])


def of_article(
    connection: Connection, actor: Actor, action: str, article_id: str, audience: str, **details: Any
) -> None:
    """Log what was done to an article, for those who may know of it."""
    record(connection, actor, f"article.{action}", [f"article:{article_id}"], audience=audience, **details)


def entries(
    connection: Connection, reader: Reader, *, object_: str = "", actor: str = "", before: int = 0, limit: int = 100
) -> Iterator[Entry]:
    """The newest entries, those on articles only where the reader may read them; `before` is the id to go on from."""
    query = select(audit).order_by(audit.c.id.desc()).limit(limit)
    if reader.audiences is not None:
        query = query.where(audit.c.audience.in_(["", *reader.audiences]))
    for column, wanted in ((audit.c.object, object_), (audit.c.actor, actor)):
        if wanted:
            query = query.where(column == wanted)
    if before:
        query = query.where(audit.c.id < before)
    for row in connection.execute(query):
        yield Entry(**row._asdict())
