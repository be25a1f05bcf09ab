"""`Idempotency-Key`: a POST that is sent again is answered again, not done again.

    router = APIRouter(route_class=Once)

The first answer is kept for a day, unless it is a failure of ours (5xx), a refusal of who asks (401, 403), or streamed.
What answers with a secret or asks for one takes no such key: `without_replay`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from api import problems
from kb.errors import Conflict, InvalidInput
from kb.store import Database, responses
from kb.store.responses import Kept

HEADER = "Idempotency-Key"
Handler = Callable[[Request], Coroutine[Any, Any, Response]]

_FORM = re.compile(r"[\x21-\x7e]{1,255}")
_NOT_KEPT = frozenset({401, 403, 429})
_PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Visible ASCII. The same request under the same key is answered as it was the first time.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}


class Once(APIRoute):
    """A route whose POST knows `Idempotency-Key`."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        methods: set[str] | list[str] | None = None,
        openapi_extra: dict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        if "POST" in (methods or ()):
            held = openapi_extra or {}
            openapi_extra = {**held, "parameters": [*held.get("parameters", []), _PARAMETER]}
        super().__init__(path, endpoint, methods=methods, openapi_extra=openapi_extra, **options)

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        if "POST" not in (self.methods or ()):
            return handle

        async def once(request: Request) -> Response:
            key = request.headers.get(HEADER)
            return await handle(request) if key is None else await _once(request, key, handle)

        return once


def without_replay(request: Request) -> None:
    """A dependency of a POST whose answer must not be kept.

    Raises:
        InvalidInput: the request asks for that.
    """
    if HEADER in request.headers:
        raise InvalidInput(f"{HEADER}: not here, where an answer has a secret that is kept nowhere")


@dataclass(frozen=True)
class _Slot:
    """Where the answer to one request is kept."""

    database: Database
    key: bytes
    fingerprint: bytes
    at: datetime

    def reserve(self) -> Kept | None:
        with self.database.write() as connection:
            return responses.reserve(connection, self.key, self.fingerprint, self.at)

    def keep(self, answer: Kept) -> None:
        with self.database.write() as connection:
            responses.keep(connection, self.key, self.at, answer)

    def release(self) -> None:
        with self.database.write() as connection:
            responses.release(connection, self.key, self.at)


async def _once(request: Request, key: str, handle: Handler) -> Response:
    if not _FORM.fullmatch(key):
        raise InvalidInput(f"{HEADER}: {key[:40]!r} is not 1 to 255 visible characters of ASCII")
    slot = await _slot(request, key)
    kept = await run_in_threadpool(slot.reserve)
    if kept is not None:
        return _replayed(kept, slot)
    try:
        response = await _handled(request, handle)
    except Exception:
        await run_in_threadpool(slot.release)
        raise
    if response.status_code >= 500 or response.status_code in _NOT_KEPT or not hasattr(response, "body"):
        await run_in_threadpool(slot.release)
    else:
        headers = [(name, value) for name, value in response.headers.items() if name != "set-cookie"]
        await run_in_threadpool(slot.keep, Kept(slot.fingerprint, response.status_code, headers, bytes(response.body)))
    return response


async def _slot(request: Request, key: str) -> _Slot:
    who: str = request.state.visit.counted
    path, query = request.scope["path"].encode(), request.scope["query_string"]
    asked = b"\n".join([request.method.encode(), path, query, await request.body()])
    database: Database = request.app.state.kb.home.database
    name = hashlib.sha256(f"{who}\n{key}".encode()).digest()
    return _Slot(database, name, hashlib.sha256(asked).digest(), datetime.now(UTC))


async def _handled(request: Request, handle: Handler) -> Response:
    """What the handler answers; an error that it raised on purpose is an answer, too."""
    try:
        return await handle(request)
    except Exception as error:
        response = problems.answer(error)
        if response is None:
            raise
        return response


def _replayed(kept: Kept, slot: _Slot) -> Response:
    if kept.fingerprint != slot.fingerprint:
        detail = f"{HEADER}: it was sent with another request before"
        return problems.problem(422, "idempotency-key-reused", detail)
    if kept.status == 0:
        raise Conflict(f"{HEADER}: the first request with it is still being answered")
    response = Response(kept.body, kept.status, dict(kept.headers))
    response.headers["Idempotency-Replayed"] = "true"
    return response
