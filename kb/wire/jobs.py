"""What is done again and again."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from kb.wire.base import Page


class JobOut(BaseModel):
    name: str = Field(examples=["compact"])
    state: Literal["waiting", "running", "lapsed", "failed", "cancelled"] = Field(
        description="What it does, or how its last run ended; `lapsed`: its process ended, and another takes over."
    )
    due_at: str
    started_at: str = Field(description="Of the last run; empty before the first.")
    finished_at: str
    runner: str = Field(description="The process that runs it; empty where none does.")
    progress: str = Field(description="What the run said last.")
    done: int | None = Field(description="Of `total`, in the last run; null where the job does not count.")
    total: int | None
    fraction: float | None = Field(description="`done` of `total`, 0 to 1.")
    error: str = Field(description="Of the last run that ended; empty where it went well.")


class JobsOut(Page):
    jobs: list[JobOut]


class RunOut(BaseModel):
    state: Literal["running", "done", "failed", "cancelled", "stopped", "lapsed"] = Field(
        description="`stopped`: its process ended and said so; `lapsed`: without a word. Both are gone on with."
    )
    started_at: str
    finished_at: str = Field(description="Empty while it is on.")
    runner: str
    progress: str
    done: int | None
    total: int | None
    error: str


class RunsOut(Page):
    runs: list[RunOut]
