"""Raw HTML in Markdown: its text, and where it leads."""

from __future__ import annotations

import pytest

from indexer.markdown import html_text, parse


def links(text: str) -> list[tuple[str, str, int, bool]]:
    return [(x.target, x.text, x.line, x.image) for x in parse(text).links]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('See <a href="a.md">this *one*</a> now.', ("a.md", "this one", 1, False)),
        ("one\ntwo <A class='x'\n  HREF = a.md>this\none</A>", ("a.md", "this one", 2, False)),
        ("| a |\n| - |\n| <a href='a.md'>b</a> |", ("a.md", "b", 3, False)),
        ("1. one\n2. <a href=a.md>b</a>", ("a.md", "b", 2, False)),
        ("## <a href=a.md>b</a>", ("a.md", "b", 1, False)),
        ("<div>\n<p>\n<a href=' a.md?x=1&amp;y=2\n'>b<br>c</a></p></div>", ("a.md?x=1&y=2", "b c", 3, False)),
        ("<a href=a.md>\n  <b>b</b>\n</a>", ("a.md", "b", 1, False)),
        ("<a href>b</a>", ("", "b", 1, False)),
        ("a <a href=a.md>never closed", ("a.md", "never closed", 1, False)),
        ('<p align="center">\n  <img\n   src="a.png"\n   alt="A light">\n</p>', ("a.png", "A light", 2, True)),
        ("a <img src=a.png ALT='A light' alt=b>", ("a.png", "A light", 1, True)),
    ],
)
def test_links_and_images_of_raw_html_carry_their_line(text: str, found: tuple[str, str, int, bool]) -> None:
    assert links(text) == [found]


def test_an_image_in_a_link_is_its_text() -> None:
    both = [("a.png", "A light", 1, True), ("a.md", "A light", 1, False)]
    assert links("see <a href=a.md><img src=a.png alt='A light'></a>") == both
    assert links("<p><a href=a.md><img src=a.png alt='A light'></a></p>") == both


def test_a_link_begins_where_another_does() -> None:
    assert links("a <a href=a>b <a href=c>d</a> e") == [("a", "b", 1, False), ("c", "d", 1, False)]
    assert links("<p><a href=a>b <a href=c>d</a> e") == [("a", "b", 1, False), ("c", "d", 1, False)]


@pytest.mark.parametrize(
    "text",
    [
        *("`<a href=a.md>b</a>`", "```html\n<a href=a.md>b</a>\n```", "    <a href=a.md>b</a>", r"\<a href=a.md>b"),
        *("a <!-- <a href=a.md>b</a> --> c", "<!--\n<img src=a.png>\n-->", "<p><!-- <a href=a.md> --></p>"),
        *("<script>\nx = '<a href=a.md>'\n</script>", "<p><template><a href=a.md>b</a></template>", "<abbr href=x>"),
        *("a <a name=x></a> <a id=y>", "<area href=a.md>"),
    ],
)
def test_code_comments_scripts_and_anchors_are_no_links(text: str) -> None:
    assert links(text) == []


@pytest.mark.parametrize("ornament", ["alt=''", "alt", "role=presentation", "aria-hidden=true"])
def test_an_image_may_say_that_it_shows_nothing(ornament: str) -> None:
    (image,) = parse(f"a <img src=a.png {ornament}>").links
    assert image.ornament
    assert not parse("a <img src=a.png aria-hidden=false>").links[0].ornament


def test_lines_after_a_tag_of_several_lines_are_right() -> None:
    assert links("a <b\n class=x\n id=y>b</b>\n[c](d.md)") == [("d.md", "c", 4, False)]


def test_what_is_never_closed() -> None:
    assert html_text("a <b>c</b> 1 < 2 &amp; <i") == "a c 1 < 2 & <i"
    assert html_text("a <!-- b --> c <!-- d <b>e</b>") == "a c"  # as a browser: the comment goes on to the end


def test_comments_end_where_they_first_can() -> None:
    assert [block.text for block in parse("a <!-- b --->c<!--> d --> e <!---> f -->").blocks] == ["a c d --> e  f -->"]


@pytest.mark.parametrize("odd", ["<![foo[ x]>", "<![ x>", "<![CDATA[x]>", "<![if !IE]>"])
def test_what_begins_like_a_section_is_a_comment(odd: str) -> None:
    assert [block.text for block in parse(f"<div>\n{odd}\nb</div>").blocks] == ["b"]
