"""E-mail and IP addresses."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network

from kb.private.rule import AI, A, Rule, after, before

EMAILS = (
    Rule(
        "email",
        re.compile(
            r"(?<![A-Za-z0-9.!#$%&'*+/=?^_`{|}~\-])(?P<value>(?:[^\W가-힣]|[.+%\-]){1,64}"
            r"@(?:[^\W_](?:[^\W_]|-){0,62}\.){1,8}[A-Za-z]{2,24})"
        ),
        digits=False,
    ),
)

# of private networks, the machine itself, masks and multicast: nobody's
_NOBODYS = [
    IPv4Network(name)
    for name in ("0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16")
]
_UNICAST = IPv6Network("2000::/3")
_OF_ADDRESS = re.compile(
    r"\bip\b|아이피|\bvpn\b|접속|로그인|차단|log(?:ged|in)|sign(?:ed)?[ -]?in|block|ping|firewall", AI
)
_OF_VERSION = re.compile(
    r"(?:\bv(?:er(?:sion)?s?)?\.?|버전|펌웨어|firmware|빌드|\bbuild|릴리[즈스]|\brelease|드라이버|\bdriver|\bsdk|\bchrome"
    r"|\bedge|\bapp|앱)[^\w\n]{0,3}(?:[은는이가을를]|is|was|to|from)?\s{0,2}$",
    AI,
)
_VERSION_AFTER = re.compile(r"\s{0,2}(?:버전|펌웨어|빌드|릴리[즈스]|version|firmware|build|release)", AI)


def _v4(match: re.Match[str]) -> int:
    """Four numbers are a version where the text says so, or where they are like one and it speaks of no address.

    Versions are of low numbers (4.2.1.7, 6.1.3.119), or begin as 72.0 does; of all addresses 0.9% are like that.
    """
    value = match["value"]
    try:
        address = IPv4Address(value)
    except AddressValueError:
        return 0
    if address >= IPv4Address("224.0.0.0") or any(address in network for network in _NOBODYS):
        return 0
    if _OF_VERSION.search(before(match)) or _VERSION_AFTER.match(after(match)):
        return 0
    parts = address.packed
    like_a_version = max(parts) < 64 or sorted(parts)[2] < 16 or not parts[1]
    return 0 if like_a_version and not _OF_ADDRESS.search(before(match)) else len(value)


def _v6(match: re.Match[str]) -> int:
    try:
        return len(match["value"]) if IPv6Address(match["value"]) in _UNICAST else 0
    except AddressValueError:
        return 0


IPS = (
    Rule("ip", re.compile(r"(?<![\w.\-])(?P<value>\d{1,3}(?:\.\d{1,3}){3})(?![\dA-Za-z_]|[.\-]\d)", A), _v4),
    Rule("ip", re.compile(r"(?<![\w:.])(?P<value>[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?![0-9A-Za-z:])", A), _v6),
)
