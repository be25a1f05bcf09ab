"""What was answered under an `Idempotency-Key`, for a day. What may be kept is decided where it is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select, update

from kb.store.schema import responses
from kb.times import stamp

_KEPT = timedelta(hours=24)
_ABANDONED = timedelta(seconds=60)  # whoever answers for longer is dead


@dataclass(frozen=True)
class Kept:
    """An answer, or with status 0 the promise of one. `fingerprint` is of its request."""

    fingerprint: bytes
    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes


def reserve(connection: Connection, key: bytes, fingerprint: bytes, at: datetime) -> Kept | None:
    """What is kept under a key; None where it is the caller's now, who must `keep` an answer or `release` it."""
    abandoned = and_(responses.c.status == 0, responses.c.at <= stamp(at - _ABANDONED))
    over = or_(responses.c.at <= stamp(at - _KEPT), abandoned)
    connection.execute(delete(responses).where(responses.c.key == key, over))
    query = select(responses.c.fingerprint, responses.c.status, responses.c.headers, responses.c.body)
    row = connection.execute(query.where(responses.c.key == key)).one_or_none()
    if row is not None:
        return Kept(row.fingerprint, row.status, [(name, value) for name, value in row.headers], row.body)
    values = {"key": key, "fingerprint": fingerprint, "at": stamp(at), "status": 0, "headers": [], "body": b""}
    connection.execute(insert(responses).values(values))
    return None


def keep(connection: Connection, key: bytes, at: datetime, answer: Kept) -> None:
    """Keep the answer under what was reserved at `at`, unless another took it over since."""
    values = {"status": answer.status, "headers": [list(pair) for pair in answer.headers], "body": answer.body}
    connection.execute(update(responses).where(_reserved(key, at)).values(values))


def release(connection: Connection, key: bytes, at: datetime) -> None:
    """Let the same be asked again, unless another took it over since."""
    connection.execute(delete(responses).where(_reserved(key, at)))


def _reserved(key: bytes, at: datetime) -> ColumnElement[bool]:
    return and_(responses.c.key == key, responses.c.status == 0, responses.c.at == stamp(at))
