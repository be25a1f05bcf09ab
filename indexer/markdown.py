"""Markdown source to a flat list of blocks with their exact source lines.

The only file that imports markdown_it. It says what stands where; it does not know chunks, models or stores.
CommonMark with GFM tables, task lists, alerts, autolinks and footnotes, YAML front matter, raw HTML (its text is
kept, its scripts and styles are not) and custom heading anchors (`{#id}`, `<a name=…>`).

It takes time in proportion to the text, whatever stands there; what the parser does not bound itself is bounded here.
A bare address is a link where it ends within 4,096 characters (its mailbox has 72 at most), a footnote's label has at
most 1,000 characters and `{#id}` 300, and emphasis counts to a depth of 50.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import yaml

from indexer.markup import Link, html_text, read
from kb.errors import ArticleError

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token
    from markdown_it.tree import SyntaxTreeNode

__all__ = ["Block", "Document", "Link", "html_text", "parse", "slug", "to_html"]

Lines = tuple[int, int]


@dataclass(frozen=True)
class Block:
    """A piece of a document that reads as one: a heading, a paragraph, a list item, a table row, a fence.

    `lines` are 1-based and inclusive. `context` is a table's header row; `parts` are what it may be taken
    apart into when it is too big to stay whole.
    """

    kind: str
    text: str
    lines: Lines
    level: int = 0
    anchor: str = ""
    context: str = ""
    parts: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Document:
    """A parsed article. `front` is its front matter as read; `anchors` maps each anchor to its line."""

    front: dict[str, Any]
    blocks: tuple[Block, ...]
    links: tuple[Link, ...] = ()
    anchors: dict[str, int] = field(default_factory=dict)


class _NoAliases(yaml.SafeLoader):
    """YAML without aliases: a few lines of them can name gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="aliases are not allowed", problem_mark=event.start_mark)
        node: yaml.Node | None = super().compose_node(parent, index)
        return node


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.front_matter import front_matter_plugin
    from mdit_py_plugins.gfm import gfm_plugin

    parser = MarkdownIt("commonmark", {"maxNesting": 100}).use(front_matter_plugin).use(gfm_plugin)
    rules = dict(zip(parser.inline.ruler.get_active_rules(), parser.inline.ruler.getRules(""), strict=True))
    for name, starts in _ADDRESSES.items():
        parser.inline.ruler.at(name, _address(rules[name], starts))
    parser.inline.ruler.at("footnote_ref", _footnote(rules["footnote_ref"]))
    parser.inline.ruler.before("html_inline", "comment", _comment)
    parser.core.ruler.push("shallow", _shallow)
    return parser


_Rule = Callable[["StateInline", bool], bool]
_SCHEMES = ("http", "https", "mailto", "xmpp")
_MAILBOX = re.compile(r"[A-Za-z0-9.+_-]@")
_ADDRESSES: dict[str, Callable[[str, int], object]] = {
    "gfm_autolink_www": lambda text, at: text.startswith("www.", at),
    "gfm_autolink_protocol": lambda text, at: text[at] == ":" and text.endswith(_SCHEMES, 0, at),
    "gfm_autolink_email": lambda text, at: text[at] == "@" and _MAILBOX.match(text, at - 1),
}
"""What begins an address for a rule, at a place in a text."""
_COMMENT = re.compile(r"<!--(?!-?>)")  # <!--> and <!---> are whole
_SPACE = re.compile(r"[ \t\r\n\0\v\f]")
_AHEAD, _BEHIND, _LABEL = 4096, 72, 1000
_DEEPEST = 50


def _address(rule: _Rule, starts: Callable[[str, int], object]) -> _Rule:
    """A rule of bare addresses that reads no more than one: the plugin's reads all that stands before and after."""

    def bounded(state: StateInline, silent: bool) -> bool:
        if silent or not starts(state.src, state.pos):  # a bare address is none within a link's text
            return False
        whole, reach = state.posMax, min(state.posMax, state.pos + _AHEAD)
        space = _SPACE.search(state.src, state.pos, reach)
        if space is None and reach < whole:
            return False
        before = state.pending
        if len(before) > _BEHIND:
            state.pending = before[:-_BEHIND]
            state.pushPending()
            state.pending = before[-_BEHIND:]
        state.posMax = space.end() if space else whole
        found = rule(state, silent)
        state.posMax = whole
        return found

    return bounded


def _footnote(rule: _Rule) -> _Rule:
    """The rule of `[^label]`, asked where the label may end soon: the plugin's looks for that in all that follows."""

    def bounded(state: StateInline, silent: bool) -> bool:
        at = state.pos
        return state.src.startswith("[^", at) and state.src.find("]", at, at + _LABEL) > 0 and rule(state, silent)

    return bounded


def _comment(state: StateInline, silent: bool) -> bool:
    """An HTML comment up to its first `-->`: the parser's own pattern tries again from each `<!--` after `--->`."""
    start = state.pos
    if not _COMMENT.match(state.src, start) or state.html_terminator_last("-->") < start + 4:
        return False
    end = state.src.index("-->", start + 4) + 3
    if not silent:
        state.push("html_inline", "", 0).content = state.src[start:end]
    state.pos = end
    return True


def _shallow(state: StateCore) -> None:
    """Take emphasis out that is deeper than anybody reads: a tree of it is walked by recursion."""

    def kept(tokens: list[Token]) -> list[Token]:
        for token in tokens:
            token.children = kept(token.children) if token.children else token.children
        return [token for token in tokens if not token.nesting or token.level < _DEEPEST]

    for token in state.tokens:
        token.children = kept(token.children) if token.children else token.children


@lru_cache(maxsize=8)  # what is written is read as an article, and then as what is indexed of it
def parse(text: str, source: str = "<text>") -> Document:
    """Parse one article. What it gives is shared: it is not to be changed.

    Raises:
        ArticleError: the front matter is not YAML, or not a mapping; with its line.
    """
    from markdown_it.tree import SyntaxTreeNode

    root = SyntaxTreeNode(_parser().parse(text.removeprefix("\ufeff")))
    front: dict[str, Any] = {}
    if root.children and root.children[0].type == "front_matter":
        front = _front_matter(root.children[0].content, source)
    walk = _Walk()
    blocks = tuple(walk.document(root))
    return Document(front, blocks, tuple(walk.links), walk.anchors)


def to_html(text: str) -> str:
    """The article's body as HTML, headings with their anchors as ids. Not sanitised: the caller must."""
    from markdown_it.tree import SyntaxTreeNode

    parser = _parser()
    tokens = parser.parse(text.removeprefix("\ufeff"))
    walk = _Walk()
    list(walk.document(SyntaxTreeNode(tokens)))
    anchors = iter(walk.headings)
    for token, following in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", next(anchors))
            children = following.children or []
            if children and children[-1].type == "text":
                children[-1].content = _custom_anchor(children[-1].content)[0]
    return str(parser.renderer.render(tokens, parser.options, {}))


def slug(heading: str) -> str:
    """GitHub's anchor of a heading: lower case, punctuation dropped, spaces to hyphens, other letters kept."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def _front_matter(content: str, source: str) -> dict[str, Any]:
    try:
        value = yaml.load(content, Loader=_NoAliases)  # noqa: S506 - a subclass of SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 2 if mark else 1
        raise ArticleError(f"front matter: {error.problem}", source=source, line=line) from error
    except (yaml.YAMLError, ValueError) as error:
        raise ArticleError(f"front matter: {error}", source=source, line=1) from error
    except RecursionError as error:
        raise ArticleError("front matter: nested too deeply", source=source, line=1) from error
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ArticleError(f"front matter: must be `key: value` lines, found {value!r:.60}", source=source, line=2)
    return {str(key): item for key, item in value.items()}


_CUSTOM_ANCHOR = re.compile(r"\s*\{#([^}\s]+)\}\s*$")
_BREAK = re.compile(r"<br\b", re.IGNORECASE)
_LINKING = re.compile(r"</?a\b|<img\b", re.IGNORECASE)
_NAMED = re.compile(r"""<\w+\b(?:[^<>]|<(?!\w))*?\b(?:name|id)\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)


def _custom_anchor(heading: str) -> tuple[str, str]:
    """A heading without the `{#id}` at its end, and the id; "" for none."""
    found = _CUSTOM_ANCHOR.search(heading, max(0, len(heading) - 300))
    return (heading[: found.start()], found.group(1)) if found else (heading, "")


class _Walk:
    """One pass over a syntax tree, collecting blocks, links and anchors."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.anchors: dict[str, int] = {}
        self.headings: list[str] = []  # their anchors, in order
        self.numbers: dict[str, int] = {}  # how often each heading's anchor was asked for
        self.opened: Link | None = None  # an <a href=…> before its </a>, and the text since
        self.said: list[str] = []
        self.pending = ""  # an <a name> just before a heading becomes its anchor
        self.line = 1

    def document(self, root: SyntaxTreeNode) -> Iterator[Block]:
        for node in root.children:
            yield from self.block(node)

    def block(self, node: SyntaxTreeNode) -> Iterator[Block]:
        if node.type in ("front_matter", "hr"):
            return
        kind = node.type
        pending, self.pending = self.pending, ""
        if kind == "heading":
            yield self.heading(node, pending)
        elif kind in ("bullet_list", "ordered_list"):
            yield from self.items(node)
        elif kind == "table":
            yield from self.rows(node)
        elif kind in ("fence", "code_block"):
            yield Block("fence", node.content.rstrip("\n"), self.span(node))
        elif kind == "html_block":
            yield from self.html(node)
        elif any(child.type == "inline" for child in node.children):
            yield from self.paragraph(node)
        else:
            self.span(node)  # an alert's title has no lines of its own
            for child in node.children:
                yield from self.block(child)

    def span(self, node: SyntaxTreeNode) -> Lines:
        """The node's lines; a node without any (a footnote's end) takes those of what came before."""
        if node.map is None:
            return self.line, self.line
        start, end = node.map
        self.line = start + 1
        return start + 1, max(end, start + 1)

    def heading(self, node: SyntaxTreeNode, pending: str) -> Block:
        lines = self.span(node)
        text, custom = _custom_anchor(self.inline(node))
        text = text.strip()
        anchor = custom or self.pending or pending or self.fresh(slug(text))
        self.pending = ""
        self.headings.append(anchor)
        self.anchors.setdefault(anchor, lines[0])
        self.anchors.setdefault(slug(text), lines[0])  # either works as a link's target
        return Block("heading", text, lines, level=int(node.tag[1]), anchor=anchor)

    def fresh(self, anchor: str) -> str:
        number = self.numbers.get(anchor, 0)
        while (name := f"{anchor}-{number}" if number else anchor) in self.anchors:
            number += 1
        self.numbers[anchor] = number
        return name

    def paragraph(self, node: SyntaxTreeNode) -> Iterator[Block]:
        lines = self.span(node)
        text = self.inline(node).strip()
        if text:
            self.pending = ""
            yield Block("paragraph", text, lines)

    def html(self, node: SyntaxTreeNode) -> Iterator[Block]:
        lines = self.span(node)
        text, links = read(node.content)
        self.links += [replace(link, line=link.line + lines[0] - 1) for link in links]
        self.name_anchors(node.content, lines[0])
        if text:
            self.pending = ""
            yield Block("html", text, lines)

    def name_anchors(self, html: str, line: int) -> None:
        for name in _NAMED.findall(html):
            self.anchors.setdefault(name, line)
            self.pending = name

    def items(self, node: SyntaxTreeNode) -> Iterator[Block]:
        number = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else 0
        for offset, item in enumerate(node.children):
            mark = f"{number + offset}. " if node.type == "ordered_list" else "- "
            lines = self.span(item)
            parts = [part for child in item.children for part in self.block(child)]
            if not parts:
                continue
            text = mark + "\n".join(part.text for part in parts).replace("\n", "\n  ")
            last = max(part.lines[1] for part in parts)
            first = replace(parts[0], text=mark + parts[0].text, lines=(lines[0], parts[0].lines[1]))
            yield Block("item", text, (lines[0], max(lines[0], last)), parts=(first, *parts[1:]))

    def rows(self, node: SyntaxTreeNode) -> Iterator[Block]:
        rows = [row for part in node.children for row in part.children]
        texts = [(self.span(row), " | ".join(self.inline(c).strip() for c in row.children)) for row in rows]
        (head_lines, head), *body = texts
        if not body:
            yield Block("row", head, head_lines)
        for index, (lines, text) in enumerate(body):
            if index == 0:  # the header stays with its first row, and is repeated for those that are cut off
                yield Block("row", f"{head}\n{text}", (head_lines[0], lines[1]))
            else:
                yield Block("row", text, lines, context=head)

    def inline(self, node: SyntaxTreeNode) -> str:
        """The visible text of a node's inline content, one line a source line."""
        parts = (part for child in node.children if child.type == "inline" for part in child.children)
        text = "".join(map(self.span_text, parts))
        self.end_link()
        return text

    def span_text(self, node: SyntaxTreeNode) -> str:
        kind = node.type
        if kind in ("softbreak", "hardbreak"):
            self.line += 1
            return self.says("\n")
        if kind in ("text", "text_special", "code_inline"):
            return self.says(str(node.content))
        if kind == "html_inline":
            return self.says(self.html_inline(node.content))
        if kind == "image":
            alt = "".join(self.span_text(child) for child in node.children)
            self.links.append(Link(str(node.attrs.get("src", "")), alt, self.line, image=True))
            return alt
        if kind == "footnote_ref":
            return f"[{node.meta.get('id', 0) + 1}]"
        line = self.line
        text = "".join(self.span_text(child) for child in node.children)
        if kind == "link":
            self.links.append(Link(str(node.attrs.get("href", "")), text, line))
        return text

    def says(self, text: str) -> str:
        if self.opened:
            self.said.append(text)
        return text

    def html_inline(self, html: str) -> str:
        """The text of one tag of raw HTML."""
        self.name_anchors(html, self.line)
        if _LINKING.match(html):
            links = [replace(link, line=self.line) for link in read(html)[1]]
            if html[1] in "iI":
                self.links += links
                self.says(links[0].text if links else "")
            else:
                self.end_link()
                self.opened = links[0] if links else None
        self.line += html.count("\n")
        return "\n" if _BREAK.match(html) else ""

    def end_link(self) -> None:
        if self.opened:
            self.links.append(replace(self.opened, text=" ".join("".join(self.said).split())))
        self.opened, self.said = None, []
