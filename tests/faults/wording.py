"""Faults of wording, put into an article as a sentence of its own or behind another, in the article's language."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from articles import frontmatter
from articles.health.base import Shelf
from articles.prepare import read_article
from indexer.language import base
from kb.models import PUBLIC, Article

Texts = dict[str, tuple[str, ...]]
Inject = Callable[[Shelf, Article, random.Random], Shelf | None]

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_THINGS: Texts = {
    "en": (
        "the new editor",
        "the billing page",
        "shared calendars",
        "the mobile app",
        "export to PDF",
        "two-step login",
    ),
    "ko": ("새 편집기", "결제 화면", "공유 캘린더", "모바일 앱", "PDF 내보내기", "2단계 로그인"),
}

DATED: Texts = {
    "en": (
        "As of {month} {year}, {thing} is offered in four countries only.",
        "These figures are correct as of {year}.",
        "The list below was complete as of {day} {month} {year}.",
        "Prices (as at {month} {year}) do not include tax.",
        "Starting in {month} {year}, {thing} asks for a confirmation first.",
        "Beginning {month} {day}, {year}, {thing} needs a paid plan.",
        "Fees as of {iso} are shown in the table.",
    ),
    "ko": (
        "{year}년 기준으로 {thing} 기능은 네 나라에서만 제공합니다.",
        "아래 목록은 {year}년 {number}월 기준입니다.",
        "{year}년 {number}월 {day}일 현재 {thing} 요금은 월 3,900원입니다.",
        "요금표({year}. {number}. 기준)에는 부가세가 빠져 있어요.",
        "지원 기종은 {iso} 기준으로 정리했어요.",
    ),
}  # fmt: skip
AGED: Texts = {
    "en": (
        "This feature is currently in beta.",
        "Note that {thing} is still in public preview and may change.",
        "We offer {thing} as a closed beta for now.",
        "At the time of writing, {thing} cannot be shared with guests.",
        "Support for tablets is coming soon.",
        "{thing} will soon be available for everybody.",
        "An option to undo this will be added in a future release.",
        "We recently launched {thing}, so some screens look different.",
        "New in version {version}: {thing} remembers your last choice.",
        "The latest version is {version}, which you find in the store.",
        "Later this year we will move {thing} to the settings menu.",
        "We are working on a fix and will update this article.",
        "In the coming weeks you will see {thing} in your menu.",
    ),
    "ko": (
        "이 기능은 현재 베타입니다.",
        "{thing} 기능은 아직 베타 서비스 중이라 일부 고객에게만 보여요.",
        "지금은 시범 운영 기간이라 무료로 쓸 수 있습니다.",
        "이 글을 쓰는 시점에는 태블릿을 지원하지 않습니다.",
        "{thing} 기능은 곧 출시될 예정입니다.",
        "안드로이드 버전은 출시 예정이에요.",
        "되돌리기 기능은 추후 업데이트에서 지원할 예정입니다.",
        "최근 {thing} 기능이 새로 추가되었습니다.",
        "{version} 버전에서 새로 추가된 기능이에요.",
        "현재 최신 버전은 {version}입니다.",
        "올해 하반기에 메뉴 구성이 바뀝니다.",
        "문제를 고치는 중이며 조만간 업데이트할게요.",
    ),
}
DEADLINES: Texts = {
    "en": (
        "The offer is valid until {day} {month} {year}.",
        "You can keep using the old page until {month} {day}, {year}.",
        "The new fees start on {iso}.",
        "By the end of {year} you must move your files to the new storage.",
        "A repaired version will be available in early {year}.",
        "From {day} {month} {year}, passwords will need twelve characters.",
        "Please renew your certificate before {month} {day}, {year}.",
        "Support for {thing} ends on {month} {day}, {year}.",
        "{thing} is going to be switched off in {month} {year}.",
        "The change takes effect on {day} {month} {year}.",
        "We expect to release the update by {month} {year}.",
        "Registration closes on {month} {day}, {year}.",
        "{thing} is scheduled to launch in Q3 {year}.",
    ),
    "ko": (
        "{year}년 {number}월 {day}일까지 신청해 주세요.",
        "기존 화면은 {year}년 {number}월 {day}일까지만 쓸 수 있습니다.",
        "새 요금은 {year}년 {number}월 {day}일부터 적용될 예정입니다.",
        "개정된 정책은 {year}년 {number}월부터 시행됩니다.",
        "{thing} 기능은 {year}년 상반기에 출시될 예정이에요.",
        "{year}년 말까지 파일을 새 저장소로 옮겨야 합니다.",
        "{iso}부터 로그인 방식이 바뀝니다.",
        "{thing} 지원은 {year}년 {number}월 {day}일에 종료됩니다.",
        "할인은 {year}. {number}. {day}.까지 드려요.",
        "{year}년 {number}월 중에 업데이트를 배포할 계획입니다.",
        "{year}년 3분기에 새 앱을 공개합니다.",
    ),
}
INTERNAL: Texts = {
    "en": (
        "Internal only: up to US$20 may be credited without approval.",
        "Do not tell the customer about the second warehouse.",
        "Agents should check the account for fraud before they answer.",
        "If the problem remains, escalate the ticket to tier 2.",
        "Never share this workaround with customers.",
        "Agent note: the refund limit is higher for gold members.",
        "Assign the ticket to the Billing-Ops queue and add the tag.",
        "For staff use only. Not for external distribution.",
        "See PAY-1834 in Jira for the root cause.",
        "Look the order up at https://backoffice.corp/orders first.",
        "The script is on our internal wiki under Refunds.",
        "Ask the customer for the last four digits of the card, then offer a goodwill credit.",
        "Open the admin dashboard at http://10.20.4.17:8080/tools and search for the account.",
        "This discount is confidential; use it only when the customer threatens to cancel.",
    ),
    "ko": (
        "내부용: 2만 원까지는 승인 없이 보상할 수 있습니다.",
        "이 내용은 고객에게 알리지 마세요.",
        "상담원은 환불 전에 반드시 부정 사용 여부를 확인해야 합니다.",
        "해결되지 않으면 2차 상담팀으로 이관하세요.",
        "고객님께는 다른 창고가 있다고 말씀드리지 않습니다.",
        "자세한 원인은 Jira의 PAY-1834 티켓을 참고하세요.",
        "사내 위키의 환불 스크립트를 그대로 읽어 주세요.",
        "대외비이므로 외부에 공유하지 마세요.",
        "티켓은 결제 운영 큐로 배정하고 태그를 답니다.",
        "주문은 먼저 https://backoffice.corp/orders 에서 조회하세요.",
        "상담사 재량으로 쿠폰을 한 장 더 줄 수 있어요.",
        "응대 스크립트: 불편을 드려 죄송하다고 먼저 말합니다.",
        "직원 전용 안내입니다. 고객 문의가 있으면 팀장에게 에스컬레이션합니다.",
    ),
}
PERSONAL: Texts = {
    "en": (
        "Write to {first}.{last}@{mail} if the form does not work.",
        "The test account is {first}{two}@{mail}.",
        "Call me on 07{two}3 48{two}17 after five.",
        "Her mobile is 010-{four}-{other}.",
        "Tell them the card is {card} and they will find the payment.",
        "My social security number is 2{two}-4{one}-{four}.",
        "Log in with the password: {first}!{four}kQ",
        "The reply came from {last}_{first}@{mail} last week.",
        "Send the form to {first} ({first}@{mail}).",
        "Her SSN: 4{two}-2{one}-{other}, his phone number: 010 {other} {four}.",
    ),
    "ko": (
        "양식이 안 되면 {first}.{last}@{mail}으로 보내 주세요.",
        "담당자 휴대폰은 010-{four}-{other}입니다.",
        "박 과장(010-{other}-{four})에게 전화하세요.",
        "주민등록번호 8{one}0{one}1{one}-1{two}{four}로 조회하면 됩니다.",
        "테스트 계정은 {first}{two}@{mail}이에요.",
        "카드 번호 {card}로 결제한 고객입니다.",
        "비밀번호는 {first}!{four}kQ 입니다.",
        "문의는 {last}{two}@{mail}로 받습니다.",
        "연락처: 010{four}{other}",
        "계좌번호 11{one}-{two}3-{four}{two}로 입금했습니다.",
    ),
}
UNFINISHED: Texts = {
    "en": (
        "TODO: describe the second screen.",
        "The limit is TBD.",
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit.",
        "[Insert screenshot here]",
        "Choose the plan (add link).",
        "This section is to be written.",
        "FIXME check the numbers with finance",
        "Call us on XXX if it does not work.",
        "Dear {{{{customer_name}}}}, your request is on its way.",
        "<<insert product name>> must be installed first.",
        "Placeholder text for the introduction.",
        "Open the page at [URL].",
        "Content goes here.",
        "More details to follow.",
    ),
    "ko": (
        "추후 작성",
        "이 부분은 나중에 작성할 예정입니다.",
        "자세한 내용은 [링크]를 참고하세요.",
        "(여기에 스크린샷 삽입)",
        "TODO 두 번째 화면 설명",
        "한도는 TBD입니다.",
        "내용을 입력하세요.",
        "[이미지 추가]",
        "문서 작성 중입니다.",
        "{{{{고객명}}}}님, 요청하신 내용을 확인했어요.",
        "담당 부서 확인 후 업데이트 예정",
        "xxx 메뉴에서 설정합니다.",
        "[제품명]을 먼저 설치하세요.",
    ),
}
HARD: Texts = {
    "en": (
        "Notwithstanding the aforementioned configuration considerations, administrators responsible for the "
        "administration of organizational environments in which authentication infrastructure has been modified "
        "subsequently to the initial deployment should ensure that the corresponding authorization policies, "
        "insofar as they are applicable, have been appropriately re-evaluated prior to continuing.",
        "In circumstances where the functionality that is described in the preceding documentation is unavailable "
        "because of organizational limitations that were established independently of the application, it is "
        "recommended that the individual who is responsible for the subscription initiate communication with the "
        "department that is accountable for administering entitlements.",
        "The applicability of the compensation, which is calculated proportionally to the remaining duration of the "
        "subscription and which is additionally subject to the regulations that govern promotional agreements, is "
        "determined exclusively after the verification of the documentation that accompanies the application.",
    ),
    "ko": (
        "앞에서 설명한 설정을 변경하지 않은 상태에서 관리자가 조직의 인증 정책을 다시 평가하지 않고 사용자에게 "
        "권한을 부여하는 경우 "
        "기존에 적용되어 있던 접근 제한이 해제되면서 예상하지 못한 정보가 노출될 수 있으므로 반드시 해당 정책의 "
        "적용 범위를 먼저 확인하고 "
        "필요한 조치를 완료한 다음에 이어지는 절차를 진행하여야 하며 그렇지 않을 경우 발생하는 문제에 대하여 "
        "책임을 지지 않습니다.",
        "구독 기간이 종료되기 이전에 요금제를 변경하고자 하는 고객은 남아 있는 이용 기간에 비례하여 산정되는 "
        "금액에서 이미 제공된 할인 혜택에 "
        "해당하는 금액을 공제한 나머지를 환급받을 수 있으나 환급 신청 시점에 미납된 요금이 존재하거나 별도의 "
        "약정이 체결되어 있는 경우에는 "
        "그 내용에 따라 환급 여부와 범위가 달라질 수 있으므로 신청하기 전에 상세한 조건을 확인하시기 바랍니다.",
        "본 서비스의 이용 과정에서 수집된 정보의 보관 및 처리와 관련하여 관계 법령이 정하는 바에 따라 일정 기간 "
        "보존하여야 하는 항목을 "
        "제외하고는 이용자의 요청이 접수되는 즉시 파기하는 것을 원칙으로 하되 분쟁의 해결을 위하여 필요하다고 "
        "인정되는 범위에서는 그 "
        "사유가 소멸할 때까지 보관할 수 있으며 이 경우 이용자에게 그 사실을 통지합니다.",
    ),
}


def _language(article: Article) -> str:
    return "ko" if base(article.metadata.locale) == "ko" else "en"


def _filled(text: str, language: str, today: date, rng: random.Random) -> str:
    """A text with a date two to eight years past, and whatever else it asks for."""
    then = today - timedelta(days=rng.randint(760, 2900))
    return text.format(
        year=then.year,
        month=_MONTHS[then.month - 1],
        number=then.month,
        day=then.day,
        iso=then.isoformat(),
        version=f"{rng.randint(2, 9)}.{rng.randint(0, 9)}",
        thing=rng.choice(_THINGS[language]),
        first=rng.choice(("mira", "tomas", "jiwon", "aylin")),
        last=rng.choice(("okafor", "seo", "lindqvist", "bae")),
        mail=rng.choice(("gmail.com", "naver.com", "outlook.com", "daum.net")),
        one=rng.randint(1, 8),
        two=rng.randint(12, 89),
        four=rng.randint(2345, 8976),
        other=rng.randint(2345, 8976),
        card=_card("5399", rng),
    )


def _card(start: str, rng: random.Random) -> str:
    """Sixteen digits with a check digit, in fours."""
    digits = [int(char) for char in start] + [rng.randint(0, 9) for _ in range(15 - len(start))]
    doubled = (d * 2 - 9 * (d > 4) if i % 2 == 0 else d for i, d in enumerate(digits))
    number = "".join(map(str, digits)) + str(-sum(doubled) % 10)
    return " ".join(number[i : i + 4] for i in range(0, 16, 4))


def _with_text(markdown: str, text: str, article: Article, shelf: Shelf, rng: random.Random) -> str:
    """The Markdown with a text as a paragraph of its own, or at a paragraph's end."""
    lines = markdown.split("\n")
    blocks = [block for block in shelf.document(article).blocks if block.kind == "paragraph"]
    ends = [block.lines[1] for block in blocks if not lines[block.lines[1] - 1].startswith(">")]  # no quoted message
    plain = [end for end in ends if lines[end - 1].strip() and lines[end - 1].rstrip()[-1] in ".다요"]
    if not ends:
        return f"{markdown.rstrip()}\n\n{text}\n"
    if plain and rng.random() < 0.5:
        at = rng.choice(plain)
        lines[at - 1] = f"{lines[at - 1].rstrip()} {text}"
    else:
        at = rng.choice(ends)
        lines[at:at] = ["", text, ""]
    return "\n".join(lines)


def _shelf(shelf: Shelf, article: Article, markdown: str) -> Shelf:
    worse = read_article(markdown, article.source, article.id, article.folder)
    return replace(shelf, articles={**shelf.articles, article.id: replace(worse, version=article.version)})


def _sentence(texts: Texts, *, public: bool = False) -> Inject:
    def inject(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
        if public and article.metadata.audience != PUBLIC:
            return None
        language = _language(article)
        text = _filled(rng.choice(texts[language]), language, shelf.today, rng)
        return _shelf(shelf, article, _with_text(article.markdown, text, article, shelf, rng))

    return inject


def _outdated(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    """A date that is long past, or a word of what is new in an article that is not."""
    if rng.random() < 0.4:
        return _sentence(DATED)(shelf, article, rng)
    day = shelf.today - timedelta(days=rng.randint(400, 2900))
    markdown = frontmatter.rewritten(article.markdown, {"updated": day}, article.source)
    aged = _shelf(shelf, article, markdown)
    return _sentence(AGED)(aged, aged.articles[article.id], rng)


def _hard(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    """As many hard sentences as the article has of others."""
    language = _language(article)
    many = max(10, article.markdown.count(". ") + article.markdown.count(".\n"))
    text = "\n\n".join(rng.choice(HARD[language]) for _ in range(many))
    return _shelf(shelf, article, f"{article.markdown.rstrip()}\n\n{text}\n")


VERSIONS: Texts = {
    "en": (
        "The latest version is {old}.",
        "The current firmware is {old}.",
        "You find the switch there since the menu moved. All customers use version {old}.",
        "Version {old} is the one that we recommend, and the current one.",
        "This is new in version {old}.",
    ),
    "ko": (
        "현재 최신 버전은 {old}입니다.",
        "최신 펌웨어({old})로 업데이트하세요.",
        "{old} 버전에서 새로 추가된 기능이에요.",
        "지금 쓰는 버전은 {old}입니다.",
    ),
}
NEWER: Texts = {
    "en": ("Version {new} shows it on the first page.", "It was mended with version {new}."),
    "ko": ("{new} 버전에서는 첫 화면에 있어요.", "버전 {new}에서 고쳐졌습니다."),
}


def _older_version(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    """A version as the present one, and a newer one in another article of the same product."""
    place = (article.metadata.space, article.metadata.product)
    others = [a for a in shelf.published if (a.metadata.space, a.metadata.product) == place and a.id != article.id]
    if not others or not article.metadata.product:
        return None
    other, number = rng.choice(others), rng.randint(40, 60)  # newer than what starter articles name
    older = rng.choice(VERSIONS[_language(article)]).format(old=f"{number}.{rng.randint(0, 9)}")
    newer = rng.choice(NEWER[_language(other)]).format(new=f"{number + 1}.{rng.randint(0, 9)}")
    both = _shelf(shelf, other, _with_text(other.markdown, newer, other, shelf, rng))
    worse = _shelf(both, article, _with_text(article.markdown, older, article, shelf, rng))
    changed = (article.id, other.id)
    return replace(worse, known={name: facts for name, facts in shelf.known.items() if name not in changed})


INJECT: dict[str, Inject] = {
    "older_version": _older_version,
    "outdated_wording": _outdated,
    "past_deadline": _sentence(DEADLINES),
    "hard_to_read": _hard,
    "internal_wording": _sentence(INTERNAL, public=True),
    "personal_data": _sentence(PERSONAL, public=True),
    "placeholder": _sentence(UNFINISHED),
}
