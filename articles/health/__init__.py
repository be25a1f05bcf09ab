"""What is stale or broken in articles: a registry of checks, each a pure function in its own file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from articles.health.base import HARM, Check, Flag, Severity, Shelf
from articles.health.links import broken_anchor, broken_link
from articles.health.translation import translation_behind
from articles.health.verification import verification_overdue
from kb.models import Article, Reader
from kb.store import Database
from kb.store import articles as store

CHECKS: dict[str, tuple[Check, Severity]] = {
    "verification_overdue": (verification_overdue, "medium"),
    "broken_link": (broken_link, "high"),
    "broken_anchor": (broken_anchor, "low"),
    "translation_behind": (translation_behind, "medium"),
}


@dataclass(frozen=True)
class Report:
    """An article's health: 100 is no flag; `needs_work` is the chance that somebody must act."""

    article: Article
    flags: tuple[Flag, ...]

    @property
    def needs_work(self) -> float:
        spared = 1.0
        for flag in self.flags:
            spared *= 1 - HARM[flag.severity]
        return round(1 - spared, 4)

    @property
    def score(self) -> float:
        """The mean of the checks, each weighted by the harm of its flag."""
        names = {flag.check: HARM[flag.severity] for flag in self.flags}
        total = sum(HARM[severity] for _, severity in CHECKS.values())
        return round(100 * (1 - sum(names.values()) / total), 1)


def load_shelf(database: Database, today: date, reader: Reader) -> Shelf:
    """The articles in use that a reader may see; a link to a draft is no broken link."""
    with database.read() as connection:
        kept = {article.id: article for article in store.all_articles(connection, reader, ("published", "draft"))}
    return Shelf(kept, today)


def examine(shelf: Shelf) -> list[Report]:
    """Reports on the published articles of a shelf, the worst first."""
    reports = [
        Report(article, tuple(flag for check, _ in CHECKS.values() for flag in check(article, shelf)))
        for article in shelf.articles.values()
        if article.metadata.state == "published"
    ]
    return sorted(reports, key=lambda report: (-report.needs_work, report.article.id))
