"""An mbox of mail as tickets: a thread is one. Whoever wrote first is the customer, others are agents.

Threads are those of In-Reply-To and References (RFC 5322). A ticket's id is made of the Message-ID that began it.
"""

from __future__ import annotations

import hashlib
import html
import mailbox
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path

from articles.tickets import Found, Incoming, Refused, Turn
from kb.errors import InvalidInput
from kb.times import stamp

_NAMED = re.compile(r"<[^<>\s]{1,998}>")
_BREAKS = re.compile(r"<(?:br|/p|/div|/li|/tr|/h\d)\b[^>]{0,200}>", re.IGNORECASE)
# EUC-KR is what mail says where it is written in its superset
_CHARSETS = dict.fromkeys(("euc-kr", "ks_c_5601-1987", "ksc5601", "korean"), "cp949")


@dataclass(frozen=True)
class _Mail:
    """A message: its number in the file, its own name and those it answers, who wrote it, and what."""

    number: int
    name: str
    answers: tuple[str, ...]
    sender: str
    subject: str
    at: str
    text: str


def tickets(path: Path, space: str, agent_domain: str) -> Iterator[Found]:
    """The threads of an mbox, in the order of their first messages.

    Raises:
        InvalidInput: the file holds no mail.
    """
    box = mailbox.mbox(path, create=False)
    try:
        found: list[_Mail] = []
        for number, message in enumerate(box, 1):
            mail = _read(message, number)
            if mail.text or mail.subject:
                found.append(mail)
            else:
                yield Refused(str(path), number, f"message {number}: no text in it")
        if not len(box) and path.stat().st_size:
            raise InvalidInput(f"{path}: no message in it: an mbox has a line `From …` before each")
    finally:
        box.close()
    for thread in _threads(found):
        yield _ticket(thread, space, agent_domain, str(path))


def _threads(found: list[_Mail]) -> list[list[_Mail]]:
    """Messages that answer one another, each thread in the order of time."""
    root: dict[str, str] = {}

    def top(name: str) -> str:
        while root.setdefault(name, name) != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    for mail in found:
        for other in mail.answers:
            root[top(mail.name)] = top(other)
    threads: dict[str, list[_Mail]] = {}
    for mail in found:
        threads.setdefault(top(mail.name), []).append(mail)
    return [sorted(thread, key=lambda mail: (mail.at or "9", mail.number)) for thread in threads.values()]


def _ticket(thread: list[_Mail], space: str, agent_domain: str, source: str) -> Incoming:
    outside = [mail for mail in thread if not _from(mail, agent_domain)]
    customer = (outside or thread)[0].sender
    turns = [Turn("customer" if mail.sender == customer else "agent", mail.text, mail.at) for mail in thread]
    if not outside:
        turns = [Turn("agent", mail.text, mail.at) for mail in thread]
    root = (*thread[0].answers, thread[0].name)[0]  # the first that References names began the thread
    return Incoming(
        id=f"mail-{hashlib.sha256(root.encode('utf-8', 'replace')).hexdigest()[:16]}",
        subject=thread[0].subject,
        messages=[turn for turn in turns if turn.text],
        requester=customer if outside else "",
        channel="email",
        space=space,
        source=source,
        line=thread[0].number,
    )


def _from(mail: _Mail, domain: str) -> bool:
    host = mail.sender.rpartition("@")[2]
    return bool(domain) and (host == domain or host.endswith(f".{domain}"))


def _read(message: Message, number: int) -> _Mail:
    own = _NAMED.findall(str(message.get("Message-ID", "")))
    answers = _NAMED.findall(f"{message.get('References', '')} {message.get('In-Reply-To', '')}")
    sender = parseaddr(_header(message, "From"))[1].lower()
    text, at = _text(message).strip(), _date(message)
    name = own[0] if own else hashlib.sha256(f"{number}\n{sender}\n{at}\n{text}".encode("utf-8", "replace")).hexdigest()
    return _Mail(number, name, tuple(answers), sender, _header(message, "Subject"), at, text)


def _header(message: Message, name: str) -> str:
    """A header decoded (RFC 2047), on one line."""
    raw = str(message.get(name, ""))
    with suppress(HeaderParseError, LookupError, ValueError):  # what cannot be decoded is kept as it stands
        raw = str(make_header(decode_header(raw)))
    return " ".join(raw.split())


def _date(message: Message) -> str:
    try:
        return stamp(parsedate_to_datetime(str(message.get("Date", ""))))
    except (ValueError, OverflowError):
        return ""


def _text(message: Message) -> str:
    """The plain part, else the text of the HTML part; attachments are none."""
    parts = [part for part in message.walk() if not part.is_multipart() and part.get_filename() is None]
    for kind in ("text/plain", "text/html"):
        bodies = [_decoded(part) for part in parts if part.get_content_type() == kind]
        if any(body.strip() for body in bodies):
            return "\n".join(map(_stripped, bodies) if kind == "text/html" else bodies)
    return ""


def _decoded(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    charset = str(part.get_content_charset("utf-8")).lower()
    try:
        return data.decode(_CHARSETS.get(charset, charset))
    except (LookupError, UnicodeDecodeError):
        return data.decode("utf-8", "replace")


def _stripped(markup: str) -> str:
    import nh3

    return html.unescape(nh3.clean(_BREAKS.sub("\\g<0>\n", markup), tags=set()))
