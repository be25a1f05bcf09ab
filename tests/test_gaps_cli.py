"""`kb gaps` beside a server: the server computes, and the command waits and lists."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner

from api.app import create_app
from articles.gaps import compute
from kb import local
from kb.cli import ask as _ask  # noqa: F401 - adds its commands
from kb.cli import gaps as _commands  # noqa: F401 - adds its commands
from kb.cli import jobs
from kb.cli.common import app
from kb.errors import InvalidInput, KbError
from kb.jobs import Progress
from kb.models import OPERATOR
from kb.store import jobs as job_rows
from kb.store import people
from kb.times import now
from tests.conftest import Shop, listening
from tests.test_gaps_api import MOON

REFRESH = compute.refresh


@pytest.fixture
def beside(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A shop that a server runs over, and in which somebody asked. Commands compute nothing."""

    def elsewhere(*_: object) -> None:
        raise AssertionError("the server has the model in memory")

    monkeypatch.setattr(compute, "refresh", elsewhere)
    monkeypatch.setattr(jobs, "_POLL", 0.05)
    served = create_app(shop.settings, shop.home)
    with listening(served) as url:
        served.state.local_token = local.announce(shop.home.path, url).token
        shop.search(MOON)
        shop.home.journal.flush()
        yield shop
    local.forget(shop.home.path)


def kb(shop: Shop, *words: str) -> Any:
    return CliRunner().invoke(app, ["--home", str(shop.home.path), "gaps", *words])


def test_a_server_over_the_home_computes_the_gaps(beside: Shop) -> None:
    done = kb(beside, "--json")
    assert done.exit_code == 0, (done.output, done.exception)
    (gap,) = json.loads(done.stdout)["gaps"]
    assert (gap["name"], gap["questions"]) == (MOON, 1)
    beside.search(MOON)
    beside.home.journal.flush()
    assert "1 gap is 80% of 2 unanswered questions" in kb(beside).stdout


def test_what_fails_there_is_said_here(beside: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise KbError("the disk is full")

    monkeypatch.setattr("api.caretaker.refresh", fails)
    error = kb(beside).exception
    assert isinstance(error, KbError)
    assert str(error) == "job 'gaps' failed: the disk is full"


def test_a_run_that_began_before_is_not_taken_for_ours(beside: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    first, go_on = threading.Event(), threading.Event()

    def slowly(home: Any, at: Any, progress: Progress) -> Any:
        found = REFRESH(home, at, progress)
        first.set()
        assert go_on.wait(20)
        return found

    monkeypatch.setattr("api.caretaker.refresh", slowly)
    with beside.home.database.write() as connection:
        job_rows.run_now(connection, "gaps", now())
    assert first.wait(20)
    beside.search(MOON)
    beside.home.journal.flush()
    threading.Timer(0.5, go_on.set).start()
    (gap,) = json.loads(kb(beside, "--json").stdout)["gaps"]
    assert gap["questions"] == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--space", "shop"), "space: there is no 'shop'; known: main"),
        (("--locale", "xx"), "locale: there is no 'xx'; known: de, en, es, fr, ja, ko, zh"),
        (("--assignee", "kin"), "assignee: there is no 'kin'; known: kim"),
    ],
)
def test_names_that_nobody_has_are_refused(shop: Shop, words: tuple[str, ...], said: str) -> None:
    with shop.home.database.write() as connection:
        people.add_user(connection, OPERATOR, "kim", role="author", password="")
    error = kb(shop, *words).exception
    assert isinstance(error, InvalidInput)
    assert str(error) == said


def test_a_draft_says_where_it_is_read_and_published(beside: Shop) -> None:
    (gap,) = json.loads(kb(beside, "--json").stdout)["gaps"]
    made = kb(beside, "draft", gap["id"])
    name = f"drafts/gap-{gap['id']}"
    assert f"GET /v1/articles/{name}, or /console?article={name}" in made.stdout
    assert f'POST /v1/articles/{name}/transitions {{"action": "publish"}}' in made.stdout
    home = ["--home", str(beside.home.path)]
    shown = CliRunner().invoke(app, [*home, "show", name, "--audience", "agents"])
    assert "state: draft" in shown.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("rename", "ID", "x" * 201), "name: 'x+'… has 201 characters, and may have 200"),
        (("ignore", "ID", "--reason", "x" * 1001), "reason: 'x+'… has 1,001 characters, and may have 1,000"),
    ],
)
def test_what_is_written_about_a_gap_is_short(beside: Shop, words: tuple[str, ...], said: str) -> None:
    (gap,) = json.loads(kb(beside, "--json").stdout)["gaps"]
    error = kb(beside, *(gap["id"] if word == "ID" else word for word in words)).exception
    assert isinstance(error, InvalidInput)
    assert re.fullmatch(said, str(error))
