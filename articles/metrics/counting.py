"""What is counted: questions with what was done with their results, and closed tickets. Pure, but for `gather`.

Searches are settled questions in the channel `search`; suggestions those in `suggest`. A product is known of tickets
only, so that with one nothing else is counted. What belongs to a question belongs to the period in which it was asked,
and what belongs to a ticket to the one in which it was closed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from articles.metrics.base import Metrics, Share, Slice, Times
from indexer.language import base
from kb.models import AGENTS, Reader
from kb.store import Connection, evidence, searches
from kb.store.evidence import ClosedTicket
from kb.store.searches import Asked
from kb.store.tickets import Wanted
from kb.times import stamp

WINDOW = timedelta(days=1)  # after a view: who writes to a person within it was not helped by what they saw
FEEDBACK = ("helped", "not_helped")


@dataclass(frozen=True)
class Question:
    """A question with what was done with its results: (kind, time), in order."""

    asked: Asked
    done: tuple[tuple[str, str], ...]

    def has(self, *kinds: str) -> bool:
        return any(kind in kinds for kind, _ in self.done)

    @property
    def helped(self) -> bool:
        """Whether the last feedback is positive."""
        said = [kind for kind, _ in self.done if kind in FEEDBACK]
        return said[-1:] == ["helped"]


@dataclass(frozen=True)
class Gathered:
    """What a period holds. `contacts` are the times at which each visitor wrote to a person, in order."""

    questions: Sequence[Question]
    tickets: Sequence[ClosedTicket]
    contacts: Mapping[str, Sequence[str]]

    def parted(self, starts: Sequence[str]) -> list[Gathered]:
        """What was asked, and closed, from each of these times until the next; the first is not after any of it."""
        questions: list[list[Question]] = [[] for _ in starts]
        tickets: list[list[ClosedTicket]] = [[] for _ in starts]
        for question in self.questions:
            questions[bisect_right(starts, question.asked.at) - 1].append(question)
        for ticket in self.tickets:
            tickets[bisect_right(starts, ticket.closed_at) - 1].append(ticket)
        return [Gathered(*part, self.contacts) for part in zip(questions, tickets, strict=True)]


def gather(connection: Connection, reader: Reader, what: Slice) -> Gathered:
    """What was asked by those who see no more than this reader does, and the tickets they see."""
    wanted = Wanted(space=what.space, locale=what.locale, channel=what.channel, product=what.product)
    return Gathered(
        [] if what.product else list(_questions(connection, reader, what)),
        list(evidence.closed_tickets(connection, reader, what.since, what.until, wanted)),
        _contacts(connection, what),
    )


def _questions(connection: Connection, reader: Reader, what: Slice) -> Iterator[Question]:
    done = reactions(connection, what.since, what.until)
    for asked in searches.asked(connection, reader, what.since, what.until):
        if _is_of(asked, what):
            yield Question(asked, tuple(done.get(asked.id, ())))


def reactions(connection: Connection, since: str, until: str) -> Mapping[str, Sequence[tuple[str, str]]]:
    """(kind, time) of what was done with the results of each question in [since, until), in its order."""
    done: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for search_id, kind, at in searches.reactions(connection, since, until):
        done[search_id].append((kind, at))
    return done


def _is_of(asked: Asked, what: Slice) -> bool:
    if what.locale and base(asked.language) != base(what.locale):
        return False
    return what.space in ("", asked.space) and what.channel in ("", asked.channel)


def _contacts(connection: Connection, what: Slice) -> Mapping[str, Sequence[str]]:
    """Until the window after the last view is over."""
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


def count(gathered: Gathered) -> Metrics:
    """Every metric."""
    found = [q for q in gathered.questions if q.asked.channel == "search"]
    shown = [q for q in gathered.questions if q.asked.channel == "suggest"]
    linked = [bool(ticket.linked) for ticket in gathered.tickets]
    said = [q for q in gathered.questions if q.has(*FEEDBACK)]
    return {
        **_searches(found),
        "link_rate": Share(sum(linked), len(linked)),
        **_self_service([q for q in found if not by_agent(q.asked.audiences)], gathered.contacts),
        **_suggestions(shown),
        "positive_feedback": Share(sum(q.helped for q in said), len(said)),
        "first_response": Times.of(list(_present(_first_response(ticket) for ticket in gathered.tickets))),
        "resolution": Times.of(list(_present(_resolution(ticket) for ticket in gathered.tickets))),
    }


def by_agent(audiences: Collection[str]) -> bool:
    """Whether who asked is an agent, who searches for somebody else."""
    return bool({AGENTS, "*"} & set(audiences))


def _searches(found: Sequence[Question]) -> dict[str, Share]:
    everything, clicked = len(found), sum(q.has("clicked") for q in found)
    return {
        "search_ctr": Share(clicked, everything),
        "zero_result_rate": Share(sum(not q.asked.found for q in found), everything),
        "unsuccessful_searches": Share(sum(not (q.asked.found and q.has("clicked")) for q in found), everything),
    }


def _self_service(found: Iterable[Question], contacts: Mapping[str, Sequence[str]]) -> dict[str, Share]:
    engaged = [q for q in found if q.has("clicked", *FEEDBACK)]
    viewed = [q for q in engaged if q.has("clicked")]
    silent = [q for q in viewed if not _contacted(q, contacts.get(q.asked.visitor, []))]
    confirmed = sum(q.helped for q in silent)
    return {
        "deflection_none": Share(len(viewed) - len(silent), len(viewed)),
        "deflection_potential": Share(len(silent) - confirmed, len(viewed)),
        "deflection_confirmed": Share(confirmed, len(viewed)),
        "self_service_success": Share(sum(q.helped for q in engaged), len(engaged)),
    }


def _contacted(question: Question, times: Sequence[str]) -> bool:
    """Whether the visitor wrote to a person within the window after a view."""
    views = [at for kind, at in question.done if kind == "clicked"]
    following = ((view, bisect_left(times, view)) for view in views)
    return any(place < len(times) and times[place] < _after(view) for view, place in following)


def _suggestions(shown: Iterable[Question]) -> dict[str, Share]:
    """Each step of the funnel, of the one before."""
    questions = [q for q in shown if q.asked.found]
    steps = [sum(q.has(kind) for q in questions) for kind in ("clicked", "inserted", "solved")]
    names = ("suggestions_opened", "suggestions_inserted", "suggestions_solved")
    before = [len(questions), *steps[:-1]]
    return {name: Share(step, of) for name, step, of in zip(names, steps, before, strict=True)}


def _first_response(ticket: ClosedTicket) -> float | None:
    """Seconds; None where the first answer cannot be told: an agent wrote first, or at a time that nobody knows."""
    said = [(turn["author"], turn.get("at", "")) for turn in ticket.messages]
    answers = [at for author, at in said if author == "agent"]
    asked = next((at or ticket.created_at for author, at in said if author == "customer"), "")
    if not asked or not answers or min(answers) < asked:  # "" is before all
        return None
    return _seconds(asked, min(answers))


def _resolution(ticket: ClosedTicket) -> float | None:
    """Seconds; None where nobody knows when it began: then it is as old as its end, or younger."""
    took = _seconds(ticket.created_at, ticket.closed_at)
    return took if took > 0 else None


def _seconds(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


def _present(values: Iterable[float | None]) -> Iterator[float]:
    return (value for value in values if value is not None)
