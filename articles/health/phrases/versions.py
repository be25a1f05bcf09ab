"""Versions as a text names them: of what, which number, and whether it speaks of that one as the present one.

A number is a version by a word before it or behind it (v4, version 4.8, 4.8 버전), or where it is dotted and stands
right behind a name (Corvus OS 7.1, app 4.8). A name with a bare number (Windows 10) is a product, unless the text calls
that one the current one: whose product it is, the caller knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from articles.health.phrases import ENOUGH, Prose
from articles.health.phrases.dates import FUTURE, mentions

Number = tuple[int, ...]

_I = re.IGNORECASE
_VERSION = r"(?i:versions?|ver\.?|release|edition|build|버전|판|릴리스)"
_NAME = (
    rf"(?:(?!{_VERSION}\b)(?:[A-Z][\w+'’-]*|app|firmware|software|client|driver|plug-?in|sdk|api|[가-힣]+)[ ]){{1,4}}"
)
_VERSIONED = re.compile(
    rf"(?P<name>{_NAME})?(?P<word>{_VERSION}[ ]?)?(?<![\w.$€£₩/-])(?P<digit>\d{{1,4}}(?:\.\d{{1,4}}){{0,3}})(?![A-Za-"
    r"z\d_%-]|[.,:/]\d|\s?%)"
    r"(?P<after>[ ]?버전)?(?![ ]?(?:일|시|분|개|명|원|회|월|년|단계|층|인치|gb|mb|days?|hours?|minutes?|stars?"
    r"|points?)\b)"
)
_V = re.compile(
    rf"(?P<name>{_NAME})?(?<![\w.])(?P<word>[vV])(?P<digit>\d{{1,4}}(?:\.\d{{1,4}}){{0,3}})(?![A-Za-z\d_-]|\.\d)"
)
_NOW = r"(?:newest|latest|current|most recent)"
_IS = re.compile(
    rf"(?P<name>{_NAME})?(?P<word>(?i:version|release|firmware|software|app|edition)(?:[ ]number)?[ ]?(?:is|:|=|\()"
    r"|(?:버전|펌웨어|앱|소프트웨어|릴리스)[ ]?(?:은|는|이|가|:|\())"
    r"[ ]?(?:now[ ]|currently[ ]|still[ ]|지금[ ]|현재[ ])?(?:v|version[ ]"
    r"|버전[ ])?(?P<digit>\d{1,4}(?:\.\d{1,4}){0,3})(?![A-Za-z\d_%-]|[.,:/]\d|[ ]?%)"
)
_BEFORE = re.compile(
    rf"\b(?:{_NOW}\s(?![^.;|\n]*\b(?:updates?|hotfix\w*|patch\w*|packs?|cumulative|drivers? for|for)\b)"
    r"|(?<!what's )(?<!what’s )(?<!what is )new (?:in|with|since)\s|up[ -]to[ -]date\s(?:if|when|once|with"
    r"|as soon as)\s)"
    r"[^.;|()\n]{0,40}(?:\s\()?$"
    r"|\b(?:all|every|our|each)\s[\w-]+\s(?:now\s|currently\s)?(?:runs?|uses?|ships? with|comes? with|gets?)\s$"
    r"|(?:최신|현재|지금|요즘|가장\s?최근|신규|권장|표준)(?:의|은|는)?\s?(?:[가-힣A-Za-z]+\s?){0,3}(?:[은는이가]"
    r"|\(|:|으로)?\s?$"
    r"|모든\s[가-힣]+(?:은|는|이|가|에)\s[^.;\n]{0,15}$",
    _I,
)
"""What stands before a version that everybody has now."""
_AFTER = re.compile(
    rf"\s?(?:,|\(|–|—|\bis\b|\bas\b)[^.;\n]{{0,45}}?\b(?:{_NOW}|up[ -]to[ -]date|(?:in the stores"
    r"|available) (?:today|now)|at present|we recommend|the standard"
    r"|(?:all|every|each) [\w ]{1,25}(?:using|uses?|runs?|have|has))\b|\s?(?:at present|now|today|right now"
    r"|these days)\b(?!\s\w+ed\b)"
    r"|\s?\(?(?:이|가|은|는|을|를|으로|에서)?\s?(?:현재\s|지금\s|가장\s)?(?:최신|현재|표준|권장"
    r"|최근)(?!\s?(?:인증|이\s?아닌))"
    r"|(?:버전)?(?:을|를|이|가)\s[^.;\n]{0,25}(?:쓰고\s?있|사용하고\s?있|사용\s?중|쓰이고|설치되어\s?있|배포\s?중"
    r"|제공\s?중|출고)|(?:버전)?에서\s?새로"
    r"|\s?버전에\s?새로",
    _I,
)
_NEED_BEFORE = re.compile(
    r"\b(?:since|before|until|from|than|earlier|older|replaced?|below|above|least)\s(?:the\s)?$", _I
)
_NEED = re.compile(
    r"\s?(?:(?:or|and)\s(?:an?\s)?(?:later|newer|higher|above|up|greater|earlier|older)\b|\+|이상|이하|이전|미만|이후"
    r"|부터(?!\s?새)|까지|was\b|were\b|had\b|였|이었|했)",
    _I,
)
"""Who asks for a version, compares with it or tells of it as past does not say that it is the present one."""
_WITHIN = re.compile(r"에서(?!\s?(?:바뀌|추가|새|처음|사라|없어))|에는")
_IN = re.compile(r"\b(?:in|on|with)[ ](?:the[ ])?$", _I)
_CLASS = re.compile(r"(?:app|앱|어플|firmware|펌웨어)[ ](?:version[ ]|버전[ ]|v)?$", _I)
_PAST = re.compile(
    r"\b(?:added|introduced|moved|removed|changed|since|before|until|fixed|was|were|earlier|older|later|newer)\b|부터"
    r"|이전|이후|추가|도입|바뀌|했|였",
    _I,
)
_PLANNED = re.compile(rf"{FUTURE.pattern}|\b(?:soon|planned|coming|beta)\b|예정|계획|곧\s|준비|베타", _I)
_PLATFORMS = {
    "windows": r"windows|윈도우?",
    "mac": r"mac(?:os)?|맥(?:용|북|os)?(?![가-힣])",
    "ios": r"ios|iphone|ipad|아이폰|아이패드",
    "android": r"android|안드로이드|갤럭시",
    "web": r"web|browser|웹|브라우저",
    "linux": r"linux|리눅스",
    "pc": r"pc|desktop|데스크톱",
    "tv": r"tv",
    "watch": r"watch|워치",
}
_PLATFORM = {name: re.compile(rf"(?<![A-Za-z가-힣])(?:{words})(?![a-z])", _I) for name, words in _PLATFORMS.items()}
_SAME = {
    "앱": "app",
    "어플": "app",
    "애플리케이션": "app",
    "application": "app",
    "펌웨어": "firmware",
    "소프트웨어": "software",
}
_NO_NAME = frozenset(
    (
        *(
            "the",
            "a",
            "an",
            "our",
            "your",
            "this",
            "that",
            "in",
            "on",
            "with",
            "of",
            "is",
            "are",
            "and",
            "to",
            "for",
            "if",
        ),
        *(
            "new",
            "current",
            "latest",
            "newest",
            "most",
            "recent",
            "now",
            "still",
            "since",
            "from",
            "all",
            "every",
            "update",
        ),
        *("v", "ver", "version", "versions", "release", "edition", "build", "number"),
        *("릴리스", "판", "버전", "현재", "최신", "새", "이", "본", "및", "또는", "지금"),
    )
)
_SYSTEMS = frozenset(("windows", "ios", "android", "macos", "ipados", "linux", "윈도우", "안드로이드"))
"""Alone, they name what others made, and many of their versions are in use."""
_VERB = re.compile(r"[가-힣]*(?:쓰|하|있|되|나오|쓰이|받|올리)는|[가-힣]+(?:된|한|던)|나온")
_CUES = re.compile(r"\d", re.ASCII)


@dataclass(frozen=True)
class Version:
    """A version that a text names. `thing` are the words of its name in small letters, `platforms` what it is for.

    `present`: the text speaks of it as the one that everybody has now. `exists`: it does not only announce it.
    `bare`: a name and a number without a dot. `line` is 1-based.
    """

    thing: tuple[str, ...]
    platforms: tuple[str, ...]
    number: Number
    text: str
    line: int
    present: bool = False
    exists: bool = True
    bare: bool = False


def versions(prose: Prose) -> Iterator[Version]:
    """The versions that the sentences of an article name."""
    spans = [span for span in prose.spans if _CUES.search(prose.text, *span)]
    most = ((_V, None), (_IS, None), (_VERSIONED, 5 * ENOUGH))
    found = [
        match
        for pattern, end in most
        for match in islice((match for span in spans for match in pattern.finditer(prose.text, *span)), end)
    ]
    for match in islice((one for one in found if one["name"] or one["word"] or one.groupdict().get("after")), ENOUGH):
        start, stop = prose.sentence(match.start("digit"))
        if prose.piece(match.start("digit")).quoted or mentions(match["digit"], 0, len(match["digit"])):
            continue
        thing = _thing(match)
        if (match["word"] or match.groupdict().get("after") or thing) and not (thing and _SYSTEMS.issuperset(thing)):
            yield _version(prose, match, start, stop)


def _version(prose: Prose, match: re.Match[str], start: int, stop: int) -> Version:
    """What a number is the version of, in the sentence from `start` to `stop`."""
    sentence = prose.text[start:stop].replace("\n", " ")
    number = numbered(match["digit"])
    called = bool(match["word"] or match.groupdict().get("after"))
    text = prose.text
    before = text[max(start, match.start("digit") - 80) : match.start()].replace("\n", " ")
    after = text[match.end() : min(stop, match.end() + 60)].replace("\n", " ")
    named = text[match.start() : match.start("digit")]
    kind = _CLASS.search(named)
    stands = bool(
        _BEFORE.search(before)
        or _BEFORE.search(before + named)
        or _AFTER.match(after)
        or (
            kind
            and len(number) > 1
            and (_IN.search((before + named)[: len(before) + kind.start()]) or _WITHIN.match(after))
        )
    )
    needed = _NEED.match(after) or _NEED_BEFORE.search(before) or (kind and _PAST.search(text[start:stop]))
    return Version(
        _thing(match),
        platforms_of(sentence),
        number,
        text[match.start() : match.end()].strip() if match.re is not _IS else f"{match['name'] or ''}{match['digit']}",
        prose.line(match.start("digit")),
        stands and not needed,
        not _PLANNED.search(sentence),
        len(number) == 1 and not called,
    )


def _thing(match: re.Match[str]) -> tuple[str, ...]:
    return thing_of(f"{match['name'] or ''} {match['word'] or ''}")


def numbered(text: str) -> Number:
    return tuple(int(part) for part in text.split("."))


def thing_of(name: str) -> tuple[str, ...]:
    """The words of a name, without those that name nothing, the same in English and Korean."""
    words = (
        re.sub(r"(?:에서는|에서|에는|으로|은|는|이|가|을|를|의)$", "", word.lower())
        for word in re.findall(r"[\w+'’-]+", name)
        if not _VERB.fullmatch(word)
    )
    return tuple(_SAME.get(word, word) for word in words if word and word not in _NO_NAME)


def platforms_of(text: str) -> tuple[str, ...]:
    return tuple(name for name, pattern in _PLATFORM.items() if pattern.search(text))


def clearly_newer(number: Number, than: Number) -> bool:
    """Whether the first part is greater, or the second by two or more; of v5, the second is not known."""
    if number[0] != than[0]:
        return number[0] > than[0]
    return len(number) > 1 and len(than) > 1 and number[1] >= than[1] + 2
