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
    return gathered(country.reads["published_ceilings"], bad, "area_id", "ceiling_of_unknown_area")


def _forecast_known(country: Country) -> list[Fault]:
    known = country.municipalities()
    return country.astray("forecasts", "municipality", known, "unknown_municipality", day=country.day)


def _forecast_comparable(country: Country) -> list[Fault]:
    """The newest forecast is compared with the model's: without that one there is nothing to exceed."""
    frame, key = country.frame("forecasts"), ["municipality", "year"]
    model = frame.filter(pl.col("forecast") == "model")
    bad = frame.filter(pl.col("forecast") == "newest").join(model, on=key, how="anti")
    return gathered(country.reads["forecasts"], bad, "municipality", "no_model_forecast")


def _district_known(country: Country) -> list[Fault]:
    areas = country.frame("areas").filter(pl.col("level") == "district")["area_id"]
    return country.astray("districts", "district", areas, "unknown_district")


def _stated_by_the_known(country: Country) -> list[Fault]:
    practices = country.frame("practices")["practice_id"]
    return country.astray("stated_maxima", "practice_id", practices, "maximum_of_unknown_practice")


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
    return [country.reads["districts"].place.fault("districts_missing", listed=listed(lacking["part_id"]))]


CHECKS: list[tuple[tuple[str, ...], Check]] = [
    (("areas", "published_ceilings"), _published_known),
    (("areas", "forecasts"), _forecast_known),
    (("forecasts",), _forecast_comparable),
    (("areas", "districts"), _district_known),
    (("area_parts", "districts"), _districts_whole),
    (("practices", "stated_maxima"), _stated_by_the_known),
]
