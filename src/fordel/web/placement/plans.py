"""Pages of a plan that was found: its map, its places one by one, its files; and plans side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fordel.publish.disclosure import least_shown
from fordel.publish.export import table_csv
from fordel.publish.placement_words import principles, why_here
from fordel.web.accounts.permissions import permission
from fordel.web.placement import queries
from fordel.web.runs.queries import Seen
from fordel.web.texts import language

if TYPE_CHECKING:
    from django.http import HttpRequest


@permission("placement.view")
@require_safe
def place(request: HttpRequest, search_id: int, site: str) -> HttpResponse:
    """Tell of one place of a plan: whom it serves, why it lies there, when it comes, and how it stands closures."""
    found = queries.done(request.user, search_id)  # type: ignore[arg-type]
    row, seen = queries.place(found, site), Seen(found.run, request.user)  # type: ignore[arg-type]
    own = set(seen.practices["practice_id"])
    near = [(one, one["practice_id"] in own) for one in queries.nearest_practices(found, row)]
    context = {
        "seen": seen,
        "search": found,
        "row": row,
        "why": why_here(row, language()),
        "principles": principles(row),
        "nearest": near,
        "least": least_shown(found.run.law_date),
    }
    return render(request, "placement/place.html", context)


@permission("placement.view")
@require_safe
def plan_map(request: HttpRequest, search_id: int) -> HttpResponse:
    """Give the map of a plan as a picture that prints."""
    return _picture(queries.map_of({"A": queries.done(request.user, search_id)}, language()))  # type: ignore[arg-type]


@permission("placement.view")
@require_safe
def plan_csv(request: HttpRequest, search_id: int) -> HttpResponse:
    """Give the places of a plan as a table, with the same counts held back as on the page."""
    found = queries.done(request.user, search_id)  # type: ignore[arg-type]
    content = table_csv(queries.table_of(found, language()), {}, language())
    return _file(content, "text/csv; charset=utf-8", f"steder-{found.pk}.csv")


@permission("placement.view")
@require_safe
def plan_geojson(request: HttpRequest, search_id: int) -> HttpResponse:
    """Give the places of a plan as points, with the same counts held back as on the page."""
    found = queries.done(request.user, search_id)  # type: ignore[arg-type]
    return _file(queries.geojson_of(found), "application/geo+json", f"steder-{found.pk}.geojson")


@permission("placement.view")
@require_safe
def compare(request: HttpRequest, search_ids: str) -> HttpResponse:
    """Put a few plans side by side: what they give, which places they share, and a map of all."""
    found = queries.alternatives(request.user, search_ids)  # type: ignore[arg-type]
    first, places = next(iter(found.values())), queries.compared_places(found)
    context = {
        "seen": Seen(first.run, request.user),  # type: ignore[arg-type]
        "searches": [(letter, search, queries.region_name(search)) for letter, search in found.items()],
        "search_ids": search_ids,
        "goals": queries.compared_goals(found),
        "places": places,
        "in_common": sum(len(row["letters"]) == len(found) for row in places),
        "same_run": len({search.run_id for search in found.values()}) == 1,
        "has_map": queries.map_of(found, language()) is not None,
        "least": least_shown(first.run.law_date),
    }
    return render(request, "placement/compare.html", context)


@permission("placement.view")
@require_safe
def compare_map(request: HttpRequest, search_ids: str) -> HttpResponse:
    """Give the map of a few plans together."""
    return _picture(queries.map_of(queries.alternatives(request.user, search_ids), language()))  # type: ignore[arg-type]


def _picture(drawn: str | None) -> HttpResponse:
    if drawn is None:
        raise Http404
    return HttpResponse(drawn, content_type="image/svg+xml")


def _file(content: bytes | str, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
