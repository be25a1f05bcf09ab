"""Files that articles embed: which are taken, who may see them, and when they may go.

A file is its bytes: its id is their SHA-256, so that the same bytes are kept once, and an address never shows others.
It has one audience and one space. Whoever uploads the same bytes for others is refused, and told so: nothing is ever
made public by the way. To let others read it, it is moved (`move`), which the audit log shows.

What a file is, its first bytes say; seven types and plain text are told apart here by a signature each, which is
stricter than a general library of signatures, for which a text that begins with "BM" is an image.
"""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata
from collections.abc import Callable

from articles.frontmatter import audience_of
from kb.errors import Conflict, Forbidden, InvalidInput, NotFound
from kb.models import AGENTS, EVERYTHING, PUBLIC, Actor
from kb.store import Connection, Database, audit, people
from kb.store import media as store
from kb.store.media import Media
from kb.words import count

MAX_BYTES = 10_000_000
MAX_PIXELS = 50_000_000  # width × height: about 200 MB in a reader's browser
MAX_NAME = 200  # characters

EXTENSIONS: dict[str, tuple[str, ...]] = {
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "application/pdf": ("pdf",),
    "video/mp4": ("mp4", "m4v"),
    "video/webm": ("webm",),
    "text/plain": ("txt", "log"),
    "text/csv": ("csv",),
}
"""What is taken: by type, how its names may end. Not archives: nobody looks into them."""

INLINE = frozenset(name for name in EXTENSIONS if name.startswith(("image/", "video/")))
"""What a page may show in its place; anything else is saved as a file."""

_ACTIVE = frozenset(("svg", "svgz", "html", "htm", "xhtml", "xml", "mht", "mhtml", "js"))
_MARKUP = re.compile(r"\s*<(?:!--|\?xml|(?:!doctype|html|head|body|svg|script)\b)", re.IGNORECASE)
_NO_SCRIPTS = "SVG and HTML can carry scripts, which would run as whoever looks at them: save an image as PNG"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")  # of a text: all but tab, line feed, form feed, carriage return
_UNPRINTABLE = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))  # controls, and what turns the direction of text

_SIGNATURES = {
    kind: re.compile(signature, re.DOTALL)
    for kind, signature in {
        "image/png": rb"\x89PNG\r\n\x1a\n",
        "image/jpeg": rb"\xff\xd8\xff",
        "image/gif": rb"GIF8[79]a",
        "image/webp": rb"RIFF.{4}WEBP",
        "application/pdf": rb"%PDF-",
        "video/mp4": rb".{4}ftyp(?:isom|iso[2456]|mp4[12]|avc1|M4V |MSNV|dash)",
        "video/webm": rb"\x1a\x45\xdf\xa3.{0,48}\x42\x82\x84webm",  # Matroska's header with its DocType
    }.items()
}

Size = tuple[int, int]
"""Width and height in pixels."""


# --- what is taken ------------------------------------------------------------------------------------------


def accept(name: str, data: bytes) -> tuple[str, str]:
    """A file's name as it is kept, and its type.

    Raises:
        InvalidInput: it is not taken; says why, and what would be.
    """
    name = clean_name(name)
    if not 0 < len(data) <= MAX_BYTES:
        raise InvalidInput(f"{name}: {len(data):,} bytes; a file has 1 to {MAX_BYTES:,}")
    extension = name.rpartition(".")[2].lower()
    if extension in _ACTIVE:
        raise InvalidInput(f"{name}: {_NO_SCRIPTS}")
    found = (kind for kind, signature in _SIGNATURES.items() if signature.match(data))
    kind = next(found, "") or _text(name, data, extension)
    if extension not in EXTENSIONS[kind]:
        raise InvalidInput(f"{name}: its first bytes say {kind}, whose names end in .{' or .'.join(EXTENSIONS[kind])}")
    if kind in _SIZES:
        _check_size(name, _SIZES[kind](data))
    return name, kind


def clean_name(name: str) -> str:
    """A file's name in NFC.

    Raises:
        InvalidInput: it is a path, or empty, too long, or has characters that cannot be seen.
    """
    name = unicodedata.normalize("NFC", name).strip()
    if not 0 < len(name) <= MAX_NAME or any(unicodedata.category(char) in _UNPRINTABLE for char in name):
        raise InvalidInput(f"name: {name[:80]!r} is not 1 to {MAX_NAME} characters that can be seen")
    stem, dot, extension = name.rpartition(".")
    if "/" in name or "\\" in name or not (stem.strip(". ") and dot and extension):
        raise InvalidInput(f"name: {name!r} is not the name of a file, such as router-lights.png")
    return name


def _text(name: str, data: bytes, extension: str) -> str:
    """The type of a text, by the name: a table and a text begin alike."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if _CONTROL.search(text):
        taken = ", ".join(end for ends in EXTENSIONS.values() for end in ends)
        raise InvalidInput(f"{name}: its first bytes are of no type that is taken: {taken} (texts in UTF-8)")
    if _MARKUP.match(text):
        raise InvalidInput(f"{name}: {_NO_SCRIPTS}")
    return "text/csv" if extension == "csv" else "text/plain"


def _check_size(name: str, size: Size | None) -> None:
    """A few bytes can claim a picture that fills a reader's memory."""
    if size is None or not all(size):
        raise InvalidInput(f"{name}: its header does not say how large the picture is; is the file whole?")
    width, height = size
    if width * height > MAX_PIXELS:
        raise InvalidInput(f"{name}: {width:,} × {height:,} pixels; a picture has {MAX_PIXELS:,} at most")


def _png(data: bytes) -> Size | None:
    return struct.unpack_from(">II", data, 16) if len(data) >= 24 and data[12:16] == b"IHDR" else None


def _gif(data: bytes) -> Size | None:
    return struct.unpack_from("<HH", data, 6) if len(data) >= 10 else None


def _jpeg(data: bytes) -> Size | None:
    """The size in the frame header (SOF), which comes before the picture (SOS)."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        if marker in (0xD9, 0xDA):
            return None
        alone = marker in (0x01, 0xFF) or 0xD0 <= marker <= 0xD8  # no length follows; FF fills
        at += (1 if marker == 0xFF else 2) if alone else 2 + struct.unpack_from(">H", data, at + 2)[0]
    return None


def _webp(data: bytes) -> Size | None:
    """The size of the canvas (VP8X), of a lossless picture (VP8L), or of a lossy one (VP8)."""
    if len(data) < 30:
        return None
    if data[12:16] == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if data[12:16] == b"VP8L" and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if data[12:16] == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None


_SIZES: dict[str, Callable[[bytes], Size | None]] = {
    "image/png": _png,
    "image/jpeg": _jpeg,
    "image/gif": _gif,
    "image/webp": _webp,
}


# --- what is done -------------------------------------------------------------------------------------------


def upload(database: Database, actor: Actor, name: str, data: bytes, audience: str, space: str) -> tuple[Media, bool]:
    """Keep a file for whoever belongs to an audience and sees a space; whether it is new.

    Raises:
        InvalidInput: the file is not taken, or there is no such audience or space.
        Forbidden: the actor does not belong there.
        Conflict: the same bytes are kept for others.
    """
    name, kind = accept(name, data)
    audience = audience_of(audience)
    found = Media(hashlib.sha256(data).hexdigest(), name, kind, len(data), audience, space, actor.name, "")
    with database.write() as connection:
        _check_place(connection, actor, audience, space)
        held = store.get(connection, found.id, EVERYTHING)
        if held is None:
            audit.record(connection, actor, "media.create", [f"media:{found.id}"], audience=audience, name=name)
            return store.add(connection, found, data), True
    if (held.audience, held.space) == (audience, space):
        return held, False
    if not actor.reader.may_read(held.audience, held.space):
        raise Conflict(f"{name}: the same file is kept for others")
    where = f"audience {held.audience!r} in space {held.space!r}"
    raise Conflict(f"{name}: the same file is kept for {where}, as {held.id}: move it, should others see it, too")


def move(database: Database, actor: Actor, media_id: str, audience: str | None, space: str | None) -> Media:
    """Let another audience or space have a file; None leaves it.

    Raises:
        NotFound: there is none that the actor may read.
        InvalidInput: there is no such audience or space; Forbidden: the actor does not belong there.
    """
    with database.write() as connection:
        held = _held(connection, actor, media_id)
        wanted = (held.audience if audience is None else audience_of(audience), held.space if space is None else space)
        _check_place(connection, actor, *wanted)
        store.move(connection, media_id, *wanted)
        was = {"was_audience": held.audience, "was_space": held.space}
        audit.record(connection, actor, "media.move", [f"media:{media_id}"], audience=wanted[0], **was)
        return _held(connection, actor, media_id)


def remove(database: Database, actor: Actor, media_id: str) -> None:
    """Delete a file that no text shows.

    Raises:
        NotFound: there is none that the actor may read.
        Conflict: a text that is live or worked on names it; says which of those that the actor may read.
    """
    with database.write() as connection:
        held = _held(connection, actor, media_id)
        users = store.users_of(connection, media_id)
        if users:
            seen = [article for article, *place in users if actor.reader.may_read(*place)]
            named = ", ".join(map(repr, seen[:5])) or "articles that you cannot read"
            raise Conflict(f"{held.name}: {count(len(users), 'article shows', 'articles show')} it: {named}")
        store.remove(connection, media_id)
        audit.record(connection, actor, "media.delete", [f"media:{media_id}"], audience=held.audience, name=held.name)


def _held(connection: Connection, actor: Actor, media_id: str) -> Media:
    held = store.get(connection, media_id, actor.reader)
    if held is None:
        raise NotFound(f"no media {media_id!r}")
    return held


def _check_place(connection: Connection, actor: Actor, audience: str, space: str) -> None:
    """A place that is there, and whose files the actor would see."""
    groups = () if audience in (PUBLIC, AGENTS) else (audience,)
    people.known_rights(connection, groups, (space,))
    if not actor.reader.may_read(audience, space):
        raise Forbidden(f"{actor.name} keeps only what they may read: not audience {audience!r} in {space!r}")
