"""Markdown to what is indexed of it: an article, its chunks, their vectors and terms.

Vectors are kept by the hash of the passage and terms by the hash of all that is analysed, so unchanged text is never
computed twice. Nothing here says what becomes of an article: that is `articles.library`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from articles import frontmatter
from indexer import late as late_
from indexer.analyze import Analyzer, Passage
from indexer.chunk import chunk
from indexer.markdown import Document, parse
from kb.errors import ArticleError
from kb.models import Article, Chunk, Terms
from kb.ports import Embedder, Vectors
from kb.store import Connection, Database, passages
from kb.store.passages import passage_hash

CHUNKER = 4  # bump when the same Markdown makes other chunks, or other links
MAX_CHARACTERS = 2_000_000
_RESERVED = re.compile(
    r"(?:^|/)(?:versions(?:/[^/]+)?|diff|transitions|move|edits|related|bulk)$"
)  # in addresses of the API


@dataclass(frozen=True)
class Prepared:
    """The chunks of an article with what the analyser is given of each."""

    chunks: tuple[Chunk, ...] = ()
    analysed: tuple[Passage, ...] = ()

    @property
    def texts(self) -> dict[bytes, str]:
        """What is embedded, by its key."""
        return {passage_hash(passage.text): passage.text for passage in self.analysed}

    @property
    def rows(self) -> list[tuple[Chunk, bytes, bytes]]:
        """Each chunk with the keys of its vectors and its terms."""
        keys = ((passage_hash(passage.text), passage.key) for passage in self.analysed)
        return [(chunk, *pair) for chunk, pair in zip(self.chunks, keys, strict=True)]


@dataclass(frozen=True)
class Computed:
    """What was computed of passages, by their keys, and the keys of what was found stored: `embedded`, `known`."""

    vectors: Mapping[bytes, Vectors]
    tokens: Mapping[bytes, bytes]
    terms: Mapping[bytes, Terms]
    embedded: set[bytes]
    known: set[bytes]


class Preparer:
    """Chunks, embeds and analyses under one set of settings. `late_interaction` keeps token vectors, too."""

    def __init__(
        self,
        database: Database,
        embedder: Embedder,
        analyzer: Analyzer,
        *,
        chunk_tokens: int,
        late_interaction: bool = True,
    ) -> None:
        self.database, self.embedder, self.analyzer = database, embedder, analyzer
        self.chunk_tokens, self.late_interaction = chunk_tokens, late_interaction

    @cached_property
    def fingerprint(self) -> str:
        """Names everything that a stored article's chunks, terms and vectors depend on."""
        late = f"late-{late_.BUDGET}" if self.late_interaction else "no-late"
        return f"{CHUNKER}:{self.chunk_tokens}:{self.embedder.fingerprint}:{late}:{self.analyzer.fingerprint}"

    def chunked(self, article: Article) -> Prepared:
        """The chunks of an article; nothing is embedded yet."""
        document = parse(article.markdown, article.source)
        title = article.metadata.title
        chunks = chunk(
            document, title, size=self.chunk_tokens, limit=self.embedder.max_tokens, count=self.embedder.count_tokens
        )
        # a title that is only the text's own beginning says no more than the text
        said = "" if chunks and chunks[0].text.startswith(title) else title
        return Prepared(tuple(chunks), tuple(_analysed(article, document, chunk, said) for chunk in chunks))

    def compute(self, waiting: Sequence[Prepared]) -> Computed:
        """The vectors and terms that these chunks lack. Nothing is stored yet, see `store`."""
        texts = {key: text for item in waiting for key, text in item.texts.items()}
        analysed = {passage.key: passage for item in waiting for passage in item.analysed}
        with self.database.read() as connection:
            embedded = passages.embedded(connection, self.embedder.fingerprint, texts, tokens=self.late_interaction)
            known = passages.analysed(connection, self.analyzer.fingerprint, analysed)
        vectors, tokens = self._embed({key: text for key, text in texts.items() if key not in embedded})
        terms = {key: self.analyzer.passage(passage) for key, passage in analysed.items() if key not in known}
        return Computed(vectors, tokens, terms, embedded, known)

    def _embed(self, texts: Mapping[bytes, str]) -> tuple[dict[bytes, Vectors], dict[bytes, bytes]]:
        if not texts:
            return {}, {}
        found = self.embedder.passages(list(texts.values()))
        packed = (late_.pack(tokens).tobytes() for tokens in found.tokens if self.late_interaction)
        return dict(zip(texts, found.vectors, strict=True)), dict(zip(texts, packed, strict=False))

    def store(self, connection: Connection, computed: Computed) -> bool:
        """Store what was computed. Whether all that was found stored is so still: else it must be computed again."""
        model, analyzer = self.embedder.fingerprint, self.analyzer.fingerprint
        passages.put_vectors(connection, model, computed.vectors)
        passages.put_tokens(connection, model, computed.tokens)
        passages.put_terms(connection, analyzer, computed.terms)
        embedded = passages.embedded(connection, model, computed.embedded, tokens=self.late_interaction)
        known = passages.analysed(connection, analyzer, computed.known)
        return (embedded, known) == (computed.embedded, computed.known)


def _analysed(article: Article, document: Document, chunk: Chunk, title: str) -> Passage:
    """What the analyser is given of a chunk: its passage, and what else says what it is about."""
    meta, (first, last) = article.metadata, chunk.lines
    return Passage(
        text=chunk.passage(meta.title),
        title=title,
        headings=chunk.headings,
        labels=chunk.labels,
        tags=meta.tags,
        links=tuple(link.target for link in document.links if not link.image and first <= link.line <= last),
        locale=meta.locale,
    )


def read_article(markdown: str, source: str, article_id: str, folder: str = "", changed: date | None = None) -> Article:
    """Parse Markdown into an article (version 0: the store knows the number). Its own `id:` goes before `article_id`.

    `changed` is when its file was changed last, for a text that does not say so itself.

    Raises:
        ArticleError: the front matter cannot be read, or the text is too long or holds a NUL.
    """
    if len(markdown) > MAX_CHARACTERS:
        raise ArticleError(f"{len(markdown):,} characters; an article has at most {MAX_CHARACTERS:,}", source=source)
    if "\0" in markdown:
        line = markdown[: markdown.index("\0")].count("\n") + 1
        raise ArticleError("a NUL character: is this a text file?", source=source, line=line)
    metadata = frontmatter.read(parse(markdown, source), source)
    own = check_id(metadata.id or article_id, source)
    return Article(
        id=own,
        family=family(metadata.translation_of or own, metadata.locale),
        version=0,
        metadata=replace(metadata, id=own, updated=metadata.updated or changed),
        folder=folder,
        source=source,
        markdown=markdown,
        content_hash=content_hash(markdown),
    )


def content_hash(markdown: str) -> str:
    return hashlib.sha256(markdown.encode()).hexdigest()


def check_id(article_id: str, source: str) -> str:
    """Ids go into addresses and logs: no control characters, no white space around them.

    Raises:
        ArticleError: it is neither, or an address of the API would end like it.
    """
    control = any(unicodedata.category(char) in ("Cc", "Cs") for char in article_id)
    if control or article_id != article_id.strip() or not 0 < len(article_id) <= 512:
        message = f"id: {article_id[:80]!r} is not 1 to 512 characters without control characters"
        raise ArticleError(message, source=source)
    if _RESERVED.search(article_id):
        raise ArticleError(f"id: {article_id[-80:]!r} ends in a word that addresses use", source=source)
    return article_id


def family(article_id: str, locale: str = "") -> str:
    """`ko/refunds` and `en/refunds` are translations of each other: the id without folders named as locales."""
    *folders, name = article_id.split("/")
    kept = [part for part in folders if part.lower() != locale.lower() and not frontmatter.PATH_LOCALE.match(part)]
    return "/".join([*kept, name])
