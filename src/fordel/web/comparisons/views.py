"""Pages of comparisons."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import polars as pl
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from fordel.publish.export import table_csv
from fordel.runs.differences import LEVELS
from fordel.runs.record import columns
from fordel.runs.waterfalls import KEPT
from fordel.web.accounts.permissions import may, permission
from fordel.web.comparisons import actions, queries
from fordel.web.comparisons.chart import drawn
from fordel.web.drafts.keeping import form_stands_on
from fordel.web.runs.queries import all_runs, run_for
from fordel.web.texts import language, text

if TYPE_CHECKING:
    from django.http import HttpRequest

    from fordel.web.comparisons.queries import Causes, Row, View

PER_PAGE = 100


@permission("runs.compare")
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Show what changed from one run to another and what changed it; htmx asks again while the worker is at it."""
    pair = queries.pair_for(request)
    if pair is None:
        return render(request, "web/no_run.html")
    causes = queries.causes_of(*pair)
    view = queries.view_for(request, causes.after)
    rows = causes.rows(view)
    row = _drawn_row(request, causes, view, rows)
    context = {
        "runs": all_runs(),
        "causes": causes,
        "made": causes.made,
        "same": causes.before.record == causes.after.record,
        "synthetic": any(seen.record.snapshot.synthetic for seen in pair),
        "view": view,
        "levels": LEVELS,
        "kept": KEPT,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("side")),
        "chosen": row,
        "chart": drawn(row, causes.steps, view.decimals) if row is not None else None,
        "may_ask": may(request.user, "runs.make"),
    }
    page = "comparisons/_causes.html" if getattr(request, "htmx", False) else "comparisons/compare.html"
    return render(request, page, context)


@permission("runs.make")
@require_POST
@form_stands_on("comparisons:compare")
def find_causes(request: HttpRequest) -> HttpResponse:
    """Ask what changed the numbers from one run to another."""
    before, after = (run_for(request, request.POST.get(name, "")) for name in ("fra", "til"))
    if before is None or after is None or before.record == after.record:
        raise Http404
    actions.ask(before.record, after.record, by=request.user.get_username(), at=timezone.now())
    kept = {name: request.POST.get(name, "") for name in ("niveau", "tal")}
    asked = urlencode({"fra": before.record.pk, "til": after.record.pk, **kept})
    return redirect(f"{reverse('comparisons:compare')}?{asked}")


@permission("runs.compare")
@require_safe
def csv(request: HttpRequest) -> HttpResponse:
    """Give the table that is shown as a file, all its pages, with all decimals."""
    pair = queries.pair_for(request)
    if pair is None:
        raise Http404
    causes = queries.causes_of(*pair)
    view = queries.view_for(request, causes.after)
    between = ("before", *causes.steps, "after")
    heads = {
        "known_as": text("comparisons.known_as"),
        "name": columns()[view.table]["name"].heading(language()),
        "status": text("comparisons.status"),
        **{step: text(f"comparisons.step_{step}") for step in between},
    }
    in_words = {status: text(f"comparisons.status_{status}") for status in ("both", "new", "ended")}
    frame = causes.exact(view).select(*heads)
    if language() == "da":
        frame = frame.with_columns(pl.col("status").replace(in_words))
    content = table_csv(frame, heads, language())
    name = f"{view.number}-{pair[0].record.pk[:12]}-{pair[1].record.pk[:12]}.csv"
    saved_as = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=saved_as)


def _drawn_row(request: HttpRequest, causes: Causes, view: View, rows: list[Row]) -> Row | None:
    """Choose whose number is drawn: the one asked for, else the own area's, else the one that changed most."""
    own = causes.after.user.area_id or causes.after.own_area()["area_id"]
    for known_as in (request.GET.get("om", ""), own):
        found = causes.row_of(view, known_as)
        if found is not None:
            return found
    return rows[0] if rows else None
