"""Gaps found again: documents are taken out of a judged set, and all its questions are asked.

`python bench/gaps.py clinc DATA [DRAWS]`: thirty intents out of clinc_oos_en, several draws: topics named, precision.
`python bench/gaps.py sumo DATA`: twenty articles out of sumo_tickets: a listing of what was found and what was missed.
`python bench/gaps.py scale COUNT`: seconds and memory for so many made-up questions, four of each topic.

What the model and the engine make of a set is kept under `gaps-bench` in the temporary folder: the first run takes as
long as embedding the set, a run after a change of the clustering takes seconds.
"""

from __future__ import annotations

import pickle
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from articles.gaps import stable
from articles.gaps.cluster import group
from articles.gaps.coverage import unanswered
from articles.gaps.linkage import unit
from articles.gaps.names import name
from articles.gaps.nouns import Cluster, Evidence, Found, Known, Probe, Question
from articles.gaps.verdict import verdict
from articles.library import Draft, Library
from indexer.analyze import Analyzer
from indexer.embed import SentenceTransformerEmbedder
from kb.ports import Encoded
from kb.settings import load
from search.engine import Request
from search.home import Home
from search.judge.evaluate import READER
from search.judge.sets import JudgedSet, read_set
from search.query import encode

CACHE = Path(tempfile.gettempdir()) / "gaps-bench"
OUT = "out_of_scope"
_REPRESENTATIVES = 5
_AT = datetime(2026, 1, 1, tzinfo=UTC)  # when everything was asked: nothing here depends on it


@dataclass(frozen=True)
class Replay:
    """A set's questions, asked without the documents `held`. `topics` are by question: a document, or `OUT`."""

    held: frozenset[str]
    questions: list[Question]
    closeness: dict[str, float]
    topics: dict[str, str]


@dataclass(frozen=True)
class Gap:
    """A cluster that was reported: its verdict, and how many of its questions ask about each topic."""

    cluster: Cluster
    verdict: str
    topics: Counter[str]

    @property
    def size(self) -> int:
        return len(self.cluster.questions)

    @property
    def commonest(self) -> str:
        return min(self.topics, key=lambda topic: (-self.topics[topic], topic))

    def about(self, topic: str) -> float:
        return self.topics[topic] / self.size


def main(kind: str, what: str, draws: str = "6") -> None:
    if kind == "scale":
        _scale(int(what))
    else:
        {"clinc": _clinc, "sumo": _sumo}[kind](Path(what), int(draws))


# --- clinc -----------------------------------------------------------------------------------------------------


def _clinc(folder: Path, draws: int) -> None:
    judged = read_set(folder / "clinc_oos_en")
    figures = [_measured(_replay(judged, seed, 30)) for seed in range(draws)]
    for seed, own in enumerate(figures):
        print(f"draw {seed}: " + ", ".join(f"{key} {value:.2f}" for key, value in own.items()))
    for key in figures[0]:
        values = [own[key] for own in figures]
        print(f"{key:52} mean {fmean(values):7.3f}  worst {min(values):7.3f}  best {max(values):7.3f}")


def _measured(replay: Replay) -> dict[str, float]:
    """Figures of one draw. A gap is about a topic when more than half of its questions are."""
    from sklearn.metrics import v_measure_score

    started = time.perf_counter()
    gaps = _gaps(replay)
    seconds = time.perf_counter() - started
    ours = [gap for gap in gaps if gap.verdict != "findability"]
    large = [gap for gap in ours if gap.size >= 3]
    labels = {q.id: place for place, gap in enumerate(gaps) for q in gap.cluster.questions}
    own = [name for name in labels if replay.topics[name] in replay.held]
    count, right = len(replay.held), [gap for gap in gaps if gap.verdict == "findability" and gap.size >= 2]
    return {
        "named": len(_named(gaps, replay, 1)) / count,
        "named by two questions or more": len(_named(gaps, replay, 2)) / count,
        "named, the commonest topic of a gap": len({gap.commonest for gap in gaps} & replay.held) / count,
        "named, findability left out": len(_named(ours, replay, 1)) / count,
        "gaps of three or more": len(large),
        "of these not in the knowledge base": _share(large, lambda gap: _absent(gap, replay) >= 0.5),
        "of these about a topic taken out": _share(large, lambda gap: _best(gap, replay) >= 0.5),
        "findability that the knowledge base has": _share(right, lambda gap: _absent(gap, replay) < 0.5),
        "missing, of three or more, about a topic taken out": _share(
            [gap for gap in large if gap.verdict != "outside"], lambda gap: _best(gap, replay) >= 0.5
        ),
        "outside that is out of scope": _share(
            [gap for gap in gaps if gap.verdict == "outside"], lambda gap: gap.about(OUT) > 0.5
        ),
        "V-measure": float(v_measure_score([replay.topics[name] for name in own], [labels[name] for name in own])),
        "questions that keep their gap, 100 asked later": _kept(replay),
        "seconds": seconds,
    }


def _kept(replay: Replay) -> float:
    """The share of all but a hundred unanswered questions whose gap has the same id once the hundred have come."""
    asked = [question for question in replay.questions if unanswered(question)]
    before = stable.assign(group(asked[:-100], _words, {}), [])
    known = [Known(gap, frozenset(q.id for q in own.questions), own.centroid) for gap, own in before]
    homes = {question.id: gap for gap, own in before for question in own.questions}
    again = group(asked, _words, {}, homes)
    after = {q.id: gap for gap, own in stable.assign(again, known) for q in own.questions}
    return fmean(after[question.id] == gap for gap, own in before for question in own.questions)


def _gaps(replay: Replay) -> list[Gap]:
    asked = [question for question in replay.questions if unanswered(question)]
    usual = tuple(replay.closeness[q.id] for q in replay.questions if not unanswered(q))
    found = []
    for cluster in group(asked, _words, {}):
        probes = tuple(_probe(question, replay) for question in cluster.questions[:_REPRESENTATIVES])
        said = verdict(cluster, Evidence(probes, usual=usual)).verdict
        found.append(Gap(cluster, said, Counter(replay.topics[question.id] for question in cluster.questions)))
    return found


def _probe(question: Question, replay: Replay) -> Probe:
    hits = enumerate(question.hits, 1)
    found = tuple(Found(name, "en", "public", name, confidence, rank) for rank, (name, confidence) in hits)
    return Probe(question, found, found, replay.closeness[question.id])


def _named(gaps: Sequence[Gap], replay: Replay, least: int) -> set[str]:
    return {topic for gap in gaps if gap.size >= least for topic in replay.held if gap.about(topic) > 0.5}


def _best(gap: Gap, replay: Replay) -> float:
    return max(gap.about(topic) for topic in replay.held)


def _absent(gap: Gap, replay: Replay) -> float:
    """The share of its questions that the documents left do not answer."""
    return sum(count for topic, count in gap.topics.items() if topic == OUT or topic in replay.held) / gap.size


def _share(gaps: Sequence[Gap], true: Callable[[Gap], bool]) -> float:
    return sum(true(gap) for gap in gaps) / max(len(gaps), 1)


# --- sumo ------------------------------------------------------------------------------------------------------


def _sumo(folder: Path, seed: int) -> None:
    """Twenty of the articles that most tickets are answered with are taken out."""
    judged = read_set(folder / "sumo_tickets")
    replay = _replay(judged, seed, 20, least=8)
    gaps = _gaps(replay)
    for topic in sorted(replay.held):
        own = [gap for gap in gaps if gap.topics[topic]]
        best = max(own, key=lambda gap: (gap.topics[topic], gap.about(topic)), default=None)
        asked = sum(found == topic for found in replay.topics.values())
        state = "found" if any(gap.size >= 2 and gap.about(topic) > 0.5 for gap in own) else "missed"
        said = f"{best.topics[topic]} of {best.size} in “{name(best.cluster)}” ({best.verdict})" if best else "nothing"
        print(f"{state:7} {topic}: {asked} tickets; {said}")
    print("\nThe largest gaps:")
    for gap in gaps[:40]:
        topic, count = gap.topics.most_common(1)[0]
        mark = "taken out" if topic in replay.held else "nowhere" if topic == OUT else "present"
        print(f"{gap.size:4} {gap.verdict:12} {name(gap.cluster)}  [{topic}: {count}, {mark}]")


# --- scale -----------------------------------------------------------------------------------------------------


def _scale(count: int) -> None:
    """Vectors as far apart as real ones are once they are centred."""
    numbers = np.random.default_rng(0)
    topics = unit(numbers.standard_normal((count // 4 + 1, 384)).astype(np.float32))
    vectors = unit(topics[np.arange(count) % len(topics)] + unit(numbers.standard_normal((count, 384), np.float32)))
    public = frozenset({"public"})
    asked = [Question(f"{i}", f"question {i}", _AT, "en", "search", public, own) for i, own in enumerate(vectors)]
    started = time.perf_counter()
    found = group(asked, lambda text, _: tuple(text.split()), {})
    seconds, peak = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count:,} questions: {len(found):,} clusters in {seconds:.1f} s, peak memory of the process {peak:,.0f} MB")


# --- asking ----------------------------------------------------------------------------------------------------


def _replay(judged: JudgedSet, seed: int, count: int, least: int = 1) -> Replay:
    """Every question of a set, asked without `count` of the documents that at least so many questions ask for."""
    kept = CACHE / f"{judged.name}-{seed}.pkl"
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        times = Counter(document for query in judged.queries for document, grade in query.grades.items() if grade > 0)
        asked = sorted(document for document, asks in times.items() if asks >= least)
        held = random.Random(seed).sample(asked, count)
        kept.write_bytes(pickle.dumps({"held": held, "rows": _asked(judged, held)}))
    found = pickle.loads(kept.read_bytes())
    labels = {query.id: query.label for query in judged.queries}
    gold = {query.id: max(query.grades, key=lambda d: query.grades[d], default=OUT) for query in judged.queries}
    return Replay(
        frozenset(found["held"]),
        [_question(row) for row in found["rows"]],
        {row["id"]: row["closeness"] for row in found["rows"]},
        {name: OUT if labels[name] == OUT else topic for name, topic in gold.items()},
    )


def _question(row: dict[str, Any]) -> Question:
    """It is shuffled by nature: clusters do not depend on the order."""
    public = frozenset({"public"})
    hits = tuple(row["hits"])
    return Question(row["id"], row["text"], _AT, row["lang"], "search", public, row["vector"], row["answerable"], hits)


def _asked(judged: JudgedSet, held: Sequence[str]) -> list[dict[str, Any]]:
    """What the engine says to each question when all documents but those held are indexed."""
    home = _home(judged.name)
    drafts = {d.id: Draft(d.markdown, d.source, d.id, "documents") for d in judged.documents}
    library = Library.of(home)
    library.put([draft for key, draft in drafts.items() if key not in held])
    library.retire(held)
    home.index.compact()
    return [_row(home, query, own) for query, own in zip(judged.queries, _encoded(judged, home), strict=True)]


def _row(home: Home, query: Any, encoded: Encoded) -> dict[str, Any]:
    ranking = home.engine.rank(Request(query.text, READER), encoded)
    features, models = ranking.features(), home.engine.models
    return {
        "id": query.id,
        "text": query.text,
        "lang": query.language,
        "vector": ranking.query.vector,
        "answerable": models.question.probability(features[0]) if features else 0.0,
        "hits": [(key, models.hit.probability(row)) for key, row in zip(ranking.ids[:5], features[:5], strict=False)],
        "closeness": float(ranking.found.cosine.max()) if len(ranking.found) else 0.0,
    }


def _encoded(judged: JudgedSet, home: Home) -> list[Encoded]:
    kept = CACHE / f"{judged.name}.enc.pkl"
    if not kept.exists():
        kept.write_bytes(pickle.dumps(encode([query.text for query in judged.queries], home.embedder)))
    found: list[Encoded] = pickle.loads(kept.read_bytes())
    return found


@cache
def _home(name: str) -> Home:
    settings = load().settings
    folder = CACHE / f"home-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    own = settings.model_copy(update={"home": folder})
    return Home(own, SentenceTransformerEmbedder(settings.model, settings.cache))


@cache
def _words(text: str, language: str) -> tuple[str, ...]:
    return Analyzer().question(text, language).fields[0]


if __name__ == "__main__":
    main(*sys.argv[1:])
