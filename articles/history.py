"""What a Git history says of a folder of Markdown: when each file changed, how it stood, and what became of it.

Reads with the `git` program, and never writes, asks or goes to the network. File names come from the repository and
are trusted no more than any text: they are parted by NUL and never reach a shell. What the changes mean for an
article's health is `articles.health.staleness`'s.
"""

from __future__ import annotations

import logging
import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from kb.errors import InvalidInput, NotFound

Outcome = Literal["unchanged", "minor", "substantive", "deleted"]

SUFFIXES = (".md", ".markdown")

SAME = 0.93
"""Overlap of two texts' words from which a change is minor: a date, a spelling, a link."""

_SECONDS = 120.0
_WORD = re.compile(r"\w+")
_FRONT = re.compile(r"\A\ufeff?---\s*\n.*?\n---\s*(?:\n|\Z)", re.DOTALL)
_COMMIT = "\x01"
# no prompt, no lock, no fetch of what a partial clone lacks, no program that the repository's settings name
_ENVIRONMENT = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
_OPTIONS = ("-c", "core.fsmonitor=false", "-c", "protocol.allow=never", "-c", "log.showSignature=false")


@dataclass(frozen=True)
class Past:
    """The days on which a file changed, as far as they are known: ascending, each once, at least one.

    `changes` are its changes in all, of which several may be of one day.
    """

    days: tuple[date, ...]
    changes: int

    @property
    def first(self) -> date:
        return self.days[0]

    @property
    def last(self) -> date:
        return self.days[-1]


def pasts(folder: Path, until: date | None = None) -> dict[str, Past]:
    """The past of each Markdown file that is there, under all its names, by its present path in the folder.

    Args:
        folder: in a repository, at any depth.
        until: the last day to look at, all where there is none. Days are in UTC.

    Raises:
        NotFound: the folder is in no repository.
        InvalidInput: git is not there, or cannot read it.
    """
    asked = ("--no-ext-diff", "--no-textconv", "--name-status", "-M", "-z", "--relative")
    shown = _git(folder, "log", *asked, f"--format={_COMMIT}%ct %D", *_before(until), "--", ".")
    days: dict[str, list[date]] = {}
    names: dict[str, str] = {}  # what a path of the commits from here on is called today; "" where it is gone
    for day, changes in _commits(shown):
        for status, old, new in changes:
            present = names.get(new, "" if status == "D" else new)
            if present and day:
                days.setdefault(present, []).append(day)
            if status in ("A", "D"):
                names[new] = ""  # an older file of that name is another one
            elif status == "R":
                names[new], names[old] = "", present
    return {path: Past(tuple(sorted(set(own))), len(own)) for path, own in days.items() if _is_markdown(path)}


def dates(folder: Path) -> dict[str, date]:
    """The day of each Markdown file's last change, by its path in the folder.

    Empty where the folder is in no repository; where git cannot tell, a warning is logged as well.
    """
    try:
        return {path: past.last for path, past in pasts(folder).items()}
    except NotFound:
        return {}
    except InvalidInput as error:
        logging.getLogger(__name__).warning("no dates from Git: %s", error)
        return {}


def texts(folder: Path, day: date) -> dict[str, str]:
    """The Markdown files of a folder as they stood at the end of a day, by path.

    Raises:
        NotFound: the folder is in no repository.
        InvalidInput: git cannot read it, or there was no commit by then.
    """
    return _texts(folder, _commit(folder, day))


def outcomes(folder: Path, since: date, until: date) -> dict[str, Outcome]:
    """What became of each Markdown file that was there at the end of `since`, by the end of `until`.

    A file that was moved, and that git follows, is compared with where it went.

    Raises:
        NotFound: the folder is in no repository.
        InvalidInput: git cannot read it, or there was no commit by one of the days.
    """
    first, last = _commit(folder, since), _commit(folder, until)
    before, after = _texts(folder, first), _texts(folder, last)
    asked = ("--no-ext-diff", "--no-textconv", "--name-status", "-M", "-z", "--relative")
    changes = _changes(_git(folder, "diff", *asked, first, last, "--", ".").split("\0"))
    moved = {old: new for status, old, new in changes if status == "R"}
    return {path: became(text, after.get(moved.get(path, path))) for path, text in before.items()}


def became(before: str, after: str | None) -> Outcome:
    """What a change of a text was. Substantive: its body's words overlap by less than `SAME`."""
    if after is None:
        return "deleted"
    if before == after:
        return "unchanged"
    old, new = (Counter(_WORD.findall(_FRONT.sub("", text, count=1))) for text in (before, after))
    both = old.total() + new.total()
    overlap = 2 * (old & new).total() / both if both else 1.0
    return "minor" if overlap >= SAME else "substantive"


def _is_markdown(path: str) -> bool:
    return path.lower().endswith(SUFFIXES)


def _before(day: date | None) -> tuple[str, ...]:
    return (f"--before={day.isoformat()}T23:59:59Z",) if day else ()


def _commits(shown: str) -> Iterator[tuple[date | None, list[tuple[str, str, str]]]]:
    """The commits of `git log`, newest first: the day and what changed. No day where a clone was cut off."""
    for part in shown.split(_COMMIT)[1:]:
        head, _, rest = part.partition("\0")
        seconds, _, labels = head.partition(" ")
        cut = "grafted" in labels.split(", ")  # it seems to add every file, and says nothing of when
        yield None if cut else datetime.fromtimestamp(int(seconds), UTC).date(), list(_changes(rest.split("\0")))


def _changes(fields: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """(A, M, D, R …, path before, path after) of `--name-status -z`."""
    parts = iter(fields)
    for field in parts:
        status = field.strip("\n")[:1]
        if not status:
            continue
        old = next(parts, "")
        yield status, old, next(parts, "") if status in "RC" else old


def _commit(folder: Path, day: date) -> str:
    """The last commit by the end of a day."""
    found = _git(folder, "rev-list", "-1", *_before(day), "HEAD").strip()
    if not found:
        raise InvalidInput(f"{folder}: no commit by {day}: choose a later day")
    return found


def _texts(folder: Path, commit: str) -> dict[str, str]:
    listed = _git(folder, "ls-tree", "-r", "-z", commit, "--", ".").split("\0")
    blobs: dict[str, str] = {}
    for entry in filter(None, listed):
        about, _, path = entry.partition("\t")
        mode, kind, name = about.split()
        if kind == "blob" and mode != "120000" and _is_markdown(path):  # 120000 is a symbolic link
            blobs[path] = name
    return dict(zip(blobs, _contents(folder, list(blobs.values())), strict=True))


def _contents(folder: Path, names: list[str]) -> Iterator[str]:
    """The texts of blobs, in order."""
    raw = _run(folder, ("cat-file", "--batch"), "\n".join([*names, ""]).encode()) if names else b""
    at = 0
    for name in names:
        end = raw.index(b"\n", at)
        size = raw[at:end].split()[-1]
        if not size.isdigit():  # "… missing", of a partial clone
            raise InvalidInput(f"{folder}: git does not have the text {name}: the clone is not complete")
        at = end + 1 + int(size)
        yield raw[end + 1 : at].decode("utf-8", "replace")
        at += 1


def _git(folder: Path, *arguments: str) -> str:
    return _run(folder, arguments).decode("utf-8", "surrogateescape")


def _run(folder: Path, arguments: tuple[str, ...], given: bytes = b"") -> bytes:
    if not folder.is_dir():
        raise InvalidInput(f"{folder}: no such folder")
    command = ["git", *_OPTIONS, "-C", str(folder.resolve()), *arguments]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")} | _ENVIRONMENT
    try:
        done = subprocess.run(command, input=given, capture_output=True, env=environment, timeout=_SECONDS, check=False)  # noqa: S603 - no shell, and every name is an argument
    except FileNotFoundError as error:
        raise InvalidInput(f"{folder}: the program `git` is not on the PATH") from error
    except subprocess.TimeoutExpired as error:
        raise InvalidInput(f"{folder}: `git {arguments[0]}` took more than {_SECONDS:.0f} seconds") from error
    if done.returncode:
        problem = done.stderr.decode("utf-8", "replace").strip().split("\n")[0][:200]
        missing = "not a git repository" in problem
        raise (NotFound if missing else InvalidInput)(f"{folder}: git: {problem or 'failed'}")
    return done.stdout
