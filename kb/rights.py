"""What a role may do: its scopes. A key may have fewer than its role, never more."""

from __future__ import annotations

from typing import Literal, get_args

Role = Literal["customer", "agent", "author", "admin"]
Scope = Literal["search", "support", "upkeep", "write", "curate", "admin"]

SCOPES: dict[Role, frozenset[Scope]] = {
    "customer": frozenset({"search"}),  # search, complete, read, say what helped
    "agent": frozenset({"search", "support", "upkeep"}),  # … suggestions, tickets, flag or fix; flags, gaps, metrics
    "author": frozenset({"search", "support", "upkeep", "write", "curate"}),  # … articles, media; synonyms, curations
    "admin": frozenset(get_args(Scope)),  # … people, keys, spaces, the audit log, erasure
}
