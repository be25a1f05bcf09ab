"""The first page of the help centre, and the page of each category."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.access import Searcher
from api.help import shelves
from api.help.place import UNNAMED, Lang, Place, category_path
from api.messages import LANGUAGES
from api.state import Kb
from kb.store import articles

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
_FEW, _RECENT = 4, 6  # articles of a category on the first page, and of those that changed last


@router.get("/")
def home(
    request: Request, kb: Kb, actor: Searcher, lang: Lang = "", q: Annotated[str, Query(max_length=2_000)] = ""
) -> Response:
    """A search box, and what there is to read."""
    if q.strip():  # searches had this address
        return RedirectResponse(f"/search?{request.url.query}", 308)
    place = Place.of(request, lang)
    with kb.home.database.read() as connection:
        found = shelves.families(articles.listed(connection, actor.reader))
    values = {
        "categories": shelves.categories(found, place.language),
        "few": _FEW,
        "latest": shelves.latest(found, place.language, _RECENT),
        "canonical": place.origin + place.home(),
        "alternates": [
            ("x-default", f"{place.origin}/"),
            *((language, f"{place.origin}/?lang={language}") for language in LANGUAGES),
        ],
    }
    return place.show("home.html", values, place.elsewhere("/"))


@router.get("/categories/{name:path}")
def category(request: Request, kb: Kb, actor: Searcher, name: str, lang: Lang = "") -> HTMLResponse:
    """The articles of a category, which has a name in each language."""
    name = "" if name == UNNAMED else name
    with kb.home.database.read() as connection:
        found = shelves.families(articles.listed(connection, actor.reader))
    place = Place.of(request, lang, last=shelves.language_of(found, name))
    own = shelves.translated(found, place.language).get(name, name)
    shelf = next((shelf for shelf in shelves.categories(found, place.language) if shelf.name == own), None)
    if shelf is None:
        return place.missing()
    others = {
        other: place.within(other).category(shelves.translated(found, other).get(name, name)) for other in place.others
    }
    return place.show("category.html", {"category": shelf, "canonical": place.origin + category_path(own)}, others)
