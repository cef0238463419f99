"""Pages of areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fordel.publish.explain import explain_area
from fordel.web.accounts.permissions import may, permission
from fordel.web.areas import queries
from fordel.web.runs.queries import run_for
from fordel.web.texts import language

if TYPE_CHECKING:
    from django.http import HttpRequest

LEVELS = ("region", "health_council", "municipality")


@permission("areas.view")
def areas(request: HttpRequest) -> HttpResponse:
    """Show the areas as a tree, or those of one level sorted by a number."""
    seen = run_for(request)
    if seen is None:
        return render(request, "web/no_run.html")
    level = request.GET.get("niveau", "")
    sort, falling = request.GET.get("sorter", "name").removeprefix("-"), request.GET.get("sorter", "")[:1] == "-"
    if level in LEVELS and sort in queries.SORTS:
        rows = queries.flat(seen, level, sort, falling=falling)
    else:
        level, rows = "", queries.tree(seen)
    shown = [(depth, row, queries.gap_in_words(row)) for depth, row in rows]
    columns = [(name, f"-{name}" if sort == name and not falling else name) for name in queries.NUMBERS]
    context = {
        "seen": seen,
        "rows": shown,
        "level": level,
        "levels": LEVELS,
        "sort": sort,
        "order": "descending" if falling else "ascending",
        "columns": columns,
        "numbers": queries.NUMBERS,
        "has_map": bool(seen.run.area_shapes.height),
        "koersel": request.GET.get("koersel", ""),
    }
    return render(request, "areas/areas.html", context)


@permission("areas.view")
@require_safe
def areas_map(request: HttpRequest) -> HttpResponse:
    """Give the map of headroom in the municipalities of the person's own area."""
    return _map(request)


@permission("areas.view")
@require_safe
def area_map(request: HttpRequest, area_id: str) -> HttpResponse:
    """Give the map of headroom around one area, which stands out."""
    return _map(request, area_id)


def _map(request: HttpRequest, area_id: str = "") -> HttpResponse:
    seen = run_for(request)
    drawn = queries.map_of(seen, area_id) if seen is not None else None
    if drawn is None:
        raise Http404
    return HttpResponse(drawn, content_type="image/svg+xml")


@permission("areas.view")
def area(request: HttpRequest, area_id: str) -> HttpResponse:
    """Show one area on a page that prints on A4: what it may have, what it has, and why."""
    seen = run_for(request)
    if seen is None:
        raise Http404
    row = seen.area(area_id)
    inside = {
        "nation": lambda: seen.at_level("region"),
        "region": lambda: seen.at_level("health_council", area_id) or seen.at_level("municipality", area_id),
        "health_council": lambda: seen.at_level("municipality", area_id),
    }.get(row["level"], list)()
    context = {
        "seen": seen,
        "row": row,
        "gap": queries.gap_in_words(row),
        "wholes": [(i, seen.name_of(i)) for i in (row["region"], row["health_council"]) if i],
        "parts": [(0, part, queries.gap_in_words(part)) for part in inside],
        "numbers": queries.NUMBERS,
        "has_map": bool(seen.run.area_shapes.height),
        "explanation": explain_area(seen.run, area_id, language()),
        "sees_practices": may(request.user, "practices.view") and row["level"] == "municipality",
    }
    return render(request, "areas/area.html", context)
