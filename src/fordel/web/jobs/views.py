"""Pages of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from fordel.web.accounts.permissions import may, permission
from fordel.web.drafts.keeping import form_stands_on
from fordel.web.drafts.queries import filled
from fordel.web.jobs import actions, queries
from fordel.web.jobs.forms import AskForm
from fordel.web.jobs.models import Job
from fordel.web.runs.models import FinishedRun
from fordel.web.texts import text

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 50


@permission("jobs.view")
def jobs(request: HttpRequest) -> HttpResponse:
    """List the newest jobs, and let those who may ask for one."""
    context: dict[str, Any] = {"jobs": Job.objects.select_related("snapshot", "run")[:SHOWN]}
    if may(request.user, "runs.make"):
        context["form"] = AskForm(initial={"law_date": timezone.localdate()} | filled(request, "jobs:ask"))
    return render(request, "jobs/jobs.html", context)


@permission("runs.make")
@require_POST
@form_stands_on("jobs:jobs", AskForm)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a run."""
    form = AskForm(request.POST)
    if not form.is_valid():
        shown = Job.objects.select_related("snapshot", "run")[:SHOWN]
        return render(request, "jobs/jobs.html", {"jobs": shown, "form": form}, status=422)
    job = actions.ask(**form.cleaned_data, by=request.user.get_username(), at=timezone.now())
    return redirect("jobs:job", job.pk)


@permission("runs.make")
@require_POST
@form_stands_on("runs:run")
def repeat(request: HttpRequest, run_id: str) -> HttpResponse:
    """Ask for a finished run to be made again, to see whether it comes out the same."""
    run = get_object_or_404(FinishedRun.objects.select_related("snapshot"), pk=run_id)
    try:
        job = actions.ask_to_repeat(run, by=request.user.get_username(), at=timezone.now())
    except actions.CannotRepeat as error:
        messages.warning(request, text(f"jobs.cannot_repeat_{error}"))
        return redirect("runs:run", run_id)
    return redirect("jobs:job", job.pk)


@permission("jobs.view")
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """Show how far a job is; htmx asks again every two seconds until it is over."""
    found = get_object_or_404(Job.objects.select_related("snapshot", "run", "repeats"), pk=job_id)
    page = "jobs/_progress.html" if getattr(request, "htmx", False) else "jobs/job.html"
    context = {
        "job": found,
        "outcome": queries.outcome(found),
        "may_act": may(request.user, "runs.make"),
        "may_compare": may(request.user, "runs.compare"),
    }
    return render(request, page, context)


@permission("runs.make")
@require_POST
@form_stands_on("jobs:job")
def cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    """Cancel a job."""
    get_object_or_404(Job, pk=job_id)
    try:
        actions.cancel(job_id, by=request.user.get_username(), at=timezone.now())
    except actions.WrongState:
        messages.warning(request, text("jobs.too_late"))
    return redirect("jobs:job", job_id)


@permission("runs.make")
@require_POST
@form_stands_on("jobs:job")
def ask_again(request: HttpRequest, job_id: int) -> HttpResponse:
    """Try a job again."""
    get_object_or_404(Job, pk=job_id)
    try:
        actions.ask_again(job_id, by=request.user.get_username(), at=timezone.now())
    except actions.WrongState:
        messages.warning(request, text("jobs.too_late"))
    return redirect("jobs:job", job_id)
