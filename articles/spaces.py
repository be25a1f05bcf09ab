"""Spaces and redirects, as administrators and curators change them."""

from __future__ import annotations

import re

from articles.prepare import check_id
from kb.errors import Conflict, InvalidInput, NotFound, Stale
from kb.models import MAIN, Actor
from kb.store import Connection, Database, articles, audit, redirects, spaces
from kb.store.spaces import Space
from kb.words import count

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}$")


def put_space(database: Database, space: Space, actor: Actor, expected: int | None) -> bool:
    """Describe a space; whether it is new. `expected` is the revision that was read, 0 for a new one.

    Raises:
        InvalidInput: its id is none; Stale: it is another by now.
    """
    if not _ID.match(space.id):
        raise InvalidInput(f"space: {space.id!r} is not 1 to 64 of a-z, 0-9, _ and -")
    with database.write() as connection:
        held = spaces.get(connection, space.id)
        found = held.revision if held else 0
        if expected is not None and expected != found:
            raise Stale(f"space: {space.id!r} was described otherwise meanwhile: read it again", found)
        new = spaces.put(connection, space)
        audit.record(connection, actor, "space.create" if new else "space.update", [f"space:{space.id}"])
    return new


def remove_space(database: Database, space_id: str, actor: Actor) -> None:
    """
    Raises:
        NotFound; Conflict: it has articles, or is the main one.
    """
    if space_id == MAIN:
        raise Conflict(f"space: {MAIN!r} is always there")
    with database.write() as connection:
        held = spaces.articles_in(connection, space_id)
        if held:
            raise Conflict(f"space: {space_id!r} has {count(held, 'article')}")
        if not spaces.remove(connection, space_id):
            raise NotFound(f"no space {space_id!r}")
        audit.record(connection, actor, "space.delete", [f"space:{space_id}"])


def put_redirect(database: Database, source: str, target: str, actor: Actor) -> str:
    """Lead from an address without an article to an article; the target in effect.

    Raises:
        NotFound: there is no such article that the actor may read.
        Conflict: an article is at the address, or it would lead to itself.
    """
    check_id(source, "redirect")
    with database.write() as connection:
        if articles.record(connection, source):
            raise Conflict(f"redirect: {source!r} is an article's id")
        held = redirects.resolve(connection, source)
        found = redirects.resolve(connection, target) or target
        _readable(connection, found, actor)
        if held not in (None, found):
            _readable(connection, held or "", actor)
            raise Conflict(f"redirect: {source!r} leads to {held!r}: delete that first")
        found = redirects.add(connection, source, found)
        audit.record(connection, actor, "redirect.put", [f"redirect:{source}"], audience=_audience(connection, found))
    return found


def remove_redirect(database: Database, source: str, actor: Actor) -> None:
    """
    Raises:
        NotFound: there is none to an article that the actor may read.
    """
    with database.write() as connection:
        target = redirects.resolve(connection, source)
        if target is None:
            raise NotFound(f"no redirect {source!r}")
        _readable(connection, target, actor)
        redirects.remove(connection, source)
        audience = _audience(connection, target)
        audit.record(connection, actor, "redirect.delete", [f"redirect:{source}"], audience=audience)


def _readable(connection: Connection, article_id: str, actor: Actor) -> None:
    record = articles.record(connection, article_id)
    if record is None or not actor.reader.may_read(record.audience, record.space):
        raise NotFound(f"no article {article_id!r}")


def _audience(connection: Connection, article_id: str) -> str:
    record = articles.record(connection, article_id)
    return record.audience if record else ""
