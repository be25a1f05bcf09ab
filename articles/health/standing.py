"""Flags and estimates as the store has them, kept between looks: only what may be another by now is read again."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from kb.store import Connection, changes, looks
from kb.store import flags as store
from kb.store.flags import Estimate, FlagRow


class Standing:
    """What stands, by article. Not for several threads at once."""

    def __init__(self) -> None:
        self.flags: dict[str, list[FlagRow]] = {}
        self.estimates: dict[str, Estimate] = {}
        self._number: int | None = None
        self._change = 0
        self._unsure: set[str] = set()

    def read(self, connection: Connection) -> None:
        """Bring it up to date: all where another process looked, else what changed."""
        mine = self._number == looks.last(connection).number
        wanted = self._unsure | changes.since(connection, self._change) if mine else None
        if wanted is None:
            self.flags, self.estimates = {}, {}
        for name in wanted or ():
            self.flags.pop(name, None)
            self.estimates.pop(name, None)
        for row in store.stored_flags(connection, wanted):
            self.flags.setdefault(row.article_id, []).append(row)
        self.estimates |= store.all_estimates(connection, wanted)
        self._change = changes.latest(connection)

    def wrote(
        self, number: int, touched: Iterable[str], estimates: Collection[Estimate], dropped: Iterable[str]
    ) -> None:
        """Hear what the look of a number wrote: of which articles it touched flags, and what it thinks of others."""
        self._number, self._unsure = number, set(touched)
        self.estimates |= {found.article_id: found for found in estimates}
        for name in dropped:
            del self.estimates[name]
