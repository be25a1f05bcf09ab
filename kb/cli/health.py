"""`kb health`: what is stale or wrong in the articles, the checks that say so, and when these do not hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer

from kb.cli import health_fit, remote
from kb.cli.common import Audience, Json, app, loaded, look, opened, out, print_json, reader_of
from kb.client import upkeep
from kb.errors import InvalidInput
from kb.models import EVERYTHING, OPERATOR
from kb.settings import Settings

_COLOURS = {"high": "red", "medium": "yellow", "low": "dim"}
_health = typer.Typer(
    help="What is stale or wrong in the articles, the most damage first.", invoke_without_command=True
)
app.add_typer(_health, name="health")
_health.command("fit")(health_fit.fit)
Check = Annotated[str, typer.Argument(help="A check of `kb health checks`.")]
Id = Annotated[str, typer.Argument(help="An article's id.")]


@_health.callback()
def health(
    context: typer.Context,
    all_: Annotated[bool, typer.Option("--all", help="Articles without flags too.")] = False,
    check: Annotated[str, typer.Option(help="Only flags of this check.")] = "",
    severity: Annotated[str, typer.Option(help="Only flags of this severity: low, medium or high.")] = "",
    owner: Annotated[str, typer.Option(help="Only articles of this owner.")] = "",
    space: Annotated[str, typer.Option(help="Only articles of this space.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many articles at most.")] = 1_000_000,
    audience: Audience = None,
    json_: Json = False,
) -> None:
    """What is stale or wrong in the articles, the most damage first."""
    if context.invoked_subcommand:
        return
    from articles.health import CHECKS
    from articles.health.base import HARM

    settings = loaded(audience=audience).settings
    _known("check", check, CHECKS)
    _known("severity", severity, HARM)
    wanted = {"check": check, "severity": severity, "owner": owner, "space": space}
    shown = _reports(settings, wanted, all_=all_, everything=audience is None)[:limit]
    if json_:
        print_json({"articles": shown})
        return
    for report in shown:
        _print(report)
    flags = sum(len(report["flags"]) for report in shown)
    out.print(f"{flags:,} flags on {sum(bool(report['flags']) for report in shown):,} articles")


def _known(key: str, value: str, names: Collection[str]) -> None:
    if value and value not in names:
        raise InvalidInput(f"{key}: {value!r} is none of {', '.join(names)}")


def _reports(settings: Settings, wanted: Mapping[str, str], *, all_: bool, everything: bool) -> list[dict[str, Any]]:
    if settings.server and (client := remote.server(settings)):
        options = {name: value for name, value in wanted.items() if value}
        pages = client.pages(upkeep.flags(all=all_, limit=200, **options))
        return [report.model_dump() for page in pages for report in page.articles]
    from articles.health.queue import Wanted, report_json, reports

    with opened(settings) as home:
        look(home)
        with home.database.read() as connection:
            reader = EVERYTHING if everything else reader_of(settings)
            return [report_json(report) for report in reports(connection, reader, Wanted(**wanted, all_=all_))]


def _print(report: Mapping[str, Any]) -> None:
    from rich.markup import escape

    needs = f"needs work {report['needs_work']:.0%}"
    hurt = f" · hurts {report['damage']:.1f} of {report['readers']:.0f} readers" if report["readers"] else ""
    owner = f" · {report['owner']}" if report["owner"] else ""
    head = f"[bold]{escape(report['title'])}[/] [dim]{escape(report['id'])}[/]"
    out.print(f"{head} {report['score']:.0f}/100 · {needs}{escape(hurt + owner)}")
    for flag in report["flags"]:
        place = f"{report['source']}:{flag['line']}: " if flag["line"] else ""
        colour, mark = _COLOURS[flag["severity"]], f"{flag['severity']:6} {flag['check']}"
        out.print(f"  [{colour}]{mark}[/] {escape(place + flag['message'])}")
        if flag["fix"]:
            out.print(f"         [dim]{escape(flag['fix'])}[/]")
    for reason in report["reasons"][:3]:
        out.print(f"  [dim]· {escape(reason['message'])}[/]")


@_health.command()
def checks(json_: Json = False) -> None:
    """Every check: how grave, on or off, its options, and what its fault does to readers."""
    from articles.health import CHECKS
    from kb.store import flags

    with opened(loaded().settings) as home, home.database.read() as connection:
        chosen = flags.settings(connection)
    found: list[dict[str, Any]] = [
        {
            "name": name,
            "severity": check.severity,
            "enabled": name not in chosen or chosen[name].enabled,
            "options": {**check.options, **(chosen[name].options if name in chosen else {})},
            "why": check.why,
        }
        for name, check in CHECKS.items()
    ]
    if json_:
        print_json({"checks": found})
        return
    for one in found:
        options = " ".join(f"{key}={value}" for key, value in one["options"].items())
        colour = _COLOURS[one["severity"]]
        state = "" if one["enabled"] else " [red]off[/]"
        out.print(f"[bold]{one['name']:22}[/] [{colour}]{one['severity']:6}[/]{state} {one['why']} [dim]{options}[/]")


@_health.command()
def switch(name: Check, on: Annotated[bool, typer.Option("--on/--off", help="Whether it looks at all.")]) -> None:
    """Switch a check on or off for every article."""
    from articles.health import choices

    with opened(loaded().settings) as home:
        choices.choose(home.database, OPERATOR, name, datetime.now(UTC), enabled=on)
    out.print(f"{name} is {'on' if on else 'off'}")


@_health.command()
def tune(
    name: Check,
    options: Annotated[list[str], typer.Argument(help="`option=value`; lists are parted by commas; `option=` resets.")],
) -> None:
    """Change the options of a check."""
    from articles.health import choices

    wanted = {}
    check = choices.check_of(name)
    for item in options:
        key, equals, text = item.partition("=")
        if not equals:
            raise InvalidInput(f"{item!r} is not `option=value`")
        wanted[key] = _value(text, isinstance(check.options.get(key), tuple))
    with opened(loaded().settings) as home:
        setting = choices.choose(home.database, OPERATOR, name, datetime.now(UTC), options=wanted)
    out.print(f"{name}: {dict(setting.options) or 'as it was delivered'}")


def _value(text: str, many: bool) -> Any:
    if not text:
        return None
    if many:
        return [part for part in text.split(",") if part.strip()]
    try:
        return float(text)
    except ValueError:
        return text


@_health.command()
def waive(
    article: Id,
    name: Check,
    reason: Annotated[str, typer.Option(help="Why it does not hold.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day on which it does not hold.")],
) -> None:
    """Say that a check does not hold for an article until the end of a day."""
    from articles.health import choices

    day = date(until.year, until.month, until.day)
    with opened(loaded().settings) as home:
        choices.waive(home.database, OPERATOR, article, name, reason, day, datetime.now(UTC))
    out.print(f"{name} is waived for {article} until {day}")


@_health.command()
def waivers(json_: Json = False) -> None:
    """For which articles a check does not hold, why, and until when."""
    from kb.store import flags

    with opened(loaded().settings) as home, home.database.read() as connection:
        found = [vars(waiver) for waiver in flags.list_waivers(connection, EVERYTHING)]
    if json_:
        print_json({"waivers": found})
        return
    for one in found:
        out.print(f"{one['article_id']} {one['check']} until {one['expires_on']}: {one['reason']}", markup=False)
    if not found:
        out.print("nothing is waived")


@_health.command()
def unwaive(article: Id, name: Check) -> None:
    """Let a check hold for an article again."""
    from articles.health import choices

    with opened(loaded().settings) as home:
        choices.unwaive(home.database, OPERATOR, article, name)
    out.print(f"{name} holds for {article} again")


@_health.command()
def plan(
    capacity: Annotated[int, typer.Option(min=1, help="Articles a week and owner.")] = 10,
    json_: Json = False,
) -> None:
    """Who would mend what in which week, if everybody began today."""
    from rich.markup import escape

    from articles.health.plan import stagger
    from articles.health.queue import Wanted, plan_json, reports, tasks

    with opened(loaded().settings) as home:
        look(home)
        with home.database.read() as connection:
            found = reports(connection, EVERYTHING, Wanted())
    proposed = plan_json(stagger(tasks(found), capacity, datetime.now(UTC).date()))
    if json_:
        print_json(proposed)
        return
    for owner in proposed["owners"]:
        count = len(owner["articles"])
        out.print(f"[bold]{escape(owner['owner'] or 'nobody')}[/] {count:,} articles, done by {owner['ends']}")
        for item in owner["articles"][:capacity]:
            out.print(
                f"  [{_COLOURS[item['severity']]}]{item['due']}[/] {escape(item['article'])} {item['flags']} flags"
            )
        if count > capacity:
            out.print(f"  and {count - capacity:,} more in the weeks after: --json has all")
