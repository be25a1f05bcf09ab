"""Completions: every way to match, their order, and that hidden phrases leave no trace."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate

import pytest
from hangulpy import join_jamos
from hypothesis import given
from hypothesis import strategies as st

from search.complete import Completions, Phrase
from search.hangul import jamo

TITLES = (
    *(
        "환불 안내",
        "자동결제 해지",
        "결제 수단 바꾸기",
        "호텔 예약",
        "배송이 늦어요",
        "비밀번호를 잊었을 때",
        "값 비싼 과자 환불",
    ),
    *("Refund policy", "How do I cancel my plan?", "Wi-Fi setup", "Change the payment card", "Payments and invoices"),
)


def phrase(text: str, weight: float = 1.0, audience: str = "public") -> Phrase:
    return Phrase(text, "title", text, audience, "ko", weight)


def anyone(_: Phrase) -> bool:
    return True


def public(candidate: Phrase) -> bool:
    return candidate.audience == "public"


def texts(found: list[Phrase]) -> list[str]:
    return [one.text for one in found]


COMPLETIONS = Completions(map(phrase, TITLES))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("환불", ["환불 안내", "값 비싼 과자 환불"]),  # beginning, then words
        (" REFUND  pol", ["Refund policy"]),
        ("wi-fi", ["Wi-Fi setup"]),
        ("wifi set", ["Wi-Fi setup"]),
        ("환불안", ["환불 안내"]),
        ("안내 환", ["환불 안내"]),
        ("plan canc", ["How do I cancel my plan?"]),
        ("결제", ["결제 수단 바꾸기", "자동결제 해지"]),  # beginning, then inside a word
        ("fund", ["Refund policy"]),
        ("voice pay", ["Payments and invoices"]),
        ("해지 결제", ["자동결제 해지"]),
        ("번호를", ["비밀번호를 잊었을 때"]),
        ("un", []),  # too short for the inside of a word
        ("ㅎㅂ", ["환불 안내", "값 비싼 과자 환불"]),
        ("ㅎㅂ ㅇㄴ", ["환불 안내"]),
        ("ㅎㅂㅇㄴ", ["환불 안내"]),
        ("ㅇㄴ", ["환불 안내"]),
        ("ㅄ ㄱㅈ", []),
        ("환불 ㅇㄴ", ["환불 안내"]),
        ("ㅂㅆ ㄱㅈ", ["값 비싼 과자 환불"]),
        ("호", ["호텔 예약", "환불 안내", "값 비싼 과자 환불"]),
        ("화", ["환불 안내", "값 비싼 과자 환불"]),
        ("환ㅂ", ["환불 안내", "값 비싼 과자 환불"]),
        ("갑ㅅ", ["값 비싼 과자 환불"]),
        ("고", ["값 비싼 과자 환불"]),
        ("환불 아", ["환불 안내"]),
        ("ghksq", ["환불 안내", "값 비싼 과자 환불"]),
        ("ghksqnf dks", ["환불 안내"]),
        ("ㄱㄷ려", ["Refund policy"]),
        ("환뿔", ["환불 안내", "값 비싼 과자 환불"]),
        ("refnud", ["Refund policy"]),
        ("refnu", ["Refund policy"]),
        ("refundd pol", ["Refund policy"]),
        ("비밀버호", ["비밀번호를 잊었을 때"]),
        ("xy", []),
        *((nothing, []) for nothing in ("", " ", "\n\t", "？", "[", "\x00", "\ud800", "없는말이에요")),
    ],
)
def test_what_is_found(typed: str, expected: list[str]) -> None:
    assert texts(COMPLETIONS.complete(typed, anyone)) == expected


def test_the_kind_of_match_counts_before_weight_and_weight_before_length() -> None:
    found = Completions(
        [
            *(phrase("환불 방법과 기간", 2), phrase("환불 방법", 1), phrase("환불 절차", 1), phrase("환불 안", 0)),
            *(phrase("빠른 환불", 9), phrase("무환불 상품", 99)),
        ]
    ).complete("환불", anyone)
    assert texts(found) == ["환불 방법과 기간", "환불 방법", "환불 절차", "환불 안", "빠른 환불", "무환불 상품"]


def test_a_text_is_shown_once_by_its_heaviest_phrase_that_is_visible() -> None:
    many = [phrase("Refunds", 1), phrase("REFUNDS", 3, "internal"), phrase("refunds", 2)]
    assert texts(Completions(many).complete("ref", anyone)) == ["REFUNDS"]
    assert texts(Completions(many).complete("ref", public)) == ["refunds"]


def test_at_most_so_many() -> None:
    completions = Completions(phrase(f"refund {n}", n) for n in range(500))
    assert texts(completions.complete("ref", anyone)) == [f"refund {n}" for n in range(499, 491, -1)]
    assert texts(completions.complete("refund 4", anyone, 2)) == ["refund 499", "refund 498"]
    assert texts(completions.complete("4 re", anyone, 2)) == ["refund 499", "refund 498"]


def test_only_the_beginning_of_a_long_input_is_looked_at() -> None:
    completions = Completions([phrase("가" * 250)])
    assert completions.complete("가" * 200 + "나" * 10**6, anyone)
    assert not completions.complete(" " * 200 + "가", anyone)
    assert completions.complete("ﷺ" * 10**5, anyone) == []
    assert completions.complete("a " * 10**5, anyone) == []


def test_hidden_phrases_do_not_displace() -> None:
    hidden = [phrase(f"환불 심사 {n}", 9, "internal") for n in range(1000)]
    completions = Completions([*hidden, *map(phrase, TITLES)])
    for typed in ("환불", "ㅎㅂ", "호", "환불 ㅅ", "심사", "ghks", "심ㅅ", "환뿔", "심자"):
        assert completions.complete(typed, public) == COMPLETIONS.complete(typed, public)


TYPED = st.one_of(
    st.text("환불결제안내ㅎㅂㅇㄴ refundplca ghksq", max_size=12),
    st.builds(lambda text, cut: text[:cut], st.sampled_from(TITLES), st.integers(1, 12)),
)


@given(st.sets(st.sampled_from(range(len(TITLES)))), TYPED, st.integers(1, 4))
def test_a_reader_sees_what_there_would_be_without_the_hidden(hidden: set[int], typed: str, limit: int) -> None:
    mixed = [phrase(text, n % 3, "internal" if n in hidden else "public") for n, text in enumerate(TITLES)]
    asked: list[Phrase] = []

    def asks(candidate: Phrase) -> bool:
        asked.append(candidate)
        return public(candidate)

    found = Completions(mixed).complete(typed, asks, limit)
    assert found == Completions(filter(public, mixed)).complete(typed, anyone, limit)
    assert set(found) <= set(asked)
    assert len(found) <= limit


@given(st.sampled_from(TITLES), st.data())
def test_every_moment_of_typing_finds_the_phrase(text: str, data: st.DataObject) -> None:
    strokes = jamo(text)
    typed = strokes[: data.draw(st.integers(1, len(strokes)))]
    for moment in (typed, join_jamos(typed)):
        assert text in texts(COMPLETIONS.complete(moment, anyone, len(TITLES)))


@given(st.text(max_size=30))
def test_any_input_is_answered(text: str) -> None:
    assert len(COMPLETIONS.complete(text, anyone)) <= 8


@given(st.text(min_size=1, max_size=30))
def test_any_phrase_can_be_completed(text: str) -> None:
    assert texts(Completions([phrase(text)]).complete(text, anyone)) == ([text] if text.split() else [])


def naive(phrases: list[Phrase], ways: list[Callable[[str], bool]]) -> list[str]:
    ordered = sorted(phrases, key=lambda p: (-p.weight, len(p.text), p.text))
    return list(dict.fromkeys(one.text for way in ways for one in ordered if way(one.text)))


@pytest.mark.parametrize("count", [20, 2000])
def test_the_same_as_looking_at_every_phrase(count: int) -> None:
    rng = random.Random(count)
    words = ["환불", "안내", "결제", "자동결제", "배송", "refund", "plan", "card", "한화"]
    made = {" ".join(rng.choices(words, k=rng.randint(1, 4))) for _ in range(count)}
    phrases = [phrase(text, rng.randrange(3)) for text in made]
    completions = Completions(phrases)
    for typed in ("환불", "결제", "card re", "안내 환불 배", "pl", *accumulate("refund")):
        parts = typed.split()
        ways = [
            lambda text, t=typed: text.startswith(t),
            lambda text, p=parts: all(any(w.startswith(x) for w in text.split()) for x in p),
            lambda text, p=parts: all(
                any(w.startswith(x) or (x in w and (len(x) > 2 or x > "가")) for w in text.split()) for x in p
            ),
        ]
        expected = naive(phrases, ways)
        found = texts(completions.complete(typed, anyone, count))
        assert found[: len(expected)] == expected


def test_phrases_are_not_changed() -> None:
    one = replace(phrase("Refund policy"), article="refunds", kind="heading")
    assert Completions([one]).complete("r", anyone) == [one]
    assert Completions([]).complete("r", anyone) == []
