"""Links between articles that lead nowhere: a missing article, or a missing place in one."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from articles.health.base import Flag, Shelf
from indexer.markdown import Document, Link, slug
from kb.models import Article


def broken_link(article: Article, shelf: Shelf) -> Iterator[Flag]:
    for link, path, _ in internal_links(article, shelf.document(article)):
        if path and (article.folder, path) not in shelf.by_source:
            yield Flag(
                "broken_link",
                "high",
                f"links to {unquote(link.target)!r}, and there is no article {path!r}",
                link.line,
                {"target": link.target, "text": link.text},
            )


def broken_anchor(article: Article, shelf: Shelf) -> Iterator[Flag]:
    for link, path, anchor in internal_links(article, shelf.document(article)):
        target = shelf.by_source.get((article.folder, path)) if path else article
        if target is None or not anchor:
            continue
        anchors = shelf.document(target).anchors
        if anchor not in anchors and slug(anchor) not in anchors:
            yield Flag(
                "broken_anchor",
                "low",
                f"links to {unquote(link.target)!r}, and {target.id!r} has no place #{anchor}",
                link.line,
                {"target": link.target, "text": link.text, "anchors": sorted(anchors)[:20]},
            )


def internal_links(article: Article, document: Document) -> Iterator[tuple[Link, str, str]]:
    """Links to Markdown files of the same folder and to places: (link, path in the folder or "", anchor)."""
    for link in document.links:
        try:
            parts = urlsplit(link.target)
        except ValueError:  # an address that cannot be parsed is no link to an article
            continue
        if link.image or parts.scheme or parts.netloc or parts.path.startswith("/"):
            continue
        path = unquote(parts.path)
        if path and not path.lower().endswith((".md", ".markdown")):
            continue
        here = posixpath.dirname(article.source)
        found = posixpath.normpath(posixpath.join(here, path)) if path else ""
        if not found.startswith("../"):  # outside the folder we cannot look
            yield link, found, unquote(parts.fragment)
