"""Precision and recall of contradictions between two short passages, by language.

`python -m bench.contradictions FILE.jsonl [--misses]`: a line is {"lang", "label", "a", "b"}, label 1 where the two
cannot both hold. `tests/fixtures/contradictions_dev.jsonl` are the pairs that the words and rules were made with.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from articles.health.pairs.disagree import contradiction


def figures(judged: Sequence[tuple[int, bool]]) -> str:
    """Of (label, found)."""
    hits = sum(label and found for label, found in judged)
    found, true = sum(found for _, found in judged), sum(label for label, _ in judged)
    precision, recall = hits / (found or 1), hits / (true or 1)
    f1 = 2 * precision * recall / ((precision + recall) or 1)
    return f"{len(judged)} pairs, {true} true: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}"


def main(path: str, *options: str) -> None:
    pairs: list[dict[str, Any]] = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
    judged = [(pair, contradiction(pair["a"], pair["b"], pair["lang"]) is not None) for pair in pairs]
    for language in sorted({pair["lang"] for pair in pairs}):
        print(language, figures([(pair["label"], found) for pair, found in judged if pair["lang"] == language]))
    print("all", figures([(pair["label"], found) for pair, found in judged]))
    if "--misses" in options:
        for pair, found in judged:
            if bool(pair["label"]) != found:
                print("found" if found else "missed", pair["lang"], "|", pair["a"], "|", pair["b"])


if __name__ == "__main__":
    main(*sys.argv[1:])
