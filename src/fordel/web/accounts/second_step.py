"""What must be done between the password and the pages: the second step, and changing a password others have seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import redirect
from django_otp import user_has_device

from fordel.web.api.etags import PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

ON_TO, SIGNED_IN_BY, SECOND_STEP_BY = "on_to", "signed_in_by", "second_step_by"  # in the session
BY_OIDC = "oidc"
OPEN_TO_ALL = frozenset({"accounts:sign-out", "language", "healthz", "readyz"})


def second_step(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Stop those who have only given a password on every page but the few they need."""

    def answer(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def stop(request: HttpRequest, view: object, args: object, named: object) -> HttpResponse | None:
        name = getattr(request.resolver_match, "view_name", "")
        first = "" if name in OPEN_TO_ALL else missing_step(request)
        if first in ("", name):
            return None
        if request.method == "GET" and request.accepts("text/html") and not request.path.startswith(PREFIX):
            request.session[ON_TO] = request.get_full_path()
        return redirect(first)

    answer.process_view = stop  # type: ignore[attr-defined]
    return answer


def go_on(request: HttpRequest, otherwise: str) -> HttpResponse:
    """Lead to the page the person asked for before the steps, which is of our own."""
    return redirect(request.session.pop(ON_TO, otherwise))


def missing_step(request: HttpRequest) -> str:
    """Name the page of the step a person must take before any other page opens; empty where there is none.

    The authenticator comes first: who only knows a one-time password must not be able to replace it.
    """
    user = request.user
    if not user.is_authenticated:
        return ""
    elsewhere = request.session.get(SIGNED_IN_BY) == BY_OIDC  # with no password of ours
    verified = user.is_verified() or request.session.get(SECOND_STEP_BY) == BY_OIDC  # type: ignore[attr-defined]
    if not verified and user_has_device(user):
        return "accounts:second-step"
    if user.one_time_until is not None and not elsewhere:
        return "accounts:password"
    if not verified and settings.REQUIRE_SECOND_STEP:
        return "accounts:second-step-set-up"
    return ""
