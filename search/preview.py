"""What other rules would change: questions answered as they are now, and as they would be. Nothing is logged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.models import Reader
from search.engine import Engine, Request, Results
from search.live import Filters
from search.rules import Rules


@dataclass(frozen=True)
class Found:
    """A result: an article's id and title."""

    id: str
    title: str


@dataclass(frozen=True)
class Compared:
    """A question's results under the rules in effect, and under others."""

    query: str
    old: tuple[Found, ...]
    new: tuple[Found, ...]

    @property
    def moved(self) -> list[str]:
        """Ids of the articles that both find, at different places."""
        before, after = ([found.id for found in side] for side in (self.old, self.new))
        return [name for place, name in enumerate(after) if name in before and before.index(name) != place]

    @property
    def appeared(self) -> list[str]:
        return _lacking(self.new, self.old)

    @property
    def vanished(self) -> list[str]:
        return _lacking(self.old, self.new)

    @property
    def changed(self) -> bool:
        return self.old != self.new


def compare(
    engine: Engine, reader: Reader, questions: Sequence[str], rules: Rules, *, limit: int, space: str | None = None
) -> Iterator[Compared]:
    """Each question's first results, as this reader finds them.

    Raises:
        InvalidInput: a question cannot be searched for.
    """
    for question in questions:
        request = Request(question, reader, Filters(space=space), limit)
        yield Compared(question, _found(engine.answer(request)), _found(engine.answer(request, rules)))


def _found(results: Results) -> tuple[Found, ...]:
    return tuple(Found(hit.id, hit.title) for hit in results.hits)


def _lacking(some: Sequence[Found], others: Sequence[Found]) -> list[str]:
    held = {found.id for found in others}
    return [found.id for found in some if found.id not in held]
