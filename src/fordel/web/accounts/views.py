"""Pages of accounts: sign in and out, the second step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_otp
import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_safe
from django_otp.plugins.otp_totp.models import TOTPDevice

from fordel.web.accounts import actions, oidc, queries
from fordel.web.accounts.demo import ACCOUNTS, PASSWORD
from fordel.web.accounts.forms import OwnPasswordForm, SignInForm, TokenForm
from fordel.web.accounts.second_step import go_on
from fordel.web.audit.actions import record
from fordel.web.texts import text

if TYPE_CHECKING:
    from django.http import HttpRequest


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    """Sign in; the session gets a new key, and only an address of our own is gone on to."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """Add the other way to sign in where there is one, and the demo's accounts where there is a demo."""
        from django.conf import settings  # noqa: PLC0415 - read when the page is asked for

        shown = {"oidc": settings.OIDC["name"]} if oidc.enabled() else {}
        demo = {"demo_accounts": ACCOUNTS, "demo_password": PASSWORD} if settings.DEMO else {}
        return super().get_context_data(**given, **shown, **demo)

    def form_valid(self, form: Any) -> HttpResponse:
        """Record who signed in."""
        answer = super().form_valid(form)
        name = form.get_user().get_username()
        record("account.signed_in", "account", name, by=name, at=timezone.now())
        return answer


@login_not_required
def locked_out(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
    """Tell that too many tries have failed, and when to try again."""
    return render(request, "accounts/locked_out.html", status=429)


@require_safe
def stay(request: HttpRequest) -> HttpResponse:
    """Answer nothing: that somebody asked lets their session last for another half hour."""
    return HttpResponse(status=204)


@require_http_methods(["GET", "POST"])
def second_step_page(request: HttpRequest) -> HttpResponse:
    """Ask for the digits of the authenticator."""
    device = TOTPDevice.objects.filter(user=request.user, confirmed=True).first()
    if device is None or request.user.is_verified():  # type: ignore[union-attr]
        return redirect("overview:overview")
    form = TokenForm(device, request.POST or None)
    if request.method == "POST" and form.is_valid():
        django_otp.login(request, device)
        request.session.cycle_key()
        return go_on(request, "overview:overview")
    return render(request, "accounts/second_step.html", {"form": form})


@require_http_methods(["GET", "POST"])
def set_up_second_step(request: HttpRequest) -> HttpResponse:
    """Show the key of a new authenticator as a picture and as letters, and take it when its digits are right."""
    if TOTPDevice.objects.filter(user=request.user, confirmed=True).exists():
        return redirect("accounts:account")
    device = actions.unconfirmed_device(request.user)  # type: ignore[arg-type]
    form = TokenForm(device, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.set_up_second_step(device, by=request.user.get_username(), at=timezone.now())
        django_otp.login(request, device)
        request.session.cycle_key()
        messages.success(request, text("accounts.second_step_done"))
        return go_on(request, "accounts:account")
    picture = segno.make(device.config_url, micro=False).svg_inline(scale=5, dark="#000", light="#fff", omitsize=True)
    key = device.config_url.partition("secret=")[2].partition("&")[0]
    shown = {"form": form, "picture": mark_safe(picture), "key": key}  # noqa: S308 - drawn by segno, no text in it
    return render(request, "accounts/set_up_second_step.html", shown)


def account(request: HttpRequest) -> HttpResponse:
    """Show who is signed in, as what, and whether a second step is set up."""
    has_device = TOTPDevice.objects.filter(user=request.user, confirmed=True).exists()
    own = request.user.area_id  # type: ignore[union-attr]
    area = queries.area_names().get(own, own) if own else ""
    return render(request, "accounts/account.html", {"has_device": has_device, "area": area})


@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; who has a one-time password comes here first."""
    form = OwnPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.change_own_password(form.user, form.cleaned_data["new_password1"], at=timezone.now())
        update_session_auth_hash(request, form.user)
        messages.success(request, text("accounts.password_changed"))
        return go_on(request, "accounts:account")
    return render(request, "accounts/password.html", {"form": form}, status=422 if form.errors else 200)
