"""API keys: `kb_<id>_<secret>`. The store has the SHA-256 of the secret, so a key is shown once, when it is made.

What a request with a key may do is decided where it is used (`api.access`).
"""

from __future__ import annotations

import hmac
import re
import secrets
import string
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, insert, or_, select, tuple_, update

from kb.errors import InvalidInput, NotFound, Unauthorized
from kb.models import Actor
from kb.rights import SCOPES, Role, Scope
from kb.store import audit
from kb.store.people import digest, known_rights, one_line
from kb.store.schema import keys
from kb.times import stamp

_FORM = re.compile(r"kb_([A-Za-z0-9]{12})_([A-Za-z0-9_-]{43})")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\]")
_PORTS = {"http": 80, "https": 443}
_NOBODYS = bytes(32)  # the hash of no known text
_OFTEN = timedelta(minutes=1)  # between two notes of when a key was last used


@dataclass(frozen=True)
class Key:
    """A key without its secret. Times are "" where there is none; `spaces` None is every space.

    `origins` are the web pages that may use it: such a key is public, and says who asks but not that they are trusted.
    """

    id: str
    name: str
    role: Role
    scopes: tuple[Scope, ...]
    groups: tuple[str, ...]
    spaces: tuple[str, ...] | None
    origins: tuple[str, ...]
    author: str
    at: str
    expires_at: str
    last_used_at: str
    revoked_at: str


_KEYS = select(*(keys.c[name] for name in Key.__dataclass_fields__))


def create(
    connection: Connection,
    actor: Actor,
    at: datetime,
    *,
    name: str,
    role: Role,
    scopes: Collection[Scope] | None = None,
    group_ids: Iterable[str] = (),
    space_ids: Iterable[str] | None = None,
    origins: Iterable[str] = (),
    expires_at: datetime | None = None,
) -> tuple[Key, str]:
    """Make a key, and its text, which cannot be had again. `scopes` None is every one of the role.

    Raises:
        InvalidInput: scopes that the role has not, no such group or space, origins that are none or of another role
            than a customer's, or an end that is past.
    """
    told = {
        "name": one_line("name", name),
        "role": role,
        "scopes": _scopes(role, scopes),
        **known_rights(connection, group_ids, space_ids),
        "origins": _origins(role, origins),
        "expires_at": _end(expires_at, at),
    }
    key_id = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(12))
    secret = secrets.token_urlsafe(32)
    fixed = {"id": key_id, "hash": digest(secret), "author": actor.name, "at": stamp(at)}
    connection.execute(insert(keys).values(**fixed, **told, last_used_at="", revoked_at=""))
    audit.record(connection, actor, "key.create", [f"key:{key_id}"], **told)
    return get(connection, key_id), f"kb_{key_id}_{secret}"


def _scopes(role: Role, wanted: Collection[Scope] | None) -> list[Scope]:
    beyond = sorted(set(wanted or ()) - SCOPES[role])
    if beyond:
        raise InvalidInput(f"scopes: the role {role!r} has no {beyond[0]!r}")
    if wanted is not None and not wanted:
        raise InvalidInput("scopes: none: such a key could do nothing")
    return sorted(SCOPES[role] if wanted is None else set(wanted))


def _origins(role: Role, wanted: Iterable[str]) -> list[str]:
    found = sorted({origin(text) for text in wanted})
    if found and role != "customer":
        raise InvalidInput(f"origins: web pages show their key to everybody, so its role is customer, not {role!r}")
    return found


def _end(expires_at: datetime | None, at: datetime) -> str:
    if expires_at is None:
        return ""
    try:
        end = stamp(expires_at)
    except OverflowError as error:
        raise InvalidInput(f"expires_at: {expires_at} is beyond the calendar") from error
    if end <= stamp(at):
        raise InvalidInput(f"expires_at: {end} is past")
    return end


def origin(text: str) -> str:
    """The origin of web pages as browsers send it: `https://shop.example`, with a port where it is not the usual one.

    Raises:
        InvalidInput: it is something else, or more.
    """
    wrong = InvalidInput(f"origins: {text!r} is not scheme://host[:port], such as https://shop.example")
    try:
        parts = urlsplit(text.lower())
        port = parts.port
    except ValueError:
        raise wrong from None
    host = parts.netloc.removesuffix(f":{port}")
    if parts.scheme not in _PORTS or not _HOST.fullmatch(host) or f"{parts.scheme}://{parts.netloc}" != text.lower():
        raise wrong
    return f"{parts.scheme}://{host}" + ("" if port in (None, _PORTS[parts.scheme]) else f":{port}")


def check(connection: Connection, text: str, at: datetime) -> Key:
    """The key that a request carries.

    Raises:
        Unauthorized: no such key, another secret, revoked or expired: never told apart.
    """
    refused = Unauthorized("the key is not one that counts here")
    form = _FORM.fullmatch(text)
    if form is None:
        raise refused
    row = connection.execute(_KEYS.add_columns(keys.c.hash).where(keys.c.id == form[1])).mappings().one_or_none()
    same = hmac.compare_digest(digest(form[2]), row["hash"] if row else _NOBODYS)
    if row is None or not same or row["revoked_at"] or (row["expires_at"] and row["expires_at"] <= stamp(at)):
        raise refused
    return _key(row)


def is_noted(key: Key, at: datetime) -> bool:
    """Whether the store knows well enough when a key was last used."""
    return key.last_used_at > stamp(at - _OFTEN)


def note_use(connection: Connection, key_id: str, at: datetime) -> None:
    """Write down that a key was used, unless that was done a moment ago."""
    due = keys.c.id == key_id, keys.c.last_used_at <= stamp(at - _OFTEN)
    connection.execute(update(keys).where(*due).values(last_used_at=stamp(at)))


def get(connection: Connection, key_id: str) -> Key:
    """Raises: NotFound."""
    row = connection.execute(_KEYS.where(keys.c.id == key_id)).one_or_none()
    if row is None:
        raise NotFound(f"no key {key_id!r}")
    return _key(row._mapping)


def listed(connection: Connection, *, after: str = "", limit: int = 1000) -> list[Key]:
    """Keys from the oldest, those after one, the revoked ones too."""
    query = _KEYS.order_by(keys.c.at, keys.c.id).limit(limit)
    if after:
        last = get(connection, after)
        query = query.where(tuple_(keys.c.at, keys.c.id) > (last.at, last.id))
    return [_key(row._mapping) for row in connection.execute(query)]


def _key(row: Mapping[Any, Any]) -> Key:
    found: dict[str, Any] = {name: row[name] for name in Key.__dataclass_fields__}
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
    return Key(**values)


def revoke(connection: Connection, actor: Actor, key_id: str, at: datetime) -> None:
    """Let a key count no more, from now on.

    Raises:
        NotFound: no such key.
    """
    if get(connection, key_id).revoked_at:
        return
    connection.execute(update(keys).where(keys.c.id == key_id).values(revoked_at=stamp(at)))
    audit.record(connection, actor, "key.revoke", [f"key:{key_id}"])


def bound_origins(connection: Connection, at: datetime) -> frozenset[str]:
    """The origins of every key that counts."""
    alive = keys.c.revoked_at == "", or_(keys.c.expires_at == "", keys.c.expires_at > stamp(at))
    found = connection.execute(select(keys.c.origins).where(*alive)).scalars()
    return frozenset(name for names in found for name in names)
