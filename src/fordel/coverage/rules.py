"""Rules of coverage."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from fordel.law import rule

TOO_FEW = "too_few_open_choices"  # the one ground that lies in the place and not in the citizen


@dataclass(frozen=True)
class NoParams:
    """A rule of plain arithmetic: nothing in it is dated."""


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
class ReserveParams:
    """How far an open practice goes that has stated no maximum. Unit: share of the closing minimum."""

    open_list_reserve: float


@dataclass(frozen=True)
class RightsParams:
    """Which practices a citizen may choose."""

    open_choices_required: int
    closed_list_exceptions: list[str]
    consent_opens_closed_list: bool
    consent_beyond_radius: bool


@dataclass(frozen=True)
class VisitParams:
    """When the right to home visits is kept. Unit: kilometres; open practices."""

    home_visit_radius: float
    open_choices_required: int


@dataclass(frozen=True)
class CrossingParams:
    """How distance is measured."""

    distance_measure: str
    straight_line_crosses_water: bool


@rule(
    source="Region Sjælland, planlægningsgrundlag 2026: the practice's stated maximum",
    unit="share of the stated maximum",
    since="2022-01-31",
    implements=("C13",),
)
def list_utilisation(_: NoParams, patients: pl.Expr, stated_maximum: pl.Expr) -> pl.Expr:
    """How full a list is (listeudnyttelse).

    Patients on the list as a share of the most patients that the practice has said it will have; above 1 where the list
    is longer than that. Empty where no maximum is stated, or it is 0.
    """
    return pl.when(stated_maximum > 0).then(patients / stated_maximum)


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


@rule(
    source="Region Sjælland, planlægningsgrundlag 2026: the practice's stated maximum; the reserve is an assumption",
    unit="patients",
    since="2022-01-31",
    implements=("C13",),
)
def places_left(
    p: ReserveParams, is_open: pl.Expr, patients: pl.Expr, closing_minimum: pl.Expr, stated_maximum: pl.Expr
) -> pl.Expr:
    """Patients a practice may still take (ledige pladser).

    Up to the maximum it has stated, or, where it has stated none, its closing minimum and a reserve; none when it is
    closed for intake.
    """
    limit = pl.coalesce(stated_maximum, (closing_minimum * (1 + p.open_list_reserve)).floor(), 0)
    return pl.when(is_open).then((limit - patients).clip(lower_bound=0)).otherwise(0).cast(pl.Int64)


@rule(
    source="Bekendtgørelse om valg og skift af alment praktiserende læge via vejle.dk; Styrelsen for Patientklager",
    unit="ground",
    since="2022-08-10",
    implements=("C02", "C03", "C04", "C05", "C06"),
)
def ground_for_choice(
    p: RightsParams, is_open: pl.Expr, within: pl.Expr, open_choices: pl.Expr, own_ground: pl.Expr
) -> pl.Expr:
    """Ground on which a citizen may choose a practice (lægevalg).

    An open practice may always be chosen; a closed one on a ground of the citizen's own, within the radius also if too
    few open ones lie there, and beyond it with the doctor's consent. Gives ``open``, a ground of
    ``closed_list_exceptions``, ``consent`` or ``none``; the citizen's own ground goes before the lack of choices.
    """
    own = own_ground.is_in([ground for ground in p.closed_list_exceptions if ground != TOO_FEW])
    too_few = within & (open_choices < p.open_choices_required) & (TOO_FEW in p.closed_list_exceptions)
    consent = pl.when(within).then(p.consent_opens_closed_list).otherwise(p.consent_beyond_radius)
    closed = pl.when(too_few).then(pl.lit(TOO_FEW)).when(consent).then(pl.lit("consent")).otherwise(pl.lit("none"))
    return pl.when(is_open).then(pl.lit("open")).when(own).then(own_ground).otherwise(closed)


@rule(
    source="Region Sjælland, praksisplan for almen praksis 2014-2017",
    unit="yes or no",
    since="2022-01-31",
    implements=("C10",),
)
def keeps_home_visits(p: VisitParams, kilometres: pl.Expr, open_choices: pl.Expr) -> pl.Expr:
    """Whether a citizen who chooses the practice keeps the right to home visits (sygebesøg).

    Yes within the distance; beyond it only who could not choose between enough open practices when choosing.
    """
    return (kilometres <= p.home_visit_radius) | (open_choices < p.open_choices_required)
