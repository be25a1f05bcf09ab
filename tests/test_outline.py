"""Outlines of articles, and shelves of them: what the help centre's pages are made from, as pure functions."""

from __future__ import annotations

import pytest

from api.help import shelves
from articles import outline
from articles.render import safe_html
from kb.models import EVERYTHING
from kb.store import articles
from tests.conftest import Shop


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("---\ntitle: x\n---\n\nbody\n", "body\n"),
        ("\ufeff-----\ntitle: x\nnote: |\n  ---\n-----  \nbody", "body"),
        ("---\r\ntitle: x\r\n...\r\nbody\r\n---\r\nmore", "body\n---\nmore"),
        ("body\n---\nmore", "body\n---\nmore"),
    ],
)
def test_a_body_is_without_its_front_matter(markdown: str, expected: str) -> None:
    assert outline.body(markdown) == expected


def test_the_outline_of_a_text() -> None:
    html = safe_html('# T *i*\n\nIntro.\n\n## A & <i>b</i> {#x"y}\n\n### C\n\n#### D\n\n<h2>no id</h2>')
    title, rest = outline.without_title(html)
    assert (title and (title.text, title.anchor)) == ("T i", "t-i")
    assert [(h.level, h.text) for h in outline.contents(rest)] == [(2, "A & b"), (3, "C")]
    assert outline.without_title("<p>x</p><h1>T</h1>") == (None, "<p>x</p><h1>T</h1>")
    assert outline.without_title("<p>x</p>")[0] is None
    shown = outline.readable(rest, lambda text: f'to "{text}"', {})
    assert 'aria-label="to &#34;A &amp; b&#34;">#</a>' in shown
    assert shown.count('class="titled"') == 2
    boxes = safe_html("- [ ] one\n\n| a |\n|--|\n| 1 |\n\n> [!NOTE]\n> text")
    drawn = outline.readable(boxes, str, {"Note": "참고"})
    assert ('<div class="scroll"><table>' in drawn, 'aria-hidden="true"' in drawn) == (True, True)
    assert '<p class="markdown-alert-title">참고</p>' in drawn


def test_a_summary_is_cut_between_words() -> None:
    assert outline.summary("<h2>Head</h2><p>one two</p><p>three four</p>", 12) == "one two…"
    assert outline.summary("<p>가나다라마바사</p>", 5) == "가나다라…"
    assert outline.questions("<p>nothing</p>") == []


def test_what_a_category_is_called_elsewhere_is_what_most_translations_say(shop: Shop) -> None:
    for number, (english, korean) in enumerate([("A", "가"), ("A", "가"), ("B", "가"), ("", "나")]):
        shop.put(f"x{number}", "x", title="X", category=english or '""')
        shop.put(f"y{number}", "x", title="Y", locale="ko", category=korean, translation_of=f"x{number}")
    with shop.home.database.read() as connection:
        found = shelves.families(articles.listed(connection, EVERYTHING))
    assert shelves.translated(found, "en") == {"가": "A"}
    assert shelves.translated(found, "ko") == {"A": "가", "B": "가"}
    assert shelves.language_of(found, "나") == "ko"
