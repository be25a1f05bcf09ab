"""A plan for an old base: not 1,600 reminders on the first morning, but so many articles an owner and week.

Pure: whoever plans gives the tasks, the capacity and the first day. Digests keep to the same pace by themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from articles.health.base import HARM, Severity
from kb.errors import InvalidInput

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Task:
    """An article with all its flags, for its owner ("" where it has none). `severity` is the worst of them.

    `damage` is in readers, see `articles.health.damage`.
    """

    article: str
    owner: str
    severity: Severity
    damage: float
    flags: int


@dataclass(frozen=True)
class Item:
    """A task in a week, counted from 0. It is not due before the day `due`, the week's first."""

    task: Task
    week: int
    due: date


@dataclass(frozen=True)
class Plan:
    """Who does what when: items by owner, then in the order in which they are done."""

    items: tuple[Item, ...]
    capacity: int
    start: date

    @property
    def owners(self) -> dict[str, tuple[Item, ...]]:
        """The items of each owner, the first to be done first."""
        found: dict[str, list[Item]] = defaultdict(list)
        for item in self.items:
            found[item.task.owner].append(item)
        return {owner: tuple(own) for owner, own in found.items()}

    def ends(self, owner: str) -> date | None:
        """The last day of the owner's last week: when all is done, if nothing comes up. None where nothing is."""
        weeks = [item.due for item in self.items if item.task.owner == owner]
        return max(weeks) + WEEK - timedelta(days=1) if weeks else None


def stagger(tasks: Iterable[Task], capacity: int, start: date) -> Plan:
    """Give each owner's articles weeks of at most `capacity`, high severity before the rest, then most damage first.

    Articles are never taken apart. Order, and so the plan, does not depend on the order of `tasks`.

    Raises:
        InvalidInput: no capacity, an article is named twice, or it would take until after the last year there is.
    """
    if capacity < 1:
        raise InvalidInput(f"capacity: {capacity} is not at least 1 article a week")
    queue = sorted(tasks, key=_urgency)
    items: list[Item] = []
    done: dict[str, int] = defaultdict(int)
    for task in queue:
        week = done[task.owner] // capacity
        done[task.owner] += 1
        items.append(Item(task, week, _day(start, week)))
    if len({task.article for task in queue}) < len(queue):
        raise InvalidInput("tasks: an article is named twice; a task is an article with all its flags")
    return Plan(tuple(sorted(items, key=lambda item: item.task.owner)), capacity, start)


def _urgency(task: Task) -> tuple[bool, float, float, str]:
    return task.severity != "high", -task.damage, -HARM[task.severity], task.article


def _day(start: date, week: int) -> date:
    try:
        return start + week * WEEK
    except OverflowError as error:
        raise InvalidInput(f"start: {start}: week {week} lies after the last year there is") from error
