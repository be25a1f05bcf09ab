"""How much each article is read, and what its readers say: the events of the last 90 days."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from articles.health.base import Demand
from articles.metrics import WINDOW
from kb.store import Connection
from kb.store import demand as store
from kb.times import stamp

PERIOD = timedelta(days=90)
ENOUGH = 200  # searches, before an article that none of them brought means anything
_COUNTED = {"helped": "helped", "solved": "helped", "not_helped": "not_helped", "dismissed": "dismissed"}


def read(connection: Connection, now: datetime) -> tuple[dict[str, Demand], frozenset[str] | None]:
    """The demand by article, and the articles that any search brought; None where too few were asked to tell."""
    since = stamp(now - PERIOD)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for article, _channel, kind, count in store.events_by_article(connection, since):
        name = {"clicked": "views", "inserted": "inserted"}.get(kind) or _COUNTED.get(kind)
        if name:
            counts[article][name] += count
    asked, hits = store.hits(connection, since)
    for (article, channel), count in hits.items():
        counts[article]["suggested" if channel == "suggest" else "shown"] += count
    for article, count in _contacted(connection, since).items():
        counts[article]["contacted"] += count
    for article, count in store.open_edits(connection).items():
        counts[article]["edits"] += count
    searched = frozenset(article for article, _ in hits) if asked >= ENOUGH else None
    return {article: Demand(**found) for article, found in counts.items()}, searched


def _contacted(connection: Connection, since: str) -> Mapping[str, int]:
    """By article, how many of its views were followed by a message to a person within a day, of visitors known."""
    contacts = store.contacts(connection, since)
    found: Counter[str] = Counter()
    for person, article, at in store.viewed(connection, since):
        times = contacts.get(person, [])
        place = bisect_left(times, at)
        if place < len(times) and times[place] < stamp(datetime.fromisoformat(at) + WINDOW):
            found[article] += 1
    return found
