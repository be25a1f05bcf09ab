"""An article whose last verification is older than its owner said it may be."""

from __future__ import annotations

from collections.abc import Iterator

from articles.health.base import Flag, Shelf
from kb.models import Article


def verification_overdue(article: Article, shelf: Shelf) -> Iterator[Flag]:
    meta = article.metadata
    due = meta.verified_until
    if meta.reviewed is None or due is None:
        return
    late = (shelf.today - due).days
    if late > 0:
        owner = f" by {meta.owner}" if meta.owner else ""
        yield Flag(
            "verification_overdue",
            "medium",
            f"last verified {meta.reviewed}; was due {due}{owner}, {late} days ago",
            _line(article, ("reviewed", "verified")),
            {"reviewed": meta.reviewed.isoformat(), "due": due.isoformat(), "days_late": late},
        )


def _line(article: Article, keys: tuple[str, ...]) -> int:
    """The line of the front matter that says so."""
    for number, line in enumerate(article.markdown.split("\n"), 1):
        if line.strip().lower().split(":")[0] in keys:
            return number
        if number > 1 and line.strip() == "---":
            break
    return 0
