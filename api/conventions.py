"""What the operations of the API share: cursors, revisions in `ETag` and `If-Match`, and sparse fields."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, TypeVar

from fastapi import Header, Query, Response

from kb.errors import InvalidInput, PreconditionRequired, Stale

Cursor = Annotated[str, Query(max_length=2_000, description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=200)]
Fields = Annotated[str, Query(max_length=1_000, description="Only these fields, parted by commas; `id` always.")]
IfMatch = Annotated[str | None, Header(max_length=200, description="The `ETag` that was read, or `*`.")]
IfNoneMatch = Annotated[str | None, Header(max_length=200)]

T = TypeVar("T")
_TAG = re.compile(r'(?:W/)?"(\d{1,18})"$')


def to_cursor(*key: str | int) -> str:
    """Where a list goes on, as text that nobody has to understand."""
    return base64.urlsafe_b64encode(json.dumps(key, ensure_ascii=False).encode()).decode()


def page(found: Sequence[T], limit: int, key: Callable[[T], tuple[str | int, ...]]) -> tuple[Sequence[T], str | None]:
    """A page of a list that was asked for one more than fits, and the cursor of the next; None on the last."""
    shown = found[:limit]
    return shown, to_cursor(*key(shown[-1])) if len(found) > limit else None


def from_cursor(cursor: str, *start: str | int) -> list[Any]:
    """The key in a cursor, `start` without one.

    Raises:
        InvalidInput: it is none of ours.
    """
    if not cursor:
        return list(start)
    try:
        key: list[Any] = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        json.dumps(key, ensure_ascii=False).encode()  # half a character can be written, not stored
    except (ValueError, UnicodeError) as error:
        raise InvalidInput(f"cursor: {cursor[:40]!r} is not one that this list gave") from error
    shape = [type(part) for part in key] if isinstance(key, list) else []
    if shape != [type(part) for part in start] or any(isinstance(p, int) and abs(p) >= 2**63 for p in key):
        raise InvalidInput(f"cursor: {cursor[:40]!r} is not one that this list gave")
    return key


def revision(if_match: str | None) -> int | None:
    """The revision that a writer read; None for `*`, whatever it is.

    Raises:
        PreconditionRequired: they do not say; InvalidInput: it is no ETag of ours.
    """
    if if_match is None:
        raise PreconditionRequired("If-Match: send the ETag of what you read, so that nobody's change is lost")
    if if_match.strip() == "*":
        return None
    match = _TAG.match(if_match.strip())
    if not match:
        raise InvalidInput(f'If-Match: {if_match[:40]!r} is not an ETag such as "7", nor *')
    return int(match.group(1))


@contextmanager
def revision_needed(if_match: str | None, name: str) -> Iterator[None]:
    """A write without `If-Match` makes something new; should it be there already, the writer must read it first.

    Raises:
        PreconditionRequired: it is.
    """
    try:
        yield
    except Stale as error:
        if if_match is None:
            raise PreconditionRequired(f"If-Match: {name} exists: send the ETag of what you read") from error
        raise


def tag(response: Response, number: int) -> None:
    """Say the revision of what is answered."""
    response.headers["ETag"] = f'"{number}"'


def is_known(if_none_match: str | None, number: int) -> bool:
    """Whether the reader has this revision already."""
    tags = [item.strip() for item in (if_none_match or "").split(",")]
    return "*" in tags or any((found := _TAG.match(item)) and int(found.group(1)) == number for item in tags)


def chosen(fields: str, known: Sequence[str]) -> set[str]:
    """The fields that were asked for, all without a choice.

    Raises:
        InvalidInput: there is no such field.
    """
    wanted = {name.strip() for name in fields.split(",") if name.strip()}
    unknown = sorted(wanted - set(known))
    if unknown:
        raise InvalidInput(f"fields: {unknown[0]!r} is not one of {', '.join(known)}")
    return {"id", *wanted} if wanted else set(known)
