"""BM25: the only file that imports rank_bm25.

`BM25` is rank_bm25's own `BM25Okapi` (its parameters and its score formula) with two changes: the idf is Lucene's
`ln(1 + (N - df + 0.5) / (df + 0.5))`, which is never negative, and an empty corpus is no error. It scores the few
fresh chunks of a delta by scanning them. `Postings` is the same function over an inverted index, for the snapshot.
Both take idf and average length from outside, and count only the documents they are told to, so that the scores of
both compare and depend on nothing that their reader may not see. They are the same to the last bit.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

Scores = NDArray[np.float32]
Counted = NDArray[np.bool_] | None
"""Which documents count, (n,); None for all of them."""


def idf(documents: int, frequency: int) -> float:
    """Lucene's inverse document frequency; > 0 for every frequency ≤ documents."""
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


@dataclass(frozen=True)
class Statistics:
    """What BM25 must know of the documents that count, for one field. `tokens` is the sum of lengths."""

    documents: int
    tokens: int

    @property
    def average_length(self) -> float:
        return self.tokens / self.documents if self.documents and self.tokens else 1.0

    def __add__(self, other: Statistics) -> Statistics:
        return Statistics(self.documents + other.documents, self.tokens + other.tokens)


_RANK_BM25 = BM25Okapi([["a"]])
_K1, _B = float(_RANK_BM25.k1), float(_RANK_BM25.b)  # its default parameters


class BM25(BM25Okapi):  # type: ignore[misc]
    """rank_bm25 over a small corpus, with another collection's statistics where they are given."""

    def __init__(self, corpus: Sequence[Sequence[str]]) -> None:
        if corpus:
            super().__init__(corpus)
        else:  # rank_bm25 divides by the number of documents
            self.k1, self.b, self.epsilon = _K1, _B, 0.25
            self.corpus_size, self.avgdl = 0, 0.0
            self.doc_freqs: list[dict[str, int]] = []
            self.doc_len: list[int] = []
            self.idf: dict[str, float] = {}

    def _calc_idf(self, nd: Mapping[str, int]) -> None:
        self.idf = {term: idf(self.corpus_size, count) for term, count in nd.items()}

    @cached_property
    def _documents(self) -> dict[str, list[int]]:
        """By term, the documents that have it."""
        found: dict[str, list[int]] = {}
        for number, terms in enumerate(self.doc_freqs):
            for term in terms:
                found.setdefault(term, []).append(number)
        return found

    def statistics(self, counted: Counted = None) -> Statistics:
        return _statistics(np.array(self.doc_len, np.int64), counted)

    def document_frequency(self, term: str, counted: Counted = None) -> int:
        return _frequency(self._documents.get(term, []), counted)

    def scores(self, weights: Mapping[str, float], statistics: Statistics) -> Scores:
        """Scores of every document for the query terms with their idf: (n,) float32."""
        if not self.corpus_size:
            return np.zeros(0, np.float32)
        scorer = copy(self)  # other threads score by other statistics
        scorer.idf, scorer.avgdl = dict(weights), statistics.average_length
        return np.asarray(scorer.get_scores(list(weights)), dtype=np.float32)


def _statistics(lengths: NDArray[Any], counted: Counted) -> Statistics:
    own = lengths if counted is None else lengths[counted]
    return Statistics(len(own), int(own.sum(dtype=np.int64)))


def _frequency(documents: Sequence[int] | NDArray[np.int32], counted: Counted) -> int:
    if counted is None or not len(documents):
        return len(documents)
    return int(np.count_nonzero(counted[documents]))


class Vocabulary:
    """Sorted terms in one memory-mapped block of bytes, found by bisection."""

    def __init__(self, blob: NDArray[np.uint8], offsets: NDArray[np.int64]) -> None:
        self.blob, self.offsets = memoryview(np.ascontiguousarray(blob)), offsets  # type: ignore[arg-type]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def term(self, index: int) -> bytes:
        return bytes(self.blob[int(self.offsets[index]) : int(self.offsets[index + 1])])

    def find(self, term: str) -> int:
        """The term's number, or -1."""
        wanted = term.encode()
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self.term(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self) and self.term(low) == wanted else -1


@dataclass(frozen=True)
class Postings:
    """One field's inverted index: for term t, `documents[starts[t]:starts[t + 1]]` and their counts."""

    vocabulary: Vocabulary
    starts: NDArray[np.int64]
    documents: NDArray[np.int32]
    counts: NDArray[np.int32]
    lengths: NDArray[np.int32]

    ARRAYS = ("blob", "offsets", "starts", "documents", "counts", "lengths")

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Postings:
        vocabulary = Vocabulary(arrays["blob"], arrays["offsets"])
        return cls(vocabulary, *(arrays[name] for name in cls.ARRAYS[2:]))

    def statistics(self, counted: Counted = None) -> Statistics:
        return _statistics(self.lengths, counted)

    def document_frequency(self, term: str, counted: Counted = None) -> int:
        return _frequency(self.of(term)[0], counted)

    def of(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The documents that have a term, ascending, and how often."""
        at = self.vocabulary.find(term)
        where = slice(int(self.starts[at]), int(self.starts[at + 1])) if at >= 0 else slice(0, 0)
        return self.documents[where], self.counts[where]

    def scores(self, weights: Mapping[str, float], statistics: Statistics) -> Scores:
        """Scores of every document for the query terms with their idf: (n,) float32."""
        scores = np.zeros(len(self.lengths))
        average = statistics.average_length
        for term, weight in weights.items():
            documents, counts = self.of(term)
            norm = _K1 * (1 - _B + _B * self.lengths[documents] / average)
            scores[documents] += weight * (counts * (_K1 + 1) / (counts + norm))
        return scores.astype(np.float32)

    def holds(self, term: str, documents: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether each document has the term."""
        own, _ = self.of(term)
        if not len(own) or not len(documents):
            return np.zeros(len(documents), np.bool_)
        places = np.minimum(np.searchsorted(own, documents), len(own) - 1)
        return np.asarray(own[places] == documents)


def build_postings(corpus: Iterable[Sequence[str]]) -> dict[str, NDArray[Any]]:
    """The arrays of `Postings` for a field's terms, document by document."""
    numbers: dict[str, int] = {}
    flat, lengths = array("i"), array("i")
    for terms in corpus:
        lengths.append(len(terms))
        flat.extend(numbers.setdefault(term, len(numbers)) for term in terms)
    ordered = sorted(numbers, key=str.encode)
    rank = np.empty(len(numbers), np.int64)
    rank[[numbers[term] for term in ordered]] = np.arange(len(ordered))
    documents = np.repeat(np.arange(len(lengths)), lengths)
    keys, counts = np.unique(rank[np.asarray(flat)] * len(lengths) + documents, return_counts=True)
    encoded = [term.encode() for term in ordered]
    terms_of = keys // max(len(lengths), 1)
    return {
        "blob": np.frombuffer(b"".join(encoded), np.uint8),
        "offsets": np.cumsum([0, *map(len, encoded)], dtype=np.int64),
        "starts": np.searchsorted(terms_of, np.arange(len(ordered) + 1)).astype(np.int64),
        "documents": (keys % max(len(lengths), 1)).astype(np.int32),
        "counts": counts.astype(np.int32),
        "lengths": np.asarray(lengths, np.int32),
    }
