"""What people decide of checks: on or off, their options, and that one does not hold for an article for a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from articles import rules
from articles.health import CHECKS
from articles.health.base import Check
from kb.errors import InvalidInput, NotFound
from kb.models import Actor
from kb.store import Database, audit
from kb.store import flags as store
from kb.store.flags import CheckSetting, Waiver
from kb.times import stamp

_MOST = 1000  # characters of a reason, words of an option


def check_of(name: str) -> Check:
    """
    Raises:
        NotFound: there is no such check.
    """
    if name not in CHECKS:
        raise NotFound(f"no check {name!r}; there are: {', '.join(sorted(CHECKS))}")
    return CHECKS[name]


def choose(
    database: Database,
    actor: Actor,
    name: str,
    now: datetime,
    *,
    enabled: bool | None = None,
    options: Mapping[str, Any] | None = None,
) -> CheckSetting:
    """Switch a check on or off, or tune it. An option that is None goes back to its default.

    Raises:
        NotFound: there is no such check.
        InvalidInput: it has no such option, or not such a value.
    """
    check = check_of(name)
    wanted = {key: _option(check, key, value) for key, value in (options or {}).items()}
    with database.write() as connection:
        before = store.settings(connection).get(name) or CheckSetting(name, True, {}, "", "")
        kept = {key: value for key, value in {**before.options, **wanted}.items() if value is not None}
        is_on = before.enabled if enabled is None else enabled
        setting = CheckSetting(name, is_on, kept, actor.name, stamp(now))
        store.put_setting(connection, setting)
        audit.record(connection, actor, "check.change", [f"check:{name}"], enabled=is_on, options=kept)
    return setting


def _option(check: Check, key: str, value: Any) -> Any:
    if key not in check.options:
        known = ", ".join(check.options) or "none"
        raise InvalidInput(f"options: {check.name!r} has no option {key!r}; there are: {known}")
    if value is None:
        return None
    if isinstance(check.options[key], tuple):
        if isinstance(value, list) and len(value) <= _MOST and all(isinstance(v, str) and _is_text(v) for v in value):
            return [_ruled(check, key, text.strip()) for text in value]
        raise InvalidInput(f"options.{key}: {str(value)[:60]!r} is not a list of texts")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1e9:
        raise InvalidInput(f"options.{key}: {str(value)[:60]!r} is not a number from 0 to 1,000,000,000")
    return value


def _ruled(check: Check, key: str, text: str) -> str:
    wrong = check.rules[key](text) if key in check.rules else ""
    if wrong:
        raise InvalidInput(f"options.{key}: {text[:60]!r} {wrong}")
    return text


def _is_text(value: str) -> bool:
    return bool(value.strip()) and not any("\ud800" <= char <= "\udfff" for char in value)


def waive(
    database: Database, actor: Actor, article_id: str, name: str, reason: str, until: date, now: datetime
) -> Waiver:
    """Say that a check does not hold for an article until the end of a day, and why.

    Raises:
        NotFound: no such check, or no such article that the actor sees.
        InvalidInput: no reason, or the day is past.
    """
    check_of(name)
    if not reason.strip() or len(reason) > _MOST:
        raise InvalidInput(f"reason: {reason[:60]!r} is not 1 to {_MOST:,} characters that say why")
    if until < now.date():
        raise InvalidInput(f"until: {until} is past")
    with database.write() as connection:
        held = rules.held(connection, article_id, actor, None)
        waiver = Waiver(held.id, name, reason.strip(), actor.name, stamp(now), until.isoformat())
        store.put_waiver(connection, waiver)
        audit.of_article(connection, actor, "waive", held.id, held.audience, check=name, until=until.isoformat())
    return waiver


def unwaive(database: Database, actor: Actor, article_id: str, name: str) -> None:
    """Let a check hold for an article again.

    Raises:
        NotFound: no such check, article, or waiver.
    """
    check_of(name)
    with database.write() as connection:
        held = rules.held(connection, article_id, actor, None)
        if not store.remove_waiver(connection, held.id, name):
            raise NotFound(f"{name!r} is not waived for {held.id!r}")
        audit.of_article(connection, actor, "unwaive", held.id, held.audience, check=name)
