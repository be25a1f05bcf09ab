"""`kb eval`, `kb tune`: measure on judged sets, and fit what is fitted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.common import Json, app, err, library_of, loaded, out, print_json
from kb.cli.index import Step
from kb.errors import InvalidInput
from kb.settings import Settings

if TYPE_CHECKING:
    from search.engine import Engine
    from search.judge.evaluate import Index
    from search.judge.sets import Document

Sets = Annotated[list[Path], typer.Argument(help="Folders of judged sets.")]


@app.command("eval")
def evaluate(
    sets: Sets,
    queries: Annotated[Path | None, typer.Option(help="Another query file, for one set.")] = None,
    json_: Json = False,
) -> None:
    """Measure BM25 alone, vectors alone and hybrid on judged sets, each indexed in a scratch home."""
    from search.judge.evaluate import evaluate as evaluate_

    if queries and len(sets) > 1:
        raise InvalidInput(f"--queries: {queries} can stand in for one set's queries only")
    build = _indexer(loaded().settings)
    reports = []
    for folder in sets:
        chosen = _query_file(queries, folder)
        err.print(f"[dim]{folder.name}: indexing and answering …[/]")
        reports.append(evaluate_(folder, build, chosen))
        if not json_:
            _print(reports[-1])
    if json_:
        print_json(reports[0] if len(reports) == 1 else reports)


@app.command()
def tune(
    sets: Sets,
    write: Annotated[Path | None, typer.Option(help="Where to write the fitted model.")] = None,
    json_: Json = False,
) -> None:
    """Fit the confidence model on judged sets; each set is scored by a model fitted on the others."""
    from search.judge import tune as tune_
    from search.judge.evaluate import answers_of
    from search.judge.sets import read_gap, read_set

    build = _indexer(loaded().settings)
    found = {}
    for folder in sets:
        err.print(f"[dim]{folder.name}: indexing and answering …[/]")
        for judged in filter(None, (read_set(folder), read_gap(folder))):
            found[judged.name] = answers_of(judged, build, folder.name)
    if write:
        tune_.write(write, found, datetime.now(UTC).date(), loaded().settings.model)
    report = tune_.report(found)
    if json_:
        print_json(report)
        return
    for name, values in report.items():
        out.print(f"[bold]{name:22}[/] " + "  ".join(f"{key} {value}" for key, value in values.items()))


def _query_file(queries: Path | None, folder: Path) -> Path | None:
    if queries is None or queries.exists():
        return queries
    return folder / queries.name


def _indexer(settings: Settings) -> Index:
    """Indexes a set in `KB_HOME/eval/NAME`. The same home serves it the next time: vectors are kept."""
    from filelock import FileLock

    from articles.library import Draft
    from indexer.embed import SentenceTransformerEmbedder
    from search.home import Home

    embedder = SentenceTransformerEmbedder(settings.model, settings.cache)
    homes: dict[str, tuple[Home, FileLock]] = {}

    def index(name: str, documents: Sequence[Document]) -> tuple[Engine, int]:
        if name not in homes:
            scratch = settings.model_copy(update={"home": settings.home / "eval" / name})
            scratch.home.mkdir(parents=True, exist_ok=True)
            lock = FileLock(scratch.home / "eval.lock")
            lock.acquire()  # until this process ends: one evaluation of a set at a time
            homes[name] = Home(scratch, embedder), lock
        return _fill(homes[name][0], [Draft(d.markdown, f"{d.id}.md", d.id) for d in documents])

    return index


def _fill(home: Any, drafts: Sequence[Any]) -> tuple[Engine, int]:
    from indexer import snapshot as files
    from kb.store import articles

    library = library_of(home)
    with Step(len(drafts)) as step:
        outcomes = library.put(drafts, step)
    failed = [outcome for outcome in outcomes if outcome.status == "failed"]
    if failed:
        raise InvalidInput(f"{failed[0].source}: {failed[0].message}")
    wanted = {draft.id for draft in drafts}
    with home.database.read() as connection:
        present = set(articles.published_rows(connection))
    retired = library.retire(present - wanted)
    if retired or any(o.status != "unchanged" for o in outcomes) or not files.generations(home.index_folder):
        home.index.compact()
    with home.database.read() as connection:
        return home.engine, articles.counts(connection)["chunks"]


def _print(report: dict[str, Any]) -> None:
    head = f"{report['documents']} documents, {report['chunks']} chunks, {report['queries']} judged questions"
    out.print(f"[bold]{report['set']}[/]: {head}")
    for mode in ("bm25", "vectors", "hybrid"):
        scores = "  ".join(f"{name} {value:.4f}" for name, value in report[mode].items())
        out.print(f"  {mode:8} {scores}")
    for label, area in report["answerable_auroc"].items():
        if area is not None:
            out.print(f"  AUROC of the confidence, answerable against {label}: {area:.4f}")
    out.print(f"  [dim]seconds: {report['seconds']}[/]")
