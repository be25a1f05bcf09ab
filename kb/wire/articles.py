"""Articles: their texts, their life, their versions."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from kb.models import EditKind, EditState, State, VersionState
from kb.wire.base import MOST, Page, Strict

_ID = Field(min_length=1, max_length=512)
Markdown = Field(max_length=2_000_000, examples=["---\ntitle: Refunds\nlocale: en\n---\n\nWithin 14 days."])


class ArticleIn(Strict):
    markdown: str = Markdown
    publish: bool = Field(True, description="Go live at once; otherwise it is the text that is worked on.")
    note: str = Field("", max_length=2_000, description="Why it is changed.")
    source_version: int | None = Field(None, ge=1, le=MOST, description="Of a translation: the version of its source.")


class DescriptionIn(Strict):
    """What the front matter says. A key that is null is taken out; one that is not there stays."""

    title: str | None = Field(None, min_length=1, max_length=500)
    audience: str | None = Field(None, min_length=1, max_length=100)
    owner: str | None = Field(None, min_length=1, max_length=200)
    locale: str | None = Field(None, max_length=35)
    product: str | None = Field(None, max_length=200)
    space: str | None = Field(None, min_length=1, max_length=100)
    category: str | None = Field(None, max_length=200)
    tags: list[str] | None = Field(None, max_length=100)
    review_every: str | None = Field(None, max_length=20, examples=["90d", "never"])
    translation_of: str | None = Field(None, max_length=512)
    featured: bool | None = None


class TransitionIn(Strict):
    action: Literal[
        "submit", "approve", "decline", "discard", "publish", "archive", "restore", "unschedule", "verify", "doubt"
    ]
    note: str = Field("", max_length=2_000)
    at: str | None = Field(
        None, max_length=40, examples=["2026-12-01T09:00:00Z"], description="To publish or to archive later."
    )
    version: int | None = Field(None, ge=1, le=MOST, description="To restore.")


class MoveIn(Strict):
    to: str = _ID


class Working(BaseModel):
    """The text that is worked on."""

    version: int
    state: VersionState
    author: str
    note: str
    created_at: str
    approved_by: str


class Verification(BaseModel):
    status: Literal["verified", "needs_verification", "evergreen", "unverified"]
    on: str | None = None
    until: str | None = None


class Translation(BaseModel):
    id: str
    locale: str
    title: str


class Followed(BaseModel):
    """What a translation follows, and since when, and by which version of its source, it is behind."""

    source: str
    version: int
    since: str | None = None
    by: int | None = None
    now: int | None = None


class ArticleOut(BaseModel):
    """An article. With `fields` only those, and `id`; what only authors see is left out for others."""

    id: str
    version: int = 0
    revision: int = 0
    state: State = "published"
    title: str = ""
    locale: str = ""
    audience: str = ""
    space: str = ""
    category: str = ""
    product: str = ""
    owner: str = ""
    tags: list[str] = Field(default_factory=list)
    updated: str | None = None
    reviewed: str | None = None
    translation_of: str = ""
    source: str = ""
    created_at: str = ""
    updated_at: str = ""
    verification: Verification | None = None
    translations: list[Translation] = Field(default_factory=list)
    followed: Followed | None = None
    markdown: str = ""
    html: str = Field("", description="Sanitised: safe to put into a page.")
    working: Working | None = None
    publish_at: str | None = None
    archive_at: str | None = None


class ArticlesOut(Page):
    articles: list[ArticleOut]


class WrittenOut(BaseModel):
    id: str
    status: Literal["added", "updated", "unchanged", "retired", "moved", "erased"]
    chunks: int = 0
    version: int = 0
    revision: int = 0


class BulkOut(BaseModel):
    """A line of the answer to a bulk write, in the order of the lines that were sent."""

    line: int
    id: str
    status: Literal["added", "updated", "unchanged", "failed"]
    version: int = 0
    revision: int = 0
    chunks: int = 0
    error: dict[str, Any] | None = Field(None, description="A problem, as an error of a single write would be.")


class BulkIn(Strict):
    """A line of a bulk write."""

    id: str = _ID
    markdown: str = Markdown
    revision: int | None = Field(None, ge=0, le=MOST, description="The revision that was read; 0 for a new article.")


class VersionOut(BaseModel):
    number: int
    state: VersionState
    author: str
    note: str
    approved_by: str
    created_at: str
    published_at: str | None
    markdown: str | None = Field(None, description="Left out of lists.")


class VersionsOut(Page):
    versions: list[VersionOut]


class DiffOut(BaseModel):
    before: int
    after: int
    unified: str
    added: int
    removed: int


class EditIn(Strict):
    note: str = Field("", max_length=10_000, description="What is wrong.")
    quote: str = Field("", max_length=10_000, description="The customer's own words; personal data is masked.")
    markdown: str | None = Field(None, max_length=2_000_000, description="The article as it should be: a fix.")
    search_id: str = Field("", max_length=64)


class ResolveIn(Strict):
    accept: bool
    note: str = Field("", max_length=2_000)


class EditOut(BaseModel):
    id: int
    article_id: str
    owner: str
    version: int
    kind: EditKind
    author: str
    at: str
    note: str
    quote: str
    markdown: str | None
    search_id: str
    state: EditState
    resolved_by: str
    resolved_at: str
    resolution: str


class EditsOut(Page):
    edits: list[EditOut]


class SpaceIn(Strict):
    name: str = Field(max_length=200)
    locales: list[str] = Field(default_factory=list, max_length=100, description="The first is the default.")
    products: list[str] = Field(default_factory=list, max_length=1_000)
    categories: list[str] = Field(default_factory=list, max_length=1_000)
    labels: list[str] = Field(default_factory=list, max_length=1_000)
    review: bool = Field(False, description="Another person than the author approves.")
    verify_days: int | None = Field(None, ge=1, le=36_500)


class SpaceOut(BaseModel):
    id: str
    name: str
    locales: list[str]
    products: list[str]
    categories: list[str]
    labels: list[str]
    review: bool
    verify_days: int | None
    revision: int = Field(description="What `If-Match` of a write carries; another for another description.")


class SpacesOut(BaseModel):
    spaces: list[SpaceOut]


class RedirectIn(Strict):
    target: str = _ID


class RedirectOut(BaseModel):
    source: str
    target: str


class RedirectsOut(Page):
    redirects: list[RedirectOut]


class TemplateOut(BaseModel):
    id: str
    locale: str
    title: str
    markdown: str


class TemplatesOut(BaseModel):
    templates: list[TemplateOut]
