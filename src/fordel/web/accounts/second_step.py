"""The second step of signing in: who has one must take it, and where it is required who has none must set it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import redirect
from django_otp import user_has_device

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

OPEN_TO_ALL = frozenset({"accounts:sign-out", "accounts:second-step", "language", "healthz", "readyz"})


def second_step(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Stop those who have only given a password on every page but the few they need."""

    def answer(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def stop(request: HttpRequest, view: object, args: object, named: object) -> HttpResponse | None:
        user, name = request.user, getattr(request.resolver_match, "view_name", "")
        if not user.is_authenticated or user.is_verified() or name in OPEN_TO_ALL:  # type: ignore[attr-defined]
            return None
        if user_has_device(user):
            return redirect("accounts:second-step")
        if settings.REQUIRE_SECOND_STEP and name != "accounts:second-step-set-up":
            return redirect("accounts:second-step-set-up")
        return None

    answer.process_view = stop  # type: ignore[attr-defined]
    return answer
