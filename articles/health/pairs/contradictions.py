"""Contradictions among the passages of a shelf: what `disagree` finds in what is near, held to stricter conditions.

Two claims of a whole shelf belong together only where they say nearly the same. Of the two articles the one is named
that says it later in its text: what an article is about it says early, and what it says in passing is forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

from articles.health.base import Alike
from articles.health.pairs.candidates import Near
from articles.health.pairs.claims import Claim, claims
from articles.health.pairs.disagree import WORDED, Disagreement, disagreements, one_template
from articles.health.pairs.passages import Passage
from indexer.chunk import label
from indexer.language import base
from kb.models import Article

LEAST = 0.7
"""How alike two claims must be but for their values."""
_SHARED = 3  # words that both have, at least
_ALIKE = 0.5  # words that both have among all of theirs, at least
_NEARLY_SAME = 0.7  # the same, where no value but a yes or no, or a menu, differs
_SAME = 0.75  # the same, where they hold under a condition, or a menu ends elsewhere
_DATED = 0.9  # how alike claims must be that differ in a date: much happens on some day
_TITLE = 60  # words of a title that are compared
_CODE = re.compile(  # rows of tables, code, logs, and examples
    r"[<{}=|\\]|::|(?:^|\s)[/*]\S|https?:|^[\w ]{1,30}: ?\S*$|\d:\d\d:\d\d|\d/\d+/\d|B/s|->|\bbytes?\b|\d{6}"
    r"|^(?:for example|e\.g\.|예를 들)",
    re.I,
)
_VERSION = re.compile(r"(?<![A-Za-z])[A-Za-z]+[ -]?\d[\w.]*|\b\d{4}\b")
_CLICKED = re.compile(  # a step of what is done, not the place where it is done
    r"^(?:\w+ )*(?:select|choose|click|tap|press) .* > |[을를] (?:선택|클릭|눌|누르|탭)"
)
_WORD = re.compile(r"\w+")

Passages = Mapping[str, Sequence[Passage]]


def contradictions(articles: Mapping[str, Article], passages: Passages, near: Near) -> Iterator[tuple[str, Alike]]:
    """(article, what disagrees with it): each claim of a pair of articles once for each kind of value."""

    @cache
    def told(name: str, place: int) -> tuple[Claim, ...]:
        passage, meta = passages[name][place], articles[name].metadata
        over = " › ".join((meta.title, *passage.headings))
        return tuple(claim for claim in claims(passage.text, meta.locale, over) if tells(claim))

    found: dict[tuple[str, str], list[tuple[Disagreement, int, int]]] = {}
    for first, i, second, j in near.passage_pairs():
        if not could_disagree(articles[first], articles[second]):
            continue
        pairs = ((x, y) for x in told(first, i) for y in told(second, j) if _meet(x, y))
        some = [(one, i, j) for x, y in pairs for one in disagreements(x, y) if _firm(one)]
        if some:
            found.setdefault((first, second), []).extend(some)
    for (first, second), some in found.items():
        for one, i, j in _likeliest(some):
            yield _alike(articles[first], passages[first][i], articles[second], passages[second][j], one)


def _likeliest(found: list[tuple[Disagreement, int, int]]) -> Iterator[tuple[Disagreement, int, int]]:
    """Of two articles, each claim with one that is most like it, for each kind of value."""
    told: set[tuple[str, str]] = set()
    for one, i, j in sorted(found, key=lambda item: (-item[0].score, *item[1:])):
        claims = {(one.kind, one.a.text), (one.kind, one.b.text)}
        if not claims <= told:
            told |= claims
            yield one, i, j


def tells(claim: Claim) -> bool:
    return not _CODE.search(claim.text) and bool(claim.kinds)


def _meet(a: Claim, b: Claim) -> bool:
    """Whether two claims are about nearly the same, of a kind that can be compared."""
    if not a.kinds & b.kinds or len(a.stems & b.stems) < _SHARED:
        return False
    both = len(a.words & b.words)
    steps = {step for path in a.paths for step in path} & {step for path in b.paths for step in path}
    return both + (len(steps) if len(steps) > 1 else 0) >= _SHARED and both >= _ALIKE * len(a.words | b.words)


def could_disagree(a: Article, b: Article) -> bool:
    products = {a.metadata.product, b.metadata.product} - {""}
    if len(products) > 1 or base(a.metadata.locale) != base(b.metadata.locale):
        return False
    ours, theirs = _versions(a.metadata.title), _versions(b.metadata.title)
    return not (ours and theirs and ours != theirs)


@lru_cache(maxsize=20_000)
def _versions(title: str) -> frozenset[str]:
    """The versions, models and years that a title names."""
    return frozenset(_VERSION.findall(title.casefold()))


def _firm(one: Disagreement) -> bool:
    """Whether what two claims of a whole shelf disagree in is more than chance."""
    a, b = one.a, one.b
    if one.kind in WORDED:
        return _title(a) != _title(b) and _said_outright(one)  # else a symptom and its cure, a rule and its exception
    if _title(a) == _title(b) and (a.conditions or b.conditions or not _deadlines(one)):
        return False
    if one_template(_title(a).split()[:_TITLE], _title(b).split()[:_TITLE]):  # two of a kind, each with its own value
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


def _said_outright(one: Disagreement) -> bool:
    """Whether what differs in words is said of the same, under the same conditions; a rule granted and refused."""
    a, b = one.a, one.b
    likeness = len(a.words & b.words) / len(a.words | b.words)
    if a.conditions != b.conditions:
        return False
    if one.kind == "menu":
        same_end = one.values[0].split(" > ")[-1].split()[0] == one.values[1].split(" > ")[-1].split()[0]
        return likeness >= _NEARLY_SAME if same_end else _one_purpose(one)
    if one.kind == "yes or no" and not (_rules(a) and _rules(b)):
        return False
    return likeness >= (_SAME if a.conditions else _NEARLY_SAME)


def _one_purpose(one: Disagreement) -> bool:
    """Whether two menus that end elsewhere are told for one thing, in the words that are said of it."""
    if any(_CLICKED.search(value) for value in one.values):
        return False
    a, b = one.a.purpose, one.b.purpose
    one_root = len({value.split(" > ")[0].split()[-1] for value in one.values}) == 1
    return len(a & b) >= (_SHARED - 1 if one_root else _SHARED) and len(a & b) >= _SAME * len(a | b)


def _rules(claim: Claim) -> bool:
    return claim.rules and not claim.supposed and not _complains(claim)


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
