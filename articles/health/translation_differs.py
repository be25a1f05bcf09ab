"""A translation that says another quantity, day or menu than its source, though its source did not go on."""

from __future__ import annotations

from collections.abc import Iterator

from articles.health import translation
from articles.health.base import Check, Flag, Shelf
from articles.health.indexes import once
from articles.health.pairs.translated import Difference, differences
from articles.health.words import say
from indexer.language import base
from kb.models import Article


def _translation_differs(article: Article, shelf: Shelf) -> Iterator[Flag]:
    source = _source(article, shelf)
    if source is None or any(translation.CHECK.look(article, shelf)):
        return
    for one in differences(article.markdown, article.metadata.locale, source.markdown, source.metadata.locale):
        yield _flag(one, source)


def _flag(one: Difference, source: Article) -> Flag:
    (line, at), (own, theirs) = one.lines, one.values
    message = say(
        "says {own!r} where {theirs!r} stands in line {line} of its source {source!r}",
        own=own,
        theirs=theirs,
        line=str(at),
        source=source.id,
    )
    evidence: dict[str, object] = {"kind": one.kind, "values": [own, theirs]}
    evidence |= {"source": source.id, "source_line": at, "source_text": one.quotes[1][:200]}
    return Flag(
        CHECK.name,
        message,
        line,
        one.quotes[0][:200],
        say("Find out which of the two holds, and say it in both."),
        evidence,
        (source.id,),
    )


def _source(article: Article, shelf: Shelf) -> Article | None:
    """What an article is a translation of: what it names, else the first of its family in another language."""
    name = article.metadata.translation_of
    source = shelf.articles.get(name) or shelf.articles.get(shelf.redirects.get(name, ""))
    source = source or _originals(shelf).get((article.metadata.space, article.family))
    if source is None or source is article or source.metadata.state != "published":
        return None
    return source if base(source.metadata.locale) != base(article.metadata.locale) else None


@once
def _originals(shelf: Shelf) -> dict[tuple[str, str], Article]:
    """The first article of each family, by space and family: one that translates nothing, else any."""
    found: dict[tuple[str, str], Article] = {}
    for article in sorted(shelf.published, key=lambda one: (bool(one.metadata.translation_of), one.id)):
        found.setdefault((article.metadata.space, article.family), article)
    return found


CHECK = Check(
    "translation_differs",
    "medium",
    "Readers of two languages are told two things, and one of them is wrong.",
    _translation_differs,
    "shelf",
)
