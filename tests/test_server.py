"""Real server processes over real sockets: workers, a watched folder, the command line asking a server."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bench import kill

pytestmark = [pytest.mark.server, pytest.mark.model]


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "kb", "serve", "--port", "0", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://[\d.:]+", process.stdout.readline())
        assert found is not None
        until(lambda: httpx.get(f"{found.group()}/readyz").status_code == 200, 120)
        yield found.group()
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        process.stdout.close() if process.stdout else None


def until(true: Callable[[], bool], seconds: float) -> float:
    """Seconds until something became true."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        try:
            if true():
                return time.monotonic() - started
        except httpx.TransportError:
            pass  # not there yet: asked again until time is up
        time.sleep(0.05)
    raise AssertionError(f"not true after {seconds} s")


def ids(client: httpx.Client, question: str) -> list[str]:
    return [hit["id"] for hit in client.get("/v1/search", params={"q": question}).json()["hits"]]


def key(folder: Path, role: str) -> dict[str, str]:
    """The header of a new key of a home."""
    command = [sys.executable, "-m", "kb", "keys", "create", role, "--role", role, "--json"]
    made = json.loads(subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout)
    return {"Authorization": f"Bearer {made['key']}"}


def everywhere(url: str, question: str, expected: list[str]) -> None:
    """Every worker finds the same: a new connection each, so that they take turns."""
    for _ in range(12):
        with httpx.Client(base_url=url, timeout=60) as client:
            assert ids(client, question) == expected


def lexical(client: httpx.Client) -> float:
    """BM25 of the only article for a word that it has, and one that only a synonym finds there."""
    found = client.post("/v1/search", json={"query": "boxes zorblax", "explain": True, "exact": True})
    return float(found.json()["hits"][0]["explain"]["bm25"]["score"])


def test_what_is_written_through_one_worker_is_so_in_every_other(tmp_path: Path) -> None:
    author = key(tmp_path, "author")
    with serving(tmp_path, "--workers", "2") as url, httpx.Client(base_url=url, timeout=60, headers=author) as client:
        article = {"markdown": "---\ntitle: Moon\nlocale: en\n---\n\nWe ship boxes to the moon."}
        put = client.put("/v1/articles/moon", json=article)
        assert put.json()["status"] == "added"
        everywhere(url, "do you ship to the moon", ["moon"])
        before = lexical(client)
        assert client.post("/v1/synonyms", json={"terms": ["moon", "zorblax"]}).status_code == 201
        for _ in range(12):
            with httpx.Client(base_url=url, timeout=60) as other:
                assert lexical(other) > before
        internal = client.patch("/v1/articles/moon", json={"audience": "internal"}, headers={"If-Match": "*"})
        assert internal.status_code == 200
        everywhere(url, "do you ship to the moon", [])
        client.patch("/v1/articles/moon", json={"audience": "public"}, headers={"If-Match": "*"})
        everywhere(url, "do you ship to the moon", ["moon"])
        client.delete("/v1/articles/moon", headers={"If-Match": "*"})
        everywhere(url, "do you ship to the moon", [])


def test_what_was_acknowledged_outlives_killed_processes(tmp_path: Path) -> None:
    log = kill.run(60, 3, tmp_path, every=30)
    assert log.problems == []
    assert log.kills == 2
    assert log.acknowledged + log.broken == 60


def test_a_watched_folder_is_followed_and_the_command_line_asks_the_server(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.md").write_text("# Refunds\n\nWithin 14 days.\n")
    with serving(tmp_path, "--watch", "docs") as url, httpx.Client(base_url=url, timeout=60) as client:
        until(lambda: ids(client, "refunds") == ["a"], 60)
        (docs / "b.md").write_text("# 배송 조회\n\n배송은 주문 화면에서 조회합니다.\n")
        until(lambda: "b" in ids(client, "배송 조회"), 60)
        (docs / "a.md").unlink()
        until(lambda: "a" not in ids(client, "refunds"), 60)
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "kb", "search", "배송 조회", "--json"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert json.loads(done.stdout)["hits"][0]["id"] == "b"
        assert "torch" not in done.stderr  # the server did the work
    assert not (tmp_path / ".kb" / "server.json").exists()
