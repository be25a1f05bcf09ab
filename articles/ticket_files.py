"""Files of tickets as help desks export them: one JSON object a line, CSV with a header, or an mbox of mail.

A record that cannot be read is told with its file, line, key and value, and loses nothing else.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from articles import mail
from articles.tickets import Found, Incoming, Refused, Turn
from kb import times
from kb.errors import InvalidInput
from kb.models import MAIN, TicketState

Format = Literal["jsonl", "csv", "mbox"]

_MAX_FIELD = 10_000_000  # characters of one field of a CSV
_ENDINGS: Mapping[str, Format] = {
    **dict.fromkeys((".jsonl", ".ndjson"), "jsonl"),
    ".csv": "csv",
    **dict.fromkeys((".mbox", ".mbx"), "mbox"),
}
_ALIASES = {  # as `_name` has them
    "id": ("id", "ticketid", "number", "번호", "티켓번호", "문의번호", "접수번호"),
    "subject": ("subject", "title", "제목", "문의제목"),
    "text": ("text", "description", "body", "message", "내용", "문의내용"),
    "answer": ("answer", "reply", "답변", "답변내용"),
    "messages": ("messages", "comments"),
    "requester": ("requester", "requesterid", "requesteremail", "email", "from", "이메일", "고객", "작성자", "문의자"),
    "locale": ("locale", "language", "언어"),
    "product": ("product", "제품", "상품"),
    "state": ("state", "status", "상태", "처리상태"),
    "channel": ("channel", "via", "채널"),
    "linked": ("linked", "articleids", "관련문서"),
    "search_ids": ("searchids",),
    "created_at": ("createdat", "created", "생성일", "접수일", "접수일시"),
    "updated_at": ("updatedat", "updated", "수정일"),
    "closed_at": ("closedat", "closed", "종료일", "완료일", "완료일시"),
    "space": ("space", "스페이스"),
}
_KNOWN = frozenset(name for names in _ALIASES.values() for name in names)
_STATES: Mapping[str, TicketState] = {
    **dict.fromkeys(("", "new", "open", "active", "접수", "처리중", "진행중"), "open"),
    **dict.fromkeys(("pending", "hold", "on-hold", "on hold", "waiting", "보류", "대기"), "pending"),
    **dict.fromkeys(("solved", "resolved", "done", "해결", "완료", "처리완료"), "solved"),
    **dict.fromkeys(("closed", "종료", "종결"), "closed"),
}
_CUSTOMERS = ("customer", "end-user", "end_user", "user", "requester", "contact")
_AGENTS = ("agent", "admin", "staff", "support", "operator")
_TIME = re.compile(
    r"(\d{4})\s?[-./]\s?(\d{1,2})\s?[-./]\s?(\d{1,2})\.?"
    r"(?:[T ]+(?:(오전|오후|AM|PM)\s?)?(\d{1,2}):(\d{2})(?::(\d{2}))?)?"
)


def read(path: Path, format_: Format | None = None, *, space: str = MAIN, agent_domain: str = "") -> Iterator[Found]:
    """The tickets of a file, in its order.

    Args:
        format_: by the file's name where it is not said.
        space: of the tickets that name none.
        agent_domain: of mail: whoever writes from there is an agent.

    Raises:
        InvalidInput: the file cannot be read, or is of no such format.
    """
    found = _format(path, format_)
    if found == "mbox":
        return mail.tickets(path, space, agent_domain.lower().lstrip("@"))
    return _records(path, _csv_rows(path) if found == "csv" else _json_lines(path), space)


def unread(path: Path, format_: Format | None = None) -> list[str]:
    """The columns of a CSV that a ticket has no place for, in their order; none of another format.

    Raises:
        InvalidInput: the file cannot be read, or is of no such format.
    """
    if _format(path, format_) != "csv":
        return []
    header = csv.DictReader(io.StringIO(_decoded(path), newline="")).fieldnames or []
    return [column.strip() for column in header if column.strip() and _name(column) not in _KNOWN]


def _format(path: Path, said: Format | None) -> Format:
    found = said or _ENDINGS.get(path.suffix.lower())
    if found is None:
        raise InvalidInput(f"{path}: say --format {', '.join(get_args(Format))}: its name does not tell")
    if not path.is_file():
        raise InvalidInput(f"{path}: no such file")
    return found


def _name(column: str) -> str:
    """A column's name without what spreadsheets and systems write in different ways: case, spaces, underscores."""
    return re.sub(r"[\s_]", "", unicodedata.normalize("NFC", column).lower())


def moment(text: str, key: str) -> str:
    """A time as the store writes it, of ISO 8601 or as spreadsheets do (2026. 11. 3. 오후 2:05); "" for none.

    A time without a zone is in UTC.

    Raises:
        InvalidInput: it is no time.
    """
    text = text.strip()
    try:
        return times.moment(text, key)
    except InvalidInput:
        return times.stamp(_spreadsheet_time(text, key))


def _spreadsheet_time(text: str, key: str) -> datetime:
    if match := _TIME.fullmatch(text):
        year, month, day, half, hour, minute, second = match.groups()
        in_day = int(hour or 0) % 12 + 12 * (half in ("오후", "PM")) if half else int(hour or 0)
        try:
            return datetime(int(year), int(month), int(day), in_day, int(minute or 0), int(second or 0), tzinfo=UTC)
        except ValueError:
            pass  # the same as a text of another form
    raise InvalidInput(f"{key}: {text[:40]!r} is not a time such as 2026-12-01T09:00:00Z")


# --- records ---------------------------------------------------------------------------------------------------------


def _records(path: Path, rows: Iterator[tuple[int, Any]], space: str) -> Iterator[Found]:
    for line, row in rows:
        try:
            yield _ticket(row, space, str(path), line)
        except InvalidInput as error:
            yield Refused(str(path), line, str(error))


def _ticket(row: Any, space: str, source: str, line: int) -> Incoming:
    if isinstance(row, InvalidInput):
        raise row
    if not isinstance(row, dict):
        raise InvalidInput(f"a ticket is an object, not {row!r:.40}")
    if isinstance(row.get("ticket"), dict):
        row = row["ticket"]
    fields = {_name(str(key)): value for key, value in row.items()}
    value = {key: next((fields[name] for name in names if fields.get(name)), None) for key, names in _ALIASES.items()}
    requester = _text(value["requester"], "requester")
    customer = {requester, _text(fields.get("requesterid"), "requester_id")}
    times = {key: moment(_text(value[key], key), key) for key in ("created_at", "updated_at", "closed_at")}
    return Incoming(
        id=_text(value["id"], "id"),
        subject=_text(value["subject"], "subject"),
        messages=_turns(value["messages"], customer)
        or [*_only("customer", _text(value["text"], "text")), *_only("agent", _text(value["answer"], "answer"))],
        requester=requester,
        locale=_text(value["locale"], "locale"),
        product=_text(value["product"], "product"),
        state=_state(_text(value["state"], "state")),
        channel=_text(value["channel"], "channel"),
        linked=_ids(value["linked"], "linked"),
        search_ids=_ids(value["search_ids"], "search_ids"),
        space=_text(value["space"], "space") or space,
        source=source,
        line=line,
        **times,
    )


def _text(value: Any, key: str) -> str:
    """A text, a number as one, or what an object says of the same thing (Zendesk's `via`, an embedded requester)."""
    if isinstance(value, dict):
        value = value.get("email") or value.get("channel") or value.get("name") or value.get("id")
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InvalidInput(f"{key}: {value!r:.60} is not a text")
    return str(value).strip()


def _state(text: str) -> TicketState:
    found = _STATES.get(text.lower())
    if found is None:
        raise InvalidInput(f"state: {text[:40]!r} is not one of {', '.join(filter(None, _STATES))}")
    return found


def _ids(value: Any, key: str) -> list[str]:
    """Ids in a list, or in a text with spaces or commas between."""
    if isinstance(value, str):
        return value.replace(",", " ").split()
    if not isinstance(value, list | None) or not all(isinstance(item, str) for item in value or []):
        raise InvalidInput(f"{key}: {value!r:.60} is not a list of ids")
    return value or []


def _only(author: Literal["customer", "agent"], text: str) -> list[Turn]:
    return [Turn(author, text)] if text else []


def _turns(value: Any, customer: set[str]) -> list[Turn]:
    """Messages; notes that agents write for each other (`public` false) are none."""
    if not isinstance(value, list | None):
        raise InvalidInput(f"messages: {value!r:.60} is not a list")
    spoken = [item for item in value or [] if not (isinstance(item, dict) and item.get("public") is False)]
    return [_turn(item, f"messages[{place}]", customer) for place, item in enumerate(spoken)]


def _turn(item: Any, place: str, customer: set[str]) -> Turn:
    text = _first(item, "text", "plain_body", "body") if isinstance(item, dict) else None
    if not isinstance(text, str):
        raise InvalidInput(f"{place}: {item!r:.60} has no `text`")
    at = moment(_text(_first(item, "at", "created_at"), place), f"{place}.at")
    return Turn(_author(item, place, customer), text, at)


def _author(item: Mapping[str, Any], place: str, customer: set[str]) -> Literal["customer", "agent"]:
    """By its role; else by whether the requester wrote it."""
    role = _text(_first(item, "author", "author_role", "role"), f"{place}.author").lower()
    if not role and item.get("author_id") is not None:
        return "customer" if _text(item["author_id"], f"{place}.author_id") in customer else "agent"
    if role in _AGENTS:
        return "agent"
    if role and role not in _CUSTOMERS:
        raise InvalidInput(f"{place}.author: {role[:40]!r} is not customer or agent")
    return "customer"


def _first(item: Mapping[str, Any], *keys: str) -> Any:
    return next((item[key] for key in keys if item.get(key) is not None), None)


# --- files -----------------------------------------------------------------------------------------------------------


def _json_lines(path: Path) -> Iterator[tuple[int, Any]]:
    """The value of each line, or why there is none."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
                if text.strip():
                    yield number, json.loads(text)
            except UnicodeDecodeError as error:
                yield number, InvalidInput(f"not UTF-8 at byte {error.start}")
            except json.JSONDecodeError as error:
                around = text[max(error.pos - 10, 0) : error.pos + 20].strip()
                yield number, InvalidInput(f"not JSON: cannot be read at character {error.pos + 1}, {around!r}")
            except ValueError:
                yield number, InvalidInput("not JSON: a number in it is too long")
            except RecursionError:
                yield number, InvalidInput("not JSON: too many objects or lists within each other")


def _csv_rows(path: Path) -> Iterator[tuple[int, Any]]:
    csv.field_size_limit(_MAX_FIELD)
    reader = csv.DictReader(io.StringIO(_decoded(path), newline=""))
    columns = reader.fieldnames or []
    if not {_name(column) for column in columns} & set(_ALIASES["id"]):
        raise InvalidInput(f"{path}:1: no column is `id`, only {', '.join(map(str.strip, columns))!r:.200}")
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield reader.line_num, InvalidInput(f"not CSV: {error}")
            continue
        more = row.get(None)
        yield reader.line_num, InvalidInput(_too_many(columns, more)) if more else row


def _too_many(columns: Sequence[str], more: Sequence[str]) -> str:
    held = f"{len(columns)} columns: the header has no name for"
    return f"more values than the {held} {', '.join(more)[:60]!r}; a value with a comma in it stands in quotes"


def _decoded(path: Path) -> str:
    """The text of a file that Excel may have written: UTF-8, UTF-16 by its mark, or CP949."""
    data = path.read_bytes()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp949")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path}: neither UTF-8 nor CP949, at byte {error.start}") from error
