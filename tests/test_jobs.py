"""Jobs: one process at a time, seen, cancelled, and started again when whoever ran them is gone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from kb.errors import Conflict, KbError, NotFound
from kb.jobs import Job, Progress, Runner, later
from kb.models import EVERYTHING
from kb.store import Database, audit, jobs
from kb.store.jobs import JobRow
from kb.times import now
from tests.conftest import Shop, listening

T0 = "2026-11-24T12:00:00.000Z"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    found = Database(tmp_path / "kb.db")
    yield found
    found.close()


def runner(database: Database, handler: Callable[[Progress], None], name: str = "one", **options: float) -> Runner:
    """A runner of the job `work`, which is known and due at T0."""
    with database.write() as connection:
        jobs.register(connection, {"work": T0})
    return Runner(database, [Job("work", 60, handler)], name, **options)


def row(database: Database, name: str = "work") -> JobRow:
    with database.read() as connection:
        return jobs.get(connection, name)


def until(true: Callable[[], object], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not true after {seconds} s"
        time.sleep(0.01)


def ended(found: Runner) -> None:
    until(lambda: not found._runs)


def asks(progress: Progress) -> None:
    """A job that goes on until it is asked to end."""
    progress.report("half", 1, 2)
    progress.checkpoint("the middle")
    progress.wait(60)


# --- running ------------------------------------------------------------------------------------------------


def test_of_many_runners_one_runs_a_due_job(database: Database) -> None:
    started, free = [], threading.Event()

    def work(_: Progress) -> None:
        started.append(threading.current_thread().name)
        free.wait(10)

    runners = [runner(database, work, str(number)) for number in range(8)]
    for _ in range(2):
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda found: found.look(T0), runners))
    assert started == ["job work"]
    assert row(database).runner in map(str, range(8))
    free.set()
    for found in runners:
        ended(found)


def test_a_job_is_due_again_after_its_interval(database: Database) -> None:
    runs: list[int] = []
    found = runner(database, lambda _: runs.append(1))
    for at, expected in ((later(T0, -1), 0), (T0, 1), (later(T0, 59), 1), (later(T0, 60), 2)):
        found.look(at)
        ended(found)
        assert len(runs) == expected, at
    assert row(database).state(T0) == "waiting"


def test_a_new_job_waits_for_its_interval_and_a_known_one_keeps_its_time(database: Database) -> None:
    found = runner(database, lambda _: None)
    Runner.start(another := Runner(database, [Job("work", 60, print), Job("more", 3600, print)], "two"))
    another.stop()
    with database.read() as connection:
        due = {job.name: job.due_at for job in jobs.listed(connection)}
    assert due["work"] == T0
    assert later(now(), 3590) < due["more"] <= later(now(), 3600)
    assert found.jobs.keys() == {"work"}


def test_an_error_is_logged_and_kept_and_the_job_tried_again(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def work(_: Progress) -> None:
        if len(caplog.records) == 0:
            raise OSError("the disk is full")

    found = runner(database, work)
    found.look(T0)
    ended(found)
    failed = row(database)
    assert (failed.state(T0), failed.error, failed.due_at) == ("failed", "OSError: the disk is full", later(T0, 60))
    assert "job work failed" in caplog.text
    found.look(later(T0, 60))
    ended(found)
    assert (row(database).state(T0), row(database).error) == ("waiting", "")


def test_progress_is_seen_and_a_report_inside_a_write_waits_for_nobody(database: Database) -> None:
    told, free = threading.Event(), threading.Event()

    def work(progress: Progress) -> None:
        with database.write():
            progress.report("3 of 7")
        told.set()
        free.wait(10)

    found = runner(database, work)
    found.look(T0)
    assert told.wait(2)
    found.look(later(T0, 1))
    assert (row(database).progress, row(database).leased_until) == ("3 of 7", later(T0, 31))
    free.set()
    ended(found)
    assert row(database).progress == "3 of 7"


def test_a_cancelled_job_ends_and_waits_for_its_next_time(database: Database) -> None:
    found = runner(database, asks)
    with database.write() as connection, pytest.raises(Conflict, match="'work' is waiting"):
        jobs.cancel(connection, "work", T0)
    found.look(T0)
    with database.write() as connection:
        jobs.cancel(connection, "work", T0)
    found.look(later(T0, 1))
    ended(found)
    assert (row(database).state(T0), row(database).progress) == ("cancelled", "half")
    found.look(later(T0, 2))
    assert not found._runs
    found.look(later(T0, 60))
    assert row(database).state(later(T0, 60)) == "running"
    found._runs["work"].progress.end()
    ended(found)


def test_a_job_can_be_asked_for_even_while_it_runs(database: Database) -> None:
    runs: list[int] = []
    free = threading.Event()

    def work(_: Progress) -> None:
        runs.append(1)
        free.wait(10)

    found = runner(database, work)
    found.look(T0)
    with database.write() as connection:
        assert not jobs.want(connection, "work", later(T0, 1))  # it is being done
        jobs.run_now(connection, "work", later(T0, 1))
    free.set()
    ended(found)
    found.look(later(T0, 2))
    ended(found)
    assert len(runs) == 2
    with database.write() as connection:
        assert [jobs.want(connection, "work", later(T0, 3)) for _ in range(2)] == [True, False]
        with pytest.raises(NotFound, match="no job 'wrok'; there are: work"):
            jobs.run_now(connection, "wrok", T0)


def test_a_lease_is_renewed_and_one_that_was_lost_ends_the_job(database: Database) -> None:
    frozen, other = runner(database, asks, "frozen"), runner(database, lambda _: None, "other")
    frozen.look(T0)
    frozen.look(later(T0, 11))
    assert row(database).leased_until == later(T0, 41)
    other.look(later(T0, 41))
    assert row(database).runner == "frozen"
    other.look(later(T0, 42))
    ended(other)
    frozen.look(later(T0, 43))  # it wakes up, and hears that the job is not its own any more
    ended(frozen)
    assert (row(database).state(T0), row(database).finished_at > T0) == ("waiting", True)


_KILLED = """
import sys, time
from pathlib import Path
from kb.jobs import Job, Progress, Runner
from kb.store import Database

def work(progress: Progress) -> None:
    progress.report("1 of 3", 1, 3)
    progress.checkpoint("first")
    print("runs", flush=True)
    time.sleep(60)

found = Runner(Database(Path(sys.argv[1])), [Job("work", 60, work)], "killed", lease=6.0)
found.look(sys.argv[2])
found.start()
time.sleep(60)
"""


def test_a_job_of_a_killed_process_is_taken_over_and_goes_on_where_it_was(database: Database) -> None:
    runs: list[str] = []
    other = runner(database, lambda progress: runs.append(progress.resume()), lease=6.0)
    command = [sys.executable, "-c", _KILLED, str(database.path), now()]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"runs\n"
        other.start()
        time.sleep(8)
        assert not runs  # it lives, and renews its lease
        assert (row(database).runner, row(database).fraction) == ("killed", 1 / 3)
        process.send_signal(signal.SIGKILL)
    until(lambda: runs, 60)
    other.stop()
    assert runs == ["first"]
    with database.read() as connection:
        assert jobs.checkpoint(connection, "work") == ""
        assert [(run.runner, run.state) for run in jobs.runs(connection, "work")] == [
            ("one", "done"),
            ("killed", "lapsed"),
        ]


def test_a_job_is_cancelled_from_another_process(database: Database) -> None:
    command = [sys.executable, "-c", _KILLED.replace("time.sleep(60)", "progress.wait(60)", 1)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    runner(database, asks)
    with subprocess.Popen([*command, str(database.path), now()], stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"runs\n"
        until(lambda: row(database).done == 1)
        with database.write() as connection:
            jobs.cancel(connection, "work", now())
        until(lambda: row(database).state(now()) == "cancelled")
        process.kill()
    with database.read() as connection:
        assert [run.state for run in jobs.runs(connection, "work")] == ["cancelled"]
        assert jobs.checkpoint(connection, "work") == ""  # somebody wanted it to end: the next begins anew


def test_stopping_gives_back_what_is_in_the_middle(database: Database) -> None:
    found = runner(database, asks)
    found.start()
    until(lambda: row(database).progress == "half")
    found.stop()
    given = row(database)
    assert (given.runner, given.state(now()), given.may_start(now())) == ("", "waiting", True)
    resumed: list[str] = []
    runner(database, lambda progress: resumed.append(progress.resume()), "two").look(now())
    until(lambda: resumed)
    assert resumed == ["the middle"]


def test_the_last_fifty_runs_are_kept_with_how_each_ended(database: Database) -> None:
    def work(progress: Progress) -> None:
        progress.report(f"run {len(ends)}", len(ends), 60)
        ends.append(1)
        if len(ends) == 60:
            raise KbError("no mail server")

    ends: list[int] = []
    found = runner(database, work)
    for number in range(60):
        found.look(later(T0, 60 * number))
        ended(found)
    with database.read() as connection:
        kept = jobs.runs(connection, "work")
        with pytest.raises(NotFound, match="'wrok'"):
            jobs.runs(connection, "wrok")
    assert [run.progress for run in kept] == [f"run {number}" for number in range(59, 9, -1)]
    assert [(run.state, run.error) for run in kept[:2]] == [("failed", "no mail server"), ("done", "")]
    assert all(run.finished_at for run in kept)
    assert row(database).fraction == pytest.approx(59 / 60)


def test_a_checkpoint_that_is_too_long_is_refused() -> None:
    with pytest.raises(KbError, match="10,000 characters, and this has 10,001"):
        Progress().checkpoint("x" * 10_001)


def test_a_job_runs_here_under_its_lease(database: Database) -> None:
    said: list[str] = []
    other = runner(database, asks, "other")
    here = runner(database, lambda progress: progress.report("all", 3, 3), "here")
    other.look(now())
    until(lambda: other._runs["work"].progress.text)
    with pytest.raises(Conflict, match="'work' is being run by another process"):
        Runner(database, [Job("work", 60, print)], "third").run_here("work", print)
    other._runs["work"].progress.end()
    ended(other)
    here.run_here("work", lambda words: said.append(words.progress))
    assert said == ["all"]
    assert row(database).due_at > now()
    with pytest.raises(KbError, match="'work' failed: no"):
        runner(database, lambda _: fails(), "failing").run_here("work", print)


def fails() -> None:
    raise KbError("no")


def test_the_runner_outlives_a_store_that_fails(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    runs: list[int] = []
    found = runner(database, lambda _: runs.append(1))
    found.start()
    whole, found.database = found.database, None  # type: ignore[assignment]
    until(lambda: "looking after jobs failed" in caplog.text)
    found.database = whole
    until(lambda: runs)
    found.stop()


# --- their faces --------------------------------------------------------------------------------------------


def test_administrators_see_run_and_cancel_jobs(client: TestClient, shop: Shop) -> None:
    admin = shop.key()
    found = client.get("/v1/jobs", headers=admin).json()["jobs"]
    states = {job["name"]: job["state"] for job in found}
    assert states.items() >= dict.fromkeys(("compact", "due", "forget", "sweep"), "waiting").items()
    assert found[0]["fraction"] is None
    assert client.get("/v1/jobs", headers=shop.key("author")).status_code == 403
    assert client.post("/v1/jobs/forget/run", headers=admin).status_code == 202

    def forget() -> dict[str, str]:
        return next(job for job in client.get("/v1/jobs", headers=admin).json()["jobs"] if job["name"] == "forget")

    until(lambda: forget()["finished_at"])
    assert forget()["progress"].startswith("forgot 0 searches")
    assert client.post("/v1/jobs/sweep/cancel", headers=admin).json()["type"] == "urn:kb:problem:conflict"
    assert client.post("/v1/jobs/nothing/run", headers=admin).status_code == 404
    (run,) = client.get("/v1/jobs/forget/runs", headers=admin).json()["runs"]
    assert (run["state"], run["done"], run["progress"][:6]) == ("done", None, "forgot")
    assert client.get("/v1/jobs/nothing/runs", headers=admin).status_code == 404
    with shop.home.database.read() as connection:
        assert [entry.action for entry in audit.entries(connection, EVERYTHING, object_="job:forget")] == ["job.run"]


def test_where_a_server_runs_it_does_the_job(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from api.app import create_app
    from kb.cli import jobs as _  # noqa: F401 - adds its commands
    from kb.cli.common import app

    monkeypatch.setenv("KB_SERVER_KEY", shop.key()["Authorization"].removeprefix("Bearer "))
    with listening(create_app(shop.settings, shop.home)) as url:
        monkeypatch.setenv("KB_SERVER", url)
        assert "the server starts it" in CliRunner().invoke(app, ["jobs", "run", "forget"]).stdout
        until(lambda: row(shop.home.database, "forget").finished_at)


def test_the_command_line_lists_runs_and_cancels(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    from kb.cli import jobs as _  # noqa: F401 - adds its commands
    from kb.cli.common import app

    monkeypatch.setenv("KB_HOME", str(database.path.parent))
    call = CliRunner().invoke
    assert "no jobs" in call(app, ["jobs"]).stdout
    with database.write() as connection:
        jobs.register(connection, {"work": "2999-01-01T00:00:00.000Z"})
    assert "waiting" in call(app, ["jobs"]).stdout
    assert isinstance(call(app, ["jobs", "run", "work"]).exception, NotFound)  # a name that no handler has
    ran = call(app, ["jobs", "run", "forget"]).stdout
    assert "forgot 0 searches" in ran
    assert "forget is done" in ran
    listed = {job["name"]: job for job in json.loads(call(app, ["jobs", "--json"]).stdout)["jobs"]}
    assert {name: job["state"] for name, job in listed.items()} == {"forget": "waiting", "work": "waiting"}
    assert listed["forget"]["finished_at"]
    (run,) = json.loads(call(app, ["jobs", "history", "forget", "--json"]).stdout)["runs"]
    assert (run["state"], run["error"]) == ("done", "")
    assert "done" in call(app, ["jobs", "history", "forget"]).stdout
    assert isinstance(call(app, ["jobs", "cancel", "work"]).exception, Conflict)
