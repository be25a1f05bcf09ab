"""Keys and sessions: through the API, and as they are stored."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection, text

from kb import passwords
from kb.errors import InvalidInput, Unauthorized
from kb.models import OPERATOR as OPERATOR_ACTOR
from kb.store import keys, people
from tests.conftest import Shop
from tests.staff import OPERATOR, PASSWORD, _cheap_hashes, _operated, make_key, make_user, run, sign_in  # noqa: F401 - fixtures

REAL = passwords._HASHER, passwords._NOBODYS
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


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
