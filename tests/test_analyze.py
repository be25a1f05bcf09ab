"""Terms: the same for documents and questions, in Korean, English and mixtures."""

from __future__ import annotations

import unicodedata

import pytest

from indexer.analyze import Analyzer
from indexer.language import detect as language

ANALYZER = Analyzer()


def words(text: str, locale: str = "en") -> list[str]:
    return list(ANALYZER.question(text, locale).fields[0])


def plain(text: str) -> list[str]:
    return list(ANALYZER.question(text).fields[1])


def bigrams(text: str) -> list[str]:
    return list(ANALYZER.question(text).fields[2])


def test_particles_and_endings_are_dropped() -> None:
    assert set(words("환불은 언제까지 되나요?")) >= {"환불", "언제"}
    assert "은" not in words("환불은 언제까지 되나요?")


def test_question_and_answer_share_morphemes() -> None:
    assert {"환불", "받"} <= set(words("환불을 받으려면")) & set(words("환불받을 수 있나요"))


def test_hangul_bigrams_find_compounds_and_spacing_errors() -> None:
    assert set(bigrams("자동결제해지")) >= set(bigrams("결제")) | set(bigrams("해지"))


def test_english_is_stemmed_with_its_possessives() -> None:
    assert words("The phones' batteries, Anna's phone") == words("the phone battery anna phone")


@pytest.mark.parametrize("code", ["0x80070005", "NR-1042", "HUB-E31", "2.4.5-p1"])
def test_codes_stay_whole_and_in_parts(code: str) -> None:
    assert code.lower() in words(f"오류 {code}가 나와요")


def test_latin_glued_to_hangul_is_its_own_word() -> None:
    assert "2fa" in words("2FA인증이 안 돼요")


def test_full_width_and_decomposed_text_reads_the_same() -> None:
    assert ANALYZER.question("ＮＲ－１０４２") == ANALYZER.question("NR-1042")
    assert ANALYZER.question(unicodedata.normalize("NFD", "환불")) == ANALYZER.question("환불")


def test_chinese_and_japanese_are_bigrams() -> None:
    assert bigrams("退款政策") == ["退款", "款政", "政策"]


def test_the_locale_chooses_the_stemmer() -> None:
    assert words("Rechnungen", "de") == words("Rechnung", "de")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("환불 refund please", "ko"),
        ("refund", "en"),
        ("返品したい", "ja"),
        ("退款", "zh"),
        ("возврат", "ru"),
        ("123", "en"),
    ],
)
def test_language_by_script(text: str, code: str) -> None:
    assert language(text, "en") == code
