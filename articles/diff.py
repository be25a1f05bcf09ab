"""What changed between two texts, line by line."""

from __future__ import annotations

import difflib
from dataclasses import dataclass


@dataclass(frozen=True)
class Diff:
    """`unified` is a patch in unified format; `added` and `removed` count lines."""

    unified: str
    added: int
    removed: int


def diff(before: str, after: str, names: tuple[str, str]) -> Diff:
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), *names, lineterm=""))
    changed = [line[0] for line in lines[2:] if line[:1] in "+-"]
    return Diff("\n".join(lines), changed.count("+"), changed.count("-"))
