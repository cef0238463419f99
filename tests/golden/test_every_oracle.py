"""Every published figure has a test that uses it, or a reason why it cannot be used (oracles.toml)."""

from __future__ import annotations

import ast
import tomllib
from datetime import date
from math import isclose
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from fordel.demo.areas import area_parts
from fordel.law import Lawbook
from fordel.minimum import escalates, indicative_minimum
from fordel.runs.execute import execute
from fordel.runs.record import Run
from small_country import small_country_frames, small_country_tables

ROOT = Path(__file__).resolve().parents[2]
ORACLES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "oracles.toml").read_text(encoding="utf-8"))[
    "oracle"
]
DAY = date(2026, 2, 1)


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda o: o["figure"])
def test_a_figure_is_used_or_told_why_not(oracle: dict[str, Any]) -> None:
    assert oracle["source"].strip()
    assert set(oracle) in ({"figure", "source", "tests"}, {"figure", "source", "why"})
    assert oracle.get("why", "because").strip()
    for name in oracle.get("tests", ["tests/golden/test_every_oracle.py::test_a_figure_is_used_or_told_why_not"]):
        file, _, test = name.partition("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert test in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, name


def test_no_figure_is_listed_twice() -> None:
    assert len({oracle["figure"] for oracle in ORACLES}) == len(ORACLES)


def council_sizes() -> dict[str, int]:
    parts = area_parts()
    within = parts.filter((pl.col("part_level") == "municipality") & (pl.col("whole_level") == "health_council"))
    return dict(within.group_by("whole_id").agg(pl.col("part_id").n_unique()).iter_rows())


def test_seventeen_councils_share_ninety_eight_municipalities() -> None:
    assert sorted(council_sizes().values()) == sorted([3, 9, 8, 9, 9, 8, 7, 4, 2, 4, 4, 3, 6, 10, 4, 4, 4])
    assert sum(council_sizes().values()) == 98


def test_region_sjaelland_has_seventeen_municipalities_in_two_councils() -> None:
    sizes = council_sizes()
    assert (sizes["sundhedsraad-oestsjaelland-oerne"], sizes["sundhedsraad-midt-vestsjaelland"]) == (9, 8)


def test_the_nation_has_weight_one_and_its_patients_need_what_they_are(small_run: Run) -> None:
    nation = small_run.areas.row(0, named=True)
    assert isclose(nation["mean_weight"], 1, rel_tol=1e-12)
    one = pl.DataFrame({"w": [1.0]}).select(Lawbook.shipped().on(DAY).apply(indicative_minimum, pl.col("w"))).item()
    assert one == 1600


def test_with_equal_weights_need_is_people_by_the_norm() -> None:
    flat = small_country_frames()["need_weights"].with_columns(coefficient=pl.lit(2.0))
    areas = execute(small_country_tables(need_weights=flat), day=DAY).areas
    assert all(
        isclose(need, people / 1600, rel_tol=1e-12) for need, people in areas.select("need", "people").iter_rows()
    )


def test_the_rule_of_escalation_is_exact_at_its_boundary() -> None:
    law = Lawbook.shipped().on(DAY).setting("escalation_adopted", value=True, source="Assumption: adopted")
    frame = pl.DataFrame({"wish": [1500, 1500], "announced": [1660, 1661], "patients": [1600, 1600]})
    columns = (pl.col(name) for name in frame.columns)
    assert frame.select(law.apply(escalates, *columns)).to_series().to_list() == [False, True]


@pytest.mark.parametrize(("active", "on_the_way", "printed"), [(1047, 51, 1098), (1070, 37, 1107)])
def test_active_and_awarded_capacities_make_the_printed_total(active: int, on_the_way: int, printed: int) -> None:
    """A practice's released capacities are the filled and the vacant ones: the same sum, in a run."""
    practices = small_country_frames()["practices"].with_columns(
        capacities_released=pl.when(pl.col("practice_id") == "010101").then(float(active + on_the_way)).otherwise(0.0),
        capacities_filled=pl.when(pl.col("practice_id") == "010101").then(float(active)).otherwise(0.0),
    )
    nation = execute(small_country_tables(practices=practices), day=DAY).areas.row(0, named=True)
    assert (nation["capacities_filled"], nation["capacities_vacant"]) == (active, on_the_way)
    assert nation["capacities_released"] == printed
