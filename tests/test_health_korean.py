"""Upkeep in Korean: over HTTP, in the command line, in digests, and of what was stored before it could be said."""

from __future__ import annotations

import importlib
import json
import pkgutil
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

import tests.faults
from articles import folder
from articles.digests.choose import Choice
from articles.digests.compose import compose
from articles.digests.items import from_flags
from articles.health import CHECKS
from articles.health.base import SENTENCES, Flag, Shelf, facts_of
from articles.health.run import Examiner
from articles.health.words import Said, speak
from articles.library import Draft
from articles.publish import read
from kb.cli import health
from kb.client import upkeep
from kb.models import EVERYTHING
from kb.store import flags as store
from tests.conftest import STARTER, Shop

TODAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
LINK = "[gone](gone.md)"
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`|\([^()]*\)")


def says_korean(text: str) -> bool:
    """Whether it is in Korean, besides what it quotes."""
    return bool(re.search("[가-힣]", _QUOTED.sub("", text)))


# --- whatever is found ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    found = [read(draft) for draft in folder.drafts(STARTER, folder.files(STARTER)) if isinstance(draft, Draft)]
    known = {article.id: facts_of(article) for article in found}
    return Shelf({article.id: article for article in found}, TODAY.date(), known=known)


def planted(shelf: Shelf, check: str) -> Iterator[Flag]:
    """What a check finds where its fault was put into articles."""
    modules = (importlib.import_module(f"tests.faults.{m.name}") for m in pkgutil.iter_modules(tests.faults.__path__))
    (inject,) = (module.INJECT[check] for module in modules if check in module.INJECT)
    rng = random.Random(check)
    for article in rng.sample(shelf.published, 12):
        worse = inject(shelf, article, rng)
        for other in worse.published if worse else ():
            yield from CHECKS[check].look(other, worse)


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_what_a_check_finds_is_said_in_both_languages(shelf: Shelf, check: str) -> None:
    found = list(planted(shelf, check))
    assert found
    for flag in found:
        for text in (flag.message, flag.fix):
            assert isinstance(text, Said), text
            assert says_korean(speak(text, "ko")), text


# --- over HTTP ------------------------------------------------------------------------------------------------


def test_flags_and_checks_are_in_the_language_that_is_asked_for(shop: Shop, client: TestClient) -> None:
    folder.sync(shop.library, STARTER)
    head = shop.key("author")

    def ask(path: str, language: str = "", **headers: str) -> list[dict[str, object]]:
        given = {"lang": language} if language else {}
        answer = client.get(path, params={"limit": 200, **given}, headers={**head, **headers}).json()
        return list(answer.get("articles") or answer["checks"])

    korean, english = ask("/v1/flags", "ko"), ask("/v1/flags")
    assert len(korean) > 5
    for report in korean:
        said = [flag[name] for flag in report["flags"] for name in SENTENCES]
        assert all(says_korean(text) for text in (*said, *(reason["message"] for reason in report["reasons"])))
    assert korean == ask("/v1/flags", **{"Accept-Language": "ko-KR,ko;q=0.9,en;q=0.5"})
    assert english == ask("/v1/flags", "en", **{"Accept-Language": "ko"}) == ask("/v1/flags", "fr")
    assert [without_sentences(report) for report in korean] == [without_sentences(report) for report in english]
    assert all(says_korean(str(check["why"])) for check in ask("/v1/checks", "ko"))
    assert {check["why"] for check in ask("/v1/checks")} == {check.why for check in CHECKS.values()}


def test_the_client_asks_in_a_language(shop: Shop, client: TestClient) -> None:
    shop.put("a", LINK, title="A")
    head = shop.key("admin")
    calls = [upkeep.flags(lang="ko", limit=1), upkeep.checks("ko"), upkeep.change_check("orphan", "ko", enabled=True)]
    said = [
        client.request(call.method, call.path, params=call.params, json=call.json, headers=head).json()
        for call in calls
    ]
    assert says_korean(said[0]["articles"][0]["flags"][0]["message"])
    assert says_korean(said[1]["checks"][0]["why"])
    assert says_korean(said[2]["why"])


def without_sentences(report: dict[str, object]) -> str:
    return re.sub(r'"(?:message|fix)": "(?:[^"\\]|\\.)*"', "", json.dumps(report))


# --- what is stored -------------------------------------------------------------------------------------------


def test_a_flag_from_before_is_english_until_the_next_look_and_stays_itself(shop: Shop) -> None:
    shop.put("a", LINK, title="A")
    Examiner(shop.home).look(TODAY)
    with shop.home.database.write() as connection:
        (before,) = store.stored_flags(connection)
        (thought,) = store.all_estimates(connection).values()
        store.change_flags(connection, [], [replace(before, said={})], [], "")
        bare = [{name: value for name, value in reason.items() if name != "above"} for reason in thought.reasons]
        store.put_estimates(connection, [replace(thought, reasons=bare)])
    assert before.said
    assert thought.reasons
    with shop.home.database.read() as connection:
        assert [flag.said for flag in store.stored_flags(connection)] == [{}]
        (item,) = from_flags(connection, EVERYTHING, TODAY)
    assert "links to" in compose(Choice((item,), 0), "Kim", "ko", date(2026, 11, 23), "").text
    Examiner(shop.home).look(TODAY)
    with shop.home.database.read() as connection:
        (after,) = store.stored_flags(connection)
        again = store.all_estimates(connection)["a"]
    assert (after, again) == (before, thought)


def test_a_look_that_finds_the_same_writes_nothing(shop: Shop) -> None:
    folder.sync(shop.library, STARTER)
    Examiner(shop.home).look(TODAY)
    with shop.home.database.write() as connection:
        before = list(store.stored_flags(connection))
        connection.exec_driver_sql("CREATE TRIGGER still BEFORE UPDATE ON flags BEGIN SELECT RAISE(ABORT, 'x'); END")
    Examiner(shop.home).look(TODAY)
    with shop.home.database.read() as connection:
        assert list(store.stored_flags(connection)) == before


def test_an_old_reason_without_its_words_stays_english(shop: Shop, client: TestClient) -> None:
    shop.put("a", LINK, title="A")
    head = shop.key("author")
    client.get("/v1/flags", headers=head)
    old = {"name": "no_such_feature", "message": "as it was", "value": 1.0, "contribution": 1.0, "evidence": {}}
    with shop.home.database.write() as connection:
        (thought,) = store.all_estimates(connection).values()
        store.put_estimates(connection, [replace(thought, reasons=[old, {**old, "name": "age"}])])
    (report,) = client.get("/v1/flags", params={"lang": "ko"}, headers=head).json()["articles"]
    assert [reason["message"] for reason in report["reasons"]] == ["as it was"] * 2
    assert says_korean(report["flags"][0]["message"])


# --- digests --------------------------------------------------------------------------------------------------


def test_a_digest_says_what_was_found_in_the_readers_language(shop: Shop) -> None:
    shop.put("a", LINK, title="A")
    Examiner(shop.home).look(TODAY)
    with shop.home.database.read() as connection:
        (item,) = from_flags(connection, EVERYTHING, TODAY)
    korean, english = (compose(Choice((item,), 0), "Kim", lang, date(2026, 11, 23), "").text for lang in ("ko", "en"))
    assert "끊긴 링크" in korean
    assert "링크 대상 'gone.md': 'gone.md' 문서가 없습니다." in korean
    assert "links to 'gone.md', and there is no article 'gone.md'" in english


# --- the command line -----------------------------------------------------------------------------------------


@pytest.fixture
def kb(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    monkeypatch.setattr("search.home.Home", lambda settings: shop.home)
    monkeypatch.setattr(shop.home, "close", lambda: None)
    yield CliRunner()
    monkeypatch.undo()


def test_the_command_line_speaks_korean(shop: Shop, kb: CliRunner) -> None:
    shop.put("a", f"{LINK}\n\n# B\n\n## C", title="A")
    shown = kb.invoke(health.app, ["health", "--language", "ko"], catch_exceptions=False).stdout
    assert "수정이 필요할 확률" in shown
    assert "broken_link a.md:6: 링크 대상 'gone.md': 'gone.md' 문서가 없습니다." in shown
    assert "문서 1건에서 문제" in shown
    report = json.loads(kb.invoke(health.app, ["health", "--language", "ko", "--json"]).stdout)["articles"][0]
    assert all(says_korean(flag["message"]) for flag in report["flags"])
    plain = kb.invoke(health.app, ["health"]).stdout
    assert "needs work" in plain
    assert not re.search("[가-힣]", plain)
    checks = kb.invoke(health.app, ["health", "checks", "--language", "ko"]).stdout
    assert "링크를 따라간 독자에게 아무것도 없다고 나옵니다." in checks
    plan = kb.invoke(health.app, ["health", "plan", "--language", "ko"]).stdout
    assert "담당자 없음 문서 1건" in plan


@pytest.mark.parametrize("command", [[], ["checks"], ["plan"]])
def test_a_language_that_is_not_spoken_is_refused_by_name(kb: CliRunner, command: list[str]) -> None:
    done = kb.invoke(health.app, ["health", *command, "--language", "fr"])
    assert done.exit_code
    assert re.search("language: there is no 'fr'.* en, ko", str(done.exception))
