"""A ticket as the beginning of an article: what the customer asked and the agent answered, for an author to finish.

A ticket is masked when it comes in, and is untrusted still: its words are escaped, so that none of them is a heading,
markup or front matter of the draft. `articles.gaps.drafting` begins articles with the words of many, in the same way.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
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
    asked, answered = said(ticket, "customer"), said(ticket, "agent")
    locale = locale_in(space, ticket.locale or detect("\n".join([ticket.subject, *asked]), "en"))
    words = _WORDS["ko" if base(locale) == "ko" else "en"]
    front: dict[str, Any] = {
        "title": short_title(ticket.subject.strip() or first_line(asked)) or f"{words['title']} {ticket.id}",
        "locale": locale,
        "product": ticket.product if allowed(ticket.product, space.products) else "",
        "space": ticket.space,
        "tags": [TAG] if allowed(TAG, space.labels) else [],
    }
    answer = "\n\n".join(plain(text, steps=True) for text in answered) or f"*{words['nothing']}*"
    sections = [f"## {words['question']}", *map(quoted, asked), f"## {words['answer']}", answer]
    return document(front, sections)


def said(ticket: StoredTicket, author: Literal["customer", "agent"]) -> list[str]:
    """Messages without their greetings, signatures and quoted replies."""
    found = (body(message["text"]) for message in ticket.messages if message["author"] == author)
    return [text for text in found if text.strip()]


def first_line(texts: Sequence[str]) -> str:
    return texts[0].strip().splitlines()[0] if texts else ""


# --- what every draft is made of -------------------------------------------------------------------------------


def document(front: Mapping[str, Any], sections: Sequence[str]) -> str:
    """A draft for agents, with these sections; what its front matter has no value for is left out."""
    own = {key: value for key, value in {**front, "audience": "internal", "state": "draft"}.items() if value}
    head = yaml.safe_dump(own, allow_unicode=True, sort_keys=False, width=1000)
    return f"---\n{head}---\n\n" + "\n\n".join(sections) + "\n"


def short_title(text: str) -> str:
    """A text on one line, as long as a title may be."""
    found = " ".join(text.split())
    return found if len(found) <= _TITLE else found[:_TITLE].rsplit(" ", 1)[0] + " …"


def locale_in(space: Space, said: str) -> str:
    """A locale that the space has: as said, else in the same language, else the default."""
    own = {locale.lower(): locale for locale in space.locales}
    near = next((locale for locale in space.locales if base(locale) == base(said)), "")
    return own.get(said.lower()) or near or next(iter(space.locales), said)


def allowed(value: str, names: Sequence[str]) -> bool:
    """Whether a space that has these names, or allows all, allows one."""
    return not names or value.lower() in {name.lower() for name in names}


def quoted(text: str) -> str:
    """Text as a quotation in Markdown that says just what it says."""
    return "\n".join(f"> {line}".rstrip() for line in _lines(text))


def plain(text: str, *, steps: bool = False) -> str:
    """Text as Markdown that says just what it says. With `steps`, the lines of a list stay so."""
    return "\n".join(_lines(text, steps=steps))


def _lines(text: str, *, steps: bool = False) -> Iterator[str]:
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
