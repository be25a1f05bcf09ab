"""Names of people, only where the text itself says that it is one: 제 이름은 …, 예금주 …, my name is …, Recipient: …"""

from __future__ import annotations

import re

from kb.private.rule import Rule, whole

# --- Korean: a surname and two syllables (one, where nothing else can be meant), by a word for whose name it is -----

_LONG = "남궁|황보|제갈|선우|사공|서문|독고|동방"
_SHORT = (
    "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구라나진민지엄채원천방공현함변염여추도소석선설마"
    "길연위표명기반왕금옥육인맹제모탁국어은편용예봉경사부복태목형피두감음빈동온호범좌팽승간상시갈"
)
_NO_NAME = (
    "변경|정보|주소|연락|확인|한글|영어|영문|한자|이메일|전화|오류|표시|문제|전체|길이|성함|이름|수정|등록|입력|조회|삭제|추가|공개|설정|사용"
    "|인증|안내|필수|선택|항목|내용|상태|중복|저장|검색|정확|동일|하나|여러|모두|가능|불가|미정|없음|있음|본인|누구|고객|회원|상담|예약|주문"
    "|구매|결제|배송|계좌|은행|계정|번호|시간|이상|이하|이유|어디|언제|아직|이미|제대로|다른|일치|공백|특수|문자|기재|기입|명의|동명|실명"
    "|성명|서명|도장|사진|사유|신분|신청|요청|문의|부탁|해지|환불|취소|교환|반품|서버|목록|형식|지정|현재|전자|구성|이전|서비스|주문|진행"
)
_COPULA = (
    r"(?:입니다|이에요|예요|에요|이예요|이고요?|고요|이구요|구요|인데요?|이라고|라고|이며|이랑|이었[가-힣]{1,3}|였[가-힣]{1,3}"
    r"|이요|이라는|라는)"
)
_PARTICLE = r"(?:으로|로|은|는|이|가|을|를|의|과|와|한테|에게|께서|께|앞)"
_ENDS = (
    rf"(?=\s?(?:님|씨)?\s?(?:{_COPULA}|{_PARTICLE})(?![가-힣])|\s?(?:님|씨)(?![가-힣])"
    r"|(?![가-힣])\s{0,3}(?:$|[^\sA-Za-z가-힣]|\n)|[A-Za-z])"
)
_SAYS = rf"(?=(?:님|씨)?{_COPULA}(?![가-힣]))"  # what makes a name even of two syllables
_NOT = rf"(?!(?:{_NO_NAME})(?:처|번호|자|명|창|란|칸|용|값)?(?:{_COPULA}|{_PARTICLE})?(?![가-힣]))"
_THREE = rf"{_NOT}(?:[{_SHORT}][가-힣]{{2}}|(?:{_LONG})[가-힣]{{1,2}})"
_KOREAN = rf"{_NOT}(?:{_THREE}{_ENDS}|[{_SHORT}][가-힣]{_SAYS})"
_ALONE = rf"{_NOT}(?:[{_SHORT}][가-힣]{{1,2}}|(?:{_LONG})[가-힣]{{1,2}})(?![가-힣])"  # with nothing after it
_THING = re.compile(
    r"(?:상품|제품|파일|기기|장치|폴더|회사|브랜드|매장|서버|도메인|요금제|앱|팀|그룹|변수|가게|방|사용자|표시|옵션)(?:의|\s)?\s?$"
)
_WHOSE = (
    r"(?:성함|성명|이름|고객명|회원명|구매자명?|주문자명?|수령인|수령자|수취인|수신인|수신자|발신인|발신자|받는\s?분|받는\s?사람|보내는\s?분|보내는\s?사람|예금주명?"
    r"|입금자명?|신청자명?|신청인|예약자명?|담당자명?|가입자명?|계약자명?|명의자)(?:\s?(?:성함|성명|이름))?(?:\s?/\s?연락처)?"
)
_SAID = r"(?:\s{0,2}:\s{0,2}|(?:은|는|이|가|을|를)?\s|[은는])"


def _of_a_person(match: re.Match[str]) -> int:
    """Products and files have names too."""
    said = match.string[max(0, match.start() - 10) : match.start()]
    return 0 if match.group().startswith("이름") and _THING.search(said) else whole(match)


# --- in Latin letters: capitalised, or the one word after “my name is” -----------------------------------------------

_CAPITAL = r"[A-Z\u00c0-\u00d6\u00d8-\u00de]"
_SMALL = r"[a-z'’\-\u00df-\u00f6\u00f8-\u024f]"
_NO_NAME_EN = (
    r"(?!(?:Not|None|Required|Unknown|Missing|Invalid|Optional|Empty|Blank|Null|The|Team|Support|Customer|Success|Sales"
    r"|Billing|Service|Sent|Department|Error|See|Same|Your|This|Please|All|Wrong|Management|Staff|IT|HR|Admin"
    r"|Microsoft|Windows|Google|Apple)\b)"
)
_PART = rf"{_NO_NAME_EN}{_CAPITAL}(?:(?:{_SMALL}|(?<=['’\-c]){_CAPITAL}){{1,24}}|{_CAPITAL}{{1,24}})"  # no CamelCase
_LATIN = (
    rf"{_PART}(?:[ ](?:(?:de|da|di|del|van|von|der|den|la|al|bin|ibn)[ ])?(?:{_PART}|{_CAPITAL}\b\.?)){{0,3}}"
    r"(?![A-Za-z\d_\\=(]|[.:]\w|[ ]\d)"
)
_LOWER = (
    r"(?!(?:not|no|never|always|still|also|now|only|just|too|on|in|at|the|a|an|my|your|as|under|over|and|but|or|so|it|there"
    r"|here|what|how|wrong|right|correct|incorrect|different|same|blank|empty|invalid|valid|long|short|gone|spelt|cut|taken"
    r"|out|off|shown|hidden|written|public|private|visible|already|very|really|both|all|one|nowhere|something|null|none"
    r"|undefined|unknown|upside|required|missing|optional)\b)(?![a-z]{2,20}(?:ed|ing|ly)\b)[a-z][a-z'’\-]{1,24}"
)
_MINE = (
    r"(?:[Mm]y|[Hh]is|[Hh]er|[Tt]heir|[Oo]ur)(?:\s(?:full|first|last|legal|real))?\sname(?:\sis|['’]s|\swas)"
    r"|[Uu]nder the name(?:\sof)?|I(?:['’]m|\sam) called"
    r"|(?:[Cc]ard\s?holder|[Aa]ccount holder)(?:'s)?(?:\sname)? is"
)
_LABEL = (
    r"(?:name|Name|NAME|[Cc]ard\s?holder|[Rr]ecipient|[Aa]ccount holder|[Bb]eneficiary|[Aa]ddressee|[Cc]onsignee"
    r"|[Aa]ttn)\s?:\s{0,2}"
)
_OF_PEOPLE = re.compile(
    r"(?:(?:^|[^\w\s\-]\s?|\n\s*|\b(?:full|first|last|given|family|customer|contact|cardholder|holder|recipient|legal|real"
    r"|buyer|billing|shipping|account|passenger|guest|patient|requester|my|your|the|sur|user's)[ _]?))$",
    re.IGNORECASE,
)
_FAREWELL = (
    r"(?:(?:[Bb]est|[Kk]ind|[Kk]indest|[Ww]arm|[Ww]armest|[Mm]any)\s)?(?:[Rr]egards|[Ww]ishes|[Tt]hanks|[Ss]incerely"
    r"|[Yy]ours\s(?:truly|sincerely|faithfully)|[Tt]hank\syou|[Cc]heers)"
)


def _labelled(match: re.Match[str]) -> int:
    """“Name:” at the start of a line, or the name of a person: not a file name, a host name, a plan name."""
    said = match.string[max(0, match.start() - 20) : match.start()]
    plain = match.group()[:4].lower() == "name"
    return 0 if plain and not _OF_PEOPLE.search(said) else whole(match)


_PATTERNS = (
    (rf"{_WHOSE}{_SAID}(?P<value>{_KOREAN})", _of_a_person),
    (rf"{_WHOSE}\s{{0,2}}:\s{{0,2}}(?P<value>{_ALONE}|{_LATIN})", _of_a_person),
    (rf"(?:저는|제가)\s(?P<value>{_NOT}[{_SHORT}][가-힣]{{1,3}}?)(?=이?라고\s?(?:합니다|해요|하는데|불러))", whole),
    (rf"(?<![가-힣])(?P<value>{_THREE})(?=\s?(?:드림|올림|배상)[\s.!]{{0,4}}(?:$|\n))", whole),
    (rf"{_LABEL}(?P<value>{_LATIN}|{_ALONE}|{_KOREAN})", _labelled),
    (rf"{_LABEL}(?P<value>{_LOWER}(?:[ ][a-z][a-z'’\-]{{1,24}}){{1,2}})(?=[ ]{{0,2}}(?:$|\n))", _labelled),
    (rf"(?:{_MINE})\s(?P<value>{_LATIN}|{_KOREAN})", whole),
    (rf"[Mm]y\sname(?:\sis|['’]s)\s(?P<value>{_LOWER})", whole),
    (
        rf"(?:^|\n)\s{{0,4}}{_FAREWELL}[,.!]{{0,2}}[ ]{{0,2}}\n{{1,3}}[ ]{{0,4}}(?P<value>{_LATIN})[ ]{{0,2}}(?=$|\n)",
        whole,
    ),
)
RULES = tuple(Rule("name", re.compile(pattern), size, digits=False) for pattern, size in _PATTERNS)
