"""What readers of articles suggest to their owners: flags and fixes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Row, insert, select, update

from kb.models import STATES, EditKind, EditState, Reader
from kb.store.articles import visible
from kb.store.schema import articles, edits
from kb.times import now


@dataclass(frozen=True)
class Edit:
    """A suggestion. `quote` is the customer's own wording, masked; `markdown` the text of a fix, "" of a flag."""

    id: int
    article_id: str
    version: int
    kind: EditKind
    author: str
    at: str
    note: str
    quote: str
    markdown: str | None
    search_id: str
    state: EditState
    resolved_by: str
    resolved_at: str
    resolution: str
    owner: str


def add(
    connection: Connection,
    article_id: str,
    version: int,
    kind: EditKind,
    *,
    author: str,
    note: str,
    quote: str,
    markdown: str | None,
    search_id: str,
) -> int:
    """Put a suggestion into the queue; its number."""
    values = {
        "article_id": article_id,
        "version": version,
        "kind": kind,
        "author": author,
        "at": now(),
        "note": note,
        "quote": quote,
        "markdown": markdown,
        "search_id": search_id,
        **{"state": "open", "resolved_by": "", "resolved_at": "", "resolution": ""},
    }
    (number,) = connection.execute(insert(edits).values(values)).inserted_primary_key or (0,)
    return int(number)


def get(connection: Connection, number: int, reader: Reader) -> Edit | None:
    """A suggestion on an article that the reader may see."""
    return next(iter(_edits(connection, reader, edits.c.id == number)), None)


def queue(
    connection: Connection,
    reader: Reader,
    *,
    state: str = "open",
    owner: str = "",
    article_id: str = "",
    author: str = "",
    after: int = 0,
    limit: int = 100,
) -> list[Edit]:
    """Suggestions, oldest first, those after a number."""
    conditions = [edits.c.id > after]
    wanted = {
        edits.c.state: state,
        articles.c.owner: owner,
        edits.c.article_id: article_id,
        edits.c.author: author,
    }
    conditions += [column == value for column, value in wanted.items() if value]
    return _edits(connection, reader, *conditions, limit=limit)


def _edits(connection: Connection, reader: Reader, *conditions: object, limit: int = 1) -> list[Edit]:
    query = (
        select(edits, articles.c.owner)
        .join(articles, articles.c.id == edits.c.article_id)
        .where(visible(reader, STATES), *conditions)  # type: ignore[arg-type]
        .order_by(edits.c.id)
        .limit(limit)
    )
    return [_edit(row) for row in connection.execute(query)]


def _edit(row: Row[object]) -> Edit:
    return Edit(**row._asdict())


def resolve(connection: Connection, number: int, state: EditState, *, by: str, resolution: str) -> None:
    values = {"state": state, "resolved_by": by, "resolved_at": now(), "resolution": resolution}
    connection.execute(update(edits).where(edits.c.id == number).values(values))
