"""Gaps, computed again from everything that was asked: gather, set aside what is answered, cluster, look, keep.

What a person changed while this was computing stays as they put it. A gap is looked at again (its questions searched
for, its verdict and proof made) only when its representative questions are others, somebody complained, or articles
changed that are as close to its questions as what they find; the rest is cheap, so that this can run often.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from articles.gaps import cluster as clusters
from articles.gaps import coverage, names, stable, verdict
from articles.gaps.life import reopened
from articles.gaps.nouns import Cluster, Known, Question
from articles.gaps.probes import COMPLAINTS, Probed, Prober, explained, representatives
from articles.gaps.proof import SHARE, Live, answered_by, proven
from articles.gaps.questions import Asked, gather
from kb.jobs import Progress
from kb.ports import Vectors
from kb.store import Connection, articles, changes, versions
from kb.store import gaps as store
from kb.store.gaps import STANDING, Membership, StoredGap
from kb.times import stamp
from kb.words import count
from search.home import Home

_LOOK = 3  # bump when the same evidence makes another verdict or proof
_NEAR = 0.05  # cosine by which a changed passage may be further from a question than what it finds, and still matter


@dataclass(frozen=True)
class Counts:
    """What was found: how many questions, how many of them unanswered, in how many gaps; and how many gaps ended or
    began again just now."""

    questions: int
    unanswered: int
    gaps: int
    closed: int
    reopened: int


@dataclass(frozen=True)
class _Held:
    """What is stored when a refresh begins."""

    gaps: Mapping[str, StoredGap]
    placed: Mapping[str, Membership]


@dataclass(frozen=True)
class _Looked:
    """A gap as it will be stored, with its questions, and whether it was looked at."""

    gap: StoredGap
    members: Sequence[Membership]


def refresh(home: Home, now: datetime, progress: Progress) -> Counts:
    """Compute every gap again, and keep it.

    Raises:
        Cancelled: it is asked to end. Nothing was changed then, but that new tickets were asked what they ask.
    """
    asked = gather(home, progress)
    asked = replace(asked, questions=tuple(coverage.reformulated(asked.questions)))
    wanted = [question for question in asked.questions if _counts(question, asked)]
    progress.report(f"grouping {count(len(wanted), 'unanswered question')} of {len(asked.questions):,}")
    with home.database.read() as connection:
        held = _held(connection)
    prober = Prober(home, asked)
    model = home.identity.model
    before = {item.id: item.gap_id for item in held.placed.values() if held.gaps[item.gap_id].model == model}
    grouped = clusters.group(wanted, prober.words, prober.background, before) if wanted else []
    found = stable.assign(grouped, _known(held, asked, model))
    looked = _look(_Look(prober, held, now), found, progress)
    with home.database.write() as connection:
        _keep(connection, held, looked)
    was, now_is = (_states(gaps) for gaps in (held.gaps.values(), [item.gap for item in looked]))
    return Counts(
        questions=len(asked.questions),
        unanswered=len(wanted),
        gaps=len(looked),
        closed=sum(state == "closed" and was.get(name) != "closed" for name, state in now_is.items()),
        reopened=sum(state == "reopened" and was.get(name) != "reopened" for name, state in now_is.items()),
    )


def _states(gaps: Iterable[StoredGap]) -> dict[str, str]:
    return {gap.id: gap.state for gap in gaps}


def _counts(question: Question, asked: Asked) -> bool:
    """Whether it is unanswered, and nobody said otherwise. Without a vector it cannot be told what it asks."""
    fine = question.id in asked.helped and not question.signals & COMPLAINTS
    return len(question.vector) > 0 and not fine and coverage.unanswered(question)


def _held(connection: Connection) -> _Held:
    placed = {item.id: item for item in store.memberships(connection)}
    return _Held({gap.id: gap for gap in store.every(connection)}, placed)


def _by_gap(held: _Held) -> dict[str, list[Membership]]:
    own: dict[str, list[Membership]] = {}
    for item in held.placed.values():
        own.setdefault(item.gap_id, []).append(item)
    return own


def _known(held: _Held, asked: Asked, model: str) -> list[Known]:
    """The gaps as they were, for clusters to become them again."""
    vectors = {question.id: question.vector for question in asked.questions if len(question.vector)}
    own = _by_gap(held)
    found = []
    for gap in held.gaps.values():
        members = own.get(gap.id, [])
        ids = frozenset(item.id for item in members)
        pinned = frozenset(item.id for item in members if item.pinned)
        kept = np.frombuffer(gap.centroid, "<f4") if gap.model == model else np.zeros(0, np.float32)
        centroid = kept if len(kept) else _centroid([vectors[name] for name in sorted(ids & vectors.keys())])
        found.append(Known(gap.id, ids, centroid, pinned, gap.merged_into))
    return found


def _centroid(vectors: Sequence[Vectors]) -> Vectors:
    mean = np.mean(vectors, axis=0) if vectors else np.zeros(0, np.float32)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)


# --- looking at each -------------------------------------------------------------------------------------------


def _look(look: _Look, found: Sequence[tuple[str, Cluster]], progress: Progress) -> list[_Looked]:
    looked = []
    for place, (name, cluster) in enumerate(found):
        progress.report(f"looking at gaps: {place:,} of {len(found):,}")
        looked.append(look.gap(name, cluster))
    return looked


class _Look:
    """One refresh's look at its gaps."""

    def __init__(self, prober: Prober, held: _Held, now: datetime) -> None:
        self.prober, self.home, self.asked = prober, prober.home, prober.asked
        self.held, self.now = held, now
        self._passages: dict[int, tuple[set[str], Vectors]] = {}
        self._changes: dict[str, int] = {}
        self._explained = {item.gap_id: item.explained for item in held.placed.values() if item.explained}
        self._own = _by_gap(held)

    def gap(self, name: str, cluster: Cluster) -> _Looked:
        """A gap of these questions, looked at again where that may say something else."""
        model, centroid = self.home.identity.model, cluster.centroid.astype("<f4").tobytes()
        first = min(question.at for question in cluster.questions)
        gap = self.held.gaps.get(name) or StoredGap(name, stamp(first))
        gap = self._standing(replace(gap, model=model, centroid=centroid), cluster)
        said, chosen = self._explained.get(name, {}), self._chosen(name, cluster)
        digest = self._digest(cluster, chosen)
        if self._is_new(gap, digest, chosen):
            probed = self._probed(gap, chosen)
            closeness = min((p.answer.closeness for p in probed), default=0.0)
            gap, said = self._examined(gap, cluster, probed)
            gap = replace(gap, examined=f"{digest}:{self.prober.view.change}:{closeness:.4f}")
        return _Looked(gap, self._members(name, cluster, chosen, said))

    def _chosen(self, name: str, cluster: Cluster) -> tuple[Question, ...]:
        """The questions that stand for a gap: those that did, in their order, until it is about twice as large."""
        own = self._own.get(name, [])
        places = {item.id: item.place for item in own if item.place}
        held = sorted((q for q in cluster.questions if q.id in places), key=lambda question: places[question.id])
        grown = len(cluster.questions).bit_length() != len(own).bit_length()
        return tuple(held) if held and not grown else representatives(cluster)

    def _probed(self, gap: StoredGap, chosen: Sequence[Question]) -> list[Probed]:
        """What a gap's questions find now. Of a new gap of one question the log says it, if no article is newer."""
        first = chosen[0]
        if not gap.examined and len(chosen) == 1:
            logged = self.prober.as_logged(first)
            if logged and not self._may_matter(self._change_at(first), logged[0].answer.closeness, chosen):
                return logged
        return self.prober.probe(chosen)

    def _change_at(self, question: Question) -> int:
        """The last change before the day on which it was asked."""
        day = question.at.date().isoformat()
        if day not in self._changes:
            with self.home.database.read() as connection:
                self._changes[day] = store.change_before(connection, day)
        return self._changes[day]

    def _standing(self, gap: StoredGap, cluster: Cluster) -> StoredGap:
        """A gap that was asked again since it was closed is open again; so is one that is ignored no longer."""
        if gap.state == "closed" and any(stamp(question.at) > gap.closed_at for question in cluster.questions):
            return self._changed(reopened(gap, stamp(self.now)))
        if gap.state == "ignored" and "" < gap.ignored_until < self.now.date().isoformat():
            return self._changed(replace(gap, state="assigned" if gap.assignee else "open", ignored_until=""))
        return gap

    def _changed(self, gap: StoredGap) -> StoredGap:
        return replace(gap, revision=gap.revision + 1)

    def _digest(self, cluster: Cluster, chosen: Sequence[Question]) -> str:
        """Of what a verdict is made of, but for the articles."""
        complaints = sum(bool(question.signals & COMPLAINTS) for question in cluster.questions)
        given = sorted({name for q in cluster.questions for name in self.asked.given.get(q.id, ())})
        parts = [str(_LOOK), self.home.identity.model, str(complaints), *given, *(question.id for question in chosen)]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]

    def _is_new(self, gap: StoredGap, digest: str, chosen: Sequence[Question]) -> bool:
        """Whether a gap was not looked at as it is now, with the articles as they are now."""
        was, _, rest = gap.examined.partition(":")
        if was != digest:
            return True
        change, closeness = rest.split(":")
        if int(change) == self.prober.view.change:
            return False
        ids, _ = self._since(int(change))
        found = gap.nearest_id in ids or gap.proof.get("article") in ids
        return found or self._may_matter(int(change), float(closeness), chosen)

    def _may_matter(self, change: int, closeness: float, chosen: Sequence[Question]) -> bool:
        """Whether an article that changed since is about as close to some question as what it found."""
        _, passages = self._since(change)
        vectors = np.stack([question.vector for question in chosen])
        return bool(len(passages)) and float((passages @ vectors.T).max()) >= closeness - _NEAR

    def _since(self, change: int) -> tuple[set[str], Vectors]:
        """The articles that changed since, and the vectors of their passages."""
        if change not in self._passages:
            with self.home.database.read() as connection:
                ids = changes.since(connection, change)
            self._passages[change] = ids, self.prober.passages(ids)
        return self._passages[change]

    def _examined(
        self, gap: StoredGap, cluster: Cluster, probed: Sequence[Probed]
    ) -> tuple[StoredGap, Mapping[str, object]]:
        """A gap with its verdict, and closed where its questions are answered; and what explains the verdict."""
        found = verdict.verdict(cluster, self.prober.evidence(cluster, probed))
        if found.proposal and probed:
            tried = self.prober.tried(found.proposal, probed[0].question)
            found = replace(found, proposal=tried if tried.may_help else None)
        name, confidence = found.nearest or ("", 0.0)
        gap = replace(gap, verdict=found.verdict, nearest_id=name, nearest_confidence=confidence)
        at = stamp(self.now)
        if gap.state in STANDING and (proof := proven(gap, probed, self._live(probed), at)):
            gap = self._changed(replace(gap, state="closed", closed_at=at, proof=proof))
        elif gap.state == "closed" and probed and answered_by(probed)[1] < SHARE:
            gap = self._changed(reopened(gap, at))
        return gap, explained(found, probed)

    def _live(self, probed: Sequence[Probed]) -> dict[str, Live]:
        """The live versions of the articles that questions find first."""
        names = {p.answer.found[0].article for p in probed if p.answer.found}
        with self.home.database.read() as connection:
            rows = articles.published_rows(connection, names)
            live = ((name, versions.get(connection, name, row.version)) for name, row in rows.items())
            return {name: Live(found.number, found.published_at) for name, found in live if found}

    def _members(
        self, gap: str, cluster: Cluster, chosen: Sequence[Question], said: Mapping[str, object]
    ) -> list[Membership]:
        called = names.name(cluster)
        source = next((q.id for q in cluster.questions if _begins(q.text, called)), cluster.questions[0].id)
        places = {question.id: place for place, question in enumerate(chosen, 1)}
        pinned = {item.id for item in self.held.placed.values() if item.pinned and item.gap_id == gap}
        return [
            Membership(
                id=question.id,
                gap_id=gap,
                pinned=question.id in pinned,
                place=places.get(question.id, 0),
                signals=sorted(question.signals),
                name=called if question.id == source else "",
                explained=said if places.get(question.id) == 1 else {},
            )
            for question in cluster.questions
        ]


def _begins(text: str, name: str) -> bool:
    """Whether a name is made of these words."""
    return " ".join(text.split()).startswith(name.removesuffix("…"))


# --- keeping ---------------------------------------------------------------------------------------------------


def _keep(connection: Connection, held: _Held, looked: Sequence[_Looked]) -> None:
    """Write what was computed, but for what somebody changed since it began."""
    present = _held(connection)
    touched = {
        gap.id for gap in present.gaps.values() if gap.id not in held.gaps or gap.revision != held.gaps[gap.id].revision
    }
    store.save(connection, [item.gap for item in looked if item.gap.id not in touched])
    kept = [item for item in present.placed.values() if item.gap_id in touched]
    stays = {item.id for item in kept}
    moved = [item for look in looked if look.gap.id not in touched for item in look.members if item.id not in stays]
    store.place(connection, [*kept, *moved])
    store.remove_empty(connection)
