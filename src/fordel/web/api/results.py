"""Runs: what the pages show beside areas and practices: overview, coverage, causes, rules, sources, files."""

from typing import Annotated, Any, Literal

import polars as pl
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Path, Query, Router
from ninja.pagination import paginate

from fordel.runs.waterfalls import INGREDIENTS
from fordel.web.api import result_schemas as schemas
from fordel.web.api.pages import Part
from fordel.web.api.runs import RunId, seen_by
from fordel.web.api.schemas import Problem, reads
from fordel.web.api.signing_in import allow
from fordel.web.comparisons.models import Comparison
from fordel.web.comparisons.queries import causes_of
from fordel.web.coverage.queries import municipalities
from fordel.web.overview.queries import attention
from fordel.web.runs.downloads import DOWNLOADS, taken
from fordel.web.texts import text

router = Router(tags=["runs"])
comparisons = Router(tags=["runs"])
Since = Annotated[str, Query(pattern=r"^[0-9a-f]{64}$", description="Id of the earlier run.")]
AnyLevel = Literal["nation", "region", "health_council", "municipality", "practice"]
Number = Annotated[str, Query(pattern=r"^[a-z_]{1,40}$", description="Name of a column.")]
FileName = Annotated[str, Path(pattern=r"^[a-z.]{1,40}$", description="Name of a file, as `files` lists them.")]
FILES = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in {d.kind for d in DOWNLOADS.values()}}


@reads(router, "/{run_id}/overview", schemas.Overview, "run-overview", "How one's own area stands")
def overview(request: HttpRequest, run_id: RunId) -> dict[str, Any]:
    """Give the numbers of one's own area, and count what calls for attention in it."""
    allow(request, "overview.view")
    seen = seen_by(request, run_id)
    return {**attention(seen), "area": seen.own_area()}


@reads(router, "/{run_id}/coverage", list[schemas.CoverageRow], "run-coverage", "How many open practices people have")
@paginate(Part)
def coverage(request: HttpRequest, run_id: RunId) -> list[dict[str, Any]]:
    """Count people by the open practices they can choose between, in each municipality one sees."""
    allow(request, "coverage.view")
    return municipalities(seen_by(request, run_id), "name", falling=False)


@reads(router, "/{run_id}/causes", list[schemas.Cause], "causes", "What changed the numbers")
@paginate(Part)
def causes(
    request: HttpRequest, run_id: RunId, since: Since, level: AnyLevel | None = None, number: Number | None = None
) -> list[dict[str, Any]]:
    """Tell what changed each number of the areas and practices one sees, from another run (`since`) to this one: data,
    parameters, rules or geography. Rows that did not change are there, too. 404 where nobody has asked for it on the
    page of comparisons, or it is not done.
    """
    allow(request, "runs.compare")
    found = causes_of(seen_by(request, since), seen_by(request, run_id))
    if found.steps != INGREDIENTS:
        raise Http404
    asked = {"level": level, "number": number}
    wanted = [pl.col(name) == value for name, value in asked.items() if value is not None]
    return found.frame.filter(*wanted).cast({pl.Decimal: pl.Float64}).to_dicts()


@reads(router, "/{run_id}/rules", list[schemas.UsedRule], "run-rules", "The rules a run applied")
@paginate(Part)
def rules(request: HttpRequest, run_id: RunId) -> list[Any]:
    """List the rules in the order in which they were applied, with the parameters each of them read."""
    allow(request, "runs.view")
    return list(seen_by(request, run_id).run.rules)


@reads(router, "/{run_id}/assumptions", list[schemas.UsedParameter], "run-assumptions", "What a run assumes")
@paginate(Part)
def assumptions(request: HttpRequest, run_id: RunId) -> list[Any]:
    """List the parameters that rest on an assumption or an inference."""
    allow(request, "runs.view")
    return seen_by(request, run_id).run.assumptions()


@reads(router, "/{run_id}/sources", list[schemas.SourceRecord], "run-sources", "Where a run's tables come from")
@paginate(Part)
def sources(request: HttpRequest, run_id: RunId) -> list[dict[str, Any]]:
    """List the sources of the snapshot, with licence and attribution."""
    allow(request, "runs.view")
    return seen_by(request, run_id).run.sources.to_dicts()


@reads(router, "/{run_id}/files", list[schemas.FileRecord], "files", "Files of a run")
@paginate(Part)
def files(request: HttpRequest, run_id: RunId) -> list[dict[str, Any]]:
    """List the files with one's own areas and practices, and where they can be read."""
    allow(request, "runs.view")
    known = seen_by(request, run_id).record.run_id
    return [
        {
            "name": download.name,
            "title": text(download.text),
            "media_type": download.kind,
            "address": reverse("api:file", kwargs={"run_id": known, "name": download.name}),
        }
        for download in DOWNLOADS.values()
    ]


@router.get(
    "/{run_id}/files/{name}",
    response={(401, 403, 404, 422): Problem},
    url_name="file",
    summary="One file of a run",
    openapi_extra={"responses": {200: {"description": "The file", "content": FILES}}},
)
def file(request: HttpRequest, run_id: RunId, name: FileName) -> HttpResponse:
    """Give a Data Package, an Excel workbook or a GeoJSON map with the rows one sees. That it was taken is recorded."""
    allow(request, "runs.view")
    if name not in DOWNLOADS:
        raise Http404
    seen = seen_by(request, run_id)
    content = taken(seen, name, by=request.user.get_username(), at=timezone.now())
    return HttpResponse(content, content_type=DOWNLOADS[name].kind)


@reads(comparisons, "", list[schemas.ComparisonRecord], "comparisons", "Comparisons, newest first")
@paginate(Part)
def compared(request: HttpRequest) -> Any:
    """List the pairs of runs that somebody wanted taken apart, and how far that is."""
    allow(request, "runs.compare")
    return Comparison.objects.all()
