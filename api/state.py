"""What the handlers of one process share."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from articles import health
from articles.library import Library
from kb.models import Reader
from kb.settings import Settings
from search import engine
from search.home import Home


class State:
    """An open home, its library, and who reads here."""

    def __init__(self, home: Home, library: Library) -> None:
        self.home, self.library = home, library
        self._reports: tuple[object, list[health.Report]] = (None, [])
        self._lock = threading.Lock()

    @property
    def settings(self) -> Settings:
        return self.home.settings

    def reader(self, locale: str | None = None) -> Reader:
        return Reader.of(self.settings.audience, locale)

    def warm_up(self) -> None:
        """Load the model and the analyser before the first question comes."""
        self.home.engine.rank(engine.Request("환불 refund", self.reader()))

    def reports(self) -> list[health.Report]:
        """Health of every article that is read here, examined again when something changed or a day began."""
        today = datetime.now(UTC).date()
        key = (today, self.home.index.view().change)
        with self._lock:
            if self._reports[0] != key:
                shelf = health.load_shelf(self.home.database, today, self.reader())
                self._reports = (key, health.examine(shelf))
            return self._reports[1]


def _state(request: Request) -> State:
    state: State = request.app.state.kb
    return state


Kb = Annotated[State, Depends(_state)]
