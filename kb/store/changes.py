"""The log that readers tail. A number is given under the write lock, so none ever appears late."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, func, insert, select

from kb.store.schema import changes
from kb.times import now


def append(connection: Connection, article_ids: Iterable[str]) -> None:
    """Log that these articles changed. Must run inside `Database.write()`, with what changed."""
    number, at = latest(connection), now()
    rows = [
        {"number": number + offset, "article_id": article_id, "at": at}
        for offset, article_id in enumerate(article_ids, 1)
    ]
    if rows:
        connection.execute(insert(changes), rows)


def latest(connection: Connection) -> int:
    """The number of the last change; 0 in an empty store."""
    return int(connection.execute(select(func.coalesce(func.max(changes.c.number), 0))).scalar_one())


def since(connection: Connection, number: int) -> set[str]:
    """Ids of the articles that changed after `number`."""
    query = select(changes.c.article_id).where(changes.c.number > number).distinct()
    return set(connection.execute(query).scalars())
