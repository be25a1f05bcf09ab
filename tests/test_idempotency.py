"""What was done under an Idempotency-Key is done once, and answered the same again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI, Response
from fastapi.testclient import TestClient
from sqlalchemy import text

from kb.store import responses
from tests.conftest import Shop
from tests.door import OPERATOR, Probe, key_of, operated, served


@pytest.fixture
def probe() -> Probe:
    return Probe()


@pytest.fixture
def app(shop: Shop, probe: Probe) -> FastAPI:
    return served(shop, probe)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with operated(app) as found:
        app.state.local_token = "whoever-reads-the-home"
        yield found


def once(client: TestClient, name: str = "count", key: str = "a1", **request: object) -> Response:
    request.setdefault("json", {"n": 1})
    headers = {**OPERATOR, "Idempotency-Key": key, **request.pop("headers", {})}  # type: ignore[dict-item]
    return client.post(f"/v1/probe/{name}", headers=headers, **request)  # type: ignore[arg-type,return-value]


def test_the_same_again_is_answered_not_done(client: TestClient, probe: Probe) -> None:
    first, again = once(client), once(client)
    assert (first.status_code, first.json()) == (200, {"runs": 1, "n": 1})
    assert (again.status_code, again.content, probe.runs) == (200, first.content, 1)
    assert (again.headers["location"], again.headers["content-type"]) == ("/made/1", "application/json")
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert once(client, key="a2").json()["runs"] == 2
    assert client.post("/v1/probe/count", json={"n": 1}, headers=OPERATOR).json()["runs"] == 3


def test_a_key_is_for_one_request_of_one_actor(client: TestClient, shop: Shop, probe: Probe) -> None:
    once(client)
    for other in ({"json": {"n": 2}}, {"params": {"x": "1"}}, {"name": "conflict"}):
        refused = once(client, **other)  # type: ignore[arg-type]
        assert (refused.status_code, refused.json()["type"]) == (422, "urn:kb:problem:idempotency-key-reused")
    assert probe.runs == 1
    assert once(client, headers=key_of(shop)).json()["runs"] == 2


@pytest.mark.parametrize("key", ["", "a b", "ä", "x" * 256])
def test_a_key_is_a_word_of_ascii(client: TestClient, probe: Probe, key: str) -> None:
    answer = once(client, key=key.encode("latin-1"))  # type: ignore[arg-type]
    assert (answer.status_code, probe.runs) == (400, 0)


def test_two_at_once_are_done_once(client: TestClient, probe: Probe) -> None:
    probe.gate.clear()
    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(once, client) for _ in range(8)]
        until = time.monotonic() + 10
        while sum(answer.done() for answer in sent) < 7 and time.monotonic() < until:
            time.sleep(0.01)
        probe.gate.set()
        statuses = sorted(answer.result(10).status_code for answer in sent)
    assert statuses == [200] + [409] * 7
    assert probe.runs == 1
    assert once(client).headers["idempotency-replayed"] == "true"


def test_a_refusal_is_kept_and_a_failure_is_not(client: TestClient, probe: Probe) -> None:
    first, again = once(client, "conflict"), once(client, "conflict")
    assert (first.status_code, first.headers["etag"]) == (412, '"1"')
    assert (again.status_code, again.headers["etag"], again.json()) == (412, '"1"', first.json())
    probe.runs = 0
    assert [once(client, "fail", "b").status_code for _ in range(4)] == [503, 500, 503, 500]
    assert [once(client, "crash", "c").status_code for _ in range(2)] == [500, 500]
    assert [once(client, "refuse", "d").status_code for _ in range(2)] == [403, 403]  # rights may be given meanwhile
    assert probe.runs == 8


def test_what_is_unwell_formed_is_answered_the_same_again(client: TestClient, probe: Probe) -> None:
    answers = [once(client, json={"n": "many"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert "idempotency-replayed" in answers[1].headers


def test_streams_and_cookies_are_not_kept(client: TestClient, shop: Shop, probe: Probe) -> None:
    assert [once(client, "stream", "s").content for _ in range(2)] == [b"ab", b"ab"]
    assert probe.runs == 2
    assert "set-cookie" in once(client, "cookie", "c").headers
    assert "set-cookie" not in once(client, "cookie", "c").headers
    with shop.home.database.read() as connection:
        kept = connection.execute(text("SELECT headers, body FROM responses")).all()
    assert len(kept) == 1
    assert "very-secret" not in str(kept)


def test_where_secrets_are_nothing_is_kept(client: TestClient) -> None:
    for path in ("/v1/keys", "/v1/users", "/v1/session"):
        answer = client.post(path, json={}, headers={**OPERATOR, "Idempotency-Key": "a"})
        assert (answer.status_code, "Idempotency-Key" in answer.json()["detail"]) == (400, True)
    groups = [client.post("/v1/groups", json={"id": "vip"}, headers={**OPERATOR, "Idempotency-Key": "a"}) for _ in "12"]
    assert [answer.status_code for answer in groups] == [201, 201]


def test_who_died_while_answering_is_followed_and_cannot_answer_later(shop: Shop) -> None:
    start = datetime(2026, 11, 24, 12, tzinfo=UTC)
    key, mark = b"k" * 32, b"m" * 32

    def reserve(seconds: float) -> responses.Kept | None:
        with shop.home.database.write() as connection:
            return responses.reserve(connection, key, mark, start + timedelta(seconds=seconds))

    def keep(seconds: float, body: bytes) -> None:
        with shop.home.database.write() as connection:
            answer = responses.Kept(mark, 200, [], body)
            responses.keep(connection, key, start + timedelta(seconds=seconds), answer)

    assert reserve(0) is None
    assert reserve(59) == responses.Kept(mark, 0, [], b"")
    assert reserve(61) is None
    keep(0, b"too late")
    assert reserve(62) == responses.Kept(mark, 0, [], b"")
    keep(61, b"in time")
    assert reserve(86_400) == responses.Kept(mark, 200, [], b"in time")
    assert reserve(61 + 86_400) is None
