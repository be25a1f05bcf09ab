"""Opens a home: its database, its model and its index, each at first use."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from indexer.analyze import Analyzer, read_dictionary
from indexer.embed import CrossEncoderReranker, SentenceTransformerEmbedder
from indexer.snapshot import Identity
from kb.journal import Journal
from kb.ports import Embedder, Reranker
from kb.pseudonym import Pseudonyms
from kb.settings import Settings
from kb.store import Database
from search import synonyms
from search.engine import Engine
from search.live import LiveIndex
from search.phrases import Phrases
from search.query import Reading


class Home:
    """Everything behind `KB_HOME`. Nothing heavy is opened before it is asked for."""

    def __init__(self, settings: Settings, embedder: Embedder | None = None) -> None:
        self.settings = settings
        self._embedder = embedder

    @property
    def path(self) -> Path:
        return self.settings.home

    @property
    def index_folder(self) -> Path:
        return self.path / "index"

    @cached_property
    def database(self) -> Database:
        return Database(self.path / "kb.db")

    @cached_property
    def embedder(self) -> Embedder:
        return self._embedder or SentenceTransformerEmbedder(self.settings.model, self.settings.cache)

    @cached_property
    def identity(self) -> Identity:
        return Identity(self.embedder.fingerprint, self.embedder.dimension, self.analyzer.fingerprint)

    @cached_property
    def analyzer(self) -> Analyzer:
        words = read_dictionary(self.settings.dictionary) if self.settings.dictionary else ()
        return Analyzer(words, self.settings.languages)

    @cached_property
    def reading(self) -> Reading:
        found = synonyms.read(self.settings.synonyms) if self.settings.synonyms else synonyms.Synonyms()
        return Reading(self.analyzer, self.embedder, found)

    @cached_property
    def reranker(self) -> Reranker | None:
        return CrossEncoderReranker(self.settings.reranker) if self.settings.reranker else None

    @cached_property
    def index(self) -> LiveIndex:
        return LiveIndex(self.database, self.index_folder, self.identity)

    @cached_property
    def journal(self) -> Journal:
        return Journal(self.database)

    @cached_property
    def pseudonyms(self) -> Pseudonyms:
        return Pseudonyms(self.path)

    @cached_property
    def engine(self) -> Engine:
        late = self.settings.late_interaction
        return Engine(
            self.database,
            self.index,
            self.reading,
            self.journal,
            late=late,
            reranker=self.reranker,
            tuned=self.settings.tuned,
        )

    @cached_property
    def phrases(self) -> Phrases:
        return Phrases(self.database, self.index)

    def close(self) -> None:
        """Write what waits to be written."""
        if "journal" in self.__dict__:
            self.journal.close()
        if "database" in self.__dict__:
            self.database.close()
