"""Vector search: the only file that imports faiss.

Exact inner product over L2-normalised vectors, so scores are cosines. Disallowed rows are left out before
ranking: by faiss's own bitmap, or, when few rows are allowed, by scoring just those.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.ports import Vectors

SCAN_SHARE = 0.05  # under this share of allowed rows, gathering them beats scanning all with a bitmap

Mask = NDArray[np.bool_]


class FlatIndex:
    """Exact search over `vectors`, (n, dim) float32, L2-normalised; they may be memory-mapped."""

    def __init__(self, vectors: Vectors) -> None:
        self.vectors = vectors

    @cached_property
    def _index(self) -> Any:
        import faiss

        index = faiss.IndexFlatIP(self.vectors.shape[1])
        index.add(np.ascontiguousarray(self.vectors))
        return index

    def top(self, query: Vectors, k: int, allowed: Mask) -> tuple[NDArray[np.int64], Vectors]:
        """The k best allowed rows for one query (dim,): row numbers and cosines, best first."""
        count = int(allowed.sum())
        k = min(k, count)
        if not k:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        if count < SCAN_SHARE * len(allowed):
            return self._scan(query, k, np.flatnonzero(allowed))
        return self._search(query, k, allowed, count)

    def _scan(self, query: Vectors, k: int, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], Vectors]:
        scores = self.vectors[rows] @ query
        best = np.argpartition(-scores, k - 1)[:k]
        best = best[np.argsort(-scores[best], kind="stable")]
        return rows[best], scores[best]

    def _search(self, query: Vectors, k: int, allowed: Mask, count: int) -> tuple[NDArray[np.int64], Vectors]:
        import faiss

        parameters = None
        if count < len(allowed):
            bits = np.packbits(allowed, bitorder="little")
            selector = faiss.IDSelectorBitmap(len(allowed), faiss.swig_ptr(bits))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, rows = self._index.search(query.reshape(1, -1), k, params=parameters)
        return rows[0], scores[0]
