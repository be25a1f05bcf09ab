"""The help widget as pages load it: two scripts, made of the modules and styles in `static/`, one for each language.

`/widget.js` is the launcher. `/widget/panel.<language>.js` is what it opens: the modules in one scope, their messages
in that language, the styles as a string, comments and indentation taken out. Nothing is built ahead or kept on disk;
`python -m api.widget FOLDER` writes the files, with a page that needs no server, to look at.
"""

from __future__ import annotations

import json
import re
import sys
from functools import cache
from pathlib import Path

import rcssmin
import rjsmin
from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from api import messages
from api.assets import HEADERS
from api.templating import POLICY
from kb.errors import NotFound

router = APIRouter(include_in_schema=False)
STATIC = Path(__file__).parent / "static"
STUB = "widget/stub.html", "widget/stub.js"
MODULES = (  # each after those that it imports
    "shared/dom.js",
    "shared/live.js",
    "shared/path.js",
    "shared/words.js",
    "shared/passage.js",
    "widget/api.js",
    "widget/article.js",
    "widget/contact.js",
    "widget/search.js",
    "widget/panel.js",
)
STYLES = ("tokens.css", "widget/widget.css")
SAY = re.compile(r'\bsay\(("(?:[^"\\]|\\.)*")')
_IMPORT = re.compile(r"^import .*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)
_REM = re.compile(r"(\d*\.?\d+)rem\b")


@router.get("/widget.js")
def launcher() -> Response:
    """The launcher."""
    return _script(launcher_script())


@router.get("/widget/panel.{language}.js")
def panel(language: str) -> Response:
    """What the launcher opens."""
    if language not in messages.LANGUAGES:
        raise NotFound(f"no language {language!r}: there are {', '.join(messages.LANGUAGES)}")
    return _script(panel_script(language))


@router.get("/widget/{name}")
def stub(name: str) -> Response:
    """A page with the widget on it that asks no server."""
    if f"widget/{name}" not in STUB:
        raise NotFound(f"no {name!r}")
    policy = {"Content-Security-Policy": POLICY.format(frames="'none'")}
    return FileResponse(STATIC / "widget" / name, headers=policy)


def _script(text: str) -> Response:
    return Response(text, media_type="text/javascript", headers=HEADERS)


@cache
def launcher_script() -> str:
    return str(rjsmin.jsmin((STATIC / "widget" / "loader.js").read_text()))


@cache
def panel_script(language: str) -> str:
    """The modules as one script. A message of theirs is a literal, and becomes that of the language."""
    known = messages.script_messages(language, "widget")
    modules = "".join(_EXPORT.sub("", _IMPORT.sub("", (STATIC / name).read_text())) for name in MODULES)
    said = SAY.sub(lambda match: "say(" + _literal(known.get(text := json.loads(match[1]), text)), modules)
    return f'(()=>{{"use strict";const STYLES={_literal(styles())};{rjsmin.jsmin(said)}}})()'


def styles() -> str:
    """The styles with sizes in pixels: the page may have made its root's font any size."""
    text = "".join((STATIC / name).read_text() for name in STYLES)
    return str(rcssmin.cssmin(_REM.sub(lambda match: f"{float(match[1]) * 16:g}px", text)))


def _literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def write(folder: Path) -> None:
    """Write the widget's files, and the page that needs no server, into a folder."""
    (folder / "widget").mkdir(parents=True, exist_ok=True)
    (folder / "widget.js").write_text(launcher_script())
    for language in messages.LANGUAGES:
        (folder / "widget" / f"panel.{language}.js").write_text(panel_script(language))
    for name in STUB:
        (folder / name).write_text((STATIC / name).read_text())


if __name__ == "__main__":
    write(Path(sys.argv[1]))
