"""`kb eval`, `kb tune`: measure on judged sets, and fit what is fitted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.common import Json, app, err, library_of, loaded, out, plain, print_json
from kb.cli.common import folder as folder_
from kb.cli.index import Step
from kb.errors import InvalidInput
from kb.settings import Settings
from kb.words import count

if TYPE_CHECKING:
    from search.engine import Engine
    from search.judge.evaluate import Index
    from search.judge.sets import Document


@app.command("eval")
def evaluate(
    sets: Annotated[
        list[Path] | None, typer.Argument(parser=folder_, metavar="FOLDER", help="Folders of judged sets.")
    ] = None,
    queries: Annotated[Path | None, typer.Option(help="Another query file, for one set.")] = None,
    articles: Annotated[
        Path | None, typer.Option(parser=folder_, metavar="FOLDER", help="A folder of Markdown in place of the corpus.")
    ] = None,
    save: Annotated[Path | None, typer.Option(help="Write each question's figures to this file.")] = None,
    compare: Annotated[tuple[Path, Path] | None, typer.Option(help="Compare two files of --save.")] = None,
    json_: Json = False,
) -> None:
    """Measure BM25 alone, vectors alone and hybrid on judged sets, each indexed in a scratch home."""
    if compare:
        _compare(*compare, json_)
        return
    if not sets:
        raise InvalidInput("SETS: name at least one folder of a judged set, or --compare two files")
    reports = [_evaluated(folder, queries, articles, one=len(sets) == 1, quiet=json_) for folder in sets]
    if save:
        save.write_text(json.dumps(reports, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    shown = [{key: value for key, value in report.items() if key != "per_query"} for report in reports]
    if json_:
        print_json(shown[0] if len(shown) == 1 else shown)


def _evaluated(folder: Path, queries: Path | None, articles: Path | None, *, one: bool, quiet: bool) -> dict[str, Any]:
    from search.judge.evaluate import evaluate as evaluate_

    if queries and not one:
        raise InvalidInput(f"--queries: {queries} can stand in for one set's queries only")
    chosen = queries if queries is None or queries.exists() else folder / queries.name
    err.print(f"[dim]{folder.name}: indexing and answering …[/]")
    report = evaluate_(folder, _indexer(loaded().settings), chosen, articles)
    if not quiet:
        _print(report)
    return report


def _compare(before: Path, after: Path, json_: bool) -> None:
    from dataclasses import asdict

    from search.judge import compare

    found = compare.compare(compare.read(before), compare.read(after))
    if json_:
        print_json([asdict(item) for item in found])
        return
    for item in found:
        difference = f"{item.before:.4f} → {item.after:.4f} ({item.after - item.before:+.4f})"
        counts = f"{item.wins} won, {item.losses} lost, {item.ties} the same"
        out.print(f"[bold]{item.name}[/] nDCG@10 {difference}: {counts}; p = {item.p:.4f} (paired randomization)")
        for change in item.changes:
            results = f"{' '.join(change.results[0])} → {' '.join(change.results[1])}"
            out.print(f"  {change.before:.2f} → {change.after:.2f}  {change.text[:80]}  {results}", markup=False)


@app.command()
def tune(
    sets: Annotated[list[Path], typer.Argument(parser=folder_, metavar="FOLDER", help="Folders of judged sets.")],
    write: Annotated[Path | None, typer.Option(help="Folder to write fusion.json and confidence.json into.")] = None,
    json_: Json = False,
) -> None:
    """Fit the weights of fusion, then the confidence models; each set is scored by a fit on the others."""
    from search.judge.tune import tune as tune_

    settings = loaded().settings
    made = {
        "made_by": f"kb tune {' '.join(folder.name for folder in sets)}",
        "made_on": datetime.now(UTC).date().isoformat(),
        "model": settings.model,
    }
    fitted = tune_(sets, _indexer(settings), made, lambda text: err.print(f"[dim]{text}[/]"))
    if write:
        write.mkdir(parents=True, exist_ok=True)
        for name, value in fitted.items():
            (write / name).write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
    if json_:
        print_json(fitted)
        return
    from rich.markup import escape

    weights, models = fitted["fusion.json"], fitted["confidence.json"]
    out.print(f"[bold]weights[/] {escape(plain(weights['held_part']))}")
    for side in ("same", "other"):
        out.print(f"  {side:22} {plain(weights[side])}")
    for title, report in (("nDCG@10", weights["left_out"]), ("confidence", models["left_out"])):
        out.print(f"[bold]{title}, each set by a fit on the others[/]")
        for name, values in report.items():
            shown = {k: v["calibration_error"] if isinstance(v, dict) else v for k, v in values.items()}  # no diagrams
            out.print(f"  {escape(name):22} {plain(shown)}")


@lru_cache(maxsize=1)
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
        return _fill(homes[name][0], [Draft(d.markdown, d.source, d.id, "documents") for d in documents])

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
    wanted = {outcome.id for outcome in outcomes}  # an article's front matter may name another id than its file
    with home.database.read() as connection:
        present = set(articles.published_rows(connection))
    retired = library.retire(present - wanted)
    if retired or any(o.status != "unchanged" for o in outcomes) or not files.generations(home.index_folder):
        home.index.compact()
    with home.database.read() as connection:
        return home.engine, articles.counts(connection)["chunks"]


def _print(report: dict[str, Any]) -> None:
    counted = {"documents": "document", "chunks": "chunk", "queries": "judged question"}
    head = ", ".join(count(report[key], noun) for key, noun in counted.items())
    out.print(f"[bold]{report['set']}[/]: {head}")
    for mode in ("bm25", "vectors", "hybrid"):
        scores = "  ".join(f"{name} {value:.4f}" for name, value in report[mode].items())
        out.print(f"  {mode:8} {scores}")
    for label, area in report["answerable_auroc"].items():
        if area is not None:
            out.print(f"  AUROC of the confidence, answerable against {label}: {area:.4f}")
    out.print(f"  calibration error of P(the first article answers): {report['calibration_error']:.4f}")
    out.print(f"  [dim]seconds: {plain(report['seconds'])}[/]")
