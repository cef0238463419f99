"""Tell a program that what it has is still what there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.middleware.http import ConditionalGetMiddleware

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

PREFIX = "/api/v1/"


def etags(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give answers of the API an ETag, and answer 304 where the program has it already; it must ask each time."""
    conditional = cast("Callable[[HttpRequest], HttpResponse]", ConditionalGetMiddleware(get_response))

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return get_response(request)
        response = conditional(request)
        response["Cache-Control"] = "private, no-cache"
        response["Vary"] = "Authorization, Cookie, Accept-Language"
        return response

    return answer
