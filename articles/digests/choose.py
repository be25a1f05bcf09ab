"""What of all that stands is told now. Pure.

A thing is told once, and again only when it has become worse, or began anew after it was settled. On the first morning
of an old base an owner hears of a few articles only, and of as many new ones every week: `Pace`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from articles.digests.items import Item, together
from kb.store.digests import Told

WORSE, FEW = 2.0, 5.0  # as many readers as when it was told, and at least so many more


@dataclass(frozen=True)
class Pace:
    """How many articles with flags somebody is newly told of in a week, and those that they were told of in this."""

    articles: int
    told: frozenset[str] = frozenset()

    @classmethod
    def of(cls, told: Iterable[Told], week_ago: str, articles: int) -> Pace:
        """`week_ago` is a time in the store's form."""
        return cls(articles, frozenset(one.article for one in told if one.article and one.at > week_ago))

    def keep(self, items: Iterable[Item]) -> Iterator[Item]:
        """Those that fit into the week: all but the flags of articles that are too many."""
        known = set(self.told)
        for item in items:
            if item.kind != "flag" or item.article in known or len(known) < self.articles:
                known |= {item.article} if item.kind == "flag" else set()
                yield item


@dataclass(frozen=True)
class Choice:
    """What is told now, and how many things more are new and did not fit; the flags of an article are one thing."""

    items: tuple[Item, ...]
    more: int


def is_news(item: Item, before: Told | None) -> bool:
    """Whether a thing was not told, or is another than when it was."""
    if before is None or item.since > before.since or item.told.grade > before.grade:
        return True
    return item.hurts >= max(WORSE * before.hurts, before.hurts + FEW)


def choose(
    items: Sequence[Item],
    told: Mapping[str, Told],
    snoozed: Collection[str],
    most: int,
    pace: Pace,
) -> Choice:
    """Pick what is told now from all that stands, in its order: so many things, each with all that is new of it.

    `snoozed` are keys of items and of things, and `article:ID`s.
    """
    news = [item for item in items if is_news(item, told.get(item.key)) and not item.is_any(snoozed)]
    chosen = together(pace.keep(news))[:most]
    return Choice(tuple(chain.from_iterable(chosen)), len(together(news)) - len(chosen))
