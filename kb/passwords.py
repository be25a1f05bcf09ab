"""Passwords: what may be one, and what is kept of it. The only file that imports argon2; it knows of no store."""

from __future__ import annotations

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from kb.errors import InvalidInput
from kb.words import count

SHORTEST, LONGEST = 12, 200  # characters

# argon2id as RFC 9106, section 4, recommends where memory is scarce. Written out: a new release of the library must not
# make the hash below take another time than a user's
_HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
# of random bytes that were thrown away
_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$jp9HWmv8o+yossEtxiy51Q$QwpHOd1iEAG8WWrLGKe5nnpFurHkD3VSlNzbwKShIqI"
_TURNS = threading.BoundedSemaphore(2)  # each takes 64 MiB while it runs


def hashed(password: str, user_id: str) -> str:
    """What is kept of a new password: an argon2id hash with its parameters and its salt.

    Raises:
        InvalidInput: too short, too long, or what its user signs in with; the message does not repeat it.
    """
    password = _canonical(password)
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidInput(f"password: {count(len(password), 'character')}, not {SHORTEST} to {LONGEST}")
    if password.casefold() == _canonical(user_id).casefold():
        raise InvalidInput("password: the same as the user's id")
    with _TURNS:
        return _HASHER.hash(password)


def matches(stored: str, password: str) -> bool:
    """Whether a password is the one that was hashed. For `stored` "" it is not, after as long as any other takes."""
    with _TURNS:
        try:
            _HASHER.verify(stored or _NOBODYS, _canonical(password))
        except VerifyMismatchError:
            return False
    return bool(stored)


def outdated(stored: str) -> bool:
    """Whether it was hashed with other parameters than today's, and is to be hashed again when it is next typed."""
    return _HASHER.check_needs_rehash(stored)


def _canonical(password: str) -> str:
    """As typed on any keyboard: macOS sends Hangul taken apart."""
    return unicodedata.normalize("NFC", password)
