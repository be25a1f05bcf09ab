"""The nouns of the checks: flags, the severity of each, and the shelf of articles that they look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

from indexer.markdown import Document, parse
from kb.models import Article

Severity = Literal["low", "medium", "high"]
HARM: dict[Severity, float] = {"low": 0.1, "medium": 0.3, "high": 0.6}
"""How likely one flag of a severity means that the article needs work: a first estimate, not yet fitted."""


@dataclass(frozen=True)
class Flag:
    """One thing wrong with an article. `line` is 1-based, 0 where it lies in no one line."""

    check: str
    severity: Severity
    message: str
    line: int = 0
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Shelf:
    """What a check may look at: the articles of a knowledge base, and the day."""

    articles: dict[str, Article]
    today: date

    @cached_property
    def by_source(self) -> dict[tuple[str, str], Article]:
        return {(article.folder, article.source): article for article in self.articles.values()}

    @cached_property
    def _documents(self) -> dict[str, Document]:
        return {}

    def document(self, article: Article) -> Document:
        """The parsed text of an article, parsed once."""
        if article.id not in self._documents:
            self._documents[article.id] = parse(article.markdown, article.source)
        return self._documents[article.id]


Check = Callable[[Article, Shelf], Iterator[Flag]]
