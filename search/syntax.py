"""The query language: `"an exact phrase"`, `field:value`, and a minus before a word or either of them.

Whatever is not one of these is plain text: an unknown field, a quote that is never closed, `--no-cache`. What is asked
for here decides which articles may be results; the rest of the question ranks them. People also quote what they half
remember, so a phrase that no passage says is no condition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.analyze import Analyzer, normalise
from indexer.dense import Mask
from kb.errors import InvalidInput

if TYPE_CHECKING:
    from search.live import View

ROW_FIELDS = ("id", "product", "locale")  # compared with the article's own value
WORD_FIELDS = {"title": "title", "heading": "headings", "tag": "tags", "link": "links"}  # hold all words of the value

_FIELD = "|".join((*ROW_FIELDS, *WORD_FIELDS))
_QUOTED = r'"[^"]+"|“[^”]+”'
_CLAUSE = re.compile(
    rf"(?<!\S)(?P<minus>-(?=[^\W\d_]|[\"“]))?(?:(?P<field>{_FIELD}):(?=\S))?"
    rf"(?P<value>{_QUOTED}|\S+)(?!\S)",
    re.IGNORECASE,
)

PassageText = Callable[[NDArray[np.int64]], Sequence[str]]
"""The full text of rows of a view, in their order."""


@dataclass(frozen=True)
class Clause:
    """One condition. `field` is "" for a phrase or a word; `excluded` ones must not hold."""

    field: str
    value: str
    excluded: bool


@dataclass(frozen=True)
class Parsed:
    """`text` is what is searched: the question without its fields and exclusions; phrases count as words, too."""

    text: str
    clauses: tuple[Clause, ...]


def parse(text: str) -> Parsed:
    """Take the conditions out of a question.

    Raises:
        InvalidInput: it says only what not to find.
    """
    clauses: list[Clause] = []

    def plain(match: re.Match[str]) -> str:
        field, raw = (match["field"] or "").lower(), match["value"]
        quoted = len(raw) > 2 and raw[0] in '"“' and raw[-1] in '"”'
        if not (field or quoted or match["minus"]):
            return match.group()
        value = raw.strip('"“”') if quoted else raw
        clauses.append(Clause(field, value.strip(), bool(match["minus"])))
        return "" if match["minus"] or field in ROW_FIELDS else value

    kept = " ".join(_CLAUSE.sub(plain, text).split())
    if clauses and not kept:
        wanted = [clause.value for clause in clauses if not clause.excluded]
        if not wanted:
            raise InvalidInput(f"query: {text[:60]!r} says only what not to find")
        kept = " ".join(wanted)
    return Parsed(kept, tuple(clauses))


def mask(clauses: Sequence[Clause], view: View, allowed: Mask, analyzer: Analyzer, read: PassageText) -> Mask:
    """The allowed rows that meet every condition: (n,) bool. An exclusion takes out the whole article."""
    kept = allowed.copy()
    for clause in clauses:
        rows = np.flatnonzero(allowed)
        found = rows[_meets(clause, view, rows, analyzer, read)]
        if clause.excluded:
            kept &= ~np.isin(view.owners, view.owners[found])
        elif clause.field:
            kept &= np.isin(view.owners, view.owners[found])
        elif len(found):
            here = np.zeros(len(kept), np.bool_)
            here[found] = True
            kept &= here
    return kept


def _meets(clause: Clause, view: View, rows: NDArray[np.int64], analyzer: Analyzer, read: PassageText) -> Mask:
    if clause.field in ROW_FIELDS:
        wanted = clause.value.lower()
        own = [str(getattr(view.articles[owner], clause.field)).lower() == wanted for owner in view.owners[rows]]
        return np.array(own, np.bool_)
    terms = analyzer.question(clause.value)
    words = list(dict.fromkeys(terms.fields[0]))
    field = WORD_FIELDS.get(clause.field, "words")
    meets: Mask = np.logical_and.reduce(view.has(rows, words, field), axis=1)
    if clause.field or (clause.excluded and " " not in clause.value):
        return meets
    phrase = " ".join(normalise(clause.value).split())
    some = np.flatnonzero(meets)
    said = [phrase in " ".join(normalise(text).split()) for text in read(rows[some])]
    meets[some] = said
    return meets
