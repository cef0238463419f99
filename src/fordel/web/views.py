"""Pages that belong to no noun: health, language, errors, accessibility."""

from __future__ import annotations

from importlib.metadata import version

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST, require_safe


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Tell that the program answers."""
    return JsonResponse({"status": "ok", "version": version("fordel")})


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Tell whether the program can work: the database answers and has all its tables."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    if waiting:
        return JsonResponse({"status": "database not migrated", "migrations": len(waiting)}, status=503)
    return JsonResponse({"status": "ok"})


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Show the pages in another language from now on, and go back to the page one came from, if it is ours."""
    back = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = redirect(back if ours and back.startswith("/") else "overview:overview")
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=365 * 24 * 3600,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Tell how accessible the pages are, what is known to lack, and whom to tell (tilgængelighedserklæring)."""
    return render(request, "web/accessibility.html")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what cannot be understood."""
    return render(request, "web/error.html", {"error": "400"}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer those whose role may not."""
    return render(request, "web/error.html", {"error": "403"}, status=403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that is not from a page of this session: forged, or older than the last sign-in."""
    return render(request, "web/error.html", {"error": "forged"}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer where there is nothing, or nothing for this person."""
    return render(request, "web/error.html", {"error": "404"}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when we have failed; needs neither database nor session."""
    return render(request, "web/server_error.html", status=500)
