"""Which articles say in their heading what another says: the nearest by title and description, without any vectors.

Cosine of idf-weighted words over an inverted index. Quick enough for each look, and the same
on every machine. Passages that are the same are `near_duplicate`'s.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from indexer.language import base
from kb.models import Article

_WORD = re.compile(r"[가-힣]+|[^\W가-힣]+")
_COMMON = 300  # a word that more articles have tells none apart
_NEAREST = 5


@dataclass(frozen=True)
class Near:
    """The rows of the articles nearest to one, the nearest first, and how near each is: cosines, 0..1."""

    rows: tuple[int, ...] = ()
    scores: tuple[float, ...] = ()


def nearest(articles: Sequence[Article]) -> tuple[Near, ...]:
    """For each article its nearest of the same language; its own translations are none of them."""
    return _nearest(tuple((_said(article), base(article.metadata.locale), article.family) for article in articles))


@lru_cache(maxsize=1)  # few edits change a title
def _nearest(headings: tuple[tuple[str, str, str], ...]) -> tuple[Near, ...]:
    """The same of texts, each with its language and family."""
    vectors = _vectors([_words(text) for text, *_ in headings])
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for row, vector in enumerate(vectors):
        for word, weight in vector.items():
            postings[word].append((row, weight))
    arrays = {
        word: (np.array([row for row, _ in found]), np.array([weight for _, weight in found]))
        for word, found in postings.items()
        if 1 < len(found) <= _COMMON
    }
    languages = _numbers([language for _, language, _ in headings])
    families = _numbers([family for *_, family in headings])
    found = []
    for row, vector in enumerate(vectors):
        near = _scores(vector, arrays, len(headings))
        near[(languages != languages[row]) | (families == families[row])] = 0.0
        found.append(_near(near))
    return tuple(found)


def _said(article: Article) -> str:
    """An article's title and description."""
    said = article.metadata.extra.get("description")
    return f"{article.metadata.title} {said if isinstance(said, str) else ''}"


def _words(text: str) -> list[str]:
    """The words of a text; of Korean, whose words carry their endings, pairs of letters."""
    return [part for word in _WORD.findall(text.lower()) for part in _parts(word)]


def _parts(word: str) -> list[str]:
    if not "가" <= word[0] <= "힣":
        return [word]
    return [word[at : at + 2] for at in range(max(1, len(word) - 1))]


def _vectors(texts: Sequence[list[str]]) -> list[dict[str, float]]:
    having = Counter(word for text in texts for word in set(text))
    vectors = []
    for text in texts:
        weights = {word: math.log(1 + len(texts) / having[word]) for word in sorted(set(text))}
        norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        vectors.append({word: weight / norm for word, weight in weights.items()})
    return vectors


def _numbers(names: Sequence[str]) -> NDArray[np.int64]:
    """Equal numbers for equal names."""
    found: NDArray[np.int64] = np.unique(np.array(names, dtype=np.str_), return_inverse=True)[1]
    return found


def _scores(
    vector: Mapping[str, float], arrays: Mapping[str, tuple[NDArray[np.int64], NDArray[np.float64]]], rows: int
) -> NDArray[np.float64]:
    """The cosine of an article to each, but for the words that too many have."""
    found = [(arrays[word], weight) for word, weight in vector.items() if word in arrays]
    if not found:
        return np.zeros(rows)
    at = np.concatenate([own for (own, _), _ in found])
    weights = np.concatenate([own * weight for (_, own), weight in found])
    return np.bincount(at, weights, minlength=rows).astype(np.float64)


def _near(scores: NDArray[np.float64]) -> Near:
    best = np.argpartition(-scores, _NEAREST)[:_NEAREST] if len(scores) > _NEAREST else np.arange(len(scores))
    ordered = sorted((-float(scores[row]), int(row)) for row in best if scores[row] > 0)
    return Near(tuple(row for _, row in ordered), tuple(min(1.0, -score) for score, _ in ordered))
