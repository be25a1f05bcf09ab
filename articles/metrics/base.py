"""The nouns of metrics: what is counted of, a share, times, and the definition of each metric, here, once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from statistics import median

from kb.errors import InvalidInput
from kb.times import stamp

PERIOD = timedelta(days=30)  # where nobody says from when
_FIRST = stamp(datetime.min.replace(tzinfo=UTC))


@dataclass(frozen=True)
class Slice:
    """What is counted: the times in [since, until) in the store's form, and what it is only of; "" is all."""

    since: str
    until: str
    space: str = ""
    locale: str = ""
    channel: str = ""
    product: str = ""

    @classmethod
    def over(cls, since: str, until: str, now: datetime, **of: str) -> Slice:
        """A period: to the present, which is in it, where `until` is "", and from 30 days before where `since` is.

        Raises:
            InvalidInput: it ends before it begins.
        """
        end = until or stamp(now + timedelta(milliseconds=1))
        return _ordered(cls(since or _moved(end, -PERIOD) or _FIRST, end, **of), "until")

    def before(self, since: str = "", until: str = "") -> Slice:
        """What this is compared with: as long, and just before it, but for the ends that are named.

        Raises:
            InvalidInput: it ends before it begins, or begins before all years.
        """
        length = datetime.fromisoformat(self.until) - datetime.fromisoformat(self.since)
        end = until or (_moved(since, length) if since else self.since)
        start = since or _moved(end, -length)
        if not start or not end:
            raise InvalidInput(f"compare: there is no period as long as {self.since} to {self.until} there")
        return _ordered(replace(self, since=start, until=end), "compare_until")


def _moved(at: str, by: timedelta) -> str:
    """A time that much later; "" before and after all years."""
    try:
        return stamp(datetime.fromisoformat(at) + by)
    except OverflowError:
        return ""


def _ordered(found: Slice, key: str) -> Slice:
    if found.since >= found.until:
        raise InvalidInput(f"{key}: {found.until} is not after {found.since}, when the period begins")
    return found


@dataclass(frozen=True)
class Share:
    """`count` out of `of`."""

    count: int
    of: int

    @property
    def rate(self) -> float | None:
        """0..1 (of a step of the suggestions it may be more); None where there is nothing to share."""
        return self.count / self.of if self.of else None


@dataclass(frozen=True)
class Times:
    """How long `count` things took, in seconds; None where there are none.

    `p90` is the shortest time that at least nine of ten took at most.
    """

    count: int
    median: float | None
    p90: float | None

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Times:
        took = sorted(seconds)
        if not took:
            return cls(0, None, None)
        return cls(len(took), median(took), took[math.ceil(0.9 * len(took)) - 1])


Measure = Share | Times
Metrics = Mapping[str, Measure]
"""By name, in the order of `DEFINITIONS`."""

DEFINITIONS = {
    "search_ctr": "searches with a click, of all searches",
    "zero_result_rate": "searches with no result, of all searches",
    "unsuccessful_searches": "searches with no result or no click, of all searches",
    "link_rate": "closed tickets that are linked to an article, of all closed tickets",
    "deflection_none": "customers' searches with a view, and contact within a day after it, of all with a view",
    "deflection_potential": "… with no contact, and no positive feedback at the end",
    "deflection_confirmed": "… with no contact, and positive feedback at the end",
    "self_service_success": "customers' searches whose last feedback is positive, of all with a view or feedback",
    "suggestions_opened": "suggestions of which an article was opened, of all that showed any",
    "suggestions_inserted": "suggestions of which an article was inserted, of those opened; some are inserted unopened",
    "suggestions_solved": "suggestions that solved the ticket, of those inserted",
    "positive_feedback": "searches whose last feedback is positive, of all with feedback; few say anything",
    "first_response": "from a customer's first message to an agent's first, of closed tickets that say both times",
    "resolution": "from a ticket's beginning to its end, of closed tickets that say both times",
}
