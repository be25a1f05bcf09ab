"""Changes to what people say about search, each a version of its own, in the audit log, and in effect at its commit.

A writer says which version they read. Whoever is kept to some spaces changes the rules of those; what holds everywhere
is for others. Articles that somebody may not read are nowhere in what they are shown, and stay where they are when
somebody rewrites a curation that names them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from kb.errors import Conflict, Forbidden, InvalidInput, NotFound, Stale
from kb.models import Actor, Reader
from kb.store import Connection, Database, articles, audit, redirects, search_settings
from kb.store.search_settings import SearchSettings
from search import rules as reading
from search.rules import MAX_RULES, Boosts, Curation, Rule, Rules, Synonym

Kind = Literal["synonyms", "curations"]
Edit = Callable[[Connection, Rules], Rules]

_NOUNS: Mapping[Kind, str] = {"synonyms": "synonym", "curations": "curation"}


def current(connection: Connection, reader: Reader, version: int | None = None) -> tuple[SearchSettings, Rules]:
    """A version, the one in effect without `version`: who made it, and what of it this reader may know.

    Raises:
        NotFound: there is no such version.
    """
    stored = _stored(connection, search_settings.latest(connection) if version is None else version)
    return stored, shown(connection, reading.rules_of(stored), reader)


def shown(connection: Connection, rules: Rules, reader: Reader) -> Rules:
    """What of rules a reader may know: those of their spaces, without articles that they may not read."""
    mine = [rule for rule in rules.curations if _sees(reader, rule)]
    readable = _readable(connection, (name for rule in mine for name in (*rule.pin, *rule.hide)), reader)
    kept = (replace(rule, pin=_only(rule.pin, readable), hide=_only(rule.hide, readable)) for rule in mine)
    return replace(rules, synonyms=tuple(rule for rule in rules.synonyms if _sees(reader, rule)), curations=tuple(kept))


def create(database: Database, rule: Rule, actor: Actor, expected: int | None = None) -> int:
    """Add a rule; the version that has it. `expected` is the version that was read, None for whichever is there.

    Raises:
        InvalidInput: an article that it names is none that the actor may read.
        Conflict: there are too many. Stale: another version is in effect. Forbidden: it is not for this space.
    """
    kind = _kind(rule)

    def edit(connection: Connection, rules: Rules) -> Rules:
        new = _checked(connection, rule, None, actor)
        held = getattr(rules, kind)
        if len(held) >= MAX_RULES:
            raise Conflict(f"{kind}: {MAX_RULES:,} are there already")
        return _with(rules, kind, (*held, new))

    return _change(database, actor, f"{_NOUNS[kind]}.create", rule.id, expected, edit)


def update(database: Database, rule: Rule, actor: Actor, expected: int | None) -> int:
    """Put a rule in the place of the one with its id; the version that has it.

    Raises: what `create` does; NotFound: there is none.
    """
    kind = _kind(rule)

    def edit(connection: Connection, rules: Rules) -> Rules:
        old = _find(rules, kind, rule.id, actor.reader)
        new = _checked(connection, rule, old, actor)
        return _with(rules, kind, tuple(new if held is old else held for held in getattr(rules, kind)))

    return _change(database, actor, f"{_NOUNS[kind]}.update", rule.id, expected, edit)


def remove(database: Database, kind: Kind, rule_id: str, actor: Actor, expected: int | None) -> int:
    """Take a rule out; the version without it.

    Raises:
        NotFound, Stale, Forbidden.
    """

    def edit(_connection: Connection, rules: Rules) -> Rules:
        old = _find(rules, kind, rule_id, actor.reader)
        _check_space(old.space, actor)
        return _with(rules, kind, tuple(held for held in getattr(rules, kind) if held is not old))

    return _change(database, actor, f"{_NOUNS[kind]}.delete", rule_id, expected, edit)


def set_boosts(database: Database, boosts: Boosts, actor: Actor, expected: int | None) -> int:
    """Say what counts besides words; the version that has it.

    Raises:
        Stale, Forbidden.
    """

    def edit(_connection: Connection, rules: Rules) -> Rules:
        _check_space("", actor)
        return replace(rules, boosts=boosts)

    return _change(database, actor, "boosts.update", "", expected, edit)


def restore(database: Database, version: int, actor: Actor, expected: int | None = None) -> int:
    """Say again what an earlier version said; the new version.

    Raises:
        NotFound, Stale, Forbidden.
    """

    def edit(connection: Connection, _rules: Rules) -> Rules:
        _check_space("", actor)
        return reading.rules_of(_stored(connection, version))

    return _change(database, actor, "search_settings.restore", str(version), expected, edit)


def find(rules: Rules, kind: Kind, rule_id: str) -> Rule:
    """
    Raises:
        NotFound: there is no such rule.
    """
    found: Iterable[Rule] = getattr(rules, kind)
    rule = next((rule for rule in found if rule.id == rule_id), None)
    if rule is None:
        raise NotFound(f"no {_NOUNS[kind]} {rule_id!r}")
    return rule


def _find(rules: Rules, kind: Kind, rule_id: str, reader: Reader) -> Rule:
    rule = find(rules, kind, rule_id)
    if not _sees(reader, rule):
        raise NotFound(f"no {_NOUNS[kind]} {rule_id!r}")
    return rule


def _kind(rule: Rule) -> Kind:
    return "synonyms" if isinstance(rule, Synonym) else "curations"


def _with(rules: Rules, kind: Kind, held: tuple[Rule, ...]) -> Rules:
    changed: dict[str, Any] = {kind: held}
    return replace(rules, **changed)


def _change(database: Database, actor: Actor, action: str, name: str, expected: int | None, edit: Edit) -> int:
    """One change under the write lock: the version that was read, the edit, the next version, and the audit."""
    thing = f"{action.partition('.')[0]}:{name}" if name else action.partition(".")[0]
    with database.write() as connection:
        version = search_settings.latest(connection)
        if expected is not None and expected != version:
            raise Stale(f"search settings: version {version} is in effect, not {expected}: read them again", version)
        rules = edit(connection, reading.rules_of(_stored(connection, version)))
        said = reading.stored(rules)
        reading.rules_of(SearchSettings(**said))  # what is kept can be read, whatever was put together
        number = search_settings.append(connection, author=actor.name, note=f"{action} {name}".strip(), **said)
        audit.record(connection, actor, action, [thing], version=number)
    return number


def _stored(connection: Connection, version: int) -> SearchSettings:
    found = search_settings.get(connection, version)
    if found is None:
        raise NotFound(f"no version {version} of the search settings")
    return found


# --- rights --------------------------------------------------------------------------------------------------


def _sees(reader: Reader, rule: Rule) -> bool:
    return rule.space == "" or reader.spaces is None or rule.space in reader.spaces


def _check_space(space: str, actor: Actor) -> None:
    spaces = actor.reader.spaces
    if spaces is not None and space not in spaces:
        where = f"of space {space!r}" if space else "that hold in every space"
        raise Forbidden(f"{actor.name} may not change rules {where}")


def _checked(connection: Connection, rule: Rule, old: Rule | None, actor: Actor) -> Rule:
    """A rule that the actor may write, with what it keeps of the one that it takes the place of."""
    for space in {rule.space, rule.space if old is None else old.space}:
        _check_space(space, actor)
    if isinstance(rule, Synonym):
        return rule
    readable = _readable(connection, (*rule.pin, *rule.hide), actor.reader)
    for key, names in (("pin", rule.pin), ("hide", rule.hide)):
        missing = [name for name in names if name not in readable]
        if missing:
            raise InvalidInput(f"{key}: no article {missing[0]!r}")
    kept = _kept(connection, rule, old, actor.reader) if isinstance(old, Curation) else rule
    if not (kept.pin or kept.hide):
        raise InvalidInput("pin, hide: a curation names an article to pin or to hide")
    return kept


def _kept(connection: Connection, new: Curation, old: Curation, reader: Reader) -> Curation:
    """A curation with the articles of the old one that its writer could not see, each where it stood."""
    records = _records(connection, (*old.pin, *old.hide))
    unseen = {name for name, held in records.items() if not reader.may_read(held.audience, held.space)}
    parts: dict[str, Any] = {}
    for key in ("pin", "hide"):
        names = list(getattr(new, key))
        for place, name in enumerate(getattr(old, key)):
            if name in unseen:
                names.insert(place, name)
        parts[key] = tuple(names)
    return replace(new, **parts)


def _readable(connection: Connection, names: Iterable[str], reader: Reader) -> set[str]:
    """Which ids are of, or lead to, articles that a reader may read once they are published."""
    found = _records(connection, names)
    return {name for name, held in found.items() if reader.may_read(held.audience, held.space)}


def _records(connection: Connection, names: Iterable[str]) -> dict[str, articles.Record]:
    """The articles that ids are of, or lead to."""
    wanted = set(names)
    found = articles.records(connection, wanted)
    moved = {name: redirects.resolve(connection, name) for name in wanted - found.keys()}
    targets = articles.records(connection, {target for target in moved.values() if target})
    return found | {name: targets[target] for name, target in moved.items() if target in targets}


def _only(names: Sequence[str], readable: set[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name in readable)
