"""An article that says what another one says."""

from __future__ import annotations

from collections.abc import Iterator

from articles.health.base import NOBODY, Check, Flag, Shelf
from articles.health.words import say
from kb.models import Article


def _near_duplicate(article: Article, shelf: Shelf) -> Iterator[Flag]:
    for alike in shelf.duplicates.get(article.id, ()):
        other = shelf.articles.get(alike.other)
        if (
            other is None
            or alike.score < shelf.option(CHECK, "probability")
            or _worth(article, shelf) > _worth(other, shelf)
        ):
            continue
        yield Flag(
            CHECK.name,
            say("says what {article!r} says, {title!r}", article=other.id, title=other.metadata.title),
            alike.lines[0],
            " ".join(alike.text.split())[:200],
            say("Take what only this one says over into {article!r}, and redirect this one to it.", article=other.id),
            {
                "probability": alike.score,
                "title": other.metadata.title,
                "lines": list(alike.lines),
                "other_lines": list(alike.other_lines),
                "text": alike.text,
                "other_text": alike.other_text,
                **alike.evidence,
            },
            (other.id,),
        )


def _worth(article: Article, shelf: Shelf) -> tuple[int, int, str, str]:
    """What of two articles to keep: the one that is read more, else the one that says more, else the newer one.

    The pair is flagged on the other: that is the one to take out.
    """
    updated = article.metadata.updated
    views = shelf.demand.get(article.id, NOBODY).views
    return views, shelf.facts(article).words, updated.isoformat() if updated else "", article.id


CHECK = Check(
    "near_duplicate",
    "medium",
    "A reader finds two answers and cannot tell which one holds; an author mends only one of them.",
    _near_duplicate,
    "shelf",
    {"probability": 0.9},
)
