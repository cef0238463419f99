"""Pages of the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from fordel.web.accounts.permissions import permission
from fordel.web.audit import exports, queries
from fordel.web.audit.forms import FilterForm
from fordel.web.drafts.keeping import form_stands_on
from fordel.web.texts import text

if TYPE_CHECKING:
    from django.http import HttpRequest

PER_PAGE = 50


@permission("audit.view")
@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """List the events that are asked for, newest first."""
    return _page(request, FilterForm(request.GET.dict()))


@permission("audit.view")
@require_POST
@form_stands_on("audit:events")
def export(request: HttpRequest) -> HttpResponse:
    """Give the events that are asked for as a file."""
    form = FilterForm(request.POST.dict())
    asked, kind = form.asked(), request.POST.get("form", "")
    if asked is None or kind not in exports.FORMS:
        return _page(request, form, status=422)
    now = timezone.now()
    try:
        content = exports.export(asked, kind, by=request.user.get_username(), at=now)
    except exports.TooMany:
        form.add_error("fra", text("audit.too_many", n=f"{exports.MOST:,}".replace(",", ".")))
        return _page(request, form, status=422)
    name = f"log-{timezone.localtime(now):%Y-%m-%d-%H%M%S}.{kind}"
    saved_as = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=exports.FORMS[kind], headers=saved_as)


def _page(request: HttpRequest, form: FilterForm, *, status: int = 200) -> HttpResponse:
    asked = form.asked()
    page = Paginator(queries.found(asked or queries.Asked()), PER_PAGE).get_page(request.GET.get("side"))
    given = {name: form.data.get(name, "") for name in form.fields} if asked is not None else {}
    context = {"page": page, "form": form, "given": given, "forms": exports.FORMS}
    return render(request, "audit/events.html", context, status=status)
