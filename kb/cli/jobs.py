"""`kb jobs`: what servers over this home do again and again."""

from __future__ import annotations

from typing import Annotated

import typer

from kb.cli.common import Json, app, loaded, opened, out, print_json
from kb.models import OPERATOR
from kb.times import now

_COLOURS = {"running": "green", "failed": "red", "lapsed": "yellow", "cancelled": "yellow"}
_jobs = typer.Typer(help="What servers over this home do again and again.", invoke_without_command=True)
app.add_typer(_jobs, name="jobs")
Name = Annotated[str, typer.Argument(help="A job of `kb jobs`.")]


@_jobs.callback()
def listed(context: typer.Context, json_: Json = False) -> None:
    """List the jobs: when each is due, what it does, and how its last run ended."""
    if context.invoked_subcommand:
        return
    from rich.markup import escape

    from kb.store import jobs

    with opened(loaded().settings) as home, home.database.read() as connection:
        rows = [(row, row.state(now())) for row in jobs.listed(connection)]
    if json_:
        print_json({"jobs": [{**vars(row), "state": state} for row, state in rows]})
        return
    if not rows:
        out.print("no jobs: no server ran over this home yet")
    for row, state in rows:
        said = f"[red]{escape(row.error)}[/]" if row.error else escape(row.progress)
        colour = _COLOURS.get(state, "dim")
        out.print(
            f"[bold]{row.name:9}[/] [{colour}]{state:9}[/] due {row.due_at} [dim]last {row.finished_at}[/] {said}"
        )


@_jobs.command()
def run(name: Name) -> None:
    """Make a job due now: a server over this home starts it within a second."""
    from kb.store import audit, jobs

    with opened(loaded().settings) as home, home.database.write() as connection:
        jobs.run_now(connection, name, now())
        audit.record(connection, OPERATOR, "job.run", [f"job:{name}"])
    out.print(f"{name} is due now: a server over this home starts it within a second")


@_jobs.command()
def cancel(name: Name) -> None:
    """Ask a running job to end. It is due again at its next time."""
    from kb.store import audit, jobs

    with opened(loaded().settings) as home, home.database.write() as connection:
        jobs.cancel(connection, name, now())
        audit.record(connection, OPERATOR, "job.cancel", [f"job:{name}"])
    out.print(f"{name} is asked to end")
