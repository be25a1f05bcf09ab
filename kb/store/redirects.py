"""Addresses at which an article used to be. Chains are cut, loops undone, as a redirect is made, not as it is read."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, delete, insert, select, update

from kb.errors import Conflict
from kb.store.schema import redirects
from kb.times import now


def add(connection: Connection, source: str, target: str) -> str:
    """Lead from one address to another; the target in effect.

    What led to `source` leads to the target now. A target that is itself redirected is followed.

    Raises:
        Conflict: it would lead to itself.
    """
    target = resolve(connection, target) or target
    if source == target:
        raise Conflict(f"redirect: {source!r} would lead to itself")
    connection.execute(update(redirects).where(redirects.c.target == source).values(target=target))
    connection.execute(delete(redirects).where(redirects.c.source == source))
    connection.execute(insert(redirects).values(source=source, target=target, at=now()))
    return target


def remove(connection: Connection, source: str) -> bool:
    """Whether there was one."""
    return bool(connection.execute(delete(redirects).where(redirects.c.source == source)).rowcount)


def resolve(connection: Connection, source: str) -> str | None:
    """Where an address leads, else None."""
    return connection.execute(select(redirects.c.target).where(redirects.c.source == source)).scalar()


def listed(connection: Connection, after: str, limit: int) -> Iterator[tuple[str, str, str]]:
    """(source, target, time) in the order of the sources, those after one."""
    query = select(redirects.c.source, redirects.c.target, redirects.c.at).where(redirects.c.source > after)
    for row in connection.execute(query.order_by(redirects.c.source).limit(limit)):
        yield row.source, row.target, row.at
