"""The shelf, read from the store: only what changed since the last time is read again, and no text is parsed twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, astuple, dataclass, field
from datetime import datetime
from typing import Any

from articles.health import demand, staleness
from articles.health.base import SENTENCES, Behind, Check, Facts, Flag, Shelf, facts_of, packed
from articles.health.phrases.versions import Version
from articles.health.words import unpack
from indexer.markdown import Link
from kb.models import EVERYTHING, STATES, Article
from kb.store import Connection, Database, changes, flags, inspect, looks, spaces, translations, versions
from kb.store import articles as store
from kb.store.flags import Examined

READER = 2  # bump when the same text makes other flags or facts
_AT_ONCE = 200  # texts examined between two words of progress


@dataclass(frozen=True)
class Began:
    """What there was when a shelf was read: the look that was written last, and the number of the last change."""

    last: looks.Last = field(default_factory=looks.Last)
    change: int = 0


class Shelving:
    """Makes shelves of one store, each with little work after the first. Not for several threads at once."""

    def __init__(self, database: Database, checks: Mapping[str, Check]) -> None:
        self.database, self.checks = database, checks
        self._articles: dict[str, Article] = {}
        self._spaces: dict[str, int | None] = {}
        self._facts: dict[str, Facts] = {}
        self._found: dict[str, tuple[Flag, ...]] = {}
        self._digests: dict[str, str] = {}
        self._traits: dict[str, Mapping[str, float]] = {}
        self._begun = False
        self.began = Began()

    def shelf(self, now: datetime, said: Callable[[str], None]) -> Shelf:
        """Every article as of a time, its text examined under the options in effect. `said` hears how far it is."""
        with self.database.read() as connection:
            self._read(connection)
            chosen = {name: dict(setting.options) for name, setting in flags.settings(connection).items()}
            redirects = inspect.redirect_map(connection)
            wanted, searched = demand.read(connection, now)
            behind = _behind(connection, self._articles, redirects)
            media = frozenset(inspect.media_audiences(connection))
        shelf = Shelf(
            dict(self._articles),
            now.date(),
            chosen=chosen,
            redirects=redirects,
            demand=wanted,
            searched=searched,
            behind=behind,
            media=media,
        )
        return self._examine(shelf, said)

    def found(self, article_id: str) -> tuple[Flag, ...]:
        """What the checks of texts found in an article, when the last shelf was made."""
        return self._found.get(article_id, ())

    def traits(self) -> dict[str, Mapping[str, float]]:
        """By article, what is volatile in its text."""
        return dict(self._traits)

    def _read(self, connection: Connection) -> None:
        """Bring the articles up to date."""
        holds = {space.id: space.verify_days for space in spaces.listed(connection, EVERYTHING)}
        if holds != self._spaces:  # how long a verification holds where an article does not say
            self._articles, self._spaces = {}, holds
        changed = changes.since(connection, self.began.change)
        for name in changed:  # another may have the id of one that was erased
            for known in (self._facts, self._found, self._digests, self._traits):
                known.pop(name, None)
        if not self._articles or len(changed) > len(self._articles) // 2:
            self._articles = {a.id: a for a in store.all_articles(connection, EVERYTHING, STATES)}
        elif changed:
            some = {a.id: a for a in store.many(connection, changed, EVERYTHING, STATES)}
            kept = {i: article for i, article in self._articles.items() if i not in changed}
            self._articles = dict(sorted((kept | some).items()))
        self.began = Began(looks.last(connection), changes.latest(connection))
        if not self._begun:
            self._begun = True
            self._remember(flags.all_examined(connection).values())

    def _examine(self, shelf: Shelf, said: Callable[[str], None]) -> Shelf:
        """The shelf with what is known of its texts; those that are new are examined."""
        base = _fingerprint(self.checks.values(), shelf)
        digests = {i: f"{article.content_hash}:{article.revision}:{base}" for i, article in shelf.articles.items()}
        new = [i for i, digest in digests.items() if self._digests.get(i) != digest]
        for start in range(0, len(new), _AT_ONCE):
            said(f"examined {start:,} of {len(new):,} texts")
            some = [self._look(shelf, shelf.articles[i], digests[i]) for i in new[start : start + _AT_ONCE]]
            with self.database.write() as connection:
                flags.put_examined(connection, some)
            self._remember(some)
        return Shelf(**{**_fields(shelf), "known": {i: self._facts[i] for i in shelf.articles}})

    def _remember(self, found: Iterable[Examined]) -> None:
        for one in found:
            own = tuple(flag_from_json(flag) for flag in one.flags)
            self._digests[one.article_id], self._found[one.article_id] = one.digest, own
            self._facts[one.article_id], self._traits[one.article_id] = facts_from_json(one.facts), one.facts["traits"]

    def _look(self, shelf: Shelf, article: Article, digest: str) -> Examined:
        facts = {**facts_json(facts_of(article)), "traits": staleness.traits(article.markdown)}
        texts = (check for check in self.checks.values() if check.scope == "text")
        published = article.metadata.state == "published"
        found = [flag_json(flag) for check in texts for flag in check.look(article, shelf)] if published else []
        return Examined(article.id, digest, facts, found)


def _fields(shelf: Shelf) -> dict[str, Any]:
    return {name: getattr(shelf, name) for name in Shelf.__dataclass_fields__}


def _fingerprint(checks: Iterable[Check], shelf: Shelf) -> str:
    """Names everything but the text that the checks of texts depend on."""
    known = [(check.name, shelf.chosen.get(check.name, {})) for check in checks if check.scope == "text"]
    said = json.dumps([READER, shelf.today.isoformat(), known], sort_keys=True, default=list)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _behind(connection: Connection, found: Mapping[str, Article], redirects: Mapping[str, str]) -> dict[str, Behind]:
    behind: dict[str, Behind] = {}
    for translation, named, follows in translations.follows(connection):
        source = found.get(redirects.get(named, named))
        if source is None or source.metadata.state != "published" or source.version <= follows:
            continue
        newer = versions.first_published_after(connection, source.id, follows)
        if newer:
            behind[translation] = Behind(source.id, follows, source.version, newer.published_at)
    return behind


def flag_json(flag: Flag) -> dict[str, Any]:
    return {**asdict(flag), **packed(flag)}


def flag_from_json(values: Mapping[str, Any]) -> Flag:
    said = {name: unpack(values[name]) for name in SENTENCES}
    return Flag(**{**values, **said, "others": tuple(values["others"])})


def facts_json(facts: Facts) -> dict[str, Any]:
    values = asdict(facts)
    values["links"] = [list(astuple(link)) for link in facts.links]
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in values.items()}


def facts_from_json(values: Mapping[str, Any]) -> Facts:
    known = {name: value for name, value in values.items() if name in Facts.__dataclass_fields__}
    known["links"] = tuple(Link(*link) for link in values["links"])
    known["versions"] = tuple(_version(version) for version in values.get("versions", ()))
    return Facts(**{**known, "anchors": frozenset(values["anchors"])})


def _version(values: Mapping[str, Any]) -> Version:
    lists = {name: tuple(values[name]) for name in ("thing", "platforms", "number")}
    return Version(**{**values, **lists})
