"""Kills real server processes at random while articles change under search load: `python bench/kill.py`.

A client publishes, edits, moves, archives and erases through `kb serve --workers 2`, and keeps its own log of what was
acknowledged. Workers, or all of the server, get SIGKILL at random moments. Then everything acknowledged must be there,
every text whole, and search must answer as an index that is built from scratch does.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from kb.client import Client, calls
from kb.errors import KbError, NotFound
from kb.models import EVERYTHING
from kb.settings import Settings
from kb.wire.articles import ArticleOut

TOPICS = ("refund", "delivery", "password", "invoice", "환불", "배송", "비밀번호", "청구서")


@dataclass
class Known:
    """What the client was told of an article last: its text, and whether it is live."""

    markdown: str
    live: bool


@dataclass
class Log:
    """Acknowledged, and what broke off on the way; what was found lost or half is told in words."""

    acknowledged: int = 0
    broken: int = 0
    kills: int = 0
    searches: int = 0
    problems: list[str] = field(default_factory=list)


class Server:
    """`kb serve` in a process group of its own."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.folder, self.workers = folder, workers
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "kb", "serve", "--port", str(self.port), "--workers", str(self.workers)]
        log = (self.folder / "server.log").open("ab")
        often = {**os.environ, "KB_COMPACT_CHUNKS": "25"}  # so that compactions are killed, too
        self.process = subprocess.Popen(
            command, cwd=self.folder, stdout=log, stderr=log, env=often, start_new_session=True
        )
        log.close()

    def children(self) -> list[int]:
        assert self.process is not None
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        found = [int(pid) for pid in path.read_text().split()] if path.exists() else []
        return [pid for pid in found if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def kill_worker(self, rng: random.Random) -> None:
        children = self.children()
        if children:
            os.kill(rng.choice(children), signal.SIGKILL)

    def kill_all(self) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def wait(self, seconds: float = 180) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                if httpx.get(f"{self.url}/readyz", timeout=5, trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.2)
        raise TimeoutError(f"the server is not ready after {seconds} s: see {self.folder / 'server.log'}")


def run(operations: int, seed: int, folder: Path, *, workers: int = 2, every: int = 40) -> Log:
    """Do so many operations, with a kill about every so many of them."""
    rng, log = random.Random(seed), Log()
    key = _key(folder)
    server = Server(folder, workers)
    server.start()
    server.wait()
    stop = threading.Event()
    load = [threading.Thread(target=_search, args=(server, key, log, stop, seed + n)) for n in range(2)]
    for thread in load:
        thread.start()
    killer: threading.Thread | None = None
    known: dict[str, Known] = {}
    made = 0
    try:
        with Client(server.url, key, seconds=60) as client:
            for number in range(operations):
                if number % every == every // 2:
                    if killer:
                        killer.join()
                    killer = threading.Thread(target=_kill, args=(server, random.Random(seed + number), log))
                    killer.start()
                made += _operate(client, server, rng, known, log, made)
            if killer:
                killer.join()
            server.wait()
            for article_id in known:
                _compare(client, article_id, known, log, "at the end")
    finally:
        stop.set()
        for thread in load:
            thread.join()
        server.kill_all()
    _check_store(folder, known, log)
    _check_search(folder, log)
    return log


def _key(folder: Path) -> str:
    command = [sys.executable, "-m", "kb", "keys", "create", "kill", "--role", "admin", "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return str(json.loads(done.stdout)["key"])


def _kill(server: Server, rng: random.Random, log: Log) -> None:
    time.sleep(rng.random())
    log.kills += 1
    if rng.random() < 0.6:
        server.kill_worker(rng)
    else:
        server.kill_all()
        server.start()
    server.wait()


def _search(server: Server, key: str, log: Log, stop: threading.Event, seed: int) -> None:
    rng = random.Random(seed)
    with Client(server.url, key, seconds=30) as client:
        while not stop.is_set():
            try:
                client.send(calls.search(f"{rng.choice(TOPICS)} {rng.choice(TOPICS)}"))
                log.searches += 1
            except KbError:
                time.sleep(0.2)


def _text(rng: random.Random, number: int) -> str:
    words = " ".join(rng.choice(TOPICS) for _ in range(12))
    locale = "ko" if number % 2 else "en"
    front = f"---\ntitle: {rng.choice(TOPICS)} {number}\nlocale: {locale}\n---\n"
    return f"{front}\n{words}\n\n## {number}\n\n{words} {number}.\n"


def _operate(client: Client, server: Server, rng: random.Random, known: dict[str, Known], log: Log, made: int) -> int:
    """One operation on one article; how many texts were made. What breaks off is looked up."""
    kind = (
        rng.choice(("publish", "publish", "edit", "edit", "draft", "move", "archive", "erase"))
        if len(known) > 5
        else "publish"
    )
    text = _text(rng, made + 1)
    article_id = rng.choice(sorted(known)) if kind != "publish" else f"a{made + 1}"
    before = known.get(article_id)
    other = f"m{made + 1}"
    if before and not before.live and kind in ("archive", "move"):
        kind = "edit"
    after: dict[str, Known | None] = {
        "publish": {article_id: Known(text, True)},
        "edit": {article_id: Known(text, True)},
        "draft": {article_id: before},
        "move": {article_id: None, other: before},
        "archive": {article_id: Known(before.markdown, False) if before else None},
        "erase": {article_id: None},
    }[kind]
    call = {
        "publish": lambda: calls.create_article(article_id, text),
        "edit": lambda: calls.put_article(article_id, text, None),
        "draft": lambda: calls.put_article(article_id, text, None, publish=False),
        "move": lambda: calls.move_article(article_id, other, None),
        "archive": lambda: calls.archive_article(article_id, None),
        "erase": lambda: calls.erase_article(article_id, None),
    }[kind]()
    try:
        client.send(call)
        log.acknowledged += 1
        done = True
    except KbError as error:
        if "http" not in str(error):
            log.problems.append(f"{kind} {article_id}: {error}")
        log.broken += 1
        server.wait()
        done = _was_done(client, after, {name: known.get(name) for name in after}, log, kind)
    if done:
        for name, found in after.items():
            if found is None:
                known.pop(name, None)
            else:
                known[name] = found
    return 1


def _was_done(
    client: Client, after: dict[str, Known | None], before: dict[str, Known | None], log: Log, kind: str
) -> bool:
    """Whether an operation that was not acknowledged was done; half of it is a problem."""
    found = {name: _read(client, name) for name in after}
    if all(_is(found[name], after[name]) for name in after):
        return True
    if not all(_is(found[name], before[name]) for name in after):
        log.problems.append(f"{kind} of {list(after)} is half done")
    return False


def _read(client: Client, article_id: str) -> ArticleOut | None:
    for _ in range(5):
        try:
            found = client.send(calls.article(article_id))
        except NotFound:
            return None
        except KbError:
            time.sleep(1)
            continue
        return found
    raise TimeoutError(f"{article_id} cannot be read")


def _is(found: ArticleOut | None, wanted: Known | None) -> bool:
    if found is None or wanted is None:
        return found is None and wanted is None
    return found.markdown == wanted.markdown and (found.state == "published") == wanted.live


def _compare(client: Client, article_id: str, known: dict[str, Known], log: Log, when: str) -> None:
    if not _is(_read(client, article_id), known[article_id]):
        log.problems.append(f"{article_id}: what was acknowledged is lost {when}")


def _check_store(folder: Path, known: dict[str, Known], log: Log) -> None:
    """Every text is whole, and what is live is what the client knows of, no more and no less."""
    from articles.prepare import content_hash
    from kb.store import Database, articles, versions

    database = Database(folder / ".kb" / "kb.db")
    with database.read() as connection:
        live = {article.id for article in articles.all_articles(connection, EVERYTHING)}
        for record in articles.records(connection).values():
            for version in versions.history(connection, record.id):
                if content_hash(version.markdown) != version.content_hash:
                    log.problems.append(f"{record.id}: version {version.number} is half")
    database.close()
    if live != {name for name, item in known.items() if item.live}:
        log.problems.append(f"live but not known, or known but not live: {live ^ set(known)}")


def _check_search(folder: Path, log: Log) -> None:
    """The index that went through it all answers as one that is made anew."""
    from search.engine import Request
    from search.home import Home

    questions = [f"{a} {b}" for a in TOPICS for b in TOPICS]

    def answers(home: Home) -> list[list[tuple[str, float]]]:
        found = (home.engine.rank(Request(text, EVERYTHING)) for text in questions)
        return [[(f.view.articles[g.article].id, round(g.score, 5)) for g in f.groups[:10]] for f in found]

    held = Home(Settings(home=folder / ".kb"))
    first = answers(held)
    embedder = held.embedder
    held.close()
    if (folder / ".kb" / "index").exists():
        (folder / ".kb" / "index").rename(folder / ".kb" / "index-before")
    anew = Home(Settings(home=folder / ".kb"), embedder)
    anew.index.compact()
    second = answers(anew)
    anew.close()
    different = [text for text, a, b in zip(questions, first, second, strict=True) if a != b]
    if different:
        log.problems.append(f"search differs from a rebuild for {len(different)} of {len(questions)}: {different[:3]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--operations", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        log = run(arguments.operations, arguments.seed, Path(folder))
    print(
        f"{log.acknowledged} operations acknowledged, {log.broken} broken off, {log.kills} kills, "
        f"{log.searches} searches meanwhile: {len(log.problems)} lost, half or different"
    )
    for problem in log.problems:
        print(" ", problem)
    sys.exit(bool(log.problems))


if __name__ == "__main__":
    main()
