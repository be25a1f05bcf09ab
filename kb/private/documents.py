"""Numbers that a state gives to a person: resident and social security numbers, passports, driver's licences."""

from __future__ import annotations

import re

from kb.private.rule import AI, END, IS, START, A, Rule, before, kept

_BORN = r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_RESIDENT_WORD = re.compile(r"주민|외국인\s?등록|resident|\brrn\b|\barc\b", AI)
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_NUMBER = r"\s{0,2}(?:번호|numbers?|num\b|no\b\.?|id\b|#)?"


def _resident(match: re.Match[str]) -> int:
    """Thirteen digits in a row are one by their check digit, or by the word before them."""
    value = match["value"]
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, value, strict=False))
    checked = (11 - total % 11) % 10 == int(value[-1])
    named = _RESIDENT_WORD.search(before(match))
    return len(value) if named or (checked and not kept(match)) else 0


def _unless_kept(match: re.Match[str]) -> int:
    return 0 if kept(match) else len(match["value"])


_SSN = r"(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}"
_PASSPORT_WORD = rf"(?:여권|\bpassport){_NUMBER}{IS}"
_LICENCE_WORD = rf"(?:면허증?|\bdriver'?s?'?\s?licen[cs]es?|\bdriving licen[cs]e|\bDL\b|\blicen[cs]e){_NUMBER}{IS}"
_REGION = r"(?:1[1-9]|2[0-8])"
_CITIES = "서울|부산|대구|인천|광주|대전|울산|경기|강원|충북|충남|전북|전남|경북|경남|제주"

RULES = (
    Rule("resident-number", re.compile(rf"{START}(?P<value>{_BORN}\s?-\s?[1-8](?:\d{{6}}|\*{{6}})){END}", A)),
    Rule("resident-number", re.compile(rf"{START}(?P<value>{_BORN}[1-8]\d{{6}}){END}", A), _resident),
    Rule("ssn", re.compile(rf"{START}(?P<value>{_SSN}){END}", A), _unless_kept),
    Rule(
        "ssn",
        re.compile(
            rf"\b(?:SSN|social security|social){_NUMBER}{IS}(?P<value>\d{{3}}[ \-]?\d{{2}}[ \-]?\d{{4}}){END}", AI
        ),
    ),
    Rule(
        "passport",
        re.compile(
            rf"{_PASSPORT_WORD}(?P<value>[A-Z]{{0,2}}\d{{6,9}}|[A-Z]\d{{3}}[A-Z]\d{{4}}){END}",
            AI,
        ),
    ),
    Rule("passport", re.compile(rf"{START}(?P<value>M\d{{8}}|[MSROD]\d{{3}}[A-Z]\d{{4}}){END}", A), _unless_kept),
    Rule(
        "licence",
        re.compile(rf"{START}(?P<value>(?:(?:{_CITIES})\s?\d{{2}}|{_REGION}-\d{{2}})-\d{{6}}-\d{{2}}){END}", A),
        _unless_kept,
    ),
    Rule("licence", re.compile(rf"{START}(?P<value>[A-Z]{{2,5}}9{{0,3}}\d{{6}}[A-Z9]{{2}}\d[A-Z]{{2}}){END}", A)),
    Rule(
        "licence",
        re.compile(rf"{_LICENCE_WORD}(?P<value>(?=[A-Z\d\-]{{0,12}}\d{{4}})[A-Z\d][A-Z\d\-]{{5,18}}){END}", AI),
    ),
)
