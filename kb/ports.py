"""The engines' interfaces, so that a room can be given a fake one in a test or another one by a setting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns text into vectors. Every vector is float32 and L2-normalised, so a dot product is a cosine."""

    @property
    def fingerprint(self) -> str:
        """Names the weights and prompts; two vectors compare only under the same fingerprint."""

    @property
    def dimension(self) -> int: ...

    @property
    def max_tokens(self) -> int:
        """The longest passage that the model reads, in its own tokens."""

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, in the order given: (n, dimension)."""

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, in the order given: (n, dimension)."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many of the model's tokens each text takes, special tokens and prompt left out."""
