"""What digests say in each language: `words/<language>.toml`, with the forms of each number and the names of checks.

A check that a catalogue does not know is named as it names itself. What a check found is said by `articles.health`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kb.store.digests import Language

_FOLDER = Path(__file__).parent / "words"


@dataclass(frozen=True)
class Catalogue:
    """The words of one language."""

    language: Language
    words: Mapping[str, Any]

    def say(self, key: str, **values: object) -> str:
        """What `key` says, filled in."""
        return str(self.words[key]).format(**values)

    def count(self, key: str, count: int, **values: object) -> str:
        """What `key` says of so many, in the form for that number."""
        forms: Mapping[str, str] = self.words[key]
        form = forms["one"] if count == 1 and "one" in forms else forms["other"]
        return form.format(count=f"{count:,}", **values)

    def kind(self, name: str) -> str:
        return str(self.words["kinds"][name])

    def check(self, name: str) -> str:
        """What a check is called."""
        return str(self.words["checks"].get(name, name.replace("_", " ")))

    def day(self, day: date) -> str:
        """A day as one writes it."""
        return self.say("day", day=day.day, month=self.words["months"][day.month - 1], year=day.year)


@cache
def catalogue(language: Language) -> Catalogue:
    """The words of a language, read once."""
    return Catalogue(language, tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8")))
