"""Weigh citizens: need weights joined on groups, then summed per municipality and per practice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from fordel.need.rules import need_weight

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
    of_people = tables.population.join(weights, on=GROUP, maintain_order="left")
    by_municipality = of_people.group_by("municipality", maintain_order=True).agg(
        pl.col("people").sum(), weighted_citizens=(pl.col("people") * pl.col("weight")).sum()
    )
    of_lists = tables.registrations.join(weights, on=GROUP, maintain_order="left")
    by_practice = of_lists.group_by("practice_id", maintain_order=True).agg(
        pl.col("patients").sum(), weighted_patients=(pl.col("patients") * pl.col("weight")).sum()
    )
    return by_municipality, by_practice
