"""What people at work have asked for: searches for places, imports, and the snapshots that came of them."""

from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Path, Router
from ninja.pagination import paginate

from fordel.web.api import work_schemas as schemas
from fordel.web.api.installation import HIGHEST
from fordel.web.api.pages import Part
from fordel.web.api.schemas import reads
from fordel.web.api.signing_in import allow
from fordel.web.imports import queries as imported
from fordel.web.placement import queries as placed
from fordel.web.runs.models import Snapshot
from fordel.web.texts import language

if TYPE_CHECKING:
    from fordel.web.imports.models import Import

router = Router()
Id = Annotated[int, Path(ge=1, le=HIGHEST)]


@reads(router, "/searches", list[schemas.SearchRecord], "searches", "Searches for places, newest first")
@paginate(Part)
def searches(request: HttpRequest) -> Any:
    """List the searches of one's own region, and how far they are."""
    allow(request, "placement.view")
    return placed.for_user(request.user)  # type: ignore[arg-type]


@reads(router, "/searches/{search_id}", schemas.SearchPlan, "search", "One search and its places")
def search(request: HttpRequest, search_id: Id) -> dict[str, Any]:
    """Tell how good the plan of one search is, and where its places lie."""
    allow(request, "placement.view")
    found = get_object_or_404(placed.for_user(request.user), pk=search_id)  # type: ignore[arg-type]
    return {**vars(found), "plan": found.places, "goals": (found.found or {}).get("all_goals", [])}


@reads(router, "/imports", list[schemas.ImportRecord], "imports", "Imports, newest first")
@paginate(Part)
def imports(request: HttpRequest) -> list[dict[str, Any]]:
    """List the imports one may see: their files, how many rows they change, why they were refused."""
    allow(request, "imports.view")
    return [_import(found) for found in imported.for_user(request.user)]  # type: ignore[arg-type]


@reads(router, "/imports/{import_id}", schemas.ImportRecord, "import", "One import")
def one_import(request: HttpRequest, import_id: Id) -> dict[str, Any]:
    """Tell of one import. Rows of its tables are on its page alone."""
    allow(request, "imports.view")
    return _import(get_object_or_404(imported.for_user(request.user), pk=import_id))  # type: ignore[arg-type]


@reads(router, "/snapshots", list[schemas.SnapshotRecord], "snapshots", "Snapshots, newest first")
@paginate(Part)
def snapshots(request: HttpRequest) -> Any:
    """List the snapshots runs were or can be made from."""
    allow(request, "runs.view")
    return Snapshot.objects.order_by("-added_at", "fingerprint")


def _import(found: "Import") -> dict[str, Any]:
    files = [vars(upload) for upload in found.uploads.all()]
    counts = [{name: table[name] for name in schemas.DifferenceRecord.model_fields} for table in found.differences]
    about = {"base": found.base_id, "snapshot": found.snapshot_id, "files": files, "differences": counts}
    return {**vars(found), **about, "faults": [_fault(fault) for fault in found.faults]}


def _fault(fault: dict[str, Any]) -> dict[str, str]:
    told = {**fault, **fault.get(language(), {})}
    return {name: str(told[name]) for name in schemas.FaultRecord.model_fields}
