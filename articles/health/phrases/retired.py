"""How an article says that it, or what it tells of, is out of use: by itself, in a line of its status, as it begins."""

from __future__ import annotations

import re

from articles.health.phrases import Sign, cues

_I = re.IGNORECASE

# --- English ------------------------------------------------------------------------------------------------

_DOC = (
    r"(?:article|page|document|guide|topic|faq|post|content|entry|text|tutorial|manual|how-to|walkthrough|leaflet|note"
    r"|information|instructions?|steps?|procedure|section|description|advice|answer|chapter|walk-?through|recipe"
    r"|lesson|how-?to guide|help text|notice|checklist)s?"
)
_SELF = (
    r"(?:th(?:is|ese)\s(?:(?:help|support|knowledge[ -]base|user|old|whole|short|set-?up|how-to|[\w-]+\s(?=guide"
    r"|manual"
    rf"))\s?)?{_DOC}"
    rf"|the\s{_DOC}\s(?:below|here|above|on this page)|everything\s(?:below|here|on this page|under this heading"
    rf"|that follows)|what(?:\s(?:follows|is described (?:here|below)|you (?:are )?read(?:ing)? here))"
    rf"|the\s(?:following|below)\s{_DOC})"
)
_BE = r"(?:is|are|was|were|has|have|had|will be|being|been|got|['’]s|['’]re)"
_ADVERB = r"(?:\s(?:now|since|therefore|officially|already|also|been|been\s\w+ly|\w+ly|permanently|only|completely))*"
_GONE = (
    r"(?:replaced|superseded|retired|archived|deprecated|discontinued|withdrawn|merged into|folded into|moved (?:to"
    r"|into)"
    r"|removed|phased out|shut down|switched off|turned off|closed|abolished|scrapped|sunset(?:ted)?|decommissioned"
    r"|axed"
    r"|dropped|wound (?:up|down)|obsolete|out[ -]of[ -]date|outdated|defunct|outmoded|invalid|void|history|expired"
    r"|terminated|suspended for good|taken out|cut from|deleted|dismantled|taken off|rolled back|laid to rest"
    r"|mothballed|killed off|gone|taken (?:down|offline|out of service)|pulled|overtaken|end-of-life)"
)
_NOT = r"(?:(?:is|are|does|do|was|can|could|will)\s?(?:not|n['’]t)|(?:isn|aren|doesn|don|can|couldn|won)['’]t|cannot)"
_ANY_MORE = r"(?:any\s?more|any longer)"
_HOLDS = (
    r"(?:valid|current|accurate|correct|relevant|up[ -]to[ -]date|maintained|updated|supported|in use|used|available"
    r"|appl(?:y|ies)|works?|hold[s]?|reflects?|match(?:es)?|exists?|offered|needed|in force|in effect|kept up)"
)
_TO_VERB = r"(?:\s(?!that\b|which\b|where\b|why\b|how\b|problem\b|issue\b|error\b)[\w'’(),&/-]+){0,6}?"
_OFFER = (
    r"(?:services?|features?|functions?|options?|program(?:me)?s?|plans?|tariffs?|apps?|forms?|clubs?|products?"
    r"|methods?"
    r"|tools?|portals?|counters?|integrations?|schemes?|offers?|cards?|lines?|networks?|bots?|widgets?|add-?ons?"
    r"|plug-?ins?|extensions?|games?|modes?|servers?|models?|devices?|accounts?|subscriptions?|ports?|modules?|editors?"
    r"|wizards?|apis?|endpoints?|sites?|websites?|branch(?:es)?|workflows?|version|software|generation)"
)
_OURS = rf"(?:the|our|this|these|that)\s(?:[\w'’-]+\s){{0,4}}?{_OFFER}"
_INSTEAD = (
    r"(?:see|use|read|refer to|go to|follow|consult|please (?:see|use|read|follow|check)|check|turn to|continue with)"
)
_NEW = r"(?:new|newer|replacement|updated|current|revised|up-to-date|latest|successor)"
_OTHER = (
    r"(?:article|page|guide|document|manual|instructions|edition of this \w+|version of this \w+)"
    r"(?!\s(?:modes?|types?|librar\w+|templates?|layouts?|size|format))"
)
_UNSURE = (
    r"\b(?:if|when|whenever|whether|until|unless|once|suppose|or|even though|because|after you|issue|problem"
    r"|behaviou?r)\b"
    r"|\b(?:message|error|banner|warning)s?\b"
)
_WHEN = re.compile(_UNSURE, _I)

EN_ANYWHERE = (
    Sign(
        "itself",
        re.compile(
            rf"\b{_SELF}\b(?:\s(?:below|here|above)|\s?\([^()\n]{{0,60}}\))?(?:\s(?:on|for|about|to|in"
            r"|of)\s[^.\n]{1,60}?)?"
            rf"\s{_BE}{_ADVERB}\s{_GONE}\b"
            rf"|\b{_SELF}\b{_TO_VERB}\s(?:(?:is|are|was)\s)?no longer\s(?:\w+\s){{0,3}}?{_HOLDS}\b"
            rf"|\b{_SELF}\b{_TO_VERB}\s{_NOT}\s(?:valid|current|accurate|correct|relevant|up[ -]to[ -]date"
            r"|maintained|updated"
            rf"|in use|in force|in effect)\b"
            rf"|\b{_SELF}\b{_TO_VERB}\s{_NOT}\s[^.\n]{{1,40}}?{_ANY_MORE}"
            rf"|\b{_SELF}\b[^.\n]{{0,60}}?\s(?:is|are|has been|have been|was|stays?|remains?)\s(?:\w+\s)?"
            rf"(?:(?:kept|left|retained|provided|preserved|here|online|available|published)\s)+[^.\n]{{0,40}}?\b(?:"
            rf"reference|archiv\w+|histor\w+|the record|records|those|owners|customers who still|users who still)"
            rf"|\b{_SELF}\s(?:describes?|covers?|explains?|deals with|refers? to|applies to|is about|is for"
            r"|documents?|shows?)"
            rf"\s[^.\n]{{1,60}}?\b(?:which|that)\s{_BE}{_ADVERB}\s(?:no longer\s(?:supported|available|offered|sold"
            r"|maintained|developed|in use)|superseded|retired|deprecated|discontinued|withdrawn|phased out"
            r"|obsolete|outdated)\b"
            rf"|\b{_SELF}\s(?:describes?|covers?|explains?|deals with|refers? to|applies to|is about|is for"
            r"|documents?|shows?)"
            r"\s(?:[\w'’]+\s){0,4}?(?:an? |the )(?:old|former|obsolete|previous|legacy|retired|discontinued"
            r"|outdated)\s"
            r"(?:[\w-]+\s)?(?:version|interface|app|portal|editor|site|website|layout|design|model|generation|plan"
            r"|tariff|menu)\b"
            r"|\b(?:described|explained|shown|mentioned|covered|listed)\s(?:here|below|above|on this page"
            rf"|in this {_DOC})"
            rf"\s{_BE}{_ADVERB}\s(?:{_GONE}|ended)\b"
            r"|\b(?:described|explained|shown|covered)\s(?:here|below|above|on this page"
            rf"|in this {_DOC})\s[^.\n]{{0,20}}?"
            rf"no longer\s(?:\w+\s){{0,2}}?{_HOLDS}\b"
            rf"|\({_SELF}\)[^.\n]{{0,40}}?\b{_GONE}\b"
            rf"|\b{_SELF}\s(?:here\s)?(?:explains?|describes?|covers?|is about|was about|deals with|refers to"
            rf"|was written for|is written for|introduces?|documents?|talks about|relies on)(?:\shere"
            rf"|\sbelow)?,?\s(?:{_BE}{_ADVERB}\s{_GONE}\b|(?:\w+\s)?(?:no longer\s\w+|ended|closed|ceased|stopped"
            rf"|disappeared|vanished|went away|came to an end|reached (?:its|the) end))"
            rf"|\b(?:as\s)?(?:described|explained|shown|covered|outlined|discussed|set out|detailed|presented"
            rf"|introduced|documented)\s(?:here|below|above|on this page"
            rf"|in this {_DOC})\b[^.,\n]{{0,20}},?\s(?:(?:{_BE}{_ADVERB}\s)?(?:{_GONE}|ended|ceased|stopped"
            rf"|came to an end|not accepted)\b|(?:is|are|can|may)\s(?:now\s)?no longer\s"
            rf"|{_NOT}\s[^.\n]{{1,40}}?{_ANY_MORE})"
            rf"|\b(?:no longer|do not|don['’]t)\s(?:follow|use|try|rely on|apply"
            rf"|work through)\s(?:any of\s)?{_SELF}\b(?!\s(?:if|to|on|for|when|unless|until))"
            rf"|\b{_SELF}\s{_BE}{_ADVERB}\s(?:of (?:purely |only )?historical|only (?:here|kept"
            rf"|of interest) (?:for|to)|here for (?:the record|reference)|a relic|for archive purposes)"
            rf"|\b{_SELF}\s(?:was|were) (?:written|published|made|last updated) (?:for|before|when"
            rf"|in the days of)\s(?:the\s|an?\s|our\s)?(?:old|former|previous|earlier|first|legacy|discontinued"
            rf"|retired)\b",
            _I,
        ),
        cues("this|these|the |everything|what|described|shown|explained"),
        re.compile(
            rf"\b(?:if|when|while|whenever|whether|until|unless|once)\s(?:{_SELF}|you|it|they|the)"
            r"|\bno longer (?:occurs?|have|has|need|see|receive|able|experience|responds?)\b|\bmessage\b",
            _I,
        ),
    ),
    Sign(
        "itself",
        re.compile(
            rf"\b{_INSTEAD}\s(?:to\s)?(?:the|our)\s{_NEW}\s(?:[\w-]+\s){{0,3}}?{_OTHER}\b"
            rf"|\ba\s(?:newer|new|more recent|revised|updated)\s{_OTHER}\s(?:is|has been|was|exists|can be found)\b"
            rf"|\b(?:newer|current|updated|revised|latest)\sversions?\sof\s(?:this|the)\s{_DOC}\b"
            r"|\b(?:reading|viewing|looking at|seeing|on)\s(?:an?|the)\s(?:old|older|outdated|previous"
            rf"|archived)\s(?:version|edition|copy)\sof\s(?:this|the)\s{_DOC}\b|\bskip this (?:page|article|guide"
            r"|section)\b|\b(?:do not|don['’]t|please (?:do not|don['’]t)|stop)\s"
            r"(?:use|using|follow(?:ing)?|rely(?:ing)? on|refer(?:ring)? to)\sth(?:is"
            rf"|ese)\s(?:old\s)?{_DOC}\b(?!\sto)",
            _I,
        ),
        cues(
            "reading|viewing|looking|seeing|on a|on an|new|replacement|updated|current|revised|latest|recent"
            "|successor|skip|this|these"
        ),
        re.compile(r"\b(?:create|add|publish|translat\w+|attach)\b", _I),
    ),
    Sign(
        "status",
        re.compile(
            r"(?:^|\|\s?)[\W_]{0,4}(?:archived?|obsolete|deprecated|outdated|superseded|withdrawn|retired"
            r"|discontinued|defunct|expired"
            r"|historical|legacy|no longer (?:valid|in use|maintained|supported|current|available))"
            r"(?:\s(?:content|article|page|document|guide|information|version|feature|notice|topic|material))?"
            r"(?:\s?[\]):：.,;–—-]|\s(?:since|as of|as from|by|from|in favou?r of)\b|$)"
            r"|\bstatus(?:\sof\s(?:this\s)?\w+)?\s?[:：|]\s?(?:archived?|obsolete|deprecated|outdated|superseded"
            r"|withdrawn"
            r"|retired|discontinued|expired|no longer valid|inactive|replaced|end of life|void|historical)\b"
            r"|(?:^|\|\s?|\n)\W{0,3}(?:replaced|superseded|succeeded)[ -]by\s?[:：|]\s?\S"
            r"|(?:^|\n)\W{0,3}(?:replacement|successor|replaces this|new version)\s?[:：]\s\S",
            _I | re.MULTILINE,
        ),
        cues(
            "archive|obsolete|deprecated|outdated|superseded|withdrawn|retired|discontinued|defunct|expired|"
            "histor|legacy|no longer|old version|end of life|eol|closed|ended|status|replaced|succe|replace|"
            "new version|void"
        ),
        re.compile(r"\bchoose\b|\bselect\b|\bfilter\b|\bclick\b", _I),
    ),
)
EN_OPENING = (
    Sign(
        "status",
        re.compile(
            r"(?:^\W{0,3}|\W)[\[(](?:archived?|obsolete|deprecated|outdated|superseded|withdrawn|retired"
            r"|discontinued|old version"
            r"|legacy|end of life|eol|closed|service ended|no longer (?:valid|available|supported|maintained)"
            r"|do not use|not in use|not current|out of (?:date|use)|superseded by [^\])\n]{1,40}"
            r"|replaced by [^\])\n]{1,40}|previous version|historical|historic)[\])]"
            r"|^\W{0,3}[\[(](?:old|former|expired)\b[^\])\n]{0,12}[\])]|^[^\n]{3,80}[\[(](?:old(?:\s\w+)?"
            r"|until \d{4}|pre-\d{4})[\])]\W*$|^\W{0,3}(?-i:OLD|DO NOT USE|OUT OF DATE|OUTDATED)\s?[:–—!-]"
            r"|^\W{0,3}(?:out[ -]of[ -]date|do not use)\s?[:–—!.]",
            _I | re.MULTILINE,
        ),
        cues("[|(|old|out of|out-of|do not use|outdated"),
    ),
    Sign(
        "its subject",
        re.compile(
            rf"\b{_OURS}\b(?:\s(?:for|of|by|with|from|in|on|to|that|which|described|called)\s[^.,\n]{{1,50}}?"
            r"|\s[A-Z][\w’']+)?,?"
            rf"\s{_BE}{_ADVERB}\s{_GONE}\b"
            rf"|\b{_OURS}\b{_TO_VERB}(?<!be)(?<!been)(?<!to)\s(?:closed (?:its doors|down)|ended|ceased"
            r"|came to an end|shut (?:down|its doors)"
            r"|stopped|disappeared|went away|left the (?:market|range|shop)|reached (?:its|the) end|expired"
            r"|bowed out)\b"
            rf"|\b{_OURS}\b{_TO_VERB}\s(?:(?:is|are|can|may|will)\s)?no longer\s(?:be\s)?(?:\w+\s)?(?:exist\w*"
            r"|available"
            r"|offered|supported|sold|accept\w*|work\w*|maintained|in (?:use|service|operation)|taken|possible"
            r"|provided|issued|run)\b"
            rf"|\b{_OURS}\b{_TO_VERB}\s{_NOT}\s[^.\n]{{1,40}}?{_ANY_MORE}"
            r"|\b(?:we|it|they)\s(?:(?:have|had|['’]ve)\s)?(?:now\s|officially\s"
            r"|permanently\s)?(?:stopped (?:offering|selling"
            r"|supporting|accepting|providing|issuing|taking)|discontinued|retired|phased out|withdrawn|withdrew"
            r"|switched off"
            r"|shut down|closed|removed|dropped|ended|replaced|abandoned|sunset)\s(?:the|this|these|our|all|support"
            r"|it|sales)\b"
            r"|\bwe\s(?:no longer|don['’]t|do not)\s(?:offer|sell|support|accept|provide|issue|take|run|maintain"
            r"|make)\s"
            rf"[^.\n]{{0,60}}?(?:{_ANY_MORE}|(?<=no longer)|\.|,)"
            rf"|\bwe no longer (?:offer|sell|support|accept|provide|issue|take|run|maintain|make)\b"
            r"|\b(?:support|sales?|sign-?up|registration|service|maintenance)\s(?:for|of|to)\s(?:the\s"
            r"|our\s)?[\w’' -]{1,50}?\s"
            rf"(?:(?:has\s|have\s)?ended|{_BE}{_ADVERB}\s(?:{_GONE}|ended)|(?:has\s)?(?:stopped|ceased))\b"
            r"|\b(?:has|have)\s(?:come to an end|run its course|had its day)\b|\bthing of the past\b"
            r"|\bwe have since \w+ed\b"
            r"|\bceased to (?:be (?:accepted|offered|sold|supported|available|valid|issued|provided|possible"
            r"|maintained)|exist|apply|work|operate|function)\b|\b(?:has|have) (?:now )?been (?:taken offline"
            r"|taken out of service|switched off for good|shut down for good|wound down|laid to rest)\b"
            r"|\bis (?:now )?(?:history|defunct|a thing of the past)\b|\bpulled the plug on\b|\b(?:said goodbye"
            r"|bid farewell) to (?:the|our|this)\b|\b(?:the|our|this)\s[^.\n]{1,40}?\s(?:is|has) (?:been )?(?:gone"
            r"|discontinued) (?:for good|since|as of)\b"
            r"|\b(?:no ?one|nobody)\s(?:\w+\s)?(?:maintains?|updates?|looks after)\b|\bcan no longer be (?:made"
            r"|ordered|booked|used|bought"
            r"|activated|redeemed|opened|created|requested|paid|sent)\b"
            rf"|\b(?:that|this|the|it)\s?(?:{_OFFER}\s)?(?:(?:doesn['’]t exist|does not exist|is not available"
            r"|isn['’]t available)"
            rf"\s{_ANY_MORE}|no longer exists|is gone|is no more|has gone)\b"
            r"|\b(?:can['’]t|cannot|can no longer|could no longer)\s(?:\w+\s){1,6}?(?:with|using|through|via"
            r"|by)\sthis\s\w+"
            rf"|\b(?:has|have)\sreached\s(?:its\s|the\s)?end[ -]of[ -](?:life|support|sale|service)\b",
            _I,
        ),
        cues(
            "the |our |this |that |we |support|sale|sign|registration|service|maintenance|they |it |reached|can|"
            "come to|past|nobody|no one"
        ),
        _WHEN,
    ),
)

# --- Korean -------------------------------------------------------------------------------------------------

_KO_DOC = (
    r"(?:문서|글|페이지|도움말|안내문?|게시[글물]|가이드|매뉴얼|설명서?|자료|내용|포스트|항목|절차|방법|공지"
    r"|아티클|콘텐츠|정보|지침|본문|공략|튜토리얼|칼럼|요령|팁|포스팅|기사|답변|사용법|안내서|핸드북|강좌|FAQ"
    r"|설명글|꿀팁)"
)
_KO_TEXT = (
    r"(?:문서|글|페이지|도움말|안내문?|게시[글물]|가이드|매뉴얼|설명서?|자료|공지|아티클|콘텐츠"
    r"|포스트|공략|튜토리얼|칼럼|포스팅|기사|답변|사용법|안내서|핸드북|강좌|FAQ|설명글|꿀팁)"
)
_KO_SELF = (
    rf"(?:이|본|해당|위|아래|이곳의|여기)\s?(?:[가-힣]{{1,6}}\s)?{_KO_TEXT}(?:의\s(?:내용|절차|방법|정보|설명|기능))?"
    r"(?:에서\s(?:다루는|설명하는|안내하는|소개하는|말하는))?"
)
_KO_OFFER = (
    r"(?:서비스|기능|상품|요금제|제도|프로그램|멤버십|클럽|앱|사이트|홈페이지|창구|메뉴|옵션|이벤트|할인|카드"
    r"|방식|도구|챗봇|상담봇|연동"
    r"|플러그인|모델|제품|기기|단말기?|신청서?|접수|판매|지원|제공|운영|발급|가입|모드|서버|게임|버전|프로모션"
    r"|혜택|포털|시스템|등급|결제|규격"
    r"|채널|센터|지점|망|API)"
)
_KO_STATE = (
    r"(?:대체|폐기|폐지|보관|이전|통합|종료|중단|중지|만료|철회|해지|단종|삭제|제거|폐쇄|병합|변경|퇴역|무효화?"
    r"|아카이브|이관)"
)
_KO_DID = (
    rf"(?:(?<!일시 )(?<!자동으로 )(?<!자동 ){_KO_STATE}(?:되었|됐|되어|하였|했|처리)|옮겨졌|옮겼|없어졌|사라졌"
    r"|막을 내렸|문을 닫았|끝났|마쳤|마치고"
    rf"|종료(?=[.)\]\n]|$|\s(?:안내|공지))|닫혔|(?:효력|의미|쓸모)[을를이가]?\s?(?:잃|상실|없)|바뀌었)"
)
_KO_NOT = (
    r"(?:더\s?이상|이제는?|앞으로는|더는|이젠)[^.\n]{0,30}?(?:유효|사용|이용|업데이트|갱신|관리|지원|제공|판매"
    r"|운영|적용|접수|발급|가입|맞"
    r"|해당|유지|받|쓰이|쓸|보수)[가-힣]{0,4}\s?(?:(?:않|못하|없)(?:습니|아요|어요|는다|다[.\s]|으며|으므로|으니"
    r"|고\s|음|거든)|불가)"
)
_RIEUL = "".join(chr(code) for code in range(0xAC08, 0xD7A4, 28))
"""The syllables that end in ㄹ: 때 behind one is “when”, behind a noun it is a day (패치 때)."""
_KO_UNLESS = re.compile(
    rf"(?:으면|하면|되면|라면|이면|다면|할지|여부|는 한|(?<!까)지만)(?![가-힣])|(?:[{_RIEUL}]\s?때|경우)(?:에?는"
    rf"|에|마다|에도)?(?![가-힣])|메시지|오류(?!\s?(?:수정|신고))"
    r"|(?<![가-힣\w])['‘“\"「][^'’”\"」\n]{0,30}(?:종료|만료|대체|중단|않)",
    _I,
)

KO_ANYWHERE = (
    Sign(
        "itself",
        re.compile(
            rf"{_KO_SELF}(?:는|은|가|이|의|에서|에)?\s[^.\n]{{0,80}}?(?:{_KO_DID}|{_KO_NOT}|(?:{_KO_STATE}된|없어진"
            rf"|사라진)\s?{_KO_OFFER}|(?:오래된|옛|낡은|지난|예전|과거)\s?(?:내용|정보|{_KO_DOC}))"
            rf"|{_KO_SELF}[가-힣]{{0,3}}\s[^.\n]{{0,80}}?(?:오래되어|오래돼|오래됐|시간이\s?지나"
            rf"|수명[을이]?\s?다[해하한]|역할을\s?(?:다했|마쳤)"
            rf"|지난\s?(?:이야기|일)|유효\s?기간이\s?(?:지났|끝났)|시효가\s?(?:지났|끝났)|철\s?지난)"
            rf"|{_KO_SELF}[가-힣]{{0,2}}\s?(?:대로|처럼)\s?(?:따라\s)?하지\s?(?:마|않)"
            rf"|{_KO_SELF}[을를은는]?\s?(?:더는\s|더\s?이상\s|이제\s)?(?:따라\s?하지|참고하지|보지|이용하지"
            rf"|사용하지|믿지)\s?(?:마|말|않)"
            rf"|{_KO_SELF}\s?(?:대신|말고)\s|새(?:로운|로\s[가-힣]+)?\s{_KO_TEXT}[를을]?\s?(?:참고|참조|확인|이용"
            rf"|봐|보세|보시|따라|읽)"
            rf"|(?:신형|신규|최신|개정|대체|개정된|새로운|현행)\s?{_KO_TEXT}[를을]?\s?(?:참고|참조|확인|이용|봐"
            r"|보세|보시|보아|따라|읽)"
            rf"|(?:문서|글|상태|안내)\s?상태\s?[:：|]\s?{_KO_STATE}|상태\s?[:：|]\s?(?:{_KO_STATE}"
            r"|사용\s?(?:안\s?함|중지)|구버전)"
            rf"|대체(?:된)?\s?(?:문서|글|안내|페이지|가이드|기능|서비스|상품)\s?[:：|]"
            rf"|(?:참고|보관|기록|열람|이력)(?:용|을 위해|\s?목적)(?:으로|의)?\s?(?:자료|문서|글|만|남|게시|보관)"
            r"|(?:게시|작성|당시)\s?(?:당시|때|시점)(?:에는|엔|의)[^.\n]{0,40}?(?:지금|현재"
            r"|현행)[가-힣]{0,2}\s?[^.\n]{0,20}?(?:다릅"
            r"|다르|달라|맞지|않)"
            r"|(?:지금|현재|현행)[^.\n]{0,20}(?:요금|규정|정책|화면|체계|내용|제도|절차"
            r"|메뉴)[가-힣\s]{0,8}(?:과는|와는|과"
            r"|와)\s?(?:더 이상 )?(?:다릅|다르|달라|맞지)"
            r"|(?:이|본|해당|아래|위)\s?(?:안내|문서|글|절차|방법"
            rf"|{_KO_DOC})[가-힣]{{0,3}}\s[^.\n]{{0,30}}?(?:이용|사용|진행"
            r"|신청)[가-힣]{0,3}\s?(?:수\s?없|불가|못|않)",
        ),
        cues("이|본|해당|새|신|최신|개정|대체|상태|용|당시|시점|지금|현재|현행|위|아래"),
        _KO_UNLESS,
    ),
    Sign(
        "status",
        re.compile(
            r"(?:^|\|\s?|\n)[\s#*]{0,4}[\[(【〈<]\s?(?:구|舊|구버전|구판|구형|이전\s?버전|(?:서비스|운영|판매"
            r"|지원|제공|접수)?\s?"
            rf"{_KO_STATE}(?:\s?(?:안내|됨|문서|예정))?|옛|보관용?|참고용|더\s?이상[^\])】〉>\n]{{1,20}})\s?[\])】〉>]"
            r"|(?:^|\n)\W{0,4}(?:이미\s)?(?:폐기|폐지|만료|종료|철회|대체|단종|보관|중단|개정|무효|사용\s?중지"
            r"|지원\s?종료|서비스\s?종료)(?:된|됨|한|\s처리된)?\s?(?:문서|글|안내(?:문|서)?|매뉴얼|페이지|가이드"
            r"|도움말|게시물|자료|공지|버전|기능|서비스)(?:입니다|이에요|예요|임|\s?[–—:.!(-]|\s*(?:\n|$))|(?:^"
            r"|\n)\W{0,4}(?:구버전|구판|옛글|지난\s?글|오래된\s?글|철\s?지난\s?글)\s?(?:입니다|이에요|[–—:.!-]|$)"
            r"|(?:^|\n)\W{0,3}보관용?\s?(?:자료|문서|글)|(?:^|\n)\W{0,3}(?:구버전|이전 버전|옛)\s?(?:문서|안내"
            r"|설명서?|글|매뉴얼)(?:입니다|이에요|:|$)"
            rf"|(?:^|\n)[^\n]{{0,40}}[\[(【]\s?(?:서비스|운영|판매|지원|제공)?\s?{_KO_STATE}(?:됨"
            r"|되었음)?\s?[\])】]\s*$"
            rf"|(?:^|\|\s?)\S[^|\n]{{0,30}}\((?:이|본|해당) (?:{_KO_DOC})\)\s?\|[^|\n]{{0,20}}{_KO_STATE}",
            re.MULTILINE,
        ),
        cues("[|(|【|〈|<|보관|버전|옛|폐기|폐지|만료|종료|철회|대체|단종|중단|개정|무효|중지|구판|지난|오래된"),
    ),
)
KO_OPENING = (
    Sign(
        "its subject",
        re.compile(
            rf"{_KO_OFFER}[가-힣]{{0,4}}(?:은|는|이|가|을|를|도|의)?\s(?:[^.\n]{{0,60}}?\s)?{_KO_DID}(?:습니|어요"
            r"|다|으며|으므로|으니|고|는"
            r"|기|던)?"
            rf"|{_KO_OFFER}[가-힣]{{0,4}}(?:은|는|도)\s(?:[^.\n]|\.(?=\d)){{0,40}}?{_KO_NOT}"
            r"|(?:신규|새)\s?(?:가입|신청|제공|판매|접수|발급|모집|등록)[은는이가을를]?\s?[^.\n]{0,15}?(?:중단"
            r"|종료|마감|받지 않|불가|막|끝)"
            r"|[가-힣A-Z]{2,}[은는]\s(?:더\s?이상|이제는?|더는)\s(?:받|쓰|팔|하|운영하|제공하|지원하"
            r"|판매하)지\s(?:않|못)(?:습니다|아요|는다)"
            rf"|[가-힣]{{2,}}(?:은|는|이|가)\s[^.\n]{{0,40}}?(?:부로|자로|[을를]\s끝으로)\s[^.\n]{{0,15}}?(?:종료"
            rf"|중단|폐지|마감)(?:됐|되었|했|하였)|단종된\s{_KO_OFFER}의\s{_KO_DOC}|{_KO_OFFER}\s?(?:종료|중단"
            rf"|폐지|단종)(?:됨|되었음|했음|\s?안내|\.|$)",
        ),
        cues("서비스|종료|중단|폐지|더 이상|더이상|이제|없어|사라|마쳤|마치|단종|않|없|불가|닫|끝"),
        _KO_UNLESS,
    ),
)
