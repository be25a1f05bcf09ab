"""The page of an article, and what its readers say of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from markupsafe import Markup

from api.access import Searcher, Visitor
from api.help import shelves
from api.help.facts import as_public, structured, updated, verification
from api.help.place import Lang, Place, article_path
from api.search import event as say
from api.state import Kb, State
from articles import outline
from articles.render import article_html
from indexer.language import base
from kb.errors import InvalidInput, NotFound
from kb.models import PUBLIC, Actor, Article, Reader
from kb.store import Connection, articles, redirects, searches
from kb.store.articles import Record
from kb.wire.search import EventIn
from search.related import Related
from search.related import related as related_

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
ArticleId = Annotated[str, Path(max_length=512)]
REASONS = ("outdated", "wrong", "unclear", "unrelated", "other")
_COMMENT = 1_000  # characters that are kept
_RELATED = 4
_HEADINGS = 3  # from which on a text has a table of contents


async def _fields(request: Request) -> dict[str, str]:
    """The fields of a form."""
    return dict(parse_qsl((await request.body()).decode(errors="replace")))


Form = Annotated[Mapping[str, str], Depends(_fields)]


@router.get("/articles/{article_id:path}")
def article(
    request: Request,
    kb: Kb,
    actor: Searcher,
    visitor: Visitor,
    article_id: ArticleId,
    lang: Lang = "",
    s: Annotated[str, Query(max_length=64)] = "",
    said: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """An article as a page; one that moved is found where it is now."""
    with kb.home.database.read() as connection:
        found = articles.get(connection, article_id, actor.reader)
        if found is None:
            return _elsewhere(request, connection, actor, article_id, lang)
        place = Place.of(request, lang, last=found.metadata.locale)
        values = _text(connection, found, actor.reader, place)
        others = _in_other_languages(place, found, values["translations"], s)
    if _was_searched(kb, actor, s, found.id):
        # a form has no header for a session's token
        values |= {"search_id": s, "said": said, "may_say": visitor.session is None}
    values["related"] = _related(kb, actor, found.id)
    return place.show("article.html", values, others)


def _elsewhere(request: Request, connection: Connection, actor: Actor, article_id: str, lang: str) -> Response:
    """Where an article went, or a public one as Markdown, or that there is none."""
    target = redirects.resolve(connection, article_id)
    if target and articles.get(connection, target, actor.reader):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(article_path(target) + query, 308)
    if article_id.endswith(".md") and (
        found := articles.get(connection, article_id.removesuffix(".md"), as_public(actor.reader))
    ):
        return PlainTextResponse(outline.body(found.markdown), media_type="text/markdown")
    return Place.of(request, lang).missing()


def _text(connection: Connection, article: Article, reader: Reader, place: Place) -> dict[str, Any]:
    """What the page says of an article."""
    record = articles.records(connection, [article.id])[article.id]
    title, html = outline.without_title(article_html(connection, article, reader))
    family = articles.family(connection, article.family, reader)
    address, public = place.origin + article_path(article.id), record.audience == PUBLIC
    headings = outline.contents(html)
    return {
        "article": record,
        "title": title.text if title and title.text else record.title,
        "title_anchor": Markup(title.anchor) if title else "",  # noqa: S704 - it is an attribute's value already
        "readable": lambda label, alerts: Markup(outline.readable(html, label, alerts)),  # noqa: S704 - sanitised
        "contents": headings if len(headings) >= _HEADINGS else [],
        "category": _category(connection, record, reader, place.language),
        "verification": verification(record),
        "updated": updated(record),
        "foreign": base(record.locale) != place.language,
        "translation": next((m for m in family if base(m.locale) == place.language), None),
        "translations": [other for other in family if other.id != record.id],
        "noindex": not public,
        "canonical": address if public else "",
        "alternates": [(m.locale, place.origin + article_path(m.id)) for m in family if m.audience == PUBLIC],
        "description": outline.summary(html) if public else "",
        "structured": structured(record, html, address) if public else "",
    }


def _category(connection: Connection, record: Record, reader: Reader, language: str) -> str:
    """What an article's category is called in a language."""
    name = record.category or record.product
    if base(record.locale) == language or not name:
        return name
    return shelves.translated(shelves.families(articles.listed(connection, reader)), language).get(name, name)


def _in_other_languages(place: Place, article: Article, family: list[Record], s: str) -> dict[str, str]:
    """Where a reader goes who changes the language: to the translation, else to the same article."""
    by_language = {base(member.locale): member.id for member in reversed(family)}
    own = {base(article.metadata.locale): article.id}
    return {
        other: place.within(other).article({**by_language, **own}.get(other, article.id), s=s) for other in place.others
    }


def _related(kb: State, actor: Actor, article_id: str) -> list[Related]:
    try:
        return related_(kb.home.index.view(), article_id, kb.reader(actor), _RELATED)
    except NotFound:  # it went since the text was read
        return []


def _was_searched(kb: State, actor: Actor, s: str, article_id: str) -> bool:
    """Whether a search led here that is still known; if so, it is written down that this article was opened."""
    if not s:
        return False
    kb.home.journal.flush()
    with kb.home.database.read() as connection:
        known = searches.exists(connection, s)
        opened = articles.reacted(connection, article_id, s, "clicked")
    if known and not opened:
        say(kb, actor, EventIn(search_id=s, kind="clicked", article_id=article_id))
    return known


@router.post("/articles/{article_id:path}/feedback")
def feedback(request: Request, kb: Kb, actor: Searcher, article_id: ArticleId, form: Form) -> Response:
    """Write down whether an article that a search found did help, and then perhaps why not."""
    answer, reason = form.get("answer", ""), form.get("reason", "")
    if answer not in ("yes", "no") or reason not in ("", *REASONS):
        raise InvalidInput(f"answer: yes, or no for one of the reasons {', '.join(REASONS)}")
    place = Place.of(request, form.get("lang", "")[:35])
    helped = answer == "yes"
    said = {} if helped else {"reason": reason, "comment": form.get("comment", "").strip()[:_COMMENT]}
    event = EventIn(
        search_id=form.get("s", "")[:64],
        kind="helped" if helped else "not_helped",
        article_id=article_id,
        data={name: text for name, text in said.items() if text},
    )
    try:
        say(kb, actor, event)
    except NotFound:  # the search is forgotten, or the article is not for this reader any more
        return place.missing()
    state = "yes" if helped else "sent" if reason else "no"
    address = place.article(article_id, "kb-feedback", s=event.search_id, said=state)
    return RedirectResponse(address, 303)
