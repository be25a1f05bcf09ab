"""Pairs of articles that are one article written twice, with the passages that agree most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from articles.health.base import Alike
from articles.health.pairs.candidates import Near
from articles.health.pairs.passages import Passage
from articles.health.pairs.similarity import FEATURES, Profile, Rarity, alike, features, profile, tokens
from indexer.language import base
from kb.models import Article

LEAST = 0.9
"""P(near-duplicate) below which a pair is not kept."""
_WORDS_IN_COMMON = 0.35  # of all words of both, below which no pair comes near that
_FEWEST = 60  # different words, fewer of which say too little to tell
_AGAIN = 2  # times that a text has a word of its title, for the word to be what it is about
_IDENTIFIERS = -0.2  # below which the identifiers of two texts tell them apart
_SHOWN = 300  # characters of a passage

Passages = Mapping[str, Sequence[Passage]]


class Words(dict[str, frozenset[str]]):
    """The different words of articles, each read when it is first asked for."""

    def __init__(self, passages: Passages) -> None:
        self.passages = passages

    def __missing__(self, name: str) -> frozenset[str]:
        self[name] = found = frozenset(tokens(text_of(self.passages[name])))
        return found


def text_of(passages: Sequence[Passage]) -> str:
    """All that an article says."""
    return "\n".join(passage.text for passage in passages)


def duplicates(
    articles: Mapping[str, Article], words: Words, near: Near, rarity: Rarity
) -> Iterator[tuple[str, Alike]]:
    """(article, what it is a near-duplicate of), both ways."""

    @lru_cache(maxsize=1_000)
    def known(name: str) -> Profile:
        return profile(text_of(words.passages[name]))

    for first, second in sorted(near.article_pairs()):
        if not _comparable(articles[first], articles[second]) or _too_little(words[first], words[second]):
            continue
        a, b = known(first), known(second)
        if _subject(articles[first], a, b) and _subject(articles[second], b, a):
            continue
        evidence = dict(zip(FEATURES, map(_rounded, features(a, b, rarity)), strict=True))
        score = alike(a, b, rarity)
        if score >= LEAST and evidence["identifiers"] > _IDENTIFIERS:
            yield from _both_ways(first, second, words.passages, score, evidence)


def _too_little(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether two texts are too short, or have too little in common, to come near the least."""
    return min(len(ours), len(theirs)) < _FEWEST or len(ours & theirs) < _WORDS_IN_COMMON * len(ours | theirs)


def _subject(article: Article, own: Profile, other: Profile) -> bool:
    """Whether an article's title names what its text speaks of again and again, and the other never."""
    words = tokens(article.metadata.title)
    return any(own.words.get(word, 0) >= _AGAIN and word not in other.words for word in words)


def _rounded(value: float) -> float:
    return round(value, 3)


def _comparable(a: Article, b: Article) -> bool:
    return a.family != b.family and base(a.metadata.locale) == base(b.metadata.locale)


def _both_ways(
    first: str, second: str, passages: Passages, score: float, evidence: Mapping[str, float]
) -> Iterator[tuple[str, Alike]]:
    x, y = _most_alike(passages[first], passages[second])
    ours, theirs = x.text[:_SHOWN], y.text[:_SHOWN]
    yield first, Alike(second, x.lines, y.lines, ours, theirs, _rounded(score), evidence)
    yield second, Alike(first, y.lines, x.lines, theirs, ours, _rounded(score), evidence)


def _most_alike(ours: Sequence[Passage], theirs: Sequence[Passage]) -> tuple[Passage, Passage]:
    """The passages that have most words in a row in common."""
    mine, other = ([(one, profile(one.text).shingles) for one in some] for some in (ours, theirs))
    pairs = ((len(a & b) ** 2 / (len(a | b) or 1), x, y) for x, a in mine for y, b in other)
    _, x, y = max(pairs, key=lambda pair: pair[0])
    return x, y
