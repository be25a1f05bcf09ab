"""`kb doctor`: what is wrong with a home, and the command that mends it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

import typer

from kb.cli.common import Json, app, loaded, out, print_json
from kb.words import count

_COLOURS = {"error": "red", "warning": "yellow", "info": "dim"}
_SHOWN = 5  # places of a finding; `--json` has all


@app.command()
def doctor(json_: Json = False) -> None:
    """Look for what is damaged, lost or left over. Changes nothing; exit code 1 where something is wrong."""
    from rich.markup import escape

    from articles.doctor import examine

    settings = loaded().settings
    found = examine(settings.home, datetime.now(UTC), settings.compact_chunks)
    wrong = sum(finding.severity != "info" for finding in found)
    if json_:
        print_json({"home": str(settings.home), "wrong": wrong, "findings": [asdict(finding) for finding in found]})
    else:
        for finding in found:
            more = len(finding.places) - _SHOWN
            places = ", ".join(finding.places[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
            colour = _COLOURS[finding.severity]
            out.print(f"[{colour}]{finding.severity}[/] [bold]{finding.check}[/] {escape(finding.message)}")
            out.print(f"  where {escape(places)}\n  costs {escape(finding.cost)}\n  mend  {escape(finding.mend)}")
        told = count(wrong, "thing is", "things are") if wrong else "nothing is"
        out.print(f"{told} wrong with {escape(str(settings.home))}")
    if wrong:
        raise typer.Exit(1)
