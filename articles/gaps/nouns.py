"""The nouns of gaps, as frozen dataclasses: questions, clusters of them, and what is said of a cluster.

Nothing here reads the store, the index or a clock. Texts are masked before they come here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

from kb.ports import Vectors

Signal = Literal["no_result", "low_confidence", "no_click", "reformulated", "not_helped", "contacted", "ticket"]
"""Why a question may be unanswered."""

SIGNALS: tuple[Signal, ...] = get_args(Signal)

GapVerdict = Literal["missing", "findability", "unclear", "untranslated", "internal_only", "outside"]
"""What is wrong with the knowledge base, or with the question."""

VERDICTS: tuple[GapVerdict, ...] = get_args(GapVerdict)

ProposalKind = Literal["synonym", "title", "section"]


@dataclass(frozen=True)
class Question:
    """What somebody asked, in a search or in a ticket.

    `vector` is (dimension,) float32, L2-normalised, of the embedder's query side, and empty where there is none of the
    present model. `answerable` is the calibrated P(the knowledge base answers it) for whoever asked; `hits` are
    (article id, confidence), best first. `person` is a keyed hash, "" where it is not known.
    """

    id: str
    text: str
    at: datetime
    language: str
    channel: str
    audiences: frozenset[str]
    vector: Vectors = field(compare=False, repr=False)
    answerable: float = 0.0
    hits: tuple[tuple[str, float], ...] = ()
    signals: frozenset[Signal] = frozenset()
    person: str = ""


@dataclass(frozen=True)
class Cluster:
    """Questions that ask the same, the most central first. `centroid` is (dimension,) float32, L2-normalised.

    `terms` are the words that tell it from the other clusters, the most telling first.
    """

    questions: tuple[Question, ...]
    centroid: Vectors = field(compare=False, repr=False)
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """A gap as it was stored before clusters were computed again.

    `questions` are the ids it held. `pinned` are those that a person put there by a merge or a split: they stay.
    `merged_into` is the gap that a person merged it into: what would become this gap joins that one.
    """

    id: str
    questions: frozenset[str]
    centroid: Vectors = field(compare=False, repr=False)
    pinned: frozenset[str] = frozenset()
    merged_into: str = ""


@dataclass(frozen=True)
class Found:
    """An article that a search found, with P(it answers), and the first place of its list as 1.

    `family` is what translations share: whoever asks in one language is answered by another's translation.
    """

    article: str
    locale: str
    audience: str
    title: str
    confidence: float
    rank: int
    family: str = ""

    @property
    def answer(self) -> str:
        """What it is one answer with: its family, else itself."""
        return self.family or self.article


@dataclass(frozen=True)
class Probe:
    """A representative question, searched for again: what whoever asked finds, and what one finds who reads everything.

    Both best first. `closeness` is the best cosine of its vector to any passage.
    """

    question: Question
    found: tuple[Found, ...]
    anywhere: tuple[Found, ...]
    closeness: float


@dataclass(frozen=True)
class Evidence:
    """What a verdict is made of.

    `linked` counts, by article, how often an agent linked or inserted it for the cluster's questions. `served` is how
    many questions of this kind a confident article answered, `unhelped` how many of these readers said that it did not
    help or wrote to a person; both by that article. `usual` are closenesses of questions that the knowledge base
    answers, or of its own titles where none was asked. `words` are the analysed words of the articles that come into
    question, by article.
    """

    probes: tuple[Probe, ...]
    linked: Mapping[str, int] = field(default_factory=dict)
    served: Mapping[str, int] = field(default_factory=dict)
    unhelped: Mapping[str, int] = field(default_factory=dict)
    usual: tuple[float, ...] = ()
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposal:
    """What would let an article be found for a gap's questions.

    `words` are the questions' words that the article does not have; `text` says what to add. `before` is the article's
    place for the representative question (None: not found); `after` is its place with the proposal, filled in by
    whoever searches again.
    """

    kind: ProposalKind
    article: str
    words: tuple[str, ...]
    text: str
    before: int | None = None
    after: int | None = None

    @property
    def may_help(self) -> bool:
        """Whether it brings the article to a better place, as far as it was tried."""
        return (self.after is None and self.before is None) or (self.after or 1 << 30) < (self.before or 1 << 30)


@dataclass(frozen=True)
class Verdict:
    """What is wrong, why in words, with the figures behind them; `nearest` is (article id, confidence)."""

    verdict: GapVerdict
    why: str
    data: Mapping[str, Any] = field(default_factory=dict)
    nearest: tuple[str, float] | None = None
    proposal: Proposal | None = None


@dataclass(frozen=True)
class CoveragePoint:
    """The `gaps` most asked gaps hold `questions` unanswered questions, which are `share` (0..1) of all of them."""

    gap: str
    gaps: int
    questions: int
    share: float
