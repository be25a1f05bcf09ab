"""What a question's unknown words were meant to be, out of the index's own words.

A word that the reader can find nothing for was typed while the other keyboard layout was on (ghksqnf is 환불), or is a
slip away from a word that the reader can find: letters of Latin words, keystrokes of Korean ones (한불 is 환불). Words
that only hidden passages hold are never proposed, since that would tell of them. Splitting a question into words and
counting passages are the caller's; candidates are gathered by rapidfuzz, which needs no index of its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from indexer.analyze import Word, normalise
from kb import privacy
from search.hangul import from_english_keys, jamo, to_english_keys

Count = Callable[[str], int]

_LONGEST = 40  # letters: longer words are seldom words
_HANGUL = re.compile(r"[가-힣]+")
_HANGUL_OR_LETTERS = re.compile(r"[가-힣ㄱ-ㅣ\u1100-\u11ff]+")
_LATIN = re.compile(r"[a-z\u00df-\u024f]+")
_BRACKETED = re.compile(r"\[[a-z-]+\]")
_ASCII_RUN = re.compile(r"[!-~]+")
_PUNCTUATION = ".,:;/!?'\""
_CODE = re.compile(r"[\d@_\\/:]|\w\.\w")
# What follows a noun: particles, and the forms of 하다, 되다, 받다, 드리다 that make a verb of it.
_ENDING = re.compile(
    r"(?:은|는|이|가|을|를|에|의|도|로|으로|만|와|과|랑|이랑|에서|에게|에는|엔|한테|까지|부터|처럼|보다|이나|나|마다|라도|이요|요)"
    r"|(?:하|해|했|할|한|함|합|되|돼|됐|된|될|됩|받|드|입|인|이에|예)[가-힣]*"
)


@dataclass(frozen=True)
class Correction:
    """The corrected question, and its changes as (written, meant)."""

    text: str
    changes: tuple[tuple[str, str], ...]


class Speller:
    """Corrects from a vocabulary: Latin words as written, in lower case, and Korean morphemes and nouns."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = tuple(words)

    def correct(self, text: str, words: Sequence[Word], count: Count) -> Correction | None:
        """The question with its unknown words put right; None where there is nothing to change.

        `count` says in how many passages that the reader may see a word stands.
        """
        parts, changes, at = [], [], 0
        for word in words:
            if word.start < at or _is_code(text, word):
                continue
            written = text[word.start : word.end]
            meant = self._meant(written, count)
            if meant and meant != written:
                parts += [text[at : word.start], meant]
                changes.append((written, meant))
                at = word.end
        return Correction("".join([*parts, text[at:]]), tuple(changes)) if changes else None

    def _meant(self, written: str, count: Count) -> str | None:
        plain = normalise(written)
        if not 2 <= len(plain) <= _LONGEST or count(plain):
            return None
        if _LATIN.fullmatch(plain):
            return _hangul_reading(written, count) or self._latin(plain, written, count)
        if not _HANGUL_OR_LETTERS.fullmatch(written):
            return None
        reading = _english_reading(written, count)
        return reading or (self._korean(plain, count) if _HANGUL.fullmatch(plain) else None)

    def _latin(self, word: str, written: str, count: Count) -> str | None:
        if any(char.isupper() for char in written[1:]):  # an acronym, or a name such as MwSt
            return None
        near = self._nearest(word, count)
        if near and word.endswith(near.word) and len(word) - len(near.word) > 1:  # unmanaged is not managed
            return None
        return (near.word.capitalize() if written[0].isupper() else near.word) if near else None

    def _korean(self, word: str, count: Count) -> str | None:
        """A noun put right, with or without its particle. A known noun with one, or with another noun, is no slip."""
        cuts = range(2, len(word))
        if any(count(word[:cut]) and (_ENDING.fullmatch(word[cut:]) or count(word[cut:])) for cut in cuts):
            return None
        ends = [len(word), *(cut for cut in cuts if _ENDING.fullmatch(word[cut:]))]
        found = [(near, end) for end in ends if (near := self._nearest(word[:end], count))]
        if not found:
            return None
        near, end = min(found, key=lambda pair: (pair[0].distance, -pair[1]))
        return near.word + word[end:]

    def _nearest(self, word: str, count: Count) -> _Near | None:
        """The closest known word; of equals the most frequent, then the first of the alphabet."""
        near = [found for found in self._candidates(word) if found.word != word]
        for distance in range(3):
            known = [(-seen, n.word, n) for n in near if n.distance == distance and (seen := count(n.word))]
            if known:
                return min(known)[2]
        return None

    def _candidates(self, word: str) -> Iterator[_Near]:
        """Words within reach, by optimal string alignment of strokes."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        strokes, korean = jamo(word), bool(_HANGUL.match(word))
        reach = _reach(len(word), korean)
        anywhere = korean or reach == 2
        for size in range(len(strokes) - reach, len(strokes) + reach + 1) if reach else ():
            group = self._buckets.get((korean, size), {})
            for first in group if anywhere else group.keys() & set(strokes[:2]):
                for found, away, _ in extract(
                    strokes, group[first], scorer=OSA.distance, score_cutoff=reach, limit=None
                ):
                    if anywhere or _keeps_first(strokes, found):
                        yield from (_Near(int(away), meant) for meant in self._by_strokes[found])

    @cached_property
    def _by_strokes(self) -> dict[str, list[str]]:
        """Words worth proposing: two syllables or three letters at least. Made at the first correction, as below."""
        words: dict[str, list[str]] = defaultdict(list)
        for word in dict.fromkeys(self._words):
            least = 2 if _HANGUL.fullmatch(word) else 3 if _LATIN.fullmatch(word) else _LONGEST + 1
            if least <= len(word) <= _LONGEST:
                words[jamo(word)].append(word)
        return words

    @cached_property
    def _buckets(self) -> dict[tuple[bool, int], dict[str, list[str]]]:
        """Strokes by script and number, then by the first of them: what a slip leaves near."""
        buckets: dict[tuple[bool, int], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for strokes, words in self._by_strokes.items():
            buckets[bool(_HANGUL.match(words[0])), len(strokes)][strokes[0]].append(strokes)
        return buckets


@dataclass(frozen=True)
class _Near:
    distance: int
    word: str


def _is_code(text: str, word: Word) -> bool:
    """Whether a word is a mask, an acronym, or part of an address, a path or a code."""
    if word.text.isupper() or any(char.isdigit() for char in word.text):
        return True
    if any(_CODE.search(run.strip(_PUNCTUATION)) for run in _around(_ASCII_RUN, text, word)):
        return True
    return any(not privacy.without_masks(found) for found in _around(_BRACKETED, text, word))


def _around(pattern: re.Pattern[str], text: str, word: Word) -> list[str]:
    return [m.group() for m in pattern.finditer(text) if m.start() < word.end and word.start < m.end()]


def _reach(letters: int, korean: bool) -> int:
    """Slips that a word of so many letters or syllables may hold."""
    short, long = (2, 3) if korean else (4, 8)
    return (letters >= short) + (letters >= long)


def _keeps_first(word: str, other: str) -> bool:
    """A first letter is seldom wrong, but may have changed places with the second."""
    return word[0] == other[0] or (word[1] + word[0] + word[2:] == other)


def _hangul_reading(written: str, count: Count) -> str | None:
    """Whole syllables that are, or begin with, a known word. One syllable is too little: sns reads 눈."""
    reading = from_english_keys(written)
    if not _HANGUL.fullmatch(reading):
        return None
    return reading if any(count(reading[:end]) for end in range(len(reading), 1, -1)) else None


def _english_reading(written: str, count: Count) -> str | None:
    reading = to_english_keys(written)
    return reading if len(reading) > 2 and reading.isascii() and reading.isalpha() and count(reading.lower()) else None
