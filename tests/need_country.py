"""A snapshot of all Denmark, small enough for tests: the municipalities synthetic citizens live in, a practice each."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import shapely

from fordel.demo import make_snapshot
from fordel.demo._country import country
from fordel.tables import AGE_GROUPS, Tables

ALWAYS = date(1970, 4, 1)
REGIONS = ("region-hovedstaden", "region-sjaelland", "region-syddanmark", "region-midtjylland", "region-nordjylland")


def need_country_tables() -> Tables:
    """Give the snapshot: FOLK1B people in hundreds, one made-up practice per municipality, with an id citizens have."""
    codes = country().codes
    region = {code: REGIONS[at * len(REGIONS) // len(codes)] for at, code in enumerate(codes)}
    people = _people(codes)
    practice = dict(make_snapshot().practices.group_by("municipality").agg(pl.col("practice_id").min()).iter_rows())
    lists = people.with_columns(practice_id=pl.col("municipality").replace_strict(practice))
    lists = lists.rename({"people": "patients"}).filter(pl.col("patients") > 0)
    return Tables.of(
        "Danmark i hundreder",
        date(2026, 1, 1),
        areas=_areas(codes),
        area_parts=_parts(region),
        area_shapes=_shapes(codes),
        population=people,
        demand_points=_points(people),
        practices=_practices(practice, lists),
        registrations=lists.select("practice_id", "municipality", "sex", "age_group", "patients"),
        need_weights=people.select("sex", "age_group").unique().with_columns(coefficient=pl.lit(1.0)),
        sources=_sources(),
    )


def _people(codes: list[str]) -> pl.DataFrame:
    hundreds = np.maximum(np.round(country().people / 100), 1).astype(int)
    rows = [
        (code, sex, age, int(hundreds[at, 0 if sex == "male" else 1, group]))
        for at, code in enumerate(codes)
        for sex in ("female", "male")
        for group, age in enumerate(_groups())
    ]
    frame = pl.DataFrame(rows, ["municipality", "sex", "age_group", "people"], orient="row")
    return frame.group_by("municipality", "sex", "age_group").agg(pl.col("people").sum())


def _groups() -> list[str]:
    """The age groups that synthetic citizens are drawn in."""
    return list(AGE_GROUPS)


def _areas(codes: list[str]) -> pl.DataFrame:
    rows = [("dk", "nation", "Danmark"), *((region, "region", region) for region in REGIONS)]
    rows += [(f"sundhedsraad-{region}", "health_council", region) for region in REGIONS]
    rows += [(code, "municipality", f"Kommune {code}") for code in codes]
    frame = pl.DataFrame(rows, ["area_id", "level", "name"], orient="row")
    return frame.with_columns(valid_from=pl.lit(ALWAYS), valid_until=pl.lit(None, pl.Date))


def _parts(region: dict[str, str]) -> pl.DataFrame:
    rows = [(code, "municipality", whole, "region") for code, whole in region.items()]
    rows += [(code, "municipality", f"sundhedsraad-{whole}", "health_council") for code, whole in region.items()]
    rows += [(f"sundhedsraad-{whole}", "health_council", whole, "region") for whole in REGIONS]
    frame = pl.DataFrame(rows, ["part_id", "part_level", "whole_id", "whole_level"], orient="row")
    return frame.with_columns(valid_from=pl.lit(ALWAYS), valid_until=pl.lit(None, pl.Date))


def _place(at: int) -> tuple[float, float]:
    return 500_000.0 + at % 10 * 20_000, 6_100_000.0 + at // 10 * 20_000


def _shapes(codes: list[str]) -> pl.DataFrame:
    boxes = [shapely.box(x - 9000, y - 9000, x + 9000, y + 9000) for x, y in (_place(at) for at in range(len(codes)))]
    return pl.DataFrame({"municipality": codes, "geometry": [shapely.MultiPolygon([box]).wkb for box in boxes]})


def _points(people: pl.DataFrame) -> pl.DataFrame:
    sums = people.group_by("municipality").agg(pl.col("people").sum()).sort("municipality")
    x, y = zip(*(_place(at) for at in range(sums.height)), strict=True)
    frame = sums.with_columns(easting=pl.Series(x), northing=pl.Series(y), landmass=pl.lit("fixed"))
    cell = pl.format("1km_{}_{}", *((pl.col(name) / 1000).cast(pl.Int64) for name in ("northing", "easting")))
    return frame.with_columns(cell_id=cell)


def _practices(practice: dict[str, str], lists: pl.DataFrame) -> pl.DataFrame:
    sums = dict(lists.group_by("practice_id").agg(pl.col("patients").sum()).iter_rows())
    rows = []
    for at, (code, practice_id) in enumerate(practice.items()):
        patients = sums[practice_id]
        rows.append(
            (practice_id, f"Lægehus {code}", code, *_place(at), "fixed", patients / 1600, patients / 1600, patients)
        )
    columns = ["practice_id", "name", "municipality", "easting", "northing", "landmass"]
    columns += ["capacities_released", "capacities_filled", "patients"]
    return pl.DataFrame(rows, columns, orient="row").with_columns(open_to_new=pl.lit(True))


def _sources() -> pl.DataFrame:
    row = (
        "hundreds",
        "all",
        "Danmark i hundreder",
        "CC-BY-4.0",
        "Danmarks Statistik, FOLK1B",
        "2020",
        True,
        "For tests.",
        "Til test.",
    )
    columns = ["source_id", "tables", "title", "licence", "attribution", "vintage", "synthetic", "note", "note_dansk"]
    return pl.DataFrame([row], columns, orient="row")
