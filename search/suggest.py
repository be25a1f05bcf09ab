"""Articles for a ticket: the search behind the agent's suggestions, with one line that says why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote

from indexer.language import base
from kb.models import ArticleRow, Reader, Ticket
from search.engine import Engine, Request, Results
from search.hits import Hit
from search.live import Filters
from search.ticket import question

_ADDRESS = re.compile(r"(?:https?://|/)[^\s<>\"'()]+")
_SHOWN = 5  # of the ticket's words that a reason names
_NAMED = ("code ", "version ", "product ")  # boosts for what the ticket names


@dataclass(frozen=True)
class Suggestions:
    """Results for a ticket, and why each is there, in the order of the hits."""

    results: Results
    why: tuple[str, ...]


def suggest(
    engine: Engine,
    ticket: Ticket,
    reader: Reader,
    *,
    limit: int = 5,
    language: str | None = None,
    settled: bool = True,
    person: str = "",
) -> Suggestions:
    """Rank articles for a ticket, without those that it links to already or that were dismissed there.

    The reasons are in `language`, the agent's; in the ticket's where that is not known. `person` is who asks, as kept.

    Raises:
        InvalidInput: the ticket has nothing to search for.
    """
    seen = linked(ticket, engine.index.view().by_id) | frozenset(ticket.dismissed)
    request = Request(
        question(ticket),
        replace(reader, locale=ticket.locale or reader.locale),
        Filters(without=seen),
        limit,
        explain=True,
        channel="suggest",
        product=ticket.product,
        settled=settled,
        person=person,
    )
    results = engine.search(request)
    return Suggestions(results, tuple(reason(hit, results, language or results.language) for hit in results.hits))


def linked(ticket: Ticket, known: Mapping[str, ArticleRow]) -> frozenset[str]:
    """Ids of the articles that the ticket's messages link to, by any address that ends in the id or its file."""
    addresses = [match for message in ticket.messages for match in _ADDRESS.findall(message.text)]
    paths = [unquote(re.sub(r"[?#].*", "", address)).rstrip("/.,)").split("/") for address in addresses]
    ends = {"/".join(path[start:]).removesuffix(".md") for path in paths for start in range(len(path))}
    return frozenset(ends & known.keys())


def reason(hit: Hit, results: Results, language: str) -> str:
    """Why this article, in Korean or else in English: what it is about, the ticket's words in it, and where."""
    explain = hit.explain or {}
    boosts = [name.split(" ", 1)[1] for name in explain.get("boosts", {}) if name.startswith(_NAMED)]
    about = [_as_written(name, results.query) for name in boosts]
    parts = {part for name in boosts for part in (name, *re.findall(r"[^\W_]+", name))}
    rarest_first = sorted(explain.get("idf", {}).items(), key=lambda pair: -pair[1])
    told = [stem for stem, _ in rarest_first if _tells(stem) and stem not in parts]
    words = dict.fromkeys(_as_written(stem, results.query) for stem in told)
    shared = ", ".join(f"‘{word}’" for word in list(words)[:_SHOWN])
    cosine = explain.get("vector", {}).get("cosine", 0.0)
    where = " › ".join(hit.heading_path) or hit.title
    if base(language) == "ko":
        said = [f"같은 말: {shared}"] if shared else [] if about else ["같은 말은 없음"]
        return " · ".join([*(f"{name} 언급" for name in about), *said, f"의미 유사도 {cosine:.2f}", f"위치: {where}"])
    said = [f"shares {shared}"] if shared else [] if about else ["shares no words"]
    named = [f"about {name}" for name in about]
    return " · ".join([*named, *said, f"similar in meaning ({cosine:.2f})", f"in “{where}”"])


def _tells(stem: str) -> bool:
    """Whether a word says something by itself: short English words and single syllables seldom do, codes do."""
    if any(char.isdigit() for char in stem):
        return len(stem) > 2
    return len(stem) > (3 if stem.isascii() else 1)


def _as_written(stem: str, query: str) -> str:
    """The ticket's own word for an English stem: ‘charged’, not ‘charg’."""
    found = re.search(rf"\b{re.escape(stem)}\w*", query, re.IGNORECASE | re.ASCII)
    return found.group() if found else stem
