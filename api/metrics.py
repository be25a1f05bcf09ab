"""Whether the knowledge base helps: what was searched, found, opened and solved, as JSON or CSV."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.access import Analyst
from api.problems import problems
from api.state import Kb
from articles.metrics import Slice, report, report_csv, report_json
from kb.times import moment
from kb.wire.metrics import By, MetricsOut

router = APIRouter(responses=problems(), tags=["metrics"])
Some = Annotated[str, Query(max_length=200)]
Moment = Annotated[str, Query(max_length=40)]
Since = Annotated[str, Query(alias="from", max_length=40, description="30 days before `until` where it is left out.")]
Until = Annotated[str, Query(max_length=40, description="The present where it is left out.")]
Format = Annotated[
    Literal["json", "csv"] | None, Query(alias="format", description="Without it, what `Accept` names first.")
]
CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}


@router.get("/v1/metrics", response_model=MetricsOut, responses=CSV)
def metrics(
    kb: Kb,
    actor: Analyst,
    request: Request,
    since: Since = "",
    until: Until = "",
    space: Some = "",
    locale: Annotated[str, Query(max_length=35)] = "",
    channel: Some = "",
    product: Some = "",
    by: By | None = None,
    compare: Annotated[bool, Query(description="With the period before, of the same length.")] = False,
    compare_from: Annotated[Moment, Query(description="Compare with the period that begins then.")] = "",
    compare_until: Annotated[Moment, Query(description="Compare with the period that ends then.")] = "",
    format_: Format = None,
) -> MetricsOut | Response:
    """Shares over the questions asked, and of the tickets closed, in [from, until), each with its counts."""
    kb.home.journal.flush()
    of = {"space": space, "locale": locale, "channel": channel, "product": product}
    what = Slice.over(moment(since, "from"), moment(until, "until"), datetime.now(UTC), **of)
    ends = moment(compare_from, "compare_from"), moment(compare_until, "compare_until")
    before = what.before(*ends) if compare or any(ends) else None
    found = report(kb.home.database, actor.reader, what, by, before)
    if wants_csv(request, format_):
        return csv_response(report_csv(found), "metrics")
    return MetricsOut.model_validate(report_json(found))


def wants_csv(request: Request, said: str | None) -> bool:
    """Whether the answer is to be CSV: as it was said, or else as Accept names it before JSON."""
    if said:
        return said == "csv"
    kinds = [part.partition(";")[0].strip().lower() for part in request.headers.get("accept", "").split(",")]
    return next((kind for kind in kinds if kind in ("text/csv", "application/json", "*/*")), "") == "text/csv"


def csv_response(text: str, name: str) -> Response:
    """A table, to be kept as a file."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Vary": "Accept"}
    return Response(text, media_type="text/csv", headers=headers)
