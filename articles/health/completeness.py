"""Metadata that an article lacks and nearly all others around it have, and a title that is another's, too.

What a team does not say of its articles, no article is blamed for: a key is asked for only where the most of the
published articles of a space say it. So it is the few that were forgotten that are found, never a whole shelf.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache

from articles.frontmatter import ALIASES
from articles.health.base import Check, Flag, Shelf
from articles.health.indexes import once
from articles.health.verification import front_line
from articles.health.words import say
from kb.models import PUBLIC, Article, Metadata

_SAID: dict[str, Callable[[Metadata], object]] = {
    "owner": lambda meta: meta.owner,
    "product": lambda meta: meta.product,
    "category": lambda meta: meta.category,
    "tags": lambda meta: meta.tags,
    "updated": lambda meta: meta.updated,
}
_WORD = re.compile(r"[^\W_]+")
_FEW = 10  # articles of a space below which nothing is usual


def _missing_metadata(article: Article, shelf: Shelf) -> Iterator[Flag]:
    usual = _usual(shelf)[article.metadata.space, article.metadata.audience]
    total, share = usual["articles"], shelf.option(CHECK, "share")
    missing = [
        key
        for key in shelf.option(CHECK, "keys")
        if key in _SAID and not _SAID[key](article.metadata) and total >= _FEW and usual[key] >= share * total
    ]
    if missing:
        others = [say("{count|says/say} {key}", count=usual[key], key=key) for key in missing]
        message = say(
            "says no {keys}; of the {total|article/articles} of its space {others}",
            keys=missing,
            total=total,
            others=others,
        )
        fix = say("Say it in the front matter: {keys}.", keys=[f"`{key}:`" for key in missing])
        line = front_line(article, [alias for key in missing for alias in ALIASES[key]])
        yield Flag(CHECK.name, message, line, fix=fix, evidence={"missing": missing, "articles": total})


@once
def _usual(shelf: Shelf) -> dict[tuple[str, str], Counter[str]]:
    """By space and audience, how many articles say what, of those that its readers may read, and how many these are."""
    said: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for article in shelf.published:
        counts = said[article.metadata.space, article.metadata.audience]
        counts["articles"] += 1
        for key, value in _SAID.items():
            counts[key] += bool(value(article.metadata))
    public = {space: counts for (space, audience), counts in said.items() if audience == PUBLIC}
    return {
        (space, audience): counts if audience == PUBLIC else counts + public.get(space, Counter())
        for (space, audience), counts in said.items()
    }


# --- the same title -----------------------------------------------------------------------------------------


def _duplicate_title(article: Article, shelf: Shelf) -> Iterator[Flag]:
    same = [
        other for other in _titled(shelf).get(_name(article), ()) if other.id != article.id and _meet(article, other)
    ]
    if same:
        named = [other.id for other in same[:3]]
        message = say("has the same title as {named!r}", named=named)
        if len(same) > 3:
            message = say("has the same title as {named!r} and {more} more", named=named, more=len(same) - 3)
        fix = say("Say in each title what only this article answers, or make one article of them.")
        line, title = front_line(article, ALIASES["title"]), article.metadata.title[:200]
        evidence = {"count": len(same)}
        shown = tuple(other.id for other in same[:3])  # those that the message names
        yield Flag(DUPLICATE_TITLE.name, message, line, title, fix, evidence, shown)


@once
def _titled(shelf: Shelf) -> dict[tuple[str, ...], list[Article]]:
    found: dict[tuple[str, ...], list[Article]] = {}
    for article in shelf.published:
        found.setdefault(_name(article), []).append(article)
    return found


def _name(article: Article) -> tuple[str, ...]:
    """What tells an article from the others of its space and locale in a list of results."""
    meta = article.metadata
    return meta.space, meta.locale.lower(), *_words(meta.title)


@lru_cache(maxsize=50_000)  # each look asks for every title again
def _words(title: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", title).casefold()))


def _meet(article: Article, other: Article) -> bool:
    """Whether somebody may find both."""
    audiences = {article.metadata.audience, other.metadata.audience}
    return len(audiences) == 1 or PUBLIC in audiences


CHECK = Check(
    "missing_metadata",
    "low",
    "Without an owner nobody hears that it is wrong; without labels and dates searches and lists pass it over.",
    _missing_metadata,
    "shelf",
    {"keys": ("owner", "product", "category", "tags", "updated"), "share": 0.8},
)
DUPLICATE_TITLE = Check(
    "duplicate_title",
    "medium",
    "In a list of results nobody can tell which of the two to open.",
    _duplicate_title,
    "shelf",
)

CHECKS = (CHECK, DUPLICATE_TITLE)
