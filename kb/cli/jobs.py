"""`kb jobs`: what servers over this home do again and again."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from kb.cli import remote
from kb.cli.common import Json, app, library_of, loaded, opened, out, print_json
from kb.client import admin
from kb.errors import KbError, NotFound
from kb.models import OPERATOR
from kb.times import now

if TYPE_CHECKING:
    from kb.client import Client
    from kb.jobs import Job
    from kb.store import Database

_COLOURS = {"running": "green", "failed": "red", "lapsed": "yellow", "cancelled": "yellow"}
_POLL = 0.5  # seconds between two looks at how far a server is
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
        said = f"[red]{escape(row.error)}[/]" if row.error else escape(_said(row.progress, row.fraction))
        head = f"[bold]{row.name:9}[/] [{_COLOURS.get(state, 'dim')}]{state:9}[/]"
        out.print(f"{head} due {row.due_at} [dim]last {row.finished_at or '-'}[/] {said}")


def _said(progress: str, fraction: float | None) -> str:
    return progress if fraction is None else f"{progress} ({fraction:.0%})"


@_jobs.command("history")
def history(name: Name, json_: Json = False) -> None:
    """The last runs of a job, the newest first, and how each ended."""
    from rich.markup import escape

    from kb.store import jobs

    with opened(loaded().settings) as home, home.database.read() as connection:
        found = jobs.runs(connection, name)
    if json_:
        print_json({"runs": [vars(run) for run in found]})
        return
    for run in found:
        colour, words = _COLOURS.get(run.state, "dim"), run.error or run.progress
        out.print(f"{run.started_at} [{colour}]{run.state:9}[/] {run.finished_at or '…':24} {escape(words)}")


@_jobs.command()
def run(name: Name) -> None:
    """Run a job now: a server over this home does it if there is one, else this command itself, to its end."""
    settings = loaded().settings
    if client := remote.server(settings):
        with client:
            client.send(admin.run_job(name))
        out.print(f"{name} is due now: the server starts it within a second")
        return
    from api.caretaker import Jobs
    from articles.health.run import Examiner

    with opened(settings) as home:
        examiner = Examiner(home)
        known = {job.name: job for job in Jobs(home, library_of(home), examiner).all()}
        if name not in known:
            raise NotFound(f"no job {name!r}; there are: {', '.join(sorted(known))}")
        run_here(home.database, known[name])


def run_there(client: Client, name: str, tell: Callable[[str], None]) -> None:
    """Let a server run a job now, from its beginning, and wait for its end. `tell` hears what it says.

    Raises:
        KbError: it failed, was cancelled, or the server went away.
    """
    asked = client.send(admin.run_job(name)).due_at
    while True:
        job = next(job for job in client.send(admin.jobs()).jobs if job.name == name)
        if job.started_at >= asked and not job.runner:
            break
        tell(_said(job.progress, job.fraction) if job.runner else f"{name} waits for its turn")
        time.sleep(_POLL)
    if job.state in ("failed", "cancelled"):
        raise KbError(f"job {name!r} " + (f"failed: {job.error}" if job.error else "was asked to end"))


def run_here(database: Database, job: Job) -> None:
    """Run a job in this process and print what it says."""
    from rich.markup import escape

    from kb.jobs import Runner
    from kb.store import audit
    from kb.store.jobs import Said

    def tell(said: Said) -> None:
        out.print(f"[dim]{job.name}[/] {escape(_said(said.progress, said.fraction))}")

    with database.write() as connection:
        audit.record(connection, OPERATOR, "job.run", [f"job:{job.name}"])
    Runner(database, [job], f"{os.getpid()}-{secrets.token_hex(4)}").run_here(job.name, tell)
    out.print(f"{job.name} is done")


@_jobs.command()
def cancel(name: Name) -> None:
    """Ask a running job to end. It is due again at its next time."""
    from kb.store import audit, jobs

    with opened(loaded().settings) as home, home.database.write() as connection:
        jobs.cancel(connection, name, now())
        audit.record(connection, OPERATOR, "job.cancel", [f"job:{name}"])
    out.print(f"{name} is asked to end")
