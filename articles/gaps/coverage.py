"""Which questions count as unanswered, and how much of them the most asked gaps make up.

Nothing here reads the store; whoever gathers questions knows what was clicked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import numpy as np

from articles.gaps.nouns import CoveragePoint, Question, Signal

ANSWERED = 0.5  # P(an article answers) from which a question is set aside: more likely than not (bench/gaps.py)
SHARE = 0.8  # of the unanswered questions: what a team sets out to answer

_COMPLAINTS: frozenset[Signal] = frozenset({"not_helped", "contacted"})
_IN_VAIN: frozenset[Signal] = frozenset({"no_result", "low_confidence", "no_click"})
_AGAIN = timedelta(minutes=10)  # within which somebody who found nothing tries other words
_ALIKE = 0.85  # cosine of two questions about the same; E5's lie between about 0.7 and 1


def unanswered(question: Question) -> bool:
    """Whether the knowledge base owes an answer: it hardly has one, or whoever asked said that it did not help."""
    return bool(question.signals & _COMPLAINTS) or question.answerable < ANSWERED


def reformulated(questions: Iterable[Question]) -> list[Question]:
    """The questions, oldest first, those that were asked again in other words with the signal `reformulated`.

    Again: by the same person, within ten minutes, with a similar vector, when the earlier one had found nothing that
    was opened.
    """
    ordered = sorted(questions, key=lambda question: (question.at, question.id))
    own: dict[str, list[Question]] = {}
    for question in ordered:
        if question.person:
            own.setdefault(question.person, []).append(question)
    again = {first.id for asked in own.values() for first, then in pairwise(asked) if _asked_again(first, then)}
    return [
        replace(question, signals=question.signals | {"reformulated"}) if question.id in again else question
        for question in ordered
    ]


def _asked_again(first: Question, then: Question) -> bool:
    if not first.signals & _IN_VAIN or then.at - first.at > _AGAIN or first.text.lower() == then.text.lower():
        return False
    if not len(first.vector) or len(first.vector) != len(then.vector):
        return False
    return float(np.dot(first.vector, then.vector)) >= _ALIKE


def coverage(gaps: Mapping[str, int]) -> list[CoveragePoint]:
    """The curve: with each further gap, the most asked first, how many unanswered questions are held so far.

    `gaps` is the number of questions by gap.
    """
    total = sum(gaps.values())
    found: list[CoveragePoint] = []
    held = 0
    for place, (gap, questions) in enumerate(sorted(gaps.items(), key=lambda item: (-item[1], item[0])), 1):
        held += questions
        found.append(CoveragePoint(gap, place, held, held / total if total else 0.0))
    return found


def most(curve: Sequence[CoveragePoint], share: float = SHARE) -> list[CoveragePoint]:
    """The fewest gaps that hold at least `share` of all unanswered questions: the curve's beginning."""
    end = next((point.gaps for point in curve if point.share >= share), len(curve))
    return list(curve[:end])
