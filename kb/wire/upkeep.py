"""What is stale or missing."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel


class FlagOut(BaseModel):
    check: str
    severity: Literal["low", "medium", "high"]
    message: str
    line: int
    evidence: dict[str, Any]


class HealthOut(BaseModel):
    id: str
    title: str
    source: str
    score: float
    needs_work: float
    flags: list[FlagOut]


class FlagsOut(BaseModel):
    articles: list[HealthOut]


class Nearest(BaseModel):
    id: str
    confidence: float


class GapOut(BaseModel):
    id: str
    name: str
    verdict: str
    questions: int
    samples: list[str]
    trend: int
    nearest: Nearest | None


class GapsOut(BaseModel):
    gaps: list[GapOut]
