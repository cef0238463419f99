"""Pages of the law book."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date

from fordel.law import Lawbook, UnknownParameter
from fordel.web.accounts.permissions import permission
from fordel.web.lawbook import queries

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse


@permission("law.view")
def parameters(request: HttpRequest) -> HttpResponse:
    """List the parameters as they stand on a day, today's where none or no day was asked for."""
    day, understood = _day(request)
    return render(request, "lawbook/parameters.html", {"day": day, "understood": understood, "topics": queries.on(day)})


@permission("law.view")
def parameter(request: HttpRequest, name: str) -> HttpResponse:
    """Show a parameter: all its values, their sources, what other sources say."""
    try:
        found = Lawbook.shipped().parameter(name)
    except UnknownParameter as error:
        raise Http404 from error
    return render(request, "lawbook/parameter.html", {"parameter": found})


def _day(request: HttpRequest) -> tuple[date, bool]:
    asked = request.GET.get("dag", "")
    try:
        day = parse_date(asked)
    except ValueError:
        day = None
    return day or timezone.localdate(), not asked or day is not None
