"""The quantities of a text in any language, in units that can be compared: durations, money, dates, sizes, numbers.

English, Korean, German and Japanese words are read, and what other languages share with them; a number whose unit is
not known is a bare number. `pairs.values` reads two languages and more of each: bounds, and what is counted.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_COMMA = "de fr es it pt nl pl ru tr sv da nb fi cs uk id vi"
COMMA = frozenset(_COMMA.split())
"""Languages that write 1.000,5 for what others write 1,000.5."""

_EN = "two three four five six seven eight nine ten eleven twelve"
_DE = "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf"
_NATIVE = {"두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10, "한": 1}
_KANJI = {letter: number for number, letter in enumerate("一二三四五六七八九十", 1)}
_WORDS = {word: n for line in (_EN, _DE) for n, word in enumerate(line.split(), 2)}
_WORDS |= {"fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90, "fünfzehn": 15, "zwanzig": 20}
_WORDS |= dict.fromkeys(("one", "a", "an", "ein", "eine", "einem", "einen", "einer", "eines"), 1)
_COUNTERS = "개|명|대|번(?!째)|회|가지|장|곳|자리|권|인|건|달|주|시간|시"
_DIGITS = r"(?<![A-Za-z0-9_.,/#:])(?<![A-Za-z]-)\d+(?:[.,'\u00a0\u202f]\d{3})*(?:[.,]\d+)?(?![\d/:])"
_WORD = (
    rf"\b(?:{'|'.join(_WORDS)})\b|(?<![가-힣])(?:{'|'.join(_NATIVE)})(?=\s?(?:{_COUNTERS}))"
    r"|[一二三四五六七八九十](?=[つ人台回件日週年か])"
)
_MANY = {"백": 100, "천": 1_000, "만": 10_000, "억": 10**8, "百": 100, "千": 1_000, "万": 10_000, "億": 10**8}
_MANY |= {"thousand": 1_000, "million": 10**6, "tausend": 1_000, "millionen": 10**6}
_TIMES = rf"(?:\s?(?P<many>{'|'.join(_MANY)})(?:\s?(?P<more>\d+)(?P<tail>[백천百千])?)?)?"
_BARE = r"(?<![가-힣\d])[백천만](?=\s?(?:원|명|개|건|회|달러))"
_NUMBER = rf"(?P<number>{_DIGITS}|{_WORD}|{_BARE})"
_HIGH = rf"(?P<high>\d+(?:[.,]\d+)?|\b(?:{'|'.join(_WORDS)})\b)"
_RANGE = rf"{_NUMBER}(?:\s?(?:[-–~〜]|to|bis|or|oder|から|에서)\s?{_HIGH})?{_TIMES}"

_UNITS = {
    "초|秒|seconds?|secs?|sekunden?": 1 / 86_400,
    "분(?![실류기명석할배산리])|分(?!の)|minutes?|mins?|minuten?": 1 / 1_440,
    "시간(?!대)|時間|hours?|hrs?|stunden?": 1 / 24,
    "일(?![반요괄정치부자상시련관본])|日(?!本)|days?|tage?n?": 1.0,
    "주일|주간|주(?![소문말년차의요민])|週間|weeks?|wochen?": 7.0,
    "개월|달(?![러라성리])|か月|ヶ月|ヵ月|カ月|months?|monate?n?": 365 / 12,
    "년(?![대식형도])|年(?!度)|years?|jahre?n?": 365.0,
}
_WORKING = r"(?:(?:business|working)[ -]?|werk(?=tag)|arbeits(?=tag)|영업|営業)"
_UNIT = "|".join(
    rf"(?P<u{place}>{'|'.join(word + '(?![A-Za-zäöü])' * word[0].isascii() for word in words.split('|'))})"
    for place, words in enumerate(_UNITS)
)
_DURATION = re.compile(
    rf"(?P<before>영업일\s?(?:기준\s?)?(?:최대\s?|약\s?)?)?{_RANGE}\s?-?\s?(?P<working>{_WORKING})?(?:{_UNIT})", re.I
)
_SCALES = tuple(_UNITS.values())
_SPANS = {"하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "열흘": 10, "보름": 15, "일주일": 7, "반년": 182.5}
_SPANS |= {"fortnight": 14, "half an hour": 1 / 48, "halbe stunde": 1 / 48, "半年": 182.5, "반 시간": 1 / 48}
_SPAN = re.compile(rf"(?:{'|'.join(_SPANS)})(?!에 )", re.I)

_MONEY = {
    "usd": r"US\$|USD|\$|dollars?\b|달러|ドル|米ドル",
    "eur": r"€|EUR\b|euros?\b|유로|ユーロ",
    "krw": r"₩|KRW|원(?![본인격래칙클])|won\b|ウォン",
    "jpy": r"¥|JPY|円|엔(?![진터])|yen\b",
    "gbp": r"£|GBP|pounds?\b|파운드|ポンド",
}
_SIGN = "|".join(rf"(?P<{name}>{words})" for name, words in _MONEY.items())
_PRICES = (
    re.compile(rf"(?:{_SIGN})\s?(?P<number>{_DIGITS}){_TIMES}", re.I),
    re.compile(rf"{_RANGE}\s?(?:{_SIGN})", re.I),
)
_PERCENT = re.compile(rf"{_RANGE}\s?(?:%|percent\b|per cent\b|퍼센트|프로(?![그필모젝])|prozent\b|パーセント)", re.I)
_BYTES = {"k": 1.0, "m": 1_024.0, "g": 1_024.0**2, "t": 1_024.0**3}
_SIZE = re.compile(rf"(?P<number>{_DIGITS})\s?(?P<unit>[KMGT])i?B(?:yte)?(?![A-Za-z])")
_FIRMLY = re.compile(
    r"\b(?:in|within|after|about|than|least|for|takes?|einem|nach|innerhalb|von)\s$|(?:약|최대|최소) $", re.I
)
_PLAIN = re.compile(_RANGE, re.I)

_NAMES = (
    "january february march april may june july august september october november december",
    "januar februar märz april mai juni juli august september oktober november dezember",
)
_MONTHS = {
    name[:size]: n for line in _NAMES for n, name in enumerate(line.split(), 1) for size in range(3, len(name) + 1)
}
_MONTH = rf"(?P<name>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})(?!\w)\.?"
_DATES = (
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)? {_MONTH},?(?: (?P<year>\d{{4}}))?", re.I),
    re.compile(rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year>\d{{4}}))?", re.I),
    re.compile(r"(?:(?P<year>\d{4})[년年]\s?)?(?P<month>\d{1,2})[월月]\s?(?P<day>\d{1,2})[일日]"),
    re.compile(r"(?<!\d)(?P<year>20\d\d)[-./] ?(?P<month>\d{1,2})[-./] ?(?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?<![\d.])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>20\d\d)(?!\d)"),
    re.compile(rf"\b{_MONTH} (?P<year>20\d\d)\b", re.I),
    re.compile(r"(?<!\d)(?P<year>20\d\d)[년年]\s?(?P<month>\d{1,2})[월月]"),
)
_CLOCK = re.compile(
    r"(?P<half>오전|오후|저녁|밤|午前|午後)?\s?(?<![\d:.,])(?P<hour>\d{1,2})"
    r"(?:(?::(?P<minute>\d{2})(?!\d)|[시時](?!간|間)(?:\s?(?P<minute2>\d{1,2})[분分])?)(?:\s?(?P<am>[ap])\.?m\b)?"
    r"|\s?(?P<am2>[ap])\.?m\b|(?=\s?Uhr\b))",
    re.I,
)
_ZONE = re.compile(r"\b(?:KST|JST|UTC|GMT|[PECM][SD]?T|CES?T|UK time|MEZ)\b|한국 ?시간|日本時間")
_ORDINAL = re.compile(
    r"\b\d+(?:st|nd|rd|th)\b|(?:제|第)\s?\d+|(?:\d+|[두세네첫한])\s?(?:번째|째)|\d+番目"
    r"|\d+(?:-\d+){2,}|\b\d{2,4}-\d{4}\b|\d+(?:\.\d+){2,}|\+\d[\d ()-]{6,}|\b24/7\b|\bone of\b|\bno one\b|\beach one\b",
    re.I,
)
_ANY = re.compile(rf"\d|{_WORD}|(?:{'|'.join(_SPANS)})|{_BARE}", re.I)


@dataclass(frozen=True)
class Quantity:
    """A number with what it measures. `kind` tells what may be compared; `low` and `high` differ for a range only.

    `raw` is the number before its unit, `start` where it begins. One that is not `firm` says too little to disagree
    with another: a word like "a", or a bare one.
    """

    kind: str
    low: float
    high: float
    raw: float
    text: str
    start: int
    firm: bool = True


def quantities(text: str, language: str) -> list[Quantity]:
    """Every quantity of a text without markup, by place. A place belongs to the first kind that reads it.

    The text is to be in NFKC, so that there is one form of each digit.
    """
    if not _ANY.search(text):
        return []
    found: list[Quantity] = []
    for read in (_dates, _ordinals, _clocks, _money, _percents, _sizes, _durations, _numbers):
        for one, (start, end) in list(read(text, language)):
            if "\x00" not in text[start:end]:
                found.append(one)
                text = text[:start] + "\x00" * (end - start) + text[end:]
    return sorted((one for one in found if one.kind != "ordinal"), key=lambda one: one.start)


def agree(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities of one kind say the same, or one lies in the other. A month is no exact number of days."""
    if a.kind.startswith(("date", "clock")):
        return a.low == b.low or (a.kind == "date" and (a.low % 1e4 == b.low % 1e4) and min(a.low, b.low) < 1e4)
    loose = 0.03 if a.kind in ("duration", "size") else 1e-9
    if a.kind == "duration" and a.raw != b.raw and max(a.low, b.low) >= 28:
        loose = 0.1  # four weeks, a month
    ends = [math.isclose(x, y, rel_tol=loose) for x, y in ((a.low, b.low), (a.high, b.high))]
    if a.low != a.high and b.low != b.high:
        return all(ends)
    return any(ends) or a.low <= b.low <= a.high or b.low <= a.low <= b.high


def number(raw: str, language: str) -> float:
    """What a number says, written in digits as a language does, or in words."""
    raw = raw.strip().lower()
    for known in (_WORDS, _NATIVE, _KANJI, _MANY):
        if raw in known:
            return float(known[raw])
    raw = re.sub(r"['\u00a0\u202f ]", "", raw)
    thousands = "." if language in COMMA else ","
    if re.fullmatch(rf"\d{{1,3}}(?:[{thousands}]\d{{3}})+", raw):
        return float(raw.replace(thousands, ""))
    *whole, last = raw.replace(",", ".").split(".")
    return float(f"{''.join(whole)}.{last}" if whole else last)


Read = Iterator[tuple[Quantity, tuple[int, int]]]


def _read(kind: str, match: re.Match[str], language: str, scale: float = 1.0) -> tuple[Quantity, tuple[int, int]]:
    groups = match.groupdict()
    raw = number(groups["number"], language)
    high = number(groups["high"], language) if groups.get("high") else raw
    many = _MANY[groups["many"].lower()] if groups.get("many") else 1
    more = float(groups.get("more") or 0) * _MANY.get(groups.get("tail") or "", 1)
    low, high = raw * many + more, high * many + more
    before = match.string[max(match.start() - 12, 0) : match.start()]
    firm = groups["number"][0].isdigit() or high > 1 or bool(_FIRMLY.search(before))
    said = match.group().strip()
    return Quantity(kind, low * scale, max(low * scale, high * scale), low, said, match.start(), firm), match.span()


def _dates(text: str, _: str) -> Read:
    for pattern in _DATES:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            month = int(groups["month"]) if groups.get("month") else _MONTHS[groups["name"].lower()]
            day, year = int(groups.get("day") or 0), int(groups.get("year") or 0)
            value = float(year * 10_000 + month * 100 + day)
            if 1 <= month <= 12 and day <= 31:
                kind = "date" if day else "date of a month"
                yield Quantity(kind, value, value, value, match.group().strip(), match.start()), match.span()


def _ordinals(text: str, _: str) -> Read:
    """Which one of several, and what names something: neither is a quantity."""
    for match in _ORDINAL.finditer(text):
        yield Quantity("ordinal", 0, 0, 0, match.group(), match.start()), match.span()


def _clocks(text: str, _: str) -> Read:
    zones = "".join(sorted(set(_ZONE.findall(text))))
    for match in _CLOCK.finditer(text):
        late = (match["am"] or match["am2"] or "").lower() == "p" or match["half"] in ("오후", "저녁", "밤", "午後")
        early = (match["am"] or match["am2"] or "").lower() == "a" or match["half"] in ("오전", "午前")
        hour = int(match["hour"]) % 24
        hour = hour + 12 if late and hour < 12 else 0 if early and hour == 12 else hour
        minutes = float(hour * 60 + int(match["minute"] or match["minute2"] or 0))
        yield Quantity(f"clock {zones}", minutes, minutes, hour, match.group().strip(), match.start()), match.span()


def _money(text: str, language: str) -> Read:
    for pattern in _PRICES:
        for match in pattern.finditer(text):
            yield _read(f"money {next(name for name in _MONEY if match[name])}", match, language)


def _percents(text: str, language: str) -> Read:
    yield from (_read("percent", match, language) for match in _PERCENT.finditer(text))


def _sizes(text: str, language: str) -> Read:
    yield from (_read("size", match, language, _BYTES[match["unit"].lower()]) for match in _SIZE.finditer(text))


def _durations(text: str, language: str) -> Read:
    for match in _SPAN.finditer(text):
        days = float(_SPANS[match.group().lower()])
        yield Quantity("duration", days, days, days, match.group(), match.start()), match.span()
    for match in _DURATION.finditer(text):
        scale = next(scale for place, scale in enumerate(_SCALES) if match[f"u{place}"])
        value, span = _read("duration", match, language, scale)
        if scale == 365.0 and value.raw > 1_900:
            yield Quantity("year", value.raw, value.raw, value.raw, value.text, value.start), span
        elif match["working"] or match["before"]:
            yield _read("working days", match, language, scale)
        else:
            yield value, span


def _numbers(text: str, language: str) -> Read:
    for match in _PLAIN.finditer(text):
        value, span = _read("number", match, language)
        if value.high != 1 or value.text.lower() in ("1", "one", "한"):  # "a" is no number
            yield value, span


def plain(text: str) -> str:
    """A text in NFKC without comments, code, addresses, tags and link targets, each line in its place."""
    text = _without_comments(unicodedata.normalize("NFKC", text))
    for pattern in _MARKUP:
        text = pattern.sub(_blank, text)
    return text.replace("*", " ")


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())


def _without_comments(text: str) -> str:
    found, done = [], 0
    while (start := text.find("<!--", done)) >= 0 and (end := text.find("-->", start)) >= 0:
        found += [text[done:start], "\n" * text.count("\n", start, end)]
        done = end + 3
    return "".join([*found, text[done:]])


_MARKUP = (
    *(re.compile(r"`[^`\n]+`"), re.compile(r"</?[A-Za-z][^<>]*>"), re.compile(r"(?<=\])\([^()\n]*\)")),
    *(re.compile(r"\{[^{}\n]*\}"), re.compile(r"https?://\S+"), re.compile(r"[\w.+-]{1,64}@[\w-]+\.\w+")),
    re.compile(r"\[![A-Z]+\]|!\[[^\]\n]*\]"),
)
