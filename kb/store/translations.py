"""Which version of its source each translation follows."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from kb.store.schema import articles


def follows(connection: Connection) -> Iterator[tuple[str, str, int]]:
    """(translation, the id that its text names as its source, the version of that which it follows)."""
    named = articles.c.metadata["translation_of"].as_string()
    query = select(articles.c.id, named, articles.c.source_version).where(
        articles.c.state == "published", articles.c.source_version.is_not(None)
    )
    yield from connection.execute(query)
