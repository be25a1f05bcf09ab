"""The agent console and the page to sign in: what a support agent has open beside a ticket, or in a help desk's frame.

The pages carry no data; their scripts ask the API as whoever is signed in.
"""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.access import Visit, admit
from api.messages import language_of
from api.state import Kb, State
from api.templating import language_for, page
from kb.errors import Unauthorized

router = APIRouter(include_in_schema=False)
Lang = Annotated[str, Query(max_length=35)]
HOME = "/console"
_HEADERS = {"Cache-Control": "no-store", "Vary": "Cookie, Accept-Language"}
_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]*")  # on this site: no host, no backslash, nothing that cannot be seen


@router.get("/sign-in")
def sign_in(
    request: Request, kb: Kb, next_: Annotated[str, Query(alias="next", max_length=4_000)] = HOME, lang: Lang = ""
) -> HTMLResponse:
    """A form for a user's name and password; its script goes on to `next`, a path of this site."""
    values = {"next": next_ if _PATH.fullmatch(next_) else HOME}
    return page("console/sign-in.html", language_for(request, lang), values, frames=_frames(kb), headers=_HEADERS)


@router.get(HOME)
def console(request: Request, kb: Kb, lang: Lang = "") -> Response:
    """The console, for whoever is signed in and may support."""
    visit = _visit(request)
    if visit is None or visit.session is None:
        return RedirectResponse(f"/sign-in?{_following(request, lang)}", 303, _HEADERS)
    language, frames = language_for(request, lang), _frames(kb)
    if "support" not in visit.actor.scopes:
        values = {"user": visit.session.user, "following": _following(request, lang)}
        return page("console/refused.html", language, values, 403, frames=frames, headers=_HEADERS)
    values = {"locales": kb.settings.languages, "origins": kb.settings.frame_origins}
    return page("console/console.html", language, values, frames=frames, headers=_HEADERS)


def _visit(request: Request) -> Visit | None:
    """Who asks; nobody where their session has ended."""
    try:
        return admit(request)
    except Unauthorized:
        return None


def _following(request: Request, lang: str) -> str:
    """The query of the page to sign in that leads back here, in the language that the address says."""
    here = HOME + (f"?{request.url.query}" if request.url.query else "")
    return urlencode({"next": here} | ({"lang": language_of(lang)} if lang else {}))


def _frames(kb: State) -> str:
    return " ".join(("'self'", *kb.settings.frame_origins))
