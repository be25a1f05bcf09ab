"""How long a look at every article takes: first, with nothing new, after one edit. `python bench/health.py HOME`

HOME is an indexed home, which is copied; the vectors that it has are used, and one article's are made.
"""

from __future__ import annotations

import gc
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from articles.health.run import Examiner
from articles.library import Draft, Library
from kb.models import EVERYTHING
from kb.settings import Settings
from kb.store import articles
from search.home import Home


def main(home: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(home, Path(folder) / "home")
        opened = Home(Settings(home=Path(folder) / "home"))
        opened.embedder.queries(["the model is loaded"])
        gc.freeze()  # as a server does
        examiner = Examiner(opened)
        look("first look", examiner)
        look("nothing new", examiner)
        for _ in range(3):
            edit(opened)
            look("after one edit", examiner)
        look("nothing new, by another process", Examiner(opened))
        opened.close()


def edit(home: Home) -> None:
    """A line more in the article that comes first."""
    with home.database.read() as connection:
        article = next(articles.all_articles(connection, EVERYTHING))
    text = f"{article.markdown}\n\nOne line more, {time.time()}.\n"
    Library.of(home).put_one(Draft(text, article.source, article.id))


def look(what: str, examiner: Examiner) -> None:
    started = time.perf_counter()
    found = examiner.look(datetime.now(UTC))
    seconds = time.perf_counter() - started
    print(f"{what:32} {seconds:6.2f} s  {found.articles:,} articles, {found.flags:,} flags, {found.opened:,} opened")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
