"""Weigh citizens: need weights joined on groups, then summed per municipality and per practice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from fordel.need.rules import need_weight
from fordel.tables.sums import sum_exactly

if TYPE_CHECKING:
    from fordel.law import Law
    from fordel.tables import Tables

GROUP = ("sex", "age_group")


def weigh(law: Law, tables: Tables) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give weighted citizens per municipality and per practice (sygdomsvægtede borgere).

    Returns:
        by municipality: ``municipality, people, weighted_citizens``; by practice: ``practice_id, patients,
        weighted_patients``. Unit: people and disease-weighted citizens. Both sum to the nation's people when every
        citizen is on a list.
    """
    groups = tables.population.group_by(GROUP).agg(pl.col("people").sum()).join(tables.need_weights, on=GROUP)
    weights = groups.sort(GROUP).select(*GROUP, weight=law.apply(need_weight, pl.col("coefficient"), pl.col("people")))
    return (
        _weighted(tables.population, weights, "municipality", "people").rename({"weighted": "weighted_citizens"}),
        _weighted(tables.patients_by_group, weights, "practice_id", "patients").rename(
            {"weighted": "weighted_patients"}
        ),
    )


def _weighted(groups: pl.DataFrame, weights: pl.DataFrame, by: str, count: str) -> pl.DataFrame:
    """Weigh people counted by group: columns ``by``, ``count``, ``weighted``. One row per ``by`` and group."""
    counted = groups.join(weights, on=GROUP, how="left")
    counts = counted.group_by(by).agg(pl.col(count).sum())
    return counts.join(sum_exactly(counted, by, {"weighted": pl.col(count) * pl.col("weight")}), on=by).sort(by)
