"""An article whose last verification is older than its owner said it may be, or that somebody doubts."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from articles.health.base import Check, Flag, Shelf
from kb.models import Article

_KEYS = ("reviewed", "verified", "last_verified", "last_reviewed", "reviewed_at")


def _verification_overdue(article: Article, shelf: Shelf) -> Iterator[Flag]:
    meta = article.metadata
    if meta.doubted:
        yield _doubted(article)
        return
    due = meta.verified_until
    if meta.reviewed is None or due is None:
        return
    late = (shelf.today - due).days
    if late > 0:
        owner = f" by {meta.owner}" if meta.owner else ""
        yield Flag(
            CHECK.name,
            f"last verified {meta.reviewed}; was due {due}{owner}, {late} days ago",
            front_line(article, _KEYS),
            fix="Check the steps and the numbers, then say that it is right: `verify`.",
            evidence={"reviewed": meta.reviewed.isoformat(), "due": due.isoformat(), "days_late": late},
        )


def _doubted(article: Article) -> Flag:
    """Somebody said that it must be verified again: the day of the last verification says no more when."""
    reviewed = article.metadata.reviewed
    last = f", though it was verified {reviewed}" if reviewed else ""
    return Flag(
        CHECK.name,
        f"somebody said that it must be verified again{last}",
        front_line(article, _KEYS),
        fix="Read in its history what was doubted, mend it, then say that it is right: `verify`.",
        evidence={"reviewed": reviewed.isoformat() if reviewed else None, "doubted": True},
    )


def front_line(article: Article, keys: Collection[str]) -> int:
    """The line of the front matter that says one of some keys; 0 for none."""
    for number, line in enumerate(article.markdown.split("\n"), 1):
        if line.split(":")[0].strip().lower() in keys and ":" in line:
            return number
        if number > 1 and line.rstrip() == "---":
            break
    return 0


CHECK = Check(
    "verification_overdue",
    "medium",
    "Nobody has made sure lately that it is right, though somebody promised to.",
    _verification_overdue,
    "shelf",
)
