"""A date that the text still looks forward to, and that is past: “until 31 December 2024”, 3월 1일부터 시행됩니다.

What is told as history (“was released on …”, 2023년에 종료되었습니다) is none, nor are dates of examples, nor those of
terms that say since when they hold. A day without a year is the first such day after the article was last changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from articles.health.base import Check, Flag, Shelf
from articles.health.phrases import ENOUGH, Prose, prose
from articles.health.phrases.dates import FUTURE, Mention, mentions, yearless
from kb.models import Article

_I = re.IGNORECASE
_ANY = re.compile(r"(?:19|20)\d\d")
_ANY_DAY = re.compile(
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*\.?\s\d{1,2}\b"
    r"|\b\d{1,2}(?:st|nd|rd|th)?\s(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)|\d월\s?\d{1,2}일",
    _I,
)
_NO_DEADLINE = re.compile(
    r"\b(?:for example|for instance|e\.g(?=\.)|such as|suppose|assum(?:e|ing)|imagine|sample|scenario|consider|would"
    r"|was|were"
    r"|had|did|every|each year|annually|copyright)\b|\d:\d\d:\d\d|예를 들|예시|매년|매월|해마다|연말정산|(?:^|\s)예:"
    r"|\bthis (?:policy|agreement|notice)\b[^.]*\beffect|\bthese terms\b|(?:이|본)\s?(?:약관|방침|규정|정책"
    r"|지침)[은이]",
    _I,
)
_GENERAL = re.compile(r"\b(?:if|when|whenever)\b|[가-힣]면(?![가-힣])|경우", _I)

# English: what stands right before the date
_UNTIL = re.compile(
    r"\b(?:until|till|no later than|up to|(?:runs?|lasts?|continues?|valid|open|available"
    r"|extended)\s(?:[a-z]+\s)?through)"
    r"\s(?:the\s)?(?:end of\s)?$",
    _I,
)
_BY = re.compile(r"\b(?:by|before|through|prior to)\s(?:the\s)?(?:end of\s)?$", _I)
_OWED = re.compile(
    r"\b(?:must|should|need(?:s|ed)? to|have to|has to|please|required to|make sure|remember|be sure|expect|deadline"
    r"|valid|offer|available|extended|open)\b"
    r"|^\W*(?:renew|update|upgrade|migrate|move|register|apply|submit|switch|send|return|pay|download|back up"
    r"|export)\b",
    _I,
)
_BEGINS = re.compile(
    r"\b(?:starts?|begins?|ends?|expires?|closes?|opens?|launches|retires?|stops|goes live|go live|arrives"
    r"|(?:takes?|comes? into|goes into) (?:effect|force))\s(?-i:(?:[a-z]+\s){0,2}?)(?:(?:on|in|from|at|by"
    r"|as of)\s)?(?:the\s)?$",
    _I,
)
_IN = re.compile(r"\b(?:in|by|until|till|of|from|before|after|through|during)\s(?:the\s)?$", _I)
"""A year alone is a date only there: elsewhere it is a product's (Windows Server 2012)."""
_AT = re.compile(
    r"(?:(?P<done>\w+(?:ed|wn|uilt|ade|ent)|versions?|builds?)\s)?\b(?:on|in|by|from|after|starting|beginning"
    r"|during|effective|as of|before"
    r"|until|around|for|since)(?:\s(?:on|in|from))?\s(?:the\s)?(?:end of\s)?$",
    _I,
)
_OVER = re.compile(r"\b(?:ended|reached|stopped|began|became|introduced|started|expired)\b", _I)
_PLANNED = re.compile(
    r"(?:scheduled|planned|expected|released|removed|discontinued|retired|supported|ended|launched|updated)$"
)

# Korean: what follows the date, to the end of its sentence
_TO = re.compile(r"\s?(?:\([월화수목금토일]\)\s?)?(?:[가-힣\d:]{1,6}\s)?(?:이전|전|말|초)?까지(?!의)")
_TO_WHOM = re.compile(r"까지\s?(?:[가-힣]+\s)?[가-힣]*(?:[한된인던]|입한|매한)\s")
_FROM = re.compile(
    r"\s?(?:\([월화수목금토일]\)\s?)?(?:부터|에(?:는)?(?!\s?대)|자로|이후(?:로)?|중(?:에|으로)?|내에|경(?:에)?|쯤"
    r"|까지)(?=[\s,])"
)
_AHEAD = re.compile(
    r"예정(?!대로)|계획(?!서)|(?:시작|종료|만료|시행|변경|출시|공개|오픈|배포|중단|적용|폐지|인상|인하|개편|전환"
    r"|도입|삭제|발송|지급)"
    r"(?:합니다|됩니다|돼요|되어요|해요|하며|되며|하고|되고)|바뀝니다|바뀌어요|바뀌며|열립니다|열려요|끝납니다"
    r"|끝나요|없어집니다|사라집니다|없어져요|사라져요"
    r"|오릅니다|올라요|내립니다|나옵니다|나와요"
)
_DONE = re.compile(r"[았었였했됐졌렸왔갔웠](?:습니다|어요|다(?=[.\s]|$)|으며|고\s|지만)|던\s")
_ASKED = re.compile(r"이벤트|할인|신청|접수|제출|무료|모집|응모")


@dataclass(frozen=True)
class _Said:
    """A date in its sentence: what stands before it and after it there."""

    mention: Mention
    before: str
    after: str
    sentence: str


def _past_deadline(article: Article, shelf: Shelf) -> Iterator[Flag]:
    text = prose(article)
    past: dict[date, list[Mention]] = {}
    for said in islice(_dates(text, article.metadata.updated), ENOUGH):
        late = (shelf.today - said.mention.last).days
        if late >= shelf.option(CHECK, "days") and _looks_ahead(said):
            past.setdefault(said.mention.last, []).append(said.mention)
    for day, same in past.items():
        yield _flag(text, same, (shelf.today - day).days)


def _flag(text: Prose, same: list[Mention], late: int) -> Flag:
    mention, lines = same[0], [text.line(mention.start) for mention in same]
    phrase = text.text[mention.start : mention.end]
    return Flag(
        CHECK.name,
        f"looks forward to {phrase}, and that was {late} days ago",
        lines[0],
        text.quote(mention.start, phrase),
        "Say what is so now that the day has passed, or give the new date.",
        {"phrase": phrase, "date": mention.last.isoformat(), "days": late, "lines": lines[:10]},
    )


def _dates(text: Prose, written: date | None) -> Iterator[_Said]:
    """Each date with its sentence, without those in quoted messages, in examples and in what is told as past."""
    done = -1
    every = sorted([*_ANY.finditer(text.text), *_ANY_DAY.finditer(text.text)], key=lambda match: match.start())
    for found in every[: 20 * ENOUGH]:
        if found.start() < done:
            continue
        start, done = text.sentence(found.start())
        sentence = text.text[start:done]
        if text.piece(start).quoted or _NO_DEADLINE.search(sentence):
            continue
        named = mentions(text.text, start, done)
        if not named and written and not _GENERAL.search(sentence):
            named = [mention for mention in yearless(text.text, start, done, written) if _firm(text, mention, sentence)]
        for mention in named:
            yield _Said(mention, text.text[start : mention.start], text.text[mention.end : done], sentence)


def _firm(text: Prose, mention: Mention, sentence: str) -> bool:
    """A day without a year counts where the sentence says more than a day: what begins, or what is asked until then."""
    korean = _AHEAD.search(sentence) or _ASKED.search(sentence)
    before = text.text[max(0, mention.start - 40) : mention.start]
    return bool(korean or _BEGINS.search(before) or FUTURE.search(sentence) or _OWED.search(sentence))


def _looks_ahead(said: _Said) -> bool:
    if _DONE.search(said.after):
        return False
    if _TO.match(said.after):
        return not _TO_WHOM.search(said.after[:40])
    if (_FROM.match(said.after) and _AHEAD.search(said.after)) or _AHEAD.match(said.after.lstrip()):
        return True
    return _english(said)


def _english(said: _Said) -> bool:
    before = said.before[-60:]
    if said.mention.year_only and not _IN.search(before):
        return False
    if _UNTIL.search(before) or _BEGINS.search(before):
        return True
    if _BY.search(before) and _OWED.search(said.sentence) and not _GENERAL.search(said.before):
        return True
    at = _AT.search(before)
    named = at and not (at["done"] and not _PLANNED.search(at["done"].lower()) and not FUTURE.search(before[-35:]))
    opens = len(said.before.split()) <= 4  # “From 1 March 2024, …”: what is to come stands behind it
    ahead = FUTURE.search(said.before) or (opens and FUTURE.search(said.after))
    return bool((named or opens) and ahead and not _OVER.search(before))


CHECK = Check(
    "past_deadline",
    "medium",
    "A reader plans for a day that is over, or believes that a change is still to come.",
    _past_deadline,
    options={"days": 1},
)
