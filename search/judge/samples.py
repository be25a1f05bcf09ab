"""What tuning learns from: each judged question's candidates with their signals, and its first article's features.

Every question that has an answer is asked twice: as it is, and with its judged articles taken away. The second time it
is a question about the same things without an answer, which real sets hold too few of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search import confidence, fusion
from search.engine import Engine
from search.group import group
from search.judge.evaluate import READER, rankings
from search.judge.sets import JudgedQuery, JudgedSet
from search.ranking import Ranking


@dataclass(frozen=True)
class Sample:
    """One judged question.

    `signals` is (n, len(fusion.SIGNALS)) float32 of the candidates that the second stage ranked, `other` (n,) whether
    they are in another script, `articles` whose they are. `asked` and `without` are the confidence features of the
    first article, `without` with the judged ones taken away; () where there is none. `first` is the first article.
    """

    query: JudgedQuery
    signals: NDArray[np.float32]
    other: NDArray[np.bool_]
    articles: tuple[str, ...]
    first: str
    asked: tuple[float, ...]
    without: tuple[float, ...]

    @property
    def grades(self) -> Mapping[str, int]:
        """Of the articles that answer; empty for a question labelled as having none."""
        return self.query.grades if self.query.label in ("", "answerable") else {}

    @property
    def right(self) -> bool:
        """Whether the first article is one that answers."""
        return self.grades.get(self.first, 0) > 0


def collect(engine: Engine, judged: JudgedSet) -> list[Sample]:
    """Samples of a set's questions, as the engine ranks them now."""
    found = rankings(engine, judged.queries)
    return [_sample(query, ranking) for query, ranking in zip(judged.queries, found, strict=True)]


def _sample(query: JudgedQuery, ranking: Ranking) -> Sample:
    found = ranking.found
    seen = np.flatnonzero(~np.isnan(found.late))
    columns = {**fusion.signals(found), "late": fusion.mapped(found.late + fusion.LATE_SHIFT * found.shift)}
    owners = ranking.view.owners[found.rows[seen]]
    gone = {item for item, grade in query.grades.items() if grade > 0}
    features = ranking.features()
    return Sample(
        query,
        np.stack([columns[name][seen] for name in fusion.SIGNALS], axis=1),
        found.other[seen],
        tuple(ranking.view.articles[owner].id for owner in owners),
        next(iter(ranking.ids), ""),
        tuple(features[0]) if features else (),
        _without(ranking, gone) if gone else (),
    )


def _without(ranking: Ranking, gone: Iterable[str]) -> tuple[float, ...]:
    """Features of the first article once some are taken away."""
    missing = frozenset(gone)
    kept = [ranking.view.articles[owner].id not in missing for owner in ranking.view.owners[ranking.found.rows]]
    found = ranking.found.only(np.array(kept, np.bool_))
    groups = group(ranking.view, ranking.query, found, READER)
    features = confidence.features(ranking.scope, ranking.query, found, [result.top for result in groups[:30]])
    return tuple(features[0]) if features else ()


def halves(samples: Sequence[Sample]) -> tuple[list[Sample], list[Sample]]:
    """Every other question, and the rest."""
    return list(samples[::2]), list(samples[1::2])
