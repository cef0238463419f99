"""Rules of coverage."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from fordel.law import rule


@dataclass(frozen=True)
class RadiusParams:
    """How far a choice may lie, and where it is shorter. Unit: kilometres."""

    choice_radius: float
    choice_radius_capital: float
    capital_municipalities: list[str]


@dataclass(frozen=True)
class ChoiceParams:
    """How many open practices make a choice."""

    open_choices_required: int


@dataclass(frozen=True)
class CrossingParams:
    """How distance is measured."""

    distance_measure: str
    straight_line_crosses_water: bool


@rule(
    source="Bekendtgørelse om valg og skift af alment praktiserende læge § 2, via Danske Regioners høringssvar",
    unit="metres",
    since="2022-01-31",
    implements=("C01", "C02"),
)
def choice_radius(p: RadiusParams, municipality: pl.Expr) -> pl.Expr:
    """Distance within which a citizen may choose freely (lægevalg).

    15 km from home, 5 km in the capital municipalities; the citizen's municipality decides.
    """
    short = municipality.is_in(p.capital_municipalities)
    return pl.when(short).then(p.choice_radius_capital).otherwise(p.choice_radius).cast(pl.Float64) * 1000


@rule(
    source="Inferred: a straight line must not cross water to an island without a fixed link",
    unit="land",
    since="2022-01-31",
    implements=("C12", "C14"),
)
def reachable(p: CrossingParams, landmass: pl.Expr) -> pl.Expr:
    """Land a straight line may join (ikke-brofast ø).

    People choose among practices on the land they can reach without a ferry, unless the parameter lets a straight
    line cross water.
    """
    return pl.lit("everywhere") if p.straight_line_crosses_water else landmass


@rule(source="Region Sjælland, planlægningsgrundlag 2026", unit="yes or no", since="2022-01-31", implements=("C01",))
def choice_met(p: ChoiceParams, open_choices: pl.Expr) -> pl.Expr:
    """Whether people can choose between enough open practices (lægedækning).

    At least the required number of open practices lie within the radius.
    """
    return open_choices >= p.open_choices_required
