"""What pages say, in the reader's language. Catalogues are gettext's, read by Babel; the only file that imports it.

A message is its English text. `locales/<language>/<face>.po` has it in another language, one file for each face (help,
widget, console, demo), so that a page's script is given what it shows and no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LOCALES = Path(__file__).parent / "locales"
SOURCE = "en"
FACES = ("help", "widget", "console", "demo")
LANGUAGES = (SOURCE, *sorted(folder.name for folder in LOCALES.iterdir() if folder.is_dir()))


def language_of(*wanted: str) -> str:
    """The first of the wanted locales whose language the pages speak, English where there is none."""
    found = (locale.replace("_", "-").split("-", maxsplit=1)[0].strip().lower() for locale in wanted)
    return next((language for language in found if language in LANGUAGES), SOURCE)


def accepted(header: str) -> list[str]:
    """The locales of an Accept-Language header, the most wanted first."""
    weighed = []
    for place, part in enumerate(header.split(",")):
        locale, _, rest = part.partition(";")
        weight = rest.strip().removeprefix("q=") if rest else "1"
        try:
            weighed.append((-float(weight), place, locale.strip()))
        except ValueError:
            continue
    return [locale for _, _, locale in sorted(weighed)]


@cache
def translations(language: str, face: str) -> NullTranslations:
    """The catalogue of a face in a language, for its templates."""
    if language == SOURCE or face not in FACES:
        return NullTranslations()
    compiled = BytesIO()
    with _file(language, face).open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


@cache
def script_messages(language: str, face: str) -> Mapping[str, str]:
    """What a face's scripts say in a language, by the English text; empty for English itself."""
    if language == SOURCE:
        return {}
    with _file(language, face).open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id and isinstance(m.id, str) and m.string}


def _file(language: str, face: str) -> Path:
    return LOCALES / language / f"{face}.po"


def day(value: date, language: str) -> str:
    """A day as one writes it in a language."""
    return format_date(value, "long", locale=language)


def language_name(locale: str) -> str:
    """What a language calls itself: 한국어; the code of one that is not known."""
    try:
        found = Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        return locale
    return found.get_display_name() or locale
