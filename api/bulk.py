"""Many articles in one request: a JSON object a line in, and for each a line out as soon as it is written."""

from __future__ import annotations

import json
import tempfile
from collections.abc import AsyncIterator, Iterator
from typing import IO, Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from pydantic import ValidationError
from starlette.concurrency import iterate_in_threadpool

from api.access import Writer
from api.problems import as_problem, problems
from api.state import Kb
from articles.library import Draft, Library, Outcome
from kb.errors import InvalidInput, KbError
from kb.models import Actor
from kb.wire.articles import BulkIn, BulkOut

router = APIRouter(responses=problems(), tags=["articles"])
_IN_MEMORY = 8_000_000  # bytes of a request; more goes to a temporary file
_AT_ONCE = 128  # lines written together
_BODY = {"requestBody": {"required": True, "content": {"application/x-ndjson": {"schema": {"type": "string"}}}}}
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/x-ndjson": {"schema": BulkOut.model_json_schema()}}}
}


@router.post("/v1/articles/bulk", response_class=StreamingResponse, openapi_extra=_BODY, responses=_ANSWER)
async def bulk(request: Request, kb: Kb, actor: Writer) -> StreamingResponse:
    """Publish articles, one a line: `{"id", "markdown", "revision"?}`. A line that fails fails alone."""
    spool = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by whoever reads it
    async for block in request.stream():
        spool.write(block)
    spool.seek(0)
    return StreamingResponse(_answer(spool, kb.library, actor), media_type="application/x-ndjson")


async def _answer(spool: IO[bytes], library: Library, actor: Actor) -> AsyncIterator[bytes]:
    with spool:
        async for found in iterate_in_threadpool(_written(spool, library, actor)):
            yield b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in found)


def _written(lines: IO[bytes], library: Library, actor: Actor) -> Iterator[list[dict[str, Any]]]:
    """The answers, some lines at a time and in their order."""
    waiting: dict[int, BulkIn | KbError] = {}
    for number, line in enumerate(lines, 1):
        item = _parsed(number, line)
        if item is None:
            continue
        twice = isinstance(item, BulkIn) and any(item.id == w.id for w in waiting.values() if isinstance(w, BulkIn))
        if twice or len(waiting) == _AT_ONCE:
            yield _write(waiting, library, actor)
            waiting = {}
        waiting[number] = item
    yield _write(waiting, library, actor)


def _parsed(number: int, line: bytes) -> BulkIn | KbError | None:
    if not line.strip():
        return None
    try:
        return BulkIn.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the line"
        return InvalidInput(f"line {number}: {place}: {first['msg']}")


def _write(waiting: dict[int, BulkIn | KbError], library: Library, actor: Actor) -> list[dict[str, Any]]:
    items = {item.id: item for item in waiting.values() if isinstance(item, BulkIn)}
    drafts = [Draft.of(item.id, item.markdown, item.revision) for item in items.values()]
    outcomes = {outcome.id: outcome for outcome in library.put(drafts, actor=actor)}
    return [
        _failed(number, "", item) if isinstance(item, KbError) else _line(number, outcomes[item.id])
        for number, item in waiting.items()
    ]


def _line(number: int, outcome: Outcome) -> dict[str, Any]:
    if outcome.error:
        return _failed(number, outcome.id, outcome.error)
    values = {"version": outcome.version, "revision": outcome.revision, "chunks": outcome.chunks}
    return {"line": number, "id": outcome.id, "status": outcome.status, **values}


def _failed(number: int, article_id: str, error: KbError) -> dict[str, Any]:
    return {"line": number, "id": article_id, "status": "failed", "error": as_problem(error)}
