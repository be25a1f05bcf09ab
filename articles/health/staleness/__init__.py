"""P(needs work) of each article, from what can be known on the day, and why.

A logistic regression over a few dozen features (`base.FEATURES`): an article's own age and rhythm, its siblings, the
articles most like it, what in its text grows old, its links, the flags that fire, and what readers did. Scoring is
arithmetic over a small file. `kb health fit` fits it to a team's own history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from articles.health.base import Flag, Severity, Shelf
from articles.health.staleness.base import Estimate, Model, Reason
from articles.health.staleness.explain import explain
from articles.health.staleness.features import table
from articles.health.staleness.model import load, named
from articles.health.staleness.volatile import traits
from articles.history import Past

__all__ = ["Estimate", "Model", "Reason", "estimates", "load", "named", "traits"]


def estimates(
    shelf: Shelf,
    flags: Mapping[str, Sequence[Flag]],
    model: Model,
    severities: Mapping[str, Severity],
    pasts: Mapping[str, Past] | None = None,
    known: Mapping[str, Mapping[str, float]] | None = None,
) -> dict[str, Estimate]:
    """The estimate of each published article, by id, all in one pass.

    Args:
        shelf: the articles; its day is today.
        flags: those that fire and are not waived, by article.
        model: see `load`.
        severities: of each check that may have fired, by its name.
        pasts: when articles changed, by article; `Metadata.updated` stands in where nothing is known.
        known: `traits` of texts, by article; those of others are counted now.
    """
    found = table(shelf, flags, severities, pasts or {}, known or {})
    return dict(zip(found.ids, explain(found, model), strict=True))
