"""Tickets come in masked, are read by who may, and go when they must. Those that files hold: `test_ticket_files`."""

from __future__ import annotations

import json
import multiprocessing
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from articles.tickets import Desk, Incoming, Refused, Turn
from kb.errors import Forbidden, InvalidInput, KbError, NotFound
from kb.models import EVERYTHING, OPERATOR, PUBLIC, Actor, ArticleRow, Reader
from kb.pseudonym import Pseudonyms
from kb.store import Database, audit, searches, spaces, tickets
from kb.store.searches import Event, Search
from kb.store.spaces import Space
from kb.store.tickets import StoredTicket, Wanted
from tests.conftest import Shop

NOW = "2026-11-24T09:00:00.000Z"
KNOWN = {
    name: ArticleRow(name, name, 1, name, "en", audience, "", "published", f"{name}.md")
    for name, audience in (("refunds", PUBLIC), ("goodwill", "agents"))
}


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "kb.db")


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    return Desk(database, Pseudonyms(tmp_path).of, KNOWN)


def stored(database: Database, ticket_id: str, reader: Reader = EVERYTHING) -> StoredTicket:
    with database.read() as connection:
        found = tickets.get(connection, ticket_id, reader)
    assert found is not None
    return found


def search(search_id: str, person: str = "", channel: str = "search") -> Search:
    return Search(search_id, NOW, channel, "q", "en", [PUBLIC], 0.5, "maybe", [], "m", None, person=person)


# --- pseudonyms ----------------------------------------------------------------------------------------------


def test_a_person_has_one_pseudonym_however_they_are_written(tmp_path: Path) -> None:
    names = Pseudonyms(tmp_path)
    assert names.of(" Kim@Example.com\n") == names.of("kim@example.com")
    assert names.of("g\u0061\u0308") == names.of("G\u00e4")
    assert names.of("가") == names.of("\u1100\u1161")
    assert len(names.of("kim@example.com")) == 32
    assert names.of("  ") == ""
    assert Pseudonyms(tmp_path).of("x") == names.of("x") != Pseudonyms(tmp_path / "other").of("x")


def test_the_key_is_its_owners_alone_and_a_damaged_one_is_named(tmp_path: Path) -> None:
    Pseudonyms(tmp_path).of("x")
    (path,) = tmp_path.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_bytes(b"short")
    with pytest.raises(KbError, match=r"pseudonym.key: 5 bytes"):
        Pseudonyms(tmp_path).of("x")


def _pseudonym(home: Path) -> str:
    return Pseudonyms(home).of("kim@example.com")


def test_processes_that_race_agree_on_the_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert len(set(pool.map(_pseudonym, [tmp_path] * 8, chunksize=1))) == 1


# --- writing -------------------------------------------------------------------------------------------------


def test_a_ticket_is_kept_masked_and_its_writer_as_a_pseudonym(desk: Desk, database: Database, tmp_path: Path) -> None:
    turn = Turn("customer", "Call 010-1234-5678. My name is John Smith.")
    desk.put(Incoming("7", "kim@example.com cannot log in", [turn], "kim@example.com"), OPERATOR, NOW)
    found = stored(database, "7")
    assert (found.subject, found.messages[0]["text"]) == (
        "[email] cannot log in",
        "Call [phone]. My name is [name].",
    )
    assert found.person == Pseudonyms(tmp_path).of("kim@example.com")
    for path in tmp_path.glob("kb.db*"):
        assert b"kim@example.com" not in path.read_bytes()
        assert b"1234-5678" not in path.read_bytes()


def test_a_ticket_is_replaced_by_one_with_its_id(desk: Desk, database: Database) -> None:
    first = desk.put(Incoming("7", "a", [Turn("customer", "x")], created_at="2026-01-01T00:00:00.000Z"), OPERATOR, NOW)
    then = desk.put(Incoming("7", "b", state="closed"), OPERATOR, "2026-11-25T09:00:00.000Z")
    assert (first[1], then[1]) == (True, False)
    found = stored(database, "7")
    assert (found.subject, found.messages, found.created_at) == ("b", [], "2026-01-01T00:00:00.000Z")
    assert found.closed_at == found.updated_at == "2026-11-25T09:00:00.000Z"
    desk.put(Incoming("7", "b", closed_at=NOW), OPERATOR, NOW)
    assert stored(database, "7").closed_at == ""  # it was opened again


def test_it_is_linked_to_the_articles_that_are_named_or_that_agents_link_to(desk: Desk, database: Database) -> None:
    turns = [
        Turn("customer", "I read https://help.example/articles/goodwill"),
        Turn("agent", "See https://help.example/articles/refunds?locale=en#when."),
    ]
    desk.put(Incoming("1", "a", turns, linked=["nothing"]), OPERATOR, NOW)
    desk.put(Incoming("2", "a", linked=["goodwill", "goodwill"]), OPERATOR, NOW)
    assert (stored(database, "1").linked, stored(database, "2").linked) == (["refunds"], ["goodwill"])


def test_a_writer_learns_nothing_of_articles_that_are_not_theirs(desk: Desk, database: Database) -> None:
    turns = [Turn("agent", "https://help.example/goodwill")]
    customer = Actor("key:a", Reader(frozenset({PUBLIC})))
    desk.put(Incoming("1", "a", turns, linked=["goodwill", "refunds"]), customer, NOW)
    assert stored(database, "1").linked == ["refunds"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"id": ""}, "id: ''"),
        ({"id": "a\nb"}, "id: 'a\\nb'"),
        ({"state": "lost"}, "state: 'lost'"),
        ({"locale": "Korean language"}, "locale: 'Korean language'"),
        ({"subject": " "}, "messages: ticket '1' has no words"),
        ({"space": "nowhere"}, "space: there is no 'nowhere'"),
    ],
)
def test_what_cannot_be_is_refused_with_its_key_and_value(desk: Desk, wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        desk.put(Incoming(**{"id": "1", "subject": "a", **wrong}), OPERATOR, NOW)
    assert words in str(caught.value)


def test_tickets_stay_in_their_space(desk: Desk, database: Database) -> None:
    with database.write() as connection:
        spaces.put(connection, Space("de", "Deutschland"))
    desk.put(Incoming("1", "a", space="de"), OPERATOR, NOW)
    main = Actor("key:a", Reader(spaces=frozenset({"main"})))
    with pytest.raises(Forbidden):
        desk.put(Incoming("2", "a", space="de"), main, NOW)
    with pytest.raises(Forbidden):
        desk.put(Incoming("1", "stolen"), main, NOW)
    with pytest.raises(NotFound):
        desk.erase("1", main)
    with database.read() as connection:
        assert tickets.get(connection, "1", main.reader) is None
        assert tickets.listed(connection, main.reader, Wanted()) == []
    assert stored(database, "1").subject == "a"


def test_a_batch_is_audited_once_and_a_bad_ticket_loses_nothing_else(desk: Desk, database: Database) -> None:
    items = [Incoming("1", "a"), Incoming("2"), Refused("x", 3, "no"), Incoming("1", "b"), Incoming("3", "\ud800c")]
    outcomes = list(desk.bring_in(items, OPERATOR, NOW))
    assert [outcome.status for outcome in outcomes] == ["new", "failed", "failed", "replaced", "new"]
    assert (outcomes[1].id, outcomes[2].message) == ("2", "no")
    assert stored(database, "3").subject == "\ufffdc"
    with database.read() as connection:
        (entry,) = audit.entries(connection, EVERYTHING)
    assert (entry.action, entry.details) == ("ticket.import", {"new": 2, "replaced": 1, "failed": 2})


# --- erasure and retention -----------------------------------------------------------------------------------


def test_all_of_a_person_is_erased_and_nobody_elses(desk: Desk, database: Database, tmp_path: Path) -> None:
    kim, lee = (Pseudonyms(tmp_path).of(name) for name in ("kim@example.com", "lee@example.com"))
    desk.put(Incoming("1", "a", requester="KIM@example.com", search_ids=["s1", "q2"]), OPERATOR, NOW)
    desk.put(Incoming("2", "b", requester="lee@example.com"), OPERATOR, NOW)
    asked = [search("q1", kim), search("q2", lee), search("q3"), search("s1", channel="suggest")]
    done = [Event(NOW, name, "clicked", "refunds", {}) for name in ("q1", "q1", "q2", "s1")]
    with database.write() as connection:
        searches.append(connection, asked, done)
    assert desk.erase_person(" Kim@Example.com ", OPERATOR) == {"tickets": 1, "searches": 2, "events": 3}
    assert desk.erase_person("kim@example.com", OPERATOR) == {"tickets": 0, "searches": 0, "events": 0}
    with database.read() as connection:
        assert [found.id for found in searches.all_searches(connection, EVERYTHING)] == ["q2", "q3"]
        assert [found.search_id for found in searches.events_of(connection, ["clicked"])] == ["q2"]
        entries = [entry for entry in audit.entries(connection, EVERYTHING) if entry.action == "ticket.erase"]
    assert [entry.details["searches"] for entry in entries] == [0, 2]
    assert "kim" not in str(entries).lower()
    assert kim not in str(entries)


def test_erasing_nobody_is_refused(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="person"):
        desk.erase_person("  ", OPERATOR)


def test_a_ticket_that_is_written_again_without_its_requester_is_still_theirs(desk: Desk) -> None:
    desk.put(Incoming("1", "a", requester="kim@example.com"), OPERATOR, NOW)
    desk.put(Incoming("1", "a", state="solved"), OPERATOR, NOW)
    assert desk.erase_person("kim@example.com", OPERATOR)["tickets"] == 1


def test_old_tickets_are_forgotten(desk: Desk, database: Database) -> None:
    for number in (1, 2, 3):
        at = f"2026-01-0{number}T00:00:00.000Z"
        desk.put(Incoming(str(number), "a", updated_at=at), OPERATOR, NOW)
    with database.write() as connection:
        assert tickets.forget_before(connection, "2026-01-03T00:00:00.000Z") == 2
        assert [ticket.id for ticket in tickets.listed(connection, EVERYTHING, Wanted())] == ["3"]


# --- the API -------------------------------------------------------------------------------------------------


TICKET = {
    "id": "48/213",
    "subject": "환불",
    "messages": [
        {"text": "010-1234-5678로 전화 주세요", "at": "2026-11-01T09:00:00+09:00"},
        {"author": "agent", "text": "https://help.example/articles/refunds"},
    ],
    "requester": "kim@example.com",
    "state": "closed",
}


def test_a_ticket_goes_in_and_out_through_the_api(client: TestClient, shop: Shop) -> None:
    shop.put("refunds", "Within 14 days.", title="Refunds")
    agent = shop.key("agent")
    made = client.post("/v1/tickets", json=TICKET, headers=agent)
    assert (made.status_code, made.headers["location"]) == (201, "/v1/tickets/48%2F213")
    assert client.post("/v1/tickets", json=TICKET, headers=agent).status_code == 200
    found = client.get("/v1/tickets/48%2F213", headers=agent).json()
    assert found["messages"][0] == {
        "author": "customer",
        "text": "[phone]로 전화 주세요",
        "at": "2026-11-01T00:00:00.000Z",
    }
    assert (found["linked"], found["state"], found["closed_at"]) == (["refunds"], "closed", found["updated_at"])
    assert "kim@example.com" not in json.dumps(found)
    assert client.delete("/v1/tickets/48%2F213", headers=agent).status_code == 403
    assert client.delete("/v1/tickets/48%2F213", headers=shop.key("admin")).json()["tickets"] == 1
    assert client.get("/v1/tickets/48%2F213", headers=agent).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"colour": "red"}, 422),
        ({"state": "lost"}, 422),
        ({"messages": [], "subject": ""}, 400),
        ({"created_at": "2026-11-01T09:00:00"}, 422),
        ({"space": "nowhere"}, 400),
    ],
)
def test_a_malformed_ticket_is_a_problem(client: TestClient, shop: Shop, wrong: dict[str, Any], status: int) -> None:
    response = client.post("/v1/tickets", json={**TICKET, **wrong}, headers=shop.key("agent"))
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")


def test_tickets_are_paged_and_filtered(client: TestClient, shop: Shop) -> None:
    agent = shop.key("agent")
    for number in range(5):
        times = {"updated_at": f"2026-11-0{1 + number // 2}T00:00:00Z"}
        state = "open" if number % 2 else "solved"
        body = {"id": str(number), "subject": "a", "locale": "ko-KR", "state": state, **times}
        client.post("/v1/tickets", json=body, headers=agent)
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get("/v1/tickets", params={"limit": 2, "cursor": cursor}, headers=agent).json()
        seen += [ticket["id"] for ticket in page["tickets"]]
        cursor = page["next"]
    assert seen == ["0", "1", "2", "3", "4"]

    def ids(**params: str) -> list[str]:
        found = client.get("/v1/tickets", params=params, headers=agent)
        return [ticket["id"] for ticket in found.json()["tickets"]]

    assert ids(state="open", locale="ko") == ["1", "3"]
    assert ids(updated_after="2026-11-02T00:00:00Z") == ["4"]
    assert ids(product="hub") == ids(space="de") == []
    assert client.get("/v1/tickets", params={"cursor": "x"}, headers=agent).status_code == 400


def test_nobody_without_the_scope_reads_tickets(client: TestClient, shop: Shop) -> None:
    client.post("/v1/tickets", json=TICKET, headers=shop.key("agent"))
    for headers, status in (({}, 401), (shop.key("customer"), 403)):
        for path in ("/v1/tickets", "/v1/tickets/48%2F213"):
            assert client.get(path, headers=headers).status_code == status
    assert (
        client.post("/v1/erasures", json={"person": "kim@example.com"}, headers=shop.key("author")).status_code == 403
    )


def test_an_erasure_reaches_what_waits_to_be_written(client: TestClient, shop: Shop) -> None:
    client.post("/v1/tickets", json=TICKET, headers=shop.key("agent"))
    person = Pseudonyms(shop.home.path).of("kim@example.com")
    shop.home.journal.record(search("q1", person))
    gone = client.post("/v1/erasures", json={"person": "Kim@example.com"}, headers=shop.key("admin"))
    assert gone.json() == {"tickets": 1, "searches": 1, "events": 0}


# --- the command line ----------------------------------------------------------------------------------------


@pytest.fixture
def kb(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Any]:
    from typer.testing import CliRunner

    from kb.cli import tickets as _commands  # noqa: F401 - adds its commands
    from kb.cli.common import app

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(app, ["--home", str(tmp_path / "home"), *arguments])

    return run


def test_tickets_are_brought_in_listed_and_erased_by_command(kb: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"id": "1", "text": "mail kim@example.com", "requester": "kim@example.com"}\n{"id": 2}\n')
    done = kb("tickets", "import", str(path), "--json")
    assert done.exit_code == 1
    summary = json.loads(done.stdout)
    assert (summary["new"], summary["failed"], summary["problems"][0]["line"]) == (1, 1, 2)
    (found,) = json.loads(kb("tickets", "list", "--json").stdout)["tickets"]
    assert found["messages"][0]["text"] == "mail [email]"
    assert "person" not in found
    assert isinstance(kb("tickets", "erase").exception, InvalidInput)
    gone = kb("tickets", "erase", "--person", "KIM@example.com", "--json")
    assert json.loads(gone.stdout) == {"tickets": 1, "searches": 0, "events": 0}
    assert isinstance(kb("tickets", "erase", "--id", "1").exception, NotFound)
