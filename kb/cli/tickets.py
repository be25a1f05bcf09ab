"""`kb tickets`: what a help desk knows.

They open the home itself; what is read from files never leaves it unmasked.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from kb.cli.common import Json, app, err, loaded, narrowed, one_of, opened, out, print_json
from kb.errors import InvalidInput
from kb.models import EVERYTHING, MAIN, OPERATOR

if TYPE_CHECKING:
    from articles.tickets import Outcome
    from search.home import Home

tickets_app = typer.Typer(name="tickets", help="Tickets of a help desk, masked.", no_args_is_help=True)
app.add_typer(tickets_app)


@tickets_app.command("import")
def bring_in(
    file: Annotated[Path, typer.Argument(help="One JSON object a line, CSV with a header, or an mbox.")],
    format_: Annotated[
        Literal["jsonl", "csv", "mbox"] | None, typer.Option("--format", help="By the file's name without it.")
    ] = None,
    space: Annotated[str, typer.Option(help="Space of the tickets that name none.")] = MAIN,
    agent_domain: Annotated[str, typer.Option(help="Of mail: whoever writes from there is an agent.")] = "",
    json_: Json = False,
) -> None:
    """Bring tickets in, in place of those with their ids. Personal data is masked."""
    from articles import ticket_files
    from articles.tickets import Desk
    from kb.store import articles
    from kb.times import now

    with opened(loaded().settings) as home:
        with home.database.read() as connection:
            known = articles.published_rows(connection)
        desk = Desk(home.database, home.pseudonyms.of, known)
        found = ticket_files.read(file, format_, space=space, agent_domain=agent_domain)
        outcomes = list(desk.bring_in(found, OPERATOR, now()))
    _tell(outcomes, ticket_files.unread(file, format_), json_)


def _tell(outcomes: list[Outcome], unread: list[str], json_: bool) -> None:
    """
    Raises:
        typer.Exit: some could not be read.
    """
    failed = [outcome for outcome in outcomes if outcome.status == "failed"]
    counts: Counter[str] = Counter(outcome.status for outcome in outcomes)
    summary = {name: counts[name] for name in ("new", "replaced", "failed")}
    if json_:
        problems = [{"id": o.id, "source": o.source, "line": o.line, "message": o.message} for o in failed]
        print_json({**summary, "not_read": unread, "problems": problems})
    else:
        for outcome in failed:
            err.print(f"{outcome.source}:{outcome.line}: {outcome.message}", markup=False, soft_wrap=True)
        out.print(", ".join(f"{count} {name}" for name, count in summary.items()))
        if unread:
            out.print(f"not read: {', '.join(unread)}", markup=False)
    if failed:
        raise typer.Exit(1)


@tickets_app.command("list")
def listed(
    state: Annotated[str, typer.Option(help="open, pending, solved or closed.")] = "",
    product: Annotated[str, typer.Option(help="Only of this product.")] = "",
    locale: Annotated[str, typer.Option(help="Only in this locale.")] = "",
    space: Annotated[str, typer.Option(help="Only of this space.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 100,
    json_: Json = False,
) -> None:
    """List tickets, those longest without a change first."""
    from rich.markup import escape

    from kb.store import tickets

    one_of("state", state, tickets.STATES)
    wanted = tickets.Wanted(state, product, locale, space)
    with opened(loaded().settings) as home, home.database.read() as connection:
        narrowed(connection, home.settings, space=space, locale=locale, product=product)
        found = tickets.listed(connection, EVERYTHING, wanted, limit=limit)
    if json_:
        print_json({"tickets": [_plain(asdict(ticket)) for ticket in found]})
        return
    for ticket in found:
        articles = f" [dim]{escape(', '.join(ticket.linked))}[/]" if ticket.linked else ""
        out.print(f"[bold]{escape(ticket.id)}[/] {ticket.state:7} {escape(ticket.subject)}{articles}")


def _plain(ticket: dict[str, Any]) -> dict[str, Any]:
    """A ticket as the API shows it: without the pseudonym of who wrote it."""
    return {key: value for key, value in ticket.items() if key != "person"}


@tickets_app.command()
def erase(
    ticket: Annotated[str, typer.Option("--id", help="Only this ticket.")] = "",
    person: Annotated[
        str, typer.Option(help="All of somebody, by the e-mail address or id that they wrote under.")
    ] = "",
    json_: Json = False,
) -> None:
    """Erase a ticket, or a person's tickets, searches and what they did with the results."""
    if bool(ticket) == bool(person):
        raise InvalidInput("erase: say either --id or --person")
    with opened(loaded().settings) as home:
        gone = _erase(home, ticket, person)
    if json_:
        print_json(gone)
        return
    out.print("erased " + ", ".join(f"{count} {name}" for name, count in gone.items()))


def _erase(home: Home, ticket: str, person: str) -> dict[str, int]:
    from articles.tickets import Desk

    desk = Desk(home.database, home.pseudonyms.of)
    return desk.erase(ticket, OPERATOR) if ticket else desk.erase_person(person, OPERATOR)
