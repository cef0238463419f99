"""What belongs to no run: the year, the law book, jobs, the audit log."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Path, Query, Router
from ninja.pagination import paginate

from fordel.law import Lawbook, UnknownParameter
from fordel.web.api import schemas
from fordel.web.api.pages import Part
from fordel.web.api.schemas import reads
from fordel.web.api.signing_in import allow
from fordel.web.audit.queries import Asked, found
from fordel.web.jobs.models import Job
from fordel.web.overview.queries import calendar

if TYPE_CHECKING:
    from fordel.law import DatedValue, Parameter

router = Router()
HIGHEST = 2**31 - 1
Day = Annotated[date | None, Query(description="Day, as 2026-02-01; today where none is given.")]
Bound = Annotated[date | None, Query(ge=date(2000, 1, 1), le=date(2999, 12, 30), description="Day of the period.")]
UserName = Annotated[str, Query(pattern=r"^[^\x00]{0,150}$", description="User name, whole.")]
Word = Annotated[str, Query(pattern=r"^[a-z_.]{0,80}$", description="Such as `run.made`, `run`.")]


@reads(router, "/calendar", list[schemas.DueStep], "calendar", "What is due")
def year(request: HttpRequest) -> list[dict[str, Any]]:
    """List the steps of the year ahead, the next first."""
    allow(request, "overview.view")
    return [vars(step) for step in calendar(timezone.localdate())]


@reads(router, "/parameters", list[schemas.ParameterRecord], "parameters", "The law book")
@paginate(Part)
def parameters(request: HttpRequest, on: Day = None) -> list[dict[str, Any]]:
    """List every parameter as it stands on a day, with its source and what replaces it."""
    allow(request, "law.view")
    known = sorted(Lawbook.shipped().parameters.values(), key=lambda p: p.full_name)
    return [_standing(parameter, on or timezone.localdate()) for parameter in known]


@reads(router, "/parameters/{name}", schemas.ParameterRecord, "parameter", "One parameter")
def parameter(
    request: HttpRequest, name: Annotated[str, Path(pattern=r"^[a-z0-9_.]{1,100}$")], on: Day = None
) -> dict[str, Any]:
    """Give one parameter as it stands on a day."""
    allow(request, "law.view")
    try:
        return _standing(Lawbook.shipped().parameter(name), on or timezone.localdate())
    except UnknownParameter as error:
        raise Http404 from error


@reads(router, "/jobs", list[schemas.JobRecord], "jobs", "Jobs, newest first")
@paginate(Part)
def jobs(request: HttpRequest) -> Any:
    """List the runs that were asked for, and how far they are."""
    allow(request, "jobs.view")
    return Job.objects.all()


@reads(router, "/jobs/{job_id}", schemas.JobRecord, "job", "One job")
def job(request: HttpRequest, job_id: Annotated[int, Path(ge=1, le=HIGHEST)]) -> Job:
    """Tell how far one job is."""
    allow(request, "jobs.view")
    return get_object_or_404(Job, pk=job_id)


@reads(router, "/events", list[schemas.EventRecord], "events", "The audit log")
@paginate(Part)
def events(
    request: HttpRequest,
    words: Annotated[str, Query(max_length=100, description="In who, what or what on.")] = "",
    who: UserName = "",
    what: Word = "",
    kind: Word = "",
    since: Bound = None,
    until: Bound = None,
) -> Any:
    """List the events of the audit log, newest first: with words in them, of somebody, a verb, a kind, a period."""
    allow(request, "audit.view")
    return found(Asked(words, who, what, kind, since, until))


def _standing(known: "Parameter", day: date) -> dict[str, Any]:
    about = {"name": known.full_name, "title": known.title, "dansk": known.dansk, "unit": known.unit}
    return {**about, "in_force": _dated(known.wording_on(day)), "following": _dated(known.next_after(day))}


def _dated(value: "DatedValue | None") -> dict[str, Any] | None:
    return None if value is None else {**vars(value), "evidence": value.evidence.value}
