"""Blocks to chunks: the passages that are embedded, scored and shown.

Sections that fit are kept together up to the size asked for; one that does not is cut between blocks, evenly. A list
item, a table row and a fence are never cut while they fit in what the model reads; a piece that does not is taken
apart into its own blocks, then sentences, then words. Sizes are in the embedding model's tokens.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.markdown import Block, Document
from kb.models import Chunk

CountTokens = Callable[[Sequence[str]], list[int]]

LABELS: dict[str, tuple[str, ...]] = {
    "question": ("question", "q", "질문", "문의"),
    "answer": ("answer", "a", "답변", "답"),
    "symptoms": ("symptom", "symptoms", "issue", "problem", "error message", "증상", "문제", "현상"),
    "cause": ("cause", "causes", "reason", "why this happens", "원인", "이유"),
    "resolution": (
        *("resolution", "solution", "fix", "workaround", "how to fix", "steps to resolve"),
        *("해결 방법", "해결방법", "해결", "해결책", "조치 방법", "조치", "대처 방법"),
    ),
}
_LABEL_OF = {name: label for label, names in LABELS.items() for name in names}
_LABEL_NOISE = re.compile(r"^[\W\d_]+|[\W\d_]+$")


def label(heading: str) -> str:
    """The kind of section that a heading opens ("해결 방법" → "resolution"), or ""."""
    return _LABEL_OF.get(_LABEL_NOISE.sub("", heading.lower()), "")


@dataclass(frozen=True)
class _Piece:
    """A block with its size in tokens."""

    block: Block
    tokens: int


@dataclass(frozen=True)
class _Section:
    """A heading's own content. `path` ends with that heading; `start` is its line, `head` its size in tokens."""

    path: tuple[str, ...]
    anchor: str
    start: int
    head: int
    pieces: tuple[_Piece, ...]

    @property
    def tokens(self) -> int:
        return self.head + sum(piece.tokens for piece in self.pieces)


def chunk(document: Document, title: str, *, size: int, limit: int, count: CountTokens) -> list[Chunk]:
    """Cut a document into chunks.

    Args:
        size: tokens a chunk's body aims at.
        limit: tokens that the model reads of title, headings and body together.
        count: the model's own counter.
    """
    size, limit = _room(document, title, size, limit, count)
    sizes = count([block.text for block in document.blocks])
    pieces = [_Piece(block, tokens) for block, tokens in zip(document.blocks, sizes, strict=True)]
    sections = list(_sections(_without_title(pieces, title)))
    groups = [group for run in _runs(sections, size) for group in _groups(run, size, limit, count)]
    return [_chunk(ordinal, group) for ordinal, group in enumerate(groups)]


def _room(document: Document, title: str, size: int, limit: int, count: CountTokens) -> tuple[int, int]:
    """The sizes that are left for a body once the longest heading path stands before it."""
    headings = [block.text for block in document.blocks if block.kind == "heading"]
    contexts = [block.context for block in document.blocks if block.context]
    head = count([title])[0] + max(count(headings), default=0) * 2 + max(count(contexts), default=0)
    room = max(limit - head, limit // 2)
    return min(size, room), room


def _without_title(pieces: list[_Piece], title: str) -> list[_Piece]:
    """A lone H1 at the top is the title again: dropped if it says the same, else a line of the first passage."""
    tops = [i for i, piece in enumerate(pieces) if piece.block.kind == "heading" and piece.block.level == 1]
    if len(tops) != 1 or any(piece.block.kind == "heading" for piece in pieces[: tops[0]]):
        return pieces
    at = tops[0]
    heading = pieces[at].block
    same = [] if heading.text == title else [replace(pieces[at], block=replace(heading, kind="paragraph"))]
    return [*pieces[:at], *same, *pieces[at + 1 :]]


def _sections(pieces: Sequence[_Piece]) -> Iterator[_Section]:
    path: list[tuple[int, str]] = []
    anchor, start, head, body = "", 0, 0, list[_Piece]()
    for piece in pieces:
        block = piece.block
        if block.kind != "heading":
            body.append(piece)
            continue
        if path or body:
            yield _Section(tuple(text for _, text in path), anchor, start, head, tuple(body))
        path = [(level, text) for level, text in path if level < block.level]
        if block.text:
            path.append((block.level, block.text))
        anchor, start, head, body = block.anchor, block.lines[0], piece.tokens, []
    if path or body:
        yield _Section(tuple(text for _, text in path), anchor, start, head, tuple(body))


def _runs(sections: Sequence[_Section], size: int) -> Iterator[list[_Section]]:
    """Neighbouring sections that fit in one chunk together; a bare heading goes with the section below it."""
    run: list[_Section] = []
    for section in sections:
        if run and sum(s.tokens for s in run) + section.tokens > size:
            own = len(run)
            while own and not run[own - 1].pieces and _is_above(run[own - 1], section):
                own -= 1
            if own:
                yield run[:own]
            run = run[own:]
        run.append(section)
    if run:
        yield run


def _is_above(section: _Section, other: _Section) -> bool:
    return len(section.path) < len(other.path) and other.path[: len(section.path)] == section.path


def _groups(run: list[_Section], size: int, limit: int, count: CountTokens) -> Iterator[tuple[_Section, ...]]:
    """What becomes a chunk each: the sections of a run, or the parts of one that is too big."""
    total = sum(section.tokens for section in run)
    if total <= size:
        yield tuple(run)
        return
    if not run[-1].pieces:  # bare headings, one below the other, and nothing under the last
        yield from ((section,) for section in run)
        return
    *empty, full = run  # only the last section of a run can be too big; those before it are bare headings
    pieces = [small for piece in full.pieces for small in _split(piece, size, limit, count)]
    cuts = list(_pack(pieces, size))
    for index, cut in enumerate(cuts):
        start = full.start if index == 0 else cut[0].block.lines[0]
        part = replace(full, pieces=tuple(cut), start=start)
        yield (*empty, part) if index == 0 else (part,)


def _pack(pieces: Sequence[_Piece], size: int) -> Iterator[list[_Piece]]:
    """Cut a run of pieces into parts of about the same size, none over `size` unless a piece alone is."""
    total = sum(piece.tokens for piece in pieces)
    target = total / -(-total // size)
    part: list[_Piece] = []
    held = 0
    for piece in pieces:
        if part and (held + piece.tokens > size or held + piece.tokens / 2 > target):
            yield part
            part, held = [], 0
        part.append(piece)
        held += piece.tokens
    if part:
        yield part


def _split(piece: _Piece, size: int, limit: int, count: CountTokens) -> Iterator[_Piece]:
    """Take a piece apart until each fits: whole steps and fences may use the model's whole window."""
    whole = limit if piece.block.kind in ("item", "fence", "row") else size
    if piece.tokens <= whole:
        yield piece
        return
    block = piece.block
    if len(block.parts) > 1:
        for part, tokens in zip(block.parts, count([p.text for p in block.parts]), strict=True):
            yield from _split(_Piece(part, tokens), size, limit, count)
        return
    yield from _split_text(block, size, count)


def _split_text(block: Block, size: int, count: CountTokens) -> Iterator[_Piece]:
    """Cut text at lines (of a fence), sentences, then words; join what fits together again."""
    parts = _located(block)
    sizes = count([text for text, _ in parts])
    held: list[tuple[str, int]] = []
    tokens = 0
    for (text, line), cost in zip(parts, sizes, strict=True):
        if held and tokens + cost > size:
            yield _piece(block, held, tokens)
            held, tokens = [], 0
        if cost > size:
            yield from _words(block, text, line, size, count)
        else:
            held.append((text, line))
            tokens += cost
    if held:
        yield _piece(block, held, tokens)


def _located(block: Block) -> list[tuple[str, int]]:
    """Sentences (lines of a fence) with the source line each starts on; -1 where that cannot be known."""
    first, last = block.lines
    lines = block.text.split("\n")
    if block.kind == "fence":
        offset = 1 if last - first + 1 > len(lines) else 0
        return [(line + "\n", min(first + offset + i, last)) for i, line in enumerate(lines)]
    known = len(lines) == last - first + 1
    return [
        (sentence, first + index if known else -1)
        for index, line in enumerate(lines)
        for sentence in _with_newline(sentences(line), index < len(lines) - 1)
    ]


def _with_newline(parts: list[str], more: bool) -> list[str]:
    if parts and more:
        parts[-1] += "\n"
    return parts


def _words(block: Block, text: str, line: int, size: int, count: CountTokens) -> Iterator[_Piece]:
    """Words of an overlong sentence, as many as fit; an overlong word is cut into halves until it does."""
    words = re.findall(r"\S+\s*|\s+", text)
    sizes = count(words)
    held, tokens = "", 0
    for word, cost in zip(words, sizes, strict=True):
        if held and tokens + cost > size:
            yield _piece(block, [(held, line)], tokens)
            held, tokens = "", 0
        if cost > size and len(word) > 1:
            half = len(word) // 2
            for part in (word[:half], word[half:]):
                yield from _words(block, part, line, size, count)
        else:
            held += word
            tokens += cost
    if held:
        yield _piece(block, [(held, line)], tokens)


def _piece(block: Block, parts: list[tuple[str, int]], tokens: int) -> _Piece:
    text = "".join(text for text, _ in parts).rstrip()
    lines = block.lines if parts[0][1] < 0 else (parts[0][1], parts[-1][1])
    return _Piece(replace(block, text=text, lines=lines, parts=()), tokens)


_SENTENCE = re.compile(r"(?:\s*\d+[.)]\s+)?.+?(?:[.!?…]+[\"'”’)\]]*(?=\s|$)\s*|[。！？]+[」』”’)]*\s*|$)", re.DOTALL)


def sentences(text: str) -> list[str]:
    """Split text into sentences, each with the white space that follows it: joined, they are the text."""
    return _SENTENCE.findall(text)


def _chunk(ordinal: int, sections: tuple[_Section, ...]) -> Chunk:
    common = _common([section.path for section in sections])
    pieces = [piece.block for section in sections for piece in section.pieces]
    context = pieces[0].context if pieces else ""
    starts = [s.start for s in sections if s.start] + [b.lines[0] for b in pieces]
    ends = [s.start for s in sections if s.start] + [b.lines[1] for b in pieces]
    labels = {label(heading): None for section in sections for heading in section.path}
    parts = [(section, "\n".join(_lines(section, common))) for section in sections]
    return Chunk(
        ordinal=ordinal,
        heading_path=common,
        anchor=sections[0].anchor,
        lines=(min(starts), max(ends)),
        text="\n".join(text for _, text in parts if text),
        context=context,
        labels=tuple(name for name in labels if name),
        sections=tuple(_starts(parts)),
    )


def _lines(section: _Section, common: tuple[str, ...]) -> Iterator[str]:
    """A section's text in a chunk: its own heading where it is not in the common path, then its body."""
    if len(section.path) > len(common):
        yield section.path[-1]
    yield from (piece.block.text for piece in section.pieces)


def _starts(parts: Sequence[tuple[_Section, str]]) -> Iterator[tuple[int, str, str]]:
    """Where each section's text begins once they are lines of one text, its anchor and its heading."""
    at = 0
    for section, text in parts:
        if text:
            yield at, section.anchor, section.path[-1] if section.path else ""
            at += len(text) + 1


def _common(paths: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    first, last = min(paths), max(paths)
    length = 0
    while length < min(len(first), len(last)) and first[length] == last[length]:
        length += 1
    return first[:length]
