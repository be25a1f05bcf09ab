"""Articles over HTTP: revisions, moves, versions, lists, bulk, edits, spaces, feeds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.conftest import Shop

TEXT = "---\ntitle: Refunds\nlocale: en\n---\n\n"


class Author:
    """A client that may write, and sends the revision that it knows."""

    def __init__(self, client: TestClient, shop: Shop, **rights: Any) -> None:
        self.client, self.headers = client, shop.key(rights.pop("role", "author"), **rights)

    def __call__(self, method: str, path: str, body: Any = None, tag: object = None, **options: Any) -> Any:
        headers = {**self.headers, **options.pop("headers", {})}
        if tag is not None:
            headers["If-Match"] = "*" if tag == "*" else f'"{tag}"'
        return self.client.request(method, path, json=body, headers=headers, **options)

    def write(self, article_id: str, body: str, tag: object = None, **more: Any) -> Any:
        return self("PUT", f"/v1/articles/{article_id}", {"markdown": TEXT + body, **more}, tag)


@pytest.fixture
def author(client: TestClient, shop: Shop) -> Author:
    return Author(client, shop)


def test_a_lost_update_is_impossible(author: Author) -> None:
    assert author.write("refunds", "one").status_code == 201
    blind = author.write("refunds", "two")
    assert (blind.status_code, blind.json()["type"]) == (428, "urn:kb:problem:precondition-required")
    assert author.write("refunds", "two", 1).json()["revision"] == 2
    late = author.write("refunds", "three", 1)
    assert (late.status_code, late.headers["etag"]) == (412, '"2"')
    assert late.json()["detail"] == "'refunds' is at revision 2, and revision 1 was expected: read it again"
    assert author.write("refunds", "three", "*").json()["revision"] == 3
    assert author("PATCH", "/v1/articles/refunds", {"owner": "kim"}).status_code == 428
    assert author("PATCH", "/v1/articles/refunds", {"owner": "kim"}, "x").status_code == 400
    new = author("PUT", "/v1/articles/refunds", {"markdown": TEXT}, headers={"If-None-Match": "*"})
    assert new.status_code == 412


def test_what_the_reader_has_is_not_sent_again(author: Author, client: TestClient) -> None:
    author.write("refunds", "one")
    found = client.get("/v1/articles/refunds")
    assert (found.headers["etag"], found.headers["content-language"]) == ('"1"', "en")
    again = client.get("/v1/articles/refunds", headers={"If-None-Match": '"1"'})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/v1/articles/refunds", headers={"If-None-Match": '"7"'}).status_code == 200


def test_the_life_of_an_article(author: Author, client: TestClient) -> None:
    def step(action: str, tag: object, **more: Any) -> Any:
        return author("POST", "/v1/articles/refunds/transitions", {"action": action, **more}, tag)

    assert author.write("refunds", "Fourteen days.", publish=False).json()["version"] == 1
    assert client.get("/v1/articles/refunds").status_code == 404
    assert author("GET", "/v1/articles/refunds").json()["working"]["state"] == "draft"
    assert step("submit", 1).json()["revision"] == 2
    assert [step(action, "*").status_code for action in ("approve", "publish")] == [200, 200]
    assert client.get("/v1/articles/refunds").json()["state"] == "published"
    assert step("publish", "*").status_code == 409
    assert author.write("refunds", "Thirty days.", "*").json()["version"] == 2
    patch = author("GET", "/v1/articles/refunds/diff?before=1&after=2").json()
    assert (patch["added"], patch["removed"], "+Thirty days." in patch["unified"]) == (1, 1, True)
    assert step("restore", "*", version=1).json()["version"] == 3
    step("publish", "*")
    listed = author("GET", "/v1/articles/refunds/versions?limit=2").json()
    assert [(v["number"], v["state"]) for v in listed["versions"]] == [(3, "live"), (2, "past")]
    rest = author("GET", "/v1/articles/refunds/versions", params={"limit": 2, "cursor": listed["next"]}).json()
    assert ([v["number"] for v in rest["versions"]], rest["next"]) == ([1], None)
    assert author("GET", "/v1/articles/refunds/versions/1").json()["markdown"].endswith("Fourteen days.")
    assert step("verify", "*").status_code == 200
    assert client.get("/v1/articles/refunds").json()["verification"]["status"] == "verified"
    assert step("archive", "*", at="2030-01-01").status_code == 200
    assert author("GET", "/v1/articles/refunds").json()["archive_at"] == "2030-01-01T00:00:00.000Z"
    assert step("archive", "*").json()["status"] == "retired"
    assert client.get("/v1/articles/refunds").status_code == 404
    assert step("restore", "*").json()["detail"] == "version: say which version to restore"
    assert step("submit", "*", at="2030-01-01").json()["detail"].startswith("at: 'submit' cannot be planned")
    assert step("publish", "*", at="soon").json()["detail"].startswith("at: 'soon' is not a time")


def test_a_moved_article_answers_at_its_old_address(author: Author, client: TestClient) -> None:
    author.write("refunds", "one")
    moved = author("POST", "/v1/articles/refunds/move", {"to": "환불/returns"}, 1)
    assert moved.headers["location"] == "/v1/articles/%ED%99%98%EB%B6%88/returns"
    for path in ("/v1/articles/refunds", "/articles/refunds"):
        found = client.get(path, follow_redirects=False)
        assert (found.status_code, found.headers["location"].endswith("/returns")) == (308, True)
    assert client.get("/v1/articles/refunds").json()["id"] == "환불/returns"
    author("PATCH", "/v1/articles/환불/returns", {"audience": "internal"}, "*")
    hidden, unknown = (client.get(f"/v1/articles/{name}", follow_redirects=False) for name in ("refunds", "nothing"))
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.json()["detail"].replace("refunds", "nothing") == unknown.json()["detail"]


def test_a_list_goes_on_where_it_stopped(author: Author, client: TestClient) -> None:
    for number in range(5):
        author.write(f"a{number}", "x", publish=number != 3)
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get("/v1/articles", params={"limit": 2, "cursor": cursor, "fields": "title"}).json()
        seen += page["articles"]
        cursor = page["next"]
    assert seen == [{"id": f"a{number}", "title": "Refunds"} for number in (0, 1, 2, 4)]
    assert client.get("/v1/articles", params={"limit": 4}).json()["next"] is None
    assert client.get("/v1/articles", params={"state": "draft"}).status_code == 403
    assert [a["id"] for a in author("GET", "/v1/articles?worked_on=draft&state=any").json()["articles"]] == ["a3"]
    at = author("GET", "/v1/articles/a1").json()["updated_at"]
    later = client.get("/v1/articles", params={"updated_after": at}).json()["articles"]
    assert [a["id"] for a in later] == ["a2", "a4"]
    assert client.get("/v1/articles", params={"cursor": "x"}).json()["detail"].startswith("cursor: 'x' is not one")
    assert "colour" in client.get("/v1/articles", params={"fields": "colour"}).json()["detail"]


def test_filters_of_a_list(author: Author, client: TestClient, shop: Shop) -> None:
    shop.put("a", "x", title="A", owner="kim", tags="[money, 돈]", product="Hub", category="Billing")
    shop.put("b", "x", title="B", locale="ko")
    for key, value in {"owner": "kim", "label": "돈", "product": "Hub", "category": "Billing", "locale": "EN"}.items():
        assert [a["id"] for a in client.get("/v1/articles", params={key: value}).json()["articles"]] == ["a"]


def test_a_reader_gets_their_language_or_the_nearest(author: Author, client: TestClient, shop: Shop) -> None:
    shop.put("en/refunds", "x", title="Refunds")
    shop.put("ko/refunds", "x", title="환불", locale="ko")
    found = client.get("/v1/articles/en/refunds", params={"locale": "ko-KR"})
    assert (found.json()["title"], found.headers["content-language"]) == ("환불", "ko")
    assert found.json()["translations"] == [{"id": "en/refunds", "locale": "en", "title": "Refunds"}]
    assert client.get("/v1/articles/en/refunds", params={"locale": "de"}).json()["title"] == "Refunds"


def test_many_articles_are_written_in_one_request(author: Author, client: TestClient) -> None:
    author.write("old", "x")
    lines = [
        {"id": "one", "markdown": TEXT + "one"},
        {"id": "old", "markdown": TEXT + "new", "revision": 7},
        {"id": "one", "markdown": TEXT + "one again"},
        {"id": "bad", "markdown": "---\ntitle: [\n---"},
        {"id": "two"},
        {"id": "secret", "markdown": "---\naudience: leads\n---\nx"},
    ]
    body = "\n".join(map(json.dumps, lines)) + "\n\nnot json\n"
    headers = {**author.headers, "Content-Type": "application/x-ndjson"}
    answer = client.post("/v1/articles/bulk", content=body, headers=headers)
    found = [json.loads(line) for line in answer.text.splitlines()]
    assert [item["line"] for item in found] == [1, 2, 3, 4, 5, 6, 8]
    assert [item["status"] for item in found] == ["added", "failed", "updated", *["failed"] * 4]
    kinds = [item["error"]["type"].rpartition(":")[2] for item in found if "error" in item]
    assert kinds == ["precondition-failed", "invalid-input", "invalid-input", "forbidden", "invalid-input"]
    assert "line 5: markdown: Field required" in found[4]["error"]["detail"]
    assert client.post("/v1/articles/bulk", content=body).status_code == 401


def test_an_agent_flags_and_an_author_resolves(author: Author, client: TestClient, shop: Shop) -> None:
    author.write("refunds", "one")
    agent = Author(client, shop, role="agent")
    sent = agent("POST", "/v1/articles/refunds/edits", {"note": "wrong", "quote": "call me at 010-1234-5678"})
    assert (sent.status_code, sent.json()["quote"]) == (201, "call me at [phone]")
    address = sent.headers["location"]
    assert agent("GET", address).json()["kind"] == "flag"
    other = Author(client, shop, role="agent")
    assert (other("GET", address).status_code, other("GET", "/v1/edits").json()["edits"]) == (404, [])
    assert len(author("GET", "/v1/edits").json()["edits"]) == 1
    assert agent("POST", f"{address}/resolve", {"accept": True}).status_code == 403
    assert author("POST", f"{address}/resolve", {"accept": True}).json()["state"] == "accepted"
    assert author("POST", f"{address}/resolve", {"accept": True}).status_code == 409


def test_spaces_and_redirects_over_http(author: Author, client: TestClient, shop: Shop) -> None:
    admin = Author(client, shop, role="admin")
    made = admin("PUT", "/v1/spaces/shop", {"name": "Shop", "locales": ["ko"]})
    assert made.status_code == 201
    assert admin("PUT", "/v1/spaces/shop", {"name": "Store"}).status_code == 428
    tag = made.headers["etag"].strip('"')
    assert admin("PUT", "/v1/spaces/shop", {"name": "Store", "locales": ["ko"]}, tag).status_code == 200
    assert admin("PUT", "/v1/spaces/shop", {"name": "Other"}, tag).status_code == 412
    assert [space["id"] for space in client.get("/v1/spaces").json()["spaces"]] == ["main", "shop"]
    limited = Author(client, shop, role="agent", space_ids=["shop"])
    assert [space["id"] for space in limited("GET", "/v1/spaces").json()["spaces"]] == ["shop"]
    author.write("refunds", "x")
    assert author("PUT", "/v1/redirects/old", {"target": "refunds"}).json()["target"] == "refunds"
    assert client.get("/v1/redirects/old").json()["target"] == "refunds"
    assert author("GET", "/v1/redirects").json()["redirects"] == [{"source": "old", "target": "refunds"}]
    assert author("DELETE", "/v1/redirects/old").status_code == 204
    assert admin("DELETE", "/v1/spaces/shop").status_code == 204


def test_templates_come_in_the_authors_language(author: Author) -> None:
    found = author("GET", "/v1/templates?locale=ko-KR").json()["templates"]
    assert [item["id"] for item in found] == ["faq", "how-to", "policy", "troubleshooting"]
    assert {item["locale"] for item in found} == {"ko"}
    for item in found:
        assert author("PUT", f"/v1/articles/new-{item['id']}", {"markdown": item["markdown"]}).status_code == 201


def test_related_articles_and_the_feed_are_the_readers_own(author: Author, client: TestClient, shop: Shop) -> None:
    shop.put("refunds", "Refunds are paid within 14 days.", title="Refunds & <returns>")
    shop.put("returns", "Returns are refunded within 14 days.", title="Returns")
    shop.put("goodwill", "Refunds are paid at once.", title="Goodwill", audience="internal")
    found = client.get("/v1/articles/refunds/related").json()["articles"]
    assert [item["id"] for item in found] == ["returns"]
    agent = client.get("/v1/articles/refunds/related", headers=shop.key("agent")).json()["articles"]
    assert {item["id"] for item in agent} == {"returns", "goodwill"}
    assert client.get("/v1/articles/goodwill/related").status_code == 404
    feed = client.get("/feed.atom")
    assert (feed.headers["content-type"].split(";")[0], "Goodwill" in feed.text) == ("application/atom+xml", False)
    assert "Refunds &amp; &lt;returns&gt;" in feed.text


def test_erasing_is_for_admins(author: Author, client: TestClient, shop: Shop) -> None:
    author.write("refunds", "x")
    assert author("DELETE", "/v1/articles/refunds?erase=true", tag="*").status_code == 403
    admin = Author(client, shop, role="admin")
    assert admin("DELETE", "/v1/articles/refunds?erase=true", tag=1).json()["status"] == "erased"
    assert author("GET", "/v1/articles/refunds/versions").status_code == 404
