"""What readers ask and no article answers: listed, assigned, ignored, merged, split, and begun as articles.

What is said of a gap is of the questions that the reader may see. It was computed by the job `gaps`. The `ETag` of a
gap is of what people, or a proof, decided about it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Response

from api.access import Analyst, Writer
from api.conventions import IfMatch, revision, tag
from api.idempotency import Once
from api.problems import problems
from api.state import Kb, State
from articles.gaps import Wanted, drafting, life, listed, one
from articles.wire import coverage_json, gap_json, question_json
from kb.errors import InvalidInput
from kb.models import Actor
from kb.times import stamp
from kb.wire.articles import WrittenOut
from kb.wire.gaps import GapDetailOut, GapPatch, GapsOut, GapState, GapVerdict, MergeIn, SplitIn

router = APIRouter(responses=problems(), tags=["gaps"])  # answers hold people's words, and so they are not kept
_draft = APIRouter(route_class=Once)
GapId = Annotated[str, Path(min_length=1, max_length=64, pattern="^[0-9a-z]+$", examples=["3f9a0c51d2e4"])]
_SHOWN = 500  # questions of a gap
_CHANGED = problems(404, 409, 412, 428)


@router.get("/v1/gaps")
def list_gaps(
    kb: Kb,
    actor: Analyst,
    state: Annotated[GapState | None, Query(description="Without it, those in which something is to be done.")] = None,
    verdict: GapVerdict | None = None,
    space: Annotated[str, Query(max_length=100)] = "",
    locale: Annotated[str, Query(max_length=35)] = "",
    assignee: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> GapsOut:
    """Gaps, the most asked first, and how much of all that is unanswered they make up."""
    wanted = Wanted(state or "", verdict or "", space, locale, assignee)
    with kb.home.database.read() as connection:
        found = listed(connection, actor.reader, datetime.now(UTC), wanted)
    shown = [gap_json(gap) for gap in found[:limit]]
    return GapsOut.model_validate({"gaps": shown, "coverage": coverage_json(found)})


@router.get("/v1/gaps/{gap_id}", responses=problems(404))
def get_gap(kb: Kb, actor: Analyst, gap_id: GapId, response: Response) -> GapDetailOut:
    """A gap with its questions. One that was merged is answered as what it became."""
    return _answer(kb, actor, gap_id, response)


@router.patch("/v1/gaps/{gap_id}", responses=_CHANGED)
def patch_gap(
    kb: Kb, actor: Writer, gap_id: GapId, body: GapPatch, response: Response, if_match: IfMatch = None
) -> GapDetailOut:
    """Assign a gap, call it something, ignore it with a reason, or open it again: one of these at a time."""
    database, expected = kb.home.database, revision(if_match)
    given = [key for key in ("name", "assignee", "state") if getattr(body, key) is not None]
    if len(given) != 1:
        raise InvalidInput("body: give one of name, assignee, state")
    if body.name is not None:
        life.rename(database, gap_id, body.name, actor, expected)
    elif body.assignee is not None:
        life.assign(database, gap_id, body.assignee, actor, expected)
    elif body.state == "ignored":
        life.ignore(database, gap_id, body.reason, actor, expected, body.until)
    else:
        life.reopen(database, gap_id, actor, stamp(datetime.now(UTC)), expected)
    return _answer(kb, actor, gap_id, response)


@router.post("/v1/gaps/{gap_id}/merge", responses=_CHANGED)
def merge_gap(
    kb: Kb, actor: Writer, gap_id: GapId, body: MergeIn, response: Response, if_match: IfMatch = None
) -> GapDetailOut:
    """Make a gap a part of another, for good. The answer is that one."""
    life.merge(kb.home.database, gap_id, body.into, actor, revision(if_match))
    return _answer(kb, actor, body.into, response)


@router.post("/v1/gaps/{gap_id}/split", status_code=201, responses=_CHANGED)
def split_gap(
    kb: Kb, actor: Writer, gap_id: GapId, body: SplitIn, response: Response, if_match: IfMatch = None
) -> GapDetailOut:
    """Make some of a gap's questions a gap of their own. The answer is that one."""
    at = stamp(datetime.now(UTC))
    made = life.split(kb.home.database, gap_id, body.questions, actor, at, revision(if_match))
    response.headers["Location"] = f"/v1/gaps/{made}"
    return _answer(kb, actor, made, response)


@_draft.post("/v1/gaps/{gap_id}/draft", status_code=201, responses=problems(404, 409))
def draft_gap(kb: Kb, actor: Writer, gap_id: GapId, response: Response) -> WrittenOut:
    """Begin an article with what was asked and what agents answered: a draft for agents."""
    made = drafting.draft(kb.library, gap_id, actor, datetime.now(UTC))
    tag(response, made.revision)
    response.headers["Location"] = f"/v1/articles/{quote(made.id)}"
    return WrittenOut(id=made.id, status="added", version=made.version, revision=made.revision)


def _answer(kb: State, actor: Actor, gap_id: str, response: Response) -> GapDetailOut:
    with kb.home.database.read() as connection:
        gap, members = one(connection, gap_id, actor.reader, datetime.now(UTC))
    tag(response, gap.revision)
    asked = [question_json(member) for member in members[:_SHOWN]]
    return GapDetailOut.model_validate({**gap_json(gap), "asked": asked})


router.include_router(_draft)
