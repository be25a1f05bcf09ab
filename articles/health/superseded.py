"""What is out of use: links to it, and articles that are replaced or say that they are, and are still published."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from articles.health.base import Check, Flag, Shelf
from articles.health.indexes import once
from articles.health.links import each_address, leads
from articles.health.phrases import hits, prose, retired
from articles.health.verification import front_line
from articles.health.words import say
from indexer.language import base
from kb.models import Article

_BY = ("superseded_by", "superseded-by", "replaced_by", "replaced-by")
_OF = ("replaces", "supersedes")

# --- links and front matter ---------------------------------------------------------------------------------


def _superseded(article: Article, shelf: Shelf) -> Iterator[Flag]:
    yield from _links_to_unused(article, shelf)
    yield from _says_by_what(article, shelf)
    for other in _replacing(shelf).get(article.id, ()):
        message = say(
            "{title!r} ({article}) says that it replaces this article, which is still published",
            title=other.metadata.title,
            article=other.id,
        )
        fix = say("Archive this article and let its address lead to the other, or take the line out of the other.")
        yield Flag(CHECK.name, message, fix=fix, evidence={"replaced_by": other.id}, others=(other.id,))


def _links_to_unused(article: Article, shelf: Shelf) -> Iterator[Flag]:
    for lead, lines in each_address(leads(article, shelf)):
        target = lead.target
        if target is None or target.id == article.id or target.metadata.state == "published":
            continue
        named = {"title": target.metadata.title, "article": target.id}
        message = say("links to {title!r} ({article}), which is archived", **named)
        names = (name for key in _BY for name in _names(target.metadata.extra.get(key)))
        newer = next((found for name in names if (found := _named(name, target, shelf))), None)
        fix = say("Link to the article that took its place, or take the link out.")
        if target.metadata.state == "draft":
            message = say("links to {title!r} ({article}), which is a draft", **named)
            fix = say("Publish it first, or take the link out.")
        if newer and newer.metadata.state == "published":
            fix = say(
                "Link to {title!r} ({article}), which took its place.", title=newer.metadata.title, article=newer.id
            )
        evidence = {"target": lead.link.target[:500], "lines": lines[:20], "state": target.metadata.state}
        others = (target.id, newer.id) if newer else (target.id,)
        yield Flag(CHECK.name, message, lead.link.line, lead.link.text[:200], fix, evidence, others)


def _says_by_what(article: Article, shelf: Shelf) -> Iterator[Flag]:
    """The front matter says that another article took its place."""
    for key in _BY:
        names = _names(article.metadata.extra.get(key))
        if names:
            found = [other for name in names if (other := _named(name, article, shelf)) and other is not article]
            message = say("says that {names!r} took its place, and is still published", names=names)
            if found and all(other.metadata.state == "archived" for other in found):
                message = say(
                    "says that {names!r} took its place, and is still published; that is archived, too", names=names
                )
            fix = say("Archive it and let its address lead there, or take `{key}:` out.", key=key)
            others = tuple(other.id for other in found)
            yield Flag(CHECK.name, message, front_line(article, [key]), fix=fix, evidence={key: names}, others=others)


@once
def _replacing(shelf: Shelf) -> dict[str, list[Article]]:
    """Published articles that say of others that they replace them, by the id of the other."""
    found: dict[str, list[Article]] = {}
    for article in shelf.published:
        for name in (name for key in _OF for name in _names(article.metadata.extra.get(key))):
            other = _named(name, article, shelf)
            if other and other.id != article.id:
                found.setdefault(other.id, []).append(article)
    return found


def _names(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [said.strip() for said in values if isinstance(said, str) and said.strip()]


def _named(name: str, article: Article, shelf: Shelf) -> Article | None:
    """The article that another names, by its id, its page or its file."""
    known = name.removeprefix("/articles/")
    path = posixpath.normpath(posixpath.join(posixpath.dirname(article.source), name))
    return (
        shelf.articles.get(known)
        or shelf.articles.get(shelf.redirects.get(known, ""))
        or shelf.by_source.get((article.folder, path))
    )


# --- words --------------------------------------------------------------------------------------------------

_SIGNS = {
    "en": (retired.EN_ANYWHERE, retired.EN_OPENING),
    "ko": (retired.KO_ANYWHERE, retired.KO_OPENING),
}


def _retired_wording(article: Article, shelf: Shelf) -> Iterator[Flag]:
    signs = _SIGNS.get(base(article.metadata.locale))
    if signs is None:
        return
    text = prose(article)
    found = [same[0] for same in hits(text, signs[0], quoted=True)]
    found += [same[0] for same in hits(text, signs[1], quoted=True, opening=True)]
    if found:
        hit = min(found, key=lambda one: one.start)
        message = say("says of itself that it is out of use, and is still published")
        fix = say("Archive it and let its address lead to the article that took its place, or take the sentence out.")
        quote = text.quote(hit.start, hit.phrase)
        yield Flag(RETIRED_WORDING.name, message, text.line(hit.start), quote, fix, {"said": hit.phrase})


CHECK = Check(
    "superseded",
    "medium",
    "A reader is led to what is out of use, or follows it.",
    _superseded,
    "shelf",
)
RETIRED_WORDING = Check(
    "retired_wording",
    "medium",
    "Searches still bring what its own first lines say not to use.",
    _retired_wording,
)

CHECKS = (CHECK, RETIRED_WORDING)
