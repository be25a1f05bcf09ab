"""What a role may do: its scopes, and what it reads. A key may have fewer scopes than its role, never more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

from kb.models import AGENTS, PUBLIC, Reader

Role = Literal["customer", "agent", "author", "admin"]
Scope = Literal["search", "support", "upkeep", "write", "curate", "admin"]

SCOPES: dict[Role, frozenset[Scope]] = {
    "customer": frozenset({"search"}),  # search, complete, read, say what helped
    "agent": frozenset({"search", "support", "upkeep"}),  # … suggestions, tickets, flag or fix; flags, gaps, metrics
    "author": frozenset({"search", "support", "upkeep", "write", "curate"}),  # … articles, media; synonyms, curations
    "admin": frozenset(get_args(Scope)),  # … people, keys, spaces, the audit log, erasure
}


def reader(role: Role, groups: Iterable[str], spaces: Iterable[str] | None) -> Reader:
    """No role reads everything: whoever wants to read what a group reads joins it. `spaces` None is every space."""
    own = {PUBLIC} if role == "customer" else {PUBLIC, AGENTS}
    return Reader(frozenset({*own, *groups}), spaces=None if spaces is None else frozenset(spaces))
