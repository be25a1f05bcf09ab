"""The calls that the API knows. Each is a value that says what it answers; `docs/api.md` says what each does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from kb.client.transport import Call
from kb.wire.articles import (
    ArticleOut,
    ArticlesOut,
    DiffOut,
    EditOut,
    EditsOut,
    RedirectOut,
    RedirectsOut,
    SpaceOut,
    SpacesOut,
    TemplatesOut,
    VersionOut,
    VersionsOut,
    WrittenOut,
)
from kb.wire.base import Accepted, Ready
from kb.wire.search import CompletionsOut, RelatedOut, SearchOut
from kb.wire.upkeep import FlagsOut, GapsOut


def _get(path: str, answer: type[Any], **params: Any) -> Call[Any]:
    return Call("GET", path, answer, params)


def _post(
    path: str, answer: type[Any], body: Mapping[str, Any], headers: Mapping[str, str] | None = None, once: bool = False
) -> Call[Any]:
    return Call("POST", path, answer, json=dict(body), headers=headers or {}, once=once)


def _article(article_id: str, rest: str = "") -> str:
    return f"/v1/articles/{quote(article_id)}{rest}"


def _at(revision: int | None) -> dict[str, str]:
    """Which revision a write is about; None for whatever is there."""
    return {"If-Match": "*" if revision is None else f'"{revision}"'}


# --- questions ----------------------------------------------------------------------------------------------


def search(query: str, **options: Any) -> Call[SearchOut]:
    """`options` are the other fields of `kb.wire.search.SearchIn`."""
    return _post("/v1/search", SearchOut, {"query": query, **options})


def suggest(ticket: Mapping[str, Any] | str, **options: Any) -> Call[SearchOut]:
    return _post("/v1/suggest", SearchOut, {"ticket": ticket, **options})


def complete(text: str, **options: Any) -> Call[CompletionsOut]:
    return _get("/v1/complete", CompletionsOut, q=text, **options)


def related(article_id: str, limit: int = 5) -> Call[RelatedOut]:
    return _get(_article(article_id, "/related"), RelatedOut, limit=limit)


def event(search_id: str, kind: str, article_id: str = "", **data: Any) -> Call[Accepted]:
    body = {"search_id": search_id, "kind": kind, "article_id": article_id, "data": data}
    return _post("/v1/events", Accepted, body, once=True)


# --- articles -----------------------------------------------------------------------------------------------


def articles(**wanted: Any) -> Call[ArticlesOut]:
    """`wanted` are the filters: space, locale, owner, label, updated_after, state, fields …"""
    return _get("/v1/articles", ArticlesOut, **wanted)


def article(article_id: str, *, locale: str = "", fields: str = "") -> Call[ArticleOut]:
    return _get(_article(article_id), ArticleOut, locale=locale, fields=fields)


def create_article(article_id: str, markdown: str, **more: Any) -> Call[WrittenOut]:
    """`more` are the other fields of `kb.wire.articles.ArticleIn`. An article that is there already is refused."""
    body, new = {"markdown": markdown, **more}, {"If-None-Match": "*"}
    return Call("PUT", _article(article_id), WrittenOut, json=body, headers=new)


def put_article(article_id: str, markdown: str, revision: int | None, **more: Any) -> Call[WrittenOut]:
    """Write to the revision that was read; None for whatever is there."""
    return Call("PUT", _article(article_id), WrittenOut, json={"markdown": markdown, **more}, headers=_at(revision))


def describe_article(article_id: str, revision: int | None, **changed: Any) -> Call[WrittenOut]:
    return Call("PATCH", _article(article_id), WrittenOut, json=changed, headers=_at(revision))


def transition(article_id: str, action: str, revision: int | None, **more: Any) -> Call[WrittenOut]:
    """`more` are the other fields of `kb.wire.articles.TransitionIn`."""
    return _post(_article(article_id, "/transitions"), WrittenOut, {"action": action, **more}, _at(revision))


def move_article(article_id: str, to: str, revision: int | None) -> Call[WrittenOut]:
    return _post(_article(article_id, "/move"), WrittenOut, {"to": to}, _at(revision))


def archive_article(article_id: str, revision: int | None) -> Call[WrittenOut]:
    return Call("DELETE", _article(article_id), WrittenOut, headers=_at(revision))


def erase_article(article_id: str, revision: int | None) -> Call[WrittenOut]:
    return Call("DELETE", _article(article_id), WrittenOut, {"erase": "true"}, headers=_at(revision))


def versions(article_id: str) -> Call[VersionsOut]:
    return _get(_article(article_id, "/versions"), VersionsOut)


def version(article_id: str, number: int) -> Call[VersionOut]:
    return _get(_article(article_id, f"/versions/{number}"), VersionOut)


def diff(article_id: str, before: int, after: int) -> Call[DiffOut]:
    return _get(_article(article_id, "/diff"), DiffOut, before=before, after=after)


def suggest_edit(article_id: str, **edit: Any) -> Call[EditOut]:
    """`edit` are the fields of `kb.wire.articles.EditIn`."""
    return _post(_article(article_id, "/edits"), EditOut, edit, once=True)


def edits(**wanted: Any) -> Call[EditsOut]:
    return _get("/v1/edits", EditsOut, **wanted)


def resolve_edit(number: int, accept: bool, note: str = "") -> Call[EditOut]:
    return _post(f"/v1/edits/{number}/resolve", EditOut, {"accept": accept, "note": note})


def templates(locale: str = "") -> Call[TemplatesOut]:
    return _get("/v1/templates", TemplatesOut, locale=locale)


# --- spaces and redirects -----------------------------------------------------------------------------------


def spaces() -> Call[SpacesOut]:
    return _get("/v1/spaces", SpacesOut)


def put_space(space_id: str, revision: int | None = 0, **described: Any) -> Call[SpaceOut]:
    """`described` are the fields of `kb.wire.articles.SpaceIn`; revision 0 makes a new one."""
    headers = _at(revision) if revision != 0 else {}
    return Call("PUT", f"/v1/spaces/{quote(space_id, safe='')}", SpaceOut, json=described, headers=headers)


def redirects() -> Call[RedirectsOut]:
    return _get("/v1/redirects", RedirectsOut)


def put_redirect(source: str, target: str) -> Call[RedirectOut]:
    return Call("PUT", f"/v1/redirects/{quote(source)}", RedirectOut, json={"target": target})


# --- upkeep and the server ----------------------------------------------------------------------------------


def flags(limit: int = 100) -> Call[FlagsOut]:
    return _get("/v1/flags", FlagsOut, limit=limit)


def gaps(limit: int = 100) -> Call[GapsOut]:
    return _get("/v1/gaps", GapsOut, limit=limit)


def ready() -> Call[Ready]:
    return _get("/readyz", Ready)
