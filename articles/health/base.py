"""The nouns of the checks: a flag, a check, and the shelf of articles that checks look at.

A check is a pure function of an article and the shelf. One of the scope `text` looks at the article's own text and
metadata, its options and the day, and at nothing else: what it found is kept until one of these changes. One of the
scope `shelf` may look at everything; it is asked each time, and so it must be quick, and parse nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

from articles.health.phrases import prose
from articles.health.phrases.versions import Version, versions
from articles.health.words import Said, pack
from indexer.markdown import Document, Link, parse
from kb.models import Article

Severity = Literal["low", "medium", "high"]
Scope = Literal["text", "shelf"]
HARM: dict[Severity, float] = {"low": 0.1, "medium": 0.3, "high": 0.6}
"""How much one flag of a severity hurts whoever reads the article, 0..1."""
SENTENCES = ("message", "fix")
"""The fields of a flag that are sentences, to be said in the reader's language."""


@dataclass(frozen=True)
class Flag:
    """One thing wrong with an article, for whoever maintains it.

    `message` and `fix`, which says what to do, are made by `words.say`, to be said in other languages. `line` is
    1-based in the article's source, 0 where it lies in no one line; `quote` is what stands there. `evidence` is what
    else was counted or found, as plain JSON. `others` are the articles that the flag names: who may not read all of
    them does not hear of it.
    """

    check: str
    message: Said
    line: int = 0
    quote: str = ""
    fix: Said | Literal[""] = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    others: tuple[str, ...] = ()


def packed(flag: Flag) -> dict[str, Any]:
    """What a flag's sentences are made of, by their names, as plain JSON."""
    return {name: pack(getattr(flag, name)) for name in SENTENCES}


@dataclass(frozen=True)
class Check:
    """A check as the registry lists it.

    `why` says what the fault does to a reader. `options` are what can be tuned, with their defaults: numbers, or
    texts in a list.
    """

    name: str
    severity: Severity
    why: str
    look: Callable[[Article, Shelf], Iterator[Flag]]
    scope: Scope = "text"
    options: Mapping[str, float | tuple[str, ...]] = field(default_factory=dict)
    rules: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    """For an option of texts: what is wrong with one of them, and an example; an empty text where nothing is."""


@dataclass(frozen=True)
class Facts:
    """What others need to know of an article's text. `words` counts those of its body."""

    links: tuple[Link, ...] = ()
    anchors: frozenset[str] = frozenset()
    words: int = 0
    versions: tuple[Version, ...] = ()


@dataclass(frozen=True)
class Demand:
    """What readers did with an article in the last 90 days.

    `views` are openings from a search or a page, `suggested` how often agents were shown it, `inserted` how often one
    sent it to a customer. `contacted` are views after which the visitor wrote to a person within a day. `edits` are
    those that are open.
    """

    views: int = 0
    shown: int = 0
    suggested: int = 0
    inserted: int = 0
    helped: int = 0
    not_helped: int = 0
    dismissed: int = 0
    contacted: int = 0
    edits: int = 0


NOBODY = Demand()


@dataclass(frozen=True)
class Behind:
    """How a translation stands behind its source: the versions it follows and should follow, and since when."""

    source: str
    follows: int
    now: int
    since: str
    """A time in the store's form."""


@dataclass(frozen=True)
class Alike:
    """A passage of an article and one of another that belongs with it. Lines are 1-based and inclusive."""

    other: str
    lines: tuple[int, int]
    other_lines: tuple[int, int]
    text: str
    other_text: str
    score: float
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Shelf:
    """What a check may look at.

    `articles` holds every article by its id, published, draft or archived. `redirects` leads from addresses that are
    no article's any more to those that are. `chosen` are options that somebody tuned, by check. `searched` are the
    articles that any search brought, None where too little was asked to tell. `media` are the ids of the files that
    were uploaded, None where nobody looked. `duplicates` and `contradictions` are by article.
    """

    articles: Mapping[str, Article]
    today: date
    chosen: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    known: Mapping[str, Facts] = field(default_factory=dict)
    redirects: Mapping[str, str] = field(default_factory=dict)
    demand: Mapping[str, Demand] = field(default_factory=dict)
    searched: frozenset[str] | None = None
    media: frozenset[str] | None = None
    behind: Mapping[str, Behind] = field(default_factory=dict)
    duplicates: Mapping[str, tuple[Alike, ...]] = field(default_factory=dict)
    contradictions: Mapping[str, tuple[Alike, ...]] = field(default_factory=dict)

    @cached_property
    def published(self) -> list[Article]:
        return [article for article in self.articles.values() if article.metadata.state == "published"]

    @cached_property
    def by_source(self) -> dict[tuple[str, str], Article]:
        """Articles by their folder and their path in it."""
        return {(article.folder, article.source): article for article in self.articles.values()}

    def document(self, article: Article) -> Document:
        """The parsed text of an article. For checks of the scope `text` only: it takes milliseconds."""
        return parse(article.markdown, article.source)

    def facts(self, article: Article) -> Facts:
        """What is known of an article's text without parsing it again."""
        found = self.known.get(article.id)
        return found if found is not None else facts_of(article)

    def option(self, check: Check, name: str) -> Any:
        """The value of an option in effect."""
        return self.chosen.get(check.name, {}).get(name, check.options[name])


def facts_of(article: Article) -> Facts:
    document = parse(article.markdown, article.source)
    words = sum(len(block.text.split()) for block in document.blocks)
    return Facts(document.links, frozenset(document.anchors), words, tuple(versions(prose(article))))
