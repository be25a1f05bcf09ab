"""Real server processes over real sockets: workers, a watched folder, the command line asking a server."""

from __future__ import annotations

import json
import os
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

pytestmark = [pytest.mark.server, pytest.mark.model]
TOKEN = {"Authorization": "Bearer let-me-write"}


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "kb", "serve", "--port", "0", *arguments],
        cwd=folder,
        env={**os.environ, "KB_WRITE_TOKEN": "let-me-write"},
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


def test_what_one_worker_publishes_the_other_finds(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as url:
        article = {"markdown": "---\ntitle: Moon\nlocale: en\n---\n\nWe ship boxes to the moon."}
        put = httpx.put(f"{url}/v1/articles/moon", json=article, headers=TOKEN, timeout=60)
        assert put.json()["status"] == "added"
        for _ in range(12):  # a new connection each: the workers take turns
            with httpx.Client(base_url=url, timeout=60) as client:
                assert ids(client, "do you ship to the moon") == ["moon"]
        httpx.delete(f"{url}/v1/articles/moon", headers=TOKEN, timeout=60)
        for _ in range(12):
            with httpx.Client(base_url=url, timeout=60) as client:
                assert ids(client, "do you ship to the moon") == []


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
