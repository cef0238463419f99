"""Planning below and beside the national ceiling: districts of a large municipality, and planning areas.

They guide the region's own placing of capacities (the national ceiling does not know them): a municipality's ceiling is
split over its districts, and a planning area has the sum of its parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from fordel.allocation.exception_rules import planning_level, weighted_in_district
from fordel.allocation.rules import ceilings, headroom, surplus, treatment_need

if TYPE_CHECKING:
    from fordel.law import Law
    from fordel.tables import Tables

SUMS = {"people": pl.Int64, "weighted_citizens": pl.Float64, "ceiling": pl.Int64, "capacities_released": pl.Float64}
PLANNING_COLUMNS = (
    *("level", "area_id", "name", "whole_id", "split_by", "people", "weighted_citizens", "need", "ceiling"),
    *("capacities_released", "headroom", "surplus"),
)


def planning_areas(law: Law, tables: Tables, areas: pl.DataFrame) -> pl.DataFrame:
    """Give districts and planning areas a guiding ceiling (planområder og bydele).

    Args:
        law: the law on the day.
        tables: the snapshot: areas, their nesting, and the people of districts.
        areas: the areas of the plan.

    Returns:
        Columns ``PLANNING_COLUMNS``, one row per planning area and per district of a municipality that its region plans
        by district. ``split_by`` is ``weighted_citizens`` or ``people`` (the key of the split), ``whole`` (nothing is
        split: the parts are whole municipalities), or ``unknown``: nobody has counted the districts' people, so that
        nothing can be said of them, nor of a planning area with a district in it.
    """
    municipalities = areas.filter(level="municipality")
    districts = _districts(law, tables, municipalities)
    frame = pl.concat([_planning(law, tables, municipalities, districts), districts])
    filled = frame.with_columns(
        need=law.apply(treatment_need, pl.col("weighted_citizens")),
        headroom=law.apply(headroom, pl.col("ceiling"), pl.col("capacities_released")),
        surplus=law.apply(surplus, pl.col("ceiling"), pl.col("capacities_released")),
    )
    return filled.select(PLANNING_COLUMNS).sort("level", "area_id", descending=[True, False])


def _districts(law: Law, tables: Tables, municipalities: pl.DataFrame) -> pl.DataFrame:
    """Split each municipality that is planned by district."""
    parts = tables.parts("district", "municipality", law.day).join(
        tables.areas_at("district", law.day), left_on="part_id", right_on="area_id"
    )
    of_whole = {row["area_id"]: row for row in municipalities.iter_rows(named=True)}
    split = [_empty()]
    for (code,), inside in sorted(parts.partition_by("whole_id", as_dict=True).items()):
        whole = of_whole.get(str(code))
        if whole is not None and _planned_by_district(law, whole["region"]):
            split.append(_split(law, tables, whole, inside))
    return pl.concat(split)


def _planned_by_district(law: Law, region: str) -> bool:
    of_region = law.for_authority(region) if region in law.book.authorities else law
    return of_region.apply(planning_level) == "district"


def _split(law: Law, tables: Tables, whole: dict[str, Any], inside: pl.DataFrame) -> pl.DataFrame:
    counted = inside.join(tables.districts, left_on="part_id", right_on="district", how="left").sort("part_id")
    counted = counted.select("name", "people", "weighted_citizens", "capacities_released", area_id="part_id")
    if counted["people"].null_count() or not counted["people"].sum():
        return _shaped(counted.with_columns(split_by=pl.lit("unknown"), **_nothing()), "district", whole["area_id"])
    by = "people" if counted["weighted_citizens"].null_count() else "weighted_citizens"
    of_whole = pl.lit(whole["weighted_citizens"])
    weighted = law.apply(weighted_in_district, of_whole, pl.col("weighted_citizens"), pl.col("people"))
    counted = counted.with_columns(weighted_citizens=weighted, split_by=pl.lit(by))
    need = counted.select(law.apply(treatment_need, pl.col("weighted_citizens"))).to_series().to_list()
    seats = law.apply(ceilings, need, whole["ceiling"])
    return _shaped(counted.with_columns(pl.Series("ceiling", seats, dtype=pl.Int64)), "district", whole["area_id"])


def _planning(law: Law, tables: Tables, municipalities: pl.DataFrame, districts: pl.DataFrame) -> pl.DataFrame:
    """Sum each planning area's parts; one unknown part leaves the sum unknown."""
    names = tables.areas_at("planning_area", law.day)
    region = tables.parts("planning_area", "region", law.day).rename({"part_id": "area_id", "whole_id": "region"})
    known = [
        municipalities.select("area_id", *SUMS, part_level=pl.lit("municipality"), split_by=pl.lit("whole")),
        districts.select("area_id", *SUMS, "split_by", part_level=pl.lit("district")),
    ]
    nested = [
        tables.parts(level, "planning_area", law.day).with_columns(part_level=pl.lit(level))
        for level in ("municipality", "district")
    ]
    parts = pl.concat(nested).join(
        pl.concat(known, how="diagonal"),
        left_on=["part_id", "part_level"],
        right_on=["area_id", "part_level"],
        how="left",
    )
    split = pl.col("split_by").filter(pl.col("split_by") != "whole")
    summed = parts.group_by(area_id="whole_id").agg(
        *(pl.when(pl.col(name).is_not_null().all()).then(pl.col(name).sort().sum()).alias(name) for name in SUMS),
        split_by=pl.when(pl.col("ceiling").null_count() > 0)
        .then(pl.lit("unknown"))
        .otherwise(pl.coalesce(split.sort().first(), pl.lit("whole"))),
    )
    frame = names.join(summed, on="area_id", how="inner").join(region, on="area_id", how="left")
    return _shaped(frame.rename({"region": "whole_id"}), "planning_area", None)


def _nothing() -> dict[str, pl.Expr]:
    return {name: pl.lit(None, dtype) for name, dtype in SUMS.items()}


def _shaped(frame: pl.DataFrame, level: str, whole: str | None) -> pl.DataFrame:
    own = {"whole_id": pl.lit(whole)} if whole is not None else {}
    return frame.with_columns(level=pl.lit(level), **own).select(
        *("level", "area_id", "name", "whole_id", "split_by"), *(pl.col(n).cast(t) for n, t in SUMS.items())
    )


def _empty() -> pl.DataFrame:
    words = dict.fromkeys(("level", "area_id", "name", "whole_id", "split_by"), pl.String)
    return pl.DataFrame(schema={**words, **SUMS})
