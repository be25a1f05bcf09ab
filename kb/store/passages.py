"""What was computed of passages: vectors and token vectors for each model, terms for each analyser.

Vectors are kept by the hash of the text that was embedded, terms by the hash of all that was analysed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping

import numpy as np
from sqlalchemy import Column, ColumnElement, Connection, func, select
from sqlalchemy.dialects.sqlite import insert

from kb.models import Terms
from kb.ports import Vectors
from kb.store.database import batches
from kb.store.schema import analyses, token_vectors, vectors


def passage_hash(text: str) -> bytes:
    """16 bytes of SHA-256: the key of everything computed of a passage."""
    return hashlib.sha256(text.encode()).digest()[:16]


def put_vectors(connection: Connection, model: str, found: Mapping[bytes, Vectors]) -> None:
    """Keep vectors, (dim,) float32 each."""
    rows = [
        {"passage_hash": key, "model": model, "vector": np.asarray(vector, "<f4").tobytes()}
        for key, vector in found.items()
    ]
    if rows:
        connection.execute(insert(vectors).on_conflict_do_nothing(), rows)


def get_vectors(connection: Connection, model: str, keys: Collection[bytes]) -> dict[bytes, Vectors]:
    """The vectors that are there, of those asked for."""
    found: dict[bytes, Vectors] = {}
    for batch in batches(keys):
        query = select(vectors.c.passage_hash, vectors.c.vector).where(
            vectors.c.model == model, vectors.c.passage_hash.in_(batch)
        )
        for key, raw in connection.execute(query):
            found[key] = np.frombuffer(raw, "<f4")
    return found


def embedded(connection: Connection, model: str, keys: Collection[bytes], *, tokens: bool) -> set[bytes]:
    """Which of the keys have a vector of a model, and where wanted token vectors, too."""
    found = _held(connection, vectors.c.passage_hash, vectors.c.model == model, keys)
    return _held(connection, token_vectors.c.passage_hash, token_vectors.c.model == model, found) if tokens else found


def analysed(connection: Connection, analyzer: str, keys: Collection[bytes]) -> set[bytes]:
    """Which of the keys have terms of an analyser."""
    return _held(connection, analyses.c.terms_hash, analyses.c.analyzer == analyzer, keys)


def _held(connection: Connection, key: Column[bytes], made: ColumnElement[bool], keys: Collection[bytes]) -> set[bytes]:
    queries = (select(key).where(made, key.in_(some)) for some in batches(keys))
    return {found for query in queries for found in connection.execute(query).scalars()}


def put_tokens(connection: Connection, model: str, found: Mapping[bytes, bytes]) -> None:
    """Keep packed token vectors."""
    rows = [{"passage_hash": key, "model": model, "codes": codes} for key, codes in found.items()]
    if rows:
        connection.execute(insert(token_vectors).on_conflict_do_nothing(), rows)


def token_sizes(connection: Connection, model: str) -> dict[bytes, int]:
    """How many bytes of packed token vectors each passage has."""
    query = select(token_vectors.c.passage_hash, func.length(token_vectors.c.codes)).where(
        token_vectors.c.model == model
    )
    return {key: int(size) for key, size in connection.execute(query)}


def get_tokens(connection: Connection, model: str, keys: Collection[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """The packed token vectors that are there, of those asked for, one passage after another: they are large."""
    for batch in batches(keys):
        query = select(token_vectors.c.passage_hash, token_vectors.c.codes).where(
            token_vectors.c.model == model, token_vectors.c.passage_hash.in_(batch)
        )
        yield from ((row.passage_hash, row.codes) for row in connection.execute(query))


def put_terms(connection: Connection, analyzer: str, found: Mapping[bytes, Terms]) -> None:
    """Keep terms under the analyser's fingerprint."""
    rows = [
        {"terms_hash": key, "analyzer": analyzer, "terms": "\n".join(map(" ".join, terms.fields))}
        for key, terms in found.items()
    ]
    if rows:
        connection.execute(insert(analyses).on_conflict_do_nothing(), rows)


def get_terms(connection: Connection, analyzer: str, keys: Collection[bytes]) -> dict[bytes, Terms]:
    """The terms that are there, of those asked for."""
    found: dict[bytes, Terms] = {}
    for batch in batches(keys):
        query = select(analyses.c.terms_hash, analyses.c.terms).where(
            analyses.c.analyzer == analyzer, analyses.c.terms_hash.in_(batch)
        )
        for key, raw in connection.execute(query):
            found[key] = Terms(tuple(tuple(line.split(" ")) if line else () for line in raw.split("\n")))
    return found
