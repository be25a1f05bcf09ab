"""From a shelf to the features of its articles: what can be known on the day, and nothing that came after it.

Ages are taken from the day on which the base last moved, and mostly as ranks, so that the features of an old base that
nobody touches are the same whenever it is looked at. Parses nothing that the shelf knows already.
"""

from __future__ import annotations

import math
import posixpath
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
    view = _View(shelf, flags, severities, pasts, known)
    columns: dict[str, Sequence[float] | Values] = {
        **view.own(),
        **view.siblings(),
        **view.similar(),
        **view.content(),
        **view.links(),
        **view.flagged(),
        **view.read(),
    }
    rows = len(view.articles)
    values = np.column_stack([np.asarray(columns.get(name, np.zeros(rows)), np.float64) for name in NAMES])
    return Table(
        tuple(article.id for article in view.articles),
        values.reshape(rows, len(NAMES)),
        tuple(product(article) for article in view.articles),
        tuple(category(article) for article in view.articles),
        tuple(_Evidence(view, row) for row in range(rows)),
    )


def product(article: Article) -> str:
    """The product that an article says, else the first folder of its path."""
    return article.metadata.product or article.source.split("/")[0] if "/" in article.source else ""


def category(article: Article) -> str:
    """The category that an article says, else its folder."""
    return article.metadata.category or posixpath.dirname(article.source)


Columns = Mapping[str, Sequence[float] | Values]
Rows = NDArray[np.int64]


class _View:
    """The published articles of a shelf in a row, and what is counted over all of them."""

    def __init__(
        self,
        shelf: Shelf,
        flags: Mapping[str, Sequence[Flag]],
        severities: Mapping[str, Severity],
        pasts: Mapping[str, Past],
        known: Mapping[str, Mapping[str, float]],
    ) -> None:
        self.shelf, self.severities = shelf, severities
        self.articles = shelf.published
        self.row = {article.id: row for row, article in enumerate(self.articles)}
        self.counts = [known.get(article.id) or traits(article.markdown) for article in self.articles]
        self.pasts = [pasts.get(article.id) for article in self.articles]
        self.demands = [shelf.demand.get(article.id, NOBODY) for article in self.articles]
        self.fired = [Counter(flag.check for flag in flags.get(article.id, ())) for article in self.articles]
        last = [past.last if past else None for past in self.pasts]
        said = [article.metadata.updated or day for article, day in zip(self.articles, last, strict=True)]
        touched = [day or own for day, own in zip(last, said, strict=True)]
        known_days = [day for day in (*said, *touched) if day]
        self.today = min(max(known_days, default=shelf.today), shelf.today)
        self.age = _days(said, self.today)
        self.untouched = _days(touched, self.today)
        self.lately = self.untouched <= LATELY  # NaN is not

    @cached_property
    def near(self) -> Sequence[Near]:
        return nearest(self.articles)

    @cached_property
    def groups(self) -> list[Rows]:
        """The rows of articles that are siblings: of the same space, language and folder."""
        found: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for row, a in enumerate(self.articles):
            found[a.metadata.space, base(a.metadata.locale), category(a) or product(a)].append(row)
        return [np.array(rows, np.int64) for rows in found.values()]

    @cached_property
    def others(self) -> Values:
        """How many siblings each article has."""
        return self._of_groups(len) - 1

    @cached_property
    def others_lately(self) -> Values:
        """How many of them changed lately."""
        return self._of_groups(lambda rows: self.lately[rows].sum()) - self.lately

    @cached_property
    def medians(self) -> Values:
        """The median age of each article's siblings without it, NaN where none is known."""
        found = np.full(len(self.articles), math.nan)
        for rows in self.groups:
            found[rows] = _medians_of_others(self.age[rows])
        return found

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
    def linked_from(self) -> Rows:
        """How many articles link to each."""
        links = [target for targets in self.targets for target in targets]
        return np.bincount(np.array(links, np.int64), minlength=len(self.articles))

    def own(self) -> Columns:
        among = np.full(len(self.articles), 0.5)
        for rows in self.groups:
            among[rows] = rank(self.age[rows])
        ages, medians, untouched = self.age.tolist(), self.medians.tolist(), self.untouched.tolist()
        return {
            "age": rank(self.age),
            "age_among_siblings": among,
            "age_to_siblings": [log_ratio(age, other) for age, other in zip(ages, medians, strict=True)],
            "untouched": rank(self.untouched),
            "overdue": [log_ratio(days, gap(past)) for days, past in zip(untouched, self.pasts, strict=True)],
            "changes": np.log([past.changes if past else 1 for past in self.pasts]),
        }

    def siblings(self) -> Columns:
        known, ages = ~np.isnan(self.age), np.nan_to_num(self.age)
        others = self._of_groups(lambda rows: known[rows].sum()) - known
        total = self._of_groups(lambda rows: ages[rows].sum()) - ages
        return {
            "siblings_age": rank(np.where(others > 0, total / np.maximum(others, 1), self.age)),
            "siblings_changed": self._share_lately(self.others_lately, self.others),
            "siblings": rank(self.others),
        }

    def similar(self) -> Columns:
        lately = self.lately.tolist()
        changed = [sum(lately[row] for row in near.rows) for near in self.near]
        return {
            "twin": [max(near.scores, default=0.0) for near in self.near],
            "similar_changed": self._share_lately(np.array(changed), np.array([len(near.rows) for near in self.near])),
        }

    def content(self) -> Columns:
        names = ("words", *COUNTED, "newest_year", "oldest_year")
        counts = np.array([[own[name] for name in names] for own in self.counts]).reshape(-1, len(names))
        *counted, newest, oldest = counts.T
        return {
            **dict(zip(("length", *COUNTED), np.log1p(counted), strict=True)),
            "newest_year": _decades(newest, self.today, 2.0),
            "oldest_year": _decades(oldest, self.today, 3.0),
        }

    def links(self) -> Columns:
        count = np.array([len(targets) for targets in self.targets])
        newer = np.array([self.newer(row) for row in range(len(self.articles))])
        return {
            "linked_from": np.log1p(self.linked_from),
            "links_to": np.log1p(count),
            "linked_changed": newer / np.maximum(count, 1),
        }

    def newer(self, row: int) -> int:
        """How many of those that an article links to changed since it did."""
        return int((self.untouched[self.targets[row]] < self.untouched[row]).sum()) if self.targets[row] else 0

    def flagged(self) -> Columns:
        return {
            f"flags_{severity}": [
                math.log2(1 + sum(self.severities[name] == severity for name in own)) if own else 0.0
                for own in self.fired
            ]
            for severity in ("low", "medium", "high")
        }

    def read(self) -> Columns:
        return {
            "readers": [math.log1p(readers(own)) for own in self.demands],
            "not_helped": [_at_least(own.not_helped, own.helped + own.not_helped) for own in self.demands],
            "contacted": [_at_least(own.contacted, own.views) for own in self.demands],
            "edits": [math.log1p(own.edits) for own in self.demands],
        }

    def _of_groups(self, count: Callable[[Rows], float]) -> Values:
        """What is counted of each article's siblings with itself."""
        found = np.zeros(len(self.articles))
        for rows in self.groups:
            found[rows] = count(rows)
        return found

    def _share_lately(self, changed: Values | Rows, count: Values | Rows) -> Values:
        share: Values = (changed + _MIXED * self.lately.sum() / max(1, len(self.lately))) / (count + _MIXED)
        return share


def gap(past: Past | None) -> float:
    """Days between two changes in the mean, NaN where there were not two."""
    if past is None or len(past.days) < 2:
        return math.nan
    return (past.last - past.first).days / (len(past.days) - 1)


def _days(days: Sequence[date | None], today: date) -> Values:
    """How long ago each was, NaN where it is not known."""
    since = np.array([math.nan if day is None else today.toordinal() - day.toordinal() for day in days], np.float64)
    return np.maximum(since, 0.0)


def _medians_of_others(ages: Values) -> Values:
    """For each the median of all others that are known, NaN where none is."""
    order = np.argsort(ages, kind="stable")  # NaN comes last
    known = np.sort(ages[~np.isnan(ages)])
    place = np.empty(len(ages), np.int64)
    place[order] = np.arange(len(ages))
    own = place < len(known)
    left = len(known) - own
    middles = [(left - 1) // 2, left // 2]
    if not len(known):
        return np.full(len(ages), math.nan)
    without = [known[np.clip(at + (own & (at >= place)), 0, len(known) - 1)] for at in middles]
    return np.where(left > 0, (without[0] + without[1]) / 2, math.nan)


def _decades(years: Values, today: date, most: float) -> Values:
    """Decades since each year; half of `most` where none is named."""
    return np.where(years > 0, np.clip((today.year - years) / 10, 0.0, most), most / 2)


def _at_least(k: int, n: int) -> float:
    """What a share is at least, as far as so few can tell."""
    return wilson(min(k, n), n)[0] if n else 0.0


# --- what reasons name ---------------------------------------------------------------------------------------


class _Evidence(Mapping[str, Any]):
    """What reasons name of an article, as plain JSON, counted when somebody asks: most of it no reason names.

    No other article is named: who reads this may not read that one.
    """

    __slots__ = ("_row", "_view")

    def __init__(self, view: _View, row: int) -> None:
        self._view, self._row = view, row

    def __getitem__(self, name: str) -> Any:
        return _NAMED[name](self._view, self._row)

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMED)

    def __len__(self) -> int:
        return len(_NAMED)


def _counted(name: str) -> Callable[[_View, int], int | None]:
    def count(view: _View, row: int) -> int | None:
        found = int(view.counts[row][name])
        return found or (None if name.endswith("_year") else 0)

    return count


def _changes(view: _View, row: int) -> int | None:
    past = view.pasts[row]
    return past.changes if past else None


def _checks(view: _View, row: int) -> dict[str, dict[str, int]]:
    """The checks that fire, and how often, by their severity."""
    fired, severities = sorted(view.fired[row].items()), view.severities
    return {
        severity: {name: count for name, count in fired if severities[name] == severity}
        for severity in ("high", "medium", "low")
    }


def _months(days: float) -> int | None:
    return None if math.isnan(days) else round(float(days) / _MONTH)


_NAMED: Mapping[str, Callable[[_View, int], Any]] = {
    "months": lambda view, row: _months(view.age[row]),
    "siblings_months": lambda view, row: _months(view.medians[row]),
    "untouched_months": lambda view, row: _months(view.untouched[row]),
    "gap_months": lambda view, row: _months(gap(view.pasts[row])),
    "changes": _changes,
    "siblings": lambda view, row: int(view.others[row]),
    "siblings_lately": lambda view, row: int(view.others_lately[row]),
    "similar_lately": lambda view, row: sum(bool(view.lately[other]) for other in view.near[row].rows),
    "similar": lambda view, row: len(view.near[row].rows),
    "links_to": lambda view, row: len(view.targets[row]),
    "linked_newer": lambda view, row: view.newer(row),
    "linked_from": lambda view, row: int(view.linked_from[row]),
    "checks": _checks,
    "helped": lambda view, row: view.demands[row].helped,
    "not_helped": lambda view, row: view.demands[row].not_helped,
    "views": lambda view, row: view.demands[row].views,
    "contacted": lambda view, row: view.demands[row].contacted,
    "edits": lambda view, row: view.demands[row].edits,
    **{name: _counted(name) for name in ("words", *COUNTED, "newest_year", "oldest_year")},
}
