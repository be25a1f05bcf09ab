"""A directory of Markdown into the library: what is new, changed or gone since the last time."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from articles.library import Draft, Library, Outcome
from kb.errors import InvalidInput
from kb.store import articles as store

SUFFIXES = (".md", ".markdown")


def files(folder: Path) -> list[Path]:
    """The Markdown files under a folder, in order, hidden ones left out.

    Raises:
        InvalidInput: it is not a folder.
    """
    if not folder.is_dir():
        raise InvalidInput(f"{folder}: no such folder")
    found = (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    return sorted(p for p in found if not any(part.startswith(".") for part in p.relative_to(folder).parts))


def sync(library: Library, folder: Path, progress: Callable[[Outcome], None] | None = None) -> list[Outcome]:
    """Bring the library up to date with a folder: publish what changed, retire what is gone."""
    root = folder.resolve()
    paths = files(root)
    unreadable: list[Outcome] = []
    outcomes = library.put(_readable(drafts(root, paths), unreadable), progress)
    present = {path.relative_to(root).as_posix() for path in paths}
    outcomes += unreadable
    with library.database.read() as connection:
        known = store.origins(connection)
    gone = [
        origin.id
        for origin in known.values()
        if origin.folder == str(root) and origin.source not in present and origin.state != "archived"
    ]
    retired = library.retire(gone)
    for outcome in [*unreadable, *retired]:
        if progress:
            progress(outcome)
    return outcomes + retired


def sync_files(library: Library, folder: Path, changed: Iterable[Path]) -> list[Outcome]:
    """The same for some files of a folder, which may be gone by now."""
    root = folder.resolve()
    here = [path for path in changed if path.suffix.lower() in SUFFIXES]
    unreadable: list[Outcome] = []
    present = [path for path in here if path.is_file()]
    outcomes = library.put(_readable(drafts(root, present), unreadable))
    gone = {path.relative_to(root).as_posix() for path in here if not path.is_file()}
    with library.database.read() as connection:
        known = store.origins(connection)
    ids = [o.id for o in known.values() if o.folder == str(root) and o.source in gone]
    return outcomes + unreadable + library.retire(ids)


def drafts(root: Path, paths: Iterable[Path]) -> Iterator[Draft | Outcome]:
    """Files under `root` as drafts; one that cannot be read as the outcome that says so."""
    for path in paths:
        source = path.relative_to(root).as_posix()
        article_id = unicodedata.normalize("NFC", source.rpartition(".")[0]).replace(" ", "-")
        try:
            yield Draft(path.read_text(encoding="utf-8"), source, article_id, str(root))
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            message = f"not UTF-8: byte {error.object[error.start]:#04x}"
            yield Outcome(article_id, source, "failed", message=message, line=line)
        except OSError as error:
            yield Outcome(article_id, source, "failed", message=f"cannot be read: {error.strerror}")


def _readable(found: Iterable[Draft | Outcome], unreadable: list[Outcome]) -> Iterator[Draft]:
    for item in found:
        if isinstance(item, Draft):
            yield item
        else:
            unreadable.append(item)
