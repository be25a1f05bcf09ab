"""What the checks of an article's words share: its prose, where in the source each word of it stands, and signs in it.

Prose is what a reader reads as sentences: paragraphs, headings, list items and cells, without code blocks, comments
and the marks of Markdown. A piece of code inside a sentence is one sign (`CODE`), the address of a link is left out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from operator import itemgetter

from indexer.markdown import Block, parse
from kb.models import Article

CODE = "\u25ab"
"""Stands for a piece of code inside a sentence."""
ENOUGH = 200
"""How often one thing is looked at in one article."""
QUOTE = 200  # characters of the source that a flag shows
_REACH = 1000  # characters on each side in which a sentence ends

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(?:(?!\n\n).){0,1000}?(?<!`)\1(?!`)", re.DOTALL)
_LINK = re.compile(
    r"!?\[((?:[^\[\]]|\[[^\[\]]{0,200}\]){0,500})\](?:\([^()\s]{0,2000}(?:\([^()]{0,200}\)[^()\s]{0,2000}){0,5}(?:\s"
    r"+\"[^\"]{0,500}\")?\)|\[[^\]]*\])"
)
_TAG = re.compile(r"(?<!<)</?[a-zA-Z](?![^<>=]* here>)[^<>]*>(?!>)")
_LEAD = re.compile(r"^(?:[ \t>]+|#{1,6}[ \t]|[-*+][ \t]|\d{1,3}[.)][ \t]|\[![A-Za-z]+\])+", re.MULTILINE)
_STRONG = re.compile(r"(?<![\w_])__(?=\S)([^_]{0,200}[^\W_][^_]{0,200})(?<=\S)__(?![\w_])")
_EMPHASIS = re.compile(r"\*\*|(?<![\w*])[*_](?=[^\s_])|(?<=[^\s_])[*_](?![\w*])|\\(?=[^\w\s])")
_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"']+|\bwww\.[^\s<>\"']+")
_SPACE = {"&nbsp;": " ", "\u00a0": " "}
_END = re.compile(
    r"[.!?…。]+[\"'”’)\]]*(?=\s|$)(?!(?<=\d\.)\s(?:\d|기준|현재|자정|정오|까지|부터|오전|오후|밤|이전|이후|마감"
    r"|[(~–-]))(?!(?<=[ap]\.m\.)\s)|[|]|\n\n|\n(?=[-*+]\s|\d+[.)]\s)"
)
_BOX = re.compile(
    r"[\s>*_]*(?:notes?|tips?|info\w*|important|warning|caution|notice|heads[ -]up|attention|remember|update"
    r"|internal\b.*"
    r"|참고|주의|중요|알림|안내|팁|공지|유의|꼭|주)\b[^\w\n]*(?:[:：]|[*_!\]]|$)",
    re.IGNORECASE,
)
_MESSAGE = re.compile(
    r"\b(?:errors?|exceptions?|events?|messages?|failed|failure|log|output|prompt\w*|warning|code|returns?|says"
    r"|shown|displays?)\b"
    r"|0x[0-9a-f]{4}|오류|에러|메시지|경고|로그|이벤트|표시",
    re.IGNORECASE,
)
"""What a quoted message says, or the line before it."""
_HANGUL, _LATIN = re.compile(r"[가-힣]"), re.compile(r"[a-z]{5}")
_ALERT = re.compile(r"\s*(?:>\s*)+\[!\w+\]")


@dataclass(frozen=True)
class Piece:
    """A paragraph, a heading, an item or a row: where it begins in the prose, its first line, and what it is.

    `quoted`: it stands in a block quote that is a message, by what it or the line before it says.
    """

    start: int
    line: int
    kind: str
    quoted: bool = False


@dataclass(frozen=True)
class Prose:
    """The prose of an article: its pieces, parted by empty lines.

    `lines` are the article's source, `code` the numbers of those in code blocks.
    """

    text: str
    pieces: tuple[Piece, ...]
    lines: tuple[str, ...]
    code: frozenset[int]

    @cached_property
    def lower(self) -> str:
        """The text in small letters, each where it was: there are letters that become two."""
        lower = self.text.lower()
        return (
            lower
            if len(lower) == len(self.text)
            else "".join(c if len(c.lower()) > 1 else c.lower() for c in self.text)
        )

    @cached_property
    def hangul(self) -> bool:
        return bool(_HANGUL.search(self.text))

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Where each piece begins and ends."""
        starts = [piece.start for piece in self.pieces]
        ends = [*(start - 2 for start in starts[1:]), len(self.text)] if starts else []
        return tuple(zip(starts, ends, strict=True))

    def having(self, cues: Iterable[str]) -> list[tuple[int, int]]:
        """Where the pieces begin and end that have one of some words in small letters."""
        found = set[tuple[int, int]]()
        for cue in cues:
            at = self.lower.find(cue)
            while at >= 0:
                span = self.spans[bisect_right(self.spans, at, key=itemgetter(0)) - 1]
                found.add(span)
                at = self.lower.find(cue, span[1])
            if len(found) == len(self.spans):
                break
        return sorted(found)

    def piece(self, at: int) -> Piece:
        return self.pieces[bisect_right(self.pieces, at, key=lambda piece: piece.start) - 1]

    @cached_property
    def opening(self) -> int:
        """Where the first piece begins that is no heading: what stands before it is the title."""
        return next((piece.start for piece in self.pieces if piece.kind != "heading"), 0)

    def line(self, at: int) -> int:
        """The source's line of a place in the text, 1-based."""
        piece = self.piece(at)
        return piece.line + self.text.count("\n", piece.start, at)

    def sentence(self, at: int) -> tuple[int, int]:
        """Where the sentence around a place begins and ends."""
        piece = self.piece(at)
        stop = self.text.find("\n\n", at, at + _REACH)
        start, stop = max(piece.start, at - _REACH), min(len(self.text), at + _REACH) if stop < 0 else stop
        for end in _END.finditer(self.text, start, stop):
            if end.end() > at:
                return start, end.end()
            start = end.end()
        return start, stop

    def quote(self, at: int, phrase: str = "") -> str:
        """What stands in the source's line, no more than `QUOTE` characters around the phrase."""
        return clipped(self.lines[self.line(at) - 1], phrase)


@dataclass(frozen=True)
class Sign:
    """A way to say something: it is looked for in pieces in which one of its `cues`, in small letters, stands.

    A sentence with `unless` in it says something else.
    """

    kind: str
    pattern: re.Pattern[str]
    cues: tuple[str, ...]
    unless: re.Pattern[str] | None = None

    @cached_property
    def korean(self) -> bool:
        """Whether it is made of Hangul words: it cannot be where there is no Hangul."""
        return bool(_HANGUL.search(self.pattern.pattern)) and not _LATIN.search(self.pattern.pattern)


def cues(text: str) -> tuple[str, ...]:
    """Many cues, told in one text with bars between them."""
    return tuple(text.split("|"))


@dataclass(frozen=True)
class Hit:
    """What a sign found: its kind, the place and the words, and the sentence around them."""

    kind: str
    start: int
    phrase: str
    sentence: str


def hits(prose: Prose, signs: Iterable[Sign], *, quoted: bool = False, opening: bool = False) -> list[list[Hit]]:
    """What signs find, no more than one in a sentence, the first sign first; the same words again stand together.

    Block quotes are what others said: messages, most often. They are left out unless `quoted`. With `opening`, only the
    title and the first piece that is no heading are looked at.
    """
    found: dict[tuple[int, int], Hit] = {}
    for sign in signs:
        for at, phrase in islice(_matches(prose, sign, opening), ENOUGH):
            span = prose.sentence(at)
            sentence = prose.text[slice(*span)]
            other = span in found or (sign.unless and sign.unless.search(sentence))
            if not other and (quoted or not prose.piece(at).quoted):
                found[span] = Hit(sign.kind, at, phrase.strip(), sentence)
    together: dict[tuple[str, str], list[Hit]] = {}
    for _, hit in sorted(found.items()):
        together.setdefault((hit.kind, hit.phrase.lower()), []).append(hit)
    return list(together.values())


def _matches(prose: Prose, sign: Sign, opening: bool = False) -> Iterator[tuple[int, str]]:
    """Where a sign is and what it says, in the pieces that have a cue of it, each by itself."""
    for start, end in () if sign.korean and not prose.hangul else prose.having(sign.cues):
        if opening and start > prose.opening:
            break
        piece = prose.text[start:end]
        yield from ((start + match.start(), match.group()) for match in sign.pattern.finditer(piece))


def places(prose: Prose, same: list[Hit]) -> dict[str, object]:
    """The evidence of one thing said in one place or more: the words, and their first lines."""
    lines = [prose.line(hit.start) for hit in same]
    return {"phrase": same[0].phrase, "count": len(same), "lines": lines[:10]}


def clipped(line: str, phrase: str = "") -> str:
    """A line of no more than `QUOTE` characters, with the phrase in it; where it is cut, an ellipsis."""
    line = line.strip()
    if len(line) <= QUOTE:
        return line
    place = max(0, line.find(phrase[:40])) if phrase else 0
    start = max(0, min(place - QUOTE // 3, len(line) - QUOTE))
    found, end = line[start : start + QUOTE - 2], start + QUOTE - 2
    if start:
        found = "…" + found[min(found.find(" ") + 1, place - start) :]
    return found if end >= len(line) else found.rpartition(" ")[0] + "…" if " " in found else found + "…"


def prose(article: Article) -> Prose:
    return _prose(article.markdown, article.source)


@lru_cache(maxsize=8)  # all checks of an article read it, one after the other
def _prose(markdown: str, source: str) -> Prose:
    lines = tuple(re.split(r"\r\n?|\n", markdown.removeprefix("\ufeff")))  # as the parser counts them
    texts, pieces, code, at = [], [], set[int](), 0
    for block in _leaves(parse(markdown, source).blocks):
        if block.kind == "fence":
            code.update(range(block.lines[0], block.lines[1] + 1))
            continue
        text = plain("\n".join(lines[block.lines[0] - 1 : block.lines[1]]))
        if text.strip():
            pieces.append(Piece(at, block.lines[0], block.kind, _quoted(lines, block.lines[0] - 1)))
            texts.append(text)
            at += len(text) + 2
    return Prose("\n\n".join(texts), tuple(pieces), lines, frozenset(code))


def _leaves(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Blocks that are not made of others."""
    for block in blocks:
        if block.parts and block.kind == "item":
            yield from _leaves(block.parts)
        else:
            yield block


def _quoted(lines: tuple[str, ...], index: int) -> bool:
    if not lines[index].lstrip().startswith(">"):
        return False
    end = index
    while index and lines[index - 1].lstrip().startswith(">"):
        index -= 1
    if _ALERT.match(lines[index]) or _BOX.match(lines[index]):
        return False
    before = next((line.strip() for line in reversed(lines[max(0, index - 3) : index]) if line.strip()), "")
    return before.rstrip("*_ ").endswith((":", "：")) or bool(_MESSAGE.search(before) or _MESSAGE.search(lines[end]))


def plain(text: str) -> str:
    """Markdown as it is read, with as many lines."""
    if "`" in text:
        text = _SPAN.sub(lambda match: CODE + "\n" * match.group().count("\n"), text)
    if "<" in text:
        text = _COMMENT.sub(_as_lines, text)
        text = _TAG.sub(_as_lines, text)
    if "](" in text or "][" in text:
        text = _LINK.sub(lambda match: match[1] + "\n" * (match.group().count("\n") - match[1].count("\n")), text)
    if "://" in text or "www." in text:
        text = _ADDRESS.sub(CODE, text)
    for old, new in _SPACE.items():
        text = text.replace(old, new)
    if "__" in text:
        text = _STRONG.sub(r"\1", text)
    return _EMPHASIS.sub("", _LEAD.sub("", text)).replace("\n\n", "\n \n")


def _as_lines(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")
