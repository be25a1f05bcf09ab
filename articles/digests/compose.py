"""A digest as text, as HTML, and as JSON for a webhook. Pure.

Titles, reasons and quotes are anybody's words: personal data is masked, and what could break a line, turn its
direction or speak to a terminal is taken out; in HTML the template escapes them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from articles.digests.catalogue import Catalogue, catalogue
from articles.digests.choose import Choice
from articles.digests.items import Item
from kb.privacy import mask
from kb.store.digests import Language

if TYPE_CHECKING:
    from jinja2 import Template

WORKSPACE = "/console"
_TITLE, _WHY, _QUOTE = 200, 500, 300  # characters that are shown
_JOINERS = "\u200c\u200d"  # format characters that words are made with


@dataclass(frozen=True)
class Line:
    """An item as it is shown. `url` is "" where the server's own address is not known."""

    item: Item
    title: str
    why: str
    quote: str
    note: str
    url: str


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
        items = [
            {
                **{"key": line.item.key, "kind": line.item.kind, "title": line.title, "why": line.why},
                **{"quote": line.quote, "check": line.item.check, "severity": line.item.severity},
                **{"article": line.item.article, "line": line.item.line, "url": line.url},
                **{"hurts": round(line.item.hurts, 1), "since": line.item.since},
            }
            for line in self.lines
        ]
        return {"subject": self.subject, "text": self.text, "items": items, "more": self.more}


def compose(choice: Choice, name: str, language: Language, day: date, origin: str) -> Digest:
    """Write a digest for somebody of this name. `origin` is the server's own address, "" where it is not known."""
    words = catalogue(language)
    lines = tuple(_line(item, words, origin) for item in choice.items)
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
    text, html = (_template(name).render(values) for name in ("digest.txt", "digest.html"))
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


def _line(item: Item, words: Catalogue, origin: str) -> Line:
    why = _masked(words.why(item.check, item.why), _WHY)
    if item.check:
        why = f"{clean(words.check(item.check), _TITLE)}: {why}"
    return Line(
        item,
        _masked(item.title, _TITLE) or item.article,
        why,
        _masked(item.quote, _QUOTE),
        " · ".join(_notes(item, words)),
        f"{origin}{item.path}" if origin and item.path else "",
    )


def _notes(item: Item, words: Catalogue) -> Iterator[str]:
    if item.article:
        yield clean(item.article, _TITLE)
    if item.line:
        yield words.say("line", line=item.line)
    if item.kind == "gap":
        yield words.count("asked", round(item.hurts))
    elif item.hurts >= 0.5:
        yield words.count("hurts", round(item.hurts))


@cache
def _template(name: str) -> Template:
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
