"""Markdown source to a flat list of blocks with their exact source lines.

The only file that imports markdown_it. It says what stands where; it does not know chunks, models or stores.
CommonMark with GFM tables, task lists, alerts, autolinks and footnotes, YAML front matter, raw HTML (its text is
kept, its scripts and styles are not) and custom heading anchors (`{#id}`, `<a name=…>`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import yaml

from kb.errors import ArticleError

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

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
class Link:
    """A link or image: where it points, what it says (alt text for an image), and its line."""

    target: str
    text: str
    line: int
    image: bool = False


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

    return MarkdownIt("commonmark", {"maxNesting": 100}).use(front_matter_plugin).use(gfm_plugin)


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


def to_html(text: str, link: Callable[[str], str] = str) -> str:
    """The article's body as HTML, headings with their anchors as ids. Not sanitised: the caller must.

    `link` says where a link's target is found on the page that the HTML is for.
    """
    from markdown_it.tree import SyntaxTreeNode

    parser = _parser()
    tokens = parser.parse(text.removeprefix("\ufeff"))
    walk = _Walk()
    headings = [b for b in walk.document(SyntaxTreeNode(tokens)) if b.kind == "heading"]
    opens = [(i, t) for i, t in enumerate(tokens) if t.type == "heading_open" and t.level == 0]
    for (at, token), heading in zip(opens, headings, strict=True):
        token.attrSet("id", heading.anchor)
        children = tokens[at + 1].children or []
        if children and children[-1].type == "text":
            children[-1].content = _CUSTOM_ANCHOR.sub("", children[-1].content)
    for child in (child for token in tokens for child in token.children or []):
        if child.type == "link_open":
            child.attrSet("href", link(str(child.attrGet("href") or "")))
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
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ArticleError(f"front matter: must be `key: value` lines, found {value!r:.60}", source=source, line=2)
    return {str(key): item for key, item in value.items()}


_CUSTOM_ANCHOR = re.compile(r"\s*\{#([^}\s]+)\}\s*$")
_BREAK = re.compile(r"<br\b", re.IGNORECASE)
_NAMED = re.compile(r"""<\w+\b[^>]*?\b(?:name|id)\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)


class _Walk:
    """One pass over a syntax tree, collecting blocks, links and anchors."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.anchors: dict[str, int] = {}
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
        text = self.inline(node)
        custom = _CUSTOM_ANCHOR.search(text)
        text = _CUSTOM_ANCHOR.sub("", text).strip()
        anchor = custom.group(1) if custom else self.pending or pending or self.fresh(slug(text))
        self.pending = ""
        self.anchors.setdefault(anchor, lines[0])
        self.anchors.setdefault(slug(text), lines[0])  # either works as a link's target
        return Block("heading", text, lines, level=int(node.tag[1]), anchor=anchor)

    def fresh(self, anchor: str) -> str:
        number, name = 0, anchor
        while name in self.anchors:
            number += 1
            name = f"{anchor}-{number}"
        return name

    def paragraph(self, node: SyntaxTreeNode) -> Iterator[Block]:
        lines = self.span(node)
        text = self.inline(node).strip()
        if text:
            self.pending = ""
            yield Block("paragraph", text, lines)

    def html(self, node: SyntaxTreeNode) -> Iterator[Block]:
        lines = self.span(node)
        text = html_text(node.content)
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
        return "".join(
            self.span_text(part) for child in node.children if child.type == "inline" for part in child.children
        )

    def span_text(self, node: SyntaxTreeNode) -> str:
        kind = node.type
        if kind in ("softbreak", "hardbreak"):
            self.line += 1
            return "\n"
        if kind in ("text", "text_special", "code_inline"):
            return str(node.content)
        if kind == "html_inline":
            self.name_anchors(node.content, self.line)
            return "\n" if _BREAK.match(node.content) else ""
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


class _Text(HTMLParser):
    """Collects what a browser would show of a piece of HTML."""

    HIDDEN = frozenset({"script", "style", "template", "title", "head"})
    INLINE = frozenset({"a", "abbr", "b", "code", "em", "i", "kbd", "s", "small", "span", "strong", "sub", "sup", "u"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.HIDDEN:
            self.hidden += 1
        if tag == "img":
            self.parts.append(dict(attrs).get("alt") or "")
        if tag not in self.INLINE:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.HIDDEN and self.hidden:
            self.hidden -= 1
        if tag not in self.INLINE:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def html_text(html: str) -> str:
    """The text of raw HTML, a line for each block; comments, scripts and styles left out."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).split("\n"))
    return "\n".join(line for line in lines if line)
