"""Hangul as it is typed."""

from __future__ import annotations

import unicodedata
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.hangul import from_english_keys, initials, jamo, switched, to_english_keys

SYLLABLES = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("text", "strokes"),
    [
        ("환불", "ㅎㅗㅏㄴㅂㅜㄹ"),
        ("값", "ㄱㅏㅂㅅ"),
        ("꽃", "ㄲㅗㅊ"),
        ("있", "ㅇㅣㅆ"),
        ("왜 의", "ㅇㅗㅐ ㅇㅡㅣ"),
        ("ㅎㅂ", "ㅎㅂ"),
        ("ㅄ", "ㅂㅅ"),
        ("ㅘ", "ㅗㅏ"),
        ("Refund ＯＫ", "refund ok"),
        ("STRASSE ß", "strasse ss"),
        ("", ""),
    ],
)
def test_strokes(text: str, strokes: str) -> None:
    assert jamo(text) == strokes


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *[(moment, "환불") for moment in ("ㅎ", "호", "화", "환", "환ㅂ", "환부", "환불")],
        *[(moment, "과자") for moment in ("ㄱ", "고", "과", "과ㅈ", "과자")],
        *[(moment, "값") for moment in ("가", "갑", "갑ㅅ", "값")],
        *[(moment, "갑시다") for moment in ("갑", "값", "갑시", "갑싣")],
        *[(moment, "까닭") for moment in ("ㄲ", "까", "까ㄷ", "까달")],
        *[(moment, "의자") for moment in ("으", "의", "읮")],
    ],
)
def test_every_moment_of_typing_is_a_prefix(typed: str, meant: str) -> None:
    assert jamo(meant).startswith(jamo(typed))


@given(SYLLABLES)
def test_letters_typed_one_by_one_are_prefixes(text: str) -> None:
    strokes = jamo(text)
    assert all(strokes.startswith(jamo(moment)) for moment in accumulate(strokes))
    assert jamo(strokes) == strokes
    assert jamo(unicodedata.normalize("NFD", text)) == strokes


@pytest.mark.parametrize(
    ("text", "expected"),
    [("환불 안내", "ㅎㅂ ㅇㄴ"), ("까지", "ㄲㅈ"), ("ㅎㅂ", "ㅎㅂ"), ("Naru 앱", "naru ㅇ"), ("ㅄ", "ㅂㅅ"), ("", "")],
)
def test_initials(text: str, expected: str) -> None:
    assert initials(text) == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("ghksqnf", "환불"),
        ("ghksqnf dksso", "환불 안내"),
        ("Ghksqnf", "환불"),
        ("rkqt", "값"),
        ("RhC", "꽃"),
        ("dlfqhs", "일본"),
        ("rhkwk", "과자"),
        ("refund", "ㄱㄷ려ㅜㅇ"),
        ("123!", "123!"),
        ("", ""),
    ],
)
def test_hangul_typed_on_the_english_layout(keys: str, expected: str) -> None:
    assert from_english_keys(keys) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("ㄱㄷ려ㅜㅇ", "refund"), ("ㅔ묘ㅡ두ㅅ", "payment"), ("ㄲㄷ려ㅜㅇ", "Refund"), ("ㅗ디ㅔ 7", "help 7"), ("", "")],
)
def test_english_typed_on_the_korean_layout(typed: str, expected: str) -> None:
    assert to_english_keys(typed) == expected


@given(SYLLABLES)
def test_layouts_are_each_others_inverse(text: str) -> None:
    keys = to_english_keys(text)
    assert jamo(from_english_keys(keys)) == jamo(text)
    assert switched(keys) == jamo(text)
    assert switched(text) == keys.casefold()
