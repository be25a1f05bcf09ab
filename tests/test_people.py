"""Keys, users, groups, sessions and the audit log: through the API, at the command line, and as they are stored."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient
from sqlalchemy import Connection, text
from typer.testing import CliRunner

from kb import passwords
from kb.cli import people as _commands  # noqa: F401 - adds its commands
from kb.cli.common import app
from kb.errors import InvalidInput, KbError, Unauthorized
from kb.models import OPERATOR as OPERATOR_ACTOR
from kb.store import keys, people
from tests.conftest import Shop

OPERATOR = {"Authorization": "Bearer whoever-reads-the-home"}
PASSWORD = "correct horse battery staple"
REAL = passwords._HASHER, passwords._NOBODYS
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


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


# --- keys ----------------------------------------------------------------------------------------------------


def test_a_key_is_shown_once(client: TestClient) -> None:
    made = client.post("/v1/keys", json={"name": "help desk", "role": "agent"}, headers=OPERATOR)
    found = made.json()
    assert re.fullmatch(r"kb_[A-Za-z0-9]{12}_[A-Za-z0-9_-]{43}", found["key"])
    assert made.headers["location"] == f"/v1/keys/{found['id']}"
    assert made.headers["cache-control"] == "no-store"
    got = client.get(made.headers["location"], headers=OPERATOR).json()
    assert got == {key: value for key, value in found.items() if key != "key"}
    assert (got["scopes"], got["spaces"], got["expires_at"]) == (["search", "support", "upkeep"], None, None)
    assert client.get("/v1/keys", headers=OPERATOR).json()["keys"] == [got]


def test_secrets_are_nowhere_in_the_home_nor_in_the_log(
    client: TestClient, shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        key = make_key(client)
        make_user(client)
        csrf = sign_in(client)["X-CSRF-Token"]
        cookie = client.cookies["kb_session"]
        client.get("/v1/spaces", headers=key)
        client.post("/v1/session", json={"user": "kim@shop.example", "password": PASSWORD + "x"})
    stored = b"".join(path.read_bytes() for path in shop.home.path.rglob("*") if path.is_file())
    assert b"kim@shop.example" in stored
    for hidden in (key["Authorization"][-43:], PASSWORD, csrf, cookie):
        assert hidden.encode() not in stored
        assert hidden not in caplog.text


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Basic a2ltOnB3",
        "Bearer",
        "Bearer kb_",
        "Bearer let-me-in",
        "Bearer kb_AAAAAAAAAAAA_" + "A" * 43,
        "Bearer kb_열쇠".encode(),
    ],
)
def test_what_is_no_key_is_refused(client: TestClient, authorization: str | bytes) -> None:
    answer = client.get("/v1/spaces", headers={"Authorization": authorization})
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:kb:problem:unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_expired_revoked_and_wrong_keys_are_not_told_apart(client: TestClient, shop: Shop) -> None:
    soon = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    header = make_key(client, expires_at=soon)
    assert client.get("/v1/session", headers=header).status_code == 200
    other = make_key(client)["Authorization"]
    wrong = {"Authorization": make_key(client)["Authorization"][:-43] + "A" * 43}
    with shop.home.database.write() as connection:
        connection.execute(text("UPDATE keys SET expires_at = '2026-01-01T00:00:00.000Z' WHERE expires_at <> ''"))
    key_id = other.split("_")[1]
    assert client.delete(f"/v1/keys/{key_id}", headers=OPERATOR).status_code == 204
    answers = [client.get("/v1/session", headers=h).json() for h in (header, wrong, {"Authorization": other})]
    assert [answer["status"] for answer in answers] == [401] * 3
    assert answers[0] == answers[1] == answers[2]
    assert client.get(f"/v1/keys/{key_id}", headers=OPERATOR).json()["revoked_at"]


def test_every_secret_is_compared_in_constant_time(
    client: TestClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[bytes, bytes]] = []
    real = keys.hmac.compare_digest

    def spy(a: bytes, b: bytes) -> bool:
        compared.append((a, b))
        return real(a, b)

    made = make_key(client)["Authorization"].removeprefix("Bearer ")
    monkeypatch.setattr(keys.hmac, "compare_digest", spy)
    with shop.home.database.read() as connection:
        keys.check(connection, made, NOW)
        with pytest.raises(Unauthorized):
            keys.check(connection, "kb_AAAAAAAAAAAA_" + "A" * 43, NOW)
    assert [len(a) for a, _ in compared] == [len(b) for _, b in compared] == [32, 32]


def test_when_a_key_was_used_is_noted_once_a_minute(
    client: TestClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[str] = []
    real = keys.note_use

    def spy(connection: Connection, key_id: str, at: datetime) -> None:
        noted.append(key_id)
        real(connection, key_id, at)

    monkeypatch.setattr(keys, "note_use", spy)
    header = make_key(client)
    key_id = header["Authorization"].split("_")[1]
    used = []
    for _ in range(2):
        client.get("/v1/session", headers=header)
        used.append(client.get(f"/v1/keys/{key_id}", headers=OPERATOR).json()["last_used_at"])
    assert used[0] == used[1] is not None
    long_ago = people.stamp(datetime.now(UTC) - timedelta(minutes=2))
    with shop.home.database.write() as connection:
        connection.execute(text("UPDATE keys SET last_used_at = :at"), {"at": long_ago})
    client.get("/v1/session", headers=header)
    assert client.get(f"/v1/keys/{key_id}", headers=OPERATOR).json()["last_used_at"] > long_ago
    assert noted == [key_id, key_id]


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({"scopes": ["write"]}, 400, "scopes: the role 'agent' has no 'write'"),
        ({"scopes": []}, 400, "scopes: none"),
        ({"scopes": ["fly"]}, 422, "body.scopes.0"),
        ({"role": "king"}, 422, "body.role"),
        ({"groups": ["vip"]}, 400, "groups: there is no 'vip'"),
        ({"groups": ["\ud800"]}, 422, "body.groups.0"),
        ({"groups": ["agents"], "role": "customer"}, 400, "groups: there is no 'agents'"),
        ({"spaces": ["mars"]}, 400, "spaces: there is no 'mars'"),
        ({"origins": ["https://shop.example"]}, 400, "its role is customer"),
        ({"origins": ["https://shop.example/help"], "role": "customer"}, 400, "is not scheme://host[:port]"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, 400, "expires_at: 2020-01-01T00:00:00.000Z is past"),
        ({"expires_at": "2090-01-01T00:00:00"}, 422, "timezone"),
        ({"expires_at": "9999-12-31T23:59:59-12:00"}, 400, "beyond the calendar"),
        ({"name": "a\x1b[31m"}, 400, "name: 'a\\x1b[31m' is not a line of text"),
        ({"hash": "x"}, 422, "body.hash"),
    ],
)
def test_a_key_that_cannot_be_is_not_made(
    client: TestClient, asked: dict[str, object], status: int, words: str
) -> None:
    body = json.dumps({"name": "a", "role": "agent", **asked})
    headers = {**OPERATOR, "Content-Type": "application/json"}
    answer = client.post("/v1/keys", content=body, headers=headers)
    assert answer.status_code == status
    assert words in answer.json()["detail"]
    assert client.get("/v1/keys", headers=OPERATOR).json()["keys"] == []


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://Shop.Example", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("http://shop.example:8080", "http://shop.example:8080"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        *((text, None) for text in ("*", "null", "shop.example", "ftp://a.b", "https://*.a.b", "https://a.b/", "")),
        *(
            (text, None)
            for text in ("https://u@a.b", "https://a.b:x", "https://a.b:", "https://a b", "https://쇼핑.kr")
        ),
        *((text, None) for text in ("https://a.b?q", "https://a.b#f", "https://[::1", "https://", "https://a..b")),
    ],
)
def test_origins_are_as_browsers_write_them(written: str, read: str | None) -> None:
    if read is None:
        with pytest.raises(InvalidInput):
            keys.origin(written)
    else:
        assert keys.origin(written) == read


def test_lists_are_read_page_by_page(client: TestClient) -> None:
    for number in range(3):
        make_key(client, name=f"key {number}")
        make_user(client, f"user{number}")
        client.post("/v1/groups", json={"id": f"group{number}"}, headers=OPERATOR)
    for noun, field in (("keys", "name"), ("users", "id"), ("groups", "id")):
        seen, cursor = [], ""
        while cursor is not None:
            page = client.get(f"/v1/{noun}", params={"limit": 2, "cursor": cursor}, headers=OPERATOR).json()
            seen += [item[field] for item in page[noun]]
            cursor = page["next"]
        assert seen == [f"{noun[:-1]} {n}" if noun == "keys" else f"{noun[:-1]}{n}" for n in range(3)]
        assert client.get(f"/v1/{noun}?cursor=nonsense", headers=OPERATOR).status_code == 400
        assert client.get(f"/v1/{noun}?limit=201", headers=OPERATOR).status_code == 422


# --- sessions ------------------------------------------------------------------------------------------------


def test_signing_in_reading_writing_and_signing_out(client: TestClient) -> None:
    made = make_user(client, "Kim@Shop.Example", role="admin", name="Kim")
    answer = client.post("/v1/session", json={"user": " KIM@shop.example", "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (201, "/v1/session")
    cookie = answer.headers["set-cookie"]
    assert re.match(r"kb_session=[\w-]{43}; HttpOnly; Max-Age=43200; Path=/; SameSite=lax$", cookie)
    who = client.get("/v1/session").json()
    assert who == answer.json()
    assert (who["actor"], who["user"], who["audiences"]) == ("user:kim@shop.example", made, ["agents", "public"])
    token = {"X-CSRF-Token": who["csrf_token"]}
    for bad in ({}, {"X-CSRF-Token": "x"}, {"X-CSRF-Token": client.cookies["kb_session"]}):
        refused = client.post("/v1/groups", json={"id": "vip"}, headers=bad)
        assert (refused.status_code, "X-CSRF-Token" in refused.json()["detail"]) == (403, True)
    assert client.post("/v1/groups", json={"id": "vip"}, headers=token).status_code == 201
    assert client.delete("/v1/session").status_code == 403
    old = client.cookies["kb_session"]
    assert client.delete("/v1/session", headers=token).status_code == 204
    assert "kb_session" not in client.cookies
    assert client.get("/v1/session", headers={"Cookie": f"kb_session={old}"}).status_code == 401


def test_the_cookie_is_for_https_only_where_it_came_by_https(client: TestClient) -> None:
    make_user(client)
    body = {"user": "kim@shop.example", "password": PASSWORD}
    answer = client.post("https://127.0.0.1/v1/session", json=body)
    assert answer.headers["set-cookie"].endswith("; Secure")


def test_unknown_disabled_and_wrong_look_alike_and_cost_alike(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user(client)
    make_user(client, "gone")
    client.patch("/v1/users/gone", json={"disabled": True}, headers=OPERATOR)
    checked: list[str] = []
    real = passwords._HASHER

    class Spy:
        def verify(self, stored: str, password: str) -> bool:
            checked.append(stored)
            return real.verify(stored, password)

    monkeypatch.setattr(passwords, "_HASHER", Spy())
    tries = [("kim@shop.example", "wrong"), ("nobody", PASSWORD), ("nobody", "nobody"), ("gone", PASSWORD)]
    answers = [client.post("/v1/session", json={"user": user, "password": given}) for user, given in tries]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert len(checked) == 4
    assert not any(real.check_needs_rehash(stored) for stored in checked)


def test_the_hash_of_nobody_takes_as_long_as_any_and_is_nobodys() -> None:
    hasher, nobodys = REAL
    assert not hasher.check_needs_rehash(nobodys)
    assert nobodys.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.matches("", "nobody") is False  # even where its password is known


def test_a_planted_cookie_is_not_taken_over_and_an_old_session_ends(client: TestClient) -> None:
    make_user(client)
    client.cookies.set("kb_session", "planted-by-somebody-else", domain="127.0.0.1")
    sign_in(client)
    first = client.cookies["kb_session"]
    assert first != "planted-by-somebody-else"
    sign_in(client)
    assert client.get("/v1/session").status_code == 200
    client.cookies.clear()
    assert client.get("/v1/session", headers={"Cookie": f"kb_session={first}"}).status_code == 401


@pytest.mark.parametrize(
    "change",
    [{"disabled": True}, {"role": "author"}, {"password": "another one entirely"}],
    ids=lambda change: next(iter(change)),
)
def test_a_session_ends_with_what_it_rests_on(client: TestClient, change: dict[str, object]) -> None:
    make_user(client)
    sign_in(client)
    assert client.patch("/v1/users/kim@shop.example", json={"name": "K"}, headers=OPERATOR).status_code == 200
    assert client.get("/v1/session").status_code == 200
    for then in (change, {"disabled": False}):  # and it does not begin again
        assert client.patch("/v1/users/kim@shop.example", json=then, headers=OPERATOR).status_code == 200
    assert client.get("/v1/session").status_code == 401


def test_a_session_ends_after_twelve_hours_and_the_next_request_is_nobodys(client: TestClient, shop: Shop) -> None:
    make_user(client)
    sign_in(client)
    begun = datetime.now(UTC)
    cookie = client.cookies["kb_session"]
    with shop.home.database.read() as connection:
        assert people.find_session(connection, cookie, begun + timedelta(hours=11, minutes=59))
        assert people.find_session(connection, cookie, begun + timedelta(hours=12, minutes=1)) is None
    with shop.home.database.write() as connection:
        connection.execute(text("UPDATE sessions SET expires_at = '2026-01-01T00:00:00.000Z'"))
    assert client.get("/v1/spaces").status_code == 401
    assert "kb_session" not in client.cookies
    assert client.get("/v1/spaces").status_code == 200


def test_what_was_verified_must_still_be_so_when_the_session_begins(client: TestClient, shop: Shop) -> None:
    make_user(client)
    with shop.home.database.write() as connection:
        user = people.get_user(connection, "kim@shop.example")
        for verified in ("", "an older hash"):
            with pytest.raises(Unauthorized):
                people.begin_session(connection, OPERATOR_ACTOR, user, verified, "cookie", NOW)


def test_attempts_to_sign_in_are_limited_by_user_and_by_address(client: TestClient) -> None:
    make_user(client)
    for _ in range(10):  # whoever signs in has not been guessing
        sign_in(client)
    wrong = {"user": "kim@shop.example", "password": "wrong"}
    assert [client.post("/v1/session", json=wrong).status_code for _ in range(11)] == [401] * 10 + [429]
    answer = client.post("/v1/session", json={"user": "KIM@shop.example ", "password": PASSWORD})
    assert (answer.status_code, answer.json()["type"]) == (429, "urn:kb:problem:too-many-requests")
    assert 0 < int(answer.headers["retry-after"]) <= 1800
    statuses = [client.post("/v1/session", json={**wrong, "user": f"u{n}"}).status_code for n in range(50)]
    assert statuses.count(429) == 50 - (60 - 22)


# --- users ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({"password": "elevenchars"}, 400, "password: 11 characters, not 12 to 200"),
        ({"password": "x" * 201}, 400, "password: 201 characters, not 12 to 200"),
        ({"password": "Kim@Shop.Example"}, 400, "password: the same as the user's id"),
        ({"id": "kim lee"}, 400, "has a space or a slash in it"),
        ({"id": "a/b"}, 400, "has a space or a slash in it"),
        ({"id": "\u202ekim"}, 400, "is not a line of text"),
        ({"id": "old@shop.example"}, 409, "there is a user 'old@shop.example'"),
        ({"groups": ["vip"]}, 400, "groups: there is no 'vip'"),
        ({"role": "king", "password": "never to be repeated"}, 422, "body.role"),
        ({"passwort": "never to be repeated", "password": "never to be repeated"}, 422, "body.passwort"),
        ({"id": None, "password": ["never to be repeated"]}, 422, "body.id"),
    ],
)
def test_a_user_that_cannot_be_is_not_made(
    client: TestClient, asked: dict[str, object], status: int, words: str
) -> None:
    make_user(client, "old@shop.example")
    body = {"id": "kim@shop.example", "role": "agent", "password": PASSWORD, **asked}
    answer = client.post("/v1/users", json=body, headers=OPERATOR)
    assert answer.status_code == status
    assert words in answer.json()["detail"]
    assert len(client.get("/v1/users", headers=OPERATOR).json()["users"]) == 1


def test_a_password_is_not_repeated_to_whoever_sent_it(client: TestClient) -> None:
    for body in (
        {"password": "never-repeat"},
        {"user": "kim", "password": 5, "x": "y"},
        {"user": 1, "password": "never-repeat"},
    ):
        answer = client.post("/v1/session", json=body)
        assert answer.status_code == 422
        assert "never-repeat" not in answer.text
        assert "5" not in [error["value"] for error in answer.json()["errors"]]


def test_hangul_is_the_same_password_on_every_keyboard(client: TestClient) -> None:
    import unicodedata

    name, password = "김철수", "비밀번호는아무도몰라요"
    make_user(client, name, password=unicodedata.normalize("NFD", password) + "!!")
    for form in ("NFC", "NFD"):
        sign_in(client, unicodedata.normalize(form, name), unicodedata.normalize(form, password) + "!!")
    assert client.get(f"/v1/users/{name}", headers=OPERATOR).json()["id"] == name


def test_an_outdated_hash_is_renewed_when_its_user_signs_in(client: TestClient, shop: Shop) -> None:
    make_user(client)
    old = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1).hash(PASSWORD)
    with shop.home.database.write() as connection:
        connection.execute(text("UPDATE users SET password = :old"), {"old": old})
    sign_in(client)
    assert client.get("/v1/session").status_code == 200
    with shop.home.database.read() as connection:
        renewed = people.password_of(connection, "kim@shop.example")
    assert renewed != old
    assert not passwords.outdated(renewed)
    assert passwords.matches(renewed, PASSWORD)


def test_the_last_who_may_administer_stays(client: TestClient) -> None:
    make_user(client, "boss", role="admin")
    changes: list[Callable[[], int]] = [
        lambda: client.delete("/v1/users/boss", headers=OPERATOR).status_code,
        lambda: client.patch("/v1/users/boss", json={"disabled": True}, headers=OPERATOR).status_code,
        lambda: client.patch("/v1/users/boss", json={"role": "agent"}, headers=OPERATOR).status_code,
    ]
    make_key(client, role="admin", scopes=["search"])  # an admin's key that may not administer
    gone = make_key(client, role="admin")["Authorization"].split("_")[1]
    client.delete(f"/v1/keys/{gone}", headers=OPERATOR)
    assert [change() for change in changes] == [409] * 3
    assert client.get("/v1/users/boss", headers=OPERATOR).json()["role"] == "admin"
    assert client.patch("/v1/users/boss", json={"name": "B", "role": None}, headers=OPERATOR).status_code == 200
    make_key(client, role="admin")
    assert [change() for change in reversed(changes)] == [200, 200, 204]
    assert client.get("/v1/users/boss", headers=OPERATOR).status_code == 404


def test_another_admin_is_enough(client: TestClient) -> None:
    for name in ("one", "two"):
        make_user(client, name, role="admin")
    assert client.delete("/v1/users/one", headers=OPERATOR).status_code == 204
    assert client.delete("/v1/users/two", headers=OPERATOR).status_code == 409


def test_spaces_are_every_one_or_some(client: TestClient) -> None:
    make_user(client, spaces=["main"])
    path = "/v1/users/kim@shop.example"
    assert client.patch(path, json={"name": "Kim"}, headers=OPERATOR).json()["spaces"] == ["main"]
    assert client.patch(path, json={"spaces": None}, headers=OPERATOR).json()["spaces"] is None
    assert client.patch(path, json={"spaces": ["mars"]}, headers=OPERATOR).status_code == 400


# --- groups and the audit log --------------------------------------------------------------------------------


@pytest.mark.parametrize("group_id", ["public", "agents", "internal", "VIP", "v ip", "v/ip", "v\nip"])
def test_a_group_is_a_word_in_lower_case_that_is_not_taken(client: TestClient, group_id: str) -> None:
    assert client.post("/v1/groups", json={"id": group_id}, headers=OPERATOR).status_code == 400


def test_a_group_in_use_is_kept(client: TestClient, shop: Shop) -> None:
    for group in ("vip", "other"):
        assert client.post("/v1/groups", json={"id": group, "name": "VIPs"}, headers=OPERATOR).status_code == 201
    assert client.post("/v1/groups", json={"id": "vip"}, headers=OPERATOR).status_code == 409
    shop.put("secret", "Very important.", title="Secret", audience="vip")
    make_user(client, groups=["vip", "other"])
    used = make_key(client, groups=["vip"])["Authorization"].split("_")[1]
    revoked = make_key(client, groups=["vip"])["Authorization"].split("_")[1]
    client.delete(f"/v1/keys/{revoked}", headers=OPERATOR)
    answer = client.delete("/v1/groups/vip", headers=OPERATOR)
    assert answer.status_code == 409
    assert answer.json()["detail"] == "group 'vip' is in use: articles: 1, users: 1, keys: 1"
    client.delete(f"/v1/keys/{used}", headers=OPERATOR)
    client.patch("/v1/users/kim@shop.example", json={"groups": ["other"]}, headers=OPERATOR)
    assert client.delete("/v1/groups/vip", headers=OPERATOR).json()["detail"] == "group 'vip' is in use: articles: 1"
    with shop.home.database.write() as connection:
        connection.execute(text("UPDATE articles SET audience = 'agents'"))
    assert client.delete("/v1/groups/vip", headers=OPERATOR).status_code == 204
    assert client.delete("/v1/groups/vip", headers=OPERATOR).status_code == 404


def test_whoever_joins_a_group_reads_it_at_once_and_the_log_says_so(client: TestClient, shop: Shop) -> None:
    shop.put("secret", "Very important.", title="Secret", audience="vip")
    make_user(client, role="admin")
    token = sign_in(client)
    assert client.get("/v1/articles/secret").status_code == 404  # no role reads everything
    assert "article:secret" not in client.get("/v1/audit").text
    client.post("/v1/groups", json={"id": "vip"}, headers=token)
    path = "/v1/users/kim@shop.example"
    assert client.patch(path, json={"groups": ["vip", "vip"]}, headers=token).json()["groups"] == ["vip"]
    assert client.get("/v1/articles/secret").status_code == 200
    entry = client.get("/v1/audit", params={"object": "user:kim@shop.example"}).json()["entries"][0]
    assert (entry["actor"], entry["action"]) == ("user:kim@shop.example", "user.update")
    assert entry["details"] == {"groups": ["vip"], "password": False}
    assert entry["address"]
    assert entry["request_id"]


def test_the_audit_log_is_filtered_and_paged(client: TestClient) -> None:
    for number in range(3):
        make_key(client, name=f"key {number}")
    make_user(client, role="admin")
    token = sign_in(client)
    client.post("/v1/groups", json={"id": "vip"}, headers=token)
    mine = client.get("/v1/audit", params={"actor": "user:kim@shop.example"}).json()["entries"]
    assert [entry["action"] for entry in mine] == ["group.create", "session.begin"]
    page = client.get("/v1/audit", params={"actor": "operator", "limit": 2}).json()
    rest = client.get("/v1/audit", params={"actor": "operator", "limit": 2, "cursor": page["next"]}).json()
    found = [*page["entries"], *rest["entries"]]
    assert [entry["action"] for entry in found] == ["user.create"] + ["key.create"] * 3
    assert [entry["details"]["name"] for entry in found[1:]] == ["key 2", "key 1", "key 0"]
    assert rest["next"] is None


# --- the command line ----------------------------------------------------------------------------------------


def test_keys_at_the_command_line(client: TestClient, shop: Shop) -> None:
    run(shop, "groups", "create", "vip")
    printed = run(
        shop, "keys", "create", "widget [x]", "--role", "customer", "--origin", "https://shop.example", "--group", "vip"
    )
    text_, key_id = printed.splitlines()[0], printed.split("_")[1]
    (listed,) = json.loads(run(shop, "keys", "list", "--json"))["keys"]
    assert (listed["id"], listed["name"], listed["author"]) == (key_id, "widget [x]", "operator")
    assert (listed["groups"], listed["origins"], listed["spaces"]) == (["vip"], ["https://shop.example"], None)
    assert text_[-43:] not in run(shop, "keys", "list", "--json")
    assert "widget [x]" in run(shop, "keys", "list")
    assert f"revoked key {key_id}" in run(shop, "keys", "revoke", key_id)
    assert "revoked 2" in run(shop, "keys", "list")
    made = json.loads(
        run(shop, "keys", "create", "desk", "--role", "agent", "--expires", "90d", "--space", "main", "--json")
    )
    days = datetime.fromisoformat(made["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=89) < days <= timedelta(days=90)
    assert client.get("/v1/session", headers={"Authorization": f"Bearer {made['key']}"}).json()["spaces"] == ["main"]
    with pytest.raises(InvalidInput, match="expires: 'soon' is not a number of days"):
        run(shop, "keys", "create", "desk", "--role", "agent", "--expires", "soon")


def test_users_at_the_command_line(client: TestClient, shop: Shop) -> None:
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    assert "made user kim" in run(shop, "users", "create", "Kim", "--role", "author", "--name", "Kim", stdin=typed)
    sign_in(client, "kim")
    run(shop, "users", "password", "kim", "--password-stdin", stdin="another one entirely\n")
    assert client.get("/v1/session").status_code == 401
    sign_in(client, "kim", "another one entirely")
    assert json.loads(run(shop, "users", "disable", "kim", "--json"))["disabled"] is True
    assert client.get("/v1/session").status_code == 401
    assert "disabled" in run(shop, "users", "list")
    run(shop, "users", "disable", "kim", "--undo")
    assert json.loads(run(shop, "users", "list", "--json"))["users"][0]["disabled"] is False
    with pytest.raises(InvalidInput, match="password: 5 characters"):
        run(shop, "users", "create", "lee", "--role", "agent", "--password-stdin", stdin="short\n")


def test_groups_and_the_audit_log_at_the_command_line(client: TestClient, shop: Shop) -> None:
    assert json.loads(run(shop, "groups", "create", "vip", "--name", "VIPs", "--json"))["name"] == "VIPs"
    assert "vip  VIPs" in run(shop, "groups", "list")
    assert json.loads(run(shop, "groups", "list", "--json"))["groups"][0]["id"] == "vip"
    run(shop, "groups", "delete", "vip")
    entries = json.loads(run(shop, "audit", "--object", "group:vip", "--json"))["entries"]
    assert [(entry["actor"], entry["action"]) for entry in entries] == [
        ("operator", "group.delete"),
        ("operator", "group.create"),
    ]
    assert "group.delete" in run(shop, "audit", "--limit", "1", "--actor", "operator")
