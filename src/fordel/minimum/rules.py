"""Rules of list sizes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from fordel.law import rule
from fordel.law.rounding import whole

REGSJ = "Region Sjælland, Samarbejdsudvalget for almen praksis, 18 Sep 2025"


@dataclass(frozen=True)
class MinimumParams:
    """The norm, the upper closing limit and the rounding."""

    weighted_citizens_per_capacity: int
    list_maximum: int
    minimum_rounding: str


@dataclass(frozen=True)
class UniformParams:
    """The closing limit that was the same for all."""

    uniform_closing_limit: int


@dataclass(frozen=True)
class RoundingParams:
    """How a number of patients is rounded."""

    minimum_rounding: str


@dataclass(frozen=True)
class NoParams:
    """A rule of plain arithmetic: nothing in it is dated."""


# The same roundings as `fordel.law.rounding.whole`, for whole columns: all four are exact on binary fractions.
_ROUND: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "half_up": lambda value: value.round(0, mode="half_away_from_zero"),
    "half_even": lambda value: value.round(0, mode="half_to_even"),
    "down": lambda value: value.floor(),
    "up": lambda value: value.ceil(),
}


def unblurred(value: pl.Expr) -> pl.Expr:
    """Drop what lies beyond nine decimals: the blur of binary fractions, which would push exact halves to either side.

    Of the odd numbers n from 1,201 to 5,399, one in thirteen gives ``1600 / (3200 / n)`` beside the true ``n / 2``.
    """
    return value.round(9)


def patients_rounded(value: pl.Expr, mode: str) -> pl.Expr:
    """Round a column to whole patients, as ``fordel.law.rounding.whole`` rounds one number; empty stays empty.

    Raises:
        LawError: no such rounding.
    """
    whole(0, mode)  # refuses a rounding that does not exist
    return _ROUND[mode](value.cast(pl.Float64)).cast(pl.Int64)


@rule(
    source="BEK nr 975 af 30/06/2025; the formula is inferred from the norm and the average published for Aabenraa",
    unit="patients / capacity",
    since="2025-07-01",
    implements=("R22", "R26"),
)
def indicative_minimum(p: MinimumParams, mean_weight: pl.Expr) -> pl.Expr:
    """Indicative minimum list per capacity (vejledende minimumspatienttal).

    The norm in disease-weighted citizens divided by the mean need weight of the list, in whole patients and never
    above the upper closing limit: a practice whose patients need more must take fewer.

    Empty where the practice has no patients, since an empty list has no mean weight.
    """
    whole_patients = patients_rounded(unblurred(p.weighted_citizens_per_capacity / mean_weight), p.minimum_rounding)
    return whole_patients.clip(upper_bound=int(p.list_maximum))


@rule(source="Sundhedsloven § 206 b, stk. 3", unit="patients", since="2025-07-01", implements=("R03",))
def practice_minimum(p: RoundingParams, minimum_per_capacity: pl.Expr, capacities: pl.Expr) -> pl.Expr:
    """Minimum list of a whole practice (minimumspatienttal).

    The minimum per capacity times the capacities the practice holds, in whole patients.
    """
    return patients_rounded(unblurred(minimum_per_capacity * capacities), p.minimum_rounding)


@rule(
    source="Danmarks Statistik, Lægedækning 2023",
    unit="patients",
    since="2022-01-31",
    until="2026-02-01",
    implements=("R33",),
)
def uniform_closing_minimum(p: UniformParams, _minimum_of_practice: pl.Expr, capacities: pl.Expr) -> pl.Expr:
    """Patients at which a practice may close (lukkegrænse), one limit for all.

    The uniform limit times the capacities, whatever the practice's own minimum will be.
    """
    return (p.uniform_closing_limit * capacities).cast(pl.Int64)


@rule(source=REGSJ, unit="patients", since="2026-02-01", implements=("R21",), replaces=uniform_closing_minimum)
def closing_minimum(_: NoParams, minimum_of_practice: pl.Expr, _capacities: pl.Expr) -> pl.Expr:
    """Patients at which a practice may close (lukkegrænse), each practice its own.

    The practice's own minimum has taken the place of the uniform limit.
    """
    return minimum_of_practice


@rule(source="Sundhedsloven § 206 b, stk. 3", unit="yes or no", since="2022-01-31", implements=("R27",))
def may_close(_: NoParams, patients: pl.Expr, closing_minimum_of_practice: pl.Expr) -> pl.Expr:
    """Whether a practice has the right to close for intake (lukket for tilgang).

    It has at least as many patients as its closing minimum; below it must stay open.
    """
    return patients >= closing_minimum_of_practice


@rule(source="Sundhedsloven § 206 b, stk. 3", unit="patients", since="2022-01-31", implements=("R27",))
def patients_missing(_: NoParams, patients: pl.Expr, closing_minimum_of_practice: pl.Expr) -> pl.Expr:
    """Patients a practice must still take before it may close (lukkegrænse).

    The closing minimum less the patients on the list; none when it may close.
    """
    return (closing_minimum_of_practice - patients).clip(lower_bound=0)
