"""A ticket as the beginning of an article: what the customer asked and the agent answered, for an author to finish.

A ticket is masked when it comes in, and is untrusted still: its words are escaped, so that none of them is a heading,
markup or front matter of the draft.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import yaml

from articles.library import Draft, Library, Outcome
from indexer.language import base, detect
from kb.errors import Conflict, NotFound, Stale
from kb.models import Actor
from kb.store import articles, redirects, spaces, tickets
from kb.store.spaces import Space
from kb.store.tickets import StoredTicket
from search.ticket import body

TAG = "from-ticket"
_TITLE = 120  # characters of a title that is made of a message
_WORDS = {
    "en": {"question": "Question", "answer": "Answer", "nothing": "The ticket has no answer.", "title": "Ticket"},
    "ko": {"question": "질문", "answer": "답변", "nothing": "티켓에 답변이 없습니다.", "title": "티켓"},
}
_MARKUP = re.compile(r"[\\`*_\[\]<>&|~{}$]")
_ADDRESS = re.compile(r"(https?://[\w./?=&%#:,+@-]+)")
_BEGINNING = re.compile(r"(\d{1,9})?([#+\-=:.)])")  # of a line that would be a heading, a list or a rule
_STEP = re.compile(r"(\d{1,9}[.)]|[-*+])\s+(?=\S)")


def from_ticket(library: Library, ticket_id: str, actor: Actor) -> Outcome:
    """Save the draft of an article made of a ticket. It is for agents, and never live by itself.

    Raises:
        NotFound: there is no ticket that the actor sees.
        Conflict: it has a draft already.
    """
    with library.database.read() as connection:
        ticket = tickets.get(connection, ticket_id, actor.reader)
        if ticket is None:
            raise NotFound(f"no ticket {ticket_id!r}")
        name = draft_id(ticket.id)
        taken = Conflict(f"ticket {ticket.id!r} has a draft already: {name!r}")
        if articles.record(connection, name) or redirects.resolve(connection, name):
            raise taken
        space = spaces.get(connection, ticket.space) or Space(ticket.space, "")
    try:
        return library.save(Draft.of(name, markdown(ticket, space), 0, note=f"from ticket {ticket.id}"), actor)
    except Stale as error:  # somebody was quicker
        raise taken from error


def draft_id(ticket_id: str) -> str:
    """The id of a ticket's draft: its own where that is fit for an address, else with a hash that tells it apart."""
    name = re.sub(r"[^\w.-]+", "-", ticket_id).strip("-.")
    if name != ticket_id:
        name = f"{name}-{hashlib.sha256(ticket_id.encode()).hexdigest()[:8]}".lstrip("-")
    return f"drafts/ticket-{name}"


def markdown(ticket: StoredTicket, space: Space) -> str:
    """The draft, in the ticket's language. It says only what its space allows."""
    asked, answered = _said(ticket, "customer"), _said(ticket, "agent")
    locale = _locale(ticket.locale or detect("\n".join([ticket.subject, *asked]), "en"), space)
    words = _WORDS["ko" if base(locale) == "ko" else "en"]
    front: dict[str, Any] = {
        "title": _title(ticket, asked) or f"{words['title']} {ticket.id}",
        "locale": locale,
        "product": ticket.product if _allowed(ticket.product, space.products) else "",
        "space": ticket.space,
        "audience": "internal",
        "state": "draft",
        "tags": [TAG] if _allowed(TAG, space.labels) else [],
    }
    head = yaml.safe_dump({k: v for k, v in front.items() if v}, allow_unicode=True, sort_keys=False, width=1000)
    quoted = "\n\n".join("\n".join(f"> {line}".rstrip() for line in _lines(text)) for text in asked)
    answer = "\n\n".join("\n".join(_lines(text, steps=True)) for text in answered) or f"*{words['nothing']}*"
    sections = [f"## {words['question']}", *([quoted] if quoted else []), f"## {words['answer']}", answer]
    return f"---\n{head}---\n\n" + "\n\n".join(sections) + "\n"


def _said(ticket: StoredTicket, author: Literal["customer", "agent"]) -> list[str]:
    """Messages without their greetings, signatures and quoted replies."""
    found = (body(message["text"]) for message in ticket.messages if message["author"] == author)
    return [text for text in found if text.strip()]


def _title(ticket: StoredTicket, asked: Sequence[str]) -> str:
    """The subject, else the customer's first line, on one line."""
    found = " ".join((ticket.subject.strip() or (asked[0].strip().splitlines()[0] if asked else "")).split())
    return found if len(found) <= _TITLE else found[:_TITLE].rsplit(" ", 1)[0] + " …"


def _locale(said: str, space: Space) -> str:
    """A locale that the space has: as said, else in the same language, else the default."""
    allowed = {locale.lower(): locale for locale in space.locales}
    near = next((locale for locale in space.locales if base(locale) == base(said)), "")
    return allowed.get(said.lower()) or near or next(iter(space.locales), said)


def _allowed(value: str, names: Sequence[str]) -> bool:
    return not names or value.lower() in {name.lower() for name in names}


def _lines(text: str, *, steps: bool = False) -> Iterator[str]:
    """Lines as Markdown that says just what they say. With `steps`, those of a list stay so."""
    for line in text.splitlines():
        words = " ".join(line.split())
        step = _STEP.match(words) if steps else None
        yield f"{step.group(1)} {_escaped(words[step.end() :])}" if step else _escaped(words)


def _escaped(words: str) -> str:
    """Text that Markdown reads as text. Addresses stay as they are, to be links."""
    parts = _ADDRESS.split(words)
    parts[::2] = [_MARKUP.sub(r"\\\g<0>", part) for part in parts[::2]]
    found = "".join(parts)
    return _BEGINNING.sub(r"\1\\\2", found, count=1) if _BEGINNING.match(found) else found
