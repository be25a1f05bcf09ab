"""Personal data goes, what a search needs stays."""

from __future__ import annotations

import pytest

from kb.privacy import mask, without_masks


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
    ],
)
def test_codes_orders_and_dates_stay(text: str) -> None:
    assert mask(text) == text


def test_masks_are_not_searched_for() -> None:
    assert without_masks("refund for [email] please [phone]") == "refund for please"
