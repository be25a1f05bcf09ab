"""What people say about search: synonyms, curations, boosts, their versions, and a preview of what they change."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from kb.wire.base import Page, Strict

Text = Annotated[str, Field(min_length=1, max_length=200)]
ArticleIds = Annotated[list[Annotated[str, Field(min_length=1, max_length=512)]], Field(max_length=100)]
Locale = Annotated[str, Field(max_length=35, description="Only for questions in its language; empty for all.")]
Space = Annotated[str, Field(max_length=100, description="Only where this space is searched by itself; empty for all.")]
Numbers = Annotated[dict[Text, float], Field(max_length=200)]


class SynonymIn(Strict):
    terms: list[Text] = Field(
        min_length=1,
        max_length=50,
        examples=[["refund", "money back", "환불"]],
        description="They stand for each other.",
    )
    to: list[Text] = Field(default_factory=list, max_length=50, description="What `terms` stand for, one way.")
    locale: Locale = ""
    space: Space = ""


class SynonymOut(BaseModel):
    id: str
    terms: list[str]
    to: list[str]
    locale: str
    space: str


class SynonymsOut(Page):
    synonyms: list[SynonymOut]


class CurationIn(Strict):
    query: str = Field(min_length=1, max_length=200, examples=["환불"])
    match: Literal["exact", "contains"] = Field(
        "exact", description="`exact` ignores case, width and what a question ends in; `contains` looks for the words."
    )
    pin: ArticleIds = Field(default_factory=list, description="Articles that come first, in this order.")
    hide: ArticleIds = Field(default_factory=list, description="Articles that are left out.")
    from_: str = Field("", max_length=40, alias="from", examples=["2026-12-01"], description="A day or a time.")
    until: str = Field("", max_length=40, description="A day, until its end, or a time.")
    locale: Locale = ""
    space: Space = ""
    note: str = Field("", max_length=2_000)


class CurationOut(BaseModel):
    """Articles that the reader may not read are not named."""

    id: str
    query: str
    match: Literal["exact", "contains"]
    pin: list[str]
    hide: list[str]
    from_: str = Field(alias="from")
    until: str
    locale: str
    space: str
    note: str


class CurationsOut(Page):
    curations: list[CurationOut]


class BoostsIn(Strict):
    """What is not said is as this release has it."""

    standing: Numbers = Field(
        default_factory=dict,
        examples=[{"verified": 0.01}],
        description="verified, fresh, helpful, featured, and the bound of their sum: 0 to 0.1.",
    )
    labels: Numbers = Field(
        default_factory=dict, examples=[{"how-to": 0.02}], description="What an article's label adds: −0.1 to 0.1."
    )
    fields: Numbers = Field(
        default_factory=dict,
        examples=[{"title": 1.5}],
        description="Factors of lexical fields' weights, 0 to 3: title, headings, words, …",
    )


class BoostsOut(BaseModel):
    standing: dict[str, float]
    labels: dict[str, float]
    fields: dict[str, float]


class SettingsVersionOut(BaseModel):
    version: int
    at: str
    author: str
    note: str


class SettingsVersionsOut(Page):
    versions: list[SettingsVersionOut]


class SettingsOut(SettingsVersionOut):
    synonyms: list[SynonymOut]
    curations: list[CurationOut]
    boosts: BoostsOut


class SynonymDraft(SynonymIn):
    id: str = Field("", max_length=100)


class CurationDraft(CurationIn):
    id: str = Field("", max_length=100)


class PreviewIn(Strict):
    """What is not given is as it is in effect."""

    synonyms: list[SynonymDraft] | None = Field(None, max_length=1_000)
    curations: list[CurationDraft] | None = Field(None, max_length=1_000)
    boosts: BoostsIn | None = None
    queries: list[Annotated[str, Field(min_length=1, max_length=2_000)]] | None = Field(
        None, min_length=1, max_length=200
    )
    top: int = Field(20, ge=1, le=200, description="Without `queries`, so many of those that are asked most often.")
    limit: int = Field(5, ge=1, le=100, description="Results that are compared.")
    space: str | None = Field(None, max_length=100, description="Only articles of this space.")


class FoundOut(BaseModel):
    id: str
    title: str


class ComparedOut(BaseModel):
    query: str
    changed: bool
    old: list[FoundOut]
    new: list[FoundOut]
    moved: list[str]
    appeared: list[str]
    vanished: list[str]


class PreviewOut(BaseModel):
    changed: int = Field(description="Questions with other results.")
    queries: list[ComparedOut]
