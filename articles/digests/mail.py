"""Sends a digest by mail: text and HTML, through the mail server that the settings name.

A receiver that gets the same Message-ID twice got the same digest twice.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime

from articles.digests.addresses import Delayed, Refused
from articles.digests.compose import Digest
from kb.settings import Settings

SECONDS = 20.0  # that the mail server may take for one step
_WHO_ARE_YOU = frozenset({530, 535, 538})  # answers that say nothing of the mail


class _Whole(UnstructuredHeader, BaseHeader):
    """A header that stays on its line: a word longer than 78 characters would be encoded, which no address may be."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Whole)
_POLICY = SMTP.clone(header_factory=_HEADERS)


class MailServerDown(Exception):
    """The mail server takes no mail at all, or none of ours."""


def message(digest: Digest, sender: str, to: str, key: str, at: datetime, stop: str = "") -> EmailMessage:
    """A mail. `key` is what its Message-ID is made of; a POST to `stop`, a URL of https, ends what it is one of.

    Raises:
        Refused: an address cannot stand in a header.
    """
    made = EmailMessage(policy=_POLICY)
    try:
        made["From"], made["To"], made["Subject"] = sender, to, digest.subject
        made["Date"] = format_datetime(at)
        made["Message-ID"] = f"<{key}@{sender.rpartition('@')[2]}>"
    except (ValueError, HeaderParseError) as error:
        raise Refused(f"the mail cannot be addressed: {error}") from error
    made["Auto-Submitted"] = "auto-generated"  # so that no absence is answered (RFC 3834)
    if stop:
        made["List-Unsubscribe"], made["List-Unsubscribe-Post"] = f"<{stop}>", "List-Unsubscribe=One-Click"  # RFC 8058
    made.set_content(digest.text)
    made.add_alternative(digest.html, subtype="html")
    return made


def send(settings: Settings, mail: EmailMessage) -> None:
    """Give a mail to the mail server.

    Raises:
        MailServerDown: it takes none of ours now.
        Refused: it says that this one cannot be delivered, ever.
        Delayed: it does not take this one now.
    """
    with _connected(settings) as server:
        try:
            server.send_message(mail, settings.mail_from, [str(mail["To"])])
        except smtplib.SMTPRecipientsRefused as error:
            raise _answered(*next(iter(error.recipients.values()))) from error
        except smtplib.SMTPDataError as error:
            raise _answered(error.smtp_code, error.smtp_error) from error


@contextmanager
def _connected(settings: Settings) -> Iterator[smtplib.SMTP]:
    """A connection on which somebody is signed in; what goes wrong with it is the server's."""
    place = f"smtp {settings.smtp_host}:{settings.smtp_port}"
    if not settings.smtp_host or not settings.mail_from:
        raise MailServerDown(f"{'smtp_host' if not settings.smtp_host else 'mail_from'}: not set, and mails wait")
    try:
        server = _opened(settings)
        try:
            _sign_in(settings, server)
            yield server
        finally:
            server.close()  # a mail that was taken is delivered, whatever became of QUIT
    except (smtplib.SMTPException, OSError) as error:
        raise MailServerDown(f"{place}: {type(error).__name__}: {_said(error)}") from error


def _opened(settings: Settings) -> smtplib.SMTP:
    place = settings.smtp_host, settings.smtp_port
    if settings.smtp_tls == "tls":
        return smtplib.SMTP_SSL(*place, timeout=SECONDS, context=ssl.create_default_context())
    return smtplib.SMTP(*place, timeout=SECONDS)


def _sign_in(settings: Settings, server: smtplib.SMTP) -> None:
    if settings.smtp_tls == "starttls":
        server.starttls(context=ssl.create_default_context())
    if settings.smtp_user:
        password = settings.smtp_password.get_secret_value() if settings.smtp_password else ""
        server.login(settings.smtp_user, password)


def _answered(code: int, words: bytes | str) -> Exception:
    """What an answer to one mail means: 4xx for now, 5xx for ever (RFC 5321)."""
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    text = f"the mail server answers {code} {' '.join(said.split())}"[:300]
    if code in _WHO_ARE_YOU:
        return MailServerDown(text)
    return Refused(text) if code >= 500 else Delayed(text)


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {error.smtp_error!r}"[:300]
    return str(error)[:300]
