"""What readers ask and no article answers, as things that people work on: gaps as a reader sees them.

`questions` gathers what was asked, `cluster`, `names`, `stable`, `verdict` and `coverage` think about it, `compute`
keeps what they found, `proof` says whether a gap is closed, `life` is what people do with gaps, and `drafting` begins
an article. Everything that is said of a gap here is worked out of the questions that its reader may see.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from indexer.language import base
from kb.errors import NotFound
from kb.models import Reader
from kb.store import Connection, articles, redirects
from kb.store import gaps as store
from kb.store.gaps import Member, State, StoredGap

SAMPLES = 5
NAME, SAMPLE = 80, 300  # characters
WEEKS = 12  # that are counted one by one
_WEEK = timedelta(days=7)
_WITHOUT_ARTICLE = frozenset({"missing", "outside"})


@dataclass(frozen=True)
class Gap:
    """Questions that ask the same and are not answered, and what became of them.

    `trend` is the number of the last seven days less that of the seven before; `weeks` counts the last twelve, the
    present one last. `nearest` is the article that comes closest, with its confidence. `why`, `data` and `proposal` say
    how the verdict was reached; they are None, and the verdict no more than `missing`, where they would tell of
    questions or articles that are not for this reader. Times are in the store's form, "" for none.
    """

    id: str
    name: str
    state: State
    verdict: str
    questions: int
    samples: tuple[str, ...]
    trend: int
    nearest: tuple[str, float] | None
    revision: int
    assignee: str
    reason: str
    ignored_until: str
    merged_into: str
    draft: str
    why: str | None
    data: Mapping[str, Any] | None
    proposal: Mapping[str, Any] | None
    proof: Mapping[str, Any] | None
    languages: Mapping[str, int]
    channels: Mapping[str, int]
    signals: Mapping[str, int]
    spaces: Mapping[str, int]
    weeks: tuple[int, ...]
    first_at: str
    last_at: str
    opened_at: str
    closed_at: str

    @property
    def stands(self) -> bool:
        """Whether somebody has still to do something."""
        return self.state in store.STANDING


@dataclass(frozen=True)
class Wanted:
    """Which gaps are meant; "" is any. Of states, those in which something is to be done."""

    state: str = ""
    verdict: str = ""
    space: str = ""
    locale: str = ""
    assignee: str = ""

    def has(self, gap: Gap) -> bool:
        return (
            (gap.state == self.state if self.state else gap.stands)
            and self.verdict in ("", gap.verdict)
            and (not self.space or self.space in gap.spaces)
            and (not self.locale or base(self.locale) in gap.languages)
            and self.assignee in ("", gap.assignee)
        )


def listed(connection: Connection, reader: Reader, now: datetime, wanted: Wanted | None = None) -> list[Gap]:
    """Gaps of which the reader sees a question, the most asked first."""
    wanted = wanted or Wanted()
    grouped: defaultdict[str, list[Member]] = defaultdict(list)
    for member in store.members(connection, reader):
        grouped[member.gap_id].append(member)
    look = _Look(connection, reader, now)
    seen = [look.gap(gap, grouped[gap.id]) for gap in store.every(connection) if gap.id in grouped]
    return sorted(filter(wanted.has, seen), key=lambda gap: (-gap.questions, gap.id))


def one(connection: Connection, gap_id: str, reader: Reader, now: datetime) -> tuple[Gap, list[Member]]:
    """A gap with its questions, those that stand for it first.

    Raises:
        NotFound: there is none of which the reader sees a question. One that was merged is the one that it became.
    """
    held, members = found(connection, gap_id, reader)
    if held.state == "merged":
        held, members = found(connection, held.merged_into, reader)
    first = sorted(members, key=lambda member: (member.place == 0, member.place))
    return _Look(connection, reader, now).gap(held, members), first


def found(connection: Connection, gap_id: str, reader: Reader) -> tuple[StoredGap, list[Member]]:
    """A gap as it is kept, with the questions of it that the reader sees.

    Raises:
        NotFound: there is none of which the reader sees a question; of a merged one, of what it became.
    """
    held = store.get(connection, gap_id)
    into = held.merged_into if held and held.state == "merged" else gap_id
    members = store.members(connection, reader, into)
    if held is None or not members:
        raise NotFound(f"no gap {gap_id!r}")
    return held, members


class _Look:
    """One reader's look at the store, at one moment."""

    def __init__(self, connection: Connection, reader: Reader, now: datetime) -> None:
        self.connection, self.reader, self.now = connection, reader, now
        self._sizes = store.sizes(connection)
        rows = articles.published_rows(connection).values()
        self._readable = {row.id for row in rows if reader.may_read(row.audience, row.space)}
        self._moved: dict[str, str] = {}

    def gap(self, held: StoredGap, members: Sequence[Member]) -> Gap:
        """What this reader sees of a gap. `members` are its questions that they see, oldest first."""
        ages = [self.now - datetime.fromisoformat(member.at).astimezone(UTC) for member in members]
        weeks = Counter(age // _WEEK for age in ages)
        explained = self._explained(held, members)
        return Gap(
            id=held.id,
            name=self._name(held, members),
            state=held.state,
            verdict=self._verdict(held),
            questions=len(members),
            samples=_samples(members),
            trend=weeks[0] - weeks[1],
            nearest=self._nearest(held),
            revision=held.revision,
            assignee=held.assignee,
            reason=held.reason.to(self.reader),
            ignored_until=held.ignored_until,
            merged_into=held.merged_into,
            draft=self._draft(held),
            why=explained.get("why"),
            data=explained.get("data"),
            proposal=explained.get("proposal"),
            proof=self._proof(held, members),
            languages=_counts(base(member.language) for member in members),
            channels=_counts(member.channel for member in members),
            signals=_counts(signal for member in members for signal in member.signals),
            spaces=_counts(member.space for member in members),
            weeks=tuple(weeks[ago] for ago in reversed(range(WEEKS))),
            first_at=members[0].at,
            last_at=members[-1].at,
            opened_at=held.opened_at,
            closed_at=held.closed_at,
        )

    def _name(self, held: StoredGap, members: Sequence[Member]) -> str:
        """As somebody called it, else in the words of a question that the reader sees."""
        own = next((member.name for member in members if member.name), "")
        often = Counter(member.text for member in members).most_common(1)[0][0]
        return held.given_name.to(self.reader) or own or in_short(often, NAME)

    def _verdict(self, held: StoredGap) -> str:
        """The verdict; that there is an article, only those hear who may read it."""
        hidden = held.verdict not in _WITHOUT_ARTICLE and held.nearest_id and not self._nearest(held)
        return "missing" if hidden else held.verdict

    def _nearest(self, held: StoredGap) -> tuple[str, float] | None:
        name = self._now(held.nearest_id)
        return (name, held.nearest_confidence) if name in self._readable else None

    def _draft(self, held: StoredGap) -> str:
        """The article that was begun for it, where the reader may read that."""
        record = articles.record(self.connection, self._now(held.draft_id)) if held.draft_id else None
        return record.id if record and self.reader.may_read(record.audience, record.space) else ""

    def _explained(self, held: StoredGap, members: Sequence[Member]) -> Mapping[str, Any]:
        """What was made of several questions, where the reader sees all of the gap and the articles that it names."""
        explained = next((member.explained for member in members if member.explained), {})
        made_of, named = set(explained.get("questions", ())), map(self._now, explained.get("articles", ()))
        whole = len(members) == self._sizes[held.id] and made_of <= {member.id for member in members}
        return explained if whole and set(named) <= self._readable else {}

    def _proof(self, held: StoredGap, members: Sequence[Member]) -> Mapping[str, Any] | None:
        """Why it is closed: the article and what the reader's questions found before and after."""
        if not held.proof or self._now(held.proof["article"]) not in self._readable:
            return None
        texts = {member.id: member.text for member in members}
        shown = [
            {**row, "text": texts[row["id"]], "before": self._seen(row["before"]), "after": self._seen(row["after"])}
            for row in held.proof["questions"]
            if row["id"] in texts
        ]
        return {**held.proof, "article": self._now(held.proof["article"]), "questions": shown}

    def _seen(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """What a question found, the article only where the reader may read it."""
        name = self._now(row["article"])
        return {**row, "article": name if name in self._readable else ""}

    def _now(self, article_id: str) -> str:
        """The id that an article has by now."""
        if article_id and article_id not in self._moved:
            self._moved[article_id] = redirects.resolve(self.connection, article_id) or article_id
        return self._moved.get(article_id, "")


def _samples(members: Sequence[Member]) -> tuple[str, ...]:
    """Questions that stand for the gap, then those that were asked most often, each once."""
    first = [member.text for member in sorted(members, key=lambda m: m.place) if member.place]
    often = [text for text, _ in Counter(member.text for member in members).most_common(SAMPLES)]
    return tuple(dict.fromkeys(in_short(text, SAMPLE) for text in [*first, *often]))[:SAMPLES]


def in_short(text: str, size: int) -> str:
    """The beginning of a text, on one line."""
    found = " ".join(text.split())
    return found if len(found) <= size else f"{found[: size - 1].rstrip()}…"


def _counts(names: Any) -> dict[str, int]:
    return dict(sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0])))
