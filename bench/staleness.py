"""How well P(needs work) foresees what editors rewrote or removed, by models that never saw the product folder.

`python -m bench.staleness FOLDER` reads md/ and outcomes.jsonl: {path, ms_date, last_commit, commits, outcome}. With
`--write` it fits the model that ships, on all of the set. Every article is seen twice, with its Git history and with
the dates of its front matter alone, since a base may have no history.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"  # trees on a shared machine wait for one another

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score, roc_auc_score

from articles import frontmatter
from articles.health import CHECKS, examine
from articles.health.base import Flag, Shelf, facts_of
from articles.health.staleness import base, fit, model
from articles.health.staleness.features import table
from articles.health.staleness.report import auroc
from articles.history import Past
from indexer.markdown import parse
from kb.models import Article

DAY = date(2020, 10, 1)
SAMPLES = 500
SPLITS = 10
# To another base, weights must carry less than to the same; and what half a base's links and one year's checks say of
# flags is too little to learn from, so that they keep what is supposed of them.
TERMS = fit.Terms(supposed=("flags_high", "flags_medium", "flags_low"), strength=250.0)
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    article: Article
    past: Past
    needs_work: bool


@dataclass(frozen=True)
class Ground:
    """What models are fitted to and scored on: rows of articles with their Git history, then without."""

    both: fit.Cases
    folders: Sequence[str]

    @property
    def count(self) -> int:
        return len(self.folders)

    @property
    def labels(self) -> fit.Labels:
        return self.both.labels[: self.count]

    def halves(self) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
        """Folders in two halves: rows to fit to, and rows with Git history to score."""
        random, given = np.random.default_rng(1), np.array(self.folders)
        left = SPLITS
        while left:
            chosen = np.isin(given, random.permutation(sorted(set(self.folders)))[: len(set(self.folders)) // 2])
            if min(self.labels[chosen].sum(), self.labels[~chosen].sum()) >= fit.FEWEST:
                left -= 1
                yield np.tile(chosen, 2), np.concatenate([~chosen, np.zeros(self.count, np.bool_)])


def main(
    folder: Path,
    without: Annotated[str, typer.Option(help="A product folder to leave out altogether.")] = "",
    write: Annotated[bool, typer.Option(help="Write the model that ships.")] = False,
) -> None:
    known = [case for case in cases(folder) if case.article.source.split("/")[0] != without]
    shelf = shelf_of(known)
    flags = examine(shelf)
    with_git = cases_of(known, shelf, flags, {case.article.id: case.past for case in known})
    folders = [case.article.source.split("/")[0] for case in known]
    ground = Ground(joined(with_git, cases_of(known, shelf, flags, {})), folders)
    positives = int(ground.labels.sum())
    print(f"{ground.count} articles, {positives} rewritten or removed, {len(set(folders))} product folders", flush=True)
    compare(ground)
    calibration(ground.labels, fit.cross_validated(ground.both, [*folders, *folders], TERMS)[: ground.count])
    if write:
        save(ground.both, folder)


def cases(folder: Path) -> list[Case]:
    found = []
    for line in (folder / "outcomes.jsonl").read_text(encoding="utf-8").splitlines():
        said = json.loads(line)
        path, last = said["path"], date.fromisoformat(said["last_commit"])
        text = (folder / "md" / path).read_text(encoding="utf-8")
        name = path.removesuffix(".md")
        article = Article(name, name, 1, frontmatter.read(parse(text, path), path), "md", path, text, "")
        found.append(Case(article, Past((last,), said["commits"]), said["outcome"] in ("substantive", "deleted")))
    return found


def shelf_of(known: Sequence[Case]) -> Shelf:
    articles = {case.article.id: case.article for case in known}
    return Shelf(articles, DAY, known={name: facts_of(article) for name, article in articles.items()})


def cases_of(
    known: Sequence[Case], shelf: Shelf, flags: Mapping[str, Sequence[Flag]], pasts: Mapping[str, Past]
) -> fit.Cases:
    severities = {check.name: check.severity for check in CHECKS.values()}
    labels = np.array([case.needs_work for case in known])
    return fit.Cases(table(shelf, flags, severities, pasts, {}), labels, np.full(len(known), 0.5))


def joined(one: fit.Cases, other: fit.Cases) -> fit.Cases:
    first, second = one.table, other.table
    rows = base.Table(
        first.ids + second.ids,
        np.concatenate([first.values, second.values]),
        first.products + second.products,
        first.categories + second.categories,
        first.evidence + second.evidence,
    )
    return fit.Cases(rows, np.tile(one.labels, 2), np.tile(one.weights, 2))


def compare(ground: Ground) -> None:
    parts = [str(part) for part in np.random.default_rng(0).integers(0, 5, ground.count)]
    families = list(dict.fromkeys(feature.family for feature in base.FEATURES))
    of = {family: [f.name for f in base.FEATURES if f.family == family] for family in families}
    sets: dict[str, Sequence[str]] = {
        "nothing": (),
        "age, fitted": ("age",),
        "age and untouched, fitted": ("age", "untouched"),
        **{f"{family} alone": names for family, names in of.items() if family != "rates"},
        **{f"without {family}": [n for n in base.NAMES if n not in names] for family, names in of.items()},
        "all": base.NAMES,
    }
    print(f"{'':26} half of the folders, then by folder: AUROC (95%), mean of folders, average precision, top tenth,")
    print(f"{'':26} the same AUROC and mean from front matter alone, in five random parts")
    for name in ("age", "untouched"):
        older = ground.both.table.values[:, base.NAMES.index(name)]
        show(f"{name}, the older the worse", ground, math.nan, older, older)
    for title, names in sets.items():
        terms = replace(TERMS, features=names)
        score = partial(fit.cross_validated, ground.both, terms=terms)
        show(title, ground, halved(ground, terms), score([*ground.folders] * 2), score(parts * 2))
    show("all, gradient boosting", ground, math.nan, boosted(ground, ground.folders), boosted(ground, parts))


def halved(ground: Ground, terms: fit.Terms) -> float:
    """Mean AUROC on half of the folders, by models fitted to the other half."""
    found = []
    for fitted, scored in ground.halves():
        by = fit.fit(ground.both.part(fitted), terms)
        rest = ground.both.part(scored)
        found.append(float(roc_auc_score(rest.labels, by.probabilities(by.rated(rest.table)))))
    return float(np.mean(found))


def boosted(ground: Ground, groups: Sequence[str]) -> Numbers:
    both, given = ground.both, np.array([*groups, *groups])
    found = np.zeros(len(both.labels))
    for group in sorted(set(groups)):
        rows = given == group
        trees = HistGradientBoostingClassifier(
            max_iter=60, learning_rate=0.05, max_leaf_nodes=6, min_samples_leaf=60, l2_regularization=5, random_state=0
        )
        trees.fit(both.table.values[~rows], both.labels[~rows])
        found[rows] = trees.predict_proba(both.table.values[rows])[:, 1]
    return found


def show(title: str, ground: Ground, half: float, found: Numbers, parts: Numbers) -> None:
    labels, count = ground.labels, ground.count
    first, second = found[:count], found[count:]
    low, high = bootstrap(labels, first)
    top = labels[np.argsort(-first, kind="stable")[: count // 10]].mean()
    print(
        f"{title:26} {half:.3f}  {roc_auc_score(labels, first):.3f} ({low:.3f}-{high:.3f}) "
        f"{np.mean(of_folders(labels, first, ground.folders)):.3f} "
        f"{average_precision_score(labels, first):.3f} {top:.3f}"
        f"  {roc_auc_score(labels, second):.3f} {np.mean(of_folders(labels, second, ground.folders)):.3f}"
        f"  {roc_auc_score(labels, parts[:count]):.3f}",
        flush=True,
    )


def of_folders(labels: fit.Labels, found: Numbers, folders: Sequence[str]) -> list[float]:
    """AUROC of each folder that has three of either kind."""
    given = np.array(folders)
    own = [given == folder for folder in sorted(set(folders))]
    return [float(roc_auc_score(labels[o], found[o])) for o in own if min(labels[o].sum(), (~labels[o]).sum()) >= 3]


def bootstrap(labels: fit.Labels, found: Numbers) -> tuple[float, float]:
    random = np.random.default_rng(0)
    drawn = (random.integers(0, len(labels), len(labels)) for _ in range(SAMPLES))
    values = [auroc(labels[rows], found[rows]) for rows in drawn]
    return float(np.quantile(values, 0.025)), float(np.quantile(values, 0.975))


def calibration(labels: fit.Labels, found: Numbers) -> None:
    print("calibration, with Git history, left out by folder")
    order, error = np.argsort(found), 0.0
    for rows in np.array_split(order, 5):
        error += abs(found[rows].mean() - labels[rows].mean()) * len(rows) / len(order)
        low, high = found[rows].min(), found[rows].max()
        print(f"P {low:.3f}-{high:.3f}: said {found[rows].mean():.3f}, was {labels[rows].mean():.3f}")
    print(f"expected calibration error {error:.3f}")


def save(both: fit.Cases, folder: Path) -> None:
    count = len(both.labels) // 2
    about: dict[str, Any] = {
        "made_by": f"python -m bench.staleness {folder.name} --write",
        "made_on": datetime.now(UTC).date().isoformat(),
    }
    about |= {"articles": count, "positives": int(both.labels[:count].sum())}
    path = Path(model.__file__).with_name("model.json")
    path.write_text(model.dump(fit.fit(both, TERMS, about)), encoding="utf-8")
    print(f"\n{path}")


if __name__ == "__main__":
    typer.run(main)
