"""Files of the faces: styles, scripts, and what scripts say in a language. Pages of other sites may load them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

from api import messages
from kb.errors import NotFound

router = APIRouter(include_in_schema=False)
Face = Literal["help", "widget", "console"]
HEADERS = {
    "Access-Control-Allow-Origin": "*",  # modules of another origin are loaded by CORS
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, max-age=300",
}


class Files(StaticFiles):
    """The folder `static`."""

    def __init__(self) -> None:
        super().__init__(directory=Path(__file__).parent / "static")

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(HEADERS)
        return response


@router.get("/locales/{language}/{face}.json")
def catalogue(language: str, face: Face) -> JSONResponse:
    """What a face's scripts say, by the English text."""
    if language not in messages.LANGUAGES:
        raise NotFound(f"no language {language!r}: there are {', '.join(messages.LANGUAGES)}")
    return JSONResponse(dict(messages.script_messages(language, face)), headers=HEADERS)
