"""BM25 over postings, over a delta, and rank_bm25's own scan: the same scores."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from indexer.lexical import BM25, Postings, Statistics, build_postings, idf

CORPUS = st.lists(st.lists(st.sampled_from("abcdefgh환불"), min_size=1, max_size=12), min_size=1, max_size=20)
QUERY = st.lists(st.sampled_from("abcdxyz환"), min_size=1, max_size=5, unique=True)


def postings(corpus: list[list[str]]) -> Postings:
    return Postings.from_arrays(build_postings(corpus))


def weights(query: list[str], *parts: BM25 | Postings) -> dict[str, float]:
    documents = sum(part.statistics().documents for part in parts)
    return {term: idf(documents, sum(part.document_frequency(term) for part in parts)) for term in query}


@settings(deadline=None)
@given(CORPUS, QUERY)
def test_postings_score_as_rank_bm25_does_with_lucenes_idf(corpus: list[list[str]], query: list[str]) -> None:
    oracle = BM25Okapi(corpus)
    found = postings(corpus)
    oracle.idf = weights(query, found)
    scores = found.scores(weights(query, found), found.statistics())
    np.testing.assert_allclose(scores, oracle.get_scores(query), rtol=1e-5, atol=1e-6)


@settings(deadline=None)
@given(CORPUS, CORPUS, QUERY)
def test_snapshot_and_delta_together_score_as_one(old: list[list[str]], new: list[list[str]], query: list[str]) -> None:
    base, delta, whole = postings(old), BM25(new), postings(old + new)
    both = base.statistics() + delta.statistics()
    assert both == whole.statistics()
    own = weights(query, base, delta)
    parts = np.concatenate([base.scores(own, both), delta.scores(own, both)])
    np.testing.assert_array_equal(parts, whole.scores(weights(query, whole), both))


@settings(deadline=None)
@given(CORPUS, QUERY, st.data())
def test_documents_that_do_not_count_change_nothing(
    corpus: list[list[str]], query: list[str], data: st.DataObject
) -> None:
    counted = np.array(data.draw(st.lists(st.booleans(), min_size=len(corpus), max_size=len(corpus))))
    alone = [document for document, counts in zip(corpus, counted, strict=True) if counts]
    for some, only in ((postings(corpus), postings(alone)), (BM25(corpus), BM25(alone))):
        assert some.statistics(counted) == only.statistics()
        for term in query:
            assert some.document_frequency(term, counted) == only.document_frequency(term)
        scores = some.scores(weights(query, only), some.statistics(counted))
        np.testing.assert_array_equal(scores[counted], only.scores(weights(query, only), only.statistics()))


def test_scoring_by_other_statistics_leaves_the_index_as_it_was() -> None:
    found = BM25([["a", "b"], ["a"]])
    before = dict(found.idf), found.avgdl
    found.scores({"a": 9.0}, Statistics(100, 1_000))
    assert (found.idf, found.avgdl) == before  # other threads score by their own


def test_an_empty_corpus_is_no_error() -> None:
    nothing = Statistics(0, 0)
    assert len(BM25([]).scores({"a": 1.0}, nothing)) == 0
    assert len(postings([]).scores({"a": 1.0}, nothing)) == 0


def test_idf_is_positive_even_for_a_term_in_every_document() -> None:
    assert idf(1, 1) > 0
    assert idf(10, 10) > 0


@given(CORPUS)
def test_holds_says_which_documents_have_a_term(corpus: list[list[str]]) -> None:
    found = postings(corpus)
    rows = np.arange(len(corpus))
    for term in ("a", "환", "zzz"):
        assert found.holds(term, rows).tolist() == [term in document for document in corpus]
