"""What is stale or broken in articles: a registry of checks, each a pure function in its own file."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from articles.health import (
    completeness,
    contradiction,
    deadline,
    feedback,
    images,
    internal,
    links,
    near_duplicate,
    older_version,
    orphan,
    outdated,
    placeholder,
    private,
    readability,
    structure,
    superseded,
    translation,
    translation_differs,
    verification,
)
from articles.health.base import HARM, Check, Flag, Shelf

CHECKS: dict[str, Check] = {
    check.name: check
    for check in (
        verification.CHECK,
        outdated.CHECK,
        deadline.CHECK,
        *links.CHECKS,
        *images.CHECKS,
        *structure.CHECKS,
        readability.CHECK,
        placeholder.CHECK,
        internal.CHECK,
        private.CHECK,
        *completeness.CHECKS,
        *translation.CHECKS,
        translation_differs.CHECK,
        *superseded.CHECKS,
        older_version.CHECK,
        orphan.CHECK,
        near_duplicate.CHECK,
        contradiction.CHECK,
        feedback.CHECK,
        feedback.EDITS,
    )
}


def score(fired: Collection[str]) -> float:
    """Of an article, by the checks that found something: the mean of all checks, each weighted by its harm, 0..100."""
    harm = {name: HARM[check.severity] for name, check in CHECKS.items()}
    return round(100 * (1 - sum(harm[name] for name in fired) / sum(harm.values())), 1)


def examine(shelf: Shelf) -> Mapping[str, list[Flag]]:
    """What every check finds in each published article."""
    return {a.id: [f for check in CHECKS.values() for f in check.look(a, shelf)] for a in shelf.published}
