"""Pages of practices."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from fordel.publish.explain import explain_practice
from fordel.web.accounts.permissions import permission
from fordel.web.audit.actions import record
from fordel.web.coverage.queries import legend
from fordel.web.practices import queries
from fordel.web.practices.forms import FilterForm
from fordel.web.runs.queries import run_for
from fordel.web.texts import language

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PER_PAGE = 50


@permission("practices.view")
def practices(request: HttpRequest) -> HttpResponse:
    """List practices with their lists, minimums and whether they take new patients."""
    seen = run_for(request)
    if seen is None:
        return render(request, "web/no_run.html")
    form = FilterForm.of(request.GET, seen)
    sort = request.GET.get("sorter", "name")
    rows = queries.found(seen, form.asked(), sort)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("side"))
    names = {row["area_id"]: row["name"] for row in seen.at_level("municipality")}
    context = {
        "seen": seen,
        "form": form,
        "page": page,
        "rows": [(row, names.get(row["municipality"], row["municipality"])) for row in page],
        "count": len(rows),
        "filtered": urlencode(form.asked()),
        "legend": legend(seen),
        "numbers": queries.numbers(seen),
        "sort": sort,
    }
    return render(request, "practices/practices.html", context)


@permission("practices.view")
def practice(request: HttpRequest, practice_id: str) -> HttpResponse:
    """Tell why one practice's number is what it is. That it was read is recorded."""
    seen = run_for(request)
    if seen is None:
        raise Http404
    row = seen.practice(practice_id)
    record("practice.read", "practice", practice_id, by=request.user.get_username(), at=timezone.now())
    context = {
        "seen": seen,
        "row": row,
        "municipality": seen.name_of(row["municipality"]),
        "explanation": explain_practice(seen.run, practice_id, language()),
        "numbers": queries.numbers(seen),
        "above_stated": queries.above_stated(row),
    }
    return render(request, "practices/practice.html", context)
