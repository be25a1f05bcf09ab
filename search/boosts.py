"""What else than its words speaks for an article: small additions to its score, each with its name and its bound.

Standing (`verified`, `fresh`, `helpful`, `featured`) is the same for every question, and all of it stays within ±0.03:
it decides near-ties, since of the judged questions' first two results one in ten to one in four are that close. What a
question names (`code nr-2207`, `version 4.2`, `product hub`) counts where the article says it, too. What the first
weighs, and a boost for a label (`label how-to`), is people's to say. Confidence looks at none of these.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from indexer.analyze import Analyzer, normalise
from kb.models import ArticleRow
from kb.refresh import Refreshed
from kb.store import Database, searches
from search.group import Group
from search.live import View
from search.particulars import Particulars

NAMED = {"code": 0.1, "version": 0.03, "product": 0.03}
DEPTH = 30  # results that are looked at

_YEAR = 365
_SECONDS = 300.0  # between two counts of votes


@dataclass(frozen=True)
class Weights:
    """What each standing weighs, all of it at most `bound` together, and what a label adds, by its plain name."""

    verified: float = 0.01  # within its interval; as much against it once that is over
    fresh: float = 0.005  # changed today, none after a year: age alone says little
    helpful: float = 0.015  # readers are sure that it helps; as much against it where they are sure that it does not
    featured: float = 0.01  # its authors say so
    bound: float = 0.03
    labels: Mapping[str, float] = field(default_factory=dict)


Votes = Mapping[str, tuple[int, int]]
"""By article: searches in which it helped, and in which it did not."""

Said = Mapping[str, Sequence[tuple[str, list[Sequence[str]]]]]
"""By kind: each code or version that a question names, and the terms of the ways to write it."""


def boosted(
    groups: Sequence[Group],
    view: View,
    analyzer: Analyzer,
    votes: Votes,
    named: Particulars,
    today: date,
    weights: Weights,
) -> list[Group]:
    """The results with their boosts in their scores, best first again."""
    said = {"code": _analysed(named.codes, analyzer), "version": _analysed(named.versions, analyzer)}
    found = list(groups)
    for place, result in enumerate(groups[:DEPTH]):
        row = view.articles[result.article]
        boosts = standing(row, votes.get(row.id, (0, 0)), today, weights) | _named(result.article, view, said)
        boosts |= _labelled(row, weights.labels)
        if row.product in named.products:
            boosts[f"product {row.product}"] = NAMED["product"]
        found[place] = replace(result, score=result.score + sum(boosts.values()), boosts=boosts)
    return sorted(found, key=lambda result: -result.score)


def _labelled(row: ArticleRow, labels: Mapping[str, float]) -> dict[str, float]:
    """What the article's labels add, each once."""
    held = {normalise(tag) for tag in row.tags} if labels else frozenset[str]()
    return {f"label {label}": weight for label, weight in labels.items() if label in held}


def _analysed(values: Sequence[str], analyzer: Analyzer) -> list[tuple[str, list[Sequence[str]]]]:
    """Each value with its terms, as it is and with the v of a version before it."""
    return [(value, [analyzer.question(form).fields[0] for form in (value, f"v{value}")]) for value in values]


def standing(row: ArticleRow, votes: tuple[int, int], today: date, weights: Weights) -> dict[str, float]:
    """What speaks for or against an article whatever is asked; within ±bound together, nothing that is 0."""
    parts = {
        "verified": weights.verified * _verified(row, today),
        "fresh": weights.fresh * _fresh(row, today),
        "helpful": weights.helpful * sureness(*votes),
        "featured": weights.featured * row.featured,
    }
    total = sum(parts.values())
    scale = min(1.0, weights.bound / abs(total)) if total else 1.0
    scaled = {name: round(value * scale, 5) for name, value in parts.items()}
    return {name: value for name, value in scaled.items() if value}


def _verified(row: ArticleRow, today: date) -> int:
    if not row.verified_until:
        return 0
    return 1 if today <= date.fromisoformat(row.verified_until) else -1


def _fresh(row: ArticleRow, today: date) -> float:
    if not row.updated:
        return 0.0
    age = max((today - date.fromisoformat(row.updated)).days, 0)
    return max(0.0, 1 - age / _YEAR)


def sureness(good: int, bad: int) -> float:
    """−1..1: how far the Wilson interval (95%) of the share of good votes lies from one half; 0 where it holds it."""
    low, high = wilson(good, good + bad)
    return max(0.0, 2 * low - 1) - max(0.0, 1 - 2 * high)


def wilson(successes: int, trials: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval of a proportion (1927); (0, 1) where nothing was tried."""
    if not trials:
        return 0.0, 1.0
    share, square = successes / trials, z * z / trials
    middle = (share + square / 2) / (1 + square)
    reach = z * math.sqrt(share * (1 - share) / trials + square / (4 * trials)) / (1 + square)
    low = middle - reach if successes else 0.0  # exactly so, whatever the rounding
    return low, middle + reach if successes < trials else 1.0


def _named(article: int, view: View, said: Said) -> dict[str, float]:
    """The first code and version that the question names and the article says, in any of its passages."""
    rows = view.rows_of[article]
    held = {
        kind: next((value for value, ways in values if any(_says(view, rows, terms) for terms in ways)), None)
        for kind, values in said.items()
    }
    return {f"{kind} {value}": NAMED[kind] for kind, value in held.items() if value}


def _says(view: View, rows: NDArray[np.int64], terms: Sequence[str]) -> bool:
    """Whether one of the rows has all the terms."""
    return bool(terms) and bool(view.has(rows, terms).all(axis=1).any())


def ballots(database: Database) -> Refreshed[Votes]:
    """Votes as the store has them, counted again aside, not more often than every five minutes."""

    def count() -> Votes:
        with database.read() as connection:
            return searches.votes(connection)

    return Refreshed("votes", count, seconds=_SECONDS)
