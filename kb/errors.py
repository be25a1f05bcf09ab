"""Every error that the domain raises on purpose, in one tree.

    KbError
    ├── InvalidInput        what a person wrote cannot be used: names the key, the value and the place
    │   ├── ArticleError    … in an article: carries the file and the line
    │   └── PreconditionRequired    … a write that does not say which revision it is about
    ├── NotFound            no such thing, or not for this reader (never told apart)
    ├── Conflict            the thing exists already, or is not in a state for that
    │   └── Stale           … it changed since it was read
    ├── Forbidden           this reader may not do that
    ├── Unauthorized        who asks is not known: no key, or one that does not count
    ├── TooMany             asked too often: says after how many seconds to ask again
    ├── IndexDamaged        an index file does not say what it should: names the field that differs
    └── ModelUnavailable    the embedding model cannot be loaded or does not work

No error here knows about HTTP or exit codes; `api` and `kb.cli` map them once each.
"""

from __future__ import annotations


class KbError(Exception):
    """Base of every error with a message for a person."""


class InvalidInput(KbError):
    """Something a person wrote cannot be used."""


class ArticleError(InvalidInput):
    """An article cannot be read. `line` is 1-based in `source`, or 0 for the file as a whole."""

    def __init__(self, message: str, *, source: str, line: int = 0) -> None:
        self.message, self.source, self.line = message, source, line
        place = f"{source}:{line}" if line else source
        super().__init__(f"{place}: {message}")


class PreconditionRequired(InvalidInput):
    """A write must say which revision it changes, or that it makes a new thing."""


class NotFound(KbError):
    """No such thing, or nothing that this reader may see."""


class Conflict(KbError):
    """The thing exists already, or is not in a state for that."""


class Stale(Conflict):
    """It changed since the revision that the writer read; `revision` is today's."""

    def __init__(self, message: str, revision: int) -> None:
        super().__init__(message)
        self.revision = revision


class Unauthorized(KbError):
    """Who asks is not known."""


class TooMany(KbError):
    """Asked too often. `seconds` is when to ask again."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class Forbidden(KbError):
    """This reader may not do that."""


class IndexDamaged(KbError):
    """An index file cannot be trusted; the message names the field and both values."""


class ModelUnavailable(KbError):
    """The embedding model cannot be loaded, or fails its self-test."""
