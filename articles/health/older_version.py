"""An article that speaks of a version as the present one, while others speak of a newer one of the same thing.

Two are of the same thing where both articles are of one product and the names agree, or, without a product, where the
whole names are the same; and for the same platforms. “Version 3 or later” stays true, and is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from articles.health.base import Check, Flag, Shelf
from articles.health.indexes import once
from articles.health.phrases import clipped
from articles.health.phrases.versions import Number, Version, clearly_newer, numbered, platforms_of, thing_of
from articles.health.verification import front_line
from articles.health.words import say
from kb.models import PUBLIC, Article

_KEYS = ("version", "product_version")
_NUMBER = re.compile(r"v?(\d{1,4}(?:\.\d{1,4}){0,3})", re.IGNORECASE)
_ANY = frozenset({"app", "firmware", "software", "os", "api", "client"})
"""What a version is of that is told without a name, in a product that has but one."""


@dataclass(frozen=True)
class _Told:
    """A version and where it is told: by an article, or by the team. `name` are its words without the product's."""

    version: Version
    name: frozenset[str]
    article: Article | None


def _older_version(article: Article, shelf: Shelf) -> Iterator[Flag]:
    own = [_told(version, article) for version in _versions(article, shelf)]
    claims = [told for told in own if told.version.present and _names(told, article)]
    said: set[str] = set()
    for claim in claims:
        newer = _newest(claim, article, shelf)
        if newer is None or claim.version.text in said or any(_covers(told, claim, newer) for told in own):
            continue
        said.add(claim.version.text)
        yield _flag(article, claim.version, newer)


def _flag(article: Article, older: Version, newer: _Told) -> Flag:
    if newer.article is None:
        message = say(
            "speaks of {older!r} as the present version, and {newer!r} is", older=older.text, newer=newer.version.text
        )
    else:
        message = say(
            "speaks of {older!r} as the present version, and {title!r} ({id}) speaks of {newer!r}",
            older=older.text,
            title=newer.article.metadata.title,
            id=newer.article.id,
            newer=newer.version.text,
        )
    lines = article.markdown.split("\n")
    quote = clipped(lines[older.line - 1], older.text) if 0 < older.line <= len(lines) else ""
    return Flag(
        CHECK.name,
        message,
        older.line,
        quote,
        say("Check it with the newer version; say what holds there, or since which version it holds."),
        {"version": older.text, "newer": newer.version.text},
        (newer.article.id,) if newer.article else (),
    )


def _versions(article: Article, shelf: Shelf) -> Iterator[Version]:
    yield from shelf.facts(article).versions
    for key in _KEYS:
        value = str(article.metadata.extra.get(key) or "")
        match = _NUMBER.fullmatch(value.strip())
        if match:
            yield Version((), (), numbered(match[1]), value.strip(), front_line(article, [key]), present=True)


def _told(version: Version, article: Article | None) -> _Told:
    return _Told(version, frozenset(version.thing) - (_product(article) if article else set()), article)


def _product(article: Article) -> set[str]:
    """The words of the name of an article's product."""
    return set(thing_of(article.metadata.product.replace("-", " ")))


def _names(told: _Told, article: Article) -> bool:
    """Whether it can be known what the version is of: of the article's product, or of what it names."""
    if article.metadata.product:
        return not told.version.bare or _product(article) == set(told.version.thing)
    return bool(told.name) and not told.version.bare


@once
def _shelved(shelf: Shelf) -> dict[tuple[str, str], list[_Told]]:
    """Every version that a published article names, by its space and product."""
    found: dict[tuple[str, str], list[_Told]] = {}
    for article in shelf.published:
        for version in _versions(article, shelf):
            told = _told(version, article)
            if version.exists and _names(told, article):
                found.setdefault(_place(article), []).append(told)
    return found


def _place(article: Article) -> tuple[str, str]:
    return article.metadata.space, article.metadata.product.lower()


def _newest(claim: _Told, article: Article, shelf: Shelf) -> _Told | None:
    """The newest of the same thing, told by a public article if one does; what the team said goes before it."""
    current = [told for told in _current(shelf) if _is_of(told, claim, article)]
    if current:
        return _first(claim, current)
    others = (told for told in _shelved(shelf).get(_place(article), ()) if told.article is not article)
    return _first(claim, [told for told in others if _same(told, claim)])


def _first(claim: _Told, told: Iterable[_Told]) -> _Told | None:
    newer = [one for one in told if clearly_newer(one.version.number, claim.version.number)]
    return max(newer, key=_rank, default=None)


def _rank(told: _Told) -> tuple[bool, Number]:
    return told.article is None or told.article.metadata.audience == PUBLIC, told.version.number


def _same(told: _Told, claim: _Told) -> bool:
    if told.version.platforms != claim.version.platforms:
        return False
    return told.name == claim.name or (not (told.name and claim.name) and (told.name | claim.name) <= _ANY)


def _covers(told: _Told, claim: _Told, newer: _Told) -> bool:
    """Whether the article itself speaks of a version that is not clearly older than the newer one."""
    return _same(told, claim) and not clearly_newer(newer.version.number, told.version.number)


@once
def _current(shelf: Shelf) -> list[_Told]:
    """The versions that the team says are the newest."""
    found = []
    for text in shelf.option(CHECK, "current"):
        match = _NUMBER.search(text)
        if match:
            thing = thing_of(text[: match.start()])
            version = Version(thing, platforms_of(text), numbered(match[1]), text, 0)
            found.append(_Told(version, frozenset(thing), None))
    return found


def _wrong(text: str) -> str:
    match = _NUMBER.search(text)
    if match and thing_of(text[: match.start()]):
        return ""
    return 'does not name a thing and the number of its newest version, such as "app 6.1"'


def _is_of(current: _Told, claim: _Told, article: Article) -> bool:
    """Whether what the team names is what the article speaks of: by its own words, or those of its product."""
    words = set(claim.version.thing) | _product(article)
    return bool(current.name) and current.name <= words and current.version.platforms == claim.version.platforms


CHECK = Check(
    "older_version",
    "medium",
    "A reader looks for what a newer version has in another place, or installs an old one.",
    _older_version,
    "shelf",
    {"current": ()},
    {"current": _wrong},
)
