"""From a ticket to a question and to suggestions."""

from __future__ import annotations

import json

import pytest

from kb.errors import InvalidInput
from search.suggest import suggest
from search.ticket import body, parse, question
from tests.conftest import CUSTOMER, Shop


def test_greeting_signature_and_quotes_are_stripped() -> None:
    text = "Hi there,\nThe app closes on launch.\n\nBest regards,\nAnna\n\nOn Mon, Nov 2, support wrote:\n> Hello"
    assert body(text) == "The app closes on launch."


def test_the_same_in_korean() -> None:
    text = "안녕하세요, 고객센터님.\n환불이 아직 안 됐어요.\n감사합니다.\n김민지 드림\n> 이전 답변"
    assert body(text) == "환불이 아직 안 됐어요."


def test_a_message_that_is_all_greeting_stays() -> None:
    assert body("Hello!") == "Hello!"


def test_plain_text_with_a_subject() -> None:
    ticket = parse("Subject: Late box\n\nIt has not come.\n")
    assert (ticket.subject, question(ticket)) == ("Late box", "Late box\nIt has not come.")


def test_the_customers_words_count_not_the_agents() -> None:
    ticket = parse(
        '{"subject": "결제", "messages": [{"text": "결제 실패"}, {"author": "agent", "text": "캡처 부탁드려요"},'
        ' {"text": "NR-2207이 떠요"}]}'
    )
    assert question(ticket) == "결제\n결제 실패\nNR-2207이 떠요"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{oops", "looks like JSON"),
        ('{"messages": "x"}', "messages: 'x' is not a list"),
        ('{"messages": [{"author": "bot", "text": "x"}]}', r"messages\[0\].author: 'bot'"),
        ('{"messages": [{"author": "agent"}]}', r"messages\[0\]: needs"),
        ('{"subject": 5}', "subject: 5"),
        ("  \n ", "no words"),
        ('{"subject": "", "messages": []}', "no words"),
    ],
)
def test_a_malformed_ticket_says_what_is_wrong(text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        parse(text, "t.json")


def test_suggestions_say_why_in_the_tickets_language(shop: Shop) -> None:
    shop.put("refunds-ko", "환불은 14일 이내에 해 드립니다.", title="환불 안내", locale="ko")
    shop.put("refunds", "Refunds are paid within 14 days.", title="Refunds")
    korean = suggest(shop.engine, parse("안녕하세요.\n환불 언제 되나요"), CUSTOMER)
    why = {hit.id: reason for hit, reason in zip(korean.results.hits, korean.why, strict=True)}
    assert "같은 말: ‘환불’" in why["refunds-ko"]
    english = suggest(shop.engine, parse("when are the refunds paid"), CUSTOMER)
    assert english.why[0].startswith(("shares ‘refunds’, ‘paid’", "shares ‘paid’, ‘refunds’"))


def test_reasons_are_in_the_agents_language_where_it_is_known(shop: Shop) -> None:
    shop.put("refunds-ko", "환불은 14일 이내에 해 드립니다.", title="환불 안내", locale="ko")
    found = suggest(shop.engine, parse("환불 언제 되나요"), CUSTOMER, language="en-GB")
    assert found.why[0].startswith("shares ‘환불’")


@pytest.mark.parametrize(
    "mention",
    [
        "https://help.example.com/articles/refunds",
        "see /articles/refunds#when.",
        "[here](https://help.example.com/en/refunds.md)",
        "(https://help.example.com/articles/refunds?from=mail)",
    ],
)
def test_what_the_ticket_links_to_is_not_suggested_again(shop: Shop, mention: str) -> None:
    shop.put("refunds", "Refunds are paid within 14 days.", title="Refunds")
    shop.put("refunds-late", "Refunds that are late.", title="Late refunds")
    messages = [{"text": "refunds?"}, {"author": "agent", "text": mention}]
    ticket = parse(json.dumps({"subject": "refunds", "messages": messages}))
    assert [hit.id for hit in suggest(shop.engine, ticket, CUSTOMER).results.hits] == ["refunds-late"]


def test_what_an_agent_dismissed_is_not_suggested_again(shop: Shop) -> None:
    shop.put("refunds", "Refunds are paid within 14 days.", title="Refunds")
    ticket = parse('{"subject": "refunds", "messages": [], "dismissed": ["refunds"]}')
    assert suggest(shop.engine, ticket, CUSTOMER).results.hits == ()
    with pytest.raises(InvalidInput, match="dismissed: 'refunds' is not a list"):
        parse('{"subject": "refunds", "dismissed": "refunds"}')


def test_a_reason_that_names_the_code_does_not_say_that_no_words_are_shared(shop: Shop) -> None:
    shop.put("failed", "The app shows NR-2207.", title="Payment failed")
    found = suggest(shop.engine, parse("NR-2207?"), CUSTOMER)
    assert found.why[0].startswith("about NR-2207 · similar in meaning")
