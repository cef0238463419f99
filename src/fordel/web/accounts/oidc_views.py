"""Pages of signing in where the organisation does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from fordel.web.accounts import actions, oidc
from fordel.web.accounts.second_step import BY_OIDC, ON_TO, SECOND_STEP_BY, SIGNED_IN_BY, go_on
from fordel.web.audit.actions import record

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

BACKEND = "django.contrib.auth.backends.ModelBackend"  # the account is an ordinary one
STATUS = {"oidc_unreachable": 502}


@login_not_required
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Lead to the provider; afterwards to the page one came from, if it is ours."""
    if not oidc.enabled():
        raise Http404
    if request.user.is_authenticated:
        return redirect("overview:overview")
    to = request.GET.get("next", "")
    if to.startswith("/") and url_has_allowed_host_and_scheme(to, {request.get_host()}, request.is_secure()):
        request.session[ON_TO] = to
    try:
        return oidc.lead_there(request)
    except oidc.Refused as refused:
        return _refused(request, refused)


@login_not_required
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Take who comes back from the provider; the session gets a new key."""
    if not oidc.enabled():
        raise Http404
    try:
        claims = oidc.claims_of(request)
        user = oidc.account_of(claims)
        actions.bind_to_provider(user.pk, *oidc.subject_of(claims), at=timezone.now())
    except oidc.Refused as refused:
        return _refused(request, refused)
    except actions.Refused as refused:
        return _refused(request, oidc.Refused(f"oidc_{refused.key}", user.username))
    with transaction.atomic():
        login(request, user, BACKEND)
        request.session[SIGNED_IN_BY] = BY_OIDC
        if second_step := oidc.second_step_taken(claims):
            request.session[SECOND_STEP_BY] = BY_OIDC
        told = {"through": settings.OIDC["issuer"], "second_step": second_step}
        record("account.signed_in", "account", user.username, by=user.username, at=timezone.now(), new=told)
    return go_on(request, "overview:overview")


def _refused(request: HttpRequest, refused: oidc.Refused) -> HttpResponse:
    """Tell why nobody is signed in; where the provider has named somebody, it is recorded."""
    if refused.known_as:
        why = {"why": refused.key.removeprefix("oidc_"), "through": settings.OIDC["issuer"]}
        record("account.sign_in_refused", "account", refused.known_as, by="oidc", at=timezone.now(), new=why)
    shown = {"why": refused.key, "known_as": refused.known_as, "provider": settings.OIDC["name"]}
    return render(request, "accounts/oidc_refused.html", shown, status=STATUS.get(refused.key, 403))
