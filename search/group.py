"""Passages to results: one for each article, and one for a family of translations, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kb.models import Reader
from search.live import View
from search.query import Query
from search.retrieve import Candidates


@dataclass(frozen=True)
class Group:
    """A result: an article (its position in the view) and its best passage (its position in the candidates).

    `score` is the best passage's of the whole family, which ranks it, with its `boosts` (`search.boosts`) by name.
    `curation` is the id of the one that puts it first, "" where its score ranks it.
    """

    article: int
    top: int
    score: float
    boosts: Mapping[str, float] = field(default_factory=dict)
    curation: str = ""


def group(view: View, query: Query, found: Candidates, reader: Reader) -> list[Group]:
    """Results, best first. Of a family, the reader's locale is shown, else the question's language, else the best."""
    best: dict[int, int] = {}
    for position, row in enumerate(found.rows):
        best.setdefault(int(view.owners[row]), position)  # candidates come best first
    families: dict[str, list[int]] = {}
    for article in best:
        families.setdefault(view.articles[article].family, []).append(article)
    wanted = (reader.locale or query.language).lower()
    results = []
    for members in families.values():
        chosen = min(members, key=lambda article: _distance(view.articles[article].locale, wanted))
        results.append(Group(chosen, best[chosen], float(found.fused[best[members[0]]])))
    return sorted(results, key=lambda result: -result.score)


def _distance(locale: str, wanted: str) -> int:
    locale = locale.lower()
    if locale == wanted:
        return 0
    return 1 if locale.split("-")[0] == wanted.split("-", maxsplit=1)[0] else 2
