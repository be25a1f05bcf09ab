"""An article whose last verification is older than its owner said it may be, or that somebody doubts."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from articles.health.base import Check, Flag, Shelf
from articles.health.words import Value, say
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
        said: dict[str, Value] = {"reviewed": str(meta.reviewed), "due": str(due), "days": late}
        message = say("last verified {reviewed}; was due {due}, {days|day/days} ago", **said)
        if meta.owner:
            message = say(
                "last verified {reviewed}; was due {due} by {owner}, {days|day/days} ago", owner=meta.owner, **said
            )
        yield Flag(
            CHECK.name,
            message,
            front_line(article, _KEYS),
            fix=say(
                "Check the steps and the numbers, then say that it is right: a new `reviewed:` in the file of a "
                "folder's article, else the transition `verify` of the API."
            ),
            evidence={"reviewed": meta.reviewed.isoformat(), "due": due.isoformat(), "days_late": late},
        )


def _doubted(article: Article) -> Flag:
    """Somebody said that it must be verified again: the day of the last verification says no more when."""
    reviewed = article.metadata.reviewed
    message = say("somebody said that it must be verified again")
    if reviewed:
        message = say(
            "somebody said that it must be verified again, though it was verified {reviewed}", reviewed=str(reviewed)
        )
    return Flag(
        CHECK.name,
        message,
        front_line(article, _KEYS),
        fix=say(
            "Read in its history what was doubted, mend it, then say that it is right by the transition `verify` "
            "of the API."
        ),
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
