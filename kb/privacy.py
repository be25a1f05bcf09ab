"""Masks personal data at the door, before anything is embedded, logged or stored.

E-mail addresses, phone numbers, payment cards (by Luhn's check), Korean resident and foreigner registration
numbers, and bank account numbers become `[email]`, `[phone]` and so on. Error codes, versions, dates and order
ids stay: they are what a search needs.
"""

from __future__ import annotations

import re

_START = r"(?<![\w.\-/])"
_END = r"(?![\w\-/]|\.\d)"
_EMAIL = re.compile(r"(?<![\w.+\-])[\w.+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}")
# after a number Korean goes on with a particle (010-1234-5678로), so only digits and hyphens end the match
_KO_END = r"(?![\d\-]|[A-Za-z_])"
_RESIDENT = re.compile(
    rf"{_START}\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\s?-\s?[1-8]\d{{6}}{_KO_END}"
    rf"|{_START}\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[1-4]\d{{6}}{_KO_END}"
)
_CARD = re.compile(rf"{_START}\d(?:[ \-]?\d){{12,18}}{_KO_END}")
_PHONE = re.compile(
    rf"(?<![\w\-/])(?:\+\d{{1,3}}[ .\-]?)?(?:\(0?\d{{1,4}}\)[ .\-]?)\d{{3,4}}[ .\-]?\d{{4}}{_KO_END}"
    rf"|(?<![\w\-/])\+\d{{1,3}}(?:[ .\-]?\d{{1,4}}){{2,4}}{_KO_END}"
    rf"|{_START}01[016789][ .\-]?\d{{3,4}}[ .\-]?\d{{4}}{_KO_END}"
    rf"|{_START}0(?:2|[3-6]\d|70|80|50\d)[ .\-]\d{{3,4}}[ .\-]\d{{4}}{_KO_END}"
    rf"|{_START}1[56789]\d{{2}}-\d{{4}}{_KO_END}"
    rf"|{_START}[2-9]\d{{2}}[.\-][2-9]\d{{2}}[.\-]\d{{4}}{_KO_END}"
)
_ACCOUNT = re.compile(rf"{_START}\d{{2,6}}-\d{{2,6}}-\d{{2,7}}(?:-\d{{1,5}})?{_KO_END}")
_ACCOUNT_WORD = re.compile(
    r"((?:계좌(?:\s*번호)?|account\s*(?:number|no\.?|#)|iban|은행|뱅크)\s*(?:는|은|:|is)?\s*)"
    r"([A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?|\d(?:[ \-]?\d){8,15})(?!\d)",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?:19|20)\d{2}-\d{1,2}-\d{1,2}$")


def mask(text: str) -> str:
    """`text` with personal data replaced by its kind in brackets."""
    text = _EMAIL.sub("[email]", text)
    text = _RESIDENT.sub("[resident-number]", text)
    text = _CARD.sub(_card, text)
    text = _ACCOUNT_WORD.sub(r"\1[account]", text)
    text = _PHONE.sub("[phone]", text)
    return _ACCOUNT.sub(_account, text)


_MASK = re.compile(r"\[(?:email|phone|card|resident-number|account)\]")


def without_masks(text: str) -> str:
    """Masked text with the masks taken out: what is worth searching for."""
    return " ".join(_MASK.sub(" ", text).split())


def _card(match: re.Match[str]) -> str:
    digits = [int(char) for char in match.group() if char.isdigit()]
    return "[card]" if _luhn(digits) else match.group()


def _luhn(digits: list[int]) -> bool:
    """The check digit of payment cards (ISO/IEC 7812-1)."""
    doubled = [d if i % 2 == 0 else sum(divmod(d * 2, 10)) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0 and len(set(digits)) > 1


def _account(match: re.Match[str]) -> str:
    digits = sum(char.isdigit() for char in match.group())
    if _DATE.match(match.group()) or not 10 <= digits <= 16:
        return match.group()
    return "[account]"
