"""How users say what they want to be told, and when, and what they do not want to hear for some time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypedDict

from articles.digests import addresses, rhythm
from articles.digests.items import SOURCES, Circle, Gathered
from kb.errors import InvalidInput, NotFound
from kb.models import Actor
from kb.store import Connection, people
from kb.store import digests as store
from kb.store.digests import Channel, Language, Rhythm, Subscription
from kb.times import stamp

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIMING = ("rhythm", "weekday", "hour", "zone", "refused")


class Wanted(TypedDict):
    """What a user wants; the fields are those of `kb.store.digests.Subscription`. `secret` "" keeps the one held."""

    channel: Channel
    address: str
    secret: str
    rhythm: Rhythm
    weekday: int
    hour: int
    zone: str
    language: Language
    most: int
    rest: bool


def subscribe(connection: Connection, actor: Actor, user_id: str, wanted: Wanted, now: datetime) -> Subscription:
    """Tell a user from now on as they want it. A time of today that is over is not made up for.

    Raises:
        NotFound: no such user.
        InvalidInput: nothing could be sent there, or there is no such time zone.
    """
    user = people.get_user(connection, user_id)
    held = next((s for s in store.listed(connection) if s.user_id == user.id), None)
    secret = wanted["secret"] or (held.secret if held else "")
    address = addresses.check(wanted["channel"], wanted["address"], secret)
    rhythm.zone(wanted["zone"])
    made = replace(
        Subscription(user.id, **wanted),
        address=address,
        secret=secret if wanted["channel"] == "webhook" else "",
        snoozed_until=held.snoozed_until if held else "",
        at=stamp(now),
        handled_at=stamp(now),
    )
    if held and all(getattr(made, name) == getattr(held, name) for name in _TIMING):
        made = replace(made, handled_at=held.handled_at)
    store.subscribe(connection, actor, made)
    return made


def snooze(
    connection: Connection,
    user_id: str,
    until: date | None,
    now: datetime,
    *,
    item: str = "",
    article: str = "",
) -> None:
    """Tell a user nothing before a day where they are: of an item, of an article, or at all. None ends that.

    Raises:
        NotFound: they have no digest, may not sign in, or there is no such item or article for them.
        InvalidInput: the day is not to come, or both an item and an article are named.
        Conflict: too many things are snoozed.
    """
    held = store.subscription(connection, user_id)
    today = rhythm.today(held, now)
    if until is not None and until <= today:
        raise InvalidInput(f"until: {until.isoformat()} is not after today, {today.isoformat()} in {held.zone}")
    if item and article:
        raise InvalidInput("article: name an item or an article, not both")
    day, what = until.isoformat() if until else "", item or (f"article:{article}" if article else "")
    if what and what not in store.snoozed(connection, held.user_id, today.isoformat()):
        _make_sure(connection, held, now, item, article)
    if what:
        store.snooze(connection, held.user_id, what, day, today.isoformat())
    else:
        store.change(connection, held.user_id, snoozed_until=day)


def _make_sure(connection: Connection, held: Subscription, now: datetime, item: str, article: str) -> None:
    """
    Raises:
        NotFound: the user sees no such article, or no such item stands for them.
    """
    circle = Circle.of(connection)
    if article and not store.title_of(connection, article, circle.reader(held.user_id)):
        raise NotFound(f"article: {article[:80]!r}: there is none of that id")
    if item and not any(one.is_any({item}) for one in circle.items(connection, held, Gathered(SOURCES, now))):
        raise NotFound(f"item: {item[:80]!r} is no key of anything that stands for {held.user_id}")


@dataclass(frozen=True)
class Standing:
    """A subscription with what follows from it. Times are the store's, "" where there is none.

    `attempts` counts those of a message that is on its way, which is tried again at `retry_at`.
    """

    subscription: Subscription
    next_at: str
    told_at: str
    attempts: int
    retry_at: str
    snoozed: Mapping[str, str]


def standing(connection: Connection, held: Subscription, now: datetime) -> Standing:
    """What becomes of a subscription: when it tells next, when it told last, and what is snoozed."""
    following = rhythm.following(held, now) if held.tells else None
    told_at, waiting = store.last_sent(connection, held.user_id), store.waiting(connection, held.user_id)
    retry_at = waiting.retry_at if waiting and held.tells and not rhythm.is_snoozed(held, now) else ""
    snoozed = store.snoozed(connection, held.user_id, rhythm.today(held, now).isoformat())
    next_at, attempts = stamp(following) if following else "", waiting.attempts if waiting else 0
    return Standing(held, next_at, told_at, attempts, retry_at, snoozed)
