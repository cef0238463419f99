"""What must hold between the tables of a snapshot: every code is known, every person is counted the same everywhere."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import polars as pl
import shapely

from fordel.stores._across_allocation import CHECKS as OF_ALLOCATION
from fordel.stores._country import Check, Country, gathered, listed
from fordel.stores.faults import ROW
from fordel.stores.said import phrase
from fordel.tables import AGE_GROUPS, SEXES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from fordel.stores.faults import Fault
    from fordel.stores.said import Part
    from fordel.stores.table import TableRead

WHOLE_LEVELS = ("health_council", "region")
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
        known = country.municipalities()
        return country.astray(table, "municipality", known, "unknown_municipality", day=country.day)

    return check


def _missing_municipality(table: str) -> Check:
    def check(country: Country) -> list[Fault]:
        there = country.frame(table)["municipality"]
        every = country.municipalities()
        lacking = every.filter(~every.is_in(there.implode()))
        if lacking.is_empty():
            return []
        return [country.reads[table].place.fault("missing_municipality", listed=listed(lacking))]

    return check


def _nation(country: Country) -> list[Fault]:
    areas = country.frame("areas").filter(country.holds() & (pl.col("level") == "nation"))
    if areas["area_id"].to_list() == [NATION]:
        return []
    place = country.reads["areas"].place
    if areas.is_empty():
        return [place.fault("no_nation", nation=NATION, day=country.day)]
    return [place.fault("other_nation", listed=listed(areas["area_id"]), nation=NATION, day=country.day)]


def _overlapping(country: Country) -> list[Fault]:
    """An area has one row for each day it exists."""
    read, key = country.reads["areas"], ["level", "area_id"]
    return _overlaps(read, country.frame("areas"), key, "area_id", "area_twice")


def _overlaps(
    read: TableRead, frame: pl.DataFrame, key: list[str], column: str, code: str, **parts: Part
) -> list[Fault]:
    ordered = frame.sort(*key, "valid_from")
    same = pl.all_horizontal(pl.col(name) == pl.col(name).shift() for name in key)
    still = pl.col("valid_until").shift().is_null() | (pl.col("valid_until").shift() > pl.col("valid_from"))
    return gathered(read, ordered.filter((same & still).fill_null(False)), column, code, **parts)


def _parts_known(country: Country) -> list[Fault]:
    """Part and whole are areas at the level they say."""
    read, areas = country.reads["area_parts"], country.frame("areas").select("area_id", "level")
    faults: list[Fault] = []
    for end in ("part", "whole"):
        bad = country.frame("area_parts").join(
            areas, left_on=[f"{end}_id", f"{end}_level"], right_on=["area_id", "level"], how="anti"
        )
        faults += gathered(read, bad, f"{end}_id", "unknown_part", heading=read.heading(f"{end}_level"))
    return faults


def _one_whole(country: Country) -> list[Fault]:
    """A municipality lies in one health council and one region: never two at once, and one from the snapshot date on.

    A health council may begin after the snapshot date: population of 2020 is planned by the councils of 2025.
    """
    read = country.reads["area_parts"]
    parts = country.frame("area_parts").filter(pl.col("part_level") == "municipality")
    every = country.municipalities()
    faults: list[Fault] = []
    for level in WHOLE_LEVELS:
        at_level, word = parts.filter(pl.col("whole_level") == level), phrase(level)
        faults += _overlaps(read, at_level, ["part_id"], "part_id", "whole_twice", level=word)
        lasting = at_level.filter(pl.col("valid_until").is_null() | (pl.col("valid_until") > country.day))["part_id"]
        lacking = every.filter(~every.is_in(lasting.implode()))
        if len(lacking):
            faults.append(
                read.place.fault("no_whole", level=word, whole_level=level, day=country.day, listed=listed(lacking))
            )
    return faults


def _practice_known(country: Country) -> list[Fault]:
    known = country.frame("practices")["practice_id"]
    return country.astray("registrations", "practice_id", known, "list_of_unknown_practice")


def _decided_on_the_known(country: Country) -> list[Fault]:
    """A decision concerns an area or a practice that the snapshot has."""
    areas, practices = country.frame("areas")["area_id"], country.frame("practices")["practice_id"]
    faults = country.astray("decisions", "area_id", areas, "decision_on_unknown_area")
    astray = country.frame("decisions").filter(country.holds() & ~pl.col("practice_id").is_in(practices.implode()))
    read = country.reads["decisions"]
    return [*faults, *gathered(read, astray, "practice_id", "decision_on_unknown_practice", day=country.day)]


def _one_minimum(country: Country) -> list[Fault]:
    """A practice has one minimum for each day."""
    deviations = country.frame("decisions").filter(pl.col("kind") == "minimum_deviation")
    return _overlaps(country.reads["decisions"], deviations, ["practice_id"], "practice_id", "minimum_twice")


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
    parts = {"registered": first["registered"], "practice": first["practice_id"]}
    return gathered(read, bad, "patients", "lists_disagree", **parts)


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
    more = phrase("other_sums", count=bad.height - 1) if bad.height > 1 else ""
    place = country.reads["demand_points"].place
    return [place.fault("people_disagree", municipality=code, placed=placed, residents=residents, more=more)]


def _weights_whole(country: Country) -> list[Fault]:
    there = set(country.frame("need_weights").select("sex", "age_group").rows())
    lacking = [f"{sex} {age}" for sex, age in product(SEXES, AGE_GROUPS) if (sex, age) not in there]
    if not lacking:
        return []
    return [country.reads["need_weights"].place.fault("weights_missing", listed=listed(pl.Series(lacking)))]


def _shapes_drawn(country: Country) -> list[Fault]:
    """A geometry is a polygon or multipolygon in well-known binary."""
    read, frame = country.reads["area_shapes"], country.frame("area_shapes")
    shapes = shapely.from_wkb(frame["geometry"].to_numpy(), on_invalid="ignore")
    is_land = [shape is not None and shape.geom_type in ("Polygon", "MultiPolygon") for shape in shapes]
    return read.place.gathered(
        frame.filter(~pl.Series(is_land, dtype=pl.Boolean)).select(ROW, found=pl.lit("")),
        read.heading("geometry"),
        "not_a_polygon",
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
