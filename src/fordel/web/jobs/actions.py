"""What is done to jobs: ask, cancel, ask again by people; begin, tell, end by the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from fordel.web.audit.actions import record
from fordel.web.jobs import doing
from fordel.web.jobs.doing import WrongState
from fordel.web.jobs.models import Job

if TYPE_CHECKING:
    from datetime import date, datetime

    from fordel.web.runs.models import FinishedRun, Snapshot

__all__ = ["WrongState", "ask", "ask_again", "ask_to_repeat", "begin", "cancel", "fail", "finish", "tell"]
PROFESSION = "gp"  # whose runs jobs make
TASK = Job.TASK


class CannotRepeat(Exception):
    """A job cannot make a run again; the word says why: ``withdrawn`` or ``profession``."""


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
    doing.enqueue(job)
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


def cancel(job_id: int, *, by: str, at: datetime) -> None:
    """Cancel a job. One that runs stops before its next step; its run, if it came to one, is not taken in.

    Raises:
        WrongState: it is over.
    """
    doing.cancel(Job, job_id, by=by, at=at)


def ask_again(job_id: int, *, by: str, at: datetime) -> None:
    """Put a job that failed or was cancelled into the queue again.

    Raises:
        WrongState: it neither failed nor was cancelled.
    """
    doing.ask_again(Job, job_id, by=by, at=at)


def begin(job_id: int, *, at: datetime) -> Job | None:
    """Let a worker begin a job, also one that another worker left when it died; None where it is over."""
    return doing.begin(Job, job_id, at=at)


def tell(job_id: int, step: int, what: str) -> bool:
    """Tell how far a running job is; whether to go on."""
    return doing.tell(Job, job_id, step=step, doing=what)


def finish(job_id: int, run: FinishedRun, *, at: datetime) -> None:
    """End a job with its run.

    Raises:
        WrongState: it was cancelled.
    """
    doing.finish(Job, job_id, {"run": run.run_id}, at=at, run=run, step=F("steps"))


def fail(job_id: int, says: str, says_dansk: str, *, at: datetime) -> None:
    """End a job that cannot be done, with the reason in English and, where it is known so, in Danish."""
    doing.fail(Job, job_id, says, says_dansk, at=at)
