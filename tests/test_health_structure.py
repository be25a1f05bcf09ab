"""The checks of structure, images and metadata: what they find, and what only looks like it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.health import completeness, images, structure
from articles.health.base import Check, Flag, Shelf
from articles.prepare import read_article
from kb.models import Article
from tests.faults.structure import INJECT, changed

TODAY = date(2026, 11, 23)


def article(name: str, body: str, folder: str = "", **front: Any) -> Article:
    lines = [f"{key}: {value}" for key, value in {"title": f"About {name}", "locale": "en", **front}.items()]
    return read_article("\n".join(["---", *lines, "---", "", body]), f"{name}.md", name, folder)


def shelf(*articles: Article, **more: Any) -> Shelf:
    return Shelf({found.id: found for found in articles}, TODAY, **more)


def flags(check: Check, *articles: Article, **more: Any) -> list[Flag]:
    """What a check finds in the first of some articles."""
    return list(check.look(articles[0], shelf(*articles, **more)))


def found(check: Check, body: str, **front: Any) -> list[Flag]:
    return flags(check, article("a", body, **front))


# --- headings -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("# About a\n\ntext\n\n# More\n\ntext\n\n# And more", [10, 14]),
        ("text\n\n# Another title\n\ntext", [8]),
        ("# About a\n\n```sh\n# a comment\n```", []),
        ("# Another title\n\ntext", []),  # the page's title is the heading that begins its text
        ("text\n\n# About a\n\ntext", []),
        ("## One\n\ntext\n\n## Two\n\ntext", []),
    ],
)
def test_a_text_has_one_heading_of_the_first_level(body: str, lines: list[int]) -> None:
    assert [flag.evidence["lines"] for flag in found(structure.SEVERAL_H1, body)] == ([lines] if lines else [])


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("## One\n\n#### Three", 8),
        ("### Three", 6),
        ("## One\n\n### Two\n\n#### Three\n\n## One", 0),
        ("# About a\n\n## One", 0),
        ("- a\n\n  #### in an item", 0),
    ],
)
def test_a_level_is_skipped(body: str, line: int) -> None:
    assert [flag.line for flag in found(structure.SKIPPED_LEVEL, body)] == ([line] if line else [])


@pytest.mark.parametrize(
    "body",
    [
        "## 준비물\n\n## 순서\n\n글",
        "## One\n\n<!-- write this -->\n\n## Two\n\ntext",
        "text\n\n## Last",
        "## One\n\n---\n\n<a name='x'></a>\n\n# Next\n\ntext",
        "One\n---\n\nTwo\n---\n\ntext",
    ],
)
def test_a_section_without_anything_is_empty(body: str) -> None:
    (flag,) = found(structure.EMPTY_SECTION, body)
    assert flag.evidence["count"] == 1
    assert flag.quote in ("준비물", "One", "Last")


@pytest.mark.parametrize(
    "under",
    [
        "![A red light](a.png)",
        "![](a.png)",
        "| a | b |\n| - | - |",
        "```\n```",
        "### Deeper\n\ntext",
        "- ",
        "<video src=x>",
    ],
)
def test_a_section_with_anything_is_not_empty(under: str) -> None:
    assert not found(structure.EMPTY_SECTION, f"## One\n\n{under}\n\n## Two\n\ntext")


# --- steps --------------------------------------------------------------------------------------------------

EN = (
    "Open **Settings**.",
    "Click **People**, and then click **Add**.",
    "Type a name.",
    "In the next window, tap **OK**.",
)
KO = (
    "**설정**을 엽니다.",
    "**사람 추가**를 누르세요.",
    "이름을 입력합니다.",
    "**확인**을 선택해 주세요. 바로 바뀝니다.",
)


@pytest.mark.parametrize(("steps", "locale"), [(EN, "en"), (KO, "ko")])
def test_steps_are_numbered(steps: tuple[str, ...], locale: str) -> None:
    bullets = "\n".join(f"- {step}" for step in steps)
    (flag,) = found(structure.UNNUMBERED_STEPS, f"## X\n\n{bullets}", locale=locale)
    assert (flag.line, flag.evidence["count"]) == (8, 1)
    paragraphs = "\n\n".join(step for step in steps)
    assert found(structure.UNNUMBERED_STEPS, f"## X\n\n{paragraphs}", locale=locale)
    numbered = "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
    assert not found(structure.UNNUMBERED_STEPS, f"## X\n\n{numbered}", locale=locale)
    three = "\n".join(f"- {step}" for step in steps[:3])
    assert not found(structure.UNNUMBERED_STEPS, f"## X\n\n{three}", locale=locale)


@pytest.mark.parametrize(
    ("texts", "locale"),
    [
        (("A blue light", "A red light", "No light", "A beep"), "en"),
        (("To add one, click Add.", "To change one, click Edit.", "To undo, press Z.", "To leave, click X."), "en"),
        (("Enter a star at the end.", "Enter a star in front.", "Enter two.", "Enter none at all."), "en"),
        (("The app opens.", "Clicks are counted.", "Selection is kept.", "Types are shown."), "en"),
        (
            (
                "추가하려면 추가를 누르세요.",
                "바꾸려면 편집을 누르세요.",
                "지우려면 삭제를 누르세요.",
                "닫으려면 X를 누르세요.",
            ),
            "ko",
        ),
        (("파란 불", "빨간 불", "불이 꺼짐", "소리가 남"), "ko"),
        (("자세한 내용은 결제를 참고하세요.", "환불을 참고하세요.", "배송을 참고하세요.", "계정을 참고하세요."), "ko"),
    ],
)
def test_ways_facts_and_links_are_no_steps(texts: tuple[str, ...], locale: str) -> None:
    assert not found(structure.UNNUMBERED_STEPS, "\n".join(f"- {text}" for text in texts), locale=locale)


def test_choices_inside_of_a_step_need_no_numbers() -> None:
    inside = "\n".join(f"   - {step}" for step in EN)
    assert not found(structure.UNNUMBERED_STEPS, f"1. Do this:\n{inside}\n2. Done.")


# --- title and length ---------------------------------------------------------------------------------------

ABOUT = "Your payment failed because the bank refused the card. Try another card, or pay by transfer. " * 4
ABOUT_KO = "은행에서 카드를 거절하면 결제에 실패해요. 다른 카드를 쓰거나 계좌 이체로 내 주세요. " * 6


@pytest.mark.parametrize(
    ("title", "body", "locale", "fires"),
    [
        ("Pruning orchids midwinter", ABOUT, "en", True),
        ("Why payments with my card fail", ABOUT, "en", False),
        ("Refused payment methods", ABOUT, "en", False),
        ("Orchids", ABOUT, "en", False),  # too little to tell
        ("Pruning orchids midwinter", "Short.", "en", False),
        ("난초 화분 분갈이", ABOUT_KO, "ko", True),
        ("카드 결제가 안 돼요", ABOUT_KO, "ko", False),
        ("결제 실패했을 때 할 일", ABOUT_KO, "ko", False),
    ],
)
def test_the_title_is_in_the_text(title: str, body: str, locale: str, fires: bool) -> None:
    assert bool(found(structure.TITLE_ELSEWHERE, f"# {title}\n\n{body}", title=title, locale=locale)) is fires


def test_a_long_stretch_without_headings_is_too_long() -> None:
    (flag,) = found(structure.TOO_LONG, f"## One\n\n{'word ' * 1001}")
    assert (flag.line, flag.evidence) == (6, {"words": 1001, "longest": 1001})
    assert not found(structure.TOO_LONG, f"## One\n\n{'word ' * 999}")
    assert not found(structure.TOO_LONG, "\n\n".join(f"## {n}\n\n{'word ' * 400}" for n in range(5)))
    assert not found(structure.TOO_LONG, f"```\n{'word ' * 2000}\n```")
    (korean,) = found(structure.TOO_LONG, "가나다라마 " * 601, locale="ko")
    assert korean.evidence == {"characters": 3005, "longest": 3005}
    long = article("a", "word " * 1500)
    assert not flags(structure.TOO_LONG, long, chosen={"too_long": {"words": 2000}})


# --- images -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "image",
    [
        *("![](a.png)", "![Screenshot](a.png)", "![image 2](a.png)", "![이미지](a.png)", "![화면 캡처](a.png)"),
        *(
            "![router.png](router.png)",
            "![IMG_2034](IMG_2034.jpg)",
            "![router-lights](x/router-lights.png)",
            "![3](3.png)",
        ),
        *('<img src="a.png">', "text <img\nsrc='a.png'> text", '<img src="a.png" alt="image">'),
    ],
)
def test_an_image_says_what_it_shows(image: str) -> None:
    (flag,) = found(images.MISSING_ALT, f"one\n\n{image}")
    assert flag.line == 8
    assert flag.quote in image or image.startswith(flag.quote)


@pytest.mark.parametrize(
    "image",
    [
        *(
            "![A red light](a.png)",
            "![빨간 불이 켜진 허브](a.png)",
            "![Router](router.png)",
            "![Screenshot of the menu](a.png)",
        ),
        *(
            '<img src="a.png" alt="A red light">',
            '<img src="line.png" alt="">',
            '<img src="a.png" role="presentation">',
            '<p>\n<img src="a.png" alt></p>',
        ),
        *(
            "`<img src=a.png>`",
            "```html\n<img src=a.png>\n```",
            "<!-- <img src=a.png> -->",
            r"\<img>",
            "1. a\n\n   ```\n   <img>\n   ```",
        ),
    ],
)
def test_ornaments_code_and_words_are_well(image: str) -> None:
    assert not found(images.MISSING_ALT, f"one\n\n{image}")


def test_several_images_are_one_flag() -> None:
    (flag,) = found(images.MISSING_ALT, "![](a.png)\n\n![B is blue](b.png)\n\n![](c.png)")
    assert (flag.evidence, "1 more" in flag.message) == ({"count": 2, "lines": [6, 10]}, True)


def test_an_image_of_a_folder_is_there(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "a b.png").touch()
    body = "![A](images/a%20b.png) ![B](./images/b.png) ![C](https://example.com/c.png) ![D](../d.png) ![E](/e.png)"
    (flag,) = flags(images.MISSING_IMAGE, article("a", body, str(tmp_path)))
    assert flag.evidence["targets"] == ["./images/b.png"]
    html = "<img src='images/a b.png' alt=A>\n\n<p>\n<img src=images/c.png alt=''></p>"
    (flag,) = flags(images.MISSING_IMAGE, article("a", html, str(tmp_path)))
    assert (flag.evidence["targets"], flag.line) == (["images/c.png"], 9)
    assert not flags(images.MISSING_IMAGE, article("a", body))  # of an article without a folder nobody can tell
    assert not flags(images.MISSING_IMAGE, article("a", body, str(tmp_path / "elsewhere")))  # the folder is not here


# --- metadata -----------------------------------------------------------------------------------------------


def many(count: int, **front: Any) -> Iterator[Article]:
    return (article(f"n{number}", "x", **front) for number in range(count))


def test_metadata_that_nearly_all_have_is_missing() -> None:
    lacks = article("a", "x", product="hub")
    (flag,) = flags(completeness.CHECK, lacks, *many(10, owner="ann", product="hub", tags="x"))
    assert flag.evidence["missing"] == ["owner", "tags"]
    assert not flags(completeness.CHECK, lacks, *many(8, owner="ann"))  # too few to say what is usual
    mixed = [*many(6, owner="ann"), *(article(f"m{number}", "x") for number in range(6))]
    assert not flags(completeness.CHECK, lacks, *mixed)
    elsewhere = article("a", "x", space="other")
    assert not flags(completeness.CHECK, elsewhere, *many(10, owner="ann"))
    hidden = many(30, owner="ann", audience="internal")  # whoever reads the flag may not know of these
    assert not flags(completeness.CHECK, lacks, *hidden)


def test_two_articles_have_the_same_title() -> None:
    first = article("a", "x", title="Reset your password")
    twin = article("b", "y", title="“Reset  your PASSWORD!”")
    (flag,) = flags(completeness.DUPLICATE_TITLE, first, twin)
    assert (flag.others, flag.line) == (("b",), 2)
    internal = article("b", "y", title="Reset your password", audience="internal")
    assert flags(completeness.DUPLICATE_TITLE, first, internal)  # agents find both
    for other in (
        article("b", "y", title="Reset your passkey"),
        article("b", "y", title="Reset your password", locale="ko"),
        article("b", "y", title="Reset your password", space="other"),
        article("b", "y", title="Reset your password", state="archived"),
    ):
        assert not flags(completeness.DUPLICATE_TITLE, first, other)
    one = article("a", "x", title="T", audience="billing")
    assert not flags(completeness.DUPLICATE_TITLE, one, article("b", "x", title="T", audience="legal"))


# --- all of them --------------------------------------------------------------------------------------------

TEXTS = (*structure.CHECKS, images.MISSING_ALT)


@pytest.mark.parametrize("check", TEXTS, ids=lambda check: check.name)
@pytest.mark.parametrize("locale", ["en", "ko"])
def test_an_injected_fault_is_found_and_gone_when_mended(check: Check, locale: str) -> None:
    body = ABOUT_KO if locale == "ko" else ABOUT
    title = "카드 결제 실패" if locale == "ko" else "Card payment failed"
    clean = article("a", f"# {title}\n\n{body * 2}\n\n## 1\n\n2", title=title, locale=locale)
    for seed in range(20):
        worse = INJECT[check.name](shelf(clean), clean, random.Random(seed))
        assert worse is not None
        assert list(check.look(worse.articles["a"], worse))
        mended = changed(worse, worse.articles["a"], clean.markdown)
        assert not list(check.look(mended.articles["a"], mended))


MARKDOWN = st.text(alphabet=st.sampled_from("#-*`<>![]() \n\tab가1.:|=imgsrc\"'"), max_size=80)


@given(MARKDOWN)
def test_no_text_is_too_strange(text: str) -> None:
    strange = article("a", text)
    for check in TEXTS:
        for flag in check.look(strange, shelf(strange)):
            assert 0 <= flag.line <= strange.markdown.count("\n") + 1
            assert len(flag.quote) <= 200


def test_an_uploaded_image_is_there() -> None:
    there, gone = "a" * 64, "b" * 64
    one = article(
        "a", f"![A](/media/{there}/a.png) ![B](/media/{gone}/b.png) ![C](https://kb.example.com/media/{gone})"
    )
    (flag,) = images.MISSING_IMAGE.look(one, shelf(one, media=frozenset({there})))
    assert flag.evidence["targets"] == [f"/media/{gone}/b.png"]
    assert not flags(images.MISSING_IMAGE, one)  # nobody said which there are


@pytest.mark.parametrize(
    "piece", ["`", "`` ` ", '<img "', "<img ", "](", "[x](", "<!-- ", "<a ", "# {#", "- Click ", "1. "]
)
def test_a_hostile_text_takes_no_time(piece: str) -> None:
    strange = article("a", piece * 20_000 + "<img>")
    for check in TEXTS:
        list(check.look(strange, shelf(strange)))
