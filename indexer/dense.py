"""Vector search: the only file that imports faiss.

Exact inner product over L2-normalised vectors, so scores are cosines. Disallowed rows are left out before
ranking: by faiss's own bitmap, or, when few rows are allowed, by an index of just those. What is found is the same
either way, and of rows that tie it is the first: rows that are not allowed change nothing.
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
        return _flat(self.vectors)

    def top(self, query: Vectors, k: int, allowed: Mask) -> tuple[NDArray[np.int64], Vectors]:
        """The k best allowed rows for one query (dim,): row numbers and cosines, best first, of equals the first."""
        import faiss

        rows = np.flatnonzero(allowed)
        k = min(k, len(rows))
        if not k:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        if len(rows) < SCAN_SHARE * len(allowed):
            found, scores = _best(_flat(self.vectors[rows]), query, k, None)
            return rows[found], scores
        if len(rows) == len(allowed):
            return _best(self._index, query, k, None)
        bits = np.packbits(allowed, bitorder="little")
        selector = faiss.IDSelectorBitmap(len(allowed), faiss.swig_ptr(bits))
        return _best(self._index, query, k, faiss.SearchParameters(sel=selector))  # type: ignore[call-arg]


def _flat(vectors: Vectors) -> Any:
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors))
    return index


def _best(index: Any, query: Vectors, k: int, parameters: Any) -> tuple[NDArray[np.int64], Vectors]:
    """The k best, of equals the first: where more tie for the last places than there are, all of them are looked at."""
    question = query.reshape(1, -1)
    scores, rows = (found[0] for found in index.search(question, k + 1, params=parameters))
    if scores[k] == scores[k - 1]:
        below = float(np.nextafter(scores[k - 1], np.float32(-np.inf)))
        _, scores, rows = index.range_search(question, below, params=parameters)
    else:
        scores, rows = scores[:k], rows[:k]
    order = np.lexsort((rows, -scores))[:k]
    return rows[order], scores[order]


EXACT_ROWS = 40_000  # above, neighbours of all are looked for in the nearest cells alone
_PROBES = 12  # cells that are looked into, of 4 √n


def neighbours(vectors: Vectors, k: int, rows: NDArray[np.int64] | None = None) -> tuple[NDArray[np.int64], Vectors]:
    """The k rows nearest to each row, or each of `rows`, itself left out: (n, k) row numbers, -1 for none, and cosines.

    Exact up to `EXACT_ROWS` and where few rows are asked about; above, IVF finds nearly all of them.
    """
    asked = np.arange(len(vectors)) if rows is None else rows
    index = _cells(vectors) if len(vectors) > EXACT_ROWS < len(asked) else _flat(vectors)
    cosines, found = index.search(np.ascontiguousarray(vectors[asked]), min(k + 1, len(vectors)))
    keep = found != asked[:, None]
    keep[keep.all(axis=1), -1] = False  # among rows that are the same, itself may not be found
    shape = (len(asked), found.shape[1] - 1)
    return found[keep].reshape(shape), cosines[keep].reshape(shape)


def _cells(vectors: Vectors) -> Any:
    import faiss

    count = int(4 * len(vectors) ** 0.5)
    index = faiss.IndexIVFFlat(faiss.IndexFlatIP(vectors.shape[1]), vectors.shape[1], count, faiss.METRIC_INNER_PRODUCT)
    index.cp.niter, index.cp.max_points_per_centroid, index.nprobe = 5, 40, _PROBES
    index.train(vectors)
    index.add(vectors)
    return index
