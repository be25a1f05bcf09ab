"""Postal addresses: Korean ones by road or by lot, those of English-speaking countries by street and postcode.

A place without a number (강남구, Main Street) is nobody's.
"""

from __future__ import annotations

import re

from kb.private.rule import A, Rule, before

# --- Korea: province, city, district, then a road or a lot with its number, then building, floor and room -----------

_PROVINCE = (
    r"(?:서울(?:특별시|시)?|(?:부산|대구|인천|광주|대전|울산)(?:광역시|시)?|세종(?:특별자치시|시)?|경기도?"
    r"|강원(?:특별자치도|도)?|(?:충청|전라|경상)[남북]도|전북(?:특별자치도)?|[충전경][남북]|제주(?:특별자치도|도|시)?)"
)
_DISTRICT = r"[가-힣]{1,6}[시군구]"
_TOWN = r"[가-힣\d]{1,6}[읍면]"
_COUNTED = (
    r"(?!\d|\s?(?:번(?![지길])|회|개|건|시간?|분|일|원|명|차|년|월|주|배|만|천|단계|%|퍼센트|박스|대(?!로)|곳|가지))"
)
_ROAD = (
    r"[가-힣\d]{1,12}(?:대로|(?<!으)로|길)(?:\s?\d{1,4}(?:번[가나다]?)?길)?"
    rf"(?:\s?지하)?\s?\d{{1,4}}(?:-\d{{1,4}})?{_COUNTED}(?:번지)?"
)
_LOT = rf"[가-힣\d]{{1,8}}[동리가로]\s(?:산\s?)?\d{{1,4}}(?:-\d{{1,4}})?{_COUNTED}(?:번지)?"
_BUILDING = r"[가-힣A-Za-z\d]{1,12}(?:아파트|빌라|빌딩|타워|오피스텔|맨션|주택|센터|플라자|프라자|스퀘어|하우스|빌)"
_ROOM = r"(?:\d{1,4}|[A-Z가나다라])동|(?:지하\s?)?\d{1,3}층|[A-Z]?\d{1,5}호"
_DETAIL = (
    r"(?:,?\s?(?:\([가-힣\d][가-힣\d, ]{0,24}\)"
    rf"|{_BUILDING}(?![가-힣])|(?:[가-힣A-Za-z\d]{{1,14}}\s)?(?:{_ROOM})(?!\s?[가-힣]*\s?\d+\s?개))){{0,6}}"
)
_POSTCODE = r"(?:[(\[]?\d{5}[)\]]?\s)?"
_PLACE = rf"(?:{_PROVINCE}\s?(?:{_DISTRICT}\s?){{1,2}}|{_PROVINCE}\s|(?:{_DISTRICT}\s){{1,2}})(?:{_TOWN}\s)?"
_KOREAN = rf"{_POSTCODE}{_PLACE}(?:{_ROAD}|{_LOT}){_DETAIL}"
_WITH_ROOM = rf"(?=[^\n]{{0,99}}\d호)(?:{_ROAD}|{_LOT})(?={_DETAIL}\d호){_DETAIL}"
_TOLD = re.compile(r"(?:주소|배송지|수거지|수령지|장소|받는\s?곳|사는\s?곳|집)(?:은|는|이|가|를)?\s?:?\s{0,2}$")


def _by_word(match: re.Match[str]) -> int:
    """A road and a number alone, where the text says that it is an address."""
    return len(match["value"]) if _TOLD.search(before(match)) else 0


# --- elsewhere: number and street, unit, city, and a postcode --------------------------------------------------------

_NAME = r"[A-Z\u00c0-\u00de][\w.'’\-\u00c0-\u017f]{0,24}"
_SURE = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Boulevard|Blvd|Terrace|Crescent|Highway|Hwy|Parkway|Pkwy|Mews"
    r"|Parade)\b\.?"
)
_SUFFIX = (
    rf"(?:{_SURE}|(?:Drive|Dr|Court|Ct|Place|Pl|Way|Square|Sq|Close|Circle|Cir|Plaza|View|Gardens|Grove|Hill|Row|Walk"
    r"|Quay|Green|Park|Rise|Trail|Loop)\b\.?)"
)
_HOUSE = r"\d{1,5}[A-Za-z]?(?:[/\-]\d{1,4})?"
_ROOM_EN = (
    r"(?:(?:Apartment|Apt|Suite|Ste|Unit|Flat|Floor|Fl|Level|Room|Rm)\b\.?|#)\s?[\w\-]{1,6}"
    r"|\d{1,3}(?:st|nd|rd|th) Floor"
)
_UNIT_BEFORE = rf"(?:(?:{_ROOM_EN}),?\s)?"
_UNIT = rf"(?:,?\s(?:{_ROOM_EN}))?"
_CITY = rf"{_NAME}(?:\s{_NAME}){{0,2}}"
_CODE = (
    r"(?:[A-Z]{2}\.?\s\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]{2}\s[A-Z]\d[A-Z]\s?\d[A-Z]\d"
    r"|[A-Z]\d[\dW]\s?[A-Z\d]{4}|(?:NSW|VIC|QLD|WA|SA|TAS|ACT|NT)\s\d{4})(?![\dA-Za-z])"
)
_TAIL = rf"(?:,?\s{_CITY})?,?\s{_CODE}"
_QUARTER = r"(?:\s(?:[NSEW]|[NS][EW])\b\.?)?"
_STREET = rf"{_HOUSE}\s(?:{_NAME}\s){{1,4}}"
_BEGIN = r"(?<![\w.\-/$#])"

RULES = (
    Rule("address", re.compile(rf"(?<![가-힣\w])(?P<value>{_KOREAN})")),
    Rule("address", re.compile(rf"(?<![가-힣\w])(?P<value>{_WITH_ROOM})")),
    Rule("address", re.compile(rf"(?<![가-힣\w])(?P<value>(?:{_ROAD}|{_LOT}){_DETAIL})"), _by_word),
    Rule(
        "address",
        re.compile(rf"{_BEGIN}(?P<value>{_UNIT_BEFORE}{_STREET}{_SUFFIX}{_QUARTER}{_UNIT}{_TAIL})", A),
    ),
    Rule("address", re.compile(rf"{_BEGIN}(?P<value>{_UNIT_BEFORE}{_STREET}{_SURE}{_QUARTER}{_UNIT})", A)),
    Rule("address", re.compile(rf"{_BEGIN}(?P<value>{_HOUSE}\s(?:{_NAME}\s?){{1,4}},\s{_CITY},?\s{_CODE})", A)),
    Rule(
        "address",
        re.compile(rf"\b(?P<value>P\.?\s?O\.?\s?Box\s\d{{1,6}}(?:,?\s(?:{_CITY},?\s)?{_CODE})?)", A),
    ),
)
