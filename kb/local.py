"""Where the server of a home is, and the word by which it knows whoever may read the home's files."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

FILE = "server.json"


@dataclass(frozen=True)
class Local:
    """A running server. A request with `token` is the operator's."""

    url: str
    token: str


def announce(home: Path, url: str) -> Local:
    """Say where the server of this home is, to those who may read its files."""
    found = Local(url, secrets.token_urlsafe(32))
    scratch = home / f"{FILE}.new"
    scratch.unlink(missing_ok=True)
    with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump({"url": found.url, "token": found.token}, file)
    scratch.replace(home / FILE)
    return found


def find(home: Path) -> Local | None:
    """What the server of this home said; it may have ended without taking it back."""
    try:
        found = json.loads((home / FILE).read_text(encoding="utf-8"))
        return Local(str(found["url"]), str(found["token"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def forget(home: Path) -> None:
    (home / FILE).unlink(missing_ok=True)
