"""A gap as the beginning of an article: what was asked, and what agents answered in the tickets that were solved.

The draft is for agents, in one space, and says only what its author and that space may hear: questions that were asked
there or everywhere, and tickets of that space. All of it is untrusted, and escaped as `articles.drafts` does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from articles import drafts
from articles.gaps import Gap, one
from articles.gaps.life import changing
from articles.library import Draft, Library, Outcome
from indexer.language import base
from kb.errors import Conflict, Stale
from kb.models import MAIN, Actor, Reader
from kb.store import Connection, articles, audit, redirects, spaces, tickets
from kb.store import gaps as store
from kb.store.gaps import Member
from kb.store.spaces import Space
from kb.store.tickets import StoredTicket

TAG = "from-gap"
_QUESTIONS, _SOURCES = 20, 8  # that a draft has at most
_SOLVED = ("solved", "closed")
_WORDS = {
    "en": {
        "questions": "What readers ask",
        "answer": "Answer",
        "sources": "Sources",
        "ticket": "Ticket",
        "nothing": "No ticket about this was solved yet.",
    },
    "ko": {
        "questions": "독자가 묻는 것",
        "answer": "답변",
        "sources": "출처",
        "ticket": "티켓",
        "nothing": "이에 관해 해결된 티켓이 아직 없습니다.",
    },
}


@dataclass(frozen=True)
class _Solved:
    """A ticket that was solved, and what its agent answered."""

    ticket: StoredTicket
    answers: Sequence[str]


def draft(library: Library, gap_id: str, actor: Actor, now: datetime) -> Outcome:
    """Save the draft of an article for a gap, and say in the gap which it is. It is never live by itself.

    Raises:
        NotFound: there is no gap of which the actor sees a question.
        Conflict: it has a draft already, or is a part of another gap.
        Forbidden: the actor may not write for agents in that space.
    """
    name = f"drafts/gap-{gap_id}"
    with changing(library.database, gap_id, actor, None) as held:
        connection = held.connection
        for article in filter(None, (held.gap.draft_id, name)):
            if there := _now(connection, article):
                seen = actor.reader.may_read(there.audience, there.space)
                raise _taken(gap_id, there.id if seen else "")
        gap, members = one(connection, gap_id, actor.reader, now)
        space = _space(connection, members, actor.reader)
        own = [member for member in members if member.space in ("", space.id)]
        text = markdown(gap, own, _solved(connection, own, actor.reader), space)
    try:
        outcome = library.save(Draft.of(name, text, 0, note=f"from gap {gap_id}"), actor)
    except Stale as error:  # somebody was quicker
        raise _taken(gap_id, name) from error
    with changing(library.database, gap_id, actor, None) as held:
        store.save(held.connection, [replace(held.gap, draft_id=outcome.id, revision=held.gap.revision + 1)])
        store.pin(held.connection, gap_id)
        audit.record(held.connection, actor, "gap.draft", [f"gap:{gap_id}"], article=outcome.id)
    return outcome


def _taken(gap_id: str, draft_id: str) -> Conflict:
    return Conflict(f"gap {gap_id!r} has a draft already" + (f": {draft_id!r}" if draft_id else ""))


def _now(connection: Connection, article_id: str) -> articles.Record | None:
    return articles.record(connection, redirects.resolve(connection, article_id) or article_id)


def _space(connection: Connection, members: Iterable[Member], reader: Reader) -> Space:
    """Where most was asked of one space; else the main one, or one that the author sees."""
    counted = Counter(member.space for member in members if member.space).most_common(1)
    known = sorted(reader.spaces or ())
    name = counted[0][0] if counted else MAIN if reader.spaces is None or MAIN in known else known[0]
    return spaces.get(connection, name) or Space(name, "")


def _solved(connection: Connection, members: Iterable[Member], reader: Reader) -> list[_Solved]:
    """Solved tickets among a gap's questions that an agent answered, those that stand for the gap first."""
    names = filter(None, (store.ticket_of(member.id) for member in members))
    held = filter(None, (tickets.get(connection, name, reader) for name in names))
    answered = (_Solved(ticket, drafts.said(ticket, "agent")) for ticket in held if ticket.state in _SOLVED)
    return [item for item in answered if item.answers]


def markdown(gap: Gap, members: Sequence[Member], solved: Sequence[_Solved], space: Space) -> str:
    """The draft, in the language in which most asked. It says only what its space allows."""
    languages = Counter(member.language for member in members)
    locale = drafts.locale_in(space, languages.most_common(1)[0][0] if languages else "en")
    words = _WORDS["ko" if base(locale) == "ko" else "en"]
    products = Counter(item.ticket.product for item in solved if item.ticket.product).most_common(1)
    front = {
        "title": drafts.short_title(gap.name),
        "locale": locale,
        "product": products[0][0] if products and drafts.allowed(products[0][0], space.products) else "",
        "space": space.id,
        "tags": [TAG] if drafts.allowed(TAG, space.labels) else [],
    }
    answer = [drafts.plain(text, steps=True) for text in solved[0].answers] if solved else [f"*{words['nothing']}*"]
    sections = [f"## {words['questions']}", _asked(members), f"## {words['answer']}", *answer]
    if solved:
        sections.append(f"## {words['sources']}")
    for item in solved[:_SOURCES]:
        sections.append(f"### {words['ticket']} {drafts.plain(item.ticket.id)}")
        sections.append("\n>\n".join(drafts.quoted(text) for text in item.answers))
    return drafts.document(front, sections)


def _asked(members: Sequence[Member]) -> str:
    """The questions as a list, each once, those that stand for the gap first."""
    texts = dict.fromkeys(" ".join(member.text.split()) for member in members)
    return "\n".join(f"- {drafts.plain(text)}" for text in list(texts)[:_QUESTIONS])
