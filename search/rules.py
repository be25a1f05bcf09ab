"""What people say about search: synonyms, curations and boosts, as they are at one version. Immutable.

Here they are read, checked and looked up. `search.admin` changes them, `search.curation` and `search.boosts` apply
them to a ranking, and `kb.store.search_settings` keeps them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import Any, Literal

from indexer.analyze import FIELDS, normalise
from indexer.language import base
from kb.errors import InvalidInput
from kb.store import Connection, search_settings
from kb.store.search_settings import SearchSettings
from search.boosts import Weights
from search.synonyms import Pair, Synonyms, pairs, plainly, says

MAX_RULES = 1_000  # of a kind
MAX_TERMS = 50  # on each side of a synonym
MAX_CHARACTERS = 200  # of a term, a query, a label
MAX_IDS = 100  # that a curation pins, or hides
MAX_LABELS = 200
LABEL, STANDING, FACTOR = 0.1, 0.1, 3.0  # the most that may be said

STANDINGS = tuple(item.name for item in fields(Weights) if item.name != "labels")

_END = " .?!。~,;:"


@dataclass(frozen=True)
class Synonym:
    """Terms that stand for each other, or, where there is `to`, for that. `locale` and `space` "" are all."""

    id: str
    terms: tuple[str, ...]
    to: tuple[str, ...] = ()
    locale: str = ""
    space: str = ""

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        return tuple(pairs(self.terms, self.to, self.locale))


@dataclass(frozen=True)
class Curation:
    """What some question finds: `pin` comes first, in its order, and `hide` is left out.

    `since` and `until` are ISO 8601 days, whole, or times, in UTC where they say no zone; "" is open.
    """

    id: str
    query: str
    match: Literal["exact", "contains"] = "exact"
    pin: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    locale: str = ""
    space: str = ""
    note: str = ""

    @cached_property
    def _plain(self) -> str:
        return question(self.query)

    @cached_property
    def _times(self) -> tuple[datetime | None, datetime | None]:
        return _moment(self.since, "from"), _moment(self.until, "until", end=True)

    def holds(self, texts: Iterable[str], language: str, space: str, now: datetime) -> bool:
        """Whether it is about one of some texts (`question`s), in a language, where a space is searched."""
        since, until = self._times
        if self.space not in ("", space) or (self.locale and base(self.locale) != base(language)):
            return False
        if (since and now < since) or (until and now >= until):
            return False
        return any(text == self._plain if self.match == "exact" else says(text, self._plain) for text in texts)


Rule = Synonym | Curation


@dataclass(frozen=True)
class Boosts:
    """What is said of what else than words counts; what is not said is as this release has it.

    `standing` are fields of `search.boosts.Weights`, `labels` what an article's label adds, and `fields` the factors of
    lexical fields' weights in fusion.
    """

    standing: Mapping[str, float] = field(default_factory=dict)
    labels: Mapping[str, float] = field(default_factory=dict)
    fields: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def weights(self) -> Weights:
        return Weights(**self.standing, labels={normalise(label): weight for label, weight in self.labels.items()})


@dataclass(frozen=True)
class Rules:
    """Everything that is said at one version."""

    version: int = 0
    synonyms: tuple[Synonym, ...] = ()
    curations: tuple[Curation, ...] = ()
    boosts: Boosts = field(default_factory=Boosts)

    @cached_property
    def _by_space(self) -> dict[str, Synonyms]:
        """The synonyms that hold where a space is searched by itself; "" where none of those that are named is."""
        spaces = {"", *(rule.space for rule in self.synonyms)}
        return {
            space: Synonyms(tuple(p for rule in self.synonyms if rule.space in ("", space) for p in rule.pairs))
            for space in spaces
        }

    def synonyms_in(self, space: str) -> Synonyms:
        return self._by_space.get(space) or self._by_space[""]

    def curations_of(self, texts: Iterable[str], language: str, space: str, now: datetime) -> list[Curation]:
        """Those that hold: exact ones first, then in their order."""
        plain = [question(text) for text in texts] if self.curations else []
        found = [rule for rule in self.curations if rule.holds(plain, language, space, now)]
        return sorted(found, key=lambda rule: rule.match != "exact")


class RuleBook:
    """The rules in effect, read once a version. Safe to share between threads and true in every process."""

    def __init__(self) -> None:
        self._held = Rules()

    def current(self, connection: Connection) -> Rules:
        held, version = self._held, search_settings.latest(connection)
        if held.version != version:
            self._held = held = rules_of(search_settings.get(connection, version) or SearchSettings())
        return held


def question(text: str) -> str:
    """A question as curations compare it: plain, without what it ends in."""
    return plainly(text).rstrip(_END)


# --- reading and checking ------------------------------------------------------------------------------------


def rules_of(stored: SearchSettings) -> Rules:
    """
    Raises:
        InvalidInput: something in it is not what it should be.
    """
    return Rules(
        stored.version,
        tuple(map(synonym, stored.synonyms)),
        tuple(map(curation, stored.curations)),
        boosts(stored.boosts),
    )


def proposed(held: Rules, said: Mapping[str, Any]) -> Rules:
    """Rules with what is said of `synonyms`, `curations` and `boosts` in the place of theirs; None leaves them.

    Raises:
        InvalidInput: something in it is not what it should be.
    """
    changed: dict[str, Any] = {}
    for key, read in (("synonyms", synonym), ("curations", curation)):
        if said.get(key) is not None:
            changed[key] = tuple(map(read, said[key]))
    if said.get("boosts") is not None:
        changed["boosts"] = boosts(said["boosts"])
    return replace(held, **changed)


def stored(rules: Rules) -> dict[str, Any]:
    """What `kb.store.search_settings` keeps of rules."""
    return {
        "synonyms": [rule_json(rule) for rule in rules.synonyms],
        "curations": [rule_json(rule) for rule in rules.curations],
        "boosts": {key: dict(value) for key, value in asdict(rules.boosts).items()},
    }


def rule_json(rule: Rule) -> dict[str, Any]:
    """A rule as JSON: what `synonym` and `curation` read."""
    found = {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(rule).items()}
    return {"from" if key == "since" else key: value for key, value in found.items()}


def synonym(value: Mapping[str, Any]) -> Synonym:
    """
    Raises:
        InvalidInput: nothing stands for anything else.
    """
    plain: dict[str, Any] = {key: tuple(item) if isinstance(item, list) else item for key, item in value.items()}
    rule = Synonym(**plain)
    for key, terms in (("terms", rule.terms), ("to", rule.to)):
        if len(terms) > MAX_TERMS or any(not plainly(term) or len(term) > MAX_CHARACTERS for term in terms):
            raise InvalidInput(f"{key}: {list(terms)!s:.80} is not up to {MAX_TERMS} words of {MAX_CHARACTERS}")
    if not (rule.pairs and all(pair.meant for pair in rule.pairs)):
        raise InvalidInput(f"terms: {list(rule.terms)!s:.80} needs two terms that differ, or one and `to`")
    return rule


def curation(value: Mapping[str, Any]) -> Curation:
    """
    Raises:
        InvalidInput: it is about no question, contradicts itself, or is never in effect.
    """
    named = {"since" if key == "from" else key: item for key, item in value.items()}
    plain: dict[str, Any] = {
        key: tuple(dict.fromkeys(item)) if isinstance(item, list) else item for key, item in named.items()
    }
    rule = Curation(**plain)
    if not re.search(r"\w", rule.query) or len(rule.query) > MAX_CHARACTERS:
        raise InvalidInput(f"query: {rule.query[:40]!r} is not a question of up to {MAX_CHARACTERS} characters")
    if max(len(rule.pin), len(rule.hide)) > MAX_IDS:
        raise InvalidInput(f"pin, hide: a curation names at most {MAX_IDS} articles in each")
    both = set(rule.pin) & set(rule.hide)
    if both:
        raise InvalidInput(f"hide: {min(both)!r} is pinned, too")
    since, until = rule._times
    if since and until and since >= until:
        raise InvalidInput(f"until: {rule.until!r} is not after {rule.since!r}")
    return rule


def boosts(value: Mapping[str, Any]) -> Boosts:
    """
    Raises:
        InvalidInput: an unknown key, or a value beyond its bounds.
    """
    found = Boosts(**{key: dict(value.get(key) or {}) for key in ("standing", "labels", "fields")})
    _check("standing", found.standing, (0.0, STANDING), STANDINGS)
    _check("fields", found.fields, (0.0, FACTOR), FIELDS)
    _check("labels", found.labels, (-LABEL, LABEL), None)
    if len(found.labels) > MAX_LABELS or any(not 0 < len(label) <= MAX_CHARACTERS for label in found.labels):
        raise InvalidInput(f"labels: at most {MAX_LABELS}, each of 1 to {MAX_CHARACTERS} characters")
    return found


def _check(name: str, given: Mapping[str, float], bounds: tuple[float, float], known: Sequence[str] | None) -> None:
    for key, value in given.items():
        if known is not None and key not in known:
            raise InvalidInput(f"boosts: {name}: {key[:40]!r} is not one of {', '.join(known)}")
        if not bounds[0] <= value <= bounds[1]:
            raise InvalidInput(f"boosts: {name}: {key[:40]!r}: {value} is not within {bounds[0]} and {bounds[1]}")


def _moment(text: str, key: str, *, end: bool = False) -> datetime | None:
    """A time; of a day its beginning, or its end."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            found = datetime.combine(found.date(), time()) + timedelta(days=end)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidInput(f"{key}: {text[:40]!r} is not a day or a time such as 2026-12-01T09:00:00Z") from error
