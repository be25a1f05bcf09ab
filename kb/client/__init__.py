"""The API from Python, typed: calls are values, and a client sends them.

    from kb.client import Client, calls

    with Client("https://help.example", key="kb_…") as kb:
        found = kb.send(calls.search("환불은 언제까지 되나요?"))
        print(found.hits[0].snippet)

`AsyncClient` is the same with `await`. Beside `calls`, `admin` has what administrators call, `upkeep` and `gaps` what
authors do, `evidence` what coaches and coordinators do, and `digests` what people are told. Problems that the server
answers are the errors of `kb.errors`.
"""

from __future__ import annotations

from kb.client import admin, calls
from kb.client.transport import AsyncClient, Call, Client

__all__ = ["AsyncClient", "Call", "Client", "admin", "calls"]
