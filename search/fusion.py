"""How much each score counts: the weights of fusion, which depend on the question's language.

Between two scripts a lexical score is mostly noise and token vectors tell most; within one they share the work. The
weights beside this file (`fusion.json`) name the command and the sets that made them; `kb tune` makes them again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.analyze import FIELDS
from indexer.dense import Mask
from indexer.language import script
from kb.errors import InvalidInput

if TYPE_CHECKING:
    from search.live import View
    from search.query import Query
    from search.retrieve import Candidates
    from search.scope import Scope

BM25 = {"words": 1.0, "bigrams": 0.5, "title": 1.0}  # the lexical leg by itself: what it brings, and `mode=bm25`
SIGNALS = ("cosine", *FIELDS, "late")
COSINE_FLOOR = 0.7  # E5's cosines, of passages and of tokens, lie between about 0.7 (unrelated) and 1

_FEW = 3  # passages of a script whose mean says about as much as nothing
LATE_SHIFT = 0.65  # token vectors feel the language less: of the cosines' shift, on the starter articles

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Fusion:
    """Weights by signal: `same` where question and passage share a script, `other` where they do not.

    A signal that is not named counts nothing.
    """

    same: Mapping[str, float]
    other: Mapping[str, float]

    def scaled(self, factors: Mapping[str, float]) -> Fusion:
        """The same with some signals' weights multiplied."""
        same, other = (
            {name: weight * factors.get(name, 1.0) for name, weight in side.items()} for side in (self.same, self.other)
        )
        return Fusion(same, other) if factors else self

    def score(self, found: Candidates, late: Floats) -> Floats:
        """The weighted sum of the signals, (n,) float32.

        Before there are token vectors, or without any, the cosine stands in for MaxSim: scores mean the same.
        """
        columns = signals(found) | {"late": mapped(late + LATE_SHIFT * found.shift)}
        total = np.zeros(len(found), np.float32)
        for name, column in columns.items():
            weights = np.where(found.other, self.other.get(name, 0.0), self.same.get(name, 0.0))
            total += weights.astype(np.float32) * column
        return total


def signals(found: Candidates) -> dict[str, Floats]:
    """What the first stage knows of each candidate."""
    return {"cosine": mapped(found.cosine + found.shift), **found.shares}


def mapped(cosine: Floats) -> Floats:
    """A cosine on about 0..1."""
    return np.asarray((cosine - COSINE_FLOOR) / (1 - COSINE_FLOOR), np.float32)


def other_script(view: View, query: Query, rows: NDArray[np.int64]) -> Mask:
    """Whether each row is in another script than the question: (n,) bool."""
    return np.asarray(view.scripts[rows] != script(query.language))


def language_shift(scope: Scope, query: Query, rows: NDArray[np.int64]) -> Floats:
    """What to add to each row's cosine so that its language does not count: (n,) float32.

    A multilingual model puts texts of one language closer together, whatever they say. The shift is the difference
    between the question's mean cosine to passages of its own script and of the row's, drawn to 0 where there are few
    of either; 0 where there are none of its own.
    """
    found = np.zeros(len(rows), np.float32)
    view, own = scope.view, scope.samples.get(script(query.language))
    if own is None or len(scope.samples) == 1:
        return found
    mean = view.cosines(query.vector, own).mean()
    for name, sample in scope.samples.items():
        known = min(len(sample), len(own))
        shift = (mean - view.cosines(query.vector, sample).mean()) * known / (known + _FEW)
        found[view.scripts[rows] == name] = max(shift, 0.0)
    return found


FILE = "fusion.json"


@lru_cache(maxsize=4)
def load(folder: Path | None = None) -> Fusion:
    """The weights that `kb tune` wrote into a folder; those of this release without one, or where it has none.

    Raises:
        InvalidInput: the file is not one of `kb tune`'s.
    """
    path = (folder or Path(__file__).parent) / FILE
    if folder and not path.exists():
        return load()
    try:
        fitted = json.loads(path.read_text(encoding="utf-8"))
        return Fusion(*({str(k): float(v) for k, v in fitted[side].items()} for side in ("same", "other")))
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise InvalidInput(f"{path}: not weights of `kb tune`: {error!r}") from error
