"""The API: its routers, how its faults are told, and its description in OpenAPI 3.1."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from fordel.web.api import installation, results, runs, work
from fordel.web.api.etags import PREFIX
from fordel.web.api.signing_in import SignedIn, WithKey
from fordel.web.texts import text

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

FAULTS = {401: "sign_in", 403: "forbidden", 404: "not_found"}
api = NinjaAPI(
    title="Fordel",
    version=version("fordel"),
    description=(
        "Reads what the pages show, with the same permissions. Show a key as `Authorization: Bearer …`. Answers carry "
        "an `ETag`; send it back as `If-None-Match` and what has not changed is answered 304. A value that is missing "
        "is unknown, or held back because it would tell of very few people."
    ),
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
    auth=[WithKey(), SignedIn(csrf=False)],
)
api.add_router("/runs", runs.router)
api.add_router("/runs", results.router)
api.add_router("/comparisons", results.comparisons)
api.add_router("", work.router)
api.add_router("", installation.router)


@api.exception_handler(AuthenticationError)
def _nobody(request: HttpRequest, _: object) -> HttpResponse:
    return _problem(request, 401)


@api.exception_handler(PermissionDenied)
def _forbidden(request: HttpRequest, _: object) -> HttpResponse:
    return _problem(request, 403)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, _: object) -> HttpResponse:
    return _problem(request, 404)


@api.exception_handler(ValidationError)
def _not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    wrong = [f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors]
    return api.create_response(request, {"detail": text("api.not_understood"), "where": wrong}, status=422)


def _problem(request: HttpRequest, status: int) -> HttpResponse:
    return api.create_response(request, {"detail": text(f"api.{FAULTS[status]}"), "where": []}, status=status)


@cache
def description() -> dict[str, Any]:
    """Describe the API in OpenAPI 3.1."""
    return dict(api.get_openapi_schema(path_prefix=PREFIX))


def operations() -> list[tuple[str, str, str]]:
    """Give address, summary and description of every operation."""
    return [
        (address, told["summary"], told["description"])
        for address, methods in description()["paths"].items()
        for told in methods.values()
    ]


def open_to_programs(patterns: list[Any]) -> list[Any]:
    """Let the operations decide themselves who asks: the pages would send a program to the sign-in form."""
    for pattern in patterns:
        pattern.callback.login_required = False
    return patterns
