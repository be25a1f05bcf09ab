"""From a shelf to the features of its articles: what can be known on the day, and nothing that came after it.

Ages are taken from the day on which the base last moved, and mostly as ranks, so that the features of an old base that
nobody touches are the same whenever it is looked at. Parses nothing that the shelf knows already.
"""

from __future__ import annotations

import math
import posixpath
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from statistics import median
from typing import Any

import numpy as np

from articles.health.base import NOBODY, Flag, Severity, Shelf
from articles.health.damage import readers
from articles.health.links import internal_links
from articles.health.staleness.base import NAMES, Table, Values, log_ratio, rank
from articles.health.staleness.similar import Near, nearest
from articles.health.staleness.volatile import COUNTED, traits
from articles.history import Past
from indexer.language import base
from kb.models import Article
from search.boosts import wilson

LATELY = 30  # days
_MIXED = 2.0  # articles' worth of the base's own share that a small group's is mixed with
_MONTH = 30.44


def table(
    shelf: Shelf,
    flags: Mapping[str, Sequence[Flag]],
    severities: Mapping[str, Severity],
    pasts: Mapping[str, Past],
    known: Mapping[str, Mapping[str, float]],
) -> Table:
    """The features of the published articles. Arguments are those of `staleness.estimates`; rates are left at 0."""
    view = _View(shelf, pasts, known)
    columns: dict[str, Sequence[float] | Values] = {
        **view.own(),
        **view.siblings(),
        **view.similar(),
        **view.content(),
        **view.links(),
        **_flagged(view.articles, flags, severities),
        **_read(view.articles, shelf),
    }
    rows = len(view.articles)
    values = np.column_stack([np.asarray(columns.get(name, np.zeros(rows)), np.float64) for name in NAMES])
    return Table(
        tuple(article.id for article in view.articles),
        values.reshape(rows, len(NAMES)),
        tuple(product(article) for article in view.articles),
        tuple(category(article) for article in view.articles),
        tuple(_evidence(row, article, view, shelf, flags, severities) for row, article in enumerate(view.articles)),
    )


def product(article: Article) -> str:
    """The product that an article says, else the first folder of its path."""
    return article.metadata.product or article.source.split("/")[0] if "/" in article.source else ""


def category(article: Article) -> str:
    """The category that an article says, else its folder."""
    return article.metadata.category or posixpath.dirname(article.source)


Columns = Mapping[str, Sequence[float] | Values]


class _View:
    """The published articles of a shelf in a row, and what is counted over all of them."""

    def __init__(self, shelf: Shelf, pasts: Mapping[str, Past], known: Mapping[str, Mapping[str, float]]) -> None:
        self.shelf = shelf
        self.articles = shelf.published
        self.row = {article.id: row for row, article in enumerate(self.articles)}
        self.counts = [known.get(article.id) or traits(article.markdown) for article in self.articles]
        self.pasts = [pasts.get(article.id) for article in self.articles]
        last = [past.last if past else None for past in self.pasts]
        said = [article.metadata.updated or day for article, day in zip(self.articles, last, strict=True)]
        touched = [day or own for day, own in zip(last, said, strict=True)]
        known_days = [day for day in (*said, *touched) if day]
        self.today = min(max(known_days, default=shelf.today), shelf.today)
        self.age = [_days(day, self.today) for day in said]
        self.untouched = [_days(day, self.today) for day in touched]
        self.lately = [days <= LATELY for days in self.untouched]  # NaN is not

    @cached_property
    def near(self) -> Sequence[Near]:
        return nearest(self.articles)

    @cached_property
    def groups(self) -> list[list[int]]:
        """The rows of each article's siblings, itself among them: of the same space, language and folder."""
        found: dict[tuple[str, ...], list[int]] = defaultdict(list)
        keys = [(a.metadata.space, base(a.metadata.locale), category(a) or product(a)) for a in self.articles]
        for row, key in enumerate(keys):
            found[key].append(row)
        return [found[key] for key in keys]

    @cached_property
    def medians(self) -> list[float]:
        """The median age of each article's siblings without it, NaN where none is known."""
        return [_median([self.age[other] for other in own if other != row]) for row, own in enumerate(self.groups)]

    @cached_property
    def targets(self) -> list[list[int]]:
        """The rows of the articles that each links to."""
        found: list[list[int]] = []
        for row, article in enumerate(self.articles):
            paths = (path for _, path, _ in internal_links(article, self.shelf.facts(article)) if path)
            named = (self.shelf.by_source.get((article.folder, path)) for path in paths)
            rows = {self.row[target.id] for target in named if target is not None and target.id in self.row}
            found.append(sorted(rows - {row}))
        return found

    @cached_property
    def linked_from(self) -> Counter[int]:
        return Counter(target for targets in self.targets for target in targets)

    def own(self) -> Columns:
        changes = [past.changes if past else 1 for past in self.pasts]
        return {
            "age": rank(self.age),
            "age_among_siblings": self._among_siblings(),
            "age_to_siblings": [log_ratio(age, other) for age, other in zip(self.age, self.medians, strict=True)],
            "untouched": rank(self.untouched),
            "overdue": [log_ratio(days, gap(past)) for days, past in zip(self.untouched, self.pasts, strict=True)],
            "changes": np.log(changes),
        }

    def siblings(self) -> Columns:
        share = sum(self.lately) / max(1, len(self.lately))
        ages, changed = [], []
        for row, own in enumerate(self.groups):
            others = [other for other in own if other != row]
            known = [self.age[other] for other in others if not math.isnan(self.age[other])]
            ages.append(sum(known) / len(known) if known else self.age[row])
            changed.append((sum(self.lately[other] for other in others) + _MIXED * share) / (len(others) + _MIXED))
        return {"siblings_age": rank(ages), "siblings_changed": changed, "siblings": rank([*map(len, self.groups)])}

    def similar(self) -> Columns:
        share = sum(self.lately) / max(1, len(self.lately))
        changed = [
            (sum(self.lately[row] for row in near.rows) + _MIXED * share) / (len(near.rows) + _MIXED)
            for near in self.near
        ]
        return {"twin": [max(near.scores, default=0.0) for near in self.near], "similar_changed": changed}

    def content(self) -> Columns:
        counts = self.counts
        return {
            "length": [math.log1p(own["words"]) for own in counts],
            **{name: [math.log1p(own[name]) for own in counts] for name in COUNTED},
            "newest_year": [_decades(own["newest_year"], self.today, 2.0) for own in counts],
            "oldest_year": [_decades(own["oldest_year"], self.today, 3.0) for own in counts],
        }

    def links(self) -> Columns:
        return {
            "linked_from": [math.log1p(self.linked_from[row]) for row in range(len(self.articles))],
            "links_to": [math.log1p(len(targets)) for targets in self.targets],
            "linked_changed": [
                len(self.newer(row)) / len(targets) if targets else 0.0 for row, targets in enumerate(self.targets)
            ],
        }

    def newer(self, row: int) -> list[int]:
        """Those that an article links to and that changed since it did."""
        return [target for target in self.targets[row] if self.untouched[target] < self.untouched[row]]

    def _among_siblings(self) -> list[float]:
        found = [0.5] * len(self.articles)
        for own in {tuple(rows) for rows in self.groups}:
            for row, place in zip(own, rank([self.age[row] for row in own]), strict=True):
                found[row] = float(place)
        return found


def gap(past: Past | None) -> float:
    """Days between two changes in the mean, NaN where there were not two."""
    if past is None or len(past.days) < 2:
        return math.nan
    return (past.last - past.first).days / (len(past.days) - 1)


def _days(day: date | None, today: date) -> float:
    return float(max(0, (today - day).days)) if day else math.nan


def _median(values: Sequence[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return float(median(known)) if known else math.nan


def _decades(year: float, today: date, most: float) -> float:
    """Decades since a year; half of `most` where none is named."""
    return min(most, max(0.0, (today.year - year) / 10)) if year else most / 2


def _flagged(
    articles: Sequence[Article], flags: Mapping[str, Sequence[Flag]], severities: Mapping[str, Severity]
) -> Columns:
    checks = [{flag.check for flag in flags.get(article.id, ())} for article in articles]
    return {
        f"flags_{severity}": [math.log2(1 + sum(severities[name] == severity for name in own)) for own in checks]
        for severity in ("low", "medium", "high")
    }


def _read(articles: Sequence[Article], shelf: Shelf) -> Columns:
    demands = [shelf.demand.get(article.id, NOBODY) for article in articles]
    return {
        "readers": [math.log1p(readers(own)) for own in demands],
        "not_helped": [_at_least(own.not_helped, own.helped + own.not_helped) for own in demands],
        "contacted": [_at_least(own.contacted, own.views) for own in demands],
        "edits": [math.log1p(own.edits) for own in demands],
    }


def _at_least(k: int, n: int) -> float:
    """What a share is at least, as far as so few can tell."""
    return wilson(min(k, n), n)[0] if n else 0.0


def _evidence(
    row: int,
    article: Article,
    view: _View,
    shelf: Shelf,
    flags: Mapping[str, Sequence[Flag]],
    severities: Mapping[str, Severity],
) -> dict[str, Any]:
    """What reasons name, as plain JSON. No other article is named: who reads this may not read that one."""
    demand, past = shelf.demand.get(article.id, NOBODY), view.pasts[row]
    fired = Counter(flag.check for flag in flags.get(article.id, ()))
    return {
        "months": _months(view.age[row]),
        "siblings_months": _months(view.medians[row]),
        "untouched_months": _months(view.untouched[row]),
        "gap_months": _months(gap(past)),
        "changes": past.changes if past else None,
        "siblings": len(view.groups[row]) - 1,
        "siblings_lately": sum(view.lately[other] for other in view.groups[row] if other != row),
        "similar_lately": sum(view.lately[other] for other in view.near[row].rows),
        "similar": len(view.near[row].rows),
        "links_to": len(view.targets[row]),
        "linked_newer": len(view.newer(row)),
        "linked_from": view.linked_from[row],
        "checks": {severity: _of(fired, severities, severity) for severity in ("high", "medium", "low")},
        "helped": demand.helped,
        "not_helped": demand.not_helped,
        "views": demand.views,
        "contacted": demand.contacted,
        "edits": demand.edits,
        **{
            name: int(count) or None if name.endswith("_year") else int(count)
            for name, count in view.counts[row].items()
        },
    }


def _of(fired: Counter[str], severities: Mapping[str, Severity], severity: str) -> dict[str, int]:
    return {name: count for name, count in sorted(fired.items()) if severities[name] == severity}


def _months(days: float) -> int | None:
    return None if math.isnan(days) else round(days / _MONTH)
