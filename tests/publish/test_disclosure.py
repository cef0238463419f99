"""Attack every published set of tables with an integer program: no small count may be pinned down."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from fordel.publish.disclosure import least_shown
from fordel.publish.disclosure.areas import COUNTED, hold_back, shown_areas
from fordel.publish.explain import explain_area
from fordel.publish.export import export_run
from fordel.publish.report import write_report
from fordel.runs.record import Run
from small_country import three_without_choice

LEAST = 5
CLASSES = COUNTED[:3]
Cell = tuple[str, str]


def country(counts: list[list[int]], regions: int, councils: int, required: int = 2) -> pl.DataFrame:
    """A country of municipalities, each with its people by class; sums over councils, regions and the nation."""
    rows: list[dict[str, Any]] = []
    for n, classes in enumerate(counts):
        where = {"region": f"region-{n % regions}", "health_council": f"council-{n % (regions * councils)}"}
        rows.append(
            {"level": "municipality", "area_id": f"{n:04}", **where, **dict(zip(CLASSES, classes, strict=True))}
        )
    frame = pl.DataFrame(rows)
    nowhere = {"region": pl.lit(None, pl.String), "health_council": pl.lit(None, pl.String)}
    summed = [pl.col(c).sum() for c in CLASSES]
    wholes = [frame.select(*summed, level=pl.lit("nation"), area_id=pl.lit("dk"), **nowhere)]
    for level in ("region", "health_council"):
        parts = frame.group_by(area_id=level, maintain_order=True).agg(summed)
        wholes.append(parts.with_columns(level=pl.lit(level), **nowhere))
    whole = pl.concat([*wholes, frame], how="diagonal_relaxed")
    return whole.with_columns(
        people=pl.sum_horizontal(CLASSES), people_choice_met=pl.sum_horizontal(CLASSES[required:])
    )


def attack(areas: pl.DataFrame, shown: pl.DataFrame, cell: Cell) -> tuple[int, int]:
    """Give the least and the most a held-back count may be, to one who knows what is shown and that counts are whole.

    Written from what is published alone: every count of every municipality is an unknown, and every number that is
    shown, of whatever area and column, is an equation.
    """
    towns = areas.filter(level="municipality")
    unknown = {(town, c): i for i, (town, c) in enumerate((t, c) for t in towns["area_id"] for c in CLASSES)}
    classes_met = CLASSES[2:] if (areas["people_choice_met"] == areas["people_two_choices"]).all() else CLASSES[1:]
    made_of = {**{c: (c,) for c in CLASSES}, "people": CLASSES, "people_choice_met": classes_met}

    def line(row: dict[str, Any], column: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        here = {"municipality": pl.col("area_id") == row["area_id"], "nation": pl.lit(value=True)}.get(
            row["level"], pl.col(row["level"]) == row["area_id"]
        )
        sums = np.zeros(len(unknown))
        sums[[unknown[town, c] for town in towns.filter(here)["area_id"] for c in made_of[column]]] = 1
        return sums

    known = [(line(r, c), r[c]) for r in shown.to_dicts() for c in made_of if r[c] is not None]
    matrix, right = np.array([k[0] for k in known]), np.array([k[1] for k in known], dtype=float)
    target = line(areas.filter(area_id=cell[0]).row(0, named=True), cell[1])
    ends = []
    for sign in (1, -1):
        found = milp(
            sign * target, constraints=LinearConstraint(matrix, right, right),
            integrality=np.ones(len(unknown), dtype=np.int64), bounds=Bounds(0, np.inf),
        )  # fmt: skip
        assert found.success or found.status == 3, found.message  # 3: without bound
        ends.append(round(sign * found.fun) if found.success else 10**9)
    return ends[0], ends[1]


def small(areas: pl.DataFrame, least: int) -> list[Cell]:
    return [(row["area_id"], c) for row in areas.to_dicts() for c in COUNTED if 0 < row[c] < least]


def could_be_hidden_at_all(areas: pl.DataFrame, cell: Cell, least: int) -> bool:
    """Whether the count would be safe if every count were held back and only the people of areas were shown."""
    nothing = areas.with_columns(pl.lit(None).alias(c) for c in COUNTED)
    low, high = attack(areas, nothing, cell)
    return high - low >= least


counts = st.one_of(st.integers(0, 8), st.integers(0, 3000))
countries = st.lists(st.lists(counts, min_size=3, max_size=3), min_size=2, max_size=8)


@settings(max_examples=40)
@given(countries, st.integers(1, 3), st.integers(1, 2), st.integers(1, 2))
def test_no_small_count_can_be_told_from_a_large_one(
    towns: list[list[int]], regions: int, councils: int, required: int
) -> None:
    areas = country(towns, regions, councils, required)
    shown = hold_back(areas, LEAST)
    for cell in small(areas, LEAST):
        assert cell in shown.held_back
        low, high = attack(areas, shown.areas, cell)
        assert high - low >= LEAST or not could_be_hidden_at_all(areas, cell, LEAST), (cell, low, high)


def test_without_the_second_step_the_attack_succeeds() -> None:
    """The attack itself works: hide the small counts alone, and they are computed."""
    areas = country([[3, 900, 2000], [40, 900, 2000], [50, 800, 1000]], 1, 1)
    first = areas.with_columns(
        pl.when((pl.col(c) > 0) & (pl.col(c) < LEAST)).then(None).otherwise(c).alias(c) for c in COUNTED
    )
    assert attack(areas, first, ("0000", "people_no_choice")) == (3, 3)
    low, high = attack(areas, hold_back(areas, LEAST).areas, ("0000", "people_no_choice"))
    assert low <= 3
    assert high >= 3 + LEAST


def test_nothing_small_means_nothing_held_back() -> None:
    areas = country([[0, 900, 2000], [40, 900, 2000]], 1, 1)
    shown = hold_back(areas, LEAST)
    assert shown.held_back == frozenset()
    assert shown.areas.equals(areas)


def test_few_are_held_back() -> None:
    """One small count among many costs a square of counts per column it touches, not the table."""
    areas = country([[200 + n, 900 + n, 5000] for n in range(12)] + [[2, 700, 6000]], 2, 2)
    held = hold_back(areas, LEAST).held_back
    assert 4 <= len(held) <= 6


def test_what_the_law_does_not_tell_apart_is_held_back() -> None:
    areas = country([[10, 90, 200], [40, 90, 200]], 1, 1).with_columns(people_choice_met=pl.lit(50))
    held = hold_back(areas, LEAST).held_back
    assert held == {(area, "people_choice_met") for area in areas["area_id"]}


@pytest.mark.slow
def test_the_whole_demo_with_a_higher_bar(demo_run: Run) -> None:
    """In the demo nobody is counted among fewer than five; with a bar of 300 there is something to attack."""
    assert shown_areas(demo_run).held_back == frozenset()
    shown = hold_back(demo_run.areas, 300)
    cells = small(demo_run.areas, 300)
    assert len(cells) > 20
    for cell in cells[::6]:
        low, high = attack(demo_run.areas, shown.areas, cell)
        assert high - low >= 300, cell


def test_files_report_and_explanation_hold_the_same_back(small_run: Run, tmp_path: Path) -> None:
    """A run with three people in one class: nothing that is published has the number, nor one it follows from."""
    areas = small_run.areas.with_columns(
        pl.when(pl.col("area_id") == "0751").then(pl.lit(v)).otherwise(pl.col(c)).cast(pl.Int64).alias(c)
        for c, v in zip((*CLASSES, "people_choice_met"), (3, 1797, 7200, 7200), strict=True)
    )
    run = replace(small_run, areas=areas, places=three_without_choice(small_run.places))
    held = shown_areas(run).held_back
    assert ("0751", "people_no_choice") in held
    export_run(run, tmp_path, ["csv", "parquet", "geojson", "xlsx"], lang="en")
    frames = (pl.read_csv(tmp_path / "areas.csv"), pl.read_parquet(tmp_path / "areas.parquet"))
    for frame in frames:
        for area, column in held:
            assert frame.filter(pl.col("area_id").cast(pl.String) == area)[column].to_list() == [None]
    shapes = json.loads((tmp_path / "areas-municipality.geojson").read_text(encoding="utf-8"))
    found = next(f["properties"] for f in shapes["features"] if f["properties"]["area_id"] == "0751")
    assert found["people_no_choice"] is None
    write_report(run, tmp_path / "report")
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    row = next(line for line in page.split("<tr") if 'id="k0751"' in line)
    assert "skjult" in row
    told = [step for step in explain_area(run, "0751", "da").steps if (("0751", step.column) in held)]
    assert len(told) >= 2
    assert all(step.shown == "skjult" and step.value is None and not step.arithmetic for step in told)


def test_the_bar_is_dated_law(small_run: Run) -> None:
    assert least_shown(small_run.manifest.law_date) == LEAST
    assert shown_areas(small_run) is shown_areas(small_run)
