"""Ending a digest from within a mail, at an address that only the mails to its user name (RFC 8058).

Looking at the address asks; only a POST to it ends anything, so that whatever follows the links of a mail ends nothing.
"""

from __future__ import annotations

import hmac

from articles.digests.catalogue import catalogue
from articles.digests.compose import template
from kb.errors import NotFound
from kb.models import Actor
from kb.pseudonym import Pseudonyms
from kb.settings import Settings
from kb.store import Connection
from kb.store import digests as store
from kb.store.digests import Subscription

PATH = "/digest/stop"


def address(settings: Settings, user_id: str) -> str:
    """Where one POST ends a user's digest; "" without a `public_url` of https, which mail programs ask for."""
    if not settings.public_url.startswith("https://"):
        return ""
    return f"{settings.public_url}{PATH}/{_token(Pseudonyms(settings.home), user_id)}"


def find(connection: Connection, pseudonyms: Pseudonyms, token: str) -> Subscription:
    """Whose digest an address ends.

    Raises:
        NotFound: nobody's.
    """
    for held in store.listed(connection):
        if hmac.compare_digest(_token(pseudonyms, held.user_id).encode(), token.encode()):
            return held
    raise NotFound("no digest ends here: the address is not whole, or the subscription is gone")


def stop(connection: Connection, actor: Actor, held: Subscription) -> None:
    """Tell a user no more; how they wanted it is kept."""
    if held.rhythm != "off":
        store.stop(connection, actor, held.user_id)


def page(held: Subscription, *, stopped: bool) -> str:
    """What somebody sees at the address: the question, or that it is done."""
    words = catalogue(held.language)
    said = words.say("stopped" if stopped else "stop_question", address=held.address)
    values = {"language": held.language, "said": said, "button": "" if stopped else words.say("stop_now")}
    return template("stop.html").render(values)


def _token(pseudonyms: Pseudonyms, user_id: str) -> str:
    return pseudonyms.of(f"digest\n{user_id}")
