"""What is meant for agents, as English says it."""

from __future__ import annotations

import re

from articles.health.phrases import Sign, cues

_I = re.IGNORECASE
_THEM = (
    r"(?:the |a |your |our |any |these |with |to |from )*(?:customers?|clients?|callers?|guests|subscribers?"
    r"|end[ -]users?|members)"
)
_AGENTS = (
    r"(?:(?:support|service|call[ -]cent(?:er|re)|chat|phone|tier[ -]?\d|l[123]|level[ -]?\d)\s)?(?:agents?"
    r"|representatives|reps|advisors|csrs?)"
)
STAFF = (
    r"(?:(?:support|service|call[ -]cent(?:er|re)|chat|phone|branch|store|shop|front[ -](?:desk|line)|first[ -]line"
    r"|second[ -]line"
    r"|help ?desk|contact[ -]cent(?:er|re)|tier[ -]?\d|l[123]|level[ -]?\d|our|all|on-call|shift|new|senior|junior)\s)*"
    r"(?:agents|reps|representatives|advis[eo]rs|csrs?|case ?workers?|case handlers?|tellers?|clerks?|staff"
    r"|colleagues|team members"
    r"|team leads?|supervisors?|reviewers|moderators|handlers|assessors|underwriters|counsell?ors|dispatchers"
    r"|receptionists)"
)
THIRD = (
    r"(?:customer|caller|claimant|applicant|guest|member|subscriber|shopper|patient|complainant|requester"
    r"|(?:policy|card|account|ticket) ?holder|tenant|citizen|player|client|passenger|traveller|traveler|borrower"
    r"|resident|householder|taxpayer|rider|enquirer)"
)
_TOOLS = (
    r"(?:back[ -]?office|salesforce|zendesk|service ?now|fresh ?desk|hub ?spot|inter ?com|confluence|jira|asana"
    r"|pager ?duty|looker|slack"
    r"|the crm(?=[.,;:)]|\s(?:and|before|under|so|as|screen|record|notes?|profile|first|then)\b)|our (?:crm"
    r"|admin (?:panel|console|tool|portal|dashboard))|(?:the|our) (?:agent (?:desktop|console|dashboard|workspace"
    r"|portal)|ops (?:vault|portal|dashboard)"
    r"|ticketing (?:system|tool)|case (?:management )?system|fraud (?:tool|console|dashboard)|runbook|playbook))"
)
_HIDE = (
    r"(?:tell|telling|mention(?:ing)?|share|sharing|disclos\w+|reveal\w*|promis\w+|offer(?:ing)?|communicat\w+"
    r"|discuss\w*|admit\w*|quot\w+"
    r"|advertis\w+|publici[sz]\w+|volunteer\w*|confirm\w*|explain\w*|speculat\w+|forward\w*|hint\w*|pass(?:ing)? on"
    r"|commit\w*)"
)
_DUTY = (
    r"(?:refund|waive|credit|goodwill|approv\w+|apologi[sz]e|compensat\w+|discount|upsell|verify|fraud"
    r"|the customer|customers"
    r"|the caller|callers|identity|ticket|escalat\w+|macro|script)"
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
            r"\binternal\s(?:use\s)?only\b|\b(?:remove|delete|strip|take out) (?:this |these |it "
            r"|the line )?(?:\w+ )?before (?:publishing|publication|going live|release)\b"
            r"|\b(?:do not|don['’]t|not to be|never|not (?:yet )?(?:for|to)) (?:publish(?:ed)?|circulat\w+|leak\w*"
            r"|go(?:es)? public|made public|be made public|release publicly|shared? (?:externally|outside))\b"
            r"|\b(?:for|to) (?:agents?|staff|support|csrs?|reps|advis[eo]rs|team leads?|colleagues|moderators"
            r"|the (?:support|service) team)(?: only| eyes only)?\s?[:：–—]"
            r"|\b(?:talking points|scripts?|cheat ?sheet|hints?|tips|notes?|guidance|instructions?|checklist"
            r"|handling (?:guide|notes?|instructions?)|reminders?|procedure|workflow|how-to|briefing)"
            rf"\s(?:for|to) {STAFF}\b|\b(?:agents?|staff|csr|rep|support|advis[eo]r)(?:['’]s|s['’])?[- ](?:facing"
            r"|script|instructions?|guidance|checklist|macro|playbook|handling)\b"
            rf"|^\W{{0,9}}(?:{STAFF}|agent|internal)\s?[:：]\s|\b(?:under|strictly|still) embargo(?:ed)?\b"
            r"|\boff the record\b|\bconfidential\s?[:：–—]|^\W{0,9}confidential\W*$"
            r"|\bcustomer-facing (?:wording|answer|line|version|explanation|text|reason|message)\b|\b(?:real|actual"
            r"|true) (?:cause|reason)\s?:|\bnotes? (?:for|to) (?:the )?(?:team|staff|colleagues|reviewers?"
            r"|agents?)\b"
            r"|\bnot to be (?:given out|shared|passed on|published|disclosed|mentioned|advertised|forwarded|quoted"
            r"|circulated)\b|\bkeep (?:this|that|it) (?:to (?:yourself|ourselves)|between us|quiet|under wraps"
            r"|in-house|internal|confidential)\b|\bbetween us\b|\bnot (?:customer|public)[ -]facing\b"
            r"|\b(?:this|it) (?:is|must stay|stays|remains) (?:strictly )?(?:internal|in-house"
            r"|confidential)\b(?!\s\w*(?:storage|network|memory|data))",
            _I | re.MULTILINE,
        ),
        cues(
            "internal|before|publish|public|agent|staff|support|csr|rep|advis|team|colleague|embargo|"
            "customer-facing|cause|reason|note|not to be|record|confidential|keep|between us|circulat|leak|"
            "facing"
        ),
        re.compile(
            r"\bread[ -]only\b|\binternal (?:only )?(?:network|virtual|switch|storage|url|load)|\b(?:install"
            r"|monitoring|azure|sql|backup|dpm|vm|server)\b|\bif you do(?:n['’]t| not) want\b",
            _I,
        ),
    ),
    Sign(
        "hides something from customers",
        re.compile(
            r"\b(?:do not|don['’]t|never|must not|mustn['’]t|should not|shouldn['’]t|may not|cannot|can['’]t|avoid"
            r"|refrain from|without|not to)\s(?:ever\s|proactively\s|openly\s|actively\s)?"
            rf"{_HIDE}\s(?:[^.\n]{{0,40}}?\s)??(?:to {_THEM}\b|externally|outside (?:the )?(?:company|team)"
            r"|on calls?|in chats?)"
            rf"|\b{STAFF}\s(?:must|should|may|can|are|is|will)(?:\s(?:not|never)|n['’]t|not)\s(?:ever\s"
            rf"|allowed to\s|to\s|permitted to\s)*{_HIDE}\b(?!\s(?:for )?your)"
            r"|(?:^|[.;:,]\s|\b(?:but|and|so|please)\s)(?:please\s)?(?:do not|don['’]t|never)\s(?:ever\s"
            r"|proactively\s|openly\s|actively\s)?(?:mention|advertise|volunteer|admit|publici[sz]e|hint at|offer"
            r"|disclose|reveal|promise|speculate about)"
            r"\s(?:this|that|it|them|the|any|an?|how|why|which|when)\b(?![^.\n]{0,30}\b(?:password|pin|code"
            r"|to (?:anyone|anybody|others|strangers|other people|third)))"
            rf"|\b(?:only|unless|if)\s(?:the\s)?(?:{THIRD})s?\s(?:asks?|insists?|complains?|pushes back|threatens?"
            r"|explicitly|specifically|bring)\b|\b(?:quietly|discreetly|tacitly|silently)\s(?:extend|offer|refund"
            r"|credit|waive|give|add|apply|replace|grant|upgrade)\w*"
            r"|\bkeep (?:the |your |all )?(?:repl(?:y|ies)|answers?|wording|explanations?) (?:\w+ )?(?:vague"
            r"|general|short and vague|non-committal|generic)\b|\b(?:no|without) (?:public )?(?:eta"
            r"|admission of (?:fault|liability|guilt))\b"
            r"|\bonly (?:tell|mention|offer|say|disclose|explain|share|admit|reveal)\b[^.\n]{0,60}\b(?:if|when"
            rf"|once) (?:they|asked|the {THIRD}|he|she|somebody|someone)\b"
            r"|\b(?:stall|fob off|talk (?:them|the \w+) out of|play (?:it )?down|downplay)\b",
            _I | re.MULTILINE,
        ),
        cues(
            "not|n't|n’t|never|avoid|refrain|without|only|unless|if|quietly|discreetly|tacitly|silently|keep|eta|"
            "stall|talk|play"
        ),
        re.compile(
            r"\b(?:your (?:own )?(?:customers|clients|guests|members|password|pin|card|account|data|personal)"
            r"|permission|folder|database|sql|server|azure|vm|registry|driver|installs?|windows|outlook|exchange"
            r"|certificate|domain|protocol|process|thread|packet|cluster|client (?:computer|machine|app\w*))\b",
            _I,
        ),
    ),
    Sign(
        "hands over inside",
        re.compile(
            r"\bescalat\w+\s(?:[^.\n]{0,40}?\s)?(?:to|with|via)\s(?:the\s|your\s|an?\s)?(?:tier|level|l|t"
            r"|second[ -]line|third[ -]line|2nd[ -]line|3rd[ -]line|supervisor|team[ -]?lead|manager on duty"
            r"|duty manager|shift|engineering|on-call|back[ -]?office|billing ops|legal|fraud|risk|ops|dev)\b"
            r"|\b(?:assign|route|move|transfer|forward|reassign|send|pass|hand(?: over)?|refer|push|kick|queue"
            r"|raise|log|open|file|park|pend|dispatch|bounce|warm-transfer)\s(?:[\w'’]+\s){0,5}?(?:to|in|into|with"
            r"|under|for|on)\s(?:the\s|our\s)?(?:[\w'’&/-]+\s){0,3}?"
            r"(?:queue|desk(?!top)|squad|tier[ -]?[1-4]|second[ -]line|back[ -]?office|on-call|backlog|ops team"
            r"|fraud team|risk team|billing team|retentions? team|collections|legal team|finance team|engineering"
            r"|duty manager|team lead|supervisor)\b"
            r"|\b(?:transfer|route|send|pass|hand(?: over)?|refer|forward|assign|reassign|move|escalate)\s(?:the"
            r"|this|such|all|any|every|these)\s(?:\w+\s)?(?:chat|call|case|ticket|claim|conversation|request"
            r"|customer|caller|complaint|email|e-mail|thread|dispute)s?\b[^.\n]{0,25}?\bto\s(?:the\s"
            r"|our\s)?(?:[\w&'’-]+\s){1,3}(?:team|desk|department|dept|lead|manager|officer)\b"
            r"|\b(?:raise|open|log|create|file)\san?\s(?:\w+\s)?(?:ticket|incident|case|bug|request)\s(?:with|for"
            r"|against|in)\s(?:the\s|our\s)?(?:[\w&-]+\s){0,2}(?:team|desk|engineering|ops|it|vendor|network)\b"
            r"|\b(?:ext\.|extension|ext)\s?\d{3,5}\b|#[a-z]+(?:-[a-z0-9]+)+\b(?=[^.\n]{0,40}(?:slack|channel))"
            r"|\b(?:slack|channel|ping|post in|post it in|message)\b[^.\n]{0,25}#[a-z]+(?:-[a-z0-9]+)*\b"
            r"|\bping (?:@|the \w+ (?:team|lead|channel)|on-call|your)"
            r"|\b(?:use|apply|send|run|insert|reply with|paste) (?:the )?(?:macro|canned (?:response|reply)"
            r"|template|snippet|script)s? (?:no\.? ?|number |#|[“\"‘'])?[\w-]*\d|\bmacro (?:#|no\.?\s?)?\d+\b"
            r"|\b(?:disposition|wrap-?up|reason) code\b"
            r"|\b(?:tag|flag|mark|code|close|resolve|merge|snooze|pend|park|hold)\s(?:the|this|such|these|it"
            r"|all)?\s?(?:tickets?|cases?|claims?|calls?|conversations?|chats?|profiles?|accounts?|customers?"
            r"|threads?)\s(?:as|with|under|in|for|and)\b",
            _I,
        ),
        cues(
            "escalat|queue|desk|squad|tier|line|back|call|backlog|team|collections|engineering|manager|lead|"
            "supervisor|ext|#|ping|macro|canned|template|snippet|script|code|tag|flag|mark|close|resolve|merge|"
            "hold|park|pend|snooze"
        ),
        re.compile(
            r"\b(?:you can (?:ask|request)|(?:microsoft|customer|our|technical) support|privileges?|power ?apps"
            r"|workflow|routing rules?|print\w*|sql|server|message queu\w*|msmq|work queue|thread|element|routine"
            r"|driver|event|mailbox|outlook|dynamics|crm|configmgr|site|azure|your (?:team|agents|queue)"
            r"|remote desktop|help ?desk)\b",
            _I,
        ),
    ),
    Sign(
        "instructs agents",
        re.compile(
            rf"\b(?:{STAFF})\s(?:should|must|need to|have to|has to|are to|is to|shall|are (?:expected|required"
            r"|allowed|instructed|asked|authori[sz]ed|free|advised) to|can (?:override|waive|credit|refund|approve"
            r"|authori[sz]e|issue|extend|bypass|unlock|grant|see|add)|may (?:override|waive|credit|refund|approve"
            rf"|authori[sz]e|issue|extend|bypass|offer|grant))\b(?!\s(?:be|have) )"
            r"|\b(?:if|when|once|unless|until|where|in case|before|after)\s(?:an?"
            rf"|the)\s{THIRD}\s(?:\w+\s)?(?:becomes?|gets|(?:is|are) (?:still )?(?:angry|upset|abusive|rude|unhappy"
            r"|irate|persistent|threatening|not satisfied|dissatisfied|eligible|entitled|annoyed|frustrated)"
            r"|insists?|refuses?|complains?|threatens?|demands?|asks? (?:for|about|why)|claims?|argues?|hesitates?"
            r"|pushes|sounds?|wants? (?:to (?:cancel|leave|speak)|a (?:refund|supervisor|manager))|mentions?"
            r"|has (?:already )?(?:been|called|complained)"
            rf"|calls? (?:back|again)|hangs|passes|fails|verifies|confirms)\b"
            r"|\b(?:ask|tell|inform|remind|advise|offer|reassure|thank|greet|verify|identify|authenticate|call|warn"
            r"|convince|apologi[sz]e to|explain to|read|probe|educate|transfer|check with|upsell|pitch)\s(?:an?\s"
            rf"|the\s|every\s|each\s){THIRD}s?\b(?!['’]s (?:computer|machine|server|browser))"
            r"|\byou (?:may|can|are allowed to) (?:also )?(?:waive|write off|comp|credit back)\b|\b(?:needs?"
            r"|requires?|takes?|ask|call|get|involve) an? (?:team[ -]lead|supervisor|duty manager|shift lead"
            r"|floor manager)\b|\bread (?:the|this|out the) (?:\w+ )?script\b"
            r"|\b(?:with|under) your (?:agent|staff|employee|operator|advis[eo]r) (?:id|login|code|number|badge)\b"
            r"|\byour (?:agent|staff|operator) (?:id|login|number|badge)\b"
            r"|\b(?:up to|over|above|below|more than|exceed\w*|beyond)\s(?:[$€£₩]|usd"
            r"|eur)?\s?[\d,.]+[^.\n]{0,40}?\b(?:without|needs?|requires?|must have|only with|with)\s(?:an?y?\s"
            r"|the\s|prior\s|further\s)?(?:manager|supervisor|team[ -]lead|approval|sign-?off|second pair"
            r"|authori[sz]ation from)"
            r"|\b(?:goodwill (?:credit|gesture|voucher|refund|payment|budget)|(?:approval|refund|credit|authority"
            r"|write-off|discretion\w*) (?:limit|threshold|matrix|ceiling)s? (?:is|are|for (?:agents|staff|reps"
            r"|csrs|team leads|shift)|of)|manager override|override (?:code|pin|password|key)|supervisor (?:code"
            r"|pin|approval|password|override)"
            r"|(?:four|4)[- ]eyes|sign-?off from|save desk|retention offer|win-?back|fraud score|risk score"
            r"|churn (?:risk|score)|black ?list\w*|vip (?:customers?|tier|flag|accounts?|list)|aht|sla breach"
            r"|csat target|upsell target|handle time)\b"
            r"|\b(?:engineering|the dev(?:s|elopers?| team)?|product team|legal|r&d|our vendor"
            r"|the vendor)\s(?:has no|have no|says?|told us|is aware|are aware|knows?|suspects?|thinks?|asked us"
            r"|does not want|doesn['’]t want)\b",
            _I,
        ),
        cues(
            "waive|write off|comp |override|credit|manager|script|agent|lead|supervisor|rep|advis|csr|customer|"
            "caller|claimant|applicant|guest|member|subscriber|shopper|patient|staff|colleague|worker|teller|"
            "clerk|operator|approval|goodwill|score|sign|engineering|dev|vendor|legal|limit|vip|client|player|"
            "tenant|employee|technician|engineer|moderator"
        ),
        re.compile(
            r"\b(?:sql|might|monitoring|dpm|backup|azure|vm|guest (?:os|vm|operating)|server|install\w*|software"
            r"|proxy|message|registry|computer|windows|dynamics|crm|outlook|exchange|tenant|active directory|domain"
            r"|driver|group|api|client|invite\w*|cluster|prompts?|network|oem|reproduce|alert|subscriptions?)\b"
            r"|\b(?:your|you can|you may|you have) (?:own )?(?:customers?|agents?|employees?|team|staff|shop|store"
            r"|guests?"
            r"|members?|clients?|company|admin\w*)\b|\bset (?:an?|up|the)\b|\bwill never\b",
            _I,
        ),
    ),
    Sign(
        "names an internal place",
        re.compile(
            r"\b(?:in|on|via|from|to|through|into|using|see|check|open|use"
            rf"|consult)\s(?:the\s(?:\w+\s)?(?:\w+\s)?in\s)?(?:{_TOOLS})\b|\b(?:{_TOOLS})\s(?:>|›|→)|\b(?:see|per"
            r"|follow|check|consult|in|as in)\s(?:the\s|our\s)(?:[\w-]+\s){0,2}(?:runbook|playbook|sop"
            r"|standard operating procedure)\b(?!\s(?:designer|server|service|book|tester))"
            r"|\b(?:ops|team|company|shared) (?:vault|drive|wiki|intranet|sharepoint)\b|\bstaff (?:portal|intranet"
            r"|area|room)\b|\bservice menu\b[^.\n]{0,40}\bpin\b",
            _I,
        ),
        cues(
            "office|salesforce|zendesk|now|desk|hub|com|confluence|jira|asana|duty|looker|slack|crm|admin|agent|"
            "ops|ticketing|case|fraud|runbook|playbook|wiki|sop|vault|drive|intranet|staff|service menu|"
            "procedure|sharepoint"
        ),
        re.compile(
            r"\b(?:your (?:own )?(?:salesforce|zendesk|slack|jira|hubspot|intercom|crm|admin|workspace|account"
            r"|wiki)|integrat\w+|connect\w*|plug-?in|add-?on|extension|install\w*|sync\w*|dynamics|azure|automation"
            r"|sharepoint (?:online|server|site|admin)|site collection|import|export|api|webhook"
            r"|orchestrator|designer|activit\w+|workspace admin|microsoft|onedrive|outlook|windows|network|sql"
            r"|server|disk)\b",
            _I,
        ),
    ),
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
        cues("agent|lead|supervisor|rep|advisor|csr|the customer|the caller|script"),
        re.compile(
            r"\b(?:sql|might|monitoring|dpm|backup|azure|vm|guest|server|install\w*|software|proxy|transfer"
            r"|message|registry|computer|prompts?)\b",
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
)
