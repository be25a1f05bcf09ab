"""What the handlers of one process share."""

from __future__ import annotations

import gc
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request

from articles.health import staleness
from articles.health.run import Examiner
from articles.library import Library
from kb.models import Actor, Reader
from kb.settings import Settings
from kb.store import looks
from search import engine
from search.home import Home

_SOON = timedelta(seconds=10)


class State:
    """An open home, its library, and who reads here."""

    def __init__(self, home: Home, library: Library) -> None:
        self.home, self.library = home, library
        self.examiner = Examiner(home)
        self._seen: tuple[object, object] = None, None
        self._looked = datetime.min.replace(tzinfo=UTC)
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

    def look(self) -> None:
        """Bring the flags up to date: at once with what the team decides, soon with what readers do."""
        now = datetime.now(UTC)
        model = staleness.named(self.home.path)
        with self.home.database.read() as connection:
            seen = (now.date(), model, looks.decided(connection)), looks.read(connection)
        with self._lock:
            if self._seen[0] != seen[0] or (self._seen[1] != seen[1] and now - self._looked > _SOON):
                self.examiner.look(now)
                if now.date() != self._looked.date() and gc.get_freeze_count():  # as when this process began
                    gc.collect()
                    gc.freeze()  # what is known of every text stays for the day, and need not be looked through again
                self._seen, self._looked = seen, now


def _state(request: Request) -> State:
    state: State = request.app.state.kb
    return state


Kb = Annotated[State, Depends(_state)]
