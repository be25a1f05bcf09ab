"""What every command shares: the application, the settings in effect, and how things are printed."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from kb import __version__
from kb.errors import InvalidInput
from kb.models import Reader
from kb.settings import Loaded, Settings, load

if TYPE_CHECKING:
    from articles.library import Library
    from search.home import Home

app = typer.Typer(
    name="kb",
    help="Search a knowledge base of Markdown articles: hybrid BM25 + vectors, in Korean and English.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False)


def setting(name: str) -> str:
    """A setting's help text."""
    return str(Settings.model_fields[name].description)


Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Audience = Annotated[str | None, typer.Option(help=setting("audience"))]
Locale = Annotated[str | None, typer.Option(help="Only articles of this locale, such as ko.")]
Limit = Annotated[int, typer.Option(min=1, max=100, help="How many articles at most.")]

_flags: dict[str, Any] = {}


@app.callback()
def _common(
    home: Annotated[Path | None, typer.Option(help=setting("home"))] = None,
    model: Annotated[str | None, typer.Option(help=setting("model"))] = None,
    chunk_tokens: Annotated[int | None, typer.Option(help=setting("chunk_tokens"))] = None,
    server: Annotated[str | None, typer.Option(help=f"{setting('server')} `KB_SERVER_KEY` has its key.")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more on the way.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(levelname)s %(message)s")
    for name in ("httpx", "sentence_transformers", "transformers"):
        logging.getLogger(name).setLevel(logging.WARNING)
    _flags.update(home=home, model=model, chunk_tokens=chunk_tokens, server=server)


def loaded(**flags: Any) -> Loaded:
    """Settings in effect, with this command's own flags."""
    return load({**_flags, **flags})


@contextmanager
def opened(settings: Settings) -> Iterator[Home]:
    """The home, closed at the end.

    Raises:
        InvalidInput: a server is named, and the command works on a home only.
    """
    from search.home import Home

    if settings.server:
        raise InvalidInput(f"server: {settings.server!r}: this command works on a home, and asks no server")
    home = Home(settings)
    try:
        yield home
    finally:
        home.close()


def look(home: Home) -> None:
    """Bring flags and estimates up to date, and say how far that is."""
    from rich.progress import Progress, SpinnerColumn, TextColumn

    from articles.health.run import Examiner

    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=err, transient=True) as shown:
        task = shown.add_task("reading articles")
        Examiner(home).look(datetime.now(UTC), lambda said: shown.update(task, description=said))


def library_of(home: Home) -> Library:
    from articles.library import Library

    return Library.of(home)


def reader_of(settings: Settings, locale: str | None = None) -> Reader:
    return Reader.of(settings.audience, locale)


def print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def marked(snippet: str, spans: list[list[int]]) -> str:
    """A snippet for the terminal, the question's words in bold; the text itself is never markup."""
    from rich.markup import escape

    parts, at = [], 0
    for start, end in spans:
        parts += [escape(snippet[at:start]), "[bold yellow]", escape(snippet[start:end]), "[/]"]
        at = end
    return "".join([*parts, escape(snippet[at:])])
