"""What is stale or missing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from api.access import Analyst
from api.problems import problems
from api.state import Kb
from articles.gaps import find_gaps
from articles.wire import gap_json, report_json
from kb.wire.upkeep import FlagsOut, GapsOut

router = APIRouter(responses=problems(), tags=["upkeep"])
Limit = Annotated[int, Query(ge=1, le=1000)]


@router.get("/v1/flags")
def flags(kb: Kb, actor: Analyst, limit: Limit = 100) -> FlagsOut:
    """Articles that need work, the worst first, with evidence."""
    found = [report_json(report) for report in kb.reports(actor.reader) if report.flags]
    return FlagsOut.model_validate({"articles": found[:limit]})


@router.get("/v1/gaps")
def gaps(kb: Kb, actor: Analyst, limit: Limit = 100) -> GapsOut:
    """What was asked and no article answered, the most asked first."""
    kb.home.journal.flush()
    found = find_gaps(kb.home.database, actor.reader, datetime.now(UTC))
    return GapsOut.model_validate({"gaps": [gap_json(gap) for gap in found[:limit]]})
