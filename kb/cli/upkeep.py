"""`kb health`, `kb gaps`: what authors should look at."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from kb.cli.common import Audience, Json, app, loaded, opened, out, print_json, reader_of

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
    with opened(settings) as home:
        reader = reader_of(settings) if audience else None
        reports = health_.examine(health_.load_shelf(home.database, datetime.now(UTC).date(), reader))
    shown = [report for report in reports if all_ or report.flags]
    if json_:
        print_json({"articles": [report_json(report) for report in shown]})
        return
    for report in shown:
        article = report.article
        out.print(f"[bold]{escape(article.metadata.title)}[/] [dim]{escape(article.source)}[/] {report.score}")
        for flag in report.flags:
            place = f"{article.source}:{flag.line}: " if flag.line else ""
            out.print(f"  [{_COLOURS[flag.severity]}]{flag.check}[/] {escape(place + flag.message)}")
    flagged = sum(bool(report.flags) for report in reports)
    out.print(f"{flagged} of {len(reports)} articles have flags")


@app.command()
def gaps(audience: Audience = "agents", json_: Json = False) -> None:
    """What readers asked and no article answered."""
    from rich.markup import escape

    from articles.gaps import find_gaps
    from articles.wire import gap_json

    settings = loaded(audience=audience).settings
    with opened(settings) as home:
        found = find_gaps(home.database, reader_of(settings), datetime.now(UTC))
    if json_:
        print_json({"gaps": [gap_json(gap) for gap in found]})
        return
    if not found:
        out.print("no unanswered questions")
    for gap in found:
        near = f" · nearest {gap.nearest[0]} ({gap.nearest[1]:.2f})" if gap.nearest else ""
        out.print(f"[bold]{gap.questions:4}[/] {escape(gap.name)} [dim]{gap.verdict}{escape(near)}[/]")
        for sample in gap.samples[1:]:
            out.print(f"       {escape(sample)}")
