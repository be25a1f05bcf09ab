"""`kb doctor` on homes that were really damaged: every finding is named, and its command mends it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections import namedtuple
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from articles.doctor import Finding, examine
from articles.health.staleness import model
from indexer import snapshot
from kb.models import EVERYTHING, OPERATOR
from kb.store import Database, inspect, keys, media, people, redirects
from kb.store import jobs as job_rows
from kb.store.media import Media
from tests.conftest import Shop

NOW = datetime.now(UTC)


@pytest.fixture
def home(shop: Shop) -> Path:
    """A home with three articles and a snapshot, that nobody has open."""
    shop.put("refunds", "Refunds are paid within 14 days.", title="Refunds")
    shop.put("환불", "환불은 14일 이내에 해 드립니다.", title="환불 안내", locale="ko")
    shop.put("empty", "", title="Empty")
    shop.home.index.compact()
    shop.home.database.close()
    return shop.home.path


def found(home: Path, *, compact_chunks: int = 2000) -> dict[str, Finding]:
    """Findings by their check; each check finds at most one thing here."""
    findings = examine(home, NOW, compact_chunks)
    by_check = {finding.check: finding for finding in findings}
    assert len(by_check) == len(findings), findings
    return by_check


def only(home: Path, check: str, severity: str = "error") -> Finding:
    """The one finding."""
    findings = found(home)
    assert list(findings) == [check], findings
    assert findings[check].severity == severity
    return findings[check]


def damage(home: Path, *statements: str) -> None:
    """Change the database behind its back."""
    with closing(sqlite3.connect(home / "kb.db")) as connection, connection:
        for statement in statements:
            assert connection.execute(statement).rowcount, statement


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(data)


def test_nothing_is_wrong_with_a_whole_home(home: Path) -> None:
    assert found(home) == {}


# --- the database as a file ---------------------------------------------------------------------------------


def test_a_home_that_is_not_there(tmp_path: Path) -> None:
    assert only(tmp_path / "nowhere", "home").mend == "kb index FOLDER"
    assert not (tmp_path / "nowhere").exists()


def test_a_database_that_is_gone_or_empty(home: Path) -> None:
    (home / "kb.db").rename(home / "kept")
    assert "put a backup there" in only(home, "database").mend
    assert not (home / "kb.db").exists()
    (home / "kb.db").touch()
    assert "empty" in only(home, "schema").message


def test_a_database_that_is_none(home: Path) -> None:
    (home / "kb.db").write_bytes(b"not a database at all" * 1000)
    assert "file is not a database" in only(home, "database").message


def test_a_database_with_broken_pages(home: Path) -> None:
    with closing(sqlite3.connect(home / "kb.db")) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'redirects'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    flip(home / "kb.db", (page - 1) * size)
    findings = examine(home, NOW, 2000)
    broken = next(finding for finding in findings if finding.check == "database")
    assert broken.severity == "error"
    assert "damaged" in broken.message
    assert f"mv {home / 'kb.db'} {home / 'kb.db.damaged'}" in broken.mend
    assert {finding.check for finding in findings} == {"database", "redirects"}  # the other checks are done


def test_a_truncated_database(home: Path) -> None:
    path = home / "kb.db"
    os.truncate(path, path.stat().st_size // 2)
    assert {"database"} <= {finding.check for finding in examine(home, NOW, 2000) if finding.severity == "error"}


def test_a_database_of_another_release_is_not_touched(home: Path) -> None:
    damage(home, "UPDATE alembic_version SET version_num = '9999'")
    before = (home / "kb.db").read_bytes()
    assert "a newer one wrote it" in only(home, "schema").message
    damage(home, "UPDATE alembic_version SET version_num = '0002'")
    assert "this release writes" in only(home, "schema", "info").message
    damage(home, "UPDATE alembic_version SET version_num = '9999'")
    assert (home / "kb.db").read_bytes()[4096:] == before[4096:]


def test_a_cell_of_another_type_spoils_one_check(home: Path) -> None:
    damage(home, "UPDATE versions SET markdown = x'ff00' WHERE article_id = 'refunds'")
    assert found(home).keys() >= {"hashes", "media"}
    assert "redirects" not in found(home)


# --- articles -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "check", "severity", "place"),
    [
        ("UPDATE versions SET markdown = 'x' WHERE article_id = 'refunds'", "hashes", "error", "refunds@1"),
        ("UPDATE versions SET state = 'past' WHERE article_id = 'refunds'", "states", "warning", "refunds@1: past"),
        ("UPDATE articles SET state = 'archived' WHERE id = '환불'", "states", "warning", "환불@1: live"),
        ("UPDATE articles SET working = 7 WHERE id = 'refunds'", "versions", "error", "refunds@7"),
        ("DELETE FROM versions WHERE article_id = 'refunds'", "versions", "error", "refunds@1"),
        ("DELETE FROM chunks WHERE article_id = 'refunds'", "chunks", "error", "refunds"),
        ("UPDATE articles SET audience = 'legal' WHERE id = 'refunds'", "audiences", "warning", "legal"),
        ("INSERT INTO redirects VALUES ('a', 'a', '')", "redirects", "error", "a → a"),
        ("INSERT INTO redirects VALUES ('a', 'gone', '')", "redirects", "warning", "a → gone"),
        ("INSERT INTO redirects VALUES ('refunds', '환불', '')", "redirects", "warning", "refunds → 환불"),
    ],
)
def test_damaged_articles_are_named(home: Path, statement: str, check: str, severity: str, place: str) -> None:
    damage(home, statement)
    assert only(home, check, severity).places == (place,)


def test_what_refers_to_nothing(home: Path) -> None:
    damage(home, "DELETE FROM articles WHERE id = 'refunds'")
    assert {finding.places for finding in examine(home, NOW, 2000) if finding.check == "orphans"} == {
        ("versions",),
        ("chunks",),
    }


@pytest.mark.parametrize(
    ("table", "severity"), [("vectors", "error"), ("analyses", "error"), ("token_vectors", "warning")]
)
def test_what_search_needs_of_a_chunk(home: Path, shop: Shop, table: str, severity: str) -> None:
    damage(home, f"DELETE FROM {table}")
    finding = only(home, table, severity)
    assert (finding.places, finding.mend) == (("refunds", "환불"), "kb index")
    assert "tiny:1" in finding.message


def test_of_a_model_that_was_used_before_vectors_do_not_count(home: Path) -> None:
    damage(home, "UPDATE vectors SET model = 'other:1'")
    assert only(home, "vectors").places == ("refunds", "환불")


def test_what_lacks_something_is_prepared_again(home: Path, shop: Shop) -> None:
    damage(home, "DELETE FROM chunks WHERE article_id = 'refunds'", "DELETE FROM vectors")
    with shop.home.database.write() as connection:
        lost = inspect.incomplete(connection)
        inspect.prepare_again(connection, lost)
    assert lost == {"refunds", "환불"}
    assert [outcome.status for outcome in shop.library.renew() if outcome.id != "empty"] == ["updated"] * 2
    shop.home.index.compact()
    assert found(home) == {}


def test_redirects_that_lead_to_redirects(home: Path, shop: Shop) -> None:
    with shop.home.database.write() as connection:
        redirects.add(connection, "old", "refunds")
    damage(home, "INSERT INTO redirects VALUES ('older', 'old', '')")
    finding = only(home, "redirects", "warning")
    assert (finding.places, finding.cost) == (("older → old",), "readers are sent twice")


def test_articles_prepared_under_different_settings(home: Path) -> None:
    damage(home, "UPDATE articles SET prepared = replace(prepared, ':60:', ':90:') WHERE id = 'refunds'")
    assert len(only(home, "prepared", "warning").places) == 2


# --- what is beside them ------------------------------------------------------------------------------------


def test_media_that_is_missing_hidden_or_not_what_it_was(home: Path, shop: Shop) -> None:
    data = b"a,b\n"
    name = hashlib.sha256(data).hexdigest()
    shop.put("table", f"[The table](/media/{name}/t.csv)", title="Table")
    assert only(home, "media").places == (f"table: {name}",)
    with shop.home.database.write() as connection:
        media.add(connection, Media(name, "t.csv", "text/csv", 4, "agents", "main", "operator", ""), data)
    assert "not for their readers" in only(home, "media", "warning").message
    damage(home, "UPDATE media SET audience = 'public'")
    assert found(home) == {}
    damage(home, "UPDATE media SET data = x'00'")
    assert only(home, "media").places == (f"t.csv: {name}",)


def test_keys_that_nobody_needs(home: Path, shop: Shop) -> None:
    old = NOW - timedelta(days=91)
    with shop.home.database.write() as connection:
        for at, name, end in ((old, "unused", None), (old, "over", old + timedelta(days=1)), (NOW, "new", None)):
            keys.create(connection, OPERATOR, at, name=name, role="agent", expires_at=end)
        people.add_group(connection, OPERATOR, "legal")
    damage(home, f"UPDATE keys SET at = '{old.isoformat()}' WHERE name != 'new'")
    findings = [finding for finding in examine(home, NOW, 2000) if finding.check == "keys"]
    assert {finding.severity for finding in findings} == {"info"}
    told = {finding.places[0].partition("(")[2]: finding.message for finding in findings}
    assert told.keys() == {"unused)", "over)"}
    assert "was never used" in told["unused)"]
    assert "expired" in told["over)"]
    assert all(finding.mend.startswith("kb keys revoke ") for finding in findings)


def test_jobs_that_failed_or_whose_process_has_ended(home: Path, shop: Shop) -> None:
    past = (NOW - timedelta(minutes=5)).isoformat()
    with shop.home.database.write() as connection:
        job_rows.register(connection, {"compact": past, "sweep": past})
        job_rows.take(connection, "sweep", "dead", at=past, until=past, next_due=past)
        job_rows.take(connection, "compact", "one", at=past, until=past, next_due=past)
        job_rows.finish(connection, "compact", "one", at=past, said=job_rows.Said(), error="OSError: the disk is full")
    failed, lapsed = examine(home, NOW, 2000)
    assert (failed.places, failed.severity, failed.mend) == (("compact",), "warning", "kb jobs run compact")
    assert "the disk is full" in failed.message
    assert (lapsed.places, "dead ran it" in lapsed.message) == (("sweep",), True)


# --- the index ----------------------------------------------------------------------------------------------


def newest(home: Path) -> Path:
    return snapshot.generations(home / "index")[0]


@pytest.mark.parametrize("name", ["vectors.npy", "articles.json", "words.documents.npy", "manifest.json"])
def test_a_damaged_index_file_is_named(home: Path, name: str) -> None:
    path = newest(home) / name
    if not path.exists():
        path = next(newest(home).glob("words.*.npy"))
    flip(path, path.stat().st_size // 2)
    finding = only(home, "snapshot")
    assert path.name in finding.message or path.name == "manifest.json"
    assert finding.places == (str(newest(home)),)
    assert finding.mend == f"rm -r {home / 'index'} && kb index"
    path.unlink()
    assert "missing" in only(home, "snapshot").message or path.name == "manifest.json"


def test_an_index_of_another_format(home: Path) -> None:
    path = newest(home) / "manifest.json"
    path.write_text(path.read_text().replace(f'"format": {snapshot.FORMAT}', '"format": 1'))
    assert "format is 1" in only(home, "snapshot").message


def test_an_index_of_another_model(home: Path) -> None:
    path = newest(home) / "manifest.json"
    path.write_text(path.read_text().replace('"tiny:1"', '"other:9"'))
    assert "made with other:9" in only(home, "index", "warning").message


def test_an_index_that_is_ahead_of_the_store_or_far_behind(home: Path, shop: Shop) -> None:
    shutil.copy(home / "kb.db", home / "backup")
    shop.put("more", "One more article.", title="More")
    assert found(home) == {}
    lagging = found(home, compact_chunks=1)["index"]
    assert (lagging.severity, "1 chunk is newer" in lagging.message) == ("warning", True)
    shop.home.index.compact()
    shop.home.database.close()
    for path in home.glob("kb.db*"):
        path.unlink()
    shutil.copy(home / "backup", home / "kb.db")
    assert "its change is 4, and the store's last is 3" in only(home, "index").message


def test_a_snapshot_that_was_left_half_made(home: Path) -> None:
    folder = home / "index" / ".making-abc"
    folder.mkdir()
    assert found(home) == {}  # it may be in the making
    os.utime(folder, (NOW.timestamp() - 7200,) * 2)
    assert only(home, "leftovers", "warning").mend == f"rm -r {folder}"


# --- files beside the database ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["server.json", "pseudonym.key"])
def test_a_secret_that_others_may_read(home: Path, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        (home / name).write_text(json.dumps({"url": f"http://127.0.0.1:{server.getsockname()[1]}", "token": "x"}))
        (home / name).chmod(0o640)
        finding = only(home, "secrets")
        assert (finding.mend, "mode 640" in finding.message) == (f"chmod 600 {home / name}", True)
        (home / name).chmod(0o600)
        assert found(home) == {}


def test_a_server_that_is_dead(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    path = home / "server.json"
    for text in (json.dumps({"url": f"http://127.0.0.1:{port}", "token": "x"}), "{oops"):
        path.write_text(text)
        path.chmod(0o600)
        assert only(home, "server", "warning").mend == f"rm {path}"


def test_a_model_of_the_team_that_cannot_be_read(home: Path) -> None:
    path = home / "staleness.json"
    for text, said in (("{oops", "not JSON"), ('{"format": 9}', "format: '9' is not 1")):
        path.write_text(text)
        finding = only(home, "staleness")
        assert finding.message.startswith(said)
        assert (finding.places, finding.mend.endswith(f"rm {path} for the model that ships")) == ((str(path),), True)
    path.write_text(model.dump(model.load()))
    assert found(home) == {}


def test_a_disk_that_is_nearly_full(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**12, 10**12 - 10**8, 10**8))
    assert "100 MB" in only(home, "disk", "warning").message


# --- the command --------------------------------------------------------------------------------------------


def kb(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-X", "importtime", "-m", "kb", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_command_says_what_is_wrong_and_loads_no_model(home: Path) -> None:
    whole = kb(home.parent, "--home", str(home), "doctor")
    assert whole.returncode == 0, whole.stderr[-2000:]
    assert "nothing is wrong" in whole.stdout
    assert not [name for name in ("torch", "faiss", "kiwipiepy") if f"| {name}\n" in whole.stderr.replace("  ", "")]
    flip(newest(home) / "vectors.npy", 200)
    damage(home, "UPDATE articles SET audience = '[red]' WHERE id = 'refunds'")
    told = kb(home.parent, "--home", str(home), "doctor", "--json")
    assert told.returncode == 1
    report = json.loads(told.stdout)
    assert [(f["check"], f["severity"]) for f in report["findings"]] == [
        ("snapshot", "error"),
        ("audiences", "warning"),
    ]
    assert report["wrong"] == 2
    assert all(f["message"] and f["places"] and f["cost"] and f["mend"] for f in report["findings"])
    plain = kb(home.parent, "--home", str(home), "doctor")
    assert f"2 things are wrong with {home}" in plain.stdout
    assert "where [red]" in plain.stdout
    assert "mend  kb groups create '[red]'" in plain.stdout


def test_looking_changes_nothing(home: Path) -> None:
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file() and path.suffix != ".db-shm"}
    examine(home, NOW, 1)
    after = {path: path.read_bytes() for path in home.rglob("*") if path.is_file() and path.suffix != ".db-shm"}
    assert {path: data for path, data in after.items() if data} == {path: data for path, data in before.items() if data}


def test_looking_works_beside_a_writer(home: Path) -> None:
    database = Database(home / "kb.db")
    with database.write() as connection:
        media.move(connection, "x", "public", "main")
        assert found(home) == {}
    with database.read() as connection:
        assert media.page(connection, EVERYTHING, ("", ""), 10) == []
    database.close()
