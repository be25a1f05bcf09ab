"""What a page says of an article besides its text: its verification, its dates, and data for search engines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from markupsafe import Markup

from articles import outline
from articles.wire import verification_json
from kb.models import PUBLIC, Reader
from kb.store.articles import Record


@dataclass(frozen=True)
class Verification:
    """The day that somebody last made sure of an article, and whether that still holds."""

    day: date | None
    holds: bool


def as_public(reader: Reader) -> Reader:
    """Somebody who reads what everybody reads, of the spaces that a reader sees."""
    return replace(reader, audiences=frozenset({PUBLIC}))


def verification(record: Record) -> Verification:
    """As the API says it. One that is in doubt names no day: it would speak for the article."""
    said = verification_json(record)
    if not said["on"] or said["status"] == "needs_verification":
        return Verification(None, False)
    today = datetime.now(UTC).date().isoformat()
    return Verification(date.fromisoformat(said["on"]), said["until"] is None or said["until"] >= today)


def updated(record: Record) -> date:
    """When an article last changed, as it says itself where it does."""
    return record.metadata.updated or date.fromisoformat(record.updated_at[:10])


def structured(record: Record, html: str, address: str) -> Markup:
    """An article as schema.org knows it, in JSON-LD that may stand in a page."""
    asked = outline.questions(html)
    common = {
        "@context": "https://schema.org",
        "@type": "FAQPage" if asked else "Article",
        "inLanguage": record.locale,
        "datePublished": record.created_at,
        "dateModified": updated(record).isoformat(),
        "url": address,
    }
    return _in_a_page({**common, **(_faq(record, asked) if asked else _text(record, html, address))})


def _faq(record: Record, asked: Sequence[tuple[str, str]]) -> dict[str, Any]:
    entities = [
        {"@type": "Question", "name": question, "acceptedAnswer": {"@type": "Answer", "text": answer}}
        for question, answer in asked
    ]
    return {"name": record.title, "mainEntity": entities}


def _text(record: Record, html: str, address: str) -> dict[str, Any]:
    return {"headline": record.title, "description": outline.summary(html), "mainEntityOfPage": address}


def _in_a_page(value: Any) -> Markup:
    """JSON that no tag or comment can end."""
    text = json.dumps(value, ensure_ascii=False)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(text)  # noqa: S704 - no letter of a tag is left in it
