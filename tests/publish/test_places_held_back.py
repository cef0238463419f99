"""Attack the tables of areas and of places together: neither small places nor small sums may be pinned down."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from scipy.optimize import Bounds, LinearConstraint, milp

from fordel.publish.disclosure import least_shown, shown_areas, shown_places, shown_practices
from fordel.publish.disclosure.areas import COUNTED, Shown, hold_back
from fordel.publish.disclosure.places import hold_back_places, places_in, unprotected_sums
from fordel.publish.explain import as_plain, as_text, explain_practice
from fordel.publish.export import export_run
from fordel.runs.record import Run
from publish.test_disclosure import CLASSES, country
from small_country import three_without_choice

LEAST = 5


def of_towns(towns: list[list[list[int]]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Places by town and class, and the areas they make up."""
    rows = [
        {"municipality": f"{n:04}", "people": people, "open_choices": choices}
        for n, classes in enumerate(towns)
        for choices, places in enumerate(classes)
        for people in places
    ]
    schema = {"municipality": pl.String, "people": pl.Int64, "open_choices": pl.Int64}
    return pl.DataFrame(rows, schema=schema), country([[sum(places) for places in classes] for classes in towns], 2, 1)


def held(places: pl.DataFrame, areas: pl.DataFrame, least: int) -> tuple[Shown, pl.DataFrame]:
    shown = hold_back(areas, least, sensitive=unprotected_sums(places, least), at_least=places_in(places))
    return shown, hold_back_places(places, shown.held_back, least)


def attack(
    places: pl.DataFrame, areas: pl.DataFrame, shown_places: pl.DataFrame, shown: pl.DataFrame, target: list[int]
) -> tuple[int, int]:
    """Give the least and the most that some places can have in all, from what is published alone.

    Everybody lives in a place; in each there is somebody; whole people. How many live in a municipality is known.
    """
    towns, choices = places["municipality"].to_numpy(), places["open_choices"].clip(0, 2).to_numpy()
    known: list[tuple[Any, int]] = []
    for at, people in enumerate(shown_places["people"]):
        if people is not None:
            known.append((np.arange(places.height) == at, people))
    region_of = dict(areas.filter(level="municipality").select("area_id", "region").iter_rows())
    council_of = dict(areas.filter(level="municipality").select("area_id", "health_council").iter_rows())
    for row in shown.to_dicts():
        within = {
            "municipality": towns == row["area_id"],
            "region": np.array([region_of[town] == row["area_id"] for town in towns], dtype=bool),
            "health_council": np.array([council_of[town] == row["area_id"] for town in towns], dtype=bool),
            "nation": np.ones(len(towns), dtype=bool),
        }[row["level"]]
        of = {c: within & (choices == n) for n, c in enumerate(CLASSES)}
        of |= {"people": within, COUNTED[-1]: within & (choices == 2)}
        known += [(flags, row[name]) for name, flags in of.items() if row[name] is not None]
    matrix, right = np.array([flags for flags, _ in known], dtype=float), np.array([n for _, n in known], dtype=float)
    sought = np.zeros(places.height)
    sought[target] = 1
    ends = []
    for sign in (1, -1):
        found = milp(
            sign * sought, constraints=LinearConstraint(matrix, right, right),
            integrality=np.ones(places.height, dtype=np.int64), bounds=Bounds(1, np.inf),
        )  # fmt: skip
        assert found.success, found.message
        ends.append(round(sign * found.fun))
    return ends[0], ends[1]


def all_hidden(areas: pl.DataFrame) -> pl.DataFrame:
    return areas.with_columns(pl.lit(None).alias(c) for c in COUNTED)


people = st.lists(st.one_of(st.integers(1, 7), st.integers(1, 400)), max_size=5)
towns = st.lists(st.lists(people, min_size=3, max_size=3), min_size=2, max_size=5).filter(
    lambda found: any(places for classes in found for places in classes)
)


@settings(max_examples=40, deadline=None)
@given(towns)
@example([[[], [6], [1]], [[], [], []], [[], [], [92]]])  # where no place is, nobody can be thought to be counted
def test_no_small_place_and_no_small_sum_can_be_told_from_a_larger_one(found: list[list[list[int]]]) -> None:
    places, areas = of_towns(found)
    shown, of_places = held(places, areas, LEAST)
    nothing = places.with_columns(people=pl.lit(None, pl.Int64))
    for at, count in enumerate(places["people"]):
        if count < LEAST:
            assert of_places["people"][at] is None
            low, high = attack(places, areas, of_places, shown.areas, [at])
            best = attack(places, areas, nothing, all_hidden(areas), [at])
            assert high >= count + LEAST or high == best[1], (at, count, (low, high), best)
    for town, name in ((row["area_id"], c) for row in areas.filter(level="municipality").to_dicts() for c in CLASSES):
        inside = (places["municipality"] == town) & (places["open_choices"] == CLASSES.index(name))
        if 0 < (count := int(places.filter(inside)["people"].sum())) < LEAST:
            rows = inside.arg_true().to_list()
            low, high = attack(places, areas, of_places, shown.areas, rows)
            best = attack(places, areas, nothing, all_hidden(areas), rows)
            assert high >= count + LEAST or high == best[1], (town, name, count, (low, high), best)


def test_without_the_second_step_a_place_is_computed() -> None:
    """The attack works: with the small places alone hidden, a sum gives the one there is away."""
    places, areas = of_towns([[[], [], [3, 40, 60]], [[], [10], [50]]])
    alone = places.with_columns(people=pl.when(pl.col("people") < LEAST).then(None).otherwise(pl.col("people")))
    assert attack(places, areas, alone, areas, [0]) == (3, 3)
    shown, of_places = held(places, areas, LEAST)
    assert of_places["people"].to_list() == [None, None, 60, 10, 50]
    low, high = attack(places, areas, of_places, shown.areas, [0])
    assert low < 3 + LEAST <= high


def test_a_group_too_small_hides_its_sum() -> None:
    """Two places of three people: 6 in all says too much of each, so the sum is hidden among the areas as well."""
    places, areas = of_towns([[[], [3, 3], [80, 900]], [[], [70], [500]], [[], [60], [400]]])
    shown, of_places = held(places, areas, LEAST)
    assert ("0000", "people_one_choice") in shown.held_back
    assert of_places["people"][:2].to_list() == [None, None]
    assert attack(places, areas, of_places, shown.areas, [0])[1] >= 3 + LEAST


def test_nothing_small_means_nothing_held_back() -> None:
    places, areas = of_towns([[[5], [30, 40], [80, 900]], [[], [70], [500]]])
    shown, of_places = held(places, areas, LEAST)
    assert shown.held_back == frozenset()
    assert of_places.equals(places)


@pytest.mark.slow
def test_the_places_of_the_demo(demo_run: Run) -> None:
    """One place in seven is small, and few others are hidden for its sake; the sums stay as they were."""
    places, shown = demo_run.places, shown_places(demo_run)
    hidden, small = shown["people"].is_null(), places["people"] < least_shown(demo_run.manifest.law_date)
    assert (hidden | ~small).all()
    count, of_these = int(hidden.sum()), int(small.sum())
    assert 0 < of_these <= count < 1.03 * of_these
    assert shown_areas(demo_run).held_back == frozenset()


def test_files_hold_places_back_unless_they_are_asked_for(small_run: Run, tmp_path: Path) -> None:
    run = replace(small_run, places=three_without_choice(small_run.places))
    held_back = export_run(run, tmp_path / "held", ["csv", "parquet", "geojson", "xlsx"])
    whole = export_run(run, tmp_path / "whole", ["csv", "parquet", "geojson", "xlsx"], small_counts=True)
    assert [path.name for path in held_back] == [path.name for path in whole]
    for folder, expected in (("held", None), ("whole", 3)):
        tables = [pl.read_csv(tmp_path / folder / "places.csv", schema_overrides={"municipality": pl.String})]
        tables.append(pl.read_parquet(tmp_path / folder / "places.parquet"))
        points = json.loads((tmp_path / folder / "places.geojson").read_text(encoding="utf-8"))
        tables.append(pl.DataFrame([feature["properties"] for feature in points["features"]]))
        for table in tables:
            row = table.filter(pl.col("municipality") == "0751", pl.col("open_choices") == 0)
            assert row["people"].to_list() == [expected]
        names, at = run.places.columns, {name: n for n, name in enumerate(run.places.columns)}
        rows = CalamineWorkbook.from_path(tmp_path / folder / "plan.xlsx").get_sheet_by_index(3).to_python()
        assert len(rows[0]) == len(names)
        own = [r for r in rows[1:] if r[at["municipality"]] == "0751" and r[at["open_choices"]] == 0]
        assert [r[at["people"]] for r in own] == [expected or ""]


def test_a_list_of_few_tells_nothing_of_their_need(small_run: Run, tmp_path: Path) -> None:
    known_as = small_run.practices.filter(pl.col("patients") > 0)["practice_id"][0]
    few = pl.when(pl.col("practice_id") == known_as).then(pl.lit(4, pl.Int64)).otherwise(pl.col("patients"))
    run = replace(small_run, practices=small_run.practices.with_columns(patients=few))
    row = shown_practices(run).filter(practice_id=known_as).row(0, named=True)
    assert row["patients"] == 4
    assert all(row[name] is None for name in ("mean_weight", "weighted_patients", "closing_minimum"))
    export_run(run, tmp_path, ["csv"])
    written = pl.read_csv(tmp_path / "practices.csv", schema_overrides={"practice_id": pl.String})
    assert written.filter(practice_id=known_as)["mean_weight"].to_list() == [None]
    told = explain_practice(run, known_as, "da")
    assert told.steps == ()
    assert "færre end 5 tilmeldte" in as_text(told)
    assert "færre end 5 tilmeldte" in as_plain(told)
