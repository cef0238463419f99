from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from fordel.runs.compare import NotComparable, Recipe, recipe_of, waterfall
from fordel.runs.differences import COMPARED, compare
from fordel.runs.execute import execute
from fordel.runs.record import Run
from fordel.runs.waterfalls import INGREDIENTS
from fordel.tables import Tables
from small_country import small_country_frames, small_country_tables

DAY, BEFORE, MERGED = date(2026, 2, 1), date(2025, 9, 1), date(2027, 1, 1)


def sums(changes: pl.DataFrame, *steps: str) -> None:
    total = changes.select(pl.col("before") + sum(pl.col(step) for step in steps)).to_series()
    assert total.equals(changes["after"].rename(total.name))


def moved(changes: pl.DataFrame) -> set[str]:
    """Which ingredients changed anything."""
    return {name for name in INGREDIENTS if changes[name].ne(0).any()}


def cell(changes: pl.DataFrame, known_as: str, number: str) -> dict[str, Any]:
    return changes.row(by_predicate=(pl.col("known_as") == known_as) & (pl.col("number") == number), named=True)


def grown() -> Tables:
    frames = small_country_frames()
    twice = pl.when(pl.col("municipality") == "0306").then(2).otherwise(1)
    counted = {"population": "people", "demand_points": "people", "registrations": "patients"}
    more = {table: frames[table].with_columns((pl.col(n) * twice).alias(n)) for table, n in counted.items()}
    return small_country_tables(**more)


def test_a_run_beside_itself_has_not_changed(small_run: Run) -> None:
    changes = compare(small_run, small_run)
    assert changes["change"].eq(0).all()
    assert changes["status"].unique().to_list() == ["both"]
    rows = {table: len(numbers) * small_run.frames()[table].height for table, numbers in COMPARED.items()}
    assert changes.height == sum(rows.values())


def test_every_row_adds_up_exactly_in_both_ways(small_country: Tables) -> None:
    a, b = Recipe(small_country, BEFORE), Recipe(grown(), MERGED, 30, (("list_maximum", 1700),))
    steps = waterfall(a, b)
    sums(steps, *INGREDIENTS)
    plain = compare(a.run, b.run)
    sums(plain, "change")
    keys = ["table", "level", "known_as", "number", "status", "before", "after"]
    assert steps.select(keys).equals(plain.select(keys))
    assert moved(steps) == set(INGREDIENTS)


def test_each_ingredient_alone_is_told_as_itself(small_country: Tables) -> None:
    start = Recipe(small_country, DAY)
    assert moved(waterfall(start, Recipe(grown(), DAY))) == {"data"}
    assert moved(waterfall(start, Recipe(small_country, DAY, settings=(("list_maximum", 1700),)))) == {"parameters"}
    assert moved(waterfall(start, Recipe(small_country, DAY, 40))) == {"parameters"}
    assert moved(waterfall(Recipe(small_country, date(2026, 1, 31)), start)) == {"rules"}
    assert moved(waterfall(start, start)) == set()


def test_the_merger_of_2027_is_geography(small_country: Tables) -> None:
    changes = waterfall(Recipe(small_country, DAY), Recipe(small_country, MERGED))
    old, new = cell(changes, "region-sjaelland", "people"), cell(changes, "region-oestdanmark", "people")
    assert (old["status"], old["before"], old["geography"], old["after"]) == ("ended", 7623, -7623, 0)
    assert (new["status"], new["before"], new["geography"], new["after"]) == ("new", 0, 25623, 25623)
    assert cell(changes, "dk", "people")["before"] == cell(changes, "dk", "people")["after"] == Decimal(26_000 + 9_000)


def test_the_end_of_the_uniform_limit_is_a_rule_and_not_a_parameter(small_country: Tables) -> None:
    row = cell(
        waterfall(Recipe(small_country, date(2026, 1, 31)), Recipe(small_country, DAY)), "010101", "closing_minimum"
    )
    assert (row["before"], row["data"], row["parameters"], row["rules"], row["after"]) == (4800, 0, 0, 414, 5214)


def test_a_decision_is_data_even_when_it_begins_after_the_first_day(small_country: Tables) -> None:
    frame = pl.DataFrame(
        [
            {"decision_id": "d", "kind": "minimum_deviation", "area_id": None, "practice_id": "010101", "value": 1500.0}
            | {"ground": "special_functions", "evidence": "A nursing home.", "decided_by": "region-hovedstaden"}
            | {"decided_on": date(2026, 1, 10), "valid_from": DAY, "valid_until": None}
        ],
        schema_overrides={"area_id": pl.String, "valid_until": pl.Date},
    )
    changes = waterfall(Recipe(small_country, BEFORE), Recipe(small_country_tables(decisions=frame), MERGED))
    assert cell(changes, "010101", "minimum_per_capacity")["data"] == 1500 - 1738
    assert cell(changes, "010101", "indicative_minimum")["data"] == 0


def test_a_practice_that_closes_counts_as_nothing_after(small_country: Tables) -> None:
    frames = small_country_frames()
    left = {table: frames[table].filter(pl.col("practice_id") != "036002") for table in ("practices", "registrations")}
    changes = compare(execute(small_country, day=DAY), execute(small_country_tables(**left), day=DAY))
    row = cell(changes, "036002", "capacities_released")
    assert (row["status"], row["before"], row["change"], row["after"]) == ("ended", 1, -1, 0)
    sums(changes, "change")


def test_a_recipe_is_read_back_from_a_run(small_country: Tables) -> None:
    run = execute(
        small_country, day=MERGED, total=30, settings=[("apportionment_method", "hamilton"), ("list_maximum", 2000)]
    )
    recipe = recipe_of(run, small_country)
    assert recipe.total == 30
    assert recipe.settings == (("allocation.apportionment_method", "hamilton"), ("minimum.list_maximum", 2000))
    assert recipe.run.manifest == run.manifest
    assert recipe_of(execute(small_country, day=DAY), small_country).total is None


def test_another_snapshot_or_a_run_that_comes_out_otherwise_is_refused(small_country: Tables, small_run: Run) -> None:
    with pytest.raises(
        NotComparable, match=r"made on Lilleland with fingerprint \w{12}; this snapshot, Lilleland, has"
    ):
        recipe_of(small_run, grown())
    frames = small_run.frames() | {"areas": small_run.areas.with_columns(pl.col("ceiling") + 1)}
    with pytest.raises(NotComparable, match="comes out otherwise today"):
        recipe_of(Run.sealed(small_run.manifest, small_run.rules, **frames), small_country)


@pytest.mark.slow
def test_2026_to_2027_on_the_demo(demo_tables: Tables) -> None:
    """The shipped example: the ceiling binds per health council and two regions become one."""
    changes = waterfall(Recipe(demo_tables, DAY), Recipe(demo_tables, MERGED))
    sums(changes, *INGREDIENTS)
    assert moved(changes) == {"parameters", "geography"}
    regions = changes.filter(level="region", number="releasable")
    assert regions.filter(status="new")["known_as"].to_list() == ["region-oestdanmark"]
    assert sorted(regions.filter(status="ended")["known_as"]) == ["region-hovedstaden", "region-sjaelland"]
