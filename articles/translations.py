"""Translations of one another: which there are, and which have fallen behind their source, since when, by what."""

from __future__ import annotations

from dataclasses import dataclass

from kb.models import Reader
from kb.store import Connection, redirects, versions
from kb.store import articles as store
from kb.store.articles import Record


@dataclass(frozen=True)
class Followed:
    """The source of a translation and the version of it that the translation says.

    Where the source went on: `since` is when, `by` its first version that the translation does not say, and `now` its
    live one.
    """

    source: str
    version: int
    since: str = ""
    by: int = 0
    now: int = 0


def followed(connection: Connection, record: Record, reader: Reader) -> Followed | None:
    """What a translation follows; None for an article that is none, or whose source the reader may not see."""
    name = record.metadata.translation_of
    if not name or record.source_version is None:
        return None
    source = store.record(connection, redirects.resolve(connection, name) or name)
    if source is None or source.state != "published" or not reader.may_read(source.audience, source.space):
        return None
    newer = versions.first_published_after(connection, source.id, record.source_version)
    if newer is None or source.version <= record.source_version:
        return Followed(source.id, record.source_version)
    return Followed(source.id, record.source_version, newer.published_at, newer.number, source.version)


def in_locale(connection: Connection, record: Record, locale: str, reader: Reader) -> Record:
    """The member of an article's family in a locale, else in its language, else the article itself."""
    wanted = locale.lower()
    found = {member.locale.lower(): member for member in store.family(connection, record.family, reader)}
    language = wanted.partition("-")[0]
    near = next((member for name, member in found.items() if name.partition("-")[0] == language), record)
    return record if record.locale.lower() == wanted else found.get(wanted, near)
