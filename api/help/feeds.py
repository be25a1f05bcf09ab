"""What programs read: the feed, and what search engines and language models are told. All but the feed is public."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from api.access import Searcher
from api.help import shelves
from api.help.facts import as_public
from api.help.place import article_path
from api.state import Kb, State
from api.templating import render
from kb.models import Actor
from kb.store import articles

router = APIRouter(include_in_schema=False)
_EPOCH = "1970-01-01T00:00:00Z"  # of a feed without entries
_MOST = 50_000  # addresses that a sitemap may have
_ROBOTS = "User-agent: *\nDisallow: /v1/\nDisallow: /search\n\nSitemap: {origin}/sitemap.xml\n"
_MARKUP = re.compile(r"([\\\[\]])")


@router.get("/feed.atom")
def feed(request: Request, kb: Kb, actor: Searcher, locale: Annotated[str, Query(max_length=35)] = "") -> Response:
    """The articles that changed last, as an Atom feed (RFC 4287)."""
    with kb.home.database.read() as connection:
        found = articles.latest(connection, actor.reader, locale, 50)
    at = found[0].updated_at if found else _EPOCH
    values = {"articles": found, "at": at, "base": _origin(request)}
    return _rendered("feed.atom", values, "application/atom+xml")


@router.get("/sitemap.xml")
def sitemap(request: Request, kb: Kb, actor: Searcher) -> Response:
    """Every public article, with its translations."""
    origin, found = _origin(request), _public(kb, actor)
    addresses = {article.id: origin + article_path(article.id) for members in found.values() for article in members}
    entries = [(article, members) for members in found.values() for article in members][:_MOST]
    return _rendered("sitemap.xml", {"entries": entries, "addresses": addresses}, "application/xml")


@router.get("/robots.txt")
def robots(request: Request) -> PlainTextResponse:
    return PlainTextResponse(_ROBOTS.format(origin=_origin(request)))


@router.get("/llms.txt")
def llms(request: Request, kb: Kb, actor: Searcher) -> Response:
    """The public articles as Markdown, by category: what https://llmstxt.org asks for."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for members in _public(kb, actor).values():
        for article in members:
            link = (_MARKUP.sub(r"\\\1", article.title), f"{_origin(request)}{article_path(article.id)}.md")
            sections.setdefault(" ".join(shelves.category_of(article).split()), []).append(link)
    return _rendered(
        "llms.txt",
        {"sections": sorted(sections.items(), key=lambda section: (not section[0], section))},
        "text/markdown",
    )


@router.get("/favicon.ico")
def icon() -> RedirectResponse:
    return RedirectResponse("/static/icon.svg", 308)


def _public(kb: State, actor: Actor) -> shelves.Families:
    """What everybody reads, whoever asks; of the spaces that who asks sees."""
    with kb.home.database.read() as connection:
        return shelves.families(articles.listed(connection, as_public(actor.reader)))


def _origin(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _rendered(name: str, values: dict[str, Any], media_type: str) -> Response:
    return Response(render(f"help/{name}", "en", values), media_type=media_type)
