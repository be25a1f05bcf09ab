"""Curations in a ranking: the articles that people put first for a question, and those that they leave out.

Rights come before curation, and so do filters: what a reader may not see or did not ask for is never put first. A
pinned article is shown by its best passage, like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from indexer.dense import Mask
from search.group import Group
from search.ranking import Ranking
from search.retrieve import Candidates
from search.rules import Curation
from search.scope import Scope


@dataclass(frozen=True)
class Decided:
    """What curations say of articles, by their ids: `pins`, in order, with the curation of each, and `hidden` ones."""

    pins: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()


def decided(curations: Iterable[Curation], current: Callable[[str], str]) -> Decided:
    """What curations say together: of an article, what the first says that names it. `current` is where an id leads."""
    said: dict[str, tuple[str, bool]] = {}
    for rule in curations:
        for name, pin in [*((name, True) for name in rule.pin), *((name, False) for name in rule.hide)]:
            said.setdefault(current(name), (rule.id, pin))
    pins = {name: rule for name, (rule, pin) in said.items() if pin}
    return Decided(pins, frozenset(said.keys() - pins.keys()))


def without(scope: Scope, hidden: frozenset[str], allowed: Mask) -> Mask:
    """The allowed rows of other articles than the hidden ones: (n,) bool."""
    gone = [scope.positions[name] for name in hidden if name in scope.positions]
    return allowed & ~np.isin(scope.view.owners, gone) if gone else allowed


Rank = Callable[[NDArray[np.int64]], tuple[Candidates, Sequence[Group]]]
"""Scores rows as if they had been retrieved, and groups them."""


def pinned(ranking: Ranking, pins: Mapping[str, str], allowed: Mask, rank: Rank) -> Ranking:
    """The ranking with the pinned articles, of a translation family the one that its reader is shown, first."""
    wanted = _families(ranking.scope, pins, allowed)
    found, results = ranking.found, _by_family(ranking, ranking.groups)
    missing = wanted.keys() - results.keys()
    if missing:
        candidates, groups = rank(_rows(ranking.scope, missing, allowed))
        results |= _by_family(ranking, [replace(group, top=group.top + len(found)) for group in groups])
        found = found.followed_by(candidates)
    first = tuple(replace(results[family], curation=curation) for family, curation in wanted.items())
    return replace(ranking, found=found, pinned=first)


def _families(scope: Scope, pins: Mapping[str, str], allowed: Mask) -> dict[str, str]:
    """By family, the curation of its first pinned article that the reader may see and that the filters accept."""
    found: dict[str, str] = {}
    view = scope.view
    for name, curation in pins.items():
        position = scope.positions.get(name, -1)
        if position in view.rows_of and allowed[view.rows_of[position]].any():
            found.setdefault(view.articles[position].family, curation)
    return found


def _by_family(ranking: Ranking, groups: Iterable[Group]) -> dict[str, Group]:
    return {ranking.view.articles[group.article].family: group for group in groups}


def _rows(scope: Scope, families: Iterable[str], allowed: Mask) -> NDArray[np.int64]:
    """The allowed rows of families."""
    members = [member for family in families for member in scope.families[family]]
    return scope.view.ordered(np.flatnonzero(allowed & np.isin(scope.view.owners, members)))
