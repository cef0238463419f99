"""The worker: a job comes to its run, and one whose worker is killed is finished by the next."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.conf import settings
from django.utils import timezone

from fordel.web.audit.queries import verify
from fordel.web.jobs import actions
from fordel.web.jobs.models import Job
from fordel.web.jobs.work import State
from fordel.web.runs.models import FinishedRun

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web")]
PATIENCE = 90.0  # seconds


@contextmanager
def worker(server: str, before: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """A worker process; ``before`` is what it does before it begins."""
    start = f"import os; os.environ['DATABASE_URL'] = {server!r}\n"
    start += "from pathlib import Path; from fordel.cli._web import open_home\n"
    start += f"open_home(Path({str(settings.HOME)!r})); {before}\n"
    start += "import fordel.worker.run as r; r.HEARTBEAT, r.STALLED, r.LOOK_AGAIN = 0.5, 4.0, 1.0; r.work()"
    process = subprocess.Popen([sys.executable, "-c", start], env=os.environ | {"DATABASE_URL": server})
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def until(job_id: int, *states: str) -> Job:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        job = Job.objects.get(pk=job_id)
        if job.state in states:
            return job
        time.sleep(0.1)
    pytest.fail(f"job {job_id} is still {job.state} after {PATIENCE} s: {job.says}")


def asked(finished: FinishedRun, day: date) -> Job:
    return actions.ask(snapshot=finished.snapshot, law_date=day, total=None, by="test", at=timezone.now())


HANG = "import fordel.runs.execute as e, time; e.execute = lambda *a, **k: time.sleep(600)"


@pytest.fixture(autouse=True)
def nothing_waits(finished: FinishedRun) -> None:
    """What other tests asked for and left is not what the worker is watched at."""
    for job in Job.objects.filter(ended_at__isnull=True):
        actions.cancel(job.pk, by="test", at=timezone.now())


def test_a_killed_workers_job_is_finished_by_the_next(server: str, finished: FinishedRun) -> None:
    job = asked(finished, date(2026, 3, 1))
    with worker(server, HANG) as first:
        until(job.pk, State.RUNNING)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    refused = asked(finished, date(2020, 1, 1))
    given_up = asked(finished, date(2026, 4, 1))
    actions.cancel(given_up.pk, by="test", at=timezone.now())
    with worker(server):
        done = until(job.pk, State.DONE)
        failed = until(refused.pk, State.FAILED)
    assert done.attempts == 2
    assert done.run is not None
    assert done.run.law_date == date(2026, 3, 1)
    assert (settings.HOME / done.run.folder / "manifest.json").is_file()
    assert "2020-01-01" in failed.says
    assert "gælder ikke den 1. januar 2020" in failed.says_dansk
    assert Job.objects.get(pk=given_up.pk).attempts == 0
    assert verify().faults == ()


def test_a_job_goes_only_where_it_may(finished: FinishedRun) -> None:
    job = asked(finished, date(2026, 5, 1))
    now = timezone.now()
    actions.cancel(job.pk, by="test", at=now)
    with pytest.raises(actions.WrongState):
        actions.cancel(job.pk, by="test", at=now)
    assert actions.begin(job.pk, at=now) is None
    assert not actions.tell(job.pk, 1, "plan")
    actions.ask_again(job.pk, by="test", at=now)
    with pytest.raises(actions.WrongState):
        actions.ask_again(job.pk, by="test", at=now)
    actions.cancel(job.pk, by="test", at=now)
