"""What people say about search, over the API and at the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from kb.cli import curation as commands
from kb.cli.common import app
from kb.errors import InvalidInput
from kb.settings import Settings
from search.home import Home
from tests.conftest import Shop
from tests.test_curation import in_effect, stock


@pytest.fixture
def stocked(shop: Shop) -> Shop:
    return stock(shop)


# --- the API ------------------------------------------------------------------------------------------------


@pytest.fixture
def ask(stocked: Shop, client: TestClient) -> Callable[..., httpx.Response]:
    """Asks as an author; `version` is If-Match."""
    key = stocked.key("author")

    def asked(method: str, path: str, body: Any = None, version: int | str | None = None) -> Any:
        tag = {} if version is None else {"If-Match": version if version == "*" else f'"{version}"'}
        return client.request(method, f"/v1/{path}", json=body, headers={**key, **tag})

    return asked


Ask = Callable[..., Any]


def test_synonyms_over_the_api(ask: Ask) -> None:
    made = ask("POST", "synonyms", {"terms": ["money back", "refund"]})
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    path = made.headers["Location"].removeprefix("/v1/")
    assert ask("GET", path).json() == made.json()
    assert ask("PUT", path, {"terms": ["a"], "to": ["b"]}).json()["type"].endswith("precondition-required")
    assert ask("PUT", path, {"terms": ["a"], "to": ["b"]}, 0).status_code == 412
    changed = ask("PUT", path, {"terms": ["a"], "to": ["b"]}, 1)
    assert (changed.json()["to"], changed.headers["ETag"]) == (["b"], '"2"')
    assert ask("POST", "synonyms", {"terms": ["c", "d"]}, 1).status_code == 412
    assert ask("DELETE", path).status_code == 428
    assert ask("DELETE", path, version=2).status_code == 204
    assert ask("GET", path).status_code == 404
    assert ask("PUT", path, {"terms": ["a", "b"]}, "*").status_code == 404
    assert ask("POST", "synonyms", {"terms": ["a"]}).status_code == 400
    assert ask("POST", "synonyms", {"terms": []}).status_code == 422


def test_lists_are_paged(ask: Ask) -> None:
    ids = [ask("POST", "synonyms", {"terms": ["a", f"b{number}"]}).json()["id"] for number in range(3)]
    page = ask("GET", "synonyms?limit=2").json()
    rest = ask("GET", f"synonyms?limit=2&cursor={page['next']}")
    assert [rule["id"] for rule in (*page["synonyms"], *rest.json()["synonyms"])] == ids
    assert (rest.json()["next"], rest.headers["ETag"]) == (None, '"3"')
    versions = ask("GET", "search/settings?limit=2").json()
    older = ask("GET", f"search/settings?limit=2&cursor={versions['next']}").json()
    assert [item["version"] for item in (*versions["versions"], *older["versions"])] == [3, 2, 1]
    assert older["next"] is None
    assert versions["versions"][0]["note"] == f"synonym.create {ids[2]}"
    assert versions["versions"][0]["author"].startswith("key:")


def test_curations_over_the_api(ask: Ask, client: TestClient) -> None:
    said = {"query": "Refund", "pin": ["hours"], "from": "2026-01-01", "note": "asked for by sales"}
    made = ask("POST", "curations", said)
    assert made.status_code == 201
    assert made.json() == {
        **{"id": made.json()["id"], "match": "exact", "hide": [], "until": "", "locale": "", "space": ""},
        **said,
    }
    path = made.headers["Location"].removeprefix("/v1/")
    assert client.get("/v1/search", params={"q": "refund"}).json()["hits"][0]["id"] == "hours"
    assert ask("PUT", path, {**said, "pin": ["exchange"]}, 1).json()["pin"] == ["exchange"]
    assert [rule["pin"] for rule in ask("GET", "curations").json()["curations"]] == [["exchange"]]
    assert client.get("/v1/search", params={"q": "refund"}).json()["hits"][0]["id"] == "exchange"
    assert ask("DELETE", path, version="*").status_code == 204
    assert client.get("/v1/search", params={"q": "refund"}).json()["hits"][0]["id"] == "refunds"
    assert ask("POST", "curations", {**said, "pin": ["none"]}).json()["detail"] == "pin: no article 'none'"


def test_boosts_and_versions_over_the_api(ask: Ask) -> None:
    held = ask("GET", "boosts")
    assert (held.json()["standing"]["bound"], held.headers["ETag"]) == (0.03, '"0"')
    assert held.json()["fields"]["title"] == 1.0
    assert ask("PUT", "boosts", {"labels": {"how-to": 0.02}}).status_code == 428
    assert ask("PUT", "boosts", {"labels": {"how-to": 0.5}}, 0).status_code == 400
    put = ask("PUT", "boosts", {**held.json(), "labels": {"how-to": 0.02}}, 0)
    assert (put.json(), put.headers["ETag"]) == (ask("GET", "boosts").json(), '"1"')
    assert ask("GET", "search/settings/1").json()["boosts"]["labels"] == {"how-to": 0.02}
    assert ask("GET", "search/settings/0").json()["boosts"] == held.json()
    restored = ask("POST", "search/settings/0/restore")
    assert (restored.json()["version"], restored.headers["ETag"]) == (2, '"2"')
    assert ask("GET", "boosts").json() == held.json()
    assert ask("GET", "search/settings/7").status_code == 404


def test_a_preview_over_the_api(ask: Ask, stocked: Shop) -> None:
    curation = {"query": "refund", "pin": ["exchange"]}
    found = ask("POST", "search/preview", {"curations": [curation], "queries": ["refund", "nine"], "limit": 1}).json()
    assert (found["changed"], [item["changed"] for item in found["queries"]]) == (1, [True, False])
    assert found["queries"][0]["new"] == [{"id": "exchange", "title": "Exchange"}]
    asked = ask("POST", "search/preview", {"curations": [curation], "top": 1}).json()
    assert [item["query"] for item in asked["queries"]] == ["refund"]
    held = ask("POST", "curations", curation).json()
    kept = ask("POST", "search/preview", {"curations": [held], "queries": ["refund"]}).json()
    assert kept["changed"] == 0
    assert in_effect(stocked).version == 1


def test_only_curators_say_anything_about_search(client: TestClient, stocked: Shop) -> None:
    for headers, status in (({}, 401), (stocked.key("agent"), 403)):
        for path in ("synonyms", "curations", "boosts", "search/settings"):
            assert client.get(f"/v1/{path}", headers=headers).status_code in (status, 403), path
        assert client.post("/v1/search/preview", json={}, headers=headers).status_code in (status, 403)


# --- the command line ---------------------------------------------------------------------------------------


@pytest.fixture
def run(stocked: Shop, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    monkeypatch.setattr(commands, "opened", lambda settings: _open(stocked, settings))

    def ran(*arguments: str) -> Any:
        done = CliRunner().invoke(app, [*arguments, "--json"], catch_exceptions=False)
        assert done.exit_code == 0
        return json.loads(done.stdout)

    return ran


class _open:
    """The home that is open already."""

    def __init__(self, shop: Shop, _settings: Settings) -> None:
        self.home = shop.home

    def __enter__(self) -> Home:
        return self.home

    def __exit__(self, *_: object) -> None:
        return


def test_the_command_line_adds_lists_and_removes(run: Callable[..., Any]) -> None:
    synonym = run("synonyms", "add", "money back", "refund")
    curation = run("curations", "add", "refund", "--pin", "hours", "--pin", "exchange", "--from", "2026-01-01")
    assert (synonym["version"], curation["version"]) == (1, 2)
    assert run("synonyms", "list")["synonyms"][0]["terms"] == ["money back", "refund"]
    assert run("curations", "list")["curations"][0]["pin"] == ["hours", "exchange"]
    assert run("curations", "remove", curation["id"]) == {"version": 3, "id": curation["id"]}
    assert run("synonyms", "remove", synonym["id"])["version"] == 4
    assert run("curations", "list")["curations"] == []


def test_the_command_line_previews_a_file(run: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    file.write_text(json.dumps({"curations": [{"query": "refund", "pin": ["hours"]}]}))
    found = run("preview", str(file), "--query", "refund", "--limit", "1")
    assert found["changed"] == 1
    assert found["queries"][0]["appeared"] == ["hours"]
    file.write_text(json.dumps({"curations": [{"query": "refund", "pins": []}]}))
    with pytest.raises(InvalidInput, match=r"rules\.json: curations\.0\.pins: Extra inputs"):
        run("preview", str(file))
