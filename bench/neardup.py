"""Near-duplicates: how well pairs are told apart, and how fast pairs are found.

`python -m bench.neardup DATA [--fit]` scores DATA/pairs.jsonl ({"label", "lang", "kind", "a": {"text"}, "b"}; titles
are not read): AUROC by language. `--fit` prints the coefficients of `articles.health.pairs.similarity`, and AUROC by
ten-fold cross-validation; pages of one template are fitted in another wording, too, so that what tells translations
of them apart is learnt where there are only revisions.

`python -m bench.neardup --chunks 100000 HOME` looks for near-duplicates among a home's chunks and ones made of them.
"""

from __future__ import annotations

import json
import random
import sqlite3
import sys
import time
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from articles.health.pairs.candidates import NEAREST, near
from articles.health.pairs.duplicates import Words, duplicates
from articles.health.pairs.passages import Passage, load_passages, matrix
from articles.health.pairs.similarity import BIAS, FEATURES, WEIGHTS, Profile, Rarity, features, profile, tokens
from indexer import dense
from indexer.markdown import parse
from kb.errors import ArticleError
from kb.models import Article, Metadata
from kb.store import Database

REWORDED, WEIGHT = 0.4, 0.1  # the share of words that another wording has, and what such a pair counts
Rows = Sequence[Mapping[str, Any]]
Floats = NDArray[np.float64]


def plain(text: str) -> str:
    try:
        return "\n".join(block.text for block in parse(text).blocks)
    except ArticleError:
        return text


def reworded(text: str, rng: random.Random) -> str:
    """Another wording: some words always become another one, identifiers never, and some change places."""
    words = [
        token if not token.isalpha() or zlib.crc32(token.encode()) % 100 >= 100 * REWORDED else f"{token}qx"
        for token in tokens(text)
    ]
    for place in range(len(words) - 1):
        if rng.random() < 0.3:
            words[place], words[place + 1] = words[place + 1], words[place]
    return " ".join(words)


def measured(pairs: Sequence[tuple[Profile, Profile]], every: Sequence[Profile]) -> Floats:
    rarity = Rarity.of([one.words for one in every])
    return np.array([features(a, b, rarity) for a, b in pairs])


def set_apart(rows: Rows) -> tuple[Floats, NDArray[np.int64]]:
    """The features and labels of the pairs of a set; rare is what is rare in the set."""
    known = {side["text"]: profile(plain(side["text"])) for row in rows for side in (row["a"], row["b"])}
    pairs = [(known[row["a"]["text"]], known[row["b"]["text"]]) for row in rows]
    return measured(pairs, list(known.values())), np.array([row["label"] for row in rows])


def templates(rows: Rows) -> tuple[Floats, NDArray[np.int64]]:
    """Pages of one template: each with itself in another wording, 1, and with another page, 0."""
    rng = random.Random(0)
    look_alikes = [row for row in rows if row["kind"] == "template"]
    texts = {side["text"]: plain(side["text"]) for row in look_alikes for side in (row["a"], row["b"])}
    own = {text: profile(said) for text, said in texts.items()}
    other = {text: profile(reworded(said, rng)) for text, said in texts.items()}
    pairs = [(own[text], other[text]) for text in texts]
    pairs += [(own[row["a"]["text"]], own[row["b"]["text"]]) for row in look_alikes]
    labels = np.array([1] * len(texts) + [0] * len(look_alikes))
    return measured(pairs, [*own.values(), *other.values()]), labels


def auroc(labels: NDArray[np.int64], scores: Floats) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(labels, scores)) if len(set(labels.tolist())) == 2 else float("nan")


def fitted(x: Floats, y: NDArray[np.int64], more: tuple[Floats, NDArray[np.int64]]) -> Any:
    from sklearn.linear_model import LogisticRegression

    weights = np.r_[np.ones(len(y)), np.full(len(more[1]), WEIGHT)]
    return LogisticRegression(C=10.0).fit(np.r_[x, more[0]], np.r_[y, more[1]], sample_weight=weights)


def fit(rows: Rows, x: Floats, y: NDArray[np.int64]) -> None:
    from sklearn.model_selection import StratifiedKFold

    more = templates(rows)
    left_out = np.zeros(len(y))
    for train, test in StratifiedKFold(10, shuffle=True, random_state=0).split(x, y):
        left_out[test] = fitted(x[train], y[train], more).decision_function(x[test])
    model = fitted(x, y, more)
    print(f"AUROC by ten-fold cross-validation: {auroc(y, left_out):.4f}")
    other_pages = auroc(more[1], model.decision_function(more[0]))
    print(f"AUROC of templates in another wording against other pages: {other_pages:.4f}")
    print(f"BIAS = {model.intercept_[0]:.2f}")
    print(f"WEIGHTS = {tuple(round(float(weight), 2) for weight in model.coef_[0])}  # {', '.join(FEATURES)}")


def score(folder: Path, *, fits: bool) -> None:
    rows = [json.loads(line) for line in (folder / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]
    x, y = set_apart(rows)
    scores = BIAS + x @ np.array(WEIGHTS)
    for name, chosen in groups(rows):
        print(f"{name}: {len(chosen)} pairs, AUROC {auroc(y[chosen], scores[chosen]):.4f}")
    for place, name in enumerate(FEATURES):
        print(f"{name} alone: AUROC {auroc(y, x[:, place]):.4f}")
    print(f"P >= 0.9: {Counter(zip(y.tolist(), (scores >= np.log(9)).tolist(), strict=True))} (label, said)")
    if fits:
        fit(rows, x, y)


def groups(rows: Rows) -> Iterator[tuple[str, list[int]]]:
    yield "all", list(range(len(rows)))
    for language in sorted({row["lang"] for row in rows}):
        yield language, [i for i, row in enumerate(rows) if row["lang"] == language]


def search(count: int, home: Path) -> None:
    """Times the search for near-duplicates, and compares its neighbours with exact search for some of the rows."""
    passages = multiplied(count, home)
    started, used = time.perf_counter(), time.process_time()
    found = near(passages, None)
    middle, middle_used = time.perf_counter(), time.process_time()
    words = Words(passages)
    rarity = Rarity.of([words[name] for name in passages])
    pairs = list(duplicates({name: article(name) for name in passages}, words, found, rarity))
    ended, ended_used = time.perf_counter(), time.process_time()
    print(f"{len(found.rows):,} chunks of {len(passages):,} articles: {len(pairs) // 2:,} near-duplicates")
    print(f"neighbours: {middle - started:.1f} s, {middle_used - used:.1f} s of processor")
    print(f"near-duplicates: {ended - middle:.1f} s, {ended_used - middle_used:.1f} s of processor")
    some = np.random.default_rng(1).choice(len(found.rows), 1_000, replace=False)
    exact, _ = dense.neighbours(matrix(passages), NEAREST, some)
    shared = [len(set(found.found[row]) & set(best)) / NEAREST for row, best in zip(some, exact, strict=True)]
    first = [best[0] in found.found[row] for row, best in zip(some, exact, strict=True)]
    print(f"recall@{NEAREST} of 1,000 rows {np.mean(shared):.4f}; the nearest is found {np.mean(first):.4f}")


def article(name: str) -> Article:
    """An article that has nothing but a name: its text is in its passages."""
    return Article(name, name, 1, Metadata(name, "en"), "", name, "", "")


def multiplied(count: int, home: Path) -> dict[str, list[Passage]]:
    """A home's passages, and more of them: each article again, its vectors mixed with those of another one, with noise,
    and most of its words replaced: other articles about near things.
    """
    path = home / "kb.db"
    model = sqlite3.connect(path).execute("SELECT model FROM vectors LIMIT 1").fetchone()[0]
    found = dict(load_passages(Database(path), model))
    real, total, rng = list(found.items()), sum(map(len, found.values())), np.random.default_rng(0)
    every = [passage for _, some in real for passage in some]
    while total < count:
        for name, some in real:
            found[f"{name} {total}"] = [mixed(one, every[rng.integers(len(every))], rng) for one in some]
            total += len(some)
            if total >= count:
                break
    return found


def mixed(passage: Passage, other: Passage, rng: np.random.Generator) -> Passage:
    assert passage.vector is not None
    assert other.vector is not None
    share = rng.uniform(0.2, 0.5)
    vector = (1 - share) * passage.vector + share * other.vector + rng.normal(0, 0.01, passage.vector.shape)
    words = passage.text.split(" ")
    words = [f"{word}{rng.integers(9)}" if rng.random() < 0.7 else word for word in words]
    return replace(passage, text=" ".join(words), vector=(vector / np.linalg.norm(vector)).astype(np.float32))


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    if "--chunks" in sys.argv:
        search(int(arguments[0]), Path(arguments[1]))
    else:
        score(Path(arguments[0]), fits="--fit" in sys.argv)
