"""Finds the near-duplicates and the contradictions of a shelf: all of them, or those that touch what changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from articles.health.base import Alike, Shelf
from articles.health.pairs.candidates import near
from articles.health.pairs.contradictions import contradictions
from articles.health.pairs.duplicates import Words, duplicates
from articles.health.pairs.passages import Passage, make_passages
from articles.health.pairs.similarity import Rarity
from kb.models import Article
from kb.ports import Embedder

Found = Mapping[str, tuple[Alike, ...]]


@dataclass(frozen=True)
class Pairs:
    """What was found, by article, and the rarity of words that it was found with.

    A duplicate stands with both of its articles, a contradiction with the one that is likelier wrong.
    """

    duplicates: Found = field(default_factory=dict)
    contradictions: Found = field(default_factory=dict)
    rarity: Rarity = field(default_factory=Rarity)


def look(
    articles: Sequence[Article],
    passages: Mapping[str, Sequence[Passage]],
    changed: Collection[str] | None = None,
    before: Pairs | None = None,
) -> Pairs:
    """The pairs of published articles that say the same, or that disagree.

    Args:
        passages: of every article, by its id.
        changed: the articles that are new or were changed since `before`; None looks at everything.
        before: what was found last. What touches neither a changed nor a lost article is taken from it.
    """
    published = {article.id: article for article in articles if article.metadata.state == "published"}
    held = {name: some for name, some in passages.items() if name in published}
    if before is None or changed is None:
        before, changed = Pairs(), None
    words = Words(held)
    rarity = Rarity.of([words[name] for name in held]) if changed is None else before.rarity
    found = near(held, changed)
    gone = (lambda name: name not in published or name in changed) if changed is not None else (lambda _: True)
    return Pairs(
        _merged(before.duplicates, duplicates(published, words, found, rarity), gone),
        _merged(before.contradictions, contradictions(published, held, found), gone),
        rarity,
    )


def _merged(before: Found, found: Iterable[tuple[str, Alike]], gone: Callable[[str], bool]) -> Found:
    kept = {name: [one for one in some if not gone(one.other)] for name, some in before.items() if not gone(name)}
    for name, one in found:
        kept.setdefault(name, []).append(one)
    return {name: tuple(sorted(some, key=lambda one: (-one.score, one.other))) for name, some in kept.items() if some}


def with_pairs(shelf: Shelf, embedder: Embedder | None = None) -> Shelf:
    """A shelf whose pairs were looked for, with passages that are made on the spot."""
    found = look(shelf.published, make_passages(shelf.published, embedder))
    return replace(shelf, duplicates=found.duplicates, contradictions=found.contradictions)
