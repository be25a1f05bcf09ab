"""A digest as text, as HTML, and as JSON for a webhook. Pure.

Titles, reasons and quotes are anybody's words: personal data is masked, and what could break a line, turn its
direction or speak to a terminal is taken out; in HTML the template escapes them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from articles.digests.catalogue import Catalogue, catalogue
from articles.digests.choose import Choice
from articles.digests.items import WORKSPACE, Item, together
from articles.health.words import Said, speak
from kb.privacy import mask
from kb.store.digests import Language

if TYPE_CHECKING:
    from jinja2 import Template

_TITLE, _WHY, _QUOTE = 200, 500, 300  # characters that are shown
_JOINERS = "\u200c\u200d"  # format characters that words are made with


@dataclass(frozen=True)
class Point:
    """What is said of a thing: of an article each of its flags, of anything else one."""

    item: Item
    why: str
    quote: str

    def as_json(self) -> dict[str, Any]:
        item = self.item
        return {
            **{"key": item.key, "check": item.check, "severity": item.severity, "why": self.why, "quote": self.quote},
            **{"line": item.line, "hurts": round(item.hurts, 1), "since": item.since},
        }


@dataclass(frozen=True)
class Line:
    """A thing as it is shown. `item` is the first of its items; `url` is "" where the server's address is not known."""

    item: Item
    title: str
    points: tuple[Point, ...]
    note: str
    url: str

    def as_json(self) -> dict[str, Any]:
        item, flags = self.item, [point.as_json() for point in self.points if point.item.kind == "flag"]
        said = {"why": "", "quote": ""} if flags else {"why": self.points[0].why, "quote": self.points[0].quote}
        return {
            **{"key": item.thing, "kind": item.kind, "title": self.title, **said},
            **{"article": item.article, "gap": item.gap, "url": self.url, "flags": flags},
            **{"hurts": round(item.hurts, 1), "since": min(point.item.since for point in self.points)},
        }


@dataclass(frozen=True)
class Digest:
    """What one user is told at once, ready to send. `more` counts what is new and did not fit."""

    subject: str
    text: str
    html: str
    lines: tuple[Line, ...]
    more: int

    def as_json(self) -> dict[str, Any]:
        """What a webhook is sent, and a preview shows."""
        items = [line.as_json() for line in self.lines]
        return {"subject": self.subject, "text": self.text, "items": items, "more": self.more}


def compose(choice: Choice, name: str, language: Language, day: date, origin: str) -> Digest:
    """Write a digest for somebody of this name. `origin` is the server's own address, "" where it is not known."""
    words = catalogue(language)
    lines = tuple(_line(items, words, origin) for items in together(choice.items))
    subject = words.count("subject", len(lines), day=words.day(day)) if lines else words.say("nothing")
    kinds = dict.fromkeys(line.item.kind for line in lines)
    values = {
        "language": language,
        "greeting": words.say("greeting", name=clean(name, _TITLE)),
        "subject": subject,
        "sections": [(words.kind(kind), [line for line in lines if line.item.kind == kind]) for kind in kinds],
        "more": words.count("more", choice.more) if choice.more else "",
        "workspace": f"{origin}{WORKSPACE}" if origin else "",
        **{key: words.say(key) for key in ("open", "why_you", "stop")},
    }
    text, html = (template(name).render(values) for name in ("digest.txt", "digest.html"))
    return Digest(subject, text, html, lines, choice.more)


def clean(text: str, most: int) -> str:
    """Anybody's words on one line, without control characters and with no more than so many others."""
    kept = "".join(c for c in " ".join(text.split()) if c in _JOINERS or unicodedata.category(c) not in _UNSEEN)
    return kept if len(kept) <= most else f"{kept[: most - 1].rstrip()}…"


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def _masked(text: str, most: int) -> str:
    """Without what nobody sees, which must not hide personal data from the mask; then masked, and not too long."""
    seen = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return clean(mask(seen), most)


def _line(items: Sequence[Item], words: Catalogue, origin: str) -> Line:
    first, *others = sorted(items, key=lambda item: (-item.hurts, -item.told.grade, item.line))
    return Line(
        first,
        _masked(first.title, _TITLE) or first.article or first.gap,
        tuple(_point(item, words) for item in (first, *others)),
        " · ".join(_notes(first, words)),
        f"{origin}{first.path}" if origin and first.path else "",
    )


def _point(item: Item, words: Catalogue) -> Point:
    said = speak(item.why, words.language) if isinstance(item.why, Said) else item.why
    why = _masked(said, _WHY)
    if item.check:
        place = f" ({words.say('line', line=item.line)})" if item.line else ""
        why = f"{clean(words.check(item.check), _TITLE)}{place}: {why}"
    return Point(item, why, _masked(item.quote, _QUOTE))


def _notes(item: Item, words: Catalogue) -> Iterator[str]:
    if item.article:
        yield clean(item.article, _TITLE)
    if item.gap:
        yield f"`kb gaps show {clean(item.gap, _TITLE)}`"
    if item.kind == "gap":
        yield words.count("asked", round(item.hurts))
    elif item.hurts >= 0.5:
        yield words.count("hurts", round(item.hurts))


@cache
def template(name: str) -> Template:
    """One of `templates/`, which escapes in HTML."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["rule"] = _columns
    return environment.get_template(name)


def _columns(text: str) -> int:
    """How wide a text is in a terminal: a Korean letter takes two columns."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
