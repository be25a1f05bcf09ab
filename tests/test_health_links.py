"""The checks of links, translations and of an article's place among the others: what they find, and what not."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from articles.health import links, orphan, superseded, translation, verification
from articles.health.base import Behind, Check, Demand, Flag
from kb.models import Article
from tests.faults.structure import INJECT, changed
from tests.test_health_structure import TODAY, article, flags, shelf

FOLDER = "/srv/kb"


def linking(*targets: str, **front: Any) -> Article:
    return article("en/a", "\n\n".join(f"[text {n}]({target})" for n, target in enumerate(targets)), FOLDER, **front)


def targets(found: list[Flag]) -> list[str]:
    return [flag.evidence["target"] for flag in found]


# --- links --------------------------------------------------------------------------------------------------

THERE = (article("en/b", "## Here", FOLDER), article("c d", "x", FOLDER), article("b", "x"))


@pytest.mark.parametrize(
    "target",
    [
        *(
            "b.md",
            "./b.md#here",
            "../c%20d.md",
            "/articles/en/b",
            "/articles/en/b#here",
            "/v1/articles/en/b",
            "b",
            "b#here",
        ),
        *("/articles/b", "/articles/b.md", "/articles/en/b?lang=ko", "/v1/articles/en/b/versions", "../b", "#text"),
        *("https://example.com/gone.md", "//example.com/gone", "/docs/gone", "../../gone.md", "mailto:a@example.com"),
        *("notes.pdf", "tel:+8215880000", "#:~:text=words", "/categories/gone", "?q=x"),
    ],
)
def test_a_link_that_leads_somewhere_or_outside_is_well(target: str) -> None:
    one = article("en/a", f"## text\n\n[text]({target})", FOLDER)
    for check in links.CHECKS:
        assert not flags(check, one, *THERE), check.name


@pytest.mark.parametrize(
    "target",
    ["gone.md", "../en/gone.md#x", "/articles/gone", "/articles/en/gone.md", "/v1/articles/gone", "gone", "x/gone/"],
)
def test_a_link_to_no_article_is_broken(target: str) -> None:
    (flag,) = flags(links.BROKEN_LINK, linking(target), *THERE)
    assert (flag.line, flag.quote, flag.evidence["target"], flag.others) == (6, "text 0", target, ())


@pytest.mark.parametrize("check", links.CHECKS, ids=lambda check: check.name)
def test_links_in_raw_html_are_links(check: Check) -> None:
    targets = {
        "broken_link": "gone.md",
        "broken_anchor": "b.md#gone",
        "redirected_link": "/articles/old",
        "audience_link": "c.md",
        "malformed_link": "javascript:go()",
    }
    near = (*THERE, article("en/c", "x", FOLDER, audience="internal"))
    for html in ("one <a href='{}'>here</a>", "<p>\n<a class=x href='{}'>here</a></p>"):
        one = article("en/a", html.format(targets[check.name]), FOLDER)
        (flag,) = flags(check, one, *near, redirects={"old": "en/b"})
        assert (flag.line, flag.quote) == (one.markdown.split("<a")[0].count("\n") + 1, "here")
        assert not flags(check, article("en/a", html.format("b.md#here"), FOLDER), *near)
        assert not flags(check, article("en/a", html.format("#top"), FOLDER), *near)


def test_files_of_articles_by_other_names() -> None:
    there = article("en/refunds", "x", FOLDER)
    found = flags(links.BROKEN_LINK, linking("refunds.mdx", "refunds.html", "refunds.htm#x", "gone.markdown"), there)
    assert [(flag.evidence["target"], flag.others) for flag in found] == [
        ("gone.markdown", ()),
        ("refunds.htm#x", ("en/refunds",)),
        ("refunds.html", ("en/refunds",)),
        ("refunds.mdx", ("en/refunds",)),
    ]
    assert not flags(links.BROKEN_LINK, linking("gone.html", "/refunds.html", "https://a.example/refunds.html"), there)


def test_no_article_has_more_flags_than_anybody_reads() -> None:
    many = linking(*(f"gone-{n}.md" for n in range(80)))
    assert len(flags(links.BROKEN_LINK, many)) == 50


def test_a_target_that_is_linked_twice_is_one_flag() -> None:
    first, second = flags(links.BROKEN_LINK, linking("gone.md", "else.md", "gone.md"))
    assert [first.evidence["lines"], second.evidence["lines"]] == [[8], [6, 10]]


def test_the_article_that_was_meant_is_proposed_to_whoever_may_read_it() -> None:
    meant = article("en/reset-password", "x", FOLDER, title="Reset your password")
    (slip,) = flags(links.BROKEN_LINK, linking("reset-pasword.md"), meant)
    assert (slip.others, "reset-password.md" in slip.fix) == (("en/reset-password",), True)
    named = article("en/a", "[reset your password](lost.md)", FOLDER)
    assert flags(links.BROKEN_LINK, named, meant)[0].others == ("en/reset-password",)
    for other in ({"audience": "internal"}, {"state": "draft"}, {"space": "else"}, {"locale": "ko"}):
        hidden = article("en/reset-password", "x", FOLDER, title="Reset your password", **other)
        assert flags(links.BROKEN_LINK, linking("reset-pasword.md"), hidden)[0].others == ()
    assert not flags(links.BROKEN_LINK, linking("reset-passkeys.md"), meant)[0].others  # another word


def test_a_file_that_moved_is_proposed() -> None:
    moved = article("en/new", "x", FOLDER)
    (flag,) = flags(links.BROKEN_LINK, linking("old.md"), moved, redirects={"en/old": "en/new"})
    assert (flag.others, "'About en/new' (new.md)" in flag.fix) == (("en/new",), True)


def test_a_place_that_is_not_there() -> None:
    found = flags(
        links.BROKEN_ANCHOR, linking("b.md#hier", "/articles/en/b#gone", "#gone", "b.md#Here", "b.md#"), *THERE
    )
    assert [(flag.evidence["target"], flag.others) for flag in found] == [
        ("#gone", ()),
        ("/articles/en/b#gone", ("en/b",)),
        ("b.md#hier", ("en/b",)),
    ]
    assert "#here" in found[2].fix


def test_a_link_through_a_redirect_says_where_it_leads_now() -> None:
    redirects = {"old": "en/b"}
    one = linking("/articles/old", "/articles/old#here", "/articles/en/b")
    found = flags(links.REDIRECTED_LINK, one, *THERE, redirects=redirects)
    assert [(flag.others, flag.fix) for flag in found] == [
        (("en/b",), "Link to 'b.md', where it is now."),
        (("en/b",), "Link to 'b.md#here', where it is now."),
    ]
    assert not flags(links.BROKEN_LINK, one, *THERE, redirects=redirects)


@pytest.mark.parametrize(
    ("own", "other", "fires"),
    [
        ({}, {"audience": "internal"}, True),
        ({}, {"audience": "billing"}, True),
        ({}, {}, False),
        ({"audience": "internal"}, {"audience": "internal"}, False),
        ({"audience": "internal"}, {"audience": "billing"}, False),
    ],
)
def test_a_public_article_links_to_what_its_readers_may_not_read(
    own: dict[str, str], other: dict[str, str], fires: bool
) -> None:
    found = flags(links.AUDIENCE_LINK, linking("b.md", **own), article("en/b", "x", FOLDER, **other))
    assert [flag.others for flag in found] == ([("en/b",)] if fires else [])


@pytest.mark.parametrize(
    "link",
    [
        *("[환불]()", "[x](#)", "[x](http//example.com)", "[x](https:/example.com)", "[x](htps://example.com)"),
        *("[x](www.example.com/a)", "[x](status.example.com)", "[x](https://http://example.com)", "[x](https://)"),
        *(
            "[x](mailto:)",
            "[x](a@example.com)",
            "[x](the page.md)",
            "[x] (https://example.com)",
            "[x](file:///C:/a.pdf)",
        ),
        *("- [x](http://[bad)", "| [x](a b.md) |\n| - |\n| y |"),
        *("<a href=''>x</a>", "<p><a href='#'>x</a></p>", "<a href='www.example.com'>x</a>"),
        *("[the refund page][refunds]", "[환불 안내][refunds]", "[환불][refund-policy]", "[Refunds][refunds]"),
        *(
            "[the refund page][]",
            "- [**See** this page][3]",
            "![the red light][light]",
            "| [the page][5] |\n| - |\n| y |",
        ),
    ],
)
def test_a_link_that_is_no_address(link: str) -> None:
    (flag,) = flags(links.MALFORMED_LINK, article("a", f"one\n\n{link}"))
    assert (flag.line, flag.evidence["count"]) == (8, 1)


@pytest.mark.parametrize(
    "text",
    [
        *("`[x](a b.md)`", "```\n[x]()\n```", r"\[x](https://example.com/a b)", "[optional] (see below)", "[a](b c)"),
        *(
            "Type http:// and https:// in front.",
            "f[i](x) and g[T](y.z w)",
            "![]()",
            "[v2.io](v2.io.md)",
            "<a@example.com>",
        ),
        *(
            "[1][2]",
            "[x][ ]",
            "a[i][j] and int[5][]",
            "[설정][공유]",
            "[Settings][Sharing]",
            "[확인][enter]",
            "[file name][ext=3]",
        ),
        *("[Microsoft][ODBC Driver Manager]", "[SDP 3][fdcb6045-5616-45b4]", "[string, number][]", "[timestamp][1]"),
        *("`[the page][refunds]`", "1. a\n\n   ```\n   [the page][refunds]\n   ```", "see [this]", "[^a][^b]"),
        *("[the page][r]\n\n[r]: https://example.com", "<a href='#'>Back to top</a>", "<a href='#'>맨 위로</a>"),
        *("[x](mailto:a@example.com?subject=b)", "[x](mailto:?to=a@example.com)", "[x](HTTPS://Example.com)"),
    ],
)
def test_code_prose_and_addresses_are_no_malformed_links(text: str) -> None:
    assert not flags(links.MALFORMED_LINK, article("a", f"one\n\n{text}"))


def test_a_name_is_missing_where_others_are_given() -> None:
    names = "[a]: https://example.com/a"
    (flag,) = flags(
        links.MALFORMED_LINK, article("a", f"[one][a] [two][b] [Three][] [Microsoft][ODBC Driver]\n\n{names}")
    )
    assert (flag.evidence["count"], flag.quote) == (2, "[Three][]")
    assert not flags(links.MALFORMED_LINK, article("a", "[two][b] [Three][]"))


# --- what is out of use -------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["archived", "draft"])
def test_a_link_to_what_is_not_published(state: str) -> None:
    (flag,) = flags(superseded.CHECK, linking("b.md"), article("en/b", "x", FOLDER, state=state))
    assert (flag.others, flag.evidence["state"], flag.line) == (("en/b",), state, 6)
    assert flag.message.endswith(f"which is {'a draft' if state == 'draft' else state}")


def test_a_link_to_what_was_replaced_names_what_took_its_place() -> None:
    old = article("en/b", "x", FOLDER, state="archived", superseded_by="c.md")
    (flag,) = flags(superseded.CHECK, linking("b.md"), old, article("en/c", "x", FOLDER, title="New"))
    assert (flag.others, "'New' (en/c)" in flag.fix) == (("en/b", "en/c"), True)


def test_front_matter_says_what_took_the_place_of_what() -> None:
    old, new = article("old", "x", superseded_by="new"), article("new", "x")
    (flag,) = flags(superseded.CHECK, old, new)
    assert (flag.others, flag.line) == (("new",), 4)
    claims = article("new", "x", replaces="[old]")
    (told,) = flags(superseded.CHECK, article("old", "x"), claims)
    assert told.others == ("new",)
    assert not flags(superseded.CHECK, claims, article("old", "x", state="archived"))  # as it should be


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("> **Note:** This article has been replaced by [Refunds](refunds.md).", "en"),
        ("This page is no longer maintained.", "en"),
        ("For current prices, see the new article.", "en"),
        ("이 문서는 [환불 안내](refunds.md)로 대체되었습니다.", "ko"),
        ("이 글은 더 이상 업데이트되지 않습니다.", "ko"),
        ("자세한 내용은 새 문서를 참고하세요.", "ko"),
    ],
)
def test_a_text_says_that_it_is_out_of_use(text: str, locale: str) -> None:
    (flag,) = flags(superseded.RETIRED_WORDING, article("a", f"one\n\n{text}", locale=locale))
    assert flag.line == 8


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("The Classic plan has been replaced by Solo.", "en"),
        ("This article describes how a hub is replaced.", "en"),
        ("This page is replaced while you type.", "en"),
        ("Archive the page when it is no longer maintained.", "en"),
        ("`This article is obsolete.` is what the banner says.", "fr"),
        ("클래식 플랜은 솔로로 대체되었습니다.", "ko"),
        ("이 문서는 대체 부품을 고르는 법을 설명합니다.", "ko"),
        ("새 문서를 만들려면 추가를 누르세요.", "ko"),
    ],
)
def test_what_else_is_out_of_use_is_no_word_on_the_article(text: str, locale: str) -> None:
    assert not flags(superseded.RETIRED_WORDING, article("a", f"one\n\n{text}", locale=locale))


def test_an_orphan_is_known_only_where_enough_was_asked() -> None:
    alone, other = article("a", "[me](#top) [self](a.md)"), article("b", "x")
    assert flags(orphan.CHECK, alone, other, searched=frozenset({"b"}))
    assert not flags(orphan.CHECK, alone, other)
    assert not flags(orphan.CHECK, alone, other, searched=frozenset({"a"}))
    assert not flags(orphan.CHECK, alone, other, searched=frozenset(), demand={"a": Demand(views=1)})
    assert not flags(orphan.CHECK, alone, article("b", "[x](a.md)"), searched=frozenset())
    assert not flags(
        orphan.CHECK, replace(alone, metadata=replace(alone.metadata, featured=True)), searched=frozenset()
    )
    assert flags(orphan.CHECK, alone, article("b", "[x](a.md)", state="draft"), searched=frozenset())


# --- translations and verification --------------------------------------------------------------------------

SOURCE = "## One {#one}\n\nWait 30 days.\n\n## Two {#two}\n\nUse `HUB-9`, version 3.4."
BEHIND = "## 하나 {#one}\n\n30일 기다리세요."


def test_a_translation_is_behind_by_versions_and_says_by_what() -> None:
    source = article("a", SOURCE, updated="2020-01-01")
    own = article("a-ko", BEHIND, locale="ko", translation_of="a", updated="2026-01-01")
    (flag,) = flags(translation.CHECK, own, source, behind={"a-ko": Behind("a", 2, 4, "2026-03-01T10:00:00Z")})
    assert flag.evidence["lacks"] == {"places": ["#two"], "codes": ["HUB-9"], "numbers": ["3.4"]}
    assert all(said in flag.message for said in ("2026-03-01", "version 4", "version 2", "1 of 2 headings", "#two"))
    assert (flag.line, flag.others) == (5, ("a",))


def test_dates_count_only_where_the_text_is_kept_in_a_folder() -> None:
    source = article("a", SOURCE, FOLDER, updated="2026-02-01")
    front = {"locale": "ko", "translation_of": "a"}
    (flag,) = flags(translation.CHECK, article("k", BEHIND, FOLDER, updated="2026-01-01", **front), source)
    assert (flag.evidence["source_updated"], "31 days" in flag.message) == ("2026-02-01", True)
    for well in (
        article("k", BEHIND, "", updated="2026-01-01", **front),
        article("k", BEHIND, FOLDER, updated="2026-02-01", **front),
        article("k", BEHIND, FOLDER, **front),
    ):
        assert not flags(translation.CHECK, well, source)


def both(count: int) -> list[Article]:
    return [article(f"{locale}/n{n}", "x", locale=locale) for n in range(count) for locale in ("en", "ko")]


def test_a_translation_is_missing_where_nearly_all_are_translated() -> None:
    alone = article("en/a", "x")
    (flag,) = flags(translation.MISSING, alone, *both(10))
    assert flag.evidence == {"missing": ["ko"], "held": ["en"]}
    assert not flags(translation.MISSING, alone, *both(8))  # too few to say what is usual
    assert not flags(translation.MISSING, alone, *both(10)[::2])  # a shelf in one language
    assert not flags(translation.MISSING, alone, article("ko/a", "x", locale="ko", state="draft"), *both(10))
    assert not flags(translation.MISSING, article("en/a", "x", audience="internal"), *both(10))
    wanted = {"translation_missing": {"locales": ("ja", "en-GB")}}
    assert flags(translation.MISSING, alone, chosen=wanted)[0].evidence["missing"] == ["ja"]


def test_a_verification_that_is_doubted_says_so() -> None:
    one = article("a", "x", reviewed="2026-11-20", review_every="90d")
    assert not flags(verification.CHECK, one)
    doubted = replace(one, metadata=replace(one.metadata, doubted=True))
    (flag,) = flags(verification.CHECK, doubted)
    assert (flag.line, flag.evidence["doubted"], "2026-11-20" in flag.message) == (4, True, True)
    assert ("`verify` of the API" in flag.fix, "`reviewed:`" in flag.fix) == (True, False)  # a new day lifts no doubt
    never = article("a", "x")
    assert flags(verification.CHECK, replace(never, metadata=replace(never.metadata, doubted=True)))


# --- all of them --------------------------------------------------------------------------------------------

CHECKS = (*links.CHECKS, *superseded.CHECKS, *orphan.CHECKS, *translation.CHECKS, verification.CHECK)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_an_injected_fault_is_found_and_gone_when_mended(check: Check) -> None:
    clean = article("en/a", "text", FOLDER, updated="2026-01-02")
    near = [article(f"{place}/b", "x", FOLDER, locale=place, updated="2026-01-02") for place in ("en", "ko")]
    before = shelf(clean, *near, article("ko/a", "x", FOLDER, locale="ko"))
    before = replace(before, known={name: before.facts(one) for name, one in before.articles.items()})
    for seed in range(20):
        worse = INJECT[check.name](before, clean, random.Random(seed))
        assert worse is not None
        assert list(check.look(worse.articles["en/a"], worse)), seed
        mended = replace(changed(before, clean, clean.markdown), today=TODAY)
        assert not list(check.look(mended.articles["en/a"], mended))
