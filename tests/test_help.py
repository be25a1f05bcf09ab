"""The help centre's pages without a browser: what they say, to whom, in which language, and what they store."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from fastapi.testclient import TestClient

from articles.folder import sync
from kb.models import PUBLIC, Reader
from kb.store import articles, searches
from kb.store.searches import Event
from tests.conftest import STARTER, Shop

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
KO, EN = {"Accept-Language": "ko-KR,ko;q=0.9"}, {"Accept-Language": "en-GB"}


@pytest.fixture
def stocked(shop: Shop) -> Shop:
    shop.put(
        "refunds",
        "# Refunds\n\n## When\n\nRefunds are paid within 14 days.\n\n## How\n\nAsk us.\n\n### By post\n\nWrite.",
        **{"title": "Refunds", "category": "Payments", "updated": "2026-03-01", "reviewed": "2026-03-02"},
    )
    shop.put(
        "refunds-ko",
        "환불은 14일 이내에 해 드립니다.",
        locale="ko",
        title="환불",
        category="결제",
        translation_of="refunds",
    )
    shop.put(
        "receipt-ko",
        "현금영수증은 앱에서 받습니다.",
        locale="ko",
        title="현금영수증",
        category="결제",
        updated="2026-04-01",
    )
    shop.put("hub", "Hold the button of the hub for ten seconds.", title="Hub", product="naru-hub")
    shop.put("hours", "We are here from nine to five.", title="Opening hours")
    shop.put("goodwill", "Secret goodwill credit.", title="Goodwill", audience="internal", category="Secret topic")
    return shop


def happened(shop: Shop) -> list[Event]:
    shop.home.journal.flush()
    with shop.home.database.read() as connection:
        return list(searches.events_of(connection, ("clicked", "helped", "not_helped")))


def searched(client: TestClient, text: str = "refunds paid") -> str:
    return str(client.get("/v1/search", params={"q": text}).json()["search_id"])


def linked(page: str) -> list[str]:
    return re.findall(r'<a [^>]*href="(/articles/[^"?#]+)', page)


def data_of(page: str) -> Any:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found.group(1))


# --- what there is -------------------------------------------------------------------------------------------


def test_the_first_page_has_each_article_once_under_its_category(client: TestClient, stocked: Shop) -> None:
    page = client.get("/", headers=EN).text
    cards, latest = page.split('<section class="latest">')
    assert sorted(linked(cards)) == ["/articles/hours", "/articles/hub", "/articles/receipt-ko", "/articles/refunds"]
    names = re.findall(r"<h3><a [^>]*>([^<]+)", cards)
    assert names == ["Payments", "naru-hub", "Other"]  # 결제 is what Payments are called in Korean; the rest is last
    assert re.search(r'lang="ko">현금영수증</a>\s*<span class="badge" lang="ko">한국어</span>', cards)
    own = [name for name in linked(latest) if name in ("/articles/receipt-ko", "/articles/refunds")]
    assert own == ["/articles/receipt-ko", "/articles/refunds"]
    assert "March 1, 2026" in latest


def test_the_first_page_in_korean(client: TestClient, stocked: Shop) -> None:
    for page in (client.get("/", headers=KO).text, client.get("/?lang=ko", headers=EN).text):
        assert '<html lang="ko"' in page
        assert {"/articles/refunds-ko", "/articles/hub"} <= set(linked(page))
        assert "/articles/refunds" not in linked(page)
        assert "무엇을 도와드릴까요?" in page
    assert 'href="/categories/%EA%B2%B0%EC%A0%9C?lang=ko"' in page
    assert '<a href="/?lang=en" lang="en" hreflang="en">English</a>' in page


def test_an_old_search_address_leads_to_the_search_page(client: TestClient, stocked: Shop) -> None:
    moved = client.get("/?q=how+long&exact=true", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (308, "/search?q=how+long&exact=true")
    assert client.get("/?q=+").status_code == 200


def test_a_category_has_a_page_in_each_language(client: TestClient, stocked: Shop) -> None:
    english, korean = client.get("/categories/Payments", headers=EN).text, client.get("/categories/결제?lang=ko").text
    assert ("<h1>Payments</h1>" in english, "2 articles" in english) == (True, True)
    assert ("<h1>결제</h1>" in korean, "글 2개" in korean) == (True, True)
    assert set(linked(english)) == {"/articles/refunds", "/articles/receipt-ko"}
    assert 'href="/categories/%EA%B2%B0%EC%A0%9C?lang=ko"' in english  # the switch of language
    assert "<h1>결제</h1>" in client.get("/categories/Payments?lang=ko").text
    assert "<h1>naru-hub</h1>" in client.get("/categories/naru-hub").text
    assert linked(client.get("/categories/-").text) == ["/articles/hours"]
    assert client.get("/categories/none").status_code == 404
    stocked.put("slash", "x", title="Slash", category="In/out & <b>")
    assert "<h1>In/out &amp; &lt;b&gt;</h1>" in client.get("/categories/In%2Fout%20%26%20%3Cb%3E").text


def test_a_category_of_many_says_how_many(client: TestClient, shop: Shop) -> None:
    assert "nothing to read" in client.get("/").text
    for number in range(6):
        shop.put(f"a{number}", "x", title=f"A{number}", category="Many", featured=str(number == 5).lower())
    page = client.get("/").text.split('<section class="latest">')[0]
    assert "All 6 articles" in page
    assert linked(page) == [f"/articles/a{number}" for number in (5, 0, 1, 2)]  # the featured one first


def test_no_page_names_what_its_reader_may_not_see(client: TestClient, stocked: Shop) -> None:
    stocked.put(
        "refunds-agents", "Secret.", locale="fr", title="Goodwill FR", audience="internal", translation_of="refunds"
    )
    hidden = re.compile("goodwill|secret|refunds-agents", re.IGNORECASE)
    paths = ["/", "/?lang=ko", "/search?q=credit", "/articles/refunds", "/articles/refunds-ko", "/categories/Payments"]
    paths += ["/sitemap.xml", "/llms.txt", "/robots.txt", "/feed.atom", "/articles/refunds.md"]
    for path in paths:
        answer = client.get(path)
        assert (answer.status_code, hidden.findall(answer.text)) == (200, []), path
    for path in ("/articles/goodwill", "/articles/goodwill.md", "/categories/Secret%20topic"):
        answer = client.get(path)
        assert (answer.status_code, hidden.findall(answer.text)) == (404, []), path
    assert client.get("/articles/goodwill").text == client.get("/articles/nothing").text


def test_agents_see_that_an_article_is_internal(client: TestClient, stocked: Shop) -> None:
    agent = stocked.key("agent")
    page = client.get("/articles/goodwill", headers=agent).text
    assert "Customers do not see this article" in page
    assert '<meta name="robots" content="noindex">' in page
    assert not [tag for tag in ("canonical", "ld+json", "og:title") if tag in page]
    assert 'class="badge internal">Internal' in client.get("/", headers=agent).text
    assert 'class="badge internal">Internal' in client.get("/search?q=goodwill", headers=agent).text
    assert "goodwill" not in client.get("/sitemap.xml", headers=agent).text  # whoever asks
    assert client.get("/articles/goodwill.md", headers=agent).status_code == 404


# --- an article ----------------------------------------------------------------------------------------------


def test_an_article_has_its_place_dates_contents_and_translations(client: TestClient, stocked: Shop) -> None:
    page = client.get("/articles/refunds", headers=EN).text
    assert page.count("<h1") == 1
    assert '<a href="/categories/Payments">Payments</a>' in page
    assert re.search(r'Last verified <time datetime="2026-03-02">March 2, 2026</time>', page)
    assert 'Updated <time datetime="2026-03-01">March 1, 2026</time>' in page
    assert page.count('href="#by-post"') == 3  # the contents twice (beside, folded), the heading once
    assert 'aria-label="Link to “When”">#</a>' in page
    assert '<link rel="alternate" hreflang="ko" href="http://127.0.0.1/articles/refunds-ko">' in page
    assert '<link rel="canonical" href="http://127.0.0.1/articles/refunds">' in page
    assert '<a href="/articles/refunds-ko?lang=ko" lang="ko" hreflang="ko">한국어</a>' in page
    assert "kb-contents" not in client.get("/articles/hub").text  # too short for a table of contents


def test_a_verification_that_ended_is_no_badge_and_a_doubted_one_is_no_date(client: TestClient, shop: Shop) -> None:
    old = {"title": "A", "reviewed": "2020-01-01", "review_every": "30d"}
    shop.put("a", "Some words.", **old)
    page = client.get("/articles/a").text
    assert ("Last verified" in page, "badge verified" in page) == (True, False)
    assert "badge verified" not in client.get("/search?q=some+words").text
    shop.put("a", "Some words.", **{**old, "review_every": "100y"})
    assert "badge verified" in client.get("/articles/a").text
    assert "badge verified" in client.get("/search?q=some+words").text
    doubt = {"action": "doubt"}
    headers = {**shop.key("admin"), "If-Match": "*"}
    assert client.post("/v1/articles/a/transitions", json=doubt, headers=headers).status_code == 200
    assert "Last verified" not in client.get("/articles/a").text


def test_an_article_in_another_language_says_so(client: TestClient, stocked: Shop) -> None:
    page = client.get("/articles/refunds?lang=ko", headers=EN).text
    assert ('<html lang="ko"' in page, '<article lang="en">' in page) == (True, True)
    assert "이 글의 언어는 English입니다." in page
    assert '<a href="/articles/refunds-ko?lang=ko">환불</a>' in page
    alone = client.get("/articles/receipt-ko", headers=EN).text
    assert "This article is in 한국어." in alone
    assert "has not been translated" in alone
    assert ">Payments</a>" in alone  # its category, in the language of the page
    assert '<a href="/articles/receipt-ko?lang=ko" lang="ko"' in alone
    assert '<html lang="ko"' in client.get("/articles/receipt-ko").text  # whoever wants no language: its own


def test_a_moved_article_keeps_what_its_address_said(client: TestClient, stocked: Shop) -> None:
    headers = {**stocked.key("admin"), "If-Match": "*"}
    assert client.post("/v1/articles/hub/move", json={"to": "허브"}, headers=headers).status_code == 200
    moved = client.get("/articles/hub?s=x&lang=ko", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (308, "/articles/%ED%97%88%EB%B8%8C?s=x&lang=ko")


def test_what_an_article_says_is_text(client: TestClient, shop: Shop) -> None:
    evil = '</script><script>x()</script> & "q" <img src=x onerror=y()>'
    heading = '## <b>A</b> <img src=x onerror=y()> "x" {#a"b}\n\ntext\n\n'
    body = f"# {evil}\n\n{heading}## Question\n\n{evil}\n\n## Answer\n\n{evil} \u2028 yes"
    shop.put("evil", body, title=json.dumps(evil), category=json.dumps(evil))
    for path in ("/", "/articles/evil", "/search?q=yes+text", f"/search?q={evil}", "/sitemap.xml"):
        text = client.get(path).text
        assert not re.search(r"<script>|<img src=x|onerror=y\(\)>", text), path
    found = data_of(client.get("/articles/evil").text)
    assert found["mainEntity"][0]["acceptedAnswer"]["text"].endswith("yes")


def test_structured_data_is_of_the_shape_of_the_article(client: TestClient, shop: Shop) -> None:
    sync(shop.library, STARTER)
    faq = data_of(client.get("/articles/change-payment-card").text)
    assert (faq["@type"], faq["inLanguage"], faq["dateModified"]) == ("FAQPage", "en", "2026-07-14")
    asked = [entity["name"] for entity in faq["mainEntity"]]
    assert asked == [
        "My card has expired or been replaced. How do I pay for Naru with another one?",
        "Is my card number stored?",
    ]
    assert faq["mainEntity"][0]["acceptedAnswer"]["text"].startswith("Only the household owner can change the card.")
    assert data_of(client.get("/articles/tax-invoice-ko").text)["@type"] == "FAQPage"
    plain = data_of(client.get("/articles/hub-wifi").text)
    assert (plain["@type"], plain["url"]) == ("Article", "http://127.0.0.1/articles/hub-wifi")
    assert plain["headline"] == "Naru Hub will not connect to Wi-Fi"


# --- what readers say ----------------------------------------------------------------------------------------


def test_an_article_that_was_opened_from_results_is_clicked_once(client: TestClient, stocked: Shop) -> None:
    page = client.get("/search?q=refunds+paid").text
    address = re.search(r'href="(/articles/refunds\?s=[0-9a-f]{32})#when"', page)
    assert address
    for _ in range(3):
        assert "Did this help?" in client.get(address[1]).text
    search_id = address[1].partition("s=")[2]
    assert [(e.kind, e.article_id, e.search_id) for e in happened(stocked)] == [("clicked", "refunds", search_id)]
    assert "Did this help?" not in client.get("/articles/refunds").text
    assert "Did this help?" not in client.get("/articles/refunds?s=nothing").text
    assert client.get(f"/articles/goodwill?s={search_id}").status_code == 404
    assert len(happened(stocked)) == 1


def test_who_was_not_helped_may_say_why(client: TestClient, stocked: Shop) -> None:
    search_id = searched(client)
    form = {"s": search_id, "lang": "ko", "answer": "no"}
    asked = client.post("/articles/refunds/feedback", data=form, follow_redirects=False)
    address = f"/articles/refunds?s={search_id}&said=no&lang=ko#kb-feedback"
    assert (asked.status_code, asked.headers["location"]) == (303, address)
    page = client.get(asked.headers["location"]).text
    assert re.findall(r'name="reason" value="(\w+)"', page) == ["outdated", "wrong", "unclear", "unrelated", "other"]
    told = {**form, "reason": "wrong", "comment": " Mail kim@shop.example "}
    thanks = client.post("/articles/refunds/feedback", data=told)
    assert "고맙습니다" in thanks.text
    assert client.post("/articles/hub/feedback", data={"s": search_id, "answer": "yes"}).status_code == 200
    found = [(e.kind, e.article_id, e.data) for e in happened(stocked) if e.kind != "clicked"]
    assert found == [
        ("not_helped", "refunds", {}),
        ("not_helped", "refunds", {"reason": "wrong", "comment": "Mail [email]"}),
        ("helped", "hub", {}),
    ]


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/articles/refunds", {"answer": "yes", "s": "nothing"}, 404),
        ("/articles/refunds", {"answer": "yes", "s": "x" * 500}, 404),
        ("/articles/goodwill", {"answer": "yes"}, 404),
        ("/articles/refunds", {"answer": "maybe"}, 400),
        ("/articles/refunds", {"answer": "no", "reason": "spite"}, 400),
        ("/articles/refunds", {}, 400),
    ],
)
def test_what_nobody_may_say_is_not_stored(
    client: TestClient, stocked: Shop, path: str, form: dict[str, str], status: int
) -> None:
    told = client.post(f"{path}/feedback", data={"s": searched(client), **form} if form else {})
    assert told.status_code == status
    assert happened(stocked) == []


def test_a_comment_is_cut(client: TestClient, stocked: Shop) -> None:
    form = {"s": searched(client), "answer": "no", "reason": "other", "comment": "x" * 5_000}
    client.post("/articles/refunds/feedback", data=form)
    assert [len(e.data["comment"]) for e in happened(stocked) if e.data] == [1_000]


def test_a_session_sends_no_form(client: TestClient, stocked: Shop) -> None:
    search_id, password = searched(client), "correct horse battery"
    made = {"id": "kim@shop.example", "role": "agent", "password": password}
    assert client.post("/v1/users", json=made, headers=stocked.key("admin")).status_code == 201
    assert client.post("/v1/session", json={"user": made["id"], "password": password}).status_code == 201
    page = client.get(f"/articles/refunds?s={search_id}").text
    assert "Did this help?" not in page
    told = client.post("/articles/refunds/feedback", data={"s": search_id, "answer": "yes"})
    assert told.status_code == 403
    assert [e.kind for e in happened(stocked)] == ["clicked"]


# --- searching -----------------------------------------------------------------------------------------------


def test_results_are_honest(client: TestClient, stocked: Shop) -> None:
    assert '<meta name="robots" content="noindex">' in (sure := client.get("/search?q=refunds+are+paid").text)
    assert re.search(r"\d articles? found", sure)
    assert 'value="refunds are paid"' in sure
    assert "No article answers this." in client.get("/search?q=zebra+quantum").text
    assert "We are not sure." in client.get("/search?q=refunds+zebra").text
    nobody = client.get("/search?q=zebra+site:nothing+title:zebra").text
    assert "No article was found." in nobody
    for question in ("", "???"):
        empty = client.get("/search", params={"q": question}).text
        assert ("in your own words" in empty, 'class="hits"' in empty) == (True, False)


def test_a_page_keeps_the_language_that_was_chosen(client: TestClient, stocked: Shop) -> None:
    page = client.get("/search?q=refunds&lang=ko", headers=EN).text
    assert '<input type="hidden" name="lang" value="ko">' in page
    assert re.search(r'href="/articles/[^"]*&amp;lang=ko', page)
    assert 'href="/search?q=refunds&amp;lang=en"' in page
    assert '<html lang="ko"' in client.get("/search?q=NR-2207", headers=KO).text  # Latin letters say no language
    assert '<html lang="ko"' in client.get("/search?q=환불", headers=EN).text
    assert "lang=" not in "".join(re.findall(r'href="(/articles/[^"]*)"', client.get("/", headers=EN).text))


# --- what programs read --------------------------------------------------------------------------------------


def test_the_sitemap_has_every_public_article_with_its_translations(client: TestClient, stocked: Shop) -> None:
    stocked.put("a&b", "x", title="A")
    root = ET.fromstring(client.get("/sitemap.xml").text)
    found = {entry.findtext(f"{SITEMAP}loc"): entry for entry in root}
    base = "http://127.0.0.1/articles"
    names = ("refunds", "refunds-ko", "receipt-ko", "hub", "hours", "a%26b")
    assert set(found) == {f"{base}/{name}" for name in names}
    entry = found[f"{base}/refunds"]
    assert entry.findtext(f"{SITEMAP}lastmod") == "2026-03-01"
    links = {(link.get("hreflang"), link.get("href")) for link in entry.findall(LINK)}
    assert links == {("en", f"{base}/refunds"), ("ko", f"{base}/refunds-ko")}
    assert not found[f"{base}/hub"].findall(LINK)


def test_robots_and_language_models_are_told_where_to_read(client: TestClient, stocked: Shop) -> None:
    assert "Sitemap: http://127.0.0.1/sitemap.xml" in client.get("/robots.txt").text
    stocked.put("odd", "x", title='"[a](b)"')
    text = client.get("/llms.txt").text
    assert text.startswith("# Help centre\n\n> ")
    assert "\n## Payments\n\n- [Refunds](http://127.0.0.1/articles/refunds.md)\n" in text
    assert "- [\\[a\\](b)](http://127.0.0.1/articles/odd.md)" in text
    for address in re.findall(r"\((http://127.0.0.1[^)]*)\)", text):
        assert client.get(address).headers["content-type"].startswith("text/markdown")
    assert client.get("/articles/refunds.md").text.startswith("# Refunds\n\n## When\n")


def test_readers_of_one_space_hear_of_no_other(client: TestClient, stocked: Shop) -> None:
    reader = Reader(frozenset({PUBLIC}), spaces=frozenset({"other"}))
    with stocked.home.database.read() as connection:
        assert articles.listed(connection, reader) == []
        assert len(articles.listed(connection, Reader.of(PUBLIC))) == 5


def test_an_article_without_a_text_has_a_page(client: TestClient, stocked: Shop) -> None:
    stocked.put("empty", "", title="Empty")
    page = client.get("/articles/empty").text
    assert "<h1>Empty</h1>" in page
    assert "kb-related" not in page
