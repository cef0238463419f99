"""What must hold of published ceilings, forecasts and districts: areas are known, and what is compared is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from fordel.stores._country import Check, Country, gathered, listed

if TYPE_CHECKING:
    from fordel.stores.faults import Fault


def _published_known(country: Country) -> list[Fault]:
    """A ceiling is published for an area at its level; it may begin after the snapshot date."""
    areas = country.frame("areas").select("area_id", pl.col("level").cast(pl.String)).unique()
    rows = country.frame("published_ceilings").with_columns(pl.col("level").cast(pl.String))
    bad = rows.join(areas, on=["area_id", "level"], how="anti")
    expected = "an area that areas has at the level in level"
    remedy = "correct the id or the level, or add the area to areas"
    return gathered(country.reads["published_ceilings"], bad, "area_id", expected, remedy)


def _forecast_known(country: Country) -> list[Fault]:
    return country.astray(
        "forecasts",
        "municipality",
        country.municipalities(),
        f"the code of a municipality that areas has on {country.day}",
        "correct the code, or add the municipality to areas",
    )


def _forecast_comparable(country: Country) -> list[Fault]:
    """The newest forecast is compared with the model's: without that one there is nothing to exceed."""
    frame, key = country.frame("forecasts"), ["municipality", "year"]
    model = frame.filter(pl.col("forecast") == "model")
    bad = frame.filter(pl.col("forecast") == "newest").join(model, on=key, how="anti")
    expected = "a row of the forecast model for the same municipality and year"
    return gathered(country.reads["forecasts"], bad, "municipality", expected, "add what the model has built in")


def _district_known(country: Country) -> list[Fault]:
    areas = country.frame("areas").filter(pl.col("level") == "district")["area_id"]
    expected = "the id of a district that areas has"
    return country.astray("districts", "district", areas, expected, "correct the id, or add the district to areas")


def _stated_by_the_known(country: Country) -> list[Fault]:
    practices = country.frame("practices")["practice_id"]
    expected, remedy = (
        "the provider number of a practice that practices has",
        "correct the number, or leave the row out",
    )
    return country.astray("stated_maxima", "practice_id", practices, expected, remedy)


def _districts_whole(country: Country) -> list[Fault]:
    """A municipality is split over all its districts or over none."""
    there = country.frame("districts")["district"]
    parts = country.frame("area_parts").filter(
        country.ends_after() & (pl.col("part_level") == "district") & (pl.col("whole_level") == "municipality")
    )
    split = parts.filter(pl.col("part_id").is_in(there.implode()))["whole_id"]
    lacking = parts.filter(pl.col("whole_id").is_in(split.implode()) & ~pl.col("part_id").is_in(there.implode()))
    if lacking.is_empty():
        return []
    found = f"no row for district {listed(lacking['part_id'])}"
    expected = "a row for every district of a municipality that has one"
    return [country.reads["districts"].place.fault(found, expected, "add the rows that are missing")]


CHECKS: list[tuple[tuple[str, ...], Check]] = [
    (("areas", "published_ceilings"), _published_known),
    (("areas", "forecasts"), _forecast_known),
    (("forecasts",), _forecast_comparable),
    (("areas", "districts"), _district_known),
    (("area_parts", "districts"), _districts_whole),
    (("practices", "stated_maxima"), _stated_by_the_known),
]
