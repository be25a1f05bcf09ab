"""What every command shares: the application, the settings in effect, and how things are printed."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from difflib import SequenceMatcher
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
    from kb.store import Connection
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


def folder(text: str) -> Path:
    """A folder that an argument names.

    Raises:
        InvalidInput: it names none; "" would be the working directory.
    """
    if not text.strip():
        raise InvalidInput(f"folder: {text!r} is no folder")
    return Path(text)


_NAMED = 10  # names that an error says

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


@contextmanager
def waiting(said: str) -> Iterator[Callable[[str], None]]:
    """Show on a terminal that something is done, and what; it hears how far it is."""
    from rich.markup import escape
    from rich.progress import Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as shown:
        task = shown.add_task(escape(said))
        yield lambda text: shown.update(task, description=escape(text))


def look(home: Home) -> None:
    """Bring flags and estimates up to date, and say how far that is."""
    from articles.health.run import Examiner

    with waiting("reading articles") as tell:
        Examiner(home).look(datetime.now(UTC), tell)


def library_of(home: Home) -> Library:
    from articles.library import Library

    return Library.of(home)


def reader_of(settings: Settings, locale: str | None = None) -> Reader:
    return Reader.of(settings.audience, locale)


def one_of(key: str, value: str, names: Collection[str]) -> None:
    """Make sure that there is what an option names; "" names nothing.

    Raises:
        InvalidInput: it is none of these, of which it says those most like it.
    """
    if not value or value in names:
        return
    like = sorted(names, key=lambda name: (-SequenceMatcher(None, value.casefold(), name.casefold()).ratio(), name))
    more = f" and {len(like) - _NAMED} more" if len(like) > _NAMED else ""
    raise InvalidInput(f"{key}: there is no {value!r}; known: {', '.join(like[:_NAMED]) or 'none'}{more}")


def narrowed(connection: Connection, settings: Settings, **to: str) -> None:
    """Make sure that there is what a list is narrowed to: a space, a locale, a channel, a product, an owner, a user.

    Raises:
        InvalidInput: there is none of that name.
    """
    from kb.store import known

    names = {
        "space": known.space_ids,
        "channel": known.channels,
        "product": known.products,
        "owner": known.owners,
        "assignee": known.user_ids,
    }
    for key, value in to.items():
        if value and key == "locale":
            from indexer.language import base

            one_of(key, base(value), {*settings.languages, *map(base, known.locales(connection))})
        elif value:
            one_of(key, value, names[key](connection))


def print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def plain(value: Any) -> str:
    """A value as a person writes it: parts joined by commas, `-` for nothing."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {plain(part)}" for key, part in value.items()) or "-"
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(plain(part) for part in value) or "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6g}"
    return "-" if value is None or value == "" else str(value)


def marked(snippet: str, spans: list[list[int]]) -> str:
    """A snippet for the terminal, the question's words in bold; the text itself is never markup."""
    from rich.markup import escape

    parts, at = [], 0
    for start, end in spans:
        parts += [escape(snippet[at:start]), "[bold yellow]", escape(snippet[start:end]), "[/]"]
        at = end
    return "".join([*parts, escape(snippet[at:])])
