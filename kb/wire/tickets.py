"""Tickets, and the erasure of what is kept of a person. Times are ISO 8601 in UTC, null where there is none."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field

from kb.models import TicketState
from kb.wire.base import Page, Strict

Time = Annotated[str | None, BeforeValidator(lambda text: text or None)]
Moment = Annotated[AwareDatetime | None, Field(strict=False)]
Ids = Annotated[list[Annotated[str, Field(max_length=512)]], Field(max_length=1_000)]


class TurnIn(Strict):
    author: Literal["customer", "agent"] = "customer"
    text: str = Field(max_length=100_000)
    at: Moment = None


class IncomingTicket(Strict):
    id: str = Field(min_length=1, max_length=200, examples=["48213"], description="The help desk's own.")
    subject: str = Field("", max_length=2_000)
    messages: list[TurnIn] = Field(default_factory=list, max_length=1_000)
    requester: str = Field(
        "", max_length=320, description="E-mail address or id of who wrote it: only a keyed hash of it is kept."
    )
    locale: str = Field("", max_length=35)
    product: str = Field("", max_length=200)
    state: TicketState = "open"
    channel: str = Field("", max_length=100)
    linked: Ids = Field(default_factory=list, description="Ids of articles that it is linked to.")
    search_ids: Ids = Field(default_factory=list, description="`search_id`s of suggestions that were shown for it.")
    created_at: Moment = None
    updated_at: Moment = None
    closed_at: Moment = None
    space: str = Field("main", min_length=1, max_length=100)


class TurnOut(BaseModel):
    author: Literal["customer", "agent"]
    text: str = Field(description="Personal data masked.")
    at: Time


class TicketOut(BaseModel):
    id: str
    space: str
    state: TicketState
    subject: str = Field(description="Personal data masked.")
    messages: list[TurnOut]
    locale: str
    product: str
    channel: str
    linked: list[str] = Field(description="Also the articles that an agent's message links to.")
    search_ids: list[str]
    created_at: str
    updated_at: str
    closed_at: Time


class TicketsOut(Page):
    tickets: list[TicketOut]


class ErasureIn(Strict):
    person: str = Field(
        min_length=1, max_length=320, examples=["kim@example.com"], description="What they wrote or searched under."
    )


class ErasureOut(BaseModel):
    tickets: int
    searches: int
    events: int
