"""Ending a digest from within a mail, at an address that only the mails to its user name (RFC 8058).

Looking at the address asks; only a POST to it ends anything, so that whatever follows the links of a mail ends nothing.
It is good for mails to one address: once the digest goes elsewhere, the address of an old mail ends nothing.
"""

from __future__ import annotations

import hmac
from typing import Literal

from articles.digests.catalogue import catalogue
from articles.digests.compose import template
from kb.models import Actor
from kb.pseudonym import Pseudonyms
from kb.settings import Settings
from kb.store import Connection
from kb.store import digests as store
from kb.store.digests import Language, Subscription

PATH = "/digest/stop"

Words = Literal["stop_question", "stopped", "stops_nothing"]


def address(settings: Settings, held: Subscription) -> str:
    """Where one POST ends a digest by mail; "" without a `public_url` of https, which mail programs ask for."""
    if not settings.public_url.startswith("https://"):
        return ""
    return f"{settings.public_url}{PATH}/{_token(Pseudonyms(settings.home), held)}"


def find(connection: Connection, pseudonyms: Pseudonyms, token: str) -> Subscription | None:
    """The digest by mail that an address ends; None where it is not whole, or the digest is gone or goes elsewhere."""
    mailed = (held for held in store.listed(connection) if held.channel == "email")
    said = token.encode()
    return next((held for held in mailed if hmac.compare_digest(_token(pseudonyms, held).encode(), said)), None)


def stop(connection: Connection, actor: Actor, held: Subscription) -> None:
    """Tell a user no more; how they wanted it is kept."""
    if held.rhythm != "off":
        store.stop(connection, actor, held.user_id)


def page(language: Language, said: Words) -> str:
    """What somebody sees at the address: the question, that it is done, or that it ends nothing."""
    words = catalogue(language)
    button = words.say("stop_now") if said == "stop_question" else ""
    return template("stop.html").render({"language": language, "said": words.say(said), "button": button})


def _token(pseudonyms: Pseudonyms, held: Subscription) -> str:
    return pseudonyms.of(f"digest\n{held.user_id}\n{held.channel}\n{held.address}")
