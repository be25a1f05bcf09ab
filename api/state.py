"""What the handlers of one process share."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from articles import health
from articles.library import Library
from kb.models import Actor, Reader
from kb.settings import Settings
from search import engine
from search.home import Home


class State:
    """An open home, its library, and who reads here."""

    def __init__(self, home: Home, library: Library) -> None:
        self.home, self.library = home, library
        self._examined: object = None
        self._reports: dict[object, list[health.Report]] = {}
        self._lock = threading.Lock()

    @property
    def settings(self) -> Settings:
        return self.home.settings

    def reader(self, actor: Actor, locale: str | None = None) -> Reader:
        """The rights of an actor, who reads a locale."""
        return replace(actor.reader, locale=locale)

    def pseudonym(self, person: str) -> str:
        """What is kept of who somebody is: a keyed hash; "" of nobody."""
        return self.home.pseudonyms.of(person) if person else ""

    def warm_up(self) -> None:
        """Load the model and the analyser before the first question comes."""
        self.home.engine.rank(engine.Request("환불 refund", Reader()))

    def reports(self, reader: Reader) -> list[health.Report]:
        """Health of every article that a reader sees, examined again when something changed or a day began."""
        today = datetime.now(UTC).date()
        now = (today, self.home.index.view().change)
        rights = (reader.audiences, reader.spaces)
        with self._lock:
            if self._examined != now:
                self._examined, self._reports = now, {}
            if rights not in self._reports:
                self._reports[rights] = health.examine(health.load_shelf(self.home.database, today, reader))
            return self._reports[rights]


def _state(request: Request) -> State:
    state: State = request.app.state.kb
    return state


Kb = Annotated[State, Depends(_state)]
