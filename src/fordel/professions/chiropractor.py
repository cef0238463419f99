"""Chiropractors (kiropraktik): a need model and a table of their own; ceilings and comparison as for doctors."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from fordel import allocation
from fordel.law import Law, LawError, rule

CRITERIA = ("treated", "insured", "back_disease")
SOURCE = "Region Hovedstaden, NÆRSAM, 23 Sep 2025; the form of the formula is inferred from 'equal weighting'"


@dataclass(frozen=True)
class CriteriaParams:
    """What counts, and how much."""

    chiropractor_criteria: dict[str, float]


@rule(source=SOURCE, unit="capacities", since="2025-07-01")
def ideal_capacities(
    p: CriteriaParams, total: float, treated: pl.Expr, insured: pl.Expr, back_disease: pl.Expr
) -> pl.Expr:
    """Ideal number of chiropractors of an area (idealfordeling).

    The total times the mean of the area's shares of the patients treated, of the insured citizens and of the citizens
    with a disease of the back, each share with the weight in force; not rounded.

    Shapes: one row per area; every criterion has somebody in some area.
    """
    criteria = dict(zip(CRITERIA, (treated, insured, back_disease), strict=True))
    weights = {name: p.chiropractor_criteria.get(name, 0) for name in CRITERIA}
    shares = [weights[name] * people / people.sum() for name, people in criteria.items() if weights[name]]
    return total * pl.sum_horizontal(shares) / sum(weights.values())


def ideal_and_actual(law: Law, areas: pl.DataFrame, total: int | None = None) -> pl.DataFrame:
    """Set the ideal distribution beside the actual one (ideal- og faktisk fordeling).

    Args:
        law: the law on the day, for the authority whose plan it is.
        areas: a table ``ChiropractorAreas``.
        total: capacities in all; by default those there are.

    Returns:
        One row per area in the order of ids: the criteria, ``capacities``, ``ideal`` (not rounded), ``whole_ideal``
        (whole capacities with the same total, by the method of the law; empty where the total is no whole number),
        ``capacities_missing`` and ``surplus`` against the unrounded ideal.

    Raises:
        LawError: a criterion with nobody in any area, no area, or a negative total.
    """
    areas = areas.sort("area_id")
    _refuse_what_has_no_shares(law, areas, total)
    in_all = float(areas["capacities"].sum()) if total is None else float(total)
    ideal = law.apply(ideal_capacities, in_all, *(pl.col(name) for name in CRITERIA))
    framed = areas.with_columns(ideal=ideal)
    whole: list[int] | None = None
    if in_all.is_integer():
        whole = law.apply(allocation.ceilings, framed["ideal"].to_list(), int(in_all))
    return framed.with_columns(
        pl.Series("whole_ideal", whole, dtype=pl.Int64)
        if whole is not None
        else pl.lit(None, pl.Int64).alias("whole_ideal"),
        capacities_missing=law.apply(allocation.headroom, pl.col("ideal"), pl.col("capacities")),
        surplus=law.apply(allocation.surplus, pl.col("ideal"), pl.col("capacities")),
    )


def _refuse_what_has_no_shares(law: Law, areas: pl.DataFrame, total: int | None) -> None:
    if areas.is_empty():
        raise LawError("The table of areas for chiropractors has no rows.")
    if total is not None and total < 0:
        raise LawError(f"The total is {total}; give the capacities there are to be, 0 or more.")
    weights: dict[str, float] = law.value("chiropractor_criteria")
    strange = sorted(set(weights) - set(CRITERIA))
    if strange or not any(weights.values()) or any(weight < 0 for weight in weights.values()):
        raise LawError(
            f"chiropractor_criteria is {weights}; give {', '.join(CRITERIA)} weights of 0 or more, not all 0."
        )
    empty = [name for name in CRITERIA if weights.get(name) and not areas[name].sum()]
    if empty:
        raise LawError(
            f"No area has anybody in {', '.join(empty)}, so there are no shares of it.\n  Look in: the table"
        )
