"""Personal data in an article that everybody reads, by the rules of `kb.private`. What was found is never repeated.

Names, postal addresses and IP addresses are left out: in an article they are a company's or an example's nearly always.
So are examples that can be known as such, addresses of a role, and the numbers that companies answer at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from articles.health.base import Check, Flag, Shelf
from articles.health.phrases import Prose, clipped, prose
from kb.models import PUBLIC, Article
from kb.privacy import mask, spans
from kb.private.rule import Kind, digits

_I = re.IGNORECASE
_CANDIDATE = re.compile(
    r"@[\w-]+\.|\d(?:[\s().-]{0,3}\d){8}"
    r"|(?:pass\s?(?:word|code|phrase)|passwd|pwd|pin|otp|cvc|cvv|secret|token|api.?key|bearer|비밀\s?번호|암호"
    r"|인증\s?번호|비번|여권|면허|passport|licen[cs]e)[\s\"'`*=:：은는]",
    _I,
)
_NAMES: dict[Kind, str] = {
    "email": "the e-mail address of a person",
    "phone": "a phone number",
    "card": "the number of a payment card",
    "resident-number": "a resident registration number",
    "account": "a bank account",
    "passport": "the number of a passport",
    "licence": "the number of a driving licence",
    "ssn": "a social security number",
    "secret": "a password, a code or a key",
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
_NO_NUMBER = re.compile(r"(\d)\1{5,}|0{4,}|1234|2345|5678|6789|9876|4321|(\d{3,4})\2|555")
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
    found: dict[Kind, list[int]] = {}
    for number, line in _body(text):
        if _CANDIDATE.search(_unmarked(line)) and not _shown(text, number):
            for kind in _kinds(line, number in text.code):
                found.setdefault(kind, []).append(number)
    for kind, lines in found.items():
        yield Flag(
            CHECK.name,
            f"shows {_NAMES[kind]} to everybody",
            lines[0],
            clipped(mask(_unmarked(text.lines[lines[0] - 1])), f"[{kind}]"),
            "Take it out, or put an example in its place (name@example.com, 010-0000-0000).",
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


def _kinds(line: str, code: bool) -> Iterator[Kind]:
    """The kind of each datum of a line that is no example. In code, numbers are data of the example."""
    plain = _unmarked(line)
    for start, end, kind in spans(plain):
        if kind not in _NAMES or (code and kind not in ("email", "secret")):
            continue
        said = _sentence(plain, start, end)
        if not _EXAMPLE.search(said) and not _harmless(kind, plain[start:end], said):
            yield kind


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
    if kind == "card" and _TEST_CARDS.match(digits(value)):
        return True
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
