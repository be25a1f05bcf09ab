"""How users are told what needs them. Times are ISO 8601 in UTC, null where there is none; days are local."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from kb.wire.base import Page, Strict
from kb.wire.people import Time

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Channel = Literal["email", "webhook"]
Rhythm = Literal["off", "daily", "weekdays", "weekly"]


class SubscriptionIn(Strict):
    channel: Channel = "email"
    address: str = Field(
        max_length=1_000,
        examples=["kim@example.com"],
        description="Of e-mail, or the https URL of a webhook, in ASCII.",
    )
    secret: str = Field(
        "", max_length=200, description="What a webhook is signed with, 16 to 200 characters; empty keeps the one held."
    )
    rhythm: Rhythm = "daily"
    weekday: Weekday = Field("mon", description="Of a weekly digest.")
    hour: Annotated[int, Field(ge=0, le=23)] = 9
    zone: str = Field("UTC", max_length=64, examples=["Asia/Seoul"], description="IANA time zone of the hour.")
    language: Literal["en", "ko"] = "en"
    most: Annotated[int, Field(ge=1, le=100, description="Items at once; the rest waits for the next digest.")] = 20
    rest: bool = Field(False, description="Also what nobody else is told, such as of articles without an owner.")


class SnoozedOut(BaseModel):
    what: str = Field(examples=["article:refunds"], description="The key of an item, or `article:` and its id.")
    until: date


class SubscriptionOut(BaseModel):
    user: str
    channel: Channel
    address: str
    rhythm: Rhythm
    weekday: Weekday
    hour: int
    zone: str
    language: Literal["en", "ko"]
    most: int
    rest: bool
    snoozed_until: date | None = Field(description="The day on which it goes on.")
    snoozes: list[SnoozedOut]
    next_at: Time = Field(description="When it is sent next, should there be something to tell.")
    told_at: Time = Field(description="When something was sent last.")
    error: str | None = Field(description="Why nothing arrives; null while all is well.")
    attempts: int = Field(description="How often the digest that is on its way was tried; 0 while none is.")
    retry_at: Time = Field(description="When it is tried again.")
    refused: bool = Field(description="The error is for good: nothing is sent until this is saved again.")


class SubscriptionsOut(Page):
    subscriptions: list[SubscriptionOut]


class DigestFlagOut(BaseModel):
    key: str = Field(description="What it alone is snoozed by.")
    check: str
    severity: str
    why: str
    quote: str
    line: int
    hurts: float
    since: str


class ItemOut(BaseModel):
    """A thing to see to: an article with its flags, or one suggestion, text or gap."""

    key: str = Field(description="What it is snoozed by.")
    kind: Literal["returned", "review", "edit", "flag", "gap"]
    title: str
    why: str = Field(description="Empty of flags, each of which has its own.")
    quote: str
    article: str = Field(description="Its id; empty of a gap.")
    gap: str = Field(description="Its id; empty of anything else.")
    url: str = Field(description="Where it is read; empty without `public_url`, and of gaps, which have no page.")
    flags: list[DigestFlagOut] = Field(description="What is new of the article, of the kind `flag`.")
    hurts: float = Field(description="Readers in 90 days; of a gap, how often it was asked.")
    since: str


class DigestOut(BaseModel):
    """What would be sent now. Without items nothing would be."""

    subject: str
    text: str
    html: str
    items: list[ItemOut]
    more: int = Field(description="What is new and did not fit.")


class SnoozeIn(Strict):
    until: date | None = Field(strict=False, description="The day from which on it is told again; null ends a snooze.")
    item: str = Field("", max_length=200, description="Only this item of a digest, by its key.")
    article: str = Field("", max_length=512, description="Only this article.")
