"""A question, analysed: its terms, its language, its vectors. Personal data is masked here, before anything else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from indexer.analyze import READINGS, Analyzer, normalise
from indexer.chunk import sentences
from kb import privacy
from kb.errors import InvalidInput
from kb.models import Reader, Terms
from kb.ports import Embedder, Encoded, Vectors
from search import particulars, syntax
from search.synonyms import Synonyms

MAX_CHARACTERS = 20_000
PASTED_WORDS = 25  # more than anybody types into a search box
LEAD = 0.25  # of the first sentence in the vector of so many words


@dataclass(frozen=True)
class Query:
    """`text` is what is logged: personal data is masked in it. `vector` is (dim,) float32.

    `tokens` are the model's, (tokens, dim), and `spoken` the terms that each of them is a piece of. `synonyms` are
    terms that may stand for the question's own, and count less.
    """

    text: str
    language: str
    terms: Terms
    vector: Vectors
    tokens: Vectors
    spoken: tuple[tuple[str, ...], ...]
    clauses: tuple[syntax.Clause, ...] = ()
    synonyms: Terms = field(default_factory=lambda: Terms(((),) * len(READINGS)))

    @property
    def words(self) -> list[str]:
        """Its distinct words, in order."""
        return list(dict.fromkeys(self.terms.fields[0]))


def clean(text: str) -> str:
    """One line of text, personal data masked.

    Raises:
        InvalidInput: there is nothing to search for, or too much.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidInput(f"query: {len(text):,} characters; at most {MAX_CHARACTERS:,} can be searched")
    text = " ".join(privacy.mask(text).replace("\0", " ").split())
    if not re.search(r"\w", text):
        raise InvalidInput(f"query: {text[:40]!r} has no letter or digit to search for")
    return text


def wording(text: str) -> str:
    """A question as it was logged, without query language: what its vector is of."""
    return text if len(text.split()) > PASTED_WORDS else syntax.parse(text).text


def searched(text: str) -> str:
    """What of a cleaned question the model and the analyser read: all but the masks, unless there is no more."""
    return privacy.without_masks(text) or text


def encode(texts: Sequence[str], embedder: Embedder) -> list[Encoded]:
    """What the model makes of questions, one by one.

    The vector of many words leans to the first sentence, or a ticket's subject: it says what the matter is, and the
    rest what else happened and what was tried.
    """
    found = embedder.queries([searched(clean(text)) for text in texts])
    leads = {place: lead for place, text in enumerate(texts) if (lead := _lead(text))}
    vectors = found.vectors.copy()
    if leads:
        first = embedder.queries(list(leads.values())).vectors
        mixed = (1 - LEAD) * vectors[list(leads)] + LEAD * first
        vectors[list(leads)] = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
    own = ((found.tokens[i : i + 1], found.spans[i : i + 1]) for i in range(len(texts)))
    return [Encoded(vectors[i : i + 1], *pair) for i, pair in enumerate(own)]


def _lead(text: str) -> str:
    """The first sentence of many words, masked; "" where that is too short to say what the matter is."""
    if len(text.split()) <= PASTED_WORDS:
        return ""
    first = next(iter(sentences(text.strip().split("\n", maxsplit=1)[0])), "")
    return searched(clean(first)) if len(re.findall(r"\w+", first)) >= 3 else ""


@dataclass(frozen=True)
class Reading:
    """Makes queries of questions: with these words, these synonyms, this model."""

    analyzer: Analyzer
    embedder: Embedder
    synonyms: Synonyms

    def query(
        self,
        text: str,
        reader: Reader,
        *,
        plain: bool = False,
        encoded: Encoded | None = None,
        synonyms: Synonyms | None = None,
    ) -> Query:
        """Analyse a question. `plain` text has no query language in it, nor has a pasted message of many words.

        `encoded` spares embedding what is known. `synonyms` come besides those that hold always.

        Raises:
            InvalidInput: the question is empty or too long, or says only what not to find.
        """
        written, text = text, clean(text)
        plain = plain or len(text.split()) > PASTED_WORDS
        parsed = syntax.Parsed(text, ()) if plain else syntax.parse(text)
        wanted = searched(parsed.text)
        language = self.analyzer.language(wanted, reader.locale or "en")
        found = encoded or encode([written if plain else parsed.text], self.embedder)[0]
        return Query(
            text,
            language,
            self.analyzer.question(wanted, language),
            found.vectors[0],
            found.tokens[0] if found.tokens else found.vectors[:0],
            self._spoken(wanted, language, found),
            parsed.clauses,
            self._synonyms(wanted, language, synonyms),
        )

    def _synonyms(self, text: str, language: str, more: Synonyms | None) -> Terms:
        """What may stand for its words: the team's synonyms, and its codes otherwise joined."""
        found = [held.terms(text, language, self.analyzer) for held in (self.synonyms, more) if held]
        codes = particulars.otherwise(normalise(text))
        if codes:
            found.append(self.analyzer.question(" ".join(codes), language))
        return Terms(tuple(tuple(t for terms in found for t in terms.fields[i]) for i in range(len(READINGS))))

    def _spoken(self, text: str, language: str, found: Encoded) -> tuple[tuple[str, ...], ...]:
        """For each of the model's tokens the terms that it overlaps; none for particles and punctuation."""
        plain = normalise(text)
        if not found.spans or len(plain) != len(text):  # places cannot be compared
            return ((),) * len(found.tokens[0]) if found.tokens else ()
        words = self.analyzer.located(plain, language)
        return tuple(
            tuple(word.term for word in words if word.start < end and word.end > start) for start, end in found.spans[0]
        )
