"""Tickets from files: JSON lines, CSV and mail, as help desks and spreadsheets write them."""

from __future__ import annotations

import json
import mailbox
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from articles import ticket_files
from articles.ticket_files import moment
from articles.tickets import Desk, Outcome
from kb.errors import InvalidInput
from kb.models import EVERYTHING, OPERATOR
from kb.pseudonym import Pseudonyms
from kb.store import Database, tickets
from kb.store.tickets import Wanted
from tests.test_tickets import KNOWN, NOW, stored


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "kb.db")


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    return Desk(database, Pseudonyms(tmp_path).of, KNOWN)


def bring_in(desk: Desk, path: Path, **options: Any) -> list[Outcome]:
    return list(desk.bring_in(ticket_files.read(path, **options), OPERATOR, NOW))


def test_json_lines_are_read_under_the_names_that_help_desks_use(
    desk: Desk, database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "t.jsonl"
    zendesk = {
        "id": 42,
        "subject": "환불",
        "description": "언제 되나요?",
        "status": "hold",
        "requester_id": 99,
        "via": {"channel": "web"},
        "created_at": "2026-11-01T09:00:00+09:00",
        "comments": [
            {"body": "언제 되나요?", "author_id": 99, "created_at": "2026-11-01T00:00:00Z"},
            {"body": "/articles/refunds", "author_id": 1, "created_at": "2026-11-02T00:00:00Z"},
            {"body": "internal: he is angry", "author_id": 1, "public": False},
        ],
    }
    ours = {"id": "b", "subject": "x", "text": "y", "state": "closed", "linked": ["refunds"], "space": "main"}
    lines = [json.dumps(zendesk, ensure_ascii=False), "", json.dumps({"ticket": ours}), "{oops", '{"id": true}', "[]"]
    path.write_bytes(b"\xef\xbb\xbf" + "\n".join(lines).encode() + b"\n\xff\n")
    outcomes = bring_in(desk, path)
    assert [(o.status, o.line) for o in outcomes] == [("new", 1), ("new", 3), *(("failed", n) for n in (4, 5, 6, 7))]
    assert [o.message.split(":")[0] for o in outcomes[2:]] == [
        "not JSON",
        "id",
        "a ticket is an object, not []",
        "not UTF-8 at byte 0",
    ]
    assert outcomes[2].message == "not JSON: cannot be read at character 2, '{oops'"
    found = stored(database, "42")
    assert (found.state, found.channel, found.linked) == ("pending", "web", ["refunds"])
    assert [turn["author"] for turn in found.messages] == ["customer", "agent"]
    assert (found.created_at, found.updated_at) == ("2026-11-01T00:00:00.000Z", "2026-11-02T00:00:00.000Z")
    assert stored(database, "b").closed_at == NOW


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_csv_is_read_in_the_encodings_of_spreadsheets(
    desk: Desk, database: Database, tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "t.csv"
    rows = "ID,제목,내용,상태,이메일,created_at,linked\n"
    rows += '1,배송,"똠방각하, 언제\n오나요",완료,a@b.kr,2026. 11. 3. 오후 2:05,refunds x\n'
    path.write_bytes((rows + "2,b,c,open,,,,extra\n3,b,c,lost,,,\n4,b,c,,,tomorrow,\n").encode(encoding))
    outcomes = bring_in(desk, path)
    assert [(o.status, o.line) for o in outcomes] == [("new", 3), ("failed", 4), ("failed", 5), ("failed", 6)]
    assert [o.message[:12] for o in outcomes[1:]] == ["more values ", "state: 'lost", "created_at: "]
    assert "than the 7 columns: the header has no name for 'extra'" in outcomes[1].message
    found = stored(database, "1")
    assert (found.subject, found.messages[0]["text"]) == ("배송", "똠방각하, 언제\n오나요")
    assert (found.state, found.created_at, found.linked) == ("solved", "2026-11-03T14:05:00.000Z", ["refunds"])


def test_everyday_korean_columns_are_read_and_the_others_are_told(
    desk: Desk, database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    header = "티켓번호,문의 제목,문의내용,답변내용,작성자,접수일,완료일,관련문서,제품,채널,상태,담당팀,만족도"
    path.write_text(
        f'{header}\n7,환불,언제 되나요?,3일 안에 됩니다,kim,2026-11-01,2026-11-02,"refunds,x",앱,웹,완료,A,5\n'
    )
    assert [o.status for o in bring_in(desk, path)] == ["new"]
    found = stored(database, "7")
    assert [(turn["author"], turn["text"]) for turn in found.messages] == [
        ("customer", "언제 되나요?"),
        ("agent", "3일 안에 됩니다"),
    ]
    assert (found.subject, found.product, found.channel, found.state) == ("환불", "앱", "웹", "solved")
    assert (found.created_at[:10], (found.closed_at or "")[:10], found.linked) == (
        "2026-11-01",
        "2026-11-02",
        ["refunds"],
    )
    assert found.person
    assert ticket_files.unread(path) == ["담당팀", "만족도"]


def mail(sender: str, text: str, name: str, answers: str = "", **more: str) -> EmailMessage:
    found = EmailMessage()
    found["From"], found["Message-ID"], found["Subject"] = sender, f"<{name}@x>", more.get("subject", "환불 문의")
    found["Date"] = more.get("date", "Tue, 03 Nov 2026 14:05:00 +0900")
    if answers:
        found["In-Reply-To"] = f"<{answers}@x>"
    found.set_content(text, subtype=more.get("subtype", "plain"))
    return found


def write_mbox(path: Path, *messages: EmailMessage) -> Path:
    box = mailbox.mbox(path)
    for message in messages:
        box.add(message)
    box.close()
    return path


def test_a_thread_of_mail_is_a_ticket(desk: Desk, database: Database, tmp_path: Path) -> None:
    later = "Tue, 03 Nov 2026 15:00:00 +0900"
    path = write_mbox(
        tmp_path / "t.mbox",
        mail("Help <help@shop.example>", "See /articles/refunds", "2", "1", date=later, subject="Re: 환불 문의"),
        mail("Kim <kim@example.com>", "환불해 주세요", "1"),
        mail("lee@example.com", "<p>Where is it?</p><script>x()</script><p>A &amp; B</p>", "3", subtype="html"),
    )
    assert [outcome.status for outcome in bring_in(desk, path)] == ["new", "new"]
    with database.read() as connection:
        second, first = tickets.listed(connection, EVERYTHING, Wanted())
    assert [(turn["author"], turn["text"]) for turn in first.messages] == [
        ("customer", "환불해 주세요"),
        ("agent", "See /articles/refunds"),
    ]
    assert (first.subject, first.linked, first.channel) == ("환불 문의", ["refunds"], "email")
    assert (first.created_at, first.updated_at) == ("2026-11-03T05:05:00.000Z", "2026-11-03T06:00:00.000Z")
    assert second.messages[0]["text"].split() == ["Where", "is", "it?", "A", "&", "B"]
    assert [outcome.status for outcome in bring_in(desk, path)] == ["replaced", "replaced"]


def test_mail_from_the_agents_domain_is_an_agents_whoever_writes_first(
    desk: Desk, database: Database, tmp_path: Path
) -> None:
    path = write_mbox(
        tmp_path / "t.mbox",
        mail("a@mail.shop.example", "Did it work?", "1"),
        mail("kim@example.com", "No", "2", "1", date="Tue, 03 Nov 2026 15:00:00 +0900"),
    )
    (outcome,) = bring_in(desk, path, agent_domain="@shop.example")
    found = stored(database, outcome.id)
    assert [turn["author"] for turn in found.messages] == ["agent", "customer"]
    assert found.person == Pseudonyms(tmp_path).of("kim@example.com")


def test_mail_in_old_charsets_and_broken_headers_is_read(desk: Desk, database: Database, tmp_path: Path) -> None:
    raw = (
        b"From x@x Tue Nov  3 14:05:00 2026\nFrom: =?bad?\nSubject: =?euc-kr?B?" + b"yK+60g==" + b"?=\nDate: never\n"
        b"Content-Type: text/plain; charset=ks_c_5601-1987\n\n" + "똠방각하".encode("cp949") + b"\n\n"
        b"From x@x Tue Nov  3 14:05:00 2026\nSubject: \n\n\n"
    )
    (tmp_path / "t.mbox").write_bytes(raw)
    failed, done = bring_in(desk, tmp_path / "t.mbox")
    assert (failed.status, failed.line) == ("failed", 2)
    found = stored(database, done.id)
    assert (found.subject, found.messages[0]["text"], found.created_at) == ("환불", "똠방각하", NOW)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("t.txt", b"", "say --format"),
        ("t.csv", b"name,text\n", "no column is `id`, only 'name, text'"),
        ("t.csv", b"id,\xff\n\x80", "neither UTF-8 nor CP949"),
        ("t.mbox", b"hello", "no message in it"),
        ("no.csv", None, "no such file"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, name: str, data: bytes | None, words: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(InvalidInput, match=words):
        list(ticket_files.read(tmp_path / name))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-03", "2026-11-03T00:00:00.000Z"),
        ("2026-11-03T09:00:00+09:00", "2026-11-03T00:00:00.000Z"),
        ("2026/11/3 9:05", "2026-11-03T09:05:00.000Z"),
        ("2026. 11. 3. 오전 12:05", "2026-11-03T00:05:00.000Z"),
        ("2026.11.03 오후 12:05:07", "2026-11-03T12:05:07.000Z"),
        ("", ""),
    ],
)
def test_times_are_read_as_spreadsheets_write_them(text: str, at: str) -> None:
    assert moment(text, "created_at") == at


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "2026.02.30 9:00", "11/03/2026"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="created_at"):
        moment(text, "created_at")
