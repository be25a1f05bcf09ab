"""Lists on the command line: names that nobody has, numbers and values in words, one form at a time."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from api.app import create_app
from kb import words
from kb.cli import ask, digest, gaps, health, index, metrics, people, serve, tickets
from kb.cli.common import app, one_of, plain
from kb.errors import InvalidInput
from tests.conftest import Shop, listening

COMMANDS = (gaps, health, index, metrics, people, serve, tickets)  # each adds its own


@pytest.fixture
def home(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setenv("KB_HOME", str(shop.settings.home))
    shop.put("refunds", "Refunds take 14 days. [All rules](rules.md)", title="Refunds", owner="kim", product="box")
    return shop


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def said(*arguments: str) -> str:
    done = call(*arguments)
    assert done.exit_code == 0, (done.output, done.exception)
    return done.stdout


def refused(*arguments: str) -> str:
    error = call(*arguments).exception
    assert isinstance(error, InvalidInput), error
    return str(error)


# --- names ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("health", "--owner", "kin"), "owner: there is no 'kin'; known: kim"),
        (("health", "--space", "shop"), "space: there is no 'shop'; known: main"),
        (("health", "--severity", "hihg"), "severity: there is no 'hihg'; known: high, medium, low"),
        (("coordination", "--space", "shop"), "space: there is no 'shop'; known: main"),
        (("coaching", "--space", "shop"), "space: there is no 'shop'; known: main"),
        (("metrics", "--space", "shop"), "space: there is no 'shop'; known: main"),
        (("metrics", "--locale", "xx"), "locale: there is no 'xx'; known: de, en, es, fr, ja, ko, zh"),
        (("metrics", "--channel", "phone"), "channel: there is no 'phone'; known: search, suggest"),
        (("tickets", "list", "--state", "opne"), "state: there is no 'opne'; known: open, closed, solved, pending"),
        (("tickets", "list", "--product", "boks"), "product: there is no 'boks'; known: box"),
        (("metrics", "--product", "boks"), "product: there is no 'boks'; known: box"),
    ],
)
def test_a_name_that_nobody_has_is_refused(home: Shop, arguments: tuple[str, ...], expected: str) -> None:
    assert refused(*arguments) == expected


@pytest.mark.parametrize(
    "arguments",
    [
        ("health", "--owner", "kim", "--space", "main"),
        ("metrics", "--locale", "ko-KR", "--channel", "suggest", "--product", "box", "--space", "main"),
        ("coordination", "--space", "main"),
    ],
)
def test_names_that_there_are_may_have_nothing(home: Shop, arguments: tuple[str, ...]) -> None:
    assert said(*arguments)


def test_a_server_is_asked_which_names_there_are(home: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_SERVER_KEY", home.key("admin")["Authorization"].removeprefix("Bearer "))
    with listening(create_app(home.settings, home.home)) as url:
        monkeypatch.setenv("KB_SERVER", url)
        assert refused("health", "--owner", "kin") == "owner: there is no 'kin'; known: kim"
        for command in ("health", "gaps"):
            assert refused(command, "--space", "shop") == "space: there is no 'shop'; known: main"
        assert "1 flag on 1 article" in said("health", "--owner", "kim", "--check", "broken_link")
        assert "0 flags" in said("health", "--owner", "kim", "--check", "orphan")


def test_an_error_says_ten_names_at_most_and_those_most_alike() -> None:
    names = [f"team-{number:02}" for number in range(30)] + ["billing-team"]
    with pytest.raises(InvalidInput) as caught:
        one_of("owner", "biling-team", names)
    text = str(caught.value)
    assert text.startswith("owner: there is no 'biling-team'; known: billing-team, team-")
    assert text.endswith(" and 21 more")
    assert text.count(",") == 9
    with pytest.raises(InvalidInput, match="there is no 'x'; known: none"):
        one_of("product", "x", [])
    one_of("owner", "", names)


# --- words ---------------------------------------------------------------------------------------------------


def test_values_are_written_as_people_write_them() -> None:
    values = {"list": ["a", 1], "nothing": None, "empty": [], "yes": True, "share": 0.25, "whole": 180.0}
    assert plain(values) == "list a, 1, nothing -, empty -, yes true, share 0.25, whole 180"


def test_no_list_prints_what_python_writes(home: Shop) -> None:
    said("health", "tune", "translation_missing", "locales=en,ko")
    said("keys", "create", "desk", "--role", "agent")
    lists = (("status",), ("config",), ("audit",), ("health", "checks"), ("health", "tune", "too_long", "words=9"))
    printed = {arguments: said(*arguments) for arguments in lists}
    for text in printed.values():
        for written in ("None", "True", "False", "['", "('", "{'", "=''"):
            assert written not in text
    assert "articles     published 1, draft 0, archived 0" in printed["status",]
    assert "languages        ko, en, ja, zh, de, fr, es from default" in printed["config",]
    assert "locales=en, ko" in printed["health", "checks"]
    assert "too_long: words 9" in printed["health", "tune", "too_long", "words=9"]


def test_one_is_one(home: Shop) -> None:
    assert [words.count(n, "flag") for n in (0, 1, 2_000)] == ["0 flags", "1 flag", "2,000 flags"]
    assert [words.count(n, "box", "boxes") for n in (1, 1.4, 1.6)] == ["1 box", "1 box", "2 boxes"]
    told = said("coordination")
    assert "kim 1 flag (1 under a week), hurting 0 readers" in told
    assert "0 of 0 tickets closed without an article" in told


# --- forms ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["metrics", "coaching", "coordination"])
def test_csv_and_json_at_once_are_refused(home: Shop, command: str) -> None:
    assert refused(command, "--csv", "--json") == "csv: name --csv or --json, not both"
    assert json.loads(said(command, "--json"))
    assert said(command, "--csv").count("\n") > 1


def test_a_plan_has_every_week_and_five_titles_of_each(capsys: pytest.CaptureFixture[str]) -> None:
    days = ["2026-11-25"] * 7 + ["2026-12-02"]
    articles = [{"article": f"a{n}", "severity": "low", "flags": 1, "due": day} for n, day in enumerate(days)]
    titles = {f"a{n}": f"Title {n}" for n in range(8)}
    health._print_plan({"owner": "kim", "ends": "2026-12-08", "articles": articles}, titles, "en")
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert lines[1:3] == ["2026-11-25 – 2026-12-01", "Title 0 a0 1 flag"]
    assert lines[-3:] == ["+2", "2026-12-02 – 2026-12-08", "Title 7 a7 1 flag"]


def test_what_a_digest_leaves_for_later_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    one = {"user": "lead", "items": [], "more": 7, "rhythm": "weekly", "next_at": "", "error": "", "channel": "email"}
    digest._print([{**one, "address": "lead@example.com"}], {})
    assert "lead 0 things, 7 wait for a later week" in capsys.readouterr().out


def test_a_search_that_finds_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    ask.show_results({"verdict": "none", "answerable": 0.0, "hits": []})
    assert capsys.readouterr().out == "nothing found\n"
