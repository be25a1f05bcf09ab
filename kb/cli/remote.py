"""Asks the server that runs over the same home, when there is one: it has the model in memory already."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kb.errors import InvalidInput, KbError
from kb.settings import Settings

FILE = "server.json"


def running(settings: Settings) -> str | None:
    """The address of a server over this home that reads for the same audience, else None."""
    import httpx

    path = settings.home / FILE
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        ready = httpx.get(f"{found['url']}/readyz", timeout=1.0, trust_env=False).json()
    except (OSError, ValueError, KeyError, httpx.HTTPError):
        return None  # no server, or one that ended without a word: answer in this process
    mine = {"home": str(settings.home.resolve()), "audience": settings.audience, "model": settings.model}
    return str(found["url"]) if all(ready.get(key) == value for key, value in mine.items()) else None


def post(url: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """POST JSON and return JSON.

    Raises:
        InvalidInput: the server refused what was asked, in its words.
        KbError: it did not answer.
    """
    return _ask(url, path, method="POST", json=body)


def get(url: str, path: str, parameters: dict[str, str]) -> dict[str, Any]:
    """GET JSON. Raises what `post` does."""
    return _ask(url, path, method="GET", params=parameters)


def _ask(url: str, path: str, **request: Any) -> dict[str, Any]:
    import httpx

    try:
        response = httpx.request(url=f"{url}{path}", timeout=60.0, trust_env=False, **request)
    except httpx.HTTPError as error:
        raise KbError(f"{url}: {error}") from error
    value: dict[str, Any] = response.json()
    if response.is_client_error:
        raise InvalidInput(str(value.get("detail") or value.get("title")))
    if response.is_error:
        raise KbError(f"{url}{path}: {response.status_code} {value.get('title')}")
    return value


def write(home: Path, url: str) -> None:
    """Say where the server of this home is."""
    scratch = home / f"{FILE}.new"
    scratch.write_text(json.dumps({"url": url}), encoding="utf-8")
    scratch.replace(home / FILE)


def forget(home: Path) -> None:
    (home / FILE).unlink(missing_ok=True)
