"""Chunks: fixtures of input and expected output, and properties over made-up documents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.chunk import chunk, label, sentences
from indexer.markdown import parse
from kb.models import Chunk

FIXTURES = sorted((Path(__file__).parent / "fixtures" / "chunks").glob("*.md"))
SIZE, LIMIT = 20, 40


def count(texts: list[str]) -> list[int]:
    """A token is a word, or eight letters of a longer one."""
    return [sum(-(-len(word) // 8) for word in text.split()) for text in texts]


def chunks(text: str, title: str = "T", size: int = SIZE) -> list[Chunk]:
    return chunk(parse(text), title, size=size, limit=LIMIT, count=count)


def shown(found: list[Chunk]) -> str:
    parts = []
    for one in found:
        path = " › ".join(one.heading_path)
        head = f"[{one.lines[0]}-{one.lines[1]}] #{one.anchor} {path} {','.join(one.labels)}".rstrip()
        parts.append("\n".join(filter(None, (head, one.context and f"({one.context})", one.text))))
    return "\n~~~\n".join(parts)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_fixture(path: Path) -> None:
    source, expected = path.read_text(encoding="utf-8").split("\n=====\n")
    assert shown(chunks(source)) == expected.strip("\n")


def test_fixtures_are_there() -> None:
    assert len(FIXTURES) >= 8


@pytest.mark.parametrize(
    ("heading", "found"),
    [
        ("Symptoms", "symptoms"),
        ("2. Resolution:", "resolution"),
        ("증상", "symptoms"),
        ("해결 방법", "resolution"),
        ("원인", "cause"),
        ("Q.", "question"),
        ("답변", "answer"),
        ("Pricing", ""),
    ],
)
def test_sections_are_labelled(heading: str, found: str) -> None:
    assert label(heading) == found


@given(st.text(max_size=200))
def test_sentences_lose_nothing(text: str) -> None:
    assert "".join(sentences(text)) == text


def test_korean_sentences_end_where_they_end() -> None:
    assert sentences("환불됩니다. 3.5% 할인은요? 네!") == ["환불됩니다. ", "3.5% 할인은요? ", "네!"]


# --- properties ---------------------------------------------------------------------------------------------

WORD = st.text("abcdefg가나다라마바사", min_size=1, max_size=24)
LINE = st.lists(WORD, min_size=1, max_size=30).map(" ".join)


@st.composite
def documents(draw: st.DrawFn) -> str:
    parts = []
    for _ in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(["heading", "paragraph", "list", "table", "fence", "alert", "html"]))
        lines = draw(st.lists(LINE, min_size=1, max_size=4))
        parts.append(_MAKE[kind](lines, draw(st.integers(1, 4))))
    return "\n\n".join(parts) + "\n"


_MAKE = {
    "heading": lambda lines, n: "#" * n + " " + lines[0],
    "paragraph": lambda lines, n: "\n".join(lines),
    "list": lambda lines, n: "\n".join(f"{i}. {line}\n   - {line}" for i, line in enumerate(lines, n)),
    "table": lambda lines, n: "| h1 | h2 |\n|---|---|\n" + "\n".join(f"| {line} | x |" for line in lines),
    "fence": lambda lines, n: "```sh\n" + "\n".join(lines) + "\n```",
    "alert": lambda lines, n: "> [!NOTE]\n" + "\n".join(f"> {line}" for line in lines),
    "html": lambda lines, n: f"<p>{lines[0]}</p>",
}


def words(text: str) -> list[str]:
    return re.findall(r"[a-g가-사]+", text.lower())


@settings(max_examples=150, deadline=None)
@given(documents())
def test_every_visible_word_lands_in_a_chunk(text: str) -> None:
    landed = "".join("".join((*c.heading_path, c.context, c.text)) for c in chunks(text))
    pieces = "".join(words(landed))
    missing = [w for b in parse(text).blocks for w in words(b.text) if w not in pieces]
    assert not missing


@settings(max_examples=150, deadline=None)
@given(documents())
def test_a_chunks_lines_hold_its_text(text: str) -> None:
    lines = text.split("\n")
    for one in chunks(text):
        held = "".join(words("\n".join(lines[one.lines[0] - 1 : one.lines[1]])))
        assert all(w in held for w in words(one.text))


@settings(max_examples=100, deadline=None)
@given(documents())
def test_chunking_is_deterministic_and_within_the_limit(text: str) -> None:
    found = chunks(text)
    assert found == chunks(text)
    assert [c.ordinal for c in found] == list(range(len(found)))
    assert all(count([c.text])[0] <= LIMIT + count([" ".join(c.heading_path)])[0] for c in found)
