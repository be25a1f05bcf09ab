"""Groups questions that ask the same, by their vectors and their words, in one language and across languages.

Vectors are centred: E5's cosines lie between 0.7 and 1, and most of what two questions share is that both are questions
in one language. A question is then its centred vector and its words weighted by how rare they are, side by side, so
that a dot product is a similarity, and the mean similarity of two groups is the dot product of their means. Average
linkage by reciprocal nearest neighbours needs no more than that: no matrix of all pairs is ever held, and groups to
which nothing is close leave the search at once. Then questions move to the group that they are closest to, groups that
are two questions are divided, questions that are not close to the others of their group leave it, and groups as alike
as their own members are one, in whatever language.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from articles.gaps.linkage import Labels, attach, divide, join_alike, link, release, settle, unit
from articles.gaps.nouns import Cluster, Question
from kb.ports import Vectors

WORDS = 0.1  # of a similarity, what shared words make up

_MOST = 0.5  # of the texts: fewer that were in groups before, and all are grouped anew
_TERMS = 8  # words that a cluster is told by
_HASHED = 256  # places for words: two that share one are 0.1 of a similarity at most, and seldom alone
_PRIOR = 1000  # questions that the knowledge base's own texts count as, in the mean that is taken away

Words = Callable[[str, str], Sequence[str]]
"""The analysed words of a text in a language."""


@dataclass(frozen=True)
class _Items:
    """The distinct texts that were asked: their questions, languages, words, and vectors (n, dim)."""

    questions: list[list[Question]]
    languages: NDArray[np.str_]
    words: list[tuple[str, ...]]
    vectors: Vectors


def group(
    questions: Iterable[Question],
    words: Words,
    background: Mapping[str, Vectors],
    before: Mapping[str, str] | None = None,
) -> list[Cluster]:
    """Clusters of questions, single ones included, the largest first; the same for any order of the questions.

    `background` are vectors of the knowledge base's own texts by language, (n, dim) each, such as its titles on the
    query side: what questions are centred against while there are few. Questions without a vector of the present
    model join those of the same words only.

    `before` is the group that a question was in. Groups stay as they were, and what is new joins them or makes others,
    unless most is new: then everything is grouped anew.
    """
    items = _distinct(questions, words)
    if not items.questions:
        return []
    idf = _idf(items.words)
    dense = centred(items.vectors, items.languages, background)
    both = np.hstack([math.sqrt(1 - WORDS) * dense, math.sqrt(WORDS) * _hashed(items.words, idf)])
    held = _held(items, before or {})
    old = held >= 0
    labels = held.copy()
    if old.mean() < _MOST:
        old[:] = False
    new = np.flatnonzero(~old)
    labels[new] = new[_grouped(dense[new], both[new], items.languages[new])]
    return _clusters(items, attach(dense, labels, old), idf)


def _grouped(dense: Vectors, both: Vectors, languages: NDArray[np.str_]) -> Labels:
    labels = divide(dense, settle(both, link(both)), languages)
    return join_alike(dense, release(dense, labels, languages), languages)


def _held(items: _Items, before: Mapping[str, str]) -> Labels:
    """By text, the first row of the group that it was in; -1 of one that is new."""
    names = [next((before[q.id] for q in own if q.id in before), "") for own in items.questions]
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        rows.setdefault(name, []).append(row)
    found = np.full(len(names), -1)
    for name, own in rows.items():
        if name:
            found[own] = own[0]
    return found


def centred(vectors: Vectors, languages: NDArray[np.str_], background: Mapping[str, Vectors]) -> Vectors:
    """Vectors less the mean of their language, L2-normalised; rows of zeros stay so.

    The mean is of the questions and of the knowledge base's own texts, which count as a thousand questions.
    """
    known = (vectors**2).sum(axis=1) > 0
    found = np.zeros_like(vectors)
    every = [own for own in background.values() if len(own)]
    for language in sorted(set(languages)):
        rows = (languages == language) & known
        if not rows.any():
            continue
        own = background.get(language, vectors[:0])
        prior = own if len(own) else np.concatenate(every) if every else vectors[rows]
        total = vectors[rows].sum(axis=0) + _PRIOR * prior.mean(axis=0)
        found[rows] = vectors[rows] - total / (rows.sum() + _PRIOR)
    return unit(found)


def join(clusters: Sequence[Cluster]) -> Cluster:
    """One cluster of all their questions."""
    terms = dict.fromkeys(term for cluster in clusters for term in cluster.terms)
    return of([question for cluster in clusters for question in cluster.questions], tuple(terms)[:_TERMS])


def of(questions: Sequence[Question], terms: tuple[str, ...] = ()) -> Cluster:
    """A cluster of these questions, the most central first."""
    mean = centre(questions)
    near = {question.id: float(question.vector @ mean) if len(question.vector) else 0.0 for question in questions}
    order = sorted(questions, key=lambda question: (-round(near[question.id], 5), question.text, question.id))
    return Cluster(tuple(order), mean, terms)


def centre(questions: Sequence[Question]) -> Vectors:
    """The L2-normalised mean of their vectors; empty where none has one."""
    vectors = [question.vector for question in sorted(questions, key=lambda q: q.id) if len(question.vector)]
    if not vectors:
        return np.zeros(0, np.float32)
    return unit(np.stack(vectors).mean(axis=0, keepdims=True)).reshape(-1)


def _distinct(questions: Iterable[Question], words: Words) -> _Items:
    """Texts are the same where only case and spaces differ; of several languages the first by its code."""
    by_text: dict[str, list[Question]] = {}
    for question in sorted(questions, key=lambda question: (question.language, question.id)):
        by_text.setdefault(" ".join(question.text.lower().split()), []).append(question)
    asked = [by_text[text] for text in sorted(by_text)]
    width = max((len(question.vector) for own in asked for question in own), default=0)
    vectors = np.zeros((len(asked), width), np.float32)
    for row, own in enumerate(asked):
        vectors[row] = next((question.vector for question in own if len(question.vector) == width), 0)
    languages = np.array([own[0].language for own in asked], np.str_)
    return _Items(asked, languages, [tuple(words(own[0].text, own[0].language)) for own in asked], vectors)


def _idf(words: Sequence[Sequence[str]]) -> dict[str, float]:
    counts = Counter(word for own in words for word in set(own))
    return {word: math.log((len(words) + 1) / (count + 0.5)) for word, count in counts.items()}


def _hashed(words: Sequence[Sequence[str]], idf: Mapping[str, float]) -> Vectors:
    """(n, _HASHED) float32, L2-normalised: each word at a place and with a sign that its letters decide."""
    found = np.zeros((len(words), _HASHED), np.float32)
    for row, own in enumerate(words):
        for word in sorted(set(own)):
            code = zlib.crc32(word.encode())
            found[row, code % _HASHED] += idf[word] if code >> 16 & 1 else -idf[word]
    return unit(found)


def _clusters(items: _Items, labels: Labels, idf: Mapping[str, float]) -> list[Cluster]:
    rows: dict[int, list[int]] = {}
    for row, label in enumerate(labels):
        rows.setdefault(int(label), []).append(row)
    found = []
    for own in rows.values():
        counts = Counter(word for row in own for word in set(items.words[row]))
        telling = sorted(counts, key=lambda word: (-counts[word] * idf[word], word))
        found.append(of([question for row in own for question in items.questions[row]], tuple(telling[:_TERMS])))
    return sorted(found, key=lambda cluster: (-len(cluster.questions), cluster.questions[0].id))
