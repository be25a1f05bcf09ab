"""People and keys for tests, made through the API and at the command line."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from kb import passwords
from kb.cli import people as _commands  # noqa: F401 - adds its commands
from kb.cli.common import app
from kb.errors import KbError
from tests.conftest import Shop

OPERATOR = {"Authorization": "Bearer whoever-reads-the-home"}
PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _operated(client: TestClient) -> None:
    client.app.state.local_token = "whoever-reads-the-home"  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same passwords, in less time."""
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", cheap)
    monkeypatch.setattr(passwords, "_NOBODYS", cheap.hash("nobody"))


def make_key(client: TestClient, **asked: object) -> dict[str, str]:
    """The header of a new key."""
    made = client.post("/v1/keys", json={"name": "a key", "role": "agent", **asked}, headers=OPERATOR)
    assert made.status_code == 201, made.text
    return {"Authorization": f"Bearer {made.json()['key']}"}


def make_user(client: TestClient, user_id: str = "kim@shop.example", **asked: object) -> dict[str, object]:
    body = {"id": user_id, "role": "agent", "password": PASSWORD, **asked}
    made = client.post("/v1/users", json=body, headers=OPERATOR)
    assert made.status_code == 201, made.text
    return dict(made.json())


def sign_in(client: TestClient, user_id: str = "kim@shop.example", password: str = PASSWORD) -> dict[str, str]:
    """The token for writes; the cookie stays in the client."""
    answer = client.post("/v1/session", json={"user": user_id, "password": password})
    assert answer.status_code == 201, answer.text
    return {"X-CSRF-Token": answer.json()["csrf_token"]}


def run(shop: Shop, *arguments: str, stdin: str = "") -> str:
    done = CliRunner().invoke(app, ["--home", str(shop.home.path), *arguments], input=stdin)
    if isinstance(done.exception, KbError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout
