"""`kb keys`, `kb users`, `kb groups`, `kb audit`: who may use a home, and what they did with it.

They open the home itself, so they work where nobody can sign in yet.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.common import Json, app, loaded, opened, out, plain, print_json
from kb.errors import InvalidInput
from kb.models import EVERYTHING, OPERATOR
from kb.rights import Role

if TYPE_CHECKING:
    from kb.store import Connection, Database
    from kb.store.keys import Key
    from kb.store.people import Changes, User

keys_app = typer.Typer(name="keys", help="API keys.", no_args_is_help=True)
users_app = typer.Typer(name="users", help="People who sign in.", no_args_is_help=True)
groups_app = typer.Typer(name="groups", help="Audiences beside public and agents.", no_args_is_help=True)
for part in (keys_app, users_app, groups_app):
    app.add_typer(part)

RoleOf = Annotated[Role, typer.Option("--role", help="What they may do.")]
Groups = Annotated[list[str] | None, typer.Option("--group", help="A group whose articles they read, too.")]
Spaces = Annotated[list[str] | None, typer.Option("--space", help="Only this space; every one without it.")]
PasswordStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


@contextmanager
def _database() -> Iterator[Database]:
    with opened(loaded().settings) as home:
        yield home.database


@contextmanager
def _writing() -> Iterator[Connection]:
    with _database() as database, database.write() as connection:
        yield connection


@keys_app.command("create")
def create_key(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    role: RoleOf,
    group: Groups = None,
    space: Spaces = None,
    origin: Annotated[
        list[str] | None, typer.Option(help="A web page's scheme://host that may use it; role customer only.")
    ] = None,
    expires: Annotated[str | None, typer.Option(help="After how many days it ends, such as 90d.")] = None,
    json_: Json = False,
) -> None:
    """Make a key. It is printed this once."""
    from kb.store import keys

    at = datetime.now(UTC)
    end = at + _days(expires) if expires else None
    with _writing() as connection:
        made, text = keys.create(
            connection,
            OPERATOR,
            at,
            name=name,
            role=role,
            group_ids=group or (),
            space_ids=space or None,
            origins=origin or (),
            expires_at=end,
        )
    if json_:
        print_json({**asdict(made), "key": text})
        return
    typer.echo(text)
    out.print(f"[dim]key {made.id}: keep it now, it is not shown again[/]")


def _days(text: str) -> timedelta:
    match = re.fullmatch(r"([1-9]\d{0,4})d", text)
    if match is None:
        raise InvalidInput(f"expires: {text!r} is not a number of days such as 90d")
    return timedelta(days=int(match[1]))


@keys_app.command("list")
def list_keys(json_: Json = False) -> None:
    """Every key, the oldest first, without its secret."""
    from kb.store import keys

    with _database() as database, database.read() as connection:
        found = keys.listed(connection)
    if json_:
        print_json({"keys": [asdict(key) for key in found]})
        return
    for key in found:
        _print(key.id, key.name, key.role, _rights(key), _life(key))


def _life(key: Key) -> str:
    if key.revoked_at:
        return f"revoked {key.revoked_at}"
    return " ".join([f"used {key.last_used_at or 'never'}", f"until {key.expires_at}" if key.expires_at else ""])


@keys_app.command("revoke")
def revoke_key(key_id: Annotated[str, typer.Argument(metavar="ID")], json_: Json = False) -> None:
    """Let a key count no more, from now on."""
    from kb.store import keys

    with _writing() as connection:
        keys.revoke(connection, OPERATOR, key_id, datetime.now(UTC))
        held = keys.get(connection, key_id)
    _tell(asdict(held), f"revoked key {held.id}", json_)


@users_app.command("create")
def create_user(
    user_id: Annotated[str, typer.Argument(metavar="ID", help="What they sign in with.")],
    role: RoleOf,
    name: Annotated[str, typer.Option(help="What they are called.")] = "",
    group: Groups = None,
    space: Spaces = None,
    password_stdin: PasswordStdin = False,
    json_: Json = False,
) -> None:
    """Make an account. The password is asked for."""
    from kb import passwords
    from kb.store import people

    password = passwords.hashed(_password(password_stdin), user_id)
    with _writing() as connection:
        made = people.add_user(
            connection,
            OPERATOR,
            user_id,
            role=role,
            password=password,
            name=name,
            group_ids=group or (),
            space_ids=space or None,
        )
    _tell(asdict(made), f"made user {made.id}", json_)


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return typed


@users_app.command("list")
def list_users(json_: Json = False) -> None:
    """Every user."""
    from kb.store import people

    with _database() as database, database.read() as connection:
        found = people.list_users(connection)
    if json_:
        print_json({"users": [asdict(user) for user in found]})
        return
    for user in found:
        _print(user.id, user.name, user.role, _rights(user), "disabled" if user.disabled else "")


@users_app.command("disable")
def disable_user(
    user_id: Annotated[str, typer.Argument(metavar="ID")],
    undo: Annotated[bool, typer.Option("--undo", help="Let them sign in again.")] = False,
    json_: Json = False,
) -> None:
    """Let a user sign in no more; their sessions end."""
    _change(user_id, {"disabled": not undo}, "enabled" if undo else "disabled", json_)


@users_app.command("password")
def set_password(
    user_id: Annotated[str, typer.Argument(metavar="ID")],
    password_stdin: PasswordStdin = False,
    json_: Json = False,
) -> None:
    """Give a user another password; their sessions end."""
    from kb import passwords

    password = passwords.hashed(_password(password_stdin), user_id)
    _change(user_id, {"password": password}, "another password for", json_)


def _change(user_id: str, changes: Changes, done: str, json_: bool) -> None:
    from kb.store import people

    with _writing() as connection:
        held = people.change_user(connection, OPERATOR, user_id, changes)
    _tell(asdict(held), f"{done} user {held.id}", json_)


@groups_app.command("create")
def create_group(
    group_id: Annotated[str, typer.Argument(metavar="ID", help="The audience's name, in lower case.")],
    name: Annotated[str, typer.Option(help="What it is called.")] = "",
    json_: Json = False,
) -> None:
    """Make an audience that articles, users and keys may name."""
    from kb.store import people

    with _writing() as connection:
        made = people.add_group(connection, OPERATOR, group_id, name)
    _tell(asdict(made), f"made group {made.id}", json_)


@groups_app.command("list")
def list_groups(json_: Json = False) -> None:
    """Every group."""
    from kb.store import people

    with _database() as database, database.read() as connection:
        found = people.list_groups(connection)
    if json_:
        print_json({"groups": [asdict(group) for group in found]})
        return
    for group in found:
        _print(group.id, group.name)


@groups_app.command("delete")
def delete_group(group_id: Annotated[str, typer.Argument(metavar="ID")], json_: Json = False) -> None:
    """Remove a group that nothing names any more."""
    from kb.store import people

    with _writing() as connection:
        people.remove_group(connection, OPERATOR, group_id)
    _tell({"id": group_id, "deleted": True}, f"deleted group {group_id}", json_)


@app.command()
def audit(
    object_: Annotated[str, typer.Option("--object", help="Only this, such as key:3kTx0aLmQ9Zp.")] = "",
    actor: Annotated[str, typer.Option(help="Only what they did, such as user:kim@example.com.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many entries at most.")] = 50,
    json_: Json = False,
) -> None:
    """Who changed what, the newest first."""
    from kb.store import audit as log

    with _database() as database, database.read() as connection:
        found = list(log.entries(connection, EVERYTHING, object_=object_, actor=actor, limit=limit))
    if json_:
        print_json({"entries": [asdict(entry) for entry in found]})
        return
    for entry in found:
        said = {key: value for key, value in entry.details.items() if value not in (None, "", [])}
        details = " · ".join(f"{key} {plain(value)}" for key, value in said.items())
        _print(entry.at, entry.actor, entry.action, entry.object, entry.address, details)


def _rights(held: Key | User) -> str:
    spaces = "" if held.spaces is None else "spaces " + ", ".join(held.spaces)
    return " ".join(filter(None, ["groups " + ", ".join(held.groups) if held.groups else "", spaces]))


def _print(*words: str) -> None:
    from rich.markup import escape

    out.print("  ".join(escape(word) for word in words if word))


def _tell(value: dict[str, Any], done: str, json_: bool) -> None:
    if json_:
        print_json(value)
    else:
        _print(done)
