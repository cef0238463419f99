"""The run of the whole demo snapshot: sums that must hold for Denmark, and every number explained."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from fordel.publish.explain import explain_area, explain_practice
from fordel.publish.export import FORMATS, export_run
from fordel.runs.execute import execute
from fordel.runs.record import Run, read_run, write_run
from fordel.tables import Tables

pytestmark = pytest.mark.slow

PEOPLE = 5_837_213  # Statistics Denmark, FOLK1B, 2020Q4


def test_people_are_the_same_in_every_table_that_counts_them(demo_run: Run, demo_tables: Tables) -> None:
    by_level = demo_run.areas.group_by("level").agg(pl.col("people").sum())["people"]
    assert by_level.to_list() == [PEOPLE] * 4
    assert demo_run.places["people"].sum() == PEOPLE
    assert demo_run.practices["patients"].sum() == PEOPLE
    assert demo_tables.population["people"].sum() == PEOPLE
    nation = demo_run.areas.row(0, named=True)
    assert sum(nation[f"people_{n}"] for n in ("no_choice", "one_choice", "two_choices")) == PEOPLE


def test_weights_have_the_mean_one_over_areas_and_over_lists(demo_run: Run) -> None:
    nation = demo_run.areas.row(0, named=True)
    assert nation["mean_weight"] == pytest.approx(1, abs=1e-9)
    assert demo_run.practices["weighted_patients"].sum() / PEOPLE == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("day", [date(2025, 7, 1), date(2026, 12, 31), date(2027, 1, 1)])
@pytest.mark.parametrize("total", [None, 3326, 3500])
def test_ceilings_sum_to_the_total_on_every_level_and_day(demo_tables: Tables, day: date, total: int | None) -> None:
    run = execute(demo_tables, day=day, total=total)
    sums = run.areas.group_by("level", maintain_order=True).agg(pl.col("ceiling", "capacities_released").sum())
    expected = run.areas["need"].item(0) if total is None else total
    assert sums["ceiling"].to_list() == [round(expected)] * 4
    assert sums["capacities_released"].n_unique() == 1
    assert run.areas.group_by("level", maintain_order=True).len()["len"].to_list() == [
        1,
        5 if day.year < 2027 else 4,
        17,
        98,
    ]


def test_every_number_of_every_area_and_practice_adds_up_again(demo_run: Run) -> None:
    for area in demo_run.areas["area_id"]:
        assert explain_area(demo_run, area).answer
    for practice in demo_run.practices["practice_id"]:
        assert explain_practice(demo_run, practice).answer


def test_the_record_comes_back_and_can_be_exported(demo_run: Run, tmp_path: Path) -> None:
    again = read_run(write_run(demo_run, tmp_path / "run"))
    assert again.manifest == demo_run.manifest
    names = {path.name for path in export_run(again, tmp_path / "files", list(FORMATS), lang="da")}
    tables = [name for name in again.frames() if name not in ("area_shapes", "sources")]
    assert {"plan.xlsx", "areas-municipality.geojson", "places.geojson", "practices.geojson"} <= names
    assert {f"{table}.{form}" for table in tables for form in ("csv", "parquet")} <= names
