"""Files of articles: uploaded and kept by authors, served to whoever may read them, and never run by a browser."""

from __future__ import annotations

import re
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Response
from starlette.requests import Request

from api.access import Searcher, Writer
from api.conventions import Cursor, IfNoneMatch, Limit, from_cursor, page
from api.problems import problems
from api.state import Kb
from articles import media as rules
from articles.media import INLINE, MAX_BYTES, MAX_NAME
from kb.errors import InvalidInput, NotFound
from kb.models import MAIN, PUBLIC, Actor
from kb.store import Connection, media
from kb.store.media import Media
from kb.wire.media import MediaListOut, MediaMoveIn, MediaOut

router = APIRouter(responses=problems(), tags=["media"])
MediaId = Annotated[str, Path(max_length=64)]
_RAW = {"requestBody": {"required": True, "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}, "description": "The file."}
}
_FOR_EVER = "public, max-age=31536000, immutable"  # an id is never of other bytes


async def _body(request: Request) -> bytes:
    """The body as it is, read until it is more than a file may have."""
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > MAX_BYTES:
            raise InvalidInput(f"body: more than {MAX_BYTES:,} bytes, which is what a file may have")
    return bytes(data)


@router.post("/v1/media", status_code=201, responses=problems(409), openapi_extra=_RAW)
def upload(
    kb: Kb,
    actor: Writer,  # before the body is read
    data: Annotated[bytes, Depends(_body)],
    response: Response,
    name: Annotated[str, Query(min_length=1, max_length=MAX_NAME, examples=["router-lights.png"])],
    audience: Annotated[str, Query(min_length=1, max_length=100)] = PUBLIC,
    space: Annotated[str, Query(min_length=1, max_length=64)] = MAIN,
) -> MediaOut:
    """Keep a file: PNG, JPEG, GIF, WebP, PDF, MP4, WebM or UTF-8 text. The same bytes for the same readers are one."""
    found, new = rules.upload(kb.home.database, actor, name, data, audience, space)
    response.status_code = 201 if new else 200
    return _out(found)


@router.get("/v1/media")
def list_media(kb: Kb, actor: Writer, limit: Limit = 50, cursor: Cursor = "") -> MediaListOut:
    """The files that the author may read, in the order in which they came."""
    at, last = from_cursor(cursor, "", "")
    with kb.home.database.read() as connection:
        found = media.page(connection, actor.reader, (at, last), limit + 1)
    shown, more = page(found, limit, lambda item: (item.at, item.id))
    return MediaListOut(media=[_out(item) for item in shown], next=more)


@router.get("/v1/media/{media_id}", responses=problems(404))
def get_media(kb: Kb, actor: Writer, media_id: MediaId) -> MediaOut:
    """What is known of a file."""
    with kb.home.database.read() as connection:
        return _out(_found(connection, actor, media_id))


@router.patch("/v1/media/{media_id}", responses=problems(404))
def move_media(kb: Kb, actor: Writer, media_id: MediaId, body: MediaMoveIn) -> MediaOut:
    """Let another audience or another space have a file."""
    return _out(rules.move(kb.home.database, actor, media_id, body.audience, body.space))


@router.delete("/v1/media/{media_id}", status_code=204, responses=problems(404, 409))
def delete_media(kb: Kb, actor: Writer, media_id: MediaId) -> None:
    """Delete a file that no article shows."""
    rules.remove(kb.home.database, actor, media_id)


@router.get("/media/{media_id}", response_class=Response, responses={**problems(404), **_FILE})
def serve(kb: Kb, actor: Searcher, media_id: MediaId, if_none_match: IfNoneMatch = None) -> Response:
    """A file, for whoever may read it."""
    with kb.home.database.read() as connection:
        found = _found(connection, actor, media_id)
        if found.id in (if_none_match or ""):
            return Response(None, 304, _headers(found))
        data = media.data_of(connection, found.id)
    return Response(data, media_type=found.type, headers=_headers(found))


@router.get("/media/{media_id}/{name}", response_class=Response, responses={**problems(404), **_FILE})
def serve_by_name(kb: Kb, actor: Searcher, media_id: MediaId, name: str, if_none_match: IfNoneMatch = None) -> Response:
    """The same; the name is for people."""
    return serve(kb, actor, media_id, if_none_match)


def _found(connection: Connection, actor: Actor, media_id: str) -> Media:
    found = media.get(connection, media_id, actor.reader)
    if found is None:
        raise NotFound(f"no media {media_id!r}")
    return found


def _headers(found: Media) -> dict[str, str]:
    """Nothing in a file runs, whatever it holds, and what is not for everybody is asked for each time."""
    return {
        "ETag": f'"{found.id}"',
        "Cache-Control": _FOR_EVER if found.audience == PUBLIC else "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": _disposition(found),
    }


def _disposition(found: Media) -> str:
    """RFC 6266: the name in ASCII, and as it is."""
    plain = re.sub(r'[^ -~]|["\\%]', "_", found.name)
    shown = "inline" if found.type in INLINE else "attachment"
    return f"{shown}; filename=\"{plain}\"; filename*=UTF-8''{quote(found.name, safe='')}"


def _out(found: Media) -> MediaOut:
    return MediaOut(**vars(found), url=f"/media/{found.id}/{quote(found.name)}")
