"""Questions, tickets and what they find, and what people do with it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from kb.wire.base import Strict

EventKind = Literal[
    "settled", "shown", "clicked", "inserted", "helped", "not_helped", "dismissed", "contacted", "solved"
]
_SETTLED: bool = Field(
    True, description="False while it is being typed: it counts for nothing until an event names its `search_id`."
)


class SearchIn(Strict):
    query: str = Field(min_length=1, max_length=20_000, examples=["환불은 언제까지 되나요?"])
    locale: str | None = Field(None, max_length=35, examples=["ko"], description="Only articles of this locale.")
    product: str | None = Field(None, max_length=200, description="Only articles of this product.")
    space: str | None = Field(None, max_length=100, description="Only articles of this space.")
    visitor: str = Field(
        "", max_length=500, description="Who asks, as the host page knows them: kept as a keyed hash, to be erased by."
    )
    limit: int = Field(5, ge=1, le=100)
    explain: bool = Field(False, description="Show each leg's score and rank.")
    exact: bool = Field(False, description="Search for what is written: no spelling is corrected.")
    settled: bool = _SETTLED
    channel: Literal["search", "page"] = Field(
        "search", description="`page`: the words are those of the page that somebody is on, and nobody's question."
    )


class MessageIn(Strict):
    author: Literal["customer", "agent"] = "customer"
    text: str = Field(max_length=100_000)


class TicketIn(Strict):
    subject: str = Field("", max_length=2_000)
    messages: list[MessageIn] = Field(max_length=1_000)
    locale: str | None = Field(None, max_length=35)
    product: str | None = Field(None, max_length=200)
    dismissed: list[str] = Field(
        default_factory=list, max_length=1_000, description="Ids of articles that an agent said do not fit here."
    )


class SuggestIn(Strict):
    ticket: TicketIn | str = Field(
        description="A ticket, or its text.",
        examples=[{"subject": "App closes", "messages": [{"text": "The app keeps crashing on launch."}]}],
    )
    limit: int = Field(5, ge=1, le=100)
    locale: str | None = Field(None, max_length=35, description="The agent's language: reasons are given in it.")
    settled: bool = _SETTLED


class EventIn(Strict):
    search_id: str = Field(max_length=64, description="The `search_id` of the response that it is about.")
    kind: EventKind
    article_id: str = Field("", max_length=512)
    data: dict[str, str | int | float | bool | None] = Field(default_factory=dict, max_length=20)


class Hit(BaseModel):
    id: str
    title: str
    locale: str
    audience: str
    product: str
    score: float = Field(description="What ranks: in about 0..1, comparable between questions.")
    confidence: float = Field(description="P(this article answers the question), 0..1.")
    heading_path: list[str]
    anchor: str
    snippet: str
    highlights: list[tuple[int, int]] = Field(description="Offsets into `snippet`, in characters.")
    source: str
    lines: tuple[int, int]
    also: list[str] = Field(description="Articles that say the same in nearly the same words, and are not shown again.")
    why: str | None = None
    explain: dict[str, Any] | None = None


class SearchOut(BaseModel):
    search_id: str
    query: str = Field(description="What was searched, personal data masked.")
    corrections: list[tuple[str, str]] = Field(
        description="Words of the question that were taken for misspelt, as (written, meant); `exact` undoes it."
    )
    language: str
    answerable: float = Field(description="P(the knowledge base answers the question), 0..1.")
    verdict: Literal["answer", "maybe", "none"]
    hits: list[Hit]


class CompletionOut(BaseModel):
    text: str
    kind: Literal["title", "heading", "query"]
    article: str = Field(description="The id of the article that it is from; empty for a past question.")
    locale: str


class CompletionsOut(BaseModel):
    completions: list[CompletionOut]


class RelatedArticle(BaseModel):
    id: str
    title: str
    locale: str
    audience: str
    score: float = Field(description="Cosine of the articles' mean vectors.")


class RelatedOut(BaseModel):
    articles: list[RelatedArticle]
