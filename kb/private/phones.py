"""Phone numbers: by their shape, or by the word before them.

The numbers that companies answer at (1588-1234, 1-800-…) are nobody's, and stay.
"""

from __future__ import annotations

import re

from kb.private.rule import AI, END, IS, START, A, Rule, digits, kept

_WORD = (
    r"(?:전화(?:\s?번호)?|휴대폰(?:\s?번호)?|핸드폰(?:\s?번호)?|폰\s?번호|연락처|팩스"
    r"|\b(?:phone|telephone|tel|mobile|cell|fax|whatsapp)(?:\s?(?:number|no\b\.?|#))?"
    r"|\b(?:call|text|ring|reach|phone)\s(?:me|us)(?:\s(?:on|at))?)"
)


_OF_COMPANIES = re.compile(r"1?8(?:00|33|44|55|66|77|88)\d{7}$|1[568]\d{6}$")


def _shaped(match: re.Match[str]) -> int:
    return 0 if kept(match) else len(match["value"])


def _told(match: re.Match[str]) -> int:
    number = digits(match["value"])
    return len(match["value"]) if 8 <= len(number) <= 15 and not _OF_COMPANIES.match(number) else 0


RULES = (
    Rule(
        "phone",
        re.compile(rf"(?<![\w\-/+])(?P<value>\+\d{{1,3}}(?:[ .\-]?\(?\d{{1,5}}\)?){{2,5}}){END}", A),
        _told,
    ),
    Rule(
        "phone",
        re.compile(rf"{START}(?P<value>\(?01[016789]\)?[ .\-]{{0,3}}\d{{3,4}}[ .\-]{{0,3}}\d{{4}}){END}", A),
        _shaped,
    ),
    Rule(
        "phone",
        re.compile(rf"{START}(?P<value>0(?:2|[3-6]\d|70|80|50\d)(?:[ .\-]|\)\s?)\d{{3,4}}[ .\-]\d{{4}}){END}", A),
        _shaped,
    ),
    Rule(
        "phone",  # of the United Kingdom
        re.compile(
            rf"{START}(?P<value>07\d{{3}}[ ]?\d{{3}}[ ]?\d{{3}}|02\d[ ]\d{{4}}[ ]\d{{4}}|01\d{{3}}[ ]\d{{5,6}}"
            rf"|01\d{{2}}[ ]\d{{3}}[ ]\d{{4}}){END}",
            A,
        ),
        _shaped,
    ),
    Rule(
        "phone",  # of North America
        re.compile(
            rf"(?<![\w\-/])(?P<value>(?:1[ .\-])?(?!\(?8(?:00|33|44|55|66|77|88)\b)"
            rf"(?:\([2-9]\d{{2}}\)[ .\-]?|[2-9]\d{{2}}[.\-])[2-9]\d{{2}}[ .\-]\d{{4}}){END}",
            A,
        ),
        _shaped,
    ),
    Rule("phone", re.compile(rf"{_WORD}{IS}(?P<value>\(?\d(?:[ .\-()]{{0,2}}\d){{7,14}}){END}", AI), _told),
)
