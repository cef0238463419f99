"""Rules of exceptions from a ceiling: growth, islands, extraordinary situations; and of planning below it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from fordel.allocation.rules import NoParams
from fordel.law import LawError, rule
from fordel.law.bounds import above_nought
from fordel.law.rounding import MODES

REGION_H = "Region Hovedstaden, NÆRSAM, 23 Sep 2025"


@dataclass(frozen=True)
class GrowthParams:
    """When growth goes beyond the model's."""

    growth_exception_above: float


@dataclass(frozen=True)
class GrowthCapacityParams:
    """What growth beyond the model's is worth."""

    weighted_citizens_per_capacity: int
    growth_exception_rounding: str


@dataclass(frozen=True)
class IslandParams:
    """The exception for islands."""

    island_exception: bool


@dataclass(frozen=True)
class ExtraordinaryParams:
    """The exception for extraordinary situations."""

    extraordinary_measures: bool


@dataclass(frozen=True)
class PlanningParams:
    """The level at which a large municipality is planned."""

    planning_level_copenhagen: str


@dataclass(frozen=True)
class ReleaseParams:
    """Whether a release can be undone."""

    release_is_final: bool


@rule(source=f"{REGION_H}; the threshold is an assumption", unit="yes or no", since="2025-07-01", implements=("R15",))
def growth_beyond_model(p: GrowthParams, newest: pl.Expr, model: pl.Expr) -> pl.Expr:
    """Whether more people live in an area than the model has built in (befolkningstilvækst).

    The newest forecast exceeds the model's by more than the share in force; exactly the share is not enough.
    """
    return newest - model > model * p.growth_exception_above


@rule(
    source=f"{REGION_H}; the conversion is inferred from the norm, the rounding an assumption",
    unit="capacities",
    since="2025-07-01",
    implements=("R15",),
)
def growth_capacities(p: GrowthCapacityParams, beyond: pl.Expr, people_more: pl.Expr, mean_weight: pl.Expr) -> pl.Expr:
    """Capacities that growth beyond the model's would justify (befolkningstilvækst).

    The people beyond the model's forecast, weighed as those who live there, divided by the norm, as whole capacities;
    none where growth is not beyond the model's. Nobody gets them without a decision.
    """
    norm = above_nought("weighted_citizens_per_capacity", p.weighted_citizens_per_capacity)
    rounding: dict[str, Callable[[pl.Expr], pl.Expr]] = {
        "down": pl.Expr.floor,
        "up": pl.Expr.ceil,
        "half_up": _half_up,
        "half_even": _half_even,
    }
    if p.growth_exception_rounding not in rounding:
        raise LawError(f"No rounding is called {p.growth_exception_rounding!r}; use one of {', '.join(MODES)}.")
    capacities = rounding[p.growth_exception_rounding](people_more * mean_weight / norm)
    return pl.when(beyond).then(capacities).otherwise(pl.when(beyond.is_not_null()).then(0.0))


def _half_up(number: pl.Expr) -> pl.Expr:
    return (number + 0.5).floor()


def _half_even(number: pl.Expr) -> pl.Expr:
    return number.round(mode="half_to_even")


@rule(
    source=f"{REGION_H}: in a period until 1 January 2027",
    unit="yes or no",
    since="2025-07-01",
    until="2027-01-01",
    implements=("R16",),
)
def island_exception_allowed(p: IslandParams, off_fixed_land: pl.Expr) -> pl.Expr:
    """Whether an area may be given a capacity above its ceiling as an island (ikke-brofast ø).

    People live there on land that no fixed link joins to the rest; until the exception ends.
    """
    return off_fixed_land & pl.lit(p.island_exception)


@rule(
    source="Danske Regioner, høringssvar on the draft order, June 2025",
    unit="yes or no",
    since="2025-07-01",
    implements=("R17",),
)
def extraordinary_allowed(p: ExtraordinaryParams, temporary: pl.Expr) -> pl.Expr:
    """Whether a measure above the ceiling may stand (ekstraordinær situation).

    Only while it is temporary: the decision must say when it ends. What is extraordinary is for people to judge.
    """
    return temporary & pl.lit(p.extraordinary_measures)


@rule(source=REGION_H, unit="level", since="2025-07-01", implements=("R19",))
def planning_level(p: PlanningParams) -> str:
    """Level at which København is planned (planlægningsniveau): municipality, or its districts.

    The national ceiling knows the municipality alone; a split over districts is the region's guide to itself.
    """
    if p.planning_level_copenhagen not in ("municipality", "district"):
        raise LawError(f"planning_level_copenhagen is {p.planning_level_copenhagen!r}; use municipality or district.")
    return p.planning_level_copenhagen


@rule(
    source=f"{REGION_H}; the key of the split is inferred",
    unit="weighted citizens",
    since="2025-07-01",
    implements=("R19",),
)
def weighted_in_district(_: NoParams, of_whole: pl.Expr, weighted: pl.Expr, people: pl.Expr) -> pl.Expr:
    """Weighted citizens of a district (bydel).

    The municipality's weighted citizens, split by the districts' own where all are known, else by people.

    Shapes: one row per district of one municipality; ``of_whole`` is the same in each.
    """
    key = pl.when(weighted.is_null().any()).then(people.cast(pl.Float64)).otherwise(weighted)
    return of_whole * key / key.sum()


@rule(
    source="Region Sjælland, planlægningsgrundlag 2026, section 2.1 B",
    unit="capacities",
    since="2025-07-01",
    implements=("R20",),
)
def left_after_release(p: ReleaseParams, may_be_released: pl.Expr, released_now: pl.Expr) -> pl.Expr:
    """Capacities an area may still release once some are placed (til udmøntning).

    What may be released less what is placed now, at least none; a placed capacity is not taken out again to be placed
    elsewhere, so it stays counted. Where release is not final nothing is used up.
    """
    return (may_be_released - released_now).clip(lower_bound=0) if p.release_is_final else may_be_released
