"""Pages of coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from fordel.publish.disclosure import least_shown
from fordel.publish.export import csv_text
from fordel.web.accounts.permissions import permission
from fordel.web.coverage import actions, forms, queries
from fordel.web.coverage.live_map import drawn
from fordel.web.coverage.what_if import MOST, MOST_CAPACITIES
from fordel.web.practices.forms import FilterForm
from fordel.web.runs.queries import run_for
from fordel.web.texts import language

if TYPE_CHECKING:
    from django.http import HttpRequest


@permission("coverage.view")
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """Show how many open practices people can choose between: a map, and a table with the same content."""
    seen = run_for(request)
    if seen is None:
        return render(request, "web/no_run.html")
    given = request.GET.get("sorter", "name")
    sort, falling = given.removeprefix("-"), given.startswith("-")
    if sort not in queries.SORTS:
        sort, falling = "name", False
    rows = queries.municipalities(seen, sort, falling=falling)
    context = {
        "seen": seen,
        "row": seen.own_area(),
        "rows": rows,
        "legend": queries.legend(seen),
        "has_map": bool(seen.run.area_shapes.height),
        "numbers": queries.NUMBERS,
        "columns": [(n, n if sort == n and falling else f"-{n}") for n in queries.NUMBERS],
        "sort": sort,
        "order": "descending" if falling else "ascending",
        "least": least_shown(seen.record.law_date),
        "held_back": any(row[name] is None for row in rows for name in queries.NUMBERS),
        "asked": forms.Asked(),
        "capacities": range(1, MOST_CAPACITIES + 1),
    }
    return render(request, "coverage/coverage.html", context)


@permission("coverage.view")
@require_safe
def coverage_map(request: HttpRequest) -> HttpResponse:
    """Give the map of the person's own area as a picture that prints."""
    seen = run_for(request)
    drawn = queries.map_of(seen) if seen is not None else None
    if drawn is None:
        raise Http404
    return HttpResponse(drawn, content_type="image/svg+xml")


@permission("coverage.view")
@require_safe
def map_places(request: HttpRequest) -> HttpResponse:
    """Give what the map in the browser draws; practices by the filter of their list."""
    seen = run_for(request)
    if seen is None:
        raise Http404
    return JsonResponse(drawn(seen, FilterForm.of(request.GET, seen).asked()))


@permission("coverage.view")
@require_safe
def municipalities_csv(request: HttpRequest) -> HttpResponse:
    """Give the table of municipalities as a file, with the same counts held back as on the page."""
    seen = run_for(request)
    if seen is None:
        raise Http404
    frame = seen.areas.filter(pl.col("level") == "municipality").sort("area_id")
    content = csv_text(frame.select("area_id", "name", *queries.NUMBERS), "areas", language())
    name = f"kommuner-{seen.record.run_id[:12]}.csv"
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@permission("coverage.view")
@require_safe
def what_if(request: HttpRequest) -> HttpResponse:
    """Tell what closing practices, or opening some where there are none, would do."""
    seen = run_for(request)
    if seen is None:
        return render(request, "web/no_run.html")
    asked = forms.read(request.GET, seen)
    context: dict[str, Any] = {"seen": seen, "asked": asked, "most": MOST, "capacities": range(1, MOST_CAPACITIES + 1)}
    context["legend"] = queries.legend(seen)
    if asked.anything:
        by = request.user.get_username()
        context["outcome"] = actions.try_out(seen, asked, by=by, at=timezone.now())
    return render(request, "coverage/what_if.html", context)
