"""The life of an article: drafts beside the live text, review, moves, plans, rights, the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from articles import edits as editing
from articles import frontmatter
from articles import spaces as admin
from articles.diff import diff
from articles.library import Draft
from articles.translations import followed, in_locale
from articles.wire import article_json, verification_json
from kb.errors import ArticleError, Conflict, Forbidden, InvalidInput, NotFound, Stale
from kb.models import EVERYTHING, Actor, Reader
from kb.rights import SCOPES
from kb.store import Connection, articles, audit, redirects, versions
from kb.store.articles import Record
from kb.store.spaces import Space
from kb.times import now
from tests.conftest import AGENT, CUSTOMER, Shop

KIM = Actor("user:kim", AGENT, frozenset(SCOPES["author"]), "10.0.0.1", "r1")
LEE = replace(KIM, name="user:lee")
TEXT = "---\ntitle: Refunds\nlocale: en\n---\n\n"


@pytest.fixture
def connection(shop: Shop) -> Iterator[Connection]:
    with shop.home.database.read() as found:
        yield found


def record(shop: Shop, article_id: str = "refunds") -> Record:
    with shop.home.database.read() as connection:
        found = articles.record(connection, article_id)
    assert found is not None
    return found


def write(shop: Shop, body: str, actor: Actor = KIM, article_id: str = "refunds", expected: int | None = None) -> int:
    return shop.library.put_one(Draft.of(article_id, TEXT + body, expected), actor).revision


def save(shop: Shop, body: str, actor: Actor = KIM, article_id: str = "refunds", expected: int | None = None) -> int:
    return shop.library.save(Draft.of(article_id, TEXT + body, expected), actor).revision


def history(shop: Shop, article_id: str = "refunds") -> list[tuple[int, str]]:
    with shop.home.database.read() as connection:
        return [(version.number, version.state) for version in versions.history(connection, article_id)]


# --- drafts and versions ------------------------------------------------------------------------------------


def test_a_draft_stays_beside_the_live_text_until_it_is_published(shop: Shop) -> None:
    write(shop, "Within fourteen days.")
    save(shop, "Within thirty days.")
    assert history(shop) == [(2, "draft"), (1, "live")]
    assert shop.search("refunds within").hits[0].snippet == "Within fourteen days."
    outcome = shop.library.publish("refunds", KIM)
    assert (outcome.version, history(shop)) == (2, [(2, "live"), (1, "past")])
    assert shop.search("refunds within").hits[0].snippet == "Within thirty days."
    with pytest.raises(Conflict, match="has no draft"):
        shop.library.publish("refunds", KIM)


def test_a_new_article_can_begin_as_a_draft_that_nobody_finds(shop: Shop) -> None:
    save(shop, "Within fourteen days.")
    assert (record(shop).state, shop.ids("refunds")) == ("draft", [])
    shop.library.publish("refunds", KIM)
    assert (record(shop).state, shop.ids("refunds")) == ("published", ["refunds"])


def test_every_save_is_kept(shop: Shop) -> None:
    for body in ("one", "two", "three"):
        save(shop, body)
    assert history(shop) == [(3, "draft"), (2, "past"), (1, "past")]


def test_a_version_can_be_compared_and_restored(shop: Shop, connection: Connection) -> None:
    write(shop, "one\ntwo")
    write(shop, "one\nthree\nfour")
    texts = [versions.get(connection, "refunds", number) for number in (1, 2)]
    found = diff(texts[0].markdown, texts[1].markdown, ("1", "2"))  # type: ignore[union-attr]
    assert (found.added, found.removed, "-two" in found.unified.split("\n")) == (2, 1, True)
    shop.library.restore("refunds", 1, KIM)
    assert history(shop) == [(3, "draft"), (2, "live"), (1, "past")]
    shop.library.publish("refunds", KIM)
    assert shop.search("refunds").hits[0].snippet == "one\ntwo"
    with pytest.raises(NotFound, match="no version 9"):
        shop.library.restore("refunds", 9, KIM)


def test_an_archived_article_comes_back_from_any_version(shop: Shop) -> None:
    write(shop, "Within fourteen days.")
    shop.library.archive("refunds", KIM)
    assert (record(shop).state, shop.ids("refunds"), history(shop)) == ("archived", [], [(1, "past")])
    with pytest.raises(Conflict, match="archived already"):
        shop.library.archive("refunds", KIM)
    shop.library.restore("refunds", 1, KIM)
    shop.library.publish("refunds", KIM)
    assert (record(shop).state, shop.ids("refunds")) == ("published", ["refunds"])


def test_an_update_that_would_be_lost_is_refused(shop: Shop) -> None:
    read = write(shop, "one", expected=0)
    write(shop, "two", LEE, expected=read)
    with pytest.raises(Stale, match=f"at revision {read + 1}, and revision {read} was expected") as caught:
        write(shop, "three", expected=read)
    assert caught.value.revision == read + 1
    for change in (shop.library.archive, shop.library.erase, shop.library.doubt):
        with pytest.raises(Stale):
            change("refunds", KIM, read)
    with pytest.raises(Stale, match="a new article was expected"):
        write(shop, "four", expected=0)
    assert shop.search("refunds").hits[0].snippet == "two"


# --- review -------------------------------------------------------------------------------------------------


def test_where_the_space_asks_for_it_another_person_approves(shop: Shop) -> None:
    admin.put_space(shop.home.database, Space("main", "Help", review=True), KIM, None)
    with pytest.raises(Forbidden, match="asks for a review"):
        write(shop, "one")
    save(shop, "one")
    with pytest.raises(Conflict, match="asks for a review; version 1 is 'draft'"):
        shop.library.publish("refunds", KIM)
    shop.library.take_step("refunds", "submit", KIM)
    with pytest.raises(Forbidden, match="another person than 'user:kim'"):
        shop.library.take_step("refunds", "approve", KIM)
    shop.library.take_step("refunds", "decline", LEE, note="say how long")
    assert history(shop) == [(1, "draft")]
    shop.library.take_step("refunds", "submit", KIM)
    shop.library.take_step("refunds", "approve", LEE)
    shop.library.publish("refunds", KIM)
    assert shop.ids("refunds") == ["refunds"]


def test_a_step_that_cannot_follow_is_refused(shop: Shop) -> None:
    write(shop, "one")
    with pytest.raises(Conflict, match="there is no draft"):
        shop.library.take_step("refunds", "submit", KIM)
    save(shop, "two")
    with pytest.raises(Conflict, match="version 2 is 'draft', not 'in_review'"):
        shop.library.take_step("refunds", "approve", KIM)
    shop.library.take_step("refunds", "discard", KIM)
    assert (record(shop).working, history(shop)) == (None, [(2, "past"), (1, "live")])


# --- moves, descriptions, plans -----------------------------------------------------------------------------


def test_a_moved_article_is_found_at_its_old_addresses(shop: Shop, connection: Connection) -> None:
    shop.put("a", "Within fourteen days.", title="Refunds", id="a")
    shop.library.move("a", "b", KIM)
    shop.library.move("b", "c", KIM)
    assert [redirects.resolve(connection, name) for name in ("a", "b", "c")] == ["c", "c", None]
    assert shop.ids("refunds") == ["c"]
    assert record(shop, "c").version == 3  # the text names its own id: it names the new one
    shop.library.move("c", "a", KIM)  # and back: no loop
    with shop.home.database.read() as later:
        assert [redirects.resolve(later, name) for name in ("a", "b", "c")] == [None, "a", "a"]
    shop.put("b", "Another.", title="B")
    with pytest.raises(Conflict, match="'b' is taken"):
        shop.library.move("a", "b", KIM)
    with pytest.raises(ArticleError, match="ends in a word that addresses use"):
        shop.library.move("a", "a/versions", KIM)


def test_a_redirect_follows_chains_and_refuses_loops(shop: Shop) -> None:
    shop.put("target", "x", title="T")
    database = shop.home.database
    assert admin.put_redirect(database, "one", "target", KIM) == "target"
    assert admin.put_redirect(database, "two", "one", KIM) == "target"
    with pytest.raises(Conflict, match="is an article's id"):
        admin.put_redirect(database, "target", "one", KIM)
    with pytest.raises(NotFound):
        admin.put_redirect(database, "three", "nothing", KIM)
    shop.put("other", "x", title="O")
    with pytest.raises(Conflict, match="'one' leads to 'target': delete that first"):
        admin.put_redirect(database, "one", "other", KIM)
    with database.write() as connection, pytest.raises(Conflict, match="lead to itself"):
        redirects.add(connection, "target", "one")


def test_what_is_made_internal_stays_so_when_the_draft_goes_live(shop: Shop) -> None:
    write(shop, "Within fourteen days.")
    save(shop, "Within thirty days.")
    shop.library.describe("refunds", {"audience": "internal", "tags": ["money"]}, KIM)
    assert (shop.ids("refunds"), shop.ids("refunds", AGENT)) == ([], ["refunds"])
    shop.library.publish("refunds", KIM)
    assert (shop.ids("refunds"), shop.search("refunds", AGENT).hits[0].snippet) == ([], "Within thirty days.")
    assert record(shop).metadata.tags == ("money",)


def test_publishing_and_archiving_can_be_planned(shop: Shop) -> None:
    save(shop, "Within fourteen days.")
    shop.library.schedule("refunds", KIM, publish_at="2026-12-01T09:00:00.000Z")
    assert shop.library.run_due("2026-12-01T08:59:59.999Z") == []
    (outcome,) = shop.library.run_due("2026-12-01T09:00:00.000Z")
    assert (outcome.status, record(shop).state, record(shop).publish_at) == ("updated", "published", "")
    shop.library.schedule("refunds", KIM, archive_at="2026-12-24T00:00:00.000Z")
    assert [o.status for o in shop.library.run_due("2026-12-25T00:00:00.000Z")] == ["retired"]
    assert (record(shop).state, shop.library.run_due("2027-01-01T00:00:00.000Z")) == ("archived", [])


def test_a_plan_publishes_no_text_that_was_not_approved(shop: Shop) -> None:
    admin.put_space(shop.home.database, Space("main", "Help", review=True), KIM, None)
    save(shop, "Fourteen days.")
    shop.library.take_step("refunds", "submit", KIM)
    shop.library.take_step("refunds", "approve", LEE)
    shop.library.schedule("refunds", KIM, publish_at="2026-12-01T09:00:00.000Z")
    save(shop, "Never.")  # after the approval
    (outcome,) = shop.library.run_due("2026-12-02T00:00:00.000Z")
    assert outcome.message == "publish: space 'main' asks for a review; version 2 is 'draft'"
    assert (record(shop).state, record(shop).publish_at) == ("draft", "")


def test_a_plan_that_cannot_be_carried_out_says_so_once(shop: Shop) -> None:
    save(shop, "one")
    shop.library.schedule("refunds", KIM, publish_at="2026-12-01T09:00:00.000Z")
    with shop.home.database.write() as connection:
        broken = "UPDATE versions SET markdown = '---' || char(10) || 'title: [' || char(10) || '---'"
        connection.exec_driver_sql(broken)
    (outcome,) = shop.library.run_due("2026-12-02T00:00:00.000Z")
    assert (outcome.status, outcome.line) == ("failed", 2)
    assert shop.library.run_due("2026-12-02T00:00:00.000Z") == []


# --- verification -------------------------------------------------------------------------------------------


def test_a_verification_holds_for_the_spaces_interval_or_the_articles_own(shop: Shop) -> None:
    admin.put_space(shop.home.database, Space("main", "Help", verify_days=30), KIM, None)
    shop.put("a", "x", title="A")
    shop.put("b", "x", title="B", review_every="never")
    assert verification_json(record(shop, "a"))["status"] == "unverified"
    for name in ("a", "b"):
        shop.library.verify(name, KIM, date(2026, 11, 1))
    with shop.home.database.read() as connection:
        rows = articles.published_rows(connection)
    assert [rows[name].verified_until for name in ("a", "b")] == ["2026-12-01", "9999-12-31"]
    assert verification_json(record(shop, "b"))["status"] == "evergreen"
    shop.library.doubt("a", KIM)
    assert verification_json(record(shop, "a"))["status"] == "needs_verification"
    shop.put("a", "changed", title="A")
    assert record(shop, "a").verified_on == "2026-11-01"  # what was verified is no part of the text


# --- spaces, translations, edits ----------------------------------------------------------------------------


def test_a_space_allows_what_it_names(shop: Shop) -> None:
    space = Space("shop", "Shop", locales=("ko", "en"), categories=("Billing",), labels=("money",))
    assert admin.put_space(shop.home.database, space, KIM, 0)
    shop.put("a", "x", title="A", space="shop", category="billing", tags="[money]")
    for key, value in {"locale": "de", "category": "Travel", "tags": "[x]"}.items():
        with pytest.raises(ArticleError, match=f"front matter: {key}: .* is not one of space 'shop'"):
            shop.put("a", "x", **{"title": "A", "space": "shop", key: value})
    with pytest.raises(ArticleError, match="there is no space 'nowhere'"):
        shop.put("a", "x", title="A", space="nowhere")
    with pytest.raises(Conflict, match="has 1 article"):
        admin.remove_space(shop.home.database, "shop", KIM)
    with pytest.raises(InvalidInput, match="space: 'A b' is not"):
        admin.put_space(shop.home.database, Space("A b", ""), KIM, 0)
    assert shop.ids("A", Reader(spaces=frozenset({"main"}))) == []


def test_a_translation_says_since_when_and_by_what_it_is_behind(shop: Shop) -> None:
    shop.put("en/refunds", "Within 14 days.", title="Refunds")
    shop.put("de/refunds", "Binnen 14 Tagen.", title="Rückgabe", locale="de", translation_of="en/refunds")
    with shop.home.database.read() as connection:
        german = record(shop, "de/refunds")
        assert german.family == record(shop, "en/refunds").family == "refunds"
        assert followed(connection, german, CUSTOMER).since == ""  # type: ignore[union-attr]
    shop.put("en/refunds", "Within 30 days.", title="Refunds")
    shop.library.move("en/refunds", "en/returns", KIM)
    with shop.home.database.read() as connection:
        behind = followed(connection, german, CUSTOMER)
        assert behind is not None
        assert (behind.source, behind.version, behind.by, behind.now) == ("en/returns", 1, 2, 2)
        assert behind.since <= now()
        assert in_locale(connection, record(shop, "de/refunds"), "en-GB", CUSTOMER).id == "en/returns"
        assert in_locale(connection, record(shop, "de/refunds"), "fr", CUSTOMER).id == "de/refunds"
    shop.put("de/refunds", "Binnen 30 Tagen.", title="Rückgabe", locale="de", translation_of="en/refunds")
    with shop.home.database.read() as connection:
        assert followed(connection, record(shop, "de/refunds"), CUSTOMER).since == ""  # type: ignore[union-attr]


def test_a_suggested_edit_keeps_the_customers_words_and_becomes_the_draft(shop: Shop) -> None:
    write(shop, "Within fourteen days.")
    agent = Actor("user:agent", AGENT, frozenset(SCOPES["agent"]))
    quote = "고객: 저는 30일이라고 들었어요. kim@example.com"
    fix = editing.suggest(
        shop.home.database, "refunds", agent, note="30", quote=quote, markdown=TEXT + "Within thirty days."
    )
    assert (fix.kind, fix.quote) == ("fix", "고객: 저는 30일이라고 들었어요. [email]")
    accepted = editing.resolve(shop.library, fix.id, KIM, accept=True)
    assert (accepted.state, history(shop)) == ("accepted", [(2, "draft"), (1, "live")])
    with pytest.raises(Conflict, match="is accepted already"):
        editing.resolve(shop.library, fix.id, KIM, accept=True)
    late = editing.suggest(shop.home.database, "refunds", agent, markdown=TEXT + "Within ten days.")
    shop.library.publish("refunds", KIM)
    with pytest.raises(Conflict, match="was made for version 1; version 2 is live"):
        editing.resolve(shop.library, late.id, KIM, accept=True)
    assert editing.resolve(shop.library, late.id, KIM, accept=False, note="it is 30").state == "declined"
    with pytest.raises(InvalidInput, match="note: a flag says what is wrong"):
        editing.suggest(shop.home.database, "refunds", agent, note=" ")


# --- rights and the audit log -------------------------------------------------------------------------------


def test_who_may_not_read_an_article_can_neither_change_nor_name_it(shop: Shop) -> None:
    shop.put("secret", "Launch in May.", title="Launch", audience="leads")
    for change in (shop.library.archive, shop.library.erase, shop.library.publish, shop.library.doubt):
        with pytest.raises(NotFound, match="no article 'secret'"):
            change("secret", KIM)
    with pytest.raises(Forbidden, match="'secret' cannot be written by user:kim"):
        write(shop, "mine now", article_id="secret")
    with pytest.raises(Forbidden, match="not audience 'leads'"):
        shop.library.put_one(Draft.of("mine", "---\naudience: leads\n---\nx"), KIM)
    shop.put("mine", "x", title="Mine")
    with pytest.raises(Forbidden, match="not audience 'leads'"):
        shop.library.describe("mine", {"audience": "leads"}, KIM)


def test_an_erased_article_leaves_only_the_audit_log(shop: Shop, connection: Connection) -> None:
    write(shop, "Within fourteen days.")
    shop.library.move("refunds", "returns", KIM)
    shop.library.erase("returns", KIM)
    assert (shop.ids("refunds"), articles.records(connection), history(shop)) == ([], {}, [])
    assert redirects.resolve(connection, "refunds") is None
    (last, *_) = audit.entries(connection, EVERYTHING)
    assert (last.action, last.object, last.actor, last.address, last.request_id) == (
        *("article.erase", "article:returns", "user:kim", "10.0.0.1", "r1"),
    )


def test_every_change_is_in_the_audit_log_for_those_who_may_know_of_it(shop: Shop, connection: Connection) -> None:
    write(shop, "one")
    save(shop, "two")
    shop.library.publish("refunds", LEE)
    shop.library.verify("refunds", LEE, date(2026, 11, 1))
    shop.library.describe("refunds", {"audience": "internal"}, KIM)
    shop.library.archive("refunds", KIM)
    found = [(entry.actor, entry.action) for entry in audit.entries(connection, AGENT)][::-1]
    assert found == [
        ("user:kim", "article.publish"),
        ("user:kim", "article.save"),
        ("user:lee", "article.publish"),
        ("user:lee", "article.verify"),
        ("user:kim", "article.publish"),
        ("user:kim", "article.archive"),
    ]
    assert "article.archive" not in [entry.action for entry in audit.entries(connection, CUSTOMER)]


def test_what_only_authors_see_is_left_out_for_others(shop: Shop, connection: Connection) -> None:
    write(shop, "one")
    save(shop, "two")
    shop.put("x", "x", title="X")
    wanted = ("id", "working", "publish_at", "title")
    reader = Actor("anonymous", CUSTOMER, frozenset(SCOPES["customer"]))
    with shop.home.database.read() as later:
        assert article_json(later, record(shop), reader, wanted) == {"id": "refunds", "title": "Refunds"}
        assert article_json(later, record(shop), KIM, wanted)["working"]["version"] == 2


# --- front matter -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    [
        ("# A\n", {"audience": "internal"}, "---\naudience: internal\n---\n\n# A\n"),
        ("---\ntitle: A\nvisibility: x\n---\nb", {"audience": "agents"}, "---\ntitle: A\nvisibility: agents\n---\nb"),
        ("---\ntags:\n- a\n- b\nid: x\n---\nb", {"tags": None}, "---\nid: x\n---\nb"),
        ("---\ntags:\n  - a\n\n  - b\nid: x\n---\nb", {"tags": ["ㄱ"]}, "---\nid: x\ntags:\n- ㄱ\n---\nb"),
        ("---\ntitle: A\ndraft: true\n---\nb", {"state": None}, "---\ntitle: A\n---\nb"),
        ("---\ntitle: A\n---\nb", {"state": None}, "---\ntitle: A\n---\nb"),
    ],
)
def test_front_matter_is_rewritten_in_place(before: str, changes: dict[str, object], after: str) -> None:
    assert frontmatter.rewritten(before, changes, "a.md") == after
