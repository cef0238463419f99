"""What is done to jobs: ask, cancel, ask again by people; begin, tell, end by the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from procrastinate.contrib.django import app as queue

from fordel.web.audit.actions import record
from fordel.web.jobs.models import MOVES, Job, State

if TYPE_CHECKING:
    from datetime import date, datetime

    from fordel.web.runs.models import FinishedRun, Snapshot

PROFESSION = "gp"  # whose runs jobs make
TASK = "fordel.compute_run"  # the worker has it; the pages only know its name


class CannotRepeat(Exception):
    """A job cannot make a run again; the word says why: ``withdrawn`` or ``profession``."""


class WrongState(Exception):
    """A job cannot go from the state it is in to the one asked for."""


@transaction.atomic
def ask(
    *,
    snapshot: Snapshot,
    law_date: date,
    total: int | None,
    by: str,
    at: datetime,
    repeats: FinishedRun | None = None,
) -> Job:
    """Ask for a run: job, event and place in the queue come about together or not at all."""
    told: dict[str, object] = {"law_date": str(law_date), "total": total}
    told |= {} if repeats is None else {"repeats": repeats.pk}
    asked = {"snapshot": snapshot, "law_date": law_date, "total": total, "repeats": repeats}
    job = Job.objects.create(**asked, asked_at=at, asked_by=by)
    record("job.asked", "job", str(job.pk), by=by, at=at, new=told)
    _enqueue(job)
    return job


def ask_to_repeat(run: FinishedRun, *, by: str, at: datetime) -> Job:
    """Ask for a finished run to be made again: the same snapshot, law date, total and settings.

    Raises:
        CannotRepeat: its snapshot was withdrawn, or it is of a profession that jobs do not know.
    """
    if run.snapshot.withdrawn_at is not None:
        raise CannotRepeat("withdrawn")
    if run.profession != PROFESSION:
        raise CannotRepeat("profession")
    total = run.total if run.total_given else None
    return ask(snapshot=run.snapshot, law_date=run.law_date, total=total, by=by, at=at, repeats=run)


@transaction.atomic
def cancel(job_id: int, *, by: str, at: datetime) -> None:
    """Cancel a job. One that runs stops before its next step; its run, if it came to one, is not taken in.

    Raises:
        WrongState: it is over.
    """
    job = _moved(job_id, State.CANCELLED)
    job.ended_at = at
    job.save(update_fields=["state", "ended_at"])
    record("job.cancelled", "job", str(job_id), by=by, at=at)


@transaction.atomic
def ask_again(job_id: int, *, by: str, at: datetime) -> None:
    """Put a job that failed or was cancelled into the queue again.

    Raises:
        WrongState: it neither failed nor was cancelled.
    """
    job = _moved(job_id, State.WAITING)
    job.ended_at, job.begun_at, job.step, job.doing, job.says = None, None, 0, "", ""
    job.save()
    record("job.asked_again", "job", str(job_id), by=by, at=at)
    _enqueue(job)


@transaction.atomic
def begin(job_id: int, *, at: datetime) -> Job | None:
    """Let a worker begin a job, also one that another worker left when it died; None where it is over."""
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.over:
        return None
    job.state, job.begun_at, job.attempts = State.RUNNING, at, job.attempts + 1
    job.save(update_fields=["state", "begun_at", "attempts"])
    return job


def tell(job_id: int, step: int, doing: str) -> bool:
    """Tell how far a running job is; whether to go on."""
    return Job.objects.filter(pk=job_id, state=State.RUNNING).update(step=step, doing=doing) == 1


@transaction.atomic
def finish(job_id: int, run: FinishedRun, *, at: datetime) -> None:
    """End a job with its run.

    Raises:
        WrongState: it was cancelled.
    """
    job = _moved(job_id, State.DONE)
    job.run, job.ended_at, job.step = run, at, job.steps
    job.save(update_fields=["state", "run", "ended_at", "step"])
    record("job.done", "job", str(job_id), by=job.asked_by, at=at, new={"run": run.run_id})


@transaction.atomic
def fail(job_id: int, says: str, *, at: datetime) -> None:
    """End a job that cannot be done, with the reason for the one who asked."""
    job = _moved(job_id, State.FAILED)
    job.says, job.ended_at = says, at
    job.save(update_fields=["state", "says", "ended_at"])
    record("job.failed", "job", str(job_id), by=job.asked_by, at=at, new={"says": says})


def _moved(job_id: int, state: State) -> Job:
    job = Job.objects.select_for_update().get(pk=job_id)
    if state not in MOVES[job.state]:
        raise WrongState(f"Job {job_id} is {job.state}, so it cannot become {state}.")
    job.state = state
    return job


def _enqueue(job: Job) -> None:
    queue.configure_task(TASK, queue="runs", lock=f"job-{job.pk}").defer(job_id=job.pk)
