"""Spaces, redirects, and templates to begin with."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from api.access import Admin, Curator, Searcher, Supporter
from api.conventions import Cursor, IfMatch, Limit, from_cursor, page, revision, revision_needed, tag
from api.problems import problems
from api.state import Kb
from articles import spaces as rules
from articles.templates import template, templates
from kb.errors import NotFound
from kb.models import STATES
from kb.store import articles, redirects, spaces
from kb.store.spaces import Space
from kb.wire.articles import (
    RedirectIn,
    RedirectOut,
    RedirectsOut,
    SpaceIn,
    SpaceOut,
    SpacesOut,
    TemplateOut,
    TemplatesOut,
)

router = APIRouter(responses=problems())
SpaceId = Annotated[str, Path(max_length=64)]
Source = Annotated[str, Path(max_length=512)]


@router.get("/v1/spaces", tags=["spaces"])
def list_spaces(kb: Kb, actor: Searcher) -> SpacesOut:
    """The spaces that the reader sees."""
    with kb.home.database.read() as connection:
        return SpacesOut(spaces=[_space(space) for space in spaces.listed(connection, actor.reader)])


@router.get("/v1/spaces/{space_id}", tags=["spaces"], responses=problems(404))
def get_space(kb: Kb, actor: Searcher, space_id: SpaceId, response: Response) -> SpaceOut:
    """A space: its locales, products, categories, labels and rules."""
    with kb.home.database.read() as connection:
        found = next((space for space in spaces.listed(connection, actor.reader) if space.id == space_id), None)
    if found is None:
        raise NotFound(f"no space {space_id!r}")
    tag(response, found.revision)
    return _space(found)


@router.put("/v1/spaces/{space_id}", tags=["spaces"], responses={201: {"model": SpaceOut}, **problems(409, 412, 428)})
def put_space(
    kb: Kb, actor: Admin, space_id: SpaceId, body: SpaceIn, response: Response, if_match: IfMatch = None
) -> SpaceOut:
    """Describe a space, new or not."""
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in body.model_dump().items()}
    space = Space(space_id, **values)
    with revision_needed(if_match, f"space {space_id!r}"):
        new = rules.put_space(kb.home.database, space, actor, 0 if if_match is None else revision(if_match))
    response.status_code = 201 if new else 200
    tag(response, space.revision)
    return _space(space)


@router.delete("/v1/spaces/{space_id}", tags=["spaces"], status_code=204, responses=problems(404, 409))
def delete_space(kb: Kb, actor: Admin, space_id: SpaceId) -> None:
    """Remove a space without articles."""
    rules.remove_space(kb.home.database, space_id, actor)


def _space(space: Space) -> SpaceOut:
    values = {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(space).items()}
    return SpaceOut.model_validate({**values, "revision": space.revision})


@router.get("/v1/redirects", tags=["redirects"])
def list_redirects(kb: Kb, actor: Curator, limit: Limit = 50, cursor: Cursor = "") -> RedirectsOut:
    """Addresses at which articles used to be, and where they lead, in order."""
    (after,) = from_cursor(cursor, "")
    with kb.home.database.read() as connection:
        found = list(redirects.listed(connection, after, limit + 1))
        mine = {a.id for a in articles.many(connection, {target for _, target, _ in found}, actor.reader, STATES)}
    shown, more = page(found, limit, lambda redirect: redirect[:1])
    rows = [RedirectOut(source=source, target=target) for source, target, _ in shown if target in mine]
    return RedirectsOut(redirects=rows, next=more)


@router.get("/v1/redirects/{source:path}", tags=["redirects"], responses=problems(404))
def get_redirect(kb: Kb, actor: Searcher, source: Source) -> RedirectOut:
    """Where an address leads."""
    with kb.home.database.read() as connection:
        target = redirects.resolve(connection, source)
        if target is None or articles.get(connection, target, actor.reader) is None:
            raise NotFound(f"no redirect {source!r}")
    return RedirectOut(source=source, target=target)


@router.put("/v1/redirects/{source:path}", tags=["redirects"], responses=problems(404, 409))
def put_redirect(kb: Kb, actor: Curator, source: Source, body: RedirectIn) -> RedirectOut:
    """Lead from an address to an article. Chains are followed now, so that a reader never is sent twice."""
    return RedirectOut(source=source, target=rules.put_redirect(kb.home.database, source, body.target, actor))


@router.delete("/v1/redirects/{source:path}", tags=["redirects"], status_code=204, responses=problems(404))
def delete_redirect(kb: Kb, actor: Curator, source: Source) -> None:
    """Forget where an address led."""
    rules.remove_redirect(kb.home.database, source, actor)


@router.get("/v1/templates", tags=["templates"])
def list_templates(
    actor: Supporter, locale: Annotated[str, Query(max_length=35, examples=["ko"])] = ""
) -> TemplatesOut:
    """Texts to begin an article with."""
    found = templates()
    if locale:
        found = tuple(template(name, locale) for name in dict.fromkeys(item.id for item in found))
    return TemplatesOut(templates=[TemplateOut(**asdict(item)) for item in found])
