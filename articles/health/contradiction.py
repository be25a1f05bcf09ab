"""A passage that says of the same thing something else than another one: a number, a date, a menu, a yes or no."""

from __future__ import annotations

from collections.abc import Iterator

from articles.health.base import Alike, Check, Flag, Shelf
from articles.health.pairs.disagree import WORDED
from articles.health.words import say
from kb.models import Article


def _contradiction(article: Article, shelf: Shelf) -> Iterator[Flag]:
    for alike in shelf.contradictions.get(article.id, ()):
        if alike.other in shelf.articles and alike.score >= shelf.option(CHECK, "likeness"):
            yield _flag(article, alike)


def _flag(article: Article, alike: Alike) -> Flag:
    kind, (own, others) = str(alike.evidence["kind"]), alike.evidence["values"]
    line = str(alike.other_lines[0])
    place = say("line {line}", line=line)
    if alike.other != article.id:
        place = say("line {line} of {article!r}", line=line, article=alike.other)
    message = say("says {own!r} where {other!r} stands in {place}", own=own, other=others, place=place)
    if kind in WORDED - {"menu"}:
        message = say("says the opposite of {place}", place=place)
    return Flag(
        CHECK.name,
        message,
        alike.lines[0],
        alike.text[:200],
        say("Find out which one holds, and say it in one place; link to that from the other."),
        {**alike.evidence, "likeness": alike.score, "other_line": alike.other_lines[0], "other_text": alike.other_text},
        () if alike.other == article.id else (alike.other,),
    )


CHECK = Check(
    "contradiction",
    "high",
    "A reader who believes the wrong one misses a deadline, pays too much, or looks for a menu that is not there.",
    _contradiction,
    "shelf",
    {"likeness": 0.7},
)
