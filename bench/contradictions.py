"""Precision and recall of contradictions between two short passages, or between a text and its translation.

`python -m bench.contradictions FILE.jsonl [--misses]`: a line is {"lang", "label", "a", "b"}, label 1 where the two
cannot both hold. `tests/fixtures/contradictions_dev.jsonl` are the pairs that the words and rules were made with.
A line of `tests/fixtures/translations.jsonl` is {"label", "source", "translation"}, both {"locale", "text"}.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from articles.health.pairs.disagree import contradiction
from articles.health.pairs.translated import differences


def figures(judged: Sequence[tuple[int, bool]]) -> str:
    """Of (label, found)."""
    hits = sum(label and found for label, found in judged)
    found, true = sum(found for _, found in judged), sum(label for label, _ in judged)
    precision, recall = hits / (found or 1), hits / (true or 1)
    f1 = 2 * precision * recall / ((precision + recall) or 1)
    return f"{len(judged)} pairs, {true} true: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}"


def _found(pair: dict[str, Any]) -> bool:
    if "translation" not in pair:
        return contradiction(pair["a"], pair["b"], pair["lang"]) is not None
    own, source = pair["translation"], pair["source"]
    return bool(differences(own["text"], own["locale"], source["text"], source["locale"]))


def _language(pair: dict[str, Any]) -> str:
    return str(pair["lang"] if "lang" in pair else f"{pair['source']['locale']}-{pair['translation']['locale']}")


def main(path: str, *options: str) -> None:
    pairs: list[dict[str, Any]] = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
    judged = [(pair, _found(pair)) for pair in pairs]
    for language in sorted({_language(pair) for pair in pairs}):
        print(language, figures([(pair["label"], found) for pair, found in judged if _language(pair) == language]))
    print("all", figures([(pair["label"], found) for pair, found in judged]))
    if "--misses" in options:
        for pair, found in judged:
            if bool(pair["label"]) != found:
                print("found" if found else "missed", *pair.values(), sep=" | ")


if __name__ == "__main__":
    main(*sys.argv[1:])
