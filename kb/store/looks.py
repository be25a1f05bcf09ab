"""The look at articles that was written last, and what names all that a look reads.

Looks of several processes overlap: each knows by the number of the last one whether another was written meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.sqlite import insert

from kb.models import EVERYTHING
from kb.store import changes, spaces
from kb.store.schema import edits, events, media, redirects, searches
from kb.store.schema_health import check_settings, looks, waivers


@dataclass(frozen=True)
class Last:
    """The look that was written last: its number, 0 before the first, and the time of which it is."""

    number: int = 0
    at: str = ""


def last(connection: Connection) -> Last:
    row = connection.execute(select(looks.c.number, looks.c.at)).one_or_none()
    return Last(*row) if row else Last()


def written(connection: Connection, found: Last) -> None:
    """Say that a look was written. Must run inside `Database.write()`, with what it found."""
    query = insert(looks).values(id=1, number=found.number, at=found.at)
    new = {"number": query.excluded.number, "at": query.excluded.at}
    connection.execute(query.on_conflict_do_update(index_elements=["id"], set_=new))


def decided(connection: Connection) -> tuple[object, ...]:
    """Another value whenever an article, a check, a waiver, a space, a redirect or a file is another. Plain values."""
    kept = (
        select(waivers.c.article_id, waivers.c.check, waivers.c.at, waivers.c.expires_on),
        select(check_settings.c.check, check_settings.c.enabled, check_settings.c.options),
    )
    counted = (select(func.count(), func.max(table.c.at)).select_from(table) for table in (media, redirects))
    holds = tuple((space.id, space.verify_days) for space in spaces.listed(connection, EVERYTHING))
    found = (tuple(map(tuple, connection.execute(query))) for query in (*kept, *counted))
    return changes.latest(connection), holds, *found


def read(connection: Connection) -> tuple[object, ...]:
    """Another value whenever readers did something more, or a suggestion of theirs was settled."""
    queries = (
        select(func.max(events.c.id)),
        select(func.max(searches.c.at)),
        select(func.max(edits.c.id)),
        select(func.count()).where(edits.c.state == "open"),
    )
    return tuple(connection.execute(query).scalar() for query in queries)
