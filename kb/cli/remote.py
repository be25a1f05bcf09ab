"""The server that a command asks: one that is named, else the one that runs over the same home.

That one has the model in memory already, and knows whoever may read the home's files as its operator.
"""

from __future__ import annotations

from kb import local
from kb.client import Client, calls
from kb.errors import KbError
from kb.settings import Settings


def server(settings: Settings) -> Client | None:
    """A client of the server to ask; None to answer in this process."""
    if settings.server:
        key = settings.server_key.get_secret_value() if settings.server_key else ""
        return Client(settings.server, key)
    found = local.find(settings.home)
    if found is None:
        return None
    client = Client(found.url, found.token, headers={"X-Kb-Audience": settings.audience})
    try:
        ready = client.send(calls.ready())
    except KbError:  # it ended without a word: answer in this process
        return None
    same = ready.home == str(settings.home.resolve()) and ready.model == settings.model
    return client if same else None
