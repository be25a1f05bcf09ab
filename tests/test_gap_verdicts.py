"""What is wrong with the knowledge base where a question is not answered, and which questions count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from articles.gaps.coverage import coverage, most, reformulated, unanswered
from articles.gaps.nouns import Evidence, Found, Probe
from articles.gaps.verdict import verdict
from tests.questions import NOW, asked, cluster_of, near

# --- verdicts --------------------------------------------------------------------------------------------------


def article(name: str, confidence: float, locale: str = "en", audience: str = "public", rank: int = 1) -> Found:
    return Found(name, locale, audience, name.title(), confidence, rank)


def probes(*found: Found, anywhere: Sequence[Found] = (), closeness: float = 0.85, sure: float = 0.1) -> Evidence:
    question = asked("a", "login code", near(0), answerable=sure)
    return Evidence((Probe(question, found, tuple(anywhere) or found, closeness),), usual=(0.84, 0.86, 0.88, 0.9))


def several(*firsts: Found) -> Evidence:
    """What each of some wordings finds first."""
    return replace(probes(), probes=tuple(probe for first in firsts for probe in probes(first).probes))


ASKS = cluster_of(asked("a", "login code", near(0)))


@pytest.mark.parametrize(
    ("evidence", "expected", "nearest"),
    [
        (probes(article("codes", 0.1)), "missing", "codes"),
        (probes(), "missing", None),
        (probes(article("codes", 0.05), closeness=0.7), "outside", "codes"),
        (probes(article("codes", 0.3), closeness=0.7), "missing", "codes"),
        (probes(article("x", 0.2), anywhere=[article("inside", 0.9, audience="agents")]), "internal_only", "inside"),
        (probes(article("x", 0.9), anywhere=[article("inside", 0.9, audience="agents")]), "findability", "x"),
        (probes(article("codes", 0.6, "ko"), article("x", 0.1, rank=2)), "untranslated", "codes"),
        (probes(article("codes", 0.6, "ko"), article("x", 0.6, rank=2)), "missing", "codes"),
        (probes(article("codes", 0.6), sure=0.6), "findability", "codes"),
        (several(article("codes", 0.95), article("codes", 0.3), article("x", 0.1)), "findability", "codes"),
        (several(article("codes", 0.75), article("codes", 0.3), article("x", 0.1)), "missing", "codes"),
        (several(article("codes", 0.95), article("x", 0.1), article("y", 0.1)), "missing", "codes"),
        (replace(probes(article("x", 0.1)), linked={"codes": 2}), "findability", "codes"),
        (replace(probes(article("x", 0.1)), linked={"codes": 1}), "missing", "x"),
        (replace(probes(article("x", 0.9)), served={"x": 10}, unhelped={"x": 8}), "unclear", "x"),
        (replace(probes(article("x", 0.1)), served={"x": 1}, unhelped={"x": 1}), "missing", "x"),
    ],
)
def test_verdicts(evidence: Evidence, expected: str, nearest: str | None) -> None:
    found = verdict(ASKS, evidence)
    assert found.verdict == expected
    assert found.why
    assert (found.nearest[0] if found.nearest else None) == nearest


@pytest.mark.parametrize(
    ("held", "kind", "words"),
    [({"login", "code"}, "title", ("login", "code")), ({"login"}, "synonym", ("code",))],
)
def test_a_hidden_article_comes_with_what_would_let_it_be_found(
    held: set[str], kind: str, words: tuple[str, ...]
) -> None:
    evidence = replace(probes(article("codes", 0.6, rank=4), sure=0.6), words={"codes": frozenset(held)})
    proposal = verdict(ASKS, evidence).proposal
    assert proposal is not None
    assert (proposal.kind, proposal.words, proposal.before) == (kind, words, 4)


# --- what counts -----------------------------------------------------------------------------------------------


def test_confidence_sets_aside_and_complaints_override() -> None:
    sure = asked("a", "a", near(0), answerable=0.9)
    assert not unanswered(sure)
    assert unanswered(replace(sure, signals=frozenset({"contacted"})))
    assert unanswered(replace(sure, answerable=0.3))


def test_reformulated_is_the_same_person_soon_after_in_other_words() -> None:
    first = asked("a", "code", near(0), person="p", signals=frozenset({"no_click"}))
    then = replace(first, id="b", text="login code", at=NOW + timedelta(minutes=2), signals=frozenset())
    for other, expected in (
        (then, True),
        (replace(then, at=NOW + timedelta(minutes=11)), False),
        (replace(then, person="q"), False),
        (replace(then, vector=near(1)), False),
        (replace(then, text="Code"), False),
    ):
        assert ("reformulated" in reformulated([other, first])[0].signals) is expected
    assert reformulated([then, replace(first, signals=frozenset())])[0].signals == frozenset()


def test_the_coverage_curve_and_the_gaps_that_are_most_of_it() -> None:
    curve = coverage({"b": 3, "a": 6, "c": 1})
    assert [(point.gap, point.questions, point.share) for point in curve] == [
        ("a", 6, 0.6),
        ("b", 9, 0.9),
        ("c", 10, 1.0),
    ]
    assert [point.gap for point in most(curve)] == ["a", "b"]
    assert coverage({}) == []
