"""How often somebody may ask: requests a minute, and attempts to sign in. The only file that imports limits.

Each process counts for itself, in memory, in sliding windows: with N workers somebody may ask up to N times as often.
"""

from __future__ import annotations

import ipaddress
import math
import time
from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from kb.errors import TooMany
from kb.settings import Settings

_BY_USER = RateLimitItemPerMinute(10, 15, namespace="user")  # attempts to sign in, in 15 minutes
_BY_ADDRESS = RateLimitItemPerMinute(60, 15, namespace="address")


@dataclass(frozen=True)
class Rate:
    """Where somebody stands: `seconds` until there is more."""

    limit: int
    remaining: int
    seconds: int
    allowed: bool

    def headers(self) -> dict[str, str]:
        counts = {"Limit": self.limit, "Remaining": self.remaining, "Reset": self.seconds}
        return {f"RateLimit-{name}": str(count) for name, count in counts.items()}


class Limiter:
    """The counts of one process."""

    def __init__(self) -> None:
        self._windows = SlidingWindowCounterRateLimiter(MemoryStorage())

    def count(self, who: str, a_minute: int) -> Rate:
        """Count a request, and say whether it was within the limit."""
        item = RateLimitItemPerMinute(a_minute)
        allowed = self._windows.hit(item, who)
        remaining = self._windows.get_window_stats(item, who).remaining
        return Rate(a_minute, remaining, self._seconds(item, who), allowed)

    def attempt(self, user_id: str, address: str) -> None:
        """Count an attempt to sign in.

        Raises:
            TooMany: for this user, or from this address.
        """
        for item, who in ((_BY_ADDRESS, network(address)), (_BY_USER, user_id)):
            if not self._windows.hit(item, who):
                raise TooMany("too many attempts to sign in", self._seconds(item, who))

    def forget(self, user_id: str) -> None:
        """Whoever signed in has not been guessing."""
        self._windows.clear(_BY_USER, user_id)

    def _seconds(self, item: RateLimitItem, who: str) -> int:
        """Until there surely is one more: the end of a full window, and until the first of it counts no more."""
        first = item.get_expiry() / item.amount
        return max(1, math.ceil(self._windows.get_window_stats(item, who).reset_time - time.time() + first))


def allowance(settings: Settings, address: str, *, known: bool) -> int:
    """Requests a minute: of a key or a user, a fifth of it of an unknown address, and plenty of this machine's own."""
    if known:
        return settings.rate_limit
    return settings.rate_limit * 10 if _is_local(address) else settings.rate_limit // 5


def network(address: str) -> str:
    """What one person has of addresses: one, or with IPv6 a /64."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # a Unix socket
        return address
    if isinstance(found, ipaddress.IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _is_local(address: str) -> bool:
    """Whether an address is this machine. What is no address is a Unix socket of it."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return True
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback
