"""Exceptions, growth, alerts and planning below the ceiling: beside the numbers, never in them."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from fordel.law import Lawbook
from fordel.plan import Plan, make_plan
from fordel.professions import GP
from fordel.publish.explain import explain_area
from fordel.runs.record import Run
from fordel.tables import Tables
from rich_country import decisions, districts, forecasts, rich_country_tables
from small_country import small_country_tables

DAY, LAST, AFTER = date(2026, 2, 1), date(2026, 12, 31), date(2027, 1, 1)


def plan_on(tables: Tables, day: date = DAY, **settings: object) -> Plan:
    law = Lawbook.shipped().on(day)
    for name, value in settings.items():
        law = law.setting(name, value, source="Assumption: test")  # type: ignore[arg-type]
    return make_plan(law, tables, GP)


def decided(kind: str, area: str, value: float, since: date, until: date | None = None) -> Tables:
    return small_country_tables(decisions=decisions(("d1", f"exception_{kind}", area, value, since, until)))


def standing(plan: Plan) -> str:
    return str(plan.exceptions["standing"].item())


def of(frame: pl.DataFrame, area: str, column: str) -> object:
    return frame.row(by_predicate=pl.col("area_id") == area, named=True)[column]


@pytest.mark.parametrize(
    ("kind", "area", "until", "day", "said"),
    [
        ("island", "0400", None, DAY, "counts"),
        ("island", "0400", None, LAST, "counts"),
        ("island", "0400", None, AFTER, "not_in_law"),
        ("island", "0101", None, DAY, "not_in_law"),
        ("island", "sundhedsraad-hovedstaden", None, DAY, "counts"),
        ("island", "0400", date(2026, 2, 1), DAY, "ended"),
        ("island", "0400", None, date(2025, 8, 1), "not_begun"),
        ("extraordinary", "0360", date(2026, 6, 1), DAY, "counts"),
        ("extraordinary", "0360", None, DAY, "not_in_law"),
        ("extraordinary", "region-sjaelland", date(2028, 1, 1), AFTER, "no_such_area"),
        ("growth", "0751", None, DAY, "counts_unshown"),
    ],
)
def test_an_exception_has_a_standing_on_the_day(kind: str, area: str, until: date | None, day: date, said: str) -> None:
    plan = plan_on(decided(kind, area, 1.0, date(2026, 1, 15), until), day)
    assert standing(plan) == said
    expected = 1.0 if said.startswith("counts") else 0.0
    assert of(plan.areas, "dk", "exception_capacities") == expected


def test_an_exception_stands_beside_ceiling_and_headroom_and_sums_upwards(small_country: Tables) -> None:
    without = plan_on(small_country).areas
    plan = plan_on(decided("island", "0400", 1.5, date(2026, 1, 1)))
    beside = ["exception_capacities"]
    assert plan.areas.drop(beside).equals(without.drop(beside))
    found = plan.areas.filter(pl.col("exception_capacities") > 0)["area_id"].to_list()
    assert found == ["dk", "region-hovedstaden", "sundhedsraad-hovedstaden", "0400"]
    assert plan.areas.filter(pl.col("exception_capacities") > 0)["exception_capacities"].unique().to_list() == [1.5]


def test_growth_is_computed_from_the_newest_forecast_against_the_models() -> None:
    tables = small_country_tables(forecasts=forecasts({"0751": 3_400, "0360": -500}))
    areas = plan_on(tables).areas
    weight = of(areas, "0751", "mean_weight")
    assert isinstance(weight, float)
    assert of(areas, "0751", "growth_capacities") == int(3_400 * weight / 1600) == 1
    assert of(areas, "0360", "growth_capacities") == 0
    assert of(areas, "dk", "growth_capacities") == int(2_900 / 1600)
    assert of(plan_on(tables, growth_exception_above=0.5).areas, "0751", "growth_capacities") == 0


def test_growth_of_another_year_or_with_a_forecast_missing_is_unknown() -> None:
    assert plan_on(small_country_tables(forecasts=forecasts({}, 2030))).areas["growth_capacities"].null_count() == 15
    lacking = forecasts({"0751": 3_400}).filter(~((pl.col("municipality") == "0741") & (pl.col("forecast") == "model")))
    areas = plan_on(small_country_tables(forecasts=lacking)).areas
    unknown = areas.filter(pl.col("growth_capacities").is_null())["area_id"].to_list()
    assert unknown == ["dk", "region-midtjylland", "sundhedsraad-aarhus", "0741"]


@pytest.mark.parametrize(("capacities", "said"), [(1.0, "counts"), (2.0, "counts_unshown")])
def test_a_growth_exception_is_held_against_the_growth_shown(capacities: float, said: str) -> None:
    tables = small_country_tables(
        forecasts=forecasts({"0751": 3_400}),
        decisions=decisions(("d1", "exception_growth", "0751", capacities, date(2026, 1, 1), None)),
    )
    assert standing(plan_on(tables)) == said


def test_bornholm_is_short_in_a_council_without_room_and_may_use_the_island_exception_until_2027(
    small_country: Tables,
) -> None:
    for day, island in ((DAY, True), (LAST, True), (AFTER, False)):
        found = plan_on(small_country, day).alerts.row(0, named=True)
        assert (found["alert"], found["area_id"], found["island"]) == ("short_without_room", "0400", island)
        assert (found["capacities_missing"], found["whole_headroom"]) == (0.5, 0.0)
    told = explain_area(_run(small_country), "0400", "en")
    says = next(step.says for step in told.steps if step.column == "capacities_missing")
    assert says.startswith("Short by its guiding ceiling, but Hovedstaden, whose ceiling binds, has no headroom.")


def test_an_area_short_beyond_its_councils_room_is_told_apart(small_country: Tables) -> None:
    closed = small_country.practices.with_columns(
        capacities_released=pl.when(pl.col("practice_id") == "040001").then(0.5).otherwise("capacities_released"),
        capacities_filled=pl.when(pl.col("practice_id") == "040001").then(0.5).otherwise("capacities_filled"),
    )
    alerts = plan_on(small_country_tables(practices=closed)).alerts
    assert alerts.select("alert", "area_id", "whole_headroom", "missing_in_whole").rows() == [
        ("short_beyond_room", "0400", 1.0, 1.5)
    ]


def test_a_municipality_whose_own_ceiling_binds_raises_no_alert(small_country: Tables) -> None:
    assert set(plan_on(small_country).alerts["area_id"]) <= {"0101", "0147", "0400"}


def test_districts_share_the_municipalitys_ceiling_by_people_or_by_weight(rich_country: Tables) -> None:
    by_people = plan_on(rich_country).planning.filter(level="district")
    copenhagen = plan_on(rich_country).areas.row(by_predicate=pl.col("area_id") == "0101", named=True)
    assert by_people["split_by"].unique().to_list() == ["people"]
    assert by_people["ceiling"].sum() == copenhagen["ceiling"]
    assert by_people["weighted_citizens"].sum() == pytest.approx(copenhagen["weighted_citizens"])
    by_weight = plan_on(rich_country_tables(districts=districts(weighted=True))).planning.filter(level="district")
    assert by_weight["split_by"].unique().to_list() == ["weighted_citizens"]
    assert by_weight["weighted_citizens"].sum() == pytest.approx(copenhagen["weighted_citizens"])


def test_a_planning_area_is_the_sum_of_its_parts(rich_country: Tables) -> None:
    plan = plan_on(rich_country)
    area = plan.planning.row(by_predicate=pl.col("area_id") == "planomraade-byen", named=True)
    assert area["ceiling"] == of(plan.areas, "0101", "ceiling") + of(plan.areas, "0147", "ceiling")  # type: ignore[operator]
    assert (area["split_by"], area["people"], area["headroom"]) == ("people", 16_003, None)


def test_uncounted_districts_are_said_to_be_unknown_and_so_is_their_planning_area(rich_country: Tables) -> None:
    lacking = rich_country_tables(districts=districts().head(1))
    planning = plan_on(lacking).planning
    assert planning["split_by"].to_list() == ["unknown"] * 3
    assert planning["ceiling"].null_count() == 3


def test_a_region_that_does_not_plan_by_district_has_none(rich_country: Tables) -> None:
    assert plan_on(rich_country, AFTER).planning.filter(level="district").is_empty()


def test_the_rich_run_tells_of_its_exceptions(rich_run: Run) -> None:
    told = explain_area(rich_run, "region-midtjylland", "en")
    step = next(step for step in told.steps if step.column == "exception_capacities")
    assert step.arithmetic == "1 (Aarhus: aarhus, supply) = 1"


def _run(tables: Tables) -> Run:
    from fordel.runs.execute import execute

    return execute(tables, day=DAY)
