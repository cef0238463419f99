"""Runs: areas, practices, explanations, what changed, and what closing a practice would do."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router
from ninja.errors import ValidationError
from ninja.pagination import paginate

from fordel.publish.explain import explain_area, explain_practice
from fordel.web.api import schemas
from fordel.web.api.pages import Part
from fordel.web.api.schemas import reads
from fordel.web.api.signing_in import allow
from fordel.web.audit.actions import record
from fordel.web.comparisons import queries as comparisons
from fordel.web.coverage.actions import try_out
from fordel.web.coverage.forms import Asked
from fordel.web.coverage.sites import own_settlements, site
from fordel.web.coverage.what_if import CHANGES, MOST, MOST_CAPACITIES, SUMS
from fordel.web.practices.queries import found
from fordel.web.runs import queries
from fordel.web.texts import language, text

if TYPE_CHECKING:
    from fordel.publish.explain import Explanation, Step
    from fordel.web.runs.models import FinishedRun
    from fordel.web.runs.queries import Seen

router = Router(tags=["runs"])
NEWEST = "newest"
RunId = Annotated[str, Path(pattern=rf"^([0-9a-f]{{64}}|{NEWEST})$", description=f"Id of a run, or `{NEWEST}`.")]
AreaId = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,80}$")]
PracticeId = Annotated[str, Path(pattern=r"^[0-9]{6}$", description="Ydernummer.")]
Level = Literal["nation", "region", "health_council", "municipality"]


def seen_by(request: HttpRequest, run_id: str) -> "Seen":
    """Give a run as the person who asks sees it.

    Raises:
        Http404: there is none.
    """
    seen = queries.run_for(request, "" if run_id == NEWEST else run_id)
    if seen is None:
        raise Http404
    return seen


@reads(router, "", list[schemas.RunRecord], "runs", "All runs, newest first")
@paginate(Part)
def runs(request: HttpRequest) -> list[dict[str, Any]]:
    """List the runs: who, when, with which law, from which snapshot."""
    allow(request, "runs.view")
    return [_record(run) for run in queries.all_runs()]


@reads(router, "/{run_id}", schemas.RunRecord, "run", "One run")
def run(request: HttpRequest, run_id: RunId) -> dict[str, Any]:
    """Tell what one run was made from."""
    allow(request, "runs.view")
    return _record(seen_by(request, run_id).record)


@reads(router, "/{run_id}/areas", list[schemas.AreaRow], "areas", "Areas of a run")
@paginate(Part)
def areas(request: HttpRequest, run_id: RunId, level: Level | None = None) -> list[dict[str, Any]]:
    """List the areas one sees, with all their numbers. Counts of very few people are missing."""
    allow(request, "areas.view")
    frame = seen_by(request, run_id).areas
    return (frame if level is None else frame.filter(level=level)).to_dicts()


@reads(router, "/{run_id}/areas/{area_id}", schemas.AreaRow, "area", "One area")
def area(request: HttpRequest, run_id: RunId, area_id: AreaId) -> dict[str, Any]:
    """Give the numbers of one area."""
    allow(request, "areas.view")
    return seen_by(request, run_id).area(area_id)


@reads(
    router,
    "/{run_id}/areas/{area_id}/why",
    schemas.Explanation,
    "area-why",
    "Why the numbers of an area are what they are",
)
def area_why(request: HttpRequest, run_id: RunId, area_id: AreaId) -> dict[str, Any]:
    """Explain the numbers of one area, with the arithmetic. In Danish or English, as `Accept-Language` asks."""
    allow(request, "areas.view")
    seen = seen_by(request, run_id)
    seen.area(area_id)
    return _explained(explain_area(seen.run, area_id, language()))


@reads(router, "/{run_id}/practices", list[schemas.PracticeRow], "practices", "Practices")
@paginate(Part)
def practices(
    request: HttpRequest,
    run_id: RunId,
    words: Annotated[str, Query(max_length=100, description="In the name, or the start of the id.")] = "",
    municipality: Annotated[str, Query(pattern=r"^[0-9]{4}$")] | None = None,
    open_to_new: bool | None = None,  # noqa: FBT001 - a filter of the address
) -> list[dict[str, Any]]:
    """List the practices one sees, with all their numbers, in Danish order of names."""
    allow(request, "practices.view")
    access = {None: "", True: "aaben", False: "lukket"}[open_to_new]
    asked = {"q": words, "kommune": municipality or "", "tilgang": access}
    return found(seen_by(request, run_id), {name: value for name, value in asked.items() if value}, "name")


@reads(router, "/{run_id}/practices/{practice_id}", schemas.PracticeRow, "practice", "One practice")
def practice(request: HttpRequest, run_id: RunId, practice_id: PracticeId) -> dict[str, Any]:
    """Give the numbers of one practice. That they were read is recorded."""
    allow(request, "practices.view")
    row = seen_by(request, run_id).practice(practice_id)
    record("practice.read", "practice", practice_id, by=request.user.get_username(), at=timezone.now())
    return row


@reads(
    router,
    "/{run_id}/practices/{practice_id}/why",
    schemas.Explanation,
    "practice-why",
    "Why the numbers of a practice are what they are",
)
def practice_why(request: HttpRequest, run_id: RunId, practice_id: PracticeId) -> dict[str, Any]:
    """Explain the numbers of one practice, with the arithmetic. That it was read is recorded."""
    allow(request, "practices.view")
    seen = seen_by(request, run_id)
    seen.practice(practice_id)
    record("practice.read", "practice", practice_id, by=request.user.get_username(), at=timezone.now())
    return _explained(explain_practice(seen.run, practice_id, language()))


@reads(router, "/{run_id}/changes", list[schemas.Change], "changes", "What changed")
@paginate(Part)
def changes(request: HttpRequest, run_id: RunId, since: Annotated[str, Query(pattern=r"^[0-9a-f]{64}$")]) -> Any:
    """Tell which numbers of the areas one sees changed from another run (`since`) to this one."""
    allow(request, "runs.compare")
    rows = comparisons.changes(seen_by(request, since), seen_by(request, run_id))
    return [{**row, "area_id": row["known_as"]} for row in rows]


@reads(router, "/{run_id}/settlements", list[schemas.Settlement], "settlements", "Settlements where one may open")
@paginate(Part)
def settlements(request: HttpRequest, run_id: RunId) -> list[dict[str, Any]]:
    """List the settlements of one's own area, by their number in OpenStreetMap; places in EPSG:25832, metres."""
    allow(request, "coverage.view")
    return own_settlements(seen_by(request, run_id)).to_dicts()


@reads(router, "/{run_id}/what-if", schemas.WhatIf, "what-if", "What if practices close or open")
def what_if(
    request: HttpRequest,
    run_id: RunId,
    closed: Annotated[list[str], Query(max_length=MOST, description="Ids of practices of one's own.")] = [],  # noqa: B006 - ninja copies it
    opened: Annotated[list[int], Query(max_length=MOST, description="Ids of settlements of one's own.")] = [],  # noqa: B006
    capacities: Annotated[int, Query(ge=1, le=MOST_CAPACITIES, description="Of each practice that opens.")] = 1,
) -> dict[str, Any]:
    """Tell whose choices change when practices close and open, and where patients find room. That it was asked is
    recorded. At least one, at most five in all."""
    allow(request, "coverage.view")
    seen = seen_by(request, run_id)
    ids = tuple(dict.fromkeys(str(seen.practice(practice_id)["practice_id"]) for practice_id in closed))
    sites = tuple(dict.fromkeys(site(seen, str(settlement_id)) for settlement_id in opened))
    if not 1 <= len(ids) + len(sites) <= MOST:
        raise ValidationError([{"loc": ["query"], "msg": text("api.how_many", n=MOST), "type": "count"}])
    asked = Asked(closed=ids, opened=sites, capacities=capacities)
    told = try_out(seen, asked, by=request.user.get_username(), at=timezone.now())
    return {
        "closed": ids,
        "opened": [int(one.settlement_id) for one in sites],
        "displaced": told.displaced,
        "stranded": told.stranded,
        **{total: told.people[total] for total, _ in SUMS},
        "changed": [
            {"area_id": r.area_id, "name": r.name, **{change: r.people[change] for change in CHANGES}}
            for r in told.changed
        ],
        "takers": [vars(taker) for taker in told.takers],
        "stated": told.stated,
        "assumed": told.assumed,
        "least": told.least,
    }


def _record(finished: "FinishedRun") -> dict[str, Any]:
    snapshot = finished.snapshot
    about = {"snapshot": snapshot.pk, "snapshot_name": snapshot.name, "snapshot_date": snapshot.day}
    return {**vars(finished), **about, "synthetic": snapshot.synthetic}


def _explained(explanation: "Explanation") -> dict[str, Any]:
    return {**vars(explanation), "steps": [_step(step) for step in explanation.steps]}


def _step(step: "Step") -> dict[str, Any]:
    below = [_step(inner) for inner in step.rests_on]
    return {**vars(step), "rule": step.rule.rule if step.rule else None, "rests_on": below}
