"""`kb metrics`, `kb coaching`, `kb coordination`: whether the knowledge base helps, and what is to be done.

They open the home itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from kb.cli.common import Json, app, loaded, look, narrowed, opened, out, print_json
from kb.errors import InvalidInput
from kb.models import EVERYTHING, OPERATOR
from kb.words import count

if TYPE_CHECKING:
    from articles.metrics.base import Measure, Metrics, Slice
    from articles.metrics.report import Report
    from search.home import Home

Since = Annotated[str, typer.Option("--from", help="30 days before --until without it.")]
Until = Annotated[str, typer.Option(help="The present without it.")]
Space = Annotated[str, typer.Option(help="Only of this space.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print CSV, a row for each count.")]


@app.command()
def metrics(
    since: Since = "",
    until: Until = "",
    space: Space = "",
    locale: Annotated[str, typer.Option(help="Only questions in this language.")] = "",
    channel: Annotated[str, typer.Option(help="Only of this channel.")] = "",
    product: Annotated[str, typer.Option(help="Only tickets of this product.")] = "",
    by: Annotated[
        Literal["day", "week", "month"] | None, typer.Option(help="Each of its days, weeks or months, too, in UTC.")
    ] = None,
    compare: Annotated[bool, typer.Option("--compare", help="With the period before, of the same length.")] = False,
    compare_from: Annotated[str, typer.Option(help="Compare with the period that begins then.")] = "",
    compare_until: Annotated[str, typer.Option(help="Compare with the period that ends then.")] = "",
    csv_: Csv = False,
    json_: Json = False,
) -> None:
    """Whether the knowledge base helps: shares over what was asked, and of the tickets closed, in a period."""
    from articles.metrics import report, report_csv, report_json
    from articles.ticket_files import moment

    _one_form(csv_, json_)
    what = _slice(since, until, space=space, locale=locale, channel=channel, product=product)
    ends = moment(compare_from, "compare-from"), moment(compare_until, "compare-until")
    before = what.before(*ends) if compare or any(ends) else None
    with opened(loaded().settings) as home:
        _check(home, what)
        found = report(home.database, EVERYTHING, what, by, before)
    if json_:
        print_json(report_json(found))
    elif csv_:
        typer.echo(report_csv(found), nl=False)
    else:
        _print_report(found)


def _one_form(csv_: bool, json_: bool) -> None:
    """
    Raises:
        InvalidInput: two forms are asked for.
    """
    if csv_ and json_:
        raise InvalidInput("csv: name --csv or --json, not both")


def _check(home: Home, what: Slice) -> None:
    """
    Raises:
        InvalidInput: there is no such space, language, channel or product.
    """
    only = {key: getattr(what, key) for key in ("space", "locale", "channel", "product")}
    with home.database.read() as connection:
        narrowed(connection, home.settings, **only)


def _slice(since: str, until: str, **of: str) -> Slice:
    from articles.metrics import Slice
    from articles.ticket_files import moment

    return Slice.over(moment(since, "from"), moment(until, "until"), datetime.now(UTC), **of)


def _print_report(found: Report) -> None:
    from articles.metrics import DEFINITIONS

    for bucket, measures in found.trend:
        out.print(f"[bold]{bucket.since[:10]}[/]{'' if bucket.whole else ' [dim]in part[/]'}")
        _print_metrics(measures, {})
        out.print("")
    changes = found.changes or {}
    _print_metrics(found.metrics, {name: changes[name].words if changes else DEFINITIONS[name] for name in DEFINITIONS})


def _print_metrics(measures: Metrics, words: Mapping[str, str]) -> None:
    for name, one in measures.items():
        out.print(f"[bold]{name:22}[/]{_told(one)} [dim]{words.get(name, '')}[/]")


def _told(one: Measure) -> str:
    from articles.metrics import Share

    if isinstance(one, Share):
        rate = "      -" if one.rate is None else f"{one.rate:7.1%}"
        return f"{rate}  {one.count:,} of {one.of:,}"
    if one.median is None or one.p90 is None:
        return "      -  of 0"
    return f"{_hours(one.median)}  median, {_hours(one.p90).strip()} for nine of ten, of {one.count:,}"


def _hours(seconds: float) -> str:
    return f"{seconds / 60:5.0f} m" if seconds < 3600 else f"{seconds / 3600:5.1f} h"


@app.command()
def coaching(
    since: Since = "",
    until: Until = "",
    space: Space = "",
    agent: Annotated[str, typer.Option(help="Only of the user who signs in so.")] = "",
    csv_: Csv = False,
    json_: Json = False,
) -> None:
    """What agents search for and fail at, which articles are reused, and who contributes: no ranking of people."""
    from articles.evidence.coaching import coaching, coaching_csv, coaching_json, whose

    _one_form(csv_, json_)
    what = _slice(since, until, space=space)
    with opened(loaded().settings) as home:
        _check(home, what)
        found = coaching(home.database, EVERYTHING, what, whose(OPERATOR, agent, home.pseudonyms.of))
    if json_:
        print_json(coaching_json(found, agent))
    elif csv_:
        typer.echo(coaching_csv(found), nl=False)
    else:
        _print_coaching(coaching_json(found, agent))


def _print_coaching(found: Mapping[str, Any]) -> None:
    from rich.markup import escape

    out.print("[bold]failed at[/]")
    for topic in found["topics"]:
        title = f" [dim]{escape(topic['title'])}[/]" if topic["title"] else ""
        out.print(f"{topic['failed']['count']:5,} of {topic['failed']['of']:,} {escape(topic['name'])}{title}")
    if found["withheld"]:
        out.print(f"[dim]{found['withheld']:,} more, each of one person[/]")
    out.print("[bold]sent to customers[/]")
    for one in found["articles"]:
        uses = sum(one[way] for way in ("passages", "links", "copies", "others"))
        place = f"{escape(one['id'])}, {count(one['tickets'], 'ticket')}"
        out.print(f"{uses:5,} [bold]{escape(one['title'])}[/] [dim]{place}[/]")
    given = found["contributions"]
    out.print(f"[bold]contributed[/] {escape(', '.join(given['contributors'])) or '-'}")
    for name in ("participation", "suggestions_per_ticket", "accepted"):
        if share := given[name]:
            rate = "      -" if share["rate"] is None else f"{share['rate']:7.1%}"
            out.print(f"{name:22}{rate}  {share['count']:,} of {share['of']:,}")
    out.print(f"{'versions':22}{given['versions']:7,}")


_AGES = {"week": "under a week", "month": "under a month", "quarter": "under a quarter", "older": "older"}
_WAITING = {"edits": "suggested", "in_review": "in review", "overdue": "overdue"}


@app.command()
def coordination(
    since: Since = "", until: Until = "", space: Space = "", csv_: Csv = False, json_: Json = False
) -> None:
    """What waits for each owner now: flags by age, suggestions, reviews, verifications; and what came and went."""
    from articles.evidence.coordination import coordination, coordination_csv, coordination_json

    _one_form(csv_, json_)
    what, now = _slice(since, until, space=space), datetime.now(UTC)
    with opened(loaded().settings) as home:
        _check(home, what)
        look(home)
        found = coordination(home.database, EVERYTHING, what, now)
    if json_:
        print_json(coordination_json(found))
    elif csv_:
        typer.echo(coordination_csv(found), nl=False)
    else:
        _print_coordination(coordination_json(found))


def _print_coordination(found: Mapping[str, Any]) -> None:
    from rich.markup import escape

    for one in found["owners"]:
        ages = ", ".join(f"{number:,} {_AGES[name]}" for name, number in one["ages"].items() if number)
        waiting = ", ".join(f"{one[name]:,} {said}" for name, said in _WAITING.items() if one[name])
        owner = escape(one["owner"]) or "nobody's"
        told = f"{count(one['flags'], 'flag')} ({ages})" if ages else "no flags"
        hurt = f"hurting {count(one['readers'], 'reader')}"
        out.print(f"[bold]{owner}[/] {', '.join(filter(None, (told, hurt, waiting)))}")
    for one in found["checks"]:
        out.print(f"{one['flags']:6,} {one['check']} [dim]{one['severity']}, {count(one['readers'], 'reader')}[/]")
    share = found["tickets_without_article"]
    out.print(f"{share['count']:6,} of {count(share['of'], 'ticket')} closed without an article")
    for one in found["flow"]:
        part = "" if one["whole"] else " in part"
        out.print(f"[dim]{one['from'][:10]}{part}[/] {one['opened']:,} opened, {one['closed']:,} closed")
