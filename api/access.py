"""Who asks: an `Actor` for every request, from its key, its session, or nothing, and what it may do.

A handler takes `Searcher`, `Supporter`, `Analyst`, `Writer`, `Curator` or `Admin`, each an `Actor` that has that scope.
`Anyone` may be nobody known. What a request under /v1 may do at all is decided before its body is read (`api.guard`).
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Security
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.requests import Request

from api.limits import Rate, allowance, network
from api.state import State
from kb import rights
from kb.errors import Forbidden, KbError, TooMany, Unauthorized
from kb.models import OPERATOR, PUBLIC, Actor, Reader
from kb.rights import SCOPES, Scope
from kb.store import keys, people
from kb.store.keys import Key
from kb.store.people import Session, User

COOKIE = "kb_session"
CSRF = "X-CSRF-Token"
AUDIENCE = "X-Kb-Audience"  # for whom the operator reads
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_SIGN_IN = ("POST", "/v1/session")


@dataclass(frozen=True)
class Visit:
    """Who sent a request, and what came with it.

    `known` is whether one team or person is behind the actor, not every reader of a web page. `origin` is of the page
    that may read the answer, "" where no page of another site may.
    """

    actor: Actor
    known: bool = True
    key: Key | None = None
    session: Session | None = None
    origin: str = ""

    @property
    def counted(self) -> str:
        """Under which name it is counted, and its answers are kept."""
        return self.actor.name if self.known else f"{self.actor.name}@{network(self.actor.address)}"


def admit(request: Request) -> Visit:
    """Find out who sent a request, and count it. Reads the store; the state of the request has the result.

    Raises:
        Unauthorized: credentials that do not count. Counted by address, as if there were none.
        Forbidden: a page that the key is not for, or a write without the session's token.
        TooMany: asked too often.
    """
    refused: KbError | None = None
    try:
        visit = _recognise(request)
    except (Unauthorized, Forbidden) as error:
        visit, refused = _nobody(request), error
    kb: State = request.app.state.kb
    a_minute = allowance(kb.settings, visit.actor.address, known=visit.known)
    rate: Rate = request.state.limiter.count(visit.counted, a_minute)
    request.state.rate = rate
    if not rate.allowed:
        raise TooMany(f"more than {a_minute} requests a minute", rate.seconds)
    if refused:
        raise refused
    request.state.visit = visit
    return visit


def _recognise(request: Request) -> Visit:
    if (given := request.headers.get("Authorization")) is not None:
        return _by_bearer(request, given)
    cookie = request.cookies.get(COOKIE)
    if cookie and (request.method, request.scope["path"]) != _SIGN_IN:
        return _by_session(request, cookie)
    return _nobody(request)


def _nobody(request: Request) -> Visit:
    kb: State = request.app.state.kb
    audience = kb.settings.audience
    scopes = SCOPES["customer" if audience == PUBLIC else "agent"]
    return Visit(_signed(request, Actor("anonymous", Reader.of(audience), frozenset(scopes))), known=False)


def _by_bearer(request: Request, given: str) -> Visit:
    """The local operator, who can read the home's files, or whoever has a key."""
    scheme, _, token = given.partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthorized("Authorization: not a Bearer token")
    token = token.strip()
    local: str | None = getattr(request.app.state, "local_token", None)
    if local and hmac.compare_digest(token.encode(), local.encode()):
        return Visit(_signed(request, _operator(request.headers.get(AUDIENCE, ""))))
    kb: State = request.app.state.kb
    with kb.home.database.read() as connection:
        key = keys.check(connection, token, datetime.now(UTC))
    origin = _page(request, key)
    found = Actor(f"key:{key.id}", rights.reader(key.role, key.groups, key.spaces), frozenset(key.scopes))
    return Visit(_signed(request, found), known=not key.origins, key=key, origin=origin)


def _operator(audience: str) -> Actor:
    """The operator, who may ask to read as somebody else does."""
    return replace(OPERATOR, reader=Reader.of(audience)) if audience else OPERATOR


def _page(request: Request, key: Key) -> str:
    """The origin of the page that a key is used on, one of the key's; "" where a page of our own or none sent it.

    A browser says it of every request to another site and of every write. Only a read of the page's own site comes
    without, but then its Referer says so.

    Raises:
        Forbidden: it is another page, or not known.
    """
    origin = request.headers.get("Origin")
    if not key.origins or origin in key.origins:
        return origin if origin and key.origins else ""
    read = origin is None and request.method in _SAFE
    referer = request.headers.get("Referer", "") if read else ""
    if any(referer == own or referer.startswith(f"{own}/") for own in key.origins):
        return ""
    raise Forbidden(f"the key {key.id!r} is for other web pages than {origin or referer or 'one that is not named'!r}")


def _by_session(request: Request, cookie: str) -> Visit:
    kb: State = request.app.state.kb
    with kb.home.database.read() as connection:
        session = people.find_session(connection, cookie, datetime.now(UTC))
    if session is None:
        request.state.forget_cookie = True
        raise Unauthorized("the session has ended: sign in again")
    token = request.headers.get(CSRF, "")
    if request.method not in _SAFE and not hmac.compare_digest(people.digest(token), session.csrf):
        raise Forbidden(f"{CSRF}: not the token of the session, which GET /v1/session says")
    return Visit(actor_of(request, session.user), session=session)


def actor_of(request: Request, user: User) -> Actor:
    """A user who is signed in, as who sent a request."""
    reader = rights.reader(user.role, user.groups, user.spaces)
    return _signed(request, Actor(f"user:{user.id}", reader, frozenset(SCOPES[user.role])))


def _signed(request: Request, found: Actor) -> Actor:
    return replace(found, address=address(request), request_id=request.state.request_id)


def address(request: Request) -> str:
    """Where a request came from; "" for a Unix socket."""
    return request.client.host if request.client else ""


# the two are in the OpenAPI document by being named here; `admit` reads both headers
_BEARER = HTTPBearer(auto_error=False, bearerFormat="kb_<id>_<secret>", description="A key.")
_SESSION = APIKeyCookie(name=COOKIE, auto_error=False, description=f"A session; a write needs {CSRF}, too.")


def visit(
    request: Request,
    _bearer: Annotated[object, Security(_BEARER)],
    _session: Annotated[object, Security(_SESSION)],
) -> Visit:
    """What is known of who sent the request; outside /v1 it is found out here."""
    found: Visit | None = getattr(request.state, "visit", None)
    return found or admit(request)


def actor(found: Annotated[Visit, Depends(visit)]) -> Actor:
    """Who sent the request."""
    return found.actor


def needs(scope: Scope) -> Callable[[Visit], Actor]:
    """A dependency: the actor, who must have this scope."""

    def allowed(found: Annotated[Visit, Depends(visit)]) -> Actor:
        if scope in found.actor.scopes:
            return found.actor
        lacking = f"that needs the scope {scope!r}"
        if found.key or found.session:
            raise Forbidden(f"{found.actor.name} may not do that: {lacking}")
        raise Unauthorized(f"nobody is signed in, and {lacking}")

    return allowed


Anyone = Annotated[Actor, Depends(actor)]
Visitor = Annotated[Visit, Depends(visit)]
Searcher = Annotated[Actor, Depends(needs("search"))]
Supporter = Annotated[Actor, Depends(needs("support"))]
Analyst = Annotated[Actor, Depends(needs("upkeep"))]
Writer = Annotated[Actor, Depends(needs("write"))]
Curator = Annotated[Actor, Depends(needs("curate"))]
Admin = Annotated[Actor, Depends(needs("admin"))]
