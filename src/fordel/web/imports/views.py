"""Pages of imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from fordel.web.accounts.permissions import may, permission
from fordel.web.drafts.keeping import form_stands_on
from fordel.web.drafts.queries import filled
from fordel.web.imports import actions, examples, queries
from fordel.web.imports.forms import ImportForm
from fordel.web.imports.models import Import
from fordel.web.texts import text

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from fordel.web.accounts.models import User

SHOWN = 50
EXAMPLES = ("practices", "capacities", "stated_maxima", "registrations", "areas")


@permission("imports.view")
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """List the imports one may see, and let those who may begin one."""
    return _page(request, ImportForm(local=bool(_region(request)), initial=filled(request, "imports:begin")))


@permission("imports.make")
@require_POST
@form_stands_on("imports:imports", ImportForm)
def begin(request: HttpRequest) -> HttpResponse:
    """Keep the files and have them read."""
    region = _region(request)
    form = ImportForm(request.POST, request.FILES, local=bool(region))
    if not form.is_valid():
        return _page(request, form, status=422)
    base, by = form.cleaned_data["base"], request.user.get_username()
    made = actions.begin(base, form.chosen(), region=region, by=by, at=timezone.now())
    return redirect("imports:import", made.pk)


@permission("imports.view")
@require_safe
def one(request: HttpRequest, import_id: int) -> HttpResponse:
    """Show what an import would change, or why it was refused; htmx asks again while the worker reads."""
    found = _seen(request, import_id)
    page = "imports/_preview.html" if getattr(request, "htmx", False) else "imports/import.html"
    return render(request, page, {"import": found, "may_act": may(request.user, "imports.make")})


@permission("imports.make")
@require_POST
@form_stands_on("imports:import")
def confirm(request: HttpRequest, import_id: int) -> HttpResponse:
    """Let an import count."""
    return _act(request, import_id, actions.confirm)


@permission("imports.make")
@require_POST
@form_stands_on("imports:import")
def discard(request: HttpRequest, import_id: int) -> HttpResponse:
    """Let an import go."""
    return _act(request, import_id, actions.discard)


@permission("imports.make")
@require_POST
@form_stands_on("imports:import")
def undo(request: HttpRequest, import_id: int) -> HttpResponse:
    """Take an import back."""
    return _act(request, import_id, actions.undo)


@permission("imports.view")
@require_safe
def example(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """Give a small file of a kind, as it may look. Its rows are made up."""
    if kind not in EXAMPLES or form not in examples.FORMS:
        raise Http404
    saved_as = {"Content-Disposition": f'attachment; filename="{kind}.{form}"'}
    return HttpResponse(examples.content(kind, form), content_type=examples.FORMS[form], headers=saved_as)


def _act(request: HttpRequest, import_id: int, act: Callable[..., None]) -> HttpResponse:
    _seen(request, import_id)
    try:
        act(import_id, by=request.user.get_username(), at=timezone.now())
    except actions.WrongState:
        messages.warning(request, text("imports.too_late"))
    return redirect("imports:import", import_id)


def _seen(request: HttpRequest, import_id: int) -> Import:
    """Give an import; a planner sees those of their own region only.

    Raises:
        Http404: there is none, or it is not for this person.
    """
    return get_object_or_404(queries.for_user(request.user), pk=import_id)  # type: ignore[arg-type]


def _region(request: HttpRequest) -> str:
    user: User = request.user  # type: ignore[assignment]
    return user.area_id


def _page(request: HttpRequest, form: ImportForm, *, status: int = 200) -> HttpResponse:
    shown = {"imports": queries.for_user(request.user)[:SHOWN], "examples": EXAMPLES}  # type: ignore[arg-type]
    if may(request.user, "imports.make"):
        shown["form"] = form
    return render(request, "imports/imports.html", shown, status=status)
