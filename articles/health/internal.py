"""What is meant for agents, in an article that everybody reads: instructions to them, internal tools, keys of tickets.

“Internal storage”, “internal server error”, private addresses of a network and “the agent” that is a program are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from articles.health.base import Check, Flag, Shelf
from articles.health.phrases import Hit, Prose, clipped, hits, internal_calls, internal_en, internal_ko, places, prose
from articles.health.words import say
from kb.models import PUBLIC, Article

_I = re.IGNORECASE
_HOST = re.compile(
    r"\b(?:[a-z0-9-]{1,63}\.){1,4}(?:internal|corp|intra|intranet)\b(?!\.\w)|https?://(?:intranet|jira|wiki|confluence"
    r"|gitlab)(?=[/:])"
    r"|https?://10(?:\.\d{1,3}){3}\S*",
    _I,
)
_HOST_CUES = (".internal", ".corp", ".intra", "//intranet", "//jira", "//wiki", "//confluence", "//gitlab", "://10.")
_NO_HOST = re.compile(
    r"contoso|fabrikam|adatum|adventure-?works|northwind|litware|tailspin|wingtip|woodgrove|example|sample|domain"
    r"|metadata\.google"
    r"|compute\.internal|docker\.internal|kubernetes|test|microsoft|(?:^|\.)(?:server|host|dc)\d*\.|msft|cloudapp",
    _I,
)
_TOOL = re.compile(
    r"\b(?:admin|agents?|back-?office|dashboard|crm|tickets?|wiki|jira|confluence|internal tool|orders?"
    r"|customers?|account)\b"
    r"|상담|백오피스|관리자|사내|주문|고객|조회",
    _I,
)
_OF_NETWORK = re.compile(
    r"\b(?:router|gateway|printer|camera|dhcp|subnet|nat|proxy|nas|switch|hub)\b|공유기|프린터|라우터", _I
)

SIGNS = internal_en.SIGNS + internal_calls.SIGNS + internal_ko.SIGNS
_FIX = say("Take it out, or move it into an article for agents (audience: internal).")
_KINDS = {
    "marked internal": say("marked internal"),
    "hides something from customers": say("hides something from customers"),
    "hands over inside": say("hands over inside"),
    "instructs agents": say("instructs agents"),
    "names an internal place": say("names an internal place"),
    "names a ticket": say("names a ticket"),
}


def _internal_wording(article: Article, shelf: Shelf) -> Iterator[Flag]:
    if article.metadata.audience != PUBLIC:
        return
    text = prose(article)
    for same in hits(text, SIGNS):
        yield _flag(text, same)
    yield from _hosts(text)


def _flag(text: Prose, same: list[Hit]) -> Flag:
    hit = same[0]
    return Flag(
        CHECK.name,
        say("{kind}: {phrase!r}, and everybody can read it", kind=_KINDS[hit.kind], phrase=hit.phrase[:80]),
        text.line(hit.start),
        text.quote(hit.start, hit.phrase),
        _FIX,
        {**places(text, same), "kind": hit.kind},
    )


def _hosts(text: Prose) -> Iterator[Flag]:
    """Addresses that only an office reaches: one flag for each host. A private address counts as that of a tool."""
    seen = set()
    for number, line in enumerate(text.lines, 1):
        small = line.lower()
        if not any(cue in small for cue in _HOST_CUES):
            continue
        for match in _HOST.finditer(line):
            host = match.group().lower()
            private = "://10." in host and (
                _OF_NETWORK.search(line) or not _TOOL.search(line.replace(match.group(), ""))
            )
            if host not in seen and not private and not _NO_HOST.search(host):
                seen.add(host)
                message = say("names a place inside the office: {host!r}", host=match.group()[:80])
                yield Flag(
                    CHECK.name, message, number, clipped(line, match.group()), _FIX, {"host": host, "kind": "host"}
                )


CHECK = Check(
    "internal_wording",
    "high",
    "A customer reads what was meant for agents, and trusts nothing else that stands there.",
    _internal_wording,
)
