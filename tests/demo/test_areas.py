"""The demo's areas: every municipality lies in one health council and one region on every day."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from fordel.demo.areas import area_parts, areas
from fordel.demo.population import christiansoe_people, municipalities, population
from fordel.law import Lawbook
from fordel.tables import AGE_GROUPS, SEXES, AreaParts, Areas, Population

DAYS = [date(2025, 7, 1), date(2026, 12, 31), date(2027, 1, 1), date(2030, 6, 1)]


def _on(frame: pl.DataFrame, day: date) -> pl.DataFrame:
    return frame.filter(
        (pl.col("valid_from") <= day) & (pl.col("valid_until").is_null() | (pl.col("valid_until") > day))
    )


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("whole", ["health_council", "region"])
def test_every_municipality_lies_in_exactly_one(day: date, whole: str) -> None:
    parts = _on(area_parts(), day).filter((pl.col("part_level") == "municipality") & (pl.col("whole_level") == whole))
    assert parts["part_id"].sort().to_list() == municipalities()["municipality"].to_list()
    assert set(parts["whole_id"]) == set(_on(areas(), day).filter(pl.col("level") == whole)["area_id"])


@pytest.mark.parametrize("day", DAYS)
def test_a_council_lies_in_the_region_of_its_municipalities(day: date) -> None:
    parts = _on(area_parts(), day)
    to = {
        (part, whole): parts.filter((pl.col("part_level") == part) & (pl.col("whole_level") == whole))
        for part, whole in (
            ("municipality", "health_council"),
            ("municipality", "region"),
            ("health_council", "region"),
        )
    }
    through = to["municipality", "health_council"].join(
        to["health_council", "region"], left_on="whole_id", right_on="part_id", suffix="_council"
    )
    both = through.join(to["municipality", "region"], on="part_id", suffix="_own")
    assert both.height == 98
    assert (both["whole_id_council"] == both["whole_id_own"]).all()


def test_the_levels_have_as_many_areas_as_denmark_has() -> None:
    before, after = (_on(areas(), day)["level"].value_counts() for day in DAYS[1:3])
    assert dict(before.iter_rows()) == {
        "nation": 1,
        "region": 5,
        "health_council": 17,
        "municipality": 98,
        "planning_area": 4,
        "district": 10,
    }
    assert dict(after.iter_rows())["region"] == 4
    names = _on(areas(), DAYS[2]).filter(pl.col("level") == "region")["name"]
    assert set(names) == {"Region Østdanmark", "Region Nordjylland", "Region Midtjylland", "Region Syddanmark"}


def test_every_part_and_whole_exists_while_it_is_named() -> None:
    known = areas().select("area_id", "level", since="valid_from", until="valid_until")
    for side in ("part", "whole"):
        named = area_parts().join(
            known, left_on=[f"{side}_id", f"{side}_level"], right_on=["area_id", "level"], how="left"
        )
        assert named["since"].null_count() == 0
        assert (named["since"] <= named["valid_from"]).all()
        ends = named.filter(pl.col("until").is_not_null())
        assert (ends["valid_until"].fill_null(date.max) <= ends["until"]).all()


def test_districts_are_copenhagens_and_bornholm_is_planned_with_the_city() -> None:
    parts = area_parts()
    districts = parts.filter(pl.col("whole_level") == "municipality")
    assert districts["whole_id"].unique().to_list() == ["0101"]
    assert "koebenhavn-broenshoej-husum" in districts["part_id"]
    byen = parts.filter(pl.col("whole_id") == "planomraade-byen")["part_id"]
    assert {"0400", "0147"} <= set(byen)


def test_names_are_danish_and_whole() -> None:
    names = dict(municipalities().select("municipality", "name").iter_rows())
    assert (names["0101"], names["0169"], names["0492"]) == ("København", "Høje-Taastrup", "Ærø")


def test_the_schemas_accept_them() -> None:
    Areas.validate(areas(), cast=True)
    AreaParts.validate(area_parts(), cast=True)
    Population.validate(population(), cast=True)


def test_population_is_folk1b() -> None:
    people = population()
    assert people["people"].sum() == 5_837_213
    assert people.height == 98 * len(SEXES) * len(AGE_GROUPS)
    by_sex = dict(people.group_by("sex").agg(pl.col("people").sum()).iter_rows())
    assert by_sex == {"male": 2_903_441, "female": 2_933_772}
    regions = people.join(municipalities(), on="municipality").group_by("region").agg(pl.col("people").sum())
    assert dict(regions.iter_rows())["region-hovedstaden"] == 1_854_296
    assert christiansoe_people() == 90


def test_the_law_and_the_demo_call_health_councils_the_same() -> None:
    councils = set(areas().filter(pl.col("level") == "health_council")["area_id"])
    law = Lawbook.shipped().on(date(2026, 2, 1))
    assert {*law.value("published_room"), *law.value("published_surplus")} <= councils
