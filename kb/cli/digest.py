"""`kb digest`: what users are told, how they want it, and sending what is due."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.common import Json, app, loaded, look, opened, out, print_json
from kb.cli.jobs import run_here
from kb.errors import InvalidInput
from kb.models import OPERATOR
from kb.times import day
from kb.words import count

if TYPE_CHECKING:
    from articles.digests import Gathered, Wanted
    from kb.settings import Settings
    from kb.store import Connection
    from kb.store.digests import Subscription

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
digest_app = typer.Typer(help="What users are told of what needs them.", invoke_without_command=True)
app.add_typer(digest_app, name="digest")
UserId = Annotated[str, typer.Argument(metavar="USER", help="What they sign in with.")]


@digest_app.callback()
def shown(
    context: typer.Context,
    user: Annotated[str, typer.Option(help="Only this user's, as it would be sent.")] = "",
    json_: Json = False,
) -> None:
    """What would be sent now, when, and what nobody is told."""
    if context.invoked_subcommand:
        return
    from articles import digests
    from kb.store import digests as store

    now = datetime.now(UTC)
    with opened(loaded().settings) as home:
        look(home)
        with home.database.read() as connection:
            held = [store.subscription(connection, user)] if user else store.listed(connection)
            gathered = digests.Gathered(digests.SOURCES, now)
            told = [_told(connection, home.settings, one, gathered) for one in held]
            untold = {} if user else digests.untold(connection, gathered)
    if json_:
        print_json({"digests": told, "untold": untold})
    elif user:
        typer.echo(told[0]["text"])
    else:
        _print(told, untold)


def _told(connection: Connection, settings: Settings, held: Subscription, gathered: Gathered) -> dict[str, Any]:
    """What a user would be told, and when; without the secret."""
    from articles import digests
    from kb.errors import NotFound

    now = gathered.now
    found = digests.standing(connection, held, now)
    values = {
        **{"user": held.user_id, "channel": held.channel, "address": held.address, "rhythm": held.rhythm},
        **{"next_at": found.next_at, "told_at": found.told_at, "snoozed_until": held.snoozed_until},
        **{"snoozes": dict(found.snoozed), "error": held.error, "refused": held.refused},
        **{"attempts": found.attempts, "retry_at": found.retry_at},
    }
    try:
        return values | digests.preview(connection, held.user_id, settings, now, gathered=gathered).digest.as_json()
    except NotFound as error:  # they may not sign in any more
        return values | {"error": str(error), "next_at": "", "subject": "", "text": "", "items": [], "more": 0}


def _print(told: list[dict[str, Any]], untold: dict[str, int]) -> None:
    from rich.markup import escape

    for one in told:
        things = count(len(one["items"]), "thing")
        if later := one["more"]:
            things = f"{things}, {later:,} {'waits' if later == 1 else 'wait'} for a later week"
        when = f"next {one['next_at']}" if one["next_at"] else "never"
        error = f" [red]{escape(one['error'])}[/]{escape(_retry(one))}" if one["error"] else ""
        place = escape(f"{one['channel']} {one['address']}")
        out.print(f"[bold]{escape(one['user'])}[/] {things} · {one['rhythm']}, {when} · [dim]{place}[/]{error}")
    if not told:
        out.print("nobody is told anything: `kb digest subscribe USER --email ADDRESS`")
    for owner, number in untold.items():
        what = f"of {escape(owner)}" if owner else "without an owner"
        out.print(f"[yellow]{number:5}[/] {what}: told nobody")


def _retry(one: dict[str, Any]) -> str:
    """How often a message that is on its way was tried, and when it is tried again."""
    again = f", again at {one['retry_at']}" if one["retry_at"] else ""
    return f" (tried {count(one['attempts'], 'time')}{again})" if one["attempts"] else ""


@digest_app.command()
def send() -> None:
    """Send what is due now, here; the same that servers do by themselves."""
    from articles import digests
    from articles.health.run import Examiner
    from kb.jobs import Job

    with opened(loaded().settings) as home:
        examiner = Examiner(home)
        work = Job("digest", digests.SECONDS, lambda progress: digests.tell(examiner, datetime.now(UTC), progress))
        run_here(home.database, work)


@digest_app.command()
def subscribe(
    user: UserId,
    email: Annotated[str, typer.Option(help="Address of e-mail.")] = "",
    webhook: Annotated[str, typer.Option(help="https URL that gets it as JSON, signed.")] = "",
    secret_stdin: Annotated[
        bool, typer.Option("--secret-stdin", help="Read what the webhook is signed with from standard input.")
    ] = False,
    daily: Annotated[bool, typer.Option("--daily", help="Every day; so it is without another rhythm.")] = False,
    weekdays: Annotated[bool, typer.Option("--weekdays", help="Monday to Friday.")] = False,
    weekly: Annotated[str, typer.Option(help="Once a week: mon, tue, wed, thu, fri, sat or sun.")] = "",
    off: Annotated[bool, typer.Option("--off", help="Not for now; the rest is kept.")] = False,
    hour: Annotated[int, typer.Option(min=0, max=23, help="At which hour.")] = 9,
    zone: Annotated[str, typer.Option(help="Time zone of the hour, such as Asia/Seoul.")] = "UTC",
    language: Annotated[str, typer.Option(help="en or ko.")] = "en",
    most: Annotated[int, typer.Option(min=1, max=100, help="How many things at once.")] = 20,
    rest: Annotated[bool, typer.Option("--rest", help="Also what nobody else is told.")] = False,
    json_: Json = False,
) -> None:
    """Say how a user is told."""
    from articles import digests

    if bool(email) == bool(webhook):
        raise InvalidInput("email: name an address of e-mail or a webhook, and not both")
    rhythm = _rhythm(daily=daily, weekdays=weekdays, weekly=bool(weekly), off=off)
    wanted: Wanted = {
        "channel": "email" if email else "webhook",
        "address": email or webhook,
        "secret": sys.stdin.readline().rstrip("\r\n") if secret_stdin else "",
        "rhythm": rhythm,
        "weekday": _one_of("weekly", weekly or "mon", _DAYS),
        "hour": hour,
        "zone": zone,
        "language": "ko" if _one_of("language", language, ("en", "ko")) else "en",
        "most": most,
        "rest": rest,
    }
    now = datetime.now(UTC)
    with opened(loaded().settings) as home, home.database.write() as connection:
        held = digests.subscribe(connection, OPERATOR, user, wanted, now)
        found = digests.standing(connection, held, now)
    if json_:
        print_json({"user": held.user_id, "channel": held.channel, "rhythm": rhythm, "next_at": found.next_at})
    else:
        out.print(f"{held.user_id} is told {rhythm}" + (f", next {found.next_at}" if found.next_at else ""))


def _rhythm(**chosen: bool) -> Any:
    names = [name for name, is_chosen in chosen.items() if is_chosen]
    if len(names) > 1:
        raise InvalidInput(f"{names[1]}: there is {names[0]} already; a digest has one rhythm")
    return names[0] if names else "daily"


def _one_of(key: str, text: str, known: tuple[str, ...]) -> int:
    """The place of a word among those that are known."""
    if text not in known:
        raise InvalidInput(f"{key}: {text!r} is not one of {', '.join(known)}")
    return known.index(text)


@digest_app.command()
def snooze(
    user: UserId,
    until: Annotated[str, typer.Option(help="The day from which on they are told again, such as 2026-12-01.")] = "",
    item: Annotated[str, typer.Option(help="Only this item, by its key.")] = "",
    article: Annotated[str, typer.Option(help="Only this article.")] = "",
) -> None:
    """Tell a user nothing before a day; without a day, go on at once."""
    from articles import digests

    begins = day(until, "until") if until else None
    with opened(loaded().settings) as home, home.database.write() as connection:
        digests.snooze(connection, user, begins, datetime.now(UTC), item=item, article=article)
    out.print(f"{user} hears " + (f"nothing of it before {until}" if until else "of it again"))


@digest_app.command()
def unsubscribe(user: UserId) -> None:
    """Tell a user no more."""
    from kb.store import digests as store

    with opened(loaded().settings) as home, home.database.write() as connection:
        store.unsubscribe(connection, OPERATOR, user)
    out.print(f"{user} is told no more")
