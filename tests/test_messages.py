"""Catalogues: everything that a page says has its Korean, nothing is left over, and particles are right."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from fastapi.testclient import TestClient

import api
from api import messages
from api.templating import render

ROOM = Path(api.__file__).parent
_SAY = re.compile(r'\bsay\(\s*"((?:[^"\\]|\\.)*)"')
_HOLES = re.compile(r"%\((\w+)\)s|\{(\w+)")


def said(face: str) -> set[str]:
    """What the templates and the scripts of a face say, in English."""
    found: set[str] = set()
    for path in sorted((ROOM / "templates" / face).rglob("*.html")):
        for _, message, *_ in _extracted(path):
            found |= set(message) if isinstance(message, tuple) else {message}
    for path in sorted((ROOM / "static" / face).rglob("*.js")):
        found |= {text.replace('\\"', '"') for text in _SAY.findall(path.read_text())}
    return found


def _extracted(path: Path) -> list[Any]:
    """(line, message, …) of each message, the message a tuple where it has a plural."""
    options = {"silent": "false", "trimmed": "true", "newstyle_gettext": "true", "trim_blocks": "true"}
    return list(extract("jinja2.ext:babel_extract", BytesIO(path.read_bytes()), options=options))


@pytest.mark.parametrize("face", messages.FACES)
def test_everything_that_a_face_says_has_its_korean_and_nothing_is_left_over(face: str) -> None:
    with (messages.LOCALES / "ko" / f"{face}.po").open("rb") as file:
        catalogue = [message for message in read_po(file) if message.id]
    known = {text for m in catalogue for text in ([m.id] if isinstance(m.id, str) else m.id)}
    assert known == said(face)
    for message in catalogue:
        english, korean = (part if isinstance(part, str) else part[-1] for part in (message.id, message.string))
        assert korean, english
        assert not message.fuzzy, english
        assert set(_HOLES.findall(english)) == set(_HOLES.findall(korean)), english


def test_a_page_is_in_the_language_that_is_asked_for() -> None:
    assert messages.language_of("ko-KR") == "ko"
    assert messages.language_of("fr", "ko") == "ko"
    assert messages.language_of("", "fr") == "en"
    assert messages.accepted("en;q=0.5, ko-KR, fr;q=x") == ["ko-KR", "en"]
    assert '<html lang="ko"' in render("shell.html", "ko", {})


def test_scripts_are_given_the_catalogue_of_their_face(client: TestClient) -> None:
    answer = client.get("/locales/en/widget.json")
    assert (answer.status_code, answer.json()) == (200, {})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert client.get("/locales/xx/widget.json").status_code == 404
    assert client.get("/static/tokens.css").headers["cross-origin-resource-policy"] == "cross-origin"
