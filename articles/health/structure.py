"""How an article is built: its headings, its sections, its steps, and whether its title says what is in it.

Readability and wording are other checks'. Headings inside of list items are part of the item.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from articles.frontmatter import ALIASES
from articles.health.base import Check, Flag, Shelf
from articles.health.words import say
from indexer.language import base
from indexer.markdown import Block, Document
from kb.models import Article

# --- headings -----------------------------------------------------------------------------------------------


def _several_h1(article: Article, shelf: Shelf) -> Iterator[Flag]:
    document = shelf.document(article)
    first = document.blocks[0] if document.blocks else None
    ones = [heading for heading in _headings(document) if heading.level == 1]
    title = _normal(article.metadata.title)
    extra = [heading for heading in ones if heading is not first]  # the one that begins the text is its page's title
    if len(ones) == 1 and (_normal(ones[0].text) == title or not _says_title(document)):
        return
    if extra:
        message = say("{heading!r} is a heading of the first level besides the title", heading=extra[0].text[:80])
        if len(extra) > 1:
            message = say("has {count} headings of the first level besides its title", count=len(extra))
        fix = say("Make it one of the second level (##); a comment in a command belongs in a code block.")
        evidence = {"count": len(extra), "lines": _lines(extra)}
        yield Flag(SEVERAL_H1.name, message, extra[0].lines[0], extra[0].text[:200], fix, evidence)


def _says_title(document: Document) -> bool:
    return any(key.strip().lower() in ALIASES["title"] for key in document.front)


def _skipped_level(article: Article, shelf: Shelf) -> Iterator[Flag]:
    title = Block("heading", article.metadata.title, (0, 0), level=1)
    pairs = pairwise([title, *_headings(shelf.document(article))])
    skips = [(above, heading) for above, heading in pairs if heading.level > above.level + 1]
    if skips:
        above, heading = skips[0]
        message = say(
            "{heading!r} is a heading of level {level} under one of level {above}",
            heading=heading.text[:80],
            level=heading.level,
            above=above.level,
        )
        fix = say("Make it one of level {level} ({mark}).", level=above.level + 1, mark="#" * (above.level + 1))
        evidence = {"count": len(skips), "lines": _lines(heading for _, heading in skips)}
        yield Flag(SKIPPED_LEVEL.name, message, heading.lines[0], heading.text[:200], fix, evidence)


def _empty_section(article: Article, shelf: Shelf) -> Iterator[Flag]:
    headings = _headings(shelf.document(article))
    source = _SOURCE_LINE.split(article.markdown)
    end = Block("heading", "", (len(source) + 1, len(source) + 1))
    empty = [
        heading
        for heading, following in pairwise([*headings, end])
        if following.level <= heading.level and not _filled(source[heading.lines[1] : following.lines[0] - 1])
    ]
    if empty:
        names = [heading.text[:80] for heading in empty[:3]]
        message = say("nothing stands under {names!r}", names=names)
        if len(empty) > 3:
            message = say("nothing stands under {names!r} and {more} more", names=names, more=len(empty) - 3)
        fix = say("Write the section, or take its heading out.")
        evidence = {"count": len(empty), "lines": _lines(empty)}
        yield Flag(EMPTY_SECTION.name, message, empty[0].lines[0], empty[0].text[:200], fix, evidence)


_SOURCE_LINE = re.compile(r"\r\n?|\n")
_NOTHING = re.compile(r"<!--.*?(?:-->|\Z)|</?(?:a|br|div|p|span|section)\b[^<>]*>|&nbsp;", re.DOTALL | re.IGNORECASE)
_RULE = re.compile(r"(?:[-*_][ \t]*){3,}")


def _filled(lines: Sequence[str]) -> bool:
    """Whether a reader sees anything of these lines: comments, anchors and rules are nothing."""
    shown = _NOTHING.sub("", "\n".join(lines)).split("\n")
    return any(line.strip() and not _RULE.fullmatch(line.strip()) for line in shown)


def _headings(document: Document) -> list[Block]:
    return [block for block in document.blocks if block.kind == "heading"]


def _lines(blocks: Iterable[Block]) -> list[int]:
    return [block.lines[0] for block in blocks][:20]


# --- steps --------------------------------------------------------------------------------------------------

_BEFORE_EN = (  # "Then", "In the Import dialog box," and "If you are asked,"
    r"(?:(?:then|next|now|finally|afterwards?|again|optionally),? "
    r"|(?:in|on|under|from|at|to|after|when|once|if|with|for) [^.;:]{2,120}?, (?:and )?(?:then )?)?"
)
_PRESS_EN = (
    r"(?:right-|double-|left-)?click|select|tap|press|type|go to|navigate to|choose|expand|enter|open|point to"
    r"|browse to"
)
_DO_EN = (
    rf"{_PRESS_EN}|access|activate|add|apply|approve|assign|attach|back up|browse|change|check|clear|close|compare"
    r"|confirm|configure|connect|copy|create|deactivate|delete|deploy|detach|disable|disconnect|download|drag|edit"
    r"|enable|ensure|execute|exit|export|extract|find|follow|hold|import|install|launch|locate|log (?:in|on|off|out)"
    r"|look|make sure|mark|modify|move|note|paste|pick|place|plug|provide|quit|read|rebuild|reboot|reconnect|record"
    r"|refresh|register|reinstall|remove|rename|repeat|replace|reset|restart|restore|resume|retry|review|run|save|scan"
    r"|scroll|search|send|set|share|sign (?:in|out)|specify|start|stop|submit|swipe|switch|take|test|tick|try"
    r"|turn (?:on|off)|uncheck|uninstall|unplug|unzip|update|upgrade|upload|use|verify|view|wait|write"
)
_END_KO = r" ?(?:합니다|하십시오|하세요|해요|해 ?주세요|해 ?주십시오|하기|하고|한 다음|한 후)?(?=[ .,!]|$)"
_PRESS_KO = (
    rf"(?:클릭|선택|입력|이동|탭|로그인){_END_KO}|(?:누르|누릅|눌러|누른|고르|고릅|골라|고른|누름)"
    r"|(?:여세요|여십시오|엽니다|열어 ?주세요|열어요|열고|연 다음)(?=[ .,!]|$)"
)
_DO_KO = (
    rf"{_PRESS_KO}|(?:합니다|하십시오|하세요|해요|주세요|주십시오|[으]?세요|십시오|[가-힣]어요|[가-힣]아요|니다)"
    r"(?=[.!]|$)"
)


@dataclass(frozen=True)
class _Steps:
    """How a step that presses something reads, how any step does, and one way of several; what is longer explains."""

    press: re.Pattern[str]
    do: re.Pattern[str]
    choice: re.Pattern[str]
    longest: int


_STEPS = {
    "en": _Steps(
        re.compile(rf"{_BEFORE_EN}(?:{_PRESS_EN})\b(?! (?:at|on (?:next|this)))", re.IGNORECASE),
        re.compile(rf"{_BEFORE_EN}(?:{_DO_EN})\b", re.IGNORECASE),
        re.compile(r"(?:or|to|if|when|for|either|option|method)\b|[^.]{1,80}: ", re.IGNORECASE),
        220,
    ),
    "ko": _Steps(
        re.compile(rf".*?(?:{_PRESS_KO})"),
        re.compile(rf".*?(?:{_DO_KO})"),
        re.compile(r"또는|혹은|참고|[^.]{1,60}(?:려면|경우|[가-힣]면)[ ,]|[^.]{1,40}: |.*(?:참조|참고)(?:하|합|해)"),
        130,
    ),
}
_MARK = re.compile(r"- (?:\[[ xX]\] )?")


def _unnumbered_steps(article: Article, shelf: Shelf) -> Iterator[Flag]:
    read = _STEPS.get(base(article.metadata.locale))
    if read is None:
        return
    least = int(shelf.option(UNNUMBERED_STEPS, "least"))
    runs = [run for run in _runs(shelf.document(article).blocks) if len(run) >= least]
    found = [run for run in runs if _are_steps(run, read)]
    if found:
        first = found[0]
        message = say("{count} steps that follow one another are paragraphs", count=len(first))
        if _is_bullet(first[0]):
            message = say("{count} steps that follow one another are bullets", count=len(first))
        fix = say("Number them (1., 2., 3.), so that a reader can keep their place and tell an agent where they are.")
        evidence = {"count": len(found), "lines": _lines(run[0] for run in found)}
        yield Flag(UNNUMBERED_STEPS.name, message, first[0].lines[0], _said(first[0])[:200], fix, evidence)


def _runs(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Bullets of one list, or paragraphs, that stand beside one another. Inside of a step they are its choices."""
    for (kind, bullet), group in groupby(blocks, lambda block: (block.kind, _is_bullet(block))):
        if bullet or kind == "paragraph":
            yield list(group)


def _is_bullet(block: Block) -> bool:
    return block.kind == "item" and bool(_MARK.match(block.text))


def _said(block: Block) -> str:
    """A step's first line."""
    return _MARK.sub("", block.text, count=1).split("\n")[0].strip()


def _are_steps(run: Sequence[Block], read: _Steps) -> bool:
    """Whether nearly all do something, many of them to what is on a screen; ways to choose from are no steps.

    Paragraphs are steps only where next to all press something: text says now and then what to press.
    """
    texts = [_said(block) for block in run]
    short = [text for text in texts if len(text) <= read.longest]
    pressed, done = (sum(bool(pattern.match(text)) for text in short) / len(texts) for pattern in (read.press, read.do))
    chosen = sum(bool(read.choice.match(text)) for text in texts) / len(texts)
    several = len({text.split()[0].lower() for text in texts if text}) > 1  # "Enter … Enter …" are ways, too
    return several and chosen <= 0.3 and done >= 0.75 and pressed >= (0.4 if _is_bullet(run[0]) else 0.8)


# --- the title ----------------------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W_]+")
_LITTLE_WORDS = (
    "a an and are as at be by can cannot do does for from get has have how i if in is it its my new not of on or our "
    "out set that the their there this to up use using was what when where which who why will with you your"
)
_LITTLE = frozenset(_LITTLE_WORDS.split())
_STEM = 5  # letters by which words are compared: install, installed and installation are one


def _title_elsewhere(article: Article, shelf: Shelf) -> Iterator[Flag]:
    document, meta = shelf.document(article), article.metadata
    body = list(document.blocks)
    if body and body[0].kind == "heading" and body[0].level == 1:
        del body[0]  # the title once more, or another
    text = "\n".join(_flat_text(body))
    wanted = sorted(_terms(meta.title, beginnings=True) - _LITTLE)
    few = len(wanted) < shelf.option(TITLE_ELSEWHERE, "terms")
    if not wanted or few or len(text) < shelf.option(TITLE_ELSEWHERE, "body"):
        return
    said = _terms(text)
    found = [term for term in wanted if term in said]
    if len(found) / len(wanted) <= shelf.option(TITLE_ELSEWHERE, "share"):
        missing = [term for term in wanted if term not in said]
        message = say("hardly a word of the title {title!r} is in the text", title=meta.title[:200])
        fix = say("Call the thing in the text what the title calls it, or name the article after what it says.")
        yield Flag(TITLE_ELSEWHERE.name, message, 0, meta.title[:200], fix, {"missing": missing[:20], "found": found})


def _flat_text(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        yield from (block.context, block.text)


def _terms(text: str, *, beginnings: bool = False) -> set[str]:
    """What two texts are compared by: stems of words, and pairs of letters where words are inflected or not set apart.

    With `beginnings` only the first pair of each such word: that is where a Korean word says what it is about, and
    not how it is inflected.
    """
    found: set[str] = set()
    for word in _WORD.findall(unicodedata.normalize("NFKC", text).lower()):
        if "\u2e80" <= word[0] <= "\uffef":
            found.update((word[:2],) if beginnings and len(word) > 1 else map("".join, pairwise(word)))
        elif len(word) > 1:
            found.add(word if word in _LITTLE else word[:_STEM])
    return found


def _normal(title: str) -> str:
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", title).casefold()))


# --- length -------------------------------------------------------------------------------------------------


def _too_long(article: Article, shelf: Shelf) -> Iterator[Flag]:
    letters = base(article.metadata.locale) in ("ko", "ja", "zh")
    unit = "characters" if letters else "words"
    limit = shelf.option(TOO_LONG, unit)
    sections = list(_sections(shelf.document(article), letters))
    length = sum(size for _, size, _ in sections)
    heading, _, longest = max(sections, key=lambda section: section[2])
    if length > limit and longest > limit / 2:
        where = say("before its first heading")
        if heading:
            where = say("under {heading!r}", heading=heading.text[:80])
        counts = {"length": length, "longest": longest}
        message = say(
            "has {length|word/words}, {longest} of them {where} with no heading between", where=where, **counts
        )
        if letters:
            message = say(
                "has {length|character/characters}, {longest} of them {where} with no heading between",
                where=where,
                **counts,
            )
        fix = say("Divide it by headings that say what each part answers, or make articles of its parts.")
        line, quote = (heading.lines[0], heading.text[:200]) if heading else (0, "")
        yield Flag(TOO_LONG.name, message, line, quote, fix, {unit: length, "longest": longest})


def _sections(document: Document, letters: bool) -> Iterator[tuple[Block | None, int, int]]:
    """Headings with how much follows each, in words, or letters without spaces; in all, and without numbered steps.

    A procedure is as long as it is: its numbers are what a reader finds their place by.
    """
    heading: Block | None = None
    size = loose = 0
    for block in document.blocks:
        if block.kind == "heading":
            yield heading, size, loose
            heading, size, loose = block, 0, 0
        elif block.kind in ("paragraph", "item", "html"):
            words = block.text.split()
            more = sum(map(len, words)) if letters else len(words)
            size += more
            loose += 0 if block.kind == "item" and not _is_bullet(block) else more
    yield heading, size, loose


# --- what is asked ------------------------------------------------------------------------------------------

SEVERAL_H1 = Check(
    "several_h1",
    "low",
    "A screen reader and a search engine cannot tell what the page is about.",
    _several_h1,
)
SKIPPED_LEVEL = Check(
    "skipped_level",
    "low",
    "Whoever goes from heading to heading by ear believes that they missed one.",
    _skipped_level,
)
EMPTY_SECTION = Check(
    "empty_section",
    "medium",
    "A reader finds the heading of their question, and no answer.",
    _empty_section,
)
UNNUMBERED_STEPS = Check(
    "unnumbered_steps",
    "low",
    "A reader who looks away loses their place, and cannot say where it went wrong.",
    _unnumbered_steps,
    options={"least": 4},
)
TITLE_ELSEWHERE = Check(
    "title_elsewhere",
    "low",
    "A reader who came for the title believes that they are in the wrong place, and so does the search.",
    _title_elsewhere,
    options={"share": 0.15, "terms": 3, "body": 200},
)
TOO_LONG = Check(
    "too_long",
    "low",
    "A reader cannot see where in it their answer stands.",
    _too_long,
    options={"words": 1000, "characters": 3000},
)

CHECKS = (SEVERAL_H1, SKIPPED_LEVEL, EMPTY_SECTION, UNNUMBERED_STEPS, TITLE_ELSEWHERE, TOO_LONG)
