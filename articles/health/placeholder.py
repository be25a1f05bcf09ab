"""Text that nobody finished: TODO, “insert screenshot here”, [링크], 추후 작성, what a template left behind.

What a command or a message wants replaced (`<name>`, XXX in an error) is none: code and quoted messages are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from articles.health.base import Check, Flag, Shelf
from articles.health.phrases import Sign, hits, places, prose
from kb.models import Article

_I = re.IGNORECASE
_THING = (
    r"(?:screen ?shots?|images?|pictures?|photos?|links?|urls?|videos?|diagrams?|names?|product names?"
    r"|details|text|content|numbers?|dates?|table|steps?|tbd)"
)
_KO_THING = (
    r"(?:링크|이미지|그림|사진|스크린\s?샷|캡처|캡쳐|영상|동영상|URL|주소|제품명|상품명|회사명|서비스명"
    r"|날짜|담당자|내용|제목|이름|화면)"
)
_TO_DO = r"(?:written|completed|added|determined|confirmed|decided|filled in|finished|announced|defined|supplied)"

SIGNS = (
    Sign(
        "a note to its author",
        re.compile(
            r"(?-i:(?<![A-Za-z0-9_/-])(?:TODO|FIXME|TBD|TBC|TBA|TK)(?![A-Za-z0-9_]|[-/.]\w))|\bcontent (?:goes"
            r"|to go|to come) here\b|\bmore (?:details|information|content) to (?:follow|come)\b"
            rf"|\b(?:section|part|article|page|step|chapter|description|details|this|text)\s(?:is |are |still "
            rf"|yet |has |needs )*to be {_TO_DO}\b"
            r"|\bunder construction\b(?=[^.]{0,200}(?:section|page|article)|\W*$)|\bwork in progress\b(?=\W*$)"
            r"|\bplaceholder (?:text|copy|content|for)\b"
            r"|\b(?:your|some|sample) text (?:goes )?here\b|\bclick (?:or tap )?here to enter text\b"
            r"|\btype here\b(?=\W*$)",
            _I,
        ),
        (
            "todo",
            "fixme",
            "tbd",
            "tbc",
            "tba",
            "tk",
            "content",
            "to follow",
            "to come",
            "to be ",
            "under construction",
            "work in progress",
            "placeholder",
            "text here",
            "goes here",
            "enter text",
            "type here",
        ),
        re.compile(
            r"\b(?:to-?do (?:list|item|app)|outlook|microsoft to do|tasks?|want|have to|need\w* to be \w+ by"
            r"|status of)\b|placeholders? for",
            _I,
        ),
    ),
    Sign(
        "a filler",
        re.compile(r"\blorem ipsum\b|\bdolor sit amet\b|\bconsectetur adipiscing\b|\basdf(?:asdf|gh|jkl)\w*", _I),
        ("lorem", "dolor", "consectetur", "asdf"),
    ),
    Sign(
        "a blank to fill in",
        re.compile(
            rf"(?:\[|\(|(?<!<)<<?|\{{)\s?(?:insert|add|place|put|include|enter|provide"
            rf"|attach)\s(?:[\w'’-]+\s){{0,4}}?{_THING}(?:\s(?:here|name|text|below))?\s?(?:\]|\)|>>?|\}})"
            rf"|\b(?:insert|add|paste|put)\s(?:an?\s|the\s)?(?:[\w-]+\s)?{_THING}\shere\b(?=[\])\s.]*$)"
            rf"|\[your\s(?:[\w-]+\s){{0,2}}{_THING}\](?![\[(:])|\[\s?{_THING}\s?(?:here|goes here|to come|needed"
            rf"|missing)?\s?\](?![\[(:])"
            rf"|(?<!<)<<[\w .,'-]{{2,40}}>>(?!>)|\{{\{{\s?[\w.가-힣 ]{{1,40}}\s?\}}\}}",
            _I | re.MULTILINE,
        ),
        ("insert", "add ", "place ", "put ", "include", "enter ", "provide", "attach", "paste", "[", "<<", "{{"),
    ),
    Sign(
        "a blank to fill in",
        re.compile(
            r"(?:^|\b(?i:on|at|to|see|call|is|are|the|version|step)\s|[(\[])(?:x{3,4}|X{3,4}|[?]{3,}"
            r"|_{4,})(?=[)\].,:;]?(?:\s|$))(?![ ]?(?:bytes|mb|gb|kb)\b)",
            re.MULTILINE,
        ),
        ("xxx", "???", "____"),
        re.compile(
            r"\b(?:represents?|corresponds?|where|replace|stands for|error|event|value|code|message|version"
            r"|placeholder|actual|digits?)\b|=",
            _I,
        ),
    ),
    Sign(
        "a note to its author",
        re.compile(
            r"(?:추후|나중에|차후|이후에?)\s?(?:에\s)?(?:작성|기재|기입|보완|추가\s작성|내용\s추가"
            r"|업데이트\s?예정)(?!된)"
            r"|(?:작성|기재|보완|내용\s?추가|(?:확인|검토)\s?후\s?(?:업데이트|작성|추가))\s?(?:예정|필요|요망)"
            r"|(?:문서|글|내용|페이지|본문|설명)?\s?작성\s?중(?:입니다|이에요|임|\s?\)|\s?$)|(?:내용|본문|제목"
            r"|텍스트|설명)[을를]?\s?(?:여기에\s?)?(?:입력|작성|기입)(?:하세요|해\s?주세요|하십시오"
            r"|할\s?것)(?=[.\s)\]]*$)"
            rf"|[\[(〈<]\s?(?:여기에\s)?{_KO_THING}[을를]?\s?(?:삽입|추가|넣기|첨부|입력|기재|필요|예정|위치|자리"
            rf"|교체)[^\])〉>\n]{{0,12}}[\])〉>]"
            rf"|여기에\s{_KO_THING}[을를]?\s?(?:삽입|추가|넣|첨부)|임시\s?(?:문구|텍스트)"
            rf"|{_KO_THING}[을를]?\s?(?:넣을|들어갈|삽입할)\s?(?:자리|위치|곳)|{_KO_THING}\s?(?:추가|삽입"
            rf"|교체)\s?(?:필요|요망)(?=[\s.)\]]*$)"
            rf"|\(\s?(?:미정|미작성)\s?\)",
            re.MULTILINE,
        ),
        (
            "작성",
            "기재",
            "기입",
            "보완",
            "업데이트",
            "추가",
            "입력",
            "삽입",
            "첨부",
            "임시",
            "미정",
            "넣",
            "필요",
            "자리",
            "위치",
            "교체",
        ),
        re.compile(
            r"(?:메일|메시지|댓글|리뷰|후기|신청서|답장|게시물|초안)[을를은는이]?\s[^.]*작성\s?중|화면|창에|칸에"
            r"|상자에|필드|란에|탭에서|클릭|선택"
        ),
    ),
    Sign(
        "a blank to fill in",
        re.compile(rf"\[\s?(?:{_KO_THING}\s?){{1,2}}\](?![\[(:])"),
        ("[",),
        re.compile(r"버튼|메뉴|탭|클릭|누르|선택|눌러"),
    ),
    Sign(
        "a blank to fill in",
        re.compile(r"(?:^|\s)(?:x{3,}|X{3,}|○{3,})\s?(?:메뉴|화면|페이지|버튼|님|팀|부서|번|원)"),
        ("xxx", "○○○"),
    ),
    Sign(
        "a template's own words",
        re.compile(
            r"What is possible after these steps, and how long they take\."
            r"|The answer in one or two sentences, first\.|What goes wrong, and the shortest fix"
            r"|The rule in one sentence, with its number or date\."
            r"|Rights, plan, version or things that are needed|Open Menu › Item\."
            r"|한 단계에 한 가지 동작만 (?:적고|적습니다)|먼저 한두 문장으로 답합니다|메뉴 › 항목을 엽니다"
            r"|규정을 한 문장으로, 숫자나 날짜와 함께 적습니다"
            r"|이 단계를 마치면 무엇을 할 수 있는지, 얼마나 걸리는지"
            r"|무엇이 안 되는지, 대부분 해결되는 가장 짧은 방법은"
        ),
        (
            "these steps",
            "sentence",
            "shortest fix",
            "rights, plan",
            "menu ›",
            "한 단계에",
            "한두 문장",
            "메뉴 ›",
            "한 문장으로",
            "이 단계를",
            "무엇이 안",
        ),
    ),
)


def _placeholder(article: Article, shelf: Shelf) -> Iterator[Flag]:
    text = prose(article)
    for same in hits(text, SIGNS):
        hit = same[0]
        yield Flag(
            CHECK.name,
            f"still holds {hit.kind}: {hit.phrase[:60]!r}",
            text.line(hit.start),
            text.quote(hit.start, hit.phrase),
            "Write what belongs there, or take it out.",
            {**places(text, same), "kind": hit.kind},
        )


CHECK = Check(
    "placeholder",
    "medium",
    "A reader sees that nobody finished the article, and where the answer should stand there is none.",
    _placeholder,
)
