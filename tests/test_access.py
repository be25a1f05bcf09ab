"""The door: who is let in with what, from which pages, and how often; and what every request passes."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import anyio
import limits.storage.memory
import limits.strategies
import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from api import guard, problems
from api import limits as rates
from kb.errors import PreconditionRequired, Stale, TooMany, Unauthorized
from kb.settings import Settings
from tests.conftest import Shop
from tests.door import OPERATOR, SHOP, Probe, key_of, operated, served, widget


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


# --- who asks ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "audiences"),
    [
        ("customer", ["public", "vip"]),
        ("agent", ["agents", "public", "vip"]),
        ("author", ["agents", "public", "vip"]),
        ("admin", ["agents", "public", "vip"]),
    ],
)
def test_a_role_reads_its_own_audiences_and_those_of_its_groups(
    client: TestClient, shop: Shop, role: str, audiences: list[str]
) -> None:
    client.post("/v1/groups", json={"id": "vip"}, headers=OPERATOR)
    who = client.get("/v1/session", headers=key_of(shop, role, group_ids=["vip"])).json()
    assert who["audiences"] == audiences
    assert who["actor"].startswith("key:")
    assert (who["user"], who["csrf_token"]) == (None, None)


def test_a_key_may_have_less_than_its_role(client: TestClient, shop: Shop) -> None:
    header = key_of(shop, "admin", scopes=["search"])
    assert client.get("/v1/spaces", headers=header).status_code == 200
    assert client.get("/v1/keys", headers=header).status_code == 403


def test_nobody_reads_what_the_server_is_for(shop: Shop, probe: Probe) -> None:
    shop.put("goodwill", "Secret goodwill credit.", title="Goodwill", audience="agents")
    for audience, status in (("public", 404), ("agents", 200)):
        shop.home.settings = shop.settings.model_copy(update={"audience": audience})
        with operated(served(shop, probe, shop.home.settings)) as client:
            assert client.get("/v1/articles/goodwill").status_code == status
            refused = client.get("/v1/keys")
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
            assert client.get("/v1/session").status_code == 401


def test_whoever_reads_the_home_is_the_operator(app: FastAPI, client: TestClient) -> None:
    who = client.get("/v1/session", headers=OPERATOR).json()
    assert (who["actor"], who["audiences"], "admin" in who["scopes"]) == ("operator", None, True)
    app.state.local_token = None
    for bad in (OPERATOR, {"Authorization": "Bearer None"}, {"Authorization": "Bearer "}):
        assert client.get("/v1/session", headers=bad).status_code == 401


def test_a_key_goes_before_a_cookie(client: TestClient, shop: Shop) -> None:
    header = {**key_of(shop), "Cookie": "kb_session=whatever"}
    assert client.get("/v1/session", headers=header).json()["actor"].startswith("key:")


def test_outside_v1_a_bad_key_is_refused_where_somebody_is_asked_for(client: TestClient) -> None:
    bad = {"Authorization": "Bearer nonsense"}
    assert client.get("/readyz", headers=bad).status_code == 401
    assert client.get("/healthz", headers=bad).status_code == 200


def operations(client: TestClient) -> list[tuple[str, str]]:
    paths = client.get("/openapi.json").json()["paths"]
    ours = [path for path in paths if path.startswith("/v1/") and "/probe/" not in path]
    return [(method.upper(), path.replace("{", "").replace("}", "")) for path in ours for method in paths[path]]


def test_no_operation_takes_a_widgets_key_from_another_page(client: TestClient, shop: Shop) -> None:
    key = widget(shop)
    found = operations(client)
    assert len(found) > 30
    for where in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Referer": f"{SHOP}.evil.example/"}, {}):
        statuses = {op: client.request(*op, headers={**key, **where}).status_code for op in found}
        assert set(statuses.values()) == {403}, statuses


# what somebody with the scope `search` alone may do beside reading
CUSTOMERS = {("POST", "/v1/search"), ("POST", "/v1/events"), ("POST", "/v1/session"), ("DELETE", "/v1/session")}
PRIVATE = ("/v1/keys", "/v1/users", "/v1/groups", "/v1/audit", "/v1/flags", "/v1/gaps", "/v1/edits", "/v1/tickets")


def test_a_widgets_key_only_searches_and_reads(client: TestClient, shop: Shop) -> None:
    key = {**widget(shop), "Origin": SHOP}
    for method, path in operations(client):
        status = client.request(method, path, headers=key).status_code
        if method != "GET" or path.startswith(PRIVATE):
            assert (status != 403) is ((method, path) in CUSTOMERS), f"{method} {path}: {status}"
        assert status != 401, f"{method} {path}"


def test_nobody_writes(client: TestClient) -> None:
    for method, path in operations(client):
        if method != "GET" and (method, path) not in CUSTOMERS:
            assert client.request(method, path).status_code == 401, f"{method} {path}"


# --- pages of other sites ------------------------------------------------------------------------------------


def test_a_read_of_ones_own_site_is_known_by_its_referer(client: TestClient, shop: Shop) -> None:
    header = {**widget(shop), "Referer": f"{SHOP}/help"}
    assert client.get("/v1/spaces", headers=header).status_code == 200
    assert client.get("/v1/spaces", headers={**header, "Referer": SHOP}).status_code == 200
    assert client.post("/v1/search", json={"query": "refunds"}, headers=header).status_code == 403
    assert client.get("/v1/spaces", headers={**header, "Origin": "null"}).status_code == 403


def test_a_page_may_read_answers_to_its_own_key_only(client: TestClient, shop: Shop) -> None:
    answer = client.get("/v1/spaces", headers={**widget(shop), "Origin": SHOP})
    assert answer.headers["access-control-allow-origin"] == SHOP
    assert "RateLimit-Remaining" in answer.headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in answer.headers
    assert "Origin" in answer.headers["vary"]
    for other in ({}, key_of(shop), OPERATOR):
        answer = client.get("/v1/spaces", headers={**other, "Origin": SHOP})
        assert answer.status_code == 200
        assert "access-control-allow-origin" not in answer.headers


def test_a_browser_may_ask_first(client: TestClient, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = {"Origin": SHOP, "Access-Control-Request-Method": "POST"}
    refused = client.options("/v1/search", headers=ask)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:kb:problem:forbidden")
    key = widget(shop)
    assert client.options("/v1/search", headers=ask).status_code == 403  # remembered for some seconds
    monkeypatch.setattr(guard, "_FRESH", -1.0)
    allowed = client.options("/v1/search", headers=ask)
    assert (allowed.status_code, allowed.content) == (204, b"")
    assert allowed.headers["access-control-allow-origin"] == SHOP
    assert allowed.headers["access-control-allow-methods"] == "GET, POST"
    assert "Idempotency-Key" in allowed.headers["access-control-allow-headers"]
    assert (allowed.headers["access-control-max-age"], allowed.headers["vary"]) == ("600", "Origin")
    for wrong in ({**ask, "Origin": "https://evil.example"}, {**ask, "Origin": "null"}):
        assert client.options("/v1/search", headers=wrong).status_code == 403
    assert client.options("/", headers=ask).status_code == 403
    assert client.options("/v1/search").status_code == 405
    client.delete(f"/v1/keys/{key['Authorization'].split('_')[1]}", headers=OPERATOR)
    assert client.options("/v1/search", headers=ask).status_code == 403


# --- how often -----------------------------------------------------------------------------------------------


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that stands still until it is told: `clock.now` in seconds."""
    found = SimpleNamespace(now=1_800_000_030.0)
    found.time = lambda: found.now
    for module in (limits.storage.memory, limits.strategies, rates):
        monkeypatch.setattr(module, "time", found)
    return found


def test_every_answer_says_how_much_is_left(client: TestClient) -> None:
    nowhere = client.get("/v1/nothing")
    assert nowhere.status_code == 404
    assert nowhere.headers["ratelimit-limit"] == "6000"  # a program on the same machine
    before = int(nowhere.headers["ratelimit-remaining"])
    for answer in (
        client.get("/v1/search"),
        client.get("/v1/search", headers={"Authorization": "Bearer nonsense"}),
        client.post("/v1/search", content=b"{", headers={"Content-Type": "application/json"}),
        client.request("PUT", "/v1/search"),
    ):
        before -= 1
        assert int(answer.headers["ratelimit-remaining"]) == before
        assert 0 < int(answer.headers["ratelimit-reset"]) <= 60
    assert client.get("/v1/session", headers=OPERATOR).headers["ratelimit-limit"] == "600"


def test_asking_too_often_is_said_and_passes(shop: Shop, probe: Probe, clock: SimpleNamespace) -> None:
    shop.home.settings = shop.settings.model_copy(update={"rate_limit": 20})
    app = served(shop, probe, shop.home.settings)
    key, page = key_of(shop), {**widget(shop), "Origin": SHOP}
    path = "/v1/nothing"
    with operated(app, "203.0.113.9") as client:
        assert [client.get(path).status_code for _ in range(5)] == [404] * 4 + [429]
        assert [client.get(path, headers=key).status_code for _ in range(21)] == [404] * 20 + [429]
        assert [client.get(path, headers=page).status_code for _ in range(5)] == [404] * 4 + [429]
        late = client.get(path, headers=page)
        assert late.json()["type"] == "urn:kb:problem:too-many-requests"
        assert late.headers["ratelimit-remaining"] == "0"
        other = TestClient(app, "http://127.0.0.1", client=("203.0.113.10", 5000))
        assert other.get(path, headers=page).status_code == 404  # a widget's visitors are counted one by one
        assert other.get(path, headers=key).status_code == 429  # a team's key is counted wherever it is used
        guess = {"Authorization": "Bearer kb_AAAAAAAAAAAA_" + "A" * 43}
        assert [other.get(path, headers=guess).status_code for _ in range(5)] == [401] * 4 + [429]
        clock.now += int(client.get(path, headers=key).headers["retry-after"])
        assert client.get(path, headers=key).status_code == 404


def test_an_address_is_what_one_person_has() -> None:
    assert rates.network("203.0.113.9") == "203.0.113.9"
    assert rates.network("2001:db8:1:2:3:4:5:6") == rates.network("2001:db8:1:2::9") == "2001:db8:1:2::/64"
    assert rates.network("::ffff:203.0.113.9") == "203.0.113.9"
    settings = Settings()
    local = {address: rates.allowance(settings, address, known=False) for address in ("127.0.0.9", "::1", "")}
    assert set(local.values()) == {6000}
    assert rates.allowance(settings, "::ffff:127.0.0.1", known=False) == 6000
    for far in ("203.0.113.9", "2001:db8::1", "10.0.0.1"):
        assert rates.allowance(settings, far, known=False) == 120
        assert rates.allowance(settings, far, known=True) == 600


# --- what every request passes -------------------------------------------------------------------------------


def test_a_request_is_followed_by_its_id(client: TestClient) -> None:
    given = {"X-Request-Id": "ticket-7.A_b"}
    assert client.get("/healthz", headers=given).headers["x-request-id"] == "ticket-7.A_b"
    client.post("/v1/groups", json={"id": "vip"}, headers={**OPERATOR, **given})
    assert client.get("/v1/audit", headers=OPERATOR).json()["entries"][0]["request_id"] == "ticket-7.A_b"
    for bad in ("", "a b", "x" * 129, "<b>"):
        made = client.get("/healthz", headers={"X-Request-Id": bad}).headers["x-request-id"]
        assert (len(made), made.isalnum()) == (32, True)


def blocks(size: int) -> Iterator[bytes]:
    for _ in range(0, size, 500_000):
        yield b"x" * 500_000


def test_a_body_without_a_length_ends_at_the_limit(client: TestClient) -> None:
    assert client.post("/v1/probe/size", content=blocks(4_000_000)).json() == 4_000_000
    for path in ("/v1/probe/size", "/v1/search"):
        answer = client.post(path, content=blocks(4_500_000), headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["type"]) == (413, "urn:kb:problem:body-too-large")
        assert "4,000,000" in answer.json()["detail"]


def test_no_more_is_read_of_an_endless_body_than_is_allowed() -> None:
    taken, sent = 0, []

    async def reader(scope: Scope, receive: Receive, send: Send) -> None:
        await Request(scope, receive).body()

    async def receive() -> Message:
        nonlocal taken
        taken += 1_000_000
        return {"type": "http.request", "body": b"x" * 1_000_000, "more_body": taken < 20_000_000}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": []}
    anyio.run(guard.Guard(reader, "0.0.0.0"), scope, receive, send)
    assert sent[0]["status"] == 413
    assert taken == 5_000_000


def test_only_whoever_may_write_sends_much(client: TestClient, shop: Shop) -> None:
    sizes = {"/v1/articles/bulk": 200_000_000, "/v1/media": 20_000_000}
    for path, size in sizes.items():
        for header, limit in ((OPERATOR, size), (key_of(shop), 4_000_000)):
            for length in (str(size + 1), "9" * 5_000, "-1"):
                told = client.post(path, content=b"x", headers={**header, "Content-Length": length})
                assert (told.status_code, f"{limit:,}" in told.json()["detail"]) == (413, True)


def test_errors_are_told_by_their_nearest_kind() -> None:
    told = {
        Stale("s", 7): (412, "precondition-failed", "etag", '"7"'),
        PreconditionRequired("p"): (428, "precondition-required", "content-type", problems.MEDIA_TYPE),
        Unauthorized("u"): (401, "unauthorized", "www-authenticate", "Bearer"),
        TooMany("t", 9): (429, "too-many-requests", "retry-after", "9"),
    }
    for error, (status, kind, header, value) in told.items():
        answer = problems.answer(error)
        assert answer is not None
        assert (answer.status_code, answer.headers[header]) == (status, value)
        assert problems.as_problem(error)["type"] == f"urn:kb:problem:{kind}"
    assert problems.answer(ZeroDivisionError()) is None


def test_openapi_names_the_ways_in(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    schemes = document["components"]["securitySchemes"]
    assert schemes["HTTPBearer"]["scheme"] == "bearer"
    assert (schemes["APIKeyCookie"]["in"], schemes["APIKeyCookie"]["name"]) == ("cookie", "kb_session")
    search = document["paths"]["/v1/search"]["get"]
    assert search["security"] == [{"HTTPBearer": []}, {"APIKeyCookie": []}]
    assert {"401", "403", "429"} <= search["responses"].keys()
    posted = document["paths"]["/v1/groups"]["post"]
    assert "Idempotency-Key" in [parameter["name"] for parameter in posted["parameters"]]
