"""An article's Markdown as HTML that is safe to put into a page, whoever wrote it."""

from __future__ import annotations

import nh3

from indexer.markdown import to_html

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


def safe_html(markdown: str) -> str:
    """Sanitised by nh3 (ammonia): no scripts, styles, forms or event handlers; links are http(s), mailto, relative."""
    return nh3.clean(
        to_html(markdown),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
        tag_attribute_values={"input": {"type": {"checkbox"}}},
    )
