"""What a mail of a digest carries, and over what: headers, addresses, encryption."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from dataclasses import replace
from email import policy
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from articles.digests import addresses, stopping
from articles.digests.addresses import Refused
from articles.digests.choose import Choice
from articles.digests.compose import compose
from articles.digests.items import Item
from articles.digests.mail import message
from kb.errors import InvalidInput, KbError
from tests.conftest import Shop
from tests.test_digest_sending import DAY, HOUR, Box, change_flags, held, mail_server, run, to, told_daily
from tests.test_digests import NOW


@pytest.fixture
def box() -> Iterator[Box]:
    with mail_server() as found:
        yield found


@pytest.fixture
def team(shop: Shop) -> Shop:
    return told_daily(shop)


def test_a_mail_can_be_ended_with_one_click_where_the_server_has_https(team: Shop, box: Box) -> None:
    run(team, to(team, box.port, public_url="http://kb.example"))
    assert box.mails[0]["List-Unsubscribe"] is None
    change_flags(team, severity="high")
    assert run(team, to(team, box.port), NOW + DAY) == {"sent": 1}
    mail = box.mails[1]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<https://kb\.example/digest/stop/[0-9a-f]{32}>", mail["List-Unsubscribe"])
    settings = to(team, box.port)
    assert mail["List-Unsubscribe"] == f"<{stopping.address(settings, held(team))}>"
    assert mail["List-Unsubscribe"] != f"<{stopping.address(settings, replace(held(team), user_id='lee'))}>"


def test_addresses_in_a_header_are_written_as_they_are(team: Shop, box: Box) -> None:
    host = "support-knowledge-base.internal.example-company.example"
    run(team, to(team, box.port, public_url=f"https://{host}/help", mail_from=f"kb@{host}"))
    (mail,) = box.mails
    raw = mail.as_bytes(policy=policy.compat32).decode()
    assert re.search(
        rf"^List-Unsubscribe:\s+<https://{re.escape(host)}/help/digest/stop/[0-9a-f]{{32}}>\s*$", raw, re.M
    )
    assert re.search(rf"^Message-ID:\s+<[0-9a-f]{{32}}@{re.escape(host)}>\s*$", raw, re.M)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_mail_goes_encrypted_to_a_server_that_proves_its_name(
    team: Shop, tls: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    known = tmp_path / "known.pem"
    authority.cert_pem.write_to_path(str(known))

    def knows(_server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: LoginPassword) -> AuthResult:
        return AuthResult(success=data.password == b"correct", handled=False)

    options: dict[str, Any] = {"ssl_context": context} if tls == "tls" else {"tls_context": context}
    options |= {"authenticator": knows, "auth_required": True, "auth_require_tls": tls == "starttls"}
    options["auth_exclude_mechanism"] = ["LOGIN"]
    with mail_server(**options) as box:
        more = {"smtp_tls": tls, "smtp_user": "kb", "smtp_password": "wrong"}
        with pytest.raises(KbError, match="CERTIFICATE_VERIFY_FAILED"):
            run(team, to(team, box.port, **more))
        monkeypatch.setenv("SSL_CERT_FILE", str(known))
        with pytest.raises(KbError, match="SMTPAuthenticationError: 535") as failed:
            run(team, to(team, box.port, **more), NOW + HOUR)
        assert "wrong" not in str(failed.value)
        assert run(team, to(team, box.port, **more | {"smtp_password": "correct"}), NOW + 2 * HOUR) == {"sent": 1}
        assert box.encrypted == [tls == "starttls"]  # of the other it keeps no note


def test_nothing_can_be_put_into_a_header() -> None:
    item = Item("flag", "k", "kim", "x\r\nBcc: all@example.com")
    found = compose(Choice((item,), 0), "Kim\r\nBcc: all@example.com", "en", NOW.date(), "")
    mail = message(found, "kb@example.com", "kim@example.com", "id", NOW)
    assert mail["Bcc"] is None
    for bad in ("kim@example.com\r\nBcc: all@example.com", "kim@example.com\nX: y"):
        with pytest.raises(Refused):
            message(found, "kb@example.com", bad, "id", NOW)
        with pytest.raises(InvalidInput):
            addresses.check("email", bad, "")


@pytest.mark.parametrize(
    "bad", ["", "kim", "@example.com", "a@b@c", "김@example.com", "a b@c", "a@" + "b" * 254, "a..b@c"]
)
def test_what_is_no_address_is_refused(bad: str) -> None:
    with pytest.raises(InvalidInput, match="is not an address such as"):
        addresses.check("email", bad, "")
