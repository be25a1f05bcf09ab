"""Digests by their faces: each user's own over the API, everybody's for administrators, and the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import Result
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from kb.client import Call
from kb.client import digests as calls
from kb.errors import Conflict, InvalidInput, NotFound
from kb.models import EVERYTHING, OPERATOR
from kb.store import audit, people
from kb.store import digests as store
from kb.times import now
from tests.conftest import Shop
from tests.test_digest_sending import mail_server
from tests.test_digests import sign_in, subscribe, user

OWN = "/v1/digest/subscription"
SECRET = "a secret of the receiver's"
WANTED = {"address": "kim@example.com", "rhythm": "weekly", "weekday": "thu", "zone": "Asia/Seoul", "language": "ko"}


@pytest.fixture
def kim(shop: Shop, client: TestClient) -> dict[str, str]:
    """Kim is signed in, and owns an article with a flag; the header of their writes."""
    user(shop, "kim", name="Kim")
    shop.put("refunds", "Refunds take 14 days. [All rules](rules.md)", title="Refunds", owner="kim")
    return sign_in(client, "kim")


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def test_a_user_says_how_they_are_told(client: TestClient, shop: Shop, kim: dict[str, str]) -> None:
    assert client.get(OWN).status_code == 404
    assert client.get("/v1/digest/preview").status_code == 404
    made = client.put(OWN, json=WANTED, headers=kim)
    assert made.status_code == 200, made.text
    body = made.json()
    assert {key: body[key] for key in WANTED} == WANTED
    assert (body["user"], body["most"], body["error"], body["refused"], body["told_at"]) == (
        "kim",
        20,
        None,
        False,
        None,
    )
    at = datetime.fromisoformat(body["next_at"])
    assert (at.weekday(), at.hour) == (3, 0)  # nine o'clock in Seoul
    assert client.get(OWN).json() == body
    with shop.home.database.read() as connection:
        (entry,) = audit.entries(connection, EVERYTHING, object_="user:kim", actor="user:kim", limit=1)
    assert (entry.action, entry.details["rhythm"]) == ("digest.subscribe", "weekly")
    assert client.delete(OWN, headers=kim).status_code == 204
    assert client.get(OWN).status_code == 404


def test_a_preview_is_what_would_be_sent(client: TestClient, kim: dict[str, str]) -> None:
    client.put(OWN, json=WANTED, headers=kim)
    found = client.get("/v1/digest/preview").json()
    assert found["subject"].startswith("지식 베이스에서 확인할 일 1건")
    (item,) = found["items"]
    assert (item["title"], item["check"], item["kind"]) == ("Refunds", "broken_link", "flag")
    assert item["title"] in found["text"]
    assert found["html"].startswith("<!doctype html>")
    body = {"until": in_days(3), "item": item["key"]}
    snoozed = client.post("/v1/digest/snooze", json=body, headers=kim).json()
    assert snoozed["snoozes"] == [{"what": item["key"], "until": in_days(3)}]
    assert client.get("/v1/digest/preview").json()["items"] == []
    body = {"until": None, "item": item["key"]}
    assert client.post("/v1/digest/snooze", json=body, headers=kim).json()["snoozes"] == []
    assert len(client.get("/v1/digest/preview").json()["items"]) == 1
    asleep = client.post("/v1/digest/snooze", json={"until": in_days(30)}, headers=kim).json()
    assert asleep["snoozed_until"] == in_days(30)
    assert asleep["next_at"] > in_days(29)
    assert client.put(OWN, json=WANTED, headers=kim).json()["snoozed_until"] == in_days(30)


@pytest.mark.parametrize(
    ("wanted", "status", "said"),
    [
        ({"zone": "Mars/Base"}, 400, "'Mars/Base' is not a time zone"),
        ({"address": "kim"}, 400, "'kim' is not an address"),
        ({"channel": "webhook", "address": "http://hooks.example/"}, 400, "is not https"),
        ({"channel": "webhook", "address": "https://hooks.example/", "secret": "hush-hush"}, 400, "secret: a webhook"),
        ({"hour": 24}, 422, "body.hour"),
        ({"weekday": "monday"}, 422, "body.weekday"),
        ({"language": "de"}, 422, "body.language"),
        ({"most": 0}, 422, "body.most"),
        ({"more": 1}, 422, "body.more"),
    ],
)
def test_what_cannot_be_is_refused(
    client: TestClient, kim: dict[str, str], wanted: dict[str, Any], status: int, said: str
) -> None:
    answer = client.put(OWN, json=WANTED | wanted, headers=kim)
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text
    assert "hush-hush" not in answer.text


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"until": "2020-01-01"}, "2020-01-01 is not after today"),
        ({"until": "9999-12-31", "item": "a", "article": "b"}, "name an item or an article, not both"),
    ],
)
def test_a_snooze_that_cannot_be_is_refused(
    client: TestClient, kim: dict[str, str], body: dict[str, str], said: str
) -> None:
    client.put(OWN, json=WANTED, headers=kim)
    answer = client.post("/v1/digest/snooze", json=body, headers=kim)
    assert (answer.status_code, said in answer.json()["detail"]) == (400, True), answer.text


def test_the_end_of_the_calendar_is_no_trouble(client: TestClient, kim: dict[str, str]) -> None:
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
        client.put(OWN, json=WANTED | {"zone": zone, "hour": 23}, headers=kim)
        for day in ("9999-12-30", "9999-12-31"):
            assert client.post("/v1/digest/snooze", json={"until": day}, headers=kim).status_code == 200


def test_only_so_many_things_can_be_snoozed(client: TestClient, shop: Shop, kim: dict[str, str]) -> None:
    client.put(OWN, json=WANTED, headers=kim)
    with shop.home.database.write() as connection:
        for number in range(store.SNOOZES):
            store.snooze(connection, "kim", f"flag-{number}", "2999-01-01", "2026-01-01")
        with pytest.raises(Conflict, match="has snoozed 1,000 things"):
            store.snooze(connection, "kim", "flag-x", "2999-01-01", "2026-01-01")
    body = {"until": in_days(3), "item": "flag-y"}
    assert client.post("/v1/digest/snooze", json=body, headers=kim).status_code == 409


def test_a_secret_is_kept_and_never_shown(client: TestClient, shop: Shop, kim: dict[str, str]) -> None:
    hook = {"channel": "webhook", "address": "https://hooks.example/kb"}
    made = client.put(OWN, json=WANTED | hook | {"secret": SECRET}, headers=kim)
    assert made.status_code == 200
    assert client.put(OWN, json=WANTED | hook, headers=kim).status_code == 200  # it is held already
    with shop.home.database.read() as connection:
        assert store.subscription(connection, "kim").secret == SECRET
        said = repr(list(audit.entries(connection, EVERYTHING)))
    everybody = client.get("/v1/digest/subscriptions", headers=shop.key()).text
    assert SECRET not in made.text + client.get(OWN).text + everybody + said
    kept = client.put(OWN, json=WANTED | hook | {"secret": SECRET}, headers={**kim, "Idempotency-Key": "k"})
    assert kept.status_code == 400


def test_only_users_are_told_and_only_administrators_see_everybody(
    client: TestClient, shop: Shop, kim: dict[str, str]
) -> None:
    user(shop, "lee")
    admin = shop.key()
    client.put(OWN, json=WANTED, headers=kim)
    assert client.get("/v1/digest/subscriptions").status_code == 403
    assert client.put("/v1/digest/subscriptions/lee", json=WANTED, headers=kim).status_code == 403
    client.cookies.clear()
    refused = client.get(OWN, headers=admin)
    assert (refused.status_code, "is no user" in refused.json()["detail"]) == (403, True)
    assert client.get(OWN).status_code == 401
    assert client.put("/v1/digest/subscriptions/Lee", json=WANTED, headers=admin).json()["user"] == "lee"
    assert client.put("/v1/digest/subscriptions/nobody", json=WANTED, headers=admin).status_code == 404
    first = client.get("/v1/digest/subscriptions?limit=1", headers=admin).json()
    second = client.get(f"/v1/digest/subscriptions?limit=1&cursor={first['next']}", headers=admin).json()
    assert [page["subscriptions"][0]["user"] for page in (first, second)] == ["kim", "lee"]
    assert second["next"] is None


def test_whoever_is_deleted_is_forgotten(shop: Shop) -> None:
    user(shop, "kim")
    subscribe(shop)
    with shop.home.database.write() as connection:
        store.begin(connection, store.Delivery("id", "kim", ["key"], 0, now()), now())
        store.snooze(connection, "kim", "key", "2999-01-01", "2026-01-01")
        people.remove_user(connection, OPERATOR, "kim")
        assert (store.listed(connection), store.under_way(connection)) == ([], {})
        assert store.snoozed(connection, "kim", "2026-01-01") == {}


def test_every_operation_has_its_call(client: TestClient, shop: Shop, kim: dict[str, str]) -> None:
    def send(call: Call[Any], headers: dict[str, str]) -> Any:
        return call.read(client.request(**{**call.request(), "headers": {**call.headers, **headers}}))  # type: ignore[arg-type]

    assert send(calls.put_subscription("kim@example.com", language="ko"), kim).language == "ko"
    assert send(calls.subscription(), {}).user == "kim"
    until = datetime.now(UTC).date() + timedelta(days=9)
    assert send(calls.snooze(until, article="refunds"), kim).snoozes[0].what == "article:refunds"
    assert send(calls.preview_digest(), {}).items == []
    assert send(calls.put_subscription_of("kim", "lee@example.com"), shop.key()).address == "lee@example.com"
    assert [held.user for held in send(calls.subscriptions(limit=5), shop.key()).subscriptions] == ["kim"]
    send(calls.remove_subscription(), kim)
    with pytest.raises(NotFound, match="user 'kim' has no digest"):
        send(calls.subscription(), {})


# --- the command line ----------------------------------------------------------------------------------------


@pytest.fixture
def home(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setenv("KB_HOME", str(shop.settings.home))
    user(shop, "kim", name="Kim")
    shop.put("refunds", "Refunds take 14 days. [All rules](rules.md)", title="Refunds", owner="kim")
    shop.put("lost", "Lost things. [Where](where.md)", title="Lost", owner="somebody")
    return shop


def call(*words: str, stdin: str = "") -> Result:
    from kb.cli import digest as _  # noqa: F401 - adds its commands
    from kb.cli.common import app

    return CliRunner().invoke(app, ["digest", *words], input=stdin)


def test_the_command_line_shows_what_would_be_sent_and_what_nobody_is_told(home: Shop) -> None:
    assert "nobody is told anything" in call().stdout
    weekly = ("--weekly", "mon", "--hour", "9", "--zone", "Asia/Seoul", "--language", "ko")
    assert "kim is told weekly, next 20" in call("subscribe", "kim", "--email", "kim@example.com", *weekly).stdout
    shown = call().stdout
    assert "kim 1 things · weekly, next" in shown
    assert "1 of somebody: told nobody" in shown
    assert "끊긴 링크" in call("--user", "kim").stdout
    found = json.loads(call("--json").stdout)
    assert [one["user"] for one in found["digests"]] == ["kim"]
    assert found["untold"] == {"somebody": 1}
    assert "before 2999-01-01" in call("snooze", "kim", "--until", "2999-01-01", "--article", "refunds").stdout
    assert json.loads(call("--json").stdout)["digests"][0]["items"] == []
    assert "hears of it again" in call("snooze", "kim", "--article", "refunds").stdout
    assert "told no more" in call("unsubscribe", "kim").stdout
    assert isinstance(call("unsubscribe", "kim").exception, NotFound)


def test_the_command_line_keeps_a_secret_from_standard_input(home: Shop) -> None:
    hook = ("subscribe", "kim", "--webhook", "https://hooks.example/", "--secret-stdin", "--rest", "--json")
    made = call(*hook, stdin=f"{SECRET}\n")
    assert json.loads(made.stdout)["channel"] == "webhook"
    assert SECRET not in made.stdout + call("--json").stdout
    with home.home.database.read() as connection:
        assert store.subscription(connection, "kim").secret == SECRET
    assert json.loads(call("--json").stdout)["untold"] == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--daily",), "email: name an address"),
        (("--email", "kim@example.com", "--daily", "--weekdays"), "weekdays: there is daily already"),
        (("--email", "kim@example.com", "--weekly", "noon"), "weekly: 'noon' is not one of mon, tue"),
        (("--email", "kim@example.com", "--language", "de"), "language: 'de' is not one of en, ko"),
    ],
)
def test_the_command_line_refuses_what_cannot_be(home: Shop, words: tuple[str, ...], said: str) -> None:
    error = call("subscribe", "kim", *words).exception
    assert isinstance(error, InvalidInput)
    assert said in str(error)


def test_the_command_line_sends_what_is_due(home: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    subscribe(home, at=datetime.now(UTC) - timedelta(days=2))
    with mail_server() as box:
        for key, value in {"smtp_host": "127.0.0.1", "smtp_port": str(box.port), "smtp_tls": "none"}.items():
            monkeypatch.setenv(f"KB_{key.upper()}", value)
        monkeypatch.setenv("KB_MAIL_FROM", "kb@example.com")
        sent = call("send")
        assert "1 sent" in sent.stdout, sent.output
        assert "nobody is to be told anything now" in call("send").stdout
        assert [mail["To"] for mail in box.mails] == ["kim@example.com"]
    with home.home.database.read() as connection:
        assert store.last_sent(connection).keys() == {"kim"}
