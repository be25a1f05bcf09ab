"""The command line as a process: output, JSON, exit codes, settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kb.errors import InvalidInput
from kb.settings import load
from tests.conftest import STARTER


def kb(*arguments: str, folder: Path, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kb", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=300,
        check=False,
    )


# --- settings -----------------------------------------------------------------------------------------------


def test_flag_beats_environment_beats_file_beats_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kb.toml").write_text('port = 1\nhost = "::1"\nmodel = "m"\n')
    monkeypatch.setenv("KB_PORT", "2")
    monkeypatch.setenv("KB_MODEL", "n")
    found = load({"model": "o", "audience": None}, tmp_path)
    assert (found.settings.host, found.settings.port, found.settings.model) == ("::1", 2, "o")
    origins = {key: found.origins[key] for key in ("host", "port", "model", "audience")}
    assert origins == {
        "host": str(tmp_path / "kb.toml"),
        "port": "KB_PORT",
        "model": "flag",
        "audience": "default",
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("prot = 1", "kb.toml: unknown setting 'prot'"),
        ("port = 99999", "kb.toml: port: 99999"),
        ("port = ", "kb.toml: not TOML"),
    ],
)
def test_a_bad_file_names_key_value_and_file(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "kb.toml").write_text(text)
    with pytest.raises(InvalidInput) as caught:
        load(folder=tmp_path)
    assert words in str(caught.value)


def test_config_prints_values_origins_and_no_secret(tmp_path: Path) -> None:
    done = kb("config", folder=tmp_path, KB_SERVER_KEY="hush-hush")
    assert "from KB_SERVER_KEY" in done.stdout
    assert "hush-hush" not in done.stdout + done.stderr
    rows = json.loads(kb("config", "--json", folder=tmp_path).stdout)["settings"]
    assert {row["setting"]: row["from"] for row in rows}["port"] == "default"


# --- the main job, with the real model ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("work")
    docs = folder / "docs"
    for name in ("en/refunds.md", "ko/refunds.md", "en/refund-exceptions.md", "en/hub-wifi.md"):
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / name).write_text((STARTER / name).read_text())
    (docs / "broken.md").write_text("---\ntitle: [\n---\n")
    done = kb("index", "docs", "--json", folder=folder)
    assert done.returncode == 1  # it says that something failed
    summary = json.loads(done.stdout)
    assert (summary["added"], summary["failed"]) == (4, 1)
    assert summary["problems"][0] | {"message": ""} == {"source": "broken.md", "line": 2, "message": ""}
    (docs / "broken.md").unlink()
    return folder


@pytest.mark.model
def test_index_again_changes_nothing_and_loads_no_torch(indexed: Path) -> None:
    code = (
        "import sys; sys.argv = ['kb', 'index', 'docs']; from kb.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code + "print('torch' in sys.modules)"],
        cwd=indexed,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "4 unchanged" in done.stdout
    assert done.stdout.rstrip().endswith("False")


@pytest.mark.model
def test_search_answers_in_text_and_json(indexed: Path) -> None:
    found = json.loads(kb("search", "환불은 언제까지 되나요?", "--json", folder=indexed).stdout)
    assert (found["hits"][0]["id"], found["verdict"]) == ("refunds-ko", "answer")
    text = kb("search", "hub wifi error HUB-E31", folder=indexed)
    assert text.returncode == 0
    assert "1. Naru Hub will not connect to Wi-Fi" in text.stdout
    assert "Goodwill" not in kb("search", "goodwill credit limits", folder=indexed).stdout
    inside = kb("search", "goodwill credit limits", "--audience", "agents", folder=indexed).stdout
    assert "agents only" in inside


@pytest.mark.model
def test_suggest_reads_standard_input(indexed: Path) -> None:
    done = kb("suggest", "-", "--json", folder=indexed, stdin="제목: 환불\n안녕하세요. 연간 구독 환불되나요?")
    hit = json.loads(done.stdout)["hits"][0]
    assert (hit["id"], "환불" in hit["why"]) == ("refunds-ko", True)


def test_show_status_health_and_gaps(indexed: Path) -> None:
    assert kb("show", "refunds", folder=indexed).stdout.startswith("---\ntitle:")
    assert kb("show", "refund-exceptions", folder=indexed).returncode == 3
    hidden = kb("show", "refund-exceptions", folder=indexed)
    assert (hidden.stdout, "it is for 'agents'" in hidden.stderr) == ("", True)
    status = json.loads(kb("status", "--json", folder=indexed).stdout)
    assert (status["articles"]["published"], status["lag"], status["generation"]) == (4, 0, 1)
    health = json.loads(kb("health", "--json", "--all", folder=indexed).stdout)["articles"]
    assert {"id", "source", "score", "needs_work", "flags"} <= health[0].keys()
    assert len(health) == 4
    assert "gaps" in json.loads(kb("gaps", "--json", folder=indexed).stdout)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("index", "nowhere"), 2, "kb: nowhere: no such folder"),
        (("index", ""), 2, "kb: folder: '' is no folder"),
        (("eval", ""), 2, "kb: folder: '' is no folder"),
        (("show", "nothing"), 3, "kb: no article 'nothing'"),
        (("synonyms", "add", "refund", ""), 2, "kb: terms: '' is no word"),
        (("metrics", "--from", "2026-13-01"), 2, "kb: from: '2026-13-01' is not a time such as"),
        (("--server", "http://127.0.0.1:1", "search", "x"), 1, "kb: server: 'http://127.0.0.1:1' does not answer"),
        (("--server", "nonsense", "search", "x"), 2, "kb: server: 'nonsense' is no address"),
        (("suggest", "nothing.json"), 2, "kb: nothing.json: cannot be read"),
        (("search", "?!"), 2, "kb: query: '?!'"),
        (("eval", "nowhere"), 2, "nowhere/corpus.jsonl: cannot be read"),
        (("serve", "--watch", "nowhere"), 2, "kb: watch: nowhere: no such folder"),
        (("search",), 2, "Missing argument"),
    ],
)
def test_what_goes_wrong_is_said_without_a_traceback(
    tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = kb(*arguments, folder=tmp_path)
    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / ".kb").mkdir()
    (tmp_path / ".kb" / "kb.db").write_bytes(b"this is not a database, it is a text" * 99)
    done = kb("status", folder=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "kb.db: not a database" in done.stderr
