"""Exact vector search, with and without rows left out."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.dense import FlatIndex


@pytest.mark.parametrize("share", [1.0, 0.5, 0.02])
def test_the_best_allowed_rows_in_order(share: float) -> None:
    random = np.random.default_rng(1)
    vectors = random.normal(size=(1000, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    query = vectors[7]
    allowed = random.random(1000) < share
    rows, scores = FlatIndex(vectors).top(query, 10, allowed)
    expected = sorted(np.flatnonzero(allowed), key=lambda row: -float(vectors[row] @ query))[:10]
    assert rows.tolist() == expected
    np.testing.assert_allclose(scores, vectors[rows] @ query, rtol=1e-5)


@pytest.mark.parametrize("share", [1.0, 0.5, 0.03])
def test_of_rows_that_tie_the_first_are_found_and_the_others_change_nothing(share: float) -> None:
    random = np.random.default_rng(2)
    vectors = random.normal(size=(40, 16)).astype(np.float32)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True))[random.integers(0, 40, 2000)]
    allowed = random.random(2000) < share
    own = np.flatnonzero(allowed)
    rows, scores = FlatIndex(vectors).top(vectors[own[0]], 30, allowed)
    alone, same = FlatIndex(vectors[own]).top(vectors[own[0]], 30, np.ones(len(own), bool))
    assert rows.tolist() == own[alone].tolist()
    assert scores.tolist() == same.tolist()
    assert rows[0] == own[0]
    pairs = list(zip(-scores, rows, strict=True))
    assert pairs == sorted(pairs)


def test_nothing_allowed_finds_nothing() -> None:
    rows, _ = FlatIndex(np.eye(4, dtype=np.float32)).top(np.ones(4, np.float32), 3, np.zeros(4, bool))
    assert len(rows) == 0
