"""Pages from Jinja2 templates: their language, their headers, and what every template may use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape

from api import messages

# what a page may load is its own server's; a frame or another face adds what it needs
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {frames}"
)


def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(("html", "atom", "xml")),
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["language_name"] = messages.language_name
    return found


_environments: dict[tuple[str, str], Environment] = {}


def render(name: str, language: str, values: Mapping[str, Any]) -> str:
    """A template in a language. The folder that it is in is its face, whose catalogue it speaks from."""
    face = name.partition("/")[0]
    if (language, face) not in _environments:
        environment = _environment()
        found = messages.translations(language, face)
        environment.install_gettext_callables(found.gettext, found.ngettext, newstyle=True)  # type: ignore[attr-defined]
        environment.filters["day"] = lambda value: messages.day(value, language)
        _environments[language, face] = environment
    template = _environments[language, face].get_template(name)
    return template.render(lang=language, languages=messages.LANGUAGES, **values)


def page(
    name: str,
    language: str,
    values: Mapping[str, Any],
    status: int = 200,
    *,
    frames: str = "'self'",
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """A page. `frames` are the origins that may show it in a frame."""
    own = {"Content-Security-Policy": POLICY.format(frames=frames), "Content-Language": language}
    own["X-Frame-Options"] = "SAMEORIGIN"  # for browsers that do not know frame-ancestors
    return HTMLResponse(render(name, language, values), status, {**own, **(headers or {})})


def language_for(request: Request, said: str = "") -> str:
    """The language of a page: as the address says, else as the browser wants it."""
    return messages.language_of(said, *messages.accepted(request.headers.get("accept-language", "")))
