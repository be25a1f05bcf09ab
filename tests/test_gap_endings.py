"""How gaps end: drafted, published and closed by proof, opened again, and forgotten with those who asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from articles.gaps import drafting, listed, one
from articles.gaps.compute import refresh
from articles.library import Draft, Library
from articles.tickets import Desk, Incoming, Turn
from indexer.embed import SentenceTransformerEmbedder
from kb.errors import Conflict
from kb.jobs import Progress
from kb.models import OPERATOR, PUBLIC, Reader
from kb.settings import Settings
from kb.store import articles, gaps, searches, tickets
from kb.store.searches import Event
from kb.times import now, stamp
from search.engine import Request
from search.home import Home
from tests.conftest import AGENT, Shop
from tests.test_gaps import KIM, MOON, WHALE, computed, gaps_of, seen, stocked, ticket


def test_a_gap_becomes_a_draft_is_published_and_closes_itself(shop: Shop) -> None:
    answer = "Hello,\nwe ship to the moon:\n1. Choose *Rocket*\n2. Pay\n<script>alert(1)</script>"
    ticket(shop, "T-1", "Do you ship to the moon", answer)
    shop.search(MOON)
    (gap,) = gaps_of(shop)
    made = drafting.draft(shop.library, gap.id, KIM, datetime.now(UTC))
    with shop.home.database.read() as connection:
        article = articles.get(connection, made.id, AGENT, ("draft",))
    assert article is not None
    meta = article.metadata
    assert (meta.title.lower(), meta.locale, meta.audience, meta.tags) == (MOON, "en", "agents", ("from-gap",))
    assert "### Ticket T-1" in article.markdown
    assert "> 1. Choose" in article.markdown.replace("1\\.", "1.")
    assert "\n1. Choose \\*Rocket\\*\n2. Pay\n" in article.markdown
    assert "<script>" not in article.markdown
    with pytest.raises(Conflict, match=f"has a draft already: 'drafts/gap-{gap.id}'"):
        drafting.draft(shop.library, gap.id, KIM, datetime.now(UTC))
    assert gaps_of(shop)[0].draft == made.id  # begun, and not yet answered
    shop.put(made.id, "Do you ship to the moon? Yes, we do ship to the moon, by rocket.", title="Moon freight")
    assert computed(shop).closed == 1
    (closed,) = seen(shop, state="closed")
    assert closed.proof is not None
    assert (closed.proof["article"], closed.proof["share"]) == (made.id, 1.0)
    assert [(row["before"]["verdict"], row["after"]["verdict"]) for row in closed.proof["questions"]] == [
        ("none", "answer")
    ]
    assert computed(shop).reopened == 0


def test_an_article_that_was_there_before_closes_nothing(shop: Shop) -> None:
    shop.put("a", "We ship to the moon. Do you ship?", title="Moon")
    for _ in range(4):
        found = shop.search(MOON)
        shop.home.journal.record(Event(now(), found.search_id, "not_helped", "a", {}))
    (gap,) = gaps_of(shop)
    assert (gap.verdict, gap.state, gap.nearest and gap.nearest[0]) == ("unclear", "open", "a")
    shop.put("a", "We ship to the moon. Do you ship? Here is how.", title="Moon")
    assert (computed(shop).closed, seen(shop)) == (1, [])


def test_a_gap_that_is_asked_again_unanswered_opens_again(shop: Shop) -> None:
    shop.search(MOON)
    (gap,) = gaps_of(shop)
    shop.put("a", "Do you ship to the moon? Yes.", title="Moon")
    assert computed(shop).closed == 1
    found = shop.search(MOON)
    assert computed(shop).reopened == 0
    shop.home.journal.record(Event(now(), found.search_id, "not_helped", "a", {}))
    assert computed(shop).reopened == 1
    assert [(g.id, g.state, g.questions) for g in seen(shop)] == [(gap.id, "reopened", 2)]
    assert computed(shop).closed == 0  # the same article proves nothing twice


def test_a_gap_whose_answer_is_taken_away_opens_again(shop: Shop) -> None:
    shop.search(MOON)
    computed(shop)
    shop.put("a", "Do you ship to the moon? Yes.", title="Moon")
    assert computed(shop).closed == 1
    shop.library.archive("a", OPERATOR)
    assert (computed(shop).reopened, len(seen(shop))) == (1, 1)


def test_an_article_that_the_askers_may_not_read_closes_nothing(shop: Shop) -> None:
    shop.search(MOON)
    computed(shop)
    shop.put("a", "Do you ship to the moon? Yes.", title="Moon", audience="agents")
    assert computed(shop).closed == 0


# --- what is forgotten --------------------------------------------------------------------------------------


def held(shop: Shop) -> str:
    """Everything that the database keeps, as text."""
    with shop.home.database.read() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        return "\n".join(raw.iterdump())  # type: ignore[attr-defined]


def test_a_person_who_is_erased_leaves_no_word_in_a_gap(shop: Shop) -> None:
    person = shop.home.pseudonyms.of("lee@example.com")
    shop.search("zanzibar ships to the moon", person=person)
    ticket(shop, "T-1", "zanzibar shipping to the moon", requester="lee@example.com")
    computed(shop)
    assert "zanzibar" in held(shop)
    Desk(shop.home.database, shop.home.pseudonyms.of).erase_person("lee@example.com", OPERATOR)
    assert "zanzibar" not in held(shop)
    assert seen(shop) == []
    computed(shop)
    with shop.home.database.read() as connection:
        assert gaps.every(connection) == []


def test_a_gap_that_loses_who_named_it_is_called_after_another_question(shop: Shop) -> None:
    stocked(shop)
    person = shop.home.pseudonyms.of("lee@example.com")
    for text in (MOON, MOON, f"{MOON} zanzibar"):
        shop.search(text, person=person if "zanzibar" in text else "")
    (gap,) = gaps_of(shop)
    assert gap.questions == 3
    with shop.home.database.write() as connection:
        searches.erase_of(connection, person)
    (after,) = seen(shop)
    assert (after.id, after.questions, after.name, after.samples) == (gap.id, 2, MOON, (MOON,))


def test_what_is_kept_no_longer_is_in_no_gap(shop: Shop) -> None:
    shop.search(MOON)
    ticket(shop, "T-1", WHALE)
    computed(shop)
    later = stamp(datetime.now(UTC) + timedelta(days=1))
    with shop.home.database.write() as connection:
        searches.forget_before(connection, later)
        tickets.forget_before(connection, later)
    text = held(shop)
    assert MOON not in text
    assert WHALE not in text


ABOUT = {
    "refunds": (
        "Refunds",
        "We refund a box that was not shipped within 14 days. The money is back on your card in a week.",
    ),
    "password": ("Reset your password", "Choose “Forgot password” on the sign-in page. We send a link to your e-mail."),
    "plan": ("Change your plan", "Open Settings › Plan, choose another plan and confirm. It begins with the next box."),
    "delivery": ("Late delivery", "If a box is more than two days late, track it, then write to us for a new one."),
    "wifi": (
        "Connect the hub to Wi-Fi",
        "Hold the button for five seconds until the light blinks, then choose the network.",
    ),
}
BITCOIN = (
    "can I pay with bitcoin",
    "do you accept bitcoin as payment",
    "is it possible to pay in bitcoin",
    "paying with bitcoin",
)


def test_what_was_made_of_several_peoples_words_goes_with_the_first_of_them(shop: Shop) -> None:
    stocked(shop)
    person = shop.home.pseudonyms.of("lee@example.com")
    for text in (MOON, MOON, f"{MOON} zanzibar"):
        shop.search(text, person=person if "zanzibar" in text else "")
    (gap,) = gaps_of(shop)
    assert gap.why is not None
    with shop.home.database.write() as connection:
        searches.erase_of(connection, person)
        assert gaps.tidy(connection) == 0
    (after,) = seen(shop)
    assert (after.why, after.data, after.proposal) == (None, None, None)
    with shop.home.database.read() as connection:
        assert not any(item.explained for item in gaps.memberships(connection))
    with shop.home.database.write() as connection:
        searches.forget_before(connection, "9999")
        assert gaps.tidy(connection) == 1


@pytest.mark.model
def test_a_gap_closes_itself_with_the_real_model(tmp_path: Path, real_embedder: SentenceTransformerEmbedder) -> None:
    home = Home(Settings(home=tmp_path), real_embedder)
    library = Library.of(home)
    library.put(_article(name, *about) for name, about in ABOUT.items())
    for text in (*BITCOIN, "what is the capital of Peru", "how do I reset my password"):
        home.engine.search(Request(text, Reader.of(PUBLIC)))
    answer = "You can pay with bitcoin:\n1. Choose Bitcoin at the checkout\n2. Scan the code\nWe accept no other coins."
    turns = [Turn("customer", "Do you take bitcoin?"), Turn("agent", answer)]
    Desk(home.database, home.pseudonyms.of).put(Incoming("T-1", "Bitcoin", turns, state="solved"), OPERATOR, now())
    refresh(home, datetime.now(UTC), Progress())
    with home.database.read() as connection:
        gap, *others = listed(connection, AGENT, datetime.now(UTC))
    assert (gap.questions, "bitcoin" in gap.name.lower()) == (5, True)
    assert not [other for other in others if "bitcoin" in repr(other.samples).lower() or "password" in other.name]
    made = drafting.draft(library, gap.id, KIM, datetime.now(UTC))
    with home.database.read() as connection:
        draft = articles.get(connection, made.id, AGENT, ("draft",))
    assert draft is not None
    written = draft.markdown.replace("state: draft", "state: published").replace("internal", "public")
    library.put_one(Draft.of(made.id, written))
    assert refresh(home, datetime.now(UTC), Progress()).closed == 1
    with home.database.read() as connection:
        closed, _ = one(connection, gap.id, AGENT, datetime.now(UTC))
    assert closed.proof is not None
    assert (closed.state, closed.proof["article"]) == ("closed", made.id)
    home.close()


def _article(name: str, title: str, text: str) -> Draft:
    return Draft.of(name, f"---\ntitle: {title}\nlocale: en\n---\n\n{text}\n")
