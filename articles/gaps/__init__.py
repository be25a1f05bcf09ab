"""What readers ask and no article answers: unanswered questions, grouped by meaning.

A first cut: questions that got no answer, or whose answers were reported as not helping, join the group whose first
question they are closest to. Groups keep the id of their first question.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from kb.models import Reader
from kb.ports import Vectors
from kb.store import Database, articles, searches
from kb.store.searches import Search

SAME = 0.92  # cosine of two questions that ask the same; E5's lie between about 0.7 and 1
_SAMPLES = 5
_RECENT = timedelta(days=7)


@dataclass(frozen=True)
class Gap:
    """Questions that ask the same and were not answered.

    `trend` is the number of the last seven days less that of the seven before. `nearest` is the article that was
    shown first most often, with its highest confidence; None where nothing was ever shown.
    """

    id: str
    name: str
    verdict: str
    questions: int
    samples: tuple[str, ...]
    trend: int
    nearest: tuple[str, float] | None


def find_gaps(database: Database, reader: Reader, now: datetime) -> list[Gap]:
    """Gaps in what was asked by readers who see no more than this one, the most asked first."""
    with database.read() as connection:
        found = list(searches.all_searches(connection, reader))
        unhelped = {event.search_id for event in searches.events_of(connection, ("not_helped", "contacted"))}
        helped = {event.search_id for event in searches.events_of(connection, ("helped", "solved", "inserted"))}
        rows = articles.published_rows(connection).values()
        readable = {row.id for row in rows if reader.may_read(row.audience, row.space)}
    asked = [s for s in found if s.channel != "page"]  # nobody asked those
    open_ = [s for s in asked if s.id not in helped and (s.verdict == "none" or s.id in unhelped)]
    gaps = [_gap(group, unhelped, readable, now) for group in group_questions(open_)]
    return sorted(gaps, key=lambda gap: (-gap.questions, gap.id))


def group_questions(questions: Iterable[Search]) -> list[list[Search]]:
    """Questions that ask the same, by their vectors (of one model), else by their words."""
    groups: list[list[Search]] = []
    leaders: list[Vectors] = []
    by_text: dict[str, int] = {}
    for question in questions:
        key = " ".join(question.query.lower().split())
        vector = np.frombuffer(question.vector or b"", "<f4")
        at = by_text.get(key, -1)
        if at < 0 and len(vector) and leaders:
            at = _closest(vector, leaders)
        if at < 0:
            at = len(groups)
            groups.append([])
            leaders.append(vector)
        by_text[key] = at
        groups[at].append(question)
    return groups


def _closest(vector: Vectors, leaders: Sequence[Vectors]) -> int:
    scores = [float(vector @ leader) if len(leader) == len(vector) else 0.0 for leader in leaders]
    best = int(np.argmax(scores))
    return best if scores[best] >= SAME else -1


def _gap(group: list[Search], unhelped: set[str], readable: set[str], now: datetime) -> Gap:
    texts = Counter(question.query for question in group)
    recent = sum(_age(question, now) <= _RECENT for question in group)
    before = sum(_RECENT < _age(question, now) <= 2 * _RECENT for question in group)
    return Gap(
        id=hashlib.sha256(group[0].id.encode()).hexdigest()[:12],
        name=texts.most_common(1)[0][0],
        verdict="unclear" if any(question.id in unhelped for question in group) else "missing",
        questions=len(group),
        samples=tuple(text for text, _ in texts.most_common(_SAMPLES)),
        trend=recent - before,
        nearest=_nearest(group, readable),
    )


def _nearest(group: list[Search], readable: set[str]) -> tuple[str, float] | None:
    shown = [hit for question in group for hit in question.hits[:1] if hit["id"] in readable]
    if not shown:
        return None
    first = Counter(hit["id"] for hit in shown).most_common(1)[0][0]
    return first, max(hit["confidence"] for hit in shown if hit["id"] == first)


def _age(question: Search, now: datetime) -> timedelta:
    return now - datetime.fromisoformat(question.at)
