"""Digests by their faces: each user's own over the API, everybody's for administrators, and the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import Result
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from articles.digests import stopping
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
    assert (item["title"], item["article"], item["kind"]) == ("Refunds", "refunds", "flag")
    assert [flag["check"] for flag in item["flags"]] == ["broken_link"]
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


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"item": "flag-1"}, "item: 'flag-1' is no key of anything that stands for kim"),
        ({"article": "refund"}, "article: 'refund': there is none of that id"),
        ({"article": "secret"}, "article: 'secret': there is none of that id"),
    ],
)
def test_only_what_there_is_can_be_snoozed(
    client: TestClient, shop: Shop, kim: dict[str, str], what: dict[str, str], said: str
) -> None:
    shop.put("secret", "For the board. [x](gone.md)", title="Secret", audience="board", owner="kim")
    client.put(OWN, json=WANTED, headers=kim)
    for until in (in_days(3), None):
        answer = client.post("/v1/digest/snooze", json={"until": until, **what}, headers=kim)
        assert (answer.status_code, answer.json()["detail"]) == (404, said)
    assert client.get(OWN).json()["snoozes"] == []


def test_a_snooze_can_be_ended_when_its_article_is_gone(client: TestClient, shop: Shop, kim: dict[str, str]) -> None:
    client.put(OWN, json=WANTED, headers=kim)
    with shop.home.database.write() as connection:
        store.snooze(connection, "kim", "article:gone", "2999-01-01", "2026-01-01")
    ended = client.post("/v1/digest/snooze", json={"until": None, "article": "gone"}, headers=kim)
    assert (ended.status_code, ended.json()["snoozes"]) == (200, [])


def test_what_waits_for_another_attempt_is_shown(client: TestClient, shop: Shop, kim: dict[str, str]) -> None:
    client.put(OWN, json=WANTED, headers=kim)
    assert (client.get(OWN).json()["attempts"], client.get(OWN).json()["retry_at"]) == (0, None)
    with shop.home.database.write() as connection:
        delivery = store.Delivery("id", "kim", ["key"], 1, now())
        store.begin(connection, delivery, now())
        store.delay(connection, delivery, "2999-01-01T00:00:00.000Z", "the mail server answers 451")
    for found in (
        client.get(OWN).json(),
        client.get("/v1/digest/subscriptions", headers=shop.key()).json()["subscriptions"][0],
    ):
        assert (found["attempts"], found["retry_at"]) == (2, "2999-01-01T00:00:00.000Z")
        assert found["error"] == "the mail server answers 451"


def test_a_digest_ends_with_one_click_and_is_not_ended_by_looking(
    client: TestClient, shop: Shop, kim: dict[str, str]
) -> None:
    client.put(OWN, json=WANTED, headers=kim)
    path = stop_path(shop)
    asked = client.get(path)
    assert (asked.status_code, asked.headers["cache-control"]) == (200, "no-store")
    assert "이 알림을 그만 받으시겠습니까?" in asked.text
    assert '<form method="post">' in asked.text
    assert client.get(OWN).json()["rhythm"] == "weekly"
    for token in ("0" * 32, "", "é"):
        assert client.post(f"{stopping.PATH}/{token}").status_code == 404
    one_click = {"Content-Type": "application/x-www-form-urlencoded"}
    for _ in range(2):  # a mail program may ask again; whoever is signed in may, too
        done = client.post(path, content="List-Unsubscribe=One-Click", headers=one_click)
        assert (done.status_code, "이제 알림을 보내지 않습니다" in done.text, "<form" in done.text) == (
            200,
            True,
            False,
        )
    kept = client.get(OWN).json()
    assert (kept["rhythm"], kept["next_at"], kept["hour"], kept["address"]) == ("off", None, 9, "kim@example.com")
    with shop.home.database.read() as connection:
        entries = [e for e in audit.entries(connection, EVERYTHING, object_="user:kim") if e.action == "digest.stop"]
    assert [entry.actor for entry in entries] == ["anonymous"]


def stop_path(shop: Shop) -> str:
    """The path that the mails to Kim name now."""
    settings = shop.settings.model_copy(update={"public_url": "https://kb.example"})
    with shop.home.database.read() as connection:
        held = store.subscription(connection, "kim")
    return stopping.address(settings, held).removeprefix("https://kb.example")


def test_the_address_of_an_old_mail_neither_shows_nor_ends_a_digest_that_goes_elsewhere(
    client: TestClient, shop: Shop, kim: dict[str, str]
) -> None:
    client.put(OWN, json=WANTED, headers=kim)
    old = stop_path(shop)
    hook = {"channel": "webhook", "address": "https://hooks.example/services/T0/hidden", "secret": SECRET}
    for elsewhere in ({"address": "kim@elsewhere.example"}, hook):
        assert client.put(OWN, json=WANTED | elsewhere, headers=kim).status_code == 200
        for answer in (client.get(old), client.post(old)):
            assert answer.status_code == 404
            assert elsewhere["address"] not in answer.text
        assert client.get(OWN).json()["rhythm"] == "weekly"
    assert client.post(stop_path(shop)).status_code == 404  # no mail names that of a webhook
    assert client.get(OWN).json()["rhythm"] == "weekly"
    client.put(OWN, json=WANTED, headers=kim)
    assert client.post(old).status_code == 200


@pytest.mark.parametrize(
    ("wanted", "language", "said"),
    [("ko-KR,en;q=0.5", "ko", "그만 받을 수 있는 알림이 없습니다"), ("fr, en;q=0.5", "en", "No digest ends here")],
)
def test_an_address_that_ends_nothing_answers_with_a_page(
    client: TestClient, wanted: str, language: str, said: str
) -> None:
    for token in ("0" * 32, "é", "0" * 500):
        for ask in (client.get, client.post):
            answer = ask(f"{stopping.PATH}/{token}", headers={"Accept-Language": wanted})
            assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
            assert (answer.headers["cache-control"], answer.headers["vary"]) == ("no-store", "Accept-Language")
            assert f'<html lang="{language}">' in answer.text
            assert said in answer.text
            assert "<form" not in answer.text


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
    (item,) = client.get("/v1/digest/preview").json()["items"]
    body = {"until": in_days(3), "item": item["key"]}
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
    assert "kim 1 thing · weekly, next" in shown
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


def test_the_command_line_shows_a_retry_that_waits(home: Shop) -> None:
    subscribe(home)
    with home.home.database.write() as connection:
        delivery = store.Delivery("id", "kim", ["key"], 0, now())
        store.begin(connection, delivery, now())
        store.delay(connection, delivery, "2999-01-01T00:00:00.000Z", "no answer")
    assert "no answer (tried 1 time, again at 2999-01-01T00:00:00.000Z)" in call().stdout
    (found,) = json.loads(call("--json").stdout)["digests"]
    assert (found["attempts"], found["retry_at"]) == (1, "2999-01-01T00:00:00.000Z")


def test_the_command_line_snoozes_only_what_there_is(home: Shop) -> None:
    subscribe(home)
    refused = call("snooze", "kim", "--until", "2999-01-01", "--article", "refund").exception
    assert isinstance(refused, NotFound)
    assert str(refused) == "article: 'refund': there is none of that id"
    bad = call("snooze", "kim", "--until", "2999-1-1").exception
    assert str(bad) == "until: '2999-1-1' is not a day such as 2026-12-01"


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
        assert store.last_sent(connection, "kim")
