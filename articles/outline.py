"""The outline of an article's page: its title, its headings, its sections, the questions that it answers.

Everything here reads the sanitised HTML of `articles.render`, whose tags are balanced and whose attributes are quoted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import escape

from indexer.chunk import label
from indexer.markdown import html_text, parse

_HEADING = re.compile(r'<h([1-6])((?: [a-z-]+="[^"]*")*)>(.*?)</h\1>', re.DOTALL)
_ID = re.compile(r' id="([^"]*)"')
_TASK = re.compile(r'<input(?=(?: [a-z-]+="[^"]*")* disabled="")')
_ALERT = re.compile(r'(<p class="markdown-alert-title">)(\w+)(</p>)')
_LINE = re.compile(r"\r\n?|\n")
_LINKED = (2, 3)  # levels of the headings that one can link to, and of a table of contents


@dataclass(frozen=True)
class Heading:
    """`anchor` is as it stands in the attribute, "" for a heading without one; `start` and `end` are in the HTML."""

    level: int
    anchor: str
    text: str
    start: int
    end: int


def headings(html: str) -> list[Heading]:
    found = []
    for match in _HEADING.finditer(html):
        anchor = _ID.search(match.group(2))
        text = line(match.group(3))
        found.append(Heading(int(match.group(1)), anchor.group(1) if anchor else "", text, *match.span()))
    return found


def line(html: str) -> str:
    """What a browser shows of a piece of HTML, in one line."""
    return html_text(html).replace("\n", " ")


def without_title(html: str) -> tuple[Heading | None, str]:
    """The heading that a text begins with, if it is its title, and the rest."""
    first = next(iter(headings(html)), None)
    if first is None or first.level != 1 or html[: first.start].strip():
        return None, html
    return first, html[first.end :].lstrip()


def contents(html: str) -> list[Heading]:
    """The headings of a table of contents."""
    return [heading for heading in headings(html) if heading.level in _LINKED and heading.anchor and heading.text]


def readable(html: str, link_label: Callable[[str], str], alerts: Mapping[str, str]) -> str:
    """The same text with a link beside each heading to itself, and each table in a box that may scroll.

    `alerts` are the titles of alerts in the reader's words, by the English ones that the parser writes. The boxes of a
    task list have no names of their own, and cannot be ticked: they are for the eye.
    """
    parts, at = [], 0
    for heading in contents(html):
        said = escape(link_label(heading.text))
        link = f'<a class="anchor" href="#{heading.anchor}" aria-label="{said}">#</a>'
        parts += [html[at : heading.start], '<div class="titled">', html[heading.start : heading.end], link, "</div>"]
        at = heading.end
    whole = _TASK.sub('<input aria-hidden="true"', "".join([*parts, html[at:]]))
    whole = _ALERT.sub(lambda title: f"{title[1]}{escape(alerts.get(title[2], title[2]))}{title[3]}", whole)
    return whole.replace("<table", '<div class="scroll"><table').replace("</table>", "</table></div>")


def questions(html: str) -> list[tuple[str, str]]:
    """The questions of an FAQ and their answers, as text.

    An FAQ has a section that asks before one that answers ("Question" and "Answer", 질문 and 답변). Its other sections
    ask in their headings.
    """
    sections = _sections(html)
    asked = [
        (body, answer)
        for (heading, body), (next_heading, answer) in pairwise(sections)
        if label(heading) == "question" and label(next_heading) == "answer"
    ]
    if not asked:
        return []
    asked += [(heading, body) for heading, body in sections if heading.endswith(("?", "？"))]
    return [(question, answer) for question, answer in asked if question and answer]


def _sections(html: str) -> list[tuple[str, str]]:
    """The sections under the highest headings, each with its text."""
    found = headings(html)
    top = [heading for heading in found if heading.level == min(h.level for h in found)]
    ends = [*(heading.start for heading in top), len(html)][1:]
    return [(h.text, html_text(html[h.end : end])) for h, end in zip(top, ends, strict=True)]


def summary(html: str, most: int = 160) -> str:
    """The beginning of a text, cut between words."""
    text = line(_HEADING.sub("", html))
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip() + "…"


def body(markdown: str) -> str:
    """An article's Markdown without its front matter."""
    text = markdown.removeprefix("\ufeff")
    if not parse(text).front:
        return text
    lines = _LINE.split(text)
    opening = len(lines[0]) - len(lines[0].lstrip("-"))
    closing = re.compile(rf"(?: {{0,3}}-{{{opening},}}|\.\.\.)\s*$")
    end = next(number for number, found in enumerate(lines) if number and closing.match(found))
    return "\n".join(lines[end + 1 :]).lstrip("\n")
