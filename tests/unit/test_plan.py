from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from fordel.law import Lawbook, LawError, NotInForce
from fordel.plan import Plan, make_plan
from fordel.professions import GP
from fordel.runs.execute import execute
from fordel.runs.record import Run
from fordel.tables import Tables
from small_country import small_country_frames, small_country_tables


def plan_on(tables: Tables, day: date, total: int | None = None, **settings: str) -> Plan:
    law = Lawbook.shipped().on(day)
    for name, value in settings.items():
        law = law.setting(name, value, source="Assumption: test")
    return make_plan(law, tables, GP, total=total)


def by_level(plan: Plan, column: str) -> dict[str, float]:
    return dict(plan.areas.group_by("level").agg(pl.col(column).sum()).iter_rows())


def test_before_the_model_the_plan_says_when_it_starts(small_country: Tables) -> None:
    with pytest.raises(NotInForce, match="--on 2025-07-01"):
        plan_on(small_country, date(2025, 6, 30))


@pytest.mark.parametrize("day", [date(2025, 7, 1), date(2026, 1, 31)])
def test_the_uniform_limit_holds_until_the_practices_own(small_country: Tables, day: date) -> None:
    practices = plan_on(small_country, day).practices
    limits = practices.filter(pl.col("closing_minimum") != (1600 * pl.col("capacities_released")))
    assert limits.is_empty()


def test_from_february_2026_each_practice_has_its_own_limit(small_country: Tables) -> None:
    practices = plan_on(small_country, date(2026, 2, 1)).practices
    assert practices["closing_minimum"].equals(practices["practice_minimum"].alias("closing_minimum"))
    assert practices["closing_minimum"].n_unique() > 5


def test_from_2027_councils_bind_and_two_regions_are_one(small_country: Tables) -> None:
    areas = plan_on(small_country, date(2027, 1, 1)).areas
    assert areas.filter(level="region")["area_id"].to_list() == ["region-midtjylland", "region-oestdanmark"]
    assert areas.filter("binding")["level"].unique().to_list() == ["health_council"]
    assert areas.filter(level="municipality")["releasable"].null_count() == 7
    councils = areas.filter(level="health_council")
    assert councils["releasable"].equals(councils["headroom"].alias("releasable"))


def test_where_levels_differ_a_region_tells_its_own_and_the_nation_none(small_country: Tables) -> None:
    areas = plan_on(small_country, date(2026, 2, 1)).areas
    levels = dict(
        areas.filter(pl.col("level").is_in(["nation", "region"])).select("area_id", "binding_level").iter_rows()
    )
    assert levels == {
        "dk": None,
        "region-hovedstaden": "health_council",
        "region-midtjylland": "municipality",
        "region-sjaelland": "municipality",
    }


@pytest.mark.parametrize("total", [0, 1, 3, 22, 3326])
@pytest.mark.parametrize("method", ["webster", "hamilton", "quota", "adams", "jefferson", "huntington_hill"])
def test_a_total_is_kept_on_every_level(small_country: Tables, total: int, method: str) -> None:
    plan = plan_on(small_country, date(2026, 2, 1), total, apportionment_method=method)
    assert by_level(plan, "ceiling") == dict.fromkeys(("nation", "region", "health_council", "municipality"), total)


@pytest.mark.parametrize("level", ["region", "health_council", "municipality"])
def test_any_level_may_bind(small_country: Tables, level: str) -> None:
    areas = plan_on(small_country, date(2027, 1, 1), binding_level=level).areas
    assert areas.filter("binding")["level"].unique().to_list() == [level]
    assert areas.row(0, named=True)["releasable"] == areas.filter("binding")["headroom"].sum()


def test_a_level_that_cannot_bind_is_refused(small_country: Tables) -> None:
    with pytest.raises(LawError, match="use one of region, health_council, municipality"):
        plan_on(small_country, date(2027, 1, 1), binding_level="nation")


@pytest.mark.parametrize("column", ["people", "weighted_citizens", "capacities_released", "capacities_filled"])
def test_sums_are_kept_on_every_level(small_country: Tables, column: str) -> None:
    sums = by_level(plan_on(small_country, date(2026, 2, 1)), column)
    assert sums == pytest.approx(dict.fromkeys(sums, sums["nation"]), rel=1e-12)


def test_capacities_people_and_weights_are_those_of_the_snapshot(small_country: Tables) -> None:
    nation = plan_on(small_country, date(2026, 2, 1)).areas.row(0, named=True)
    assert nation["capacities_released"] == small_country.practices["capacities_released"].sum() == 21.0
    assert nation["capacities_filled"] == small_country.practices["capacities_filled"].sum() == 19.5
    assert nation["capacities_vacant"] == 1.5
    assert nation["people"] == small_country.population["people"].sum() == 35_000
    assert nation["mean_weight"] == pytest.approx(1.0, abs=1e-12)
    choices = [nation[f"people_{many}"] for many in ("no_choice", "one_choice", "two_choices")]
    assert sum(choices) == small_country.demand_points["people"].sum() == 35_000


def test_a_municipality_without_practices_is_there_with_no_capacity(small_country: Tables) -> None:
    samsoe = plan_on(small_country, date(2026, 2, 1)).areas.row(by_predicate=pl.col("name") == "Samsø", named=True)
    assert samsoe["capacities_released"] == 0
    assert samsoe["people_no_choice"] == samsoe["people"] == 377


def test_an_empty_list_has_no_weight_and_no_minimum(small_run: Run) -> None:
    empty = small_run.practices.row(by_predicate=pl.col("practice_id") == "036002", named=True)
    for column in ("mean_weight", "indicative_minimum", "practice_minimum", "closing_minimum", "may_close"):
        assert empty[column] is None
    assert (empty["patients"], empty["weighted_patients"]) == (0, 0.0)


def test_a_vacant_capacity_counts_against_the_ceiling_unless_the_parameter_says_no(small_country: Tables) -> None:
    law = Lawbook.shipped().on(date(2026, 2, 1))
    counted = make_plan(law, small_country, GP).areas
    free = make_plan(
        law.setting("release_counts_vacant", value=False, source="Assumption: test"), small_country, GP
    ).areas
    lolland = pl.col("area_id") == "0360"
    assert counted.row(by_predicate=lolland, named=True)["headroom"] == 1.0
    assert free.row(by_predicate=lolland, named=True)["headroom"] == 2.0


def test_a_practice_without_doctor_or_intake_is_no_choice(small_run: Run) -> None:
    nakskov = small_run.places.filter(pl.col("cell_id") == "1km_6087_631")
    assert nakskov["open_choices"].to_list() == [0]  # only the vacant practice lies within 15 km
    vig = small_run.places.filter(pl.col("cell_id") == "1km_6190_650")
    assert vig["open_choices"].to_list() == [1]  # the closed practice next door is none


def test_a_municipality_nobody_lives_in_has_no_mean_weight() -> None:
    frames = small_country_frames()
    away = pl.when(pl.col("municipality") == "0741").then(0).otherwise("people")
    population = frames["population"].with_columns(people=away)
    samsoe = pl.col("municipality") == "0741"
    registrations = frames["registrations"].filter(~samsoe)
    points = frames["demand_points"].filter(~samsoe)
    tables = small_country_tables(population=population, registrations=registrations, demand_points=points)
    for day in (date(2026, 2, 1), date(2027, 1, 1)):
        row = plan_on(tables, day).areas.row(by_predicate=pl.col("area_id") == "0741", named=True)
        assert (row["mean_weight"], row["need"], row["ceiling"]) == (None, 0.0, 0)


def test_no_practice_at_all() -> None:
    frames = small_country_frames()
    tables = small_country_tables(practices=frames["practices"].clear(), registrations=frames["registrations"].clear())
    plan = plan_on(tables, date(2026, 2, 1))
    assert plan.practices.is_empty()
    assert plan.areas.row(0, named=True)["people_no_choice"] == 35_000


@pytest.mark.parametrize("whole_level", ["health_council", "region"])
def test_a_municipality_that_lies_nowhere_is_named(whole_level: str) -> None:
    parts = small_country_frames()["area_parts"]
    lost = (pl.col("part_id") == "0360") & (pl.col("whole_level") == whole_level)
    with pytest.raises(LawError, match="exactly one health council and one region: 0360"):
        plan_on(small_country_tables(area_parts=parts.filter(~lost)), date(2026, 2, 1))


def test_a_municipality_that_lies_in_two_councils_is_named() -> None:
    parts = small_country_frames()["area_parts"]
    twice = parts.filter(pl.col("part_id") == "0360", pl.col("whole_level") == "health_council").with_columns(
        whole_id=pl.lit("sundhedsraad-aarhus"), valid_from=date(2000, 1, 1)
    )
    with pytest.raises(LawError, match="one region: 0360"):
        plan_on(small_country_tables(area_parts=pl.concat([parts, twice])), date(2026, 2, 1))


@pytest.mark.parametrize("table", ["practices", "demand_points"])
def test_a_place_in_an_unknown_municipality_is_refused_rather_than_lost(table: str) -> None:
    frame = small_country_frames()[table].with_columns(
        municipality=pl.col("municipality").str.replace("0360", "0370", literal=True)
    )
    with pytest.raises(LawError, match=f"{table} names municipalities that population lacks: 0370"):
        plan_on(small_country_tables(**{table: frame}), date(2026, 2, 1))


def test_an_area_without_a_name_is_refused() -> None:
    areas = small_country_frames()["areas"].filter(pl.col("area_id") != "sundhedsraad-aarhus")
    with pytest.raises(LawError, match="areas has no health_council valid on 2026-02-01 for sundhedsraad-aarhus"):
        plan_on(small_country_tables(areas=areas), date(2026, 2, 1))


def test_a_negative_total_is_refused(small_country: Tables) -> None:
    with pytest.raises(LawError, match="The total is -1"):
        plan_on(small_country, date(2026, 2, 1), -1)


def test_the_trace_names_the_binding_level_of_each_region(small_run: Run) -> None:
    used = {u.authority: u.parameters[0].value for u in small_run.rules if u.rule == "allocation.binding_level"}
    assert used == {
        "region-hovedstaden": "health_council",
        "region-midtjylland": "municipality",
        "region-sjaelland": "municipality",
    }


def test_the_order_of_rows_never_matters(small_country: Tables, small_run: Run) -> None:
    for seed in range(3):
        shuffled = {
            name: frame.sample(fraction=1.0, shuffle=True, seed=seed) for name, frame in small_country_frames().items()
        }
        assert execute(small_country_tables(**shuffled), day=date(2026, 2, 1)).manifest == small_run.manifest
