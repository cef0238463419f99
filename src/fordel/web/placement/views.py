"""Pages of placement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from fordel.publish.disclosure import least_shown
from fordel.web.accounts.permissions import may, permission
from fordel.web.drafts.keeping import form_stands_on
from fordel.web.drafts.queries import filled
from fordel.web.placement import actions, queries
from fordel.web.placement.forms import AskForm
from fordel.web.runs.queries import run_for
from fordel.web.texts import text

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 50


@permission("placement.view")
@require_safe
def searches(request: HttpRequest) -> HttpResponse:
    """List the searches side by side, and let those who may ask for one."""
    seen = run_for(request)
    if seen is None:
        return render(request, "web/no_run.html")
    return _page(request, AskForm(regions=queries.regions(seen), initial=filled(request, "placement:ask")))


@permission("placement.make")
@require_POST
@form_stands_on("placement:searches", AskForm)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a search in the newest run."""
    seen = run_for(request)
    if seen is None:
        raise Http404
    form = AskForm(request.POST, regions=queries.regions(seen))
    if not form.is_valid():
        return _page(request, form, status=422)
    by = request.user.get_username()
    made = actions.ask(seen.record, **form.cleaned_data, by=by, at=timezone.now())
    return redirect("placement:search", made.pk)


@permission("placement.view")
@require_safe
def search(request: HttpRequest, search_id: int) -> HttpResponse:
    """Show how good the plan is so far, then its places; htmx asks again every two seconds until it is over."""
    found = get_object_or_404(queries.for_user(request.user), pk=search_id)  # type: ignore[arg-type]
    context = {
        "search": found,
        "places": queries.places(found),
        "least": least_shown(found.run.law_date),
        "may_act": may(request.user, "placement.make"),
    }
    page = "placement/_progress.html" if getattr(request, "htmx", False) else "placement/search.html"
    return render(request, page, context)


@permission("placement.make")
@require_POST
@form_stands_on("placement:search")
def cancel(request: HttpRequest, search_id: int) -> HttpResponse:
    """Cancel a search."""
    get_object_or_404(queries.for_user(request.user), pk=search_id)  # type: ignore[arg-type]
    try:
        actions.cancel(search_id, by=request.user.get_username(), at=timezone.now())
    except actions.WrongState:
        messages.warning(request, text("jobs.too_late"))
    return redirect("placement:search", search_id)


def _page(request: HttpRequest, form: AskForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, object] = {"searches": queries.for_user(request.user)[:SHOWN]}  # type: ignore[arg-type]
    if may(request.user, "placement.make") and form.fields["region"].choices:  # type: ignore[attr-defined]
        context["form"] = form
    return render(request, "placement/searches.html", context, status=status)
