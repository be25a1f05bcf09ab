"""Digests on their way to a URL: signed, to a real receiver, and never into the house."""

from __future__ import annotations

import hmac
import json
import logging
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme

from articles.digests import addresses, webhook
from articles.digests.addresses import Delayed, Refused, all_public
from kb.errors import InvalidInput
from kb.store import digests as store
from tests.conftest import Shop
from tests.test_digest_sending import DAY, HOUR, free_port, held, run, to
from tests.test_digests import NOW, flag, subscribe, user

SECRET = "a secret of the receiver's"


@dataclass
class Receiver:
    """A server that keeps what it is sent, and answers what it is told to."""

    url: str = ""
    status: int = 204
    slow: float = 0.0
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)


def handler_of(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.headers.append(dict(self.headers))
            receiver.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            time.sleep(receiver.slow)
            self.send_response(receiver.status)
            if receiver.status == 302:
                self.send_header("Location", f"{receiver.url}/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@contextmanager
def serving(receiver: Receiver, context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(receiver))
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver.url = f"{'https' if context else 'http'}://localhost:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with serving(Receiver()) as found:
        yield found


@pytest.fixture
def team(shop: Shop, receiver: Receiver) -> Shop:
    """Kim is told by webhook."""
    user(shop, "kim", name="Kim")
    shop.put("refunds", "# Refunds\n\nRefunds take 14 days.", title="환불 <b>", owner="kim")
    flag(shop, "refunds")
    subscribe(shop, channel="webhook", address=receiver.url, secret=SECRET)
    return shop


def posts(shop: Shop, at: Any = NOW) -> dict[str, int]:
    return run(shop, to(shop, 25, private_webhooks=True), at)


def test_a_digest_is_posted_once_and_signed(team: Shop, receiver: Receiver) -> None:
    assert posts(team) == {"sent": 1}
    (headers,), (data,) = receiver.headers, receiver.bodies
    signed = hmac.digest(SECRET.encode(), f"{headers['X-Kb-Timestamp']}.".encode() + data, "sha256").hex()
    assert headers["X-Kb-Signature"] == f"sha256={signed}"
    assert headers["X-Kb-Timestamp"] == str(int(NOW.timestamp()))
    body = json.loads(data)
    assert (body["id"], body["user"], body["more"]) == (headers["Idempotency-Key"], "kim", 0)
    (item,) = body["items"]
    (flag_,) = item["flags"]
    assert (item["title"], flag_["check"], flag_["line"]) == ("환불 <b>", "broken_link", 3)
    assert item["url"] == "https://kb.example/articles/refunds"
    assert posts(team, NOW + DAY) == {"empty": 1}


def test_what_was_not_taken_is_sent_again_as_the_same(team: Shop, receiver: Receiver) -> None:
    receiver.status = 503
    assert posts(team) == {"delayed": 1}
    assert held(team).error == "localhost: it answers 503"
    receiver.status = 200
    assert posts(team, NOW + HOUR) == {"sent": 1}
    first, second = receiver.headers
    assert first["Idempotency-Key"] == second["Idempotency-Key"]
    assert first["X-Kb-Signature"] != second["X-Kb-Signature"]  # it is of another moment


def test_who_is_gone_is_told_no_more(team: Shop, receiver: Receiver) -> None:
    receiver.status = 410
    assert posts(team) == {"refused": 1}
    assert (held(team).rhythm, held(team).refused) == ("off", False)
    assert posts(team, NOW + DAY) == {}


@pytest.mark.parametrize(("status", "said"), [(302, "no redirect is followed"), (404, "it answers 404")])
def test_what_will_not_be_taken_is_given_up(team: Shop, receiver: Receiver, status: int, said: str) -> None:
    receiver.status = status
    assert posts(team) == {"refused": 1}
    assert held(team).refused
    assert said in held(team).error
    assert len(receiver.bodies) == 1
    assert posts(team, NOW + DAY) == {}


def test_a_slow_receiver_and_none_at_all_are_tried_again(
    team: Shop, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "SECONDS", 0.2)
    receiver.slow = 1.0
    assert posts(team) == {"delayed": 1}
    assert "no answer within" in held(team).error or "ReadTimeout" in held(team).error
    subscribe(team, channel="webhook", address=f"http://127.0.0.1:{free_port()}/", secret=SECRET)
    assert posts(team, NOW + HOUR) == {"delayed": 1}
    assert "ConnectError" in held(team).error


def test_one_user_s_trouble_keeps_nothing_from_the_others(
    team: Shop, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    user(team, "lee")
    team.put("lees", "# Lees\n\nA text.", title="Lees", owner="lee")
    flag(team, "lees")
    subscribe(team, "lee", channel="webhook", address=receiver.url, secret=SECRET)
    real = webhook.resolve

    def fails_once(*args: Any, **options: Any) -> str:
        monkeypatch.setattr(webhook, "resolve", real)
        raise RuntimeError("a defect")

    monkeypatch.setattr(webhook, "resolve", fails_once)
    assert posts(team) == {"delayed": 1, "sent": 1}
    assert held(team).error == "RuntimeError: a defect"
    assert posts(team, NOW + HOUR) == {"sent": 1}


def test_nothing_goes_into_the_house_unless_a_setting_allows_it(team: Shop, receiver: Receiver) -> None:
    assert run(team, to(team, 25)) == {"refused": 1}
    assert held(team).error == "localhost: it leads to this machine or a private network, where webhooks may not go"
    assert receiver.bodies == []


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1"),
        *("224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1"),
        *("64:ff9b::7f00:1", "2002:7f00:1::", "192.0.0.1", "198.18.0.1", "240.0.0.1"),
    ],
)
def test_addresses_in_the_house_are_known(address: str) -> None:
    assert not all_public([address])
    assert not all_public(["93.184.215.14", address])  # a name that leads to both


def test_addresses_of_everybody_are_known() -> None:
    assert all_public(["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"])
    assert not all_public([])


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "0177.0.0.1"])
def test_odd_ways_to_write_an_address_lead_no_further(host: str) -> None:
    with pytest.raises((Refused, Delayed, InvalidInput)):
        addresses.resolve(addresses.target(f"https://{host}/"), private=False)


def test_what_was_looked_up_is_what_is_connected_to(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads elsewhere a moment later is not looked up again, and is in Host all the same."""
    port = int(receiver.url.rsplit(":", 1)[1].split("/")[0])
    monkeypatch.setattr(addresses.socket, "getaddrinfo", once([(2, 1, 6, "", ("127.0.0.1", port))]))
    found = addresses.Target("http", "hooks.example", port, "/hook?a=1")
    monkeypatch.setattr(webhook, "target", lambda _: found)
    webhook.send("http://hooks.example/", SECRET, {}, "key", 1, private=True)
    assert receiver.headers[0]["Host"] == f"hooks.example:{port}"


def once(answer: list[Any]) -> Any:
    """A resolver of names that answers the first time only, and of addresses always."""
    real, asked = socket.getaddrinfo, []

    def resolve(host: Any, *args: Any, **options: Any) -> Any:
        if host in {"127.0.0.1", b"127.0.0.1"}:
            return real(host, *args, **options)
        assert not asked
        asked.append(host)
        return answer

    return resolve


def test_https_proves_the_name_though_the_address_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    known = tmp_path / "known.pem"
    authority.cert_pem.write_to_path(str(known))
    with serving(Receiver(), context) as found:
        with pytest.raises(Delayed, match="CERTIFICATE_VERIFY_FAILED"):
            webhook.send(found.url, SECRET, {}, "key", 1, private=True)
        monkeypatch.setenv("SSL_CERT_FILE", str(known))
        webhook.send(found.url, SECRET, {"a": "가"}, "key", 1, private=True)
        with pytest.raises(Delayed, match="CERTIFICATE_VERIFY_FAILED"):  # another name than the certificate's
            webhook.send(found.url.replace("localhost", "127.0.0.1"), SECRET, {}, "key", 1, private=True)
    assert found.bodies == ['{"a": "가"}'.encode()]


@pytest.mark.parametrize(
    "url",
    [
        *("http://hooks.example/", "ftp://localhost/", "https://", "https://user:pass@hooks.example/", "hooks.example"),
        *("https://hooks.example/\r\nX: y", "https://hooks.example/#part", "https://훅.example/", "https://a b/"),
        *("https://hooks.example:99999/", "https://[::1", "https://hooks.example\\@127.0.0.1/", "javascript:alert(1)"),
    ],
)
def test_what_is_no_url_of_a_webhook_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput, match="address: "):
        addresses.check("webhook", url, SECRET)


@pytest.mark.parametrize("secret", ["", "short", "x" * 201, "with\na break in it", "비밀" * 10])
def test_a_secret_that_is_none_is_refused_and_not_repeated(secret: str) -> None:
    with pytest.raises(InvalidInput, match="secret: a webhook needs 16 to 200") as refused:
        addresses.check("webhook", "https://hooks.example/", secret)
    assert not secret or secret not in str(refused.value)


def test_a_secret_is_shown_and_logged_nowhere(team: Shop, receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        receiver.status = 500
        posts(team)
        receiver.status = 200
        posts(team, NOW + timedelta(hours=1))
    assert SECRET not in caplog.text
    assert SECRET not in repr(held(team))
    assert SECRET.encode() not in b"".join(receiver.bodies)
    with team.home.database.read() as connection:
        assert store.subscription(connection, "kim").secret == SECRET
