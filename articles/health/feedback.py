"""An article that fails its readers: they say so, write to a person after it, or suggest how to mend it.

A share is judged by the lower end of its Wilson interval (Wilson 1927), and five events are the least:
three prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from articles.health.base import NOBODY, Check, Flag, Shelf
from articles.health.words import Said, say
from kb.models import Article
from search.boosts import wilson


def _failing_readers(article: Article, shelf: Shelf) -> Iterator[Flag]:
    demand = shelf.demand.get(article.id, NOBODY)
    judged = demand.helped + demand.not_helped
    used = demand.inserted + demand.dismissed
    for option, count, of in (
        ("not_helped", demand.not_helped, judged),
        ("contacted", demand.contacted, demand.views),
        ("dismissed", demand.dismissed, used),
    ):
        low, _ = wilson(count, of)
        if of >= shelf.option(CHECK, "least") and low > shelf.option(CHECK, option):
            yield Flag(
                CHECK.name,
                _said(option, count, of),
                fix=say("Read what they asked: does the article answer it, in its first lines, in their words?"),
                evidence={"kind": option, "count": count, "of": of, "hurt_share": round(low, 3)},
            )


def _said(option: str, count: int, of: int) -> Said:
    if option == "not_helped":
        return say("{count} of {of} readers who said whether it helped say that it did not", count=count, of=of)
    if option == "contacted":
        return say("{count} of {of} views were followed by a message to a person within a day", count=count, of=of)
    return say("{count} of {of} agents who used or dismissed it dismissed it", count=count, of=of)


def _suggested_edits(article: Article, shelf: Shelf) -> Iterator[Flag]:
    waiting = shelf.demand.get(article.id, NOBODY).edits
    if waiting:
        message = say("{count|suggestion waits/suggestions wait} for its owner", count=waiting)
        yield Flag(EDITS.name, message, fix=say("Accept or decline."), evidence={"count": waiting})


CHECK = Check(
    "failing_readers",
    "high",
    "Whoever reads it is not helped, and asks a person after all.",
    _failing_readers,
    "shelf",
    {"least": 5, "not_helped": 0.4, "contacted": 0.2, "dismissed": 0.4},
)
EDITS = Check(
    "edits_suggested",
    "medium",
    "Somebody who read it says what is wrong, and nobody has answered.",
    _suggested_edits,
    "shelf",
)
