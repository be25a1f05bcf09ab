"""Texts to begin an article with: FAQ, troubleshooting, how-to, policy, in English and Korean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from articles import frontmatter
from indexer.markdown import parse
from kb.errors import NotFound

_FOLDER = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Template:
    id: str
    locale: str
    title: str
    markdown: str


@lru_cache(maxsize=1)
def templates() -> tuple[Template, ...]:
    """All of them, by id and locale."""
    return tuple(_read(path) for path in sorted(_FOLDER.glob("*.md")))


def template(template_id: str, locale: str) -> Template:
    """The template in a locale's language, else in English.

    Raises:
        NotFound: there is no such template; names those that there are.
    """
    found = {item.locale: item for item in templates() if item.id == template_id}
    if not found:
        raise NotFound(f"no template {template_id!r}; there are {', '.join(dict.fromkeys(t.id for t in templates()))}")
    return found.get(locale.partition("-")[0].lower(), found["en"])


def _read(path: Path) -> Template:
    markdown = path.read_text(encoding="utf-8")
    meta = frontmatter.read(parse(markdown, path.name), path.name)
    return Template(path.stem.rpartition(".")[0], meta.locale, meta.title, markdown)
