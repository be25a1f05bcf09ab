"""Whether the knowledge base helps: shares over a period, each with what it counts. Every definition is here, once.

Searches are settled questions in the channel `search`; suggestions those in `suggest`. A product is known of tickets
only, so that with one nothing else is counted. What belongs to a question belongs to the period in which it was asked.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from indexer.language import base
from kb.models import AGENTS, Reader
from kb.store import Connection, Database, searches, tickets
from kb.store.searches import Asked
from kb.store.tickets import Wanted
from kb.times import stamp

PERIOD = timedelta(days=30)  # where nobody says from when
WINDOW = timedelta(days=1)  # after a view: who writes to a person within it was not helped by what they saw


@dataclass(frozen=True)
class Slice:
    """What is counted: the times in [since, until) in the store's form, and what it is only of; "" is all."""

    since: str
    until: str
    space: str = ""
    locale: str = ""
    channel: str = ""
    product: str = ""

    @classmethod
    def over(cls, since: str, until: str, now: datetime, **of: str) -> Slice:
        """A period: to the present, which is in it, where `until` is "", and from 30 days before where `since` is."""
        end = until or stamp(now + timedelta(milliseconds=1))
        return cls(since or stamp(datetime.fromisoformat(end) - PERIOD), end, **of)


@dataclass(frozen=True)
class Share:
    """`count` out of `of`."""

    count: int
    of: int

    @property
    def rate(self) -> float | None:
        """0..1 (of a step of the suggestions it may be more); None where there is nothing to share."""
        return self.count / self.of if self.of else None


Metrics = Mapping[str, Share]
"""By name, in the order of `DEFINITIONS`."""

DEFINITIONS = {
    "search_ctr": "searches with a click, of all searches",
    "zero_result_rate": "searches with no result, of all searches",
    "unsuccessful_searches": "searches with no result or no click, of all searches",
    "link_rate": "closed tickets that are linked to an article, of all closed tickets",
    "deflection_none": "customers' searches with a view, and contact within a day after it, of all with a view",
    "deflection_potential": "… with no contact, and no positive feedback at the end",
    "deflection_confirmed": "… with no contact, and positive feedback at the end",
    "self_service_success": "customers' searches whose last feedback is positive, of all with a view or feedback",
    "suggestions_opened": "suggestions of which an article was opened, of all that showed any",
    "suggestions_inserted": "suggestions of which an article was inserted, of those opened; some are inserted unopened",
    "suggestions_solved": "suggestions that solved the ticket, of those inserted",
}


@dataclass(frozen=True)
class _Question:
    """A question with what was done with its results: (kind, time), in order."""

    asked: Asked
    done: tuple[tuple[str, str], ...]

    def has(self, *kinds: str) -> bool:
        return any(kind in kinds for kind, _ in self.done)

    @property
    def helped(self) -> bool:
        """Whether the last feedback is positive."""
        said = [kind for kind, _ in self.done if kind in ("helped", "not_helped")]
        return said[-1:] == ["helped"]


def measure(database: Database, reader: Reader, what: Slice) -> Metrics:
    """Every metric, over what was asked by those who see no more than this reader does, and the tickets they see."""
    with database.read() as connection:
        questions = [] if what.product else list(_questions(connection, reader, what))
        contacts = _contacts(connection, what)
        wanted = Wanted(space=what.space, locale=what.locale, channel=what.channel, product=what.product)
        linked = [bool(ids) for ids in tickets.closed(connection, reader, what.since, what.until, wanted)]
    found = [q for q in questions if q.asked.channel == "search"]
    shown = [q for q in questions if q.asked.channel == "suggest"]
    return {
        **_searches(found),
        "link_rate": Share(sum(linked), len(linked)),
        **_self_service([q for q in found if _by_customer(q.asked)], contacts),
        **_suggestions(shown),
    }


def _questions(connection: Connection, reader: Reader, what: Slice) -> Iterator[_Question]:
    done: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for search_id, kind, at in searches.reactions(connection, what.since, what.until):
        done[search_id].append((kind, at))
    for asked in searches.asked(connection, reader, what.since, what.until):
        if _is_of(asked, what):
            yield _Question(asked, tuple(done.get(asked.id, ())))


def _is_of(asked: Asked, what: Slice) -> bool:
    if what.locale and base(asked.language) != base(what.locale):
        return False
    return what.space in ("", asked.space) and what.channel in ("", asked.channel)


def _contacts(connection: Connection, what: Slice) -> Mapping[str, list[str]]:
    """When each visitor wrote to a person, in order; until the window after the last view is over."""
    found: dict[str, list[str]] = defaultdict(list)
    for visitor, at in searches.contacts(connection, what.since, _after(what.until)):
        found[visitor].append(at)
    return {visitor: sorted(times) for visitor, times in found.items()}


def _after(at: str) -> str:
    """The end of the window that begins at a time."""
    try:
        return stamp(datetime.fromisoformat(at) + WINDOW)
    except OverflowError:  # the end of time
        return at


def _by_customer(asked: Asked) -> bool:
    """Agents who search serve somebody else."""
    return not {AGENTS, "*"} & set(asked.audiences)


def _searches(found: Iterable[_Question]) -> dict[str, Share]:
    questions = list(found)
    everything, clicked = len(questions), sum(q.has("clicked") for q in questions)
    return {
        "search_ctr": Share(clicked, everything),
        "zero_result_rate": Share(sum(not q.asked.found for q in questions), everything),
        "unsuccessful_searches": Share(sum(not (q.asked.found and q.has("clicked")) for q in questions), everything),
    }


def _self_service(found: Iterable[_Question], contacts: Mapping[str, list[str]]) -> dict[str, Share]:
    engaged = [q for q in found if q.has("clicked", "helped", "not_helped")]
    viewed = [q for q in engaged if q.has("clicked")]
    silent = [q for q in viewed if not _contacted(q, contacts.get(q.asked.visitor, []))]
    confirmed = sum(q.helped for q in silent)
    return {
        "deflection_none": Share(len(viewed) - len(silent), len(viewed)),
        "deflection_potential": Share(len(silent) - confirmed, len(viewed)),
        "deflection_confirmed": Share(confirmed, len(viewed)),
        "self_service_success": Share(sum(q.helped for q in engaged), len(engaged)),
    }


def _contacted(question: _Question, times: list[str]) -> bool:
    """Whether the visitor wrote to a person within the window after a view."""
    views = [at for kind, at in question.done if kind == "clicked"]
    following = ((view, bisect_left(times, view)) for view in views)
    return any(place < len(times) and times[place] < _after(view) for view, place in following)


def _suggestions(shown: Iterable[_Question]) -> dict[str, Share]:
    """Each step of the funnel, of the one before."""
    questions = [q for q in shown if q.asked.found]
    steps = [sum(q.has(kind) for q in questions) for kind in ("clicked", "inserted", "solved")]
    names = ("suggestions_opened", "suggestions_inserted", "suggestions_solved")
    before = [len(questions), *steps[:-1]]
    return {name: Share(step, of) for name, step, of in zip(names, steps, before, strict=True)}


def metrics_json(what: Slice, metrics: Metrics) -> dict[str, Any]:
    """What was counted and every metric: the one shape that the command line prints and the API returns."""
    shares = {name: {"count": share.count, "of": share.of, "rate": share.rate} for name, share in metrics.items()}
    meant = asdict(what)
    return {"from": meant.pop("since"), **meant, **shares}
