"""Weigh citizens: need weights joined on groups, then summed per municipality and per practice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from fordel.law import LawError
from fordel.need.rules import need_weight
from fordel.tables.sums import sum_exactly

if TYPE_CHECKING:
    from fordel.law import Law
    from fordel.tables import Tables

GROUP = ("sex", "age_group")


def weigh(law: Law, tables: Tables) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give weighted citizens per municipality and per practice (sygdomsvægtede borgere).

    Where the snapshot has sums that a need model gave, each municipality and practice has their mean weight; otherwise
    citizens have the weight of their sex and age.

    Returns:
        by municipality: ``municipality, people, weighted_citizens``; by practice: ``practice_id, patients,
        weighted_patients``. Unit: people and disease-weighted citizens. Both sum to the nation's people when every
        citizen is on a list.

    Raises:
        LawError: the sums lack a municipality where people live.
    """
    if tables.weighted_sums.height:
        return _weigh_by_sums(law, tables)
    groups = tables.population.group_by(GROUP).agg(pl.col("people").sum()).join(tables.need_weights, on=GROUP)
    weights = groups.sort(GROUP).select(*GROUP, weight=law.apply(need_weight, pl.col("coefficient"), pl.col("people")))
    return (
        _weighted(tables.population, weights, "municipality", "people").rename({"weighted": "weighted_citizens"}),
        _weighted(tables.patients_by_group, weights, "practice_id", "patients").rename(
            {"weighted": "weighted_patients"}
        ),
    )


def practices_unweighed(tables: Tables) -> pl.DataFrame:
    """Give the practices that have patients but no sum of their own: ``practice_id, patients``.

    They get the mean weight of the municipalities their patients live in.
    """
    own = tables.weighted_sums.filter(pl.col("level") == "practice")
    lists = tables.registrations.group_by("practice_id").agg(pl.col("patients").sum())
    return lists.join(own, left_on="practice_id", right_on="area_id", how="anti").sort("practice_id")


def _weighted(groups: pl.DataFrame, weights: pl.DataFrame, by: str, count: str) -> pl.DataFrame:
    """Weigh people counted by group: columns ``by``, ``count``, ``weighted``. One row per ``by`` and group."""
    counted = groups.join(weights, on=GROUP, how="left")
    counts = counted.group_by(by).agg(pl.col(count).sum())
    return counts.join(sum_exactly(counted, by, {"weighted": pl.col(count) * pl.col("weight")}), on=by).sort(by)


def _weigh_by_sums(law: Law, tables: Tables) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Weigh with the means of a need model; the nation's mean is taken over its municipalities' people."""
    homes = tables.population.group_by("municipality").agg(pl.col("people").sum())
    homes = homes.join(_means(tables, "municipality"), left_on="municipality", right_on="area_id", how="left")
    homes = homes.sort("municipality")
    _refuse_gaps(homes)
    homes = homes.with_columns(pl.col("mean").fill_null(1.0))
    lists = _list_means(tables, homes)
    rows = pl.concat([homes.select("mean", "people"), lists.select("mean", people=pl.lit(0, pl.Int64))])
    weights = rows.select(law.apply(need_weight, pl.col("mean"), pl.col("people"))).to_series()
    homes = homes.with_columns(weighted_citizens=pl.col("people") * weights.head(homes.height))
    lists = lists.with_columns(weighted_patients=pl.col("patients") * weights.tail(lists.height))
    return (
        homes.select("municipality", "people", "weighted_citizens"),
        lists.select("practice_id", "patients", "weighted_patients"),
    )


def _means(tables: Tables, level: str) -> pl.DataFrame:
    of_level = tables.weighted_sums.filter(pl.col("level") == level)
    return of_level.select("area_id", mean=pl.col("weighted_citizens") / pl.col("people"))


def _list_means(tables: Tables, homes: pl.DataFrame) -> pl.DataFrame:
    """Give every list its own mean weight, or where it has none that of where its patients live."""
    by_home = tables.registrations.group_by("practice_id", "municipality").agg(pl.col("patients").sum())
    by_home = by_home.join(homes.select("municipality", "mean"), on="municipality", how="left")
    lists = by_home.group_by("practice_id").agg(pl.col("patients").sum()).sort("practice_id")
    where = sum_exactly(by_home, "practice_id", {"there": pl.col("patients") * pl.col("mean").fill_null(1.0)})
    own = _means(tables, "practice").rename({"area_id": "practice_id"})
    lists = lists.join(where, on="practice_id").join(own, on="practice_id", how="left").sort("practice_id")
    return lists.with_columns(mean=pl.coalesce("mean", pl.col("there") / pl.col("patients")))


def _refuse_gaps(homes: pl.DataFrame) -> None:
    gaps = homes.filter(pl.col("mean").is_null() & (pl.col("people") > 0))["municipality"]
    if len(gaps):
        raise LawError(
            f"weighted_sums lacks {len(gaps)} municipalities where people live: {', '.join(gaps.head(10))}.\n"
            "  Try: weigh citizens of the whole nation, or make the plan without a need model",
            code="weights_lack",
            count=len(gaps),
            listed=", ".join(gaps.head(10)),
        )
