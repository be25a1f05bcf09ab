"""The page that `kb demo` opens: the help widget, the help centre and the agent console on one screen.

It is there only where the server was started to be tried. Whoever has the address that `kb demo` printed is signed in
as an agent of the starter articles; the code in it is as long as the server lives.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from api.access import Anyone
from api.people import set_cookie
from api.state import Kb
from api.templating import POLICY, language_for, page
from kb import passwords
from kb.errors import NotFound
from kb.models import OPERATOR
from kb.store import Database, people

router = APIRouter(include_in_schema=False)
USER = "demo"
_FRAMED = POLICY.format(frames="'none'") + "; frame-src 'self'"


def new_code(database: Database) -> str:
    """Make an agent to try things as, and the code that signs in as them."""
    password = passwords.hashed(secrets.token_urlsafe(32), USER)
    with database.write() as connection:
        if USER in {user.id for user in people.list_users(connection)}:
            people.change_user(connection, OPERATOR, USER, {"password": password, "role": "agent", "disabled": False})
        else:
            people.add_user(connection, OPERATOR, USER, role="agent", password=password, name="Demo agent")
    return secrets.token_urlsafe(24)


@router.get("/demo")
def demo(
    request: Request,
    kb: Kb,
    actor: Anyone,
    code: Annotated[str, Query(max_length=100)] = "",
    lang: Annotated[str, Query(max_length=35)] = "",
) -> Response:
    """The three faces at once; with the code, signed in first."""
    expected: str = getattr(request.app.state, "demo_code", "")
    if not expected or not hmac.compare_digest(code.encode() or expected.encode(), expected.encode()):
        raise NotFound("no demo here: `kb demo` prints its address")
    if code:
        return _signed_in(request, kb.home.database, lang)
    language = language_for(request, lang)
    values = {"agent": actor.name == f"user:{USER}"}
    return page("demo/demo.html", language, values, headers={"Content-Security-Policy": _FRAMED})


def _signed_in(request: Request, database: Database, lang: str) -> Response:
    cookie = secrets.token_urlsafe(32)
    with database.write() as connection:
        user = people.get_user(connection, USER)
        people.begin_session(
            connection, OPERATOR, user, people.password_of(connection, USER), cookie, datetime.now(UTC)
        )
    response = RedirectResponse(f"/demo?lang={lang}" if lang.isalpha() else "/demo", 303)
    set_cookie(request, response, cookie, int(people.SESSION.total_seconds()))
    return response
