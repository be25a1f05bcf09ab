"""What a passage claims: sentences with their words, their values, whether they deny, and for which case they speak.

A claim is read without its neighbours but for the words of what stands before it and over it: a case that is named
there ("Yearly plans") holds for it, too. Whether two claims disagree is for `disagree`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from articles.health.pairs.lexicon import CONTRASTS, SAME, SIDES, STOP, WAY
from articles.health.pairs.values import Value, free, menu_paths, plain, values, without_paths
from indexer.analyze import HANGUL, Analyzer, Word, normalise
from indexer.chunk import sentences

_HANGUL = re.compile(rf"[{HANGUL}]")
_HEADING = 8  # words of a line that may be a heading
_NO_HEADING = re.compile(r"[.!?;,。！？]\s*$|\|")  # a sentence, or a row of a table
_LONGEST = 400  # characters of what is read as one sentence: longer ones are tables and logs
_IDENTIFIER = re.compile(r"(?<![\w-])(?:[A-Za-z]+[-_]?\d[\w.-]*|\d+[A-Za-z][\w-]*|\d{4,}|[A-Z]{2,})(?![\w-])", re.ASCII)
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w-]*(?: [A-Z][\w-]*)*")
_UNITS = re.compile(
    r"^(?:US|USD|KRW|EUR|GBP|KST|UTC|GMT|PST|EST|CET|PM|AM|OK|\d+(?:MB|GB|KB|TB|days?|st|nd|rd|th))$", re.I
)

_DENIES = re.compile(
    r"\b(?:cannot|can't|can not|not possible|impossible|unable|not allowed|not permitted|may not|must not|never"
    r"|no longer"
    r"|(?:is|are|was|were|does|do|did|will|has|have)n't|not(?! only)|won't|non-?refundable|unavailable|unsupported"
    r"|prohibited|excluded|excludes?|except for)\b"
    r"|수는? 없|불가|안 [되돼됩]|지(?:는|도)? (?:않(?!도록|게|고)|못)|못 ?[하합해]|금지|미지원|아닙니다|아니에요|아니며"
    r"|제외",
    re.I,
)
_SUPPOSED = re.compile(rf"\b(?:if|when|unless|where|in case|whether|why|what)\b[^,;]*?(?:{_DENIES.pattern})", re.I)
_SUPPOSED_KO = re.compile(rf"(?:{_DENIES.pattern})[가-힣]*\s?(?:면|경우|때|[는은]지)", re.I)
_NOTED = re.compile(r"(?:없음|않음|안 ?됨)\W*$")  # what is wrong, in the fewest words
_OPTIONAL = re.compile(
    r"\boptional\b|not (?:required|necessary|mandatory|needed)|no need|needn't"
    r"|(?:do not|don't|does not|doesn't) (?:need|have) to"
    r"|선택 ?사항|필요(?:는|가|도)? ?없|필수(?:가|는)? ?아니|않아도|안 해도|없이도",
    re.I,
)
_REQUIRED = re.compile(
    r"\bmust\b(?! not)|\b(?:is|are|be) required|\brequires?\b|\bmandatory\b"
    r"|(?<!not )(?<!may )(?<!might )\b(?:need|needs|have|has) to\b|obligatory"
    r"|필수|반드시|꼭 |[해어아여]야 (?:합|해|하|됩|돼)|필요(?:합|해|하)",
    re.I,
)
_AUTOMATIC = re.compile(
    r"(?P<yes>automatically|by itself|자동으로|자동 갱신)|(?P<no>manually|by hand|yourself|수동|직접)", re.I
)
_DEFAULT = re.compile(r"default|기본", re.I)
_ON = re.compile(
    r"(?P<yes>\b(?:on|enabled|active|activated)\b|켜|켬|(?<!비)활성)"
    r"|(?P<no>\b(?:off|disabled|inactive)\b|꺼|끔|비활성|사용 ?안)",
    re.I,
)
_REFERS = re.compile(r"(?:they|it|this|these|those)\b|(?:이는|이것은|그것은|이때|이들은)", re.I)
_ROUGH = re.compile(rf"[a-z]{{3,}}|[{HANGUL}]{{2}}")
_QUALIFIES = re.compile(r"[ -]?|(?:의|한|된|할|는|인|용|하는|되는) ")
_TOPIC = re.compile(r"[은는이가] ")
_CONDITION = re.compile(
    r"\b(?:if|unless|until|except|only|before|after|once|when|without|while|as long as|provided)\b"
    r"|[으]?면 |경우|전에|전까지|[한된난은] ?후|뒤에|때|에만|에는|만 |제외|않은|없이|예외",
    re.I,
)
_AFFIRMS = re.compile(
    r"\b(?:can|may|possible|allowed|available|supports?|supported|includes?|included|works?|refundable|accepts?"
    r"|accepted|comes? with|covers?|covered|will|is|are|has|have)\b|수 있|가능|[됩돼]|지원|포함|합니다|해요|드[려립]",
    re.I,
)
_DOES = "ship|deliver|accept|offer|cover|refund|work with|charge for|sell|share|store"
_DONE = "교환|환불|반품|결제|사용|이용|적용|취소|변경|배송|가입|등록|복구|지원|보장|적립|합산|양도"
_GRANTS = re.compile(
    r"\b(?:can|may|possible|allowed|permitted|supported|supports|refundable|accepted|included|includes)\b"
    rf"|\bwe (?:also )?(?:{_DOES})\b"
    r"|\b(?:ships|delivers|accepts|offers|covers|refunds|works with|sells|shares|stores)\b"
    rf"|수 있|가능|지원(?:합|해|됩)|허용|(?:{_DONE})[이가도은는]? ?[됩돼]",
    re.I,
)
_REFUSES = re.compile(
    r"\b(?:cannot|can't|can not|not possible|not allowed|not permitted|may not|must not|not supported|does not support"
    r"|not (?:included|refundable|accepted)|non-?refundable"
    rf"|(?:(?:do|does|will) not|(?:do|does)n't|won't) (?:{_DOES}))\b"
    r"|수 없|불가|(?<![이가] )안 [되됩돼]|지원하지 않|금지"
    rf"|(?:(?:{_DONE})[도은는]? ?|[은는] .*)(?:되지 않|안 [되됩돼])",
    re.I,
)
_PREDICATES = {
    "part": "include", "included": "include", "includes": "include", "include": "include", "comes": "include",
    "포함": "include", "제외": "include", "excluded": "include",
}  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """A sentence without its markup. `before` is what stands before it in its paragraph, and the line that looks
    like a heading before that, each in a line; `over` are its title and headings, between ` › `.
    """

    text: str
    before: str
    over: str
    locale: str

    @cached_property
    def language(self) -> str:
        """Whose words it is read by: `ko` or `en`."""
        return "ko" if _is_korean(self.text) else "en"

    @cached_property
    def values(self) -> tuple[Value, ...]:
        return tuple(values(self.text))

    @cached_property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        return tuple(menu_paths(self.text))

    @cached_property
    def rest(self) -> str:
        """The sentence without its values and menus."""
        text = self.text
        for start, end in (value.span for value in self.values):
            text = text[:start] + " " * (end - start) + text[end:]
        return without_paths(text)

    @cached_property
    def words(self) -> frozenset[str]:
        """What it speaks of, as meanings: without values, menus, and words that say nothing."""
        said = f"{self.before}. {self.rest}" if _REFERS.match(self.text) else self.rest
        return meanings(said, self.locale)

    @cached_property
    def purpose(self) -> frozenset[str]:
        """What its menus are for: its words without those that only lead there."""
        return meanings(without_paths(self.text, names=True), self.locale) - WAY

    @cached_property
    def stems(self) -> frozenset[str]:
        """Its words' beginnings, a first look: what shares none shares no words."""
        return frozenset(word[:4] for word in _ROUGH.findall(self.text.casefold()))

    @cached_property
    def located(self) -> tuple[tuple[str, int, int], ...]:
        """Its words in order, as meanings, with where they stand in `rest`, lower case."""
        return _located(self.rest, self.locale)

    @cached_property
    def qualified(self) -> dict[str, set[str]]:
        """For each word those right before it that say which is meant: "indoor" of "cameras", 정수기 of 필터."""
        found: dict[str, set[str]] = {}
        text = normalise(self.rest)
        for (before, _, end), (word, start, _) in pairwise(self.located):
            if before != word and end <= start and _QUALIFIES.fullmatch(text[end:start]):
                found.setdefault(word, set()).add(before)
        return found

    @cached_property
    def topic(self) -> frozenset[str]:
        """What it is about: in Korean what a particle marks, else the word that it begins with."""
        text = normalise(self.rest)
        if not _is_korean(text):
            return frozenset(word for word, *_ in self.located[:1])
        return frozenset(word for word, start, end in self.located if end - start > 1 and _TOPIC.match(text, end))

    @cached_property
    def setting(self) -> frozenset[str]:
        """Its words, and those before it and over it."""
        return self.words | meanings(f"{self.over}. {self.before}", self.locale)

    @cached_property
    def names(self) -> frozenset[str]:
        """Identifiers and proper names."""
        found = (*_IDENTIFIER.findall(self.rest), *_NAME.findall(self.rest))
        return frozenset(name.casefold() for name in found if not _UNITS.match(name))

    @cached_property
    def cases(self) -> tuple[frozenset[int], ...]:
        """Of each group of cases, those that it speaks for: named in it, else before it, else over it."""
        groups = [_cases(part, _is_korean(self.text)) for part in (self.text, self.before, self.over)]
        return tuple(own or before or over for own, before, over in zip(*groups, strict=True))

    @cached_property
    def own_cases(self) -> tuple[frozenset[int], ...]:
        """Of each group of cases, those that the sentence itself names."""
        return _cases(self.text, _is_korean(self.text))

    def namings(self, group: int) -> list[frozenset[str]]:
        """The lines around it that name a case of a group, each as its other words, as meanings."""
        pattern = _GROUPS[self.language][group]
        lines = [line for line in (*self.before.split("\n"), *self.over.split(" › ")) if pattern.search(line)]
        return [meanings(pattern.sub(" ", line), self.locale) for line in lines]

    @cached_property
    def side(self) -> frozenset[int]:
        """Whether it speaks of before something (0) or after (1)."""
        sides = _SIDES[self.language]
        return frozenset(i for i, side in enumerate(sides) if side.search(self.text))

    @cached_property
    def denies(self) -> bool:
        return bool(_DENIES.search(self.text)) and not _OPTIONAL.search(self.text)

    @cached_property
    def affirms(self) -> bool:
        return bool(_AFFIRMS.search(self.text) or _GRANTS.search(self.text)) and not _DENIES.search(self.text)

    @cached_property
    def rules(self) -> bool:
        """Whether it says outright that something may or may not be done."""
        return bool(_REFUSES.search(self.text) or _GRANTS.search(self.text))

    @cached_property
    def denied(self) -> frozenset[str]:
        """The words next to what denies: after it in English, before it in Korean."""
        match = _DENIES.search(self.text)
        if not match:
            return frozenset()
        near = self.text[match.end() :] if not _is_korean(self.text) else self.text[: match.end()]
        words = _ordered(near, self.locale)
        return frozenset(words[-2:] if _is_korean(self.text) else words[:2])

    @cached_property
    def stances(self) -> dict[str, bool]:
        """What it says yes or no to, other than by denying."""
        found: dict[str, bool] = {}
        for name, pattern in (("automatic", _AUTOMATIC), *([("default", _ON)] if _DEFAULT.search(self.text) else [])):
            sides = {match.lastgroup for match in pattern.finditer(self.text)}
            if len(sides) == 1:
                found[name] = "yes" in sides
        if _OPTIONAL.search(self.text):
            found["required"] = False
        elif _REQUIRED.search(self.text):
            found["required"] = True
        return found

    @cached_property
    def kinds(self) -> frozenset[str]:
        """What another claim could disagree with it in."""
        found = {value.kind for value in self.values} | set(self.stances)
        return frozenset(found | ({"menu"} if self.paths else set()) | ({"yes or no"} if self.rules else set()))

    @cached_property
    def free(self) -> bool:
        return free(self.text)

    @cached_property
    def supposed(self) -> bool:
        """Whether what it denies is no rule: it stands in an if, or is noted as what went wrong."""
        pattern = _SUPPOSED_KO if _is_korean(self.text) else _SUPPOSED
        return bool(pattern.search(self.text) or _NOTED.search(self.text))

    @cached_property
    def conditions(self) -> frozenset[str]:
        """The words that begin or end its conditions."""
        return frozenset(match.group().strip().casefold() for match in _CONDITION.finditer(self.text))


def claims(text: str, locale: str, over: str = "") -> Iterator[Claim]:
    """The claims of a passage, in order. `over` are its title and headings."""
    heading = ""
    for line in text.split("\n"):
        before: list[str] = [heading] if heading else []
        for sentence in sentences(line):
            said = plain(sentence)
            if 8 <= len(said) <= _LONGEST:
                yield Claim(said, "\n".join(before[-3:]), over, locale)
            before.append(said)
        if len(before) <= 2 and len(line.split()) <= _HEADING and not _NO_HEADING.search(line):
            heading = plain(line)


def _is_korean(text: str) -> bool:
    return bool(_HANGUL.search(text))


@lru_cache(maxsize=20_000)
def meanings(text: str, locale: str) -> frozenset[str]:
    return frozenset(_ordered(text, locale))


def _ordered(text: str, locale: str) -> list[str]:
    return [word for word, *_ in _located(text, locale)]


@lru_cache(maxsize=20_000)
def _located(text: str, locale: str) -> tuple[tuple[str, int, int], ...]:
    found = []
    for word in _ANALYZER.located(normalise(text), locale):
        if word.text in _PREDICATES:
            found.append((_PREDICATES[word.text], word.start, word.end))
        elif word.text not in STOP and word.term not in STOP and not word.text.isdigit():
            found.append((_same(locale).get(word.term, word.term), word.start, word.end))
    return tuple(found)


_ANALYZER = Analyzer()


@lru_cache(maxsize=4)
def _same(locale: str) -> dict[str, str]:
    """What a word's term means: the first word of its line."""
    stem = {word.text: word.term for line in SAME for word in _latin(line, locale)}
    return {stem.get(word, word): line.split()[0] for line in SAME for word in line.split()}


def _latin(line: str, locale: str) -> Sequence[Word]:
    return _ANALYZER.located(line, locale) if line.isascii() else ()


@lru_cache(maxsize=50_000)
def _cases(text: str, korean: bool) -> tuple[frozenset[int], ...]:
    groups = _PATTERNS["ko"] if korean else _PATTERNS["en"]
    return tuple(frozenset(i for i, case in enumerate(group) if case.search(text)) for group in groups)


_SIDES = {code: tuple(re.compile(side, re.IGNORECASE) for side in sides) for code, sides in SIDES.items()}
_PATTERNS = {
    code: tuple(
        tuple(re.compile(case if code == "ko" else rf"\b(?:{case})\b", re.IGNORECASE) for case in group)
        for group in groups
    )
    for code, groups in CONTRASTS.items()
}
_GROUPS = {
    code: tuple(re.compile("|".join(case.pattern for case in group), re.IGNORECASE) for group in groups)
    for code, groups in _PATTERNS.items()
}
"""Of each group of cases, what names any of them."""
