"""When a user wants to be told: the last time and the next, in the user's own zone. Pure.

A time that a clock skips in spring is told an hour later; one that it shows twice in autumn, the first time only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from kb.errors import InvalidInput
from kb.store.digests import Subscription

_NAME = re.compile(r"[A-Za-z0-9_+-]{1,32}(?:/[A-Za-z0-9_+-]{1,32}){0,2}")
_WEEK = 8  # days in which every rhythm but `off` has a time


@cache
def zone(name: str) -> ZoneInfo:
    """
    Raises:
        InvalidInput: there is no such time zone.
    """
    try:
        if _NAME.fullmatch(name):
            return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        pass  # the same as a name of another form
    raise InvalidInput(f"zone: {name!r} is not a time zone such as Asia/Seoul")


def today(subscription: Subscription, now: datetime) -> date:
    """The day that it is where the user is."""
    return now.astimezone(zone(subscription.zone)).date()


def last(subscription: Subscription, now: datetime) -> datetime | None:
    """The last time to tell, in UTC, at or before now; None where nothing is to be told."""
    start = today(subscription, now)
    days = (start - timedelta(days=n) for n in range(_WEEK))
    return next((at for at in _times(subscription, days) if at <= now), None)


def following(subscription: Subscription, now: datetime) -> datetime | None:
    """The next time to tell, in UTC, after now; snoozed days have none."""
    start = today(subscription, now)
    if subscription.snoozed_until:
        start = max(start, date.fromisoformat(subscription.snoozed_until))
    days = (start + timedelta(days=n) for n in range(min(_WEEK, (date.max - start).days)))
    return next((at for at in _times(subscription, days) if at > now), None)


def is_due(subscription: Subscription, now: datetime) -> bool:
    """Whether a time to tell has come that nobody looked after."""
    if not subscription.tells or is_snoozed(subscription, now):
        return False
    at = last(subscription, now)
    if at is None or at <= datetime.fromisoformat(subscription.handled_at):
        return False
    # a time within a snooze is not made up for when it ends
    return at.astimezone(zone(subscription.zone)).date().isoformat() >= subscription.snoozed_until


def is_snoozed(subscription: Subscription, now: datetime) -> bool:
    return today(subscription, now).isoformat() < subscription.snoozed_until


def _times(subscription: Subscription, days: Iterator[date]) -> Iterator[datetime]:
    """The times to tell on some days, in UTC."""
    for day in days:
        if _tells_on(subscription, day):
            local = datetime(day.year, day.month, day.day, subscription.hour, tzinfo=zone(subscription.zone))
            yield local.astimezone(UTC)


def _tells_on(subscription: Subscription, day: date) -> bool:
    if subscription.rhythm == "weekly":
        return day.weekday() == subscription.weekday
    return subscription.rhythm == "daily" or (subscription.rhythm == "weekdays" and day.weekday() < 5)
