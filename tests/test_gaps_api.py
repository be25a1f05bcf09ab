"""Gaps through the API, the client and the command line: rights, revisions, what is refused, and what is printed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from articles import spaces as spaces_
from articles.gaps.compute import refresh
from kb.client import Client
from kb.client import gaps as calls
from kb.errors import Conflict, InvalidInput, NotFound
from kb.jobs import Progress
from kb.models import OPERATOR
from kb.store import people
from kb.store.spaces import Space
from kb.wire.gaps import GapDetailOut, GapsOut
from tests.conftest import Shop, listening
from tests.test_gaps import stocked

MOON, WHALE = "what are the delivery times to the moon colony", "양자 컴퓨터로 배송 조회가 되나요"


@pytest.fixture
def asked(client: TestClient, shop: Shop) -> list[dict[str, Any]]:
    """Two gaps, the one of two questions first."""
    stocked(shop)
    for text in (MOON, f"{MOON}?", WHALE):
        client.get("/v1/search", params={"q": text})
    return listed(client, shop)


def listed(client: TestClient, shop: Shop, **wanted: str) -> list[dict[str, Any]]:
    refresh(shop.home, datetime.now(UTC), Progress())
    answer = client.get("/v1/gaps", params=wanted, headers=shop.key("agent"))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = GapsOut.model_validate(answer.json()).model_dump()["gaps"]
    return found


def test_gaps_are_listed_with_what_they_cover(client: TestClient, shop: Shop, asked: list[dict[str, Any]]) -> None:
    first, second = asked
    assert {"id", "name", "verdict", "questions", "samples", "trend", "nearest"} <= set(first)
    assert (first["questions"], second["name"], second["questions"]) == (2, WHALE, 1)
    answer = client.get("/v1/gaps", headers=shop.key("agent"), params={"limit": 1}).json()
    assert len(answer["gaps"]) == 1
    covered = answer["coverage"]
    assert (covered["unanswered"], covered["gaps"], covered["needed"], len(covered["curve"])) == (3, 2, 2, 2)
    for wanted, count in (
        ({"locale": "ko"}, 1),
        ({"locale": "fr"}, 0),
        ({"verdict": "unclear"}, 0),
        ({"state": "closed"}, 0),
        ({"state": "open"}, 2),
        ({"space": "main"}, 0),
        ({"assignee": "kim"}, 0),
    ):
        assert len(client.get("/v1/gaps", params=wanted, headers=shop.key("agent")).json()["gaps"]) == count, wanted
    assert client.get("/v1/gaps", params={"state": "lost"}, headers=shop.key("agent")).status_code == 422


def test_a_gap_is_answered_with_its_questions(client: TestClient, shop: Shop, asked: list[dict[str, Any]]) -> None:
    answer = client.get(f"/v1/gaps/{asked[0]['id']}", headers=shop.key("agent"))
    found = GapDetailOut.model_validate(answer.json())
    assert (answer.headers["ETag"], found.revision) == ('"1"', 1)
    assert sorted(question.text for question in found.asked) == [MOON, f"{MOON}?"]
    assert all(question.id.startswith("search:") for question in found.asked)
    assert client.get("/v1/gaps/nothing", headers=shop.key("agent")).status_code == 404


def test_who_reads_gaps_does_not_change_them(client: TestClient, shop: Shop, asked: list[dict[str, Any]]) -> None:
    path = f"/v1/gaps/{asked[0]['id']}"
    agent, any_ = shop.key("agent"), {"If-Match": "*"}
    assert client.get(path).status_code == 401
    assert client.patch(path, json={"name": "x"}).status_code == 401
    for method, rest, body in (
        ("PATCH", "", {"name": "x"}),
        ("POST", "/merge", {"into": asked[1]["id"]}),
        ("POST", "/split", {"questions": ["search:x"]}),
        ("POST", "/draft", None),
    ):
        assert client.request(method, path + rest, json=body, headers={**agent, **any_}).status_code == 403


def test_a_change_says_which_revision_it_is_about(client: TestClient, shop: Shop, asked: list[dict[str, Any]]) -> None:
    path, author = f"/v1/gaps/{asked[0]['id']}", shop.key("author")

    def patch(body: dict[str, Any], if_match: str | None = "*") -> Any:
        headers = author if if_match is None else {**author, "If-Match": if_match}
        return client.patch(path, json=body, headers=headers)

    assert patch({"name": "Moon"}, None).status_code == 428
    assert patch({"name": "Moon"}, '"7"').status_code == 412
    renamed = patch({"name": "Moon"}, '"1"')
    assert (renamed.status_code, renamed.json()["name"], renamed.headers["ETag"]) == (200, "Moon", '"2"')
    assert patch({}).status_code == 400
    assert patch({"name": "x", "assignee": ""}).status_code == 400
    assert patch({"assignee": "nobody"}).status_code == 400
    assert patch({"state": "ignored"}).status_code == 400
    assert patch({"state": "closed"}).status_code == 422
    ignored = patch({"state": "ignored", "reason": "no", "until": "2999-01-31"}).json()
    assert (ignored["state"], ignored["reason"], ignored["ignored_until"]) == ("ignored", "no", "2999-01-31")
    assert patch({"assignee": ""}).status_code == 409
    assert patch({"state": "open"}).json()["state"] == "reopened"
    with shop.home.database.write() as connection:
        people.add_user(connection, OPERATOR, "kim", role="author", password="")
    assert patch({"assignee": "kim"}).json()["assignee"] == "kim"
    assert [gap["id"] for gap in listed(client, shop, assignee="kim")] == [asked[0]["id"]]


def test_gaps_are_merged_split_and_drafted(client: TestClient, shop: Shop, asked: list[dict[str, Any]]) -> None:
    first, second = (gap["id"] for gap in asked)
    author = {**shop.key("author"), "If-Match": "*"}
    names = [q["id"] for q in client.get(f"/v1/gaps/{first}", headers=author).json()["asked"]]
    made = client.post(f"/v1/gaps/{first}/split", json={"questions": names[:1]}, headers=author)
    assert (made.status_code, made.json()["questions"]) == (201, 1)
    assert made.headers["Location"] == f"/v1/gaps/{made.json()['id']}"
    assert client.post(f"/v1/gaps/{first}/merge", json={"into": first}, headers=author).status_code == 400
    assert client.post(f"/v1/gaps/{first}/merge", json={"into": "nothing"}, headers=author).status_code == 404
    merged = client.post(f"/v1/gaps/{first}/merge", json={"into": second}, headers=author)
    assert (merged.status_code, merged.json()["id"], merged.json()["questions"]) == (200, second, 2)
    drafted = client.post(f"/v1/gaps/{second}/draft", headers=author)
    assert (drafted.status_code, drafted.json()["id"]) == (201, f"drafts/gap-{second}")
    assert client.post(f"/v1/gaps/{second}/draft", headers=author).status_code == 409
    article = client.get(f"/v1/articles/drafts/gap-{second}", headers=author, params={"fields": "state,audience"})
    assert (article.json()["state"], article.json()["audience"]) == ("draft", "agents")


def test_gaps_of_other_spaces_are_not_for_who_sees_only_some(client: TestClient, shop: Shop) -> None:
    spaces_.put_space(shop.home.database, Space("shop", "Shop"), OPERATOR, 0)
    stocked(shop)
    client.get("/v1/search", params={"q": MOON})
    client.get("/v1/search", params={"q": f"{MOON} by rocket", "space": "shop"})
    whole = listed(client, shop)
    limited = {**shop.key("author", space_ids=["shop"]), "If-Match": "*"}
    found = client.get("/v1/gaps", headers=limited).json()["gaps"]
    assert [(gap["name"], gap["questions"]) for gap in found] == [(f"{MOON} by rocket", 1)]
    for gap in whole:
        answer = client.get(f"/v1/gaps/{gap['id']}", headers=limited)
        assert answer.status_code == 404 or MOON + '"' not in answer.text
    others = {gap["id"] for gap in whole} - {gap["id"] for gap in found}
    for name in others:
        assert client.patch(f"/v1/gaps/{name}", json={"name": "x"}, headers=limited).status_code == 404


def test_a_day_with_gaps_through_the_client(shop: Shop) -> None:
    stocked(shop)
    for text in (MOON, f"{MOON}?", WHALE):
        shop.search(text)
    refresh(shop.home, datetime.now(UTC), Progress())
    key = shop.key("author")["Authorization"].removeprefix("Bearer ")
    with listening(create_app(shop.settings, shop.home)) as url, Client(url, key) as kb:
        first, second = kb.send(calls.gaps()).gaps
        found = kb.send(calls.gap(first.id))
        assert kb.send(calls.change_gap(first.id, found.revision, name="Moon")).name == "Moon"
        made = kb.send(calls.split_gap(first.id, [found.asked[0].id]))
        assert kb.send(calls.merge_gap(made.id, second.id)).questions == 2
        assert kb.send(calls.draft_gap(second.id)).id == f"drafts/gap-{second.id}"
        with pytest.raises(Conflict):
            kb.send(calls.change_gap(made.id, assignee=""))
        with pytest.raises(InvalidInput):
            kb.send(calls.change_gap(first.id))
        with pytest.raises(NotFound):
            kb.send(calls.gap("nothing"))


# --- the command line ---------------------------------------------------------------------------------------


@pytest.fixture
def kb(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a command over the shop's home; what it printed."""
    import kb.cli.gaps  # noqa: F401 - its commands
    from kb.cli.common import app
    from search import home

    monkeypatch.setattr(home, "SentenceTransformerEmbedder", lambda *_: shop.embedder)
    monkeypatch.setenv("KB_CHUNK_TOKENS", "60")

    def run(*words: str, code: int = 0) -> str:
        shop.home.journal.flush()
        found = CliRunner().invoke(app, ["--home", str(shop.settings.home), *words])
        assert found.exit_code == code, (found.output, found.exception)
        return found.output

    return run


def test_the_command_line_lists_and_changes_gaps(shop: Shop, kb: Any) -> None:
    stocked(shop)
    assert "no unanswered questions" in kb("gaps")
    for text in (MOON, f"{MOON}?", WHALE):
        shop.search(text)
    printed = kb("gaps")
    assert "2 gaps are 80% of 3 unanswered questions" in printed
    first, second = json.loads(kb("gaps", "--json"))["gaps"]
    assert first["id"] in printed
    assert {"id", "name", "verdict", "questions", "samples", "trend", "nearest"} <= set(first)
    assert MOON in kb("gaps", "show", first["id"])
    shown = json.loads(kb("gaps", "show", first["id"], "--json"))
    assert "reopened" not in kb("gaps", "rename", first["id"], "Moon")
    made = json.loads(kb("gaps", "split", first["id"], shown["asked"][0]["id"], "--json"))["id"]
    assert json.loads(kb("gaps", "merge", made, second["id"], "--json"))["questions"] == 2
    assert "ignored" in kb("gaps", "ignore", first["id"], "--reason", "no", "--until", "2999-01-01")
    assert [gap["name"] for gap in json.loads(kb("gaps", "--state", "ignored", "--json"))["gaps"]] == ["Moon"]
    assert "reopened" in kb("gaps", "reopen", first["id"])
    assert f"drafted drafts/gap-{second['id']}" in kb("gaps", "draft", second["id"])
    with shop.home.database.write() as connection:
        people.add_user(connection, OPERATOR, "kim", role="author", password="")
    assert json.loads(kb("gaps", "assign", first["id"], "kim", "--json"))["assignee"] == "kim"
    kb("gaps", "show", "nothing", code=1)


def test_the_command_line_asks_a_server(shop: Shop, kb: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.search(MOON)
    refresh(shop.home, datetime.now(UTC), Progress())
    monkeypatch.setenv("KB_SERVER_KEY", shop.key("author")["Authorization"].removeprefix("Bearer "))
    with listening(create_app(shop.settings, shop.home)) as url:
        (gap,) = json.loads(kb("--server", url, "gaps", "--json"))["gaps"]
        assert json.loads(kb("--server", url, "gaps", "rename", gap["id"], "Moon", "--json"))["name"] == "Moon"
        assert "drafted" in kb("--server", url, "gaps", "draft", gap["id"])
