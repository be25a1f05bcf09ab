"""Metrics of a period with their trend and comparison, and the shapes in which they are shown: JSON and rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from articles.metrics.base import DEFINITIONS, Measure, Metrics, Share, Slice
from articles.metrics.comparison import Change, compare
from articles.metrics.counting import count, gather
from articles.metrics.table import Cell, to_csv
from articles.metrics.trend import Bucket, By, cut
from kb.models import Reader
from kb.store import Database


@dataclass(frozen=True)
class Report:
    """The metrics of a period, those of its days, weeks or months, and what they are compared with."""

    what: Slice
    metrics: Metrics
    by: By | None = None
    trend: Sequence[tuple[Bucket, Metrics]] = ()
    before: Slice | None = None
    changes: Mapping[str, Change] | None = None


def measure(database: Database, reader: Reader, what: Slice) -> Metrics:
    """Every metric, over what was asked by those who see no more than this reader does, and the tickets they see."""
    with database.read() as connection:
        return count(gather(connection, reader, what))


def report(
    database: Database, reader: Reader, what: Slice, by: By | None = None, before: Slice | None = None
) -> Report:
    """Every metric of a period; by day, week or month, and beside the one before, where that is asked for.

    Raises:
        InvalidInput: the period has more than 1,000 days, weeks or months.
    """
    buckets = cut(what.since, what.until, by) if by else []
    with database.read() as connection:
        held = gather(connection, reader, what)
        earlier = count(gather(connection, reader, before)) if before else None
    metrics = count(held)
    parts = held.parted([bucket.since for bucket in buckets]) if by else []
    trend = [(bucket, count(part)) for bucket, part in zip(buckets, parts, strict=True)]
    return Report(what, metrics, by, trend, before, compare(metrics, earlier) if earlier else None)


def report_json(found: Report) -> dict[str, Any]:
    """What was counted and every metric: the one shape that the command line prints and the API returns."""
    meant = asdict(found.what)
    trend = [{**_bucket_json(bucket), **_metrics_json(metrics)} for bucket, metrics in found.trend]
    comparison = None
    if found.before and found.changes:
        changes = {name: _change_json(change) for name, change in found.changes.items()}
        comparison = {"from": found.before.since, "until": found.before.until, "metrics": changes}
    own = {"from": meant.pop("since"), **meant, **_metrics_json(found.metrics)}
    return {**own, "by": found.by, "trend": trend, "comparison": comparison}


def _bucket_json(bucket: Bucket) -> dict[str, Any]:
    return {"from": bucket.since, "until": bucket.until, "whole": bucket.whole}


def _metrics_json(metrics: Metrics) -> dict[str, Any]:
    return {name: _measure_json(measure) for name, measure in metrics.items()}


def _measure_json(found: Measure) -> dict[str, Any]:
    return {**asdict(found), "rate": found.rate} if isinstance(found, Share) else asdict(found)


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "before": _measure_json(change.before),
        "difference": change.difference,
        "interval": change.interval,
        "more_than_chance": change.certain,
        "words": change.words,
    }


_MEASURE = ("count", "of", "rate", "median_seconds", "p90_seconds")
_HEADER = ("part", "from", "until", "whole", "space", "locale", "channel", "product", "metric", *_MEASURE)
_COMPARED = (
    *("before_from", "before_until", *(f"before_{name}" for name in _MEASURE)),
    *("difference", "low", "high", "more_than_chance"),
)


def report_csv(found: Report) -> str:
    """A row for each metric of each day, week or month, or of the whole period.

    With a comparison there are rows of the whole period, too: `part` says what a row is of.
    """
    compared = _COMPARED if found.changes else ()
    return to_csv((*_HEADER, *compared, "definition"), _rows(found))


def _rows(found: Report) -> Iterator[Sequence[Cell]]:
    what, nothing = found.what, (None,) * len(_COMPARED if found.changes else ())
    of = (what.space, what.locale, what.channel, what.product)
    for bucket, metrics in found.trend:
        for name, one in metrics.items():
            place = (found.by, bucket.since, bucket.until, bucket.whole, *of, name)
            yield (*place, *_cells(one), *nothing, DEFINITIONS[name])
    if found.by and not found.changes:
        return
    for name, one in found.metrics.items():
        beside = _change_cells(found, found.changes[name]) if found.changes else ()
        yield ("period", what.since, what.until, True, *of, name, *_cells(one), *beside, DEFINITIONS[name])


def _cells(found: Measure) -> tuple[Cell, ...]:
    if isinstance(found, Share):
        return found.count, found.of, found.rate, None, None
    return found.count, None, None, found.median, found.p90


def _change_cells(found: Report, change: Change) -> tuple[Cell, ...]:
    before = (found.before.since, found.before.until) if found.before else (None, None)
    low, high = change.interval or (None, None)
    return (*before, *_cells(change.before), change.difference, low, high, change.certain)
