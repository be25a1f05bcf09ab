"""`kb demo`: the main job on the starter articles, from files to a running server, in one process."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kb.cli.ask import show_results
from kb.cli.common import app, library_of, loaded, opened, out, reader_of
from kb.cli.serve import serve_demo
from kb.words import count

if TYPE_CHECKING:
    from search.home import Home

QUESTIONS = (
    "My payment failed. What does NR-2207 mean?",
    "환불은 언제까지 되나요?",
    "당뇨 환자용 저당 식단을 고를 수 있나요?",
)


@app.command()
def demo(
    serve: Annotated[bool, typer.Option(help="Go on serving until Ctrl-C.")] = True,
    port: Annotated[int | None, typer.Option(help="Port to serve at; a free one where it is taken.")] = None,
) -> None:
    """Index the starter articles, answer three questions, and serve."""
    settings = loaded(port=port).settings
    out.print(f"[bold]1.[/] Indexing the starter articles into {settings.home} (the model loads first) …")
    with opened(settings) as home:
        _index(home)
        out.print("\n[bold]2.[/] Three questions, as a customer would ask them:")
        for question in QUESTIONS:
            _ask(home, question)
        if serve:
            out.print("\n[bold]3.[/] ", end="")
            serve_demo(home)


def _index(home: Home) -> None:
    import articles
    from articles.folder import sync

    started = time.perf_counter()
    starter = Path(articles.__file__).parent / "starter"
    outcomes = sync(library_of(home), starter)
    if any(outcome.status != "unchanged" for outcome in outcomes):
        home.index.compact()
    done = sum(outcome.status in ("added", "updated") for outcome in outcomes)
    seconds = time.perf_counter() - started
    out.print(f"   {count(len(outcomes), 'article')}, {done} of them new or changed, in {seconds:.1f} s")


def _ask(home: Home, question: str) -> None:
    from search.engine import Request
    from search.wire import results_json

    out.print(f"\n[bold cyan]? {question}[/]")
    results = home.engine.search(Request(question, reader_of(home.settings), limit=2))
    show_results(results_json(results))
