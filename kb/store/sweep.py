"""What was computed of passages that no chunk has any more: found in one look, deleted later, a little at a time.

Vectors and terms may be found stored already, before the transaction that publishes the chunks that need them. So that
a key is unused does not yet mean that nobody counts on it, and two things are asked of one that goes:

1. It was unused at a look some time ago (`api.caretaker` waits ten minutes): whoever had found it by then has
   published by now. What was stored since the look is not on its list.
2. It is unused still, by the transaction that deletes it. A chunk that took it up since the look belongs to an article
   in `changes` after the look's number, for every transaction that writes chunks logs a change. So the chunks of those
   few articles are read, by an index, and no writer waits for a pass over all of them.

A publisher that found a key there, and then took longer than ten minutes to embed the rest, is outside of both. So
the transaction that publishes asks whether all that was found is there still, and else what is not is computed again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Connection, delete, select, union

from kb.store import changes
from kb.store.schema import analyses, chunks, token_vectors, vectors
from kb.store.schema import changes as log

AT_ONCE = 50  # keys deleted in one transaction: at 40 kB of token vectors each, some 50 ms

# the column of a chunk that names a key, and the columns that have it. What hangs on one key goes together, so that
# whoever finds its vector knows that its token vectors are there, too
_KINDS: Mapping[str, tuple[Column[bytes], tuple[Column[bytes], ...]]] = {
    "passages": (chunks.c.passage_hash, (vectors.c.passage_hash, token_vectors.c.passage_hash)),
    "terms": (chunks.c.terms_hash, (analyses.c.terms_hash,)),
}


@dataclass(frozen=True)
class Unused:
    """Keys that no chunk had as of a change, by kind."""

    change: int
    keys: Mapping[str, Sequence[bytes]]

    def __len__(self) -> int:
        return sum(map(len, self.keys.values()))


def look(connection: Connection) -> Unused:
    """Every key that no chunk has. Reads all keys once; writers do not wait for it."""
    found = {}
    for kind, (used, columns) in _KINDS.items():
        every = union(*(select(column.label("key")) for column in columns)).subquery()
        query = select(every.c.key).where(every.c.key.not_in(select(used)))
        found[kind] = list(connection.execute(query).scalars())
    return Unused(changes.latest(connection), found)


def remove(connection: Connection, kind: str, keys: Collection[bytes], change: int) -> int:
    """Delete what is kept under those of the keys that are unused still; how many rows went.

    Args:
        keys: some that were unused as of `change`, at most `AT_ONCE`.
    """
    used, columns = _KINDS[kind]
    changed = select(log.c.article_id).where(log.c.number > change)
    taken_up = set(connection.execute(select(used).where(chunks.c.article_id.in_(changed))).scalars())
    gone = [key for key in keys if key not in taken_up]
    return sum(connection.execute(delete(column.table).where(column.in_(gone))).rowcount for column in columns)
