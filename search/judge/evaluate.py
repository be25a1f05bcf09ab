"""Runs a judged set through the real engine and measures it: BM25 alone, vectors alone, hybrid, and confidence."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kb.models import PUBLIC, Reader
from kb.ports import Vectors
from kb.store import passages
from kb.store.passages import passage_hash
from search import confidence
from search.engine import Engine, Ranking, Request
from search.judge import metrics
from search.judge.sets import Document, JudgedQuery, JudgedSet, read_gap, read_set

Index = Callable[[str, Sequence[Document]], tuple[Engine, int]]
"""Indexes documents in a scratch home of that name; returns its engine and the number of chunks."""

_READER = Reader(frozenset({PUBLIC}))
_MODES = ("bm25", "vectors", "hybrid")


@dataclass(frozen=True)
class Answer:
    """What the engine said to one judged question. `features` are of its first result."""

    query: JudgedQuery
    ranked: tuple[str, ...]
    answerable: float
    features: tuple[float, ...]


def evaluate(folder: Path, index: Index, queries: Path | None = None) -> dict[str, Any]:
    """Everything `kb eval` reports of one set.

    Raises:
        InvalidInput: the set cannot be read.
    """
    judged = read_set(folder, queries)
    started = time.perf_counter()
    engine, chunks = index(folder.name, judged.documents)
    indexed = time.perf_counter()
    vectors = _query_vectors(engine, judged.queries)
    embedded = time.perf_counter()
    report: dict[str, Any] = {
        "set": judged.name,
        "documents": len(judged.documents),
        "chunks": chunks,
        "queries": sum(bool(query.grades) for query in judged.queries),
    }
    answers = {mode: _answers(engine, judged.queries, vectors, mode) for mode in _MODES}
    report |= {mode: _scores(found) for mode, found in answers.items()}
    aurocs = _aurocs(answers["hybrid"])
    ranked = time.perf_counter()
    gap = read_gap(folder)
    if gap:
        aurocs |= {key: value for key, value in _gap(gap, index).items() if value is not None}
    report["answerable_auroc"] = aurocs
    report["seconds"] = {
        "index": round(indexed - started, 2),
        "embed_queries": round(embedded - indexed, 2),
        "rank": round(ranked - embedded, 2),
        "gap": round(time.perf_counter() - ranked, 2),
    }
    return report


def answers_of(judged: JudgedSet, index: Index, name: str) -> list[Answer]:
    """The hybrid engine's answers to a set's questions, for tuning."""
    engine, _ = index(name, judged.documents)
    return _answers(engine, judged.queries, _query_vectors(engine, judged.queries), "hybrid")


def _gap(gap: JudgedSet, index: Index) -> dict[str, float | None]:
    return _aurocs(answers_of(gap, index, gap.name.split("/")[0]))


def _query_vectors(engine: Engine, queries: Sequence[JudgedQuery]) -> Vectors:
    """Vectors of the questions, kept in the scratch home between runs: (n, dim)."""
    model = f"{engine.embedder.fingerprint}:query"
    keys = [passage_hash(query.text) for query in queries]
    with engine.database.read() as connection:
        held = passages.get_vectors(connection, model, set(keys))
    missing = {key: query.text for key, query in zip(keys, queries, strict=True) if key not in held}
    if missing:
        found = dict(zip(missing, engine.embedder.queries(list(missing.values())), strict=True))
        with engine.database.write() as connection:
            passages.put_vectors(connection, model, found)
        held |= found
    return np.stack([held[key] for key in keys])


def _answers(engine: Engine, queries: Sequence[JudgedQuery], vectors: Vectors, mode: str) -> list[Answer]:
    found = []
    for query, vector in zip(queries, vectors, strict=True):
        ranking = engine.rank(Request(query.text, _READER, mode=mode), vector)
        sure, features = _first(ranking) if mode == "hybrid" else (0.0, ())
        found.append(Answer(query, tuple(ranking.ids[:100]), sure, features))
    return found


def _first(ranking: Ranking) -> tuple[float, tuple[float, ...]]:
    features = ranking.features()
    return (confidence.load().question.probability(features[0]), tuple(features[0])) if features else (0.0, ())


def _scores(answers: Sequence[Answer]) -> dict[str, float]:
    judged = [answer for answer in answers if answer.query.grades and answer.query.label in ("", "answerable")]
    measures = {
        "ndcg_at_10": metrics.ndcg,
        "recall_at_10": metrics.recall,
        "mrr_at_10": metrics.reciprocal_rank,
    }
    count = max(len(judged), 1)
    return {
        name: round(sum(measure(answer.ranked, answer.query.grades) for answer in judged) / count, 4)
        for name, measure in measures.items()
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
