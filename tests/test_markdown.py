"""Blocks, lines, anchors and links of parsed Markdown."""

from __future__ import annotations

import pytest

from indexer.markdown import html_text, parse, slug, to_html
from kb.errors import ArticleError


def blocks(text: str) -> list[tuple[str, str, tuple[int, int]]]:
    return [(b.kind, b.text, b.lines) for b in parse(text).blocks]


def test_lines_count_from_the_top_of_the_file_front_matter_included() -> None:
    assert blocks("---\ntitle: x\n---\n\n# One\n\nTwo\nthree.\n") == [
        ("heading", "One", (5, 5)),
        ("paragraph", "Two\nthree.", (7, 8)),
    ]


def test_a_list_item_holds_what_is_nested_in_it() -> None:
    (first, second) = parse("1. Open\n   - a\n   - b\n\n   ```sh\n   ls\n   ```\n2. Close\n").blocks
    assert (first.text, first.lines) == ("1. Open\n  - a\n  - b\n  ls", (1, 7))
    assert (second.text, second.lines) == ("2. Close", (8, 8))


def test_a_table_row_knows_its_header() -> None:
    first, second = parse("| Code | Fix |\n|---|---|\n| E1 | restart |\n| E2 | reset |\n").blocks
    assert first.text == "Code | Fix\nE1 | restart"
    assert (second.text, second.context, second.lines) == ("E2 | reset", "Code | Fix", (4, 4))


def test_alerts_task_lists_and_html_keep_their_words() -> None:
    text = "> [!WARNING]\n> Hot *pan*.\n\n- [x] done\n\n<details><summary>More</summary>\n\ninside\n\n</details>\n"
    assert [b.text for b in parse(text).blocks] == ["Warning", "Hot pan.", "- done", "More", "inside"]


def test_html_shows_what_a_browser_would() -> None:
    html = "<script>evil()</script><!-- no --><p>One<br>two &amp; <b>bo</b>ld</p><style>p{}</style>"
    assert html_text(html) == "One\ntwo & bold"


@pytest.mark.parametrize(
    ("source", "anchor"),
    [
        ("## Yearly plans {#yearly}", "yearly"),
        ("## 환불은 언제까지 되나요?", "환불은-언제까지-되나요"),
        ('<a name="old"></a>\n## New', "old"),
        ('## <a id="inside"></a>New', "inside"),
        ("Setext\n------", "setext"),
    ],
)
def test_anchors(source: str, anchor: str) -> None:
    heading = next(b for b in parse(source).blocks if b.kind == "heading")
    assert heading.anchor == anchor
    assert anchor in parse(source).anchors


def test_equal_headings_get_numbered_anchors() -> None:
    assert [b.anchor for b in parse("# A\n# A\n# A\n").blocks] == ["a", "a-1", "a-2"]


def test_slug_is_githubs() -> None:
    assert slug("What's new in v4.2?") == "whats-new-in-v42"


def test_links_and_images_carry_their_line() -> None:
    found = parse("See\n[this](a.md#x) and\n![alt](b.png)\n").links
    assert [(x.target, x.text, x.line, x.image) for x in found] == [
        ("a.md#x", "this", 2, False),
        ("b.png", "alt", 3, True),
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("---\ntitle: [oops\n---\nx", 2, "expected"),
        ("---\njust words\n---\nx", 2, "key: value"),
        ("---\na: &x [1]\nb: *x\n---\n", 3, "aliases"),
    ],
)
def test_malformed_front_matter_says_where(text: str, line: int, words: str) -> None:
    with pytest.raises(ArticleError, match=words) as caught:
        parse(text, "a.md")
    assert (caught.value.source, caught.value.line) == ("a.md", line)


def test_html_has_heading_ids_and_no_anchor_syntax() -> None:
    assert to_html("## Yearly {#y}\n") == '<h2 id="y">Yearly</h2>\n'


@pytest.mark.parametrize("around", ["> # One", "- # One", "> [!NOTE]\n> # One", "a[^1]\n\n[^1]: b\n\n    # One"])
def test_a_heading_within_something_else_has_its_id(around: str) -> None:
    html = to_html(f"{around}\n\n# Two")
    assert ('<h1 id="one">One</h1>' in html, '<h1 id="two">Two</h1>' in html) == (True, True)
