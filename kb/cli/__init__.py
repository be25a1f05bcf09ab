"""The command line: a composition root. Commands are a file for each noun; `common` holds what they share.

Exit codes: 0 done · 1 done, but some of it failed · 2 what was asked cannot be understood · 3 no such thing ·
4 the model or the index cannot be used · 130 interrupted.
"""

from __future__ import annotations

import sys

from kb.errors import (
    Conflict,
    Forbidden,
    IndexDamaged,
    InvalidInput,
    KbError,
    ModelUnavailable,
    NotFound,
    TooMany,
    Unauthorized,
)

_EXIT: dict[type[KbError], int] = {
    InvalidInput: 2,
    Conflict: 2,
    Forbidden: 2,
    Unauthorized: 2,
    TooMany: 1,
    NotFound: 3,
    IndexDamaged: 4,
    ModelUnavailable: 4,
}


def main() -> None:
    """Run a command; every error with a message for a person ends here."""
    from kb.cli import (  # noqa: F401 - each adds its commands
        ask,
        curation,
        demo,
        digest,
        doctor,
        gaps,
        health,
        index,
        jobs,
        judge,
        metrics,
        people,
        serve,
        tickets,
    )
    from kb.cli.common import app

    try:
        app()
    except KbError as error:
        print(f"kb: {error}", file=sys.stderr)
        sys.exit(next((code for kind, code in _EXIT.items() if isinstance(error, kind)), 1))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
