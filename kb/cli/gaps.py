"""`kb gaps`: what readers ask and no article answers, and what is to be done about it.

With `--server` they ask that server; else they open the home itself, for the operator who reads as an audience does.
Computing them is left to a server that runs over the home, where there is one: it has the model in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import quote

import typer

from kb.cli import remote
from kb.cli.common import (
    Audience,
    Json,
    app,
    library_of,
    loaded,
    narrowed,
    one_of,
    opened,
    out,
    print_json,
    reader_of,
    waiting,
)
from kb.cli.jobs import run_there
from kb.client import Call, calls, gaps
from kb.models import OPERATOR, Actor
from kb.settings import Settings
from kb.wire.gaps import GapVerdict
from kb.words import count

if TYPE_CHECKING:
    from search.home import Home

_gaps = typer.Typer(help="What readers ask and no article answers.", invoke_without_command=True)
app.add_typer(_gaps, name="gaps")
State = Literal["open", "assigned", "reopened", "ignored", "closed"]
GapId = Annotated[str, typer.Argument(metavar="ID", help="A gap of `kb gaps`.")]
Reason = Annotated[str, typer.Option(help="Why nothing is to be done about it.")]


@_gaps.callback()
def listed(
    context: typer.Context,
    audience: Audience = "agents",
    state: Annotated[State | None, typer.Option(help="Those in which something is to be done without it.")] = None,
    verdict: Annotated[GapVerdict | None, typer.Option(help="Only gaps of this verdict.")] = None,
    space: Annotated[str, typer.Option(help="Only what was asked of this space.")] = "",
    locale: Annotated[str, typer.Option(help="Only what was asked in this language.")] = "",
    assignee: Annotated[str, typer.Option(help="Only what this user is to see to.")] = "",
    json_: Json = False,
) -> None:
    """Compute the gaps again, and list them, the most asked first."""
    settings = loaded(audience=audience).settings
    context.obj = settings
    if context.invoked_subcommand:
        return
    filters = {"state": state or "", "verdict": verdict or "", "space": space, "locale": locale, "assignee": assignee}
    if settings.server and (client := remote.server(settings)):
        with client:
            call = gaps.gaps(1000, **{key: value for key, value in filters.items() if value})
            found = client.send(call).model_dump()
            if space and not found["gaps"]:
                one_of("space", space, {one.id for one in client.send(calls.spaces()).spaces})
    else:
        with opened(settings) as home:
            with home.database.read() as connection:
                narrowed(connection, settings, space=space, locale=locale, assignee=assignee)
            _compute(home, settings)
            found = _listed(home, settings, filters)
    if json_:
        print_json(found)
    else:
        _print(found)


def _compute(home: Home, settings: Settings) -> None:
    """Compute the gaps again: by the server over this home, else here."""
    with waiting("computing the gaps") as tell:
        if client := remote.server(settings):
            with client:
                run_there(client, "gaps", tell)
            return
        from articles.gaps.compute import refresh
        from kb.jobs import Progress

        refresh(home, datetime.now(UTC), Progress())


def _listed(home: Home, settings: Settings, filters: dict[str, str]) -> dict[str, Any]:
    from articles.gaps import Wanted
    from articles.gaps import listed as listed_
    from articles.wire import coverage_json, gap_json

    with home.database.read() as connection:
        found = listed_(connection, reader_of(settings), datetime.now(UTC), Wanted(**filters))
    return {"gaps": [gap_json(gap) for gap in found], "coverage": coverage_json(found)}


def _print(found: dict[str, Any]) -> None:
    from rich.markup import escape

    if not found["gaps"]:
        out.print("no unanswered questions")
        return
    for gap in found["gaps"]:
        nearest = gap["nearest"]
        near = f" · nearest {nearest['id']} ({nearest['confidence']:.2f})" if nearest else ""
        state = "" if gap["state"] == "open" else f" {gap['state']}"
        who = f" {gap['assignee']}" if gap["assignee"] else ""
        said = f"[cyan]{gap['verdict']}[/][dim]{state}{escape(who)}{escape(near)}[/]"
        out.print(f"[bold]{gap['questions']:4}[/] {gap['trend']:+4} [dim]{gap['id']}[/] {escape(gap['name'])} {said}")
        for sample in gap["samples"][1:]:
            out.print(f"          {escape(sample)}")
    covered = found["coverage"]
    if not covered["unanswered"]:
        return
    some = f"{count(covered['needed'], 'gap is', 'gaps are')} {covered['share']:.0%}"
    out.print(f"{some} of {count(covered['unanswered'], 'unanswered question')}")


@_gaps.command()
def show(context: typer.Context, gap_id: GapId, json_: Json = False) -> None:
    """Show a gap: why it is one, its questions, what would mend it, and the proof where it is closed."""
    found = _answered(context, gaps.gap(gap_id), lambda home, actor: gap_id)
    if json_:
        print_json(found)
        return
    lines = {
        "state": " ".join(filter(None, (found["state"], found["assignee"], found["ignored_until"], found["reason"]))),
        "verdict": f"{found['verdict']}: {found['why']}" if found["why"] else found["verdict"],
        "nearest": f"{found['nearest']['id']} ({found['nearest']['confidence']:.2f})" if found["nearest"] else "",
        "proposal": _proposal(found["proposal"]) if found["proposal"] else "",
        "draft": found["draft"],
        "proof": _proof(found["proof"]) if found["proof"] else "",
        "asked": f"{count(found['questions'], 'time')}, {found['first_at'][:10]} to {found['last_at'][:10]}",
    }
    out.print(f"{found['id']} {found['name']}", style="bold", markup=False)
    for key, value in lines.items():
        if value:
            out.print(f"  {key:8} {value}", markup=False)
    for question in found["asked"]:
        mark = "*" if question["representative"] else " "
        said = " ".join(question["text"].split())
        out.print(f"  {mark} {question['id']} {question['answerable']:.2f} {said}", markup=False)


def _proposal(found: dict[str, Any]) -> str:
    places = (f"{found[key] or 'below the first'}" for key in ("before", "after"))
    return f"{found['kind']}: {found['text']} (place {' → '.join(places)})"


def _proof(found: dict[str, Any]) -> str:
    return f"{found['article']} version {found['version']} answers {found['share']:.0%} of what stands for it"


@_gaps.command()
def assign(
    context: typer.Context,
    gap_id: GapId,
    user: Annotated[str, typer.Argument(help="A user's id; without it, nobody.")] = "",
    json_: Json = False,
) -> None:
    """Say who is to see to a gap."""

    def here(home: Home, actor: Actor) -> str:
        from articles.gaps import life

        life.assign(home.database, gap_id, user, actor)
        return gap_id

    _changed(context, gaps.change_gap(gap_id, assignee=user), here, json_)


@_gaps.command()
def rename(context: typer.Context, gap_id: GapId, name: str, json_: Json = False) -> None:
    """Call a gap something; with "" what its questions call it."""

    def here(home: Home, actor: Actor) -> str:
        from articles.gaps import life

        life.rename(home.database, gap_id, name, actor)
        return gap_id

    _changed(context, gaps.change_gap(gap_id, name=name), here, json_)


@_gaps.command()
def ignore(
    context: typer.Context,
    gap_id: GapId,
    reason: Reason = "",
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day; for ever.")] = None,
    json_: Json = False,
) -> None:
    """Say that nothing is to be done about a gap."""
    day = until.date() if until else None

    def here(home: Home, actor: Actor) -> str:
        from articles.gaps import life

        life.ignore(home.database, gap_id, reason, actor, until=day)
        return gap_id

    said: dict[str, Any] = {"state": "ignored", "reason": reason, "until": day.isoformat() if day else None}
    _changed(context, gaps.change_gap(gap_id, **said), here, json_)


@_gaps.command()
def reopen(context: typer.Context, gap_id: GapId, json_: Json = False) -> None:
    """Say that something is to be done about a gap after all."""

    def here(home: Home, actor: Actor) -> str:
        from articles.gaps import life
        from kb.times import now

        life.reopen(home.database, gap_id, actor, now())
        return gap_id

    _changed(context, gaps.change_gap(gap_id, state="open"), here, json_)


@_gaps.command()
def merge(context: typer.Context, gap_id: GapId, into: str, json_: Json = False) -> None:
    """Make a gap a part of another, for good."""

    def here(home: Home, actor: Actor) -> str:
        from articles.gaps import life

        life.merge(home.database, gap_id, into, actor)
        return into

    _changed(context, gaps.merge_gap(gap_id, into), here, json_)


@_gaps.command()
def split(
    context: typer.Context,
    gap_id: GapId,
    questions: Annotated[list[str], typer.Argument(help="Ids of some of its questions, as `kb gaps show` has them.")],
    json_: Json = False,
) -> None:
    """Make some of a gap's questions a gap of their own."""

    def here(home: Home, actor: Actor) -> str:
        from articles.gaps import life
        from kb.times import now

        return life.split(home.database, gap_id, questions, actor, now())

    _changed(context, gaps.split_gap(gap_id, questions), here, json_)


@_gaps.command()
def draft(context: typer.Context, gap_id: GapId, json_: Json = False) -> None:
    """Begin an article with what was asked, and what agents answered."""
    settings: Settings = context.obj
    if settings.server and (client := remote.server(settings)):
        with client:
            made = client.send(gaps.draft_gap(gap_id)).id
    else:
        from articles.gaps import drafting

        with opened(settings) as home:
            made = drafting.draft(library_of(home), gap_id, _actor(settings), datetime.now(UTC)).id
    if json_:
        print_json({"id": made})
    else:
        site = settings.server or settings.public_url
        address = f"{site.rstrip('/')}/v1/articles/{quote(made)}"
        out.print(f"drafted {made}", markup=False)
        out.print(f"  read it      GET {address}, or {site.rstrip('/')}/console?article={quote(made)}", markup=False)
        out.print(f'  publish it   POST {address}/transitions {{"action": "publish"}}', markup=False)


def _actor(settings: Settings) -> Actor:
    """The operator, who reads as an audience does: so what they call a gap is for that audience."""
    return replace(OPERATOR, reader=reader_of(settings))


def _changed(context: typer.Context, call: Call[Any], here: Callable[[Home, Actor], str], json_: bool) -> None:
    found = _answered(context, call, here)
    if json_:
        print_json(found)
    else:
        out.print(f"{found['id']} {found['name']}: {found['state']}", markup=False)


def _answered(context: typer.Context, call: Call[Any], here: Callable[[Home, Actor], str]) -> dict[str, Any]:
    """What the server answers; without one, what is done here to a gap, and the gap that it is then."""
    settings: Settings = context.obj
    if settings.server and (client := remote.server(settings)):
        with client:
            answered: dict[str, Any] = client.send(call).model_dump()
            return answered
    from articles.gaps import one
    from articles.wire import gap_json, question_json

    with opened(settings) as home:
        name = here(home, _actor(settings))
        with home.database.read() as connection:
            gap, members = one(connection, name, reader_of(settings), datetime.now(UTC))
    return {**gap_json(gap), "asked": [question_json(member) for member in members]}
