"""One error shape everywhere: RFC 9457 problem details. Domain errors are mapped to HTTP here, once.

`type` is stable and documented in docs/api.md; `detail` is for a person; `errors` names each bad place.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from kb.errors import Conflict, Forbidden, IndexDamaged, InvalidInput, KbError, ModelUnavailable, NotFound

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
_KINDS: dict[type[KbError], tuple[int, str]] = {
    NotFound: (404, "not-found"),
    Forbidden: (403, "forbidden"),
    Conflict: (409, "conflict"),
    InvalidInput: (400, "invalid-input"),
    IndexDamaged: (503, "index-damaged"),
    ModelUnavailable: (503, "model-unavailable"),
}


def problem(status: int, kind: str, detail: str, errors: Sequence[dict[str, Any]] = ()) -> JSONResponse:
    body: dict[str, Any] = {
        "type": f"urn:kb:problem:{kind}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = list(errors)
    return JSONResponse(body, status, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    app.add_exception_handler(KbError, _domain)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


async def _domain(_request: Request, error: Exception) -> JSONResponse:
    for kind, (status, name) in _KINDS.items():
        if isinstance(error, kind):
            return problem(status, name, str(error))
    log.error("%s", error)
    return problem(500, "internal", "the server could not do that; its log says why")


async def _validation(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class
    errors = [
        {
            "place": ".".join(str(part) for part in item["loc"]),
            "message": item["msg"],
            "value": repr(item.get("input"))[:80],
        }
        for item in error.errors()
    ]
    first = errors[0]
    detail = f"{first['place']}: {first['message']}, found {first['value']}"
    return problem(422, "invalid-request", detail, errors)


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    kind = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "http")
    response = problem(error.status_code, kind, str(error.detail))
    response.headers.update(error.headers or {})
    return response


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem(500, "internal", "the server failed; its log says why")
