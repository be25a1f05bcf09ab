"""Images, films and files that articles embed."""

from __future__ import annotations

from pydantic import BaseModel, Field

from kb.wire.base import Page, Strict


class MediaOut(BaseModel):
    id: str = Field(description="SHA-256 of the data, in hex.")
    name: str
    type: str
    size: int = Field(description="In bytes.")
    audience: str
    space: str
    author: str
    at: str
    url: str = Field(description="Where an article finds it: ![what it shows](url).")


class MediaListOut(Page):
    media: list[MediaOut]


class MediaMoveIn(Strict):
    audience: str | None = Field(None, min_length=1, max_length=100)
    space: str | None = Field(None, min_length=1, max_length=64)
