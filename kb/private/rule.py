"""A rule, and the contexts that rules share."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "email",
    "phone",
    "card",
    "resident-number",
    "account",
    "address",
    "name",
    "passport",
    "licence",
    "ip",
    "ssn",
    "secret",
]

A, AI = re.ASCII, re.ASCII | re.IGNORECASE
"""Korean stands right beside numbers and English words (password는, 010-1234-5678로): no letter of it is `\\w`."""

START = r"(?<![\w.\-/])"
END = r"(?![\-]?[\dA-Za-z_])"
IS = r"[\"'“‘(]?\s{0,3}(?:은|는|이|가|을|를|(?:is|was|to|of)\b)?\s{0,3}[:：=#]?\s{0,3}[\"'“‘(]?"
"""Between the word for a thing and the thing."""

_KEPT = re.compile(
    r"(?:주문|송장|운송장|쿠폰|모델|시리얼|일련|상품|제품|문의|접수|예약|승인|품번|등기|부품"
    r"|\b(?:orders?|tracking|invoice|sku|serial|model|parts?|coupon|po|p/n|s/n|tickets?|case|ref(?:erence)?|imei|parcel"
    r"|routing|booking|confirmation|request|transaction|ups|fedex|dhl|usps))"
    r"[ _]?(?:번호|코드|명|number|num|no\.?|code|id|#)?" + IS + r"$",
    AI,
)


def whole(match: re.Match[str]) -> int:
    """All of the value counts."""
    return len(match["value"])


@dataclass(frozen=True)
class Rule:
    """A kind and the pattern that finds it, in its group `value`. `size` is how much of the value counts, 0 none.

    `digits`: whatever it finds has one. Every quantifier over more than a few characters has a bound: a hostile text
    costs time in line with its length.
    """

    kind: Kind
    pattern: re.Pattern[str]
    size: Callable[[re.Match[str]], int] = whole
    digits: bool = True


def before(match: re.Match[str], length: int = 40) -> str:
    """What stands before the value."""
    start = match.start("value")
    return match.string[max(0, start - length) : start]


def after(match: re.Match[str], length: int = 20) -> str:
    end = match.end("value")
    return match.string[end : end + length]


def kept(match: re.Match[str]) -> bool:
    """Whether the text says that this is the number of an order, a parcel, a model …: what a search needs."""
    return bool(_KEPT.search(before(match)))


def digits(text: str) -> str:
    return "".join(char for char in text if char.isdecimal())


def longest(value: str, holds: Callable[[str], bool]) -> int:
    """Length of the longest beginning of `value`, cut at a space, that holds; 0 for none."""
    while value and not holds(value):
        value = value.rpartition(" ")[0]
    return len(value)
