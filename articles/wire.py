"""Articles, health reports and gaps as plain JSON: the one shape that the command line prints and the API returns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from articles.gaps import Gap, coverage
from articles.rules import may_read_text, worked_on
from articles.translations import followed
from kb.models import Actor
from kb.store import Connection
from kb.store import articles as store
from kb.store.articles import Record
from kb.store.gaps import Member
from kb.store.versions import Version


def gap_json(gap: Gap) -> dict[str, Any]:
    nearest = {"id": gap.nearest[0], "confidence": gap.nearest[1]} if gap.nearest else None
    return {**asdict(gap), "samples": list(gap.samples), "weeks": list(gap.weeks), "nearest": nearest}


def question_json(member: Member) -> dict[str, Any]:
    """A question of a gap."""
    columns = ("id", "text", "at", "language", "channel", "space", "answerable")
    shown = {name: getattr(member, name) for name in columns}
    return {**shown, "signals": list(member.signals), "representative": member.place > 0}


def coverage_json(found: Sequence[Gap]) -> dict[str, Any]:
    """How much of what is unanswered the most asked gaps make up, of those in which something is to be done."""
    sizes = {gap.id: gap.questions for gap in found if gap.stands and gap.verdict != "outside"}
    curve = coverage.coverage(sizes)
    return {
        "unanswered": sum(sizes.values()),
        "gaps": len(sizes),
        "share": coverage.SHARE,
        "needed": len(coverage.most(curve)),
        "curve": [round(point.share, 4) for point in curve],
    }


def article_json(connection: Connection, record: Record, actor: Actor, fields: Collection[str]) -> dict[str, Any]:
    """The fields that are wanted of an article; what only authors see is left out for others."""
    meta, reader = record.metadata, actor.reader
    found: dict[str, Any] = {
        **{name: getattr(record, name) for name in _COLUMNS},
        "tags": list(meta.tags),
        "updated": _day(meta.updated),
        "reviewed": record.verified_on or None,
        "translation_of": meta.translation_of,
        "verification": verification_json(record),
    }
    if "write" in actor.scopes:
        found |= {"publish_at": record.publish_at or None, "archive_at": record.archive_at or None}
        if "working" in fields and record.working:
            version = worked_on(connection, record)
            found["working"] = _working_json(version) if version and may_read_text(reader, version) else None
    if "translations" in fields:
        family = [member for member in store.family(connection, record.family, reader) if member.id != record.id]
        found["translations"] = [{"id": m.id, "locale": m.locale, "title": m.title} for m in family]
    if "followed" in fields:
        follows = followed(connection, record, reader)
        found["followed"] = {key: value or None for key, value in asdict(follows).items()} if follows else None
    return {key: value for key, value in found.items() if key in fields}


_COLUMNS = (
    *("id", "version", "revision", "state", "title", "locale", "audience", "space", "category", "product", "owner"),
    *("source", "created_at", "updated_at"),
)


def verification_json(record: Record) -> dict[str, Any]:
    """Whether somebody has made sure that an article is right, since when and for how long."""
    meta = replace(record.metadata, doubted=record.doubted, reviewed=_date(record.verified_on))
    until = meta.verified_until
    status = "unverified" if meta.reviewed is None else "verified"
    if record.doubted:
        status = "needs_verification"
    elif meta.evergreen and meta.reviewed:
        return {"status": "evergreen", "on": record.verified_on, "until": None}
    return {"status": status, "on": record.verified_on or None, "until": _day(until) if status == "verified" else None}


def _working_json(version: Version) -> dict[str, Any]:
    found = version_json(version, text=False)
    return {"version": found.pop("number"), **{key: found[key] for key in _WORKING}}


_WORKING = ("state", "author", "note", "created_at", "approved_by")


def version_json(version: Version, *, text: bool) -> dict[str, Any]:
    found = asdict(version)
    del found["article_id"], found["content_hash"]
    return {**found, "published_at": version.published_at or None, "markdown": version.markdown if text else None}


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
