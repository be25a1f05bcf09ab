"""A period in days, weeks (from Monday) or months, in UTC. The first and the last may be cut by the period's ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

from kb.errors import InvalidInput
from kb.times import stamp

By = Literal["day", "week", "month"]
BYS: tuple[By, ...] = get_args(By)
MOST = 1000  # buckets of one trend


@dataclass(frozen=True)
class Bucket:
    """The times in [since, until). `whole` is whether it is a whole day, week or month."""

    since: str
    until: str
    whole: bool


def cut(since: str, until: str, by: By) -> list[Bucket]:
    """The buckets of a period, in order; together they are all of it.

    Raises:
        InvalidInput: they are more than 1,000.
    """
    first, end = datetime.fromisoformat(since), datetime.fromisoformat(until)
    start: datetime | None = _start(first, by)
    found: list[Bucket] = []
    while start is not None and start < end:
        if len(found) == MOST:
            raise InvalidInput(
                f"by: {since} to {until} is more than {MOST:,} times a {by}; ask for longer ones, or less"
            )
        following = _following(start, by)
        last = end if following is None else min(following, end)
        found.append(Bucket(stamp(max(start, first)), stamp(last), start >= first and last == following))
        start = following
    return found


def _start(at: datetime, by: By) -> datetime:
    """When the bucket begins that holds a time."""
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    if by == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if by == "week" else day


def _following(start: datetime, by: By) -> datetime | None:
    """When the next one begins; None after all years."""
    try:
        if by == "month":
            return datetime(start.year + start.month // 12, start.month % 12 + 1, 1, tzinfo=UTC)
        return start + timedelta(days=7 if by == "week" else 1)
    except (OverflowError, ValueError):
        return None
