"""The engines' interfaces, so that a room can be given a fake one in a test or another one by a setting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Encoded:
    """What a model makes of texts, in their order. Everything is float32; vectors are L2-normalised.

    `vectors` is (n, dimension). `tokens` holds each text's own token vectors, (tokens, dimension), prompt and special
    tokens left out, and `spans` where in the text each of them stands, (tokens, 2) in characters; both are empty for a
    model that gives none.
    """

    vectors: Vectors
    tokens: tuple[Vectors, ...] = ()
    spans: tuple[NDArray[np.int64], ...] = ()


class Embedder(Protocol):
    """Turns text into vectors, so that a dot product is a cosine."""

    @property
    def fingerprint(self) -> str:
        """Names the weights and prompts; two vectors compare only under the same fingerprint."""

    @property
    def dimension(self) -> int: ...

    @property
    def max_tokens(self) -> int:
        """The longest passage that the model reads, in its own tokens."""

    def passages(self, texts: Sequence[str]) -> Encoded: ...

    def queries(self, texts: Sequence[str]) -> Encoded: ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many of the model's tokens each text takes, special tokens and prompt left out."""


class Reranker(Protocol):
    """Reads a question and a passage together and says how well the one answers the other."""

    def scores(self, question: str, passages: Sequence[str]) -> Vectors:
        """(len(passages),) in 0..1, greater is better."""
