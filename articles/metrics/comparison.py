"""Two periods beside each other: by how much a metric differs, and whether that may be chance.

The interval of a difference of two shares is Newcombe's, made of their Wilson intervals (Statistics in Medicine 1998,
method 10), at 95%: it holds for few events and for shares near 0 and 1. It takes each event for independent of the
others. Among a dozen metrics that did not change, one every other time looks as if it did.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from articles.metrics.base import Measure, Metrics, Share, Times
from search.boosts import wilson


@dataclass(frozen=True)
class Change:
    """What a metric was before, and `difference`: now less before, of shares −1..1, of medians in seconds.

    `interval` holds the true difference of two shares with 95%, and `certain` is whether 0 is outside it. None where
    there is nothing to compare, or no test.
    """

    before: Measure
    difference: float | None = None
    interval: tuple[float, float] | None = None

    @property
    def certain(self) -> bool | None:
        return None if self.interval is None else not self.interval[0] <= 0 <= self.interval[1]

    @property
    def words(self) -> str:
        if self.difference is None:
            return "nothing to compare"
        if not self.difference:
            return "no change"
        if isinstance(self.before, Times):
            return f"{self.difference:+,.0f} s in the median; whether that is chance is not tested"
        moved = f"{100 * self.difference:+.1f} points"
        if self.interval is None:
            return f"{moved}; whether that is chance cannot be told of counts that are not part of each other"
        low, high = (100 * end for end in self.interval)
        likely = "more than chance" if self.certain else "may be chance"
        return f"{moved}, {likely} (95%: {low:+.1f} to {high:+.1f})"


def compare(now: Metrics, before: Metrics) -> Mapping[str, Change]:
    """The change of every metric."""
    return {name: _change(measure, before[name]) for name, measure in now.items()}


def _change(now: Measure, before: Measure) -> Change:
    if isinstance(now, Share) and isinstance(before, Share):
        if now.rate is None or before.rate is None:
            return Change(before)
        return Change(before, now.rate - before.rate, interval(now, before))
    if isinstance(now, Times) and isinstance(before, Times) and now.median is not None and before.median is not None:
        return Change(before, now.median - before.median)
    return Change(before)


def interval(now: Share, before: Share) -> tuple[float, float] | None:
    """Where the true difference of two shares lies, with 95%; None where one is no share."""
    ends = []
    for share in (now, before):
        if share.rate is None or share.rate > 1:
            return None
        ends.append((share.rate, *wilson(share.count, share.of)))
    (p, low, high), (q, below, above) = ends
    return p - q - math.hypot(p - low, above - q), p - q + math.hypot(high - p, q - below)
