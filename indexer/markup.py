"""Raw HTML in Markdown: what a browser would show of it, and its links and images.

Python's own parser reads it. What that one takes ill or long is mended here: `<![…` is a comment up to its `>`, a
comment that is never closed hides all that follows, and what comes after the last `>` is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser

HTML_SPACE = " \t\n\r\f"


@dataclass(frozen=True)
class Link:
    """A link or image: where it points, what it says (alt text for an image), and its line.

    `ornament` is an image that says itself that it shows nothing: `alt=""` in HTML.
    """

    target: str
    text: str
    line: int
    image: bool = False
    ornament: bool = False


def html_text(html: str) -> str:
    """The text of raw HTML, a line for each block; comments, scripts and styles left out."""
    return read(html)[0]


def read(html: str) -> tuple[str, list[Link]]:
    """The text of raw HTML, and its links and images; the line of its first is 1."""
    shown, rest = _finished(html)
    parser = _Html()
    parser.feed(shown)
    parser.close()
    parser.handle_data(unescape(rest))
    parser.end_link()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).split("\n"))
    return "\n".join(line for line in lines if line), parser.links


_COMMENT_END = re.compile(r"--\s*>")


def _finished(html: str) -> tuple[str, str]:
    """HTML as far as its tags are finished, and the text after them."""
    end = html.rfind(">") + 1
    closed = 0
    for match in _COMMENT_END.finditer(html):
        closed = match.end()
    opened = html.find("<!--", closed)
    return (html[:end], html[end:]) if opened < 0 else (html[:opened], "")


class _Html(HTMLParser):
    """Collects what a browser would show of a piece of HTML, and where it leads."""

    HIDDEN = frozenset({"script", "style", "template", "title", "head"})
    INLINE = frozenset({"a", "abbr", "b", "code", "em", "i", "kbd", "s", "small", "span", "strong", "sub", "sup", "u"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.links: list[Link] = []
        self.hidden = 0
        self._target: str | None = None  # of the link that is open; its text begins at the part `_start`
        self._line = self._start = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in reversed(attrs)}  # of two that are alike the first holds
        if tag in self.HIDDEN:
            self.hidden += 1
        if tag == "img":
            self.image(said)
            self.parts.append(said.get("alt", ""))
        if tag == "a":
            self.end_link()
            if "href" in said and not self.hidden:
                self._target, self._start = said["href"].strip(HTML_SPACE), len(self.parts)
                self._line, _ = self.getpos()
        if tag not in self.INLINE:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.HIDDEN and self.hidden:
            self.hidden -= 1
        if tag == "a":
            self.end_link()
        if tag not in self.INLINE:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)

    def image(self, said: dict[str, str]) -> None:
        if not self.hidden:
            alt = said.get("alt", "")
            ornament = ("alt" in said and not alt) or said.get("role") in ("presentation", "none")
            hidden = said.get("aria-hidden", "false") != "false"
            target, (line, _) = said.get("src", "").strip(HTML_SPACE), self.getpos()
            self.links.append(Link(target, alt, line, True, ornament or hidden))

    def end_link(self) -> None:
        if self._target is not None:
            text = " ".join("".join(self.parts[self._start :]).split())
            self.links.append(Link(self._target, text, self._line))
            self._target = None

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        return self.parse_bogus_comment(i)
