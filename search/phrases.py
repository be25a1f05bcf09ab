"""What completion offers: titles, headings and past questions, kept up with the index.

The phrases are gathered from the store and prepared aside, in a thread, while the last ones serve; what has changed or
gone since is held back by asking the live index for each phrase. A past question is offered once three searches asked
it and were answered; agents' questions are offered to agents only, and none to whoever is kept to some spaces, since
they were asked of others, too.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.analyze import normalise
from kb.models import Reader
from kb.refresh import Refreshed
from kb.store import Database, chunks, searches
from search.complete import Completions, Phrase
from search.live import Filters, LiveIndex, View

TITLE, HEADING = 3.0, 2.0  # weights; a past question weighs 1 and more, and less than a heading
OFTEN = 3  # times that a question was answered before it is offered: what is asked once may be personal


@dataclass(frozen=True)
class _Built:
    """Phrases of one moment of the index, with the versions of the articles that they are from."""

    completions: Completions
    versions: dict[str, int]


class Phrases:
    """Completion over a live index. Safe to share between threads."""

    def __init__(self, database: Database, index: LiveIndex) -> None:
        self.database, self.index = database, index
        self._built = Refreshed("phrases", self._build)

    def complete(self, text: str, reader: Reader, filters: Filters, limit: int = 8) -> list[Phrase]:
        """At most `limit` phrases that this reader may see, the best first."""
        view = self.index.view()
        built = self._built.get(view.change)

        def visible(phrase: Phrase) -> bool:
            if phrase.kind == "query":
                return reader.spaces is None and reader.sees_all_of(phrase.audience.split(","))
            row = view.by_id.get(phrase.article)
            if row is None or row.version != built.versions[phrase.article]:
                return False
            return reader.may_read(row.audience, row.space) and filters.accepts(row)

        return built.completions.complete(text, visible, limit)

    def _build(self) -> _Built:
        view = self.index.view()
        return _Built(Completions(self._gather(view)), {key: row.version for key, row in view.by_id.items()})

    def _gather(self, view: View) -> Iterator[Phrase]:
        for row in view.by_id.values():
            yield Phrase(row.title, "title", row.id, row.audience, row.locale, TITLE)
        with self.database.read() as connection:
            headings = list(chunks.headings(connection))
            past = list(searches.answered(connection))
        for article, heading in dict.fromkeys(headings):
            if article in view.by_id:
                row = view.by_id[article]
                yield Phrase(heading, "heading", article, row.audience, row.locale, HEADING)
        yield from _questions(past)


def _questions(past: list[tuple[str, tuple[str, ...], str]]) -> Iterator[Phrase]:
    """Past questions by their text and the audiences of those who asked."""
    counted = Counter((" ".join(normalise(text).split()), audiences, language) for text, audiences, language in past)
    for (text, audiences, language), times in counted.items():
        if times >= OFTEN and "[" not in text:  # a mask stands where personal data was
            yield Phrase(text, "query", "", ",".join(audiences), language, min(1 + math.log10(times) / 4, 1.9))
