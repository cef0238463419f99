"""Pages for those who write programs: what the API answers, and one's keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from fordel.web.accounts.permissions import permission
from fordel.web.api import actions
from fordel.web.api.forms import KeyForm
from fordel.web.api.main import operations
from fordel.web.api.models import Key
from fordel.web.drafts.keeping import form_stands_on
from fordel.web.drafts.queries import filled
from fordel.web.texts import text

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@permission("api.use")
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """List every operation, and the person's keys."""
    return _page(request, KeyForm(initial=filled(request, "programs:make-key")))


@permission("api.use")
@require_POST
@form_stands_on("programs:docs", KeyForm)
def make_key(request: HttpRequest) -> HttpResponse:
    """Make a key, and tell it: this once."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    user = request.user
    _, secret = actions.make_key(user, **form.cleaned_data, by=user.get_username(), at=timezone.now())  # type: ignore[arg-type]
    return _page(request, KeyForm(), secret=secret)


@permission("api.use")
@require_POST
@form_stands_on("programs:docs")
def revoke_key(request: HttpRequest, key_id: int) -> HttpResponse:
    """Take one of one's own keys back."""
    get_object_or_404(Key, pk=key_id, user=request.user)
    actions.revoke_key(key_id, by=request.user.get_username(), at=timezone.now())
    messages.success(request, text("api.revoked"))
    return redirect("programs:docs")


def _page(request: HttpRequest, form: KeyForm, *, secret: str = "", status: int = 200) -> HttpResponse:
    good = Key.objects.filter(revoked_at=None, expires_at__gt=timezone.now())
    keys = good.filter(user__username=request.user.get_username())
    shown = {"operations": operations(), "keys": keys, "form": form, "secret": secret}
    return render(request, "api/docs.html", shown, status=status)
