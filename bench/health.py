"""How long a look at every article takes: first, with nothing new, after one edit. `python bench/health.py HOME`

HOME is an indexed home, which is copied; the vectors that it has are used, and those of the edited articles are made.
A server's request looks only where something is new: what it costs to find out comes last.
"""

from __future__ import annotations

import gc
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from api.state import State
from articles.health.run import Examiner
from articles.library import Draft, Library
from kb.models import EVERYTHING
from kb.settings import Settings
from kb.store import articles
from search.home import Home

_EDITS, _REQUESTS = 9, 500


def main(home: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(home, Path(folder) / "home")
        opened = Home(Settings(home=Path(folder) / "home"))
        opened.embedder.queries(["the model is loaded"])
        gc.freeze()  # as a server does
        state = State(opened, Library.of(opened))
        first = look("first look", state.examiner)
        gc.collect()
        gc.freeze()  # as a server does after a day's first look
        look("nothing new", state.examiner)
        edited = [edited_look(opened, state.examiner, number / _EDITS) for number in range(_EDITS)]
        look("nothing new, by another process", Examiner(opened))
        share = f"{median(edited) / first:.1%} of a first look"
        print(f"after one edit, median of {_EDITS}: {median(edited):.2f} s of work, {share}")
        state.look()
        started = time.perf_counter()
        for _ in range(_REQUESTS):
            state.look()
        print(f"a request where nothing is new: {(time.perf_counter() - started) / _REQUESTS * 1000:.2f} ms")
        opened.close()


def edited_look(home: Home, examiner: Examiner, place: float) -> float:
    """Seconds of work of a look after a line more in the article at a place among all, 0..1."""
    with home.database.read() as connection:
        every = list(articles.all_articles(connection, EVERYTHING))
    article = every[int(place * len(every))]
    text = f"{article.markdown}\n\nOne line more, {time.time()}.\n"
    Library.of(home).put_one(Draft(text, article.source, article.id))
    return look("after one edit", examiner)


def look(what: str, examiner: Examiner) -> float:
    """Seconds that the thread of a look works, whatever else the machine does; with those on the wall it is printed."""
    started, worked = time.perf_counter(), time.thread_time()
    found = examiner.look(datetime.now(UTC))
    seconds, worked = time.perf_counter() - started, time.thread_time() - worked
    counts = f"{found.articles:,} articles, {found.flags:,} flags, {found.opened:,} opened"
    print(f"{what:32} {seconds:6.2f} s ({worked:.2f} s of work)  {counts}")
    return worked


if __name__ == "__main__":
    main(Path(sys.argv[1]))
