"""Completions of what is being typed: titles, headings and past questions.

A phrase matches by its beginning, by beginnings of its words, inside words, by initial consonants (ㅎㅂ for 환불), by
strokes (호 on the way to 환불, or ghksq on the wrong layout), and last, where nothing else does, with a slip in a word.
Each way keeps its keys sorted, so that the phrases which a prefix begins are one stretch. No phrase counts before
`visible` has let it through: what a reader may not see leaves no trace. Which phrases there are, and what they weigh,
is the caller's; nothing is embedded.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from indexer.analyze import normalise
from search.hangul import CONSONANTS, initials, jamo, switched

MAX_CHARACTERS = 200  # of the input, and of a phrase's beginning, that are looked at

_PLAIN = 6  # letters above which what was found as it is written is not read in other ways, too
_KEY = 64  # letters or strokes of a key: what comes after tells nothing new
_LARGE = 32  # phrases under one prefix that are worth ordering beforehand
_END = "\U0010ffff"  # comes after every letter
_WORD = re.compile(r"\w+")
_HANGUL = re.compile("[가-힣]")


@dataclass(frozen=True)
class Phrase:
    """`article` is the id of the article it is in, "" for a past question. Of `weight` (>= 0) more comes first."""

    text: str
    kind: Literal["title", "heading", "query"]
    article: str
    audience: str
    locale: str
    weight: float


class Completions:
    """Phrases by weight, the shorter first of equals: a phrase's place in that order is its id."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = sorted(phrases, key=lambda p: (-p.weight, len(p.text), p.text, p.article, p.locale, p.audience))
        self._plain = [_plain(phrase.text) for phrase in self._phrases]
        tails = [_tails(text) for text in self._plain]
        self._whole = _Keys([text] for text in self._plain)
        self._words = _Keys(tails)
        self._inside = _Keys(_insides(text) for text in self._plain)
        self._initials = _Keys([initials(tail) for tail in found if _HANGUL.search(tail)] for found in tails)
        self._strokes = _Keys([jamo(tail)[:_KEY] for tail in found] for found in tails)

    def complete(self, text: str, visible: Callable[[Phrase], bool], limit: int = 8) -> list[Phrase]:
        """At most `limit` phrases for what has been typed, the best first, no text twice."""
        shown: dict[str, Phrase] = {}
        for ids in self._ways(text[:MAX_CHARACTERS], shown):
            for i in ids:
                plain, phrase = self._plain[i], self._phrases[i]
                if plain not in shown and visible(phrase):
                    shown[plain] = phrase
                    if len(shown) >= limit:
                        return list(shown.values())
        return list(shown.values())

    def _ways(self, written: str, shown: dict[str, Phrase]) -> Iterator[Iterable[int]]:
        """The phrases that match, way by way, each in order; slips only where all else has shown nothing."""
        typed = _plain(written)
        if not typed:
            return
        yield self._whole.find(typed)
        words = _split(typed)
        yield _all([(self._words, word) for word in words])
        if shown and len(typed) > _PLAIN:
            return
        if any(map(_long, words)):
            yield _all([(self._inside if _long(word) else self._words, word) for word in words])
        strokes = _split(jamo(typed))
        if strokes != words:
            if any(map(CONSONANTS.issuperset, strokes)):
                yield _all(
                    [(self._initials if CONSONANTS.issuperset(word) else self._strokes, word) for word in strokes]
                )
            yield _all([(self._strokes, word) for word in strokes])
        yield _all([(self._strokes, word) for word in _split(switched(written))])
        if not shown and any(map(_long, words)):
            yield self._slipped(words)

    def _slipped(self, words: list[str]) -> list[int]:
        """The phrases that every typed word finds, long ones with a slip."""
        found = []
        for word in words:
            strokes = jamo(word)
            found.append(self._strokes.near(strokes) if _long(word) else frozenset(self._strokes.find(strokes)))
        return sorted(frozenset.intersection(*found))


class _Keys:
    """The keys of every phrase, in order: those that a prefix begins are neighbours."""

    def __init__(self, keys: Iterable[Iterable[str]]) -> None:
        each = [set(found) for found in keys]
        pairs = sorted((key, i) for i, found in enumerate(each) for key in found)
        self._keys = [key for key, _ in pairs]
        self._ids = [i for _, i in pairs]
        self._large = dict(self._order())
        self._size = len(each)
        self.stretch = lru_cache(maxsize=8192)(self._stretch)  # words that are finished are asked for at every stroke
        self.bits = lru_cache(maxsize=1024)(self._bits)
        self.near = lru_cache(maxsize=256)(self._near)

    def find(self, prefix: str) -> Sequence[int]:
        """The phrases with a key that begins so, in order."""
        start, end = self.stretch(prefix)
        if end - start > _LARGE:
            return self._large[start, end]
        return sorted(set(self._ids[start:end]))

    def _near(self, typed: str) -> frozenset[int]:
        """The phrases with a key that begins so, but for one slip after its first letter, or in their order."""
        found = set(self.find(typed))
        for meant in {*self._slips(typed)}:
            found.update(self.find(meant))
        return frozenset(found)

    def _bits(self, prefix: str) -> int:
        """The phrases with a key that begins so, as the ones of a number."""
        ones = np.zeros(self._size, dtype=bool)
        ones[np.asarray(self.find(prefix), dtype=np.int64)] = True
        return int.from_bytes(np.packbits(ones, bitorder="little").tobytes(), "little")

    def _slips(self, typed: str) -> Iterator[str]:
        for at in range(len(typed)):
            head, tail = typed[:at], typed[at:]
            start, end = self._stretch(head)
            if start == end:
                return
            yield head + tail[1:2] + tail[0] + tail[2:]
            if at:
                yield head + tail[1:]
                for key, _, _ in self._branches(start, end, at):
                    yield from (key + tail[1:], key + tail)

    def _stretch(self, prefix: str) -> tuple[int, int]:
        start = bisect_left(self._keys, prefix)
        return start, bisect_left(self._keys, prefix + _END, start)

    def _branches(self, start: int, end: int, depth: int) -> Iterator[tuple[str, int, int]]:
        """Prefixes one letter longer than `depth` within a stretch, each with its own stretch."""
        keys = self._keys
        while start < end:
            head = keys[start][: depth + 1]
            longer = len(head) > depth
            stop = bisect_left(keys, head + _END, start, end) if longer else bisect_right(keys, head, start, end)
            if longer:
                yield head, start, stop
            start = stop

    def _order(self) -> Iterator[tuple[tuple[int, int], array[int]]]:
        """The phrases of every large stretch, ordered once instead of at every stroke."""
        stretches = [(0, len(self._keys), 0)]
        while stretches:
            start, end, depth = stretches.pop()
            for _, low, high in self._branches(start, end, depth):
                if high - low > _LARGE:
                    stretches.append((low, high, depth + 1))
                    if (low, high) != (start, end) or not depth:
                        yield (low, high), array("I", sorted(set(self._ids[low:high])))


def _all(words: Sequence[tuple[_Keys, str]]) -> Iterable[int]:
    """The phrases that every typed word finds, in order: each word's are the ones of a number."""
    if len(words) < 2:
        return words[0][0].find(words[0][1]) if words else ()
    sizes = []
    for keys, word in words:
        start, end = keys.stretch(word)
        if start == end:
            return ()
        sizes.append(end - start)
    rarest = sizes.index(min(sizes))
    others = -1
    for at, (keys, word) in enumerate(words):
        if at != rarest:
            others &= keys.bits(word)
    keys, word = words[rarest]
    if sizes[rarest] > _LARGE:
        return _members(others & keys.bits(word))
    return [i for i in keys.find(word) if others >> i & 1]


def _members(bits: int) -> Iterator[int]:
    """The places of the ones, the lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _plain(text: str) -> str:
    return " ".join(normalise(text).split())


def _split(text: str) -> list[str]:
    """The words of what was typed, each once."""
    return list(dict.fromkeys([word[:_KEY] for word in _WORD.findall(text)]))


def _tails(text: str) -> list[str]:
    """The phrase from each of its words on, without what is between them: typed spaces are optional."""
    words = _WORD.findall(text[:MAX_CHARACTERS])
    return ["".join(words[at:])[:_KEY] for at in range(len(words))]


def _insides(text: str) -> Iterator[str]:
    for word in _WORD.findall(text[:MAX_CHARACTERS]):
        yield from (word[at : at + _KEY] for at in range(len(word) - 1))


def _long(word: str) -> bool:
    """Whether a word tells enough to be looked for inside others, or with a slip: two syllables or three letters."""
    return len(word) > 2 or len(_HANGUL.findall(word)) > 1
