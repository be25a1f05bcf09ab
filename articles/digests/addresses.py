"""Where a digest may go: an address of e-mail, or a URL that does not lead into the house."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from kb.errors import InvalidInput
from kb.store.digests import Channel

_MAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}")
_LONGEST = 254  # characters of an address (RFC 5321)
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}")
SECRET = 16, 200  # characters: the fewest and the most


class Refused(Exception):
    """Nothing will arrive there, ever. `gone`: nothing is wanted there any more."""

    def __init__(self, message: str, *, gone: bool = False) -> None:
        super().__init__(message)
        self.gone = gone


class Delayed(Exception):
    """Nothing arrives there now; at another time it may."""


@dataclass(frozen=True)
class Target:
    """A URL, taken apart. `path` has the query."""

    scheme: str
    host: str
    port: int
    path: str


def check(channel: Channel, address: str, secret: str) -> str:
    """The address, as it is kept.

    Raises:
        InvalidInput: nothing could be sent there. What a secret is, is not said.
    """
    address = address.strip()
    if channel == "email":
        if not _MAIL.fullmatch(address) or len(address) > _LONGEST or ".." in address:
            raise InvalidInput(f"address: {address[:80]!r} is not an address such as kim@example.com, in ASCII")
        return address
    target(address)
    if not SECRET[0] <= len(secret) <= SECRET[1] or not secret.isprintable() or not secret.isascii():
        raise InvalidInput(f"secret: a webhook needs {SECRET[0]} to {SECRET[1]} visible characters of ASCII")
    return address


def target(url: str) -> Target:
    """
    Raises:
        InvalidInput: it is no URL that a webhook may have: https, or http to this machine, and without a user.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise InvalidInput(f"address: {url[:80]!r} is not a URL: {error}") from error
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url or not _HOST.fullmatch(host):
        raise InvalidInput(f"address: {url[:80]!r} is not a URL such as https://hooks.example/kb, in ASCII")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise InvalidInput("address: a webhook's URL has no user and no fragment in it")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_here(host)):
        raise InvalidInput(f"address: {url[:80]!r} is not https, which only this machine does without")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def resolve(found: Target, *, private: bool) -> str:
    """The network address that a name leads to now, to connect to: a name may lead elsewhere a moment later.

    Raises:
        Delayed: the name leads nowhere now.
        Refused: it leads into the house, and `private` is not allowed.
    """
    try:
        known = socket.getaddrinfo(found.host, found.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Delayed(f"{found.host}: no such host now: {error}") from error
    addresses = [str(entry[4][0]).partition("%")[0] for entry in known]
    if not private and not all_public(addresses):
        raise Refused(f"{found.host}: it leads to this machine or a private network, where webhooks may not go")
    return addresses[0]


def all_public(addresses: Sequence[str]) -> bool:
    """Whether all of these are everybody's: also where one is written inside another (IPv4 in IPv6, 6to4, NAT64)."""
    return bool(addresses) and all(_is_public(ipaddress.ip_address(address)) for address in addresses)


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        if address.is_site_local:
            return False
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved
