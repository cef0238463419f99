"""Refuse a request that is too large before any of it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

MIB = 2**20
MOST = 64 * MIB  # a nation's lists are 15 MiB as CSV


def not_too_large(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 413 to more than ``MOST`` bytes. What names no length has none: Django reads nothing of it."""

    def answer(request: HttpRequest) -> HttpResponse:
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if not length.isdigit() or int(length) > MOST:
            return render(request, "web/error.html", {"error": "413"}, status=413)
        return get_response(request)

    return answer
