"""The index as a serving process sees it: the newest snapshot, and a delta of what changed since.

A `View` is immutable and seen whole by a query. Rows of the snapshot come first, then those of the delta; a row of
an article that changed since the snapshot is dead. Where rows tie, the order of their articles' ids decides, so that
it makes no difference which of the two holds them. Every query asks for a view, which checks the change number first.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer import snapshot as files
from indexer.analyze import FIELDS
from indexer.dense import FlatIndex, Mask
from indexer.language import script
from indexer.late import Codes
from indexer.lexical import BM25
from indexer.snapshot import Identity, Snapshot
from kb.errors import IndexDamaged
from kb.models import ArticleRow, Reader, Terms
from kb.ports import Vectors
from kb.store import Connection, Database, articles, changes, chunks, passages
from kb.store.chunks import ChunkKeys
from search.scope import Scope

log = logging.getLogger(__name__)

_MASKS = 64  # filter masks that a view keeps, and scopes


@dataclass(frozen=True)
class Filters:
    """What a reader asks to be left out: other locales, products and spaces, and articles by their ids."""

    locale: str | None = None
    product: str | None = None
    without: frozenset[str] = frozenset()
    space: str | None = None

    def accepts(self, row: ArticleRow) -> bool:
        if row.id in self.without or (self.space and row.space != self.space):
            return False
        if self.product and row.product.lower() != self.product.lower():
            return False
        if not self.locale:
            return True
        wanted, found = self.locale.lower(), row.locale.lower()
        return found == wanted or found.startswith(wanted + "-") or wanted.startswith(found + "-")


Rights = tuple[frozenset[str] | None, frozenset[str] | None]
"""A reader's audiences and spaces."""


def _rights(reader: Reader) -> Rights:
    return reader.audiences, reader.spaces


@dataclass(frozen=True)
class Fresh:
    """A changed article's rows: chunk numbers, vectors (n, dim), packed token vectors, terms."""

    row: ArticleRow
    chunks: tuple[int, ...]
    vectors: Vectors
    tokens: tuple[Codes, ...]
    terms: tuple[Terms, ...]


class View:
    """One moment of the index."""

    def __init__(self, base: Snapshot, fresh: dict[str, Fresh | None], change: int) -> None:
        self.base, self.fresh, self.change = base, fresh, change
        added = sorted((item for item in fresh.values() if item is not None), key=lambda item: item.row.id)
        self.articles = [*base.articles, *(item.row for item in added)]
        owners = [np.full(len(item.chunks), len(base.articles) + i) for i, item in enumerate(added)]
        self.owners: NDArray[np.int32] = np.concatenate([base.owners, *owners]).astype(np.int32)
        self.chunks: NDArray[np.int64] = np.concatenate(
            [base.chunks, *(np.array(item.chunks, np.int64) for item in added)]
        )
        self.dense = FlatIndex(np.concatenate([base.dense.vectors[:0], *(item.vectors for item in added)]))
        self.tokens = [codes for item in added for codes in item.tokens]
        self.terms = [terms for item in added for terms in item.terms]
        self.delta = {field: BM25([terms.fields[i] for terms in self.terms]) for i, field in enumerate(FIELDS)}
        self.alive = np.array([row.id not in fresh for row in base.articles] + [True] * len(added), np.bool_)
        self._masks: dict[tuple[Rights, Filters], Mask] = {}
        self._scopes: dict[Rights, Scope] = {}

    def __len__(self) -> int:
        return len(self.chunks)

    @property
    def fresh_chunks(self) -> int:
        """How many chunks the delta holds."""
        return len(self.chunks) - len(self.base.chunks)

    @cached_property
    def by_id(self) -> dict[str, ArticleRow]:
        """The living articles."""
        return {row.id: row for position, row in enumerate(self.articles) if self.alive[position]}

    @cached_property
    def rows_of(self) -> dict[int, NDArray[np.int64]]:
        """Rows of each article, by its position in `articles`."""
        if not len(self.owners):  # numpy would split it into one part of nothing
            return {}
        order = np.argsort(self.owners, kind="stable")
        owners, starts = np.unique(self.owners[order], return_index=True)
        parts = np.split(order, starts[1:])
        return {int(owner): part for owner, part in zip(owners, parts, strict=True)}

    def scope(self, reader: Reader) -> Scope:
        """The rows that this reader may read, with the statistics over them."""
        rights = _rights(reader)
        found = self._scopes.get(rights)
        if found is None:
            if len(self._scopes) >= _MASKS:
                self._scopes.clear()
            found = self._scopes[rights] = Scope(self, reader)
        return found

    def allowed(self, reader: Reader, filters: Filters) -> Mask:
        """Which rows this reader may read and asked for: (n,) bool. Applied before anything is ranked."""
        scope = self.scope(reader)
        if filters == Filters():
            return scope.mask
        key = (_rights(reader), filters)
        found = self._masks.get(key)
        if found is None:
            if len(self._masks) >= _MASKS:  # filters come from outside: there is no end to them
                self._masks.clear()
            accepted = np.array([filters.accepts(row) for row in self.articles], np.bool_)
            found = self._masks[key] = scope.mask & accepted[self.owners]
        return found

    @cached_property
    def _places(self) -> NDArray[np.int64]:
        """Of each row, its place in the order of the articles' ids, then of their passages: (n,)."""
        ids = np.empty(len(self.articles), np.int64)
        ids[sorted(range(len(self.articles)), key=lambda position: self.articles[position].id)] = np.arange(len(ids))
        places = np.empty(len(self), np.int64)
        places[np.argsort(ids[self.owners], kind="stable")] = np.arange(len(self))
        return places

    def ordered(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Rows in the order of their articles' ids."""
        return rows[np.argsort(self._places[rows])]

    def best(self, rows: NDArray[np.int64], scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
        """The k rows with the greatest scores, best first, of equals the first by their articles' ids."""
        if len(rows) > k:
            least = np.partition(scores, len(rows) - k)[len(rows) - k]
            rows, scores = rows[scores >= least], scores[scores >= least]
        return rows[np.lexsort((self._places[rows], -scores))[:k]]

    def has(self, rows: NDArray[np.int64], words: Sequence[str], field: str = "words") -> Mask:
        """Whether each row holds each word of a field: (len(rows), len(words)) bool."""
        size = len(self.base.chunks)
        found = np.zeros((len(rows), len(words)), np.bool_)
        old = rows < size
        for column, word in enumerate(words):
            found[old, column] = self.base.postings[field].holds(word, rows[old])
        for line in np.flatnonzero(~old):
            held = set(self.terms[int(rows[line]) - size].fields[FIELDS.index(field)])
            found[line] = [word in held for word in words]
        return found

    def count(self, term: str, allowed: Mask, fields: Sequence[str]) -> int:
        """In how many of the allowed rows a term stands in one of the fields."""
        size = len(self.base.chunks)
        found = 0
        for field in fields:
            found += int(allowed[self.base.postings[field].of(term)[0]].sum())
            at = FIELDS.index(field)
            found += sum(bool(allowed[size + i]) and term in terms.fields[at] for i, terms in enumerate(self.terms))
        return found

    def nearest(self, vector: Vectors, k: int, allowed: Mask) -> NDArray[np.int64]:
        """The k allowed rows with the greatest cosine, best first."""
        size = len(self.base.chunks)
        rows, scores = self.base.dense.top(vector, k, allowed[:size])
        more, more_scores = self.dense.top(vector, k, allowed[size:])
        return self.best(np.concatenate([rows, more + size]), np.concatenate([scores, more_scores]), k)

    def gather(self, rows: NDArray[np.int64]) -> Vectors:
        """The vectors of rows: (len(rows), dim)."""
        size = len(self.base.chunks)
        found = np.empty((len(rows), self.dense.vectors.shape[1]), np.float32)
        old = rows < size
        found[old] = self.base.dense.vectors[rows[old]]
        found[~old] = self.dense.vectors[rows[~old] - size]
        return found

    def cosines(self, vector: Vectors, rows: NDArray[np.int64]) -> Vectors:
        """Cosine of each row: (len(rows),) float32."""
        return np.asarray(self.gather(rows) @ vector)

    @cached_property
    def scripts(self) -> NDArray[np.str_]:
        """The script of each row's article: (n,)."""
        of_article = np.array([script(row.locale) for row in self.articles], np.str_)
        return of_article[self.owners]

    def token_codes(self, rows: NDArray[np.int64]) -> list[Codes]:
        """Packed token vectors of each row; empty for one that has none."""
        size = len(self.base.chunks)
        old = iter(self.base.tokens.gather(rows[rows < size]))
        return [next(old) if row < size else self.tokens[int(row) - size] for row in rows]


class LiveIndex:
    """Keeps a view current. Safe to share between threads."""

    def __init__(self, database: Database, root: Path, identity: Identity) -> None:
        self.database, self.root, self.identity = database, root, identity
        self._lock = threading.Lock()
        self._view = self._caught_up(View(self._newest(), {}, 0))

    def view(self, connection: Connection | None = None) -> View:
        """The index as of now, or as `connection` sees it: what was committed before is in it."""
        with nullcontext(connection) if connection else self.database.read() as asked:
            latest = changes.latest(asked)
        if latest != self._view.change:
            with self._lock:
                if latest > self._view.change:
                    self._view = self._caught_up(self._view)
        return self._view

    def compact(self) -> None:
        """Fold the delta into the next snapshot and read from that."""
        files.build(self.database, self.root, self.identity)
        self.reopen()

    def reopen(self) -> None:
        """Read from the newest snapshot, if it is newer than the one in use."""
        newest = files.generations(self.root)[:1]
        if newest and not newest[0].name.endswith(f"-{self._view.base.generation:08d}"):
            with self._lock:
                self._view = self._caught_up(View(self._newest(), {}, 0))

    def _newest(self) -> Snapshot:
        """The newest snapshot that can be trusted; without one, it is built again from the store."""
        for folder in files.generations(self.root)[:1]:
            try:
                return self._not_ahead(files.open_snapshot(folder, self.identity))
            except IndexDamaged as error:
                log.warning("index rebuilt: %s", error)
                return files.open_snapshot(files.build(self.database, self.root, self.identity), self.identity)
        return files.empty(self.identity)

    def _not_ahead(self, found: Snapshot) -> Snapshot:
        """The snapshot, unless it was made of a later store: a backup may have been put in that one's place."""
        with self.database.read() as connection:
            latest = changes.latest(connection)
        if found.change > latest:
            raise IndexDamaged(f"generation {found.generation}: change is {found.change}, the store's last is {latest}")
        return found

    def _caught_up(self, view: View) -> View:
        """A view with what changed since: readers see the old one or this, never one half-way."""
        base, fresh = view.base, dict(view.fresh)
        since = max(view.change, base.change)
        with self.database.read() as connection:
            change = changes.latest(connection)
            ids = changes.since(connection, since)
            rows = articles.published_rows(connection, ids)
            keys = chunks.keys(connection, ids)
            vectors = passages.get_vectors(connection, self.identity.model, {key.passage for key in keys})
            own: dict[str, list[ChunkKeys]] = {}
            for key in keys:
                own.setdefault(key.article, []).append(key)
            for article_id in ids:
                fresh.pop(article_id, None)  # changed again: it moves to the end
                row, mine = rows.get(article_id), own.get(article_id)
                fresh[article_id] = self._fresh(connection, row, mine, vectors) if row and mine else None
        return View(base, fresh, change)

    def _fresh(
        self,
        connection: Connection,
        row: ArticleRow,
        keys: list[ChunkKeys],
        vectors: dict[bytes, Vectors],
    ) -> Fresh:
        terms = passages.get_terms(connection, self.identity.analyzer, {key.terms for key in keys})
        if any(key.passage not in vectors or key.terms not in terms for key in keys):
            wanted = f"model {self.identity.model!r} and analyzer {self.identity.analyzer!r}"
            raise IndexDamaged(f"article {row.id!r} was not prepared for {wanted}; run `kb index`")
        width = self.identity.dimension // 2
        tokens = dict(passages.get_tokens(connection, self.identity.model, {key.passage for key in keys}))
        return Fresh(
            row,
            tuple(key.id for key in keys),
            np.stack([vectors[key.passage] for key in keys]),
            tuple(np.frombuffer(tokens.get(key.passage, b""), np.uint8).reshape(-1, width) for key in keys),
            tuple(terms[key.terms] for key in keys),
        )
