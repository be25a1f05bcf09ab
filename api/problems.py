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

from kb.errors import (
    Conflict,
    Forbidden,
    IndexDamaged,
    InvalidInput,
    KbError,
    ModelUnavailable,
    NotFound,
    PreconditionRequired,
    Stale,
    TooMany,
    Unauthorized,
)
from kb.wire.base import Problem

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
_KINDS: dict[type[KbError], tuple[int, str]] = {  # the first that an error is an instance of
    NotFound: (404, "not-found"),
    Unauthorized: (401, "unauthorized"),
    Forbidden: (403, "forbidden"),
    TooMany: (429, "too-many-requests"),
    Stale: (412, "precondition-failed"),
    Conflict: (409, "conflict"),
    PreconditionRequired: (428, "precondition-required"),
    InvalidInput: (400, "invalid-input"),
    IndexDamaged: (503, "index-damaged"),
    ModelUnavailable: (503, "model-unavailable"),
}
_SECRETS = frozenset({"password", "secret"})  # keys of requests whose values are never repeated
_DOCUMENTED: dict[str, Any] = {"content": {MEDIA_TYPE: {}}, "model": Problem}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an operation: the errors that any may have, and these."""
    return dict.fromkeys((400, 401, 403, 413, 422, 429, *statuses), _DOCUMENTED)


def install(app: FastAPI) -> None:
    for kind in (KbError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, _expected)
    app.add_exception_handler(Exception, _unexpected)


def problem(status: int, kind: str, detail: str, errors: Sequence[dict[str, Any]] = ()) -> JSONResponse:
    return JSONResponse(_body(status, kind, detail, errors), status, media_type=MEDIA_TYPE)


def as_problem(error: KbError) -> dict[str, Any]:
    """An error of ours as problem details, for an answer that has some of them in it."""
    for kind, (status, name) in _KINDS.items():
        if isinstance(error, kind):
            return _body(status, name, str(error))
    log.error("%s", error)
    return _body(500, "internal", "the server could not do that; its log says why")


def answer(error: Exception) -> JSONResponse | None:
    """The answer to an error that was raised on purpose, with its headers; None for a defect."""
    if isinstance(error, KbError):
        body = as_problem(error)
        return JSONResponse(body, body["status"], _headers(error), media_type=MEDIA_TYPE)
    if isinstance(error, RequestValidationError):
        return _invalid(error)
    if isinstance(error, HTTPException):
        kind = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "http")
        response = problem(error.status_code, kind, str(error.detail))
        response.headers.update(error.headers or {})
        return response
    return None


def _body(status: int, kind: str, detail: str, errors: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": f"urn:kb:problem:{kind}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = list(errors)
    return body


def _headers(error: KbError) -> dict[str, str]:
    """What HTTP says of an error outside the body."""
    if isinstance(error, Unauthorized):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.seconds)}
    if isinstance(error, Stale):
        return {"ETag": f'"{error.revision}"'}
    return {}


def _invalid(error: RequestValidationError) -> JSONResponse:
    errors = [
        {
            "place": ".".join(str(part) for part in item["loc"]),
            "message": item["msg"],
            "value": _shown(item["loc"], item.get("input")),
        }
        for item in error.errors()
    ]
    first = errors[0]
    detail = f"{first['place']}: {first['message']}, found {first['value']}"
    return problem(422, "invalid-request", detail, errors)


def _shown(place: Sequence[Any], value: Any) -> str:
    """The beginning of what was sent, without a secret in it."""
    if not _SECRETS.isdisjoint(place):
        return "…"
    if isinstance(value, dict):
        value = {key: "…" if key in _SECRETS else held for key, held in value.items()}
    return repr(value)[:80]


async def _expected(_request: Request, error: Exception) -> JSONResponse:
    response = answer(error)
    assert response is not None  # noqa: S101 - registered for the classes that have one
    return response


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem(500, "internal", "the server failed; its log says why")
