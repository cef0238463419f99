"""What the worker can do. Each task may be begun again at any point: the same job gives the same run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from procrastinate.contrib.django import app

from fordel.law import LawError
from fordel.runs.execute import execute
from fordel.runs.record import BadRun, write_run
from fordel.stores import BadInput, read_snapshot
from fordel.web.audit.actions import seal
from fordel.web.jobs import actions
from fordel.web.runs.actions import add_run

if TYPE_CHECKING:
    from fordel.web.jobs.models import Job

FAULT = "Fejl i programmet; den er skrevet i loggen. / A fault in the program; its log tells which."
EXPECTED = (LawError, BadInput, BadRun, OSError)  # each says what is wrong in a sentence


@app.task(name=actions.TASK, queue="runs")
def compute_run(*, job_id: int) -> None:
    """Compute a run, unless its job is over; before each step ask whether somebody cancelled it."""
    job = actions.begin(job_id, at=timezone.now())
    if job is None:
        return
    try:
        _compute(job)
    except EXPECTED as error:
        actions.fail(job_id, str(error), at=timezone.now())
    except DatabaseError:
        raise  # the job stays as it is: the next worker finishes it
    except Exception:
        actions.fail(
            job_id,
            FAULT,
            at=timezone.now(),
        )
        raise


def _compute(job: Job) -> None:
    if not actions.tell(job.pk, 0, "read"):
        return
    tables = read_snapshot(settings.HOME / job.snapshot.folder)
    if not actions.tell(job.pk, 1, "plan"):
        return
    run = execute(tables, day=job.law_date, total=job.total)
    if not actions.tell(job.pk, 2, "write"):
        return
    folder = settings.HOME / "runs" / f"{job.law_date}-{run.manifest.run_id[:12]}"
    write_run(run, folder)
    actions.finish(job.pk, add_run(run, folder, by=job.asked_by, at=timezone.now()), at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="fordel.seal_audit_log", queue="runs", queueing_lock="seal", pass_context=False)
def seal_audit_log(timestamp: int) -> None:  # noqa: ARG001 - procrastinate tells when it was due
    """Bind the events of the last minute to the chain."""
    seal(at=timezone.now())
