"""Rules of settling: from the indicative minimum to the one that holds, by habit, limit and decision."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from fordel.law import rule
from fordel.minimum.rules import REGSJ, RoundingParams, patients_rounded, unblurred

NOT_FOUND = "Assumption: neither a deadband nor a limit on the yearly change was found in a source"


@dataclass(frozen=True)
class SettlingParams:
    """What keeps a minimum still from one year to the next, and whether more patients than the norm are voluntary."""

    minimum_deadband: int
    minimum_yearly_change: int
    higher_minimum_voluntary: bool
    weighted_citizens_per_capacity: int


@rule(source=NOT_FOUND, unit="patients / capacity", since="2025-07-01", implements=("V3",))
def settled_minimum(p: SettlingParams, indicative: pl.Expr, earlier: pl.Expr) -> pl.Expr:
    """Minimum per capacity before the region decides (beregnet minimumspatienttal).

    The indicative minimum; the earlier one where the two lie no further apart than the deadband; never further from
    the earlier one than the largest change in a year; and never above the norm where a higher minimum is voluntary.

    Without an earlier minimum the indicative one; without an indicative one, since the list is empty, the earlier.
    """
    indicative, earlier = indicative.cast(pl.Int64), earlier.cast(pl.Int64)
    within = (indicative - earlier).abs() <= p.minimum_deadband
    limited = indicative.clip(earlier - p.minimum_yearly_change, earlier + p.minimum_yearly_change)
    unchanged = pl.when(indicative.is_null() | within).then(earlier)
    settled = pl.when(earlier.is_null()).then(indicative).otherwise(unchanged.otherwise(limited))
    return settled.clip(upper_bound=int(p.weighted_citizens_per_capacity)) if p.higher_minimum_voluntary else settled


@rule(
    source=f"{REGSJ}; Region Hovedstaden, NÆRSAM, 23 Sep 2025",
    unit="patients / capacity",
    since="2025-07-01",
    implements=("R23",),
)
def decided_minimum(p: RoundingParams, settled: pl.Expr, decided: pl.Expr) -> pl.Expr:
    """Minimum per capacity that holds (endeligt minimumspatienttal).

    What the region has decided for the practice, with its ground; where it has decided nothing, the settled minimum.
    The indicative minimum stays what it is.
    """
    return pl.coalesce(patients_rounded(decided, p.minimum_rounding), settled)


@rule(
    source="Danmarks Statistik, documentation of Lægedækning: dispensations below 1,600 exist",
    unit="patients",
    since="2022-01-31",
    implements=("R27",),
)
def dispensed_closing_minimum(
    p: RoundingParams, closing_minimum_of_practice: pl.Expr, dispensed: pl.Expr, capacities: pl.Expr
) -> pl.Expr:
    """Patients at which a practice may close when it has a dispensation (dispensation til lukning).

    The dispensation's patients per capacity times the capacities; never more than without it.
    """
    own = patients_rounded(unblurred(dispensed * capacities), p.minimum_rounding)
    return pl.min_horizontal(closing_minimum_of_practice, own)
