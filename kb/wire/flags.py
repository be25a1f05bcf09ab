"""What is stale or wrong, the checks that say so, and what people say of these."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from kb.wire.base import Page, Strict

Severity = Literal["low", "medium", "high"]
ArticleId = Annotated[str, Field(min_length=1, max_length=512)]
CheckName = Annotated[str, Field(min_length=1, max_length=64, examples=["broken_link"])]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", examples=["2027-03-31"])]


class FlagOut(BaseModel):
    id: int
    check: str
    severity: Severity
    message: str = Field(description="What is wrong, in the language that was asked for.")
    line: int = Field(description="In the article's source, from 1; 0 where it lies in no one line.")
    quote: str = Field(description="What stands there.")
    fix: str = Field(description="What to do, in that language.")
    evidence: dict[str, Any]
    hurts: float = Field(description="Readers in 90 days whom it probably hurts.")
    first_seen: str


class ReasonOut(BaseModel):
    name: str
    message: str = Field(description="In the language that was asked for.")
    value: float
    contribution: float = Field(description="To the log-odds that the article needs work.")
    evidence: dict[str, Any]


class HealthOut(BaseModel):
    id: str
    title: str
    owner: str
    space: str
    locale: str
    source: str
    score: float = Field(description="0 to 100: the mean of the checks, weighted by how much each hurts a reader.")
    needs_work: float = Field(description="0 to 1: the chance that somebody must act.")
    readers: float = Field(description="Those of 90 days.")
    damage: float = Field(description="Those of them whom a flag hurts.")
    reasons: list[ReasonOut]
    flags: list[FlagOut]


class FlagsOut(Page):
    articles: list[HealthOut]


class CheckOut(BaseModel):
    name: str
    severity: Severity
    why: str = Field(description="What its fault does to readers, in the language that was asked for.")
    enabled: bool
    options: dict[str, float | list[str]]
    defaults: dict[str, float | list[str]]
    flags: int = Field(description="That stand, of those that you may see.")


class ChecksOut(Page):
    checks: list[CheckOut]


class CheckIn(Strict):
    """What is left out stays as it is; an option that is null goes back to its default."""

    enabled: bool | None = None
    options: dict[Annotated[str, Field(max_length=64)], float | list[str] | None] = Field({}, max_length=20)


class WaiverIn(Strict):
    article: ArticleId
    check: CheckName
    reason: str = Field(min_length=1, max_length=1000)
    until: Day


class WaiverOut(BaseModel):
    article: str
    check: str
    reason: str
    author: str
    at: str
    until: str = Field(description="The last day that it holds.")


class WaiversOut(Page):
    waivers: list[WaiverOut]


class DueOut(BaseModel):
    article: str
    severity: Severity = Field(description="Of its worst flag.")
    damage: float
    flags: int
    due: str = Field(description="The day on which its week begins.")


class OwnersPlan(BaseModel):
    owner: str
    ends: str
    articles: list[DueOut]


class PlanOut(BaseModel):
    """Who does what in which week, so that nobody is sent everything at once."""

    start: str
    capacity: int = Field(description="Articles a week and owner.")
    owners: list[OwnersPlan]
