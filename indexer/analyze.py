"""Text to terms: the one analyser, the same for documents and for questions.

Two fields. `words`: Korean by Kiwi's morphemes (particles and endings dropped), words in Latin and other alphabets by
a Snowball stemmer, identifiers whole and in parts. `bigrams`: pairs of neighbouring letters of Hangul, Han and Kana,
which find unknown compounds, and are all there is for Chinese and Japanese.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kb.models import Terms

if TYPE_CHECKING:
    from kiwipiepy import Kiwi

FIELDS = ("words", "bigrams")
VERSION = 1  # bump when the terms of any text change

HANGUL = r"\uac00-\ud7a3"
_HAN_KANA = r"\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{HANGUL}]+|[{_HAN_KANA}]+")
_HANGUL = re.compile(rf"[{HANGUL}]")
_WORD = re.compile(rf"(?:(?![{HANGUL}{_HAN_KANA}_])\w)+(?:[-_.'’/:@](?:(?![{HANGUL}{_HAN_KANA}_])\w)+)*")
_PART = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['’]s?$")

# Kiwi tags that carry meaning: nouns, verbs, adjectives, adverbs, roots, numerals, determiners.
_MEANING = ("NN", "NR", "NP", "VV", "VA", "XR", "MA", "MM", "XPN")
_SNOWBALL = {
    **{"en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian", "pt": "portuguese"},
    **{"nl": "dutch", "sv": "swedish", "da": "danish", "no": "norwegian", "fi": "finnish", "ru": "russian"},
    **{"hu": "hungarian", "ro": "romanian", "tr": "turkish", "ar": "arabic", "el": "greek", "ca": "catalan"},
}
_lock = threading.Lock()


def fingerprint() -> str:
    """Names this analyser and the engines under it: an index made by another one is rebuilt."""
    from importlib.metadata import version

    return f"{VERSION}:kiwi-{version('kiwipiepy')}:snowball-{version('PyStemmer')}"


def normalise(text: str) -> str:
    """Full-width forms and compatibility letters made plain, Hangul composed, case folded (NFKC)."""
    return unicodedata.normalize("NFKC", text).casefold()


def language(text: str, default: str = "en") -> str:
    """A text's language by its script; an alphabet that many share is taken for `default`'s."""
    counts = {
        "ko": len(_HANGUL.findall(text)) * 2,
        "ja": len(re.findall(r"[\u3041-\u30ff]", text)) * 3,
        "zh": len(re.findall(r"[\u3400-\u9fff]", text)) * 2,
        "ru": len(re.findall(r"[\u0400-\u04ff]", text)),
        default if default not in ("ko", "ja", "zh", "ru") else "en": len(
            re.findall(r"[a-z\u00c0-\u024f]", text.lower())
        ),
    }
    if counts["ja"] and not counts["ko"]:
        return "ja"
    # a Korean sentence that is mostly product names is still Korean
    counts["ko"] = counts["ko"] * 3
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] else default


def analyze(text: str, locale: str = "en") -> Terms:
    """The terms of `text`, by field in the order of FIELDS. `locale` chooses the stemmer of Latin words."""
    text = normalise(text)
    words = list(_latin(text, locale))
    if _HANGUL.search(text):
        words.extend(_korean(text))
    return Terms((tuple(words), tuple(_bigrams(text))))


def _latin(text: str, locale: str) -> Iterator[str]:
    stem = _stemmer(_SNOWBALL.get(locale.split("-", maxsplit=1)[0].lower(), "english"))
    for match in _WORD.finditer(text):
        word = _POSSESSIVE.sub("", match.group())
        parts = _PART.findall(word)
        yield from (stem(part) for part in parts)
        if len(parts) > 1:
            yield word


def _korean(text: str) -> Iterator[str]:
    with _lock:  # Kiwi's models are shared by the threads of a server
        tokens = _kiwi().tokenize(text)
    for token in tokens:
        if token.tag.startswith(_MEANING) and _HANGUL.search(token.form):
            yield token.form


def _bigrams(text: str) -> Iterator[str]:
    for run in _RUN.findall(text):
        if len(run) == 1:
            yield run
        yield from (run[i : i + 2] for i in range(len(run) - 1))


@lru_cache(maxsize=1)
def _kiwi() -> Kiwi:
    from kiwipiepy import Kiwi

    return Kiwi(load_multi_dict=False)


@lru_cache(maxsize=8)
def _stemmer(algorithm: str) -> Any:
    import Stemmer

    stemmer = Stemmer.Stemmer(algorithm)
    lock = threading.Lock()  # a Snowball stemmer is not safe to share

    def stem(word: str) -> str:
        with lock:
            return str(stemmer.stemWord(word))

    return stem
