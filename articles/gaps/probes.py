"""A gap's representative questions, searched for again: what a verdict and a proof are made of.

Questions are asked as those who asked them; nothing is logged. What one refresh looks up more than once is kept here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from articles.gaps.nouns import Cluster, Evidence, Found, Probe, Proposal, Question, Verdict
from articles.gaps.questions import SHOWN, Answer, Asked, ask
from indexer.language import base
from kb.errors import InvalidInput
from kb.models import EVERYTHING, Reader
from kb.ports import Encoded, Vectors
from kb.store import articles
from kb.store import gaps as store
from search import rules
from search.confidence import ANSWER
from search.engine import Request
from search.home import Home
from search.live import View
from search.query import encode

REPRESENTATIVES = 5  # questions of a gap that are searched for
_READ = 3  # results of each whose words are looked at
_USUAL = 200  # questions that show how close one is that is answered
_TITLES = 100  # of each language, that stand for what the knowledge base is about
_KIN = 0.92  # cosine of a question to the centroid of those that it asks the same as; E5's lie between about 0.7 and 1
COMPLAINTS = frozenset({"not_helped", "contacted"})
_NOTHING = Answer(0.0, (), 0.0)


@dataclass(frozen=True)
class Probed:
    """A representative question, what whoever asked finds for it now, and what one would who reads everything there."""

    question: Question
    answer: Answer
    anywhere: tuple[Found, ...]


def representatives(cluster: Cluster) -> tuple[Question, ...]:
    """The most central questions, each wording once."""
    texts: dict[str, Question] = {}
    for question in cluster.questions:
        texts.setdefault(" ".join(question.text.lower().split()), question)
    return tuple(texts.values())[:REPRESENTATIVES]


class Prober:
    """Searches over one home, at one moment, for what was asked."""

    def __init__(self, home: Home, asked: Asked) -> None:
        self.home, self.asked = home, asked
        self.view: View = home.index.view()
        self._words: dict[str, frozenset[str]] = {}

    def probe(self, questions: Sequence[Question]) -> list[Probed]:
        """Search for questions again."""
        try:
            encoded = encode([question.text for question in questions], self.home.embedder)
        except InvalidInput:  # the words of one are such as nobody can search for any more
            return []
        return [self._probe(question, own) for question, own in zip(questions, encoded, strict=True)]

    def _probe(self, question: Question, encoded: Encoded) -> Probed:
        reader = self.asked.reader(question)
        answer = self._ask(question, reader, encoded)
        if self._sees_everything(reader):
            return Probed(question, answer, answer.found)
        return Probed(question, answer, self._ask(question, replace(reader, audiences=None), encoded).found)

    def _sees_everything(self, reader: Reader) -> bool:
        """Whether no article is for other audiences than this reader's."""
        own, every = self.view.scope(reader), self.view.scope(replace(reader, audiences=None))
        return bool(np.array_equal(own.mask, every.mask))

    def as_logged(self, question: Question) -> list[Probed]:
        """A question with what it found when it was asked; nothing where that does not say all."""
        rows = self.view.by_id
        if not self._sees_everything(self.asked.reader(question)) or any(name not in rows for name, _ in question.hits):
            return []
        held = ((rows[name], confidence, rank) for rank, (name, confidence) in enumerate(question.hits, 1))
        found = tuple(
            Found(row.id, row.locale, row.audience, row.title, sure, rank, row.family) for row, sure, rank in held
        )
        return [Probed(question, Answer(question.answerable, found, self._closeness(question.vector)), found)]

    def _ask(self, question: Question, reader: Reader, encoded: Encoded | None = None) -> Answer:
        ticket = bool(store.ticket_of(question.id)) or question.channel == "suggest"
        try:
            return ask(self.home, question.text, reader, encoded=encoded, ticket=ticket)
        except InvalidInput:  # it says only what not to find
            return _NOTHING

    # --- evidence --------------------------------------------------------------------------------------------

    def evidence(self, cluster: Cluster, probed: Sequence[Probed]) -> Evidence:
        """What a verdict on a cluster is made of."""
        served, unhelped = self._readers(cluster)
        linked = Counter(name for question in cluster.questions for name in self.asked.given.get(question.id, ()))
        names = {f.article for p in probed for f in (*p.answer.found[:_READ], *p.anywhere[:_READ])} | set(linked)
        return Evidence(
            probes=tuple(Probe(p.question, p.answer.found, p.anywhere, p.answer.closeness) for p in probed),
            linked=linked,
            served=served,
            unhelped=unhelped,
            usual=self._usual,
            words={name: self._words_of(name) for name in sorted(names)},
        )

    def _readers(self, cluster: Cluster) -> tuple[Counter[str], Counter[str]]:
        """By article, how many asked this and got it with confidence, and how many of them it did not help."""
        own = {question.id for question in cluster.questions}
        kin = self._answered[1] @ cluster.centroid >= _KIN if len(self._answered[0]) else np.zeros(0, np.bool_)
        found = [q for q, near in zip(self._answered[0], kin, strict=True) if near or q.id in own]
        complaints = [question for question in found if question.signals & COMPLAINTS]
        return Counter(q.hits[0][0] for q in found), Counter(q.hits[0][0] for q in complaints)

    @cached_property
    def _answered(self) -> tuple[list[Question], Vectors]:
        """The questions that a confident article answered, with their vectors: (n, dimension)."""
        size = self.home.identity.dimension
        found = [q for q in self.asked.questions if q.hits and q.answerable >= ANSWER and len(q.vector) == size]
        return found, np.stack([q.vector for q in found]) if found else np.zeros((0, size), np.float32)

    @cached_property
    def _usual(self) -> tuple[float, ...]:
        """How close questions that are answered come to a passage; without any, titles."""
        questions, vectors = self._answered
        helped = [place for place, question in enumerate(questions) if not question.signals & COMPLAINTS]
        vectors = vectors[helped[:: max(1, len(helped) // _USUAL)]]
        if not len(vectors):
            vectors = np.concatenate([vectors, *self.background.values()])
        return tuple(self._closeness(vector) for vector in vectors[:_USUAL])

    @cached_property
    def background(self) -> dict[str, Vectors]:
        """Some titles, read as questions, by language: (n, dimension) each."""
        titles: dict[str, list[str]] = {}
        for row in self.view.by_id.values():
            if any(map(str.isalnum, row.title)):
                titles.setdefault(base(row.locale), []).append(row.title)
        some = {name: own[:: max(1, len(own) // _TITLES)][:_TITLES] for name, own in titles.items()}
        return {
            name: np.concatenate([e.vectors for e in encode(own, self.home.embedder)]) for name, own in some.items()
        }

    def _closeness(self, vector: Vectors) -> float:
        nearest = self.view.nearest(vector, 1, self.view.scope(EVERYTHING).mask)
        return float(self.view.cosines(vector, nearest).max(initial=0.0))

    def words(self, text: str, language: str) -> tuple[str, ...]:
        """The analysed words of a question."""
        return self.home.analyzer.question(text, language).fields[0]

    def _words_of(self, article_id: str) -> frozenset[str]:
        """The analysed words of an article."""
        if article_id not in self._words:
            with self.home.database.read() as connection:
                article = articles.get(connection, article_id, EVERYTHING)
            text = f"{article.metadata.title}\n{article.markdown}" if article else ""
            locale = article.metadata.locale if article else "en"
            self._words[article_id] = frozenset(self.words(text, locale))
        return self._words[article_id]

    # --- what a proposal would change ------------------------------------------------------------------------

    def tried(self, proposal: Proposal, question: Question) -> Proposal:
        """A proposal with the places of its article before and after.

        A synonym is tried as it is. Of a title or a section it is tried what they would do to these words: lead to the
        article.
        """
        reader = self.asked.reader(question)
        row = self.view.by_id.get(proposal.article)
        if not proposal.words or row is None:
            return proposal
        with self.home.database.read() as connection:
            held = self.home.engine.rules.current(connection)
        said = {"id": "proposed", "terms": list(proposal.words), "to": [row.title], "locale": "", "space": ""}
        added = rules.synonym(said)
        request = Request(question.text, reader, limit=SHOWN)
        places = (
            _place(found.id for found in self.home.engine.answer(request, those).hits).get(proposal.article)
            for those in (held, replace(held, synonyms=(*held.synonyms, added)))
        )
        return replace(proposal, before=next(places), after=next(places))

    def passages(self, wanted: Collection[str]) -> Vectors:
        """The vectors of all passages of some articles: (n, dimension)."""
        view = self.view
        places = (place for place, row in enumerate(view.articles) if row.id in wanted and view.alive[place])
        rows = [view.rows_of[place] for place in places if place in view.rows_of]
        size = self.home.identity.dimension
        return view.gather(np.concatenate(rows)) if rows else np.zeros((0, size), np.float32)


def _place(ids: Iterable[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(ids, 1)}


def explained(verdict: Verdict, probed: Sequence[Probed]) -> dict[str, Any]:
    """Why a verdict was reached, the questions that say so, and every article that this names or shows in words."""
    said = {
        "why": verdict.why,
        "data": dict(verdict.data),
        "proposal": vars(verdict.proposal) | {"words": list(verdict.proposal.words)} if verdict.proposal else None,
    }
    seen = {found.article: found.title for p in probed for found in (*p.answer.found, *p.anywhere)}
    text = repr(said)
    named = {article for article, title in seen.items() if article in text or (title and title in text)}
    named |= {verdict.nearest[0]} if verdict.nearest else set()
    named |= {verdict.proposal.article} if verdict.proposal else set()
    return {**said, "articles": sorted(named), "questions": [p.question.id for p in probed]}
