"""Users, the groups that they read with, and the sessions of those who signed in.

A group is an audience by another name. No password comes here, only its hash (`kb.passwords`), and of a session only
hashes of what its browser holds. What a session may do is decided where it is used (`api.access`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, TypedDict

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from kb.errors import Conflict, InvalidInput, NotFound, Unauthorized
from kb.models import AGENTS, EVERYTHING, PUBLIC, Actor
from kb.rights import Role
from kb.store import audit, spaces
from kb.store.schema import articles, groups, keys, media, sessions, users
from kb.times import now, stamp

SESSION = timedelta(hours=12)
RESERVED = frozenset({PUBLIC, AGENTS, "internal"})  # audiences that a role gives, or another word for one


@dataclass(frozen=True)
class User:
    """An account. `groups` are audiences beside those of the role; `spaces` None is every space."""

    id: str
    name: str
    role: Role
    groups: tuple[str, ...]
    spaces: tuple[str, ...] | None
    disabled: bool
    at: str


class Changes(TypedDict, total=False):
    """What is to be another value from now on. `password` is a hash."""

    name: str
    role: Role
    groups: Sequence[str]
    spaces: Sequence[str] | None
    disabled: bool
    password: str


@dataclass(frozen=True)
class Group:
    """An audience that articles, users and keys may name."""

    id: str
    name: str
    at: str


@dataclass(frozen=True)
class Session:
    """Somebody who is signed in. `csrf` is the SHA-256 of the token that every write must carry."""

    user: User
    csrf: bytes
    expires_at: str


def one_line(key: str, text: str) -> str:
    """A name without space around it.

    Raises:
        InvalidInput: it is empty, or has what cannot be printed: a line break, a terminal's control sequence.
    """
    text = unicodedata.normalize("NFC", text).strip()
    if not text or not text.isprintable():
        raise InvalidInput(f"{key}: {text!r} is not a line of text")
    return text


def known_rights(connection: Connection, group_ids: Iterable[str], space_ids: Iterable[str] | None) -> dict[str, Any]:
    """Groups and spaces as columns, in order. A misspelt one would give no right, and nobody would know.

    Raises:
        InvalidInput: there is no such group or space.
    """
    wanted = {"groups": sorted(set(group_ids)), "spaces": None if space_ids is None else sorted(set(space_ids))}
    known = {
        "groups": set(connection.execute(select(groups.c.id)).scalars()),
        "spaces": {space.id for space in spaces.listed(connection, EVERYTHING)},
    }
    for noun, names in wanted.items():
        for name in names or ():
            if name not in known[noun]:
                raise InvalidInput(f"{noun}: there is no {name!r}")
    return dict(wanted)


# --- users ---------------------------------------------------------------------------------------------------


def canonical(user_id: str) -> str:
    """What a user signs in with, as it is stored: in lower case, whichever keyboard wrote it."""
    return unicodedata.normalize("NFC", user_id.strip().lower())


def add_user(
    connection: Connection,
    actor: Actor,
    user_id: str,
    *,
    role: Role,
    password: str,
    name: str = "",
    group_ids: Iterable[str] = (),
    space_ids: Iterable[str] | None = None,
) -> User:
    """Make an account; `password` is a hash, and a user without a name is called by the id.

    Raises:
        InvalidInput: no such group or space, or an id with a space or a slash in it.
        Conflict: there is a user of that id.
    """
    user_id = one_line("id", canonical(user_id))
    if any(char.isspace() or char == "/" for char in user_id):
        raise InvalidInput(f"id: {user_id!r} has a space or a slash in it")
    if connection.execute(select(users.c.id).where(users.c.id == user_id)).scalar():
        raise Conflict(f"there is a user {user_id!r}")
    rights = {"role": role, **known_rights(connection, group_ids, space_ids)}
    values = {"id": user_id, "name": one_line("name", name or user_id), "password": password, "disabled": False}
    connection.execute(insert(users).values(**values, **rights, at=now()))
    audit.record(connection, actor, "user.create", [f"user:{user_id}"], **rights)
    return get_user(connection, user_id)


def get_user(connection: Connection, user_id: str) -> User:
    """Raises: NotFound."""
    row = connection.execute(_USERS.where(users.c.id == canonical(user_id))).one_or_none()
    if row is None:
        raise NotFound(f"no user {user_id!r}")
    return _user(row._asdict())


def list_users(connection: Connection, *, after: str = "", limit: int = 1000) -> list[User]:
    """Users in the order of their ids, those after one."""
    query = _USERS.where(users.c.id > after).order_by(users.c.id).limit(limit)
    return [_user(row._asdict()) for row in connection.execute(query)]


_USERS = select(*(users.c[name] for name in User.__dataclass_fields__))


def _user(values: dict[str, Any]) -> User:
    held = values["spaces"]
    return User(**{**values, "groups": tuple(values["groups"]), "spaces": None if held is None else tuple(held)})


def change_user(connection: Connection, actor: Actor, user_id: str, changes: Changes) -> User:
    """Change an account. Another password or role, and disabling it, end its sessions.

    Raises:
        NotFound: no such user.
        InvalidInput: no such group or space.
        Conflict: nobody would be left who may administer.
    """
    held = get_user(connection, user_id)
    wanted: dict[str, Any] = {**changes}
    if "name" in wanted:
        wanted["name"] = one_line("name", wanted["name"])
    rights = known_rights(connection, wanted.get("groups", ()), wanted.get("spaces"))
    wanted |= {key: rights[key] for key in rights.keys() & wanted.keys()}
    before = {**asdict(held), "groups": list(held.groups), "spaces": None if held.spaces is None else list(held.spaces)}
    differs = {key: value for key, value in wanted.items() if key == "password" or before[key] != value}
    if differs:
        connection.execute(update(users).where(users.c.id == held.id).values(differs))
        _keep_an_admin(connection, held)
        told = {key: value for key, value in differs.items() if key != "password"}
        audit.record(connection, actor, "user.update", [f"user:{held.id}"], **told, password="password" in differs)
    if differs.keys() & {"password", "role"} or differs.get("disabled"):
        connection.execute(delete(sessions).where(sessions.c.user_id == held.id))
    return get_user(connection, held.id)


def remove_user(connection: Connection, actor: Actor, user_id: str) -> None:
    """Delete an account and its sessions; what it did stays in the audit log under its id.

    Raises:
        NotFound: no such user.
        Conflict: nobody would be left who may administer.
    """
    held = get_user(connection, user_id)
    connection.execute(delete(users).where(users.c.id == held.id))
    _keep_an_admin(connection, held)
    audit.record(connection, actor, "user.delete", [f"user:{held.id}"])


def _keep_an_admin(connection: Connection, before: User) -> None:
    """Refuse, and so undo, a change after which nobody has the rights that this user had to administer."""
    if before.role != "admin" or before.disabled:
        return
    people = select(func.count()).where(users.c.role == "admin", ~users.c.disabled)
    alive = keys.c.revoked_at == "", or_(keys.c.expires_at == "", keys.c.expires_at > now())
    scopes = connection.execute(select(keys.c.scopes).where(*alive)).scalars()
    if not connection.execute(people).scalar_one() and not any("admin" in held for held in scopes):
        raise Conflict(f"user {before.id!r} is the last who may administer: make another first")


# --- groups --------------------------------------------------------------------------------------------------


def add_group(connection: Connection, actor: Actor, group_id: str, name: str = "") -> Group:
    """Make a group; one without a name is called by its id.

    Raises:
        InvalidInput: the id is reserved, or not in lower case, or has a space in it.
        Conflict: there is a group of that id.
    """
    group_id = one_line("id", group_id)
    if group_id in RESERVED:
        raise InvalidInput(f"id: {group_id!r} is an audience that every team has")
    if group_id != group_id.lower() or any(char.isspace() or char == "/" for char in group_id):
        raise InvalidInput(f"id: {group_id!r} is not in lower case without spaces and slashes")
    if connection.execute(select(groups.c.id).where(groups.c.id == group_id)).scalar():
        raise Conflict(f"there is a group {group_id!r}")
    made = Group(group_id, one_line("name", name or group_id), now())
    connection.execute(insert(groups).values(asdict(made)))
    audit.record(connection, actor, "group.create", [f"group:{group_id}"])
    return made


def list_groups(connection: Connection, *, after: str = "", limit: int = 1000) -> list[Group]:
    """Groups in the order of their ids, those after one."""
    query = select(groups).where(groups.c.id > after).order_by(groups.c.id).limit(limit)
    return [Group(**row._asdict()) for row in connection.execute(query)]


def remove_group(connection: Connection, actor: Actor, group_id: str) -> None:
    """Delete a group that nothing names any more.

    Raises:
        NotFound: no such group.
        Conflict: something names it; the message says what and how many.
    """
    if not connection.execute(delete(groups).where(groups.c.id == group_id)).rowcount:
        raise NotFound(f"no group {group_id!r}")
    used = {noun: count for noun, count in _uses(connection, group_id) if count}
    if used:
        raise Conflict(f"group {group_id!r} is in use: " + ", ".join(f"{noun}: {used[noun]}" for noun in used))
    audit.record(connection, actor, "group.delete", [f"group:{group_id}"])


def _uses(connection: Connection, group_id: str) -> Iterable[tuple[str, int]]:
    for noun, table in (("articles", articles), ("media", media)):
        yield noun, connection.execute(select(func.count()).where(table.c.audience == group_id)).scalar_one()
    for noun, query in (
        ("users", select(users.c.groups)),
        ("keys", select(keys.c.groups).where(keys.c.revoked_at == "")),
    ):
        yield noun, sum(group_id in held for held in connection.execute(query).scalars())


# --- sessions ------------------------------------------------------------------------------------------------


def password_of(connection: Connection, user_id: str) -> str:
    """The hash of a user's password; "" where nobody of that id may sign in."""
    query = select(users.c.password).where(users.c.id == canonical(user_id), ~users.c.disabled)
    return connection.execute(query).scalar() or ""


def rehash_password(connection: Connection, user_id: str, old: str, new: str) -> None:
    """Keep the same password under today's parameters, unless it was changed meanwhile."""
    same = users.c.id == canonical(user_id), users.c.password == old
    connection.execute(update(users).where(*same).values(password=new))


def csrf_token(cookie: str) -> str:
    """The token of the session of a cookie: whoever holds the cookie can make it, a page that cannot read it cannot."""
    made = hmac.digest(cookie.encode(), b"csrf", "sha256")
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def begin_session(
    connection: Connection, actor: Actor, user: User, verified: str, cookie: str, at: datetime
) -> Session:
    """Sign a user in. `cookie` is fresh and random; `verified` is the hash that their password was checked against.

    Raises:
        Unauthorized: they were disabled, or got another password, since it was checked.
    """
    if not verified or password_of(connection, user.id) != verified:
        raise Unauthorized("no such user, or another password")
    connection.execute(delete(sessions).where(sessions.c.expires_at <= stamp(at)))
    made = Session(user, digest(csrf_token(cookie)), stamp(at + SESSION))
    values = {"hash": digest(cookie), "user_id": user.id, "csrf": made.csrf}
    connection.execute(insert(sessions).values(**values, at=stamp(at), expires_at=made.expires_at))
    audit.record(connection, actor, "session.begin", [f"user:{user.id}"])
    return made


def find_session(connection: Connection, cookie: str, at: datetime) -> Session | None:
    """The session of a cookie, unless it has ended."""
    query = (
        select(*_USERS.selected_columns, sessions.c.csrf, sessions.c.expires_at)
        .join(sessions, sessions.c.user_id == users.c.id)
        .where(sessions.c.hash == digest(cookie), sessions.c.expires_at > stamp(at), ~users.c.disabled)
    )
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    values = dict(row)
    csrf, expires_at = values.pop("csrf"), values.pop("expires_at")
    return Session(_user(values), csrf, expires_at)


def end_session(connection: Connection, actor: Actor, cookie: str) -> None:
    """Sign out; nothing where nobody was signed in."""
    ended = delete(sessions).where(sessions.c.hash == digest(cookie)).returning(sessions.c.user_id)
    for user_id in connection.execute(ended).scalars().all():
        audit.record(connection, actor, "session.end", [f"user:{user_id}"])


def digest(secret: str) -> bytes:
    """What is stored of a secret that is random and long: its SHA-256. It needs no slow hash."""
    return hashlib.sha256(secret.encode()).digest()
