"""Keys, users, groups, sessions, and the audit log of what they did."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any, cast
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.access import COOKIE, Admin, Anyone, Visitor, actor_of, address
from api.conventions import Cursor, Limit, from_cursor, page
from api.idempotency import Once, without_replay
from api.problems import problems
from api.state import Kb, State
from kb import passwords
from kb.errors import Unauthorized
from kb.models import Actor
from kb.store import audit, keys, people
from kb.store.people import Changes, Session
from kb.wire.people import (
    AuditEntryOut,
    AuditOut,
    GroupIn,
    GroupOut,
    GroupsOut,
    KeyIn,
    KeyOut,
    KeysOut,
    NewKeyOut,
    SessionOut,
    SignIn,
    UserIn,
    UserOut,
    UserPatch,
    UsersOut,
)

router = APIRouter(responses=problems(), route_class=Once)
_plain = APIRouter(dependencies=[Depends(without_replay)])  # what carries a secret
KeyId = Annotated[str, Path(max_length=200)]
UserId = Annotated[str, Path(max_length=200, examples=["kim@example.com"])]
GroupId = Annotated[str, Path(max_length=200)]


# --- keys ----------------------------------------------------------------------------------------------------


@router.get("/v1/keys", tags=["keys"])
def list_keys(kb: Kb, actor: Admin, limit: Limit = 50, cursor: Cursor = "") -> KeysOut:
    """The keys, the oldest first, also those that count no more. No secret is among it."""
    (after,) = from_cursor(cursor, "")
    with kb.home.database.read() as connection:
        shown, following = page(keys.listed(connection, after=after, limit=limit + 1), limit, lambda key: (key.id,))
    return KeysOut(keys=[KeyOut(**asdict(key)) for key in shown], next=following)


@_plain.post("/v1/keys", tags=["keys"], status_code=201)
def create_key(kb: Kb, actor: Admin, body: KeyIn, response: Response) -> NewKeyOut:
    """Make a key. The answer shows it; nobody can see it again."""
    with kb.home.database.write() as connection:
        made, text = keys.create(
            connection,
            actor,
            datetime.now(UTC),
            name=body.name,
            role=body.role,
            scopes=body.scopes,
            group_ids=body.groups,
            space_ids=body.spaces,
            origins=body.origins,
            expires_at=body.expires_at,
        )
    response.headers.update({"Location": f"/v1/keys/{made.id}", "Cache-Control": "no-store"})
    return NewKeyOut(**asdict(made), key=text)


@router.get("/v1/keys/{key_id}", tags=["keys"], responses=problems(404))
def get_key(kb: Kb, actor: Admin, key_id: KeyId) -> KeyOut:
    """A key, without its secret."""
    with kb.home.database.read() as connection:
        return KeyOut(**asdict(keys.get(connection, key_id)))


@router.delete("/v1/keys/{key_id}", tags=["keys"], status_code=204, responses=problems(404))
def revoke_key(kb: Kb, actor: Admin, key_id: KeyId) -> None:
    """Let a key count no more, from now on. It stays in the list."""
    with kb.home.database.write() as connection:
        keys.revoke(connection, actor, key_id, datetime.now(UTC))


# --- users ---------------------------------------------------------------------------------------------------


@router.get("/v1/users", tags=["users"])
def list_users(kb: Kb, actor: Admin, limit: Limit = 50, cursor: Cursor = "") -> UsersOut:
    """The users, in the order of their ids."""
    (after,) = from_cursor(cursor, "")
    with kb.home.database.read() as connection:
        shown, following = page(people.list_users(connection, after=after, limit=limit + 1), limit, lambda u: (u.id,))
    return UsersOut(users=[UserOut(**asdict(user)) for user in shown], next=following)


@_plain.post("/v1/users", tags=["users"], status_code=201, responses=problems(409))
def create_user(kb: Kb, actor: Admin, body: UserIn, response: Response) -> UserOut:
    """Make an account that can sign in."""
    password = passwords.hashed(body.password, body.id)
    with kb.home.database.write() as connection:
        made = people.add_user(
            connection,
            actor,
            body.id,
            role=body.role,
            password=password,
            name=body.name,
            group_ids=body.groups,
            space_ids=body.spaces,
        )
    response.headers["Location"] = f"/v1/users/{quote(made.id, safe='@')}"
    return UserOut(**asdict(made))


@router.get("/v1/users/{user_id}", tags=["users"], responses=problems(404))
def get_user(kb: Kb, actor: Admin, user_id: UserId) -> UserOut:
    """A user."""
    with kb.home.database.read() as connection:
        return UserOut(**asdict(people.get_user(connection, user_id)))


@router.patch("/v1/users/{user_id}", tags=["users"], responses=problems(404, 409))
def change_user(kb: Kb, actor: Admin, user_id: UserId, body: UserPatch) -> UserOut:
    """Change some of a user. The last who may administer stays so."""
    sent = body.model_dump(exclude_unset=True)
    changes = cast(Changes, {key: value for key, value in sent.items() if value is not None or key == "spaces"})
    if "password" in changes:
        changes["password"] = passwords.hashed(changes["password"], people.canonical(user_id))
    with kb.home.database.write() as connection:
        return UserOut(**asdict(people.change_user(connection, actor, user_id, changes)))


@router.delete("/v1/users/{user_id}", tags=["users"], status_code=204, responses=problems(404, 409))
def remove_user(kb: Kb, actor: Admin, user_id: UserId) -> None:
    """Remove an account. What it did stays in the audit log under its id."""
    with kb.home.database.write() as connection:
        people.remove_user(connection, actor, user_id)


# --- groups --------------------------------------------------------------------------------------------------


@router.get("/v1/groups", tags=["groups"])
def list_groups(kb: Kb, actor: Admin, limit: Limit = 50, cursor: Cursor = "") -> GroupsOut:
    """The groups, in the order of their ids."""
    (after,) = from_cursor(cursor, "")
    with kb.home.database.read() as connection:
        shown, following = page(people.list_groups(connection, after=after, limit=limit + 1), limit, lambda g: (g.id,))
    return GroupsOut(groups=[GroupOut(**asdict(group)) for group in shown], next=following)


@router.post("/v1/groups", tags=["groups"], status_code=201, responses=problems(409))
def create_group(kb: Kb, actor: Admin, body: GroupIn, response: Response) -> GroupOut:
    """Make an audience that articles, users and keys may name."""
    with kb.home.database.write() as connection:
        made = people.add_group(connection, actor, body.id, body.name)
    response.headers["Location"] = f"/v1/groups/{quote(made.id, safe='')}"
    return GroupOut(**asdict(made))


@router.delete("/v1/groups/{group_id}", tags=["groups"], status_code=204, responses=problems(404, 409))
def remove_group(kb: Kb, actor: Admin, group_id: GroupId) -> None:
    """Remove a group that nothing names any more."""
    with kb.home.database.write() as connection:
        people.remove_group(connection, actor, group_id)


# --- sessions ------------------------------------------------------------------------------------------------


@router.get("/v1/session", tags=["session"])
def get_session(request: Request, visitor: Visitor, response: Response) -> SessionOut:
    """Who asks, by a key or a session, and the token that the session's writes carry."""
    if visitor.actor.name == "anonymous":
        raise Unauthorized("nobody is signed in")
    response.headers["Cache-Control"] = "no-store"
    return _session(visitor.actor, visitor.session, request.cookies.get(COOKIE, ""))


@_plain.post("/v1/session", tags=["session"], status_code=201)
def sign_in(kb: Kb, request: Request, response: Response, body: SignIn) -> SessionOut:
    """Sign in: sets the cookie `kb_session` for 12 hours, and answers with the token for writes."""
    user_id, verified = _verified(kb, request, body)
    cookie, held = secrets.token_urlsafe(32), request.cookies.get(COOKIE, "")
    with kb.home.database.write() as connection:
        user = people.get_user(connection, user_id)
        actor = actor_of(request, user)
        people.end_session(connection, actor, held)
        made = people.begin_session(connection, actor, user, verified, cookie, datetime.now(UTC))
    seconds = int(people.SESSION.total_seconds())
    set_cookie(request, response, cookie, seconds)
    response.headers.update({"Location": "/v1/session", "Cache-Control": "no-store"})
    return _session(actor, made, cookie)


def _verified(kb: State, request: Request, body: SignIn) -> tuple[str, str]:
    """The id of a user whose password it is, and the hash that it was checked against.

    Raises:
        TooMany: tried too often.
        Unauthorized: no such user, another password, or an account that is disabled: never told apart.
    """
    user_id, limiter = people.canonical(body.user), request.state.limiter
    limiter.attempt(user_id, address(request))
    with kb.home.database.read() as connection:
        stored = people.password_of(connection, user_id)
    if not passwords.matches(stored, body.password):
        raise Unauthorized("no such user, or another password")
    limiter.forget(user_id)
    if not passwords.outdated(stored):
        return user_id, stored
    renewed = passwords.hashed(body.password, user_id)
    with kb.home.database.write() as connection:
        people.rehash_password(connection, user_id, stored, renewed)
    return user_id, renewed


@router.delete("/v1/session", tags=["session"], status_code=204)
def sign_out(kb: Kb, request: Request, actor: Anyone, response: Response) -> None:
    """Sign out. Other sessions of the user go on."""
    with kb.home.database.write() as connection:
        people.end_session(connection, actor, request.cookies.get(COOKIE, ""))
    set_cookie(request, response, "", 0)


def set_cookie(request: Request, response: Response, cookie: str, seconds: int) -> None:
    """In a frame of a help desk, a browser keeps only a cookie of that desk's partition (CHIPS), and only by https."""
    kb: State = request.app.state.kb
    secure = request.url.scheme == "https"
    framed = secure and bool(kb.settings.frame_origins)
    options: dict[str, Any] = {"secure": secure, "httponly": True, "samesite": "none" if framed else "lax"}
    response.set_cookie(COOKIE, cookie, max_age=seconds, path="/", **options)
    if framed:  # http.cookies knows it from Python 3.14 on
        response.headers["Set-Cookie"] += "; Partitioned"


def _session(actor: Actor, session: Session | None, cookie: str) -> SessionOut:
    rights = {"scopes": actor.scopes, "audiences": actor.reader.audiences, "spaces": actor.reader.spaces}
    found = SessionOut.model_validate(
        {"actor": actor.name, **{key: None if held is None else sorted(held) for key, held in rights.items()}}
    )
    if session:
        found.user = UserOut(**asdict(session.user))
        found.csrf_token = people.csrf_token(cookie)
        found.expires_at = session.expires_at
    return found


# --- the audit log -------------------------------------------------------------------------------------------


@router.get("/v1/audit", tags=["audit"])
def list_audit(
    kb: Kb,
    admin: Admin,
    object_: Annotated[str, Query(alias="object", max_length=600, examples=["article:refunds"])] = "",
    actor: Annotated[str, Query(max_length=220, examples=["user:kim@example.com"])] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> AuditOut:
    """Who changed what, the newest first; of articles, only those that the reader may read."""
    (before,) = from_cursor(cursor, 0)
    with kb.home.database.read() as connection:
        wanted = {"object_": object_, "actor": actor}
        found = list(audit.entries(connection, admin.reader, **wanted, before=before, limit=limit + 1))
    shown, following = page(found, limit, lambda entry: (entry.id,))
    return AuditOut(entries=[AuditEntryOut(**asdict(entry)) for entry in shown], next=following)


router.include_router(_plain)
