"""Digests in words: two languages, numbers and days, an article with its flags, and that anybody's words stay words."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.digests import items
from articles.digests.catalogue import catalogue
from articles.digests.choose import Choice
from articles.digests.compose import clean, compose
from articles.health.words import say
from tests.conftest import CUSTOMER, Shop
from tests.test_digests import NOW, an_item


def test_both_languages_say_the_same_things() -> None:
    from articles.health import CHECKS

    english, korean = catalogue("en").words, catalogue("ko").words
    assert english.keys() == korean.keys()
    for part in ("kinds", "checks"):
        assert english[part].keys() == korean[part].keys()
    assert sorted(CHECKS.keys() - korean["checks"].keys()) == []


def test_numbers_have_their_forms_and_days_their_order() -> None:
    day = date(2026, 3, 1)
    one, two = Choice((an_item(), an_item("b")), 1), Choice((an_item(), an_item("b", article="b")), 2_000)
    english = [compose(choice, "Kim", "en", day, "") for choice in (one, two)]
    assert english[0].subject == "1 thing needs you in the knowledge base (1 March 2026)"
    assert english[1].subject == "2 things need you in the knowledge base (1 March 2026)"
    assert "And 1 more, which the next digest has." in english[0].text
    assert "And 2,000 more, which the next digests have." in english[1].text
    korean = [compose(choice, "김", "ko", day, "") for choice in (one, two)]
    assert korean[0].subject == "지식 베이스에서 확인할 일 1건 (2026년 3월 1일)"
    assert "외 2,000건은 다음 알림에서 알려 드립니다." in korean[1].text
    assert '<html lang="ko">' in korean[0].html


def test_a_korean_digest_names_checks_and_says_what_was_found_in_korean() -> None:
    item = an_item(check="broken_link", why=say("leads nowhere"), hurts=41.3, line=12, path="/articles/refunds")
    english, korean = (compose(Choice((item,), 3), "Kim", lang, NOW.date(), "https://kb.example") for lang in _BOTH)
    assert "  Broken link (line 12): leads nowhere\n" in english.text
    assert "refunds · about 41 readers in 90 days\n" in english.text
    assert "끊긴 링크 (12행): 연결된 곳이 없습니다.\n" in korean.text
    assert "refunds · 90일 동안 독자 약 41명\n" in korean.text
    for found in (english, korean):
        assert "https://kb.example/articles/refunds" in found.text
        assert 'href="https://kb.example/articles/refunds"' in found.html
        assert "https://kb.example/console" in found.text
    unknown = compose(Choice((an_item(check="new_check", why="is new"),), 0), "Kim", "ko", NOW.date(), "")
    assert "new check: is new" in unknown.text
    note = compose(Choice((an_item(kind="edit", why="leads nowhere"),), 0), "Kim", "ko", NOW.date(), "")
    assert "leads nowhere" in note.text  # a reader's own words


_BOTH: Any = ("en", "ko")


def test_an_article_is_named_once_with_its_flags_beneath() -> None:
    link = an_item(
        "a", check="broken_link", why="leads nowhere", quote="[x](y)", line=12, hurts=41.3, since="2026-11-02"
    )
    image = an_item("b", check="missing_alt", why="says nothing", hurts=3.0, since="2026-11-01")
    other = an_item("c", check="orphan", why="is alone", article="hub", title="Hub", since="2026-11-03")
    found = compose(Choice((link, image, other), 0), "Kim", "en", NOW.date(), "https://kb.example")
    assert found.subject.startswith("2 things need you")
    assert found.text.count("- Refunds\n") == 1
    assert (
        "- Refunds\n"
        "  * Broken link (line 12): leads nowhere\n"
        '    "[x](y)"\n'
        "  * Image without description: says nothing\n"
        "  refunds · about 41 readers in 90 days\n" in found.text
    )
    assert found.html.count("<strong>Refunds</strong>") == 1
    assert "<li>Image without description: says nothing</li>" in found.html
    first, second = found.as_json()["items"]
    assert (first["key"], first["article"], first["hurts"], first["since"]) == (
        link.thing,
        "refunds",
        41.3,
        "2026-11-01",
    )
    assert [(flag["key"], flag["check"], flag["line"]) for flag in first["flags"]] == [
        ("a", "broken_link", 12),
        ("b", "missing_alt", 0),
    ]
    assert (first["why"], second["title"], len(second["flags"])) == ("", "Hub", 1)


def test_a_gap_says_how_often_it_was_asked(monkeypatch: pytest.MonkeyPatch, shop: Shop) -> None:
    said = {"id": "g1", "name": "환불 기한", "opened_at": "2026-11-01", "samples": ("언제까지 되나요?",)}
    found = [SimpleNamespace(**said, assignee=name, questions=7) for name in ("kim", "")]
    monkeypatch.setattr(items, "gaps", SimpleNamespace(listed=lambda *_: found))
    with shop.home.database.read() as connection:
        (gap,) = items.from_gaps(connection, CUSTOMER, NOW)
    texts = [compose(Choice((gap,), 0), "Kim", language, NOW.date(), "").text for language in _BOTH]
    assert "Missing, and assigned to you" in texts[0]
    assert "`kb gaps show g1` · asked 7 times" in texts[0]
    assert "`kb gaps show g1` · 질문 7건" in texts[1]
    assert '"언제까지 되나요?"' in texts[1]


def test_anybodys_words_stay_words() -> None:
    title = "<script>alert(1)</script>\r\nBcc: all@example.com\x1b[31m\u202egnp.exe"
    item = an_item(title=title, why="call 010-1234-5678", quote="{{ 7 * 7 }} {count} <img src=x>")
    found = compose(Choice((item,), 0), "<b>Kim</b>\n", "en", NOW.date(), "")
    assert "- <script>alert(1)</script> Bcc: all@example.com[31mgnp.exe\n" not in found.text  # the address is masked
    assert "- <script>alert(1)</script> Bcc: [email][31mgnp.exe\n" in found.text
    assert "call [phone]" in found.text
    assert "{{ 7 * 7 }} {count}" in found.text
    assert "<script>" not in found.html
    assert "<img" not in found.html
    assert "<b>" not in found.html
    assert "&lt;script&gt;" in found.html


@given(st.text(max_size=300))
def test_a_clean_line_is_one_printable_line(text: str) -> None:
    found = clean(text, 100)
    assert len(found) <= 100
    assert "\n" not in found
    assert found.replace("\u200c", "").replace("\u200d", "").isprintable() or "\u3000" in found or not found.isascii()
    found.encode()
