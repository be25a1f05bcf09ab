"""A translation whose source went on, and an article that lacks the translation that nearly all others have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from articles.frontmatter import BLOCK
from articles.health.base import Check, Flag, Shelf
from articles.health.indexes import once
from articles.health.verification import front_line
from articles.health.words import Said, say
from indexer.language import base
from kb.models import PUBLIC, Article

# --- behind its source --------------------------------------------------------------------------------------


def _translation_behind(article: Article, shelf: Shelf) -> Iterator[Flag]:
    behind = shelf.behind.get(article.id)
    if behind:
        source = shelf.articles.get(behind.source)
        if source:
            said = say(
                "its source {source!r} went on {day}: that is at version {now}, and this says version {follows}",
                source=source.id,
                day=behind.since[:10],
                now=str(behind.now),
                follows=str(behind.follows),
            )
            evidence = {"since": behind.since, "follows": behind.follows, "now": behind.now}
            yield _behind(article, source, said, evidence)
        return
    name = article.metadata.translation_of
    source = shelf.articles.get(name) or shelf.articles.get(shelf.redirects.get(name, ""))
    own, newer = article.metadata.updated, source.metadata.updated if source else None
    # of a folder the store knows only when it read the files: what they say of themselves goes before it
    if source and own and newer and article.folder and source.metadata.state == "published" and own < newer:
        said = say(
            "its source {source!r} was updated {day}, {days|day/days} after this translation",
            source=source.id,
            day=str(newer),
            days=(newer - own).days,
        )
        evidence = {"source_updated": newer.isoformat(), "updated": own.isoformat()}
        yield _behind(article, source, said, evidence)


def _behind(article: Article, source: Article, said: Said, evidence: dict[str, Any]) -> Flag:
    """Names what the source has and the translation has not, as far as that can be seen in any language."""
    own, theirs = _Outline(article.markdown), _Outline(source.markdown)
    lacks = {
        "places": [name for name in theirs.places if name not in own.places],
        "codes": [code for code in theirs.codes if code not in own.codes],
        "numbers": [number for number in theirs.numbers if number not in own.numbers],
    }
    named = {
        "places": say("places {names}", names=lacks["places"][:5]),
        "codes": say("codes {names}", names=lacks["codes"][:5]),
        "numbers": say("numbers {names}", names=lacks["numbers"][:5]),
    }
    shown = [named[what] for what, found in lacks.items() if found]
    if theirs.headings > own.headings:
        missing = theirs.headings - own.headings
        shown.insert(0, say("{count} of {of} headings", count=missing, of=theirs.headings))
    message = say("{said}; it lacks {what}", said=said, what=shown) if shown else said
    fix = say(
        "Bring over what changed in the source, then save the translation anew (in a folder, with its new `updated:`)."
    )
    found = {**evidence, "source": source.id, "lacks": {what: names[:20] for what, names in lacks.items() if names}}
    found["headings"] = [own.headings, theirs.headings]
    return Flag(CHECK.name, message, front_line(article, _UPDATED), fix=fix, evidence=found, others=(source.id,))


_UPDATED = ("updated", "updated_at", "last_updated", "lastmod", "modified", "ms.date", "date")
_HEADING = re.compile(r"#{1,6} ")
_PLACE = re.compile(r"\{#([^\s{}]+)\}")
_CODE = re.compile(r"`([^`\n]{2,60})`")
_TARGET = re.compile(r"\]\([^()\n]*\)")
_MARK = re.compile(r"^[ \t>]*\d{1,9}[.)] ", re.MULTILINE)
_NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)*")


class _Outline:
    """What can be compared of texts in different languages. No parser: it is asked for a few articles, and quickly."""

    def __init__(self, markdown: str) -> None:
        text = _TARGET.sub("]", BLOCK.sub("", markdown, count=1))
        headings = [line for line in text.split("\n") if _HEADING.match(line)]
        self.headings = len(headings)
        self.places = list(dict.fromkeys(f"#{place}" for line in headings for place in _PLACE.findall(line)))
        self.codes = list(dict.fromkeys(_CODE.findall(text)))
        numbers = _NUMBER.findall(_MARK.sub("", _PLACE.sub("", _CODE.sub(" ", text))))
        plain = (number.replace(",", "").lstrip("0") for number in numbers)
        self.numbers = list(dict.fromkeys(number for number in plain if number))


# --- not translated -----------------------------------------------------------------------------------------

_FEW = 10  # families of a space below which no locale is usual


def _translation_missing(article: Article, shelf: Shelf) -> Iterator[Flag]:
    family = _families(shelf).get((article.metadata.space, article.family), [])
    live = [member for member in family if member.metadata.state == "published"]
    if not live or min(live, key=_precedence) is not article:
        return  # each family is told of once, at its source
    asked = shelf.option(MISSING, "locales")
    wanted = asked or _usual(shelf, article.metadata.space, shelf.option(MISSING, "share"))
    held = {member.metadata.locale.lower() for member in family}  # a draft is a translation that somebody works at
    missing = [locale for locale in wanted if not any(_covers(one, locale.lower()) for one in held)]
    if missing:
        message = say("is not translated into {locales}, as nearly all of its space are", locales=missing)
        if asked:
            message = say("is not translated into {locales}", locales=missing)
        fix = say("Translate it, or waive this with the reason why readers of that language have no need of it.")
        yield Flag(MISSING.name, message, fix=fix, evidence={"missing": missing, "held": sorted(held)})


def _precedence(article: Article) -> tuple[bool, str]:
    return bool(article.metadata.translation_of), article.id


@once
def _families(shelf: Shelf) -> dict[tuple[str, str], list[Article]]:
    """What everybody reads or will read, by space and family."""
    found: dict[tuple[str, str], list[Article]] = {}
    for article in shelf.articles.values():
        if article.metadata.audience == PUBLIC and article.metadata.state != "archived":
            found.setdefault((article.metadata.space, article.family), []).append(article)
    return found


@once
def _translated(shelf: Shelf) -> dict[str, Counter[str]]:
    """How many families each space has, under "", and how many are in a locale and in another beside it."""
    found: dict[str, Counter[str]] = {}
    for (space, _), family in _families(shelf).items():
        locales = {member.metadata.locale.lower() for member in family if member.metadata.state == "published"}
        if locales:
            found.setdefault(space, Counter()).update(["", *(locales if len(locales) > 1 else ())])
    return found


def _usual(shelf: Shelf, space: str, share: float) -> list[str]:
    """The locales into which nearly all of a space is translated."""
    counts = _translated(shelf).get(space, Counter())
    return sorted(x for x, n in counts.items() if x and n >= share * counts[""]) if counts[""] >= _FEW else []


def _covers(held: str, wanted: str) -> bool:
    """Whether a locale serves readers of another: the same, or the same language without a region."""
    return held == wanted or (base(held) == base(wanted) and ("-" not in held or "-" not in wanted))


CHECK = Check(
    "translation_behind", "medium", "Whoever reads the translation is told what no longer holds.", _translation_behind,
    "shelf",
)  # fmt: skip
MISSING = Check(
    "translation_missing",
    "low",
    "Whoever reads the other language finds nothing, or what they cannot read.",
    _translation_missing,
    "shelf",
    {"locales": (), "share": 0.8},
)

CHECKS = (CHECK, MISSING)
