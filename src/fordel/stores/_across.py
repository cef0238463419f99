"""What must hold between the tables of a snapshot: every code is known, every person is counted the same everywhere."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import polars as pl
import shapely

from fordel.stores._across_allocation import CHECKS as OF_ALLOCATION
from fordel.stores._country import Check, Country, gathered, listed
from fordel.stores.faults import ROW
from fordel.tables import AGE_GROUPS, SEXES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from fordel.stores.faults import Fault
    from fordel.stores.table import TableRead

WHOLE_LEVELS = {"health_council": "health council", "region": "region"}
NATION = "dk"


def across_faults(reads: Mapping[str, TableRead], day: date) -> list[Fault]:
    """List what does not hold between tables. Tables with faults of their own are left out: theirs come first.

    Args:
        reads: the tables by name.
        day: the snapshot date.
    """
    sound = {name: read for name, read in reads.items() if read.frame is not None and not read.faults}
    country = Country(sound, day)
    return [fault for needed, check in CHECKS if all(name in sound for name in needed) for fault in check(country)]


def _unknown_municipality(table: str) -> Check:
    def check(country: Country) -> list[Fault]:
        return country.astray(
            table,
            "municipality",
            country.municipalities(),
            f"the code of a municipality that areas has on {country.day}",
            "correct the code, or add the municipality to areas",
        )

    return check


def _missing_municipality(table: str) -> Check:
    def check(country: Country) -> list[Fault]:
        there = country.frame(table)["municipality"]
        every = country.municipalities()
        lacking = every.filter(~every.is_in(there.implode()))
        if lacking.is_empty():
            return []
        found = f"no row for municipality {listed(lacking)}"
        return [
            country.reads[table].place.fault(
                found, "rows for every municipality in areas", "add the rows that are missing"
            )
        ]

    return check


def _nation(country: Country) -> list[Fault]:
    areas = country.frame("areas").filter(country.holds() & (pl.col("level") == "nation"))
    if areas["area_id"].to_list() == [NATION]:
        return []
    found = f"the nation {listed(areas['area_id'])}" if areas.height else "no area at the level nation"
    return [
        country.reads["areas"].place.fault(
            found, f"one nation, {NATION}, on {country.day}", f"add the row {NATION}, nation"
        )
    ]


def _overlapping(country: Country) -> list[Fault]:
    """An area has one row for each day it exists."""
    read, key = country.reads["areas"], ["level", "area_id"]
    return _overlaps(read, country.frame("areas"), key, "area_id", "one row of an area for each day")


def _overlaps(read: TableRead, frame: pl.DataFrame, key: list[str], column: str, expected: str) -> list[Fault]:
    ordered = frame.sort(*key, "valid_from")
    same = pl.all_horizontal(pl.col(name) == pl.col(name).shift() for name in key)
    still = pl.col("valid_until").shift().is_null() | (pl.col("valid_until").shift() > pl.col("valid_from"))
    bad = ordered.filter((same & still).fill_null(False))
    return gathered(
        read, bad, column, expected, "end the earlier row: put the day the later one begins in its valid_until"
    )


def _parts_known(country: Country) -> list[Fault]:
    """Part and whole are areas at the level they say."""
    read, areas = country.reads["area_parts"], country.frame("areas").select("area_id", "level")
    faults: list[Fault] = []
    for end in ("part", "whole"):
        bad = country.frame("area_parts").join(
            areas, left_on=[f"{end}_id", f"{end}_level"], right_on=["area_id", "level"], how="anti"
        )
        expected = f"an area that areas has at the level in {read.heading(f'{end}_level')}"
        faults += gathered(read, bad, f"{end}_id", expected, "correct the id or the level, or add the area to areas")
    return faults


def _one_whole(country: Country) -> list[Fault]:
    """A municipality lies in one health council and one region: never two at once, and one from the snapshot date on.

    A health council may begin after the snapshot date: population of 2020 is planned by the councils of 2025.
    """
    read = country.reads["area_parts"]
    parts = country.frame("area_parts").filter(pl.col("part_level") == "municipality")
    every = country.municipalities()
    faults: list[Fault] = []
    for level, word in WHOLE_LEVELS.items():
        at_level = parts.filter(pl.col("whole_level") == level)
        faults += _overlaps(read, at_level, ["part_id"], "part_id", f"one {word} for each day")
        lasting = at_level.filter(pl.col("valid_until").is_null() | (pl.col("valid_until") > country.day))["part_id"]
        lacking = every.filter(~every.is_in(lasting.implode()))
        if len(lacking):
            found = f"no {word} on or after {country.day} for municipality {listed(lacking)}"
            faults.append(
                read.place.fault(found, f"one {word} for every municipality", f"add a row with whole_level {level}")
            )
    return faults


def _practice_known(country: Country) -> list[Fault]:
    return country.astray(
        "registrations",
        "practice_id",
        country.frame("practices")["practice_id"],
        "the provider number of a practice that practices has",
        "correct the number, or add the practice to practices",
    )


def _decided_on_the_known(country: Country) -> list[Fault]:
    """A decision concerns an area or a practice that the snapshot has."""
    areas, practices = country.frame("areas")["area_id"], country.frame("practices")["practice_id"]
    area_remedy, practice_remedy = "correct the id, or add the area to areas", "correct the number, or end the decision"
    faults = country.astray("decisions", "area_id", areas, "the id of an area that areas has", area_remedy)
    astray = country.frame("decisions").filter(country.holds() & ~pl.col("practice_id").is_in(practices.implode()))
    expected = f"a practice that practices has, in a decision that holds on {country.day}"
    return [*faults, *gathered(country.reads["decisions"], astray, "practice_id", expected, practice_remedy)]


def _one_minimum(country: Country) -> list[Fault]:
    """A practice has one minimum for each day."""
    deviations = country.frame("decisions").filter(pl.col("kind") == "minimum_deviation")
    return _overlaps(country.reads["decisions"], deviations, ["practice_id"], "practice_id", "one minimum for each day")


def _lists_agree(country: Country) -> list[Fault]:
    """A practice's patients are the sum of its registrations."""
    sums = country.frame("registrations").group_by("practice_id").agg(registered=pl.col("patients").sum())
    both = (
        country.frame("practices")
        .join(sums, on="practice_id", how="left")
        .with_columns(pl.col("registered").fill_null(0))
    )
    bad = both.filter(pl.col("patients") != pl.col("registered"))
    if bad.is_empty():
        return []
    first, read = bad.sort(ROW).row(0, named=True), country.reads["practices"]
    expected = f"the sum of its rows in registrations, {first['registered']:,} for {first['practice_id']}"
    return gathered(
        read, bad, "patients", expected, "export practices and registrations from the register on the same day"
    )


def _places_agree(country: Country) -> list[Fault]:
    """People placed on demand points are the people of the population, municipality by municipality."""
    sums = [
        country.frame(table).group_by("municipality").agg(pl.col("people").sum().alias(table))
        for table in ("population", "demand_points")
    ]
    both = sums[0].join(sums[1], on="municipality", how="full", coalesce=True).fill_null(0).sort("municipality")
    bad = both.filter(pl.col("population") != pl.col("demand_points"))
    if bad.is_empty():
        return []
    code, residents, placed = bad.row(0)
    more = f", and other sums in {bad.height - 1:,} more municipalities" if bad.height > 1 else ""
    found = f"{placed:,} people in municipality {code} where population has {residents:,}{more}"
    return [
        country.reads["demand_points"].place.fault(
            found, "the same people as in population", "place everyone, and nobody twice"
        )
    ]


def _weights_whole(country: Country) -> list[Fault]:
    there = set(country.frame("need_weights").select("sex", "age_group").rows())
    lacking = [f"{sex} {age}" for sex, age in product(SEXES, AGE_GROUPS) if (sex, age) not in there]
    if not lacking:
        return []
    found = f"no row for {listed(pl.Series(lacking))}"
    return [country.reads["need_weights"].place.fault(found, "a weight for every sex and age group", "add the rows")]


def _shapes_drawn(country: Country) -> list[Fault]:
    """A geometry is a polygon or multipolygon in well-known binary."""
    read, frame = country.reads["area_shapes"], country.frame("area_shapes")
    shapes = shapely.from_wkb(frame["geometry"].to_numpy(), on_invalid="ignore")
    is_land = [shape is not None and shape.geom_type in ("Polygon", "MultiPolygon") for shape in shapes]
    return read.place.gathered(
        frame.filter(~pl.Series(is_land, dtype=pl.Boolean)).select(ROW, found=pl.lit("bytes that are no polygon")),
        read.heading("geometry"),
        "a polygon or multipolygon as well-known binary, EPSG:25832",
        "export the shape again as well-known binary",
    )


WITH_MUNICIPALITY = ("area_shapes", "population", "demand_points", "practices", "registrations")
COVERING = ("area_shapes", "population")
CHECKS: list[tuple[tuple[str, ...], Check]] = [
    (("areas",), _nation),
    (("areas",), _overlapping),
    (("areas", "area_parts"), _parts_known),
    (("areas", "area_parts"), _one_whole),
    *((("areas", table), _unknown_municipality(table)) for table in WITH_MUNICIPALITY),
    *((("areas", table), _missing_municipality(table)) for table in COVERING),
    (("practices", "registrations"), _practice_known),
    (("areas", "practices", "decisions"), _decided_on_the_known),
    (("decisions",), _one_minimum),
    (("practices", "registrations"), _lists_agree),
    (("population", "demand_points"), _places_agree),
    (("need_weights",), _weights_whole),
    (("area_shapes",), _shapes_drawn),
    *OF_ALLOCATION,
]
