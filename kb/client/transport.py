"""Sends calls: one class that waits and one that awaits, over httpx. What a call is, is the same for both."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Generic, TypeVar

import httpx
from pydantic import BaseModel

from kb.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    KbError,
    NotFound,
    PreconditionRequired,
    Stale,
    TooMany,
    Unauthorized,
)
from kb.wire.articles import BulkIn, BulkOut
from kb.wire.base import Page

T = TypeVar("T")
P = TypeVar("P", bound=Page)
_BULK = "/v1/articles/bulk"
_ERRORS: dict[int, type[KbError]] = {
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    428: PreconditionRequired,
}


@dataclass(frozen=True)
class Call(Generic[T]):
    """One request, and the type of its answer. `once`: sent again after a broken connection it is done only once."""

    method: str
    path: str
    answer: type[T]
    params: Mapping[str, Any] = field(default_factory=dict)
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    once: bool = False

    def request(self) -> dict[str, Any]:
        """Its arguments for httpx."""
        params = {key: value for key, value in self.params.items() if value not in (None, "")}
        headers = dict(self.headers)
        if self.once:
            headers["Idempotency-Key"] = uuid.uuid4().hex
        body = {"content": self.content} if self.content is not None else {"json": self.json}
        return {"method": self.method, "url": self.path, "params": params, "headers": headers, **body}

    def read(self, response: httpx.Response) -> T:
        """The answer, typed.

        Raises:
            KbError: the server answered a problem; as the error that it is.
        """
        if response.is_error or response.is_redirect:
            raise error_of(response)
        if issubclass(self.answer, BaseModel):
            return self.answer.model_validate_json(response.content)
        return self.answer(*([response.content] if self.answer is bytes else []))  # the other is None

    @property
    def may_repeat(self) -> bool:
        return self.once or self.method == "GET"


def error_of(response: httpx.Response) -> KbError:
    """A problem that the server answered."""
    if response.is_redirect:
        return NotFound(f"it moved to {response.headers.get('location', '')}")
    try:
        value = response.json()
    except ValueError:
        value = {}
    said = value if isinstance(value, dict) else {}
    text = str(said.get("detail") or said.get("title") or f"{response.status_code} {response.reason_phrase}")
    if response.status_code == 412:
        tag = response.headers.get("etag", "").strip('"')
        return Stale(text, int(tag) if tag.isdigit() else 0)
    if response.status_code == 429:
        return TooMany(text, int(response.headers.get("retry-after", "1")))
    kind = _ERRORS.get(response.status_code, InvalidInput if response.is_client_error else KbError)
    return kind(text)


def _options(url: str, key: str, seconds: float, headers: Mapping[str, str]) -> dict[str, Any]:
    sent = {**headers, **({"Authorization": f"Bearer {key}"} if key else {})}
    return {"base_url": url, "headers": sent, "timeout": seconds, "trust_env": False}


class Client:
    """Sends calls and waits for their answers. `seconds` is the longest that one may take."""

    def __init__(
        self, url: str, key: str = "", *, seconds: float = 60.0, headers: Mapping[str, str] | None = None
    ) -> None:
        self.url = url
        self._http = httpx.Client(**_options(url, key, seconds, headers or {}))

    def send(self, call: Call[T]) -> T:
        """
        Raises:
            KbError: the server answered a problem, or not at all.
        """
        request = call.request()
        try:
            response = self._http.request(**request)
        except httpx.TransportError as error:
            if not call.may_repeat:
                raise KbError(f"{self.url}: {error}") from error
            response = self._again(request)
        return call.read(response)

    def _again(self, request: Mapping[str, Any]) -> httpx.Response:
        try:
            return self._http.request(**request)
        except httpx.TransportError as error:
            raise KbError(f"{self.url}: {error}") from error

    def pages(self, call: Call[P]) -> Iterator[P]:
        """Every page of a list."""
        while True:
            page = self.send(call)
            yield page
            if page.next is None:
                return
            call = replace(call, params={**call.params, "cursor": page.next})

    def bulk(self, articles: Iterable[BulkIn]) -> Iterator[BulkOut]:
        """Publish articles; the outcome of each as the server writes it.

        Raises:
            KbError: the server refused all of it, or went away.
        """
        lines = (item.model_dump_json().encode() + b"\n" for item in articles)
        try:
            with self._http.stream("POST", _BULK, content=lines, headers=_NDJSON, timeout=None) as response:
                if response.is_error:
                    response.read()
                    raise error_of(response)
                yield from map(_outcome, response.iter_lines())
        except httpx.TransportError as error:
            raise KbError(f"{self.url}: {error}") from error

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncClient:
    """The same with `await`."""

    def __init__(
        self, url: str, key: str = "", *, seconds: float = 60.0, headers: Mapping[str, str] | None = None
    ) -> None:
        self.url = url
        self._http = httpx.AsyncClient(**_options(url, key, seconds, headers or {}))

    async def send(self, call: Call[T]) -> T:
        """
        Raises:
            KbError: the server answered a problem, or not at all.
        """
        request = call.request()
        try:
            response = await self._http.request(**request)
        except httpx.TransportError as error:
            if not call.may_repeat:
                raise KbError(f"{self.url}: {error}") from error
            response = await self._again(request)
        return call.read(response)

    async def _again(self, request: Mapping[str, Any]) -> httpx.Response:
        try:
            return await self._http.request(**request)
        except httpx.TransportError as error:
            raise KbError(f"{self.url}: {error}") from error

    async def pages(self, call: Call[P]) -> AsyncIterator[P]:
        """Every page of a list."""
        while True:
            page = await self.send(call)
            yield page
            if page.next is None:
                return
            call = replace(call, params={**call.params, "cursor": page.next})

    async def bulk(self, articles: Iterable[BulkIn]) -> AsyncIterator[BulkOut]:
        """Publish articles; the outcome of each as the server writes it."""

        async def lines() -> AsyncIterator[bytes]:
            for item in articles:
                yield item.model_dump_json().encode() + b"\n"

        try:
            async with self._http.stream("POST", _BULK, content=lines(), headers=_NDJSON, timeout=None) as response:
                if response.is_error:
                    await response.aread()
                    raise error_of(response)
                async for line in response.aiter_lines():
                    yield _outcome(line)
        except httpx.TransportError as error:
            raise KbError(f"{self.url}: {error}") from error

    async def close(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


_NDJSON = {"Content-Type": "application/x-ndjson"}


def _outcome(line: str) -> BulkOut:
    return BulkOut.model_validate(json.loads(line))
