"""Pages with which an administrator manages accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_otp.plugins.otp_totp.models import TOTPDevice

from fordel.web.accounts import actions, queries
from fordel.web.accounts.managing_forms import ChangeForm, FilterForm, GroundForm, MakeForm
from fordel.web.accounts.models import User
from fordel.web.accounts.permissions import permission
from fordel.web.drafts.keeping import form_stands_on
from fordel.web.drafts.queries import filled
from fordel.web.texts import text

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

PER_PAGE = 50
# What can be done to an account, and the view that does it.
ACTS = {
    "new_password": "users:new-password",
    "second_step": "users:take-second-step-away",
    "provider": "users:forget-provider",
    "off": "users:switch-off",
    "on": "users:switch-on",
}


@permission("accounts.manage")
@require_safe
def users(request: HttpRequest) -> HttpResponse:
    """List the accounts."""
    form = FilterForm(request.GET)
    page = Paginator(queries.found(*form.asked()), PER_PAGE).get_page(request.GET.get("side"))
    names = queries.area_names()
    rows = [(user, names.get(user.area_id, user.area_id), queries.state_of(user)) for user in page]
    return render(request, "accounts/users.html", {"page": page, "rows": rows, "form": form})


@permission("accounts.manage")
@require_safe
def new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new account."""
    areas = queries.areas()
    form = MakeForm(areas=areas, initial=filled(request, "users:make"))
    return render(request, "accounts/new_user.html", {"form": form, "areas": areas})


@permission("accounts.manage")
@require_POST
@form_stands_on("users:new", MakeForm)
def make(request: HttpRequest) -> HttpResponse:
    """Make an account, and tell its one-time password: this once."""
    areas = queries.areas()
    form = MakeForm(request.POST, areas=areas)
    if form.is_valid():
        by = request.user.get_username()
        try:
            user, password = actions.make_with_one_time_password(**form.account(), by=by, at=timezone.now())
        except actions.Refused as refused:
            form.add_error("username" if refused.key == "name_taken" else None, text(f"accounts.{refused.key}"))
        else:
            return _page(request, user, password=password)
    return render(request, "accounts/new_user.html", {"form": form, "areas": areas}, status=422)


@permission("accounts.manage")
@require_safe
def user(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show one account, and what can be done to it."""
    return _page(request, get_object_or_404(User, pk=account_id))


@permission("accounts.manage")
@require_POST
@form_stands_on("users:user", ChangeForm)
def change(request: HttpRequest, account_id: int) -> HttpResponse:
    """Change who somebody is here."""
    account = get_object_or_404(User, pk=account_id)
    form = ChangeForm(request.POST, areas=queries.areas(), initial=_as_it_is(account))
    if form.is_valid():
        try:
            actions.change(account_id, **form.account(), by=request.user.get_username(), at=timezone.now())
        except actions.Refused as refused:
            form.add_error(None, text(f"accounts.{refused.key}"))
        else:
            messages.success(request, text("accounts.changed"))
            return redirect("users:user", account_id)
    return _page(request, account, {"change": form}, status=422)


@permission("accounts.manage")
@require_POST
@form_stands_on("users:user", GroundForm)
def switch_off(request: HttpRequest, account_id: int) -> HttpResponse:
    """Let an account be used no longer."""
    return _act(request, account_id, "off", actions.switch_off)


@permission("accounts.manage")
@require_POST
@form_stands_on("users:user", GroundForm)
def switch_on(request: HttpRequest, account_id: int) -> HttpResponse:
    """Let an account be used again."""
    return _act(request, account_id, "on", actions.switch_on)


@permission("accounts.manage")
@require_POST
@form_stands_on("users:user", GroundForm)
def new_password(request: HttpRequest, account_id: int) -> HttpResponse:
    """Give an account a one-time password, and tell it: this once."""
    return _act(request, account_id, "new_password", actions.give_one_time_password)


@permission("accounts.manage")
@require_POST
@form_stands_on("users:user", GroundForm)
def take_second_step_away(request: HttpRequest, account_id: int) -> HttpResponse:
    """Forget the authenticator of somebody whose telephone is lost."""
    return _act(request, account_id, "second_step", actions.take_second_step_away)


@permission("accounts.manage")
@require_POST
@form_stands_on("users:user", GroundForm)
def forget_provider(request: HttpRequest, account_id: int) -> HttpResponse:
    """Forget who somebody is at the provider they sign in through."""
    return _act(request, account_id, "provider", actions.forget_provider)


def _act(request: HttpRequest, account_id: int, act: str, do: Callable[..., str | None]) -> HttpResponse:
    account = get_object_or_404(User, pk=account_id)
    form = GroundForm(request.POST, auto_id=f"id_{act}_%s")
    if form.is_valid():
        ground, by = form.cleaned_data["ground"], request.user.get_username()
        try:
            password = do(account_id, ground=ground, by=by, at=timezone.now())
        except actions.Refused as refused:
            form.add_error(None, text(f"accounts.{refused.key}"))
        else:
            if password:
                account.refresh_from_db()
                return _page(request, account, password=password)
            messages.success(request, text(f"accounts.did_{act}"))
            return redirect("users:user", account_id)
    return _page(request, account, {act: form}, status=422)


def _as_it_is(account: User) -> dict[str, str]:
    now = {"name": account.get_full_name(), "email": account.email}
    return {**now, "role": account.role, "area": account.area_id}


def _form_of(request: HttpRequest, account: User, act: str, given: Form | None) -> tuple[str, str, Form, bool]:
    """Give an act, the address that does it, its form, and whether the form is to be seen at once."""
    named = {"account_id": account.pk}
    typed = filled(request, ACTS[act], **named)
    form = given or GroundForm(auto_id=f"id_{act}_%s", initial=typed)
    return act, reverse(ACTS[act], kwargs=named), form, bool(given or typed)


def _page(
    request: HttpRequest,
    account: User,
    given: dict[str, Form] | None = None,
    *,
    password: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show an account; ``given``: forms that were filled in and not taken."""
    given, areas = given or {}, queries.areas()
    has_device = TOTPDevice.objects.filter(user=account, confirmed=True).exists()
    possible = {"new_password": account.is_active, "second_step": has_device, "off": account.is_active}
    possible |= {"on": not account.is_active, "provider": bool(account.subject)}
    acts = [_form_of(request, account, act, given.get(act)) for act in ACTS if possible[act] or act in given]
    as_it_is = _as_it_is(account) | filled(request, "users:change", account_id=account.pk)
    shown: dict[str, Any] = {
        "account": account,
        "area": {area.area_id: area.name for area in areas}.get(account.area_id, account.area_id),
        "state": queries.state_of(account),
        "has_device": has_device,
        "oneself": account.pk == request.user.pk,
        "form": given.get("change") or ChangeForm(areas=areas, initial=as_it_is),
        "acts": acts,
        "password": password,
    }
    return render(request, "accounts/user.html", shown, status=status)
