"""What is to be done: open flags by owner and age, by check and severity, with the readers they hurt, and the rest.

Owners stand in the order of the alphabet, those of nobody first: it says where help is needed, and not who is slow.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from articles.metrics.base import Share, Slice
from articles.metrics.table import Cell, to_csv
from articles.metrics.trend import Bucket, cut
from kb.models import Reader
from kb.store import Connection, Database, articles, evidence
from kb.store.evidence import FlagTimes
from kb.store.tickets import Wanted
from kb.times import stamp

AGES = {"week": timedelta(days=7), "month": timedelta(days=30), "quarter": timedelta(days=91)}
OLDER = "older"
_BACKLOGS = ("edits", "in_review", "overdue")


@dataclass(frozen=True)
class Standing:
    """The open flags of an owner, a check, a severity and an age: how many, and the readers they hurt in 90 days."""

    owner: str
    check: str
    severity: str
    age: str
    flags: int
    readers: float


@dataclass(frozen=True)
class Flow:
    """How many flags were opened and closed in a week."""

    week: Bucket
    opened: int
    closed: int


@dataclass(frozen=True)
class Coordination:
    """What waits now, and what came and went in a period.

    By owner, `edits` are open suggestions, `in_review` drafts that wait to be approved, and `overdue` articles whose
    verification has ended.
    """

    what: Slice
    flags: Sequence[Standing]
    edits: Mapping[str, int]
    in_review: Mapping[str, int]
    overdue: Mapping[str, int]
    tickets_without_article: Share
    flow: Sequence[Flow]

    @property
    def owners(self) -> list[str]:
        """Everybody for whom something waits, in the order of the alphabet."""
        waiting = {standing.owner for standing in self.flags}.union(*(getattr(self, name) for name in _BACKLOGS))
        return sorted(waiting, key=lambda owner: (owner.casefold(), owner))


def coordination(database: Database, reader: Reader, what: Slice, now: datetime) -> Coordination:
    """What a reader may know of. Only the space and the period of `what` count; flags are as they were last found.

    Raises:
        InvalidInput: the period has more than 1,000 weeks.
    """
    weeks = cut(what.since, what.until, "week")
    with database.read() as connection:
        flags = list(evidence.flag_times(connection, reader, what.space, what.since))
        closed = evidence.closed_tickets(connection, reader, what.since, what.until, Wanted(space=what.space))
        linked = [bool(ticket.linked) for ticket in closed]
        return Coordination(
            what,
            _standing(flags, now),
            evidence.open_edits(connection, reader, what.space),
            evidence.in_review(connection, reader, what.space),
            _overdue(connection, reader, what.space, now),
            Share(linked.count(False), len(linked)),
            [_flow(flags, week) for week in weeks],
        )


def _standing(flags: Iterable[FlagTimes], now: datetime) -> list[Standing]:
    hurt: dict[tuple[str, str, str, str], list[float]] = defaultdict(list)
    since = {name: stamp(now - young) for name, young in AGES.items()}
    for flag in flags:
        if flag.live:
            age = next((name for name, at in since.items() if flag.first_seen > at), OLDER)
            hurt[flag.owner, flag.check, flag.severity, age].append(flag.hurts)
    return [Standing(*key, len(readers), sum(readers)) for key, readers in sorted(hurt.items())]


def _overdue(connection: Connection, reader: Reader, space: str, now: datetime) -> Counter[str]:
    owners, today = evidence.owners(connection, reader, space), now.date().isoformat()
    rows = articles.published_rows(connection, owners)
    return Counter(owners[row.id] for row in rows.values() if "" < row.verified_until < today)


def _flow(flags: Iterable[FlagTimes], week: Bucket) -> Flow:
    opened = sum(week.since <= flag.first_seen < week.until for flag in flags)
    return Flow(week, opened, sum(week.since <= flag.closed_at < week.until for flag in flags))


# --- how it is shown -------------------------------------------------------------------------------------------


def coordination_json(found: Coordination) -> dict[str, Any]:
    """The one shape that the command line prints and the API returns."""
    share = found.tickets_without_article
    return {
        "from": found.what.since,
        "until": found.what.until,
        "space": found.what.space,
        "owners": [_owner_json(found, owner) for owner in found.owners],
        "checks": [_check_json(found, *key) for key in sorted({(one.check, one.severity) for one in found.flags})],
        "tickets_without_article": {**asdict(share), "rate": share.rate},
        "flow": [
            {"from": f.week.since, "until": f.week.until, "whole": f.week.whole, "opened": f.opened, "closed": f.closed}
            for f in found.flow
        ],
    }


def _owner_json(found: Coordination, owner: str) -> dict[str, Any]:
    own = [standing for standing in found.flags if standing.owner == owner]
    ages = {age: sum(one.flags for one in own if one.age == age) for age in (*AGES, OLDER)}
    waiting = {name: getattr(found, name).get(owner, 0) for name in _BACKLOGS}
    return {"owner": owner, **_sums(own), "ages": ages, **waiting}


def _check_json(found: Coordination, check: str, severity: str) -> dict[str, Any]:
    own = [one for one in found.flags if (one.check, one.severity) == (check, severity)]
    return {"check": check, "severity": severity, **_sums(own)}


def _sums(some: Sequence[Standing]) -> dict[str, Any]:
    return {"flags": sum(one.flags for one in some), "readers": round(sum(one.readers for one in some), 2)}


_HEADER = ("measure", "owner", "check", "severity", "age", "from", "until", "count", "of", "readers")


def coordination_csv(found: Coordination) -> str:
    """A row for each count: of open flags by owner, check, severity and age; of what else waits; of each week."""
    return to_csv(_HEADER, _rows(found))


def _rows(found: Coordination) -> Iterator[Sequence[Cell]]:
    for one in found.flags:
        place = (one.owner, one.check, one.severity, one.age, None, None)
        yield ("open_flags", *place, one.flags, None, one.readers)
    for name in _BACKLOGS:
        for owner, count in sorted(getattr(found, name).items()):
            yield (name, owner, None, None, None, None, None, count, None, None)
    share, period = found.tickets_without_article, (found.what.since, found.what.until)
    yield ("tickets_without_article", None, None, None, None, *period, share.count, share.of, None)
    for flow in found.flow:
        week = (None, None, None, None, flow.week.since, flow.week.until)
        yield ("flags_opened", *week, flow.opened, None, None)
        yield ("flags_closed", *week, flow.closed, None, None)
