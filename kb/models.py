"""The nouns that every room shares, as frozen dataclasses.

Nothing here reads a file, a clock or a setting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal, get_args

PUBLIC = "public"
AGENTS = "agents"

MAIN = "main"  # the space of articles that name none

State = Literal["draft", "published", "archived"]
"""Of an article: never published, live, or taken out of use."""

STATES: tuple[State, ...] = get_args(State)

VersionState = Literal["draft", "in_review", "approved", "live", "past"]
"""Of a version. An article has at most one live version and at most one that is worked on, beside it."""

EditKind = Literal["flag", "fix"]
EditState = Literal["open", "accepted", "declined"]
"""Of what somebody suggests to an article's owner."""

TicketState = Literal["open", "pending", "solved", "closed"]

Verdict = Literal["answer", "maybe", "none"]


@dataclass(frozen=True)
class Reader:
    """Who asks: the audiences they belong to, the spaces they see, and the locale they read.

    A required argument of every read, so that forgetting a right is a type error. `audiences` None is everything: the
    operator at the command line, and the jobs. `spaces` None is every space.
    """

    audiences: frozenset[str] | None = frozenset({PUBLIC})
    locale: str | None = None
    spaces: frozenset[str] | None = None

    @classmethod
    def of(cls, audience: str, locale: str | None = None) -> Reader:
        """The reader that belongs to `audience`; everybody also reads what is public."""
        return cls(frozenset({PUBLIC, audience}), locale)

    def may_read(self, audience: str, space: str) -> bool:
        return (self.audiences is None or audience in self.audiences) and (self.spaces is None or space in self.spaces)

    def sees_all_of(self, audiences: Iterable[str]) -> bool:
        """Whether whoever belongs to these audiences sees no more than this reader."""
        return self.audiences is None or self.audiences >= set(audiences)


EVERYTHING = Reader(None)


@dataclass(frozen=True)
class Actor:
    """Who does something, for the audit log: `name` is `user:…`, `key:…`, `operator` or `job:…`.

    What they write they must be able to read. `scopes` are `kb.rights.Scope`s. `address` is where a request came from.
    """

    name: str
    reader: Reader
    scopes: frozenset[str] = frozenset()
    address: str = ""
    request_id: str = ""


OPERATOR = Actor("operator", EVERYTHING, frozenset({"search", "support", "upkeep", "write", "curate", "admin"}))
"""Whoever may open the home's files: the command line."""


@dataclass(frozen=True)
class Metadata:
    """What an article says about itself, typed. `extra` keeps every key that we do not know.

    `reviewed` is the day of its last verification, which holds for `review_days`, or for ever where it is `evergreen`,
    until somebody says that it must be verified again (`doubted`).
    """

    title: str
    locale: str
    id: str = ""
    product: str = ""
    audience: str = PUBLIC
    owner: str = ""
    state: State = "published"
    tags: tuple[str, ...] = ()
    updated: date | None = None
    reviewed: date | None = None
    review_days: int | None = None
    evergreen: bool = False
    doubted: bool = False
    translation_of: str = ""
    featured: bool = False
    space: str = MAIN
    category: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def verified_until(self) -> date | None:
        """The last day that its last verification holds; None where it says too little."""
        if self.reviewed is None or not (self.review_days or self.doubted or self.evergreen):
            return None
        if self.doubted:
            return self.reviewed - timedelta(days=1)
        if self.evergreen or self.review_days is None:
            return date.max
        try:
            return self.reviewed + timedelta(days=self.review_days)
        except OverflowError:  # for ever
            return date.max


@dataclass(frozen=True)
class Chunk:
    """A passage: the unit that is embedded, scored and shown.

    `lines` are 1-based and inclusive in the article's source. `context` is text that the passage needs but
    that stands elsewhere (a table's header row); `labels` name the kinds of section it holds. `sections` are where in
    the text each section begins, in characters, its anchor, and its heading.
    """

    ordinal: int
    heading_path: tuple[str, ...]
    anchor: str
    lines: tuple[int, int]
    text: str
    context: str = ""
    labels: tuple[str, ...] = ()
    sections: tuple[tuple[int, str, str], ...] = ()

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading over some of its text."""
        return tuple(dict.fromkeys((*self.heading_path, *(heading for *_, heading in self.sections if heading))))

    def anchor_at(self, place: int) -> str:
        """The anchor of the section that holds a place in the text."""
        return next((anchor for start, anchor, _ in reversed(self.sections) if start <= place), self.anchor)

    def passage(self, title: str) -> str:
        """What is embedded and indexed: title › headings, then the body.

        A title that is only the body's own beginning is not said twice.
        """
        own = () if self.text.startswith(title) else (title,)
        head = " › ".join((*own, *self.heading_path))
        return "\n".join(part for part in (head, self.context, self.text) if part)


@dataclass(frozen=True)
class Terms:
    """The analysed words of a text, by field (`indexer.analyze.FIELDS`), in order, with repeats."""

    fields: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return sum(len(terms) for terms in self.fields)


@dataclass(frozen=True)
class Article:
    """A stored article with the Markdown of its current version.

    `source` is its path in `folder`, which is "" for an article that came through the API. `revision` grows with every
    change of anything about it.
    """

    id: str
    family: str
    version: int
    metadata: Metadata
    folder: str
    source: str
    markdown: str
    content_hash: str
    revision: int = 0


@dataclass(frozen=True)
class ArticleRow:
    """What search needs to know of an article: its rights, its labels and its standing, without its text.

    `updated` and `verified_until` are ISO 8601 days, "" where the article does not say.
    """

    id: str
    family: str
    version: int
    title: str
    locale: str
    audience: str
    product: str
    state: State
    source: str
    updated: str = ""
    verified_until: str = ""
    featured: bool = False
    space: str = MAIN
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Message:
    """One turn of a ticket. `author` is `customer` or `agent`."""

    author: Literal["customer", "agent"]
    text: str


@dataclass(frozen=True)
class Ticket:
    """A customer's problem, as a help desk knows it. `dismissed` are articles that an agent said do not fit here."""

    subject: str
    messages: Sequence[Message]
    locale: str | None = None
    product: str | None = None
    dismissed: Sequence[str] = ()
