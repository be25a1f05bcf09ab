"""What an author opens in the morning: the articles that need work, the most damage first, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from articles.health import damage, words
from articles.health.base import HARM, SENTENCES, Severity
from articles.health.plan import Item, Plan, Task
from articles.health.staleness.explain import retold
from kb.models import Reader
from kb.store import Connection
from kb.store import flags as store
from kb.store.flags import Estimated, FlagRow


@dataclass(frozen=True)
class Report:
    """An article's health. `score` is 0..100 (no flag is 100), `needs_work` the chance that somebody must act, 0..1.

    `readers` are those of 90 days; `damage` those of them that some flag hurts.
    """

    id: str
    title: str
    owner: str
    space: str
    locale: str
    source: str
    score: float
    needs_work: float
    readers: float
    damage: float
    reasons: Sequence[Mapping[str, Any]]
    flags: Sequence[FlagRow]


@dataclass(frozen=True)
class Wanted:
    """Which reports a list is of; what is empty leaves none out. `all_` are those without flags, too."""

    check: str = ""
    severity: str = ""
    owner: str = ""
    space: str = ""
    locale: str = ""
    all_: bool = False


def reports(connection: Connection, reader: Reader, wanted: Wanted) -> list[Report]:
    """Reports on the published articles that a reader sees, the most damage first, then the likeliest to need work."""
    standing: dict[str, list[FlagRow]] = defaultdict(list)
    for one in store.open_flags(connection, reader):
        standing[one.flag.article_id].append(one.flag)
    hidden = _partly_hidden(connection, standing)
    found = []
    for row in store.estimated(connection, reader):
        flags = [flag for flag in standing.get(row.id, ()) if _is_wanted(flag, wanted)]
        if (flags or wanted.all_) and _is_of(row, wanted):
            found.append(_report(row, flags, row.id in hidden))
    return sorted(found, key=lambda report: (-report.damage, -report.needs_work, report.id))


def _report(row: Estimated, flags: Sequence[FlagRow], hidden: bool) -> Report:
    thought = row.thought
    return Report(
        *(row.id, row.title, row.owner, row.space, row.locale, row.source),
        score=thought.score,
        needs_work=thought.needs_work,
        readers=thought.readers,
        damage=damage.together((flag.hurts for flag in flags), thought.readers),
        reasons=[reason for reason in thought.reasons if not (hidden and reason["name"].startswith("flags_"))],
        flags=flags,
    )


def _partly_hidden(connection: Connection, seen: Mapping[str, Sequence[FlagRow]]) -> set[str]:
    """The articles of which a flag stands that the reader must not hear of."""
    shown = {flag.id for flags in seen.values() for flag in flags}
    return {flag.article_id for flag in store.stored_flags(connection) if flag.id not in shown}


def _is_wanted(flag: FlagRow, wanted: Wanted) -> bool:
    return wanted.check in ("", flag.check) and wanted.severity in ("", flag.severity)


def _is_of(row: Estimated, wanted: Wanted) -> bool:
    return all(getattr(wanted, name) in ("", getattr(row, name)) for name in ("owner", "space", "locale"))


def tasks(found: Iterable[Report]) -> list[Task]:
    """What there is to do, an article at a time."""
    return [Task(r.id, r.owner, _worst(r.flags), r.damage, len(r.flags)) for r in found if r.flags]


def _worst(flags: Iterable[FlagRow]) -> Severity:
    there = {flag.severity for flag in flags}
    return max((severity for severity in HARM if severity in there), key=HARM.__getitem__)


def plan_json(plan: Plan) -> dict[str, Any]:
    """A plan by owner, in the order in which they do things."""
    owners = [
        {"owner": owner, "ends": str(plan.ends(owner)), "articles": [_item_json(item) for item in items]}
        for owner, items in plan.owners.items()
    ]
    return {"start": str(plan.start), "capacity": plan.capacity, "owners": owners}


def _item_json(item: Item) -> dict[str, Any]:
    task = item.task
    said = {"article": task.article, "severity": task.severity, "damage": round(task.damage, 3), "flags": task.flags}
    return {**said, "due": item.due.isoformat()}


def report_json(report: Report, language: str = words.SOURCE) -> dict[str, Any]:
    """The one shape that the command line prints and the API returns, its sentences in a language."""
    flags = [_flag_json(flag, language) for flag in report.flags]
    reasons = [
        {**{name: value for name, value in reason.items() if name != "above"}, "message": retold(reason, language)}
        for reason in report.reasons
    ]
    return {**{name: getattr(report, name) for name in Report.__dataclass_fields__}, "reasons": reasons, "flags": flags}


def _flag_json(flag: FlagRow, language: str) -> dict[str, Any]:
    shown = {name: value for name, value in asdict(flag).items() if name not in _INSIDE}
    return {**shown, **{name: sentence(flag, name, language) for name in SENTENCES}}


def sentence(flag: FlagRow, name: str, language: str) -> str:
    """What a flag says, one of `SENTENCES`, in a language; in English where it is from before that could be."""
    said = flag.said.get(name)
    return str(getattr(flag, name)) if said is None else words.speak(words.unpack(said), language)


_INSIDE = ("article_id", "key", "others", "said")
