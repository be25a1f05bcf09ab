"""What coaches and coordinators are shown: what agents look for and reuse, who contributes, what is to be done."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.access import Analyst
from api.metrics import CSV, Format, Since, Some, Until, csv_response, wants_csv
from api.problems import problems
from api.state import Kb
from articles.evidence.coaching import coaching, coaching_csv, coaching_json, whose
from articles.evidence.coordination import coordination, coordination_csv, coordination_json
from articles.metrics import Slice
from kb.times import moment
from kb.wire.evidence import CoachingOut, CoordinationOut

router = APIRouter(responses=problems(), tags=["metrics"])


@router.get("/v1/coaching", response_model=CoachingOut, responses=CSV)
def coach(
    kb: Kb,
    actor: Analyst,
    request: Request,
    since: Since = "",
    until: Until = "",
    space: Some = "",
    agent: Annotated[
        str, Query(max_length=320, description="`me`, or, for administrators, what a user signs in with.")
    ] = "",
    format_: Format = None,
) -> CoachingOut | Response:
    """What agents search for and fail at, which articles are reused, and who contributes: no ranking of people."""
    kb.home.journal.flush()
    person = whose(actor, agent, kb.pseudonym)
    what = Slice.over(moment(since, "from"), moment(until, "until"), datetime.now(UTC), space=space)
    found = coaching(kb.home.database, actor.reader, what, person)
    if wants_csv(request, format_):
        return csv_response(coaching_csv(found), "coaching")
    return CoachingOut.model_validate(coaching_json(found, agent))


@router.get("/v1/coordination", response_model=CoordinationOut, responses=CSV)
def coordinate(
    kb: Kb,
    actor: Analyst,
    request: Request,
    since: Since = "",
    until: Until = "",
    space: Some = "",
    format_: Format = None,
) -> CoordinationOut | Response:
    """What waits for each owner now, open flags by age, check and severity, and what came and went in [from, until)."""
    now = datetime.now(UTC)
    what = Slice.over(moment(since, "from"), moment(until, "until"), now, space=space)
    kb.look()
    found = coordination(kb.home.database, actor.reader, what, now)
    if wants_csv(request, format_):
        return csv_response(coordination_csv(found), "coordination")
    return CoordinationOut.model_validate(coordination_json(found))
