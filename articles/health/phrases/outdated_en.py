"""Words that speak of a time that has passed, in English, and what both languages write with digits."""

from __future__ import annotations

import re

from articles.health.phrases import Sign, cues

_I = re.IGNORECASE
DATED = re.compile(r"\b(?:19|20)\d\d\b|(?:19|20)\d\d년")
_STAGE = (
    r"(?:(?:an?|early|limited|open|closed|public|private|technical)\s)*(?:beta|alpha|preview|early access"
    r"|pilot)\b"
)
_NO_STAGE = r"(?!\s(?:mode|pane|window|image|screen|panel|area|button|tab|of|for(?!\snow))\b|\s?\d)"
_WHAT = r"(?:fix|problem|issue|bug|solution|resolution|update|workaround|improvement|limitation)"
_ANNOUNCED = (
    r"(?:launched|introduced|released|redesigned|renamed|announced|added|rolled out|moved|changed|updated"
    r"|relaunched|refreshed|restructured|rebranded|moderni[sz]ed|extended|expanded|opened|improved|rebuilt|raised"
    r"|lowered|increased|reduced"
    r"|simplified|merged|overhauled)"
)
_OURS = (
    r"(?:apps?|websites?|sites?|portal|console|services?|features?|functions?|plans?|tariffs?|products?|models?"
    r"|phones?|tablets?|routers?|editors?|dashboards?|designs?"
    r"|layouts?|interfaces?|homepage|branch(?:es)?|shops?|stores?|loyalty \w+|programmes?|programs?|firmware"
    r"|versions?|releases?|editions?|range|line-?up|collection"
    r"|cards?|payment methods?|support centre|help cent(?:er|re)|mobile app|checkout|chatbots?|assistants?|games?"
    r"|seasons?|expansions?|packages?|network|offices?|machines?|devices?)"
)
_WENT = (
    r"(?:went (?:on sale|live)|came out|was (?:launched|released|introduced|unveiled|rolled out)|launched"
    r"|hit the (?:shops|stores)|arrived|opened|landed|debuted)"
)
_PERIOD = r"(?:spring|summer|autumn|fall|winter|month|week|quarter|season|year|christmas)"

SIGNS = (
    Sign(
        "occasion",
        re.compile(
            r"\b(?:due to|because of|given|owing to|during|amid|in view of|in light of|as a result of|following"
            r"|since)\s(?:the\s)?(?:(?:current|ongoing|global|recent|covid\S*|corona\w*)\s)*(?:pandemic|covid\S*"
            r"|corona\S*|lockdowns?|outbreak)\b"
            r"|\b(?:due to|because of|owing to|given|thanks to)\s(?:the\s|an?\s)?(?:(?:current|currently|unusually"
            r"|exceptionally|very|continued|ongoing|recent|persistent)\s)*(?:(?:high|strong|increased|heavy"
            r"|great)\s(?:demand|volumes?|interest"
            r"|workload|snow|rain|traffic)|(?:\w+\s)?strikes?|backlog|(?:supply|chip|staff|parts) (?:shortages?"
            r"|problems|bottlenecks)|shortages?|brexit|war in|heat ?wave|storms?|flood\w*|(?:christmas|holiday"
            r"|festive) (?:rush|season|period)"
            r"|(?:building|construction|renovation|refurbishment) works?)\b"
            r"|(?:주문|문의|이용자|접속|신청|예약|물량|수요)(?:이|가|량이)?\s?(?:몰려|몰리|폭주|급증|많아"
            r"|늘어)[^.\n]{0,30}?(?:지연|늦어|길어|어려|부족|밀려|밀리)"
            r"|(?:(?<![가-힣])설(?:날|\s?연휴|\s?명절)|추석|명절|연휴|휴가철|성수기|크리스마스|파업|폭설|폭우"
            r"|한파|태풍|품귀|수급)[가-힣\s]{0,8}(?:로|으로|인해"
            r"|때문|맞아|여파)[^.\n]{0,40}?(?:고\s?있|중입|습니다|예정)"
            r"|(?:코로나(?:19|바이러스)?|팬데믹|감염병|사회적\s?거리\s?두기)[^.\n]{0,25}?(?:으로|로|때문|인해"
            r"|확산|상황|여파|영향|기간|따라|방지|예방)",
            _I,
        ),
        cues(
            "due to|because of|owing to|given|thanks to|주문|문의|접속|신청|예약|물량|수요|설|추석|명절|연휴"
            "|휴가철|성수기|크리스마스|파업|폭|한파|태풍|"
            "품귀|수급|pandemic|covid|corona|lockdown|outbreak|코로나|팬데믹|감염병|거리"
        ),
        re.compile(
            rf"{DATED.pattern}|\b(?:insurance|policy covers|vaccin\w+|was|were|if|when|may|might|can|could|server"
            r"|cpu|memory|disk|network|thread\w*)\b|었습니다|했습니다|보험|수\s?있|경우|설정|설치|매년|으면"
        ),
    ),
    Sign(
        "now",
        re.compile(
            r"\b(?:as of|at|up to|to) (?:today|now|the present|this writing)\b|\bat (?:the moment|present)\b"
            r"|\b(?:only|not|n['’]t|no)\b[^.\n]{0,40}?\b(?:available|supported|possible"
            r"|offered)\b[^.\n]{0,20}?\bat this time\b|\bfor the time being\b|\bas (?:things|it) stands?\b"
            r"|\bright now\b(?=[^.\n]{0,40}\b(?:only|not|n['’]t|no)\b)|\bas we speak\b"
            r"|\b(?:currently|for now|so far|presently|still"
            r"|until further notice)\b[^.\n]{0,40}?\b(?:only (?:available|supported|offered|possible|works?|on|in"
            r"|for)|not (?:yet )?(?:available|supported|possible|offered|work\w*)|limited to|unavailable"
            r"|by appointment|experimental|being (?:tested|rolled out|developed|built|migrated|rebuilt|trialled)"
            r"|rolling out|under (?:development|construction))\b"
            r"|\bonly (?:available|supported|offered|possible)\b[^.\n]{0,30}?\b(?:currently|for now|so far"
            r"|at present|yet)\b"
            r"|\b(?:isn['’]t|aren['’]t|is not|are not|not|doesn['’]t|don['’]t|hasn['’]t|haven['’]t|has not|have not"
            r"|can['’]t)\s(?:\w+\s){0,4}?(?:available|supported|announced|decided|released|launched|offer\w*"
            r"|possible|rolled out|implemented|ready|reached)\b[^.\n]{0,30}?\byet\b|\b(?:don['’]t|doesn['’]t|do not"
            r"|does not|can['’]t|cannot)\s(?:yet\s)?(?:support|offer|accept|work|cover|ship|deliver|include|sell"
            r"|take)\b[^.\n]{0,40}?\byet\b|\b(?:currently|for now|at present|so far"
            r"|right now),?\s(?!the only)(?:\w+\s){0,3}?only\b|\bnot yet (?:available|supported|released|possible"
            r"|offered|been (?:announced|decided|released))\b"
            r"|\b(?:is|are) (?:gradually|slowly|progressively|steadily|now) (?:being )?(?:rolled|rolling) out\b"
            r"|\b(?:is|are) (?:being rolled|rolling) out\b|\bin (?:short|limited) supply\b|\b(?:stock"
            r"|supply) is (?:scarce|short|limited|low)\b",
            _I,
        ),
        cues(
            "as of|at the moment|at present|at this|time being|stand|right now|currently|for now|so far|"
            "presently|still|until further|yet|rolling|rolled|supply|stock|up to|we speak|at today|at now|only"
        ),
        re.compile(
            rf"{DATED.pattern}|\b(?:if|when|whenever|whether|unless|before|after|while|your|order|select|choose"
            r"|click|shows?|shown|displays?|status|message|error|indicates?|payment|parcel|delivered|that (?:is|are"
            r"|was|were)|which (?:is|are)"
            r"|any|every|each|server|client|registry|process|session|database|cluster)\b",
            _I,
        ),
    ),
    Sign(
        "soon",
        re.compile(
            r"\b(?:soon(?! after)|shortly(?! after)|about to (?=join|launch|introduc|releas|roll|expand|add)"
            r"|in the near future"
            r"|before long|any day now|in due course|down the (?:road|line)|on (?:its|the) way|in the (?:works"
            r"|pipeline)|watch this space|around the corner|in preparation|under development|on (?:our"
            r"|the) roadmap)\b"
            r"(?=[^.\n|]{0,60}\b(?:join|launch|releas|support|add|offer|introduc|roll|open|follow|available|come"
            r"|coming|bring|feature|version|app|android|ios|update|work|improve|extend|expand|move|switch|replace"
            r"|be able))"
            r"|\b(?:will|['’]ll)\s(?:soon|shortly)\b|\b(?:we|the \w+ team|our \w+)(?:['’]re| are"
            r"| is)\s(?:currently |now |also |already )?(?:planning|working|preparing|testing|building|developing"
            r"|looking into|hoping|rolling out|trialling|piloting)\b"
            r"|\bwe (?:plan|hope|intend|aim|expect|want) to (?:\w+ )?(?:add|launch|release|offer|support|introduce"
            r"|open|extend|expand|bring|roll|make|have|finish|complete|replace|move|increase)\b"
            r"|\b(?:is|are) (?!not)(?:\w+ )?(?:planned|scheduled|due|slated|expected|in preparation"
            r"|under development)(?: for| to| in| by)? (?:be )?(?:the )?(?:soon|later|this|next|coming|released?"
            r"|launch\w*|fixed|added|available|introduced?|supported|corrected|included|opens?|arrives?|follow"
            rf"|go live)\b|\b(?:later|early|late|sometime|some time|towards the end of) (?:this|next) {_PERIOD}\b"
            r"|\bnext (?:month|quarter|spring|summer|autumn|fall|winter|season)\b(?=[^.\n]{0,40}\b(?:we|will"
            r"|launch|release|version|new)\b)"
            r"|\b(?:this|next|coming) (?:spring|summer|autumn|fall|winter)\b|\bwill follow (?:soon|shortly|later"
            r"|next)\b|\bfollows? (?:soon|shortly|later)\b|\bmore \w+ (?:will follow|to follow|are on the way"
            r"|are coming)\b|\bnext (?:major |big )?(?:release|version|update) (?:will|adds?|brings?|is going to)\b",
            _I,
        ),
        cues(
            "soon|shortly|about to|future|before long|any day|due course|down the|on its way|on the way|in the|"
            "watch this|corner|preparation|develop|roadmap|eventually|planning|working|preparing|testing|"
            "building|looking into|hoping|rolling|trialling|piloting|we |planned|scheduled|due|slated|expected|"
            "later|early|late|next|this |coming|follow"
        ),
        re.compile(
            rf"{DATED.pattern}|\b(?:if|when|whenever|whether|unless|until|before|as soon|your|you (?:are|were|want"
            r"|need)|order|refund|parcel|deliver\w*|invoice|bill|select|choose|click|message|error|server|client"
            r"|registry|process|database|driver|thread|device manager"
            r"|every|each|any|e-?mail\w*|reply|reset|expires?|battery|download)\b",
            _I,
        ),
    ),
    Sign(
        "new",
        re.compile(
            r"\b(?:brand[- ]new|all-new|newly (?:launched|opened|introduced|released|added|designed|redesigned"
            r"|built)|freshly (?:launched|redesigned|opened)|just[- ]launched|recently (?:launched|opened"
            rf"|introduced|released|redesigned|renamed|relaunched|rebuilt|expanded))\s(?:[\w-]+\s){{0,3}}?{_OURS}\b"
            r"|\bour\s(?:new|newest|latest|most recent|brand[- ]new|recently \w+ed|redesigned|updated"
            rf"|revamped)\s(?:[\w-]+\s){{0,2}}?{_OURS}\b(?!\s(?:version )?from)|\bthe\s(?:brand[- ]new"
            rf"|all-new)\s(?:[\w-]+\s){{0,2}}?{_OURS}\b"
            rf"|\b{_WENT}\s(?:\w+\s){{0,3}}?(?:(?:a few|some|several|two|three|four|six|a couple of|\d+)\s(?:days"
            rf"|weeks|months)\sago|(?:this|last|earlier this|earlier in the)\s{_PERIOD}|recently|just now"
            r"|the other (?:day|week))\b"
            rf"|\b(?:since|after|with|in|from|following|as of)\s(?:(?:this|last)\s{_PERIOD}['’]?s|(?:the\s)?(?:last"
            r"|latest|most recent))\s(?:updates?|releases?|versions?|launch|relaunch|redesign|upgrade|merger|move"
            r"|refresh|patch|overhaul|changeover|migration|rebrand\w*|renovation|price (?:rise|increase|change))\b"
            r"|\b(?:has|have)\s(?:just|only just|recently|lately|newly|now)\s(?:been\s)?(?:launched|introduced"
            r"|released|redesigned|renamed|announced|added|opened|joined|started|begun|moved|switched|rolled out"
            r"|become|arrived|replaced|merged|expanded|extended|doubled|raised|lowered)\b"
            r"|\bwe(?:['’]ve| have)?\s(?:just|recently|lately|newly|only just|now)\s(?:also\s)?(?:launched"
            r"|introduced|released|redesigned|renamed|announced|added|opened|started|began|moved|switched"
            r"|rolled out|joined|replaced|merged|expanded|extended|raised|changed|updated|revamped|partnered)\b"
            r"|\b(?:a few|some|several|two|three|a couple of) (?:days|weeks|months) ago\b(?=[^.\n]{0,60}\b(?:we"
            r"|our|launch|releas|introduc|open|mov|chang))|\bwe[^.\n]{0,40}?\b(?:a few|some|several|two|three"
            r"|a couple of) (?:days|weeks|months) ago\b"
            r"|(?:^|\|\s?)\W{0,3}new(?:!+|\s?[:：–—]|\s?\W{1,3}$)|\bnow (?:also )?(?:available|in beta|live"
            rf"|open) (?:in|on|for|to|as|at)\b|\bnow available\b|\bnew (?:this|for) (?:{_PERIOD}|20\d\d)\b"
            r"|\bnew since (?:the )?(?:last|latest|spring|summer|autumn|version)\b",
            _I | re.MULTILINE,
        ),
        cues(
            "new|latest|recent|just|ago|last |this |redesigned|updated|revamped|lately|freshly|now |the other|following"
        ),
        re.compile(
            rf"{DATED.pattern}|\b(?:if|when|whenever|whether|unless|select|choose|click|create|enter|add a new"
            r"|that (?:was|were|has|have) (?:just|recently|newly)|you['’]ve|you have|your new|user|users|server"
            r"|registry|driver|hotfix|service pack|article|install\w*|install the|cumulative|always"
            r"|check for|make sure|download|upgrade to|update to)\b",
            _I,
        ),
    ),
    Sign(
        "year",
        re.compile(
            r"\b(?:for|of|in|during|throughout|until the end of|by the end of|from|since|so far)\s(?:this|next|last"
            r"|the current|the coming)\s(?:year|season|school year|academic year|tax year|financial year)\b"
            r"|\b(?:this|next|last)\s(?:year|season)['’]s\b|\b(?:this|next|last) (?:year|season) (?:we|the|our|it"
            r"|will|has|is|includes?|brings?|marks?|sees?|there)\b"
            r"|(?:^|[.!?]\s)(?:this|next|last) (?:year|season|spring|summer|autumn|winter),?\s|\b(?:last"
            r"|this) (?:spring|summer|autumn|winter)\b|\bthe year (?:after next|before last)\b",
            _I | re.MULTILINE,
        ),
        ("year", "season", "spring", "summer", "autumn", "winter"),
        re.compile(
            rf"{DATED.pattern}|\b(?:if|you|your|every|each|any|select|choose|filter|view|report|shows?|compare\w*"
            r"|enter|previous|calendar|example|anniversary|tap|click|statement|range)\b|[‘“\"'](?:this|next"
            r"|last) (?:year|season)",
            _I,
        ),
    ),
    Sign(
        "latest",
        re.compile(
            r"\b(?:latest|current|newest|most recent)\s(?:[\w-]+\s){0,3}?(?:version|release|firmware|build|model"
            r"|generation|edition|app|update|software)\b[^.;()\n]{0,20}?(?:\sis\s|\sbeing\s|[(:,]\s?|\s)(?:now\s"
            r"|currently\s|the\s|still\s|called\s)?(?:v|ver\.?\s|version\s)?\d+(?:\.\d+)+"
            r"|\b(?:v|version\s|release\s|firmware\s|build\s)?\d+(?:\.\d+)+\b[^.;\n]{0,15}?(?:\bis\b|\(|,|–"
            r"|—)\s?(?:now\s|currently\s|still\s)?(?:the|our)\s?(?:latest|current|newest|most recent)\b|\b(?:latest"
            r"|newest|current|most recent)\s?[)(:]\s?(?:is\s)?(?:v|version\s)?\d+(?:\.\d+)+"
            r"|\b(?:newest|latest|current|most recent) (?:model|generation|flagship|phone|console"
            r"|product)\b[^.\n]{0,15}?(?:,|\sis)\s(?:the\s|called\s|our\s)?(?-i:[A-Z])\w+|\bis (?:now |currently "
            r"|still )?our (?:newest|latest|most recent|current (?:flagship|top))\b"
            r"|(?:가장\s)?(?:최신|최근|현재)\s?(?:[가-힣]{1,8}\s)?(?:버전|모델|기종|펌웨어|앱|소프트웨어|릴리스"
            r"|빌드|제품)\s?(?:[은는이인]|\("
            r"|:)\s?[^.\n]{0,12}?(?:v|버전\s)?[A-Za-z]{0,10}\s?\d+(?:\.\d+)*"
            r"|(?:v|버전\s?)?\d+(?:\.\d+)+(?:\s?버전)?[이가]?\s?(?:현재\s?|지금\s?|가장\s?)?(?:최신"
            r"|가장\s?최근)(?:\s?(?:버전|펌웨어"
            r"|모델))?(?:입니다|이에요|예요|이며|이고|임)|(?:최신|신형)\s?(?:모델|기종|제품|기기)(?:인|은|는)\s",
            _I,
        ),
        cues("latest|current|newest|most recent|최신|최근|현재|신형"),
        re.compile(
            r"\b(?:if|check|shows?|example|such as|must be|older than|earlier than|windows|\.net|visual studio"
            r"|hotfix|internet explorer|rollup)\b|예:|예를",
            _I,
        ),
    ),
    Sign(
        "writing",
        re.compile(
            r"\b(?:as|while|when) (?:I|we) (?:write|wrote|are writing|publish\w*) (?:this|these)\b"
            r"|\bwhen this (?:article|page|guide|text|entry|document|note)? ?(?:was|is) (?:last )?(?:written"
            r"|published|updated|posted)\b|\bat (?:press time|publication|the time of (?:publication|publishing"
            r"|posting|going to press|this (?:article|guide|update|post)))\b"
            r"|\b(?:as of|at) (?:the )?(?:publication|publishing|time this)\b|\bsince (?:this|we) (?:article|wrote"
            r"|published)\b|\bthe day this (?:was|is|article)\b|\b(?:last"
            r"|latest) (?:price )?check(?:ed)?\b(?=[^.\n]{0,20}:)"
            r"|(?:이|본|해당)?\s?(?:글|문서|안내|도움말|페이지|기사|공지|게시글|매뉴얼"
            r"|설명)[을를이가]?\s?(?:쓰고\s?있는|쓰는|쓴|작성하는|작성하고\s?있는|작성한|작성된"
            r"|작성되는|올리는|올린|게시한|게시된|게시하는|발행한|만든|정리한)\s?(?:지금|시점|현재|때|당시|날"
            r"|기준|오늘)|(?:작성|게시|발행|집필|등록|공지)\s?(?:일|시점|당시"
            r"|시)\s?(?:현재|기준|로는|에는|에서는)|글쓴\s?시점|작성\s?(?:당시|시점)",
            _I,
        ),
        cues(
            "write|wrote|writing|written|publi|updated|posted|press|this|check|글|문서|안내|도움말|페이지|작성"
            "|게시|발행|집필|등록|공지|"
            "매뉴얼|설명|기사"
        ),
        re.compile(rf"{DATED.pattern}|\b(?:if|your|review\w*|comment|message)\b|댓글|후기|리뷰|게시글을\s|계약", _I),
    ),
    Sign(
        "beta",
        re.compile(
            rf"\b(?:{_STAGE}|(?:test|trial|pilot|testing|experimental|introductory)(?:\s|-)(?:phase|stage|run|period"
            r"|version|operation|scheme|price|offer|basis))\b(?=[^.\n]{0,40}\b(?:currently|still|now|for now"
            r"|at present|until further|and may|so (?:some|things|expect)|expect|bugs|may change"
            r"|subject to change)\b)"
            r"|\b(?:we|it|they)(?:['’]re|['’]s| are| is)\s(?:currently |still |now )?(?:being )?(?:test\w*|trial\w*"
            r"|pilot\w*|beta[- ]testing)\b|\b(?:being|under|undergoing)\s(?:beta[- ])?(?:trialled|piloted"
            r"|beta[- ]tested|test\w* with (?:a|some|selected))\b"
            r"|\b(?:is|are|remains?)\s(?:currently |still |now |only )?(?:an?\s)?(?:beta|experimental|preview|trial"
            r"|pilot)\s(?:feature|function|version|service|release|project|programme|program|offer)\b"
            r"|\b(?:currently|still|now)\s(?:\w+\s){0,3}?(?:in|as)\s(?:an?\s)?(?:\w+\s)?(?:beta|test|trial|pilot"
            r"|experimental)\b(?!\s(?:mode|account|card|pane|window))"
            rf"|\((?:(?:currently |still |now )(?:in )?(?:{_STAGE}|experimental)|(?:in |open |closed "
            r"|public )?beta)\)|\bin (?:open |closed |public |private )?beta\b(?=[^.\n]{0,30}(?:[.,;)]|\bfor\b"
            r"|\band\b|$))",
            _I,
        ),
        cues("beta|alpha|preview|early access|pilot|experimental|test|trial|introductory"),
        re.compile(
            rf"{DATED.pattern}|\b(?:if|when|join|sign up|enrol\w*|opt|register|leave|apply|select|choose"
            r"|print preview|free trial|your|speed test|install\w*|server|windows)\b",
            _I,
        ),
    ),
    Sign(
        "beta",
        re.compile(
            rf"\b(?:currently|still|now|presently|for now)\s(?:available\s|offered\s)?(?:in|as)\s{_STAGE}{_NO_STAGE}"
            rf"|\b(?:is|are|remains?|being)\s(?:\w+ly\s)?in\s{_STAGE}{_NO_STAGE}"
            rf"|\b(?:offer(?:ed)?|available|provided|tested)\s(?:[\w-]+\s){{0,4}}?as\s{_STAGE}{_NO_STAGE}"
            r"|\b(?:is|are)\s(?:currently|still)\sa\s(?:beta|preview|pilot|experimental)\b"
            r"|\bin\s(?:public|private)\spreview\b",
            _I,
        ),
        ("beta", "alpha", "preview", "early access", "pilot", "experimental"),
    ),
    Sign(
        "soon",
        re.compile(
            r"(?:(?<!^[|]\s)(?<!\n[|]\s)|(?!coming soon\s?[|]\s?\S))\bcoming soon\b|\bsoon\s(?:be\s)?(?:available"
            r"|able|support"
            r"|add|offer|release|launch)\w*"
            r"|\bbe\s(?:available|released|supported|added)\s(?:very\s)?soon\b|\bstay tuned\b"
            rf"|(?<!you )(?<!you)\b(?:is|are|['’]re)\s(?:\w+ly\s|still\s)?(?:working on|investigating|researching)\s"
            rf"(?:an?|the|this|these)\s(?:[\w-]+\s)?{_WHAT}",
            _I,
        ),
        ("soon", "stay tuned", "working on", "investigating", "researching"),
        DATED,
    ),
    Sign(
        "soon",
        re.compile(
            r"\b(?:will|to|expect\w*|planned|plan|scheduled|going to|should)\b[^.\n]{0,90}?\b(?:in|with)\s(?:an?"
            r"|the|our)\s"
            r"(?:future|upcoming|forthcoming|next)\s(?:[\w.]+\s){0,2}?(?:releases?|versions?|updates?"
            r"|service pack)\b",
            _I,
        ),
        ("future", "upcoming", "forthcoming", "next"),
        re.compile(r"\b(?:if|upgrad\w+|prepare\w*|compatib\w+|may|might|until)\b|\b(?:19|20)\d\d\b", _I),
    ),
    Sign(
        "soon",
        re.compile(
            r"\bin the (?:coming|next few) (?:days|weeks|months)\b|\bwatch this space\b|\b(?:be|come|coming"
            r"|come) out (?:soon|shortly)\b",
            _I,
        ),
        ("in the coming", "in the next few", "watch this", " out "),
        re.compile(r"\b(?:if|receive|get|arrives?|deliver\w*|e-?mail\w*|refund\w*|expires?)\b|\b(?:19|20)\d\d\b", _I),
    ),
    Sign(
        "new",
        re.compile(
            r"(?<!what's )(?<!what’s )(?<!what is )\bnew\s(?:in|as of|with|for|since)\s(?:the\s)?(?:v|ver\.?\s?"
            r"|version\s|release\s|app\s)"
            rf"\d+(?:\.\d+)*|\b(?:we(?:'ve|’ve|\shave)?|has)\s(?:just|recently|newly)\s{_ANNOUNCED}"
            rf"|\b(?:was|were|(?:has|have) been)\s(?:just|recently|newly)\s{_ANNOUNCED}\b",
            _I,
        ),
        ("new", "just", "recently"),
        re.compile(rf"{DATED.pattern}|\b(?:if|when|whenever|whether|that (?:was|were|has|have)|user|users)\b", _I),
    ),
    Sign(
        "latest",
        re.compile(
            r"\b(?:latest|current|newest|most recent)\s(?:stable\s|available\s|released\s)?(?:version|release"
            r"|firmware)\b"
            r"[^.,;:\n]{0,30}?\sis\s(?:now\s|currently\s)?(?:v|version\s)?\d+(?:\.\d+)+"
            r"|(?:현재|최신)\s?(?:최신\s)?버전[은는이]?\s?(?:v|버전\s)?\d+(?:\.\d+)*\s?(?:입니다|이에요|예요|이며"
            r"|이고)",
            _I,
        ),
        ("latest", "current", "newest", "most recent", "현재", "최신"),
    ),
    Sign(
        "writing",
        re.compile(
            r"\b(?:at the time of (?:this )?writing|(?:as of|at) this writing"
            r"|at the time (?:that )?this (?:article|page|document) (?:was|is) (?:written|published))\b"
            r"|(?:글|문서|안내)[을를]\s?(?:쓰는|쓴|작성하는|작성한)\s?(?:시점|현재|지금)|작성\s?시점",
            _I,
        ),
        ("writing", "at the time", "시점", "쓰는", "작성하는"),
    ),
    Sign(
        "year",
        re.compile(
            r"\b(?:earlier|later|starting|beginning|early|late)\s(?:in\s)?(?:this|next|last)\syear\b"
            r"|\b(?:this|last)\syear['’]s\s(?:release|update|version|edition|prices?)\b"
            r"|(?:올해|금년|내년|작년|지난해)(?:부터|\s?(?:상반기|하반기|초|말|봄|여름|가을|겨울|[1-4]분기))",
            _I,
        ),
        ("year", "올해", "금년", "내년", "작년", "지난해"),
        re.compile(rf"{DATED.pattern}|\bif\b|every|each|매년|해마다|경우"),
    ),
)
