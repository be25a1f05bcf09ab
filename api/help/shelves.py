"""Articles by category, each translation family once, in a reader's language where it has one. Pure functions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from indexer.language import base
from kb.store.articles import Listed

Families = Mapping[str, Sequence[Listed]]


@dataclass(frozen=True)
class Category:
    """`name` is "" for articles that name neither a category nor a product."""

    name: str
    articles: tuple[Listed, ...]


def families(found: Iterable[Listed]) -> Families:
    """Translations of one another, by their family."""
    by_name = defaultdict(list)
    for article in found:
        by_name[article.family].append(article)
    return by_name


def category_of(article: Listed) -> str:
    return article.category or article.product


def shown(members: Sequence[Listed], language: str) -> Listed:
    """The member in a language: of its own name before en-GB, and without any, what the others are translations of."""
    return min(
        members,
        key=lambda m: (base(m.locale) != language, m.locale.lower() != language, m.translated, m.id),
    )


def categories(found: Families, language: str) -> list[Category]:
    """Every category, the largest first, that of articles without one last."""
    names, by_name = translated(found, language), defaultdict(list)
    for members in found.values():
        article = shown(members, language)
        name = category_of(article)
        by_name[names.get(name, name)].append(article)
    shelves = [
        Category(name, tuple(sorted(articles, key=partial(_order, language)))) for name, articles in by_name.items()
    ]
    return sorted(shelves, key=lambda shelf: (not shelf.name, -len(shelf.articles), shelf.name))


def _order(language: str, article: Listed) -> tuple[bool, bool, str, str]:
    """The featured first, then those in the reader's language, by title."""
    return not article.featured, base(article.locale) != language, article.title.casefold(), article.id


def translated(found: Families, language: str) -> dict[str, str]:
    """What the categories of other languages are called in one: as most translations of their articles say."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    own = {category_of(a) for members in found.values() for a in members if base(a.locale) == language}
    for members in found.values():
        article = shown(members, language)
        name = category_of(article)
        if base(article.locale) == language and name:
            for other in members:
                counts[category_of(other)][name] += 1
    return {name: said.most_common(1)[0][0] for name, said in counts.items() if name and name not in own}


def latest(found: Families, language: str, most: int) -> list[Listed]:
    """The articles that changed last, the last one first."""
    each = sorted((shown(members, language) for members in found.values()), key=lambda a: a.id)
    return sorted(each, key=lambda a: a.day, reverse=True)[:most]


def language_of(found: Families, name: str) -> str:
    """The language that a category's name is in: that of its first article; "" where it has none."""
    return next((base(a.locale) for members in found.values() for a in members if category_of(a) == name), "")
