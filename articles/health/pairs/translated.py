"""Where a translation says another quantity than its source: both are cut into blocks, and these laid side by side.

A section stands beside the one in its place where both texts have the same headings, a block beside its own where both
sections have the same blocks. What is in doubt agrees: a quantity that stands elsewhere in the section, that only one
of the two has, or that stands where more differs than is alike, as in what was written anew for another country.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from articles.frontmatter import BLOCK
from articles.health.pairs.quantities import Quantity, agree, plain, quantities
from indexer.language import base, script

_MOST = 300  # quantities of a text: more are tables of data
_CELLS = 40_000  # pairs of blocks that are looked at to lay two sections side by side
_LONG = 2_000  # characters of a block whose menus are looked for

_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")
_HEADING = re.compile(r"(#{1,6})\s")
_ITEM = re.compile(r"^[ \t>]*(?:[-*+]|\d{1,9}[.)])\s+")
_RULE = re.compile(r"[\s|:>*_-]*$")
_STEP = re.compile(r"\s*[>›→]\s*")
_PATH = re.compile(r"[^<>›→|\n.,;:()]+(?:\s(?:>|›|→)\s[^<>›→|\n.,;:()]+)+")
_MARK = re.compile(
    r"`[^`\n]+`|\]\([^()#\s]*|(?<![A-Za-z])(?:[A-Z]{2,}|[A-Z][a-z]+[A-Z]\w*|[A-Z][\w-]{0,30}\d\w*)(?![A-Za-z])"
)
_NAME = re.compile(r"[A-Z][\w&-]*(?: (?:and |& )?[A-Z][\w&-]*)*", re.ASCII)


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, an item of a list or a row of a table, with the line that it begins in."""

    kind: str
    line: int
    text: str
    quantities: tuple[Quantity, ...]
    marks: frozenset[str]

    @property
    def size(self) -> int:
        return len(self.text)


@dataclass(frozen=True)
class Difference:
    """`kind` and what each side says, the translation's first, with lines, 1-based, and what stands in them."""

    kind: str
    values: tuple[str, str]
    lines: tuple[int, int]
    quotes: tuple[str, str]


Place = tuple[Block, Quantity]
Section = list[Block]


@lru_cache(maxsize=20_000)
def differences(markdown: str, locale: str, source: str, source_locale: str) -> tuple[Difference, ...]:
    """What a translation says otherwise than its source, in the order of its lines. Both are Markdown, and kept."""
    ours, theirs = _sections(markdown, locale), _sections(source, source_locale)
    if max(sum(len(block.quantities) for _, some in side for block in some) for side in (ours, theirs)) > _MOST:
        return ()
    if [heading for heading, _ in ours] != [heading for heading, _ in theirs]:
        ours, theirs = ([("", [one for _, some in side for one in some])] for side in (ours, theirs))
    found: list[tuple[Place, Place]] = []
    menus: list[Difference] = []
    same = 0
    for (_, mine), (_, other) in zip(ours, theirs, strict=True):
        pairs = _beside(mine, other)
        conflicts, agreed = _compare(mine, other, pairs)
        same += agreed
        found += conflicts if len(conflicts) <= max(agreed, 1) else []
        if script(locale) != script(source_locale):
            menus += _menus([(mine[i], other[j]) for i, j in pairs])
    if len(found) > max(same, 1):
        found = []
    return tuple(sorted([*map(_difference, found), *menus], key=lambda one: one.lines))


def _difference(places: tuple[Place, Place]) -> Difference:
    (block, a), (other, b) = places
    (line, quote), (at, says) = _line(block, a.start), _line(other, b.start)
    return Difference(a.kind.split(" ")[0], (a.text, b.text), (line, at), (quote, says))


def _line(block: Block, start: int) -> tuple[int, str]:
    before = block.text.count("\n", 0, start)
    return block.line + before, " ".join(block.text.split("\n")[before].split())


# --- reading -------------------------------------------------------------------------------------------------


def _sections(markdown: str, locale: str) -> list[tuple[str, Section]]:
    """(the level of the heading, what stands from it to the next), the first before any heading."""
    language = base(locale)
    found: list[tuple[str, Section]] = [("", [])]
    for kind, line, text, marks in _blocks(markdown):
        if kind.startswith("#"):
            found.append((kind, []))
        found[-1][1].append(Block(kind, line, text, tuple(quantities(text, language)), marks))
    return found


def _blocks(markdown: str) -> Iterator[tuple[str, int, str, frozenset[str]]]:
    """(kind, line, text without markup, its marks). No parser: it is asked for many texts, and quickly."""
    front = BLOCK.match(markdown)
    first = markdown.count("\n", 0, front.end()) if front else 0
    body = markdown[front.end() :] if front else markdown
    raw, lines = body.split("\n"), plain(body).split("\n")
    kinds = [*_kinds(lines)]
    start = 0
    for (kind, _), some in groupby(kinds):
        size = len(list(some))
        if kind:
            text = "\n".join(lines[start : start + size])
            marks = frozenset(name for line in raw[start : start + size] for name in _MARK.findall(line))
            yield kind, first + start + 1, _ITEM.sub(lambda match: " " * len(match.group()), text), marks
        start += size


def _kinds(lines: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Of each line what it belongs to, and which one: two that have the same belong together."""
    kind, number, fence = "", 0, ""
    for line in lines:
        number += 1
        mark = _FENCE.match(line)
        heading = _HEADING.match(line)
        if fence or mark:
            if mark and (not fence or mark[1].startswith(fence)):
                fence = "" if fence else mark[1]
            kind = ""
        elif _RULE.match(line):
            kind = ""
        elif heading:
            kind = heading[1]
        elif line.lstrip(" >").startswith("|"):
            kind = "row"
        elif _ITEM.match(line):
            kind = "item"
        elif kind in ("item", "text"):
            number -= 1  # goes on
        else:
            kind = "text"
        yield kind, number if kind else 0


# --- laying side by side -------------------------------------------------------------------------------------


def _beside(ours: Section, theirs: Section) -> list[tuple[int, int]]:
    """The places of blocks that say the same: each in its own where both have the same blocks, else the likeliest."""
    if [one.kind for one in ours] == [one.kind for one in theirs]:
        return [(place, place) for place in range(len(ours))]
    pairs = _aligned(ours, theirs) if len(ours) * len(theirs) <= _CELLS else []
    known = {(i, j) for i, j in pairs if _support(ours[i], theirs[j])}
    around = {(i, j): {(i - 1, j - 1), (i + 1, j + 1)} for i, j in pairs}
    return [pair for pair in pairs if pair in known or (around[pair] <= {*pairs} and around[pair] & known)]


def _aligned(ours: Section, theirs: Section) -> list[tuple[int, int]]:
    """The places of blocks that are likeliest to stand beside one another, both in order: the best sum of likeness."""
    best = [[0.0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for i, a in enumerate(ours, 1):
        for j, b in enumerate(theirs, 1):
            pair = best[i - 1][j - 1] + _likeness(a, b)
            best[i][j] = max(pair, best[i - 1][j], best[i][j - 1])
    found: list[tuple[int, int]] = []
    i, j = len(ours), len(theirs)
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            found.append((i, j))
    return found[::-1]


def _likeness(a: Block, b: Block) -> float:
    if a.kind != b.kind:
        return 0.0
    return 0.5 + 0.5 * min(a.size, b.size) / max(a.size, b.size) + 2 * _support(a, b)


def _support(a: Block, b: Block) -> int:
    """In how much that needs no translation two blocks are alike: names, addresses, codes, quantities."""
    marks = len(a.marks & b.marks)
    return marks + sum(any(_same_kind(x, y) for y in b.quantities) for x in a.quantities if x.firm)


# --- comparing -----------------------------------------------------------------------------------------------


def _compare(ours: Section, theirs: Section, pairs: Sequence[tuple[int, int]]) -> tuple[list[tuple[Place, Place]], int]:
    """(what disagrees, in how many quantities the two agree)."""
    left = [_left(_places(ours[i : i + 1]), _places(theirs[j : j + 1])) for i, j in pairs]
    unpaired = [
        _places([block for place, block in enumerate(section) if place not in {pair[side] for pair in pairs}])
        for side, section in enumerate((ours, theirs))
    ]
    pools = ([*unpaired[side], *(place for spot in left for place in spot[side])] for side in (0, 1))
    mine, other = _left(*pools)  # what stands elsewhere in the section agrees
    agreed = sum(len(ours[i].quantities) for i, _ in pairs) - sum(len(some) for some, _ in left)
    conflicts: list[tuple[Place, Place]] = []
    for some, against in left:
        conflicts += _conflicts([one for one in some if one in mine], [one for one in against if one in other])
    told = [place for pair in conflicts for place in pair]
    for some, against in _between(ours, theirs, pairs):
        rest = [one for one in some if one in mine and one not in told]
        conflicts += _alone(rest, [one for one in against if one in other and one not in told])
    return conflicts, agreed


def _places(blocks: Section) -> list[Place]:
    return [(block, quantity) for block in blocks for quantity in block.quantities]


def _between(
    ours: Section, theirs: Section, pairs: Sequence[tuple[int, int]]
) -> Iterator[tuple[list[Place], list[Place]]]:
    """What stands from one pair of blocks to the next, these included."""
    first = (0, 0)
    for i, j in (*pairs, (len(ours), len(theirs))):
        yield _places(ours[first[0] : i + 1]), _places(theirs[first[1] : j + 1])
        first = (i, j)


def _alone(ours: Sequence[Place], theirs: Sequence[Place]) -> Iterator[tuple[Place, Place]]:
    """Pairs of a kind of which each side has one, and which is said of one thing more likely than bare numbers are."""
    for a, b in _conflicts(ours, theirs):
        kind = a[1].kind
        if kind not in ("number", "year") and sum(quantity.kind == kind for _, quantity in ours) == 1:
            yield a, b


def _left(ours: Sequence[Place], theirs: Sequence[Place]) -> tuple[list[Place], list[Place]]:
    """Without those that agree: of one kind first, then those that are the same number of a unit not known."""
    mine, other = list(ours), list(theirs)
    for same in (_same_kind, _same_number):
        for place in list(mine):
            match = next((one for one in other if same(place[1], one[1])), None)
            if match:
                mine.remove(place)
                other.remove(match)
    return mine, other


def _same_kind(a: Quantity, b: Quantity) -> bool:
    return a.kind == b.kind and agree(a, b)


def _same_number(a: Quantity, b: Quantity) -> bool:
    return a.kind != b.kind and a.raw == b.raw


def _conflicts(ours: Sequence[Place], theirs: Sequence[Place]) -> Iterator[tuple[Place, Place]]:
    """Pairs of one kind, in order, where both have as many."""
    for kind in dict.fromkeys(quantity.kind for _, quantity in ours):
        mine, other = ([one for one in some if one[1].kind == kind and one[1].firm] for some in (ours, theirs))
        if len(mine) == len(other):
            yield from zip(mine, other, strict=True)


# --- menus ---------------------------------------------------------------------------------------------------


def _menus(pairs: Sequence[tuple[Block, Block]]) -> Iterator[Difference]:
    """Menus whose names were left as they are: only these can be compared, and only between two scripts."""
    for a, b in pairs:
        steps, against = _names(a.text), _names(b.text)
        if len(steps) > 1 and len(steps) == len(against) and steps != against:
            (line, quote), (at, says) = _line(a, a.text.find(steps[0])), _line(b, b.text.find(against[0]))
            yield Difference("menu", (" > ".join(steps), " > ".join(against)), (line, at), (quote, says))


def _names(text: str) -> list[str]:
    """The steps of the one menu of a block, where all have Latin names, else none."""
    paths = _PATH.findall(text) if len(text) < _LONG and _STEP.search(text) else []
    if len(paths) != 1:
        return []
    first, *middle, last = _STEP.split(paths[0].strip())
    found = [_NAME.findall(first)[-1:], *(_NAME.findall(step)[:1] for step in middle), _NAME.findall(last)[:1]]
    return [name for names in found for name in names] if all(found) else []
