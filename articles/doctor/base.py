"""The nouns of the doctor: what is looked at, and what is found."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from kb.store import Connection

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong. `info` is nothing wrong, but worth knowing."""

    check: str
    severity: Severity
    message: str
    places: tuple[str, ...]
    cost: str
    mend: str


@dataclass(frozen=True)
class Case:
    """A home, and what is asked about it. `compact_chunks` is the setting."""

    home: Path
    now: datetime
    compact_chunks: int

    @property
    def database(self) -> Path:
        return self.home / "kb.db"

    @property
    def index(self) -> Path:
        return self.home / "index"

    @property
    def restore(self) -> str:
        """The command for what cannot be made again from what is there."""
        kept = f"{shlex.quote(str(self.database))} {shlex.quote(f'{self.database}.damaged')}"
        return f"stop the server; mv {kept}; put a backup in its place, or run `kb index FOLDER` to begin again"

    @property
    def remake(self) -> str:
        """The command that makes every index file again."""
        return f"rm -r {shlex.quote(str(self.index))} && kb index"


Check = Callable[[Connection, Case], Iterator[Finding]]
