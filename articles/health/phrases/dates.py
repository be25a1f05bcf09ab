"""Dates as sentences name them, in English and Korean: a day, a month, a quarter, a half, a season, a year.

Each is the days that it may mean, first and last; what is told without a year (3월 1일) is found by `yearless`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SEASONS = {
    **{"spring": (3, 5), "summer": (6, 8), "fall": (9, 11), "autumn": (9, 11), "winter": (12, 12)},
    **{"christmas": (12, 12), "easter": (3, 4), "thanksgiving": (11, 11), "halloween": (10, 10), "new year": (1, 1)},
    **{"추석": (9, 10), "설날": (1, 2), "설": (1, 2), "크리스마스": (12, 12), "성탄절": (12, 12)},
    **{"봄": (3, 5), "여름": (6, 8), "가을": (9, 11), "겨울": (12, 12), "first": (1, 6), "second": (7, 12)},
}
_PARTS = {
    "early": (1, 4),
    "mid": (5, 8),
    "late": (9, 12),
    "초": (1, 4),
    "중순": (5, 8),
    "중반": (5, 8),
    "말": (12, 12),
    "연초": (1, 4),
    "연말": (12, 12),
}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "final": 4}
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = r"(?P<{}>(?:19|20)\d\d)(?!\d)"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<mon>{_MONTH}),?\s{_YEAR.format('y')}",
        rf"\b(?P<mon>{_MONTH})\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,\s?|\s){_YEAR.format('y')}",
        rf"(?<![\d./-]){_YEAR.format('y')}(?:년\s?|-|/|\.\s?)(?P<m>1[0-2]|0?[1-9])(?:월\s?|-|/|\.\s?)(?P<d>\d{{1,2}})"
        r"(?:일|\.(?!\d))?(?![\d./-]\d)",
        rf"\b(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}})/{_YEAR.format('y')}",
        rf"(?<![\d./-])(?P<d>\d{{1,2}})\.\s?(?P<m>1[0-2]|0?[1-9])\.\s?{_YEAR.format('y')}",
        rf"\b(?P<d>\d{{1,2}})[-/](?P<mon>{_MONTH})[-/]{_YEAR.format('y')}",
        rf"(?<![\d./-])(?P<m>1[0-2]|0?[1-9])/{_YEAR.format('y')}(?!/)",
        r"(?<!\d)(?:['’‘]|(?<![\d.,/-])(?=(?:2\d|3\d)년))(?P<yy>\d\d)(?:년\s?|[./-]\s?)(?P<m>1[0-2]|0?[1-9])(?:월\s?"
        r"|[./-]\s?)(?P<d>\d{1,2})"
        r"(?:일|\.(?!\d))?(?![\d./-]\d)",
        r"(?<!\d)(?:['’‘]|(?<![\d.,/-])(?=(?:2\d|3\d)년))(?P<yy>\d\d)년\s?(?P<m>1[0-2]|0?[1-9])월(?!\d)",
        rf"(?<![\d./-]){_YEAR.format('y')}(?:년\s?|\.\s?)(?P<m>1[0-2]|0?[1-9])(?:월|\.)(?!\d)",
        rf"(?:(?P<end>end)\sof\s)?\b(?P<mon>{_MONTH})(?:\sof)?,?\s{_YEAR.format('y')}",
        rf"\bQ(?P<q>[1-4])[\s,/]?(?:of\s)?{_YEAR.format('y')}",
        rf"(?<!\d){_YEAR.format('y')}[\s-]?Q(?P<q>[1-4])\b",
        rf"\b(?P<nth>first|second|third|fourth|last|final)\squarter\sof\s{_YEAR.format('y')}",
        rf"\b(?P<season>christmas|easter|thanksgiving|halloween|new year)(?:\sof)?\s{_YEAR.format('y')}",
        rf"(?<!\d){_YEAR.format('y')}년\s?(?P<q>[1-4])\s?(?:분기|사분기)",
        rf"(?<!\d){_YEAR.format('y')}년\s?(?P<half>[상하])반기",
        rf"\b(?P<season>spring|summer|fall|autumn|winter)(?:\sof)?\s{_YEAR.format('y')}",
        rf"\b(?P<season>first|second)\shalf\sof\s{_YEAR.format('y')}",
        rf"(?<!\d){_YEAR.format('y')}년\s?(?P<season>봄|여름|가을|겨울|추석|설날|설(?=\s?(?:연휴|명절|전|까지))"
        r"|크리스마스|성탄절)",
        rf"\b(?P<part>early|mid|late)(?:\sin\s|[\s-]){_YEAR.format('y')}",
        rf"\b(?P<end>end)\sof\s(?:the\syear\s)?{_YEAR.format('y')}",
        rf"\b(?P<end>year[ -]end)\s{_YEAR.format('y')}",
        rf"(?<!\d){_YEAR.format('y')}년\s?(?P<part>연초|연말|초|중순|중반|말)",
        rf"(?<![\d./-]){_YEAR.format('y')}(?:년(?!대|\s?\d)|(?![\d년]|[./-]\d))",
    )
)
_NO_YEAR = (
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<mon>{_MONTH})(?!,?\s\d)", re.IGNORECASE),
    re.compile(rf"\b(?P<mon>{_MONTH})\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|,?\s\d{{4}})", re.IGNORECASE),
    re.compile(r"(?<![\d년])(?<!년\s)(?P<m>1[0-2]|[1-9])월\s?(?P<d>\d{1,2})일"),
    re.compile(r"(?<![\d년])(?<!년\s)(?P<m>1[0-2]|[1-9])월\s?말"),
    re.compile(rf"\b(?:end|close)\sof\s(?P<mon>{_MONTH})(?!,?\s\d)", re.IGNORECASE),
)

FUTURE = re.compile(
    r"\b(?:will|won['’]t|shall|(?:is|are|['’]re) going to|(?:is|are) to(?= be\b)"
    r"|(?:is|are) (?:\w+ly )?(?:scheduled|planned|expected|due|set|slated|earmarked|intended) (?:to|for|in|on)"
    r"|(?:plan|aim|hope|intend|expect)(?:s|ing)? to|estimates?|upcoming|forthcoming)\b|['’](?:ll|re (?:planning"
    r"|moving|closing"
    r"|launching|switching|replacing|opening|changing|raising|ending|retiring|introducing))\b"
    r"|\b(?:are|is) (?:planning|moving|closing|launching|switching|replacing|opening|changing|raising|ending|retiring"
    r"|introducing|reopening|migrating|phasing out|rolling out|merging|relocating|stopping)\b",
    re.IGNORECASE,
)
"""Words by which an English sentence looks ahead."""


@dataclass(frozen=True)
class Mention:
    """A date in a text: where it stands, and the days that it may mean. `year_only`: the text says no more."""

    start: int
    end: int
    first: date
    last: date
    year_only: bool = False


def mentions(text: str, start: int, stop: int) -> list[Mention]:
    """The dates with a year in a part of a text, in order, none overlapping another."""
    found: list[Mention] = []
    for form in _FORMS:
        for match in form.finditer(text, start, stop):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            days = _days(match)
            if days:
                only = {key for key, value in match.groupdict().items() if value} == {"y"}
                found.append(Mention(match.start(), match.end(), *days, only))
    return sorted(found, key=lambda mention: mention.start)


def yearless(text: str, start: int, stop: int, since: date) -> Iterator[Mention]:
    """The days without a year, each as the first such day from `since` on; of a month's end, its last day."""
    for form in _NO_YEAR:
        for match in form.finditer(text, start, stop):
            for year in (since.year, since.year + 1):
                month = _month(match)
                day = _day(year, month, int(match.groupdict().get("d") or monthrange(year, month)[1]))
                if day and day >= since:
                    yield Mention(match.start(), match.end(), day, day)
                    break


def _days(match: re.Match[str]) -> tuple[date, date] | None:
    parts = {key: value for key, value in match.groupdict().items() if value}
    year = int(parts.pop("y", 0) or 2000 + int(parts.pop("yy")))
    if "d" in parts:
        month, day = _month(match), int(parts["d"])
        found = _day(year, month, day) or _day(year, day, month)  # 31/12/2024, too
        return (found, found) if found else None
    if "q" in parts:
        return _span(year, 3 * int(parts["q"]) - 2, 3 * int(parts["q"]))
    if "nth" in parts:
        quarter = _ORDINALS[parts["nth"].lower()]
        return _span(year, 3 * quarter - 2, 3 * quarter)
    if "half" in parts:
        return _span(year, *((1, 6) if parts["half"] == "상" else (7, 12)))
    if "mon" in parts or "m" in parts:
        return _span(year, _month(match), _month(match))
    named = _SEASONS.get(parts.get("season", "").lower()) or _PARTS.get(parts.get("part", "").lower())
    return _span(year, *(named or ((12, 12) if "end" in parts else (1, 12))))


def _month(match: re.Match[str]) -> int:
    groups = match.groupdict()
    return _MONTHS.index(groups["mon"][:3].lower()) + 1 if groups.get("mon") else int(groups["m"])


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _span(year: int, first: int, last: int) -> tuple[date, date]:
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])
