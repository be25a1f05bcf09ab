"""A team's own history as cases to fit to: its articles as they stood on a day, and what became of each later.

From a Git history of Markdown, or from the versions in the store. Nothing that was known only after the day is looked
at: no demand, since events are kept for a shorter time, and no waivers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from articles import frontmatter
from articles.health import CHECKS, examine
from articles.health.base import Shelf, facts_of
from articles.health.staleness.features import table
from articles.health.staleness.fit import Cases
from articles.history import Outcome, Past, became, outcomes, pasts, texts
from indexer.markdown import parse
from kb.errors import ArticleError
from kb.models import EVERYTHING, STATES, Article, Metadata
from kb.store import Database, versions
from kb.store import articles as store

_NEEDED = ("substantive", "deleted")


def of_git(folder: Path, since: date, until: date) -> Cases:
    """The cases of a folder in a Git repository. Texts that cannot be read as articles are left out.

    Raises:
        NotFound: it is in no repository.
        InvalidInput: git cannot read it, or the history does not reach from `since` to `until`.
    """
    found = (_article(path, text, str(folder)) for path, text in texts(folder, since).items())
    articles = {article.id: article for article in found if article}
    changed = {path.rpartition(".")[0]: past for path, past in pasts(folder, since).items()}
    became_ = {path.rpartition(".")[0]: outcome for path, outcome in outcomes(folder, since, until).items()}
    return _cases(articles, since, changed, became_)


def of_store(database: Database, since: date, until: date) -> Cases:
    """The cases of a store: its articles in the versions that were live at the end of `since`."""
    articles: dict[str, Article] = {}
    changed: dict[str, Past] = {}
    found: dict[str, Outcome] = {}
    with database.read() as connection:
        revised = {name: record.updated_at for name, record in store.records(connection).items()}
        for article in store.all_articles(connection, EVERYTHING, STATES):
            lived = sorted(
                (date.fromisoformat(own.published_at[:10]), own.number, own.markdown)
                for own in versions.history(connection, article.id)
                if own.published_at
            )
            before = [own for own in lived if own[0] <= since]
            if not before:
                continue
            day, number, markdown = before[-1]
            meta = replace(_read(markdown, article), updated=day, state="published")
            articles[article.id] = replace(article, metadata=meta, markdown=markdown, version=number)
            changed[article.id] = Past(tuple(sorted({own[0] for own in before})), len(before))
            left = article.metadata.state == "archived" and revised[article.id][:10] <= until.isoformat()
            after = None if left else [own for own in lived if own[0] <= until][-1][2]
            found[article.id] = became(markdown, after)
    return _cases(articles, since, changed, found)


def _cases(
    articles: Mapping[str, Article], since: date, changed: Mapping[str, Past], found: Mapping[str, Outcome]
) -> Cases:
    shelf = Shelf(articles, since, known={name: facts_of(article) for name, article in articles.items()})
    severities = {check.name: check.severity for check in CHECKS.values()}
    known = table(shelf, examine(shelf), severities, changed, {})
    labels = np.array([found[name] in _NEEDED for name in known.ids], np.bool_)
    return Cases(known, labels, np.ones(len(labels)))


def _article(path: str, text: str, folder: str) -> Article | None:
    name = path.rpartition(".")[0]
    try:
        meta = frontmatter.read(parse(text, path), path)
    except ArticleError:
        return None
    return Article(name, meta.translation_of or name, 1, replace(meta, id=name), folder, path, text, "")


def _read(markdown: str, article: Article) -> Metadata:
    """What the text of a version says, under the article's present rights."""
    try:
        return replace(frontmatter.read(parse(markdown, article.source), article.source), id=article.id)
    except ArticleError:
        return article.metadata
