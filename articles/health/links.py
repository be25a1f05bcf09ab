"""Links: to articles that are not there, that moved, or that the reader may not read; and to places.

An article links to another by its file in the same folder, by its page in the help centre (`/articles/refunds`), by
its address in the API, or by its id, in Markdown or in raw HTML. Links to other sites, and out of the folder, are not
judged.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, islice
from urllib.parse import quote, unquote, urlsplit

from articles.health.base import Check, Facts, Flag, Shelf
from articles.health.indexes import once
from articles.health.malformed import FILES, MALFORMED_LINK, without_scheme
from articles.health.words import Said, say
from indexer.markdown import Document, Link, slug
from kb.models import PUBLIC, Article

# --- where links lead ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lead:
    """Where a link to an article leads: `name` is the file or id that it says, `anchor` the place, "" for none.

    `target` is the article, None where there is none. `moved` says that a redirect leads there.
    """

    link: Link
    name: str
    anchor: str
    target: Article | None
    moved: bool = False


def leads(article: Article, shelf: Shelf) -> tuple[Lead, ...]:
    """Every link of an article of the shelf to another, or to a place in itself."""
    known = _known(shelf)
    if article.id not in known:
        facts = shelf.facts(article)
        files = [
            Lead(link, path, anchor, shelf.by_source.get((article.folder, path)) if path else article)
            for link, path, anchor in internal_links(article, facts)
        ]
        addressed = (_lead(*said, article, shelf) for said in _addressed(article, facts))
        known[article.id] = (*files, *addressed, *_pages(article, shelf))
    return known[article.id]


@once
def _known(shelf: Shelf) -> dict[str, tuple[Lead, ...]]:
    """The leads of articles, as they are asked for: several checks ask for the same."""
    return {}


def internal_links(article: Article, facts: Facts | Document) -> Iterator[tuple[Link, str, str]]:
    """Links to Markdown files of the same folder and to places: (link, path in the folder or "", anchor)."""
    for link, path, anchor in _local(facts.links):
        if path.startswith("/") or (path and not path.lower().endswith(FILES)):
            continue
        found = _beside(article, path) if path else ""
        if not found.startswith("../"):  # outside the folder we cannot look
            yield link, found, anchor


def _pages(article: Article, shelf: Shelf) -> Iterator[Lead]:
    """Links to what a file of the folder is called on another site: refunds.html, where there is refunds.md."""
    for link, path, anchor in _local(shelf.facts(article).links):
        if path.lower().endswith((".html", ".htm")) and not path.startswith("/"):
            found = _beside(article, path)
            if _file(article, found.rpartition(".")[0], shelf):
                yield Lead(link, found, anchor, None)


def _beside(article: Article, path: str) -> str:
    """The path in an article's folder of what it calls so; it begins with `../` outside of the folder."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(article.source), path))


def _file(article: Article, stem: str, shelf: Shelf) -> Article | None:
    """The article of a file in the same folder, its path said without the ending."""
    files = (shelf.by_source.get((article.folder, stem + end)) for end in FILES)
    return next((found for found in files if found), None)


def _addressed(article: Article, facts: Facts) -> Iterator[tuple[Link, str, str]]:
    """Links by an address of the help centre or the API, or by an id: (link, id, anchor)."""
    for link, path, anchor in _local(facts.links):
        address = _ADDRESS.match(path)
        if address:
            yield link, address.group(1).rstrip("/"), anchor
        elif _BY_ID.fullmatch(path) and not without_scheme(link.target):
            found = posixpath.normpath(posixpath.join(posixpath.dirname(article.id), path))
            if not found.startswith(".."):
                yield link, found, anchor


def _local(links: Iterable[Link]) -> Iterator[tuple[Link, str, str]]:
    """Links within the site, and no images: (link, path, anchor)."""
    for link in links:
        place = None if link.image else _place(link.target)
        if place:
            yield link, *place


@lru_cache(maxsize=50_000)  # each look asks for every link again
def _place(target: str) -> tuple[str, str] | None:
    """The path and the anchor of an address within the site; None for any other, and for what is no address."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else (unquote(parts.path), unquote(parts.fragment))


_ADDRESS = re.compile(r"/(?:v1/)?articles/(.+?)(?:/(?:versions|diff|edits|related)(?:/.*)?)?$")
_BY_ID = re.compile(r"(?!/)(?:[^/]*/)*[^/.]+/?")  # its last part is no name of a file


def _lead(link: Link, name: str, anchor: str, article: Article, shelf: Shelf) -> Lead:
    """An article by its id, by where its id leads, or by its file without the ending."""
    for known in (name, *(name.removesuffix(end) for end in FILES if name.endswith(end))):
        if known in shelf.articles:
            return Lead(link, name, anchor, shelf.articles[known])
        moved = shelf.articles.get(shelf.redirects.get(known, ""))
        if moved:
            return Lead(link, name, anchor, moved, moved=True)
    return Lead(link, name, anchor, _file(article, _beside(article, unquote(link.target).split("#")[0]), shelf))


# --- to articles --------------------------------------------------------------------------------------------

_ENOUGH = 50  # flags of one article: who wrote more has more to do than to read them


def _broken_link(article: Article, shelf: Shelf) -> Iterator[Flag]:
    return islice(_broken_links(article, shelf), _ENOUGH)


def _broken_links(article: Article, shelf: Shelf) -> Iterator[Flag]:
    for lead, lines in each_address(lead for lead in leads(article, shelf) if lead.target is None):
        message = say(
            "links to {target!r}, and there is no article {name!r}",
            target=unquote(lead.link.target)[:200],
            name=lead.name[:200],
        )
        near = _moved_file(lead, article, shelf) or _nearest(lead, article, shelf)
        fix = say("Link to the article that took its place, or take the link out.")
        if near:
            fix = say(
                "Did it mean {title!r} ({address})? Else take the link out.",
                title=near.metadata.title,
                address=_address(near, article),
            )
        yield _flag(BROKEN_LINK, lead, lines, message, fix, near)


def _redirected_link(article: Article, shelf: Shelf) -> Iterator[Flag]:
    for lead, lines in each_address(lead for lead in leads(article, shelf) if lead.moved):
        message = say("links to {target!r}, which moved", target=unquote(lead.link.target)[:200])
        target = lead.target or article
        address = _address(target, article) + (f"#{lead.anchor}" if lead.anchor else "")
        fix = say("Link to {address!r}, where it is now.", address=address)
        yield _flag(REDIRECTED_LINK, lead, lines, message, fix, target)


def _audience_link(article: Article, shelf: Shelf) -> Iterator[Flag]:
    if article.metadata.audience != PUBLIC:
        return
    for lead, lines in each_address(leads(article, shelf)):
        target = lead.target
        if target and target.metadata.audience != PUBLIC and target.metadata.state == "published":
            message = say(
                "is public, and links to {title!r} ({article}), which only {audience!r} may read",
                title=target.metadata.title,
                article=target.id,
                audience=target.metadata.audience,
            )
            fix = say("Take the link out, or say here what readers need of it.")
            yield _flag(AUDIENCE_LINK, lead, lines, message, fix, target)


_NAMES = 500  # places of an article that a misspelt one is compared with


def _broken_anchor(article: Article, shelf: Shelf) -> Iterator[Flag]:
    return islice(_broken_anchors(article, shelf), _ENOUGH)


def _broken_anchors(article: Article, shelf: Shelf) -> Iterator[Flag]:
    for lead, lines in each_address(leads(article, shelf)):
        if lead.target is None or not lead.anchor or lead.anchor.startswith(":~:"):  # words to find, no place
            continue
        if lead.anchor.lower() == "top":  # the beginning of any page
            continue
        anchors = shelf.facts(lead.target).anchors
        if lead.anchor not in anchors and slug(lead.anchor) not in anchors:
            message = say(
                "links to {target!r}, and {article!r} has no place #{anchor}",
                target=unquote(lead.link.target)[:200],
                article=lead.target.id,
                anchor=lead.anchor[:80],
            )
            places = [f"#{name}" for name in _closest(lead.anchor, anchors)]
            fix = say("Link to the article itself.")
            if places:
                fix = say("Link to one of its headings: {places}", places=places)
            yield _flag(BROKEN_ANCHOR, lead, lines, message, fix, None if lead.target is article else lead.target)


def each_address(found: Iterable[Lead]) -> Iterator[tuple[Lead, list[int]]]:
    """The first lead to each address, and the lines of all that say it."""
    for _, group in groupby(sorted(found, key=lambda lead: lead.link.target), lambda lead: lead.link.target):
        alike = sorted(group, key=lambda lead: lead.link.line)
        yield alike[0], [lead.link.line for lead in alike]


def _flag(check: Check, lead: Lead, lines: list[int], message: Said, fix: Said, other: Article | None) -> Flag:
    evidence = {"target": lead.link.target[:500], "lines": lines[:20]}
    return Flag(check.name, message, lead.link.line, lead.link.text[:200], fix, evidence, (other.id,) if other else ())


def _address(target: Article, article: Article) -> str:
    """How an article links to another: by its file in the same folder, else by its page."""
    if target.folder and target.folder == article.folder:
        return posixpath.relpath(target.source, posixpath.dirname(article.source) or ".")
    return f"/articles/{quote(target.id)}"


# --- what was meant -----------------------------------------------------------------------------------------

_SLIPS = 2  # letters by which the name that was meant may differ: more, and it is another word


def _moved_file(lead: Lead, article: Article, shelf: Shelf) -> Article | None:
    """The article that the id of a file that is gone leads to."""
    target = shelf.articles.get(shelf.redirects.get(lead.name.rpartition(".")[0].replace(" ", "-"), ""))
    return target if target and _fits(target, article) else None


def _nearest(lead: Lead, article: Article, shelf: Shelf) -> Article | None:
    """The article whose file or title is what the link says but for a slip."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extractOne

    names, titles = _names(shelf).get((article.metadata.space, article.metadata.locale), ({}, {}))
    for said, known in ((_stem(lead.name), names), (lead.link.text.lower(), titles)):
        reach = _SLIPS if len(said) > 3 * _SLIPS else 0  # of a short name another is soon made
        for size in sorted(range(len(said) - reach, len(said) + reach + 1), key=lambda n: abs(n - len(said))):
            best = extractOne(said, known.get(size, {}).keys(), scorer=OSA.distance, score_cutoff=reach)
            for found in known[size][best[0]] if best else ():
                if found is not article and _fits(found, article):
                    return found
    return None


Named = dict[int, dict[str, list[Article]]]
"""Articles by a name, by its length."""


@once
def _names(shelf: Shelf) -> dict[tuple[str, str], tuple[Named, Named]]:
    """Published articles by what their files are called and by their titles, for each space and locale."""
    found: dict[tuple[str, str], tuple[Named, Named]] = {}
    for article in shelf.published:
        both = found.setdefault((article.metadata.space, article.metadata.locale), ({}, {}))
        for named, name in zip(both, (_stem(article.source), article.metadata.title.lower()), strict=True):
            named.setdefault(len(name), {}).setdefault(name, []).append(article)
    return found


def _stem(name: str) -> str:
    return posixpath.basename(name).rpartition(".")[0].lower() or posixpath.basename(name).lower()


def _fits(target: Article, article: Article) -> bool:
    """Whether whoever reads an article may read the other, so that the one may name it."""
    return target.metadata.audience in (PUBLIC, article.metadata.audience) and (
        target.metadata.space == article.metadata.space
    )


def _closest(anchor: str, anchors: Iterable[str]) -> list[str]:
    from rapidfuzz import fuzz

    some = islice(sorted(anchors), _NAMES)
    return sorted(some, key=lambda name: (-fuzz.ratio(anchor, name), name))[:5]


BROKEN_LINK = Check(
    "broken_link", "high", "A reader who follows the link is told that there is nothing.", _broken_link, "shelf"
)
BROKEN_ANCHOR = Check(
    "broken_anchor", "low", "A reader who follows the link has to look for the place.", _broken_anchor, "shelf"
)
REDIRECTED_LINK = Check(
    "redirected_link", "low", "The link works only until somebody tidies the redirects.", _redirected_link, "shelf"
)
AUDIENCE_LINK = Check(
    "audience_link", "high", "A customer is sent to a page that they are told is not there.", _audience_link, "shelf"
)

CHECKS = (BROKEN_LINK, BROKEN_ANCHOR, REDIRECTED_LINK, AUDIENCE_LINK, MALFORMED_LINK)
