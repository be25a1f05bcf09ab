"""The HTTP API in process: shapes, errors, rights, pages."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from articles.gaps.compute import refresh
from kb.jobs import Progress
from kb.models import OPERATOR
from kb.store import searches
from tests.conftest import Shop


@pytest.fixture(autouse=True)
def _stocked(shop: Shop) -> None:
    shop.put("refunds", "# Refunds\n\n## When\n\nRefunds are paid within 14 days.", title="Refunds", product="billing")
    shop.put("환불/안내", "환불은 14일 이내에 해 드립니다.", title="환불 안내", locale="ko")
    shop.put("goodwill", "Secret goodwill credit refunds.", title="Goodwill", audience="internal")


def test_search_by_get_and_by_post_say_the_same(client: TestClient) -> None:
    got = client.get("/v1/search", params={"q": "refunds paid", "explain": True}).json()
    posted = client.post("/v1/search", json={"query": "refunds paid", "explain": True}).json()
    assert got.pop("search_id") != posted.pop("search_id")
    assert got == posted
    keys = {"id", "title", "locale", "audience", "score", "confidence", "heading_path", "anchor", "snippet"}
    assert keys | {"source", "lines", "explain"} <= got["hits"][0].keys()
    assert got["hits"][0]["id"] == "refunds"
    assert {"query", "answerable", "verdict", "hits"} <= got.keys()


def test_internal_articles_never_show(client: TestClient) -> None:
    found = client.get("/v1/search", params={"q": "secret goodwill credit", "limit": 100, "explain": True}).text
    assert "goodwill" not in json.loads(found)["hits"][0]["id"]
    assert "Goodwill" not in found
    assert client.get("/v1/articles/goodwill").status_code == 404
    unknown = client.get("/v1/articles/nothing").json()
    assert client.get("/v1/articles/goodwill").json() == {**unknown, "detail": "no article 'goodwill'"}
    assert "Goodwill" not in client.get("/search", params={"q": "goodwill"}).text


def test_suggest_takes_text_or_a_ticket(client: TestClient, shop: Shop) -> None:
    agent = shop.key("agent")
    ticket = {"subject": "환불", "messages": [{"text": "안녕하세요. 환불은 며칠 이내인가요"}]}
    found = client.post("/v1/suggest", json={"ticket": ticket}, headers=agent).json()
    assert found["hits"][0]["id"] == "환불/안내"
    assert "환불" in found["hits"][0]["why"]
    assert client.post("/v1/suggest", json={"ticket": "refunds"}, headers=agent).json()["hits"]


def test_an_article_as_markdown_and_html(client: TestClient) -> None:
    found = client.get("/v1/articles/refunds").json()
    assert found["markdown"].endswith("within 14 days.")
    assert '<h2 id="when">When</h2>' in found["html"]
    assert client.get("/v1/articles/환불/안내").json()["locale"] == "ko"


def test_links_between_articles_lead_to_their_pages(client: TestClient, shop: Shop) -> None:
    text = "[r](refunds.md#when) [g](goodwill.md) [w](https://example.com/a.md)"
    shop.put("a", f"{text} <a href=' refunds.md#html'>r</a> <a href='&#x3000;javascript:x()'>j</a>", title="A")
    html = client.get("/v1/articles/a").json()["html"]
    assert 'href="/articles/refunds#when"' in html
    assert 'href="/articles/refunds#html"' in html
    assert 'href="javascript' not in html
    assert 'href="goodwill.md"' in html  # not for this reader: where it is stays unsaid
    assert 'href="https://example.com/a.md"' in html


def test_html_is_sanitised(client: TestClient, shop: Shop) -> None:
    author = shop.key("author")
    evil = '<script>x()</script><img src=x onerror=y()> <a href="javascript:z()">k</a> <iframe></iframe>'
    body = {"markdown": f"---\ntitle: {json.dumps(evil)}\n---\n\n{evil}\n\n[l](javascript:w())"}
    assert client.put("/v1/articles/evil", json=body, headers=author).status_code == 201
    html = client.get("/v1/articles/evil").json()["html"]
    page = client.get("/articles/evil").text
    for text in (html, page):
        assert not [bad for bad in ("<script>", "<img src=x onerror", "<iframe", 'href="javascript') if bad in text]


def test_writing_needs_a_right_and_is_searchable_at_once(client: TestClient, shop: Shop) -> None:
    body = {"markdown": "---\ntitle: Moon\nlocale: en\n---\n\nWe ship to the moon."}
    assert client.put("/v1/articles/moon", json=body).status_code == 401
    assert client.put("/v1/articles/moon", json=body, headers=shop.key("agent")).status_code == 403
    author = shop.key("author")
    written = client.put("/v1/articles/moon", json=body, headers=author)
    assert (written.status_code, written.headers["etag"], written.headers["location"]) == (
        201,
        '"1"',
        "/v1/articles/moon",
    )
    assert written.json() == {"id": "moon", "status": "added", "chunks": 1, "version": 1, "revision": 1}
    assert client.get("/v1/search", params={"q": "ship to the moon"}).json()["hits"][0]["id"] == "moon"
    gone = client.delete("/v1/articles/moon", headers={**author, "If-Match": '"1"'})
    assert gone.json()["status"] == "retired"
    assert client.get("/v1/articles/moon").status_code == 404
    assert client.delete("/v1/articles/nothing", headers={**author, "If-Match": "*"}).status_code == 404


def test_what_is_typed_on_the_way_counts_for_nothing_until_something_is_done_with_it(
    client: TestClient, shop: Shop
) -> None:
    shop.put("refunds", "Refunds are paid within 14 days.", title="Refunds")

    def asked() -> list[str]:
        shop.home.journal.flush()
        with shop.home.database.read() as connection:
            return [search.query for search in searches.all_searches(connection, OPERATOR.reader)]

    found = [client.post("/v1/search", json={"query": q, "settled": False}).json() for q in ("refu", "refunds")]
    assert found[1]["hits"][0]["id"] == "refunds"
    assert asked() == []
    client.post("/v1/events", json={"search_id": found[1]["search_id"], "kind": "clicked", "article_id": "refunds"})
    assert asked() == ["refunds"]
    client.post("/v1/events", json={"search_id": found[0]["search_id"], "kind": "settled"})
    assert asked() == ["refu", "refunds"]


def test_events_belong_to_a_search(client: TestClient, shop: Shop) -> None:
    found = client.get("/v1/search", params={"q": "refunds"}).json()
    event = {"search_id": found["search_id"], "kind": "clicked", "article_id": "refunds"}
    told = {**event, "data": {"reason": "mail me at kim@example.com"}}
    assert client.post("/v1/events", json=told).status_code == 202
    shop.home.journal.flush()
    with shop.home.database.read() as connection:
        (stored,) = searches.events_of(connection, ["clicked"])
    assert (stored.article_id, stored.data) == ("refunds", {"reason": "mail me at [email]"})
    for wrong in ({"search_id": "x"}, {"article_id": "goodwill"}, {"article_id": "nothing"}):
        assert client.post("/v1/events", json={**event, **wrong}).status_code == 404
    assert client.post("/v1/events", json={**event, "article_id": ""}).status_code == 400


def test_flags_and_gaps(client: TestClient, shop: Shop) -> None:
    shop.put("old", "x", title="Old", reviewed="2020-01-01", review_every="30d")
    agent = shop.key("agent")
    (flagged,) = client.get("/v1/flags", headers=agent).json()["articles"]
    assert (flagged["id"], flagged["flags"][0]["check"]) == ("old", "verification_overdue")
    client.get("/v1/search", params={"q": "quantum teleportation of parcels"})
    refresh(shop.home, datetime.now(UTC), Progress())
    names = [gap["name"] for gap in client.get("/v1/gaps", headers=agent).json()["gaps"]]
    assert names == ["quantum teleportation of parcels"]


def test_health_and_readiness(client: TestClient, shop: Shop) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["change"] == 0  # how much is written is not for everybody
    assert client.get("/readyz", headers=shop.key("admin")).json()["change"] == 3


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "kind", "words"),
    [
        ("POST", "/v1/suggest", {"ticket": "x"}, 401, "unauthorized", "needs the scope 'support'"),
        ("GET", "/v1/search", None, 422, "invalid-request", "query.q"),
        ("GET", "/v1/search?q=%3F%3F", None, 400, "invalid-input", "'??' has no letter"),
        ("GET", "/v1/search?q=a&limit=0", None, 422, "invalid-request", "query.limit"),
        ("POST", "/v1/search", {"query": "a", "colour": "red"}, 422, "invalid-request", "body.colour"),
        ("POST", "/v1/search", {"query": 5}, 422, "invalid-request", "body.query"),
        ("GET", "/v1/nothing", None, 404, "not-found", "Not Found"),
        ("DELETE", "/healthz", None, 405, "method-not-allowed", "Method"),
    ],
)
def test_every_error_is_a_problem(
    client: TestClient, method: str, path: str, body: object, status: int, kind: str, words: str
) -> None:
    response = client.request(method, path, json=body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    found = response.json()
    assert (found["type"], found["status"]) == (f"urn:kb:problem:{kind}", status)
    assert words in found["detail"]


def test_a_malformed_article_names_its_line(client: TestClient, shop: Shop) -> None:
    response = client.put("/v1/articles/x", json={"markdown": "---\ntitle: [\n---\n"}, headers=shop.key("author"))
    assert response.status_code == 400
    assert response.json()["detail"].startswith("x.md:2: front matter:")


def test_foreign_hosts_and_endless_bodies_are_refused(client: TestClient) -> None:
    assert client.get("/healthz", headers={"Host": "evil.example"}).json()["type"] == "urn:kb:problem:unknown-host"
    response = client.post("/v1/search", content=b"x" * 4_000_001)
    assert (response.status_code, response.json()["type"]) == (413, "urn:kb:problem:body-too-large")


def test_the_page_answers_in_the_language_of_the_question(client: TestClient) -> None:
    page = client.get("/search", params={"q": "환불은 <b>언제</b>까지"}).text
    assert '<html lang="ko"' in page
    assert "<mark>환불" in page
    assert "<b>언제" not in page
    assert '<html lang="ko"' in client.get("/", headers={"Accept-Language": "ko-KR,ko"}).text
    assert client.get("/articles/nothing").status_code == 404
    assert "default-src 'none'" in client.get("/").headers["content-security-policy"]
    assert client.get("/static/help/help.css").status_code == 200


def test_the_page_says_what_it_read_and_lets_it_be_undone(client: TestClient) -> None:
    page = client.get("/search", params={"q": "ghksqnf <b>"}).text
    assert "<s>ghksqnf</s> <strong>환불</strong>" in page
    assert 'href="/search?q=ghksqnf%20%3Cb%3E&amp;exact=true&amp;lang=ko"' in page
    assert "<strong>" not in client.get("/search", params={"q": "ghksqnf", "exact": "true"}).text
    refused = client.get("/search", params={"q": "-refund"})
    assert refused.status_code == 200
    assert "only what not to find" in refused.text
