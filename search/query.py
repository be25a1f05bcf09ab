"""A question, analysed: its terms, its script, its vector. Personal data is masked here, before anything else."""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer import analyze
from kb import privacy
from kb.errors import InvalidInput
from kb.models import Reader, Terms
from kb.ports import Embedder, Vectors

MAX_CHARACTERS = 20_000

_SCRIPTS = {"ko": "hangul", "ja": "kana", "zh": "han", "ru": "cyrillic", "uk": "cyrillic", "bg": "cyrillic"}


@dataclass(frozen=True)
class Query:
    """`text` is what is searched and logged: personal data is masked in it. `vector` is (dim,) float32."""

    text: str
    language: str
    terms: Terms
    vector: Vectors


def script(locale: str) -> str:
    """The script a language is written in: lexical scores mean little across two of them."""
    return _SCRIPTS.get(locale.split("-", maxsplit=1)[0].lower(), "latin")


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


def analysed(text: str, reader: Reader, embedder: Embedder, vector: Vectors | None = None) -> Query:
    """Analyse a question; `vector` spares the embedding where it is known already."""
    text = clean(text)
    wanted = privacy.without_masks(text) or text
    language = analyze.language(wanted, (reader.locale or "en").split("-")[0].lower())
    if vector is None:
        vector = embedder.queries([wanted])[0]
    return Query(text, language, analyze.analyze(wanted, language), vector)
