"""How users want to be told, what they were told, and what is on its way to them.

What there is to tell, and when, is decided in `articles.digests`. Times are `kb.times`'s; days are ISO 8601.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from kb.errors import Conflict, NotFound
from kb.models import STATES, Actor, Reader, VersionState
from kb.store import audit, people
from kb.store.articles import visible
from kb.store.database import batches
from kb.store.schema import articles, versions
from kb.store.schema import audit as audit_log
from kb.store.schema_digests import deliveries, snoozes, subscriptions, told

Channel = Literal["email", "webhook"]
Rhythm = Literal["off", "daily", "weekdays", "weekly"]
Language = Literal["en", "ko"]

SNOOZES = 1_000  # things that one user may have snoozed


@dataclass(frozen=True)
class Subscription:
    """How a user wants to be told. `weekday` 0 is Monday; `hour` is 0..23 in the IANA `zone`; `most` items at once.

    `rest` is whether they also hear what nobody else is told. `handled_at` is up to when the rhythm is looked after.
    `refused` says that the `error` is for good. The secret is in no `repr`.
    """

    user_id: str
    channel: Channel
    address: str
    rhythm: Rhythm
    weekday: int
    hour: int
    zone: str
    language: Language
    most: int
    rest: bool
    secret: str = field(default="", repr=False)
    snoozed_until: str = ""
    handled_at: str = ""
    error: str = ""
    refused: bool = False
    at: str = ""

    @property
    def tells(self) -> bool:
        """Whether anything will be sent, sooner or later."""
        return self.rhythm != "off" and not self.refused


@dataclass(frozen=True)
class Delivery:
    """One message that is on its way. Its id is what its Message-ID or Idempotency-Key is made of; `items` are keys."""

    id: str
    user_id: str
    items: Sequence[str]
    attempts: int
    retry_at: str


@dataclass(frozen=True)
class Told:
    """What a user was told of a thing: when it began, the grade of its severity, and how many readers it hurt.

    `article` is that of a flag. `at` is when it was told, "" before.
    """

    key: str
    article: str
    since: str
    grade: int
    hurts: float
    at: str = ""


@dataclass(frozen=True)
class Working:
    """A text that waits for somebody: in review, or sent back to its author, `since` then with this note."""

    article_id: str
    title: str
    owner: str
    number: int
    state: VersionState
    author: str
    note: str
    since: str


# --- subscriptions -------------------------------------------------------------------------------------------


def subscription(connection: Connection, user_id: str) -> Subscription:
    """Raises: NotFound."""
    found = _subscriptions(connection, subscriptions.c.user_id == people.canonical(user_id))
    if not found:
        raise NotFound(f"user {people.canonical(user_id)!r} has no digest")
    return found[0]


def listed(connection: Connection, *, after: str = "", limit: int = 100_000) -> list[Subscription]:
    """Subscriptions in the order of their users' ids, those after one."""
    return _subscriptions(connection, subscriptions.c.user_id > after, limit)


def _subscriptions(connection: Connection, where: ColumnElement[bool], limit: int = 1) -> list[Subscription]:
    query = select(subscriptions).where(where).order_by(subscriptions.c.user_id).limit(limit)
    return [Subscription(**row._asdict()) for row in connection.execute(query)]


def subscribe(connection: Connection, actor: Actor, wanted: Subscription) -> None:
    """Keep how a user wants to be told, in place of what there was; their snoozes and what they were told stay.

    Raises:
        NotFound: no such user.
    """
    user = people.get_user(connection, wanted.user_id)
    values = {**asdict(wanted), "user_id": user.id}
    connection.execute(upsert(subscriptions).values(values).on_conflict_do_update(["user_id"], set_=values))
    details = {"channel": wanted.channel, "rhythm": wanted.rhythm}
    audit.record(connection, actor, "digest.subscribe", [f"user:{user.id}"], **details, rest=wanted.rest)


def unsubscribe(connection: Connection, actor: Actor, user_id: str) -> None:
    """Tell a user no more, and forget what they were told.

    Raises:
        NotFound: they were not told anything.
    """
    held = subscription(connection, user_id)
    for table in (subscriptions, deliveries, told, snoozes):
        connection.execute(delete(table).where(table.c.user_id == held.user_id))
    audit.record(connection, actor, "digest.unsubscribe", [f"user:{held.user_id}"])


def stop(connection: Connection, actor: Actor, user_id: str) -> None:
    """Tell a user no more; how they wanted it, and what they were told, is kept."""
    change(connection, user_id, rhythm="off")
    audit.record(connection, actor, "digest.stop", [f"user:{user_id}"])


def change(connection: Connection, user_id: str, **values: Any) -> None:
    """Write columns of a subscription; nothing where there is none any more."""
    connection.execute(update(subscriptions).where(subscriptions.c.user_id == user_id).values(values))


# --- snoozes -------------------------------------------------------------------------------------------------


def snooze(connection: Connection, user_id: str, what: str, until: str, today: str) -> None:
    """Say nothing of a thing before a day; "" ends that. What has ended by itself is forgotten.

    Raises:
        Conflict: too many things are snoozed.
    """
    own = snoozes.c.user_id == user_id
    connection.execute(delete(snoozes).where(own, or_(snoozes.c.what == what, snoozes.c.until <= today)))
    if not until:
        return
    if connection.execute(select(func.count()).where(own)).scalar_one() >= SNOOZES:
        raise Conflict(f"user {user_id!r} has snoozed {SNOOZES:,} things, which is all that may be")
    connection.execute(insert(snoozes).values(user_id=user_id, what=what, until=until))


def snoozed(connection: Connection, user_id: str, today: str) -> dict[str, str]:
    """The things that a user hears nothing of today, and until when."""
    query = select(snoozes.c.what, snoozes.c.until).where(snoozes.c.user_id == user_id, snoozes.c.until > today)
    return {row.what: row.until for row in connection.execute(query.order_by(snoozes.c.what))}


# --- what is on its way --------------------------------------------------------------------------------------


def under_way(connection: Connection) -> dict[str, Delivery]:
    """The message that is on its way to each user."""
    return {found.user_id: found for found in _open(connection)}


def waiting(connection: Connection, user_id: str) -> Delivery | None:
    """The message that is on its way to a user."""
    return next(_open(connection, deliveries.c.user_id == user_id), None)


def _open(connection: Connection, *where: ColumnElement[bool]) -> Iterator[Delivery]:
    columns = [deliveries.c[name] for name in Delivery.__dataclass_fields__]
    rows = connection.execute(select(*columns).where(deliveries.c.state == "open", *where))
    return (Delivery(**row._asdict()) for row in rows)


def begin(connection: Connection, delivery: Delivery, at: str) -> None:
    """Write down that a message is about to be sent: should this process end now, it is sent again as the same."""
    values = {**asdict(delivery), "items": list(delivery.items), "state": "open", "at": at, "ended_at": "", "error": ""}
    connection.execute(insert(deliveries).values(values))


def delay(connection: Connection, delivery: Delivery, retry_at: str, error: str) -> None:
    """It did not arrive, and may at another time."""
    values = {"attempts": delivery.attempts + 1, "retry_at": retry_at, "error": error}
    connection.execute(update(deliveries).where(deliveries.c.id == delivery.id).values(values))
    change(connection, delivery.user_id, error=error)


def refuse(connection: Connection, delivery: Delivery, at: str, error: str, *, gone: bool = False) -> None:
    """It will not arrive at this address, ever. `gone`: nothing is wanted there any more."""
    _end(connection, delivery, "refused", at, error)
    off = {"rhythm": "off", "refused": False} if gone else {"refused": True}
    change(connection, delivery.user_id, error=error, **off)


def drop(connection: Connection, delivery: Delivery, at: str) -> None:
    """Nothing of it is so any more."""
    _end(connection, delivery, "dropped", at, "")


def arrived(connection: Connection, delivery: Delivery, items: Iterable[Told], at: str) -> None:
    """It was delivered, and these things are told."""
    _end(connection, delivery, "sent", at, "")
    change(connection, delivery.user_id, error="")
    for item in items:
        values = {"user_id": delivery.user_id, **asdict(item), "at": at}
        connection.execute(upsert(told).values(values).on_conflict_do_update(["user_id", "key"], set_=values))


def _end(connection: Connection, delivery: Delivery, state: str, at: str, error: str) -> None:
    values = {"state": state, "ended_at": at, "error": error, "attempts": delivery.attempts + 1}
    connection.execute(update(deliveries).where(deliveries.c.id == delivery.id).values(values))


def last_sent(connection: Connection, user_id: str) -> str:
    """When a user was told something last; "" for never."""
    sent = deliveries.c.user_id == user_id, deliveries.c.state == "sent"
    return connection.execute(select(func.max(deliveries.c.ended_at)).where(*sent)).scalar() or ""


def forget_deliveries(connection: Connection, at: str) -> None:
    """Delete what ended before a time."""
    connection.execute(delete(deliveries).where(deliveries.c.ended_at != "", deliveries.c.ended_at < at))


# --- what was told -------------------------------------------------------------------------------------------


def told_to(connection: Connection, user_id: str) -> Mapping[str, Told]:
    """What a user was told of, by key."""
    columns = [told.c[name] for name in Told.__dataclass_fields__]
    rows = connection.execute(select(*columns).where(told.c.user_id == user_id))
    return {row.key: Told(**row._asdict()) for row in rows}


def forget_told(connection: Connection, user_id: str, keys: Collection[str]) -> None:
    """Forget that a user was told of things that are settled: should they come back, that is news."""
    for some in batches(keys):
        connection.execute(delete(told).where(told.c.user_id == user_id, told.c.key.in_(some)))


def waiting_texts(connection: Connection, reader: Reader) -> list[Working]:
    """Texts in review, and those that were sent back to their authors, of articles that a reader may see."""
    columns = (articles.c.id.label("article_id"), articles.c.title, articles.c.owner, versions.c.number)
    query = (
        select(*columns, versions.c.state, versions.c.author, versions.c.note, versions.c.created_at.label("since"))
        .join(versions, and_(versions.c.article_id == articles.c.id, versions.c.number == articles.c.working))
        .where(visible(reader, STATES), versions.c.state.in_(["in_review", "draft"]))
        .order_by(versions.c.created_at, articles.c.id)
    )
    found = [Working(**row._asdict()) for row in connection.execute(query)]
    declined = _declined(connection)
    back = (
        replace(w, since=at) for w in found if w.state == "draft" and (at := declined.get(w.article_id, "")) > w.since
    )
    return [*back, *(working for working in found if working.state == "in_review")]


def title_of(connection: Connection, article_id: str, reader: Reader) -> str:
    """The title of an article, whatever its state; "" where the reader may not see it."""
    query = select(articles.c.title).where(articles.c.id == article_id, visible(reader, STATES))
    return connection.execute(query).scalar() or ""


def _declined(connection: Connection) -> dict[str, str]:
    """When the text of each article was sent back last."""
    at = func.max(audit_log.c.at).label("at")
    query = select(audit_log.c.object, at).where(audit_log.c.action == "article.decline").group_by(audit_log.c.object)
    return {row.object.removeprefix("article:"): row.at for row in connection.execute(query)}
