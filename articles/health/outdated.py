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
from articles.health.phrases import ENOUGH, Hit, Prose, Sign, hits, places, prose
from articles.health.phrases.dates import FUTURE, Mention, mentions
from kb.models import Article

_I = re.IGNORECASE
_IF = re.compile(
    r"\b(?:if|when|whenever|whether|your|you)\b|[가-힣](?:으면|하면|되면|했다면|한다면)(?![가-힣])|경우", _I
)
_DATED = re.compile(r"\b(?:19|20)\d\d\b|(?:19|20)\d\d년")
_STAGE = (
    r"(?:(?:an?|early|limited|open|closed|public|private|technical)\s)*(?:beta|alpha|preview|early access"
    r"|pilot)\b"
)
_NO_STAGE = r"(?!\s(?:mode|pane|window|image|screen|panel|area|button|tab|of|for(?!\snow))\b|\s?\d)"
_WHAT = r"(?:fix|problem|issue|bug|solution|resolution|update|workaround|improvement|limitation)"
_ANNOUNCED = r"(?:launched|introduced|released|redesigned|renamed|announced|added|rolled out|moved|changed|updated)"
_COMES = r"(?:출시|공개|지원|도입|오픈|배포|추가|개선|업데이트)"
_CAME = r"(?:추가|출시|도입|개편|변경|업데이트|공개|오픈)(?:되었|됐|했|하였)"

SIGNS = (
    Sign(
        "beta",
        re.compile(
            rf"\b(?:currently|still|now|presently|for now)\s(?:available\s|offered\s)?(?:in|as)\s{_STAGE}{_NO_STAGE}"
            rf"|\b(?:is|are|remains?|being)\s(?:\w+ly\s)?in\s{_STAGE}{_NO_STAGE}"
            rf"|\b(?:offer(?:ed)?|available|provided|tested)\s(?:[\w-]+\s){{0,4}}?as\s{_STAGE}{_NO_STAGE}"
            r"|\b(?:is|are)\s(?:currently|still)\sa\s(?:beta|preview|pilot|experimental)\b"
            r"|\bin\s(?:public|private)\spreview\b",
            _I,
        ),
        ("beta", "alpha", "preview", "early access", "pilot", "experimental"),
    ),
    Sign(
        "beta",
        re.compile(
            r"(?:현재|아직|지금은?|여전히)[^.\n]{0,20}?(?:베타(?!\s?버전을)|시범\s?(?:운영|서비스|제공)|프리뷰"
            r"|얼리\s?액세스"
            r"|미리\s?보기(?:로\s제공|\s(?:단계|버전|상태)))"
            r"|(?:베타|시범|프리뷰|얼리\s?액세스)\s?(?:서비스|버전|운영|테스트)?(?:으?로)?\s?(?:제공|운영|진행"
            r"|서비스)?\s?"
            r"(?:중(?:이|입|인|에)|단계(?:이|입|예|라)|기간(?:이|입))"
        ),
        ("베타", "시범", "프리뷰", "얼리", "미리"),
    ),
    Sign(
        "soon",
        re.compile(
            r"\bcoming soon\b|\bsoon\s(?:be\s)?(?:available|able|support|add|offer|release|launch)\w*"
            r"|\bbe\s(?:available|released|supported|added)\s(?:very\s)?soon\b|\bstay tuned\b"
            rf"|(?<!you )(?<!you)\b(?:is|are|['’]re)\s(?:\w+ly\s|still\s)?(?:working on|investigating|researching)\s"
            rf"(?:an?|the|this|these)\s(?:[\w-]+\s)?{_WHAT}",
            _I,
        ),
        ("soon", "stay tuned", "working on", "investigating", "researching"),
        _DATED,
    ),
    Sign(
        "soon",
        re.compile(
            r"\b(?:will|to|expect\w*|planned|plan|scheduled|going to|should)\b[^.\n]{0,90}?\b(?:in|with)\s(?:an?"
            r"|the|our)\s"
            r"(?:future|upcoming|forthcoming|next)\s(?:[\w.]+\s){0,2}?(?:releases?|versions?|updates?"
            r"|service pack)\b",
            _I,
        ),
        ("future", "upcoming", "forthcoming", "next"),
        re.compile(r"\b(?:if|upgrad\w+|prepare\w*|compatib\w+|may|might|until)\b|\b(?:19|20)\d\d\b", _I),
    ),
    Sign(
        "soon",
        re.compile(r"\bin the (?:coming|next few) (?:weeks|months)\b", _I),
        ("in the coming", "in the next few"),
        re.compile(r"\b(?:if|receive|get|arrives?|deliver\w*|e-?mail\w*|refund\w*|expires?)\b|\b(?:19|20)\d\d\b", _I),
    ),
    Sign(
        "soon",
        re.compile(
            rf"{_COMES}(?:할|될)?\s?(?:예정(?!일)|계획(?:이|입|이에|을 세))|(?:곧|조만간"
            rf"|머지않아)\s[^.\n]{{0,20}}(?:{_COMES}|제공|선보)"
            rf"|추후\s[^.\n]{{0,20}}(?:{_COMES}|제공)(?:할|될|하겠|합|됩)|(?:기능|서비스|앱"
            rf"|버전)[을를은는이가]?\s?준비\s?중"
        ),
        ("예정", "계획", "곧", "조만간", "머지않아", "추후", "준비"),
        re.compile(rf"{_DATED.pattern}|{_IF.pattern}"),
    ),
    Sign(
        "new",
        re.compile(
            r"(?<!what's )(?<!what’s )(?<!what is )\bnew\s(?:in|as of|with|for|since)\s(?:the\s)?(?:v|ver\.?\s?"
            r"|version\s|release\s|app\s)"
            rf"\d+(?:\.\d+)*|\b(?:we(?:'ve|’ve|\shave)?|has)\s(?:just|recently|newly)\s{_ANNOUNCED}"
            rf"|\b(?:was|were|(?:has|have) been)\s(?:just|recently|newly)\s{_ANNOUNCED}\b",
            _I,
        ),
        ("new", "just", "recently"),
        re.compile(rf"{_DATED.pattern}|\b(?:if|when|whenever|whether|that (?:was|were|has|have)|user|users)\b", _I),
    ),
    Sign(
        "new",
        re.compile(
            r"\d+(?:\.\d+)*\s?(?:버전)?(?:에서|부터|에)\s?(?:새로|새롭게|처음)\s?(?:추가|도입|제공|지원|바뀐|생긴)"
            rf"|(?:최근|얼마\s?전|이번에)(?:에)?\s[^.\n]{{0,25}}{_CAME}(?:습니다|어요|다\.)"
            r"|(?:새롭게|신규)\s?(?:출시|오픈)(?:되|했|한|된)"
        ),
        ("새로", "새롭게", "처음", "최근", "얼마", "이번에", "신규"),
        re.compile(rf"{_DATED.pattern}|{_IF.pattern}"),
    ),
    Sign(
        "latest",
        re.compile(
            r"\b(?:latest|current|newest|most recent)\s(?:stable\s|available\s|released\s)?(?:version|release"
            r"|firmware)\b"
            r"[^.,;:\n]{0,30}?\sis\s(?:now\s|currently\s)?(?:v|version\s)?\d+(?:\.\d+)+"
            r"|(?:현재|최신)\s?(?:최신\s)?버전[은는이]?\s?(?:v|버전\s)?\d+(?:\.\d+)*\s?(?:입니다|이에요|예요|이며"
            r"|이고)",
            _I,
        ),
        ("latest", "current", "newest", "most recent", "현재", "최신"),
    ),
    Sign(
        "writing",
        re.compile(
            r"\b(?:at the time of (?:this )?writing|(?:as of|at) this writing"
            r"|at the time (?:that )?this (?:article|page|document) (?:was|is) (?:written|published))\b"
            r"|(?:글|문서|안내)[을를]\s?(?:쓰는|쓴|작성하는|작성한)\s?(?:시점|현재|지금)|작성\s?시점",
            _I,
        ),
        ("writing", "at the time", "시점", "쓰는", "작성하는"),
    ),
    Sign(
        "year",
        re.compile(
            r"\b(?:earlier|later|starting|beginning|early|late)\s(?:in\s)?(?:this|next|last)\syear\b"
            r"|\b(?:this|last)\syear['’]s\s(?:release|update|version|edition|prices?)\b"
            r"|(?:올해|금년|내년|작년|지난해)(?:부터|\s?(?:상반기|하반기|초|말|봄|여름|가을|겨울|[1-4]분기))",
            _I,
        ),
        ("year", "올해", "금년", "내년", "작년", "지난해"),
        re.compile(rf"{_DATED.pattern}|\bif\b|every|each|매년|해마다|경우"),
    ),
)
_SAYS = {
    "beta": "says that something is in beta",
    "soon": "promises something soon",
    "new": "calls something new",
    "latest": "says which version is the latest",
    "writing": "speaks of the time of writing",
    "year": "counts years from when it was written",
}
_FIX = "Say what holds today, without words that age; or give the date or the version."
_YEAR = re.compile(r"(?:19|20)\d\d")
_BEFORE = re.compile(
    r"\b(?:as (?:of|at)|starting(?: in| on| from| with)?|beginning(?: in| on)?|effective(?: on)?)\s(?:the\s)?$", _I
)
_AFTER = re.compile(
    r"\s?(?:말|초|중순)?(?:자로|으로)?[\s)]{0,2}\(?(?:기준(?!\s?(?:일|금리|중위|시가|서|값|선))|현재(?![가-힣]))"
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
        f"{_SAYS[hit.kind]} ({hit.phrase!r}), and was last changed {written}, {age} days ago",
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
            f"speaks as of {said}, {(shelf.today - day).days} days ago",
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
            "기준" in near or "현재" in near or re.search(r"\b(?:as|starting|beginning|effective)\b", near, _I)
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
