"""The front page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils import timezone

from fordel.web.accounts.permissions import may, permission
from fordel.web.overview import queries
from fordel.web.runs.queries import run_for

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@permission("overview.view")
def overview(request: HttpRequest) -> HttpResponse:
    """Show what is due this year and how the person's area stands."""
    seen = run_for(request)
    context: dict[str, Any] = {
        "seen": seen,
        "calendar": queries.calendar(timezone.localdate()),
    }
    if seen is not None:
        before = queries.run_before(seen)
        context |= {
            "row": seen.own_area(),
            "attention": queries.attention(seen),
            "may_compare": may(request.user, "runs.compare"),
            "before": before.record if before else None,
            "figures": queries.figures(seen, before),
            "standing_out": queries.standing_out(seen),
        }
    return render(request, "overview/overview.html", context)
