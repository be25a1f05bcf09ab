"""A translation whose source was changed after it."""

from __future__ import annotations

from collections.abc import Iterator

from articles.health.base import Flag, Shelf
from kb.models import Article


def translation_behind(article: Article, shelf: Shelf) -> Iterator[Flag]:
    source = shelf.articles.get(article.metadata.translation_of)
    if source is None or source.metadata.updated is None:
        return
    own = article.metadata.updated
    if own is None or own < source.metadata.updated:
        days = (source.metadata.updated - own).days if own else None
        behind = f"{days} days after this translation" if days else "and this translation says no date"
        yield Flag(
            "translation_behind",
            "medium",
            f"its source {source.id!r} was updated {source.metadata.updated}, {behind}",
            0,
            {
                "source": source.id,
                "source_updated": source.metadata.updated.isoformat(),
                "updated": own.isoformat() if own else None,
            },
        )
