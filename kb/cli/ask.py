"""`kb search`, `kb suggest`, `kb show`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from kb.cli import remote
from kb.cli.common import (
    Audience,
    Json,
    Limit,
    Locale,
    app,
    loaded,
    marked,
    opened,
    out,
    plain,
    print_json,
    reader_of,
)
from kb.client import calls
from kb.errors import InvalidInput, NotFound
from kb.settings import Settings

_SHOWN = ("published", "draft")
_VERDICTS = {
    "answer": "[green]answered[/]",
    "maybe": "[yellow]perhaps one of these[/]",
    "none": "[red]no article answers this[/]; the closest are",
}


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="The question.")],
    audience: Audience = None,
    locale: Locale = None,
    product: Annotated[str | None, typer.Option(help="Only articles of this product.")] = None,
    limit: Limit = 5,
    explain: Annotated[bool, typer.Option(help="Show each leg's score and rank.")] = False,
    exact: Annotated[bool, typer.Option("--exact", help="Search for what is written: correct no spelling.")] = False,
    json_: Json = False,
) -> None:
    """Find the articles that answer a question."""
    settings = loaded(audience=audience).settings
    body: dict[str, Any] = {
        "query": text,
        "locale": locale,
        "product": product,
        "limit": limit,
        "explain": explain,
        "exact": exact,
    }
    client = remote.server(settings)
    found = client.send(calls.search(**body)).model_dump(exclude_none=True) if client else _search(settings, body)
    print_json(found) if json_ else show_results(found)


def _search(settings: Settings, body: dict[str, Any]) -> dict[str, Any]:
    from search.engine import Request
    from search.live import Filters
    from search.wire import results_json

    with opened(settings) as home:
        request = Request(
            body["query"],
            reader_of(settings, body["locale"]),
            Filters(locale=body["locale"], product=body["product"]),
            body["limit"],
            explain=body["explain"],
            exact=body["exact"],
        )
        return results_json(home.engine.search(request))


@app.command()
def complete(
    text: Annotated[str, typer.Argument(help="What has been typed so far.")],
    audience: Audience = None,
    locale: Locale = None,
    limit: Limit = 8,
    json_: Json = False,
) -> None:
    """Complete what is being typed, from titles, headings and past questions."""
    settings = loaded(audience=audience).settings
    client = remote.server(settings)
    call = calls.complete(text, limit=limit, locale=locale)
    found = client.send(call).model_dump() if client else _complete(settings, text, locale, limit)
    if json_:
        print_json(found)
        return
    for item in found["completions"]:
        out.print(f"{item['text']}  ({item['kind']})", markup=False)


def _complete(settings: Settings, text: str, locale: str | None, limit: int) -> dict[str, Any]:
    from search.live import Filters
    from search.wire import completion_json

    with opened(settings) as home:
        filters = Filters(locale=locale)
        found = home.phrases.complete(text, reader_of(settings, locale), filters, limit)
        return {"completions": [completion_json(phrase) for phrase in found]}


@app.command()
def suggest(
    file: Annotated[Path, typer.Argument(help="A ticket, as JSON or plain text; - for standard input.")],
    audience: Audience = None,
    limit: Limit = 5,
    json_: Json = False,
) -> None:
    """Suggest articles for a ticket, and say why."""
    settings = loaded(audience=audience).settings
    text = _read(file)
    client = remote.server(settings)
    call = calls.suggest(text, limit=limit)
    found = client.send(call).model_dump(exclude_none=True) if client else _suggest(settings, text, str(file), limit)
    print_json(found) if json_ else show_results(found)


def _read(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"{file}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{file}: not UTF-8 at byte {error.start}") from error


def _suggest(settings: Settings, text: str, source: str, limit: int) -> dict[str, Any]:
    from search.suggest import suggest as suggest_
    from search.ticket import parse
    from search.wire import results_json

    ticket = parse(text, source)
    with opened(settings) as home:
        found = suggest_(home.engine, ticket, reader_of(settings), limit=limit)
        return results_json(found.results, found.why)


@app.command()
def show(
    article_id: Annotated[str, typer.Argument(help="The article's id.")],
    audience: Audience = None,
    json_: Json = False,
) -> None:
    """Print an article, also one that is a draft."""
    from dataclasses import asdict

    from kb.store import articles

    settings = loaded(audience=audience).settings
    if settings.server and (client := remote.server(settings)):
        found = client.send(calls.article(article_id))
        print_json(found.model_dump(exclude_unset=True)) if json_ else typer.echo(found.markdown)
        return
    with opened(settings) as home, home.database.read() as connection:
        article = articles.get(connection, article_id, reader_of(settings), _SHOWN)
        held = articles.record(connection, article_id)
    if article is None:
        whose = f": it is for {held.audience!r}" if held and held.state in _SHOWN else ""
        raise NotFound(f"no article {article_id!r} that {settings.audience!r} may read{whose}")
    if json_:
        value = {**asdict(article), "metadata": articles.metadata_json(article.metadata)}
        print_json({key: value[key] for key in value if key != "folder"})
    else:
        typer.echo(article.markdown)


def show_results(found: dict[str, Any]) -> None:
    """Print results for a person."""
    from rich.markup import escape

    for written, meant in found.get("corrections", []):
        out.print(
            f"[yellow]{escape(written)} was read as {escape(meant)}[/] [dim](--exact searches for it as written)[/]"
        )
    if not found["hits"]:
        out.print("nothing found")
        return
    out.print(f"{_VERDICTS[found['verdict']]} [dim]P(answered) = {found['answerable']:.2f}[/]")
    for number, hit in enumerate(found["hits"], 1):
        internal = "" if hit["audience"] == "public" else f" [bold red]{escape(hit['audience'])} only[/]"
        place = f"{hit['source']}:{hit['lines'][0]}-{hit['lines'][1]}"
        out.print(f"\n[bold]{number}. {escape(hit['title'])}[/]{internal} [dim]{hit['confidence']:.2f}[/]")
        path = " › ".join(hit["heading_path"])
        out.print(f"   [dim]{escape(' · '.join(filter(None, (hit['id'], place, path))))}[/]")
        text = marked(hit["snippet"], hit["highlights"]).replace("\n", "\n   ")
        out.print(f"   {text}")
        if hit.get("why"):
            out.print(f"   [cyan]{escape(hit['why'])}[/]")
        elif hit.get("explain"):
            for part, value in hit["explain"].items():
                out.print(f"   [cyan]{part:8}[/] {escape(plain(value))}")
