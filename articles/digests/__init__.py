"""Telling owners what needs them: by mail or webhook, in the rhythm that they choose, each thing once.

`items` gathers what stands, `choose` picks what is news, `rhythm` says when, `compose` writes it in the reader's
language, `mail` and `webhook` carry it, `send` does all of that for everybody, `subscribing` is how they want it, and
`stopping` how a mail ends it.
What is kept of it is in `kb.store.digests`.
"""

from __future__ import annotations

from articles.digests.items import SOURCES, Gathered, Item, Source
from articles.digests.send import SECONDS, Preview, preview, send_due, tell, untold
from articles.digests.subscribing import DAYS, Standing, Wanted, snooze, standing, subscribe

__all__ = [
    "DAYS",
    "SECONDS",
    "SOURCES",
    "Gathered",
    "Item",
    "Preview",
    "Source",
    "Standing",
    "Wanted",
    "preview",
    "send_due",
    "snooze",
    "standing",
    "subscribe",
    "tell",
    "untold",
]
