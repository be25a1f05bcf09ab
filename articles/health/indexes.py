"""What checks look up of a whole shelf, computed the first time that one asks and kept with the shelf."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from articles.health.base import Shelf

T = TypeVar("T")


def once(make: Callable[[Shelf], T]) -> Callable[[Shelf], T]:
    """A function of a shelf that is computed once for each, as `functools.cached_property` is for its own class."""
    name = f"{make.__module__}.{make.__qualname__}"

    @wraps(make)
    def kept(shelf: Shelf) -> T:
        found = vars(shelf)  # as of a cached property: no field, so that a changed copy computes its own
        if name not in found:
            found[name] = make(shelf)
        value: T = found[name]
        return value

    return kept
