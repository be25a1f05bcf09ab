"""What is out of use: links to it, and articles that are replaced or say that they are, and are still published."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from articles.health.base import Check, Flag, Shelf
from articles.health.indexes import once
from articles.health.links import each_address, leads
from articles.health.verification import front_line
from indexer.language import base
from kb.models import Article

_BY = ("superseded_by", "superseded-by", "replaced_by", "replaced-by")
_OF = ("replaces", "supersedes")

# --- links and front matter ---------------------------------------------------------------------------------


def _superseded(article: Article, shelf: Shelf) -> Iterator[Flag]:
    yield from _links_to_unused(article, shelf)
    yield from _says_by_what(article, shelf)
    for other in _replacing(shelf).get(article.id, ()):
        message = f"{other.metadata.title!r} ({other.id}) says that it replaces this article, which is still published"
        fix = "Archive this article and let its address lead to the other, or take the line out of the other."
        yield Flag(CHECK.name, message, fix=fix, evidence={"replaced_by": other.id}, others=(other.id,))


def _links_to_unused(article: Article, shelf: Shelf) -> Iterator[Flag]:
    for lead, lines in each_address(leads(article, shelf)):
        target = lead.target
        if target is None or target.id == article.id or target.metadata.state == "published":
            continue
        message = f"links to {target.metadata.title!r} ({target.id}), which is {_STATE[target.metadata.state]}"
        names = (name for key in _BY for name in _names(target.metadata.extra.get(key)))
        newer = next((found for name in names if (found := _named(name, target, shelf))), None)
        fix = "Link to the article that took its place, or take the link out."
        if target.metadata.state == "draft":
            fix = "Publish it first, or take the link out."
        if newer and newer.metadata.state == "published":
            fix = f"Link to {newer.metadata.title!r} ({newer.id}), which took its place."
        evidence = {"target": lead.link.target[:500], "lines": lines[:20], "state": target.metadata.state}
        others = (target.id, newer.id) if newer else (target.id,)
        yield Flag(CHECK.name, message, lead.link.line, lead.link.text[:200], fix, evidence, others)


_STATE = {"archived": "archived", "draft": "not published"}


def _says_by_what(article: Article, shelf: Shelf) -> Iterator[Flag]:
    """The front matter says that another article took its place."""
    for key in _BY:
        names = _names(article.metadata.extra.get(key))
        if names:
            found = [other for name in names if (other := _named(name, article, shelf)) and other is not article]
            message = f"says that {', '.join(map(repr, names))} took its place, and is still published"
            if found and all(other.metadata.state == "archived" for other in found):
                message += "; that is archived, too"
            fix = f"Archive it and let its address lead there, or take `{key}:` out."
            others = tuple(other.id for other in found)
            yield Flag(CHECK.name, message, front_line(article, [key]), fix=fix, evidence={key: names}, others=others)


@once
def _replacing(shelf: Shelf) -> dict[str, list[Article]]:
    """Published articles that say of others that they replace them, by the id of the other."""
    found: dict[str, list[Article]] = {}
    for article in shelf.published:
        for name in (name for key in _OF for name in _names(article.metadata.extra.get(key))):
            other = _named(name, article, shelf)
            if other and other.id != article.id:
                found.setdefault(other.id, []).append(article)
    return found


def _names(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [said.strip() for said in values if isinstance(said, str) and said.strip()]


def _named(name: str, article: Article, shelf: Shelf) -> Article | None:
    """The article that another names, by its id, its page or its file."""
    known = name.removeprefix("/articles/")
    path = posixpath.normpath(posixpath.join(posixpath.dirname(article.source), name))
    return (
        shelf.articles.get(known)
        or shelf.articles.get(shelf.redirects.get(known, ""))
        or shelf.by_source.get((article.folder, path))
    )


# --- words --------------------------------------------------------------------------------------------------

_THIS = r"this (?:(?:help|support|knowledge base) )?(?:article|page|document|guide|topic|faq|post|content)"
_RETIRED = {
    "en": re.compile(
        rf"\b{_THIS} (?:"
        r"(?:has|have|was|were|will be|is being) (?:now |since )?(?:been )?"
        r"(?:replaced|superseded|retired|archived|deprecated|discontinued|withdrawn|moved to|merged into)"
        r"|(?:is|are) (?:now )?(?:superseded|retired|archived|deprecated|obsolete|out of date|outdated|no longer "
        r"(?:maintained|valid|updated|current|supported|accurate|relevant|in use)))\b"
        r"|\b(?:see|use|read|refer to|go to) (?:the|our) (?:new|newer|replacement) (?:article|page|guide|document)\b",
        re.IGNORECASE,
    ),
    "ko": re.compile(
        r"(?:이|본|해당) ?(?:문서|글|페이지|도움말|안내문|게시글|게시물|가이드)(?:는|은|가|이)? [^.\n]{0,80}?"
        r"(?:대체(?:되었|됐|됩)|폐기(?:되었|됐|됩)|보관(?:되었|됐)|이전(?:되었|됐)|옮겨졌|통합(?:되었|됐)"
        r"|더 이상 (?:유효하지|사용하지|사용되지|업데이트되지|업데이트하지|관리되지|관리하지|지원되지) ?않)"
        r"(?:습니다|니다|어요|아요|다|는)"
        r"|새(?:로운)? (?:문서|글|페이지|도움말|가이드|안내)(?:를|을) (?:참고|참조|확인|이용|봐|보세|보시)"
    ),
}  # fmt: skip


def _retired_wording(article: Article, shelf: Shelf) -> Iterator[Flag]:
    pattern = _RETIRED.get(base(article.metadata.locale))
    for block in shelf.document(article).blocks if pattern else ():
        said = pattern.search(block.text.replace("\n", " ")) if pattern and block.kind in _PROSE else None
        if said:
            message = "says of itself that it is out of use, and is still published"
            fix = "Archive it and let its address lead to the article that took its place, or take the sentence out."
            quote = _sentence(said)
            yield Flag(RETIRED_WORDING.name, message, block.lines[0], quote, fix, {"said": said.group()})
            return


_PROSE = ("paragraph", "item", "html")


def _sentence(match: re.Match[str]) -> str:
    text = match.string
    start = text.rfind(". ", 0, match.start()) + 2 if ". " in text[: match.start()] else 0
    return text[start : start + 200]


CHECK = Check(
    "superseded",
    "medium",
    "A reader is led to what is out of use, or follows it.",
    _superseded,
    "shelf",
)
RETIRED_WORDING = Check(
    "retired_wording",
    "medium",
    "Searches still bring what its own first lines say not to use.",
    _retired_wording,
)

CHECKS = (CHECK, RETIRED_WORDING)
