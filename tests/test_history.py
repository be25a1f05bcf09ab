"""Git histories of Markdown: days, renames, what became of a file; and fitting to a team's own."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from articles.folder import sync
from articles.health.staleness import load, model
from articles.health.staleness.own import of_git, of_store
from articles.history import Past, became, dates, outcomes, pasts, texts
from kb.cli import common
from kb.cli.health_fit import fit
from kb.errors import InvalidInput, NotFound
from kb.models import EVERYTHING
from kb.store import articles
from tests.conftest import Shop

FIRST, SECOND, THIRD = date(2024, 1, 10), date(2024, 3, 5), date(2024, 9, 1)
LONG = " ".join(f"word{number}" for number in range(60))


class Repository:
    """A folder whose commits are made on days that the test chooses."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str, day: date = FIRST) -> str:
        at = f"{day.isoformat()}T12:00:00Z"
        who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com"}
        who |= {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com"}
        environment = {**os.environ, **who, "GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at}
        return subprocess.run(
            ["git", "-C", str(self.root), *arguments], env=environment, check=True, capture_output=True, text=True
        ).stdout

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def commit(self, day: date) -> None:
        self.git("add", "-A", day=day)
        self.git("commit", "-q", "-m", "x", day=day)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    root = tmp_path / "repository"
    root.mkdir()
    return Repository(root)


def test_a_file_has_the_days_of_its_commits_and_another_none_of_them(repository: Repository) -> None:
    repository.write("a.md", "one")
    repository.write("환불 안내.md", "환불")
    repository.write("a.txt", "no article")
    repository.commit(FIRST)
    repository.write("a.md", "two")
    repository.commit(SECOND)
    assert pasts(repository.root) == {"a.md": Past((FIRST, SECOND), 2), "환불 안내.md": Past((FIRST,), 1)}
    assert dates(repository.root) == {"a.md": SECOND, "환불 안내.md": FIRST}
    assert pasts(repository.root, until=FIRST)["a.md"].last == FIRST


def test_several_commits_of_one_day_are_one_day_and_so_many_changes(repository: Repository) -> None:
    for text in ("one", "two", "three"):
        repository.write("a.md", text)
        repository.commit(FIRST)
    assert pasts(repository.root) == {"a.md": Past((FIRST,), 3)}


def test_a_moved_file_keeps_its_past_and_a_new_one_of_the_old_name_does_not_get_it(repository: Repository) -> None:
    repository.write("old.md", LONG)
    repository.commit(FIRST)
    repository.git("mv", "old.md", "new.md")
    repository.commit(SECOND)
    repository.write("old.md", "something else entirely")
    repository.commit(THIRD)
    assert pasts(repository.root) == {"new.md": Past((FIRST, SECOND), 2), "old.md": Past((THIRD,), 1)}


def test_a_deleted_file_has_no_past_and_one_made_again_only_its_own(repository: Repository) -> None:
    repository.write("a.md", "one")
    repository.write("b.md", "stays")
    repository.commit(FIRST)
    (repository.root / "a.md").unlink()
    repository.commit(SECOND)
    assert set(pasts(repository.root)) == {"b.md"}
    repository.write("a.md", "again")
    repository.commit(THIRD)
    assert pasts(repository.root)["a.md"].days == (THIRD,)


def test_a_folder_inside_a_repository_has_paths_of_its_own(repository: Repository) -> None:
    repository.write("docs/help/a.md", "one")
    repository.write("elsewhere.md", "two")
    repository.commit(FIRST)
    folder = repository.root / "docs" / "help"
    assert set(pasts(folder)) == {"a.md"}
    assert texts(folder, FIRST) == {"a.md": "one"}


def test_texts_are_those_of_the_day(repository: Repository) -> None:
    repository.write("a.md", "one")
    repository.commit(FIRST)
    repository.write("a.md", "two")
    repository.write("b.md", "")
    repository.commit(SECOND)
    assert texts(repository.root, date(2024, 2, 1)) == {"a.md": "one"}
    assert texts(repository.root, SECOND) == {"a.md": "two", "b.md": ""}
    with pytest.raises(InvalidInput, match="no commit by 2020-01-01"):
        texts(repository.root, date(2020, 1, 1))


def test_a_symbolic_link_is_no_article(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret", encoding="utf-8")
    (repository.root / "link.md").symlink_to(tmp_path / "secret.md")
    repository.write("a.md", "one")
    repository.commit(FIRST)
    assert texts(repository.root, FIRST) == {"a.md": "one"}


def test_outcomes(repository: Repository) -> None:
    for name in ("same", "date", "rewritten", "gone", "moved"):
        repository.write(f"{name}.md", f"---\ntitle: {name}\n---\n{LONG} {name}")
    repository.commit(FIRST)
    repository.write("date.md", f"---\ntitle: date\nupdated: 2024-03-01\n---\n{LONG} date")
    repository.write("rewritten.md", "---\ntitle: rewritten\n---\n" + LONG.replace("word1", "other"))
    (repository.root / "gone.md").unlink()
    repository.git("mv", "moved.md", "sub.md")
    repository.commit(SECOND)
    expected = {"same": "unchanged", "date": "minor", "rewritten": "substantive", "gone": "deleted"}
    assert outcomes(repository.root, FIRST, SECOND) == {
        **{f"{name}.md": outcome for name, outcome in expected.items()},
        "moved.md": "unchanged",
    }
    assert set(outcomes(repository.root, FIRST, FIRST).values()) == {"unchanged"}


def test_hostile_names_are_names(repository: Repository) -> None:
    names = ["--output=x.md", "$(touch pwned).md", "a\tb.md", "new\nline.md", 'quo"te.md', "-.md"]
    for name in names:
        repository.write(name, name)
    repository.commit(FIRST)
    assert set(pasts(repository.root)) == set(names)
    assert texts(repository.root, FIRST) == {name: name for name in names}
    assert not list(repository.root.glob("**/pwned*"))


def test_what_a_repository_sets_up_to_be_run_is_not_run(repository: Repository, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {ran}\n", encoding="utf-8")
    program.chmod(0o755)
    repository.write(".gitattributes", "*.md diff=evil\n")
    repository.write("a.md", "one")
    repository.commit(FIRST)
    repository.write("a.md", "two")
    repository.commit(SECOND)
    for key in ("core.fsmonitor", "diff.external", "diff.evil.command", "diff.evil.textconv", "core.pager"):
        repository.git("config", key, str(program))
    assert pasts(repository.root)["a.md"].days == (FIRST, SECOND)
    assert outcomes(repository.root, FIRST, SECOND) == {"a.md": "substantive"}
    assert not ran.exists()


def test_a_clone_that_was_cut_off_does_not_say_that_all_files_are_new(repository: Repository, tmp_path: Path) -> None:
    repository.write("a.md", "one")
    repository.write("b.md", "one")
    repository.commit(FIRST)
    repository.write("c.md", "one")
    repository.commit(SECOND)
    repository.write("a.md", "two")
    repository.commit(THIRD)
    subprocess.run(
        ["git", "clone", "-q", "--depth", "2", f"file://{repository.root}", str(tmp_path / "cut")], check=True
    )
    assert pasts(tmp_path / "cut") == {"a.md": Past((THIRD,), 1)}


def test_a_folder_in_no_repository_has_no_dates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))  # another repository's environment does not lead astray
    assert dates(tmp_path) == {}
    with pytest.raises(NotFound, match="not a git repository"):
        pasts(tmp_path)


def test_errors_name_the_folder_and_what_is_missing(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(InvalidInput, match=r"nothing: no such folder"):
        pasts(tmp_path / "nothing")
    with pytest.raises(InvalidInput, match="git:"):
        pasts(repository.root)  # no commit yet
    assert dates(repository.root) == {}
    assert "no dates from Git" in caplog.text
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InvalidInput, match="`git` is not on the PATH"):
        pasts(repository.root)


@given(st.text(max_size=200), st.text(max_size=200))
def test_what_a_change_was(before: str, after: str) -> None:
    assert became(before, None) == "deleted"
    assert became(before, before) == "unchanged"
    assert became(before, after) == became(after, before)


def test_a_change_of_front_matter_alone_is_minor_in_korean_too() -> None:
    body = "환불은 결제일로부터 14일 이내에 신청할 수 있습니다. 설정에서 결제를 선택하세요.\n"
    assert became(f"---\ntitle: 환불\n---\n{body}", f"---\ntitle: 환불 안내\ntags: [결제]\n---\n{body}") == "minor"
    assert became(body, body.replace("14일", "30일").replace("설정", "계정")) == "substantive"


# --- a team's own history ------------------------------------------------------------------------------------

WORDS = ("refund", "invoice", "hub", "coupon", "address", "delivery", "password", "login", "export", "report")


def test_cases_of_a_git_history_are_as_of_the_day(repository: Repository) -> None:
    for word in WORDS:
        repository.write(f"help/{word}.md", f"---\ntitle: About the {word}\n---\n{LONG} {word}")
    repository.write("help/broken.md", "---\n: [\n---\n")
    repository.commit(FIRST)
    repository.write("help/hub.md", "---\ntitle: About the hub\n---\nWritten anew.")
    (repository.root / "help/coupon.md").unlink()
    repository.write("help/later.md", "# Later\n")
    repository.commit(SECOND)
    found = of_git(repository.root, FIRST, SECOND)
    assert set(found.table.ids) == {f"help/{word}" for word in WORDS}
    needed = {name for name, label in zip(found.table.ids, found.labels, strict=True) if label}
    assert needed == {"help/hub", "help/coupon"}
    assert {evidence["changes"] for evidence in found.table.evidence} == {1}


def test_cases_of_the_store_are_its_versions(shop: Shop) -> None:
    for word in WORDS:
        shop.put(word, f"---\ntitle: About the {word}\n---\n{LONG} {word}")
    today = datetime.now(UTC).date()
    shop.put("hub", "---\ntitle: About the hub\n---\nWritten anew.")
    found = of_store(shop.home.database, today, today)
    assert set(found.table.ids) == set(WORDS)
    assert not found.labels.any()
    assert dict(zip(found.table.ids, (own["changes"] for own in found.table.evidence), strict=True))["hub"] == 2
    assert not len(of_store(shop.home.database, today - timedelta(days=1), today).labels)


def run_fit(*arguments: str) -> Result:
    app = typer.Typer()
    app.command()(fit)
    return CliRunner().invoke(app, list(arguments))


def test_the_command_fits_to_a_repository_and_writes_into_the_home(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(100):
        repository.write(f"{'legacy' if number % 3 else 'help'}/{number}.md", f"# About {number}\n\n{LONG}")
    repository.commit(FIRST)
    for number in range(0, 100, 3):
        repository.write(f"help/{number}.md", f"# About {number}\n\nWritten anew.")
    repository.commit(SECOND)
    monkeypatch.setenv("KB_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(common, "_flags", {})  # what a command before this one was given
    span = ("--since", FIRST.isoformat(), "--until", SECOND.isoformat())
    shown = run_fit(str(repository.root), *span)
    assert shown.exit_code == 0, shown.output
    assert "100 articles, 34 rewritten or removed" in shown.output
    assert "not written" in shown.output
    assert not (tmp_path / "home" / model.FILE).exists()
    said = json.loads(run_fit(str(repository.root), *span, "--write", "--json").output)
    assert said["positives"] == 34
    assert said["cross_validated"]["auroc"] > 0.9
    assert load(tmp_path / "home").categories["help"] > 0


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((), "FOLDER, --store: name a folder"),
        ((".", "--store"), "not both"),
        ((".", "--since", "soon"), "--since: 'soon' is not a day"),
        ((".", "--since", "2024-05-01", "--until", "2024-04-01"), "is not a span of days"),
        ((".", "--until", "2999-01-01"), "is not a span of days"),
    ],
)
def test_the_command_says_what_is_wrong(arguments: tuple[str, ...], problem: str) -> None:
    assert problem in str(run_fit(*arguments).exception)


def test_a_folder_takes_dates_from_git_where_the_text_says_none(repository: Repository, shop: Shop) -> None:
    repository.write("plain.md", "# Plain\n\nText.")
    repository.write("said.md", "---\ntitle: Said\nupdated: 2020-02-02\n---\nText.")
    repository.commit(FIRST)
    sync(shop.library, repository.root)
    with shop.home.database.read() as connection:
        days = {a.id: a.metadata.updated for a in articles.all_articles(connection, EVERYTHING)}
    assert days == {"plain": FIRST, "said": date(2020, 2, 2)}
