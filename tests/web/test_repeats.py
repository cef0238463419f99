"""A finished run is made again: it comes out the same, or the page says that it did not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from fordel.runs.execute import execute
from fordel.runs.record import Run, write_run
from fordel.tables import Tables
from fordel.web.audit.models import Event
from fordel.web.jobs.models import Job
from fordel.web.runs.actions import add_run
from fordel.web.runs.models import FinishedRun, Snapshot
from fordel.worker.tasks import compute_run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web")]
DAY = date(2026, 3, 1)


def taken_in(run: Run, name: str) -> FinishedRun:
    return add_run(run, write_run(run, settings.HOME / "runs" / name), by="test", at=timezone.now())


def repeated(client: Client, run: FinishedRun) -> tuple[Job, str]:
    """Press the button of the run's page and let the worker do it: the job, and what its page says."""
    assert "Beregn igen" in client.get(f"/koersler/{run.pk}/").content.decode()
    answer = client.post(f"/opgaver/gentag/{run.pk}/")
    assert answer.status_code == 302
    job = Job.objects.get(pk=int(answer.headers["Location"].split("/")[-2]))
    compute_run(job_id=job.pk)
    job.refresh_from_db()
    return job, unescape(client.get(f"/opgaver/{job.pk}/").content.decode())


def test_a_run_with_its_own_total_and_settings_comes_out_the_same(
    signed_in: Callable[[str], Client], rolled_back: FinishedRun, small_country: Tables
) -> None:
    odd = execute(small_country, day=DAY, total=30, settings=[("list_maximum", 1700)])
    run = taken_in(odd, "odd")
    before = sorted((settings.HOME / "runs").iterdir())
    job, page = repeated(signed_in("planner"), run)
    assert job.run == run
    assert "Samme tal: kørslen blev den samme" in page
    assert sorted((settings.HOME / "runs").iterdir()) == before
    event = Event.objects.get(what="job.asked", known_as=str(job.pk))
    assert event.new == {"law_date": "2026-03-01", "total": 30, "repeats": run.pk}
    plain, page = repeated(signed_in("planner"), rolled_back)
    assert plain.run == rolled_back
    listed = signed_in("politician").get("/koersler/").content.decode()
    assert "minimum.list_maximum" in listed
    assert "Beregn igen" not in signed_in("politician").get(f"/koersler/{run.pk}/").content.decode()


def test_a_run_that_comes_out_otherwise_leads_to_what_differs(
    signed_in: Callable[[str], Client], rolled_back: FinishedRun, small_country: Tables
) -> None:
    made = execute(small_country, day=DAY)
    by_another_version = Run.sealed(made.manifest, made.rules[:-1], **made.frames())
    areas = made.areas.with_columns(made.areas["headroom"] + 1)
    otherwise = Run.sealed(made.manifest, made.rules, **{**made.frames(), "areas": areas})
    _, page = repeated(signed_in("analyst"), taken_in(by_another_version, "other-version"))
    assert "Samme tal: alle tabeller er ens" in page
    run = taken_in(otherwise, "otherwise")
    job, page = repeated(signed_in("analyst"), run)
    assert "Andre tal" in page
    address = f"/koersler/sammenlign/?fra={run.pk}&til={job.run_id}"
    assert address in page
    compared = signed_in("analyst").get(f"{address}&niveau=region&tal=headroom")
    assert compared.content.decode().count("−1,0") > 1


def test_a_run_from_a_snapshot_that_was_withdrawn_is_not_made_again(
    signed_in: Callable[[str], Client], rolled_back: FinishedRun
) -> None:
    Snapshot.objects.update(withdrawn_at=timezone.now())
    answer = signed_in("planner").post(f"/opgaver/gentag/{rolled_back.pk}/", follow=True)
    assert "er fortrudt" in answer.content.decode()
    FinishedRun.objects.update(profession="chiropractor")
    Snapshot.objects.update(withdrawn_at=None)
    answer = signed_in("planner").post(f"/opgaver/gentag/{rolled_back.pk}/", follow=True)
    assert "kun almen praksis" in answer.content.decode()
    assert not Job.objects.filter(repeats=rolled_back.pk).exists()
