"""How much articles are read, and what readers say of them: counted from what was asked and what was done."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from kb.store.schema import edits, events, searches


def events_by_article(connection: Connection, since: str) -> Iterator[tuple[str, str, str, int]]:
    """(article, channel, kind, how often) of what was done with results since a time."""
    count = func.count().label("count")
    query = (
        select(events.c.article_id, searches.c.channel, events.c.kind, count)
        .join(searches, searches.c.id == events.c.search_id)
        .where(events.c.at >= since, events.c.article_id != "")
        .group_by(events.c.article_id, searches.c.channel, events.c.kind)
    )
    yield from connection.execute(query)


def hits(connection: Connection, since: str) -> tuple[int, Counter[tuple[str, str]]]:
    """How many searches were settled since a time, and how often each article was brought, by (article, channel)."""
    found: Counter[tuple[str, str]] = Counter()
    asked = 0
    query = select(searches.c.channel, searches.c.hits).where(searches.c.at >= since, searches.c.settled)
    for channel, brought in connection.execute(query):
        asked += channel == "search"
        found.update((hit["id"], channel) for hit in brought)
    return asked, found


def viewed(connection: Connection, since: str) -> Iterator[tuple[str, str, str]]:
    """(visitor, article, time) of every opening since a time by somebody who is known."""
    query = (
        select(searches.c.person, events.c.article_id, events.c.at)
        .join(searches, searches.c.id == events.c.search_id)
        .where(events.c.kind == "clicked", events.c.at >= since, searches.c.person != "", events.c.article_id != "")
    )
    yield from connection.execute(query)


def contacts(connection: Connection, since: str) -> dict[str, list[str]]:
    """When each visitor wrote to a person since a time, in order."""
    query = (
        select(searches.c.person, events.c.at)
        .join(searches, searches.c.id == events.c.search_id)
        .where(events.c.kind == "contacted", events.c.at >= since, searches.c.person != "")
        .order_by(events.c.at)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for person, at in connection.execute(query):
        found[person].append(at)
    return found


def open_edits(connection: Connection) -> dict[str, int]:
    """By article, how many suggestions wait for its owner."""
    count = func.count()
    query = select(edits.c.article_id, count).where(edits.c.state == "open").group_by(edits.c.article_id)
    return {article: int(number) for article, number in connection.execute(query)}
