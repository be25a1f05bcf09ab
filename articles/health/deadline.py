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
from articles.health.words import say
from kb.models import Article

_I = re.IGNORECASE
_ANY = re.compile(r"(?:19|20)\d\d|(?:['’‘]|(?<!\d))\d\d(?=년\s?\d|[./]\d{1,2}[./]\d)")
_ANY_DAY = re.compile(
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*\.?\s\d{1,2}\b"
    r"|\b\d{1,2}(?:st|nd|rd|th)?\s(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)|\d월\s?(?:\d{1,2}일|말"
    r"|중순|초)"
    r"|\bend of (?:the year|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|올해\s?(?:말|연말)|연말까지",
    _I,
)
_NO_DEADLINE = re.compile(
    r"\b(?:for example|for instance|e\.g(?=\.)|such as|suppose|assum(?:e|ing)|imagine|sample|scenario|consider"
    r"|(?:every|each) (?:year|month|week|day|quarter|season|spring|summer|autumn|winter|january|february|march"
    r"|april|may"
    r"|june|july|august|september|october|november|december)|annually|copyright)\b|\bexamples?\b\W{0,3}[:：]"
    r"|\d:\d\d:\d\d"
    r"|예를 들|예시|매년|매월|해마다|연말정산"
    r"|(?:^|\s)예\s?[:)）]|['‘“\"「][^'’”\"」]{0,20}(?:만료|소멸|종료)[^'’”\"」]{0,10}['’”\"」]로?\s?표시"
    r"|\bthis (?:policy|agreement|notice)\b[^.]*\beffect|\bthese terms\b|(?:이|본)\s?(?:약관|방침|규정|정책"
    r"|지침)[은이]",
    _I,
)
_PAST = re.compile(r"\b(?:was|were|had|did|would)\b", _I)
_GENERAL = re.compile(r"\b(?:if|when|whenever)\b|[가-힣]면(?![가-힣])|경우", _I)

# English: what stands right before the date
_UNTIL = re.compile(
    r"\b(?:until|till|no later than|not later than|up (?:to|until)(?: and including)?|as late as|(?:deadline"
    r"|closing date|last day|cut-?off|due date)\b[^.\n]{0,30}?(?:\bis\b|:|,)|(?:runs?|lasts?|continues?|valid|open"
    r"|available"
    r"|extended)\s(?:[a-z]+\s)?through)"
    r"\s(?:the\s|midnight on\s|midnight of\s|and including\s|\d{1,2}(?::\d\d)?\s?(?:[ap]\.?m\.?)?\son\s)*(?:(?:end"
    r"|close|middle|beginning|start) of\s)?(?:business on\s)?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s)?$",
    _I,
)
_BY = re.compile(
    r"\b(?:by|before|through|prior to|ahead of|on or before)\s(?:the\s|midnight on\s|noon on\s)*(?:(?:end|close"
    r"|middle|start) of\s)?"
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s)?$",
    _I,
)
_RANGE = re.compile(
    r"(?:\d|일|\b[a-z]{3,9})\.?\s?(?:\([월화수목금토일]\)\s?)?(?:[-–—~]|\bto|\band|\bthrough)\s?$|(?:^"
    r"|\|\s?)\W{0,3}[~–]\s?$",
    _I,
)
_PERIOD = re.compile(
    r"\b(?:valid|period|offer|runs?|early|sale|registration|applications?|open|from|dates?|promotion"
    r"|campaign)\b|기간|신청|접수|행사|이벤트|모집|판매|할인|얼리버드|프로모션|예매|응모|마감|운영|혜택",
    _I,
)
_UP_TO_YEAR = re.compile(r"(?:through|before|prior)\b", _I)
_OF_VERSION = re.compile(
    r"\b(?:versions?|builds?|releases?|released|created|installed|made|built)\s\w+(?:\s\w+)?\s$", _I
)
_OWED = re.compile(
    r"\b(?:must|should|you (?:can|may|could|will)|need(?:s|ed)? to|have to|has to|please|required to|make sure"
    r"|remember|be sure|expect|deadline"
    r"|valid|offer|available|extended|open|order(?:ed|s)?|placed|received|claim|redeem|enter|eligible|entitled|get"
    r"|receive|qualif\w+|win|save)\b"
    r"|(?:^\W{0,9}|[,;:]\s|\b(?:and|to|or|so|then)\s)(?:renew|update|upgrade|migrate|move|register|apply|submit|switch"
    r"|send|return|pay|download|back up|sign up|enrol|enroll|book|order|claim"
    r"|redeem|hand in|exchange|swap|transfer|convert|reply|respond|opt|use|spend|collect|vote|save|replace|file"
    r"|activate|confirm|buy|join|enter|export)\b",
    _I,
)
_BEGINS = re.compile(
    r"\b(?:starts?|begins?|ends?|expires?|closes?|opens?|launches|retires?|stops|goes live|go live|arrives|reopens?"
    r"|resumes?|ships?|moves?|changes?|switches|rises?|increases?|falls?|drops?|reverts?|returns?|becomes?|applies"
    r"|appears?"
    r"|comes out|goes (?:up|down|on sale|offline)|come out|go (?:up|down|on sale|offline)|shuts?(?: down)?"
    r"|lapses?|runs? out|merges?|kicks? off|finishes|finish|disappears?|migrates?|relocates?|rolls? out"
    r"|is due|are due|lands?|follows?|leaves?|is (?:switched|turned|shut|closed|replaced"
    r"|retired|removed|withdrawn|phased|discontinued)(?: \w+)?|are (?:switched|turned|shut|closed|replaced|retired"
    r"|removed|withdrawn|phased|discontinued)(?: \w+)?"
    r"|(?:takes?|comes? into|goes into) (?:effect|force))\s(?-i:(?:[a-z]+\s){0,2}?)(?:(?:on|in|from|at|by"
    r"|as of|as from|with effect from|around|during|starting)\s)?(?:the\s)?(?:(?:end|start|beginning"
    r"|middle) of\s)?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s)?$",
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
_CONDITION = re.compile(
    r"(?<!be )(?<!been )(?<!being )\b(?:placed|made|bought|purchased|ordered|signed|received|submitted|issued|opened"
    r"|registered|created|concluded|booked|activated|sold|manufactured|delivered|paid|joined|filed|acquired|built"
    r"|produced|shipped|installed|started|taken out|dated)\s(?:on or )?(?:before|prior to|after|since|from|between)\s$",
    _I,
)
"""What was done before a day, as a rule says of whom it holds: “orders placed before 1 May”."""
_ALONE = re.compile(r"^\W*(?:(?:only\s)?(?:through|thru|by|before|until|till|up to|ends|closes|expires)\s)\W*$", _I)
_NOTED = re.compile(
    r"\b(?:last (?:orders?|day|chance|call|entry|admission)|(?:sign-?up|register|apply|book|order|valid|redeem"
    r"|claim|use"
    r"|return|enter) (?:by|until)|closing (?:date|day)|expir(?:es|y|ation)(?: date)?|ends|closes|deadline|due(?: date)?"
    r"|switch-?off|end of (?:sale|support|life|service)|cut-?off)\s?[:：|–—-]\s?\W{0,3}$",
    _I,
)
_PRIZE = re.compile(
    r"\b(?:get|save|free|receive|win|earn|bonus|discount|off|half)\b[^.\n]{0,60}?\b(?:if"
    r"|when) you\s(?:\w+\s){1,4}?(?:by|before)\s$",
    _I,
)
_CLAUSE = re.compile(r"[;–—]\s?|,\s")
_OVER = re.compile(r"\b(?:ended|reached|stopped|began|became|introduced|started|expired)\b", _I)
_PLANNED = re.compile(
    r"(?:scheduled|planned|expected|released|removed|discontinued|retired|supported|ended|launched|updated)$"
)

# Korean: what follows the date, to the end of its sentence
_TO = re.compile(
    r"\s?(?:\([월화수목금토일](?:요일)?\)\s?)?(?:[월화수목금토일]요일\s?)?(?:(?:오전|오후|밤|낮|자정"
    r"|정오)\s?)?(?:\d{1,2}(?::\d\d"
    r"|시(?:\s?\d{1,2}분)?)\s?)?(?:[가-힣\d:]{1,6}\s)?(?:이전|전|말|초|중|연말|경|쯤|연휴|명절|시즌)?까지(?!의)"
    r"|\s?(?:\([월화수목금토일]\)\s?)?(?:[가-힣\d:]{1,6}\s)?(?:내|안|이내)(?:에|로)\s|\s?이내(?:에|까지|으로)\s"
    r"|\s?(?:마감|한(?=[\s.,)])|限)"
)
_BEFORE = re.compile(
    r"\s?이?전(?:에|으로)\s[^.\n]{0,60}?(?:하세요|주세요|으세요|하시기|바랍니다|하셔야|해야|십시오|두세요|좋습니다"
    r"|권합니다|권장|마쳐야|마치세요|끝내"
    r"|(?:하면|하시면|시|받으면|내면|사면|마치면)(?=[,\s])[^.\n]{0,40}?(?:무료|할인|혜택|증정|적립|지급|면제"
    r"|보너스|사은품|드려|드립|받을|받으|배송"
    r"|도착|유지))"
)
_TO_WHOM = re.compile(r"까지\s?(?:[가-힣]+\s)?[가-힣]*(?:[한된인던]|입한|매한)\s")
_FROM = re.compile(
    r"\s?(?:\([월화수목금토일]\)\s?)?(?:(?:오전|오후|밤|낮|새벽)?\s?(?:\d{1,2}시|\d{1,2}:\d\d|자정"
    r"|정오)\s?)?(?:부터(?:는)?"
    r"|에(?:는)?(?!\s?대)|[자부]로|자(?=\s)|이후(?:로|에는|부터)?|중(?:에|으로)?|내에|경(?:에)?|쯤(?:에)?|께|들어"
    r"|까지)(?=[\s,])"
)
_SINCE_WHEN = re.compile(
    r"\s?(?:이?전|이?후|부터)(?:에|로)?\s(?:[가-힣]+\s){0,2}?(?:[가-힣]{2}(?:한|된|하신|했던)|만들어진|받은|산"
    r"|생긴|사신)\s"
)
_LABEL = re.compile(
    r"(?:마감|기한|종료|마지막|만료|오픈|시작|출시|발송|발표|접수|신청|모집|판매|개통|개장)[가-힣]{0,4}(?:은|는|이"
    r"|가)?\s?[:：]?\s?$"
)
_COMING = re.compile(r"(?:오는|다가오는|돌아오는)\s$")
_DUE = re.compile(
    r"\s?(?:\([월화수목금토일]\)\s?)?(?:\d{1,2}(?::\d\d"
    r"|시)\s?[~–-]?\s?){0,2}(?:[가-힣]{1,6}\s)?[가-힣]{1,6}\s?예정(?:이|입|임|일|\s*$|[.)])"
)
_ENDED = re.compile(
    r"\s?(?:\([월화수목금토일]\)\s?)?(?:[부자]로|에|을\s끝으로|을\s마지막으로)\s(?:[가-힣]+\s){0,2}?"
    r"(?:마감|종료|만료|중단|폐지|단종|완료|해지|폐쇄|철거|통합|삭제|변경|개편|이전|출시|도입)(?:을\s)?"
    r"(?:되어|돼|되면서|하여|해서|하면서|된|한|되고|하고)(?=[\s,])(?!\s?(?:이후|후|뒤))"
)
_LAST = re.compile(r"\s?(?:\([월화수목금토일]\)\s?)?(?:이|가)\s(?:마지막|마감|기한|종료|시작|오픈|신청)")
_IS_DAY = re.compile(
    rf"{_LAST.pattern}|\s?(?:\([월화수목금토일]\)\s?)?(?:(?:오전|오후|밤)\s?)?(?:\d{{1,2}}(?:시"
    rf"|:\d\d)\s?(?:\d{{1,2}}분)?\s?)?"
    r"(?:입니다|이에요|예요|이며|이니|임|[.)]?$)"
)
_AHEAD = re.compile(
    r"예정(?!대로)|계획(?!서)|(?:시작|종료|만료|시행|변경|출시|공개|오픈|배포|중단|적용|폐지|인상|인하|개편|전환"
    r"|도입|삭제|발송|지급|발매|판매|차단|폐쇄|재개|개시|개통|개장|재개장|재오픈|이전|이관|통합|합병|철거|교체"
    r"|중지|제한|마감|회수|단종|발급|배송|입고|접수|모집|지원|소멸|환급|공사|점검"
    r"|휴관|휴업|운영|발표|확대|축소|리뉴얼|론칭|런칭|서비스|이사|제공|발효|[가-힣]{1,4}화|강화|완화|면제|연장"
    r"|단축|조정|부과|징수|요구|금지|허용"
    r"|상향|하향|증설|신설|반영|출고|입주|개강|진행|추가|취소|반환|개최|상영|방영|공급|탑재|업데이트|선발|추첨"
    r"|복구|정지|해제|만기|마무리|선정)"
    r"(?:을|를|이|가)?\s?(?:합니다|됩니다|돼요|되어요|해요|하며|되며|하고(?!\s?있)|되고(?!\s?있)|하니|되니|하오니"
    r"|되오니|하므로|되므로|해\s?드립니다|해\s?드려요"
    r"|하게\s?됩니다|할\s|될\s|하겠|되겠|드립니다|드려요|합니다|들어갑니다|불가|함(?=[\s.)]|$)|됨(?=[\s.)]|$))"
    r"|(?:수|것)[가이]?\s?(?:없|있)(?:습니다|어요"
    r"|게\s?됩니다)|"
    r"옮깁니다|옮겨요|옮기며|옮길|바꿉니다|바꿔요|바뀔|바꿀|열립니다|열\s?예정|찾아옵니다|찾아갑니다|만나(?:실|볼"
    r"|보실)|시작돼|선보입니다|선보여요|닫습니다|닫아요|닫힙니다|막힙니다|멈춥니다"
    r"|멈춰요|꺼집니다|빠집니다|늘어납니다|늘어나요|줄어듭니다|줄어요|받습니다|받아요|받지\s?않|쓸\s?수|못\s?쓰"
    r"|안\s?됩니다|안\s?돼요|새로워집니다|달라집니다|달라져요|재개해|"
    r"(?:필수|의무|유료|무료|필요|불가)(?:입니다|이에요|가\s됩니다|해집니다|합니다)|바뀝니다|바뀌어요|바뀌며"
    r"|열립니다|열려요|끝납니다"
    r"|끝나요|없어집니다|사라집니다|없어져요|사라져요"
    r"|오릅니다|올라요|내립니다|나옵니다|나와요"
)
_DONE = re.compile(r"[았었였했됐졌렸왔갔웠](?:습니다|어요|다(?=[.\s]|$)|으며|고\s|지만)|던\s")
_ASKED = re.compile(r"세요|바랍니다|야\s?합|가능|마감|이벤트|할인|신청|접수|제출|무료|모집|응모")


@dataclass(frozen=True)
class _Said:
    """A date in its sentence: what stands before it and after it there."""

    mention: Mention
    before: str
    after: str
    sentence: str

    @property
    def korean(self) -> bool:
        """Whether its year is told as in Korean, with 년."""
        return self.sentence[len(self.before) :].startswith("년", 4)


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
        say("looks forward to {phrase}, and that was {days|day/days} ago", phrase=phrase, days=late),
        lines[0],
        text.quote(mention.start, phrase),
        say("Say what is so now that the day has passed, or give the new date."),
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
    if _PAST.search(said.before) or (_PAST.search(said.after) and not _UNTIL.search(said.before[-60:])):
        return False
    if _DONE.search(said.after) or (_ENDED.match(said.after) and "예정" not in said.after):
        return False
    if _TO.match(said.after):
        return not _TO_WHOM.search(said.after[:40])
    return _korean(said) or _english(said)


def _korean(said: _Said) -> bool:
    """Whether a day that something begins or ends on is still ahead, as Korean says it."""
    after = said.after
    if _IS_DAY.match(after) and (_LABEL.search(said.before[-20:]) or _LAST.match(after)):
        return True
    if _SINCE_WHEN.match(after) or (said.mention.year_only and not said.korean):
        return False
    if _COMING.search(said.before[-6:]):
        return True
    told = _BEFORE.match(after) and "경우" not in after
    return bool(
        told or _DUE.match(after) or (_FROM.match(after) and _AHEAD.search(after)) or _AHEAD.match(after.lstrip())
    )


def _english(said: _Said) -> bool:
    before = said.before[-60:]
    if (said.mention.year_only and not _IN.search(before)) or (
        _CONDITION.search(before) and not FUTURE.search(said.sentence)
    ):
        return False
    if _NOTED.search(before) or (_ALONE.match(said.before) and not re.search(r"\w", said.after)):
        return True
    if _UNTIL.search(before) or _BEGINS.search(before) or (_RANGE.search(before) and _PERIOD.search(said.sentence)):
        return True
    by = _BY.search(before)
    if by and _OWED.search(said.sentence) and (not _GENERAL.search(said.before) or _PRIZE.search(said.before)):
        return not (said.mention.year_only and _UP_TO_YEAR.match(by.group())) and not _OF_VERSION.search(before)
    at = _AT.search(before)
    named = at and not (at["done"] and not _PLANNED.search(at["done"].lower()) and not FUTURE.search(before[-35:]))
    opens = len(_CLAUSE.split(said.before)[-1].split()) <= 4 and not _GENERAL.search(
        said.before
    )  # “From 1 March 2024, …”: what is to come stands behind it
    ahead = FUTURE.search(said.before) or (opens and FUTURE.search(said.after))
    return bool((named or opens) and ahead and not _OVER.search(before))


CHECK = Check(
    "past_deadline",
    "medium",
    "A reader plans for a day that is over, or believes that a change is still to come.",
    _past_deadline,
    options={"days": 1},
)
