"""Whether a gap is closed: its representative questions, asked again, are answered by an article that is new since.

Pure: what the questions find now comes from `articles.gaps.probes`. A proof names questions by their ids, and has no
words of theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from articles.gaps.probes import Probed
from kb.store.gaps import StoredGap
from search.confidence import ANSWER, verdict

SHARE = 0.8  # of the questions that one article must answer


@dataclass(frozen=True)
class Live:
    """The live version of an article, and when it went live, in the store's form."""

    version: int
    published_at: str


def answered_by(probed: Sequence[Probed]) -> tuple[list[str], float]:
    """The article that answers most of the questions with confidence, and the share of them; [] for none.

    Translations are one article: those that are found, the one that answers most of the questions first.
    """
    first = [p.answer.found[0] for p in probed if p.answer.found and p.answer.answerable >= ANSWER]
    if not first:
        return [], 0.0
    families = Counter(found.answer for found in first)
    family = min(families, key=lambda name: (-families[name], name))
    own = Counter(found.article for found in first if found.answer == family)
    return sorted(own, key=lambda name: (-own[name], name)), families[family] / len(probed)


def proven(gap: StoredGap, probed: Sequence[Probed], live: Mapping[str, Live], now: str) -> dict[str, Any]:
    """The proof that a gap is closed; {} where it is not.

    Args:
        live: the articles in question, those which the questions find first.
        now: when it is looked at, in the store's form.
    """
    names, share = answered_by(probed)
    own = [name for name in names if name in live]
    if share < SHARE or not any(live[name].published_at > gap.opened_at or name == gap.draft_id for name in own):
        return {}
    rows = [{"id": p.question.id, "before": _before(p), "after": _after(p)} for p in probed]
    return {"article": own[0], "version": live[own[0]].version, "at": now, "share": share, "questions": rows}


def _before(probed: Probed) -> dict[str, Any]:
    question = probed.question
    found, confidence = question.hits[0] if question.hits else ("", 0.0)
    return _row(question.answerable, found, confidence)


def _after(probed: Probed) -> dict[str, Any]:
    first = probed.answer.found[:1]
    found, confidence = (first[0].article, first[0].confidence) if first else ("", 0.0)
    return _row(probed.answer.answerable, found, confidence)


def _row(answerable: float, found: str, confidence: float) -> dict[str, Any]:
    shown = {"answerable": round(answerable, 4), "confidence": round(confidence, 4)}
    return {"verdict": verdict(answerable), "article": found, **shown}
