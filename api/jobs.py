"""What is done again and again: seen, started now, and cancelled by an administrator."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from api.access import Admin
from api.problems import problems
from api.state import Kb
from kb.store import audit, jobs
from kb.store.jobs import JobRow
from kb.times import now
from kb.wire.jobs import JobOut, JobsOut, RunOut, RunsOut

router = APIRouter(responses=problems(), tags=["jobs"])
Name = Annotated[str, Path(max_length=64, examples=["compact"])]


@router.get("/v1/jobs")
def list_jobs(kb: Kb, actor: Admin) -> JobsOut:
    """Every job: when it is due, what it does, and how its last run ended."""
    at = now()
    with kb.home.database.read() as connection:
        return JobsOut(jobs=[_job(row, at) for row in jobs.listed(connection)])


@router.get("/v1/jobs/{name}/runs", responses=problems(404))
def list_runs(kb: Kb, actor: Admin, name: Name) -> RunsOut:
    """The last 50 runs of a job, the newest first, and how each ended."""
    with kb.home.database.read() as connection:
        return RunsOut(runs=[RunOut.model_validate(vars(run)) for run in jobs.runs(connection, name)])


@router.post("/v1/jobs/{name}/run", status_code=202, responses=problems(404))
def run_job(kb: Kb, actor: Admin, name: Name) -> JobOut:
    """Make a job due now. One that runs is run once more when it has ended."""
    at = now()
    with kb.home.database.write() as connection:
        jobs.run_now(connection, name, at)
        audit.record(connection, actor, "job.run", [f"job:{name}"])
        return _job(jobs.get(connection, name), at)


@router.post("/v1/jobs/{name}/cancel", status_code=202, responses=problems(404, 409))
def cancel_job(kb: Kb, actor: Admin, name: Name) -> JobOut:
    """Ask a running job to end. It is due again at its next time."""
    at = now()
    with kb.home.database.write() as connection:
        jobs.cancel(connection, name, at)
        audit.record(connection, actor, "job.cancel", [f"job:{name}"])
        return _job(jobs.get(connection, name), at)


def _job(row: JobRow, at: str) -> JobOut:
    return JobOut.model_validate({**vars(row), "state": row.state(at), "fraction": row.fraction})
