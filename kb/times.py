"""Times as the store writes them: ISO 8601 in UTC, to the millisecond, so that they sort as text."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from kb.errors import InvalidInput

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def stamp(at: datetime) -> str:
    """A time, as text.

    Raises:
        OverflowError: it is before or after all years in UTC.
    """
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def now() -> str:
    """The present."""
    return stamp(datetime.now(UTC))


def day(text: str, key: str) -> date:
    """A day that somebody wrote as ISO 8601 has it, with hyphens.

    Raises:
        InvalidInput: it is no day.
    """
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # the same as a text of another form
    raise InvalidInput(f"{key}: {text[:40]!r} is not a day such as 2026-12-01")


def moment(text: str, key: str) -> str:
    """A time that somebody wrote in ISO 8601, in UTC where it says no zone; "" for none.

    Raises:
        InvalidInput: it is no time.
    """
    if not text:
        return ""
    try:
        at = datetime.fromisoformat(text)
        return stamp(at if at.tzinfo else at.replace(tzinfo=UTC))
    except (ValueError, OverflowError) as error:
        raise InvalidInput(f"{key}: {text[:40]!r} is not a time such as 2026-12-01T09:00:00Z") from error
