"""What coaches and coordinators are shown. A rate of fewer than five is null: that would tell of chance or a person."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from kb.wire.metrics import ShareOut


class TopicOut(BaseModel):
    name: str = Field(description="The words that were used most; personal data masked.")
    article_id: str = Field(description="The article that came first; empty where none was likely to answer.")
    title: str
    failed: ShareOut = Field(description="Searches with no result, with nothing done, or found not helpful, of all.")
    agents: int = Field(description="How many people, of those who are known.")


class ReusedOut(BaseModel):
    id: str
    title: str
    passages: int
    links: int
    copies: int
    others: int = Field(description="Inserted, and it is not known how.")
    agents: int = Field(description="How many people, of those who are known.")
    tickets: int = Field(description="Tickets closed in the period that are linked to it; 0 for one agent.")


class ContributionsOut(BaseModel):
    participation: ShareOut | None = Field(
        description="Users of support who suggested or wrote something, of all; null for one agent."
    )
    contributors: list[str] = Field(description="Their names in the order of the alphabet, where they are two or more.")
    suggestions_per_ticket: ShareOut | None = Field(
        description="Flags and fixes, to tickets closed: it may be above 1; null for one agent."
    )
    suggestions: int
    accepted: ShareOut = Field(description="Of those that were accepted or declined.")
    versions: int = Field(description="Texts that were written, drafts too.")


class CoachingOut(BaseModel):
    since: str = Field(alias="from")
    until: str
    space: str
    agent: str = Field(description="Whose it is; empty for everybody's.")
    topics: list[TopicOut] = Field(description="That were failed at, most often first.")
    withheld: int = Field(description="Topics that only one person searched for: they are that person's to see.")
    articles: list[ReusedOut] = Field(description="That were sent to customers, most often first.")
    contributions: ContributionsOut


class FlagAgesOut(BaseModel):
    week: int = Field(description="Younger than 7 days.")
    month: int = Field(description="… 30 days.")
    quarter: int = Field(description="… 91 days.")
    older: int


class OwnerBacklogOut(BaseModel):
    owner: str = Field(description="Empty for articles that nobody owns.")
    flags: int
    readers: float = Field(description="Whom they hurt in 90 days.")
    ages: FlagAgesOut
    edits: int = Field(description="Suggestions that are open.")
    in_review: int = Field(description="Drafts that wait to be approved.")
    overdue: int = Field(description="Articles whose verification has ended.")


class CheckBacklogOut(BaseModel):
    check: str
    severity: Literal["low", "medium", "high"]
    flags: int
    readers: float


class FlagFlowOut(BaseModel):
    since: str = Field(alias="from")
    until: str
    whole: bool
    opened: int
    closed: int


class CoordinationOut(BaseModel):
    since: str = Field(alias="from")
    until: str
    space: str
    owners: list[OwnerBacklogOut] = Field(description="In the order of the alphabet.")
    checks: list[CheckBacklogOut]
    tickets_without_article: ShareOut = Field(description="Of the tickets closed in the period.")
    flow: list[FlagFlowOut] = Field(description="Flags that were opened and closed in each week of the period.")
