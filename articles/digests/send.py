"""Sends what is due: to each user in their rhythm, once.

What is about to be sent is written down first, under an id; then it is sent; then it is written down as told. A process
that ends between the last two sends that one digest again, as the same: with the same Message-ID or Idempotency-Key,
so that a receiver can drop it. It is written anew from what stands then: nobody is sent what they may read no more.
"""

from __future__ import annotations

import logging
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from articles.digests import mail, rhythm, stopping, webhook
from articles.digests.addresses import Delayed, Refused
from articles.digests.choose import Choice, Pace, choose
from articles.digests.compose import Digest, compose
from articles.digests.items import SOURCES, Circle, Gathered, Item, Source, together
from articles.digests.mail import MailServerDown
from kb.errors import KbError
from kb.jobs import Progress
from kb.models import EVERYTHING
from kb.settings import Settings
from kb.store import Connection, Database
from kb.store import digests as store
from kb.store.digests import Delivery, Subscription, Told
from kb.times import stamp
from kb.words import count

if TYPE_CHECKING:
    from articles.health.run import Examiner

log = logging.getLogger(__name__)

SECONDS = 300.0  # between two looks at what is due
FIRST, LONGEST = timedelta(minutes=5), timedelta(hours=6)  # until the first retry, and between any two
_WEEK = timedelta(days=7, hours=-1)  # so that a weekly digest does not find the last one in it
_KEPT = timedelta(days=90)  # for which it is known what was sent


@dataclass(frozen=True)
class Preview:
    """What would be told one user now."""

    subscription: Subscription
    digest: Digest


@dataclass
class _Round:
    """One look at everybody. `down` is why the mail server takes nothing, "" while it does."""

    database: Database
    settings: Settings
    now: datetime
    gathered: Gathered
    counts: Counter[str] = field(default_factory=Counter)
    down: str = ""

    @property
    def at(self) -> str:
        return stamp(self.now)


def send_due(
    database: Database,
    settings: Settings,
    now: datetime,
    progress: Progress,
    *,
    sources: Sequence[Source] = SOURCES,
) -> Counter[str]:
    """Send every digest that is due: how many were sent, delayed, refused and empty. One process at a time.

    Raises:
        KbError: the mail server takes nothing; what goes elsewhere is sent.
        Cancelled: the job is asked to end; what was sent is written down.
    """
    round_ = _Round(database, settings, now, Gathered(sources, now))
    with database.write() as connection:
        store.forget_deliveries(connection, stamp(now - _KEPT))
        wanted, on_way = _wanted(connection, now), store.under_way(connection)
    for number, held in enumerate(wanted):
        progress.report(f"telling {held.user_id}", number, len(wanted))
        with database.read() as connection:  # telling others takes time, in which somebody may leave
            circle = Circle.of(connection)
        present = circle.subscriptions.get(held.user_id)
        if present and present.tells:
            _tell(round_, circle, present, on_way.get(held.user_id))
    said = ", ".join(f"{number} {what}" for what, number in sorted(round_.counts.items()))
    progress.report(said or "nobody is to be told anything now", len(wanted), len(wanted))
    if round_.down:
        raise KbError(f"{round_.down}; {count(round_.counts['delayed'], 'digest waits', 'digests wait')}")
    return round_.counts


def tell(examiner: Examiner, now: datetime, progress: Progress) -> None:
    """Look at the articles and send what is due. Where nobody is to be told anything, nothing is looked at.

    Raises:
        KbError, Cancelled: as `send_due` does.
    """
    home = examiner.home
    with home.database.read() as connection:
        somebody = bool(_wanted(connection, now))
    if somebody:
        examiner.look(now, progress.report)
    send_due(home.database, home.settings, now, progress)


def _wanted(connection: Connection, now: datetime) -> list[Subscription]:
    """Those who are to be told something now."""
    on_way, circle = store.under_way(connection), Circle.of(connection)
    return [held for held in circle.subscriptions.values() if _is_wanted(held, on_way.get(held.user_id), now)]


def _is_wanted(held: Subscription, delivery: Delivery | None, now: datetime) -> bool:
    """Whether a time to tell has come, or the last attempt is to be repeated."""
    if delivery is None:
        return rhythm.is_due(held, now)
    return held.tells and not rhythm.is_snoozed(held, now) and delivery.retry_at <= stamp(now)


def _tell(round_: _Round, circle: Circle, held: Subscription, delivery: Delivery | None) -> None:
    """Tell one user; what becomes of it is counted."""
    if held.channel == "email" and round_.down:
        round_.counts["delayed"] += 1
        return
    with round_.database.read() as connection:
        standing = circle.items(connection, held, round_.gathered)
        told = store.told_to(connection, held.user_id)
        choice = (
            _again(standing, delivery)
            if delivery
            else _news(connection, held, standing, told, round_.settings, round_.now)
        )
    with round_.database.write() as connection:
        # what is settled is forgotten: should it come back, it is news
        store.forget_told(connection, held.user_id, told.keys() - {item.key for item in standing})
        store.change(connection, held.user_id, handled_at=round_.at)
        if delivery is None and choice.items:
            delivery = Delivery(uuid.uuid4().hex, held.user_id, [i.key for i in choice.items], 0, round_.at)
            store.begin(connection, delivery, round_.at)
        elif delivery and not choice.items:
            store.drop(connection, delivery, round_.at)
    if delivery is None or not choice.items:
        round_.counts["empty"] += 1
        return
    _deliver(round_, held, delivery, _composed(choice, circle, held, round_.settings, round_.now), choice)


def _news(
    connection: Connection,
    held: Subscription,
    standing: Sequence[Item],
    told: Mapping[str, Told],
    settings: Settings,
    now: datetime,
) -> Choice:
    """What is told a user now."""
    snoozed = store.snoozed(connection, held.user_id, rhythm.today(held, now).isoformat())
    pace = Pace.of(told.values(), stamp(now - _WEEK), settings.articles_a_week)
    return choose(standing, told, snoozed, held.most, pace)


def _again(standing: Sequence[Item], delivery: Delivery) -> Choice:
    """What was to be told, as far as it still stands."""
    return Choice(tuple(item for item in standing if item.key in set(delivery.items)), 0)


def _composed(choice: Choice, circle: Circle, held: Subscription, settings: Settings, now: datetime) -> Digest:
    name, day = circle.users[held.user_id].name, rhythm.today(held, now)
    return compose(choice, name, held.language, day, settings.public_url)


def _deliver(round_: _Round, held: Subscription, delivery: Delivery, digest: Digest, choice: Choice) -> None:
    try:
        post(round_.settings, held, digest, delivery.id, round_.now)
    except Refused as error:
        round_.counts["refused"] += 1
        with round_.database.write() as connection:
            store.refuse(connection, delivery, round_.at, str(error), gone=error.gone)
    except Exception as error:  # one user's trouble keeps nothing from the others
        if not isinstance(error, Delayed | MailServerDown):
            log.exception("telling %s failed", held.user_id)
        round_.counts["delayed"] += 1
        round_.down = str(error) if isinstance(error, MailServerDown) else round_.down
        with round_.database.write() as connection:
            store.delay(connection, delivery, _retry_at(delivery, round_.now), _words(error))
    else:
        round_.counts["sent"] += 1
        with round_.database.write() as connection:
            store.arrived(connection, delivery, [item.told for item in choice.items], round_.at)


def post(settings: Settings, held: Subscription, digest: Digest, key: str, now: datetime) -> None:
    """Send a digest where a user wants it. `key` tells it from all others.

    Raises:
        Refused, Delayed, MailServerDown: it did not arrive.
    """
    if held.channel == "email":
        stop = stopping.address(settings, held)
        mail.send(settings, mail.message(digest, settings.mail_from, held.address, key, now, stop))
        return
    body = {"id": key, "user": held.user_id, "language": held.language, **digest.as_json()}
    private = settings.private_webhooks
    webhook.send(held.address, held.secret, body, key, int(now.timestamp()), private=private)


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, Delayed | MailServerDown) else f"{type(error).__name__}: {error}"[:300]


def _retry_at(delivery: Delivery, now: datetime) -> str:
    """Twice as long after each attempt."""
    return stamp(now + min(LONGEST, FIRST * 2 ** min(delivery.attempts, 10)))


# --- looking at it -------------------------------------------------------------------------------------------


def preview(
    connection: Connection,
    user_id: str,
    settings: Settings,
    now: datetime,
    *,
    gathered: Gathered | None = None,
) -> Preview:
    """What a user would be told if now were the time. `gathered` serves several looks at one moment.

    Raises:
        NotFound: they have no digest, or may not sign in.
    """
    held, circle = store.subscription(connection, user_id), Circle.of(connection)
    circle.user(held.user_id)
    standing, told = (
        circle.items(connection, held, gathered or Gathered(SOURCES, now)),
        store.told_to(connection, held.user_id),
    )
    choice = _news(connection, held, standing, told, settings, now)
    return Preview(held, _composed(choice, circle, held, settings, now))


def untold(connection: Connection, gathered: Gathered) -> dict[str, int]:
    """How many things nobody is told of, by their owner; "" those that nobody owns. The most first."""
    circle = Circle.of(connection)
    telling = [held for held in circle.subscriptions.values() if held.tells]
    told = {item.key for held in telling for item in circle.items(connection, held, gathered)}
    standing = (item for items in gathered.by_owner(connection, EVERYTHING).values() for item in items)
    things = together(item for item in standing if item.key not in told)
    return dict(Counter(items[0].owner for items in things).most_common())
