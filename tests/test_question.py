"""What a question may say: phrases, fields, exclusions, synonyms, slips of the keyboard; and its completion."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient

from indexer.language import detect
from kb.errors import InvalidInput
from kb.settings import load
from search import synonyms
from search.home import Home
from search.query import encode
from search.syntax import Clause, parse
from tests.conftest import AGENT, CUSTOMER, Shop


@pytest.mark.parametrize(
    ("text", "kept", "clauses"),
    [
        ("how do refunds work", "how do refunds work", []),
        ('"yearly plan" refund', "yearly plan refund", [("", "yearly plan", False)]),
        ("“연간 구독” 환불", "연간 구독 환불", [("", "연간 구독", False)]),
        ("refund -hub", "refund", [("", "hub", True)]),
        ('refund -"gift card"', "refund", [("", "gift card", True)]),
        ("title:환불 기간", "환불 기간", [("title", "환불", False)]),
        ("product:naru-hub wifi", "wifi", [("product", "naru-hub", False)]),
        ('tag:"money back"', "money back", [("tag", "money back", False)]),
        ("wifi -product:naru-app", "wifi", [("product", "naru-app", True)]),
        ("npm install --no-cache", "npm install --no-cache", []),
        ("error: it fails", "error: it fails", []),
        ("it's 5-10 days", "it's 5-10 days", []),
        ('the "unclosed quote', 'the "unclosed quote', []),
        ("https://example.com/a", "https://example.com/a", []),
    ],
)
def test_the_query_language(text: str, kept: str, clauses: list[tuple[str, str, bool]]) -> None:
    parsed = parse(text)
    assert (parsed.text, list(parsed.clauses)) == (kept, [Clause(*clause) for clause in clauses])


def test_only_exclusions_are_refused() -> None:
    with pytest.raises(InvalidInput, match="says only what not to find"):
        parse("-refund")


@pytest.fixture
def shelf(shop: Shop) -> Shop:
    shop.put("plan", "Refund of a yearly plan within 14 days.", title="Refunds", product="billing", tags="[money]")
    shop.put("hub", "Refund of a hub. A plan is yearly.", title="Hub", product="hub")
    shop.put("secret", "Refund of a yearly plan by goodwill.", title="Goodwill", audience="internal")
    return shop


@pytest.mark.parametrize("compacted", [False, True])
@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("refund", {"plan", "hub"}),
        ('refund "yearly plan"', {"plan"}),
        ('refund "said nowhere at all"', {"plan", "hub"}),
        ("refund -hub", {"plan"}),
        ("refund -product:hub", {"plan"}),
        ("refund product:HUB", {"hub"}),
        ("title:hub refund", {"hub"}),
        ("tag:money refund", {"plan"}),
        ("id:hub refund", {"hub"}),
        ("id:secret refund", set()),
        ("title:goodwill refund", set()),
    ],
)
def test_conditions_decide_which_articles_are_results(shelf: Shop, query: str, ids: set[str], compacted: bool) -> None:
    if compacted:
        shelf.home.index.compact()
    assert set(shelf.ids(query)) == ids


def test_a_ticket_has_no_query_language_in_it(shelf: Shop) -> None:
    assert set(shelf.ids("refund -hub", channel="suggest")) == {"plan", "hub"}


# --- synonyms -----------------------------------------------------------------------------------------------


def test_synonyms_find_what_is_called_otherwise(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "synonyms.txt"
    path.write_text("money back, refund, 환불\nNR => naru  # the company\n", encoding="utf-8")
    found = synonyms.read(path)
    shop.put("refunds", "A refund is paid within 14 days.", title="Refunds")
    shop.put("other", "Something else entirely, about boxes.", title="Boxes")
    shop.home.__dict__["reading"] = type(shop.home.reading)(shop.home.analyzer, shop.embedder, found)
    hit = shop.search("money back", explain=True).hits[0]
    assert hit.id == "refunds"
    assert hit.explain is not None
    assert hit.explain["bm25"]["score"] > 0
    assert shop.home.reading.query("naru", CUSTOMER).synonyms.fields[0] == ()
    assert "naru" in shop.home.reading.query("what is NR", CUSTOMER).synonyms.fields[0]


@pytest.mark.parametrize("line", ["alone", "=> b", "a =>"])
def test_a_bad_line_of_synonyms_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "synonyms.txt"
    path.write_text(f"a, b\n{line}\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"synonyms\.txt:2"):
        synonyms.read(path)


# --- language -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fallback", "code"),
    [
        ("Wie kann ich mein Passwort zurücksetzen?", "en", "de"),
        ("Comment puis-je réinitialiser mon mot de passe ?", "en", "fr"),
        ("refund", "de-DE", "de"),
        ("how do I reset my password today", "ko", "en"),
        ("can I pay my plan with 카카오페이", "en", "en"),
        ("Hub가 Wi-Fi에 연결 안 돼요", "en", "ko"),
    ],
)
def test_longer_latin_texts_are_told_apart_and_short_ones_are_the_readers(text: str, fallback: str, code: str) -> None:
    assert detect(text, fallback) == code


# --- spelling -----------------------------------------------------------------------------------------------


def test_a_slip_is_put_right_shown_and_undone(shop: Shop) -> None:
    shop.put("refunds-ko", "환불은 14일 이내에 해 드립니다. 결제를 취소하세요.", title="환불 안내", locale="ko")
    for typed in ("한불 언제 되나요", "ghksqnf", "환뿔취소 되나요", "환뿔결제 어디서"):
        found = shop.search(typed)
        assert found.corrections[0][1] == "환불"
        assert found.query.startswith("환불")
    exact = shop.search("ghksqnf", exact=True)
    assert (exact.query, exact.corrections) == ("ghksqnf", ())


def test_a_real_word_that_nobody_wrote_about_is_not_misspelt(shop: Shop) -> None:
    shop.put("a", "식단을 저장하고 결제합니다.", title="저장", locale="ko")
    for typed in ("저당 식단", "결재 내역"):  # low-sugar, approval: one stroke away from 저장 and 결제
        assert shop.search(typed).corrections == ()


def test_what_only_agents_read_is_never_proposed(shop: Shop) -> None:
    shop.put("a", "Refunds are paid.", title="Refunds")
    shop.put("secret", "차단목록에 올립니다.", title="차단목록", locale="ko", audience="internal")
    for compacted in (False, True):
        if compacted:
            shop.home.index.compact()
        assert shop.search("차단복록").corrections == ()
    assert shop.search("차단복록", AGENT).corrections == (("차단복록", "차단목록"),)


# --- completion ---------------------------------------------------------------------------------------------


def completions(client: TestClient, text: str) -> list[str]:
    return [item["text"] for item in client.get("/v1/complete", params={"q": text}).json()["completions"]]


def test_completion_knows_titles_and_headings(shop: Shop, client: TestClient) -> None:
    shop.put("refunds-ko", "## 환불 기간\n\n14일입니다.\n\n## 부분 환불\n\n됩니다.", title="환불 안내", locale="ko")
    shop.put("secret", "text", title="환불 예외", locale="ko", audience="internal")
    assert set(completions(client, "ㅎㅂ")) == {"환불 안내", "환불 기간", "부분 환불"}
    assert "환불 예외" not in completions(client, "환")
    shop.library.retire(["refunds-ko"])
    assert completions(client, "환불") == []


def test_a_question_is_offered_once_it_was_answered_three_times(shop: Shop, client: TestClient) -> None:
    shop.put("refunds", "Refunds are paid within 14 days.", title="Money")
    for _ in range(3):
        shop.search("refunds paid within days")
        shop.search("refunds paid to me@example.com")
        shop.search("refunds paid days", AGENT)
    shop.search("refunds paid within")
    shop.home.journal.flush()
    assert completions(client, "refunds pa") == ["refunds paid within days"]


def test_settings_name_their_mistakes(tmp_path: Path) -> None:
    (tmp_path / "kb.toml").write_text('languages = ["korean"]\n')
    with pytest.raises(InvalidInput, match="'korean' is not a two-letter code"):
        load(folder=tmp_path)
    path = tmp_path / "words.txt"
    path.write_text("나루밀\ntwo words\n", encoding="utf-8")
    settings = load({"dictionary": path}, folder=tmp_path / "none").settings
    with pytest.raises(InvalidInput, match=r"words\.txt:2: 'two words'"):
        Home(settings).analyzer  # noqa: B018 - reading it raises


def test_a_teams_own_words_stay_whole(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("새벽나루배송\n", encoding="utf-8")
    home = Home(load({"dictionary": path}, folder=tmp_path / "none").settings)
    assert "새벽나루배송" in home.analyzer.question("새벽나루배송이 뭐예요").fields[0]
    assert home.analyzer.fingerprint != Home(load(folder=tmp_path / "none").settings).analyzer.fingerprint


def test_a_long_text_leans_to_its_first_sentence(shop: Shop) -> None:
    subject = "The red light of my hub keeps blinking"
    rest = " ".join(f"I tried thing number {n} and nothing of it helped me." for n in range(4))
    (whole,) = encode([f"{subject} {rest}"], shop.embedder)
    (led,) = encode([f"{subject}\n\n{rest}"], shop.embedder)
    (lead,) = encode([subject], shop.embedder)
    plain = shop.embedder.queries([f"{subject} {rest}"]).vectors
    assert float(led.vectors[0] @ lead.vectors[0]) > float(plain[0] @ lead.vectors[0])
    assert np.linalg.norm(led.vectors) == pytest.approx(1, abs=1e-5)
    assert len(led.tokens[0]) == len(f"{subject} {rest}".split())  # tokens are the whole text's
    assert np.array_equal(whole.tokens[0], led.tokens[0])
    (greeted,) = encode([f"Hi there,\n\n{subject} {rest}"], shop.embedder)
    assert np.allclose(greeted.vectors, shop.embedder.queries([f"Hi there, {subject} {rest}"]).vectors)


def test_what_is_masked_in_a_long_text_is_masked_in_its_first_sentence(shop: Shop) -> None:
    seen: list[str] = []
    queries = shop.embedder.queries
    shop.embedder.queries = lambda texts: (seen.extend(texts), queries(texts))[1]  # type: ignore[method-assign]
    encode(["Please write to kim@example.com about my card\n" + "and the rest of it " * 10], shop.embedder)
    assert len(seen) == 2
    assert not any("kim" in text for text in seen)


def test_another_form_of_a_word_that_is_found_is_no_slip(shop: Shop) -> None:
    shop.put(
        "delete", "Deletion of an account: delete it under Settings. A code will arrive.", title="Delete an account"
    )
    for typed in ("after deleting the app", "the code never arrives"):
        assert shop.search(typed).corrections == ()
    shop.put("ports", "The hdmi port is behind.", title="Ports")
    assert shop.search("where is the hdml port").corrections == (("hdml", "hdmi"),)


def test_a_code_is_found_however_it_is_joined(shop: Shop) -> None:
    shop.put("failed", "The app shows NR-2207 when a payment fails.", title="Payment failed")
    shop.put("locked", "The app shows NR-1042 when an account is locked.", title="Account locked")
    for typed in ("NR2207", "nr-2207", "NR 2207", "왜 NR2207이 떠요"):
        assert shop.ids(typed)[0] == "failed", typed


def test_a_word_of_the_dictionary_is_not_misspelt_for_nobody_having_written_about_it(shop: Shop) -> None:
    shop.put("noise", "The hub makes noise while clicking. Managed phones are set up by their date.", title="Noise")
    for typed in ("my nose hurts", "blocking a phone", "unmanaged phones"):
        assert shop.search(typed).corrections == ()
    assert shop.search("my hub makes niose").corrections == (("niose", "noise"),)
    assert shop.search("the NIoSe").corrections == ()
    shop.put("datei", "Das Datum steht in der Rechnung, date.", title="Datum", locale="de")
    assert shop.search("welche Daten stehen in der Rechnung").corrections == ()
