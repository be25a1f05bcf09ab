"""What authors ask of the API: flags, the checks that find them, and where these do not hold."""

from __future__ import annotations

from datetime import date
from typing import Any

from kb.client.requests import get, of, put
from kb.client.transport import Call
from kb.wire.flags import CheckOut, ChecksOut, FlagsOut, PlanOut, WaiverOut, WaiversOut


def flags(**wanted: Any) -> Call[FlagsOut]:
    """`wanted` are the filters: check, severity, owner, space, locale, all, limit."""
    return get("/v1/flags", FlagsOut, **wanted)


def plan(capacity: int = 10) -> Call[PlanOut]:
    return get("/v1/flags/plan", PlanOut, capacity=capacity)


def checks() -> Call[ChecksOut]:
    return get("/v1/checks", ChecksOut)


def change_check(name: str, **changes: Any) -> Call[CheckOut]:
    """`changes` are `enabled`, and `options` of which None goes back to its default."""
    return Call("PATCH", of("checks", name), CheckOut, json=changes)


def waivers() -> Call[WaiversOut]:
    return get("/v1/waivers", WaiversOut)


def waive(article: str, check: str, reason: str, until: date) -> Call[WaiverOut]:
    return put("/v1/waivers", WaiverOut, {"article": article, "check": check, "reason": reason, "until": str(until)})


def unwaive(article: str, check: str) -> Call[None]:
    return Call("DELETE", "/v1/waivers", type(None), {"article": article, "check": check})
