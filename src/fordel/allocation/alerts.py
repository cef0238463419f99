"""Alerts: an area that is short of capacities while the ceiling that binds above it leaves no room, or not enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from fordel.allocation.exception_rules import island_exception_allowed
from fordel.law import NotInForce

if TYPE_CHECKING:
    from fordel.law import Law
    from fordel.tables import Tables

ALERT_COLUMNS = (
    *("alert", "level", "area_id", "name", "capacities_missing"),
    *("whole_level", "whole_id", "whole_name", "whole_headroom", "whole_surplus", "missing_in_whole", "island"),
)


def alerts(law: Law, tables: Tables, areas: pl.DataFrame) -> pl.DataFrame:
    """List areas short within a binding area that cannot help them, the worst first (lokal mangel).

    A binding area may release its headroom anywhere inside it, so a municipality in it is not short by law. It is short
    by need: its guiding ceiling exceeds what it has. Two things deserve a look:

    - ``short_without_room``: the binding area has no headroom at all;
    - ``short_beyond_room``: it has some, but its municipalities lack more than that together.

    Args:
        law: the law on the day.
        tables: the snapshot, for where people live.
        areas: the areas of the plan, with ``headroom`` and ``surplus``.

    Returns:
        Columns ``ALERT_COLUMNS``; ``island`` tells where the exception for islands could be used on the day.
    """
    binding = areas.filter("binding").select(
        *(pl.col(name).alias(f"whole_{name}") for name in ("name", "headroom", "surplus")),
        whole_level="level",
        whole_id="area_id",
    )
    inside = areas.filter((pl.col("level") == "municipality") & ~pl.col("binding") & (pl.col("headroom") > 0))
    whole = pl.when(pl.col("binding_level") == "region").then("region").otherwise("health_council")
    short = inside.select(
        "level", "area_id", "name", capacities_missing="headroom", whole_id=whole, whole_level="binding_level"
    ).join(binding, on=["whole_level", "whole_id"])
    short = short.with_columns(missing_in_whole=pl.col("capacities_missing").sum().over("whole_level", "whole_id"))
    kinds = (
        pl.when(pl.col("whole_headroom") == 0).then(pl.lit("short_without_room")).otherwise(pl.lit("short_beyond_room"))
    )
    short = short.filter(pl.col("missing_in_whole") > pl.col("whole_headroom"))
    return (
        short.with_columns(alert=kinds, island=_island(law, tables, short["area_id"]))
        .select(ALERT_COLUMNS)
        .sort("alert", "capacities_missing", "area_id", descending=[True, True, False])
    )


def _island(law: Law, tables: Tables, short: pl.Series) -> pl.Expr:
    """Tell whether somebody lives in the area on land without a fixed link, while the law has that exception."""
    codes = tables.demand_points.filter(pl.col("landmass") != "fixed")["municipality"].unique()
    off_fixed_land = pl.col("area_id").is_in(codes.implode())
    if not short.is_in(codes.implode()).any():
        return off_fixed_land
    try:
        return law.apply(island_exception_allowed, off_fixed_land)
    except NotInForce:
        return pl.lit(value=False)
