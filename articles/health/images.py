"""Images that cannot be heard, because nothing says what they show, and images that are not there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from articles.health.base import Check, Flag, Shelf
from articles.health.indexes import once
from articles.health.words import and_more, say
from indexer.markdown import Link
from kb.models import Article

# --- what they show -----------------------------------------------------------------------------------------

_FILE = re.compile(r"\S+\.(?:png|jpe?g|gif|webp|svg|bmp|tiff?|heic)", re.IGNORECASE)
_CAMERA = re.compile(r"(?:img|dsc|pxl|screenshot|screen|capture|image|photo|스크린샷|캡처)?[\d_()-]+", re.IGNORECASE)
_NOTHING_SAID = re.compile(
    r"(?:(?:an?|the) )?(?:image|img|picture|pic|photo|screen ?shots?|screen capture|screen|figure|graphic|icon|untitled"
    r"|alt(?: ?text)?|image description|enter image description here|이미지|그림|사진|스크린 ?샷|화면(?: ?캡처)?|캡처"
    r"|아이콘|대체 ?텍스트)[ #.:_-]*\d*",
    re.IGNORECASE,
)


def _missing_alt(article: Article, shelf: Shelf) -> Iterator[Flag]:
    images = (link for link in shelf.document(article).links if link.image and not link.ornament)
    bad = sorted((image for image in images if _says_nothing(image)), key=lambda image: image.line)
    if bad:
        first = bad[0]
        name = posixpath.basename(_path(first.target)) or first.target[:60].partition(";base64")[0]
        message = say("the image {name!r} has no text that says what it shows", name=name)
        if text := first.text[:80].strip():
            message = say("the image {name!r} says only {text!r} of what it shows", name=name, text=text)
        message = and_more(message, len(bad) - 1)
        fix = say(
            "Say in its alt text what a reader should see in it, such as: ![The reset button, left of the socket](…)"
        )
        evidence = {"count": len(bad), "lines": [image.line for image in bad][:20]}
        yield Flag(MISSING_ALT.name, message, first.line, _line(article, first.line), fix, evidence)


def _says_nothing(image: Link) -> bool:
    alt = " ".join(image.text.split())
    stem = posixpath.basename(_path(image.target)).rpartition(".")[0]
    named = alt.lower() == stem.lower() and bool(re.search(r"[\d_-]", alt))  # not a word that is also the file's name
    return not alt or named or any(pattern.fullmatch(alt) for pattern in (_FILE, _CAMERA, _NOTHING_SAID))


def _line(article: Article, number: int) -> str:
    lines = article.markdown.split("\n")
    return lines[number - 1].strip()[:200] if number <= len(lines) else ""


# --- whether they are there ---------------------------------------------------------------------------------

_MEDIA = re.compile(r"/media/([0-9a-f]{64})(?:/|$)")


def _missing_image(article: Article, shelf: Shelf) -> Iterator[Flag]:
    gone = [link for link in shelf.facts(article).links if link.image and _is_gone(link, article, shelf)]
    if gone:
        first = gone[0]
        message = say("shows {target!r}, and there is no such file", target=unquote(first.target)[:200])
        message = and_more(message, len(gone) - 1)
        fix = say("Put the file there, show the one that took its place, or take the image out.")
        evidence = {"count": len(gone), "targets": [link.target[:200] for link in gone][:20]}
        yield Flag(MISSING_IMAGE.name, message, first.line, _line(article, first.line), fix, evidence)


def _is_gone(link: Link, article: Article, shelf: Shelf) -> bool:
    """Whether a file of the article's own folder, or one that was uploaded, is not there; of others nobody can tell."""
    path = _path(link.target)
    media = _MEDIA.match(path)
    if media:
        return shelf.media is not None and media.group(1) not in shelf.media
    if not path or path.startswith("/") or not article.folder:
        return False
    found = posixpath.normpath(posixpath.join(posixpath.dirname(article.source), path))
    names = None if found.startswith("../") else _listed(article.folder, posixpath.dirname(found), shelf)
    return names is not None and posixpath.basename(found) not in names


def _listed(folder: str, path: str, shelf: Shelf) -> frozenset[str] | None:
    """The names in a directory of a folder; None where the folder is not on this machine, and nothing can be said."""
    known, here = _directories(shelf), Path(folder, path)
    if here not in known:
        try:
            there = frozenset(entry.name for entry in here.iterdir()) if here.is_dir() else frozenset()
            known[here] = there if Path(folder).is_dir() else None
        except OSError:  # it may not be read, or has a name that no directory can have
            known[here] = None
    return known[here]


@once
def _directories(shelf: Shelf) -> dict[Path, frozenset[str] | None]:
    """What directories hold, as they are read: a few directories have all images."""
    return {}


def _path(target: str) -> str:
    """The path of an address within the site, "" for any other."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else unquote(parts.path)


MISSING_ALT = Check(
    "missing_alt",
    "low",
    "Whoever listens to the page, or has not loaded the image, does not learn what it shows.",
    _missing_alt,
)
MISSING_IMAGE = Check(
    "missing_image",
    "medium",
    "A reader sees a broken frame where a step is shown.",
    _missing_image,
    "shelf",
)

CHECKS = (MISSING_ALT, MISSING_IMAGE)
