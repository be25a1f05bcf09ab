"""What every request passes first: the Host it names, who sent it, the size of its body; and its response's headers.

Requests to /v1 are recognised and counted here, before anything of their body is read. Web pages of other sites may
use the API with a key that names their origin, and without cookies.
"""

from __future__ import annotations

import re
import time
import uuid
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access import COOKIE, Visit, admit
from api.limits import Limiter
from api.problems import answer, problem
from kb.errors import Forbidden, KbError
from kb.store import Database, keys

MAX_BODY = 4_000_000  # bytes
_LARGER = {("POST", "/v1/articles/bulk"): 200_000_000, ("POST", "/v1/media"): 20_000_000}  # of whoever may write
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
_LENGTH = re.compile(r"[0-9]{1,15}")
_FRESH = 5.0  # seconds that the origins of keys are remembered
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-None-Match",
    "Access-Control-Max-Age": "600",
}
_EXPOSED = (
    "ETag, Link, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, X-Request-Id, Retry-After, Idempotency-Replayed"
)


class Guard:
    """ASGI middleware. A server on loopback answers to loopback names only, so that no web page's name leads to it."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        self.app = app
        self.hosts = _LOOPBACK if host in _LOOPBACK else None
        self.limiter = Limiter()
        self.origins = _Origins()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        request.state.request_id = _request_id(request.headers)
        request.state.limiter = self.limiter
        send = _with_headers(request, send)
        response = await self._answered_here(request)
        if response is not None:
            await response(scope, receive, send)
            return
        await _bounded(self.app, scope, receive, send, _limit(request))
        await _note_use(request)

    async def _answered_here(self, request: Request) -> Response | None:
        """The answer to a request that goes no further."""
        headers, length = request.headers, request.headers.get("content-length", "0")
        if self.hosts is not None and _name(headers.get("host", "")) not in self.hosts:
            return problem(400, "unknown-host", "this server answers to loopback names only")
        if request.method == "OPTIONS" and "access-control-request-method" in headers:
            return await self._preflight(request)
        if request.scope["path"].startswith("/v1/"):
            try:
                await run_in_threadpool(admit, request)
            except KbError as error:
                return answer(error)
        if not _LENGTH.fullmatch(length) or int(length) > _limit(request):
            return _too_large(_limit(request))
        return None

    async def _preflight(self, request: Request) -> Response | None:
        """What a browser asks before a page of another site may: whether the page is one of a key's."""
        origin = request.headers.get("origin", "")
        bound = await run_in_threadpool(self.origins.of, request.app.state.kb.home.database)
        if origin not in bound or not request.scope["path"].startswith("/v1/"):
            return answer(Forbidden(f"no key is for web pages of {origin!r}"))
        return Response(None, 204, {"Access-Control-Allow-Origin": origin, "Vary": "Origin", **_PREFLIGHT})


class _Origins:
    """The origins of all keys, read again when they are some seconds old."""

    def __init__(self) -> None:
        self._read_at, self._found = 0.0, frozenset[str]()

    def of(self, database: Database) -> frozenset[str]:
        if not self._read_at or time.monotonic() - self._read_at > _FRESH:
            with database.read() as connection:
                self._found = keys.bound_origins(connection, datetime.now(UTC))
            self._read_at = time.monotonic()
        return self._found


def _name(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def _limit(request: Request) -> int:
    """How many bytes the body may have."""
    visit: Visit | None = getattr(request.state, "visit", None)
    may_write = visit is not None and "write" in visit.actor.scopes
    return _LARGER.get((request.method, request.scope["path"]), MAX_BODY) if may_write else MAX_BODY


def _too_large(limit: int) -> Response:
    return problem(413, "body-too-large", f"the body may have {limit:,} bytes at most")


async def _bounded(app: ASGIApp, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
    """Run the application on a body that says no length and may have no end.

    Past the limit it hears that the client went away. What it answers to that is not sent, but that it was too much.
    """
    seen, started = 0, False

    async def receiving() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        return {"type": "http.disconnect"} if seen > limit else message

    async def sending(message: Message) -> None:
        nonlocal started
        if seen <= limit or started:
            started = True
            await send(message)

    try:
        await app(scope, receiving, sending)
    except ClientDisconnect:
        if seen <= limit:
            raise
    if seen > limit and not started:
        await _too_large(limit)(scope, receive, send)


async def _note_use(request: Request) -> None:
    """Write down that a key was used, when the answer is out and nobody waits."""
    visit: Visit | None = getattr(request.state, "visit", None)
    now = datetime.now(UTC)
    if visit is None or visit.key is None or keys.is_noted(visit.key, now):
        return
    database: Database = request.app.state.kb.home.database
    key_id = visit.key.id

    def write() -> None:
        with database.write() as connection:
            keys.note_use(connection, key_id, now)

    await run_in_threadpool(write)


def _with_headers(request: Request, send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _own(request).items():
                headers.setdefault(name, value)
            visit: Visit | None = getattr(request.state, "visit", None)
            if visit is not None and visit.origin:
                headers.add_vary_header("Origin")
        await send(message)

    return sending


def _own(request: Request) -> dict[str, str]:
    """The headers that a response has from here."""
    state = request.state
    found = {**_HEADERS, "X-Request-Id": state.request_id}
    if hasattr(state, "rate"):
        found |= state.rate.headers()
    if hasattr(state, "visit") and state.visit.origin:
        found |= {"Access-Control-Allow-Origin": state.visit.origin, "Access-Control-Expose-Headers": _EXPOSED}
    if hasattr(state, "forget_cookie"):  # of a session that has ended: the next request is nobody's
        found["Set-Cookie"] = f"{COOKIE}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"
    return found
