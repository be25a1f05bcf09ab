"""How calls are put together: methods, addresses, and which revision a write is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import NoneType
from typing import Any
from urllib.parse import quote

from kb.client.transport import Call


def get(path: str, answer: type[Any], **params: Any) -> Call[Any]:
    return Call("GET", path, answer, params)


def put(path: str, answer: type[Any], body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Call[Any]:
    return Call("PUT", path, answer, json=_json(body), headers=headers or {})


def post(
    path: str, answer: type[Any], body: Mapping[str, Any], headers: Mapping[str, str] | None = None, once: bool = False
) -> Call[Any]:
    return Call("POST", path, answer, json=_json(body), headers=headers or {}, once=once)


def delete(path: str, answer: type[Any] = NoneType, headers: Mapping[str, str] | None = None) -> Call[Any]:
    return Call("DELETE", path, answer, headers=headers or {})


def _json(body: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as they are sent; times as text."""
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in body.items()}


def of(noun: str, name: str | int) -> str:
    """The address of a thing with a simple name."""
    return f"/v1/{noun}/{quote(str(name), safe='')}"


def at(revision: int | None) -> dict[str, str]:
    """Which revision a write is about; None for whatever is there."""
    return {"If-Match": "*" if revision is None else f'"{revision}"'}
