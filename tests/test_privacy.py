"""Personal data goes, what a search needs stays."""

from __future__ import annotations

import time
from collections import Counter
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.masking import matched, read, score
from kb.privacy import mask, spans, without_masks
from kb.private.rule import Kind

GOLDEN = read()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("kim.minji+a@mail.example.co.kr로 보내 주세요", "[email]로 보내 주세요"),
        ("제 번호는 010-1234-5678이에요", "제 번호는 [phone]이에요"),
        ("01012345678", "[phone]"),
        ("02-123-4567 또는 +82 10 1234 5678", "[phone] 또는 [phone]"),
        ("call (415) 555-2671 or 415-555-2671", "call [phone] or [phone]"),
        ("카드 4111 1111 1111 1111 결제", "카드 [card] 결제"),
        ("4111-1111-1111-1111", "[card]"),
        ("주민번호 900101-1234567입니다", "주민번호 [resident-number]입니다"),
        ("신한은행 110-123-456789", "신한은행 [account]"),
        ("계좌번호 110123456789로 환불", "계좌번호 [account]로 환불"),
        ("my account number is 12345678901", "my account number is [account]"),
        ("IBAN DE89 3704 0044 0532 0130 00", "IBAN [account]"),
        ("제 이름은 김민수입니다", "제 이름은 [name]입니다"),
        ("성함: 홍길동", "성함: [name]"),
        ("My name is John Smith", "My name is [name]"),
        ("서울시 강남구 테헤란로 123, 4층 402호로 보내 주세요", "[address]로 보내 주세요"),
        ("ship to 12 Baker Street, London NW1 6XE, please", "ship to [address], please"),
        ("비밀번호는 abcd1234!인데 안 돼요", "비밀번호는 [secret]인데 안 돼요"),
        ("인증번호 483920", "인증번호 [secret]"),
        ("https://kim:pa55@x.example/?token=8f3a9b&page=2", "https://[secret]@x.example/?token=[secret]&page=2"),
        ("여권 M12345678, 면허 11-12-345678-90", "여권 [passport], 면허 [licence]"),
        ("SSN 219-09-9999", "SSN [ssn]"),
        ("접속 IP 203.0.113.9", "접속 IP [ip]"),
        ("from 2a02:c7f:5e21:6900::7c8d", "from [ip]"),
        ("번호010-1234-5678로 카드4111111111111111", "번호[phone]로 카드[card]"),
        ("주민900101-1234567 IP는203.0.113.9", "주민[resident-number] IP는[ip]"),
        ("제이름은김민수입니다 비번은1q2w3e!", "제이름은[name]입니다 비번은[secret]"),
        ("０１０－１２３４－５６７８", "[phone]"),
        ("이름: 김민수\r\n메일은kim@naver.com입니다", "이름: [name]\r\n메일은[email]입니다"),
    ],
)
def test_personal_data_is_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "error 0x80070005 on app 5.1.3",
        "NR-1042, HUB-E31, ERR_CONN_RESET",
        "주문번호 20261123001234 확인",
        "order ORD-2026-1123-0042",
        "2026-11-23 09:00, 2026.11.23",
        "KB4023057 and 192.168.0.1",
        "1111 2222 3333 4444 5",  # fails Luhn's check
        "환불 14일, 89,000원",
        "https://example.com/a/010-1234-5678-x",
        "버전 1.2.3.4, firmware 203.0.113.9, Chrome 120.0.6099.109",
        "1.2.3.4 works, 1.2.3.5 does not",
        "고객센터 1588-1234, call 1-800-936-3100",
        "제 이름은 왜 영어로만 나오나요? 상품 이름: 오로라 허브",
        "My name is misspelled. File name: Report.pdf",
        "비밀번호는 8자 이상, password must contain 8 characters, my password is wrong",
        "인증번호 6자리가 안 와요",
        "서울시 강남구도 되나요? 홈페이지로 3번, 앱으로 2건",
        "It takes 3 to 5 business days on Main Street",
        "송장번호 6892-1034-5578, SKU 482-119-3847, tracking 9400 1000 0000 0000 0000 00",
        "at 12:34:56 from 3c:5a:b4:01:9f:e2",
    ],
)
def test_codes_orders_and_dates_stay(text: str) -> None:
    assert mask(text) == text


def test_masks_are_not_searched_for() -> None:
    assert without_masks("refund for [email] please [phone]") == "refund for please"


# --- sentences of tickets, labelled by hand ----------------------------------------------------------------------


def test_the_golden_sentences_are_many_in_both_languages_and_often_hold_nothing() -> None:
    assert len({item["text"] for item in GOLDEN}) == len(GOLDEN) >= 400
    languages = Counter(item["lang"] for item in GOLDEN)
    assert min(languages["ko"], languages["en"]) >= 200
    assert 0.35 <= sum(not item["spans"] for item in GOLDEN) / len(GOLDEN) <= 0.45
    assert {kind for item in GOLDEN for *_, kind in item["spans"]} == set(get_args(Kind))
    for item in GOLDEN:
        ends = [place for start, end, _ in item["spans"] for place in (start, end)]
        assert ends == sorted(ends)
        assert not ends or ends[-1] <= len(item["text"])


@pytest.mark.parametrize(
    ("split", "lang", "precision", "recall"),
    [
        ("dev", "ko", 0.99, 0.99),
        ("dev", "en", 0.99, 0.99),
        ("held", "ko", 0.99, 0.969),
        ("held", "en", 0.99, 0.978),
    ],
)
def test_personal_data_is_found_and_little_else(split: str, lang: str, precision: float, recall: float) -> None:
    found = score(item for item in GOLDEN if item["split"] == split and item["lang"] in (lang, "mixed"))
    assert found.precision is not None
    assert found.recall is not None
    assert (found.precision >= precision, found.recall >= recall) == (True, True), found


def test_a_found_span_counts_once_and_only_where_it_is_alike() -> None:
    assert matched([(0, 8, "name")], [(0, 10, "name")])
    assert not matched([(0, 7, "name")], [(0, 10, "name")])
    assert not matched([(0, 13, "name")], [(0, 10, "name")])
    assert not matched([(0, 10, "email")], [(0, 10, "name")])
    assert len(matched([(0, 9, "name"), (1, 10, "name")], [(0, 10, "name")])) == 1


def test_masked_text_stays_as_it_is() -> None:
    once = [mask(item["text"]) for item in GOLDEN]
    assert [mask(text) for text in once] == once


# --- whatever the text -------------------------------------------------------------------------------------------


@given(st.text(st.sampled_from("01-9@.:a A가로시동 1호[]?=\n"), max_size=80))
def test_spans_are_in_order_apart_and_within_the_text(text: str) -> None:
    found = spans(text)
    assert all(one[1] <= other[0] for one, other in pairwise(found))
    assert all(0 <= start < end <= len(text) for start, end, _ in found)


HOSTILE = (
    *(
        "0",
        "-",
        "a@",
        "가",
        "a",
        "A ",
        "0-",
        "0 ",
        "a.",
        "1.",
        ":",
        "0:",
        "(",
        "+1 ",
        "\n",
        "@",
        "%",
        "[email]",
        "1동 ",
    ),
    *(
        "구 ",
        "서울시 강남구 ",
        "가1로 1-1 ",
        "가길 1번길",
        "이름 김",
        "my name is ",
        "Regards,\n",
        "password ",
        "비밀번호 ",
    ),
    *(
        "://a:",
        "?token=",
        "12 Baker ",
        "Aa ",
        "Flat 3, ",
        "GB29 ",
        "IP 1.1.1.1 ",
        "1-1-1-",
        "010-1234-5678 ",
        "eyJaaaaaaaa.",
    ),
)


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_takes_time_in_line_with_its_length(unit: str) -> None:
    text = (unit * 20_000)[:20_000]
    started = time.process_time()
    spans(text)
    assert time.process_time() - started < 1.0
