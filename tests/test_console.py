"""The agent console's pages, its session in a frame, and drafts of articles that are made of tickets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.app import create_app
from articles.drafts import draft_id, markdown
from articles.prepare import read_article
from indexer.markdown import parse
from kb import passwords
from kb.cli.serve import _environment
from kb.errors import InvalidInput
from kb.models import EVERYTHING, OPERATOR
from kb.settings import Settings, load
from kb.store import articles, people, spaces, versions
from kb.store.articles import Record
from kb.store.spaces import Space
from kb.store.tickets import StoredTicket
from tests.conftest import Shop

PASSWORD = "correct horse battery"
DESK = "https://desk.example"


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def framed(shop: Shop) -> Iterator[TestClient]:
    """A server that lets two help desks show the console."""
    shop.home.settings = Settings(home=shop.home.path, frame_origins=(DESK, "http://localhost:9000"))
    with TestClient(create_app(shop.home.settings, shop.home), base_url="http://127.0.0.1") as found:
        yield found


def make_user(shop: Shop, user_id: str = "kim", role: Any = "agent") -> None:
    with shop.home.database.write() as connection:
        people.add_user(connection, OPERATOR, user_id, role=role, password=passwords.hashed(PASSWORD, user_id))


def sign_in(client: TestClient, user_id: str = "kim") -> dict[str, str]:
    answer = client.post("/v1/session", json={"user": user_id, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    return {"X-CSRF-Token": answer.json()["csrf_token"]}


# --- the pages -----------------------------------------------------------------------------------------------


def test_whoever_is_not_signed_in_is_led_to_the_page_for_that_and_back(client: TestClient, shop: Shop) -> None:
    answer = client.get("/console?ticket=a%2Fb&lang=ko-KR", follow_redirects=False)
    assert answer.status_code == 303
    there = "/sign-in?next=%2Fconsole%3Fticket%3Da%252Fb%26lang%3Dko-KR&lang=ko"
    assert (answer.headers["location"], answer.headers["cache-control"]) == (there, "no-store")
    page = client.get(there)
    assert 'data-next="/console?ticket=a%2Fb&amp;lang=ko-KR"' in page.text
    assert '<html lang="ko"' in page.text
    make_user(shop)
    sign_in(client)
    assert client.get("/console").status_code == 200
    with shop.home.database.write() as connection:
        connection.execute(text("UPDATE sessions SET expires_at = '2026-01-01T00:00:00.000Z'"))
    assert client.get("/console", follow_redirects=False).status_code == 303
    assert "kb_session" not in client.cookies


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "console",
        "",
        "/console\n",
        "/콘솔",
    ],
)
def test_signing_in_leads_to_no_other_site(client: TestClient, elsewhere: str) -> None:
    assert 'data-next="/console"' in client.get("/sign-in", params={"next": elsewhere}).text


def test_what_is_in_the_address_is_text_on_the_page(client: TestClient) -> None:
    page = client.get("/sign-in", params={"next": '/console?"><script>alert(1)</script>'}).text
    assert "<script>alert" not in page


def test_the_console_is_for_whoever_may_support(client: TestClient, shop: Shop) -> None:
    for role, status in (("customer", 403), ("agent", 200), ("author", 200), ("admin", 200)):
        make_user(shop, role, role)
        sign_in(client, role)
        page = client.get("/console", headers={"Accept-Language": "ko"})
        assert (page.status_code, page.headers["content-language"]) == (status, "ko")
        assert (f"{role}(으)로 로그인되어 있습니다." in page.text) == (status == 403)
    client.cookies.clear()
    assert client.get("/console", headers=shop.key("agent"), follow_redirects=False).status_code == 303


def test_pages_have_no_script_or_style_in_them(client: TestClient, shop: Shop) -> None:
    make_user(shop)
    sign_in(client)
    for path in ("/console", "/sign-in"):
        page = client.get(path)
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert not re.search(r"<script(?![^>]* src=)|<style|\bstyle=|\son\w+=", page.text)


# --- frames --------------------------------------------------------------------------------------------------


def test_nobody_elses_page_shows_the_console(client: TestClient, shop: Shop) -> None:
    make_user(shop)
    sign_in(client)
    for path in ("/console", "/sign-in"):
        headers = client.get(path).headers
        assert headers["content-security-policy"].endswith("frame-ancestors 'self'")
        assert headers["x-frame-options"] == "SAMEORIGIN"


def test_help_desks_that_are_named_show_the_console_and_nothing_else(framed: TestClient, shop: Shop) -> None:
    make_user(shop)
    sign_in(framed)
    for path in ("/console", "/sign-in"):
        policy = framed.get(path).headers["content-security-policy"]
        assert policy.endswith(f"frame-ancestors 'self' {DESK} http://localhost:9000")
    assert f'data-origins="{DESK} http://localhost:9000"' in framed.get("/console").text
    assert framed.get("/v1/session").headers["content-security-policy"].endswith("frame-ancestors 'none'")


def test_a_session_in_a_frame_is_of_that_desk_alone(framed: TestClient, client: TestClient, shop: Shop) -> None:
    make_user(shop)
    body = {"user": "kim", "password": PASSWORD}
    cookies = [
        found.post(url, json=body).headers["set-cookie"].split("; ", 1)[1]
        for found, url in ((framed, "https://127.0.0.1/v1/session"), (framed, "/v1/session"), (client, "/v1/session"))
    ]
    shop.home.settings = Settings(home=shop.home.path)
    cookies.append(client.post("https://127.0.0.1/v1/session", json=body).headers["set-cookie"].split("; ", 1)[1])
    assert cookies == [
        "HttpOnly; Max-Age=43200; Path=/; SameSite=none; Secure; Partitioned",
        "HttpOnly; Max-Age=43200; Path=/; SameSite=lax",
        "HttpOnly; Max-Age=43200; Path=/; SameSite=lax",
        "HttpOnly; Max-Age=43200; Path=/; SameSite=lax; Secure",
    ]


def test_signing_out_of_a_frame_takes_that_cookie_away(framed: TestClient, shop: Shop) -> None:
    make_user(shop)
    made = framed.post("https://127.0.0.1/v1/session", json={"user": "kim", "password": PASSWORD})
    headers = {"X-CSRF-Token": made.json()["csrf_token"], "Cookie": f"kb_session={framed.cookies['kb_session']}"}
    gone = framed.delete("https://127.0.0.1/v1/session", headers=headers)
    assert gone.headers["set-cookie"].endswith("Max-Age=0; Path=/; SameSite=none; Secure; Partitioned")


@pytest.mark.parametrize(
    "wrong", ["*", "desk.example", "https://desk.example/", "https://a.b; script-src *", "https://A.b", "https://*.a.b"]
)
def test_an_origin_is_as_browsers_write_it(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_FRAME_ORIGINS", f"{DESK},{wrong}")
    with pytest.raises(InvalidInput, match=r"frame_origins.*is not an origin"):
        load()


def test_worker_processes_know_the_same_desks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, frame_origins=(DESK, "http://[::1]:9000"))
    for name, value in _environment(settings).items():
        monkeypatch.setenv(name, value)
    assert load().settings.frame_origins == settings.frame_origins


# --- drafts --------------------------------------------------------------------------------------------------


def ticket(*messages: tuple[str, str], **changed: Any) -> StoredTicket:
    turns = [{"author": author, "text": words, "at": ""} for author, words in messages]
    values: dict[str, Any] = {
        **{
            "id": "7",
            "space": "main",
            "state": "solved",
            "subject": "",
            "messages": turns,
            "locale": "",
            "product": "",
        },
        **{"channel": "", "person": "", "linked": [], "search_ids": [], "created_at": "", "updated_at": ""},
    }
    return StoredTicket(**{**values, "closed_at": "", **changed})


def test_a_draft_has_the_question_and_the_answer_in_the_ticket_s_language() -> None:
    english = ticket(
        ("customer", "Hi there,\nthe app crashes on launch.\n\nThanks,\nJo"),
        (
            "agent",
            "Hello,\n1. Open *Settings*.\n2) Tap Reset.\n- or write to us: https://help.example/a_b_c\n\nRegards",
        ),
        ("customer", "It works!"),
        subject="App  crashes",
        product="app",
    )
    assert markdown(english, Space("main", "")) == (
        "---\ntitle: App crashes\nlocale: en\nproduct: app\nspace: main\ntags:\n- from-ticket\n"
        "audience: internal\nstate: draft\n---\n\n"
        "## Question\n\n> the app crashes on launch.\n\n> It works!\n\n"
        "## Answer\n\n1. Open \\*Settings\\*.\n2) Tap Reset.\n- or write to us: https://help.example/a_b_c\n"
    )
    korean = ticket(
        ("customer", "안녕하세요, 앱이 실행되지 않아요.\n오류 코드는 E-12입니다.\n감사합니다."), product="app"
    )
    assert markdown(korean, Space("main", "", products=("web",), labels=("faq",), locales=("en", "ko-KR"))) == (
        "---\ntitle: 앱이 실행되지 않아요.\nlocale: ko-KR\nspace: main\naudience: internal\nstate: draft\n---\n\n"
        "## 질문\n\n> 앱이 실행되지 않아요.\n> 오류 코드는 E-12입니다.\n\n## 답변\n\n*티켓에 답변이 없습니다.*\n"
    )


HOSTILE = """---
audience: public
state: published
---
# A heading
Another
===
And one
---
## Answer
<script>alert(1)</script> <h1>x</h1>
![x](https://evil.example/x.png) [x](javascript:alert(1))
> [!NOTE]
> quoted

    code
```
fence
~~~
1. # x
- ## y
* * *
| a | b |
|---|---|
[^1]: note {#id}
&lt;b&gt; `code` $x$ ~~gone~~ _a_ **b**
"""


@pytest.mark.parametrize("author", ["customer", "agent"])
@pytest.mark.parametrize("before", ["", "x\n", "x\n\n", "1. x\n", "> x\n"])
def test_a_ticket_s_words_are_only_words(author: str, before: str) -> None:
    text_ = before + HOSTILE.replace("\n> [!NOTE]\n> quoted", "")
    made = markdown(ticket((author, text_), subject="---\nid: other\n# x"), Space("main", ""))
    found = read_article(made, "drafts/ticket-7.md", "drafts/ticket-7")
    assert (found.metadata.audience, found.metadata.state, found.id) == ("agents", "draft", "drafts/ticket-7")
    assert found.metadata.title == "--- id: other # x"
    document = parse(made)
    assert [block.text for block in document.blocks if block.kind == "heading"] == ["Question", "Answer"]
    kinds = {block.kind for block in document.blocks}
    assert not kinds & {"fence", "code", "row", "html", "table"}, kinds
    assert all(link.target.startswith("https://evil.example") and not link.image for link in document.links)
    said = "\n".join(block.text for block in document.blocks)
    for words in ("# A heading", "===", "<script>alert(1)</script>", "|---|---|", "&lt;b&gt;", "~~gone~~", "_a_ **b**"):
        assert words in said, words


@pytest.mark.parametrize(
    ("ticket_id", "name"),
    [
        ("48213", "drafts/ticket-48213"),
        ("console-0f8c.a", "drafts/ticket-console-0f8c.a"),
        ("versions", "drafts/ticket-versions"),
        ("티켓-7", "drafts/ticket-티켓-7"),
    ],
)
def test_a_draft_is_named_as_its_ticket(ticket_id: str, name: str) -> None:
    assert draft_id(ticket_id) == name


def test_tickets_that_are_named_alike_have_drafts_of_their_own() -> None:
    names = [draft_id(name) for name in ("a/b", "a b", "a-b", "../a-b", " a-b", "a/versions", "///", "a\\b")]
    assert len(set(names)) == len(names)
    for name in names:
        assert re.fullmatch(r"drafts/ticket-[\w.-]+", name)


def put_ticket(client: TestClient, headers: dict[str, str], ticket_id: str = "desk/7", **more: Any) -> None:
    told = {
        "id": ticket_id,
        "subject": "Refund for kim@example.com",
        "messages": [
            {"text": "Call me: 010-1234-5678. Where is my refund?"},
            {"author": "agent", "text": "Within 14 days."},
        ],
        "state": "solved",
        **more,
    }
    answer = client.post("/v1/tickets", json=told, headers=headers)
    assert answer.status_code == 201, answer.text


def record(shop: Shop, article_id: str) -> Record | None:
    with shop.home.database.read() as connection:
        return articles.record(connection, article_id)


def test_an_agent_drafts_an_article_that_is_not_live(client: TestClient, shop: Shop) -> None:
    agent = shop.key("agent")
    put_ticket(client, agent)
    answer = client.post("/v1/tickets/desk/7/draft", headers=agent)
    name = draft_id("desk/7")
    assert answer.status_code == 201
    assert answer.json() == {"id": name, "status": "added", "chunks": 0, "version": 1, "revision": 1}
    assert (answer.headers["location"], answer.headers["etag"]) == (f"/v1/articles/{name}", '"1"')
    made = record(shop, name)
    assert made is not None
    assert (made.state, made.audience, made.title) == ("draft", "agents", "Refund for [email]")
    with shop.home.database.read() as connection:
        version = versions.get(connection, name, 1)
        assert [a.id for a in articles.many(connection, [name], EVERYTHING, ("published",))] == []
    assert version is not None
    assert (version.state, version.note) == ("draft", "from ticket desk/7")
    assert version.author.startswith("key:")
    assert r"\[phone\]" in version.markdown
    assert "1234" not in version.markdown
    assert client.get(f"/v1/articles/{name}", headers=agent).status_code == 404
    assert client.get(f"/v1/articles/{name}", headers=shop.key("author")).json()["state"] == "draft"
    assert shop.ids("Where is my refund", EVERYTHING) == []


def test_a_ticket_has_one_draft_also_when_it_was_moved(client: TestClient, shop: Shop) -> None:
    agent, author = shop.key("agent"), shop.key("author")
    put_ticket(client, agent, "7")
    assert client.post("/v1/tickets/7/draft", headers=agent).status_code == 201
    again = client.post("/v1/tickets/7/draft", headers=agent)
    assert (again.status_code, again.json()["type"]) == (409, "urn:kb:problem:conflict")
    moved = client.post(
        "/v1/articles/drafts/ticket-7/move", json={"to": "refund-times"}, headers={**author, "If-Match": "*"}
    )
    assert moved.status_code == 200
    assert client.post("/v1/tickets/7/draft", headers=agent).status_code == 409
    step = client.post(
        "/v1/articles/refund-times/transitions", json={"action": "publish"}, headers={**author, "If-Match": "*"}
    )
    assert step.status_code == 200
    assert client.get("/v1/articles/refund-times", headers=agent).json()["title"] == "Refund for [email]"


def test_who_may_not_support_or_does_not_see_the_ticket_makes_no_draft(client: TestClient, shop: Shop) -> None:
    with shop.home.database.write() as connection:
        spaces.put(connection, Space("mars", "Mars"))
    put_ticket(client, shop.key("agent"), "7", space="mars")
    assert client.post("/v1/tickets/7/draft").status_code == 401
    assert client.post("/v1/tickets/7/draft", headers=shop.key("customer")).status_code == 403
    elsewhere = shop.key("agent", space_ids=["main"])
    hidden = client.post("/v1/tickets/7/draft", headers=elsewhere)
    assert hidden.status_code == 404
    missing = client.post("/v1/tickets/8/draft", headers=elsewhere).json()["detail"]
    assert hidden.json()["detail"] == missing.replace("8", "7")
    assert record(shop, "drafts/ticket-7") is None
    assert client.post("/v1/tickets/7/draft", headers=shop.key("agent", space_ids=["mars"])).status_code == 201
    made = record(shop, "drafts/ticket-7")
    assert made is not None
    assert made.space == "mars"
