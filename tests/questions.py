"""Questions for tests of gaps: about an axis of a small space, so that it is plain which are alike."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from articles.gaps import linkage
from articles.gaps.cluster import of
from articles.gaps.nouns import Cluster, Question
from kb.ports import Vectors

NOW = datetime(2026, 3, 1, tzinfo=UTC)
AXES = np.eye(16, dtype=np.float32)


def asked(name: str, text: str, vector: Vectors, language: str = "en", **other: object) -> Question:
    values = {"at": NOW, "channel": "search", "audiences": frozenset({"public"}), **other}
    return Question(id=name, text=text, language=language, vector=vector, **values)  # type: ignore[arg-type]


def near(axis: int, other: int = 15, lean: float = 0.3) -> Vectors:
    """A vector about an axis, leaning towards another."""
    return linkage.unit((AXES[axis] + lean * AXES[other])[None])[0]


def split(text: str, _: str) -> list[str]:
    return text.lower().split()


def cluster_of(*questions: Question) -> Cluster:
    return of(list(questions), ("login", "code"))
