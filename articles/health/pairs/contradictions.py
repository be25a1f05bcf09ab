"""Contradictions among the passages of a shelf: what `disagree` finds in what is near, held to stricter conditions.

Two claims of a whole shelf belong together only where they say nearly the same. Of the two articles the one is named
that says it later in its text: what an article is about it says early, and what it says in passing is forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from articles.health.base import Alike
from articles.health.pairs.candidates import Near
from articles.health.pairs.claims import Claim, claims
from articles.health.pairs.disagree import WORDED, Disagreement, disagreements
from articles.health.pairs.passages import Passage
from indexer.chunk import label
from indexer.language import base
from kb.models import Article

LEAST = 0.7
"""How alike two claims must be but for their values."""
_SHARED = 3  # words that both have, at least
_ALIKE = 0.5  # words that both have among all of theirs, at least
_NEARLY_SAME = 0.7  # the same, where no value but a yes or no, or a menu, differs
_DATED = 0.9  # how alike claims must be that differ in a date: much happens on some day
_CODE = re.compile(  # rows of tables, code, logs, and examples
    r"[<{}=|\\]|::|https?:|^[\w ]{1,30}: ?\S*$|\d:\d\d:\d\d|\d/\d+/\d|B/s|->|\bbytes?\b|\d{6}"
    r"|^(?:for example|e\.g\.|예를 들)",
    re.I,
)
_VERSION = re.compile(r"[A-Za-z]+[ -]?\d[\w.]*|\b\d{4}\b")
_WORD = re.compile(r"\w+")

Passages = Mapping[str, Sequence[Passage]]


def contradictions(articles: Mapping[str, Article], passages: Passages, near: Near) -> Iterator[tuple[str, Alike]]:
    """(article, what disagrees with it): each pair of articles once for each kind of value, by its likeliest claims."""

    @cache
    def told(name: str, place: int) -> tuple[Claim, ...]:
        passage, meta = passages[name][place], articles[name].metadata
        over = " › ".join((meta.title, *passage.headings))
        return tuple(claim for claim in claims(passage.text, meta.locale, over) if tells(claim))

    best: dict[tuple[str, str, str], tuple[Disagreement, int, int]] = {}
    for first, i, second, j in near.passage_pairs():
        if not could_disagree(articles[first], articles[second]):
            continue
        pairs = ((x, y) for x in told(first, i) for y in told(second, j) if _meet(x, y))
        for one in (one for x, y in pairs for one in disagreements(x, y) if _firm(one)):
            key = (first, second, one.kind)
            if key not in best or best[key][0].score < one.score:
                best[key] = one, i, j
    for (first, second, _), (one, i, j) in best.items():
        yield _alike(articles[first], passages[first][i], articles[second], passages[second][j], one)


def tells(claim: Claim) -> bool:
    return not _CODE.search(claim.text) and bool(claim.kinds)


def _meet(a: Claim, b: Claim) -> bool:
    """Whether two claims are about nearly the same, of a kind that can be compared."""
    if not a.kinds & b.kinds or len(a.stems & b.stems) < _SHARED:
        return False
    both = len(a.words & b.words)
    return both >= _SHARED and both >= _ALIKE * len(a.words | b.words)


def could_disagree(a: Article, b: Article) -> bool:
    products = {a.metadata.product, b.metadata.product} - {""}
    if len(products) > 1 or base(a.metadata.locale) != base(b.metadata.locale):
        return False
    ours, theirs = (set(_VERSION.findall(one.metadata.title.casefold())) for one in (a, b))
    return not (ours and theirs and ours != theirs)


def _firm(one: Disagreement) -> bool:
    """Whether what two claims of a whole shelf disagree in is more than chance."""
    a, b = one.a, one.b
    if one.kind in WORDED:
        if _title(a) == _title(b):  # a symptom and its cure, a rule and its exception
            return False
        likeness = len(a.words & b.words) / len(a.words | b.words)
        return likeness >= _NEARLY_SAME and not a.conditional and not b.conditional and _outright(one)
    if _title(a) == _title(b) and (a.conditional or b.conditional or not _deadlines(one)):
        return False
    if one.kind.startswith("version") or one.score < (_DATED if one.kind in ("date", "time of day") else LEAST):
        return False
    return not one.kind.startswith("count") or _bounded(a) == _bounded(b) != set()


def _deadlines(one: Disagreement) -> bool:
    """Whether both claims set one limit: other numbers of one article belong to different moments of its story."""
    own = [[value for value in claim.values if value.kind == one.kind] for claim in (one.a, one.b)]
    return all(len(values) == 1 and values[0].bound for values in own)


def _title(claim: Claim) -> str:
    return claim.over.split(" › ")[0]


def _outright(one: Disagreement) -> bool:
    """Menus end in the same step, else they lead elsewhere; a rule is granted and refused outright."""
    if one.kind == "menu":
        return one.values[0].split(" > ")[-1].split()[0] == one.values[1].split(" > ")[-1].split()[0]
    return one.kind != "yes or no" or (one.a.rules and one.b.rules and not _complains(one.a) and not _complains(one.b))


def _complains(claim: Claim) -> bool:
    """Whether it stands where a symptom is told, not a rule."""
    return any(label(heading) in ("symptoms", "cause", "question") for heading in claim.over.split(" › "))


def _bounded(claim: Claim) -> set[str]:
    return {value.bound for value in claim.values if value.kind.startswith("count") and value.bound}


def _alike(a: Article, x: Passage, b: Article, y: Passage, one: Disagreement) -> tuple[str, Alike]:
    mine, theirs = _line(a, x, one.a.text), _line(b, y, one.b.text)
    values = one.values
    ours = (a, mine, one.a.text)
    other = (b, theirs, one.b.text)
    if _depth(b, theirs) > _depth(a, mine):
        ours, other, values = other, ours, (values[1], values[0])
    (article, line, said), (against, at, says) = ours, other
    evidence = {"kind": one.kind, "values": list(values)}
    return article.id, Alike(against.id, (line, line), (at, at), said, says, round(one.score, 3), evidence)


def _depth(article: Article, line: int) -> float:
    """How far down an article a line is, 0..1."""
    return line / max(article.markdown.count("\n"), 1)


def _line(article: Article, passage: Passage, said: str) -> int:
    """The line of a passage that has most of a sentence's words."""
    lines = article.markdown.split("\n")
    wanted = set(_WORD.findall(said.casefold()))
    first, last = passage.lines
    return max(
        range(first, min(last, len(lines)) + 1),
        key=lambda number: len(wanted & set(_WORD.findall(lines[number - 1].casefold()))),
        default=first,
    )
