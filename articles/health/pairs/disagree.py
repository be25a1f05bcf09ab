"""Whether two passages disagree: the same said of the same thing, in the same case, with another value.

Values differ, menus differ, or one says yes and the other no. What is said of another plan, platform, region, role,
model or step does not contradict: the groups of cases are in `lexicon`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from articles.health.pairs.claims import Claim, claims, meanings
from articles.health.pairs.lexicon import MATTERS
from articles.health.pairs.values import differ

TEMPLATE = 0.6  # the share of words in common, in order, from which two sentences are one with other words put in
_FULL, _SAME_WORDS = 6, 0.75  # the words, and the share of them, that two claims have in common that say it in full
_PARALLEL = 0.5  # the share of words in common of two headings of one kind
_PARTICLE = re.compile(r"(?<=[가-힣]{2})(?:에서|으로|로|을|를|에|의|이|가|은|는)$")
_UNNAMED = re.compile(r"^(?:page|menu|tab|screen|페이지|메뉴|탭|화면)$|(?:니다|세요|시오)$")  # no step of a menu
WORDED = frozenset({"menu", "required", "automatic", "default", "yes or no", "price"})
"""What differs in words, not in a value."""
VAGUE = frozenset({"support", "work", "offer", "accept", "지원", "작동", "사용", "지급", "되", "않"})
"""What is denied of a thing as a whole: that it works, that it is supported."""
ENOUGH = 0.28
"""The least likeness at which two short passages that are known to belong together disagree."""


@dataclass(frozen=True)
class Disagreement:
    """Two claims that cannot both hold. `kind` is what differs; `score` is how alike the rest is, 0..1."""

    kind: str
    a: Claim
    b: Claim
    values: tuple[str, str]
    score: float


def contradiction(a: str, b: str, locale: str) -> Disagreement | None:
    """What two short passages about one thing disagree in, the likeliest; None where nothing speaks for it."""
    ours, theirs = list(claims(a, locale)), list(claims(b, locale))
    found = [one for x in ours for y in theirs for one in disagreements(x, y) if one.score >= ENOUGH]
    return max(found, key=lambda one: one.score, default=None)


def disagreements(a: Claim, b: Claim) -> Iterator[Disagreement]:
    """Every way in which two claims disagree, the cheapest tests first."""
    kinds = list(_differences(a, b))
    if not kinds or _other_case(a, b):
        return
    for kind, ours, theirs in kinds:
        score = _likeness(a, b)
        if score:
            yield Disagreement(kind, a, b, (ours, theirs), score)


def _differences(a: Claim, b: Claim) -> Iterator[tuple[str, str, str]]:
    """(what differs, how the one has it, how the other)."""
    yield from _other_values(a, b)
    for mine, theirs in ((x, y) for x in a.paths for y in b.paths):
        if _other_path(mine, theirs):
            yield "menu", " > ".join(mine), " > ".join(theirs)
    for name in a.stances.keys() & b.stances.keys():
        if a.stances[name] != b.stances[name]:
            yield name, a.text, b.text
    opposed = a.side and b.side and not a.side & b.side
    if a.denies != b.denies and (a.affirms or b.affirms) and not opposed:
        denier, other = (a, b) if a.denies else (b, a)
        if not denier.denied - VAGUE or denier.denied & other.words:
            yield "yes or no", a.text, b.text
    yield from _other_price(a, b)


def _other_values(a: Claim, b: Claim) -> Iterator[tuple[str, str, str]]:
    for kind in dict.fromkeys(value.kind for value in a.values):
        ours = [value for value in a.values if value.kind == kind]
        theirs = [value for value in b.values if value.kind == kind]
        if theirs and all(differ(x, y) for x in ours for y in theirs):
            yield kind, ours[0].text, theirs[0].text


def _other_price(a: Claim, b: Claim) -> Iterator[tuple[str, str, str]]:
    for one, other in ((a, b), (b, a)):
        prices = [value for value in other.values if value.kind.startswith("money") and not value.bound]
        if one.free and not other.free and prices and not any(v.kind.startswith("money") for v in one.values):
            yield "price", a.text, b.text


def _other_path(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether neither path is part of the other. The ends carry words around them: of these the nearest one counts."""
    short, long = sorted((a, b), key=len)
    if any(_UNNAMED.search(_last(path)) or "&" in {step[-1] for step in path} for path in (a, b)):
        return False
    return not any(_part(short, long[start:]) for start in range(len(long) - len(short) + 1))


def _part(path: tuple[str, ...], long: tuple[str, ...]) -> bool:
    return (
        path[0].split()[-1] == long[0].split()[-1]
        and path[1:-1] == long[1 : len(path) - 1]
        and _last(path) == _last(long[: len(path)])
    )


def _last(path: tuple[str, ...]) -> str:
    return _PARTICLE.sub("", path[-1].split()[0])


def _other_case(a: Claim, b: Claim) -> bool:
    for group, (ours, theirs) in enumerate(zip(a.cases, b.cases, strict=False)):
        if ours and theirs and not ours & theirs and not _by_the_way(a, b, group):
            return True
    others = a.names - b.names and b.names - a.names
    return bool(others) or _other_thing(a, b) or _template(a, b)


def _by_the_way(a: Claim, b: Claim, group: int) -> bool:
    """Whether the cases of a group, which only what is around two claims names, say nothing about them.

    So it is where the claims say the same in full, and what is around them is about something else altogether.
    """
    both = len(a.words & b.words)
    if group not in MATTERS[a.language] or both < _FULL or both < _SAME_WORDS * len(a.words | b.words):
        return False
    if a.own_cases[group] or b.own_cases[group]:
        return False
    return not any(_parallel(x, y) for x in a.namings(group) for y in b.namings(group))


def _parallel(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether two lines are alike but for the case that they name."""
    return not a or not b or len(a & b) >= _PARALLEL * len(a | b)


def _other_thing(a: Claim, b: Claim) -> bool:
    """Whether they are about different things, or about the same with different words before it."""
    pairs = [(a.qualified[word], b.qualified[word]) for word in a.qualified.keys() & b.qualified.keys()]
    return any(
        ours and theirs and not ours & b.setting and not theirs & a.setting
        for ours, theirs in [*pairs, (a.topic, b.topic)]
    )


def _template(a: Claim, b: Claim) -> bool:
    """Whether they say the same in the same words but for those that tell what they are about."""
    ours, theirs = a.rest.split(), b.rest.split()
    return any(_only(a, mine, b) and _only(b, other, a) for mine, other in one_template(ours, theirs))


def one_template(a: list[str], b: list[str]) -> list[tuple[list[str], list[str]]]:
    """The words put in for one another in two lists of words that are else mostly the same; none where they are not."""
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.ratio() < TEMPLATE:
        return []
    return [(a[i:j], b[k:end]) for tag, i, j, k, end in matcher.get_opcodes() if tag == "replace"]


def _only(claim: Claim, words: list[str], other: Claim) -> bool:
    """Whether words of a claim mean something that is nowhere in the other."""
    return bool(meanings(" ".join(words), claim.locale) - other.setting)


def _likeness(a: Claim, b: Claim) -> float:
    """How much of what the shorter speaks of is spoken of around the other, and of both together."""
    if not a.words or not b.words:
        return 0.0
    shared = (a.words & b.setting) | (b.words & a.setting)
    least = min(len(a.words), len(b.words))
    return 0.6 * min(len(shared) / least, 1.0) + 0.4 * min(len(shared) / len(a.words | b.words), 1.0)
