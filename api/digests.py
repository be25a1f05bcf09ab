"""How users are told what needs them: their own subscription, what it would say now, and what it is not to say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse

from api.access import Admin, Analyst, address
from api.conventions import Cursor, Limit, from_cursor, page
from api.idempotency import Once, without_replay
from api.problems import problems
from api.state import Kb
from api.templating import language_for
from articles import digests
from articles.digests import stopping
from kb.errors import Forbidden
from kb.models import Actor, Reader
from kb.store import Connection
from kb.store import digests as store
from kb.store.digests import Language, Subscription
from kb.wire.digests import (
    DigestOut,
    SnoozedOut,
    SnoozeIn,
    SubscriptionIn,
    SubscriptionOut,
    SubscriptionsOut,
)

router = APIRouter(responses=problems(), route_class=Once, tags=["digest"])
_plain = APIRouter(dependencies=[Depends(without_replay)], tags=["digest"])  # what carries a secret
_mail = APIRouter(include_in_schema=False)  # what a mail leads to: pages, of no version of the API
_UNSEEN = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
UserId = Annotated[str, Path(max_length=200, examples=["kim@example.com"])]


def _user(actor: Analyst) -> str:
    """The user who asks, by their id.

    Raises:
        Forbidden: it is a key, or the operator.
    """
    kind, _, name = actor.name.partition(":")
    if kind != "user":
        raise Forbidden(f"{actor.name} is no user, and only users are told anything")
    return name


User = Annotated[str, Depends(_user)]


@router.get("/v1/digest/subscription", responses=problems(404))
def get_subscription(kb: Kb, user: User) -> SubscriptionOut:
    """How you are told what needs you."""
    with kb.home.database.read() as connection:
        return _shown(connection, store.subscription(connection, user))


@_plain.put("/v1/digest/subscription")
def put_subscription(kb: Kb, actor: Analyst, user: User, body: SubscriptionIn) -> SubscriptionOut:
    """Say how you want to be told. What you were told and snoozed stays so."""
    with kb.home.database.write() as connection:
        return _kept(connection, actor, user, body)


@router.delete("/v1/digest/subscription", status_code=204, responses=problems(404))
def delete_subscription(kb: Kb, actor: Analyst, user: User) -> None:
    """Be told no more."""
    with kb.home.database.write() as connection:
        store.unsubscribe(connection, actor, user)


@router.get("/v1/digest/preview", responses=problems(404))
def preview_digest(kb: Kb, user: User) -> DigestOut:
    """What would be sent to you now."""
    kb.look()
    with kb.home.database.read() as connection:
        found = digests.preview(connection, user, kb.settings, datetime.now(UTC)).digest
    return DigestOut.model_validate({**found.as_json(), "html": found.html})


@router.post("/v1/digest/snooze", responses=problems(404, 409))
def snooze_digest(kb: Kb, user: User, body: SnoozeIn) -> SubscriptionOut:
    """Hear nothing before a day: of an item, of an article, or at all."""
    now = datetime.now(UTC)
    with kb.home.database.write() as connection:
        digests.snooze(connection, user, body.until, now, item=body.item, article=body.article)
        return _shown(connection, store.subscription(connection, user))


@router.get("/v1/digest/subscriptions")
def list_subscriptions(kb: Kb, actor: Admin, limit: Limit = 50, cursor: Cursor = "") -> SubscriptionsOut:
    """How everybody is told, in the order of their ids, and what keeps it from arriving."""
    (after,) = from_cursor(cursor, "")
    with kb.home.database.read() as connection:
        found = store.listed(connection, after=after, limit=limit + 1)
        shown, following = page(found, limit, lambda held: (held.user_id,))
        return SubscriptionsOut(subscriptions=[_shown(connection, held) for held in shown], next=following)


@_plain.put("/v1/digest/subscriptions/{user_id}", responses=problems(404))
def put_subscription_of(kb: Kb, actor: Admin, user_id: UserId, body: SubscriptionIn) -> SubscriptionOut:
    """Say how a user is told."""
    with kb.home.database.write() as connection:
        return _kept(connection, actor, user_id, body)


def _kept(connection: Connection, actor: Actor, user_id: str, body: SubscriptionIn) -> SubscriptionOut:
    wanted = {**body.model_dump(), "weekday": digests.DAYS.index(body.weekday)}
    made = digests.subscribe(connection, actor, user_id, cast(digests.Wanted, wanted), datetime.now(UTC))
    return _shown(connection, made)


def _shown(connection: Connection, held: Subscription) -> SubscriptionOut:
    """A subscription without its secret."""
    found = digests.standing(connection, held, datetime.now(UTC))
    values = {key: value for key, value in vars(held).items() if key in SubscriptionOut.model_fields}
    values |= {"user": held.user_id, "weekday": digests.DAYS[held.weekday], "error": held.error or None}
    values |= {"next_at": found.next_at, "told_at": found.told_at, "snoozed_until": held.snoozed_until or None}
    values |= {"attempts": found.attempts, "retry_at": found.retry_at}
    snoozes = [SnoozedOut.model_validate({"what": what, "until": until}) for what, until in found.snoozed.items()]
    return SubscriptionOut.model_validate({**values, "snoozes": snoozes})


@_mail.get(f"{stopping.PATH}/{{token}}")
def stop_page(request: Request, kb: Kb, token: str) -> HTMLResponse:
    """Ask whether a digest is to end, where a mail program opens the address instead of posting to it."""
    with kb.home.database.read() as connection:
        held = stopping.find(connection, kb.home.pseudonyms, token)
    return _page(request, held, "stop_question")


@_mail.post(f"{stopping.PATH}/{{token}}")
def stop(request: Request, kb: Kb, token: str) -> HTMLResponse:
    """End the digest whose mails name this address; whoever has the mail may, without signing in."""
    found = Actor("anonymous", Reader(), frozenset(), address(request), request.state.request_id)
    with kb.home.database.write() as connection:
        held = stopping.find(connection, kb.home.pseudonyms, token)
        if held is not None:
            stopping.stop(connection, found, held)
    return _page(request, held, "stopped")


def _page(request: Request, held: Subscription | None, said: stopping.Words) -> HTMLResponse:
    """A page in the language of a digest; where there is none, 404 in the browser's."""
    if held is not None:
        return HTMLResponse(stopping.page(held.language, said), headers=_UNSEEN)
    language = cast(Language, language_for(request))
    return HTMLResponse(stopping.page(language, "stops_nothing"), 404, _UNSEEN | {"Vary": "Accept-Language"})


router.include_router(_plain)
router.include_router(_mail)
