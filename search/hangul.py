"""Hangul as it is typed: keystrokes, initial consonants, and words typed while the other keyboard layout was on.

Strokes are those of the two-set (두벌식) keyboard, written as compatibility letters: a compound vowel or final is the
two strokes it takes (ㅘ is ㅗㅏ, ㅄ is ㅂㅅ), a double consonant is one, with Shift. So what stands there at any moment
of typing is a prefix of what it will become: 호, 화, 환, 환ㅂ and 환부 on the way to 환불. Which readings are worth
trying is for `search.spell` and `search.complete` to say.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from indexer.analyze import normalise

_FIRST = tuple("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ")
_MIDDLE = (
    *("ㅏ", "ㅐ", "ㅑ", "ㅒ", "ㅓ", "ㅔ", "ㅕ", "ㅖ", "ㅗ"),
    *("ㅗㅏ", "ㅗㅐ", "ㅗㅣ", "ㅛ", "ㅜ", "ㅜㅓ", "ㅜㅔ", "ㅜㅣ", "ㅠ", "ㅡ", "ㅡㅣ", "ㅣ"),
)
_LAST = (
    *("ㄱ", "ㄲ", "ㄱㅅ", "ㄴ", "ㄴㅈ", "ㄴㅎ", "ㄷ", "ㄹ", "ㄹㄱ", "ㄹㅁ", "ㄹㅂ", "ㄹㅅ", "ㄹㅌ", "ㄹㅍ", "ㄹㅎ"),
    *("ㅁ", "ㅂ", "ㅂㅅ", "ㅅ", "ㅆ", "ㅇ", "ㅈ", "ㅊ", "ㅋ", "ㅌ", "ㅍ", "ㅎ"),
)

_KEYS = dict(
    zip(
        "qwertyuiopasdfghjklzxcvbnmQWERTOP",
        "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅃㅉㄸㄲㅆㅒㅖ",
        strict=True,
    )
)
_TO_LATIN = {ord(stroke): key for key, stroke in _KEYS.items()}
# Shift changes nothing on the other keys
_TO_HANGUL = {ord(key.upper()): stroke for key, stroke in _KEYS.items()} | {ord(k): s for k, s in _KEYS.items()}
_SWITCH = _TO_LATIN | _TO_HANGUL

CONSONANTS = frozenset(_FIRST)


def jamo(text: str) -> str:
    """The strokes of `text`, normalised (NFKC, case folded); what is not Hangul stays."""
    return normalise(text).translate(_strokes())


def initials(text: str) -> str:
    """The first consonant of every syllable: 환불 안내 is ㅎㅂ ㅇㄴ. What is not a syllable stays, normalised."""
    strokes = _strokes()
    return "".join(
        _FIRST[(ord(char) - 0xAC00) // 588] if "가" <= char <= "힣" else strokes.get(ord(char), char)
        for char in normalise(text)
    )


def switched(text: str) -> str:
    """The strokes of `text` had the other layout been on: those of 환불 for ghksqnf, `refund` for ㄱㄷ려ㅜㅇ."""
    return unicodedata.normalize("NFKC", text).translate(_strokes()).translate(_SWITCH).casefold()


def from_english_keys(text: str) -> str:
    """Hangul typed while the layout was English: ghksqnf is 환불. Unfinished syllables stay letters."""
    from hangulpy import join_jamos

    return join_jamos(text.translate(_TO_HANGUL))


def to_english_keys(text: str) -> str:
    """English typed while the layout was Korean: ㄱㄷ려ㅜㅇ is refund."""
    return unicodedata.normalize("NFKC", text).translate(_strokes()).translate(_TO_LATIN)


@lru_cache(maxsize=1)
def _strokes() -> dict[int, str]:
    """Of every syllable, and of the loose letters that normalising leaves."""
    table = {0x1100 + n: first for n, first in enumerate(_FIRST)}
    table |= {0x1161 + n: middle for n, middle in enumerate(_MIDDLE)}
    table |= {0x11A8 + n: last for n, last in enumerate(_LAST)}
    table |= {0x111A: "ㄹㅎ", 0x1121: "ㅂㅅ"}  # NFKC takes a lone ㅀ or ㅄ for the beginning of an old syllable
    syllables = (first + middle + last for first in _FIRST for middle in _MIDDLE for last in ("", *_LAST))
    return table | dict(enumerate(syllables, start=0xAC00))
