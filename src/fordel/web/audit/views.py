"""Pages of the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render

from fordel.web.accounts.permissions import permission
from fordel.web.audit import queries

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PER_PAGE = 50


@permission("audit.view")
def events(request: HttpRequest) -> HttpResponse:
    """List the events, newest first."""
    words = request.GET.get("q", "").strip()[:100]
    page = Paginator(queries.found(words), PER_PAGE).get_page(request.GET.get("side"))
    return render(request, "audit/events.html", {"page": page, "q": words})
