"""Late interaction: a question's token vectors against a passage's, token by token (MaxSim, as in ColBERT).

The forward pass that makes a passage's vector makes these too. They are kept in 4 bits a dimension: the vectors are
L2-normalised, so a coordinate is about normal with deviation 1/√dim, and sixteen even steps over ±2.5 deviations hold
it (cosine 0.995 to the original). A passage keeps at most BUDGET vectors; in a longer one neighbours are averaged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.ports import Vectors

BUDGET = 216  # vectors a passage: at 384 dimensions 41.5 kB
QUERY_TOKENS = 64  # of a question, the heaviest: a long ticket costs no more than a paragraph
_REACH = 2.5  # deviations that the sixteen steps cover to either side
_HALF = 7.5  # the middle of codes 0..15

Codes = NDArray[np.uint8]


def pack(tokens: Vectors, budget: int = BUDGET) -> Codes:
    """Token vectors (n, dim) as 4-bit codes (min(n, budget), dim / 2), two in a byte."""
    pooled = _pool(tokens, budget)
    dimension = tokens.shape[1]
    steps = np.floor(pooled * (_HALF * dimension**0.5 / _REACH) + _HALF + 0.5)
    codes = np.clip(steps, 0, 15).astype(np.uint8)
    return np.asarray(codes[:, : dimension // 2] | codes[:, dimension // 2 :] << 4)


def _pool(tokens: Vectors, budget: int) -> Vectors:
    """Neighbours averaged, evenly over the passage, until no more than `budget` are left; L2-normalised again."""
    count = len(tokens)
    if count <= budget:
        return tokens
    group = np.arange(count) * budget // count
    summed = np.add.reduceat(tokens, np.searchsorted(group, np.arange(budget)))
    return np.asarray(summed / np.linalg.norm(summed, axis=1, keepdims=True), np.float32)


def unpack(codes: Codes) -> Vectors:
    """What `pack` kept, (n, dim) float32, about L2-normalised."""
    dimension = codes.shape[1] * 2
    return (_steps(codes) - _HALF) * np.float32(_REACH / _HALF / dimension**0.5)


def _steps(codes: Codes) -> Vectors:
    half = codes.shape[1]
    steps = np.empty((len(codes), half * 2), np.float32)
    np.bitwise_and(codes, 15, out=steps[:, :half], casting="unsafe")
    np.right_shift(codes, 4, out=steps[:, half:], casting="unsafe")
    return steps


@dataclass(frozen=True)
class TokenMatrix:
    """The codes of many passages end to end: passage i has `codes[starts[i]:starts[i + 1]]`. May be memory-mapped."""

    codes: Codes
    starts: NDArray[np.int64]

    def gather(self, rows: NDArray[np.int64]) -> list[Codes]:
        """The codes of each row; one without any gets an empty array."""
        return [self.codes[int(self.starts[row]) : int(self.starts[row + 1])] for row in rows]


@dataclass(frozen=True)
class QueryTokens:
    """A question's token vectors (n, dim) and how much each of them tells (n,)."""

    vectors: Vectors
    weights: Vectors

    def heaviest(self, count: int = QUERY_TOKENS) -> QueryTokens:
        """The tokens that tell most, in their order."""
        keep = np.sort(np.argsort(-self.weights, kind="stable")[:count])
        return QueryTokens(self.vectors[keep], self.weights[keep])


def per_token(query: QueryTokens, codes: Codes) -> Vectors:
    """Weighted cosines of a passage's tokens to the question's: (passage tokens, question tokens), mean weight 1."""
    query = query.heaviest()
    return np.asarray(unpack(codes) @ (query.vectors * (query.weights / query.weights.mean())[:, None]).T, np.float32)


def max_sim(query: QueryTokens, passages: list[Codes]) -> Vectors:
    """For each passage the weighted mean, over the question's tokens, of the greatest cosine to any of its tokens.

    (len(passages),) float32; NaN for a passage without codes. All are scored in one pass.
    Source: Khattab and Zaharia, ColBERT, SIGIR 2020.
    """
    found = np.full(len(passages), np.nan, np.float32)
    lengths = np.array([len(codes) for codes in passages])
    have = np.flatnonzero(lengths)
    query = query.heaviest()
    if not len(have) or not query.weights.sum():
        return found
    steps = _steps(np.concatenate([passages[i] for i in have]))
    scale = np.float32(_REACH / _HALF / steps.shape[1] ** 0.5)
    products = steps @ (query.vectors.T * scale)
    starts = np.concatenate([[0], np.cumsum(lengths[have])[:-1]])
    best = np.maximum.reduceat(products, starts, axis=0) - _HALF * scale * query.vectors.sum(axis=1)
    found[have] = best @ (query.weights / query.weights.sum())
    return found
