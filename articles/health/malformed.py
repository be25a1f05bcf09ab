"""Links that lead nowhere whatever there is: addresses that are none, and links that are shown as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import unquote, urlsplit

from articles.health.base import Check, Flag, Shelf
from articles.health.words import Said, and_more, say
from indexer.markdown import Block, Document
from kb.models import Article

FILES = (".md", ".markdown", ".mdx")
"""How the files of articles end."""


def _malformed_link(article: Article, shelf: Shelf) -> Iterator[Flag]:
    document = shelf.document(article)
    shown = (link for link in document.links if not link.image and link.text != link.target)
    judged = (link for link in shown if not (link.target == "#" and _UP.search(link.text)))
    found = [(link.line, link.text, wrong) for link in judged if (wrong := _wrong(link.target))]
    faults = [*found, *_left_over(document, article)]
    if faults:
        line, text, wrong = min(faults)
        message = and_more(say("the link {text!r} {wrong}", text=text[:80], wrong=wrong), len(faults) - 1)
        fix = say("Say where it leads, such as [Refunds](refunds.md) or [Status](https://status.example.com).")
        evidence = {"count": len(faults), "lines": sorted(fault[0] for fault in faults)[:20]}
        yield Flag(MALFORMED_LINK.name, message, line, text[:200], fix, evidence)


# --- addresses ----------------------------------------------------------------------------------------------

_NO_ADDRESS = (
    (re.compile(r"#?$"), say("leads nowhere")),
    (re.compile(r"javascript:", re.IGNORECASE), say("is a script, which no page runs")),
    (re.compile(r"file:|[a-z]:[\\/]", re.IGNORECASE), say("leads to a file on somebody's own computer")),
    (re.compile(r"https?:/{0,2}https?[:/]", re.IGNORECASE), say("says http twice")),
    (
        re.compile(r"https?:(?!//)|https?://(?:$|[/?#])|https?/|https?;|ttps?:?//|//$", re.IGNORECASE),
        say("is no address"),
    ),
    (re.compile(r"(?:htps?|hhtps?|htttps?|ttps?|httpss):", re.IGNORECASE), say("misspells http")),
    (re.compile(r"mailto:[^@?]*$|mailto:[^@?]*\?(?!to=)", re.IGNORECASE), say("names nobody to write to")),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+$"), say("is an e-mail address without mailto:")),
)
_SITE = re.compile(
    r"(?:www\.[\w-]+\.|[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|io|dev|app|kr|jp|de|uk)(?:[/?#:]|$))", re.IGNORECASE
)
_UP = re.compile(r"\btop\b|맨 ?위|위로|처음으로", re.IGNORECASE)  # what "#" leads to


def _wrong(target: str) -> Said | None:
    """What is wrong with an address, in words that follow "the link"; None for nothing."""
    target = unquote(target).strip()
    try:
        urlsplit(target)
    except ValueError:
        return say("{fault}: {target!r}", fault=say("is no address"), target=target[:100])
    fault = next((what for pattern, what in _NO_ADDRESS if pattern.match(target)), None)
    if not fault and without_scheme(target):
        fault = say("lacks https:// before the name of the site")
    return say("{fault}: {target!r}", fault=fault, target=target[:100]) if fault and target else fault


def without_scheme(target: str) -> bool:
    """Whether an address begins with the name of a site."""
    return bool(_SITE.match(target)) and not target.lower().endswith(FILES)


# --- as they are written ------------------------------------------------------------------------------------

_LEFT = re.compile(  # [text](an address that Markdown refuses), or [text] (https://…)
    r"\[[^\[\]\n]+\]"
    r"(?:\((?=[^()\n]*\.(?:mdx?|html)\b| ?(?:https?:|file:|[a-zA-Z]:[\\/]|/|#))| \((?=https?://|mailto:))[^()\n]*\)"
)
_REFERENCE = re.compile(r"(?<![\w\[\])])!?\[(?!\^)([^\[\]\n]+)\]\[([^\[\]\n]*)\](?![\w\[(])")  # [text][label]
_DEFINED = re.compile(r"^ {0,3}\[(?!\^)[^\[\]\n]+\]:[ \t]*\S", re.MULTILINE)
_LABEL = re.compile(r"\d{1,3}|[a-z]+\d*(?:[-_.][a-z]+\d*)*")
_WORDS = re.compile(r"[a-z]+(?:[-_][a-z]+)+")
_KEYS = frozenset({"alt", "cmd", "ctrl", "del", "delete", "enter", "esc", "option", "shift", "space", "tab"})
_CODE = re.compile(r"(`+)[^`]*\1|\\[\[\]()]")
_MARKS = re.compile(r"[*_~]")
_MOST = 1000  # of what looks like a link that is looked at in one article


def _left_over(document: Document, article: Article) -> Iterator[tuple[int, str, Said]]:
    """Links that the parser did not take for such, and shows as they are written."""
    lines = article.markdown.split("\n")
    has_references = _DEFINED.search(article.markdown) is not None
    found = (said for block in _leaves(document.blocks) for said in _like_links(block, lines, has_references))
    for block, number, written, wrong in islice(found, _MOST):
        if _MARKS.sub("", written) in _MARKS.sub("", block.text):
            yield number, written[:80], wrong


def _leaves(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        if block.parts:
            yield from _leaves(block.parts)
        elif block.kind in ("paragraph", "row", "heading", "item"):
            yield block


def _like_links(block: Block, lines: list[str], has_references: bool) -> Iterator[tuple[Block, int, str, Said]]:
    """What looks like a link in the source of a block: (the block, its line, what is written, what is wrong)."""
    if "](" not in block.text.replace("] (", "](") and "][" not in block.text:
        return
    first, last = block.lines
    for number, line in enumerate(lines[first - 1 : last], first):
        plain = _CODE.sub("", line)
        for match in _LEFT.finditer(plain):
            yield block, number, match.group(), say("is shown as it is written, for no page can lead there")
        for match in _REFERENCE.finditer(plain):
            text, label = match.groups()
            if _is_reference(text, label, has_references):
                wrong = say("is shown as it is written, for no line says where [{label}] leads", label=label or text)
                yield block, number, match.group(), wrong


def _is_reference(text: str, label: str, has_references: bool) -> bool:
    """Whether [text][label] was meant as a link, and is no array, no citation, no keys, and no path of a menu.

    Its label is a number or such a name as authors give: `refund-policy`. Where the article names nothing else that it
    links to so, the text must be several words, or in another script than its label, or the label itself.
    """
    if not any(char.isalpha() for char in text) or text.lower() == "x":
        return False
    several = has_references or len(text.split()) > 1
    if not label:
        return several and not re.search(r"[,:;=|<>]", text)
    if not _LABEL.fullmatch(label) or label in _KEYS:
        return False
    foreign = not text.isascii() and len(label) > 3
    return several or foreign or text.lower() == label or _WORDS.fullmatch(label) is not None


MALFORMED_LINK = Check("malformed_link", "medium", "A reader clicks, and nothing happens.", _malformed_link)

CHECKS = (MALFORMED_LINK,)
