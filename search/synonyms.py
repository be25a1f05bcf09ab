"""Words that stand for others, as a team writes them down.

A line is a group, `refund, money back, 환불`, where each stands for the others, or one-way: `NR => Naru, 나루`.
`#` begins a comment. `search.rules` has those that are kept in the store.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from indexer.analyze import READINGS, Analyzer, normalise
from indexer.language import base
from kb.errors import InvalidInput
from kb.models import Terms


class Pair(NamedTuple):
    """What is written, and what it may stand for, normalised; only in questions in `locale`'s language, "" in all."""

    written: str
    meant: tuple[str, ...]
    locale: str = ""


@dataclass(frozen=True)
class Synonyms:
    """Pairs, in the order in which their terms are looked for."""

    pairs: tuple[Pair, ...] = ()

    def terms(self, text: str, language: str, analyzer: Analyzer) -> Terms:
        """The terms, by `READINGS`, of everything that the text's words may stand for."""
        said = (pair for pair in self.said(text) if not pair.locale or base(pair.locale) == base(language))
        found = [analyzer.question(other, language) for other in dict.fromkeys(o for pair in said for o in pair.meant)]
        return Terms(tuple(tuple(t for terms in found for t in terms.fields[i]) for i in range(len(READINGS))))

    def said(self, text: str) -> list[Pair]:
        """The pairs whose words stand in a text."""
        plain = plainly(text)
        return [pair for pair in self.pairs if says(plain, pair.written)]


def says(text: str, written: str) -> bool:
    """Whether a text has the words, both plain: Latin ones whole, Korean ones with whatever particle follows."""
    if written not in text:
        return False
    edge = r"(?<![a-z0-9])", r"(?![a-z0-9])"
    return bool(re.search(edge[0] + re.escape(written) + (edge[1] if written[-1].isascii() else ""), text))


def plainly(text: str) -> str:
    """Text as it is compared: normalised, with single spaces."""
    return " ".join(normalise(text).split())


def pairs(terms: Iterable[str], to: Iterable[str] = (), locale: str = "") -> Iterator[Pair]:
    """Each of `terms` stands for the others; where there is `to`, for that, and nothing for them."""
    written, meant = _plain(terms), _plain(to)
    for name in written:
        yield Pair(name, meant or tuple(other for other in written if other != name), locale)


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


def _pairs(line: str, where: str) -> Iterator[Pair]:
    line = line.partition("#")[0].strip()
    if not line:
        return
    left, arrow, right = line.partition("=>")
    written, meant = _plain(left.split(",")), _plain(right.split(","))
    if not (written and meant) if arrow else len(written) < 2:
        raise InvalidInput(f"synonyms: {where}: {line!r} is neither `a, b` nor `a => b`")
    yield from pairs(written, meant)


def _plain(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(plainly(part) for part in parts if part.strip()))
