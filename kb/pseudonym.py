"""Who somebody is, as it may be kept: a keyed hash. Whoever has the key can look for a person that they know by name.

The key never leaves the home's folder. Without it, or with another, what was kept says nothing about anybody.
"""

from __future__ import annotations

import hmac
import os
import secrets
import unicodedata
from functools import cached_property
from pathlib import Path

from kb.errors import KbError

FILE = "pseudonym.key"
_BYTES = 32


class Pseudonyms:
    """The pseudonyms of one home. Its key is made when the first is asked for; processes that race agree on one."""

    def __init__(self, home: Path) -> None:
        self._path = home / FILE

    def of(self, person: str) -> str:
        """32 hexadecimal digits for an e-mail address or an id, however it is capitalised; "" for nobody."""
        plain = unicodedata.normalize("NFC", unicodedata.normalize("NFC", person).casefold()).strip()
        return hmac.digest(self._key, plain.encode("utf-8", "replace"), "sha256").hex()[:32] if plain else ""

    @cached_property
    def _key(self) -> bytes:
        """
        Raises:
            KbError: the file is not the key that was written.
        """
        if not self._path.exists():
            self._make()
        key = self._path.read_bytes()
        if len(key) != _BYTES:
            raise KbError(f"{self._path}: {len(key)} bytes where a key of {_BYTES} is expected")
        return key

    def _make(self) -> None:
        """Write a key aside, and give it its name unless another process did so before."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        aside = self._path.with_name(f"{FILE}.{secrets.token_hex(8)}")
        try:
            with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(_BYTES))
                file.flush()
                os.fsync(file.fileno())
            os.link(aside, self._path)
        except FileExistsError:
            return  # its key is as good as ours
        finally:
            aside.unlink(missing_ok=True)
