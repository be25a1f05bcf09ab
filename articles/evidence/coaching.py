"""What agents search for and fail at, which articles a team reuses, and who contributes: shown to help.

Nobody is ranked, and nobody is shown another's numbers: topics that one person alone searched for are theirs to see,
contributors are two names or more in the order of the alphabet, and a rate of fewer than five is not told. Agents are
known where searches carry their pseudonym; where they do not, they count for the team and for nobody.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from articles.metrics.base import Share, Slice
from articles.metrics.counting import FEEDBACK, by_agent, reactions
from articles.metrics.table import Cell, to_csv
from indexer.analyze import normalise
from kb.errors import Forbidden, InvalidInput
from kb.models import Actor, Reader
from kb.store import Connection, Database, evidence
from kb.store.evidence import Insertion, Words
from kb.store.people import canonical
from kb.store.tickets import Wanted

ENOUGH = 5  # of these, a rate says something of the work, and not of one person or of chance
ME = "me"
_WORKED = ("clicked", "inserted", "helped", "solved")
_WAYS = {"passage": "passages", "link": "links", "copy": "copies"}
_USER = "user:"
_SHARES = ("participation", "suggestions_per_ticket", "accepted")


@dataclass(frozen=True)
class Agent:
    """Somebody, as searches and as articles name them: a pseudonym, and an actor's name."""

    person: str
    author: str


@dataclass(frozen=True)
class Topic:
    """Searches for the same thing. `article_id` is the article that came first, "" where none was likely to answer."""

    name: str
    article_id: str
    title: str
    failed: Share
    agents: int


@dataclass(frozen=True)
class Reused:
    """An article that was sent to customers: how often, and how; by how many known agents, and in how many tickets."""

    id: str
    title: str
    passages: int
    links: int
    copies: int
    others: int
    agents: int
    tickets: int

    @property
    def uses(self) -> int:
        return self.passages + self.links + self.copies + self.others


@dataclass(frozen=True)
class Contributions:
    """Who suggests and writes. What can be told of a team only is None of one agent."""

    participation: Share | None
    contributors: Sequence[str]
    suggestions_per_ticket: Share | None
    suggestions: int
    accepted: Share
    versions: int


@dataclass(frozen=True)
class Coaching:
    """Of a period; `withheld` counts the topics that only one person searched for."""

    what: Slice
    topics: Sequence[Topic]
    withheld: int
    articles: Sequence[Reused]
    contributions: Contributions


def whose(actor: Actor, agent: str, pseudonym: Callable[[str], str]) -> Agent | None:
    """Whose numbers are asked for: `me`, an id that users sign in with, or "" for everybody's together.

    Raises:
        InvalidInput: it is nobody's; Forbidden: it is another's, and who asks is no administrator.
    """
    if not agent:
        return None
    if not canonical(agent):
        raise InvalidInput(f"agent: {agent!r} is nobody; say {ME!r}, or what a user signs in with")
    author = actor.name if agent == ME else f"{_USER}{canonical(agent)}"
    if author != actor.name and "admin" not in actor.scopes:
        raise Forbidden(f"agent: {actor.name} may see their own numbers, and the team's; not those of {agent[:40]!r}")
    return Agent(pseudonym(author.removeprefix(_USER)), author)


def coaching(database: Database, reader: Reader, what: Slice, agent: Agent | None = None) -> Coaching:
    """Of those who see no more than this reader does: an agent's, or everybody's together.

    Only the space and the period of `what` count. Somebody who is not known by a pseudonym has no searches.
    """
    with database.read() as connection:
        topics, withheld = _topics(connection, reader, what, agent)
        reused = _reused(connection, reader, what, agent)
        return Coaching(what, topics, withheld, reused, _contributions(connection, reader, what, agent))


# --- topics ----------------------------------------------------------------------------------------------------


def _topics(connection: Connection, reader: Reader, what: Slice, agent: Agent | None) -> tuple[Sequence[Topic], int]:
    known = evidence.titles(connection, reader)
    person = agent.person if agent else ""
    found = evidence.questions(connection, reader, what.since, what.until, space=what.space, person=person)
    asked = [question for question in found if by_agent(question.audiences)]
    done = {name: [kind for kind, _ in of] for name, of in reactions(connection, what.since, what.until).items()}
    failed = {question.id for question in asked if has_failed(question, done.get(question.id, ()))}
    groups = [group for group in grouped(asked, known).items() if any(q.id in failed for q in group[1])]
    shown = [(key, some) for key, some in groups if agent or len({q.person for q in some}) > 1 or not some[0].person]
    topics = [_topic(key, some, failed, known) for key, some in shown]
    return sorted(topics, key=lambda topic: (-topic.failed.count, topic.name)), len(groups) - len(shown)


def has_failed(question: Words, done: Sequence[str]) -> bool:
    """Whether nothing was found, nothing was done with it, or it did not help in the end."""
    said = [kind for kind in done if kind in FEEDBACK]
    return not question.hits or not set(_WORKED).intersection(done) or said[-1:] == ["not_helped"]


def grouped(asked: Iterable[Words], known: Mapping[str, str]) -> Mapping[tuple[str, ...], list[Words]]:
    """Questions by topic: (id,) of the article that came first, where it is known and may answer, else ("", *words)."""
    groups: dict[tuple[str, ...], list[Words]] = defaultdict(list)
    for question in asked:
        first = str(question.hits[0]["id"]) if question.hits and question.verdict != "none" else ""
        words = sorted(set(re.findall(r"\w+", normalise(question.query))))
        groups[(first,) if first in known else ("", *words)].append(question)
    return groups


def _topic(key: tuple[str, ...], asked: Sequence[Words], failed: set[str], known: Mapping[str, str]) -> Topic:
    names = Counter(" ".join(question.query.split()) for question in asked)
    name = min(names, key=lambda text: (-names[text], text))
    share = Share(sum(question.id in failed for question in asked), len(asked))
    return Topic(name, key[0], known.get(key[0], ""), share, len({q.person for q in asked if q.person}))


# --- articles --------------------------------------------------------------------------------------------------


def _reused(connection: Connection, reader: Reader, what: Slice, agent: Agent | None) -> Sequence[Reused]:
    person = agent.person if agent else ""
    sent: dict[str, list[Insertion]] = defaultdict(list)
    for one in evidence.insertions(connection, reader, what.since, what.until, space=what.space, person=person):
        sent[one.article_id].append(one)
    tickets: Counter[str] = Counter() if agent else _linked(connection, reader, what)
    found = [_used(some, tickets[article_id]) for article_id, some in sent.items()]
    return sorted(found, key=lambda article: (-article.uses, article.id))


def _used(some: Sequence[Insertion], tickets: int) -> Reused:
    ways = Counter(_WAYS.get(str(one.data.get("as")), "others") for one in some)
    counts = {name: ways[name] for name in (*_WAYS.values(), "others")}
    agents = len({one.person for one in some if one.person})
    return Reused(some[0].article_id, some[0].title, **counts, agents=agents, tickets=tickets)


def _linked(connection: Connection, reader: Reader, what: Slice) -> Counter[str]:
    """How many of the tickets closed in a period are linked to each article."""
    closed = evidence.closed_tickets(connection, reader, what.since, what.until, Wanted())
    return Counter(article for ticket in closed for article in set(ticket.linked))


# --- contributions ---------------------------------------------------------------------------------------------


def _contributions(connection: Connection, reader: Reader, what: Slice, agent: Agent | None) -> Contributions:
    said = evidence.suggestions(connection, reader, what.since, what.until, what.space)
    wrote = evidence.writers(connection, reader, what.since, what.until, what.space)
    if agent:
        own = [state for author, state in said if author == agent.author]
        return Contributions(None, (), None, len(own), _accepted(own), wrote[agent.author])
    people = evidence.people(connection, reader, what.space)
    active = people.keys() & {*wrote, *(author for author, _ in said)}
    names = sorted((people[author] for author in active), key=str.casefold)
    closed = evidence.closed_tickets(connection, reader, what.since, what.until, Wanted(space=what.space))
    return Contributions(
        participation=Share(len(active), len(people)),
        contributors=names if len(names) > 1 else (),  # the numbers beside one name would be that person's
        suggestions_per_ticket=Share(len(said), sum(1 for _ in closed)),
        suggestions=len(said),
        accepted=_accepted([state for _, state in said]),
        versions=sum(wrote.values()),
    )


def _accepted(states: Sequence[str]) -> Share:
    return Share(states.count("accepted"), len(states) - states.count("open"))


# --- how it is shown -------------------------------------------------------------------------------------------


def share_json(share: Share | None) -> dict[str, Any] | None:
    """A share, without its rate where it is of too few."""
    return {**asdict(share), "rate": share.rate if share.of >= ENOUGH else None} if share else None


def coaching_json(found: Coaching, agent: str = "") -> dict[str, Any]:
    """The one shape that the command line prints and the API returns."""
    given = found.contributions
    return {
        "from": found.what.since,
        "until": found.what.until,
        "space": found.what.space,
        "agent": agent,
        "topics": [{**asdict(topic), "failed": share_json(topic.failed)} for topic in found.topics],
        "withheld": found.withheld,
        "articles": [asdict(article) for article in found.articles],
        "contributions": {
            **asdict(given),
            "contributors": list(given.contributors),
            **{name: share_json(getattr(given, name)) for name in _SHARES},
        },
    }


_HEADER = ("part", "name", "article_id", "measure", "count", "of", "rate", "agents")


def coaching_csv(found: Coaching) -> str:
    """A row for each topic, for each way in which an article was sent, and for each measure of contributions."""
    return to_csv(_HEADER, _rows(found))


def _rows(found: Coaching) -> Iterator[Sequence[Cell]]:
    for topic in found.topics:
        yield ("topic", topic.name, topic.article_id, "failed", *_cells(topic.failed), topic.agents)
    for article in found.articles:
        for way in (*_WAYS.values(), "others", "tickets"):
            yield ("article", article.title, article.id, way, getattr(article, way), None, None, article.agents)
    given = found.contributions
    for name in _SHARES:
        if share := getattr(given, name):
            yield ("contributions", None, None, name, *_cells(share), None)
    for name in ("suggestions", "versions"):
        yield ("contributions", None, None, name, getattr(given, name), None, None, None)


def _cells(share: Share) -> tuple[Cell, ...]:
    return share.count, share.of, share.rate if share.of >= ENOUGH else None
