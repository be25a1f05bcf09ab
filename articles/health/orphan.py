"""An article that nobody can come by: no link leads to it, no search brings it, and nobody looked at it."""

from __future__ import annotations

from collections.abc import Iterator

from articles.health.base import NOBODY, Check, Flag, Shelf
from articles.health.indexes import once
from articles.health.links import leads
from articles.health.words import say
from kb.models import Article


def _orphan(article: Article, shelf: Shelf) -> Iterator[Flag]:
    if shelf.searched is None or article.id in shelf.searched or article.metadata.featured:
        return
    demand = shelf.demand.get(article.id, NOBODY)
    if demand.views or demand.shown or demand.suggested or demand.inserted or article.id in _linked(shelf):
        return
    yield Flag(
        CHECK.name,
        say("no article links to it, no search brought it, and nobody opened it"),
        quote=article.metadata.title[:200],
        fix=say("Link to it from the article that readers come from, give it a title in their words, or archive it."),
    )


@once
def _linked(shelf: Shelf) -> frozenset[str]:
    """The articles that a published article links to, besides itself."""
    return frozenset(
        lead.target.id
        for article in shelf.published
        for lead in leads(article, shelf)
        if lead.target and lead.target.id != article.id
    )


CHECK = Check(
    "orphan",
    "low",
    "What is in it helps nobody, and still has to be kept right.",
    _orphan,
    "shelf",
)

CHECKS = (CHECK,)
