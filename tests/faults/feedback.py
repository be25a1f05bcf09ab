"""Articles that fail their readers."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from articles.health.base import Demand, Shelf
from kb.models import Article


def _failing(shelf: Shelf, article: Article, rng: random.Random) -> Shelf:
    """Enough readers, most of whom say that it did not help, write to a person, or dismiss it."""
    of = rng.randrange(12, 200)
    bad = rng.randrange(int(of * 0.75), of + 1)
    told = rng.choice(
        [
            Demand(views=of, helped=of - bad, not_helped=bad),
            Demand(views=of, contacted=bad),
            Demand(suggested=of, inserted=of - bad, dismissed=bad),
        ]
    )
    return replace(shelf, demand={**shelf.demand, article.id: told})


def _suggested(shelf: Shelf, article: Article, rng: random.Random) -> Shelf:
    return replace(shelf, demand={**shelf.demand, article.id: Demand(edits=rng.randrange(1, 5))})


INJECT: dict[str, Callable[[Shelf, Article, random.Random], Shelf | None]] = {
    "failing_readers": _failing,
    "edits_suggested": _suggested,
}
