"""Rules of natural leaving (naturlig afgang): how long a list takes to fall, and how much it sways by itself."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import polars as pl

from fordel.law import LawError, rule

SWAY = "Sampling variance of a mean when a share of the list is replaced; the two parameters are assumptions"


@dataclass(frozen=True)
class LeavingParams:
    """How fast patients leave by themselves, and whether they may be moved."""

    list_turnover: float
    forced_moves: bool


@dataclass(frozen=True)
class SwayParams:
    """How fast a list is replaced, and how much its patients differ."""

    list_turnover: float
    weight_spread: float


def _share(name: str, value: float) -> float:
    """Give the value back.

    Raises:
        LawError: it is no share between 0 and 1, both left out.
    """
    if not 0 < value < 1:
        raise LawError(f"{name} is {value}; the rule needs a share above 0 and below 1.")
    return value


@rule(
    source="Region Hovedstaden, NÆRSAM, 23 Sep 2025: nobody is asked to change doctor; Danske Regioner, June 2025",
    unit="years",
    since="2025-07-01",
    implements=("R28", "V2"),
)
def years_to_minimum(p: LeavingParams, patients: pl.Expr, closing_minimum_of_practice: pl.Expr) -> pl.Expr:
    """Years until a list has fallen to its closing minimum (naturlig afgang).

    A practice that closes for intake loses each year the same share of those still on its list, and nobody is moved:
    the years until no more are left than the closing minimum; none where the list is there already.

    Hundredths of a year. Empty where the closing minimum is not known, or 0, which natural leaving never reaches. None
    where patients may be moved.
    """
    kept = log(1 - _share("list_turnover", p.list_turnover))
    above = patients > closing_minimum_of_practice
    years = ((closing_minimum_of_practice / patients).log() / kept).round(2)
    known = pl.when(closing_minimum_of_practice.is_null() | (above & (closing_minimum_of_practice <= 0))).then(None)
    return known.when(~above | pl.lit(p.forced_moves)).then(0.0).otherwise(years)


@rule(source=SWAY, unit="patients / capacity", since="2022-01-31")
def minimum_sway(p: SwayParams, minimum_per_capacity: pl.Expr, patients: pl.Expr) -> pl.Expr:
    """How far the minimum moves in a year by turnover of the list alone (usikkerhed fra listeomsætning).

    One standard deviation: the minimum times the spread of need weights within a list, times the square root of twice
    the share replaced divided by the patients.

    Empty for an empty list.
    """
    replaced = 2 * _share("list_turnover", p.list_turnover)
    one = minimum_per_capacity * p.weight_spread * (replaced / patients).sqrt()
    return pl.when(patients > 0).then(one)
