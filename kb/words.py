"""Small things of English that messages are made with."""

from __future__ import annotations


def count(number: float, one: str, many: str = "") -> str:
    """So many of something, rounded: `1 flag`, `2,000 flags`; `many` where that is not `one` with an s."""
    return f"{number:,.0f} {one if round(number) == 1 else many or f'{one}s'}"
