"""Rules of allocation: what an area needs, may have, has, and may still be given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from fordel.allocation.apportionment import apportion
from fordel.law import LawError, rule
from fordel.law.bounds import above_nought
from fordel.law.rounding import whole

BEK = "BEK nr 975 af 30/06/2025 via Danske Regioners høringssvar"


@dataclass(frozen=True)
class NormParams:
    """The national norm."""

    weighted_citizens_per_capacity: int


@dataclass(frozen=True)
class NationalTotalParams:
    """The norm and how the nation's need becomes a whole number."""

    weighted_citizens_per_capacity: int
    national_total_rounding: str


@dataclass(frozen=True)
class ApportionmentParams:
    """How whole capacities are made to add up."""

    apportionment_method: str


@dataclass(frozen=True)
class RescalingParams:
    """Whether there is a total to keep."""

    ceilings_rescaled: bool


@dataclass(frozen=True)
class OwnRoundingParams:
    """How an area's own need becomes a whole number."""

    ceiling_rounding: str


@dataclass(frozen=True)
class BindingParams:
    """Where the ceiling binds."""

    binding_level: str


@dataclass(frozen=True)
class CountedParams:
    """What counts against a ceiling."""

    release_counts_vacant: bool


@dataclass(frozen=True)
class GrantParams:
    """When an area qualifies for grants."""

    grant_shortage_above: float


@dataclass(frozen=True)
class NoParams:
    """A rule of plain arithmetic: nothing in it is dated."""


@rule(source=BEK, unit="capacities", since="2025-07-01", implements=("R10", "R11"))
def treatment_need(p: NormParams, weighted_citizens: pl.Expr) -> pl.Expr:
    """Treatment need of an area in capacities (behandlingsbehov).

    The disease-weighted citizens who live in the area divided by the norm; not rounded.
    """
    return weighted_citizens / above_nought("weighted_citizens_per_capacity", p.weighted_citizens_per_capacity)


@rule(source="Assumption: the total of the order's annex could not be read", unit="capacities", since="2025-07-01")
def national_ceiling(p: NationalTotalParams, weighted_citizens: float) -> int:
    """Capacities the nation may have in all (kapacitetsloft).

    The nation's disease-weighted citizens divided by the norm, as a whole number; used when no total is given.
    """
    norm = above_nought("weighted_citizens_per_capacity", p.weighted_citizens_per_capacity)
    return whole(weighted_citizens / norm, p.national_total_rounding)


@rule(source="Region Sjælland, planlægningsgrundlag 2026", unit="level", since="2025-07-01", implements=("R18",))
def binding_level(p: BindingParams) -> str:
    """Level at which the ceiling binds (kapacitetsloft): region, health council or municipality.

    What may be released is settled area by area at this level; on levels below it a ceiling is only a guide.
    """
    return p.binding_level


@rule(
    source=f"{BEK}; the method of rounding is an assumption",
    unit="capacities",
    since="2025-07-01",
    implements=("R11", "R12"),
)
def ceilings(p: ApportionmentParams, need: Sequence[float], total: int) -> list[int]:
    """Ceilings of areas (kapacitetsloft), whole and summing to the total.

    The total is apportioned over the areas in proportion to their treatment need, with the method in force.

    Shapes: one need per area in, one ceiling per area out, same order. Ties: the larger need, then the first area.
    """
    try:
        return apportion(need, total, p.apportionment_method)
    except ValueError as error:
        raise LawError(str(error)) from error


@rule(
    source="Assumption: whether the order scales ceilings to a total could not be read",
    unit="yes or no",
    since="2025-07-01",
    implements=("R11",),
)
def rescaled(p: RescalingParams) -> bool:
    """Whether ceilings are made to add up to a total (kapacitetsloft).

    If so, the total is apportioned over the areas; if not, each area's need is rounded on its own.
    """
    return p.ceilings_rescaled


@rule(source=f"{BEK}; the rounding is an assumption", unit="capacities", since="2025-07-01", implements=("R11",))
def unscaled_ceilings(p: OwnRoundingParams, need: Sequence[float]) -> list[int]:
    """Ceilings of areas that no total holds together (kapacitetsloft).

    Each area's treatment need as a whole number, by the rounding in force; the total is what they come to.

    Shapes: one need per area in, one ceiling per area out, same order.
    """
    return [whole(each, p.ceiling_rounding) for each in need]


@rule(
    source="Region Hovedstaden 23 Sep 2025; that vacant ones count is inferred",
    unit="capacities",
    since="2025-07-01",
    implements=("R13",),
)
def capacities_counted(p: CountedParams, released: pl.Expr, filled: pl.Expr) -> pl.Expr:
    """Capacities that count against the ceiling (udmøntede kapaciteter).

    All that are released, the vacant ones too; only the filled ones where the parameter says so.
    """
    return released if p.release_counts_vacant else filled


@rule(source="Region Hovedstaden 23 Sep 2025", unit="capacities", since="2025-07-01", implements=("R13",))
def headroom(_: NoParams, ceiling: pl.Expr, counted: pl.Expr) -> pl.Expr:
    """Capacities an area may still be given (råderum).

    The ceiling less the capacities that count against it; none where the need is met.
    """
    return (ceiling - counted).clip(lower_bound=0)


@rule(source="Region Hovedstaden 23 Sep 2025", unit="capacities", since="2025-07-01", implements=("R14",))
def surplus(_: NoParams, ceiling: pl.Expr, counted: pl.Expr) -> pl.Expr:
    """Capacities an area has above its ceiling (overskud); nobody has a duty to take them back.

    The capacities that count less the ceiling; none where there is headroom.
    """
    return (counted - ceiling).clip(lower_bound=0)


@rule(source="Region Hovedstaden 23 Sep 2025, bilag", unit="capacities", since="2025-07-01", implements=("R13", "R18"))
def releasable(_: NoParams, headroom_of_area: pl.Expr, binding: pl.Expr) -> pl.Expr:
    """Capacities that may be released in an area (til udmøntning).

    The headroom where the ceiling binds. Another area's surplus takes nothing away from it.
    """
    return pl.when(binding).then(headroom_of_area).otherwise(0)


@rule(source="Region Sjælland, planlægningsgrundlag 2026", unit="yes or no", since="2025-07-01", implements=("R39",))
def grant_eligible(p: GrantParams, capacities_missing: pl.Expr) -> pl.Expr:
    """Whether a municipality's practices may get grants (tilskud).

    It lacked more than the limit by the model; exactly the limit is not enough.
    """
    return capacities_missing > p.grant_shortage_above
