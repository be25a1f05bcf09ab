"""Prose that is hard to read, by a measure for its language, and its hardest sentence.

English: the Flesch-Kincaid grade (Kincaid and others 1975), 0.39 words a sentence + 11.8 syllables a word - 15.59.
Code, numbers and names in capitals count as words of one syllable: they are hard for nobody who is to type them.

Korean: formulas made for English give values far out of range for Korean texts. What does rise with the level of
Korean teaching materials is the length of sentences, while the length of words hardly does
(«텍스트 수준과 가독성: 한국어 학습 교재를 이용한 검증과 응용», RISS A103806579). So two plain numbers are taken: the
mean of eojeol (words between spaces) a sentence, and the share of sentences that are long or nested: more than
`long_eojeol`, or `clauses` clauses and more joined by endings (-고, -지만, -므로, …) in more than two thirds as many.
This is no grade, and it is not validated with readers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean

from articles.health.base import Check, Flag, Shelf
from articles.health.phrases import CODE, QUOTE, Prose, prose
from articles.health.words import Said, say
from indexer.language import base
from kb.models import Article

_STOP = re.compile(r"(?<![.!?…。])[.!?…。]++[\"'”’)\]]*+(?=\s|$)")
# a table in another mark-up, a list of settings, and what lawyers wrote
_NO_PROSE = re.compile(
    r"\||=|:\s[^:]{0,200}:\s[^:]{0,200}:\s|\b(?:liab(?:le|ility)|warrant(?:y|ies)|disclaim)\b",
    re.IGNORECASE | re.DOTALL,
)
_WORD = re.compile(rf"[A-Za-z][A-Za-z'’]*|\d[\w.,:/-]*|{CODE}")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^aeiouyl]e|[^aeiouytd]ed|[^aeiouysxzcg]es)$")
_LETTERS = re.compile(r"[a-z]+$")
_HANGUL = re.compile(r"[가-힣]")
_JOINED = re.compile(
    r"(?:[가-힣](?:고|며|면서|지만|는데|은데|인데|므로|거나|도록|려고|다면|으면|하면|되면|니까|더라도|어도|아도"
    r"|어서|아서|해서|여서|하여|되어|으나)"
    r"|[하되이]나),?(?=\s)"
)


@dataclass(frozen=True)
class _Sentence:
    """A sentence of the prose: where it begins, its words, how hard it is on its own, and (English) its syllables."""

    start: int
    text: str
    words: int
    hard: float
    syllables: int = 0


def _hard_to_read(article: Article, shelf: Shelf) -> Iterator[Flag]:
    text = prose(article)
    korean = base(article.metadata.locale) == "ko"
    if not korean and base(article.metadata.locale) != "en":
        return
    found = list(_korean(text, shelf) if korean else _english(text))
    if not found or len(found) < shelf.option(CHECK, "sentences"):
        return
    flag = _by_length(found, shelf) if korean else _by_grade(found, shelf)
    if flag:
        message, evidence = flag
        worst = sorted(found, key=lambda sentence: (-sentence.hard, sentence.start))
        lines = [text.line(sentence.start) for sentence in worst[:5]]
        yield Flag(
            CHECK.name,
            message,
            lines[0],
            " ".join(worst[0].text.split())[:QUOTE],
            say(
                "Split the longest sentences, one thought each; they begin in lines {lines}.",
                lines=[str(line) for line in lines],
            ),
            {**evidence, "sentences": len(found), "hardest_lines": lines, "hardest_words": worst[0].words},
        )


def _by_grade(found: list[_Sentence], shelf: Shelf) -> tuple[Said, dict[str, object]] | None:
    words = sum(sentence.words for sentence in found)
    grade = _grade(words, len(found), sum(sentence.syllables for sentence in found))
    if grade < shelf.option(CHECK, "grade"):
        return None
    message = say(
        "reads at Flesch-Kincaid grade {grade}, {words|word/words} a sentence",
        grade=f"{grade:.1f}",
        words=round(words / len(found)),
    )
    return message, {"measure": "flesch_kincaid_grade", "value": round(grade, 1)}


def _by_length(found: list[_Sentence], shelf: Shelf) -> tuple[Said, dict[str, object]] | None:
    mean = fmean(sentence.words for sentence in found)
    share = fmean(sentence.hard >= 1 for sentence in found)
    if mean < shelf.option(CHECK, "eojeol") and share < shelf.option(CHECK, "long_share"):
        return None
    message = say(
        "has {eojeol} eojeol a sentence, and {share} of its sentences are long or nested",
        eojeol=round(mean),
        share=f"{share:.0%}",
    )
    return message, {"measure": "eojeol_per_sentence", "value": round(mean, 1), "long_share": round(share, 2)}


def _sentences(text: Prose) -> Iterator[tuple[int, str]]:
    """Whole sentences of paragraphs and items, which end in a full stop. Headings, cells and messages are none."""
    ends = [piece.start - 2 for piece in text.pieces[1:]] + [len(text.text)]
    for piece, end in zip(text.pieces, ends, strict=False):
        if piece.kind in ("paragraph", "item") and not piece.quoted:
            start = piece.start
            for stop in _STOP.finditer(text.text, piece.start, end):
                said = text.text[start : stop.end()]
                if not _NO_PROSE.search(said):
                    yield start + len(said) - len(said.lstrip()), said.strip()
                start = stop.end()


def _english(text: Prose) -> Iterator[_Sentence]:
    for start, said in _sentences(text):
        words = _WORD.findall(said)
        if len(words) >= 3:
            yield _Sentence(start, said, len(words), len(words), sum(map(_of_word, words)))


def _korean(text: Prose, shelf: Shelf) -> Iterator[_Sentence]:
    """Hardness 1 and more: long, or of many clauses."""
    limit, clauses = shelf.option(CHECK, "long_eojeol"), shelf.option(CHECK, "clauses")
    for start, said in _sentences(text):
        words = len(said.split())
        if words >= 2 and _HANGUL.search(said):
            nested = len(_JOINED.findall(said)) >= clauses and words > limit * 2 / 3
            yield _Sentence(start, said, words, max(words / limit, 1.0 if nested else 0.0))


def _grade(words: int, sentences: int, syllables: int) -> float:
    return 0.39 * words / sentences + 11.8 * syllables / words - 15.59


@lru_cache(maxsize=50_000)
def _of_word(word: str) -> int:
    """Groups of vowels, without a silent e; one for what is no plain word."""
    if word.isupper() or not _LETTERS.match(word.lower()):
        return 1
    small = word.lower()
    return max(1, len(_VOWELS.findall(small)) - bool(_SILENT.search(small)))


CHECK = Check(
    "hard_to_read",
    "low",
    "A reader in trouble reads a sentence twice, or gives up on it.",
    _hard_to_read,
    options={"sentences": 8, "grade": 15.0, "eojeol": 17.0, "long_eojeol": 24.0, "clauses": 4.0, "long_share": 0.25},
)
