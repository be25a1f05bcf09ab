"""`kb index`, `kb status`."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli import remote
from kb.cli.common import Json, app, err, folder, library_of, loaded, opened, out, plain, print_json
from kb.cli.push import push
from kb.words import count

_STATUSES = ("added", "updated", "moved", "unchanged", "retired", "failed")

if TYPE_CHECKING:
    from articles.library import Outcome
    from search.home import Home


@app.command()
def index(
    folders: Annotated[
        list[Path] | None, typer.Argument(parser=folder, metavar="FOLDER", help="Folders of Markdown articles.")
    ] = None,
    json_: Json = False,
) -> None:
    """Bring the knowledge base up to date with folders of Markdown: what is new, changed or gone.

    Without a folder: prepare again what is stored, under the present settings.
    """
    from articles import folder as folders_

    settings = loaded().settings
    started = time.perf_counter()
    if settings.server and (client := remote.server(settings)):
        outcomes = push(client, folders or [])
        _end(_summary(outcomes, time.perf_counter() - started, 0), outcomes, folders or [], json_)
        return
    with opened(settings) as home:
        expected = sum(len(folders_.files(root)) for root in folders or [])
        library = library_of(home)
        outcomes = []
        with Step(expected) as step:
            for root in folders or []:
                outcomes += folders_.sync(library, root, step)
            outcomes += library.renew(step)
            step.describe("writing the index")
            generation = _snapshot(home, outcomes)
    _end(_summary(outcomes, time.perf_counter() - started, generation), outcomes, folders or [], json_)


def _end(summary: dict[str, Any], outcomes: list[Outcome], folders: list[Path], json_: bool) -> None:
    _print(summary, outcomes, folders, json_)
    if summary["failed"]:
        raise typer.Exit(1)


def _snapshot(home: Home, outcomes: list[Outcome]) -> int:
    """Fold what changed into a new snapshot; an index that is up to date stays, and no model is loaded for it."""
    from indexer import snapshot as files

    changed = any(outcome.status in ("added", "updated", "retired") for outcome in outcomes)
    newest = files.generations(home.index_folder)[:1]
    if changed or not newest:
        newest = [files.build(home.database, home.index_folder, home.identity)]
    return int(newest[0].name.rpartition("-")[2])


def _summary(outcomes: list[Outcome], seconds: float, generation: int) -> dict[str, Any]:
    counts: Counter[str] = Counter(outcome.status for outcome in outcomes)
    names = _STATUSES
    return {
        **{name: counts[name] for name in names},
        "chunks": sum(outcome.chunks for outcome in outcomes),
        "seconds": round(seconds, 2),
        "generation": generation,
    }


def _print(summary: dict[str, Any], outcomes: list[Outcome], folders: list[Path], json_: bool) -> None:
    failures = [outcome for outcome in outcomes if outcome.status == "failed"]
    if json_:
        problems = [{"source": f.source, "line": f.line, "message": f.message} for f in failures]
        print_json({**summary, "problems": problems})
        return
    for failure in failures:
        path = _where(failure.source, folders)
        err.print(f"{path}:{failure.line}: {failure.message}" if failure.line else f"{path}: {failure.message}",
                  markup=False, soft_wrap=True)  # fmt: skip
    parts = [f"{summary[name]} {name}" for name in _STATUSES]
    made = f"{count(summary['chunks'], 'chunk')} made in {summary['seconds']} s"
    out.print(f"{', '.join(parts)} · {made} · index generation {summary['generation']}")


def _where(source: str, folders: list[Path]) -> Path:
    return next((root / source for root in folders if (root / source).exists()), Path(source))


class Step:
    """A progress bar that articles move on as they are done."""

    def __init__(self, expected: int) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self.progress = Progress(*columns, console=err, transient=True)
        self.task = self.progress.add_task("reading and embedding articles", total=expected or None)

    def __enter__(self) -> Step:
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()

    def __call__(self, _outcome: Outcome) -> None:
        self.progress.advance(self.task)

    def describe(self, text: str) -> None:
        self.progress.update(self.task, description=text)


@app.command()
def status(json_: Json = False) -> None:
    """What the knowledge base holds, what its index was made with, and how far the index lags behind."""
    with opened(loaded().settings) as home:
        found = _status(home)
    if json_:
        print_json(found)
        return
    from rich.markup import escape

    for key, value in found.items():
        out.print(f"[bold]{key:12}[/] {escape(plain(value))}")


def _status(home: Home) -> dict[str, Any]:
    import json

    from indexer import snapshot as files
    from kb.store import articles, changes

    newest = files.generations(home.index_folder)[:1]
    manifest: dict[str, Any] = {}
    if newest and (newest[0] / "manifest.json").exists():
        manifest = json.loads((newest[0] / "manifest.json").read_text(encoding="utf-8"))
    with home.database.read() as connection:
        counts = articles.counts(connection)
        latest = changes.latest(connection)
    return {
        "home": str(home.path),
        "articles": {state: counts.get(state, 0) for state in ("published", "draft", "archived")},
        "chunks": counts["chunks"],
        "model": manifest.get("model"),
        "analyzer": manifest.get("analyzer"),
        "generation": manifest.get("generation", 0),
        "change": latest,
        "lag": latest - manifest.get("change", 0),
        "bytes": {
            "database": sum(path.stat().st_size for path in home.path.glob("kb.db*")),
            "index": sum(path.stat().st_size for path in home.index_folder.rglob("*") if path.is_file()),
        },
    }
