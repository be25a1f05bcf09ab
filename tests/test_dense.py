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


def test_nothing_allowed_finds_nothing() -> None:
    rows, _ = FlatIndex(np.eye(4, dtype=np.float32)).top(np.ones(4, np.float32), 3, np.zeros(4, bool))
    assert len(rows) == 0
