"""Where the capacities of a region should lie: joins a survey of coverage, the headroom of a plan, and placement."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from fordel.coverage.matrix import locate
from fordel.engines.milp import solve
from fordel.engines.straight_line import fastest
from fordel.placement.classes import collapse
from fordel.placement.errors import PlacementError
from fordel.placement.explain import sites_frame
from fordel.placement.problem import Placement, Problem

if TYPE_CHECKING:
    from fordel.coverage.survey import Survey
    from fordel.engines.milp import Progress
    from fordel.law import Law


@dataclass(frozen=True, eq=False)
class Question:
    """A placement problem of true places.

    Attributes:
        problem: see ``Problem``; classes are places that no plan can tell apart.
        candidates: ``cell_id, municipality, easting, northing, people`` by candidate number.
        municipalities: ``area_id, name, headroom`` by area number.
    """

    problem: Problem
    candidates: pl.DataFrame
    municipalities: pl.DataFrame


def ask(law: Law, found: Survey, areas: pl.DataFrame, region: str, capacities: int) -> Question:
    """State where capacities may lie: populated cells of a region, within the headroom of each municipality.

    Args:
        law: the law on the day.
        found: the survey of the whole country; people across the region's border count too.
        areas: of the plan: ``level, area_id, name, region, headroom, binding``.
        region: area id.
        capacities: how many are offered.

    Raises:
        PlacementError: no such region, or municipalities are not what binds in it.
    """
    own = _municipalities(areas, region)
    number = {area: at for at, area in enumerate(own["area_id"])}
    least_people = law.value("candidate_people_min")
    cells = found.places.filter(pl.col("municipality").is_in(list(number)), pl.col("people") >= least_people)
    here, there = locate(found.places, cells)
    cover = fastest(len(here)).cover(here, there, found.places["radius"].to_numpy())
    people, choices = (found.choices[name].cast(pl.Int64).to_numpy() for name in ("people", "open_choices"))
    touched = np.flatnonzero(np.diff(cover.start))
    classes = collapse(cover.weighted(np.ones(cover.pairs))[touched], people[touched], np.minimum(choices[touched], 2))
    area = cells["municipality"].replace_strict(number, return_dtype=pl.Int64).to_numpy()
    headroom = np.floor(own["headroom"].to_numpy()).astype(np.int64)
    least, most = int(law.value("capacities_per_clinic_min")), int(law.value("site_capacities_max"))
    problem = Problem(
        people=classes.people,
        choices=classes.choices,
        reach=classes.reach,
        area=area,
        headroom=headroom,
        least=np.full(len(area), least),
        most=np.full(len(area), most),
        total=capacities,
        placed=min(capacities, int(headroom[headroom >= least].sum())),
        required=int(law.value("open_choices_required")),
    )
    return Question(problem, cells, own.select("area_id", "name", "headroom"))


def _municipalities(areas: pl.DataFrame, region: str) -> pl.DataFrame:
    """Give the municipalities of a region by id; refuse a region where their ceilings do not bind."""
    own = areas.filter(pl.col("level") == "municipality", pl.col("region") == region).sort("area_id")
    if not own.height:
        known = ", ".join(areas.filter(pl.col("level") == "region")["area_id"])
        raise PlacementError(f"No municipality lies in a region {region!r}.\n  Try: one of {known}")
    if not own["binding"].all():
        raise PlacementError(
            f"In {region} ceilings do not bind municipalities that day.\n  Try: a law date before 2027."
        )
    return own


def answer(
    question: Question, seconds: float, gap: float, progress: Progress | None = None
) -> tuple[Placement, pl.DataFrame]:
    """Find the best plan, and explain each of its sites.

    Returns:
        the plan, and ``sites_frame`` with ``cell_id, municipality, name, easting, northing`` in front, most people
        first.

    Raises:
        PlacementError: wishes conflict.
    """
    plan = solve(question.problem, seconds=seconds, gap=gap, progress=progress)
    where = question.candidates.select("cell_id", "municipality", "easting", "northing").with_row_index("candidate")
    names = question.municipalities.select("name", municipality="area_id")
    where = where.with_columns(pl.col("candidate").cast(pl.Int64)).join(names, on="municipality", maintain_order="left")
    sites = where.join(sites_frame(question.problem, plan), on="candidate")
    other = where.select(next_best="candidate", next_best_cell="cell_id")
    sites = sites.join(other, on="next_best", how="left", maintain_order="left").drop("candidate", "next_best")
    return plan, sites.sort("people_second", "cell_id", descending=[True, False])


def wanted(question: Question, sites: int | None) -> Question:
    """Ask the same with a limit on sites; capacities then need not all be placed."""
    return question if sites is None else replace(question, problem=replace(question.problem, sites=sites, placed=0))
