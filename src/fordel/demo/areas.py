"""Areas on every level, dated, and which lies in which."""

from __future__ import annotations

from datetime import date

import polars as pl

from fordel.demo.packaged import read
from fordel.demo.population import municipalities

REFORM_2007, MODEL, REGIONS_2027 = date(2007, 1, 1), date(2025, 7, 1), date(2027, 1, 1)
PLANNING_AREAS = date(2023, 10, 1)
EAST = "region-oestdanmark"
MERGED = ("region-hovedstaden", "region-sjaelland")
REGIONS = {
    "region-hovedstaden": "Region Hovedstaden",
    "region-midtjylland": "Region Midtjylland",
    "region-nordjylland": "Region Nordjylland",
    "region-sjaelland": "Region Sjælland",
    "region-syddanmark": "Region Syddanmark",
}
COPENHAGEN = "0101"
AREA = ("area_id", "level", "valid_from", "valid_until", "name")
PART = ("part_id", "part_level", "whole_id", "whole_level", "valid_from", "valid_until")
Row = tuple[str | date | None, ...]


def areas() -> pl.DataFrame:
    """The table ``Areas``: nation, regions, health councils, municipalities, planning areas and districts."""
    rows: list[Row] = [
        ("dk", "nation", REFORM_2007, None, "Danmark"),
        (EAST, "region", REGIONS_2027, None, "Region Østdanmark"),
    ]
    rows += [(key, "region", REFORM_2007, _until(key), name) for key, name in REGIONS.items()]
    councils = _councils().unique("council").sort("council")
    rows += [(c["council"], "health_council", MODEL, None, c["council_name"]) for c in councils.iter_rows(named=True)]
    named = municipalities().select("municipality", "name").iter_rows()
    rows += [(code, "municipality", REFORM_2007, None, name) for code, name in named]
    plans = _planning_areas()
    wholes = plans.unique("planning_area").sort("planning_area").iter_rows(named=True)
    rows += [(p["planning_area"], "planning_area", PLANNING_AREAS, REGIONS_2027, p["planning_name"]) for p in wholes]
    rows += [(d["part"], "district", PLANNING_AREAS, None, d["name"]) for d in _districts(plans).iter_rows(named=True)]
    return pl.DataFrame(rows, schema=list(AREA), orient="row")


def area_parts() -> pl.DataFrame:
    """The table ``AreaParts``: every nesting with the days it holds."""
    codes, councils, plans = municipalities(), _councils(), _planning_areas()
    rows: list[Row] = [(key, "region", "dk", "nation", REFORM_2007, _until(key)) for key in REGIONS]
    rows.append((EAST, "region", "dk", "nation", REGIONS_2027, None))
    for code, region in codes.select("municipality", "region").iter_rows():
        rows += _in_region(code, "municipality", region, REFORM_2007)
    for code, council in councils.select("municipality", "council").iter_rows():
        rows.append((code, "municipality", council, "health_council", MODEL, None))
    in_regions = councils.join(codes, on="municipality").select("council", "region").unique().sort("council")
    for council, region in in_regions.iter_rows():
        rows += _in_region(council, "health_council", region, MODEL)
    for part, level, whole in plans.select("part", "part_level", "planning_area").iter_rows():
        rows.append((part, level, whole, "planning_area", PLANNING_AREAS, REGIONS_2027))
    for whole in plans["planning_area"].unique().sort():
        rows.append((whole, "planning_area", "region-hovedstaden", "region", PLANNING_AREAS, REGIONS_2027))
    for part in _districts(plans)["part"]:
        rows.append((part, "district", COPENHAGEN, "municipality", PLANNING_AREAS, None))
    return pl.DataFrame(rows, schema=list(PART), orient="row")


def _until(region: str) -> date | None:
    return REGIONS_2027 if region in MERGED else None


def _in_region(part: str, level: str, region: str, since: date) -> list[Row]:
    """Put a part in its region, and from 2027 in the one its region is merged into."""
    first: Row = (part, level, region, "region", since, _until(region))
    return [first, (part, level, EAST, "region", REGIONS_2027, None)] if region in MERGED else [first]


def _councils() -> pl.DataFrame:
    """Health council per municipality: ``municipality, council, council_name``."""
    table = read("health_councils/health_councils.csv")
    return table.select(
        "council_name", municipality="municipality_code", council="sundhedsraad-" + pl.col("council_id")
    ).sort("municipality")


def _planning_areas() -> pl.DataFrame:
    """Planning area per part: ``name, planning_area, planning_name, part, part_level``; parts are Copenhagen's
    districts or whole municipalities.
    """
    table = read("regionh_planning_areas/planning_areas.csv").rename({"planlaegningsomraade": "name"})
    table = table.join(municipalities().select("name", "municipality"), on="name", how="left")
    district = pl.col("municipality").is_null()
    return table.select(
        pl.col("name"),
        planning_area="planomraade-" + pl.col("planomraade").str.to_lowercase(),
        planning_name="Planområde " + pl.col("planomraade"),
        part=pl.when(district).then("koebenhavn-" + _slug(pl.col("name"))).otherwise("municipality"),
        part_level=pl.when(district).then(pl.lit("district")).otherwise(pl.lit("municipality")),
    ).sort("part")


def _districts(plans: pl.DataFrame) -> pl.DataFrame:
    return plans.filter(pl.col("part_level") == "district")


def _slug(name: pl.Expr) -> pl.Expr:
    return name.str.to_lowercase().str.replace_many([" ", "æ", "ø", "å"], ["-", "ae", "oe", "aa"])
