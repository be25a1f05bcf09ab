"""What language a text is in: its script first, then lingua among the configured languages, else what the caller says.

Short Latin-script questions are guesswork for any detector, so lingua is asked only where there are enough words.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

DEFAULT = ("ko", "en", "ja", "zh", "de", "fr", "es")
_ENOUGH = 4  # Latin words below which a detector is wrong too often
_SURE = 0.7  # lingua's confidence below which the caller's word counts
_READ = 600  # characters that tell a text's language as well as all of them

# runs of letters: of Hangul, Kana, Han, Cyrillic, Latin
_LETTERS = ("\uac00-\ud7a3\u3131-\u318e", "\u3041-\u30ff", "\u3400-\u9fff", "\u0400-\u04ff", "A-Za-z\u00c0-\u024f")
_RUNS = tuple(re.compile(rf"[{letters}]+") for letters in _LETTERS)
_SCRIPTS = {"ko": "hangul", "ja": "kana", "zh": "han", "ru": "cyrillic", "uk": "cyrillic", "bg": "cyrillic"}
_OTHER_SCRIPTS = frozenset(_SCRIPTS)

_lock = threading.Lock()


def script(language: str) -> str:
    """The script a language is written in."""
    return _SCRIPTS.get(base(language), "latin")


def base(locale: str) -> str:
    """`en` of `en-US`."""
    return locale.replace("_", "-").split("-", maxsplit=1)[0].lower()


def detect(text: str, fallback: str, languages: Sequence[str] = DEFAULT) -> str:
    """A two-letter code. `fallback` is a locale, taken where the script says no more and the words are few."""
    text = text[:_READ]
    hangul, kana, han, cyrillic, latin = (len(pattern.findall(text)) for pattern in _RUNS)
    if kana and not hangul:
        return "ja"
    # a Korean sentence that is half product names is still Korean
    most, language = max((2 * hangul, "ko"), (2 * han, "zh"), (cyrillic, "ru"), (latin, ""), key=lambda pair: pair[0])
    if not most:
        return base(fallback)
    return language or _latin(text, latin, base(fallback), languages)


def _latin(text: str, words: int, fallback: str, languages: Sequence[str]) -> str:
    known = tuple(dict.fromkeys(code for code in map(base, languages) if code not in _OTHER_SCRIPTS))
    if fallback in _OTHER_SCRIPTS:
        fallback = "en" if "en" in known or not known else known[0]
    if words < _ENOUGH or len(known) < 2:
        return fallback
    with _lock:
        values = _detector(known).compute_language_confidence_values(text)
    if not values or values[0].value < _SURE:
        return fallback
    return str(values[0].language.iso_code_639_1.name).lower()


@lru_cache(maxsize=4)
def _detector(languages: tuple[str, ...]) -> Any:
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    codes = [getattr(IsoCode639_1, code.upper(), None) for code in languages]
    known = [code for code in codes if code is not None]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*known).build()
