"""Masks personal data at the door, before anything is embedded, logged or stored.

`[email]`, `[phone]`, `[name]` and so on stand where it stood. Some kinds are known by their shape or check digit,
others only where the text says what they are; the patterns are in `kb.private`. What a search needs stays: error
codes, versions, dates, amounts, order, tracking and model numbers, ports, the numbers that companies answer at
(1588-1234), and addresses of private networks (192.168.0.1), which are nobody's.
"""

from __future__ import annotations

import re
from functools import partial
from typing import get_args

from kb.private import RULES
from kb.private.rule import Kind, Rule

Span = tuple[int, int, Kind]

_WITHOUT_DIGITS = [rule for rule in RULES if not rule.digits]

_DIGIT = re.compile(r"[0-9]")
# other forms of ASCII's characters, one for one: full-width ones, spaces that do not break, dashes, ends of lines
_PLAIN: dict[int, int | str] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys((0x0D, 0xA0, 0x202F, 0x3000), " "),
    **dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2212), "-"),
}
_MASK = re.compile(rf"\[(?:{'|'.join(get_args(Kind))})\]")


def spans(text: str) -> list[Span]:
    """Where personal data stands: (start, end, kind) in characters of `text`, in order, none overlapping another."""
    found: list[Span] = []
    left = _MASK.sub(lambda match: _blank(match.group()), text.translate(_PLAIN))
    for rule in RULES if _DIGIT.search(left) else _WITHOUT_DIGITS:
        left = rule.pattern.sub(partial(_take, rule, found), left)
    return sorted(found)


def _take(rule: Rule, found: list[Span], match: re.Match[str]) -> str:
    """Note what a rule found, and leave blanks there, so that no later rule reads it."""
    start, end = match.span("value")
    end = start + min(rule.size(match), end - start)
    if end == start:
        return match.group()
    found.append((start, end, rule.kind))
    at, to = start - match.start(), end - match.start()
    text = match.group()
    return text[:at] + _blank(text[at:to]) + text[to:]


def _blank(text: str) -> str:
    return "\0" * len(text)


def mask(text: str) -> str:
    """`text` with personal data replaced by its kind in brackets. Masked text stays as it is."""
    parts, at = [], 0
    for start, end, kind in spans(text):
        parts += [text[at:start], f"[{kind}]"]
        at = end
    return "".join([*parts, text[at:]])


def without_masks(text: str) -> str:
    """Masked text with the masks taken out: what is worth searching for."""
    return " ".join(_MASK.sub(" ", text).split())
