"""The one write path. Whatever makes, changes or retires an article comes through here.

Chunks, terms and vectors are ready before the transaction that publishes; that transaction logs the change that
readers follow. Unchanged text is never embedded twice: vectors are kept by the hash of the passage.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from articles import frontmatter
from indexer import late as late_
from indexer.analyze import Analyzer, Passage
from indexer.chunk import chunk
from indexer.markdown import Document, parse
from kb.errors import ArticleError
from kb.models import Article, Chunk, Metadata
from kb.ports import Embedder
from kb.store import Database, changes, passages
from kb.store import articles as store
from kb.store.articles import Origin
from kb.store.passages import passage_hash
from search.home import Home

CHUNKER = 3  # bump when the same Markdown makes other chunks
MAX_CHARACTERS = 2_000_000
AT_ONCE = 512  # chunks embedded and published together: a killed run loses no more

Status = Literal["added", "updated", "unchanged", "retired", "failed"]


@dataclass(frozen=True)
class Draft:
    """Markdown on its way in. `id` is used where the front matter names none."""

    markdown: str
    source: str
    id: str
    folder: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of a draft. `line` is where it fails, 0 for the whole file."""

    id: str
    source: str
    status: Status
    chunks: int = 0
    message: str = ""
    line: int = 0


@dataclass(frozen=True)
class _Prepared:
    draft: Draft
    article: Article
    chunks: tuple[Chunk, ...]
    analysed: tuple[Passage, ...]
    status: Status

    @property
    def texts(self) -> dict[bytes, str]:
        """What is embedded, by its key."""
        return {passage_hash(passage.text): passage.text for passage in self.analysed}

    @property
    def rows(self) -> list[tuple[Chunk, bytes, bytes]]:
        """Each chunk with the keys of its vectors and its terms."""
        keys = ((passage_hash(passage.text), passage.key) for passage in self.analysed)
        return [(chunk, *pair) for chunk, pair in zip(self.chunks, keys, strict=True)]


class Library:
    """Writes articles into a store. `late_interaction` keeps token vectors, too."""

    def __init__(
        self,
        database: Database,
        embedder: Embedder,
        *,
        chunk_tokens: int,
        analyzer: Analyzer | None = None,
        late_interaction: bool = True,
    ) -> None:
        self.database, self.embedder, self.chunk_tokens = database, embedder, chunk_tokens
        self.analyzer = analyzer or Analyzer()
        self.late_interaction = late_interaction

    @classmethod
    def of(cls, home: Home) -> Library:
        """The library of a home, under its settings."""
        return cls(
            home.database,
            home.embedder,
            chunk_tokens=home.settings.chunk_tokens,
            analyzer=home.analyzer,
            late_interaction=home.settings.late_interaction,
        )

    @cached_property
    def prepared(self) -> str:
        """Names everything that a stored article's chunks, terms and vectors depend on."""
        late = f"late-{late_.BUDGET}" if self.late_interaction else "no-late"
        return f"{CHUNKER}:{self.chunk_tokens}:{self.embedder.fingerprint}:{late}:{self.analyzer.fingerprint}"

    def put(self, drafts: Iterable[Draft], progress: Callable[[Outcome], None] | None = None) -> list[Outcome]:
        """Publish drafts, a group at a time. A draft that cannot be read fails alone."""
        outcomes: list[Outcome] = []
        waiting: list[_Prepared] = []
        seen: dict[str, str] = {}

        def tell(found: Iterable[Outcome]) -> None:
            for outcome in found:
                outcomes.append(outcome)
                if progress:
                    progress(outcome)

        with self.database.read() as connection:
            known = {(o.folder, o.source): o for o in store.origins(connection).values()}
        for draft in drafts:
            prepared = self._prepare(draft, seen, known.get((draft.folder, draft.source)))
            if isinstance(prepared, Outcome):
                tell([prepared])
                continue
            waiting.append(prepared)
            if sum(len(item.chunks) for item in waiting) >= AT_ONCE:
                tell(self._publish(waiting))
                waiting = []
        tell(self._publish(waiting))
        return outcomes

    def put_one(self, draft: Draft) -> Outcome:
        """Publish one draft.

        Raises:
            ArticleError: it cannot be read.
        """
        (outcome,) = self.put([draft])
        if outcome.status == "failed":
            raise ArticleError(outcome.message, source=outcome.source, line=outcome.line)
        return outcome

    def retire(self, ids: Iterable[str]) -> list[Outcome]:
        """Archive articles: they leave the index, their versions stay."""
        with self.database.write() as connection:
            known = store.origins(connection, list(ids))
            gone = [origin for origin in known.values() if origin.state != "archived"]
            for origin in gone:
                store.archive(connection, origin.id)
            changes.append(connection, [origin.id for origin in gone])
        return [Outcome(origin.id, origin.source, "retired") for origin in gone]

    def renew(self, progress: Callable[[Outcome], None] | None = None) -> list[Outcome]:
        """Chunk, analyse and embed again what was prepared under other settings."""
        with self.database.read() as connection:
            known = store.origins(connection)
            stale = [
                origin for origin in known.values() if origin.prepared != self.prepared and origin.state != "archived"
            ]
            markdown = {a.id: a.markdown for a in store.many(connection, [o.id for o in stale], None)}
        drafts = [Draft(markdown[o.id], o.source, o.id, o.folder) for o in stale]
        return self.put(drafts, progress)

    def _prepare(self, draft: Draft, seen: dict[str, str], held: Origin | None) -> _Prepared | Outcome:
        """`held` is what came from the same place before; the same text again is not even parsed."""
        try:
            if held and held.content_hash == _hash(draft.markdown) and held.prepared == self.prepared:
                seen[held.id] = draft.source
                return Outcome(held.id, draft.source, "unchanged")
            article = read_article(draft)
            if article.id in seen:
                message = f"id {article.id!r} is already used by {seen[article.id]}; give one of them another `id:`"
                raise ArticleError(message, source=draft.source)
            seen[article.id] = draft.source
            return self._compare(draft, article)
        except ArticleError as error:
            return Outcome(draft.id, draft.source, "failed", message=error.message, line=error.line)

    def _compare(self, draft: Draft, article: Article) -> _Prepared | Outcome:
        with self.database.read() as connection:
            origin = store.origins(connection, [article.id]).get(article.id)
        if origin and origin.folder != draft.folder and origin.folder and origin.state != "archived":
            message = f"id {article.id!r} is already used by {origin.folder}/{origin.source}"
            raise ArticleError(f"{message}; give one of them another `id:`", source=draft.source)
        number = 1 if origin is None else origin.version + (origin.content_hash != article.content_hash)
        return self._chunked(draft, replace(article, version=number), "updated" if origin else "added")

    def _chunked(self, draft: Draft, article: Article, status: Status) -> _Prepared:
        if article.metadata.state != "published":
            return _Prepared(draft, article, (), (), status)
        document = parse(article.markdown, draft.source)
        chunks = chunk(
            document,
            article.metadata.title,
            size=self.chunk_tokens,
            limit=self.embedder.max_tokens,
            count=self.embedder.count_tokens,
        )
        # a title that is only the text's own beginning says no more than the text
        title = "" if chunks and chunks[0].text.startswith(article.metadata.title) else article.metadata.title
        analysed = tuple(_analysed(article, document, chunk, title) for chunk in chunks)
        return _Prepared(draft, article, tuple(chunks), analysed, status)

    def _publish(self, waiting: Sequence[_Prepared]) -> list[Outcome]:
        if not waiting:
            return []
        self._compute(waiting)
        with self.database.write() as connection:
            for item in waiting:
                store.put(
                    connection,
                    item.article,
                    prepared=self.prepared,
                    passages=item.rows,
                )
            changes.append(connection, [item.article.id for item in waiting])
        return [Outcome(w.article.id, w.draft.source, w.status, len(w.chunks)) for w in waiting]

    def _compute(self, waiting: Sequence[_Prepared]) -> None:
        """Store the vectors and terms that these chunks lack."""
        self._embed({key: text for item in waiting for key, text in item.texts.items()})
        self._analyze({passage.key: passage for item in waiting for passage in item.analysed})

    def _embed(self, texts: dict[bytes, str]) -> None:
        model = self.embedder.fingerprint
        with self.database.read() as connection:
            held = set(passages.get_vectors(connection, model, texts))
            if self.late_interaction:
                held &= {key for key, _ in passages.get_tokens(connection, model, texts)}
        missing = [key for key in texts if key not in held]
        if not missing:
            return
        found = self.embedder.passages([texts[key] for key in missing])
        with self.database.write() as connection:
            passages.put_vectors(connection, model, dict(zip(missing, found.vectors, strict=True)))
            if self.late_interaction and found.tokens:
                packed = (late_.pack(tokens).tobytes() for tokens in found.tokens)
                passages.put_tokens(connection, model, dict(zip(missing, packed, strict=True)))

    def _analyze(self, wanted: dict[bytes, Passage]) -> None:
        name = self.analyzer.fingerprint
        with self.database.read() as connection:
            held = passages.get_terms(connection, name, wanted)
        found = {key: self.analyzer.passage(passage) for key, passage in wanted.items() if key not in held}
        if found:
            with self.database.write() as connection:
                passages.put_terms(connection, name, found)


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


def read_article(draft: Draft) -> Article:
    """Parse a draft into an article (version 0: the store knows the number).

    Raises:
        ArticleError: the front matter cannot be read, or the text is too long or holds a NUL.
    """
    if len(draft.markdown) > MAX_CHARACTERS:
        message = f"{len(draft.markdown):,} characters; an article has at most {MAX_CHARACTERS:,}"
        raise ArticleError(message, source=draft.source)
    if "\0" in draft.markdown:
        line = draft.markdown[: draft.markdown.index("\0")].count("\n") + 1
        raise ArticleError("a NUL character: is this a text file?", source=draft.source, line=line)
    document = parse(draft.markdown, draft.source)
    metadata = frontmatter.read(document, draft.source)
    article_id = check_id(metadata.id or draft.id, draft.source)
    return Article(
        id=article_id,
        family=metadata.translation_of or _family(article_id, metadata),
        version=0,
        metadata=replace(metadata, id=article_id),
        folder=draft.folder,
        source=draft.source,
        markdown=draft.markdown,
        content_hash=_hash(draft.markdown),
    )


def _hash(markdown: str) -> str:
    return hashlib.sha256(markdown.encode()).hexdigest()


def check_id(article_id: str, source: str) -> str:
    """Ids go into addresses and logs: no control characters, no white space around them.

    Raises:
        ArticleError: it is neither.
    """
    control = any(unicodedata.category(char) == "Cc" for char in article_id)
    if control or article_id != article_id.strip() or not 0 < len(article_id) <= 512:
        message = f"id: {article_id[:80]!r} is not 1 to 512 characters without control characters"
        raise ArticleError(message, source=source)
    return article_id


def _family(article_id: str, metadata: Metadata) -> str:
    """`ko/refunds` and `en/refunds` are translations of each other: the id without its locale's folder."""
    parts = article_id.split("/")
    kept = [part for part in parts[:-1] if part.lower() != metadata.locale.lower()]
    return "/".join([*kept, parts[-1]])
