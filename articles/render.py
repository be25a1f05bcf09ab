"""An article's Markdown as HTML that is safe to put into a page, whoever wrote it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, urlsplit

import nh3

from articles.health.links import internal_links
from indexer.markdown import parse, to_html
from indexer.markup import HTML_SPACE
from kb.models import Article, Reader
from kb.store import Connection
from kb.store import articles as store

_ATTRIBUTES = {
    "*": {"id", "class"},
    "a": {"href", "title", "name"},
    "img": {"src", "alt", "title"},
    "input": {"checked", "disabled"},
    "td": {"align"},
    "th": {"align", "scope"},
    "ol": {"start"},
    "details": {"open"},
}
_TAGS = (nh3.ALLOWED_TAGS | {"input", "details", "summary", "section"}) - {"map", "area"}


def article_html(connection: Connection, article: Article, reader: Reader) -> str:
    """An article's body; links to other articles' files lead to their pages, where the reader may see them."""
    targets = {link.target: path for link, path, _ in internal_links(article, parse(article.markdown)) if path}
    ids = store.ids_by_source(connection, article.folder, set(targets.values()), reader)

    def page(target: str) -> str:
        article_id = ids.get(targets.get(target, ""))
        if article_id is None:
            return target
        anchor = urlsplit(target).fragment
        return f"/articles/{quote(article_id)}" + (f"#{anchor}" if anchor else "")

    return safe_html(article.markdown, page)


def safe_html(markdown: str, link: Callable[[str], str] = str) -> str:
    """Sanitised by nh3 (ammonia): no scripts, styles, forms or event handlers; links are http(s), mailto, relative.

    `link` says where a link's target is found on the page that the HTML is for.
    """
    return nh3.clean(
        to_html(markdown),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
        attribute_filter=lambda tag, name, value: _led(value, link) if (tag, name) == ("a", "href") else value,
        tag_attribute_values={"input": {"type": {"checkbox"}}},
    )


def _led(address: str, link: Callable[[str], str]) -> str:
    """Where a link leads on the page; one that leads where it says is left as it was checked."""
    target = address.strip(HTML_SPACE)
    page = link(target)
    return address if page == target else page
