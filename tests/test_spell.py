"""Spelling: what unknown words were meant to be, never out of what the reader may not see."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.hangul import jamo
from search.spell import Correction, Speller, Word

SEEN = {
    **{"refund": 9, "refunds": 3, "payment": 5, "subscription": 4, "password": 6, "address": 2, "late": 3, "card": 7},
    **{"cart": 7, "naru": 8, "tail": 1, "nail": 1, "notification": 2, "email": 3, "delivery": 4},
    **{
        "환불": 9,
        "결제": 8,
        "배송": 4,
        "비밀번호": 5,
        "구독": 3,
        "해지": 3,
        "일본": 1,
        "안내": 6,
        "알림": 2,
        "눈": 1,
        "영수증": 2,
    },
}
HIDDEN = ("blacklist", "차단")
SPELLER = Speller([*SEEN, *HIDDEN])


def words(text: str) -> list[Word]:
    return [Word(match.group(), *match.span()) for match in re.finditer(r"(?:[^\W_]|[\u1100-\u11ff])+", text)]


def corrected(text: str, count: Callable[[str], int] = lambda word: SEEN.get(word, 0)) -> Correction | None:
    return SPELLER.correct(text, words(text), count)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("refnud", "refund"),
        ("Refnud", "Refund"),
        ("refund passwrod", "refund password"),
        ("paymnt, please", "payment, please"),
        ("subscripton", "subscription"),
        ("sbuscripton", "subscription"),
        ("zubscription", "subscription"),
        ("erfund", "refund"),
        ("환뿔", "환불"),
        ("한불", "환불"),
        (unicodedata.normalize("NFD", "한불"), "환불"),
        ("결재", "결제"),
        ("비밀버노", "비밀번호"),
        ("한불은 언제", "환불은 언제"),
        ("결재했어요", "결제했어요"),
        ("ghksqnf", "환불"),
        ("Ghksqnf dksso", "환불 안내"),
        ("dlfqhs", "일본"),
        ("ghksqnfgownj", "환불해줘"),
        ("ㄱㄷ려ㅜㅇ", "refund"),
        ("ㅔㅁㅛㅡㄷㅜㅅ", "payment"),
        ("나의 ㅔㅁㄴㄴ재ㄱㅇ", "나의 password"),
    ],
)
def test_what_was_meant(written: str, meant: str) -> None:
    found = corrected(written)
    assert found is not None
    assert found.text == meant


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "refund",
            "환불",
            "결제가 환불안내",
            "환불했어요",
            "환불을",
            "구독해지",
        ),  # known, or known with an ending
        *("rfd", "lat", "xy", "물", "눈", "sns"),  # too short
        *("REFNUD", "refnud2", "NR-2207", "passwrod1"),  # codes and acronyms
        *("a@refnud.com", "https://refnud.com/paymnt", "www.refnud.kr", "/usr/paymnt", "paymnt_id", "@refnud"),
        *("[emial] [email] [phone] [resident-number]",),
        *("kefund", "quetzal", "겉옷", "ㅋㅋㅋ", "ㅎㅎ", "請求書請求", "한ㅂ"),  # nothing near
    ],
)
def test_what_is_left_alone(text: str) -> None:
    assert corrected(text.replace("[emial] ", "")) is None


def test_masks_are_not_words_even_where_the_reader_could_find_one_near() -> None:
    count = {"emails": 1, "refund": 1}.get
    found = Speller(["emails", "refund"]).correct("[email] refnud", words("[email] refnud"), lambda w: count(w) or 0)
    assert found == Correction("[email] refund", (("refnud", "refund"),))


def test_changes_are_pairs_and_the_rest_stays_as_it_was() -> None:
    assert corrected("My  refnud; 결재?") == Correction("My  refund; 결제?", (("refnud", "refund"), ("결재", "결제")))


def test_nearest_then_most_frequent_then_alphabetical() -> None:
    counts = {"carts": 2, "cards": 2, "carda": 1, "caries": 9}
    speller = Speller(counts)
    assert _only(speller, "carxs", counts) == "cards"
    assert _only(speller, "carxs", counts | {"carts": 3}) == "carts"
    assert _only(speller, "cariez", counts) == "caries"


def _only(speller: Speller, text: str, counts: dict[str, int]) -> str:
    found = speller.correct(text, words(text), lambda word: counts.get(word, 0))
    return found.text if found else ""


@pytest.mark.parametrize("text", ["blacklst", "blakclist", "차딘", "ckeks", "ㅠㅣㅁ차ㅣㅑㄴㅅ", "차단 blacklist"])
def test_hidden_words_are_never_proposed(text: str) -> None:
    assert corrected(text) is None
    everything = corrected(text, lambda word: int(word in SEEN or word in HIDDEN))
    assert everything is not None or text == "차단 blacklist"


@given(st.text(string.ascii_lowercase + "환불결제배송비밀번호ㅎㅂ @.1", max_size=12))
def test_only_what_the_reader_can_find_is_proposed(text: str) -> None:
    found = corrected(text)
    hidden = Speller(SEEN).correct(text, words(text), lambda word: SEEN.get(word, 0))
    assert found == hidden  # words that the reader may not see change nothing
    for written, meant in found.changes if found else ():
        assert written in text
        assert any(SEEN.get(meant[:end].lower()) for end in range(2, len(meant) + 1))


@given(st.sampled_from([word for word in SEEN if word.isascii() and len(word) > 4]), st.data())
def test_one_letter_too_many_is_found(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word)))
    slip = word[:at] + data.draw(st.sampled_from(string.ascii_lowercase)) + word[at:]
    found = corrected(slip)
    assert slip in SEEN or (found is not None and jamo(found.text) in SEEN)


def test_nothing_is_indexed_before_the_first_correction() -> None:
    speller = Speller(SEEN)
    speller.correct("refund 환불", words("refund 환불"), lambda word: SEEN.get(word, 0))
    assert "_buckets" not in vars(speller)
