"""What the worker can do. Each task may be begun again at any point: the same job gives the same run."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from procrastinate.contrib.django import app

from fordel.law import LawError
from fordel.runs.execute import execute
from fordel.runs.imports import KINDS, Provenance, take_in
from fordel.runs.laws import settings_of
from fordel.runs.record import BadRun, read_run, write_run
from fordel.stores import BadInput, read_snapshot, write_snapshot
from fordel.web.audit.actions import seal
from fordel.web.drafts.actions import forget_old
from fordel.web.imports import actions as imports
from fordel.web.imports.models import Import, State
from fordel.web.jobs import actions
from fordel.web.runs.actions import add_run, add_snapshot
from fordel.web.runs.models import FinishedRun
from fordel.worker.told import PROGRAM, fault_told, faults_told, reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fordel.tables import Tables
    from fordel.web.jobs.models import Job
    from fordel.web.runs.models import Snapshot

EXPECTED = (LawError, BadInput, BadRun, OSError)  # each says what is wrong in a sentence


@app.task(name=actions.TASK, queue="runs")
def compute_run(*, job_id: int) -> None:
    """Compute a run, unless its job is over; before each step ask whether somebody cancelled it."""
    job = actions.begin(job_id, at=timezone.now())
    if job is None:
        return
    try:
        _compute(job)
    except DatabaseError:
        raise  # the job stays as it is: the next worker finishes it
    except Exception as error:
        said = reason_of(error)
        actions.fail(job_id, said.english, said.danish, at=timezone.now())
        if not isinstance(error, EXPECTED):
            raise


def _compute(job: Job) -> None:
    if not actions.tell(job.pk, 0, "read"):
        return
    tables = read_snapshot(settings.HOME / job.snapshot.folder)
    if not actions.tell(job.pk, 1, "plan"):
        return
    own = () if job.repeats is None else settings_of(read_run(settings.HOME / job.repeats.folder))
    run = execute(tables, day=job.law_date, total=job.total, settings=own)
    if not actions.tell(job.pk, 2, "write"):
        return
    known = FinishedRun.objects.filter(pk=run.manifest.run_id).first()
    below = known.folder if known is not None else f"runs/{job.law_date}-{run.manifest.run_id[:12]}"
    folder = write_run(run, settings.HOME / below)
    actions.finish(job.pk, add_run(run, folder, by=job.asked_by, at=timezone.now()), at=timezone.now())


@app.task(name=imports.READ, queue="runs")
def read_import(*, import_id: int) -> None:
    """Read the files of an import and tell what they would change, or why they are refused."""
    with _taking(import_id, State.READING) as given:
        if given is not None:
            _, differences = take_in(*given[:3], region=given[3])
            imports.show(import_id, [asdict(difference) for difference in differences])


@app.task(name=imports.SAVE, queue="runs")
def save_import(*, import_id: int) -> None:
    """Make the snapshot of an import that was confirmed."""
    with _taking(import_id, State.SAVING) as given:
        if given is not None:
            tables, _ = take_in(*given[:3], region=given[3])
            folder = settings.HOME / "snapshots" / tables.fingerprint[:16]
            write_snapshot(tables, folder)
            imports.finish(import_id, _added(tables, folder, given[2].by), at=timezone.now())


@contextmanager
def _taking(import_id: int, state: State) -> Iterator[tuple[Tables, dict[str, Path], Provenance, str] | None]:
    """Give what an import takes in; nothing where it has moved on. What is wrong with it refuses it."""
    made = Import.objects.select_related("base").get(pk=import_id)
    if made.state != state:
        yield None
        return
    uploads = list(made.uploads.all())
    names = {imports.path_of(upload).name: upload.name for upload in uploads}
    names |= {f"{KINDS[upload.kind]}{imports.path_of(upload).suffix}": upload.name for upload in uploads}
    try:
        base = read_snapshot(settings.HOME / made.base.folder)
        told = Provenance(str(made.pk), tuple(u.name for u in uploads), made.made_by, timezone.localdate(made.made_at))
        yield base, {upload.kind: imports.path_of(upload) for upload in uploads}, told, made.region
    except imports.WrongState:
        return  # somebody has let it go in the meantime
    except BadInput as error:
        imports.refuse(import_id, faults_told(error, names), at=timezone.now())
    except DatabaseError:
        raise  # the import stays as it is: the next worker takes it up
    except Exception:
        imports.refuse(import_id, [fault_told(PROGRAM)], at=timezone.now())
        raise


def _added(tables: Tables, folder: Path, by: str) -> Snapshot:
    return add_snapshot(
        fingerprint=tables.fingerprint,
        name=tables.name,
        day=tables.snapshot_date,
        synthetic=tables.synthetic,
        folder=folder,
        by=by,
        at=timezone.now(),
    )


@app.periodic(cron="* * * * *")
@app.task(name="fordel.seal_audit_log", queue="runs", queueing_lock="seal", pass_context=False)
def seal_audit_log(timestamp: int) -> None:  # noqa: ARG001 - procrastinate tells when it was due
    """Bind the events of the last minute to the chain."""
    seal(at=timezone.now())


@app.periodic(cron="17 * * * *")
@app.task(name="fordel.forget_drafts", queue="runs", queueing_lock="drafts", pass_context=False)
def forget_drafts(timestamp: int) -> None:  # noqa: ARG001 - procrastinate tells when it was due
    """Let go of drafts nobody came back for, and of sessions that have ended."""
    forget_old(at=timezone.now())
