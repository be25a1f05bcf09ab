"""Words that stand for others, as a team writes them down.

A line is a group, `refund, money back, 환불`, where each stands for the others, or one-way: `NR => Naru, 나루`.
`#` begins a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.analyze import READINGS, Analyzer, normalise
from kb.errors import InvalidInput
from kb.models import Terms


@dataclass(frozen=True)
class Synonyms:
    """(what is written, what it may stand for) pairs, normalised."""

    pairs: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def terms(self, text: str, language: str, analyzer: Analyzer) -> Terms:
        """The terms, by `READINGS`, of everything that the text's words may stand for."""
        plain = normalise(text)
        others = [other for written, meant in self.pairs if _says(plain, written) for other in meant]
        found = [analyzer.question(other, language) for other in dict.fromkeys(others)]
        return Terms(tuple(tuple(t for terms in found for t in terms.fields[i]) for i in range(len(READINGS))))


def _says(text: str, written: str) -> bool:
    """Whether the text has the words: Latin ones whole, Korean ones with whatever particle follows."""
    edge = r"(?<![a-z0-9])", r"(?![a-z0-9])"
    return bool(re.search(edge[0] + re.escape(written) + (edge[1] if written[-1].isascii() else ""), text))


def read(path: Path) -> Synonyms:
    """Read a file of synonyms.

    Raises:
        InvalidInput: it cannot be read, or a line names fewer than two; with its line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"synonyms: {path}: cannot be read: {error}") from error
    return Synonyms(tuple(pair for number, line in enumerate(lines, 1) for pair in _pairs(line, f"{path}:{number}")))


def _pairs(line: str, where: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    line = line.partition("#")[0].strip()
    if not line:
        return
    left, arrow, right = line.partition("=>")
    written, meant = _names(left.split(",")), _names(right.split(","))
    if not (written and meant) if arrow else len(written) < 2:
        raise InvalidInput(f"synonyms: {where}: {line!r} is neither `a, b` nor `a => b`")
    for name in written:
        yield name, meant if arrow else tuple(other for other in written if other != name)


def _names(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(normalise(part).split()) for part in parts if part.strip()))
