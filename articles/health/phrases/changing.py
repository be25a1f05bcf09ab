"""What is new, under way or still to come, as both languages say it of releases, fixes and stages."""

from __future__ import annotations

import re

from articles.health.phrases import Sign, cues
from articles.health.phrases.outdated_en import DATED

_I = re.IGNORECASE
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_MADE = (
    r"(?:launched|introduced|released|redesigned|renamed|announced|added|opened|come out|arrived|moved|switched"
    r"|rolled out|replaced|merged|expanded|extended|started|begun|updated|changed|published|relaunched|shipped)"
)
_ADD = r"(?:add|launch|releas|introduc|bring|roll|open|extend|expand|publish|announc|enabl|support|offer|ship|mov)\w*"
_LATER = (
    r"(?:soon|later|shortly|next (?:week|month|quarter|year|spring|summer|autumn|winter|release|version)"
    r"|this (?:week|month|quarter|year|spring|summer|autumn|winter)|in the (?:coming|next)|before long|eventually"
    r"|in time"
    r"|in (?:the )?future|at a later|down the line)"
)
_WHEN = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:if|when|whenever|whether|unless|your|you|error|message|server|registry|hotfix|database"
    r"|process|order|parcel|refund|invoice|e-?mail|click|select|choose|status|statement|every|each)\b",
    _I,
)
_IF = re.compile(
    r"(?:19|20)\d\d년|[가-힣](?:으면|하면|되면|다면)(?![가-힣])|경우|['‘“\"「]\S{0,8}(?:예정|준비|중)['’”\"」]"
)
_KO_NEW = (
    r"(?:출시|오픈|도입|개편|리뉴얼|신설|공개|런칭|론칭|개통|개장|추가|변경|업데이트|확대|개선|적용|배포|개시|인상"
    r"|인하|제공"
    r"|지원|전환|이전|시작|교체|반영)"
)
_KO_CHANGE = r"(?:업데이트|개편|리뉴얼|패치|개정|릴리스|배포|점검|업그레이드|이전|통합|합병|개선|변경|인상|인하)"
_KO_LAST = (
    r"(?:지난\s?(?:달|주|번|해|봄|여름|가을|겨울|분기|시즌|업데이트|월요일|화요일|수요일|목요일|금요일)|최근"
    r"|얼마\s?전|이번"
    r"|며칠\s?전|올\s?(?:봄|여름|가을|겨울|초|상반기|하반기)|작년|어제)"
)

SIGNS = (
    Sign(
        "new",
        re.compile(
            rf"\b(?:has|have|is|are|was|were)\s(?:only just|only recently|just recently)\s(?:been\s)?{_MADE}\b"
            rf"|\bnew (?:in|with) (?:this|the latest|the current|the newest|our latest) (?:release|version|update|build"
            r"|firmware|season|edition|model)\b"
            r"|\b(?:the|our) (?:recent|latest|newest) (?:redesign|relaunch|rebrand\w*|overhaul|merger"
            r"|price (?:rise|change"
            r"|increase)|changeover|refurbishment|renovation)\b"
            rf"|\b(?:we|our \w+)\s(?:\w+\s){{0,2}}?{_MADE}\b[^.\n]{{0,50}}?\b(?:yesterday|last (?:week|month|night"
            rf"|spring|summer"
            r"|autumn|winter)|the other (?:day|week)|earlier this (?:week|month|year)|a (?:week|month) ago)\b"
            r"|\bthat (?:\w+\s)?(?:launched|opened|came out|arrived|started) (?:in|this|last) (?:spring|summer"
            r"|autumn|winter|week|month|january|february|march|april|may|june|july|august|september|october"
            r"|november|december)\b(?! \d)|\b(?:yesterday|last (?:week|month)|the other (?:day|week)"
            r"|earlier this (?:week|month"
            r"|year)),?\s(?:we|our)\b",
            _I,
        ),
        cues(
            "launched|opened|came out|arrived|started|just|recent|new |latest|newest|yesterday|last |other |earlier|ago"
        ),
        re.compile(r"\b(?:19|20)\d\d\b|\b(?:if|when|whenever|whether|unless|your|user|users|service pack)\b", _I),
    ),
    Sign(
        "soon",
        re.compile(
            r"\b(?:we(?:['’]re| are)|(?:our|the) [\w-]+ (?:team )?(?:is|are)) still (?:testing|working|waiting"
            r"|evaluating"
            r"|building|ironing|rolling|migrating|translating|checking|negotiating|deciding)\b"
            r"|\b(?:an?|the) (?:permanent )?(?:fix|patch|solution|new version|remedy|bug-?fix"
            r"|translation)\b[^.\n]{0,25}?\b(?:is"
            r"|are)\s(?:already |now |currently )?(?:on (?:its|the) way|coming|in the works|in progress|under ?way"
            r"|being"
            r" (?:prepared|developed|tested|worked on)|imminent|planned)\b"
            r"|\buntil (?:an?|the) (?:fix|patch|update|new version) (?:is (?:out|ready|available|released)"
            r"|arrives?|lands?"
            r"|ships?)\b"
            r"|\b(?:has|have) yet to (?:be (?:released|announced|added|decided|confirmed|introduced|translated)|reach"
            r"|arrive|launch|appear|come to|receive)\b"
            rf"|\b(?:we['’]ll|we will|we(?:['’]re| are) going to|we(?:['’]d"
            rf"| would) like to)\s(?:be\s)?{_ADD}\b[^.\n]{{0,60}}?"
            rf"\b{_LATER}\b"
            r"|\bwe(?:['’]re| are) (?:gradually |slowly )?(?:rolling (?:this|it|them) out|phasing (?:this"
            r"|it) in)\b|\b(?:slated|pencilled in|lined up|tentatively set) for\b|\b(?:is|are) (?:high )?on (?:our"
            r"|the) (?:roadmap|wish"
            r" ?list|to-do list|agenda)\b|\bin (?:one of )?(?:our|the) next (?:releases?|updates?|versions?)\b",
            _I,
        ),
        cues(
            "rolling|phasing|still|fix|patch|solution|version|remedy|translation|yet to|we'll|we’ll|we will"
            "|going to|like to"
            "|slated|pencil"
            "|lined up|set for|roadmap|wish|to-do|agenda|next"
        ),
        _WHEN,
    ),
    Sign(
        "beta",
        re.compile(
            r"\bin (?:its|the|an?) (?:early|beta|testing|trial|pilot|test|experimental) (?:stages?|phase|days|period)\b"
            r"|\bstill (?:experimental|in development|under construction|a work in progress|in its infancy)\b"
            r"|\b(?:not yet|before (?:the|its)|until (?:the|its)|ahead of (?:the|its)|awaiting) (?:official|full"
            r"|general"
            r"|final|public|stable) (?:launch|release|availability|roll-?out|opening)\b"
            r"|\b(?:trial|pilot|test) (?:run|phase|period|project|scheme|programme)\b[^.\n]{0,40}?\b(?:currently|still"
            r"|running|under ?way|in progress|for now)\b|\b(?:we(?:['’]re| are)|being) (?:currently )?(?:trialling"
            r"|piloting|trialled|piloted)\b",
            _I,
        ),
        cues("stage|phase|days|period|still|launch|release|availability|roll|opening|trial|pilot|test"),
        _WHEN,
    ),
    Sign(
        "now",
        re.compile(
            r"\buntil further notice\b|\b(?:so far|to date|up to now|until now),?\s[^.\n]{0,30}?\b(?:only|\d+|two"
            r"|three|four"
            r"|five|six|seven|eight|nine|ten|a dozen)\b[^.\n]{0,20}?\b(?:banks|cities|countries|partners|stores|shops"
            r"|branches|models|languages|members|customers|libraries|stations|games|schools|phones)\b"
            r"|\b(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten)\s(?:\w+\s){0,2}?(?:banks|cities|countries"
            r"|partners|stores|shops|branches|models|languages|libraries|stations|games"
            r"|schools)\s[^.\n]{0,30}?\b(?:so far"
            r"|to date|at present|at the moment|right now|as things stand)\b"
            r"|\b(?:shops?|branch(?:es)?|counters?|library|pool|office|line|store|desk|service|hotline)\s(?:is|are"
            r"|remains?)\s"
            r"(?:currently\s)?temporarily\s(?:closed|suspended|unavailable|relocated)\b",
            _I,
        ),
        cues("further notice|so far|to date|up to now|until now|present|moment|right now|things stand|temporarily"),
        _WHEN,
    ),
    Sign(
        "latest",
        re.compile(
            r"\b(?:latest|current|newest|most recent)\s(?:[\w-]+\s){0,3}?(?:version|release|firmware|build|edition|app"
            r"|software|driver|model)\b[^.;()\n]{0,12}?(?:\sis\s|[(:,]\s?|\s)(?:now\s|currently\s|the\s)?"
            rf"(?:(?:build|rev\.?|revision|release|number|no\.|firmware|r|b)\s?v?\d+(?:\.\d+)*|(?:from\s"
            rf"|of\s)?{_MONTH}\s20\d\d)\b"
            r"|\b(?:version|release|build|firmware)\s\d+\b[^.;\n]{0,15}?\bis\s(?:now\s|currently\s|still\s)?(?:the"
            r"|our)\s"
            r"(?:latest|newest|most recent|current)\b"
            r"|\bno newer (?:version|release|firmware|model|edition) (?:exists|is (?:available|out)|has been|yet)\b",
            _I,
        ),
        cues("latest|current|newest|most recent|no newer"),
        re.compile(
            r"\b(?:if|check|shows?|example|such as|older than|earlier than|windows|\.net|visual studio|hotfix"
            r"|internet explorer|rollup|cumulative|service pack|microsoft)\b",
            _I,
        ),
    ),
    Sign(
        "new",
        re.compile(
            r"\d+(?:\.\d+){0,3}\s?(?:버전|업데이트|패치|펌웨어)?(?:에서|부터|에|의)?\s(?:새로워진|달라진|바뀐"
            r"|추가된|개선된|새로운|새로\s?생긴)\s?"
            r"(?:점|것|내용|사항|기능|부분)(?=[\s:：.,은는이가을를!]|$)"
            rf"|{_KO_LAST}(?:의|에|에\s?(?:있었던|진행된|이루어진))?\s(?:[가-힣]{{1,6}}\s)?{_KO_CHANGE}\s?(?:이후"
            rf"|부터|후|뒤|때|에서|으로|로|에)"
            r"(?:에?는|로|부터)?\s"
            rf"|{_KO_LAST}(?:에|부터)?\s[^.\n]{{0,30}}?(?:바뀌었|달라졌|새로워졌|옮겨졌|없어졌|생겼|늘었|줄었|올랐"
            rf"|내렸)(?:습니다|어요|으며|고|는데|다)"
            rf"|{_KO_NEW}(?:된|한)\s?지\s?(?:얼마|며칠|한\s?달|몇|\d{{1,2}}\s?(?:일|주|달|개월))"
            rf"|(?:이제\s?막|갓|금번에?|이번에)\s(?:[가-힣]{{1,6}}\s){{0,2}}?(?:새로|새롭게|처음|출시|오픈|도입"
            rf"|공개|신설|개통)(?:[가-힣]{{0,3}})?(?=\s)"
            r"|새로워진\s(?:[가-힣]{1,6}\s)?(?:앱|화면|메뉴|홈|마이페이지|서비스|요금제|고객센터|결제|디자인)",
            re.MULTILINE,
        ),
        cues("새로|새롭|달라|바뀐|바뀌|추가된|개선된|지난|최근|얼마|이번|며칠|올|작년|어제|막|갓|금번"),
        re.compile(
            rf"{DATED.pattern}|{_IF.pattern}|내역|선택|클릭|누르|비밀번호|(?:사용|이용|청구)\s?요금|사용량|주문"
            rf"|로그인|접속"
        ),
    ),
    Sign(
        "soon",
        re.compile(
            rf"{_KO_NEW}[을를]?\s?목표로|목표(?:입니다|이며|이고|로\s?(?:하고|준비|개발|추진|진행|작업))"
            r"|(?:준비|개발|기획|논의|협의|구상|도입|시험|테스트|검증|설계)\s?단계(?:이|입|예|라|로|에\s?있|여서)"
            rf"|(?:이달|다음\s?달|다음\s?주|이번\s?(?:주|달)|내달)\s?(?:말|초|중순|중)?(?:부터|까지|에|쯤"
            rf"|안에)?\s[^.\n]{{0,40}}?{_KO_NEW}"
            r"[가-힣]{0,3}\s?(?:예정|계획|합니다|됩니다|돼요|해요)"
            r"|(?:정식|공식)\s?(?:출시|오픈|서비스|운영|도입|개시|배포)\s?(?:전(?:이|입|까지|에는)|이전|까지|되면"
            r"|시\s|후(?:에|\s))"
            rf"|(?:순차적?으로|순차|단계적으로|점진적으로"
            rf"|차례로)\s?[^.\n]{{0,20}}?{_KO_NEW}[가-힣]{{0,2}}\s?(?:중(?:이|입)|고\s?있|예정|될\s?예정"
            r"|할\s?계획)"
            r"|(?:개발|번역|구축|도입|개선)(?:을|를)?\s?(?:진행\s?)?(?:하고\s?있(?:습니다|어요|으며|으니)"
            r"|중(?:입니다|이에요|이며|이니|이라|이므로))"
            rf"|{_KO_NEW}[을를이가]?\s?(?:앞두고|서두르|추진하고|계획하고|검토하고|준비하고)\s?(?:있|고)?",
        ),
        cues("목표|단계|이달|다음|이번|내달|정식|공식|순차|단계적|점진|차례|하고|중|앞두|서두|추진|계획|검토|준비"),
        re.compile(
            rf"{DATED.pattern}|{_IF.pattern}|환불|입금|청구|결제일|매월|매년|매주|출고|배송|주문|상태|메시지"
            rf"|오류가|만료|선택|클릭"
            r"|누르|신청서|서류|심사|계정|때(?:에?는|만)?(?![가-힣])|파일|데이터를?|작업이"
        ),
    ),
    Sign(
        "now",
        re.compile(
            r"(?:별도|추후|다음)\s?(?:공지|안내)(?:가)?\s?(?:시|있을\s?때|드릴\s?때|할\s?때)?까지"
            r"|아직\s[^.\n]{0,30}?(?:나오|출시|공개|확정|결정|정해|개통|열리|도입|마련|개발|번역|오픈"
            r"|지원)[가-힣]{0,2}지\s?(?:않(?:았|습)|못(?:했|합))"
            r"|(?:요즘|최근\s?들어|근래)\s[^.\n]{0,40}?(?:늘|증가|많아|잦|급증|지연)[가-힣]{0,4}(?:고\s?있|습니다"
            r"|어요|아요)"
            r"|(?:지금|현재)까지(?:는)?\s[^.\n]{0,30}?\d[\d,]*\s?(?:곳|개|명|개국|종|대|만)",
        ),
        cues("공지|안내|아직|요즘|들어|근래|까지"),
        re.compile(rf"{DATED.pattern}|{_IF.pattern}|주문|결제|계정|선택|클릭|오류|메시지|표시"),
    ),
)
