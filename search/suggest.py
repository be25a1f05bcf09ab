"""Articles for a ticket: the search behind the agent's suggestions, with one line that says why."""

from __future__ import annotations

from dataclasses import dataclass

from kb.models import Reader, Ticket
from search.engine import Engine, Hit, Request, Results
from search.live import Filters
from search.ticket import question

_SHOWN = 5  # of the ticket's words that a reason names


@dataclass(frozen=True)
class Suggestions:
    """Results for a ticket, and why each is there, in the order of the hits."""

    results: Results
    why: tuple[str, ...]


def suggest(engine: Engine, ticket: Ticket, reader: Reader, *, limit: int = 5) -> Suggestions:
    """Rank articles for a ticket.

    Raises:
        InvalidInput: the ticket has nothing to search for.
    """
    filters = Filters(locale=ticket.locale, product=ticket.product)
    request = Request(question(ticket), reader, filters, limit, explain=True, channel="suggest")
    results = engine.search(request)
    return Suggestions(results, tuple(reason(hit, results.language) for hit in results.hits))


def reason(hit: Hit, language: str) -> str:
    """Why this article, in Korean for a Korean ticket, else in English."""
    explain = hit.explain or {}
    words = sorted(explain.get("idf", {}).items(), key=lambda pair: -pair[1])[:_SHOWN]
    named = ", ".join(f"‘{word}’" for word, _ in words)
    cosine = explain.get("vector", {}).get("cosine", 0.0)
    where = " › ".join(hit.heading_path) or hit.title
    if language == "ko":
        shared = f"같은 말: {named}" if named else "같은 말은 없음"
        return f"{shared} · 의미 유사도 {cosine:.2f} · 위치: {where}"
    shared = f"shares {named}" if named else "shares no words"
    return f"{shared} · similar in meaning ({cosine:.2f}) · in “{where}”"
