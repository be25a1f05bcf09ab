"""Translations that say another quantity or menu than their source, and what only looks like it."""

from __future__ import annotations

import json
import random
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.health import translation_differs
from articles.health.base import Behind, Flag, Shelf
from articles.health.pairs import translated
from articles.health.pairs.quantities import number, plain, quantities
from articles.health.pairs.translated import differences
from articles.prepare import read_article
from kb.models import Article
from tests.conftest import STARTER
from tests.faults.pairs import INJECT

CHECK = translation_differs.CHECK
PAIRS = Path(__file__).parent / "fixtures" / "translations.jsonl"

SOURCE = """# Refunds

## Plans

You can ask for a refund within 14 days of the payment date. A fee of 10% is kept.

1. Open **Settings > Billing**.
2. Choose the payment and wait 2 minutes.
"""
KOREAN = """# 환불

## 요금제

결제일로부터 14일 이내에
환불을 신청하실 수 있습니다. 수수료 10%를 공제합니다.

1. **설정 > 결제**를 엽니다.
2. 결제를 고르고 2분 기다립니다.
"""


def article(article_id: str, body: str, **front: str) -> Article:
    head = "".join(f"{key}: {value}\n" for key, value in front.items())
    return read_article(f"---\n{head}---\n\n{body}", f"{article_id}.md", article_id, "help")


def shelf(*articles: Article) -> Shelf:
    return Shelf({one.id: one for one in articles}, date(2026, 11, 25))


def look(found: Shelf) -> list[tuple[str, Flag]]:
    return [(one.id, flag) for one in found.published for flag in CHECK.look(one, found)]


def pair(korean: str, english: str = SOURCE, **front: str) -> Shelf:
    own = {"locale": "ko", "translation_of": "refunds", "updated": "2026-09-01", **front}
    return shelf(article("refunds", english, locale="en", updated="2026-08-01"), article("refunds-ko", korean, **own))


def test_another_number_is_named_with_both_places() -> None:
    assert look(pair(KOREAN)) == []
    ((name, flag),) = look(pair(KOREAN.replace("14일", "7일")))
    assert name == "refunds-ko"
    assert flag.line == 11
    assert flag.quote == "결제일로부터 7일 이내에"
    assert flag.message == "says '7일' where '14 days' stands in line 10 of its source 'refunds'"
    assert flag.others == ("refunds",)
    assert flag.evidence["values"] == ["7일", "14 days"]
    assert flag.evidence["source_text"].startswith("You can ask for a refund")


def test_one_that_is_behind_is_told_of_that_only() -> None:
    wrong = KOREAN.replace("14일", "7일")
    assert look(pair(wrong, updated="2026-07-01")) == []
    behind = replace(pair(wrong), behind={"refunds-ko": Behind("refunds", 1, 2, "2026-10-01T00:00:00Z")})
    assert look(behind) == []


def test_a_family_without_a_named_source_is_compared_with_its_first() -> None:
    wrong = KOREAN.replace("10%", "30%")
    found = shelf(article("en/refunds", SOURCE, locale="en"), article("ko/refunds", wrong, locale="ko"))
    assert [(name, flag.others) for name, flag in look(found)] == [("ko/refunds", ("en/refunds",))]


@pytest.mark.parametrize(
    "front", [{"state": "draft"}, {"locale": "en"}, {"translation_of": "elsewhere", "id": "other"}]
)
def test_only_published_translations_are_compared(front: dict[str, str]) -> None:
    assert look(pair(KOREAN.replace("14일", "7일"), **front)) == []


def test_a_source_that_is_not_published_says_nothing() -> None:
    found = pair(KOREAN.replace("14일", "7일"))
    source = found.articles["refunds"]
    draft = replace(source, metadata=replace(source.metadata, state="draft"))
    assert look(replace(found, articles={**found.articles, "refunds": draft})) == []


def test_blocks_that_only_one_of_the_two_has_do_not_shift_the_others() -> None:
    more = KOREAN.replace("1. **설정", "자세한 내용은 아래와 같습니다.\n\n1. **설정").replace("2분", "5분")
    assert [flag.evidence["values"] for _, flag in look(pair(more))] == [["5분", "2 minutes"]]


def test_what_was_written_anew_for_another_country_is_no_fault() -> None:
    other = KOREAN.replace("14일", "7일").replace("10%", "5%").replace("2분", "9분")
    assert look(pair(other)) == []


def test_code_and_numbers_of_steps_say_nothing() -> None:
    english = "1. Run `wait 5`.\n\n```\nsleep 10\n```\n"
    korean = "3. `wait 9`를 실행합니다.\n\n```\nsleep 99\n```\n"
    assert differences(korean, "ko", english, "en") == ()


@pytest.mark.parametrize("line", [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()])
def test_pairs_of_texts(line: dict[str, dict[str, str]]) -> None:
    own, source = line["translation"], line["source"]
    assert bool(differences(own["text"], own["locale"], source["text"], source["locale"])) == bool(line["label"])


@pytest.mark.parametrize(
    ("raw", "language", "value"),
    [
        ("1,000", "en", 1000),
        ("1.000", "de", 1000),
        ("1.000,5", "de", 1000.5),
        ("2.5", "en", 2.5),
        ("2,5", "de", 2.5),
        ("1.234,567", "en", 1234.567),
        ("14", "ko", 14),
        ("두", "ko", 2),
        ("zwölf", "de", 12),
    ],
)
def test_numbers_as_languages_write_them(raw: str, language: str, value: float) -> None:
    assert number(raw, language) == value


def test_the_starter_translations_say_what_their_sources_say_and_faults_in_them_are_found() -> None:
    paths = sorted(STARTER.rglob("*.md"))
    starter = shelf(*(read_article(p.read_text(encoding="utf-8"), str(p.relative_to(STARTER)), p.stem) for p in paths))
    assert look(starter) == []
    rng, tried, found = random.Random(1), 0, 0
    for one in starter.published:
        faulty = INJECT[CHECK.name](starter, one, rng)
        if faulty is not None:
            tried += 1
            found += bool(list(CHECK.look(faulty.articles[one.id], faulty)))
    assert tried >= 15
    assert found >= 0.75 * tried


def test_a_look_reads_no_text_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    found = pair(KOREAN.replace("14일", "6일"))
    first = look(found)
    monkeypatch.setattr(translated, "_sections", None)
    assert look(found) == first != []


@pytest.mark.parametrize(
    "text",
    ["> " * 8_000, "1. " * 8_000, "<!--" * 8_000, "[a](" * 8_000, "1,000 " * 8_000, "A > " * 8_000, "A-" * 12_000,
     "1 day\n\n" * 2_000, "| 1 " * 8_000, "\x00 3 \x00", "a@" * 8_000, "{" * 16_000],
)  # fmt: skip
def test_a_hostile_text_takes_no_time(text: str) -> None:
    started = time.process_time()
    differences(text, "ko", f"{text} 2", "en")
    assert time.process_time() - started < 5


@given(
    st.text(alphabet="019.,/:-~ #|>*$%원일시월한둘두mtoaday\n年月日a½²٣", max_size=60),
    st.sampled_from(["en", "ko", "de", "ja"]),
)
def test_any_text_is_read(text: str, language: str) -> None:
    for one in quantities(plain(text), language):
        assert one.low <= one.high
        assert one.text
