"""The page of a question's results. It says when it does not know."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api import messages
from api.access import Searcher
from api.help.facts import verification
from api.help.place import Lang, Place
from api.state import Kb, State
from indexer.language import base
from kb.errors import InvalidInput
from kb.models import Actor
from kb.store import articles
from search import engine
from search.engine import Results
from search.hits import Hit

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
_MOST = 8  # results of a question


@router.get("/search")
def results(
    request: Request,
    kb: Kb,
    actor: Searcher,
    q: Annotated[str, Query(max_length=2_000)] = "",
    lang: Lang = "",
    exact: bool = False,
) -> HTMLResponse:
    """The articles that answer a question, each with the passage that does."""
    text = " ".join(q.split())
    found, problem = None, ""
    if not any(char.isalnum() for char in text):
        problem = "empty"
    else:
        try:
            found = _search(kb, actor, text, lang, exact=exact)
        except InvalidInput:
            problem = "only_without"
    language = found.language if found else ""
    # a question in letters of one language says what its asker reads; one in Latin letters may be of anybody
    place = Place.of(request, lang, first="" if text.isascii() else language, last=language)
    with kb.home.database.read() as connection:
        records = articles.records(connection, [hit.id for hit in found.hits] if found else [])
    values = {
        "q": text,
        "results": found,
        "problem": problem,
        "hits": [(hit, _marked(hit)) for hit in found.hits] if found else [],
        "verified": {article_id for article_id, record in records.items() if verification(record).holds},
        "noindex": True,
    }
    return place.show("search.html", values, place.elsewhere("/search", q=text, exact="true" if exact else ""))


def _search(kb: State, actor: Actor, text: str, lang: str, *, exact: bool) -> Results:
    """Whoever chose a language reads the translation in it; others that in the language of their question."""
    locale = base(lang) if base(lang) in messages.LANGUAGES else None
    return kb.home.engine.search(engine.Request(text, kb.reader(actor, locale), limit=_MOST, exact=exact))


def _marked(hit: Hit) -> list[tuple[str, bool]]:
    """The snippet in pieces, each marked or not; the template escapes them."""
    pieces, at = [], 0
    for start, end in hit.highlights:
        pieces += [(hit.snippet[at:start], False), (hit.snippet[start:end], True)]
        at = end
    return [*pieces, (hit.snippet[at:], False)]
