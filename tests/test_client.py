"""`kb.client` against a server on a real socket: every operation, waiting and awaiting, pages, bulk and problems."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from kb.client import AsyncClient, Call, Client, admin, calls, digests, evidence, gaps, upkeep
from kb.errors import Conflict, Forbidden, InvalidInput, KbError, NotFound, PreconditionRequired, Stale, Unauthorized
from kb.wire.articles import BulkIn
from kb.wire.search import SearchOut
from tests.conftest import Shop, listening

DOCUMENT = json.loads((Path(__file__).parents[1] / "docs" / "openapi.json").read_text())
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0"
# a browser's own (GET with a query, sign-in, files by name), and the stream that `bulk` is
ELSEWHERE = {
    ("GET", "/v1/search"),
    ("POST", "/v1/session"),
    ("DELETE", "/v1/session"),
    ("GET", "/media/{media_id}/{name}"),
    ("POST", "/v1/articles/bulk"),
}


_SOME = {"int": 1, "date": date(2027, 1, 31), "list[str]": ["a/b"], "Sequence[str]": ["a/b"]}


@pytest.fixture
def url(shop: Shop) -> Iterator[str]:
    with listening(create_app(shop.settings, shop.home)) as found:
        yield found


@pytest.fixture
def key(shop: Shop) -> str:
    return shop.key("admin")["Authorization"].removeprefix("Bearer ")


def test_every_operation_has_its_call() -> None:
    built = [_call(make) for module in (calls, admin, digests, evidence, gaps, upkeep) for make in _public(module)]
    asked = {_operation(call) for call in built}
    assert asked == {(m.upper(), path) for path, methods in DOCUMENT["paths"].items() for m in methods} - ELSEWHERE


def _public(module: Any) -> list[Callable[..., Call[Any]]]:
    found = inspect.getmembers(module, inspect.isfunction)
    return [f for name, f in found if f.__module__ == module.__name__ and not name.startswith("_")]


def _call(make: Callable[..., Call[Any]]) -> Call[Any]:
    """A call with something for every argument that has no default."""
    needed = [
        p for p in inspect.signature(make).parameters.values() if p.default is p.empty and p.kind is not p.VAR_KEYWORD
    ]
    return make(**{p.name: _SOME.get(p.annotation.removesuffix(" | None"), "a/b") for p in needed})


def _operation(call: Call[Any]) -> tuple[str, str]:
    """The operation whose address a call's is; the longest where several are."""
    fits = [
        path
        for path, methods in DOCUMENT["paths"].items()
        if call.method.lower() in methods
        and re.fullmatch(
            re.sub(
                r"\{(article_id|ticket_id|source)\}",
                ".+",
                re.sub(r"\{(?!article_id|ticket_id|source)\w+\}", "[^/]+", path),
            ),
            call.path,
        )
    ]
    return call.method, max(fits, key=lambda path: (len(path), path))


def test_a_day_of_an_author(url: str, key: str) -> None:
    with Client(url, key) as kb:
        made = kb.send(calls.create_article("refunds/late", "# Refunds\n\nWithin 14 days.", publish=False))
        step = kb.send(calls.transition("refunds/late", "submit", made.revision))
        step = kb.send(calls.transition("refunds/late", "approve", step.revision))
        step = kb.send(calls.transition("refunds/late", "publish", step.revision))
        step = kb.send(calls.put_article("refunds/late", "# Refunds\n\nWithin 30 days.", step.revision))
        assert kb.send(calls.diff("refunds/late", 1, 2)).added == 1
        assert [v.number for v in kb.send(calls.versions("refunds/late")).versions] == [2, 1]
        assert "14" in kb.send(calls.version("refunds/late", 1)).markdown
        step = kb.send(calls.describe_article("refunds/late", step.revision, tags=["money"]))
        step = kb.send(calls.move_article("refunds/late", "refunds", step.revision))
        with pytest.raises(NotFound, match="/v1/articles/refunds"):
            kb.send(calls.article("refunds/late"))
        assert [r.target for r in kb.send(calls.redirects()).redirects] == ["refunds"]
        found = kb.send(calls.search("refunds within days"))
        assert [hit.id for hit in found.hits] == ["refunds"]
        assert kb.send(calls.event(found.search_id, "clicked", "refunds")).status == "accepted"
        assert kb.send(calls.complete("refu")).completions
        assert kb.send(calls.suggest("My refund does not come")).hits
        edit = kb.send(calls.suggest_edit("refunds", note="It is 14 days."))
        assert kb.send(calls.edits(state="open")).edits == [kb.send(calls.edit(edit.id))]
        assert kb.send(calls.resolve_edit(edit.id, accept=False)).state == "declined"
        step = kb.send(calls.archive_article("refunds", None))
        assert kb.send(calls.erase_article("refunds", step.revision)).status == "erased"


def test_an_administrator_s_work(url: str, key: str) -> None:
    with Client(url, key) as kb:
        assert kb.send(admin.session()).actor.startswith("key:")
        fresh = kb.send(admin.create_key("Widget", "customer", origins=["https://shop.example"]))
        assert fresh.key.startswith("kb_")
        assert kb.send(admin.key(fresh.id)).origins == ["https://shop.example"]
        kb.send(admin.revoke_key(fresh.id))
        kb.send(admin.create_group("vip"))
        kb.send(admin.create_user("kim@example.com", "correct horse battery", "author", groups=["vip"]))
        assert kb.send(admin.change_user("kim@example.com", name="Kim")).name == "Kim"
        assert {entry.action for entry in kb.send(admin.audit(object="user:kim@example.com")).entries} == {
            "user.create",
            "user.update",
        }
        kb.send(admin.remove_user("kim@example.com"))
        kb.send(admin.remove_group("vip"))
        synonym = kb.send(admin.add_synonym(["refund", "money back"]))
        kb.send(admin.put_synonym(synonym.id, ["refund", "환불"]))
        kb.send(calls.put_article("old", "# Old\n\nAn old text.", None))
        rule = kb.send(admin.add_curation("refund", hide=["old"], from_="2026-01-01"))
        assert rule.from_.startswith("2026-01-01")
        assert kb.send(admin.put_boosts(standing={"verified": 0.01})).standing["verified"] == 0.01
        kb.send(admin.remove_synonym(synonym.id))
        kb.send(admin.remove_curation(rule.id))
        settings = kb.send(admin.search_settings()).versions
        restored = kb.send(admin.restore_search_settings(settings[-1].version))
        assert restored.version == settings[0].version + 1
        assert kb.send(admin.preview(queries=["refund"], boosts={})).queries[0].query == "refund"
        assert "compact" in {job.name for job in kb.send(admin.jobs()).jobs}
        assert kb.send(admin.run_job("compact")).name == "compact"


def test_tickets_files_and_places(url: str, key: str) -> None:
    with Client(url, key) as kb:
        ticket = kb.send(calls.put_ticket("desk/1", subject="Refund", messages=[{"text": "I am kim@example.com"}]))
        assert "kim@example.com" not in ticket.messages[0].text
        assert kb.send(calls.ticket("desk/1")) == ticket
        assert kb.send(calls.erase_ticket("desk/1")).tickets == 1
        assert kb.send(calls.erase_person("kim@example.com")).tickets == 0
        picture = kb.send(calls.upload("a picture.png", PNG, audience="internal"))
        assert kb.send(calls.download(picture.id)) == PNG
        assert kb.send(calls.move_medium(picture.id, audience="public")) == kb.send(calls.medium(picture.id))
        kb.send(calls.remove_medium(picture.id))
        assert kb.send(calls.media()).media == []
        space = kb.send(calls.put_space("shop", name="Shop"))
        assert kb.send(calls.put_space("shop", space.revision, name="The shop")) == kb.send(calls.space("shop"))
        kb.send(calls.remove_space("shop"))
        kb.send(calls.put_article("refunds", "# Refunds\n\nWithin 14 days.", None))
        assert kb.send(calls.put_redirect("old", "refunds")) == kb.send(calls.redirect("old"))
        kb.send(calls.remove_redirect("old"))
        assert kb.send(calls.metrics("2026-01-01")).search_ctr.of == 0
        assert kb.send(calls.healthy()).status == "ok"


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (calls.article("none"), NotFound),
        (calls.create_article("refunds", "text"), Stale),
        (calls.put_article("refunds", "text", 7), Stale),
        (Call("DELETE", "/v1/articles/refunds", SearchOut), PreconditionRequired),
        (calls.put_article("refunds", "---\naudience: [a]\n---\n", None), InvalidInput),
        (calls.transition("refunds", "approve", None), Conflict),
        (calls.search("refunds", limit=1_000), InvalidInput),
    ],
)
def test_a_problem_is_the_error_that_it_is(
    shop: Shop, url: str, key: str, call: Call[Any], kind: type[KbError]
) -> None:
    shop.put("refunds", "Within 14 days.", title="Refunds")
    with Client(url, key) as kb, pytest.raises(kind) as raised:
        kb.send(call)
    assert type(raised.value) is kind
    if isinstance(raised.value, Stale):
        assert raised.value.revision == 1


def test_who_may_not_is_told_so(shop: Shop, url: str) -> None:
    agent = shop.key("agent")["Authorization"].removeprefix("Bearer ")
    with Client(url, agent) as kb, pytest.raises(Forbidden):
        kb.send(admin.keys())
    with Client(url, "kb_nobody") as kb, pytest.raises(Unauthorized):
        kb.send(calls.search("refunds"))


def test_a_server_that_is_not_there_is_named() -> None:
    with Client("http://127.0.0.1:9") as kb, pytest.raises(KbError, match=r"http://127\.0\.0\.1:9"):
        kb.send(calls.search("refunds"))


def test_pages_and_bulk(url: str, key: str) -> None:
    lines = [BulkIn(id=f"a{n}", markdown=f"# Article {n}\n\nIt says the number {n}.") for n in range(5)]
    with Client(url, key) as kb:
        assert [line.status for line in kb.bulk([*lines, BulkIn(id="versions", markdown="x")])] == ["added"] * 5 + [
            "failed"
        ]
        pages = list(kb.pages(calls.articles(limit=2, fields="title")))
    assert [[row.id for row in page.articles] for page in pages] == [["a0", "a1"], ["a2", "a3"], ["a4"]]


def test_the_same_with_await(url: str, key: str) -> None:
    async def work() -> list[str]:
        lines = [BulkIn(id=f"a{n}", markdown=f"# Article {n}\n\nIt says the number {n}.") for n in range(5)]
        async with AsyncClient(url, key) as kb:
            assert [line.status async for line in kb.bulk(lines)] == ["added"] * 5
            both = await asyncio.gather(kb.send(calls.article("a1")), kb.send(calls.search("it says the number 2")))
            assert both[0].title == "Article 1"
            assert both[1].hits
            with pytest.raises(Stale):
                await kb.send(calls.put_article("a1", "text", 7))
            return [row.id async for page in kb.pages(calls.articles(limit=2)) for row in page.articles]

    assert asyncio.run(work()) == ["a0", "a1", "a2", "a3", "a4"]


def test_nobody_answers_an_awaiting_client_either() -> None:
    async def work() -> None:
        async with AsyncClient("http://127.0.0.1:9") as kb:
            with pytest.raises(KbError, match=r"http://127\.0\.0\.1:9"):
                await kb.send(calls.search("refunds"))
            with pytest.raises(KbError, match=r"http://127\.0\.0\.1:9"):
                async for _ in kb.bulk([]):
                    pass

    asyncio.run(work())
