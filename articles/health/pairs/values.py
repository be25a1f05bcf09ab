"""What a sentence measures: durations, amounts, limits, dates, opening hours and menu paths, in one unit each.

English and Korean, whatever the locale: both stand in one text often. What is spelled in words counts up to ninety,
Korean native numbers up to ten. Nothing here knows what a value is said of: that is `claims`.
"""

from __future__ import annotations

import calendar
import math
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from articles.health.pairs.lexicon import SAME

_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_WORDS |= {"eleven": 11, "twelve": 12}
_WORDS |= {"fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
_WORDS |= {"an": 1, "a single": 1}
_NATIVE = {"한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10}
_TIMES = {"": 1, "백": 100, "천": 1_000, "만": 10_000, "십만": 100_000, "억": 100_000_000}
_DIGITS = r"(?<![\w.,/#-])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![.,]?\d)"
_NUMBER = rf"(?:{_DIGITS}|\b(?:{'|'.join(_WORDS)})\b|(?<![가-힣])(?:{'|'.join(_NATIVE)})(?=\s?[가-힣]))"
_TO = rf"\s*(?:-|–|~|〜|to|or|에서)\s*(?P<high>\d+(?:\.\d+)?|\b(?:{'|'.join(_WORDS)})\b)"
_RANGE = rf"(?P<low>{_NUMBER})(?:{_TO})?"

_DAYS = {
    **dict.fromkeys(("second", "sec", "초"), 1 / 86_400),
    **dict.fromkeys(("minute", "min", "분"), 1 / 1_440),
    **dict.fromkeys(("hour", "hr", "시간"), 1 / 24),
    **dict.fromkeys(("day", "일", "영업일"), 1.0),
    **dict.fromkeys(("week", "주", "주일", "주간"), 7.0),
    **dict.fromkeys(("month", "개월", "달"), 365 / 12),
    **dict.fromkeys(("year", "년"), 365.0),
}
_UNIT = (
    r"(?:(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?)\b"
    r"|초(?!기|과)|분(?![실류기명석할배산리])|시간(?!대)|영업일|일(?![반요괄정치부자상시련관])|주일|주간|주(?![소문말년차의요민])"
    r"|개월|달(?![러라성리])|년(?![대식형]))"
)
_DURATION = re.compile(
    rf"(?P<low>{_NUMBER})(?:(?:\s?(?P<first>{_UNIT}))?{_TO})?\s?-?\s?(?P<business>(?:business|working)[ -])?"
    rf"(?P<unit>{_UNIT})",
    re.I,
)
_CURRENCY = {"$": "usd", "us$": "usd", "usd": "usd", "€": "eur", "eur": "eur", "£": "gbp", "gbp": "gbp"}
_CURRENCY |= {"₩": "krw", "krw": "krw", "원": "krw", "won": "krw", "dollar": "usd", "달러": "usd", "euro": "eur"}
_MONEY = (
    re.compile(rf"(?P<unit>US\$|[$€£₩]|(?:USD|EUR|GBP|KRW)\s)\s?(?P<low>{_DIGITS})", re.I),
    re.compile(
        rf"(?P<low>{_DIGITS})\s?(?P<times>십만|[백천만억])?(?:\s?(?P<more>\d+)(?P<times2>[백천])?)?\s?"
        r"(?P<unit>원(?![본인격래칙클])|달러|won\b|dollars?\b|euros?\b|(?:USD|EUR|GBP|KRW)\b)",
        re.I,
    ),
)
_PERCENT = re.compile(rf"{_RANGE}\s?(?:%|percent\b|퍼센트|프로(?![그필모젝]))", re.I)
_BYTES = {"kb": 1, "mb": 1_024, "gb": 1_024**2, "tb": 1_024**3}
_SIZE = re.compile(rf"(?P<low>{_DIGITS})\s?(?P<unit>[KMGT]B)(?![A-Za-z])", re.I)
_PHYSICAL = re.compile(
    rf"{_RANGE}\s?(?P<unit>°C|℃|°F|mm|cm|km|inch(?:es)?|kg|lb|mAh|kHz|Hz|GHz|dB|Mbps|ml|px)(?![A-Za-z가-힣0-9])"
)
_COUNTERS = "명|대|장|번|회|건|자리|자|가지|권|인|곳|칸|페이지|줄|통|박스|끼|개"
_COUNT_KO = re.compile(rf"{_RANGE}\s?(?P<unit>{_COUNTERS})(?!월|[략표부])")
_COUNT_EN = re.compile(rf"{_RANGE}[ -](?P<unit>[A-Za-z]{{3,}})(?:\s(?P<next>[A-Za-z]{{3,}}))?", re.I)
_BY_NAME = re.compile(r"\b(?P<unit>port|포트)\s(?:number\s)?(?P<low>\d{2,5})\b", re.I)
_VERSION = re.compile(
    r"\b(?P<unit>iOS|Android|macOS|Windows|Java|Python|Chrome|Safari|Firefox|Edge|Bluetooth|USB|version|app|앱|버전)\s"
    r"(?P<low>\d+(?:\.\d+)?)(?=\s?(?:or (?:later|newer|higher|above)|and (?:later|newer|above)|이상|\+))",
    re.I,
)
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr)}
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|ust|tember|ember|ober)?"
_DATES = (
    re.compile(
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})\b\.?,?(?: (?P<year>\d{{4}}))?", re.I
    ),
    re.compile(rf"\b(?P<month>{_MONTH})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year>\d{{4}}))?", re.I),
    re.compile(r"(?:(?P<year>\d{4})년\s?)?(?P<month>\d{1,2})월\s?(?P<day>\d{1,2})일"),
    re.compile(r"\b(?P<year>20\d\d)[-./](?P<month>\d{1,2})[-./](?P<day>\d{1,2})\b"),
)
_MONTH_DAY = re.compile(
    r"(?:매월|매달)\s?(?P<day>\d{1,2})일|\b(?P<nth>\d{1,2})(?:st|nd|rd|th)\b|(?:매월|매달)\s?(?P<end>말일)"
)
_CLOCK = re.compile(
    r"(?P<half>오전|오후|새벽|저녁|밤|낮)?\s?(?<![\d:])(?P<hour>\d{1,2})"
    r"(?::(?P<minute>\d{2})(?!\d)|시(?!간)(?:\s?(?P<minute2>\d{1,2})분)?|(?=\s?[ap]\.?m\b))"
    r"(?:\s?(?P<ampm>[ap])\.?m\b)?",
    re.I,
)
_NEVER = re.compile(
    r"never expires?|no expir\w+|do(?:es)? not expire|don'?t expire|no time limit|no deadline"
    r"|만료되지 않|기한이 없|기한 제한이 없|유효기간이 없|평생|무기한",
    re.I,
)
_UNLIMITED = re.compile(r"\bunlimited (?P<unit>[a-z]{3,})|(?P<ko>무제한)", re.I)
_SAME_DAY = re.compile(r"당일(?! ?배송)|\bsame day\b(?! delivery)", re.I)
_AT_ONCE = re.compile(
    r"\bimmediately\b|\bright away\b|\bat once\b(?! time)|(?<![한된] )(?<![하되받찾]는 )즉시|그 자리에서", re.I
)
_FREE = re.compile(
    r"\bfree of charge\b|\bfor free\b|\b(?:is|are) free\b|\bat no (?:extra )?(?:cost|charge)\b"
    r"|무료(?! ?(?:체험|요금제|플랜|계정|회원|버전))",
    re.I,
)
_MINIMUM = re.compile(
    r"at least|minimum|no less than|or more\b|or longer|or later|\babove\b|\bover\b|more than|exceed"
    r"|이상|최소|초과|넘",
    re.I,
)
_MAXIMUM = re.compile(
    r"up to|at most|maximum|limited to|\blimit\b|within|less than|\bunder\b|no more than|fewer than|at the latest"
    r"|no later than|\buntil\b|\bby\b|largest|이하|최대|까지|이내|안에|미만|제한|한도",
    re.I,
)
_SIDE = re.compile(
    r"\s?(?:in advance )?(?:(?P<before>before (?!they|it)|prior|ahead|전)"
    r"|(?P<after>after|from|of |since|후|뒤|이후|지나))",
    re.I,
)
_DENIED = re.compile(r"cannot|can't|must not|may not|not exceed|을 수 없|지 않|면 안", re.I)
_PATH = re.compile(r"[^<>\n.,;:()\[\]\"“”'‘’!?]+(?:\s?(?:(?<!-)>|›|→|»)\s?[^<>\n.,;:()\[\]\"“”'‘’!?]+)+")
_MARKUP = re.compile(r"<[^<>]*>")
_LAST_STEP = re.compile(r"^[^,;]{0,20}?[가-힣](?=(?:에서|에|으로|로) )")
_FIRST_STEP = re.compile(r"(?:(?:^|(?<= ))[A-Z][\w&-]*(?: (?:and|of))?(?: |$))+$|(?:\S+ )?\S+에서 ?$")
_STEP = re.compile(r"\s?[>›→»]\s?")


_MAYBE = re.compile(
    rf"\d|\b(?:{'|'.join(_WORDS)}|never|expir\w+|unlimited|immediately|same day|no (?:time limit|deadline)"
    r"|right away|at once)\b"
    rf"|(?:{'|'.join(_NATIVE)})\s?[가-힣]|당일|즉시|무제한|만료|기한|평생|그 자리",
    re.I,
)


@dataclass(frozen=True)
class Value:
    """A quantity: days, kilobytes, units of a currency, minutes of the day; `kind` tells what may be compared.

    `low` and `high` are the same but for a range. `bound` is `max`, `min` or "". `of` is what is counted. `side` is
    `before` or `after` what happens, or "". `span` is where it stands in the sentence, and `text` how.
    """

    kind: str
    low: float
    high: float
    text: str
    span: tuple[int, int]
    bound: str = ""
    of: frozenset[str] = frozenset()
    side: str = ""


def plain(text: str) -> str:
    """A sentence without the marks of Markdown."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", unicodedata.normalize("NFKC", text).replace("’", "'"))
    return re.sub(r"\*\*|__|`|(?m:^\s*(?:[-*+]|\d+[.)]|#+|>)\s+)", "", text).strip()


def values(text: str) -> list[Value]:
    """Every quantity of a plain sentence, in no order. A place belongs to the first kind that reads it."""
    found: list[Value] = []
    if not _MAYBE.search(text):
        return found
    for read in _READERS:
        for value in read(text):
            found.append(value)
            start, end = value.span
            text = text[:start] + "\x00" * (end - start) + text[end:]
    return found


def differ(a: Value, b: Value) -> bool:
    """Whether two values of one kind cannot both hold: neither equal, nor one inside the other, nor other bounds."""
    if a.kind != b.kind or {a.bound, b.bound} == {"max", "min"} or (a.of and b.of and not a.of & b.of):
        return False
    if a.side and b.side and a.side != b.side:
        return False
    return not (_close(a, a.low, b.low) or _close(a, a.high, b.high) or _inside(a, b) or _inside(b, a))


def menu_paths(text: str) -> list[tuple[str, ...]]:
    """The menu paths of a plain sentence, as their steps, lower case; their ends carry words around them."""
    if not _STEP.search(text) or _MARKUP.search(text):
        return []
    paths = (tuple(_STEP.split(match.group().strip())) for match in _PATH.finditer(text))
    return [tuple(step.strip().casefold() for step in path) for path in paths if all(step.strip() for step in path)]


def without_paths(text: str, names: bool = False) -> str:
    """A plain sentence without its menu paths; what stands around a path stays but for the word next to its ends.

    With `names`, the rest of its ends goes, too, as far as can be told, and the place where the menu is.
    """
    return _PATH.sub(lambda match: _around(match.group(), names), text) if _STEP.search(text) else text


def _around(path: str, names: bool) -> str:
    first, *_, last = _STEP.split(path)
    before = first.rsplit(maxsplit=1)[0] if " " in first.strip() else ""
    if names:
        before, last = _FIRST_STEP.sub("", before), _LAST_STEP.sub("", last)
    after = last.split(maxsplit=1)[1] if " " in last.strip() else ""
    return f" {before} {after} "


def _close(value: Value, a: float, b: float) -> bool:
    """A month is no exact number of days."""
    return a == b or (value.kind == "duration" and math.isclose(a, b, rel_tol=0.03))


def _inside(a: Value, b: Value) -> bool:
    return a.low != a.high and b.low == b.high and a.low <= b.low <= a.high


def _bound(text: str, span: tuple[int, int]) -> str:
    near = text[max(span[0] - 26, 0) : span[0]] + " " + text[span[1] : span[1] + 14]
    low, high = _MINIMUM.search(near), _MAXIMUM.search(near)
    if low and _DENIED.search(near):  # what must not be exceeded
        low, high = None, low
    return "" if bool(low) == bool(high) else "min" if low else "max"


def _number(raw: str) -> float:
    raw = raw.strip().lower()
    known = _WORDS.get(raw, _NATIVE.get(raw))
    return float(raw.replace(",", "")) if known is None else float(known)


def _of(kind: str, text: str, match: re.Match[str], scale: float = 1.0, of: frozenset[str] = frozenset()) -> Value:
    groups = match.groupdict()
    low = _number(groups["low"]) * scale
    high = _number(groups["high"]) * scale if groups.get("high") else low
    span = (match.start(), match.end("high" if groups.get("high") else "low")) if of else match.span()
    bound, side = _bound(text, match.span()), _side(text, match.end())
    return Value(kind, low, max(low, high), match.group().strip(), span, bound, of, side)


def _side(text: str, end: int) -> str:
    match = _SIDE.match(text, end)
    return "" if not match else "before" if match["before"] else "after"


def _durations(text: str) -> Iterator[Value]:
    for match in _DURATION.finditer(text):
        unit = _unit(match["unit"])
        if unit == "년" and _number(match["low"]) > 1900:
            continue
        near = text[max(match.start() - 9, 0) : match.start()]
        business = bool(match["business"]) or unit == "영업일" or "영업일" in near
        value = _of("business days" if business else "duration", text, match, _DAYS[unit])
        if match["first"]:  # 4 hours to 2 days
            low, high = _number(match["low"]) * _DAYS[_unit(match["first"])], _number(match["high"]) * _DAYS[unit]
            value = replace(value, low=low, high=max(low, high))
        yield value
    for pattern, days in ((_NEVER, math.inf), (_SAME_DAY, 1.0), (_AT_ONCE, 0.0)):
        for match in pattern.finditer(text):
            yield Value("duration", days, days, match.group(), match.span())


def _unit(word: str) -> str:
    word = word.lower()
    return word.rstrip("s") if word.isascii() else word


def _money(text: str) -> Iterator[Value]:
    taken: list[tuple[int, int]] = []
    for pattern in _MONEY:
        for match in pattern.finditer(text):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            taken.append(match.span())
            groups = match.groupdict()
            amount = _number(match["low"]) * _TIMES[groups.get("times") or ""]
            amount += float(groups.get("more") or 0) * _TIMES[groups.get("times2") or ""]
            unit = match["unit"].strip().lower()
            kind = f"money {_CURRENCY.get(unit, _CURRENCY.get(unit.rstrip('s'), unit))}"
            yield Value(kind, amount, amount, match.group().strip(), match.span(), _bound(text, match.span()))


def _percents(text: str) -> Iterator[Value]:
    yield from (_of("percent", text, match) for match in _PERCENT.finditer(text))


def _sizes(text: str) -> Iterator[Value]:
    yield from (_of("size", text, match, _BYTES[match["unit"].lower()]) for match in _SIZE.finditer(text))
    yield from (_of(f"measure {match['unit']}", text, match) for match in _PHYSICAL.finditer(text))


def _counts(text: str) -> Iterator[Value]:
    for match in _COUNT_KO.finditer(text):
        if match["low"] == "한":  # a thing, not how many
            continue
        yield _of(f"count {_COUNTER.get(match['unit'], match['unit'])}", text, match)
    for match in _COUNT_EN.finditer(text):
        if match["low"].lower() in ("one", "an", "a single"):
            continue
        nouns = (match["unit"], match["next"] or "")
        yield _of("count", text, match, of=frozenset(_thing(noun) for noun in nouns if len(noun) > 2))
    for match in _UNLIMITED.finditer(text):
        of = frozenset({_thing(match["unit"])}) if match["unit"] else frozenset[str]()
        yield Value("count", math.inf, math.inf, match.group(), match.span(), "max", of)


_COUNTER = {"인": "명", "번": "회"}


def _thing(noun: str) -> str:
    """What is counted, in one word for all that mean the same."""
    noun = noun.lower()
    return _SAME.get(noun, noun[:-3] + "y" if noun.endswith("ies") else noun.removesuffix("s"))


_SAME = {word: line.split()[0] for line in SAME for word in line.split()}


def _named(text: str) -> Iterator[Value]:
    yield from (_of("port", text, match) for match in _BY_NAME.finditer(text))
    yield from (_of(f"version {match['unit'].lower()}", text, match) for match in _VERSION.finditer(text))


def _dates(text: str) -> Iterator[Value]:
    for pattern in _DATES:
        for match in pattern.finditer(text):
            name = match["month"].lower()
            month = int(name) if name.isdigit() else _MONTHS[name[:3]]
            day = month * 31 + int(match["day"])
            year = int(match["year"] or 0)
            yield Value(
                "date" if year else "day of the year", year * 400 + day, year * 400 + day, match.group(), match.span()
            )
    for match in _MONTH_DAY.finditer(text):
        day = 31 if match["end"] else int(match["day"] or match["nth"])
        yield Value("day of the month", day, day, match.group(), match.span())


def _clocks(text: str) -> Iterator[Value]:
    times = [(_minutes(match), match) for match in _CLOCK.finditer(text)]
    for (first, start), (last, end) in zip(times[::2], times[1::2], strict=False):
        yield Value("hours", first, last, text[start.start() : end.end()].strip(), (start.start(), end.end()))
    if len(times) % 2:
        minutes, match = times[-1]
        yield Value("time of day", minutes, minutes, match.group().strip(), match.span())


def _minutes(match: re.Match[str]) -> float:
    hour = int(match["hour"])
    late = (match["ampm"] or "").lower() == "p" or match["half"] in ("오후", "저녁", "밤")
    return (hour + 12 if late and hour < 12 else hour) * 60 + int(match["minute"] or match["minute2"] or 0)


def free(text: str) -> bool:
    """Whether a sentence says that something costs nothing."""
    return bool(_FREE.search(text))


_READERS: tuple[Callable[[str], Iterator[Value]], ...] = (
    *(_dates, _named, _clocks, _money, _percents, _sizes, _durations, _counts),
)
