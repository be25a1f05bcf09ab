"""Whether the server answers, and can."""

from __future__ import annotations

from fastapi import APIRouter

from api.access import Anyone
from api.problems import problems
from api.state import Kb
from kb.wire.base import Healthy, Ready

router = APIRouter(responses=problems(), tags=["server"])


@router.get("/healthz")
def healthy() -> Healthy:
    """The process answers."""
    return Healthy()


@router.get("/readyz", responses=problems(503))
def ready(kb: Kb, actor: Anyone) -> Ready:
    """The database and the index can be read. Where the home is, is told to its operator."""
    view = kb.home.index.view()
    inside = "admin" in actor.scopes
    return Ready(
        home=str(kb.home.path.resolve()) if inside else "",
        audience=kb.settings.audience,
        model=kb.settings.model,
        change=view.change if inside else 0,
        generation=view.base.generation,
    )
