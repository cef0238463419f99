"""Exceptions from a ceiling (undtagelser): what was decided, whether it counts on the day, and what growth justifies.

A decision never changes a ceiling or a headroom: it stands beside them, with its ground, its evidence and its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from fordel.allocation.exception_rules import (
    extraordinary_allowed,
    growth_beyond_model,
    growth_capacities,
    island_exception_allowed,
)
from fordel.law import NotInForce

if TYPE_CHECKING:
    from fordel.law import Law
    from fordel.tables import Tables

LEVELS = ("municipality", "health_council", "region", "nation")
EXCEPTION_COLUMNS = (
    *("decision_id", "kind", "level", "area_id", "name", "capacities", "standing"),
    *("ground", "evidence", "growth_capacities", "decided_on", "decided_by", "valid_from", "valid_until"),
)


def growth(law: Law, tables: Tables, areas: pl.DataFrame, municipalities: pl.DataFrame) -> pl.DataFrame:
    """Add to every area the capacities that growth beyond the model's would justify (befolkningstilvækst).

    Args:
        law: the law on the day; forecasts for its year are compared.
        tables: the snapshot, with the forecast built into the model and the newest one.
        areas: ``level, area_id, mean_weight``.
        municipalities: one row each with its area on every level.

    Returns:
        ``areas`` with ``growth_capacities``: empty where a municipality of the area lacks one of the two forecasts.
    """
    of_year = tables.forecasts.filter(pl.col("year") == law.day.year)
    if of_year.is_empty():
        return areas.with_columns(growth_capacities=pl.lit(None, pl.Float64))
    each = [
        of_year.filter(pl.col("forecast") == forecast).select("municipality", pl.col("people").alias(forecast))
        for forecast in ("model", "newest")
    ]
    known = municipalities.join(each[0], on="municipality", how="left").join(each[1], on="municipality", how="left")
    sums = [
        known.group_by(area_id=pl.col(level)).agg(
            level=pl.lit(level),
            **{
                forecast: pl.when(pl.col(forecast).is_not_null().all()).then(pl.col(forecast).sum())
                for forecast in ("model", "newest")
            },
        )
        for level in LEVELS
    ]
    newest, model = pl.col("newest"), pl.col("model")
    beyond = law.apply(growth_beyond_model, newest, model)
    capacities = law.apply(growth_capacities, beyond, newest - model, pl.col("mean_weight"))
    return (
        areas.join(pl.concat(sums, how="diagonal"), on=["level", "area_id"], how="left")
        .with_columns(growth_capacities=capacities.cast(pl.Float64))
        .drop("newest", "model")
    )


def exceptions_on(law: Law, tables: Tables, areas: pl.DataFrame) -> pl.DataFrame:
    """List every exception that was ever decided, with its standing on the day.

    Args:
        law: the law on the day.
        tables: the snapshot, with the decisions.
        areas: ``level, area_id, name, growth_capacities`` of the plan.

    Returns:
        One row per decision, columns ``EXCEPTION_COLUMNS``. ``standing`` is ``counts``, ``counts_unshown`` (a growth
        exception of more capacities than the forecasts justify, or with no forecasts at all), ``not_begun``, ``ended``,
        ``not_in_law`` (the exception is no longer, or never was, the law's) or ``no_such_area``.
    """
    exceptions = tables.decisions.filter(pl.col("kind").cast(pl.String).str.starts_with("exception_"))
    place = areas.select("level", "area_id", "name", "growth_capacities")
    listed = exceptions.join(place, on="area_id", how="left").with_columns(
        pl.col("kind").cast(pl.String).str.strip_prefix("exception_"), capacities=pl.col("value")
    )
    islands = _with_islands(tables, areas)
    listed = listed.with_columns(off_fixed_land=pl.col("area_id").is_in(islands))
    standing = _standing(law) if listed.height else pl.lit(None, pl.String)
    return listed.with_columns(standing=standing).select(EXCEPTION_COLUMNS).sort("decision_id")


def allowed_by_exception(exceptions: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """Add to every area the capacities that exceptions in force allow it and the areas in it beyond their ceilings."""
    counting = exceptions.filter(pl.col("standing").is_in(["counts", "counts_unshown"]))
    placed = counting.select("level", "area_id", "capacities").join(
        areas.select("level", "area_id", "health_council", "region"), on=["level", "area_id"]
    )
    wholes = {"health_council": pl.col("health_council"), "region": pl.col("region"), "nation": pl.lit("dk")}
    each = [placed.select("level", "area_id", "capacities")]
    each += [
        placed.filter(pl.col("level") != level).select(
            pl.lit(level).alias("level"), area.alias("area_id"), "capacities"
        )
        for level, area in wholes.items()
    ]
    sums = pl.concat(each).drop_nulls("area_id").group_by("level", "area_id").agg(pl.col("capacities").sum())
    joined = areas.join(sums.rename({"capacities": "exception_capacities"}), on=["level", "area_id"], how="left")
    return joined.with_columns(pl.col("exception_capacities").fill_null(0.0))


def _standing(law: Law) -> pl.Expr:
    ends, growth_shown = pl.col("valid_until"), pl.col("growth_capacities").fill_null(0.0)
    kind = pl.col("kind")
    unshown = (kind == "growth") & (pl.col("capacities") > growth_shown)
    return (
        pl.when(pl.col("level").is_null())
        .then(pl.lit("no_such_area"))
        .when(pl.col("valid_from") > law.day)
        .then(pl.lit("not_begun"))
        .when(ends <= law.day)
        .then(pl.lit("ended"))
        .when((kind == "island") & ~_island_allowed(law))
        .then(pl.lit("not_in_law"))
        .when((kind == "extraordinary") & ~law.apply(extraordinary_allowed, ends.is_not_null()))
        .then(pl.lit("not_in_law"))
        .when(unshown)
        .then(pl.lit("counts_unshown"))
        .otherwise(pl.lit("counts"))
    )


def _island_allowed(law: Law) -> pl.Expr:
    """Ask the law while it has the exception; afterwards there is none."""
    try:
        return law.apply(island_exception_allowed, pl.col("off_fixed_land"))
    except NotInForce:
        return pl.lit(value=False)


def _with_islands(tables: Tables, areas: pl.DataFrame) -> list[str]:
    """List the areas in which somebody lives on land without a fixed link to the rest."""
    codes = tables.demand_points.filter(pl.col("landmass") != "fixed")["municipality"].unique()
    inside = areas.filter(pl.col("area_id").is_in(codes.implode()) & (pl.col("level") == "municipality"))
    wholes = [*inside["health_council"].to_list(), *inside["region"].to_list()]
    return sorted({*inside["area_id"].to_list(), *(w for w in wholes if w is not None)})
