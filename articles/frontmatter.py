"""Front matter of any shape to typed metadata: known keys are read, other systems' names mapped, the rest kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import yaml

from indexer.chunk import sentences
from indexer.language import detect
from indexer.markdown import Document, parse
from kb.errors import ArticleError
from kb.models import AGENTS, MAIN, PUBLIC, Metadata, State

# our key: what other systems call it (Microsoft Learn, Adobe Commerce help, Zendesk and Hugo exports)
ALIASES: dict[str, tuple[str, ...]] = {
    "title": ("title", "name", "subject"),
    "id": ("id", "uid", "article_id", "slug"),
    "locale": ("locale", "lang", "language"),
    "product": ("product", "ms.prod", "ms.service", "products"),
    "tags": ("tags", "labels", "label_names", "keywords"),
    "audience": ("audience", "visibility", "access"),
    "owner": ("owner", "author", "ms.author", "ms.reviewer", "manager"),
    "state": ("state", "status"),
    "updated": (
        *("updated", "updated_at", "last_updated", "lastmod", "modified", "ms.date"),
        *("article-updated-date", "article-published-date", "date"),
    ),
    "reviewed": ("reviewed", "verified", "last_verified", "last_reviewed", "reviewed_at"),
    "review_every": ("review_every", "review_interval", "review_cycle"),
    "translation_of": ("translation_of", "source_article"),
    "featured": ("featured", "promoted", "pinned"),
    "space": ("space", "brand", "help_center"),
    "category": ("category", "section"),
}
_AUDIENCES = {"public": PUBLIC, "everyone": PUBLIC, "customers": PUBLIC, "internal": AGENTS, "agents": AGENTS}
_STATES: dict[str, State] = {
    **{"published": "published", "live": "published", "active": "published"},
    **{"draft": "draft", "archived": "archived", "retired": "archived"},
}
_DAYS = {"d": 1, "day": 1, "w": 7, "week": 7, "m": 30, "month": 30, "y": 365, "year": 365}
BLOCK = re.compile(r"\ufeff?---[ \t]*\r?\n.*?\n---[ \t]*\r?\n", re.DOTALL)
"""Front matter as it stands before a text, for who looks at the text without parsing it."""
_DURATION = re.compile(r"(\d+)\s*(d|w|m|y|day|week|month|year)s?$", re.IGNORECASE)
_LOCALE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*$", re.IGNORECASE)
PATH_LOCALE = re.compile(
    r"(?:ar|cs|da|de|el|en|es|fi|fr|he|hi|hu|id|it|ja|ko|nl|no|pl|pt|ro|ru|sv|th|tr|uk|vi|zh)(?:-[a-z]{2})?$",
    re.IGNORECASE,
)


def read(document: Document, source: str) -> Metadata:
    """Metadata of an article; what it does not say is taken from its path and its text.

    Raises:
        ArticleError: a known key has a value that cannot be read; with the file and the line of the front matter.
    """
    front = {key.strip().lower(): value for key, value in document.front.items()}
    reader = _Front(front, source)
    title = reader.text("title") or _first_words(document) or _stem(source)
    return Metadata(
        title=title,
        locale=reader.locale() or _path_locale(source) or _text_language(document),
        id=reader.id(),
        product=reader.text("product"),
        audience=reader.audience(),
        owner=reader.text("owner"),
        state=reader.state(),
        tags=reader.tags(),
        updated=reader.day("updated"),
        reviewed=reader.day("reviewed"),
        review_days=reader.days(),
        evergreen=reader.evergreen(),
        translation_of=reader.text("translation_of"),
        featured=reader.flag("featured"),
        space=reader.text("space") or MAIN,
        category=reader.text("category"),
        extra={key: _plain(value) for key, value in front.items() if key not in reader.used},
    )


def rewritten(markdown: str, changes: Mapping[str, Any], source: str) -> str:
    """The same text with some keys of its front matter changed; None takes a key out. Everything else stays as it is.

    Raises:
        ArticleError: it has front matter that cannot be read, or is changed into such.
    """
    bom = "\ufeff" if markdown.startswith("\ufeff") else ""
    lines = markdown.removeprefix("\ufeff").split("\n")
    front = parse(markdown, source).front
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0) if front else 0
    own, body = (lines[1:end], lines[end + 1 :]) if end else ([], lines)
    said = {str(name).strip().lower() for name in front}
    if not any(value is not None or said & {*ALIASES[key], "draft"} for key, value in changes.items()):
        return markdown
    for key, value in changes.items():
        name = next((alias for alias in ALIASES[key] if alias in said), key)
        own = _without(own, name)
        if key == "state":
            own = _without(own, "draft")
        if value is not None:
            own += yaml.safe_dump({name: value}, allow_unicode=True, width=1000).rstrip("\n").split("\n")
    return bom + "\n".join(["---", *own, "---", *body] if end else ["---", *own, "---", "", *body])


def names(markdown: str, key: str) -> bool:
    """Whether the front matter says something of a key."""
    said = {str(name).strip().lower() for name in parse(markdown).front}
    return any(alias in said for alias in ALIASES[key])


def audience_of(said: str) -> str:
    """The audience that somebody means: `internal` are the agents, `everyone` is the public."""
    name = said.strip().lower()
    return _AUDIENCES.get(name, name)


def _without(lines: list[str], name: str) -> list[str]:
    """The lines of a YAML mapping without a key and what is indented under it."""
    kept, inside = [], False
    for line in lines:
        top = re.match(r"([^\s#\-][^:]*):(?:\s|$)", line)
        if top:
            inside = top.group(1).strip().strip("\"'").lower() == name
        elif line and not line[0].isspace() and not line.startswith("-"):
            inside = False
        if not inside:
            kept.append(line)
    return kept


class _Front:
    """Typed reads of a front matter; every error names the key, the value and the file."""

    def __init__(self, front: Mapping[str, Any], source: str) -> None:
        self.front, self.source = front, source
        self.used: set[str] = set()

    def value(self, key: str) -> tuple[str, Any]:
        """The first alias of `key` that has a value, with that value."""
        for alias in ALIASES[key]:
            if self.front.get(alias) not in (None, ""):
                self.used.add(alias)
                return alias, self.front[alias]
        return key, None

    def fail(self, key: str, value: Any, expected: str) -> ArticleError:
        message = f"front matter: {key}: {str(value)[:60]!r} is not {expected}"
        return ArticleError(message, source=self.source, line=1)

    def text(self, key: str) -> str:
        name, value = self.value(key)
        if isinstance(value, list):
            value = ", ".join(map(str, value))
        if isinstance(value, dict):
            raise self.fail(name, value, "a text")
        return "" if value is None else " ".join(str(value).split())

    def id(self) -> str:
        name, value = self.value("id")
        if isinstance(value, dict | list):
            raise self.fail(name, value, "an id")
        return "" if value is None else str(value)

    def locale(self) -> str:
        name, value = self.value("locale")
        if value is None:
            return ""
        if value is False:  # YAML 1.1 reads the locale `no` as a boolean
            return "no"
        if not _LOCALE.match(str(value)):
            raise self.fail(name, value, "a locale such as en or ko-KR")
        return str(value)

    def audience(self) -> str:
        name, value = self.value("audience")
        if value is None:
            return PUBLIC
        if not isinstance(value, str) or not value.strip():
            raise self.fail(name, value, "an audience such as public, internal or a group's name")
        return audience_of(value)

    def state(self) -> State:
        name, value = self.value("state")
        if self.front.get("draft") is True:
            return "draft"
        if value is None:
            return "published"
        state = _STATES.get(str(value).strip().lower())
        if state is None:
            raise self.fail(name, value, f"one of {', '.join(_STATES)}")
        return state

    def tags(self) -> tuple[str, ...]:
        _, value = self.value("tags")
        if value is None:
            return ()
        values = value if isinstance(value, list) else str(value).split(",")
        return tuple(str(tag).strip() for tag in values if str(tag).strip())

    def day(self, key: str) -> date | None:
        name, value = self.value(key)
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        return self._parse_date(name, str(value).strip())

    def _parse_date(self, name: str, text: str) -> date:
        for layout in ("%Y-%m-%d", "%m/%d/%Y", "%Y/%m/%d", "%Y.%m.%d", "%d %B %Y", "%B %d, %Y", "%b %d, %Y"):
            try:
                return datetime.strptime(text.split("T", maxsplit=1)[0], layout).date()  # noqa: DTZ007 - a day, no time
            except ValueError:
                continue
        raise self.fail(name, text, "a date such as 2026-11-23")

    def flag(self, key: str) -> bool:
        name, value = self.value(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise self.fail(name, value, "true or false")

    def evergreen(self) -> bool:
        """Whether a verification holds for ever."""
        return str(self.value("review_every")[1]).strip().lower() == "never"

    def days(self) -> int | None:
        name, value = self.value("review_every")
        if value is None or self.evergreen():
            return None
        match = _DURATION.match(str(value).strip()) or _DURATION.match(f"{value}d")
        if not match or not int(match.group(1)):
            raise self.fail(name, value, "an interval such as 90d, 6m, 1y, or never")
        return int(match.group(1)) * _DAYS[match.group(2).lower()]


def _first_words(document: Document) -> str:
    """The first heading, else the first sentence."""
    headings = [b.text for b in document.blocks if b.kind == "heading" and b.text]
    first = headings[:1] or [sentences(b.text.split("\n")[0])[0] for b in document.blocks[:1] if b.text]
    return " ".join(first[0].split())[:120].strip() if first else ""


def _stem(source: str) -> str:
    name = source.rpartition("/")[2].rpartition(".")[0] or source
    return re.sub(r"[-_]+", " ", name).strip() or source


def _path_locale(source: str) -> str:
    """A folder named as a locale (`ko/`, `ja-jp/`) says so."""
    for part in source.split("/")[:-1]:
        if PATH_LOCALE.match(part):
            return part.lower()
    return ""


def _text_language(document: Document) -> str:
    return detect(" ".join(block.text for block in document.blocks[:40])[:4000], "en")


def _plain(value: Any) -> Any:
    """YAML values as JSON ones."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
