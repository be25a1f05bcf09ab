"""What is wrong with articles, as the last look found it, and what somebody said about the checks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from kb.models import Reader
from kb.store.articles import visible
from kb.store.database import batches
from kb.store.schema import articles
from kb.store.schema_health import check_settings, estimates, examined, flags, waivers

_FOUND = ("severity", "message", "line", "quote", "fix", "evidence", "others", "said", "hurts")


@dataclass(frozen=True)
class FlagRow:
    """A flag. `key` tells it from others of its article and check; `hurts` are readers in 90 days.

    `id` is 0 and the times are "" before it is stored. `said` has by name what `message` and `fix` are made of, as
    plain JSON, so that they can be said in another language than English.
    """

    article_id: str
    check: str
    key: str
    severity: str
    message: str
    line: int
    quote: str
    fix: str
    evidence: Mapping[str, Any]
    others: Sequence[str]
    hurts: float
    id: int = 0
    first_seen: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Estimate:
    """What is thought of an article: `score` is 0..100, `needs_work` 0..1, `readers` those of 90 days."""

    article_id: str
    score: float
    needs_work: float
    reasons: Sequence[Mapping[str, Any]]
    readers: float


@dataclass(frozen=True)
class OpenFlag:
    """A flag that stands, with what its owner is told of its article."""

    flag: FlagRow
    title: str
    owner: str
    space: str
    locale: str
    source: str


def open_flags(connection: Connection, reader: Reader) -> list[OpenFlag]:
    """The flags that stand on articles a reader sees, and that name none they do not see; the most hurting first."""
    own = (articles.c.title, articles.c.owner, articles.c.space, articles.c.locale, articles.c.source)
    query = (
        select(*(flags.c[name] for name in FlagRow.__dataclass_fields__), *own)
        .join(articles, articles.c.id == flags.c.article_id)
        .where(flags.c.closed_at == "", visible(reader, ("published",)))
        .order_by(flags.c.hurts.desc(), flags.c.article_id, flags.c.line, flags.c.id)
    )
    rows = [row._asdict() for row in connection.execute(query)]
    named = {other for row in rows for other in row["others"]}
    seen = set(_seen(connection, named, reader))
    found = ((FlagRow(**{k: row.pop(k) for k in FlagRow.__dataclass_fields__}), row) for row in rows)
    return [OpenFlag(flag, **rest) for flag, rest in found if seen.issuperset(flag.others)]


def _seen(connection: Connection, ids: Collection[str], reader: Reader) -> Iterator[str]:
    """Those of some articles that a reader may read, whatever their state."""
    for some in batches(ids):
        query = select(articles.c.id, articles.c.audience, articles.c.space).where(articles.c.id.in_(some))
        yield from (row.id for row in connection.execute(query) if reader.may_read(row.audience, row.space))


def stored_flags(connection: Connection, ids: Collection[str] | None = None) -> Iterator[FlagRow]:
    """Every flag that stands, or those of some articles, the oldest of an article first."""
    query = select(*(flags.c[name] for name in FlagRow.__dataclass_fields__)).where(flags.c.closed_at == "")
    for some in _some_of(query, flags.c.article_id, ids):
        yield from (FlagRow(**row._asdict()) for row in connection.execute(some.order_by(flags.c.id)))


def _some_of(query: Select[Any], column: ColumnElement[str], ids: Collection[str] | None) -> Iterator[Select[Any]]:
    """A query for the rows of some articles, in batches; None for all."""
    yield from [query] if ids is None else (query.where(column.in_(some)) for some in batches(ids))


def change_flags(
    connection: Connection, new: Sequence[FlagRow], changed: Sequence[FlagRow], gone: Collection[int], at: str
) -> None:
    """Open flags, write others again, and close those of some numbers."""
    if new:
        rows = [{**_values(flag), "first_seen": at, "closed_at": ""} for flag in new]
        connection.execute(insert(flags), rows)
    for flag in changed:
        values = {name: value for name, value in _values(flag).items() if name in (*_FOUND, "key")}
        connection.execute(update(flags).where(flags.c.id == flag.id).values(values))
    for some in batches(gone):
        connection.execute(update(flags).where(flags.c.id.in_(some)).values(closed_at=at))


def _values(flag: FlagRow) -> dict[str, Any]:
    found = {name: getattr(flag, name) for name in ("article_id", "check", "key", *_FOUND)}
    return {**found, "evidence": dict(flag.evidence), "others": list(flag.others), "said": dict(flag.said)}


def forget_closed(connection: Connection, at: str) -> int:
    """Delete flags that were closed before a time; how many went."""
    return connection.execute(delete(flags).where(flags.c.closed_at != "", flags.c.closed_at < at)).rowcount


# --- estimates ----------------------------------------------------------------------------------------------


def put_estimates(connection: Connection, found: Sequence[Estimate]) -> None:
    """Keep what is thought of articles, of those alone."""
    rows = [{**vars(one), "reasons": [dict(reason) for reason in one.reasons]} for one in found]
    if rows:
        query = upsert(estimates)
        new = {name: query.excluded[name] for name in Estimate.__dataclass_fields__ if name != "article_id"}
        connection.execute(query.on_conflict_do_update(index_elements=["article_id"], set_=new), rows)


def drop_estimates(connection: Connection, ids: Collection[str]) -> None:
    for some in batches(ids):
        connection.execute(delete(estimates).where(estimates.c.article_id.in_(some)))


@dataclass(frozen=True)
class Estimated:
    """A published article with what is thought of it."""

    id: str
    title: str
    owner: str
    space: str
    locale: str
    source: str
    thought: Estimate


def estimated(connection: Connection, reader: Reader) -> list[Estimated]:
    """The published articles that a reader sees, by id, those that have been looked at."""
    names = ("id", "title", "owner", "space", "locale", "source")
    thought = [estimates.c[name] for name in Estimate.__dataclass_fields__]
    query = (
        select(*(articles.c[name] for name in names), *thought)
        .join(estimates, articles.c.id == estimates.c.article_id)
        .where(visible(reader, ("published",)))
        .order_by(articles.c.id)
    )
    rows = (row._asdict() for row in connection.execute(query))
    return [Estimated(**{name: row.pop(name) for name in names}, thought=Estimate(**row)) for row in rows]


def all_estimates(connection: Connection, ids: Collection[str] | None = None) -> dict[str, Estimate]:
    """What is thought of every article, or of some, by their ids."""
    queries = _some_of(select(estimates), estimates.c.article_id, ids)
    return {row.article_id: Estimate(**row._asdict()) for query in queries for row in connection.execute(query)}


# --- what was found in texts --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Examined:
    """What was found in a text under a digest of it and of all that this depends on. Plain JSON."""

    article_id: str
    digest: str
    facts: Mapping[str, Any]
    flags: Sequence[Mapping[str, Any]]


def all_examined(connection: Connection) -> dict[str, Examined]:
    return {row.article_id: Examined(**row._asdict()) for row in connection.execute(select(examined))}


def put_examined(connection: Connection, found: Sequence[Examined]) -> None:
    """Keep what was found; of an article that is gone in the meantime nothing is kept."""
    there = existing(connection, [one.article_id for one in found])
    rows = [vars(one) for one in found if one.article_id in there]
    if rows:
        query = upsert(examined)
        new = {name: query.excluded[name] for name in ("digest", "facts", "flags")}
        connection.execute(query.on_conflict_do_update(index_elements=["article_id"], set_=new), rows)


def existing(connection: Connection, ids: Collection[str]) -> set[str]:
    """Which of some articles there are."""
    queries = (select(articles.c.id).where(articles.c.id.in_(some)) for some in batches(ids))
    return {found for query in queries for found in connection.execute(query).scalars()}


# --- waivers and settings -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiver:
    """Somebody says that a check does not hold for an article, until the end of a day ("" for ever)."""

    article_id: str
    check: str
    reason: str
    author: str
    at: str
    expires_on: str


def put_waiver(connection: Connection, waiver: Waiver) -> None:
    query = upsert(waivers).values(**vars(waiver))
    new = {name: query.excluded[name] for name in ("reason", "author", "at", "expires_on")}
    connection.execute(query.on_conflict_do_update(index_elements=["article_id", "check"], set_=new))


def remove_waiver(connection: Connection, article_id: str, check: str) -> bool:
    """Whether there was one."""
    which = and_(waivers.c.article_id == article_id, waivers.c.check == check)
    return bool(connection.execute(delete(waivers).where(which)).rowcount)


def list_waivers(connection: Connection, reader: Reader) -> list[Waiver]:
    """The waivers of articles that a reader sees, by article."""
    query = select(waivers).join(articles, articles.c.id == waivers.c.article_id).where(visible(reader))
    return [Waiver(**row._asdict()) for row in connection.execute(query.order_by(waivers.c.article_id))]


@dataclass(frozen=True)
class CheckSetting:
    """What somebody set of a check. `options` are those that differ from the defaults."""

    check: str
    enabled: bool
    options: Mapping[str, Any]
    author: str
    at: str


def put_setting(connection: Connection, setting: CheckSetting) -> None:
    query = upsert(check_settings).values(**{**vars(setting), "options": dict(setting.options)})
    new = {name: query.excluded[name] for name in ("enabled", "options", "author", "at")}
    connection.execute(query.on_conflict_do_update(index_elements=["check"], set_=new))


def settings(connection: Connection) -> dict[str, CheckSetting]:
    return {row.check: CheckSetting(**row._asdict()) for row in connection.execute(select(check_settings))}
