"""Indexing a folder against embedding its chunks alone, in one run: `python bench/indexing.py FOLDER [FILES]`.

Prints both times and their ratio, then the time of a second, unchanged run as a share of the first.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from articles.folder import files, sync
from articles.library import Library
from indexer.chunk import chunk
from indexer.markdown import parse
from kb.settings import Settings, load
from search.home import Home


def main(folder: Path, count: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        docs = Path(scratch) / "docs"
        for number, path in enumerate(files(folder)[:count]):
            (docs / str(number)).mkdir(parents=True)
            (docs / str(number) / path.name).write_bytes(path.read_bytes())
        home = Home(Settings(home=Path(scratch) / "home", cache=load().settings.cache))
        library = Library.of(home)
        home.embedder.queries(["warm up"])
        started = time.perf_counter()
        outcomes = sync(library, docs)
        home.index.compact()
        indexed = time.perf_counter() - started
        texts = passages(library, docs)
        started = time.perf_counter()
        home.embedder.passages(texts)
        embedded = time.perf_counter() - started
        started = time.perf_counter()
        sync(library, docs)
        again = time.perf_counter() - started
        print(f"{len(outcomes)} files, {len(texts)} distinct chunks")
        print(f"index {indexed:.1f} s, embed the same chunks {embedded:.1f} s, ratio {indexed / embedded:.3f}")
        print(f"unchanged run {again:.2f} s, {again / indexed:.2%} of the first")
        home.close()


def passages(library: Library, docs: Path) -> list[str]:
    """The distinct passages that indexing embedded."""
    from articles.folder import drafts
    from articles.library import Draft, read_article

    found: dict[str, None] = {}
    for draft in drafts(docs.resolve(), files(docs.resolve())):
        if not isinstance(draft, Draft):
            continue
        title = read_article(draft).metadata.title
        embedder = library.preparer.embedder
        size, limit = library.preparer.chunk_tokens, embedder.max_tokens
        for one in chunk(parse(draft.markdown), title, size=size, limit=limit, count=embedder.count_tokens):
            found[one.passage(title)] = None
    return list(found)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 500)
