"""A ticket to a question: what the customer wrote, without greetings, signatures and quoted replies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from kb.errors import InvalidInput
from kb.models import Message, Ticket

MAX_QUESTION = 2000  # characters of a ticket that are searched: about what the model reads

_QUOTE = re.compile(r"^\s*>")
_QUOTE_HEAD = re.compile(
    r"^\s*(?:On .{5,120} wrote:|.{5,120}(?:님이|께서) (?:작성|쓴 글).*:?|-{2,}\s*(?:Original|Forwarded) Message.*"
    r"|-{2,}\s*(?:원본|전달된) 메(?:시지|일).*|From: .+|보낸 ?사람: .+)\s*$",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"^\s*(?:--\s*|—|(?:best|kind|warm)?\s*regards[,.]?|sincerely[,.]?|cheers[,!.]?|sent from my .+"
    r"|(?:many )?thanks(?: in advance)?[,!.]?|thank you[,!.]?(?: very much[,!.]?)?|감사합니다[.!~]*"
    r"|(?:미리 )?감사(?:드립니다|해요)[.!~]*|고맙습니다[.!~]*|수고하세요[.!~]*"
    r"|.{0,12}(?:올림|드림)[.!]*|나의 .+에서 보냄)\s*$",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^\s*(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))\b[^.!?\n]{0,40}?[,.!]+\s*"
    r"|(?:hi|hello|hey)(?: (?:there|all|team|support))?\s*$"
    r"|안녕하세요[^.!?\n]{0,30}?[.,!~?]+\s*|안녕하세요\s*$|안녕하십니까[.,!?]*\s*|수고(?:하십니다|많으십니다)[.,!~]*\s*"
    r"|(?:고객센터|상담사|담당자)(?:님)?[.,!]\s*)+",
    re.IGNORECASE,
)


def parse(text: str, source: str = "<ticket>") -> Ticket:
    """A ticket from JSON ({subject, messages: [{author, text}] or text, locale?, product?}) or plain text.

    In plain text a first line `Subject: …` (`제목: …`) is the subject.

    Raises:
        InvalidInput: JSON of another shape, or an empty ticket; with the key.
    """
    if text.lstrip().startswith("{"):
        try:
            return from_json(json.loads(text), source)
        except ValueError as error:
            raise InvalidInput(f"{source}: looks like JSON, but: {error}") from error
    head, _, rest = text.lstrip("\ufeff\n ").partition("\n")
    subject = re.match(r"(?:subject|제목)\s*:\s*(.+)", head, re.IGNORECASE)
    body = rest if subject else text
    ticket = Ticket(subject.group(1) if subject else "", [Message("customer", body)])
    return _not_empty(ticket, source)


def from_json(value: Any, source: str) -> Ticket:
    if not isinstance(value, dict):
        raise InvalidInput(f"{source}: a ticket is an object with `subject` and `messages`")
    messages = value.get("messages")
    if messages is None:
        messages = [{"author": "customer", "text": value.get("text") or value.get("body") or ""}]
    if not isinstance(messages, list):
        raise InvalidInput(f"{source}: messages: {messages!r:.60} is not a list")
    ticket = Ticket(
        subject=_string(value, "subject", source),
        messages=[_message(item, index, source) for index, item in enumerate(messages)],
        locale=_string(value, "locale", source) or None,
        product=_string(value, "product", source) or None,
        dismissed=_strings(value, "dismissed", source),
    )
    return _not_empty(ticket, source)


def _message(item: Any, index: int, source: str) -> Message:
    if not isinstance(item, dict) or not isinstance(item.get("text"), str):
        raise InvalidInput(f"{source}: messages[{index}]: needs `author` and `text`")
    author = item.get("author", "customer")
    if author not in ("customer", "agent"):
        raise InvalidInput(f"{source}: messages[{index}].author: {author!r} is not customer or agent")
    return Message(author, item["text"])


def _string(value: dict[str, Any], key: str, source: str) -> str:
    found = value.get(key) or ""
    if not isinstance(found, str):
        raise InvalidInput(f"{source}: {key}: {found!r:.60} is not a text")
    return found


def _strings(value: dict[str, Any], key: str, source: str) -> list[str]:
    found = value.get(key) or []
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        raise InvalidInput(f"{source}: {key}: {found!r:.60} is not a list of texts")
    return found


def _not_empty(ticket: Ticket, source: str) -> Ticket:
    if not question(ticket).strip():
        raise InvalidInput(f"{source}: the ticket has no words of the customer's")
    return ticket


def question(ticket: Ticket) -> str:
    """What to search for: the subject, then the customer's first and latest words, as many as fit."""
    words = [body(m.text) for m in ticket.messages if m.author == "customer"]
    words = [text for text in words if text]
    if len(words) > 2:
        words = [words[0], words[-1], *words[1:-1]]
    parts = [body(ticket.subject) or ticket.subject.strip(), *words]
    return "\n".join(dict.fromkeys(part for part in parts if part))[:MAX_QUESTION]


def body(text: str) -> str:
    """A message without its greeting, its signature and what it quotes."""
    kept = list(_own_lines(text.replace("\r\n", "\n").split("\n")))
    end = next((i for i, line in enumerate(kept) if i and _SIGNATURE.match(line)), len(kept))
    own = "\n".join(kept[:end]).strip()
    return _GREETING.sub("", own).strip() or own


def _own_lines(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if _QUOTE_HEAD.match(line):
            return
        if not _QUOTE.match(line):
            yield line
