"""Whether the knowledge base helps: what was searched, found, opened and solved."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from api.access import Analyst
from api.problems import problems
from api.state import Kb
from articles.metrics import Slice, measure, metrics_json
from kb.times import moment
from kb.wire.metrics import MetricsOut

router = APIRouter(responses=problems(), tags=["metrics"])
Some = Annotated[str, Query(max_length=200)]


@router.get("/v1/metrics")
def metrics(
    kb: Kb,
    actor: Analyst,
    since: Annotated[
        str, Query(alias="from", max_length=40, description="30 days before `until` where it is left out.")
    ] = "",
    until: Annotated[str, Query(max_length=40, description="The present where it is left out.")] = "",
    space: Some = "",
    locale: Annotated[str, Query(max_length=35)] = "",
    channel: Some = "",
    product: Some = "",
) -> MetricsOut:
    """Shares over the questions asked, and the tickets closed, in [from, until), each with its counts."""
    kb.home.journal.flush()
    of = {"space": space, "locale": locale, "channel": channel, "product": product}
    what = Slice.over(moment(since, "from"), moment(until, "until"), datetime.now(UTC), **of)
    return MetricsOut.model_validate(metrics_json(what, measure(kb.home.database, actor.reader, what)))
