"""What readers ask and no article answers."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from kb.wire.base import Strict

GapState = Literal["open", "assigned", "ignored", "merged", "closed", "reopened"]
GapVerdict = Literal["missing", "findability", "unclear", "untranslated", "internal_only", "outside"]
GapId = Annotated[str, Field(min_length=1, max_length=64, pattern="^[0-9a-z]+$", examples=["3f9a0c51d2e4"])]
_Question = Annotated[str, Field(min_length=1, max_length=300)]


class Nearest(BaseModel):
    id: str
    confidence: float


class ProposalOut(BaseModel):
    """What would let an article be found. `before` and `after` are its places for a question; null is not found."""

    kind: Literal["synonym", "title", "section"]
    article: str
    words: list[str]
    text: str
    before: int | None
    after: int | None


class AnswerOut(BaseModel):
    """What a question found. `article` is empty where there was none that the reader may read."""

    verdict: Literal["answer", "maybe", "none"]
    article: str
    answerable: float
    confidence: float


class ProvenOut(BaseModel):
    id: str
    text: str
    before: AnswerOut
    after: AnswerOut


class ProofOut(BaseModel):
    """Why a gap is closed: a version of an article answers this share of its representative questions."""

    article: str
    version: int
    at: str
    share: float
    questions: list[ProvenOut]


class GapOut(BaseModel):
    """Every number, and every word, is of the questions that the reader may see."""

    id: str
    name: str
    state: GapState
    verdict: GapVerdict
    questions: int
    samples: list[str]
    trend: int = Field(description="Questions of the last seven days less those of the seven before.")
    nearest: Nearest | None
    revision: int
    assignee: str
    reason: str = Field(description="Why it is ignored, for those who see no less than who said so.")
    ignored_until: str
    merged_into: str
    draft: str = Field(description="The article that was begun for it.")
    why: str | None = Field(description="Null where it would tell of questions or articles that are for others.")
    data: dict[str, Any] | None
    proposal: ProposalOut | None
    proof: ProofOut | None
    languages: dict[str, int]
    channels: dict[str, int]
    signals: dict[str, int]
    spaces: dict[str, int] = Field(description="By the space that was asked; empty for all that the reader saw.")
    weeks: list[int] = Field(description="Questions in each of the last twelve times seven days, the present last.")
    first_at: str
    last_at: str
    opened_at: str
    closed_at: str


class QuestionOut(BaseModel):
    """A question. `answerable` is P(the knowledge base answers it), as of when it was asked."""

    id: str
    text: str
    at: str
    language: str
    channel: str
    space: str
    answerable: float
    signals: list[str]
    representative: bool


class GapDetailOut(GapOut):
    asked: list[QuestionOut] = Field(description="At most 500, those that stand for the gap first.")


class CoverageOut(BaseModel):
    """The gaps in which something is to be done, the most asked first: how much of what is unanswered they make up."""

    unanswered: int
    gaps: int
    share: float = Field(description="The share that is aimed at.")
    needed: int = Field(description="So many gaps make up that share.")
    curve: list[float] = Field(description="The share of the first gap, of the first two, and so on.")


class GapsOut(BaseModel):
    gaps: list[GapOut]
    coverage: CoverageOut


class GapPatch(Strict):
    """What is not given stays as it is."""

    name: str | None = Field(None, max_length=200, description="Empty for what its questions call it.")
    assignee: str | None = Field(None, max_length=200, description="A user's id; empty for nobody.")
    state: Literal["open", "ignored"] | None = None
    reason: str = Field("", max_length=1_000, description="Why it is ignored.")
    until: Annotated[date, Field(strict=False)] | None = Field(None, description="The last day on which it is ignored.")


class MergeIn(Strict):
    into: GapId


class SplitIn(Strict):
    questions: list[_Question] = Field(min_length=1, max_length=1_000, description="Ids of some of its questions.")
