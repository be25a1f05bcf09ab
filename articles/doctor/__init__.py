"""What is wrong with a home: each finding says what it is, where, what it costs, and the command that mends it.

It looks before anything is opened, so it works on a database that is missing, damaged, or of another release, and on
index files of any state. It changes nothing, and loads no model: what an index was made with, its manifest says.
`rows` has the checks of what is in the store, `files` those of the files beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from articles.doctor.base import Case, Check, Finding
from articles.doctor.files import disk, leftovers, secrets, server, snapshot, staleness
from articles.doctor.rows import CHECKS
from kb.errors import KbError
from kb.store import inspect
from kb.store.database import HEAD

__all__ = ["Finding", "examine"]

_ORDER = ("error", "warning", "info")


def examine(home: Path, now: datetime, compact_chunks: int) -> list[Finding]:
    """What is wrong with a home, the worst first."""
    case = Case(home, now, compact_chunks)
    if not home.is_dir():
        cost = "nothing can be searched"
        return [Finding("home", "error", "there is no such folder", (str(home),), cost, "kb index FOLDER")]
    beside = (snapshot, leftovers, secrets, server, staleness, disk)
    found = [*_database(case), *(finding for check in beside for finding in check(case))]
    return sorted(found, key=lambda finding: _ORDER.index(finding.severity))


def _database(case: Case) -> Iterator[Finding]:
    place = (str(case.database),)
    if not case.database.exists():
        cost = "nothing can be searched, and what was written is gone"
        yield Finding(
            "database", "error", "there is no database", place, cost, "put a backup there, or kb index FOLDER"
        )
        return
    try:
        with inspect.looking(case.database) as connection:
            schema, damage = inspect.schema(connection), inspect.damage(connection)
    except KbError as error:
        cost = "nothing works"
        yield Finding("database", "error", f"it cannot be opened: {error}", place, cost, case.restore)
        return
    if damage:
        cost = "reads and writes that touch these pages fail"
        yield Finding("database", "error", f"it is damaged: {'; '.join(damage)}", place, cost, case.restore)
    if schema != HEAD:
        yield _other_schema(case, schema)
        return
    for check in CHECKS:
        yield from _tried(check, case)


def _other_schema(case: Case, schema: str) -> Finding:
    place = (str(case.database),)
    if not schema:
        message, cost = "it is empty, or not one of ours", "every article is gone"
        return Finding("schema", "error", message, place, cost, case.restore)
    if schema > HEAD:
        message = f"its schema is {schema}; this release knows {HEAD}: a newer one wrote it"
        return Finding("schema", "error", message, place, "this release cannot open it", "pip install --upgrade kb")
    message = f"its schema is {schema}; this release writes {HEAD}. What it holds is looked at after that"
    cost = "none: it is brought up to date by the first command that opens it; an earlier release cannot go back"
    return Finding("schema", "info", message, place, cost, "kb status")


def _tried(check: Check, case: Case) -> list[Finding]:
    """What a check finds; that it cannot read the store is a finding, too."""
    try:
        with inspect.looking(case.database) as connection:
            return list(check(connection, case))
    except (KbError, TypeError, ValueError, AttributeError) as error:  # SQLite gives any cell any type
        name = check.__name__
        message = f"the store cannot be read: {error}"
        return [Finding(name, "error", message, (str(case.database),), "whatever reads the same fails", case.restore)]
