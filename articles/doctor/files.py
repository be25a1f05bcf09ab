"""What is looked at in a home's files beside its database: index, secrets, the server's address, a model, the disk."""

from __future__ import annotations

import json
import shlex
import shutil
import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from articles.doctor.base import Case, Finding
from articles.health.staleness import model
from indexer import snapshot as files
from kb import local, pseudonym
from kb.errors import IndexDamaged, InvalidInput

_FREE = 1_000_000_000  # bytes of disk below which a database and a snapshot may not fit
_MAKING = timedelta(hours=1)  # no snapshot takes longer to write


def newest_manifest(case: Case) -> dict[str, Any] | None:
    """The newest snapshot's manifest, where it can be read and used."""
    for folder in files.generations(case.index)[:1]:
        try:
            found = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):  # `snapshot` says so
            return None
        return found if isinstance(found, dict) and isinstance(found.get("change"), int) else None
    return None


def snapshot(case: Case) -> Iterator[Finding]:
    """That every file of the newest snapshot is what was written."""
    for folder in files.generations(case.index)[:1]:
        manifest = newest_manifest(case)
        problem = "manifest.json cannot be read, or does not say a change"
        if manifest is not None:
            try:
                own = files.Identity(manifest["model"], manifest["dimension"], manifest["analyzer"])
                files.open_snapshot(folder, own)
                return
            except (IndexDamaged, OSError, ValueError, TypeError, KeyError) as error:
                problem = f"{type(error).__name__}: {error}"
        cost = "the next process that starts builds it again first; one that runs goes on with what it has in memory"
        yield Finding("snapshot", "error", problem, (str(folder),), cost, case.remake)


def leftovers(case: Case) -> Iterator[Finding]:
    before = (case.now - _MAKING).timestamp()
    for folder in sorted(case.index.glob(".making-*")):
        if folder.stat().st_mtime < before:
            message, cost = "a snapshot was left half-made by a process that was killed", "the disk that it takes"
            yield Finding("leftovers", "warning", message, (str(folder),), cost, f"rm -r {shlex.quote(str(folder))}")


def secrets(case: Case) -> Iterator[Finding]:
    costs = {
        local.FILE: "whoever reads it is the operator of the running server",
        pseudonym.FILE: "whoever reads it can tell which person asked what",
    }
    for name, cost in costs.items():
        path = case.home / name
        if path.exists() and path.stat().st_mode & 0o077:
            message = f"others than its owner may read it (mode {path.stat().st_mode & 0o777:o})"
            yield Finding("secrets", "error", message, (str(path),), cost, f"chmod 600 {shlex.quote(str(path))}")


def server(case: Case) -> Iterator[Finding]:
    path = case.home / local.FILE
    if not path.exists():
        return
    found = local.find(case.home)
    if found is None or not _answers(found.url):
        message = "it names a server that does not answer" if found else "it cannot be read"
        cost = "commands look for it in vain, and then load the model themselves"
        yield Finding("server", "warning", message, (str(path),), cost, f"rm {shlex.quote(str(path))}")


def _answers(url: str) -> bool:
    """Whether somebody listens there."""
    try:
        parts = urlsplit(url)
        with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=1):
            return True
    except (OSError, ValueError):
        return False


def staleness(case: Case) -> Iterator[Finding]:
    """That the team's own model of what needs work can be read, where there is one."""
    try:
        model.load(case.home)
    except InvalidInput as error:
        path = case.home / model.FILE
        message, place = str(error).removeprefix(f"{path}: "), shlex.quote(str(path))
        cost = "kb health, the flags of the API and digests fail"
        mend = f"kb health fit --store --write, or rm {place} for the model that ships"
        yield Finding("staleness", "error", message, (str(path),), cost, mend)


def disk(case: Case) -> Iterator[Finding]:
    free = shutil.disk_usage(case.home).free
    if free < _FREE:
        message, cost = f"{free / 1e6:,.0f} MB of disk are free", "the next snapshot, or any write, may fail"
        yield Finding("disk", "warning", message, (str(case.home),), cost, "make room on the disk")
