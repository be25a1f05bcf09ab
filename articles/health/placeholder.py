"""Text that nobody finished: TODO, “insert screenshot here”, [링크], 추후 작성, what a template left behind.

What a command or a message wants replaced (`<name>`, XXX in an error) is none: code and quoted messages are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from articles.health.base import Check, Flag, Shelf
from articles.health.phrases import Prose, Sign, blanks, clipped, cues, hits, places, prose
from articles.health.words import say
from kb.models import Article

_I = re.IGNORECASE
_THING = (
    r"(?:screen ?shots?|screen ?grabs?|images?|pictures?|photos?|figures?|links?|urls?|videos?|gifs?|diagrams?"
    r"|charts?|names?"
    r"|product names?|company|companies|partners?|details|text|copy|wording|content|paragraphs?|captions?|numbers?"
    r"|dates?|times?"
    r"|table|steps?|prices?|amounts?|fees?|rates?|percentages?|phones?|e-?mails?|address(?:es)?|hours|examples?"
    r"|quotes?|region"
    r"|city|team|department|contacts?|owner|title|version|deadline|period|limit|terms|section|description"
    r"|instructions|tbd)"
)
_KO_THING = (
    r"(?:링크|이미지|그림|사진|스크린\s?샷|캡처|캡쳐|영상|동영상|URL|주소|제품명|상품명|회사명|서비스명"
    r"|날짜|담당자|내용|제목|이름|화면|금액|연락처|전화번호|번호|가격|이메일|팀명|부서명|지점명|메뉴명|기간|수치"
    r"|표|도표|예시|문구|설명|본문|시간"
    r"|일자|기한|한도|비율|단계|목록|약관|절차|수수료|요금|원고|초안|번역)"
)
_TO_DO = (
    r"(?:written|rewritten|completed|added|determined|confirmed|decided|filled(?: in)?|finished|announced|defined"
    r"|supplied|checked"
    r"|verified|inserted|provided|replaced|agreed|finali[sz]ed|reviewed|updated by|translated|specified|clarified"
    r"|drafted)"
)
_UNITS = (
    r"(?:%|percent|per\s?cent|(?:(?:business|working|calendar|consecutive|full)\s)?(?:days?|hours?|minutes?|mins?"
    r"|weeks?|months?"
    r"|years?|seconds?)|[kmgt]b(?:ps)?|mbit|usd|eur|gbp|krw|dollars?|euros?|pounds?|won|pages?|people|persons"
    r"|users?|members|points?"
    r"|items?|characters?|km|kg|cm|mm|miles?|times|steps?|devices|seats|nights|credits)\b"
)
_KO_UNITS = (
    r"(?:일|시간|분|초|개월|주(?!세요)|년|월|원|만\s?원|천\s?원|%|퍼센트|명|회|건|개|[KMGT]B|번|팀|부서|님|센터"
    r"|메뉴|화면|버튼|페이지|지점|은행|층|호(?!텔)"
    r"|모델|제품|상품|담당|과장|부장|매니저|대리점|매장|시스템|사이트|탭|채널)"
)
_KO_BLANK = (
    r"(?:[○◯〇△□◇]{2,}|O{2,}|ㅇ{2,}|ㅁ{2,}|X{2,}|x{2,}|_{2,}|\?{2,}|\*{3,}|#{2,}(?!%)|\(\s{1,6}\)|(?<![:시])0{2,})"
)
_TEAMS = (
    r"(?:legal|finance|marketing|product|engineering|dev(?:s|elopers?)?|design(?:ers?)?|accounting|compliance"
    r"|support|sales|hr|it|ops|pr|qa"
    r"|billing|translation|management|the \w+ team|\w+ team|[A-Z][a-z]+|pm|sme|lawyers?|author|editor)"
)

SIGNS = (
    Sign(
        "a note to its author",
        re.compile(
            r"(?-i:(?<![A-Za-z0-9_/-])(?:TODO|FIXME|TBD|TBC|TBA|TBW|TK|T\.B\.[DCA]\.?)(?![A-Za-z0-9_]|[-/.]\w))"
            r"|(?<![\w/.-])tk(?![\w/.-])|(?:^|\n)\W{0,3}to[ -]do\s?:|\bnote to (?:self|editors?|author|reviewers?"
            r"|translators?)\b"
            r"|\bmore (?:details|information|content|text) to (?:follow|come)\b|\bmore to come\b"
            rf"|\b{_THING}\s(?:goes|to go|will go|comes?|to come|here|needed|missing|pending|required)\s?(?:here"
            r"|later|soon"
            rf"|from \w+)?(?=[\])\s.!:]*$)|\b{_THING}\s(?:goes|to go|will go|to come) here\b|\b(?:your|some|sample"
            r"|body|dummy|filler|title|heading"
            rf"|subtitle|headline|caption)\s?(?:text|copy)?\s(?:goes )?here\b(?=[\])\s.!:]*$)"
            r"|\b(?:section|part|article|page|step|chapter|description|details|this|text|paragraph|table|list"
            rf"|{_THING})\s(?:is |are |still "
            rf"|yet |has |have |need |needs )+to be {_TO_DO}\b|\b(?:section|part|paragraph|chapter|text"
            r"|this) (?:still )?(?:needs|is missing|lacks)"
            rf"\s(?:an?\s|the\s|some\s)?(?:{_THING}|writing|rewriting|review\w*|input|checking|work|content)\b"
            rf"|\bto be {_TO_DO} by\s{_TEAMS}\b|\b(?:section|page|article|paragraph|text|document)\sis\s(?:still\s"
            r"|only\s|just\s)*an?\s(?:\w+\s)?draft\b"
            rf"|(?:(?:^\W{{0,4}}|[:|–—(]\s?|-\s)to be {_TO_DO}|\bwill be (?:added|supplied|written|filled in|provided"
            r"|inserted) (?:here\s)?later)(?=[\])\s.!]*$)"
            r"|\b(?:awaiting|waiting (?:for|on)|pending)\s(?:\w+\s){0,2}?(?:sign-?off|wording|copy|input|text"
            r"|approval|confirmation|figures)"
            rf"\s(?:from|by)\s{_TEAMS}(?=[\])\s.!,;]|$)"
            r"|[\[(]\s?(?:\w+:\s)?(?:please\s)?(?:(?:check|confirm|verify|clarify|double-check|agree|align|clear"
            r"|get \w+|review)\s(?:[\w'’]+\s){0,4}?(?:with|from|by)"
            rf"\s{_TEAMS}|ask\s{_TEAMS}|(?:check|confirm|verify|update|replace|rewrite|fix|translate"
            r"|revise)\s(?:[\w'’]+\s){0,4}?(?:later|before (?:publishing|publication|launch|release|going live)"
            r"|when (?:known|ready|final|available))|(?:needs?|add|missing|awaiting|waiting for)\s(?:an?\s|the\s"
            rf"|final\s)?(?:\w+\s)?{_THING})\b[^\])>\n]{{0,30}}[\])](?!\()"
            r"|[\[(]\s?(?:exact|correct|right|which|still|current|is (?:this|that|it)|number|real|true|actual|new"
            r"|final|or is it|how many|how much"
            rf"|source|sure|really|spelling|official|check)\b\s?(?:[\w'’-]+\s?){{0,6}}\?{{1,3}}\s?[\])](?!\()"
            r"|(?:^|\|\s?)\W{0,3}(?:coming soon|to come|to follow|to be continued|work in progress|wip|draft"
            r"|under construction|pending|missing)\W*(?=\||$)"
            r"|\b(?:haven['’]t|have not|didn['’]t|not yet|will|I['’]ll|we['’]ll)\s(?:\w+\s){0,2}?(?:writ\w+"
            r"|fill\w* in|finish\w*|complet\w+)\s(?:this|the rest|it)"
            r"\s(?:\w+\s)?(?:yet|later|section|part|up)\b"
            r"|\bunder construction\b(?=[^.]{0,200}(?:section|page|article)|\W*$)|\bwork in progress\b(?=\W*$)"
            r"|\bplaceholder (?:text|copy|content|for)\b(?![^.\n]{0,40}\b(?:box|field|input|disappears?|shown"
            r"|shows|appears|form)\b)"
            r"|\b(?:your|some|sample) text (?:goes )?here\b|\bclick (?:or tap )?here to enter text\b"
            r"|\btype here\b(?=\W*$)",
            _I,
        ),
        cues(
            "to-do:|to do:|wip|t.b.|here|needed|missing|needs|lacks|later|waiting|pending|(|[|<|draft|"
            "coming soon|note to|yet|required|todo|fixme|tbd|tbc|tba|tk|content|to follow|to come|to be |"
            "under construction|work in progress|placeholder|text here|goes here|enter text|type here"
        ),
        re.compile(
            r"\b(?:to-?do (?:list|item|app)s?|to-dos|outlook|microsoft to do|tasks?|want|have to|need\w* to be \w+ by"
            r"|status of|marked|label(?:led|s)?|stands for|means|shown as|displayed|says|abbreviat\w+|tkinter"
            r"|tcl)\b|placeholders? for|표시|이라고|라는|뜻",
            _I,
        ),
    ),
    Sign(
        "a filler",
        re.compile(
            r"\blorem ipsum\b|\bdolor sit amet\b|\bconsectetur adipiscing\b|\basdf(?:asdf|gh|jkl)?\w*\b"
            r"|\bbla+h?\s?bla+h?\b"
            r"|\b(?:dummy|filler|sample|boilerplate) (?:text|copy|paragraph)\b(?=\W*$|\s(?:for|to be|until|only))"
            r"|\bfoo bar\b"
            r"|(?:더미|샘플|임시|가짜|예시)\s?(?:텍스트|문구|문장|글|데이터)(?=입니다|이에요|임|[\s.)\]]*$)"
            r"|가나다라(?:마바사)?|블라\s?블라"
            r"|(?:테스트\s?){2,}|어쩌고\s?저쩌고|ㅁㄴㅇㄹ",
            _I | re.MULTILINE,
        ),
        cues(
            "lorem|dolor|consectetur|asdf|bla|dummy|filler|sample|boilerplate|foo bar|더미|샘플|임시|가짜|예시"
            "|가나다|블라|테스트|"
            "어쩌고|ㅁㄴ"
        ),
    ),
    Sign(
        "a blank to fill in",
        re.compile(
            rf"(?:\[|\(|(?<!<)<<?|\{{)\s?(?:insert|add|place|put|include|enter|provide"
            rf"|attach)\s(?:[\w'’-]+\s){{0,4}}?{_THING}(?:\s(?:here|name|text|below)|\s(?:to|of|for|from"
            r"|with)\s[^\[\](){}<>\n]{1,40})?\s?(?:\]|\)|>>?|\})"
            rf"|\b(?:insert|add|paste|put)\s(?:an?\s|the\s)?(?:[\w-]+\s)?{_THING}\shere\b(?=[\])\s.]*$)"
            rf"|\[your\s(?:[\w-]+\s){{0,2}}{_THING}\](?![\[(:])|\[\s?{_THING}\s?(?:here|goes here|to come|needed"
            rf"|missing)?\s?\](?![\[(:])"
            rf"|(?<!<)<<[\w .,'-]{{2,40}}>>(?!>)|\{{\{{\s?[\w.가-힣 ]{{1,40}}\s?\}}\}}",
            _I | re.MULTILINE,
        ),
        cues("insert|add |place |put |include|enter |provide|attach|paste|[|<<|{{"),
    ),
    Sign(
        "a blank to fill in",
        re.compile(
            r"(?<![\w/.:-])(?:X{2,}|x{2,}|N{2,}|Y{2,}|_{2,}|\?{2,}|#{2,}(?!\s?%)|\.{4,}"
            rf"|\[\s*[.…?_X]*\s*\]|(?<![,\d])0{{2,}})\s?{_UNITS}"
            r"|[$€£₩]\s?(?:X+(?:[.,]X+)?|_+(?:[.,]_*)*|\?{2,}|\?(?=[\s.,]|$)|#+(?:[.,]#+)?|\[[^\]\d\n]{0,40}\]|…)"
            r"|\b(?i:call|phone|ring|tel\.?|fax|dial|text|number|hotline"
            r"|helpline)\b[^.\n]{0,25}?(?<![A-Za-z-])(?:X{2,}|_{2,}|\?{2,})(?:[-. ](?:X{2,}|_{2,}|\?{2,}))*"
            r"|\b(?i:version|step|section|figure|table|chapter|page|clause)\s(?:X(?:\.X)+\b|XX+\b|\?+|_{2,}"
            r"|#(?=[\s.,)]|$))"
            r"|[\[(]\s?(?:\?{2,}|_{2,}|\.{3,}\?)\s?[\])]"
            r"|\[(?=[^\]\n]{0,60}\b(?:NAME|DATE|NUMBER|LINK|PARTNER|COMPANY|PRODUCT|PRICE|AMOUNT|URL|E-?MAIL|PHONE"
            r"|ADDRESS|REGION|CITY|TIME|TITLE|TEAM"
            r"|DEPARTMENT|COUNTRY|HOURS|DAYS|VERSION|IMAGE|SCREENSHOT|TEXT|BRAND|AGENT"
            r"|FEE)\b)[A-Z][A-Z0-9 _'’/-]{1,40}\](?![\[(:])"
            r"|<[\w'’][\w '’.-]{0,40}\shere>|@@+|(?<![\d,])0(?:,000)+\s?원"
            rf"|(?<![\w/.-])[XNY]\s?(?:to|and|-|–|~)\s?[XNY]\s?{_UNITS}|\b(?:takes?|within|up to|for|after|about|of"
            rf"|least|costs?|in|every)\s[XN]\s{_UNITS}"
            r"|\[(?i:name|date|number|link|title|list|amount|price|address)\s(?:of|to|for)\s[^\]\n]{1,30}\](?![\[(:])"
            r"|\[(?i:image|screenshot|photo|figure|video|diagram|graphic|picture|link|gif"
            r"|table)\s?[:：–-][^\]\n]{0,60}\](?![\[(:])"
            r"|^\W{0,6}(?:Describe|Write|Explain|Add|Insert|Summari[sz]e|List|Introduce)\s[^.\n]{1,60}\bhere\W*$",
            re.MULTILINE,
        ),
        cues("xx|nn|yy|__|??|##|....|00|$|€|£|₩|[|here|x.x|(?|step #|@@|,000|x |n "),
        re.compile(
            r"\b(?:represents?|corresponds?|where|stands for|format|looks? like|wildcard\w*|placeholder|digits?"
            r"|such as|for example|pattern"
            r"|replace\w*|parameter|argument|syntax|error|press|key|click|in place of|masked|hidden)\b|형식|예를 들|예:"
            r"|가려|마스킹|자리에",
            _I,
        ),
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
            r"|\(\s?(?:미정|미작성|미확정|초안|가안|작성\s?전|확인\s?전)\s?\)|(?:은|는|이"
            r"|가)\s(?:아직\s)?미정(?:입니다|이에요|임)(?=[\s.)]|$)"
            r"|[\[(（<〈][^\[\](){}<>\n]{1,30}?(?:[을를]?\s?(?:기재|기입|넣을\s?것|넣기|넣어야|채울\s?것|채우기"
            r"|적을\s?것|쓸\s?것|써\s?넣기"
            r"|(?:수정|확인|추가|작성"
            r"|삽입|첨부|보완|교체|검토)(?:할\s?것|\s?필요|\s?요망|\s?바람|하기|\s?예정|해야\s?함|\s?부탁))"
            r"|(?:맞는지|인지|맞나|맞음|정확한가"
            r"|최신인가)[^)\]\n]{0,15}|확인\s?중|협의\s?중)"
            rf"\s?[!?.]*\s?[\])）>〉]"
            rf"|(?:^|[\s(\[]){_KO_THING}(?:를|을|은|는|이|가)?\s?(?:[가-힣]{{1,6}}\s)?(?:넣|추가|삽입|교체|수정"
            r"|보완|채우|확인|확정|업데이트|작성"
            r"|대체|전달|번역|검수)(?:을\s?것|할\s?것|기|\s?필요"
            rf"|\s?요망|\s?예정|\s?바람|해야\s?함|\s?전|\s?대기|\s?중)(?:입니다|이에요|임|함)?(?=[\s.)\]!]*$)"
            r"|[(（\[]\s?(?:수정|확인|추가|작성|보완|교체|검토|업데이트|삽입|첨부)\s?(?:필요|요망|예정|바람"
            r"|할\s?것|요함)\s?[)）\]]|[:：|]\s?미정\W*$"
            r"|[가-힣]{1,6}(?:팀|부서)(?:에서|이|과|와)?\s?(?:확인|검토|작성|협의)\s?중(?=[\s.)\]]*$)|(?:이|본"
            r"|아래|위)\s?(?:부분|절|단락|문단"
            r"|항목|섹션|표|장|글|문구|내용)[은는을를도]?\s[^.\n]{0,15}?"
            r"(?:다시\s쓰|다시\s써|써야\s함|나중에\s(?:채|쓰|적|넣|추가|작성)|임시(?:입니다|이다|임))"
            rf"|{_KO_THING}(?:을|를|은|는)?\s준비\s?중입니다"
            r"|[가-힣]{1,6}(?:팀|부서|부|담당자|님)(?:에|에게|과|와|께|에서)?\s[^.\n]{0,20}?(?:확인|문의|물어"
            r"|협의|검토|받은|받아|전달|컨펌"
            r"|요청)[가-힣]{0,2}\s?[^.\n]{0,25}?(?:교체|고치|수정|추가|작성|반영|업데이트|채우"
            rf"|기재|넣)(?:기|할\s?것|\s?예정|\s?필요|을\s?것|\s?바람)(?:임|입니다|이에요)?(?=[\s.)\]!]*$)"
            r"|(?:^|\|\s?)\W{0,3}(?:이\s\S+\s)?(?:작성|준비|정리|번역|편집|수정|집필|검수)\s?중(?:입니다|이에요"
            r"|임)?\W*(?=\||$)|(?:^"
            r"|\|\s?)\W{0,3}추후\s?(?:공지|확정|안내|기재|업데이트)(?:\s?예정)?"
            r"(?:입니다|이에요|임)?\W*(?=\||$)|여기에(?:는)?\s[^.\n]{0,15}(?:들어갑니다|들어갈|들어감|올\s?예정"
            r"|채워|적어\s?넣)"
            r"|(?:이|본|아래)\s?(?:부분|절|단락|문단|항목|섹션|표|장)[은는이]?\s?[^.\n]{0,12}(?:채워야|써야"
            r"|작성해야|보완해야|미완성|비어"
            r"|아직\s[^.\n]{0,6}(?:작성|쓰|채우)[가-힣]{0,2}\s?(?:않|못|안))"
            r"|(?:그림|이미지|사진|스크린\s?샷|캡처|표|링크)\s?(?:자리|누락|없음|준비\s?중|추후|첨부\s?예정"
            r"|들어갈\s?곳|추가\s?예정)(?=[\s.)\]]*$)",
            re.MULTILINE,
        ),
        cues(
            "미확정|초안|가안|넣|채우|채울|적을|확인|맞는지|인지|맞나|협의|교체|반영|고치|준비|정리|번역|추후"
            "|들어|채워|미완성|비어|누락|없음|대체|대기|검수|전달|맞음|작성|기재|"
            "기입|보완|업데이트|추가|입력|삽입|첨부|임시|미정|필요|자리|위치"
        ),
        re.compile(
            r"(?:메일|메시지|댓글|리뷰|후기|신청서|답장|게시물|초안)[을를은는이]?\s[^.]*작성\s?중"
            r"|화면(?!\s?(?:캡[처쳐]|사진|이미지|갈무리))|창에|칸에"
            r"|상자에|필드|란에|탭에서|클릭|선택|신청서|양식|표시|버튼|단계|누르|눌러"
        ),
    ),
    Sign(
        "a blank to fill in",
        re.compile(rf"\[\s?(?:[가-힣]{{1,6}}\s)?(?:{_KO_THING}\s?){{1,2}}\](?![\[(:])"),
        ("[",),
        re.compile(r"버튼|메뉴|탭|클릭|누르|선택|눌러"),
    ),
    Sign(
        "a blank to fill in",
        re.compile(
            rf"(?<![가-힣\w\-.,/:*]){_KO_BLANK}\s?{_KO_UNITS}|(?<![가-힣ㄱ-ㅎ])(?:ㅁ{{2,}}|ㅇ{{2,}}|○{{3,}}"
            r"|OOO)(?![가-힣ㄱ-ㅎ○O])"
            r"|(?:_{2,}|[○XO]{1,2}|\(\s{1,6}\))월\s?(?:_{2,}|[○XO]{1,2}|\(\s{1,6}\))일|₩\s?(?:_|X|○|\?)+"
            r"|_{3,}(?=[가-힣])|(?:약|최대|최소|총)\s[NXn]\s?(?:일|시간|분|개|회|명|원)|00시\s?[~-]\s?00시"
            r"|(?:_{2,}|X{2,}|○{2,}"
            r"|\?{2,})\s?원"
        ),
        cues("xx|○|◯|〇|△|□|◇|oo|ㅇㅇ|ㅁㅁ|__|??|***|##|(|00|₩|n|x"),
        re.compile(r"예를 들|예:|예\)|예시|처럼|형식|같은|마스킹|가려|숨겨|자리에|나타내|의미|오류|코드"),
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
        cues(
            "these steps|sentence|shortest fix|rights, plan|menu ›|한 단계에|한두 문장|메뉴 ›|한 문장으로"
            "|이 단계를|무엇이 안"
        ),
    ),
)


_CODE = re.compile(r"`[^`\n]{0,500}`")
_KINDS = {
    "a note to its author": say("a note to its author"),
    "a filler": say("a filler"),
    "a blank to fill in": say("a blank to fill in"),
    "a template's own words": say("a template's own words"),
}


def _placeholder(article: Article, shelf: Shelf) -> Iterator[Flag]:
    text = prose(article)
    for same in hits(text, SIGNS + blanks.SIGNS):
        hit = same[0]
        yield Flag(
            CHECK.name,
            say("still holds {kind}: {phrase!r}", kind=_KINDS[hit.kind], phrase=hit.phrase[:60]),
            text.line(hit.start),
            text.quote(hit.start, hit.phrase),
            say("Write what belongs there, or take it out."),
            {**places(text, same), "kind": hit.kind},
        )
    yield from _targets(text)


def _targets(text: Prose) -> Iterator[Flag]:
    """Links and images whose address is a template's: one flag for all, at the first."""
    found = [
        (number, match.group()[2:-1].strip())
        for number, line in enumerate(text.lines, 1)
        if "](" in line and number not in text.code and (match := blanks.TARGET.search(_CODE.sub("", line)))
    ]
    if found:
        number, target = found[0]
        kind = "a blank to fill in"
        yield Flag(
            CHECK.name,
            say("still holds {kind}: {phrase!r}", kind=_KINDS[kind], phrase=target[:60]),
            number,
            clipped(text.lines[number - 1], target),
            say("Write what belongs there, or take it out."),
            {"phrase": target, "count": len(found), "lines": [number for number, _ in found[:10]], "kind": kind},
        )


CHECK = Check(
    "placeholder",
    "medium",
    "A reader sees that nobody finished the article, and where the answer should stand there is none.",
    _placeholder,
)
