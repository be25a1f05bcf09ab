"""What agents and authors ask of the API; `kb.client.admin` has what administrators do.

Each call is a value that says what it answers; `docs/api.md` says what each does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from kb.client.requests import at, delete, get, of, post, put
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
from kb.wire.base import Accepted, Healthy, Ready
from kb.wire.media import MediaListOut, MediaOut
from kb.wire.metrics import MetricsOut
from kb.wire.search import CompletionsOut, RelatedOut, SearchOut
from kb.wire.tickets import ErasureOut, TicketOut, TicketsOut


def _article(article_id: str, rest: str = "") -> str:
    return f"/v1/articles/{quote(article_id)}{rest}"


# --- questions ----------------------------------------------------------------------------------------------


def search(query: str, **options: Any) -> Call[SearchOut]:
    """`options` are the other fields of `kb.wire.search.SearchIn`."""
    return post("/v1/search", SearchOut, {"query": query, **options})


def suggest(ticket: Mapping[str, Any] | str, **options: Any) -> Call[SearchOut]:
    return post("/v1/suggest", SearchOut, {"ticket": ticket, **options})


def complete(text: str, **options: Any) -> Call[CompletionsOut]:
    return get("/v1/complete", CompletionsOut, q=text, **options)


def related(article_id: str, limit: int = 5) -> Call[RelatedOut]:
    return get(_article(article_id, "/related"), RelatedOut, limit=limit)


def event(search_id: str, kind: str, article_id: str = "", **data: Any) -> Call[Accepted]:
    body = {"search_id": search_id, "kind": kind, "article_id": article_id, "data": data}
    return post("/v1/events", Accepted, body, once=True)


# --- articles -----------------------------------------------------------------------------------------------


def articles(**wanted: Any) -> Call[ArticlesOut]:
    """`wanted` are the filters: space, locale, owner, label, updated_after, state, fields …"""
    return get("/v1/articles", ArticlesOut, **wanted)


def article(article_id: str, *, locale: str = "", fields: str = "") -> Call[ArticleOut]:
    return get(_article(article_id), ArticleOut, locale=locale, fields=fields)


def create_article(article_id: str, markdown: str, **more: Any) -> Call[WrittenOut]:
    """`more` are the other fields of `kb.wire.articles.ArticleIn`. An article that is there already is refused."""
    body, new = {"markdown": markdown, **more}, {"If-None-Match": "*"}
    return put(_article(article_id), WrittenOut, body, new)


def put_article(article_id: str, markdown: str, revision: int | None, **more: Any) -> Call[WrittenOut]:
    """Write to the revision that was read; None for whatever is there."""
    return put(_article(article_id), WrittenOut, {"markdown": markdown, **more}, at(revision))


def describe_article(article_id: str, revision: int | None, **changed: Any) -> Call[WrittenOut]:
    return Call("PATCH", _article(article_id), WrittenOut, json=changed, headers=at(revision))


def transition(article_id: str, action: str, revision: int | None, **more: Any) -> Call[WrittenOut]:
    """`more` are the other fields of `kb.wire.articles.TransitionIn`."""
    return post(_article(article_id, "/transitions"), WrittenOut, {"action": action, **more}, at(revision))


def move_article(article_id: str, to: str, revision: int | None) -> Call[WrittenOut]:
    return post(_article(article_id, "/move"), WrittenOut, {"to": to}, at(revision))


def archive_article(article_id: str, revision: int | None) -> Call[WrittenOut]:
    return delete(_article(article_id), WrittenOut, at(revision))


def erase_article(article_id: str, revision: int | None) -> Call[WrittenOut]:
    return Call("DELETE", _article(article_id), WrittenOut, {"erase": "true"}, headers=at(revision))


def versions(article_id: str) -> Call[VersionsOut]:
    return get(_article(article_id, "/versions"), VersionsOut)


def version(article_id: str, number: int) -> Call[VersionOut]:
    return get(_article(article_id, f"/versions/{number}"), VersionOut)


def diff(article_id: str, before: int, after: int) -> Call[DiffOut]:
    return get(_article(article_id, "/diff"), DiffOut, before=before, after=after)


def suggest_edit(article_id: str, **edit: Any) -> Call[EditOut]:
    """`edit` are the fields of `kb.wire.articles.EditIn`."""
    return post(_article(article_id, "/edits"), EditOut, edit, once=True)


def edits(**wanted: Any) -> Call[EditsOut]:
    return get("/v1/edits", EditsOut, **wanted)


def edit(number: int) -> Call[EditOut]:
    return get(of("edits", number), EditOut)


def resolve_edit(number: int, accept: bool, note: str = "") -> Call[EditOut]:
    return post(of("edits", number) + "/resolve", EditOut, {"accept": accept, "note": note})


def templates(locale: str = "") -> Call[TemplatesOut]:
    return get("/v1/templates", TemplatesOut, locale=locale)


# --- spaces, redirects and files ----------------------------------------------------------------------------


def spaces() -> Call[SpacesOut]:
    return get("/v1/spaces", SpacesOut)


def space(space_id: str) -> Call[SpaceOut]:
    return get(of("spaces", space_id), SpaceOut)


def put_space(space_id: str, revision: int | None = 0, **described: Any) -> Call[SpaceOut]:
    """`described` are the fields of `kb.wire.articles.SpaceIn`; revision 0 makes a new one."""
    return put(of("spaces", space_id), SpaceOut, described, at(revision) if revision != 0 else {})


def remove_space(space_id: str) -> Call[None]:
    return delete(of("spaces", space_id))


def redirects() -> Call[RedirectsOut]:
    return get("/v1/redirects", RedirectsOut)


def redirect(source: str) -> Call[RedirectOut]:
    return get(f"/v1/redirects/{quote(source)}", RedirectOut)


def put_redirect(source: str, target: str) -> Call[RedirectOut]:
    return put(f"/v1/redirects/{quote(source)}", RedirectOut, {"target": target})


def remove_redirect(source: str) -> Call[None]:
    return delete(f"/v1/redirects/{quote(source)}")


def media(**wanted: Any) -> Call[MediaListOut]:
    return get("/v1/media", MediaListOut, **wanted)


def medium(media_id: str) -> Call[MediaOut]:
    return get(of("media", media_id), MediaOut)


def upload(name: str, data: bytes, **more: Any) -> Call[MediaOut]:
    """`more` are `audience` and `space`. The type is read off the bytes."""
    return Call("POST", "/v1/media", MediaOut, {"name": name, **more}, content=data)


def download(media_id: str) -> Call[bytes]:
    return Call("GET", f"/media/{quote(media_id, safe='')}", bytes)


def move_medium(media_id: str, **changed: Any) -> Call[MediaOut]:
    """`changed` are the fields of `kb.wire.media.MediaMoveIn`."""
    return Call("PATCH", of("media", media_id), MediaOut, json=changed)


def remove_medium(media_id: str) -> Call[None]:
    return delete(of("media", media_id))


# --- tickets ------------------------------------------------------------------------------------------------


def put_ticket(ticket_id: str, **told: Any) -> Call[TicketOut]:
    """Keep a ticket as it is now. `told` are the other fields of `kb.wire.tickets.IncomingTicket`."""
    return post("/v1/tickets", TicketOut, {"id": ticket_id, **told}, once=True)


def tickets(**wanted: Any) -> Call[TicketsOut]:
    """`wanted` are the filters: state, product, locale, space, updated_after …"""
    return get("/v1/tickets", TicketsOut, **wanted)


def ticket(ticket_id: str) -> Call[TicketOut]:
    return get(f"/v1/tickets/{quote(ticket_id)}", TicketOut)


def draft_article(ticket_id: str) -> Call[WrittenOut]:
    """Begin an article with what a ticket asked and was answered."""
    return Call("POST", f"/v1/tickets/{quote(ticket_id)}/draft", WrittenOut, once=True)


def erase_ticket(ticket_id: str) -> Call[ErasureOut]:
    return delete(f"/v1/tickets/{quote(ticket_id)}", ErasureOut)


def erase_person(person: str) -> Call[ErasureOut]:
    return post("/v1/erasures", ErasureOut, {"person": person})


# --- upkeep and the server ----------------------------------------------------------------------------------


def metrics(since: str = "", **of: Any) -> Call[MetricsOut]:
    """`of` are until, space, locale, channel, product."""
    return get("/v1/metrics", MetricsOut, **{"from": since, **of})


def healthy() -> Call[Healthy]:
    return get("/healthz", Healthy)


def ready() -> Call[Ready]:
    return get("/readyz", Ready)
