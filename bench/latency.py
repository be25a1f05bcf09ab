"""A warm hybrid query against embedding it alone, interleaved: `KB_HOME=… python bench/latency.py QUERIES.jsonl`.

Prints the p50 of each in milliseconds and their ratio. The questions are logged in that home: use a copy of one.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from kb.models import Reader
from kb.settings import load
from search.engine import Request
from search.home import Home
from search.judge.sets import read_jsonl


def milliseconds(job: Callable[[], object]) -> float:
    started = time.perf_counter()
    job()
    return (time.perf_counter() - started) * 1000


def main(queries: Path, count: int = 200) -> None:
    home = Home(load().settings)
    reader = Reader.of("public")
    texts = [row["text"] for row in read_jsonl(queries)][:count]
    for text in texts[:10]:
        home.engine.search(Request(text, reader))
    embed, search = [], []
    for text in texts:
        embed.append(milliseconds(lambda t=text: home.embedder.queries([t])))
        search.append(milliseconds(lambda t=text: home.engine.search(Request(t, reader))))
    chunks = len(home.index.view())
    print(f"{len(texts)} questions over {chunks} chunks")
    alone, whole = median(embed), median(search)
    print(f"embed p50 {alone:.1f} ms, search p50 {whole:.1f} ms, ratio {whole / alone:.2f}")
    home.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
