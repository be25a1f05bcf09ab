"""A directory of Markdown into the library: what is new, changed or gone since the last time."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from articles import frontmatter, history
from articles.library import Draft, Library, Outcome
from articles.prepare import content_hash
from kb.errors import Conflict, InvalidInput
from kb.models import OPERATOR
from kb.store import articles as store

SUFFIXES = history.SUFFIXES


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
    present = {path.relative_to(root).as_posix(): path for path in paths}
    moved = _moved(library, root, present)
    outcomes = library.put(_readable(drafts(root, paths, history.dates(root)), unreadable), progress)
    outcomes += unreadable
    with library.database.read() as connection:
        known = store.records_of(connection, str(root))
    gone = [held.id for source, held in known.items() if source not in present and held.state != "archived"]
    retired = library.retire(gone)
    for outcome in [*unreadable, *retired]:
        if progress:
            progress(outcome)
    return moved + outcomes + retired


def _moved(library: Library, root: Path, present: Mapping[str, Path]) -> list[Outcome]:
    """Articles whose file has another name and says the same: they move along, and their old addresses lead there."""
    with library.database.read() as connection:
        known = store.records_of(connection, str(root))
    gone = {held.origin_hash: held for source, held in known.items() if source not in present}
    moved: list[Outcome] = []
    for source in present.keys() - known.keys() if gone else ():
        draft = next(drafts(root, [present[source]]))
        if isinstance(draft, Outcome):
            continue
        held = gone.pop(content_hash(draft.markdown), None)
        if held is None or held.state != "published" or held.id == draft.id or frontmatter.names(draft.markdown, "id"):
            continue
        with suppress(Conflict):  # another article has that name: the file is read as any other
            library.move(held.id, draft.id, OPERATOR, source=source)
            moved.append(Outcome(draft.id, source, "moved"))
    return moved


def sync_files(library: Library, folder: Path, changed: Iterable[Path]) -> list[Outcome]:
    """The same for some files of a folder, which may be gone by now."""
    root = folder.resolve()
    here = [path for path in changed if path.suffix.lower() in SUFFIXES]
    unreadable: list[Outcome] = []
    present = [path for path in here if path.is_file()]
    outcomes = library.put(_readable(drafts(root, present), unreadable))
    gone = {path.relative_to(root).as_posix() for path in here if not path.is_file()}
    with library.database.read() as connection:
        known = store.records_of(connection, str(root), gone)
    return outcomes + unreadable + library.retire(held.id for held in known.values())


def drafts(root: Path, paths: Iterable[Path], changed: Mapping[str, date] | None = None) -> Iterator[Draft | Outcome]:
    """Files under `root` as drafts; one that cannot be read as the outcome that says so. `changed` is by their path."""
    for path in paths:
        source = path.relative_to(root).as_posix()
        article_id = unicodedata.normalize("NFC", source.rpartition(".")[0]).replace(" ", "-")
        try:
            text, day = path.read_text(encoding="utf-8"), (changed or {}).get(source)
            yield Draft(text, source, article_id, str(root), changed=day)
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
