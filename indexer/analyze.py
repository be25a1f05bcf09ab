"""Text to terms: the one analyser, the same for documents and for questions.

Three ways to read a text. `words`: Korean by Kiwi's morphemes (particles and endings dropped), words in Latin and
other alphabets by a Snowball stemmer, identifiers whole and in parts. `plain`: words as they are written, Latin ones
unstemmed and Korean noun compounds whole. `bigrams`: pairs of neighbouring letters of Hangul, Han and Kana, which
find unknown compounds and wrong spacing, and are all there is for Chinese and Japanese.

A passage has five more fields: `links` (the words of its links' addresses, which are often English in any language),
and the parts of `words` that say more than the rest: `title`, `headings`, `questions` (symptoms, too) and `tags`.
"""

from __future__ import annotations

import hashlib
import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer import language
from kb.errors import InvalidInput
from kb.models import Terms

if TYPE_CHECKING:
    from kiwipiepy import Kiwi

READINGS = ("words", "plain", "bigrams")
FIELDS = (*READINGS, "links", "title", "headings", "questions", "tags")
VERSION = 2  # bump when the terms of any text change

HANGUL = r"\uac00-\ud7a3"
_HAN_KANA = r"\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{HANGUL}]+|[{_HAN_KANA}]+")
_HANGUL = re.compile(rf"[{HANGUL}]")
_WORD = re.compile(rf"(?:(?![{HANGUL}{_HAN_KANA}_])\w)+(?:[-_.'’/:@](?:(?![{HANGUL}{_HAN_KANA}_])\w)+)*")
_PART = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['’]s?$")
_QUESTION_LABELS = frozenset({"question", "symptoms"})

# Kiwi tags that carry meaning: nouns, verbs, adjectives, adverbs, roots, numerals, determiners.
_MEANING = ("NN", "NR", "NP", "VV", "VA", "XR", "MA", "MM", "XPN")
_TAGS = 100  # a word that Kiwi's dictionary lacks carries the number of its tag, which is below this
_COMPOUND = ("NN", "XR", "XPN", "XSN")  # what a noun compound is made of
_SNOWBALL = {
    **{"en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian", "pt": "portuguese"},
    **{"nl": "dutch", "sv": "swedish", "da": "danish", "no": "norwegian", "fi": "finnish", "ru": "russian"},
    **{"hu": "hungarian", "ro": "romanian", "tr": "turkish", "ar": "arabic", "el": "greek", "ca": "catalan"},
}
_ADDRESS = re.compile(r"^[a-z][a-z0-9+.-]*:(?://[^/]*)?")
_ADDRESS_WORD = re.compile(r"[a-z]{2,}")
# parts of addresses that are on every page of a help centre
_ADDRESS_NOISE = frozenset(("html", "htm", "aspx", "php", "md", "index", "topic", "article", "help", "support", "docs"))
_lock = threading.Lock()


@dataclass(frozen=True)
class Word:
    """A word of a normalised text: as it is written, where it stands, and its term in `words`.

    `known` says whether Kiwi's dictionary has a Korean word; of others nobody was asked.
    """

    text: str
    start: int
    end: int
    term: str = ""
    known: bool = False


@dataclass(frozen=True)
class Passage:
    """What of a passage is analysed. `text` is all that is said, `links` are addresses, `locale` is its article's."""

    text: str
    title: str
    headings: Sequence[str]
    labels: Sequence[str]
    tags: Sequence[str]
    links: Sequence[str]
    locale: str

    @property
    def key(self) -> bytes:
        """16 bytes of SHA-256: under what its terms are stored."""
        parts = (self.locale, self.text, self.title, *self.headings, "", *self.labels, "", *self.tags, "", *self.links)
        return hashlib.sha256("\x1f".join(parts).encode()).digest()[:16]


@dataclass(frozen=True)
class Analyzer:
    """`dictionary`: a team's own words, `word` or `word/TAG` each (Kiwi's tags; NNP where none is given)."""

    dictionary: tuple[str, ...] = ()
    languages: tuple[str, ...] = language.DEFAULT

    @cached_property
    def fingerprint(self) -> str:
        """Names this analyser and the engines under it: an index made by another one is rebuilt."""
        from importlib.metadata import version

        own = hashlib.sha256("\n".join((*self.dictionary, "", *self.languages)).encode()).hexdigest()[:8]
        return f"{VERSION}:kiwi-{version('kiwipiepy')}:snowball-{version('PyStemmer')}:{own}"

    def language(self, text: str, fallback: str) -> str:
        """The language of a question or a passage; `fallback` is its reader's or its article's locale."""
        return language.detect(text, fallback, self.languages)

    def question(self, text: str, locale: str = "en") -> Terms:
        """The terms of a text by `READINGS`. `locale` chooses the stemmer of Latin words."""
        text = normalise(text)
        words, plain = _latin(text, locale)
        if _HANGUL.search(text):
            tokens = self._korean(text)
            words += [token.form for token in tokens if _has_meaning(token)]
            plain += _compounds(tokens)
        return Terms((tuple(words), tuple(plain), tuple(_bigrams(text))))

    def passage(self, passage: Passage) -> Terms:
        """The terms of a passage by `FIELDS`."""
        locale = self.language(passage.text, passage.locale)
        whole = self.question("\n".join((passage.text, *passage.tags)), locale)
        heads = (passage.title, "\n".join(passage.headings), "", "\n".join(passage.tags))
        title, headings, _, tags = (self.question(text, locale).fields[0] if text else () for text in heads)
        asks = whole.fields[0] if _QUESTION_LABELS & set(passage.labels) else ()
        links = tuple(_stemmer("english")(word) for link in passage.links for word in address_words(link))
        return Terms((*whole.fields, links, title, headings, asks, tags))

    def located(self, text: str, locale: str) -> list[Word]:
        """The words of a normalised text with their places: Latin words, Korean nouns, verbs and the like."""
        stem = _stemmer_of(locale)
        runs = (_PART.finditer(text, *run.span()) for run in _WORD.finditer(text))
        found = [Word(part.group(), *part.span(), stem(part.group())) for run in runs for part in run]
        if _HANGUL.search(text):
            tokens = (token for token in self._korean(text) if _has_meaning(token))
            found += [Word(t.form, t.start, t.start + t.len, t.form, t.id >= _TAGS) for t in tokens]
        return sorted(found, key=lambda word: word.start)

    def _korean(self, text: str) -> list[Any]:
        with _lock:  # Kiwi's models are shared by the threads of a server
            return list(_kiwi(self.dictionary).tokenize(text))


def read_dictionary(path: Path) -> tuple[str, ...]:
    """A team's words, a line each, `#` begins a comment.

    Raises:
        InvalidInput: the file cannot be read, or a line is neither `word` nor `word/TAG`.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"dictionary: {path}: cannot be read: {error}") from error
    words = []
    for number, line in enumerate(lines, 1):
        entry = unicodedata.normalize("NFKC", line.partition("#")[0].strip())
        if entry and not re.fullmatch(r"[^\s/]+(?:/[A-Z]{2,4})?", entry):
            raise InvalidInput(f"dictionary: {path}:{number}: {entry!r} is neither `word` nor `word/TAG`")
        words += [entry] if entry else []
    return tuple(dict.fromkeys(words))


def normalise(text: str) -> str:
    """Full-width forms and compatibility letters made plain, Hangul composed, case folded (NFKC)."""
    return unicodedata.normalize("NFKC", text).casefold()


def address_words(address: str) -> list[str]:
    """The words of a link's path: what its author called the page that it leads to."""
    path = re.split(r"[?#]", _ADDRESS.sub("", normalise(address)), maxsplit=1)[0]
    return [word for word in _ADDRESS_WORD.findall(path) if word not in _ADDRESS_NOISE]


def _latin(text: str, locale: str) -> tuple[list[str], list[str]]:
    """Stems with whole identifiers, and the words as they are."""
    stem = _stemmer_of(locale)
    words: list[str] = []
    plain: list[str] = []
    for match in _WORD.finditer(text):
        word = _POSSESSIVE.sub("", match.group())
        parts = _PART.findall(word)
        words += [stem(part) for part in parts]
        plain += parts
        if len(parts) > 1:
            words.append(word)
    return words, plain


def _has_meaning(token: Any) -> bool:
    return token.tag.startswith(_MEANING) and bool(_HANGUL.search(token.form))


def _compounds(tokens: Sequence[Any]) -> Iterator[str]:
    """Nouns written together, as one word: what Kiwi takes apart stays findable whole."""
    run: list[str] = []
    end = -1
    for token in tokens:
        noun = token.tag.startswith(_COMPOUND) and _HANGUL.search(token.form)
        if run and not (noun and token.start == end):
            yield from _joined(run)
            run = []
        if noun:
            run.append(token.form)
        end = token.start + token.len
    yield from _joined(run)


def _joined(run: Sequence[str]) -> Iterator[str]:
    if len(run) > 1:
        yield "".join(run)


def _bigrams(text: str) -> Iterator[str]:
    for run in _RUN.findall(text):
        if len(run) == 1:
            yield run
        yield from (run[i : i + 2] for i in range(len(run) - 1))


@lru_cache(maxsize=4)
def _kiwi(dictionary: tuple[str, ...]) -> Kiwi:
    from kiwipiepy import Kiwi

    kiwi = Kiwi(load_multi_dict=False)
    for entry in dictionary:
        word, _, tag = entry.partition("/")
        kiwi.add_user_word(word, tag or "NNP")
    return kiwi


def _stemmer_of(locale: str) -> Any:
    return _stemmer(_SNOWBALL.get(language.base(locale), "english"))


@lru_cache(maxsize=8)
def _stemmer(algorithm: str) -> Any:
    import Stemmer

    stemmer = Stemmer.Stemmer(algorithm)
    lock = threading.Lock()  # a Snowball stemmer is not safe to share

    def stem(word: str) -> str:
        with lock:
            return str(stemmer.stemWord(word))

    return stem
