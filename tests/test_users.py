"""Users, groups and the audit log, and all of it at the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient
from sqlalchemy import text

from kb import passwords
from kb.errors import InvalidInput
from kb.store import people
from tests.conftest import Shop
from tests.staff import OPERATOR, PASSWORD, _cheap_hashes, _operated, make_key, make_user, run, sign_in  # noqa: F401 - fixtures

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
