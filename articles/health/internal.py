"""What is meant for agents, in an article that everybody reads: instructions to them, internal tools, keys of tickets.

“Internal storage”, “internal server error”, private addresses of a network and “the agent” that is a program are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from articles.health.base import Check, Flag, Shelf
from articles.health.phrases import Hit, Prose, Sign, clipped, hits, places, prose
from kb.models import PUBLIC, Article

_I = re.IGNORECASE
_THEM = (
    r"(?:the |a |your |our |any |these |with |to |from )*(?:customers?|clients?|callers?|guests|subscribers?"
    r"|end[ -]users?|members)"
)
_AGENTS = (
    r"(?:(?:support|service|call[ -]cent(?:er|re)|chat|phone|tier[ -]?\d|l[123]|level[ -]?\d)\s)?(?:agents?"
    r"|representatives|reps|advisors|csrs?)"
)
_DUTY = (
    r"(?:refund|waive|credit|goodwill|approv\w+|apologi[sz]e|compensat\w+|discount|upsell|verify|fraud"
    r"|the customer|customers"
    r"|the caller|callers|identity|ticket|escalat\w+|macro|script)"
)
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
_NO_KEY = (
    r"(?!(?:KB|UTF|SHA|ISO|CVE|MS|RFC|ISBN|HTTP|TLS|SSL|AES|RSA|USB|HDMI|COVID|KS|EN|IEC|IEEE|ANSI|GPT|CR|LF|IP"
    r"|MD|PDF"
    r"|SKU|ID|QR|LTE|DB|WPA|GB|MP|CRC|BOM|ECMA|FIPS|NIST|ADV)-)"
)

SIGNS = (
    Sign(
        "marked internal",
        re.compile(
            r"\binternal(?:[ -]use)?[ -]only\b|\binternal (?:note|memo|instructions?|guidance|comment)s?\b\s?[:：(]"
            r"|\b(?:this|article|page|section|note|document) is for internal (?:use|purposes)\b"
            r"|\bnot for (?:external|public|customer)\b[ -](?:use|distribution|sharing|eyes|release)?"
            r"|\b(?:staff|agents|employees?)(?:[ -]use|[ -]eyes)?[ -]only\b|\b(?:agent|staff|csr"
            r"|support)[ -]notes?\b\s?[:：]"
            r"|\bnotes? (?:to|for) (?:support |service )?(?:agents|staff|reps)\b"
            r"|\b(?:is|are|this|strictly|company|keep \w+)\sconfidential\b(?!ity)(?=[^.]{0,200}\b(?:customers?"
            r"|share|outside|use it only|discount)\b)",
            _I,
        ),
        ("internal", "not for ", "only", "note", "confidential"),
        re.compile(r"\bread[ -]only\b|\binternal (?:only )?(?:network|virtual|switch|storage|url|load)", _I),
    ),
    Sign(
        "hides something from customers",
        re.compile(
            rf"\b(?:do not|don['’]t|never|must not|should not|shouldn['’]t|cannot|avoid)\s(?:ever\s)?"
            rf"(?:tell|telling|mention|share|sharing|disclos\w+|reveal\w*|promise|offer|communicate|discuss|say"
            rf"|show|admit|quote)\b"
            rf"(?:[^.\n]{{0,60}}?\s)??{_THEM}\b|\bwithout (?:telling|informing) {_THEM}\b",
            _I,
        ),
        ("customer", "client", "caller", "guest", "subscriber", "user", "member"),
        re.compile(r"\b(?:your (?:own )?(?:customers|clients|guests|members)|permission|folder|database)\b", _I),
    ),
    Sign(
        "hands over inside",
        re.compile(
            r"\bescalate\w*\s(?:[^.\n]{0,40}?\s)?(?:to|with)\s(?:the\s)?(?:tier|level|l|t)[ -]?[1-4]\b"
            r"|\bescalate\s(?:the|this|a)\s(?:ticket|case|call)\b|\b(?:tier|level"
            r"|l)[ -]?[23]\s(?:support\s)?(?:queue|team|agents?)\b"
            r"|\b(?:assign|route|move|transfer|forward|reassign)\s(?:the|this|a)\s(?:ticket|case|chat"
            r"|call)\s(?:[^.\n]{0,20}?\s)?to\b"
            r"|\b(?:tickets?|cases?)\b[^.\n]{0,40}\b[A-Z][\w-]+ queue\b",
            _I,
        ),
        ("escalate", "tier", "level", "ticket", "case", "queue"),
        re.compile(
            r"\byou can (?:ask|request)\b|\b(?:microsoft support|privileges?|power ?apps|workflow"
            r"|routing rules?)\b",
            _I,
        ),
    ),
    Sign(
        "instructs agents",
        re.compile(
            rf"\b{_AGENTS}\s(?:may|should|must|can|will|have to|need to|are to"
            rf"|are allowed to)\b[^.\n]{{0,80}}?\b{_DUTY}\b"
            r"|\b(?:ask|tell|inform|remind|advise|call|offer|reassure|thank)\sthe\s(?:customer|caller)\b"
            r"|\b(?:team leads?|supervisors?)\s(?:can|may|must)\s(?:approve|authori[sz]e|waive)\b"
            r"|\b(?:read|follow|use)\s(?:out\s)?the\s(?:call|agent|refund|support)\sscript\b",
            _I,
        ),
        ("agent", "lead", "supervisor", "rep", "advisor", "csr", "the customer", "the caller", "script"),
        re.compile(
            r"\b(?:sql|might|monitoring|dpm|backup|azure|vm|guest|server|install\w*|software|proxy|transfer"
            r"|message|registry|computer)\b",
            _I,
        ),
    ),
    Sign(
        "names an internal place",
        re.compile(
            r"\b(?:our|the|company|team)\sinternal\s(?:wiki|confluence|runbook|playbook|knowledge base|tools?"
            r"|portal|dashboard|tracker"
            r"|slack|channel|site)\b|\b(?:our|the company|company)\s(?:intranet|jira|confluence)\b",
            _I,
        ),
        ("internal", "intranet", "jira", "confluence"),
    ),
    Sign(
        "names a ticket",
        re.compile(
            rf"\b(?:jira|ticket|bug|issue|tracked (?:in|as|by)|see|story"
            rf"|epic)\b[^.\n]{{0,15}}?(?-i:(?<![\w-]){_NO_KEY}[A-Z][A-Z0-9]{{1,9}}-\d{{2,6}}\b)"
            rf"(?=[^.\n]{{0,200}}\b(?:jira|ticket|bug|backlog|root cause|tracker)\b)"
            rf"|(?-i:(?<![\w-]){_NO_KEY}[A-Z][A-Z0-9]{{1,9}}-\d{{2,6}})(?![\w-])\s?(?:in jira|on jira|티켓|이슈)"
            rf"|\b(?:jira|지라)\S{{0,4}}\s(?:[^.\n]{{0,12}}?\s)?(?-i:{_NO_KEY}[A-Z][A-Z0-9]{{1,9}}-\d{{2,6}})",
            _I,
        ),
        ("jira", "ticket", "bug", "지라", "티켓", "이슈"),
    ),
    Sign(
        "marked internal",
        re.compile(
            r"내부\s?(?:용(?=[\s:：.,)\]은는이으입]|$)|전용|참고용|공유용|직원용|지침\s?[:：]|메모\s?[:：])"
            r"|사내\s?(?:용|한정|전용)|대외비"
            r"|(?:외부|고객)(?:에|에게|\s)?\s?(?:공유|유출|노출|공개|배포)\s?(?:금지|불가|하지\s(?:마|말|않))"
            r"|(?:직원|상담[원사])\s?(?:전용|용\s(?:안내|메모)|메모)"
        ),
        ("내부", "사내", "대외비", "외부", "고객", "직원", "상담"),
        re.compile(r"내부\s?전용\s?(?:네트워크|스위치|망|IP|저장)"),
    ),
    Sign(
        "hides something from customers",
        re.compile(
            r"(?:고객|회원|이용자|손님|구매자)(?:님|들|분)*(?:께|에게|한테)(?:는|도)?\s[^.\n]{0,30}?"
            r"(?:알리|말하|말씀드리|안내하|언급하|공유하|노출하|설명하|공개하|밝히|약속하|전달하)지\s(?:마|말|않|못)"
            r"|(?:고객|회원|이용자)(?:님|들|분)*(?:께|에게|한테|이|가)\s[^.\n]{0,12}(?:모르게|알지\s못하게|비밀)"
        ),
        ("고객", "회원", "이용자", "손님", "구매자"),
    ),
    Sign(
        "instructs agents",
        re.compile(
            r"상담[원사](?:님)?(?:들)?(?:은|는|이|가|만)?\s[^.\n]{0,50}?(?:재량|권한|승인|해야\s(?:합|해|한)"
            r"|하여야|할\s것|확인\s?후|하지\s(?:마|말|않)"
            r"|기록(?:합|하|해)|고객(?:님)?(?:께|에게|의)|내부)"
            r"|(?:응대|상담)\s?(?:스크립트|멘트|매뉴얼|가이드라인)|고객(?:님)?(?:께|에게)\s[^.\n]{0,30}?(?:라고"
            r"|다고)\s?(?:안내|말|설명|답변)"
            r"(?:합니다|하세요|해\s?주세요|드립니다|드리세요|할 것)|(?:팀장|파트장|매니저)(?:님)?(?:에게|의)?\s?(?:승인"
            r"|보고|에스컬레이션)"
        ),
        ("상담", "응대", "고객", "팀장", "파트장", "매니저"),
    ),
    Sign(
        "hands over inside",
        re.compile(
            r"(?<!지원으로 문제를 )에스컬레이션(?=\s?(?:합|하|해|필|[.)]))|(?:[123]차|상위|전문"
            r"|담당)\s?(?:상담)?\s?(?:팀|부서|파트|라인|상담[원사]?)?(?:으로|로|에|에게)\s?(?:이관|이첩|인계)"
            r"|(?:티켓|문의)[을를은는]?\s[^.\n]{0,25}?(?:큐|대기열|그룹)(?:으로|로|에)\s?(?:배정|이관|넘|이동|전달)"
        ),
        ("에스컬레이션", "이관", "이첩", "인계", "큐로", "대기열", "그룹"),
    ),
    Sign(
        "names an internal place",
        re.compile(
            r"사내\s?(?:위키|시스템|메신저|망|포털|게시판|인트라넷|컨플루언스|도구|툴)|인트라넷에서"
            r"|내부\s?(?:위키|백오피스|운영\s?툴|어드민)"
        ),
        ("사내", "인트라넷", "내부"),
    ),
)
_FIX = "Take it out, or move it into an article for agents (audience: internal)."


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
        f"{hit.kind}: {hit.phrase[:80]!r}, and everybody can read it",
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
                message = f"names a place inside the office: {match.group()[:80]!r}"
                yield Flag(
                    CHECK.name, message, number, clipped(line, match.group()), _FIX, {"host": host, "kind": "host"}
                )


CHECK = Check(
    "internal_wording",
    "high",
    "A customer reads what was meant for agents, and trusts nothing else that stands there.",
    _internal_wording,
)
