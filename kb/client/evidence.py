"""What coaches and coordinators ask of the API; `kb.client.calls` has the metrics that analysts ask for."""

from __future__ import annotations

from typing import Any

from kb.client.requests import get
from kb.client.transport import Call
from kb.wire.evidence import CoachingOut, CoordinationOut


def coaching(since: str = "", **of: Any) -> Call[CoachingOut]:
    """`of` are until, space, and whose it is: `agent="me"`."""
    return get("/v1/coaching", CoachingOut, **{"from": since, **of})


def coordination(since: str = "", **of: Any) -> Call[CoordinationOut]:
    """`of` are until and space."""
    return get("/v1/coordination", CoordinationOut, **{"from": since, **of})
