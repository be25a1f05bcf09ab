"""Wording that speaks of a time that has passed: “as of 2023”, “currently in beta”, “coming soon”, 2023년 기준.

Some of it says its own date. The rest is as old as the day on which the article was last changed: whoever verified it
since may have looked at the steps only. A date that lies ahead in the sentence and is past is `deadline`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice

from articles.health.base import Check, Flag, Shelf
from articles.health.phrases import ENOUGH, Hit, Prose, changing, hits, outdated_en, outdated_ko, places, prose
from articles.health.phrases.dates import FUTURE, Mention, mentions
from articles.health.words import say
from kb.models import Article

_I = re.IGNORECASE

_SAYS = {
    "beta": say("says that something is in beta"),
    "soon": say("promises something soon"),
    "new": say("calls something new"),
    "latest": say("says which version is the latest"),
    "writing": say("speaks of the time of writing"),
    "year": say("counts years from when it was written"),
    "now": say("says what holds for the moment"),
    "occasion": say("speaks of a passing occasion"),
}
SIGNS = outdated_en.SIGNS + outdated_ko.SIGNS + changing.SIGNS
_FIX = say("Say what holds today, without words that age; or give the date or the version.")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BEFORE = re.compile(
    r"(?:\b(?:as (?:of|at)|starting(?: in| on| from| with)?|beginning(?: in| on)?|effective(?: on)?"
    r"|(?:prices?|rates?|fees?|tariffs?|figures?|allowances?|limits?|list|correct|accurate|valid|applicable|apply"
    r"|applies) (?:are |is )?"
    r"(?:valid |correct |for use )?(?:for|in))\s(?:the\s)?|^For\s)$",
    _I,
)
_AFTER = re.compile(
    r"(?:도|\s?(?:말|초|중순))?(?:자로|으로)?[\s)]{0,2}\(?(?:기준(?!\s?(?:일|금리|중위|시가|서|값|선))|현재(?![가-힣]))"
)
_SINCE = re.compile(
    r"\b(?:no longer|ended|deprecated|retired|discontinued|out of support|unsupported|stopped|began)\b|이상|이후", _I
)


def _outdated(article: Article, shelf: Shelf) -> Iterator[Flag]:
    text = prose(article)
    yield from _dated(text, shelf)
    written = article.metadata.updated or article.metadata.reviewed
    if written is None:
        return
    age = (shelf.today - written).days
    if age >= shelf.option(CHECK, "days"):
        for same in hits(text, SIGNS):
            if same[0].kind != "year" or written.year != shelf.today.year:
                yield _flag(text, same, written, age)


def _flag(text: Prose, same: list[Hit], written: date, age: int) -> Flag:
    hit = same[0]
    return Flag(
        CHECK.name,
        say(
            "{what} ({phrase!r}), and was last changed {written}, {days|day/days} ago",
            what=_SAYS[hit.kind],
            phrase=hit.phrase,
            written=str(written),
            days=age,
        ),
        text.line(hit.start),
        text.quote(hit.start, hit.phrase),
        _FIX,
        {**places(text, same), "kind": hit.kind, "written": written.isoformat(), "days": age},
    )


def _dated(text: Prose, shelf: Shelf) -> Iterator[Flag]:
    """What says its own date: as of March 2023, 2023년 기준, starting in 2022."""
    past: dict[date, list[Mention]] = {}
    for mention in islice(_said(text), ENOUGH):
        if (shelf.today - mention.last).days >= shelf.option(CHECK, "as_of_days"):
            past.setdefault(mention.last, []).append(mention)
    for day, same in past.items():
        said = text.text[same[0].start : same[0].end]
        lines = [text.line(mention.start) for mention in same]
        yield Flag(
            CHECK.name,
            say("speaks as of {phrase}, {days|day/days} ago", phrase=said, days=(shelf.today - day).days),
            lines[0],
            text.quote(same[0].start, said),
            _FIX,
            {"phrase": said, "kind": "as_of", "date": day.isoformat(), "count": len(lines), "lines": lines[:10]},
        )


def _said(text: Prose) -> Iterator[Mention]:
    """Dates that a sentence says it holds as of. Where it looks ahead, too, it is another's."""
    looked = -1
    for year in _YEAR.finditer(text.text):
        near = text.text[max(0, year.start() - 40) : year.end() + 25]
        if year.start() < looked or not (
            "기준" in near or "현재" in near or re.search(r"\b(?:as|starting|beginning|effective|for|in)\b", near, _I)
        ):
            continue
        start, looked = text.sentence(year.start())
        sentence = text.text[start:looked]
        if _SINCE.search(sentence) or text.piece(start).quoted:
            continue
        for mention in mentions(text.text, start, looked):
            before = _BEFORE.search(text.text, max(start, mention.start - 24), mention.start)
            since = before and (before.group().lower().startswith("as") or not FUTURE.search(sentence))
            if since or _AFTER.match(text.text, mention.end):
                yield mention


CHECK = Check(
    "outdated_wording",
    "medium",
    "It tells of a time that has passed, and a reader cannot know what of it still holds.",
    _outdated,
    options={"days": 180, "as_of_days": 365},
)
