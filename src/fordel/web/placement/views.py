"""Pages of placement: searches, and asking for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fordel.publish.disclosure import least_shown
from fordel.web.accounts.permissions import may, permission
from fordel.web.drafts.keeping import form_stands_on
from fordel.web.drafts.queries import filled
from fordel.web.placement import actions, queries, wishes
from fordel.web.placement.forms import AskForm, as_before
from fordel.web.runs.queries import Seen, run_for
from fordel.web.texts import language, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from fordel.web.placement.models import Search

SHOWN = 50
STEPS = ("find", "add", "remove")  # what changes the form and asks for nothing yet


@permission("placement.view")
@require_safe
def searches(request: HttpRequest) -> HttpResponse:
    """List the searches side by side; some of them can be ticked and compared."""
    seen = run_for(request)
    if seen is None:
        return render(request, "web/no_run.html")
    chosen = request.GET.getlist("s")
    if queries.FEWEST <= len(chosen) <= len(queries.LETTERS):
        return redirect("placement:compare", "-".join(chosen))
    found = list(queries.for_user(request.user)[:SHOWN])  # type: ignore[arg-type]
    context = {
        "seen": seen,
        "searches": [(one, queries.region_name(one)) for one in found],
        "done": sum(one.state == "done" for one in found),
        "wrong_number": bool(chosen) or "sammenlign" in request.GET,
        "most": len(queries.LETTERS),
        "may_ask": may(request.user, "placement.make") and bool(queries.regions(seen)),
    }
    return render(request, "placement/searches.html", context)


@permission("placement.make")
@require_http_methods(["GET", "HEAD", "POST"])
@form_stands_on("placement:ask", AskForm, also=wishes.KINDS)
def ask(request: HttpRequest) -> HttpResponse:
    """Choose what to ask for, and ask for a search in the newest run."""
    seen = run_for(request)
    if seen is None:
        return render(request, "web/no_run.html")
    regions = queries.regions(seen)
    if not regions:
        raise Http404
    if request.method != "POST":
        return _new(request, seen, regions)
    form = AskForm(request.POST, regions=regions)
    region = request.POST.get("region", "")
    known = region if region in dict(regions) else regions[0][0]
    draft = wishes.read(request.POST, wishes.places_of(seen.record.folder, known))
    choosing = any(step in request.POST for step in STEPS)
    if choosing or draft.strange or not form.is_valid():
        return _form(request, seen, form, draft, choosing=choosing)
    asked = {name: form.cleaned_data[name] for name in ("region", "capacities", "sites", "seconds")}
    by = request.user.get_username()
    made = actions.ask(seen.record, **asked, wishes=form.wishes(draft.chosen), by=by, at=timezone.now())
    return redirect("placement:search", made.pk)


@permission("placement.view")
@require_safe
def search(request: HttpRequest, search_id: int) -> HttpResponse:
    """Show how good the plan is so far, then its places; htmx asks again every two seconds until it is over."""
    found = get_object_or_404(queries.for_user(request.user), pk=search_id)  # type: ignore[arg-type]
    context = {
        "seen": Seen(found.run, request.user),  # type: ignore[arg-type]
        "search": found,
        "region": queries.region_name(found),
        "wishes": [(kind, found.wishes[kind]) for kind in wishes.KINDS if found.wishes.get(kind)],
        "months": sorted(found.places, key=lambda row: row["turn"]),
        "has_map": found.state == "done" and queries.map_of({"A": found}, language()) is not None,
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
    return _act(request, search_id, actions.cancel)


@permission("placement.make")
@require_POST
@form_stands_on("placement:search")
def ask_again(request: HttpRequest, search_id: int) -> HttpResponse:
    """Search again for what could not be answered, or was cancelled."""
    return _act(request, search_id, actions.ask_again)


def _act(request: HttpRequest, search_id: int, act: Callable[..., None]) -> HttpResponse:
    get_object_or_404(queries.for_user(request.user), pk=search_id)  # type: ignore[arg-type]
    try:
        act(search_id, by=request.user.get_username(), at=timezone.now())
    except actions.WrongState:
        messages.warning(request, text("jobs.too_late"))
    return redirect("placement:search", search_id)


def _new(request: HttpRequest, seen: Seen, regions: list[tuple[str, str]]) -> HttpResponse:
    """Begin with what an earlier search asked for (``fra``), with what was typed before a session ended, or nothing."""
    before = _earlier(request, regions)
    begun = filled(request, "placement:ask") if before is None else as_before(before)
    region = begun.get("region", "")
    places = wishes.places_of(seen.record.folder, region if region in dict(regions) else regions[0][0])
    draft = wishes.of_draft(begun, places) if before is None else wishes.of_search(before.wishes, places)
    return _form(request, seen, AskForm(regions=regions, initial=begun), draft)


def _earlier(request: HttpRequest, regions: list[tuple[str, str]]) -> Search | None:
    """Find the search to begin with.

    Raises:
        Http404: there is none, or it is not for this person.
    """
    number = request.GET.get("fra", "")
    if not number:
        return None
    if not (number.isdecimal() and len(number) < 12):
        raise Http404
    found = get_object_or_404(queries.for_user(request.user), pk=int(number))  # type: ignore[arg-type]
    return found if found.region in dict(regions) else None


def _form(
    request: HttpRequest, seen: Seen, form: AskForm, draft: wishes.Draft, *, choosing: bool = False
) -> HttpResponse:
    wrong = form.is_bound and not choosing
    context = {"seen": seen, "form": form, "draft": draft, "wrong": wrong}
    return render(request, "placement/ask.html", context, status=422 if wrong else 200)
