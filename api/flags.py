"""What is stale or wrong, the most damage first; the checks; and for which articles one of them does not hold."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request

from api.access import Admin, Analyst, Writer
from api.conventions import Cursor, Limit, from_cursor, page
from api.idempotency import Once
from api.problems import problems
from api.state import Kb, State
from api.templating import language_for
from articles.health import CHECKS, choices, words
from articles.health.plan import stagger
from articles.health.queue import Wanted, plan_json, report_json, reports, tasks
from kb.models import Actor
from kb.store import flags as store
from kb.store.flags import CheckSetting, Waiver
from kb.times import day
from kb.wire.flags import CheckIn, CheckOut, ChecksOut, FlagsOut, PlanOut, Severity, WaiverIn, WaiverOut, WaiversOut

router = APIRouter(responses=problems(), route_class=Once, tags=["upkeep"])
Some = Annotated[str, Query(max_length=200)]
Name = Annotated[str, Path(max_length=64, examples=["broken_link"])]
Lang = Annotated[
    str,
    Query(
        max_length=35, description="The language of sentences, `en` or `ko`; else as Accept-Language wants, or `en`."
    ),
]


def _language(request: Request, lang: Lang = "") -> str:
    return language_for(request, lang)


Language = Annotated[str, Depends(_language)]


@router.get("/v1/flags")
def flags(
    kb: Kb,
    actor: Analyst,
    language: Language,
    check: Annotated[str, Query(max_length=64)] = "",
    severity: Severity | None = None,
    owner: Some = "",
    space: Some = "",
    locale: Annotated[str, Query(max_length=35)] = "",
    every: Annotated[bool, Query(alias="all", description="Articles without flags, too.")] = False,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> FlagsOut:
    """Articles that need work, the most damage first, with evidence: what to fix, why, and what it costs readers."""
    wanted = Wanted(check=check, severity=severity or "", owner=owner, space=space, locale=locale, all_=every)
    kb.look()
    with kb.home.database.read() as connection:
        found = reports(connection, actor.reader, wanted)
    start = max(0, from_cursor(cursor, 0)[0])
    some, more = page(found[start : start + limit + 1], limit, lambda _: (start + limit,))
    shown = [report_json(report, language) for report in some]
    return FlagsOut.model_validate({"articles": shown, "next": more})


@router.get("/v1/flags/plan")
def plan(
    kb: Kb,
    actor: Analyst,
    capacity: Annotated[int, Query(ge=1, le=1000, description="Articles a week and owner.")] = 10,
) -> PlanOut:
    """Who would mend what in which week, if everybody began today: nobody is sent everything at once."""
    kb.look()
    with kb.home.database.read() as connection:
        found = reports(connection, actor.reader, Wanted())
    proposed = stagger(tasks(found), capacity, datetime.now(UTC).date())
    return PlanOut.model_validate(plan_json(proposed))


@router.get("/v1/checks")
def checks(kb: Kb, actor: Analyst, language: Language) -> ChecksOut:
    """Every check: what its fault does to readers, whether it is on, and what of it can be tuned."""
    kb.look()
    with kb.home.database.read() as connection:
        chosen = store.settings(connection)
        counts = Counter(one.flag.check for one in store.open_flags(connection, actor.reader))
    return ChecksOut(checks=[_check(name, chosen.get(name), counts[name], language) for name in CHECKS])


@router.patch("/v1/checks/{name}", responses=problems(404))
def change_check(kb: Kb, actor: Admin, name: Name, wanted: CheckIn, language: Language) -> CheckOut:
    """Switch a check on or off for everybody, or tune it."""
    now = datetime.now(UTC)
    setting = choices.choose(kb.home.database, actor, name, now, enabled=wanted.enabled, options=wanted.options)
    return _check(name, setting, _count(kb, actor, name), language)


@router.get("/v1/waivers")
def waivers(kb: Kb, actor: Analyst) -> WaiversOut:
    """For which articles a check does not hold, why, and until when."""
    with kb.home.database.read() as connection:
        return WaiversOut(waivers=[_waiver(waiver) for waiver in store.list_waivers(connection, actor.reader)])


@router.put("/v1/waivers", responses=problems(404))
def waive(kb: Kb, actor: Writer, wanted: WaiverIn) -> WaiverOut:
    """Let a check not hold for an article until the end of a day."""
    until, now = day(wanted.until, "until"), datetime.now(UTC)
    found = choices.waive(kb.home.database, actor, wanted.article, wanted.check, wanted.reason, until, now)
    return _waiver(found)


@router.delete("/v1/waivers", status_code=204, responses=problems(404))
def unwaive(
    kb: Kb,
    actor: Writer,
    article: Annotated[str, Query(min_length=1, max_length=512)],
    check: Annotated[str, Query(min_length=1, max_length=64)],
) -> None:
    """Let a check hold for an article again."""
    choices.unwaive(kb.home.database, actor, article, check)


def _check(name: str, setting: CheckSetting | None, count: int, language: str) -> CheckOut:
    check = CHECKS[name]
    defaults = _plain(check.options)
    return CheckOut(
        name=name,
        severity=check.severity,
        why=words.speak(check.why, language),
        enabled=setting is None or setting.enabled,
        options={**defaults, **(_plain(setting.options) if setting else {})},
        defaults=defaults,
        flags=count,
    )


def _plain(options: Any) -> dict[str, float | list[str]]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in options.items()}


def _count(kb: State, actor: Actor, name: str) -> int:
    kb.look()
    with kb.home.database.read() as connection:
        return sum(one.flag.check == name for one in store.open_flags(connection, actor.reader))


def _waiver(waiver: Waiver) -> WaiverOut:
    said = {name: getattr(waiver, name) for name in ("check", "reason", "author", "at")}
    return WaiverOut(article=waiver.article_id, until=waiver.expires_on, **said)
