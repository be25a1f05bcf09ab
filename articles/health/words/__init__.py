"""What flags and reasons say, in the reader's language.

`say` fills a template in: the sentence is English, and remembers what it was made of, so that `speak` can say it in
another language. `<language>.toml` has the templates of that language by the English ones; what it does not know stays
English.

Holes of a template:

- `{name}`: a value as it is. A number has separators of thousands, so a year, a line or a version is given as a text.
- `{name!r}`: a value in quotation marks.
- `{name|day/days}` in English: a number and its noun, for one and for several: 1 day, 2 days.
- `{name|을/를}` in Korean: a word and the particle that its last sound asks for, as pages have it (`words.js`).

A list is its values with commas between. What is filled in is never read as a template.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, get_args

from kb.store.digests import Language

SOURCE: Language = "en"
LANGUAGES: tuple[Language, ...] = get_args(Language)

Value = str | int | Sequence[str]
"""What fills a hole: a text (which may be `Said`), a number, or a list of texts."""

_FOLDER = Path(__file__).parent
_HOLE = re.compile(r"\{(\w+)(!r)?(?:\|([^/{}]+)/([^{}]+))?\}")
_CLOSED_DIGITS = "013678"  # 영 일 삼 육 칠 팔 end in a consonant; 이 사 오 구 do not
_AFTER = " \t\n\u00a0\"'”’)]}>.,!?…"


class Said(str):
    """An English sentence that remembers its template, and what fills it in."""

    template: str
    values: Mapping[str, Value]


def say(template: str, **values: Value) -> Said:
    """A template of this module, filled in."""
    found = Said(_filled(template, values, SOURCE))
    found.template, found.values = template, values
    return found


def and_more(first: Said, count: int) -> Said:
    """What is said of the first of several faults, and how many more there are."""
    return say("{first}, and {count} more like it", first=first, count=count) if count > 0 else first


def speak(text: str, language: str) -> str:
    """A sentence in a language; in English where it is not known there."""
    if language == SOURCE or language not in LANGUAGES:
        return str(text)
    known = catalogue(language)
    if not isinstance(text, Said):
        return known.get(text, text)
    template = known.get(text.template)
    return str(text) if template is None else _filled(template, text.values, language)


def pack(text: Value) -> Any:
    """A sentence as plain JSON that `unpack` makes it of again."""
    if isinstance(text, Said):
        return {"template": text.template, "values": {name: pack(value) for name, value in text.values.items()}}
    return text if isinstance(text, str | int) else [pack(value) for value in text]


def unpack(packed: Any) -> Any:
    """What `pack` was given."""
    if isinstance(packed, Mapping):
        return say(packed["template"], **{name: unpack(value) for name, value in packed["values"].items()})
    return [unpack(value) for value in packed] if isinstance(packed, list) else packed


@lru_cache(maxsize=2_000)
def holes(template: str) -> frozenset[str]:
    """The names of a template's values."""
    return frozenset(match[1] for match in _HOLE.finditer(template))


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """The templates of a language by the English ones, read once."""
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def particle(word: str, closed: str, open_: str) -> str:
    """을 or 를, 이 or 가, by the last sound of a word; both, as 을(를), where it cannot be known."""
    last = word.rstrip(_AFTER)[-1:]
    if "가" <= last <= "힣":
        final = (ord(last) - ord("가")) % 28
        rieul = final == 8
    elif last and last in "0123456789":
        final = last in _CLOSED_DIGITS
        rieul = last in "178"
    else:
        return f"{closed}({open_})"
    if closed == "으로" and rieul:
        return open_  # 로 after ㄹ
    return closed if final else open_


def _filled(template: str, values: Mapping[str, Value], language: str) -> str:
    return "".join([part if isinstance(part, str) else part(values, language) for part in _parts(template)])


_Hole = Callable[[Mapping[str, Value], str], str]


@lru_cache(maxsize=2_000)
def _parts(template: str) -> tuple[str | _Hole, ...]:
    """A template as its plain parts and its holes."""
    found: list[str | _Hole] = []
    done = 0
    for match in _HOLE.finditer(template):
        found += [template[done : match.start()], _hole(*match.groups())]
        done = match.end()
    return (*found, template[done:])


def _hole(name: str, quoted: str | None, first: str | None, second: str | None) -> _Hole:
    def fill(values: Mapping[str, Value], language: str) -> str:
        value = values[name]
        text = f"{value:,}" if isinstance(value, int) else _worded(value, language, bool(quoted))
        if not first or not second:
            return text
        if language == SOURCE:
            return f"{text} {first if value == 1 else second}"
        return text + particle(text, first, second)

    return fill


def _worded(value: str | Sequence[str], language: str, quoted: bool) -> str:
    if isinstance(value, str):
        text = speak(value, language) if isinstance(value, Said) else value
        return repr(text) if quoted else text
    return ", ".join(_worded(one, language, quoted) for one in value)
