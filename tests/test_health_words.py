"""What flags, reasons and checks say: all of it in Korean, too, with the same values in it and the right particles."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import api
import articles.health
import kb.cli
from articles.health import CHECKS
from articles.health.staleness.explain import WORDS as REASONS
from articles.health.staleness.explain import retold
from articles.health.words import SOURCE, Said, catalogue, holes, pack, particle, say, speak, unpack

ROOM = Path(articles.health.__file__).parent
SPEAKERS = (*sorted(ROOM.rglob("*.py")), Path(kb.cli.__file__).with_name("health.py"))
_FREE = {ROOM / "words" / "__init__.py", ROOM / "staleness" / "explain.py"}  # what they say is in a table, or stored


def said() -> Iterator[str]:
    """Every template."""
    for path in SPEAKERS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "say":
                (first, *_) = node.args
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value
                else:
                    assert path in _FREE, f"{path.name}:{node.lineno}: no template that can be found"
    yield from (words for pair in REASONS.values() for words in pair if words)
    yield from (check.why for check in CHECKS.values())


def test_everything_that_is_said_has_its_korean_with_the_same_values_and_nothing_is_left_over() -> None:
    korean, english = catalogue("ko"), set(said())
    assert english - korean.keys() == set()
    assert korean.keys() - english == set()
    for template, translated in korean.items():
        assert holes(template) == holes(translated), template
        assert re.search("[가-힣]", translated), template
        assert set(re.findall(r"\{(\w+)!r", template)) == set(re.findall(r"\{(\w+)!r", translated)), template


def test_every_sign_of_a_wording_has_words() -> None:
    from articles.health import internal, outdated, placeholder, private

    for module, said in ((internal, internal._KINDS), (placeholder, placeholder._KINDS), (outdated, outdated._SAYS)):
        assert {sign.kind for sign in module.SIGNS} == said.keys()
    assert all(isinstance(text, Said) for text in private._NAMES.values())


def test_a_sentence_is_english_and_can_be_said_in_korean() -> None:
    text = say("last verified {reviewed}; was due {due}, {days|day/days} ago", reviewed="2026-01-02", due="x", days=1)
    assert text == "last verified 2026-01-02; was due x, 1 day ago"
    assert speak(text, "ko") == "마지막 검증일은 2026-01-02이고, 기한(x)이 1일 지났습니다."
    assert speak(text, SOURCE) == speak(text, "fr") == text
    assert type(speak(text, SOURCE)) is str


def test_few_siblings_are_counted_and_none_is_said_in_words() -> None:
    reason = {"name": "siblings", "above": False, "message": "as it was"}
    few, none = ({**reason, "evidence": {"siblings": count}} for count in (2, 0))
    assert [retold(few, language) for language in ("en", "ko")] == [
        "few are of its kind: siblings 2",
        "같은 분류에 다른 문서가 2건뿐입니다.",
    ]
    assert [retold(none, language) for language in ("en", "ko")] == [
        "no other article is of its kind",
        "같은 분류에 다른 문서가 없습니다.",
    ]


def test_what_is_filled_in_is_quoted_joined_and_never_read_as_a_template() -> None:
    text = say("nothing stands under {names!r} and {more} more", names=["{more}", "'a'\n"], more=1234)
    assert text == r"""nothing stands under '{more}', "'a'\n" and 1,234 more"""
    assert speak(text, "ko") == r"""제목 '{more}', "'a'\n" 외 1,234개 아래에 내용이 없습니다."""


def test_what_a_language_does_not_know_stays_english() -> None:
    unknown = say("of {count|thing/things} {what}", count=2, what=say("off"))
    assert speak(unknown, "ko") == "of 2 things off"
    assert speak("of nothing", "ko") == "of nothing"


def test_a_sentence_is_kept_as_json_and_made_of_it_again() -> None:
    inner = say("under {heading!r}", heading="가")
    text = say(
        "has {length}, {longest} of them {where} with no heading between", length=inner, longest=3, where=[inner]
    )
    again = unpack(json.loads(json.dumps(pack(text))))
    assert isinstance(again, Said)
    assert (again, speak(again, "ko")) == (text, speak(text, "ko"))
    assert unpack(pack("plain {text}")) == "plain {text}"


WORDS = ("환불", "앱", "기기", "길", "1", "2", "7", "8", "Hub", "“앱”", "앱(1)", "'기기'", "3%", "…", "", "서울!", "ㄱ")
PARTICLES = (("을", "를"), ("이", "가"), ("으로", "로"), ("은", "는"))


@pytest.mark.parametrize(
    ("word", "pair", "chosen"),
    [
        ("환불", 0, "을"),
        ("기기", 0, "를"),
        ("길", 2, "로"),
        ("앱", 2, "으로"),
        ("'앱'", 1, "이"),
        ("2", 1, "가"),
        ("8", 2, "로"),
        ("Hub", 3, "은(는)"),
    ],
)
def test_a_particle_follows_the_last_sound(word: str, pair: int, chosen: str) -> None:
    assert particle(word, *PARTICLES[pair]) == chosen


@given(st.text(max_size=20), st.sampled_from(PARTICLES))
def test_a_particle_is_one_of_the_two_or_both(word: str, pair: tuple[str, str]) -> None:
    closed, open_ = pair
    assert particle(word, closed, open_) in (closed, open_, f"{closed}({open_})")


@pytest.mark.browser
def test_pages_and_flags_choose_the_same_particles() -> None:
    from tests.browser import running

    script = (Path(api.__file__).parent / "static" / "shared" / "words.js").read_text(encoding="utf-8")
    cases = [[word, *pair] for word in WORDS for pair in PARTICLES]
    with running() as browser:
        page = browser.new_page()
        found = page.evaluate(
            """async ([script, cases]) => {
                const words = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
                return cases.map((given) => words.particle(...given));
            }""",
            [script, cases],
        )
    assert found == [particle(*given_) for given_ in cases]
