"""How likely two texts are one article written twice: P(near-duplicate) from four features and what is rare in a shelf.

A word weighs by how few other texts have it, so that what every page of a help centre says counts for nothing: patch
pages from one template are alike in all but what matters. Korean is read as pairs of letters, which survive another
translator's endings and spacing.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from indexer.analyze import HANGUL

# python -m bench.neardup DATA --fit
BIAS = -5.15
WEIGHTS = (4.79, 2.15, 1.44, 4.32)  # of `FEATURES`, in their order
FEATURES = ("words", "identifiers", "order", "keywords")

_TOKEN = re.compile(rf"[a-z0-9][a-z0-9_./:-]*[a-z0-9]|[a-z0-9]|[{HANGUL}]+|[^\W\d_]+")
_ORDER = 3  # words in a row that make a shingle
_KEYWORDS = 10  # of each text

Shingle = tuple[str, ...]


@dataclass(frozen=True)
class Profile:
    """What of a text is compared: its words with how often it has them, the identifiers among them (versions, codes,
    numbers), and its shingles.
    """

    words: Mapping[str, int]
    identifiers: frozenset[str]
    shingles: frozenset[Shingle]


@dataclass(frozen=True)
class Rarity:
    """In how many of so many texts each word stands. Words of one text alone are left out."""

    texts: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Collection[Collection[str]]) -> Rarity:
        """The rarity of the words of texts, each given as what words it has."""
        counts: Counter[str] = Counter()
        for words in texts:
            counts.update(words)
        return cls(len(texts), {word: count for word, count in counts.items() if count > 1})

    def weight(self, word: str, own: int) -> float:
        """How much a word says, greater than 0. `own` is how many of the two texts that are compared have it."""
        others = max(self.counts.get(word, own) - own, 0)
        return math.log(1 + max(self.texts, 2) / (others + 1))


def tokens(text: str) -> list[str]:
    """Words and identifiers whole, Hangul as pairs of letters, in order."""
    found: list[str] = []
    for token in _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold()):
        if "가" <= token[0] <= "힣" and len(token) > 1:
            found += (token[i : i + 2] for i in range(len(token) - 1))
        else:
            found.append(token)
    return found


def profile(text: str) -> Profile:
    words = tokens(text)
    identifiers = {word for word in words if len(word) > 2 and any(letter.isdigit() for letter in word)}
    shingles = {tuple(words[i : i + _ORDER]) for i in range(max(len(words) - _ORDER + 1, 1))}
    return Profile(Counter(words), frozenset(identifiers), frozenset(shingles))


def features(a: Profile, b: Profile, rarity: Rarity) -> tuple[float, ...]:
    """`FEATURES`, each weighed by rarity: the Jaccard similarity of the words, 0..1; how far the identifiers agree,
    -1..1, 0 where there are none; the Jaccard similarity of the shingles, each as heavy as the cube of its rarest word;
    and how much of the words that tell most of the one (tf-idf) the other has, too.
    """
    both = a.words.keys() & b.words.keys()
    weight = {word: rarity.weight(word, 2 if word in both else 1) for word in a.words.keys() | b.words.keys()}
    words = sum(weight[word] for word in both) / (sum(weight.values()) or 1)
    agree = sum(weight[word] for word in a.identifiers & b.identifiers)
    differ = sum(weight[word] for word in a.identifiers ^ b.identifiers)
    identifiers = (agree - differ) / (agree + differ + math.log(1 + max(rarity.texts, 2)))
    return words, identifiers, _shingles(a, b, weight), min(_keywords(a, b, weight), _keywords(b, a, weight))


def _keywords(a: Profile, b: Profile, weight: Mapping[str, float]) -> float:
    telling = sorted(((weight[word] * math.log1p(count), word) for word, count in a.words.items()), reverse=True)
    telling = telling[:_KEYWORDS]
    return sum(score for score, word in telling if word in b.words) / (sum(score for score, _ in telling) or 1)


def _shingles(a: Profile, b: Profile, weight: Mapping[str, float]) -> float:
    def mass(shingles: Iterable[Shingle]) -> float:
        return sum(max((weight[word] for word in shingle), default=0.0) ** 3 for shingle in shingles)

    both = mass(a.shingles & b.shingles)
    return both / (both + mass(a.shingles ^ b.shingles)) if both else 0.0


def alike(a: Profile, b: Profile, rarity: Rarity) -> float:
    """P(the two are one article written twice), 0..1."""
    logit = BIAS + sum(weight * value for weight, value in zip(WEIGHTS, features(a, b, rarity), strict=True))
    return 1 / (1 + math.exp(-logit))
