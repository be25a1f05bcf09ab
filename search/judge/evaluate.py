"""Runs a judged set through the real engine and measures it: BM25 alone, vectors alone, hybrid, and confidence."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.models import PUBLIC, Reader
from kb.ports import Encoded
from search.engine import Engine, Request
from search.judge import metrics
from search.judge.sets import Document, JudgedQuery, read_gap, read_set
from search.query import encode
from search.ranking import Ranking

Index = Callable[[str, Sequence[Document]], tuple[Engine, int]]
"""Indexes documents in a scratch home of that name; returns its engine and the number of chunks."""

READER = Reader(frozenset({PUBLIC}))
_MODES = ("bm25", "vectors", "hybrid")
_AT_ONCE = 64  # questions embedded together
_MEASURES = {"ndcg_at_10": metrics.ndcg, "recall_at_10": metrics.recall, "mrr_at_10": metrics.reciprocal_rank}


@dataclass(frozen=True)
class Answer:
    """What the engine said to one judged question. `first` is P(its first article answers)."""

    query: JudgedQuery
    ranked: tuple[str, ...]
    answerable: float = 0.0
    first: float = 0.0

    @property
    def judged(self) -> bool:
        """Whether it has an answer among the documents."""
        return bool(self.query.grades) and self.query.label in ("", "answerable")

    @property
    def right(self) -> bool:
        """Whether the first article is one that answers."""
        return self.judged and self.query.grades.get(next(iter(self.ranked), ""), 0) > 0


@dataclass
class _Run:
    """Answers of each mode, and the time it took to embed the questions and to rank."""

    answers: dict[str, list[Answer]] = field(default_factory=lambda: {mode: [] for mode in _MODES})
    embed: float = 0.0
    rank: float = 0.0


def evaluate(folder: Path, index: Index, queries: Path | None = None, articles: Path | None = None) -> dict[str, Any]:
    """Everything `kb eval` reports of one set, and each question's figures under `per_query`.

    Raises:
        InvalidInput: the set cannot be read.
    """
    judged = read_set(folder, queries, articles)
    started = time.perf_counter()
    engine, chunks = index(judged.home, judged.documents)
    indexed = time.perf_counter()
    run = _run(engine, judged.queries)
    hybrid = run.answers["hybrid"]
    report: dict[str, Any] = {
        "set": judged.name,
        "documents": len(judged.documents),
        "chunks": chunks,
        "queries": sum(answer.judged for answer in hybrid),
        **{mode: _scores(found) for mode, found in run.answers.items()},
    }
    aurocs = _aurocs(hybrid)
    gap_started = time.perf_counter()
    gap = read_gap(folder)
    if gap:
        found = _run(index(gap.home, gap.documents)[0], gap.queries, ("hybrid",)).answers["hybrid"]
        aurocs |= {key: value for key, value in _aurocs(found).items() if value is not None}
        hybrid = hybrid + found
    report["answerable_auroc"] = aurocs
    report["calibration_error"] = round(metrics.calibration_error([(a.first, a.right) for a in hybrid]), 4)
    report["seconds"] = {
        "index": round(indexed - started, 2),
        "embed_queries": round(run.embed, 2),
        "rank": round(run.rank, 2),
        "gap": round(time.perf_counter() - gap_started, 2),
    }
    report["per_query"] = [_line(answer) for answer in hybrid]
    return report


def _line(answer: Answer) -> dict[str, Any]:
    """One question's figures; a measure that does not apply is null."""
    query = answer.query
    scores = {name: measure(answer.ranked, query.grades) for name, measure in _MEASURES.items()}
    return {
        "id": query.id,
        "text": query.text,
        "label": query.label,
        **{name: round(score, 4) if answer.judged else None for name, score in scores.items()},
        "answerable": round(answer.answerable, 4),
        "first": round(answer.first, 4),
        "right": answer.right,
        "results": list(answer.ranked[:3]),
    }


def rankings(engine: Engine, queries: Sequence[JudgedQuery], mode: str = "hybrid") -> Iterator[Ranking]:
    """The engine's ranking for each question, in their order."""
    for query, encoded in _encoded(engine, queries):
        yield engine.rank(Request(query.text, READER, mode=mode), encoded)


def _encoded(engine: Engine, queries: Sequence[JudgedQuery]) -> Iterator[tuple[JudgedQuery, Encoded]]:
    """Questions with what the model makes of them: embedded many at once, kept no longer than they are needed."""
    for start in range(0, len(queries), _AT_ONCE):
        some = queries[start : start + _AT_ONCE]
        yield from zip(some, encode([query.text for query in some], engine.reading.embedder), strict=True)


def _run(engine: Engine, queries: Sequence[JudgedQuery], modes: Sequence[str] = _MODES) -> _Run:
    run = _Run()
    started = time.perf_counter()
    for query, encoded in _encoded(engine, queries):
        embedded = time.perf_counter()
        for mode in modes:
            ranking = engine.rank(Request(query.text, READER, mode=mode), encoded)
            run.answers[mode].append(_answer(engine, query, ranking, mode == "hybrid"))
        run.embed += embedded - started
        started = time.perf_counter()
        run.rank += started - embedded
    return run


def _answer(engine: Engine, query: JudgedQuery, ranking: Ranking, hybrid: bool) -> Answer:
    ids = tuple(ranking.ids[:100])
    features = ranking.features()[:1] if hybrid else []
    if not features:
        return Answer(query, ids)
    models = engine.models
    return Answer(query, ids, models.question.probability(features[0]), models.hit.probability(features[0]))


def _scores(answers: Sequence[Answer]) -> dict[str, float]:
    judged = [answer for answer in answers if answer.judged]
    count = max(len(judged), 1)
    return {
        name: round(sum(measure(answer.ranked, answer.query.grades) for answer in judged) / count, 4)
        for name, measure in _MEASURES.items()
    }


def _aurocs(answers: Sequence[Answer]) -> dict[str, float | None]:
    by_label: dict[str, list[float]] = {}
    for answer in answers:
        by_label.setdefault(answer.query.label, []).append(answer.answerable)
    answerable = by_label.get("answerable", [])
    return {
        label: None if area is None else round(area, 4)
        for label in ("gap", "out_of_scope")
        for area in [metrics.auroc(answerable, by_label.get(label, []))]
    }
