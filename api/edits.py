"""The queue of suggested edits: what agents flagged or fixed, for the owners of the articles."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from api.access import Supporter, Writer
from api.conventions import Cursor, Limit, from_cursor, page
from api.idempotency import Once
from api.problems import problems
from api.state import Kb
from articles import edits as editing
from kb.errors import NotFound
from kb.store import edits
from kb.wire.articles import EditOut, EditsOut, ResolveIn

router = APIRouter(responses=problems(), route_class=Once, tags=["edits"])
Number = Annotated[int, Path(ge=1, le=2**53)]


@router.get("/v1/edits")
def list_edits(
    kb: Kb,
    actor: Supporter,
    state: Literal["open", "accepted", "declined", ""] = "open",
    owner: Annotated[str, Query(max_length=200)] = "",
    article_id: Annotated[str, Query(max_length=512)] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> EditsOut:
    """Suggested edits, the oldest first: all of them for authors, their own for agents."""
    (after,) = from_cursor(cursor, 0)
    author = "" if "write" in actor.scopes else actor.name
    with kb.home.database.read() as connection:
        found = edits.queue(
            connection,
            actor.reader,
            state=state,
            owner=owner,
            article_id=article_id,
            author=author,
            after=after,
            limit=limit + 1,
        )
    shown, more = page(found, limit, lambda edit: (edit.id,))
    return EditsOut(edits=[EditOut.model_validate(edit, from_attributes=True) for edit in shown], next=more)


@router.get("/v1/edits/{number}", responses=problems(404))
def get_edit(kb: Kb, actor: Supporter, number: Number) -> EditOut:
    """One suggested edit."""
    with kb.home.database.read() as connection:
        found = edits.get(connection, number, actor.reader)
    if found is None or ("write" not in actor.scopes and found.author != actor.name):
        raise NotFound(f"no edit {number}")
    return EditOut.model_validate(found, from_attributes=True)


@router.post("/v1/edits/{number}/resolve", responses=problems(404, 409))
def resolve_edit(kb: Kb, actor: Writer, number: Number, body: ResolveIn) -> EditOut:
    """Accept an edit, which makes a fix the text that is worked on, or decline it."""
    found = editing.resolve(kb.library, number, actor, accept=body.accept, note=body.note)
    return EditOut.model_validate(found, from_attributes=True)
