"""From saving a file to finding it, in a running server: `python bench/freshness.py`. Prints seconds for ten files."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        docs = Path(scratch) / "docs"
        docs.mkdir()
        command = [
            sys.executable,
            "-m",
            "kb",
            "--home",
            f"{scratch}/home",
            "serve",
            "--port",
            "0",
            "--watch",
            str(docs),
        ]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=scratch)
        try:
            assert server.stdout is not None
            found = re.search(r"http://[\d.:]+", server.stdout.readline())
            assert found is not None
            with httpx.Client(base_url=found.group(), timeout=60) as client:
                ready(client)
                print("seconds:", " ".join(f"{seconds(client, docs, n):.2f}" for n in range(10)))
        finally:
            server.terminate()
            server.wait(30)


def ready(client: httpx.Client) -> None:
    """Wait until the server answers and watches."""
    for _ in range(600):
        try:
            if client.get("/readyz").status_code == 200:
                break
        except httpx.TransportError:
            time.sleep(0.1)
    time.sleep(3)


def seconds(client: httpx.Client, docs: Path, number: int) -> float:
    """Seconds until a new file is found."""
    started = time.perf_counter()
    (docs / f"a{number}.md").write_text(f"# Code ZX-{number}{number}{number}\n\nRestart device number {number}.\n")
    while True:
        hits = client.get("/v1/search", params={"q": f"ZX-{number}{number}{number}"}).json()["hits"]
        if any(hit["id"] == f"a{number}" for hit in hits):
            return time.perf_counter() - started
        if time.perf_counter() - started > 60:
            raise TimeoutError("not found after a minute")
        time.sleep(0.02)


if __name__ == "__main__":
    main()
