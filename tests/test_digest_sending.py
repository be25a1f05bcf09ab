"""Digests on their way by mail, through a real mail server; each thing once. `test_digest_webhooks` has the others."""

from __future__ import annotations

import email
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import update

from articles import digests
from articles.digests import send
from articles.health.run import Examiner, Looked
from kb.errors import InvalidInput, KbError
from kb.jobs import Cancelled, Progress
from kb.settings import Settings
from kb.store import digests as store
from kb.store.digests import Subscription
from kb.store.schema_health import flags
from kb.times import stamp
from tests.conftest import Shop
from tests.test_digests import NOW, flag, subscribe, user

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Box:
    """A mail server that keeps what it takes, and answers what it is told to."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    recipient: str = "250 OK"
    data: str = "250 OK"

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, to: str, _: list[str]) -> str:
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(to)
        return self.recipient

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        found = email.message_from_bytes(cast(bytes, envelope.content), policy=policy.default)
        self.mails.append(cast(EmailMessage, found))
        self.encrypted.append(session.ssl is not None)
        return self.data


@contextmanager
def mail_server(**options: Any) -> Iterator[Box]:
    box = Box(port=free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **options)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def to(shop: Shop, port: int, **more: Any) -> Settings:
    """Settings that lead to a mail server."""
    plain = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_tls": "none", "mail_from": "kb@example.com"}
    return Settings(**{"home": shop.settings.home, "public_url": "https://kb.example", **plain, **more})


@pytest.fixture
def box() -> Iterator[Box]:
    with mail_server() as found:
        yield found


@pytest.fixture
def team(shop: Shop) -> Shop:
    return told_daily(shop)


def told_daily(shop: Shop) -> Shop:
    """Kim owns an article with a flag, and is told of it daily by mail at nine."""
    user(shop, "kim", name="Kim")
    shop.put("refunds", "# Refunds\n\nRefunds take 14 days.", title="Refunds", owner="kim")
    flag(shop, "refunds")
    subscribe(shop)
    return shop


def run(shop: Shop, settings: Settings, at: datetime = NOW, **options: Any) -> dict[str, int]:
    return dict(digests.send_due(shop.home.database, settings, at, Progress(), **options))


def held(shop: Shop, user_id: str = "kim") -> Subscription:
    with shop.home.database.read() as connection:
        return store.subscription(connection, user_id)


def change_flags(shop: Shop, **values: Any) -> None:
    with shop.home.database.write() as connection:
        connection.execute(update(flags).values(values))


# --- mail ----------------------------------------------------------------------------------------------------


def test_a_digest_arrives_once(team: Shop, box: Box) -> None:
    settings = to(team, box.port)
    assert run(team, settings, NOW.replace(hour=8, minute=59)) == {}
    assert run(team, settings) == {"sent": 1}
    (mail,) = box.mails
    assert (mail["To"], mail["From"]) == ("kim@example.com", "kb@example.com")
    assert mail["Subject"] == "1 thing needs you in the knowledge base (25 November 2026)"
    assert mail["Auto-Submitted"] == "auto-generated"
    plain, rich = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert rich is not None
    assert "Broken link (line 3): leads nowhere" in plain.get_content()
    assert '<a href="https://kb.example/articles/refunds">' in rich.get_content()
    assert run(team, settings, NOW + HOUR) == {}  # not its time
    assert run(team, settings, NOW + DAY) == {"empty": 1}  # nothing is new
    assert len(box.mails) == 1


def test_what_is_new_worse_or_there_again_is_told_and_nothing_else(team: Shop, box: Box) -> None:
    settings = to(team, box.port)
    run(team, settings)
    flag(team, "refunds", "missing_alt", message="no words")
    run(team, settings, NOW + DAY)
    body = box.mails[-1].get_body(("plain",))
    assert body is not None
    assert "no words" in body.get_content()
    assert "leads nowhere" not in body.get_content()
    change_flags(team, hurts=90.0)
    assert run(team, settings, NOW + 2 * DAY) == {"sent": 1}
    assert box.mails[-1]["Subject"].startswith("1 thing ")
    body = box.mails[-1].get_body(("plain",))
    assert body is not None
    assert all(said in body.get_content() for said in ("no words", "leads nowhere"))
    change_flags(team, closed_at=stamp(NOW))
    assert run(team, settings, NOW + 3 * DAY) == {"empty": 1}
    change_flags(team, closed_at="")
    assert run(team, settings, NOW + 4 * DAY) == {"sent": 1}
    assert run(team, settings, NOW + 5 * DAY) == {"empty": 1}


def test_batches_are_told_one_after_the_other(team: Shop, box: Box) -> None:
    settings = to(team, box.port)
    for number in range(6):
        team.put(f"a{number}", f"# A\n\nText {number}.", title=f"A {number}", owner="kim")
        for check in ("broken_link", "missing_alt"):
            flag(team, f"a{number}", check, hurts=float(number))
    subscribe(team, most=3)
    counts = [run(team, settings, NOW + n * DAY) for n in range(4)]
    assert counts == [{"sent": 1}, {"sent": 1}, {"sent": 1}, {"empty": 1}]
    assert [mail["Subject"][:8] for mail in box.mails] == ["3 things", "3 things", "1 thing "]
    assert "And 4 more" in str(box.mails[0].get_body(("plain",)))


def test_the_first_digests_of_an_old_base_name_a_few_articles_a_week(team: Shop, box: Box) -> None:
    settings = to(team, box.port, articles_a_week=2)
    for number in range(5):
        team.put(f"old-{number}", f"# Old\n\nText {number}.", title=f"Old {number}", owner="kim")
        flag(team, f"old-{number}", hurts=float(number))
    counts = [run(team, settings, NOW + n * DAY).get("sent", 0) for n in range(15)]
    assert counts == [1, 0, 0, 0, 0, 0, 0] * 2 + [1]
    assert [mail["Subject"][:8] for mail in box.mails] == ["2 things"] * 3


def test_a_korean_digest_in_the_zone_of_its_reader(team: Shop, box: Box) -> None:
    subscribe(team, language="ko", zone="Asia/Seoul", rhythm="weekly", weekday=3)
    settings = to(team, box.port)
    assert run(team, settings, NOW.replace(hour=23)) == {}
    assert run(team, settings, NOW.replace(day=26, hour=0)) == {"sent": 1}  # nine o'clock on Thursday there
    (mail,) = box.mails
    assert mail["Subject"] == "지식 베이스에서 확인할 일 1건 (2026년 11월 26일)"
    body = mail.get_body(("plain",))
    assert body is not None
    assert "끊긴 링크" in body.get_content()


def test_snoozes_hold_back_and_end(team: Shop, box: Box) -> None:
    settings, database = to(team, box.port), team.home.database
    tomorrow = (NOW + DAY).date()
    flag(team, "refunds", "missing_alt")
    with database.write() as connection:
        found = digests.preview(connection, "kim", settings, NOW).digest
        key = next(point.item.key for point in found.lines[0].points if point.item.check == "missing_alt")
        digests.snooze(connection, "kim", tomorrow + DAY, NOW, item=key)
        digests.snooze(connection, "kim", tomorrow, NOW)
    assert run(team, settings) == {}
    assert run(team, settings, NOW + DAY) == {"sent": 1}
    assert "Image without" not in str(box.mails[0].get_body(("plain",)))
    with database.write() as connection:
        digests.snooze(connection, "kim", tomorrow + 5 * DAY, NOW, article="refunds")
    assert run(team, settings, NOW + 2 * DAY) == {"empty": 1}
    with database.write() as connection:
        digests.snooze(connection, "kim", None, NOW, article="refunds")
    assert run(team, settings, NOW + 3 * DAY) == {"sent": 1}
    with database.write() as connection, pytest.raises(InvalidInput, match="2026-11-25 is not after today"):
        digests.snooze(connection, "kim", NOW.date(), NOW)


def test_a_crash_between_sending_and_writing_repeats_that_mail_as_the_same(
    team: Shop, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = to(team, box.port)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt  # as good as a kill: nothing after it runs

    with monkeypatch.context() as patch:
        patch.setattr(store, "arrived", dies)
        with pytest.raises(KeyboardInterrupt):
            run(team, settings)
    flag(team, "refunds", "missing_alt")  # came meanwhile: it is another digest's
    assert run(team, settings, NOW + timedelta(minutes=5)) == {"sent": 1}
    first, second = box.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@example.com>")
    assert [part.get_content() for part in first.walk() if not part.is_multipart()] == [
        part.get_content() for part in second.walk() if not part.is_multipart()
    ]
    assert run(team, settings, NOW + DAY) == {"sent": 1}
    assert box.mails[2]["Message-ID"] != first["Message-ID"]


def test_what_is_settled_before_a_retry_is_not_sent(team: Shop, box: Box) -> None:
    box.data = "451 try later"
    settings = to(team, box.port)
    assert run(team, settings) == {"delayed": 1}
    box.data = "250 OK"
    change_flags(team, closed_at=stamp(NOW))
    assert run(team, settings, NOW + HOUR) == {"empty": 1}
    assert run(team, settings, NOW + 2 * HOUR) == {}


def test_a_mail_that_is_not_taken_now_is_tried_again_ever_more_seldom(team: Shop, box: Box) -> None:
    box.recipient = "451 greylisted,\r\n451 try later"
    settings = to(team, box.port)
    assert run(team, settings) == {"delayed": 1}
    assert "451 greylisted" in held(team).error
    assert not held(team).refused
    assert run(team, settings, NOW + timedelta(minutes=4)) == {}
    assert run(team, settings, NOW + timedelta(minutes=5)) == {"delayed": 1}
    assert run(team, settings, NOW + timedelta(minutes=14)) == {}
    box.recipient = "250 OK"
    assert run(team, settings, NOW + timedelta(minutes=15)) == {"sent": 1}
    assert (len(box.mails), held(team).error) == (1, "")


def test_a_retry_that_waits_says_so(team: Shop, box: Box) -> None:
    def standing(at: datetime) -> digests.Standing:
        with team.home.database.read() as connection:
            return digests.standing(connection, store.subscription(connection, "kim"), at)

    assert (standing(NOW).attempts, standing(NOW).retry_at) == (0, "")
    box.recipient = "451 try later"
    settings = to(team, box.port)
    for minutes in (0, 5):
        run(team, settings, NOW + timedelta(minutes=minutes))
    found = standing(NOW)
    assert (found.attempts, found.retry_at) == (2, stamp(NOW + timedelta(minutes=15)))
    assert found.subscription.error == "the mail server answers 451 try later"
    with team.home.database.write() as connection:
        digests.snooze(connection, "kim", (NOW + DAY).date(), NOW)
    assert (standing(NOW).attempts, standing(NOW).retry_at) == (2, "")  # not while they sleep
    box.recipient = "250 OK"
    run(team, settings, NOW + DAY)
    assert (standing(NOW + DAY).attempts, standing(NOW + DAY).retry_at) == (0, "")


def test_articles_are_looked_at_only_where_somebody_is_to_be_told(team: Shop, box: Box) -> None:
    looks: list[datetime] = []

    class Watched(Examiner):
        def look(self, now: datetime, said: Callable[[str], None] = print) -> Looked:
            looks.append(now)
            return super().look(now, said)

    examiner = Watched(team.home)
    team.home.settings = to(team, box.port)
    early = NOW.replace(hour=8)
    digests.tell(examiner, early, Progress())
    assert (looks, box.mails) == ([], [])
    team.put("refunds", "# Refunds\n\n[All rules](rules.md)", title="Refunds", owner="kim")
    progress = Progress()
    digests.tell(examiner, NOW, progress)
    assert (looks, progress.text) == ([NOW], "1 sent")
    assert "rules.md" in str(box.mails[0].get_body(("plain",)))
    digests.tell(examiner, NOW + HOUR, Progress())
    assert looks == [NOW]


def test_an_address_that_does_not_exist_is_given_up_until_somebody_mends_it(team: Shop, box: Box) -> None:
    box.recipient = "550 no such user"
    settings = to(team, box.port)
    assert run(team, settings) == {"refused": 1}
    assert (held(team).refused, held(team).error) == (True, "the mail server answers 550 no such user")
    box.recipient = "250 OK"
    assert run(team, settings, NOW + DAY) == {}
    subscribe(team, at=NOW + DAY, address="kim@elsewhere.example")
    assert run(team, settings, NOW + 2 * DAY) == {"sent": 1}
    assert box.mails[0]["To"] == "kim@elsewhere.example"


def test_a_mail_server_that_is_down_fails_the_run_and_loses_nothing(team: Shop, box: Box) -> None:
    user(team, "lee")
    team.put("lees", "# Lees\n\nA text.", title="Lees", owner="lee")
    flag(team, "lees")
    subscribe(team, "lee")
    with pytest.raises(KbError, match=r"smtp 127\.0\.0\.1:\d+: ConnectionRefusedError.*; 2 digests wait"):
        run(team, to(team, free_port()))
    with pytest.raises(KbError, match="smtp_host: not set, and mails wait"):
        run(team, team.settings, NOW + HOUR)
    assert run(team, to(team, box.port), NOW + 2 * HOUR) == {"sent": 2}


def test_a_run_that_is_cancelled_has_written_down_what_it_sent(team: Shop, box: Box) -> None:
    user(team, "lee")
    team.put("lees", "# Lees\n\nA text.", title="Lees", owner="lee")
    flag(team, "lees")
    subscribe(team, "lee")
    progress = Progress()
    settings = to(team, box.port)
    sent = send.post

    def cancelled_after(*args: Any) -> None:
        sent(*args)
        progress.end()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(send, "post", cancelled_after)
        with pytest.raises(Cancelled):
            digests.send_due(team.home.database, settings, NOW, progress)
    assert (progress.said.done, progress.said.total) == (1, 2)
    assert run(team, settings) == {"sent": 1}
    assert [mail["To"] for mail in box.mails] == ["kim@example.com", "lee@example.com"]
