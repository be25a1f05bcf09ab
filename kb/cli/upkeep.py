"""`kb health`, `kb gaps`: what authors should look at."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from kb.cli import remote
from kb.cli.common import Audience, Json, app, loaded, opened, out, print_json, reader_of
from kb.client import calls
from kb.models import EVERYTHING

_COLOURS = {"high": "red", "medium": "yellow", "low": "dim"}


@app.command()
def health(
    all_: Annotated[bool, typer.Option("--all", help="Articles without flags too.")] = False,
    audience: Audience = None,
    json_: Json = False,
) -> None:
    """What is stale or broken in the articles, the worst first."""
    from rich.markup import escape

    from articles import health as health_
    from articles.wire import report_json

    settings = loaded(audience=audience).settings
    if settings.server and (client := remote.server(settings)):
        shown = client.send(calls.flags(1000)).model_dump()["articles"]
    else:
        with opened(settings) as home:
            reader = reader_of(settings) if audience else EVERYTHING
            reports = health_.examine(health_.load_shelf(home.database, datetime.now(UTC).date(), reader))
        shown = [report_json(report) for report in reports if all_ or report.flags]
    if json_:
        print_json({"articles": shown})
        return
    for report in shown:
        out.print(f"[bold]{escape(report['title'])}[/] [dim]{escape(report['source'])}[/] {report['score']}")
        for flag in report["flags"]:
            place = f"{report['source']}:{flag['line']}: " if flag["line"] else ""
            out.print(f"  [{_COLOURS[flag['severity']]}]{flag['check']}[/] {escape(place + flag['message'])}")
    out.print(f"{sum(bool(report['flags']) for report in shown)} articles have flags")


@app.command()
def gaps(audience: Audience = "agents", json_: Json = False) -> None:
    """What readers asked and no article answered."""
    from rich.markup import escape

    from articles.gaps import find_gaps
    from articles.wire import gap_json

    settings = loaded(audience=audience).settings
    if settings.server and (client := remote.server(settings)):
        found = client.send(calls.gaps(1000)).model_dump()["gaps"]
    else:
        with opened(settings) as home:
            found = [gap_json(gap) for gap in find_gaps(home.database, reader_of(settings), datetime.now(UTC))]
    if json_:
        print_json({"gaps": found})
        return
    if not found:
        out.print("no unanswered questions")
    for gap in found:
        nearest = gap["nearest"]
        near = f" · nearest {nearest['id']} ({nearest['confidence']:.2f})" if nearest else ""
        out.print(f"[bold]{gap['questions']:4}[/] {escape(gap['name'])} [dim]{gap['verdict']}{escape(near)}[/]")
        for sample in gap["samples"][1:]:
            out.print(f"       {escape(sample)}")
