"""Do the health checks find what is wrong, and is what they find wrong?

`recall FOLDER` puts a fault into random articles that a check finds nothing in: it must be found, and be gone when the
article is as it was. `read FOLDER --check NAME` prints flags with what stands there, for somebody to read and judge.
`speed FOLDER` times each check over every article.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import random
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import tests.faults
from articles import folder as folders
from articles.health import CHECKS
from articles.health.base import Check, Flag, Shelf, facts_of
from articles.library import Draft
from articles.publish import read
from kb.errors import ArticleError
from kb.models import Article

Inject = Callable[[Shelf, Article, random.Random], Shelf | None]


def shelf_of(folder: Path, today: date) -> Shelf:
    """The articles of a folder, as they are when they were just indexed."""
    root = folder.resolve()
    found: dict[str, Article] = {}
    for draft in folders.drafts(root, folders.files(root)):
        try:
            article = read(draft) if isinstance(draft, Draft) else None
        except ArticleError:
            article = None
        if article:
            found[article.id] = article
    return Shelf(found, today, known={article.id: facts_of(article) for article in found.values()})


def injectors() -> dict[str, Inject]:
    names = [module.name for module in pkgutil.iter_modules(tests.faults.__path__)]
    found: dict[str, Inject] = {}
    for name in names:
        found |= importlib.import_module(f"tests.faults.{name}").INJECT
    return found


def recall(shelf: Shelf, check: Check, inject: Inject, wanted: int, rng: random.Random) -> tuple[int, int, list[str]]:
    """(found, tried, the ids of articles whose fault was missed)."""
    tried, missed = 0, []
    for article in rng.sample(shelf.published, len(shelf.published)):
        if tried == wanted:
            break
        before = list(check.look(article, shelf))
        worse = None if before else inject(shelf, article, rng)
        if worse is None:
            continue
        tried += 1
        if not flags_after(check, article, worse):
            missed.append(article.id)
    return tried - len(missed), tried, missed


def flags_after(check: Check, article: Article, shelf: Shelf) -> list[Flag]:
    """What the check finds in the article, or in what the fault added beside it."""
    if check.name == "near_duplicate":  # found on one of the two
        return [flag for other in shelf.published for flag in check.look(other, shelf) if article.id in flag.others] + (
            list(check.look(shelf.articles[article.id], shelf))
        )
    return list(check.look(shelf.articles[article.id], shelf))


def show_recall(shelf: Shelf, names: list[str], wanted: int, seed: int) -> None:
    found = injectors()
    for name in names:
        if name not in found:
            print(f"{name:24} no injector")
            continue
        hit, tried, missed = recall(shelf, CHECKS[name], found[name], wanted, random.Random(seed))
        print(f"{name:24} {hit:4} of {tried:4} found {hit / tried if tried else float('nan'):.3f}  {missed[:3]}")


def show_flags(shelf: Shelf, names: list[str], limit: int, seed: int) -> None:
    for name in names:
        check = CHECKS[name]
        flags = [(article, flag) for article in shelf.published for flag in check.look(article, shelf)]
        articles = len({article.id for article, _ in flags})
        print(f"== {name}: {len(flags)} flags on {articles} of {len(shelf.published)} articles")
        for article, flag in random.Random(seed).sample(flags, min(limit, len(flags))):
            print(f"{article.id}:{flag.line}: {flag.message}\n    | {flag.quote[:200]!r}\n    > {flag.fix}")


def show_speed(shelf: Shelf, names: list[str]) -> None:
    for name in names:
        started = time.perf_counter()
        flags = sum(len(list(CHECKS[name].look(article, shelf))) for article in shelf.published)
        took = time.perf_counter() - started
        print(f"{name:24} {took:7.2f} s  {1000 * took / len(shelf.published):7.3f} ms an article  {flags} flags")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["recall", "read", "speed"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="append", default=[])
    parser.add_argument("--limit", type=int, default=50, help="flags to read, or articles to put a fault into")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--today", type=date.fromisoformat, default=date(2026, 11, 23))
    given = parser.parse_args()
    shelf = shelf_of(given.folder, given.today)
    names = given.check or list(CHECKS)
    if given.what == "recall":
        show_recall(shelf, names, given.limit, given.seed)
    elif given.what == "read":
        show_flags(shelf, names, given.limit, given.seed)
    else:
        show_speed(shelf, names)


if __name__ == "__main__":
    main()
