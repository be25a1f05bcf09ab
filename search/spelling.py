"""Puts a question's spelling right for its reader: the speller, given an index's vocabulary and a reader's rights."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from indexer.analyze import FIELDS, Word, normalise
from indexer.dense import Mask
from indexer.language import base
from search.live import View
from search.query import PASTED_WORDS, Reading
from search.spell import Correction, Speller
from search.synonyms import Synonyms

_HANGUL = re.compile("[가-힣]")
_KOREAN_RUN = re.compile("[가-힣]+")  # a misspelt word is taken apart wrongly: it is put right as it was written
_LETTERS = re.compile(r"(?=[가-힣]*[ㄱ-ㅣ\u1100-\u11ff])[가-힣ㄱ-ㅣ\u1100-\u11ff]{2,}")  # English on the Korean layout
_LONGEST = 100  # letters without a space: what is longer was not typed
_AS_WRITTEN = ("plain",)
_STEMS = ("words",)
_KOREAN = ("words", "plain")  # morphemes, and compounds whole


class Spelling:
    """Correction over one index. The vocabulary is read when it is first needed, and again once the index changed."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._held: tuple[View, Speller] | None = None

    def correct(self, text: str, view: View, allowed: Mask, locale: str, synonyms: Synonyms) -> Correction | None:
        """The question put right out of words that this reader can find; None where there is nothing to change.

        What has synonyms is written as it is meant, though no article may say it.
        """
        plain = normalise(text)
        typed = text.split()
        if len(plain) != len(text) or len(typed) > PASTED_WORDS or max(map(len, typed), default=0) > _LONGEST:
            return None

        def count(word: str) -> int:
            return view.count(word, allowed, _KOREAN if _HANGUL.search(word) else _AS_WRITTEN)

        words = self.reading.analyzer.located(plain, locale)
        latin = [w for w in words if not _HANGUL.search(w.text) and w.text not in _dictionary("en")]
        if latin:
            spoken = {base(locale), self.reading.analyzer.language(plain, locale)}
            latin = [w for w in latin if not _is_a_word(w.text, spoken)]
        suspects = [w for w in latin if not view.count(w.term, allowed, _STEMS)]  # another form of a word that is found
        strange = [w for w in words if _HANGUL.search(w.text) and not _is_korean(w) and not count(w.text)]
        suspects += [_unknown_part(word, count) for word in strange if len(word.text) > 1]
        pieces = [word for word in strange if len(word.text) == 1]
        suspects += [_run(run) for run in _KOREAN_RUN.finditer(plain) if _holds(run, pieces)]
        suspects += [_run(run) for run in _LETTERS.finditer(plain)]
        suspects = [word for word in suspects if not self._has_synonyms(word.text, synonyms)]
        if not suspects:
            return None
        return self._speller(view).correct(text, sorted(suspects, key=lambda word: word.start), count)

    def _has_synonyms(self, word: str, synonyms: Synonyms) -> bool:
        said = (*self.reading.synonyms.said(word), *synonyms.said(word))
        return any(word.startswith(pair.written) for pair in said)

    def _speller(self, view: View) -> Speller:
        held = self._held
        if held is None or held[0] is not view:
            held = self._held = view, Speller(_vocabulary(view))
        return held[1]


def _is_a_word(word: str, languages: Iterable[str]) -> bool:
    """Whether a dictionary has a Latin word: what nobody wrote about here is not yet misspelt."""
    return any(word in _dictionary(language) for language in languages)


@lru_cache(maxsize=8)
def _dictionary(language: str) -> frozenset[str]:
    """The words of a language, in lower case; none where pyspellchecker has no list of them."""
    from spellchecker import SpellChecker

    if language not in SpellChecker.languages():
        return frozenset()
    return frozenset(SpellChecker(language=language).word_frequency.dictionary)


def _unknown_part(word: Word, count: Callable[[str], int]) -> Word:
    """Of a compound that ends or begins with a word that is found, the other one: 환뿔 of 환뿔신청."""
    for cut in range(2, len(word.text) - 1):
        head, tail = word.text[:cut], word.text[cut:]
        if count(tail):
            return Word(head, word.start, word.start + cut)
        if count(head):
            return Word(tail, word.start + cut, word.end)
    return word


def _is_korean(word: Word) -> bool:
    """Whether the dictionary has a word of two syllables and more: misspelt words break into shorter ones."""
    return word.known and len(word.text) > 1


def _run(match: re.Match[str]) -> Word:
    return Word(match.group(), *match.span())


def _holds(run: re.Match[str], words: Sequence[Word]) -> bool:
    return any(run.start() <= word.start < run.end() for word in words)


def _vocabulary(view: View) -> Iterator[str]:
    """Words as they are written: Latin ones, Korean nouns, verbs and compounds."""
    for field in _KOREAN:
        vocabulary = view.base.postings[field].vocabulary
        terms = [vocabulary.term(i).decode() for i in range(len(vocabulary))]
        terms += [term for fresh in view.terms for term in fresh.fields[FIELDS.index(field)]]
        yield from (term for term in dict.fromkeys(terms) if field == "plain" or _HANGUL.search(term))
