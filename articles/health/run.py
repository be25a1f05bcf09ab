"""A look at every article: flags are opened, renewed and closed in the store, and each article is estimated.

What was found before is kept where nothing that it depends on has changed, so that a look after one edit is quick.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from articles.health import CHECKS, damage, score, staleness
from articles.health.base import NOBODY, Flag, Shelf, packed
from articles.health.pairs import kept as pairs
from articles.health.shelving import Shelving
from articles.health.standing import Standing
from articles.history import Past
from kb.models import EVERYTHING, Article
from kb.store import changes, looks, versions
from kb.store import flags as store
from kb.store.flags import Estimate, FlagRow
from kb.times import stamp
from search.home import Home


@dataclass(frozen=True)
class Looked:
    """What a look changed. One that was `overtaken` changed nothing: another was written meanwhile."""

    articles: int
    flags: int
    opened: int = 0
    closed: int = 0
    overtaken: bool = False


class Examiner:
    """Looks at the articles of a home again and again. Several processes may do so at once.

    A look is written only if no other was since it read the shelf: what is older never replaces what is newer. Else
    it looks once more. If yet another was written by then, that one read everything after this one was asked for, and
    stands. What changes while a look reads is left to the next.
    """

    def __init__(self, home: Home) -> None:
        self.home, self.database = home, home.database
        self._shelving = Shelving(home.database, CHECKS)
        self._standing = Standing()
        self._lock = threading.Lock()

    def look(self, now: datetime, said: Callable[[str], None] = lambda _: None) -> Looked:
        """Bring flags and estimates up to date. `said` hears how far it is, and may stop it by raising."""
        with self._lock:
            found = self._look(now, said)
            if found.overtaken:
                with self.database.read() as connection:
                    now = max(now, datetime.fromisoformat(looks.last(connection).at))
                found = self._look(now, said)
            return found

    def _look(self, now: datetime, said: Callable[[str], None]) -> Looked:
        shelf = self._paired(self._shelving.shelf(now, said), said)
        found = {article.id: self._flags(article, shelf) for article in shelf.published}
        standing = self._in_force(found, now.date())
        severities = {check.name: check.severity for check in CHECKS.values()}
        model = staleness.load(self.home.path)
        traits = self._shelving.traits()
        thought = staleness.estimates(shelf, standing, model, severities, self._pasts(), traits)
        rows = {i: list(_rows(i, flags, shelf, thought[i].p)) for i, flags in standing.items()}
        estimates = {i: _estimate(i, flags, shelf, thought[i]) for i, flags in standing.items()}
        return self._write(rows, estimates, stamp(now))

    def _paired(self, shelf: Shelf, said: Callable[[str], None]) -> Shelf:
        """The shelf with the pairs among its articles that say the same, or disagree."""
        said("comparing articles")
        found = pairs.refresh(self.database, self.home.embedder.fingerprint, shelf.published)
        return replace(shelf, duplicates=found.duplicates, contradictions=found.contradictions)

    def _flags(self, article: Article, shelf: Shelf) -> list[Flag]:
        shelf_checks = (check for check in CHECKS.values() if check.scope == "shelf")
        return [*self._shelving.found(article.id), *(f for c in shelf_checks for f in c.look(article, shelf))]

    def _in_force(self, found: Mapping[str, Sequence[Flag]], today: date) -> dict[str, list[Flag]]:
        """Without those of checks that are switched off, or waived for the article."""
        with self.database.read() as connection:
            off = {name for name, setting in store.settings(connection).items() if not setting.enabled}
            waived = {
                (waiver.article_id, waiver.check)
                for waiver in store.list_waivers(connection, EVERYTHING)
                if not waiver.expires_on or waiver.expires_on >= today.isoformat()
            }
        return {
            article: [flag for flag in flags if flag.check not in off and (article, flag.check) not in waived]
            for article, flags in found.items()
        }

    def _pasts(self) -> dict[str, Past]:
        """When articles changed, of those that did since they came here: the first day says only when that was."""
        with self.database.read() as connection:
            days = versions.published_days(connection)
        found = {name: sorted({date.fromisoformat(day) for day in own}) for name, own in days.items()}
        return {name: Past(tuple(own), len(days[name])) for name, own in found.items()}

    def _write(self, rows: Mapping[str, Sequence[FlagRow]], estimates: Mapping[str, Estimate], at: str) -> Looked:
        began, stands, found = self._shelving.began, self._standing, Looked(len(rows), sum(map(len, rows.values())))
        with self.database.write() as connection:
            if looks.last(connection) != began.last:
                return replace(found, overtaken=True)
            stands.read(connection)
            meanwhile = changes.since(connection, began.change)
            new: list[FlagRow] = []
            changed: list[FlagRow] = []
            gone: list[int] = []
            touched: set[str] = set()
            for article in sorted((stands.flags.keys() | rows.keys()) - meanwhile):
                some = compare(stands.flags.get(article, ()), rows.get(article, ()))
                if any(some):
                    touched.add(article)
                    new, changed, gone = new + some[0], changed + some[1], gone + some[2]
            store.change_flags(connection, new, changed, gone, at)
            others = [e for i, e in estimates.items() if i not in meanwhile and stands.estimates.get(i) != e]
            store.put_estimates(connection, others)
            dropped = stands.estimates.keys() - estimates.keys() - meanwhile
            store.drop_estimates(connection, dropped)
            looks.written(connection, looks.Last(began.last.number + 1, at))
        stands.wrote(began.last.number + 1, touched, others, dropped)
        return replace(found, opened=len(new), closed=len(gone))


def compare(stored: Sequence[FlagRow], found: Sequence[FlagRow]) -> tuple[list[FlagRow], list[FlagRow], list[int]]:
    """Flags of one article that are new, those that say something else now, and the numbers of those that are gone.

    One that has another key than before, where one of its check went, is the same fault still: an edit moved it.
    """
    waiting = {(row.check, row.key): row for row in stored}
    pairs: list[tuple[FlagRow, FlagRow]] = []
    rest: list[FlagRow] = []
    for row in found:
        before = waiting.pop((row.check, row.key), None)
        if before:
            pairs.append((before, row))
        else:
            rest.append(row)
    left: dict[str, list[FlagRow]] = defaultdict(list)
    for row in waiting.values():
        left[row.check].append(row)
    new: list[FlagRow] = []
    for row in rest:
        if left[row.check]:
            pairs.append((left[row.check].pop(0), row))
        else:
            new.append(row)
    now = [(before, replace(row, id=before.id, first_seen=before.first_seen)) for before, row in pairs]
    changed = [row for before, row in now if row != before]
    return new, changed, [row.id for rows in left.values() for row in rows]


def _rows(article: str, flags: Iterable[Flag], shelf: Shelf, needs_work: float) -> Iterable[FlagRow]:
    demand = shelf.demand.get(article, NOBODY)
    used: set[str] = set()
    for flag in flags:
        severity = CHECKS[flag.check].severity
        key = _key(flag, used)
        hurts = round(damage.hurts(flag, severity, demand, needs_work), 3)
        evidence = json.loads(json.dumps(dict(flag.evidence), default=list))  # as the store gives it back
        others = list(flag.others)
        yield FlagRow(
            article,
            flag.check,
            key,
            severity,
            str(flag.message),
            flag.line,
            flag.quote,
            str(flag.fix),
            evidence,
            others,
            hurts,
            said=packed(flag),
        )


def _key(flag: Flag, used: set[str]) -> str:
    """The same for a fault wherever its line moves; another for each of one article."""
    said = json.dumps([flag.check, flag.quote, sorted(flag.others), flag.evidence.get("target")], default=str)
    number = 0
    while True:
        key = hashlib.sha256(f"{said}:{number}".encode()).hexdigest()[:16]
        if key not in used:
            used.add(key)
            return key
        number += 1


def _estimate(article: str, flags: Sequence[Flag], shelf: Shelf, thought: staleness.Estimate) -> Estimate:
    reasons = [reason.as_json() for reason in thought.reasons]
    readers = round(damage.readers(shelf.demand.get(article, NOBODY)), 3)
    return Estimate(article, _score(frozenset(flag.check for flag in flags)), round(thought.p, 4), reasons, readers)


@lru_cache(maxsize=10_000)  # few checks fire together, and of most articles none
def _score(fired: frozenset[str]) -> float:
    return score(fired)
