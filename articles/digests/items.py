"""What there is to tell, and to whom: flags, gaps, suggestions, and texts that wait. Nothing here sends anything.

A source is a function of a reader, so that nobody is told of what they may not read.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import quote

from articles import gaps
from articles.health.words import unpack
from kb import rights
from kb.errors import NotFound
from kb.models import Reader
from kb.store import Connection, edits, flags, people
from kb.store import digests as store
from kb.store.digests import Subscription, Told
from kb.store.people import User

Kind = Literal["returned", "review", "edit", "flag", "gap"]
_PEOPLE: tuple[Kind, ...] = ("returned", "review", "edit")  # somebody waits, so they come first
_GRADES = {"low": 1, "medium": 2, "high": 3}
WORKSPACE = "/console"
_MOST = 100_000  # suggestions that are read


@dataclass(frozen=True)
class Item:
    """One thing that needs its owner, who is a user's id or nobody's.

    `key` tells it from all others for as long as it stands; `since` is when it began, in the store's form. `why` is
    what is known of it in words, `check` names the check of a flag. `path` leads to it on the server. Titles, reasons
    and quotes are anybody's words. `hurts` are readers in 90 days, of a gap those who asked. `article` or `gap` is the
    id of what it is about.
    """

    kind: Kind
    key: str
    owner: str
    title: str
    why: str = ""
    path: str = ""
    since: str = ""
    hurts: float = 0.0
    article: str = ""
    check: str = ""
    severity: str = ""
    line: int = 0
    quote: str = ""
    gap: str = ""

    @property
    def thing(self) -> str:
        """The key of what it is told as: all flags of an article are one thing, anything else is one by itself."""
        return _key("flags", self.article) if self.kind == "flag" else self.key

    def is_any(self, named: Collection[str]) -> bool:
        """Whether some names, of items, things and `article:ID`s, are its own."""
        return any(name in named for name in (self.key, self.thing, f"article:{self.article}"))

    @property
    def told(self) -> Told:
        """What is written down when it is told."""
        article = self.article if self.kind == "flag" else ""
        return Told(self.key, article, self.since, _GRADES.get(self.severity, 0), self.hurts)

    @property
    def place(self) -> tuple[int, float, str, str]:
        """Its place among others: who waits first, then the most damage."""
        first = _PEOPLE.index(self.kind) if self.kind in _PEOPLE else len(_PEOPLE)
        return first, -self.hurts, self.since, self.key


Source = Callable[[Connection, Reader, datetime], Iterable[Item]]
"""What stands at a time, as far as a reader may hear of it."""


def from_flags(connection: Connection, reader: Reader, _now: datetime) -> Iterator[Item]:
    """The flags that stand."""
    for found in flags.open_flags(connection, reader):
        flag = found.flag
        yield Item(
            "flag",
            _key("flag", str(flag.id)),
            found.owner,
            found.title,
            unpack(flag.said.get("message", flag.message)),
            _path(flag.article_id),
            flag.first_seen,
            flag.hurts,
            flag.article_id,
            flag.check,
            flag.severity,
            flag.line,
            flag.quote,
        )


def from_edits(connection: Connection, reader: Reader, _now: datetime) -> Iterator[Item]:
    """Suggestions that nobody has answered."""
    titles: dict[str, str] = {}
    for edit in edits.queue(connection, reader, limit=_MOST):
        if edit.article_id not in titles:
            titles[edit.article_id] = store.title_of(connection, edit.article_id, reader)
        said, path = edit.note, _path(edit.article_id)
        title, key = titles[edit.article_id], _key("edit", str(edit.id))
        yield Item("edit", key, edit.owner, title, said, path, edit.at, 0.0, edit.article_id, quote=edit.quote)


def from_texts(connection: Connection, reader: Reader, _now: datetime) -> Iterator[Item]:
    """Texts in review, for the owner unless they wrote it; and those that were sent back, for their authors."""
    for text in store.waiting_texts(connection, reader):
        author = text.author.removeprefix("user:") if text.author.startswith("user:") else ""
        returned = text.state == "draft"
        owner = author if returned else "" if author and author == people.canonical(text.owner) else text.owner
        key = _key("text", text.article_id, str(text.number), text.state)
        kind: Kind = "returned" if returned else "review"
        said, path = text.note, f"{WORKSPACE}?article={quote(text.article_id, safe='')}"
        yield Item(kind, key, owner, text.title, said, path, text.since, 0.0, text.article_id)


def from_gaps(connection: Connection, reader: Reader, now: datetime) -> Iterator[Item]:
    """Gaps that somebody took on; what they hurt is whoever asked."""
    for gap in gaps.listed(connection, reader, now):
        if gap.assignee:
            quote_ = gap.samples[0] if gap.samples else ""
            key, asked = _key("gap", gap.id), float(gap.questions)
            yield Item("gap", key, gap.assignee, gap.name, since=gap.opened_at, hurts=asked, quote=quote_, gap=gap.id)


SOURCES: tuple[Source, ...] = (from_flags, from_edits, from_texts, from_gaps)


def together(items: Iterable[Item]) -> list[list[Item]]:
    """Items by the thing that each is told as, in the order of their first."""
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.thing, []).append(item)
    return list(found.values())


def _key(*parts: str) -> str:
    return f"{parts[0]}-{hashlib.sha256(chr(10).join(parts[1:]).encode()).hexdigest()[:20]}"


def _path(article_id: str) -> str:
    return f"/articles/{quote(article_id)}"


class Gathered:
    """What stands at a time, read once for all who may read the same."""

    def __init__(self, sources: Sequence[Source], now: datetime) -> None:
        self.sources, self.now = sources, now
        self._found: dict[Reader, dict[str, list[Item]]] = {}

    def by_owner(self, connection: Connection, reader: Reader) -> dict[str, list[Item]]:
        """What a reader may hear of, by the id that an owner's name would be as a user's."""
        if reader not in self._found:
            found = self._found[reader] = defaultdict(list)
            for source in self.sources:
                for item in source(connection, reader, self.now):
                    found[people.canonical(item.owner)].append(item)
        return self._found[reader]


@dataclass(frozen=True)
class Circle:
    """Everybody who may be told: the users that are not disabled, and how they want it."""

    users: dict[str, User]
    subscriptions: dict[str, Subscription]

    @classmethod
    def of(cls, connection: Connection) -> Circle:
        users = {user.id: user for user in people.list_users(connection, limit=_MOST) if not user.disabled}
        return cls(users, {s.user_id: s for s in store.listed(connection) if s.user_id in users})

    def user(self, user_id: str) -> User:
        """
        Raises:
            NotFound: they may not sign in.
        """
        if user_id not in self.users:
            raise NotFound(f"user {user_id!r} is disabled")
        return self.users[user_id]

    def hears(self, owner: str) -> bool:
        """Whether the user of an id is told of what is theirs, sooner or later."""
        held = self.subscriptions.get(owner)
        return held is not None and held.tells

    def reader(self, user_id: str) -> Reader:
        """What a user may read."""
        user = self.user(user_id)
        return rights.reader(user.role, user.groups, user.spaces)

    def items(self, connection: Connection, subscription: Subscription, gathered: Gathered) -> list[Item]:
        """All that stands and is somebody's to hear, their own or what nobody else is told, in its order."""
        found = gathered.by_owner(connection, self.reader(subscription.user_id))
        others = (owner for owner in found if subscription.rest and not self.hears(owner))
        owners = dict.fromkeys((subscription.user_id, *others))
        return sorted((item for owner in owners for item in found.get(owner, ())), key=lambda item: item.place)
