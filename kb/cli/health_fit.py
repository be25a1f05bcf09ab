"""`kb health fit`: fit the estimate of who needs work to what a team's own articles went through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from kb.cli.common import Json, loaded, opened, out, print_json
from kb.cli.common import folder as folder_
from kb.errors import InvalidInput
from kb.times import day
from kb.words import count

_SPAN = timedelta(days=240)


def fit(
    folder: Annotated[
        Path | None, typer.Argument(parser=folder_, metavar="FOLDER", help="Folder of Markdown in a Git repository.")
    ] = None,
    store: Annotated[bool, typer.Option("--store", help="The versions in the store, instead of a folder.")] = False,
    since: Annotated[
        str | None, typer.Option(help="Day that articles are looked at as of, such as 2026-01-31.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Day by which they were changed or not; today without it.")] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Use it from now on: write `staleness.json` into the home.")
    ] = False,
    json_: Json = False,
) -> None:
    """Fit P(needs work) to which articles were rewritten or removed, and say how well it foresees that."""
    from articles.health.staleness import model, own, report

    if (folder is None) != store:
        raise InvalidInput("FOLDER, --store: name a folder in a Git repository, or the store, and not both")
    settings = loaded().settings
    today = datetime.now(UTC).date()
    last = day(until, "--until") if until else today
    first = day(since, "--since") if since else last - _SPAN
    if first >= last or last > today:
        raise InvalidInput(f"--since, --until: {first} to {last} is not a span of days that has passed")
    if folder:
        cases = own.of_git(folder, first, last)
    else:
        with opened(settings) as home:
            cases = own.of_store(home.database, first, last)
    fitted = report.fit_own(cases, first, last, today)
    figures = fitted.about["cross_validated"]
    if write and figures["auroc"] <= max(0.5, figures["age_alone"]):
        raise InvalidInput(
            f"--write: left out, it foresees no more than age alone (AUROC {figures['auroc']:.3f}, "
            f"age {figures['age_alone']:.3f}): nothing was written"
        )
    if write:
        settings.home.mkdir(parents=True, exist_ok=True)
        (settings.home / model.FILE).write_text(model.dump(fitted), encoding="utf-8")
    shown = {**fitted.about, "written": str(settings.home / model.FILE) if write else None}
    print_json(shown) if json_ else _print(shown)


def _print(shown: dict[str, Any]) -> None:
    span = f"from {shown['since']} to {shown['until']}"
    out.print(f"{count(shown['articles'], 'article')}, {shown['positives']} rewritten or removed {span}")
    figures = shown["cross_validated"]
    out.print(f"left out in {figures['parts']}: AUROC {figures['auroc']:.3f}; by age alone {figures['age_alone']:.3f}")
    out.print(f"average precision {figures['average_precision']:.3f}; by chance {figures['base_rate']:.3f}")
    out.print(f"in the top tenth {figures['top_tenth']:.3f}; calibration error {figures['calibration_error']:.3f}")
    for name, weight in shown["strongest"].items():
        out.print(f"  {weight:+.2f} {name}", markup=False)
    out.print(
        f"written to {shown['written']}" if shown["written"] else "not written: --write uses it from now on",
        markup=False,
    )
