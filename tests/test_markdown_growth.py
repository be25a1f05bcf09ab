"""What no author writes: parsing takes time in proportion to the text, and no text is too deep for it."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator

import pytest

from indexer.markdown import parse, to_html
from kb.errors import ArticleError

TEXTS = {
    "colons": (": ", ""),
    "no addresses": ("http:", ""),
    "no mailboxes": ("mailto:a ", ""),
    "equal headings": ("# a\n", ""),
    "equal underlined headings": ("a\n=\n", ""),
    "anchors that do not end": ("{#", "# "),
    "comments that do not end": ("<!--", ""),
    "comments that do not end, and tags": ("<!-- a>\n", "<p>\n"),
    "comments that end in another": ("<!--", "a ", "-->"),
    "instructions that do not end": ("<?", ""),
    "tags that do not end": ("<a ", "<p\n"),
    "footnotes that do not end": ("[^;\t[", "[^1]: "),
}


def text_of(size: int, piece: str, before: str, after: str = "") -> str:
    return before + piece * (size // len(piece)) + after


def seconds(text: str) -> float:
    parse.cache_clear()
    started = time.process_time()
    parse(text)
    return time.process_time() - started


@pytest.fixture(autouse=True)
def without_collections() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("pieces", TEXTS.values(), ids=TEXTS)
def test_no_construct_is_quadratic(pieces: tuple[str, str]) -> None:
    """Eight times the text takes about eight times as long, where a quadratic pattern takes 64 times."""
    parse("warm")
    small = min(seconds(text_of(5_000, *pieces)) for _ in range(3))
    assert seconds(text_of(40_000, *pieces)) < 24 * max(small, 0.004)


@pytest.mark.parametrize("mark", ["*a **b ", "~~a ", "**a *"])
def test_emphasis_may_be_as_deep_as_anybody_writes(mark: str) -> None:
    text = mark * 2000 + "end" + "".join(reversed(mark)) * 2000
    (block,) = parse(text).blocks
    assert "end" in block.text
    assert "end" in to_html(text)


def test_emphasis_within_quotes_and_lists_within_an_image() -> None:
    deep = "*a **b " * 500 + "end" + " b** a*" * 500
    assert "end" in parse("> " * 40 + deep).blocks[0].text
    assert "end" in parse("- " * 40 + deep).blocks[0].text
    assert "end" in parse(f"![{deep}](x.png)").links[0].text


def test_front_matter_that_is_too_deep_is_named() -> None:
    with pytest.raises(ArticleError, match="nested too deeply"):
        parse("---\na: " + "[" * 2000 + "\n---\n", "a.md")
