"""Spaces: brands or help centres, each with its own rules for its articles."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from kb.models import MAIN, Reader
from kb.store.schema import articles, spaces
from kb.times import now


@dataclass(frozen=True)
class Space:
    """Empty lists allow everything; the first locale is the default. `review`: another than the author approves."""

    id: str
    name: str
    locales: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    review: bool = False
    verify_days: int | None = None

    @property
    def revision(self) -> int:
        """Another for another description."""
        digest = hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).digest()
        return int.from_bytes(digest[:6]) + 1


def get(connection: Connection, space_id: str) -> Space | None:
    """A space; the main one is there before anybody describes it."""
    return next(_spaces(connection, space_id), None) or (Space(MAIN, "") if space_id == MAIN else None)


def listed(connection: Connection, reader: Reader) -> list[Space]:
    """The spaces that a reader sees."""
    found = {space.id: space for space in _spaces(connection)}
    found.setdefault(MAIN, Space(MAIN, ""))
    return [found[key] for key in sorted(found) if reader.spaces is None or key in reader.spaces]


def _spaces(connection: Connection, space_id: str = "") -> Iterator[Space]:
    query = select(*(column for column in spaces.c if column.name != "at")).order_by(spaces.c.id)
    if space_id:
        query = query.where(spaces.c.id == space_id)
    for row in connection.execute(query).mappings():
        values: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in row.items()}
        yield Space(**values)


def put(connection: Connection, space: Space) -> bool:
    """Describe a space; whether it is new."""
    values = {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(space).items()}
    if connection.execute(update(spaces).where(spaces.c.id == space.id).values(values)).rowcount:
        return False
    connection.execute(insert(spaces).values({**values, "at": now()}))
    return True


def remove(connection: Connection, space_id: str) -> bool:
    """Whether there was one."""
    return bool(connection.execute(delete(spaces).where(spaces.c.id == space_id)).rowcount)


def articles_in(connection: Connection, space_id: str) -> int:
    """How many articles a space has, in any state."""
    return connection.execute(select(func.count()).where(articles.c.space == space_id)).scalar_one()
