"""What people say about search, version by version: synonyms, curations and boosts, as JSON.

Each change is a new row and the last is in effect; without one it is version 0, which says nothing. What the JSON
means, and who may change it, is `search.rules` and `search.admin`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, insert, select

from kb.models import Reader
from kb.store.schema import search_settings as settings
from kb.store.schema import searches
from kb.times import now


@dataclass(frozen=True)
class SearchSettings:
    """One version: what it says, who made it, when, and a note of what changed."""

    version: int = 0
    at: str = ""
    author: str = ""
    note: str = ""
    synonyms: list[dict[str, Any]] = field(default_factory=list)
    curations: list[dict[str, Any]] = field(default_factory=list)
    boosts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SettingsVersion:
    """A version without what it says."""

    version: int
    at: str
    author: str
    note: str


def latest(connection: Connection) -> int:
    """The number of the version in effect."""
    return int(connection.execute(select(func.coalesce(func.max(settings.c.version), 0))).scalar_one())


def get(connection: Connection, version: int) -> SearchSettings | None:
    """A version, else None; version 0 is always there."""
    if version == 0:
        return SearchSettings()
    row = connection.execute(select(settings).where(settings.c.version == version)).one_or_none()
    return SearchSettings(**row._asdict()) if row else None


def listed(connection: Connection, before: int | None, limit: int) -> Iterator[SettingsVersion]:
    """Versions, the newest first; those below `before` where it is given."""
    query = select(settings.c.version, settings.c.at, settings.c.author, settings.c.note)
    if before is not None:
        query = query.where(settings.c.version < before)
    for row in connection.execute(query.order_by(settings.c.version.desc()).limit(limit)):
        yield SettingsVersion(**row._asdict())


def append(
    connection: Connection,
    *,
    author: str,
    note: str,
    synonyms: list[dict[str, Any]],
    curations: list[dict[str, Any]],
    boosts: dict[str, Any],
) -> int:
    """The next version, in effect from this commit on; its number. Must run inside `Database.write()`."""
    number = latest(connection) + 1
    said = {"synonyms": synonyms, "curations": curations, "boosts": boosts}
    connection.execute(insert(settings).values(version=number, at=now(), author=author, note=note, **said))
    return number


def frequent_questions(connection: Connection, reader: Reader, limit: int) -> list[str]:
    """The settled questions that were searched most often by people who saw no more than this reader does."""
    asked = searches.c.query, searches.c.audiences, searches.c.space
    query = select(*asked, func.count()).where(searches.c.channel == "search", searches.c.settled).group_by(*asked)
    counted: dict[str, int] = {}
    for text, audiences, space, times in connection.execute(query):
        if reader.sees_all_of(audiences) and (reader.spaces is None or space in reader.spaces):
            counted[text] = counted.get(text, 0) + times
    return sorted(counted, key=lambda text: (-counted[text], text))[:limit]
