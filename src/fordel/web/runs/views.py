"""Pages of runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from fordel.web.accounts.permissions import may, permission
from fordel.web.runs import queries
from fordel.web.runs.downloads import DOWNLOADS, taken
from fordel.web.runs.report import page_of, policy_for

if TYPE_CHECKING:
    from django.http import HttpRequest


@permission("runs.view")
def runs(request: HttpRequest) -> HttpResponse:
    """List the runs: who, when, with which law, from which snapshot."""
    return render(request, "runs/runs.html", {"runs": queries.all_runs()})


@permission("runs.view")
def run(request: HttpRequest, run_id: str) -> HttpResponse:
    """Show one run: what it was made from, the rules it applied, what it rests on."""
    seen = queries.run_for(request, run_id)
    if seen is None:
        raise Http404
    context = {
        "record": seen.record,
        "run": seen.run,
        "sources": seen.run.sources.to_dicts(),
        "downloads": DOWNLOADS.values(),
        "may_repeat": may(request.user, "runs.make"),
    }
    return render(request, "runs/run.html", context)


@permission("runs.view")
@require_safe
def download(request: HttpRequest, run_id: str, name: str) -> HttpResponse:
    """Give a file with the person's own areas and practices. That it was taken is recorded."""
    seen = queries.run_for(request, run_id)
    if seen is None:
        raise Http404
    content = taken(seen, name, by=request.user.get_username(), at=timezone.now())
    saved_as = {"Content-Disposition": f'attachment; filename="{run_id[:12]}-{name}"'}
    return HttpResponse(content, content_type=DOWNLOADS[name].kind, headers=saved_as)


@permission("report.view")
def report(request: HttpRequest, run_id: str, page: str) -> HttpResponse:
    """Show a page of the run's printed report, all practices in it."""
    seen = queries.run_for(request, run_id)
    if seen is None:
        raise Http404
    html = page_of(seen, page)
    return HttpResponse(html, headers={"Content-Security-Policy": policy_for(html)})
