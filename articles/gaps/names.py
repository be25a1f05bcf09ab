"""A name for a cluster in its users' own words: its most central short question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from articles.gaps.nouns import Cluster, Question

LONGEST = 80  # characters
_SHORT = 2  # words below which a question says too little to stand for others
_COMMON = 0.02  # cosine that it is worth to be what a quarter of the cluster wrote word for word


def name(cluster: Cluster) -> str:
    """The most central question in the cluster's majority language, on one line of at most 80 characters."""
    spoken = _majority(cluster.questions)
    times = Counter(_line(question) for question in spoken)
    centre = np.mean([question.vector for question in spoken], axis=0) if _comparable(spoken) else None

    def standing(question: Question) -> tuple[bool, bool, float, int, str]:
        line = _line(question)
        near = float(question.vector @ centre) if centre is not None else 0.0
        near += _COMMON * min(1.0, 4 * times[line] / len(spoken)) * (times[line] > 1)
        return len(line) <= LONGEST, len(line.split()) >= _SHORT, near, -len(line), line

    return _cut(_line(max(spoken, key=standing)))


def majority_language(questions: Sequence[Question]) -> str:
    """The language that most of the questions are in; of equals the first by its code."""
    counts = Counter(question.language for question in questions)
    return min(counts, key=lambda language: (-counts[language], language))


def _majority(questions: Sequence[Question]) -> list[Question]:
    language = majority_language(questions)
    return [question for question in questions if question.language == language]


def _comparable(questions: Sequence[Question]) -> bool:
    return len(questions[0].vector) > 0 and len({len(question.vector) for question in questions}) == 1


def _line(question: Question) -> str:
    """The first line that says something: of a ticket, its subject."""
    lines = (" ".join(line.split()) for line in question.text.splitlines())
    return next((line for line in lines if line), "?")


def _cut(line: str) -> str:
    if len(line) <= LONGEST:
        return line
    head = line[: LONGEST - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[LONGEST // 2 :] else head).rstrip(" ,.;:") + "…"
