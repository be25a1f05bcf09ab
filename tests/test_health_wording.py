"""The checks that read an article's words: what they must find, in English and Korean, and what only looks like it."""

from __future__ import annotations

import json
import random
import time
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.health import deadline, internal, outdated, placeholder, private, readability, superseded
from articles.health.base import Check, Flag, Shelf
from articles.health.phrases import QUOTE, plain, prose
from articles.health.phrases.dates import mentions, yearless
from articles.health.words import say
from articles.prepare import read_article
from bench.phrasings import flagged
from kb.models import Article
from tests.conftest import STARTER
from tests.faults.wording import INJECT

PHRASINGS = {"phrasings.jsonl": {"dev": 0.95, "kept": 0.95}, "phrasings_second.jsonl": {"second": 0.72}}
TODAY = date(2026, 11, 23)
OLD = TODAY - timedelta(days=700)
CHECKS = {
    module.CHECK.name: module.CHECK for module in (outdated, deadline, readability, internal, private, placeholder)
}


def written(text: str, *, updated: date | None = OLD, audience: str = "public", locale: str = "") -> Article:
    korean = any("가" <= char <= "힣" for char in text)
    said = f"updated: {updated}\n" if updated else ""
    front = f"---\ntitle: A title\nlocale: {locale or ('ko' if korean else 'en')}\naudience: {audience}\n{said}---\n"
    return read_article(f"{front}\n# A title\n\n{text}\n", "a.md", "a")


def look(check: Check, article: Article, **chosen: float) -> list[Flag]:
    return list(check.look(article, Shelf({article.id: article}, TODAY, {check.name: chosen})))


@cache
def starter() -> Shelf:
    paths = sorted(path for path in STARTER.rglob("*.md"))
    articles = [read_article(path.read_text(), str(path.relative_to(STARTER)), path.stem) for path in paths]
    return Shelf({article.id: article for article in articles}, TODAY)


FOUND = {
    "outdated_wording": [
        "As of June 2022, five banks take part.",
        "Rates (as at 1 March 2021) are listed below.",
        "Effective 1 May 2022, guests see the plan.",
        "Group chat is still in closed beta.",
        "Dark mode is coming soon.",
        "The error will be fixed in an upcoming version.",
        "We have recently redesigned this page.",
        "The current version is 3.1.4.",
        "At the time of writing, Linux is not covered.",
        "New in v4: the calendar keeps its colours.",
        "2022년 6월 기준 다섯 개 은행이 참여합니다.",
        "수수료는 2021. 3. 기준이에요.",
        "단체 대화는 아직 시범 운영 중입니다.",
        "다크 모드는 곧 지원될 예정입니다.",
        "4.0 버전부터 새롭게 추가된 기능입니다.",
        "현재 버전은 3.1.4입니다.",
        "내년부터 요금 체계가 바뀝니다.",
        "Because of the pandemic, the counters are closed.",
        "Our newest console came out a few weeks ago.",
        "Since last month's update, the list is shorter.",
        "The Windows app doesn't support tabs yet.",
        "> The widget for phones will follow soon.",
        "얼마 전 바뀐 화면에서는 버튼이 아래에 있어요.",
        "지금은 은행 한 곳만 이용할 수 있어요.",
        "올 상반기에 개편된 화면입니다.",
    ],
    "past_deadline": [
        "You can switch for free until 30 June 2024.",
        "The old key stops working on 2024-02-01.",
        "You need to move your data by the end of 2023.",
        "A new app will be available in early 2022.",
        "Starting March 2024, the limit will be ten.",
        "2024년 6월 30일까지 무료로 바꿀 수 있어요.",
        "3월 1일부터 새 약관이 시행됩니다.",
        "2023년 말까지 자료를 옮기세요.",
        "2024. 2. 1.부터 요금이 바뀝니다.",
        "Orders can be placed up to and including 20 August 2024.",
        "The shop reopens on Monday, 7 April 2025.",
        "We'll move the servers in the third quarter of 2025.",
        "You have until 3 p.m. on 20 March 2025 to appeal.",
        "The offer runs from 1 to 31 August 2025.",
        "'25년 7월 1일부로 차단됩니다.",
        "접수 마감은 2025년 5월 9일 18시입니다.",
        "응모는 2025. 9. 15. 자정까지 가능합니다.",
        "6월 말까지 카드를 바꿔 주세요.",
    ],
    "internal_wording": [
        "Internal use only: add the tag first.",
        "Please don't mention the delay to the customer.",
        "Escalate to L2 when the log is empty.",
        "Agents can waive the fee once.",
        "It is tracked as OPS-381 in Jira.",
        "The list is on http://tools.acme.corp/list.",
        "Search at http://10.1.2.3/backoffice for the order.",
        "내부 전용: 태그를 먼저 답니다.",
        "지연 사실을 고객에게 말하지 마세요. 고객에게 지연 사실을 안내하지 않습니다.",
        "2차 상담팀에 이관합니다.",
        "상담원은 수수료를 한 번 재량으로 면제할 수 있습니다.",
        "사내 메신저로 담당자를 찾으세요.",
        "Tick the box in BackOffice and use macro 14.",
        "> INTERNAL ONLY - take this out before publishing.",
        "Clerks should pend the claim and ask the policy desk (ext. 4417).",
        "If the caller becomes abusive, hang up.",
        "고객에게는 '품절'이라고 답하세요.",
        "이 사실은 먼저 언급하지 않습니다.",
        "어드민에서 회원을 검색해 정지를 풀어 주세요.",
    ],
    "personal_data": [
        "Write to jane.okoro@gmail.com.",
        "Her number is 010-7391-2846.",
        "The card was 5399 8312 4470 9917.",
        "The password is kR7!wvmp2",
        "주민등록번호는 900101-1284937입니다.",
        "담당자 메일은 minji.han@naver.com이에요.",
        "연락처: **010**-7391-2846",
        "For example, card 4716 9083 2257 4196, expiry 08/27.",
        "Order 78-4410926 (Priscilla Odhiambo) was delivered twice.",
        "Her National Insurance number is JG 48 27 91 B.",
        "`10:22:01 LOGIN user=heather.boone ok`",
        "203동 904호 모지환 님이 보상을 받으셨어요.",
        "차량번호 37나 8291은 등록되어 있습니다.",
    ],
    "placeholder": [
        "TODO add the second step",
        "The price is TBD.",
        "See [link].",
        "(insert screenshot here)",
        "Lorem ipsum dolor sit amet.",
        "Hello {{ first_name }}, welcome.",
        "What goes wrong, and the shortest fix that helps most people.",
        "가격은 TBD이며 확인이 필요해요.",
        "[스크린샷]",
        "이 절은 추후 작성 예정입니다.",
        "여기에 이미지를 넣으세요.",
        "Returns are accepted within XX days.",
        "The fee is $__.__ a line.",
        "Write to <support e-mail here> about it.",
        "Choose (exact menu name?) first.",
        "Call [PARTNER NAME] about it.",
        "○○일 안에 신청하세요.",
        "환승은 (시간 기재) 안에 하세요.",
        "가격: 미정",
    ],
}
PASSED = {
    "outdated_wording": [
        "This article is about Windows Server 2012 and SQL Server 2005.",
        "What's new in 4.0 is told elsewhere.",
        "Support ended as of January 2020, and there is no longer an update.",
        "As of version 4.2, the button is blue.",
        "Open the picture in preview mode.",
        "If you recently changed your password, sign in again.",
        "The invoice shows what you used this year.",
        "As of October 2026, five banks take part.",
        "매출은 결제일 기준으로 집계합니다.",
        "현재 위치를 켜 주세요.",
        "상품 준비 중 단계에서는 취소할 수 있어요.",
        "배송 예정일은 주문 내역에 있어요.",
        "최근 변경된 비밀번호를 입력하세요.",
        "Recently played games stand first.",
        "Always install the latest version of the app.",
        "상태가 '출시 예정'이면 담을 수 없어요.",
        "> Error: the file will be available soon",
    ],
    "past_deadline": [
        "The update was released on 12 May 2021.",
        "Support ended on January 14, 2020.",
        "For example, a plan bought on 3 May 2024 ends on 3 June 2024.",
        "When you start Windows Server 2008, an error is shown.",
        "Open Visual Studio 2013.",
        "You can use it until 31 December 2030.",
        "Send the form by 31 March every year.",
        "2021년 5월 12일에 출시되었습니다.",
        "2023년 12월 31일까지 가입한 고객은 그대로 쓸 수 있어요.",
        "매년 3월 1일부터 신청합니다.",
        "본 약관은 2023년 1월 1일부터 적용됩니다.",
        "Example: a contract that begins on 15 April 2025 ends on 14 April 2026.",
        "2023년 1월 1일 이전에 가입한 고객은 요금이 유지됩니다.",
        "이 제도는 2025년 3월 1일부터 시행되고 있습니다.",
    ],
    "internal_wording": [
        "Move the photos to internal storage.",
        "HTTP 500 Internal Server Error is shown.",
        "Set the router to 10.0.0.1 and open http://10.0.0.1 in a browser.",
        "Install the monitoring agent; the agent must run as a service.",
        "Do not share your password with anybody.",
        "Our agents answer from 9:00 to 18:00.",
        "The encoding is UTF-8 and the hash SHA-256, see CVE-2021-44228.",
        "The virtual switch is for the internal network only.",
        "Use corp.contoso.com as the domain.",
        "상담원은 평일 9시부터 6시까지 답변해요.",
        "내부 저장 공간을 비우고 내부 서버 오류를 확인하세요.",
        "고객센터에 알려 주세요.",
        "You can escalate your complaint to the ombudsman.",
        "Set an approval limit for each employee.",
        "한도를 넘는 구매 요청은 팀장 승인 단계로 넘어갑니다.",
    ],
    "personal_data": [
        "Write to support@naru.io or to name@example.com.",
        "Call 1588-1234 or (206) 555-0142.",
        "Enter a number such as 010-0000-0000 or 010-1234-5678.",
        "Use the test card 4111 1111 1111 1111.",
        "Your password is at least 8 characters long.",
        "The address of the router is 192.168.0.1.",
        "Sign in as user1@contoso.com.",
        "고객센터 02-3456-7890로 전화해 주세요.",
        "주문번호 20240301-123456을 준비해 주세요.",
        "예를 들어 hong@naver.com처럼 입력합니다.",
        "Acme Ltd, registered office: 40 Harbour Street, Bristol BS1 4RN.",
        "홍길동 님, 주문번호 12345678처럼 적습니다.",
    ],
    "placeholder": [
        "Run `copy TODO.txt <destination>` and replace `xxx`.",
        "Add it to your to-do list.",
        "> Error XXX: the TODO was not found",
        "See [link](other.md) and [name][1].\n\n[1]: other.md",
        "The amount to be paid is shown.",
        "<b>Bold</b> text and a <code>name</code>.",
        "메일을 작성 중일 때 저장됩니다.",
        "이름 칸에 내용을 입력하세요.",
        "[링크](a.md)를 누르세요.",
        "A fixture marked **TBD** has no time yet.",
        "Serial numbers look like XX-00000.",
        "'미정(TBD)'이라고 표시된 경기입니다.",
    ],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in FOUND.items() for text in texts])
def test_is_found_in_its_line(name: str, text: str) -> None:
    article = written(f"A first paragraph.\n\n{text}\n\nA last one.")
    flags = look(CHECKS[name], article)
    assert flags, text
    assert {flag.line for flag in flags} == {article.markdown.split("\n").index(text) + 1}
    assert all(flag.check == name and flag.quote and flag.fix and flag.evidence for flag in flags)


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in PASSED.items() for text in texts])
def test_what_only_looks_like_it_is_not(name: str, text: str) -> None:
    assert not look(CHECKS[name], written(text)), text


@pytest.mark.parametrize(("file", "parts"), PHRASINGS.items())
def test_phrasings_by_somebody_else_are_found(file: str, parts: dict[str, float]) -> None:
    """The first file was tuned on; of the second, no text may be looked at."""
    path = Path(__file__).parent / "fixtures" / file
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for part, least in parts.items():
        judged = [(line["fault"], flagged(line)) for line in lines if line["part"] == part]
        faults = [found for fault, found in judged if fault]
        alike = [found for fault, found in judged if not fault]
        assert sum(faults) >= least * len(faults), part
        assert sum(alike) <= 0.1 * len(alike), part


@pytest.mark.parametrize("name", sorted(INJECT.keys() & CHECKS.keys()))
def test_faults_put_into_clean_articles_are_found(name: str) -> None:
    shelf, rng, tried, missed = starter(), random.Random(5), 0, []
    for article in shelf.published:
        worse = None if list(CHECKS[name].look(article, shelf)) else INJECT[name](shelf, article, rng)
        if worse:
            tried += 1
            missed += [] if list(CHECKS[name].look(worse.articles[article.id], worse)) else [article.id]
    assert tried > 30
    assert len(missed) <= tried * 0.05, missed


def test_starter_articles_have_what_was_planted_and_no_more() -> None:
    shelf = starter()
    found = {
        (flag.check, article.source, flag.line)
        for check in CHECKS.values()
        for article in shelf.published
        for flag in check.look(article, shelf)
    }
    assert found == {
        ("outdated_wording", "en/notifications-not-arriving.md", 55),
        ("outdated_wording", "ko/cash-receipt.md", 47),
        ("internal_wording", "en/damaged-missing-items.md", 48),
    }


def test_wording_without_a_date_ages_with_the_article() -> None:
    text = "The feature is currently in beta."
    assert not look(outdated.CHECK, written(text, updated=TODAY - timedelta(days=20)))
    assert not look(outdated.CHECK, written(text, updated=None))
    assert look(outdated.CHECK, written(text, updated=TODAY - timedelta(days=20)), days=10)


def test_a_day_without_a_year_is_the_next_after_the_last_change() -> None:
    text = "The fee changes: it will start on 1 March and you must agree by 3 March."
    assert look(deadline.CHECK, written(text, updated=date(2026, 2, 1)))
    assert not look(deadline.CHECK, written(text, updated=date(2026, 10, 1)))
    assert not look(deadline.CHECK, written(text, updated=None))


@pytest.mark.parametrize("check", [internal.CHECK, private.CHECK])
def test_agents_may_read_what_is_theirs(check: Check) -> None:
    assert not look(check, written("Internal only: ask kim.minsu@naver.com.", audience="internal"))


def test_personal_data_is_not_repeated() -> None:
    path = Path(__file__).parent / "fixtures" / "phrasings.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    texts = [line["text"] for line in lines if line["check"] == private.CHECK.name and line["fault"]]
    found = [flag for text in texts for flag in look(private.CHECK, written(text))]
    assert {"birth", "home", "number", "phone", "email"} <= {flag.evidence["kind"] for flag in found}
    for flag in found:
        assert flag.message in {say("shows {what} to everybody", what=name) for name in private._NAMES.values()}
        assert flag.quote == f"[{flag.evidence['kind']}]"
        assert flag.evidence.keys() == {"kind", "count", "lines"}
        assert flag.evidence["kind"] in private._NAMES


def test_the_same_words_again_are_one_flag() -> None:
    (flag,) = look(placeholder.CHECK, written("The price is TBD.\n\nThe date is TBD.\n\n- TBD"))
    assert flag.evidence["count"] == 3
    assert flag.evidence["lines"] == [10, 12, 14]


def test_hard_english_is_measured_and_its_hardest_sentence_named() -> None:
    easy = "Press the red key. Wait for the light. It turns green. Then take your card. " * 3
    hard = (
        "The administrative organisation's authorisation considerations necessitate a comprehensive re-evaluation of "
        "every individual configuration that was previously implemented before the aforementioned migration. "
    ) * 9
    assert not look(readability.CHECK, written(easy))
    (flag,) = look(readability.CHECK, written(f"{easy}\n\n{hard}"))
    assert flag.evidence["measure"] == "flesch_kincaid_grade"
    assert flag.line == 12
    assert not look(readability.CHECK, written(hard, locale="de"))
    assert not look(readability.CHECK, written(f"```\n{hard}\n```"))


def test_hard_korean_is_long_or_nested() -> None:
    easy = "빨간 단추를 눌러요. 불이 켜질 때까지 기다려요. 초록색으로 바뀌어요. 카드를 꺼내요. " * 3
    nested = (
        "설정을 바꾸고 저장했지만 화면이 그대로이면 앱을 껐다가 켜고 다시 들어가서 값을 보며 하나씩 고치는데 "
        "그래도 같으면 알려 주세요. "
    )
    assert not look(readability.CHECK, written(easy))
    (flag,) = look(readability.CHECK, written(easy + nested * 8))
    assert flag.evidence["long_share"] > 0.25


def test_dates_as_sentences_name_them() -> None:
    texts = {
        "by 31 December 2024": date(2024, 12, 31),
        "on 12/31/2024": date(2024, 12, 31),
        "2024년 12월 31일까지": date(2024, 12, 31),
        "2024. 3. 기준": date(2024, 3, 31),
        "in Q3 2024": date(2024, 9, 30),
        "2024년 하반기에": date(2024, 12, 31),
        "in early 2022": date(2022, 4, 30),
        "in February 2024": date(2024, 2, 29),
        "in 2023": date(2023, 12, 31),
    }
    assert {text: mentions(text, 0, len(text))[0].last for text in texts} == texts
    for text in ("build 2019.1", "10.0.2024.1", "KB2024123", "2020년대"):
        assert not mentions(text, 0, len(text)), text
    assert [found.first for found in yearless("3월 1일부터", 0, 7, date(2025, 3, 2))] == [date(2026, 3, 1)]


def test_prose_keeps_lines_and_leaves_code_out() -> None:
    article = written(
        "> [!TIP]\n> Take **care**\n> of `a b`.\n\n```\ncode TODO\n```\n\n- one <!-- TBD -->\n- [two](b.md)"
    )
    text = prose(article)
    assert "Take care\nof \u25ab." in text.text
    assert "TODO" not in text.text
    assert "TBD" not in text.text
    assert text.line(text.text.index("two")) == article.markdown.split("\n").index("- [two](b.md)") + 1
    assert plain("a [b\nc](d) <b\n>e").count("\n") == 2


words = st.sampled_from(
    [
        *("TODO ", "[", "](", "`", "as of 2023 ", "2023년 기준 ", "<", "<!--", "\n", "\n\n"),
        *("> ", "- ", "|", "a@b.kr ", "```\n", "\r", ". "),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(words, st.text(max_size=6)), max_size=40).map("".join))
def test_no_text_breaks_a_check(text: str) -> None:
    article = written(text.replace("\0", ""))
    last = len(prose(article).lines)
    for check in CHECKS.values():
        for flag in look(check, article):
            assert 0 < flag.line <= last
            assert len(flag.quote) <= QUOTE


@pytest.mark.parametrize("text", ["", "---\ntitle: x\n---\n", "```\nTODO\n```", "<!-- TODO -->", "\ufeff"])
def test_an_article_without_prose_has_no_fault_of_wording(text: str) -> None:
    article = read_article(text, "a.md", "a")
    assert not [flag for check in CHECKS.values() for flag in look(check, article)]


@pytest.mark.parametrize(
    "piece", ["[", "$[", "(", "{", "the ", "this guide ", "고객이 ", "이 문서의 ", "!\n", "* !\n", "- "]
)
def test_a_hostile_text_is_read_in_seconds(piece: str) -> None:
    article = written("TODO: internal, confidential, renew by May, placeholder here " + piece * (30_000 // len(piece)))
    start = time.process_time()
    for check in (*CHECKS.values(), superseded.RETIRED_WORDING):
        look(check, article)
    assert time.process_time() - start < 10


def test_a_fault_said_a_thousand_times_is_few_flags() -> None:
    for text in ("TODO ", "As of 2023, yes. ", "Until 31 May 2024. ", "Internal only. ", "Password: a1b2! "):
        article = written(text * 1_000)
        assert 1 <= sum(len(look(check, article)) for check in CHECKS.values()) <= 2, text
