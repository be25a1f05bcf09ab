"""What tells agents how to handle a call, what to say in it and where to look somebody up, as English says it."""

from __future__ import annotations

import re

from articles.health.phrases import Sign, cues
from articles.health.phrases.internal_en import STAFF, THIRD

_I = re.IGNORECASE
_PROOF = (
    r"(?:last (?:four|4|three|3)|date of birth|birth ?dates?|post ?code|zip(?: code)?|maiden name|security (?:answer"
    r"|question|word|code)|secret word|pass ?phrase|memorable \w+|full name and|identity|account number|policy number)"
)
_SWEETENER = (
    r"(?:voucher|credit|discount|refund|upgrade|coupon|gift card|goodwill|replacement|rebate|free month|points"
    r"|exchange|compensation|gesture|month free)"
)
_SOFTWARE = re.compile(
    r"\b(?:your (?:own )?(?:customers|clients|guests|members|agents|team|staff|users|workspace|store|shop)|permission"
    r"|database server|sql|azure|vm|virtual machine|registry|driver|windows|outlook|exchange server|certificate"
    r"|protocol|process|thread|packet|cluster|dynamics|sharepoint (?:online|server|site)|teams admin|active directory"
    r"|group policy|powershell|microsoft|install\w*|client (?:computer|machine|app\w*)|you can (?:ask|request)"
    r"|our (?:staff|agents) (?:are|will|never))\b",
    _I,
)

_LOOKED_UP = r"(?:player|caller|claimant|passenger|patient|taxpayer|citizen|(?:policy|card) ?holder|complainant)"

SIGNS = (
    Sign(
        "instructs agents",
        re.compile(
            rf"\b(?:ask|have|get|make)\s(?:an?\s|the\s|every\s|each\s)(?:{THIRD}|user|person|contact)s?\s"
            r"(?:for|to (?:confirm|state|give|repeat|spell|name|provide|verify))\s(?:their|his|her|the|an?)\s"
            rf"(?:\w+\s)?{_PROOF}\b"
            r"|\b(?:check|compare|match|verify)\s(?:it|them|this|that|what (?:they|he|she) \w+|the answers?"
            r"|the (?:name|number)"
            r"s?)\s(?:with|against|to)\s(?:the|our|what)\s(?:[\w-]+\s){0,3}?(?:records?|database|admin panel|crm"
            r"|profile"
            r"|we have on)\b"
            r"|\bbefore (?:you )?(?:discuss|disclos|reveal)\w*\s(?:the|any|their|his)\s(?:\w+\s)?"
            r"(?:account|details|information|data|change)s?\b(?=[^.\n]{0,40}(?:\.|$|with|to))"
            rf"|\b(?:if|when|once|after|until|as soon as|wait for|wait until)\s(?:an?|the)\s(?:{THIRD})s?\s"
            r"(?:(?:has|have|is|are)\s)?(?:\w+\s)?(?:hung up|rung off|rings off|disconnect\w*|left the (?:chat|line"
            r"|call)|on hold|on the line|calm\w*|off the (?:line|phone)|gone quiet|pushed? back|won['’]t accept"
            r"|declin\w+|escalat\w+|rais\w+ (?:their|his|her) voice|keeps? (?:asking|insisting|calling|pressing)"
            r"|brings? (?:it|this|that) up|swears?|starts? (?:shouting|swearing)|disputes?|objects?|protests?)\b"
            r"|\b(?:log|document|code|classify|categori[sz]e|register|disposition|book)\s(?:the|this|each"
            r"|every|all)\s(?:phone\s|outbound\s|inbound\s)?(?:calls?|contacts?|chats?|interactions?|conversations?"
            r"|complaints?|outcome)\s(?:as|under|in|with|against|on)\b"
            r"|\bwrap[ -]?up (?:time|within|in under)\b|\bafter[ -]call work\b|\baverage handl(?:e|ing) time\b"
            r"|\bfirst[ -](?:call|contact) resolution (?:target|goal|rate|counts?)\b|\bput (?:the caller"
            r"|the customer) (?:back )?on (?:hold|mute)\b|\bmute (?:the line|yourself|the call)\b|\bqa score\w*\b"
            rf"|\b(?:offer|propose|suggest|give|try)\s(?:them\s|him\s|her\s|the {THIRD}\s)?(?:an?\s|the\s)?"
            rf"[^.,;\n]{{0,30}}?{_SWEETENER}s?\s(?:first|only as a last resort|at most|max|tops)\b"
            r"|\b(?:only )?(?:give in|cave in|back down|relent|concede)\b(?=[^.\n]{0,40}\b(?:to|if|when|on|after)\b)"
            r"|\bas a last resort,?\s(?:offer|refund|waive|credit|give)\b|\b(?:save|retention|win-?back) (?:offer"
            r"|desk|script|deal)s?\b|\b(?:start|open) (?:at|with) (?:an? )?\d+\s?%\s(?:off|discount)|\bgo (?:up to"
            r"|as high as"
            r"|no higher than) (?:[$€£]\s?\d+|\d+\s?%)|\bif (?:they|he|she) (?:still |then |really )?(?:keeps?"
            r"|insists?|push(?:es)?|complains?|threatens?|refuses?|asks? again|argues?"
            r"|objects?)\b[^.\n]{0,30}?,\s(?:you can |then )?(?:offer|give|waive|refund|credit|transfer|end|close"
            r"|propose|pass)\b|\b(?:store|shift|branch|duty|floor|shop|team|front desk) (?:managers?|leads?"
            r"|leaders?) (?:can|may|must|have to|should) (?:void|approve|override|waive|authori[sz]e|grant|sign"
            r"|release|unlock|refund)\b|\b(?:mention|offer|pitch|bring up|repeat|read) (?:it|this|that"
            r"|them)?\s?(?:in|on) every (?:call|chat)\b|\bwe (?:get|earn|receive) (?:an? )?(?:commission|bonus"
            r"|kickback|provision)\b|\b(?:tickets?|cases?|calls?|chats?)\b[^.\n]{0,40}?\b(?:priority P?[1-4]"
            r"|P[1-4]|(?:picked up|answered|acknowledged|closed) within)\b|\b(?:first|second|third|1st|2nd"
            r"|3rd)[ -]line\s?(?:[:–—]|only|support only|team only)|\b(?:our|the) crm (?:shows|flags|says|marks)\b"
            r"|\bupsell\w*\b|\bcross-?sell\w*\b",
            _I | re.MULTILINE,
        ),
        cues(
            "ask|have|get|make|check|compare|match|verify|confirm|before|if |when|once|after|until|as soon|wait|log|"
            "record|note|code|class|categor|register|book|wrap|handl|resolution|hold|mute|qa |if they|if he|if she"
            "|managers|manager|leads|leader|every|we |priority|p1|p2|p3|within|line|crm|offer|propose|suggest|"
            "give|try|cave|back down|relent|concede|last resort|retention|win|start|open|go |sell"
        ),
        _SOFTWARE,
    ),
    Sign(
        "hides something from customers",
        re.compile(
            r"\b(?:quote|state|promise|announce|communicate|name|cite|say)\s(?:[\w'’%-]+\s){1,5}?to\s(?:the\s|your\s"
            rf"|any\s)?(?:{THIRD})s?\b"
            r"|\bso (?:that )?we (?:have|keep|leave|get) (?:ourselves )?(?:some|a little|a bit of|enough|an?)\s?"
            r"(?:slack|leeway|buffer|margin|headroom|wiggle room|room)\b"
            r"|\b(?:our|the) (?:sla|contract|agreement|margin|deal|arrangement) (?:with|on|for) (?:the|our|this)\s"
            r"(?:[\w-]+\s)?(?:partner|courier|carrier|supplier|vendor|contractor|subcontractor|manufacturer"
            r"|wholesaler|device|item)s?\b|\b(?:our|the) (?:purchase|cost|wholesale|buying) price\b"
            r"|\b(?:real|true|actual|underlying|official) (?:cause|reason|explanation|story|line)\b[^.\n]{0,40}?\b(?:is"
            r"|was|we|to give)\b[^.\n]{0,60}\b(?:but|say|tell|blame|however)\b"
            r"|\b(?:blame|pin) (?:it|this|that|the \w+) on\b|\bwe blame\b|\bwe (?:don['’]t|do not|never) (?:say"
            r"|mention|announce|publish|show|advertise|admit) (?:so|it|this|that|them)\b|\b(?:do not|don['’]t"
            r"|never) (?:link|quote|paste|attach|copy) (?:to )?(?:it|this|that|them) (?:in|into"
            r"|to) (?:your )?(?:repl(?:y|ies)|answers?|e-?mails?|tickets?|chats?)\b|\bfor (?:staff|agent|employee"
            r"|team) use\b|\bcost cent(?:er|re) \d+"
            rf"|\b(?:{THIRD})s?\s(?:must|should|need|may)\s?(?:not|n['’]t|never)\s(?:need\sto\s)?(?:know|learn"
            r"|find out|see|hear|be told|notice|be informed|be made aware)\b"
            r"|\bsay (?:only |just |simply |instead )?that (?:the|it|we|there)\b(?=[^.\n]{0,60}(?:late|busy|technical"
            r"|maintenance|policy|courier|weather))"
            rf"|\b(?:do not|don['’]t|never|must not|should not)\s(?:ever\s|please\s)?(?:pass|give|hand|read|send"
            rf"|show|forward|name)\s(?:[\w'’-]+\s){{1,5}}?(?:out\s|on\s|over\s)?to\s(?:the\s|any\s"
            rf"|an?\s)?(?:{THIRD})s?\b|\bwhat (?:we|to) (?:tell|say to) (?:the |our )?(?:{THIRD})s\b|\bfor (?:your"
            rf"|our) eyes only\b"
            r"|\bneed[ -]to[ -]know (?:basis|only)\b|\bunder the (?:table|radar)\b|\bkeep (?:customers|callers"
            r"|guests) (?:in the dark"
            r"|guessing)\b|\b(?:isn['’]t|not|un) ?(?:been )?(?:publicly )?(?:advertised|announced|publici[sz]ed) (?:to"
            r"|yet|but|so|anywhere)\b",
            _I,
        ),
        cues(
            "quote|state|promise|announce|communicate|name|cite|say|so |our |the |blame|pin |not|never|n't|n’t"
            "|must|should|need|may|"
            "what |eyes only|under the|we |cost cent|staff use|agent use|team use|employee use|keep|advertised|publici"
        ),
        _SOFTWARE,
    ),
    Sign(
        "names an internal place",
        re.compile(
            r"\b(?:bastion|jump)[ -](?:host|box|server)\b|\bshared (?:mailbox|inbox|drive|folder|sheet"
            r"|spreadsheet) (?:[A-Z]:|of the|named|called"
            r"|[“\"'‘])"
            rf"|\b(?:only|just)\s(?:the\s)?(?:{STAFF}|gms?|game masters?|leads?|shift leads?|managers on duty"
            r"|l[123]|tier[ -]?[123]|second[ -]line|back[ -]?office|finance|billing|ops)\s(?:\w+\s)?(?:has|have|get|got"
            r"|can (?:see|open|edit|unlock|access|do|view))\b"
            rf"|\b(?:look|pull|bring|call|search|key)\s(?:up|in)\s(?:an?|the)\s(?:{_LOOKED_UP})['’]s\s(?:[\w-]+\s)?"
            r"(?:record|profile|history|purchases?|account|orders?|file|details|number)\b"
            r"|\b(?:our|the (?:team|department|company|support))\s?(?:['’]s)?\s(?:shared (?:drive|inbox|mailbox|sheet"
            r"|folder|spreadsheet)|wiki|notion|sharepoint|teams channel|slack|on-call (?:rota|phone|number|engineer"
            r"|schedule)|rota|duty roster|staff (?:room|portal|handbook))\b"
            r"|\b(?:staff|employee|duty) (?:handbook|roster|rota|intranet|portal|wiki)\b|\bon-call (?:engineer|rota"
            r"|phone|schedule|pager)\b|\b(?:night|day|late|early) shift\b(?=[^.\n]{0,60}\b(?:hand|ticket|queue|pass"
            r"|case|note)\w*)|\bshift (?:lead|handover|log|book)\b|\bhandover (?:note|sheet|log)s?\b",
            _I,
        ),
        cues(
            "bastion|jump|prod|shared|only|just|look|pull|bring|call|search|key |admin|ops|agent|staff|back|case|wiki|"
            "notion|sharepoint|channel|slack|on-call|rota|roster|handbook|shift|handover"
        ),
        _SOFTWARE,
    ),
)
