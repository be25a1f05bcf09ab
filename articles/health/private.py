"""Personal data in an article that everybody reads, by the rules of `kb.private`. Only its kind is ever repeated.

Names, postal addresses and IP addresses alone are left out: in an article they are a company's or an example's nearly
always. With a person's name beside it, an address, the number of an order or a day of birth is that person's. Examples
that can be known as such are left out, too, addresses of a role, and the numbers that companies answer at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from articles.health.base import Check, Flag, Shelf
from articles.health.phrases import Prose, prose
from articles.health.words import Said, say
from kb.models import PUBLIC, Article
from kb.privacy import Span, spans
from kb.private.rule import Kind, digits

_I = re.IGNORECASE
_CANDIDATE = re.compile(
    r"@[\w-]+\.|\d(?:[\s().-]{0,3}\d){7}|(?:여권|면허)\s?번호"
    r"|(?:pass\s?(?:word|code|phrase)|passwd|pwd|pin|otp|cvc|cvv|secret|token|api.?key|bearer|비밀\s?번호|암호"
    r"|인증\s?번호|비번|여권|면허|passport|licen[cs]e)[\s\"'`*=:：은는]",
    _I,
)
_NAMES: dict[str, Said] = {
    "home": say("the address of a named person"),
    "number": say("the order, contract or device of a named person"),
    "birth": say("the day of birth of a named person"),
    "insurance": say("a national insurance number"),
    "plate": say("the number plate of a car"),
    "log": say("a line of a log with its user"),
    "email": say("the e-mail address of a person"),
    "phone": say("a phone number"),
    "card": say("the number of a payment card"),
    "resident-number": say("a resident registration number"),
    "account": say("a bank account"),
    "passport": say("the number of a passport"),
    "licence": say("the number of a driving licence"),
    "ssn": say("a social security number"),
    "secret": say("a password, a code or a key"),
}

_NO_DOMAIN = re.compile(
    r"(?:^|[.-])(?:example\d*|test|invalid|localhost|local|internal|lan|corp|contoso\w*|fabrikam\w*|adatum"
    r"|a-?datum|northwind\w*|litware\w*"
    r"|tailspin\w*|woodgrove\w*|wingtip\w*|proseware\w*|treyresearch|adventure-?works\w*|alpineskihouse"
    r"|consolidatedmessenger"
    r"|cohovineyard|cpandl|fourthcoffee|graphicdesigninstitute|humongousinsurance|lucernepublishing|margiestravel"
    r"|nwtraders"
    r"|southridgevideo|thephone-?company|wideworldimporters|relecloud|vanarsdel\w*|microsoft\w*)(?:[.-]|$)"
    r"|(?:your|my|some|the|our|company|tenant|customer|school|org\w*|vanity|custom|sub|federated|target|source"
    r"|external|internal)"
    r"-?(?:own)?(?:domain|company|tenant|org\w*|site|mail|name)|^(?:domain|company|tenant|email|mail|server|host"
    r"|website|site|abc|xyz|foo"
    r"|bar|acme|organization|org)\w?\.|onmicrosoft\.com$|\.(?:png|jpe?g|gif|svg|dll|exe|js|css|ps1|txt|xml|json"
    r"|service|target)$",
    _I,
)
_NO_PERSON = re.compile(
    r"^(?:.*[._+-])?(?:support|help\w*|info|sales|admin\w*|billing|no-?reply|do-?not-?reply|contact\w*|security"
    r"|privacy|abuse|postmaster"
    r"|press|pr|hello|hi|feedback|webmaster|team|office|service\w*|account\w*|orders?|refunds?|returns?|jobs"
    r"|careers|hr|legal|dpo"
    r"|marketing|partners?|notifications?|alerts?|news\w*|releases?|mailer-daemon|root|hostmaster|cs|csr|care"
    r"|customer\w*|inquir\w+|enquir\w+"
    r"|users?|username|name|someone|somebody|anyone|you|me|your\w*|my\w*|test\w*|demo|sample|example|alias"
    r"|mailbox|e?mail\w*|address"
    r"|\w*(?:team|support|services?|username|trial)|first\.?last\w*|john\.?(?:doe|smith)?|jane\.?(?:doe|smith)?"
    r"|joe|bob|alice|hong\.?gildong|gildong\.?hong|gdhong|abc\w*|xyz|foo|bar"
    r"|recipient|sender|guest|member|employee|student|teacher|manager|owner|group|room\w*|dl|smtp|sip|git|svc\w*"
    r"|sql\w*|data)\d*$",
    _I,
)
_SEQUENCE = re.compile(r"(\d)\1{3,}|1234|2345|3456|4567|5678|6789|9876|4321")
_NO_NUMBER = re.compile(r"(\d)\1{5,}|0{4,}|1234|5678|6789|9876|4321|(\d{4})\2|(?<!\d)1?[2-9]\d\d555\d{4}$|55501\d\d$")
_NO_CARD = re.compile(r"(\d)\1{5,}|12345|(\d{4})\2\2")
_LINES = re.compile(
    r"고객\s?센터|대표\s?(?:번호|전화)|콜\s?센터|상담\s?(?:전화|센터)|본사|지점|매장|국번|자동\s?응답|팩스|fax"
    r"|help ?desk|support|customer (?:service|care)"
    r"|hotline|toll|headquarters|sales|company|store|office|microsoft|service cent|call us|contact us"
    r"|phone system|dial",
    _I,
)
_MOBILE = re.compile(r"(?:\+?82[ .-]?|0)1[016789]|(?:\+44[ ]?|0)7\d")
_EXAMPLE = re.compile(
    r"\b(?:for example|for instance|e\.g(?=\.|:)|such as|example|sample|dummy|fictional|format|looks like|like this"
    r"|test (?:card|number))\b"
    r"|예를\s?들|예시|예:|가상의|형식|샘플|테스트\s?(?:카드|번호)|처럼",
    _I,
)
_FOLLOWS = re.compile(
    r"\b(?:following|these|below)\s(?:is\san?\s)?(?:[a-z]+\s)?(?:examples?|samples?)|다음\s?(?:예|샘플|형식)", _I
)
_STOPS = (
    r"(?!(?:Support|Service|Services|Center|Centre|Team|Microsoft|Windows|Office|Customer|Account|Street|Road|Lane"
    r"|Avenue|Bank|Card|Order"
    r"|Settings|Help|Contact|Call|Phone|Email|Mobile|Number|Passport|National|Social|Security|Insurance|Example"
    r"|Case|Delivery|Thanks|When|The"
    r"|This|That|Please|Enter|Jane|John|Doe|Smith|Alice|Bob|Hong|Gildong|Your|First|Last|Name|Internet|Explorer"
    r"|Server|Error|Event|Active"
    r"|Directory|Exchange|Azure|Dynamics|App|Store|Google|Apple|Visa|Group|Policy|New|Old|United|North|South|East"
    r"|West|Saint|City|County"
    r"|Company|Registered|House|Ltd|Limited|Inc|Head|High|Main|Park|Sales|Monday|Tuesday|Wednesday|Thursday|Friday"
    r"|Saturday|Sunday|January"
    r"|February|March|April|May|June|July|August|September|October|November|December|Model|Version|Serial|Product"
    r"|System|Data|Access)\b)"
)
_GIVEN = rf"(?:{_STOPS}[A-Z][a-z'’]{{1,15}}(?:-[A-Z][a-z]{{1,15}})?)"
_INITIALS = rf"(?:(?:[A-Z]\.[ -]?){{1,3}}\s?{_GIVEN})"
_LATIN = rf"(?:{_GIVEN}\s(?:(?:de|da|van|von|der|bin|al|[A-Z]\.)\s)?{_GIVEN})"
_TITLE = (
    r"(?:님|씨|과장|대리|부장|차장|팀장|사원|주임|실장|이사|기사|선생님?|고객|교수|원장|매니저|환자|학생|회원|부인"
    r"|군|양)(?:님|께|께서|의|이|가|은|는|을|를|과|와|에게|입|,|\("
    r"|\s|\)|$)"
)
_KO_NAME = (
    r"(?!홍길동|김철수|이영희|아무개|고객|회원|사용|구매|판매|담당|신청|이용|상담|해당|관리|운영|수신|발신|기사"
    r"|부모|자녀|본인|선생)"
    r"(?:[김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구나민진지엄채원천방공현함변염여추도석선설마길연위표명기반왕금옥육인맹제모탁국은편용예봉경사부태피감음빈동온범좌팽승간시갈][가-힣]{"
    r"2}|(?:남궁|황보|제갈|선우|사공|독고)[가-힣]{1,2})"
)
_PERSON = re.compile(
    r"(?:(?i:\b(?:cardholder|customer|client|user|member|patient|driver|tenant|recipient|passenger|guest|(?:account"
    r"|policy)[ -]?holder|issued to|named?|colleague"
    r"|technician|thanks to|that of|belongs? to|owner|signed|for|from|by|of|to|with|when|and|contact|ask|call"
    rf"|neighbou?r|mr|mrs|ms|dr|miss|it['’]?s|this is|i am|i['’]m|name is|name['’]s|called|customer name"
    r"|account of|case of|regards"
    rf"|sincerely|thanks|reads|says|wrote))\.?,?:?\s|[(,;–—|]\s?|^|[.!?]\s|[\"“])(?P<latin>{_LATIN}|{_INITIALS})"
    r"(?=['’]s\b|\s?\(|,|\s(?:at|on|of|from|who|with|has|had|was|is|lives|can|phoned|called|wrote|reported|reached"
    r"|bought|ordered|by|in|and|\d)|[.);|]|\s?[:–—]|$)"
    rf"|\b(?:Mr|Mrs|Ms|Dr|Miss)\.?\s(?P<titled>{_STOPS}[A-Z][a-z'’-]{{1,20}})"
    r"|[(]\s?(?P<caps>[A-Z]{2,12}[ ,][ ]?[A-Z]{2,12}(?:[ -][A-Z]{2,12})?)\s?[)]"
    rf"|(?<![가-힣])(?P<ko>{_KO_NAME})(?=\s?{_TITLE}|\s?\()"
    r"|(?:수령인|수취인|명의자?|예금주|성명|이름|담당자?|신청인|신청자|받는\s?분|받는\s?사람|고객명?|환자|학생"
    r"|입금자|회원명?|가입자|보호자|계약자|주문자|예약자|소유자|차주|세입자"
    rf"|구매자)(?:은|는|:|：|\s|이름)?\s?(?P<role>{_KO_NAME})(?![가-힣]*(?:하|되|된|한))"
)
_HOME = re.compile(r"\b(?:lives? at|living at|home address|resid\w+|flat|apartment)\b|사시는|사는|거주|자택|댁", _I)
_FLAT = re.compile(
    r"(?:[가-힣]{2,12}(?:아파트|빌라|오피스텔|맨션|타운|캐슬|힐스\S*|자이|푸르지오"
    r"|래미안)\s?)?\d{1,4}동\s?\d{1,4}호|\d{1,4}-\d{1,4}\s?번지"
)
_OFFICE = re.compile(
    r"\b(?:registered (?:office|address)|head ?quarters|head office|company (?:no|number|reg)|vat|ltd|limited|inc"
    r"|llc|gmbh|plc|museum|returns?|warehouse)\b"
    r"|\(주\)|주식회사|사업자|본사|대표(?:자|이사)|매장|지점|영업점|물류\s?센터|반품|서비스\s?센터|고객\s?센터"
    r"|전시장|㈜",
    _I,
)
_OF_PERSON = re.compile(
    r"\b(?:orders?|bookings?|reservations?|tracking|parcels?|contracts?|polic(?:y|ies)|accounts?|customer"
    r"|member(?:ship)?|claims?|cases?|tickets?|invoices?|loans?|mortgages?|imei|serial"
    r"|sim|meter|applications?|reference|ref|patient|student|employee|staff|file|badge)\b(?:\s(?:number|no\.?|id"
    r"|ref\w*|code"
    r"|#))?\s?[:#]?\s?(?:[A-Z]{1,4}-?)?\d[\d-]{4,}"
    r"|(?:주문|예약|접수|운송장|송장|계약|회원|고객|증권|사건|대출|청구|신청|가입|단말|일련|민원|진료|차트|학번"
    r"|사번|보험)\s?(?:번호|코드|ID"
    r"|No\.?)?\s?[:：은는이]?\s?(?:[A-Z]{1,4}-?)?\d[\d-]{4,}",
    _I,
)
_REACHED_AT = re.compile(
    r"\b(?:my|his|her|their)\s(?:\w+\s)?(?:number|phone|mobile|cell|landline|tel\w*)\s?(?:number\s)?(?:is|was"
    r"|on file is|[:=])"
    r"\s?\+?\(?\d(?:[ .()-]{0,2}\d){8,13}(?!\d)",
    _I,
)
_BORN = re.compile(
    r"\b(?:born(?: on)?|d\.?o\.?b\.?|date of birth|birthday)\b[^.\n]{0,15}?\d{1,4}|(?:생년월일|생일"
    r"|출생)[^.\n]{0,8}?\d{2,4}|\d{2,4}[년.]\s?\d{1,2}[월.]\s?\d{1,2}일?\s?(?:생|출생)|\d{6}\s?생",
    _I,
)
_INSURANCE = re.compile(r"(?<![A-Z\d])[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D](?![A-Z\d])")
_INSURED = re.compile(r"national insurance|\bni\b(?: number| no)|\bnino\b", _I)
_PLATE = re.compile(r"(?<!\d)\d{2,3}[가-힣]\s?\d{4}(?!\d)|(?<![A-Z\d])[A-Z]{2}\d{2}\s[A-Z]{3}(?![A-Z\d])")
_CAR = re.compile(
    r"차량|번호판|자동차|차주|주차|\b(?:cars?|vehicles?|number ?plate|licen[cs]e plate|registration|van|parked)\b", _I
)
_LOGGED = re.compile(
    r"\b(?:user(?:[_ ]?(?:name|id))?|login|uid|account|member|usr|principal|sender|from"
    r"|actor)\s?[=:]\s?[\"']?(?P<user>[a-z][\w.-]{3,30})",
    _I,
)
_STAMP = re.compile(
    r"\d{1,2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2}T\d|\b(?:INFO|WARN|ERROR|DEBUG)\b|\[\d{2}/[A-Z][a-z]{2}/\d{4}"
)
_EXPIRES = re.compile(r"\b(?:expir\w+|valid thru|cvc|cvv)\b|유효\s?기간|만료일", _I)
_STRONG = ("card", "resident-number", "passport", "licence", "ssn", "account", "phone", "email")
_DIGITS = re.compile(r"\d.*\d|@|(?:pass|pwd|secret|token|비밀|암호|비번|key)", _I)
_NEAR = 200  # characters on each side of a datum that tell what it is
_STOP = re.compile(r"(?<!e\.g)(?<!i\.e)[.!?]\s")
_TEST_CARDS = re.compile(
    r"^(?:4111111111111111|4242424242424242|4000\d{4}0{4}\d{4}|4012888888881881|5555555555554444|5105105105105100"
    r"|2223\d{12}"
    r"|5200828282828210|378282246310005|371449635398431|6011(?:111111111117|000990139424)|3530111333300000"
    r"|30569309025904"
    r"|38520000023237|4917610000000000|5454545454545454)$"
)
_NO_SECRET = re.compile(
    r"^(?:\W*(?:your|my|some|example|sample|test|demo|pass|pwd|secret|token|change|placeholder|enter|type|xxx|abc"
    r"|123|qwerty)"
    r"|(?:the|an?|new|old)\b|[<{\[$%*x.•&(]|p[@a]ss|n[ou]ll|none|true|false)|[<>{}$%]|=$|^\W*[A-Za-z]*\W*$|^0x"
    r"|^\d{1,3}$|\(|::|\\|\.\w{2,4}$|/"
    r"|1234|xxxx|\.\.\.|[A-Za-z]+\.[A-Za-z]+",
    _I,
)


def _personal_data(article: Article, shelf: Shelf) -> Iterator[Flag]:
    if article.metadata.audience != PUBLIC:
        return
    text = prose(article)
    found: dict[str, list[int]] = {}
    for number, line in _body(text):
        if _DIGITS.search(line) and not _shown(text, number):
            for kind in _kinds(line, number in text.code):
                found.setdefault(kind, []).append(number)
    for kind, lines in found.items():
        yield Flag(
            CHECK.name,
            say("shows {what} to everybody", what=_NAMES[kind]),
            lines[0],
            f"[{kind}]",
            say("Take it out, or put an example in its place (name@example.com, 010-0000-0000)."),
            {"kind": kind, "count": len(lines), "lines": lines[:10]},
        )


def _shown(text: Prose, number: int) -> bool:
    """Whether a line, or one of the three before it, says that examples follow."""
    return any(_FOLLOWS.search(line) for line in text.lines[max(0, number - 4) : number])


def _body(text: Prose) -> Iterator[tuple[int, str]]:
    """The lines after the front matter, code too: a password is one there as well."""
    first = 0
    if text.lines[0].rstrip() == "---":
        first = next((i for i, line in enumerate(text.lines[1:], 2) if line.rstrip() == "---"), 0)
    return ((number, line) for number, line in enumerate(text.lines, 1) if number > first)


def _kinds(line: str, code: bool) -> Iterator[str]:
    """The kind of each datum of a line that is no example. In code, numbers are data of the example."""
    plain = _unmarked(line)
    yield from _of_people(plain, code)
    if not _CANDIDATE.search(plain):
        return
    found = spans(plain)
    record = _is_record(plain, found)
    for start, end, kind in found:
        if kind not in _NAMES or (code and kind not in ("email", "secret")):
            continue
        said = _sentence(plain, start, end)
        real = kind in _STRONG and (_PERSON.search(said) or record or (kind == "card" and _EXPIRES.search(said)))
        if (real or not _EXAMPLE.search(said)) and not _harmless(kind, plain[start:end], said):
            yield kind


def _is_record(plain: str, found: list[Span]) -> bool:
    """Whether a line holds two kinds of somebody's data or more: it is a row of a list, even as an example."""
    real = {kind for start, end, kind in found if kind in _STRONG and not _harmless(kind, plain[start:end], plain)}
    return len(real) > 1


def _of_people(plain: str, code: bool) -> Iterator[str]:
    """What is somebody's because a name stands beside it, or because of what it is called."""
    logged = _LOGGED.search(plain)
    if logged and _STAMP.search(plain) and not _NO_PERSON.match(logged["user"]) and not _EXAMPLE.search(plain):
        yield "log"
    if code:
        return
    insured = _INSURANCE.search(plain)
    if insured and _INSURED.search(plain) and not _NO_NUMBER.search(digits(insured.group())):
        yield "insurance"
    plate = _PLATE.search(plain)
    if plate and _CAR.search(plain) and not _EXAMPLE.search(plain) and not _SEQUENCE.search(digits(plate.group())):
        yield "plate"
    person = _PERSON.search(plain)
    at = [start for start, _, kind in spans(plain) if kind == "address"] or [m.start() for m in _FLAT.finditer(plain)]
    if at and (person or _HOME.search(plain)) and not _OFFICE.search(plain):
        yield "home"
    if person and _OF_PERSON.search(plain):
        yield "number"
    if person and _BORN.search(plain):
        yield "birth"
    told = _REACHED_AT.search(plain)
    if told and (person or not _EXAMPLE.search(plain)) and not _NO_NUMBER.search(digits(told.group())):
        yield "phone"


def _unmarked(line: str) -> str:
    """A line without the marks that may stand in the middle of a number."""
    return line.replace("*", "").replace("`", "")


def _harmless(kind: Kind, value: str, line: str) -> bool:
    """Whether it can be known as an example, or is a company's own."""
    if kind == "email":
        name, _, domain = value.rpartition("@")
        return bool(_NO_DOMAIN.search(domain) or _NO_PERSON.match(name))
    if kind == "secret":
        return bool(_NO_SECRET.search(value))
    if kind == "card":
        return bool(_TEST_CARDS.match(digits(value)) or _NO_CARD.search(digits(value)))
    if kind == "phone" and not _MOBILE.match(value.lstrip("(")) and _LINES.search(line):
        return True
    return bool(_NO_NUMBER.search(digits(value)))


def _sentence(line: str, start: int, end: int) -> str:
    """What stands around a datum, to the next full stops."""
    before, after = line[max(0, start - _NEAR) : start], line[end : end + _NEAR]
    return _STOP.split(before)[-1] + line[start:end] + _STOP.split(after)[0]


CHECK = Check(
    "personal_data",
    "high",
    "It is somebody's, and everybody can read it; the law asks for a reason, and there is none.",
    _personal_data,
)
