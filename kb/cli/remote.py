"""The server that a command asks: one that is named, else the one that runs over the same home.

That one has the model in memory already, and knows whoever may read the home's files as its operator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar
from urllib.parse import urlsplit

import httpx

from kb import local
from kb.client import Call, Client, calls
from kb.errors import InvalidInput, KbError
from kb.settings import Settings
from kb.wire.articles import BulkIn, BulkOut

T = TypeVar("T")


class _Named(Client):
    """A client of a server that the settings name; where it does not answer, the error names the setting."""

    def send(self, call: Call[T]) -> T:
        try:
            return super().send(call)
        except KbError as error:
            if isinstance(error.__cause__, httpx.TransportError):
                raise self._silent() from error
            raise

    def bulk(self, articles: Iterable[BulkIn]) -> Iterator[BulkOut]:
        try:
            yield from super().bulk(articles)
        except KbError as error:
            if isinstance(error.__cause__, httpx.TransportError):
                raise self._silent() from error
            raise

    def _silent(self) -> KbError:
        return KbError(f"server: {self.url!r} does not answer: does one run there, and is the address right?")


def server(settings: Settings) -> Client | None:
    """A client of the server to ask; None to answer in this process.

    Raises:
        InvalidInput: the one that is named is no address.
    """
    if settings.server:
        _check_address(settings.server)
        key = settings.server_key.get_secret_value() if settings.server_key else ""
        return _Named(settings.server, key)
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


def _check_address(text: str) -> None:
    try:
        parts = urlsplit(text)
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # no port, or no IPv6 address
        right = False
    if not right:
        raise InvalidInput(f"server: {text[:80]!r} is no address such as https://help.example")
