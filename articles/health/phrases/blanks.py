"""What an author or a template left to fill in, as both languages write it: letters for numbers, names in braces."""

from __future__ import annotations

import re

from articles.health.phrases import Sign, cues

_I = re.IGNORECASE
_BLANK = r"(?:X{2,}|N{2,}|Y{2,}|Z{2,}|_{2,}|\?{2,}|#{2,}|\[\s?[X#?_.…]{1,5}\s?\])"
_MEANT = re.compile(
    r"\b(?:represents?|corresponds?|where|stands for|format|looks? like|wildcard\w*|placeholders?|digits?|such as"
    r"|for example|pattern|replac\w+|parameter|argument|syntax|error|masked|hidden|variables?|merge (?:field"
    r"|tag)s?|tokens?"
    r"|insert\w*|substitut\w+|characters?|in place of|field|serial|numbers? (?:like|of the form)|sizes?|columns?)\b"
    r"|형식|예를 들|예:|예\)|예시|처럼|가려|마스킹|자리에|넣으면|바뀝|바뀌|변수|치환|대신|나타내|의미|오류|코드"
    r"|규격|사이즈|입력하면|같은",
    _I,
)
_PART = (
    r"(?:title|heading|headline|subheading|subtitle|summary|introduction|intro|body text|lead|teaser|caption"
    r"|article text"
    r"|main text|conclusion|description of the (?:problem|image|issue)|question text|answer text)"
)
_ABOUT = (
    r"(?:the reader|readers|(?:this|the) (?:article|page|guide|document|section|topic|feature) (?:is about|covers"
    r"|explains"
    r"|does|helps|is for|applies to|shows)|what (?:this|the) (?:article|page|guide|section|document|reader))"
)
_KO_THING = (
    r"(?:링크|이미지|그림|사진|스크린\s?샷|캡처|캡쳐|영상|동영상|URL|주소|제목|이름|화면|연락처|전화번호|번호|가격"
    r"|금액|표"
    r"|도표|문구|설명|본문|날짜|출처|아이콘|다이어그램|첨부파일|사진\s?설명|내용)"
)
_KO_UNITS = (
    r"(?:세|살|학년|호실|대|석|자리|글자|자|포인트|점|km|kg|cm|mm|권|편|박|쪽|인|가지|종|기|학기|등급|배|위|주"
    r"|건|매|통|잔|병"
    r"|달러|유로|회선|계정|좌석|단계|차례|초)"
)

SIGNS = (
    Sign(
        "a blank to fill in",
        re.compile(
            rf"\b(?i:up to|within|at least|at most|after|every|about|around|approximately|than|holds?|for|of"
            rf"|takes?|costs?|to"
            rf"|in|from|max(?:imum)?|minimum|only|first|last|between|all|over|under|is"
            rf"|are)\s{_BLANK}\s(?:[a-z-]+\s)?[a-z]{{3,}}s?\b"
            rf"|(?<![\w/.:-]){_BLANK}\s?(?:am|pm|o['’]clock|a\.m\.|p\.m\.|°C|°|kWh?|W|V|mA?h?|Hz|fps|ppi"
            rf"|inch(?:es)?|litres?"
            rf"|players?|guests|tickets|stops|stations|rooms|slots|entries|files|messages|orders|branches)(?![\w])"
            r"|(?:on|by|until|from|since|dated)\s(?:DD|dd|XX)[./ -](?:MM|mm|XX)[./ -](?:YYYY|yyyy|YY"
            r"|XX\w*)(?=[.,;)\s]|$)"
            r"(?=[^.\n]{0,60}\b(?:we|will|are|is|the)\b)",
            re.MULTILINE,
        ),
        cues("xx|nn|yy|zz|__|??|##|[x|[#|[?|[.|[_|[…|dd"),
        _MEANT,
    ),
    Sign(
        "a blank to fill in",
        re.compile(
            r"(?<![가-힣\w\-.,/:*])(?:X{2,}|x{2,}|N{2,}|[○◯〇]{2,}|O{2,}|ㅇ{2,}|□{2,}|_{2,}|\?{2,}"
            r"|\[\s?[XN○?_]{1,4}\s?\])\s?"
            rf"(?:{_KO_UNITS}(?=[\s.,~)부까에의이가을를은는로당마만쯤내후전씩]|$)|시(?=\s?(?:부터|까지|[~–-]|이후"
            rf"|이전|경|쯤|정각))"
            r"|(?:월|요일|년|분|일|개월|시간)(?=\s?(?:부터|까지|에|말|초|이후|이전|입니다|이에요|이며|동안|간|이내"
            r"|안)))",
            re.MULTILINE,
        ),
        cues("xx|nn|[x|[n|[○|[?|[_|○|◯|〇|oo|ㅇㅇ|□|__|??"),
        _MEANT,
    ),
    Sign(
        "a blank to fill in",
        re.compile(
            r"(?<![{$\w])[#$]?\{\s?(?:[가-힣]{2,8}(?:\s[가-힣]{1,6})?|(?:first|last|full|customer|client|guest"
            r"|company|order|agent|account|member|brand)[ _-](?:name|id|number|no|date))\s?\}(?![}\w])"
            r"|%(?:FIRST_?NAME|LAST_?NAME|NAME|CUSTOMER|COMPANY|ORDER_?ID|DATE|고객명|이름|회사명|주문번호)%"
            r"|\[\[\s?[\w가-힣][\w가-힣 .-]{0,30}\s?\]\]|(?<![\w<])<(?:고객명|이름|회사명|상품명|날짜|금액|담당자"
            r"|연락처|링크|주소|서비스명)>"
            r"|\*\|[A-Z_]{2,20}\|\*|\[(?:사진|이미지|그림|스크린\s?샷|캡처|영상|표|링크"
            r"|도표)\s?[:：][^\]\n]{0,60}\](?![\[(:])|(?<![\w-])(?:0000|XXXX|xxxx|○○○○)-(?:0000|XXXX|xxxx"
            r"|○○○○)(?![\w-])|\bX{2}:X{2}\b"
            r"|(?:Dear|Hello|Hi)\s(?:\{[\w' -]{2,30}\}|\[[\w' -]{2,30}\]|<[\w' -]{2,30}>|X{2,})",
            _I,
        ),
        cues("0000-|xxxx-|○○○○-|xx:|[사|[이|[그|[스|[캡|[영|[표|[링|[도|{|%|[[|<|*|[|dear|hello|hi "),
        _MEANT,
    ),
    Sign(
        "a template's own words",
        re.compile(
            rf"(?:^|\n)\W{{0,4}}(?:type|enter|write|add|put|insert|paste)\s(?:your|the"
            rf"|an?)\s(?:[\w-]+\s){{0,2}}?{_PART}\s(?:goes\s)?"
            r"here(?=\W*(?:\n|$))"
            r"|(?:^|\n)\W{0,4}(?:start|begin|open|end|close|finish) with (?:an?|one|two|the) (?:short|brief"
            r"|one-\w+|quick|clear"
            r"|\w+ (?:or|to) \w+)?\s?(?:description|summary|sentences?|introduction|overview|paragraph|statement)\b"
            rf"|(?:^|\n)\W{{0,4}}(?:briefly\s)?(?:describe|explain|summari[sz]e|state|tell|list|outline|introduce"
            rf"|mention|say|give)\s"
            rf"[^.\n]{{0,80}}?\b{_ABOUT}\b"
            r"|(?:^|\n)\W{0,3}(?:your |article |page |document |section |sub)?(?:title|heading|headline) (?:goes "
            r"|text )?here\W*(?=\n|$)"
            r"|(?:^|\n)\W{0,3}(?:image alt text|alt(?:ernative)? text(?: here)?|image description here"
            r"|link text(?: here)?|your text"
            r"(?: here)?|your (?:title|heading|headline|caption|image|link)(?: here)?|untitled(?: article"
            r"| document| page)?"
            r"|new (?:article|page|document)|heading [1-6]|subheading|step (?:one|two|three|1|2|3) (?:goes"
            r"|text) here|first step"
            r" here|lorem)\W*(?=\n\n|$)"
            r"|(?:^|\n)\W{0,4}(?:제목|소제목|부제|본문|요약|소개|머리말|내용|설명"
            r"|단계)[을를]?\s(?:여기에\s)?(?:입력|작성|기입|적|써|쓰)"
            r"(?:하세요|해\s?주세요|하십시오|으세요|어\s?주세요|합니다|할\s?것|습니다)\W*(?=\n|$)"
            r"|이\s?(?:문서|글|절|항목|페이지|가이드)에서\s?(?:다룰|설명할|안내할|소개할|다루는"
            r"|설명하는)\s?(?:내용|것|범위|주제|문제|기능)[을를]\s"
            r"[^.\n]{0,30}?(?:요약|설명|소개|적|쓰|서술|기술|작성|정리)(?:합니다|하세요|습니다|으세요|해\s?주세요"
            r"|할\s?것)"
            r"|(?:독자|읽는\s?사람)[이가에게은는]{1,2}\s[^.\n]{0,40}?(?:설명|소개|서술|적|요약)(?:합니다|하세요"
            r"|습니다|으세요)(?=[.\s]|$)"
            r"|(?:^|\n)\W{0,3}(?:이미지|사진|그림)\s?(?:대체\s?텍스트|설명을?\s?입력)\W*(?=\n\n|$)",
            _I,
        ),
        cues(
            "here|with a|with one|with two|with the|describe|explain|summar|state|tell|list|outline|introduce"
            "|mention|say|give"
            "|alt text|alternative text|link text|your |untitled|new article|new page|new document|heading|lorem"
            "|제목|본문|요약"
            "|소개|머리말|내용|설명|단계|독자|읽는|문서|대체"
        ),
        re.compile(
            r"\b(?:box|field|click|button|dialog|menu|select|tab|window|prompt)\b|화면|칸에|창에|버튼|클릭|상자"
            r"|입력란|메시지|양식|댓글",
            _I,
        ),
    ),
    Sign(
        "a note to its author",
        re.compile(
            rf"[\[(（<〈【*]\s?(?:여기에?|이곳에|이\s?자리에|아래에|추후"
            rf"|나중에)?\s?(?:[가-힣A-Z0-9]{{1,8}}\s){{0,3}}?{_KO_THING}(?:를|을)?\s?"
            r"(?:넣기|넣을|넣어|삽입|교체|대체|들어갈|추가\s?(?:필요|예정|요망|바람|할)|첨부\s?(?:필요|예정|요망"
            r"|바람|할)|채우기|붙이기)"
            r"[가-힣\s]{0,8}[\])）>〉】*](?!\()"
            r"|[\[(（【]\s?(?:[가-힣]{1,8}(?:팀|부서|담당자?|님)|법무|재무|개발|기획|디자인|마케팅)(?:에|에게|과"
            r"|와|에서)?\s?(?:확인|문의|검토|컨펌"
            r"|협의|승인)[가-힣\s]{0,10}[\])）】]"
            r"|(?:이|해당|본)\s?(?:줄|문장|단락|절|표|항목|부분|내용)[은는을를]?\s?(?:나중에|추후|확정되면"
            r"|정해지면|배포\s?전|게시\s?전|공개\s?전)[가-힣에\s]{0,6}"
            r"(?:수정|삭제|교체|업데이트|보완|채우|고치|지우)"
            r"|(?:아직\s)?(?:내용|설명|본문|문구|자료)[이가은는]?\s(?:아직\s)?(?:없습니다|준비되지\s?않았습니다"
            r"|비어\s?있습니다|확정되지\s?않았습니다)\W*$"
            r"|여기에\s(?:[가-힣]{1,6}\s)?(?:링크|이미지|그림|사진|설명|본문|제목|내용|문구|금액|연락처|날짜|이름"
            r"|표|주소)[을를]?\s?(?:입력|작성|기재|기입)\W*$|(?:작성자|편집자|검토자|번역자|담당자)\s?(?:메모|주"
            r"|노트|코멘트|확인용)\s?[:：]|[※*]\s?(?:초안|가안"
            r"|임시본|작업\s?중|검토\s?전)(?=[\s:.)\]]|$)"
            r"|(?:^|\n)\W{0,4}(?:초안|가안|임시본|미완성|작업\s?중)(?:입니다|이에요)?\W*(?=\n|$)",
            re.MULTILINE,
        ),
        cues(
            "여기에|넣|삽입|교체|대체|들어갈|추가|첨부|채우|붙이|확인|문의|검토|컨펌|협의|승인|나중에|추후|확정"
            "|정해지면"
            "|게시|공개|없습니다"
            "|않았습니다|비어|메모|노트|초안|가안|임시본|미완성|작업"
        ),
        re.compile(r"고객센터|상담|신청서|검색\s?결과|목록에|알림|내역"),
    ),
    Sign(
        "a note to its author",
        re.compile(
            r"[\[(<]\s?(?:we (?:should|need to|must|still)|do we|does (?:this|it)|is (?:this|that|it) (?:still"
            r"|really|right|correct"
            r"|true)|someone|somebody|not sure|double[- ]check|ask|check with|needs? (?:checking|review|updating"
            r"|rewriting|work"
            r"|a (?:source|screenshot|link|picture))|to be (?:continued|checked|confirmed|done|added|supplied"
            r"|replaced|written"
            r"|decided)|citation needed|rewrite|reword|expand (?:this|on)|fill in|replace (?:this|with|by)"
            r"|update (?:this|before"
            r"|after|when)|remove (?:this|before)|delete (?:this|before))\b[^\])>\n]{0,60}[\])>](?!\()"
            r"|(?:^|\n)\W{0,4}(?:text|content|details|pictures?|screen ?shots?) will follow\W*(?=\n|$)|(?:^"
            r"|\n)\W{0,4}ask (?:marketing|legal|finance|sales|engineering|product|hr|it|design"
            r"|the \w+ team) (?:for|about|whether|if)\b|\?{2,}\s[^?\n]{1,40}\?{2,}|(?:^"
            r"|\n)\W{0,4}(?:editor['’]?s? note|author['’]?s? note|reviewer comment|draft(?: \d+)?|first draft"
            r"|rough draft|notes? to"
            r" (?:self|editor|writer|translator))\s?[:：–—]"
            r"|\b(?:price|date|amount|figure|number|name|wording|fee|time|deadline|limit)s?\s(?:still )?(?:to be"
            r"|not yet|yet to be"
            r"|still being)\s(?:confirmed|decided|determined|agreed|set|announced|supplied|filled in"
            r"|finali[sz]ed)(?=\W*(?:$|\n|\|))"
            r"|[\[]\s?(?:your\s|our\s|the\s)?(?:phone|telephone|e-?mail|postal|office|company|contact|opening"
            r"|support|product|bank)\s(?:number|address|name|hours|details)\s?\](?![\[(:])|(?:^|\n"
            r"|\|\s?)\W{0,4}(?:screen ?shots?|images?|pictures?|links?|videos?|tables?|details|text|figures?"
            r"|diagrams?)\s(?:to follow|follows|pending|tbd|coming|missing|needed)\W*(?=\n|$|\|)|\b(?:this"
            r"|the) (?:section|page|article|paragraph|table|text|chapter|step|list|part) (?:still )?(?:needs to be"
            r"|must be|has to be|should be) (?:updated|rewritten|checked|revised|completed|translated|proofread"
            r"|filled in|finished|expanded|replaced)\b(?! (?:by you|on your|in the))|\b(?:before|until|once"
            r"|when) we (?:publish|go live|launch|release) (?:this|it)?(?=\W*(?:$|\n|\]|\)))"
            r"|\b(?:I|we)(?:['’]ll| will)\s(?:add|fill in|write|finish|complete|supply|insert)\s(?:the rest|more|it|the"
            r" (?:details|numbers|link|picture|screenshot|table|text))\b(?=[^.\n]{0,40}\b(?:later|when|once|soon"
            r"|after|as soon)\b)",
            _I | re.MULTILINE,
        ),
        cues(
            "??|ask |[|(|<|note|comment|draft|follow|pending|missing|needed|needs|must be|has to|should be|confirmed"
            "|decided|determined|agreed|set|announced|supplied|filled|final"
            "|publish|go live"
            "|launch|release|add|fill|write|finish|update|complete|insert"
        ),
        re.compile(r"\b(?:your|customers?|server|registry|driver|kb\d+|hotfix|microsoft)\b", _I),
    ),
)

TARGET = re.compile(
    r"\]\(\s?<?(?:path[/-]to[/-][^\s)]{0,80}|(?:your|insert|add)[-_ ](?:image|link|url|file|path|page"
    r"|video)[^\s)]{0,60}"
    r"|(?:image|link|page|picture|video)?[-_]?url(?:[-_ ]?here)?|(?:link|image|address)[-_ ]here|TODO|TBD|TBC|xxx+"
    r"|\?+|\.\.\.+"
    r"|#?(?:todo|tbd)|https?://(?:link|url|todo|tbd|xxx+|path|your-?\w*)(?:\.com)?(?:/[^\s)]{0,40})?|링크|주소|이미지"
    r"|여기)>?\s?\)",
    _I,
)
"""The target of a link or an image that a template left."""
