"""Sends a digest to a URL: signed, to the address that was looked up, following nothing, and within a time.

A receiver checks `X-Kb-Signature`, `sha256=` and the HMAC-SHA256 of `<X-Kb-Timestamp>.<body>` under the secret, and
refuses old timestamps. The same `Idempotency-Key` is the same digest, sent again. An answer of 2xx is taken for
delivered and 410 for unsubscribed; its body is not read.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import ssl
from collections.abc import Mapping
from typing import Any

from articles.digests.addresses import Delayed, Refused, Target, resolve, target
from kb.errors import InvalidInput

SECONDS = 20.0  # for all of it
_LATER = frozenset({408, 425, 429})
_LARGEST = 1_000_000  # bytes


def send(url: str, secret: str, body: Mapping[str, Any], key: str, timestamp: int, *, private: bool = False) -> None:
    """POST a body as JSON. `timestamp` is in seconds since 1970.

    Raises:
        Refused: it will never be taken there.
        Delayed: it was not taken, or nobody knows.
    """
    try:
        found = target(url)
    except InvalidInput as error:
        raise Refused(str(error)) from error
    data = json.dumps(body, ensure_ascii=False).encode()
    if len(data) > _LARGEST:
        raise Refused(f"the digest has {len(data):,} bytes; ask for fewer items at once")
    address = resolve(found, private=private)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "kb",
        "Idempotency-Key": key,
        "X-Kb-Timestamp": str(timestamp),
        "X-Kb-Signature": f"sha256={sign(secret, timestamp, data)}",
    }
    _judge(asyncio.run(_post(found, address, data, headers)), found.host)


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """The signature of a body, in hexadecimal."""
    return hmac.digest(secret.encode(), f"{timestamp}.".encode() + body, "sha256").hex()


async def _post(found: Target, address: str, data: bytes, headers: Mapping[str, str]) -> int:
    """The status of the answer. The name is in Host and in TLS, whose certificate must be its own."""
    import httpx

    def bracketed(host: str) -> str:
        return f"[{host}]" if ":" in host else host

    url = f"{found.scheme}://{bracketed(address)}:{found.port}{found.path}"
    default = found.port == (443 if found.scheme == "https" else 80)
    named = {"Host": bracketed(found.host) + ("" if default else f":{found.port}"), **headers}
    extensions = {"sni_hostname": found.host}
    try:
        options: dict[str, Any] = {"trust_env": False, "timeout": SECONDS, "verify": ssl.create_default_context()}
        async with asyncio.timeout(SECONDS), httpx.AsyncClient(**options) as client:
            request = client.build_request("POST", url, content=data, headers=named, extensions=extensions)
            response = await client.send(request, stream=True, follow_redirects=False)
            await response.aclose()
            return response.status_code
    except TimeoutError as error:
        raise Delayed(f"{found.host}: no answer within {SECONDS:.0f} seconds") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Delayed(f"{found.host}: {type(error).__name__}: {error}"[:300]) from error


def _judge(status: int, host: str) -> None:
    if 200 <= status < 300:
        return
    if status == 410:
        raise Refused(f"{host}: it answers 410, that it wants no more", gone=True)
    if 300 <= status < 400:
        raise Refused(f"{host}: it answers {status}, and no redirect is followed: subscribe with the new address")
    if status in _LATER or status >= 500:
        raise Delayed(f"{host}: it answers {status}")
    raise Refused(f"{host}: it answers {status}")
