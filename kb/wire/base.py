"""What every request and response of the API is built on. Requests are strict; responses may gain fields."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

MOST = 2**53  # of a number in a request: what JSON readers keep exactly


class Strict(BaseModel):
    """A request: an unknown key or a value of another type is refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, Any]] | None = None


class Page(BaseModel):
    """A page of a list. `next` is the cursor of the page after it, null on the last."""

    next: str | None = None


class Accepted(BaseModel):
    status: Literal["accepted"] = "accepted"


class Healthy(BaseModel):
    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    status: Literal["ready"] = "ready"
    home: str
    audience: str
    model: str
    change: int
    generation: int
