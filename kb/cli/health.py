"""`kb health`: what is stale or wrong in the articles, the checks that say so, and when these do not hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Annotated, Any

import typer

from kb.cli import health_fit, remote
from kb.cli.common import Audience, Json, app, loaded, look, narrowed, one_of, opened, out, plain, print_json, reader_of
from kb.client import Client, calls, upkeep
from kb.errors import InvalidInput
from kb.models import EVERYTHING, OPERATOR
from kb.settings import Settings

_WEEKS, _OF_A_WEEK = 52, 5  # of a plan, and articles of each, that are printed
_COLOURS = {"high": "red", "medium": "yellow", "low": "dim"}
_health = typer.Typer(
    help="What is stale or wrong in the articles, the most damage first.", invoke_without_command=True
)
app.add_typer(_health, name="health")
_health.command("fit")(health_fit.fit)
Check = Annotated[str, typer.Argument(help="A check of `kb health checks`.")]
Id = Annotated[str, typer.Argument(help="An article's id.")]
Language = Annotated[str, typer.Option(help="The language of sentences: en or ko.")]


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
    language: Language = "en",
    json_: Json = False,
) -> None:
    """What is stale or wrong in the articles, the most damage first."""
    if context.invoked_subcommand:
        return
    from articles.health import CHECKS
    from articles.health.base import HARM
    from articles.health.words import LANGUAGES, say, speak

    settings = loaded(audience=audience).settings
    one_of("check", check, CHECKS)
    one_of("severity", severity, HARM)
    one_of("language", language, LANGUAGES)
    wanted = {"check": check, "severity": severity, "owner": owner, "space": space}
    shown = _reports(settings, wanted, language, all_=all_, everything=audience is None)[:limit]
    if json_:
        print_json({"articles": shown})
        return
    for report in shown:
        _print(report, language)
    flags, flagged = (sum(count(report["flags"]) for report in shown) for count in (len, bool))
    total = say("{flags|flag/flags} on {articles|article/articles}", flags=flags, articles=flagged)
    out.print(speak(total, language))


def _reports(
    settings: Settings, wanted: Mapping[str, str], language: str, *, all_: bool, everything: bool
) -> list[dict[str, Any]]:
    if settings.server and (client := remote.server(settings)):
        options = {name: value for name, value in wanted.items() if value}
        with client:
            pages = client.pages(upkeep.flags(all=all_, limit=200, lang=language, **options))
            there = [report.model_dump() for page in pages for report in page.articles]
            if not there:
                _check_there(client, wanted)
        return there
    from articles.health.queue import Wanted, report_json, reports

    with opened(settings) as home:
        with home.database.read() as connection:
            narrowed(connection, settings, owner=wanted["owner"], space=wanted["space"])
        look(home)
        with home.database.read() as connection:
            reader = EVERYTHING if everything else reader_of(settings)
            found = reports(connection, reader, Wanted(**wanted, all_=all_))
    return [report_json(report, language) for report in found]


def _check_there(client: Client, wanted: Mapping[str, str]) -> None:
    """
    Raises:
        InvalidInput: the server has no such space, or no article of such an owner.
    """
    one_of("space", wanted["space"], {space.id for space in client.send(calls.spaces()).spaces})
    every = (report for page in client.pages(upkeep.flags(all=True, limit=200)) for report in page.articles)
    one_of("owner", wanted["owner"], {report.owner for report in every if report.owner} if wanted["owner"] else ())


def _print(report: Mapping[str, Any], language: str) -> None:
    from rich.markup import escape

    from articles.health.words import say, speak

    said = [say("needs work {chance}", chance=f"{report['needs_work']:.0%}")]
    if report["readers"]:
        damage, readers = f"{report['damage']:.1f}", round(report["readers"])
        said.append(say("hurts {damage} of {readers|reader/readers}", damage=damage, readers=readers))
    shown = " · ".join([*(speak(one, language) for one in said), *([report["owner"]] if report["owner"] else [])])
    head = f"[bold]{escape(report['title'])}[/] [dim]{escape(report['id'])}[/]"
    out.print(f"{head} {report['score']:.0f}/100 · {escape(shown)}")
    for flag in report["flags"]:
        place = f"{report['source']}:{flag['line']}: " if flag["line"] else ""
        colour, mark = _COLOURS[flag["severity"]], f"{flag['severity']:6} {flag['check']}"
        out.print(f"  [{colour}]{mark}[/] {escape(place + flag['message'])}")
        if flag["fix"]:
            out.print(f"         [dim]{escape(flag['fix'])}[/]")
    for reason in report["reasons"][:3]:
        out.print(f"  [dim]· {escape(reason['message'])}[/]")


@_health.command()
def checks(language: Language = "en", json_: Json = False) -> None:
    """Every check: how grave, on or off, its options, and what its fault does to readers."""
    from articles.health import CHECKS
    from articles.health.words import LANGUAGES, say, speak
    from kb.store import flags

    one_of("language", language, LANGUAGES)
    with opened(loaded().settings) as home, home.database.read() as connection:
        chosen = flags.settings(connection)
    found: list[dict[str, Any]] = [
        {
            "name": name,
            "severity": check.severity,
            "enabled": name not in chosen or chosen[name].enabled,
            "options": {**check.options, **(chosen[name].options if name in chosen else {})},
            "why": speak(check.why, language),
        }
        for name, check in CHECKS.items()
    ]
    if json_:
        print_json({"checks": found})
        return
    for one in found:
        options = " ".join(f"{key}={plain(value)}" for key, value in one["options"].items())
        colour = _COLOURS[one["severity"]]
        state = "" if one["enabled"] else f" [red]{speak(say('off'), language)}[/]"
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
    out.print(f"{name}: {plain(setting.options) if setting.options else 'as it was delivered'}", markup=False)


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
    language: Language = "en",
    json_: Json = False,
) -> None:
    """Who would mend what in which week, if everybody began today."""
    from articles.health.plan import stagger
    from articles.health.queue import Wanted, plan_json, reports, tasks
    from articles.health.words import LANGUAGES

    one_of("language", language, LANGUAGES)
    with opened(loaded().settings) as home:
        look(home)
        with home.database.read() as connection:
            found = reports(connection, EVERYTHING, Wanted())
    proposed = plan_json(stagger(tasks(found), capacity, datetime.now(UTC).date()))
    if json_:
        print_json(proposed)
        return
    titles = {report.id: report.title for report in found}
    for owner in proposed["owners"]:
        _print_plan(owner, titles, language)


def _print_plan(owner: Mapping[str, Any], titles: Mapping[str, str], language: str) -> None:
    """What one owner is to do, week by week."""
    from rich.markup import escape

    from articles.health.words import say, speak

    count, name = len(owner["articles"]), owner["owner"] or speak(say("nobody"), language)
    done = say("{count|article/articles}, done by {day}", count=count, day=owner["ends"])
    out.print(f"[bold]{escape(name)}[/] {speak(done, language)}")
    weeks = [(day, list(items)) for day, items in groupby(owner["articles"], itemgetter("due"))]
    for day, items in weeks[:_WEEKS]:
        out.print(f"  {day} – {date.fromisoformat(day) + timedelta(days=6)}")
        for item in items[:_OF_A_WEEK]:
            flags = speak(say("{count|flag/flags}", count=item["flags"]), language)
            title, name = escape(titles[item["article"]]), escape(item["article"])
            out.print(f"    [{_COLOURS[item['severity']]}]{title}[/] [dim]{name}[/] {flags}")
        if len(items) > _OF_A_WEEK:
            out.print(f"    +{len(items) - _OF_A_WEEK}")
    if after := sum(len(items) for _, items in weeks[_WEEKS:]):
        rest = say("and {count} more in the weeks after: --json has all", count=after)
        out.print(f"  {speak(rest, language)}")
