"""What in a text grows old: counts of versions, prices, dates, pictures, steps, names of what is on a screen.

Only the text is looked at, so that the counts can be kept until it changes.
"""

from __future__ import annotations

import re
from collections import Counter

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n.*?\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_YEAR = re.compile(r"(?:19[89]|20[0-4])\d(?!\d)")
_LATIN = re.compile(r"[a-z]+")
_HANGUL = re.compile(r"[가-힣]")
# each pattern begins with few letters, so that it is quick
_PATTERNS = {
    "external_links": re.compile(r"https?://"),
    "code": re.compile(r"```|~~~"),
    "images": re.compile(r"!\[|:::image|<img\b"),
    "versions": re.compile(r"(?<!\d)\d++(?:\.\d+)+|[vV](?:ersions? )?\d"),
    "prices": re.compile(r"[$€£₩¥] ?\d|\d ?(?:USD|EUR|KRW|만 ?원|원)(?!\w)"),
    "steps": re.compile(r"(?m)^[ \t]*\d+[.)] "),
    "interface": re.compile(r"\*\*[^*\n]{1,60}\*\*"),
}
_WORDS = {
    "interface": ("click", "select", "tap", "press", "menu", "button"),
    "preview": ("preview", "beta", "currently", "upcoming", "soon", "planned"),
    "past": ("previous", "legacy", "deprecated", "retired", "obsolete", "discontinued", "formerly"),
}
_KOREAN = {
    "interface": ("클릭", "선택", "누르", "메뉴", "버튼", "화면"),
    "preview": ("베타", "현재", "미리 보기", "미리보기", "예정"),
    "past": ("이전 버전", "지원 종료", "더 이상", "폐지", "중단"),
    "versions": ("버전",),
}
COUNTED = (*_PATTERNS, "preview", "past")


def traits(markdown: str) -> dict[str, float]:
    """Counts of a text without its front matter: `words`, each of `COUNTED`, `newest_year` and `oldest_year`.

    A year is 0 where the text names none.
    """
    body = _FRONT.sub("", markdown, count=1)
    found: Counter[str] = Counter({name: len(pattern.findall(body)) for name, pattern in _PATTERNS.items()})
    words = Counter(_LATIN.findall(body.lower()))
    for name, named in _WORDS.items():
        found[name] += sum(words[word] for word in named)
    for name, named in _KOREAN.items() if _HANGUL.search(body) else ():
        found[name] += sum(body.count(word) for word in named)
    years = [int(year) for year in _YEAR.findall(body)]
    ends = {"newest_year": max(years, default=0), "oldest_year": min(years, default=0)}
    counts = {"words": len(body.split()), **{name: found[name] for name in COUNTED}, **ends}
    return {name: float(count) for name, count in counts.items()}
