"""What users ask of the API about their digests, and administrators about everybody's."""

from __future__ import annotations

from datetime import date
from typing import Any

from kb.client.requests import delete, get, of, post, put
from kb.client.transport import Call
from kb.wire.digests import DigestOut, SubscriptionOut, SubscriptionsOut

_OWN = "/v1/digest/subscription"


def subscription() -> Call[SubscriptionOut]:
    return get(_OWN, SubscriptionOut)


def put_subscription(address: str, **more: Any) -> Call[SubscriptionOut]:
    """`more` are the other fields of `kb.wire.digests.SubscriptionIn`."""
    return put(_OWN, SubscriptionOut, {"address": address, **more})


def remove_subscription() -> Call[None]:
    return delete(_OWN)


def preview_digest() -> Call[DigestOut]:
    """What would be sent now."""
    return get("/v1/digest/preview", DigestOut)


def snooze(until: date | None, *, item: str = "", article: str = "") -> Call[SubscriptionOut]:
    """Of an item, of an article, or of everything; None ends it."""
    body = {"until": until.isoformat() if until else None, "item": item, "article": article}
    return post("/v1/digest/snooze", SubscriptionOut, body, once=True)


def subscriptions(**wanted: Any) -> Call[SubscriptionsOut]:
    return get("/v1/digest/subscriptions", SubscriptionsOut, **wanted)


def put_subscription_of(user_id: str, address: str, **more: Any) -> Call[SubscriptionOut]:
    """`more` are the other fields of `kb.wire.digests.SubscriptionIn`."""
    return put(of("digest/subscriptions", user_id), SubscriptionOut, {"address": address, **more})
