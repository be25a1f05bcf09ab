"""Keeps what was found in the store, and looks again only where an article changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from articles.health.base import Alike
from articles.health.pairs.look import Found, Pairs, look
from articles.health.pairs.passages import load_passages
from articles.health.pairs.similarity import Rarity
from kb.models import Article
from kb.store import Database
from kb.store import pairs as store
from kb.store.pairs import StoredPairs

VERSION = 3  # bump when other pairs are found in the same texts
_FEW = 0.05  # the share of articles that may change before everything is looked at again


def refresh(database: Database, model: str, articles: Sequence[Article]) -> Pairs:
    """The pairs among articles as they are now, each article with its current text; `model` is a vectors' fingerprint.

    Reads what was kept, looks at what changed since, and keeps what it finds.
    """
    hashes = {article.id: article.content_hash for article in articles if article.metadata.state == "published"}
    key = f"{VERSION}:{model}"
    with database.read() as connection:
        kept = store.load(connection)
    changed = {name for name, digest in hashes.items() if kept.hashes.get(name) != digest}
    if kept.model == key and not changed and kept.hashes.keys() == hashes.keys():
        return _restored(kept)
    few = kept.model == key and len(changed) <= max(_FEW * len(hashes), 1)
    found = look(articles, load_passages(database, model), changed if few else None, _restored(kept) if few else None)
    rows = (*_rows("duplicate", found.duplicates), *_rows("contradiction", found.contradictions))
    with database.write() as connection:
        store.replace(connection, StoredPairs(rows, hashes, key, found.rarity.texts, found.rarity.counts))
    return found


def _rows(kind: str, found: Found) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    for article, some in found.items():
        yield from ((article, alike.other, kind, asdict(alike)) for alike in some)


def _restored(kept: StoredPairs) -> Pairs:
    found: dict[str, dict[str, list[Alike]]] = {"duplicate": {}, "contradiction": {}}
    for article, _, kind, row in kept.rows:
        lines = {"lines": tuple(row["lines"]), "other_lines": tuple(row["other_lines"])}
        found[kind].setdefault(article, []).append(Alike(**{**row, **lines}))
    duplicates, contradictions = ({name: tuple(some) for name, some in one.items()} for one in found.values())
    return Pairs(duplicates, contradictions, Rarity(kept.texts, kept.counts))
