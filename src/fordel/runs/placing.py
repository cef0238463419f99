"""Where the capacities of a region should lie: joins a survey of coverage, the headroom of a plan, and placement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.sparse import csr_array, diags_array

from fordel.coverage.matrix import locate
from fordel.engines.in_order import Answer, Tell, best_in_order, best_weighed
from fordel.engines.straight_line import fastest
from fordel.placement.classes import collapse
from fordel.placement.errors import Clash, PlacementError
from fordel.placement.goals import Goal
from fordel.placement.problem import Problem
from fordel.runs._placing_goals import Steps, goals_of, steps
from fordel.runs._placing_sites import candidates, closure_risks

if TYPE_CHECKING:
    from fordel.coverage.matrix import Indices
    from fordel.coverage.survey import Survey
    from fordel.law import Law
    from fordel.placement.model import Floats


@dataclass(frozen=True)
class Wishes:
    """What is asked for besides the law.

    Attributes:
        capacities: how many are offered.
        sites: at most this many places; None where only capacities limit them.
        force_in, force_out: sites by id.
        given: a table of sites besides the cells.
        extend: whether practices that are there may get more capacities.
        risk: a table of how probably practices close.
        goals: in order, no others; the law's where empty.
        held_back: municipalities whose headroom is not released.
    """

    capacities: int
    sites: int | None = None
    force_in: tuple[str, ...] = ()
    force_out: tuple[str, ...] = ()
    given: Path | None = None
    extend: bool = False
    risk: Path | None = None
    goals: tuple[str, ...] = ()
    held_back: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Question:
    """A placement problem of true places.

    Attributes:
        problem: see ``Problem``; a class is some people that no plan can tell apart, once per choice that may be new.
        goals: every goal by name.
        order: those that are asked for, first things first.
        sites: by candidate number; see ``candidates``.
        municipalities: ``area_id, name, headroom, need, capacities_released`` by area number.
        places: ``(touched,)`` numbers of the survey's places that reach some candidate.
        cells: touched x candidates, 1 where a site there would be a new choice within the radius.
        risk: ``(practices,)`` probability of closing.
    """

    problem: Problem
    goals: dict[str, Goal]
    order: tuple[str, ...]
    sites: pl.DataFrame
    municipalities: pl.DataFrame
    places: Indices
    cells: csr_array
    risk: Floats


def called(sites: pl.DataFrame) -> pl.Series:
    """Say what each candidate is called: town and id."""
    town = pl.when(pl.col("name") == "").then(pl.lit("")).otherwise(pl.col("name") + pl.lit(" "))
    return sites.select(called=pl.concat_str(town, pl.lit("("), "site", pl.lit(")")))["called"]


def ask(law: Law, found: Survey, areas: pl.DataFrame, region: str, wishes: Wishes) -> Question:
    """State where capacities may lie, within the headroom of each municipality, and what for.

    Args:
        law: the law on the day.
        found: the survey of the whole country; people across the region's border count too.
        areas: of the plan: ``level, area_id, name, region, people, need, headroom, binding, capacities_released``.
        region: area id.
        wishes: what else is asked for.

    Raises:
        PlacementError: no such region or site, municipalities are not what binds in it, or a goal is not known.
        BadInput: a table cannot be read.
    """
    own = _municipalities(areas, region)
    number = {area: at for at, area in enumerate(own["area_id"])}
    sites = candidates(law, found, list(number), given=wishes.given, extend=wishes.extend)
    here, there = locate(found.places, sites)
    cover = fastest(len(here)).cover(here, there, found.places["radius"].to_numpy())
    _refuse_held_back(wishes, sites, own)
    places = np.flatnonzero(np.diff(cover.start)).astype(np.int64)
    cells = csr_array(cover.weighted(np.ones(cover.pairs))[places])
    classes = collapse(cells, found.places["people"].to_numpy()[places], np.zeros(len(places), np.int64))
    required, risk = int(law.value("open_choices_required")), closure_risks(law, found.practices, wishes.risk)
    rows = steps(found, places, classes.of, len(classes.people), required, risk)
    problem = _problem(law, wishes, own, number, sites, classes.reach, rows, required)
    goals = goals_of(law, found, areas, sites, classes, places, rows, wishes.capacities)
    if strange := [name for name in wishes.goals if name not in goals]:
        raise PlacementError(f"No goal is called {strange[0]!r}.\n  Expected: some of {', '.join(goals)}.")
    told = own.select("area_id", "name", "headroom", "need", "capacities_released")
    return Question(problem, goals, wishes.goals or tuple(goals), sites, told, places, _new(cells, sites), risk)


def _problem(
    law: Law, wishes: Wishes, own: pl.DataFrame, number: dict[str, int], sites: pl.DataFrame, reach: csr_array,
    rows: Steps, required: int,
) -> Problem:  # fmt: skip
    headroom = np.floor(own["headroom"].to_numpy()).astype(np.int64)
    headroom[[at for area, at in number.items() if area in wishes.held_back]] = 0
    usual, most = int(law.value("capacities_per_clinic_min")), int(law.value("site_capacities_max"))
    alone = (sites["base"] < law.value("patient_base_min")) | sites["kind"].is_in(["practice", "open_practice"])
    least = np.where(alone.to_numpy(), 1, usual).astype(np.int64)
    ids = {site: at for at, site in enumerate(sites["site"])}
    return Problem(
        people=np.round(rows.weights["two_choices"]).astype(np.int64),
        choices=required - rows.nth,
        reach=csr_array(_new(reach, sites)[rows.of]),
        area=sites["municipality"].replace_strict(number, return_dtype=pl.Int64).to_numpy(),
        headroom=headroom,
        least=least,
        most=np.full(sites.height, max(most, usual), np.int64),
        total=wishes.capacities,
        placed=0 if wishes.sites is not None else _most_placed(headroom, sites, number, least, wishes.capacities),
        required=required,
        sites=wishes.sites,
        forced_in=tuple(_known(wishes.force_in, ids)),
        forced_out=tuple(_known(wishes.force_out, ids)),
        called=tuple(called(sites)),
        areas_called=tuple(own["name"]),
    )


def _new(reach: csr_array, sites: pl.DataFrame) -> csr_array:
    """Leave out what gives no new choice: practices that are open already."""
    inside = csr_array(reach @ diags_array((sites["kind"] != "open_practice").to_numpy().astype(np.float64)))
    inside.eliminate_zeros()
    return inside


def _most_placed(
    headroom: Indices, sites: pl.DataFrame, number: dict[str, int], least: Indices, capacities: int
) -> int:
    """Say how many can be placed: the headroom of municipalities where some site may get as little as that."""
    area = sites["municipality"].replace_strict(number, return_dtype=pl.Int64).to_numpy()
    smallest = np.full(len(headroom), np.iinfo(np.int64).max)
    np.minimum.at(smallest, area, least)
    return min(capacities, int(headroom[headroom >= smallest].sum()))


def _refuse_held_back(wishes: Wishes, sites: pl.DataFrame, own: pl.DataFrame) -> None:
    """Refuse a site that must be where nothing is released: two wishes clash, whatever the headroom."""
    held = sites.filter(pl.col("site").is_in(wishes.force_in), pl.col("municipality").is_in(wishes.held_back))
    if not held.height:
        return
    area = own.row(by_predicate=pl.col("area_id") == held["municipality"][0], named=True)["name"]
    name = called(held.head(1))[0]
    says = f"Site {name} is forced in, but {area} is released nothing.\n  Try: take back one of the two."
    raise PlacementError(Clash("held_back", says, (name,), area))


def _known(wanted: Iterable[str], ids: dict[str, int]) -> Iterable[int]:
    for site in wanted:
        if site not in ids:
            some = ", ".join(list(ids)[:3])
            raise PlacementError(f"No candidate is called {site!r}.\n  Expected: the id of a site, such as {some}.")
        yield ids[site]


def _municipalities(areas: pl.DataFrame, region: str) -> pl.DataFrame:
    """Give the municipalities of a region by id; refuse a region where their ceilings do not bind."""
    own = areas.filter(pl.col("level") == "municipality", pl.col("region") == region).sort("area_id")
    if not own.height:
        known = ", ".join(areas.filter(pl.col("level") == "region")["area_id"])
        raise PlacementError(f"No municipality lies in a region {region!r}.\n  Try: one of {known}")
    if not own["binding"].all():
        names = areas.filter(pl.col("area_id") == region)["name"].to_list()
        says = f"In {region} ceilings do not bind municipalities that day.\n  Try: a law date before 2027."
        raise PlacementError(Clash("not_binding", says, area=names[0] if names else region))
    return own


def answer(question: Question, seconds: float, gap: float = 0.0, tell: Tell | None = None) -> Answer:
    """Find the best plan, goal by goal.

    Raises:
        PlacementError: wishes conflict; sites and areas are named.
    """
    return best_in_order(question.problem, asked(question), seconds=seconds, gap=gap, tell=tell)


def weighed(
    question: Question, weights: dict[str, float], seconds: float, gap: float = 0.0, tell: Tell | None = None
) -> Answer:
    """Find the plan with the largest weighted sum of goals; a weight is per unit of its goal.

    Raises:
        PlacementError: wishes conflict, or a goal is not known.
    """
    if strange := [name for name in weights if name not in question.goals]:
        raise PlacementError(f"No goal is called {strange[0]!r}.\n  Expected: some of {', '.join(question.goals)}.")
    wanted = [(question.goals[name], weight) for name, weight in weights.items()]
    return best_weighed(question.problem, wanted, seconds=seconds, gap=gap, tell=tell)


def asked(question: Question) -> list[Goal]:
    """Give the goals that are asked for, in order."""
    return [question.goals[name] for name in question.order]


def others(question: Question, first: Answer, count: int, seconds: float, tell: Tell | None = None) -> Sequence[Answer]:
    """Find the next best plans, each without at least one place of every plan before it (alternativer)."""
    found, problem = [first], question.problem
    for _ in range(count - 1):
        seen = tuple(tuple(int(site) for site in plan.plan.chosen) for plan in found)
        problem = replace(problem, not_again=seen)
        try:
            found.append(best_in_order(problem, asked(question), seconds=seconds, tell=tell))
        except PlacementError:
            break  # no other plan is left
    return found
