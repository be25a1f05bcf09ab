"""Late interaction: what four bits keep, MaxSim against its definition, and the second stage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.late import BUDGET, QueryTokens, TokenMatrix, max_sim, pack, unpack
from kb.models import Reader
from kb.ports import Vectors
from kb.store import passages
from search.engine import Request
from tests.conftest import CUSTOMER, Shop


def unit(count: int, seed: int = 0, dimension: int = 384) -> Vectors:
    found = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


@given(st.integers(0, 1000), st.integers(1, 300))
def test_four_bits_keep_the_direction(seed: int, count: int) -> None:
    tokens = unit(count, seed)
    codes = pack(tokens, budget=1000)
    assert codes.shape == (count, 192)
    assert codes.dtype == np.uint8
    kept = unpack(codes)
    cosines = (kept * tokens).sum(axis=1) / np.linalg.norm(kept, axis=1)
    assert cosines.min() > 0.98


def test_a_long_passage_keeps_no_more_than_its_budget() -> None:
    assert [len(pack(unit(n))) for n in (0, 1, BUDGET, BUDGET + 1, 500)] == [0, 1, BUDGET, BUDGET, BUDGET]
    assert pack(unit(500)).nbytes <= 42_000


def test_max_sim_is_the_weighted_mean_of_the_greatest_cosines() -> None:
    query, weights = unit(5, 1), np.array([1, 2, 0, 1, 3], np.float32)
    codes = [pack(unit(n, n)) for n in (7, 0, 3)]
    found = max_sim(QueryTokens(query, weights), codes)
    for score, own in zip(found, codes, strict=True):
        if not len(own):
            assert np.isnan(score)
            continue
        expected = (query @ unpack(own).T).max(axis=1) @ (weights / weights.sum())
        assert score == pytest.approx(float(expected), abs=1e-5)


def test_only_the_heaviest_tokens_of_a_long_question_are_compared() -> None:
    heavy = QueryTokens(unit(200), np.arange(200, dtype=np.float32)).heaviest(64)
    assert heavy.weights.tolist() == list(range(136, 200))


def test_rows_are_gathered_from_one_matrix() -> None:
    parts = [pack(unit(n, n)) for n in (2, 0, 4)]
    matrix = TokenMatrix(np.concatenate(parts), np.cumsum([0, 2, 0, 4]))
    assert [len(codes) for codes in matrix.gather(np.array([2, 1, 0]))] == [4, 0, 2]


def test_the_second_stage_ranks_the_same_from_delta_and_snapshot(shop: Shop) -> None:
    for number, text in enumerate(["refund within 14 days", "reset the password", "late delivery of a box"]):
        shop.put(f"a{number}", text, title=f"T{number}")
    before = [(h.id, h.explain["late"]) for h in shop.search("when is my refund", explain=True).hits]  # type: ignore[index]
    shop.home.index.compact()
    after = [(h.id, h.explain["late"]) for h in shop.search("when is my refund", explain=True).hits]  # type: ignore[index]
    assert before == after
    assert all(score is not None for _, score in before)


def test_passages_without_token_vectors_are_ranked_by_the_first_stage(shop: Shop) -> None:
    shop.settings = shop.settings.model_copy(update={"late_interaction": False})
    shop.library.preparer.late_interaction = False
    shop.put("a", "refund within 14 days", title="A")
    with shop.home.database.read() as connection:
        assert passages.token_sizes(connection, shop.embedder.fingerprint) == {}
    (hit,) = shop.search("refund", explain=True).hits
    assert hit.explain is not None
    assert hit.explain["late"] is None


def test_a_reranker_has_the_last_word_and_keeps_the_scores(shop: Shop) -> None:
    class Shortest:
        def scores(self, question: str, passages: list[str]) -> Vectors:
            assert question == "refund"
            return np.array([-len(text) for text in passages], np.float32)

    shop.put("long", "refund refund refund within fourteen days of the payment", title="Refund")
    shop.put("short", "refund", title="R")
    before = shop.search("refund").hits
    shop.engine.reranker = Shortest()  # type: ignore[assignment]
    after = shop.engine.search(Request("refund", Reader(CUSTOMER.audiences))).hits
    assert [hit.id for hit in after] == ["short", "long"]
    assert sorted(h.score for h in after) == sorted(h.score for h in before)
