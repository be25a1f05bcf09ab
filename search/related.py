"""Articles about the same things as an article: the nearest by the mean of their passages' vectors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kb.errors import NotFound
from kb.models import Reader
from search.live import View

_PASSAGES = 100  # nearest passages whose articles are compared


@dataclass(frozen=True)
class Related:
    """An article, and the cosine (−1..1) of its mean vector to that of the one it was asked for."""

    id: str
    title: str
    locale: str
    audience: str
    score: float


def related(view: View, article_id: str, reader: Reader, limit: int) -> list[Related]:
    """The nearest articles that a reader may see, none of the article's own translations, one of each family.

    Raises:
        NotFound: there is no such article that the reader may see.
    """
    scope = view.scope(reader)
    if article_id not in scope.positions:
        raise NotFound(f"no article {article_id!r}")
    row, own = view.by_id[article_id], _mean(view, scope.positions[article_id])
    rows = view.nearest(own, _PASSAGES, scope.mask)
    found: dict[str, Related] = {}
    for position in dict.fromkeys(int(owner) for owner in view.owners[rows]):
        other = view.articles[position]
        if other.family == row.family:
            continue
        score = round(float(own @ _mean(view, position)), 4)
        near = Related(other.id, other.title, other.locale, other.audience, score)
        held = found.get(other.family)
        if held is None or _rank(near, row.locale) > _rank(held, row.locale):
            found[other.family] = near
    return sorted(found.values(), key=lambda item: -item.score)[:limit]


def _mean(view: View, position: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """(dim,) float32, L2-normalised."""
    mean = view.gather(view.rows_of[position]).mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), np.float32)


def _rank(item: Related, locale: str) -> tuple[bool, float]:
    """Of translations, the one in the article's own language."""
    return item.locale.partition("-")[0] == locale.partition("-")[0], item.score
