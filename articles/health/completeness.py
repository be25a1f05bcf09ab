"""Metadata that an article lacks and nearly all others around it have, and a title that is another's, too.

What a team does not say of its articles, no article is blamed for: a key is asked for only where the most of the
published articles of a space say it. So it is the few that were forgotten that are found, never a whole shelf.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator

from articles.frontmatter import ALIASES
from articles.health.base import Check, Flag, Shelf
from articles.health.indexes import once
from articles.health.verification import front_line
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
    usual = _usual(shelf, article.metadata)
    total, share = usual["articles"], shelf.option(CHECK, "share")
    missing = [
        key
        for key in shelf.option(CHECK, "keys")
        if key in _SAID and not _SAID[key](article.metadata) and total >= _FEW and usual[key] >= share * total
    ]
    if missing:
        others = ", ".join(f"{usual[key]:,} say {key}" for key in missing)
        message = f"says no {' and no '.join(missing)}; of the {total:,} articles of its space {others}"
        fix = "Say it in the front matter: " + ", ".join(f"`{key}:`" for key in missing) + "."
        line = front_line(article, [alias for key in missing for alias in ALIASES[key]])
        yield Flag(CHECK.name, message, line, fix=fix, evidence={"missing": missing, "articles": total})


def _usual(shelf: Shelf, meta: Metadata) -> Counter[str]:
    """How many articles say what, of those that whoever reads this one may read, and how many these are."""
    audiences = {PUBLIC, meta.audience}
    return sum((_said(shelf).get((meta.space, audience), Counter()) for audience in audiences), Counter[str]())


@once
def _said(shelf: Shelf) -> dict[tuple[str, str], Counter[str]]:
    """The same for the published articles of each space and audience."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for article in shelf.published:
        counts = found.setdefault((article.metadata.space, article.metadata.audience), Counter())
        counts.update(["articles", *(key for key, said in _SAID.items() if said(article.metadata))])
    return found


# --- the same title -----------------------------------------------------------------------------------------


def _duplicate_title(article: Article, shelf: Shelf) -> Iterator[Flag]:
    same = [
        other for other in _titled(shelf).get(_name(article), ()) if other.id != article.id and _meet(article, other)
    ]
    if same:
        named = ", ".join(repr(other.id) for other in same[:3]) + (" …" if len(same) > 3 else "")
        message = f"has the same title as {named}"
        fix = "Say in each title what only this article answers, or make one article of them."
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
    return meta.space, meta.locale.lower(), *_WORD.findall(unicodedata.normalize("NFKC", meta.title).casefold())


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
