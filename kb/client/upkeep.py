"""What authors ask of the API: flags, the checks that find them, and where these do not hold."""

from __future__ import annotations

from datetime import date
from typing import Any

from kb.client.requests import get, of, put
from kb.client.transport import Call
from kb.wire.flags import CheckOut, ChecksOut, FlagsOut, PlanOut, WaiverOut, WaiversOut


def flags(**wanted: Any) -> Call[FlagsOut]:
    """`wanted` are the filters: check, severity, owner, space, locale, all, limit; and `lang`, as in `checks`."""
    return get("/v1/flags", FlagsOut, **wanted)


def plan(capacity: int = 10) -> Call[PlanOut]:
    return get("/v1/flags/plan", PlanOut, capacity=capacity)


def checks(lang: str = "en") -> Call[ChecksOut]:
    """`lang` is the language of sentences: `en` or `ko`."""
    return get("/v1/checks", ChecksOut, lang=lang)


def change_check(name: str, lang: str = "en", **changes: Any) -> Call[CheckOut]:
    """`changes` are `enabled`, and `options` of which None goes back to its default."""
    return Call("PATCH", of("checks", name), CheckOut, {"lang": lang}, json=changes)


def waivers() -> Call[WaiversOut]:
    return get("/v1/waivers", WaiversOut)


def waive(article: str, check: str, reason: str, until: date) -> Call[WaiverOut]:
    return put("/v1/waivers", WaiverOut, {"article": article, "check": check, "reason": reason, "until": str(until)})


def unwaive(article: str, check: str) -> Call[None]:
    return Call("DELETE", "/v1/waivers", type(None), {"article": article, "check": check})
