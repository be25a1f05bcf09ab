"""`kb synonyms`, `kb curations`, `kb preview`: what people say about search, on the home itself."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.common import Json, app, loaded, opened, out, print_json
from kb.errors import InvalidInput
from kb.models import OPERATOR
from kb.words import count

if TYPE_CHECKING:
    from search.admin import Kind
    from search.rules import Rule, Rules

synonyms_app = typer.Typer(name="synonyms", help="Words that stand for others in questions.", no_args_is_help=True)
curations_app = typer.Typer(
    name="curations", help="Articles put first, or left out, by question.", no_args_is_help=True
)
for part in (synonyms_app, curations_app):
    app.add_typer(part)

Language = Annotated[str, typer.Option("--locale", help="Only for questions in its language, such as ko.")]
Space = Annotated[str, typer.Option("--space", help="Only where this space is searched by itself.")]
RuleId = Annotated[str, typer.Argument(metavar="ID")]


@synonyms_app.command("list")
def list_synonyms(json_: Json = False) -> None:
    """Every synonym in effect, beside those of the settings' file."""
    _list("synonyms", json_)


@synonyms_app.command("add")
def add_synonym(
    terms: Annotated[list[str], typer.Argument(help="Words that stand for each other.")],
    to: Annotated[list[str] | None, typer.Option("--to", help="What they stand for, one way.")] = None,
    locale: Language = "",
    space: Space = "",
    json_: Json = False,
) -> None:
    """Say that words stand for others."""
    from search import rules

    for key, words in (("terms", terms), ("to", to or [])):
        if empty := [word for word in words if not word.strip()]:
            raise InvalidInput(f"{key}: {empty[0]!r} is no word")
    said = {"terms": terms, "to": to or [], "locale": locale, "space": space}
    _add(rules.synonym({**said, "id": _new()}), json_)


@synonyms_app.command("remove")
def remove_synonym(rule_id: RuleId, json_: Json = False) -> None:
    """Say it no more."""
    _remove("synonyms", rule_id, json_)


@curations_app.command("list")
def list_curations(json_: Json = False) -> None:
    """Every curation, whether its time has come or not."""
    _list("curations", json_)


@curations_app.command("add")
def add_curation(
    query: Annotated[str, typer.Argument(help="The question.")],
    pin: Annotated[list[str] | None, typer.Option("--pin", help="An article that comes first; in this order.")] = None,
    hide: Annotated[list[str] | None, typer.Option("--hide", help="An article that is left out.")] = None,
    contains: Annotated[bool, typer.Option("--contains", help="Every question with these words.")] = False,
    since: Annotated[str, typer.Option("--from", help="A day or a time.")] = "",
    until: Annotated[str, typer.Option("--until", help="A day, until its end, or a time.")] = "",
    locale: Language = "",
    space: Space = "",
    note: Annotated[str, typer.Option(help="Why.")] = "",
    json_: Json = False,
) -> None:
    """Put articles first for a question, or leave them out."""
    from search import rules

    match = "contains" if contains else "exact"
    said = {"query": query, "match": match, "pin": pin or [], "hide": hide or [], "from": since, "until": until}
    _add(rules.curation({**said, "locale": locale, "space": space, "note": note, "id": _new()}), json_)


@curations_app.command("remove")
def remove_curation(rule_id: RuleId, json_: Json = False) -> None:
    """Let the question find what it finds."""
    _remove("curations", rule_id, json_)


@app.command()
def preview(
    file: Annotated[Path, typer.Argument(help="JSON: `synonyms`, `curations`, `boosts`, as the API has them.")],
    query: Annotated[list[str] | None, typer.Option("--query", help="A question to compare.")] = None,
    top: Annotated[int, typer.Option(min=1, max=200, help="Without --query, so many of the most frequent.")] = 20,
    limit: Annotated[int, typer.Option(min=1, max=100, help="Results that are compared.")] = 5,
    json_: Json = False,
) -> None:
    """What rules would change, question by question. Nothing is changed or logged."""
    from kb.store import search_settings
    from search.preview import compare

    with opened(loaded().settings) as home:
        with home.database.read() as connection:
            proposed = _proposed(home.engine.rules.current(connection), file)
            asked = query or search_settings.frequent_questions(connection, OPERATOR.reader, top)
        found = list(compare(home.engine, OPERATOR.reader, asked, proposed, limit=limit))
    if json_:
        properties = ("changed", "moved", "appeared", "vanished")
        rows = [{**asdict(item), **{name: getattr(item, name) for name in properties}} for item in found]
        print_json({"changed": sum(item.changed for item in found), "queries": rows})
        return
    for item in found:
        if item.changed:
            out.print(item.query, style="bold", markup=False)
            out.print(f"  now   {', '.join(result.id for result in item.old)}", markup=False)
            out.print(f"  then  {', '.join(result.id for result in item.new)}", markup=False)
    out.print(f"{sum(item.changed for item in found)} of {count(len(found), 'question')} would find something else")


def _proposed(held: Rules, file: Path) -> Rules:
    """The rules in effect with those of a file in their places."""
    from pydantic import ValidationError

    from kb.wire.curation import PreviewIn
    from search.rules import proposed

    try:
        body = PreviewIn.model_validate_json(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{file}: cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(f"{file}: {place}: {first['msg']}") from error
    return proposed(held, body.model_dump(by_alias=True))


def _new() -> str:
    return uuid.uuid4().hex[:12]


def _list(kind: Kind, json_: bool) -> None:
    from search import admin
    from search.rules import rule_json

    with opened(loaded().settings) as home, home.database.read() as connection:
        stored, rules = admin.current(connection, OPERATOR.reader)
    found: Sequence[Rule] = getattr(rules, kind)
    if json_:
        print_json({"version": stored.version, kind: [rule_json(rule) for rule in found]})
        return
    for rule in found:
        out.print(_line(rule_json(rule)), markup=False)


def _line(said: dict[str, Any]) -> str:
    """A rule in one line: its id, and what it says that is not empty."""
    parts = (f"{key} {', '.join(value) if isinstance(value, list) else value}" for key, value in said.items() if value)
    return " · ".join(parts).removeprefix("id ")


def _add(rule: Rule, json_: bool) -> None:
    from search import admin
    from search.rules import rule_json

    with opened(loaded().settings) as home:
        version = admin.create(home.database, rule, OPERATOR)
    if json_:
        print_json({"version": version, **rule_json(rule)})
    else:
        out.print(f"added {rule.id} (version {version})")


def _remove(kind: Kind, rule_id: str, json_: bool) -> None:
    from search import admin

    with opened(loaded().settings) as home:
        version = admin.remove(home.database, kind, rule_id, OPERATOR, None)
    if json_:
        print_json({"version": version, "id": rule_id})
    else:
        out.print(f"removed {rule_id} (version {version})", markup=False)
