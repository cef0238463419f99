"""Laws of a whole plan."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fordel.runs.execute import execute
from fordel.runs.record import Run
from fordel.tables import Tables
from small_country import small_country_frames, small_country_tables

DAY = date(2026, 2, 1)


def doubled(times: int) -> Tables:
    frames = small_country_frames()
    counted = {"population": "people", "demand_points": "people", "practices": "patients", "registrations": "patients"}
    changed = {name: frames[name].with_columns(pl.col(column) * times) for name, column in counted.items()}
    return small_country_tables(**changed)


@pytest.mark.parametrize("times", [2, 7])
def test_twice_the_people_need_twice_as_much_and_weigh_the_same(small_run: Run, times: int) -> None:
    run = execute(doubled(times), day=DAY)
    for name in ("people", "weighted_citizens", "need"):
        assert run.areas[name].to_list() == pytest.approx((small_run.areas[name] * times).to_list(), rel=1e-12)
    assert run.areas["mean_weight"].to_list() == pytest.approx(small_run.areas["mean_weight"].to_list(), rel=1e-12)
    assert run.practices["indicative_minimum"].equals(small_run.practices["indicative_minimum"])


def split(tables: dict[str, pl.DataFrame], practice_id: str, into: str, share: float) -> dict[str, pl.DataFrame]:
    """Move a share of every group of a practice's list, and one capacity, to a new practice."""
    lists, practices = tables["registrations"], tables["practices"]
    own = pl.col("practice_id") == practice_id
    moved = lists.filter(own).with_columns(
        practice_id=pl.lit(into), patients=(pl.col("patients") * share).floor().cast(pl.Int64)
    )
    moved = moved.filter(pl.col("patients") > 0)
    key = ["municipality", "sex", "age_group"]
    left = lists.filter(own).join(moved.select(*key, gone="patients"), on=key, how="left")
    left = left.with_columns(patients=pl.col("patients") - pl.col("gone").fill_null(0)).drop("gone")
    split_lists = pl.concat([lists.filter(~own), left.filter(pl.col("patients") > 0), moved])
    new = practices.filter(own).with_columns(practice_id=pl.lit(into), capacities_released=1.0, capacities_filled=1.0)
    rest = practices.with_columns(
        pl.when(own).then(pl.col(name) - 1).otherwise(name).alias(name)
        for name in ("capacities_released", "capacities_filled")
    )
    return {**tables, "registrations": split_lists, "practices": pl.concat([rest, new])}


@settings(max_examples=10, deadline=None)
@given(share=st.floats(0, 1), practice_id=st.sampled_from(["010101", "010102", "014701", "075101"]))
def test_splitting_a_practice_conserves_patients_weights_and_the_plan_of_areas(share: float, practice_id: str) -> None:
    whole = execute(small_country_tables(), day=DAY)
    parts = execute(small_country_tables(**split(small_country_frames(), practice_id, "999999", share)), day=DAY)
    before = whole.practices.filter(pl.col("practice_id") == practice_id)
    after = parts.practices.filter(pl.col("practice_id").is_in([practice_id, "999999"]))
    assert after["patients"].sum() == before["patients"].sum()
    assert after["weighted_patients"].sum() == pytest.approx(before["weighted_patients"].sum(), rel=1e-12)
    capacities = ["area_id", "weighted_citizens", "need", "ceiling", "capacities_released", "headroom", "releasable"]
    assert parts.areas.select(capacities).equals(whole.areas.select(capacities))


@settings(max_examples=15, deadline=None)
@given(total=st.integers(0, 500), level=st.sampled_from(["region", "health_council", "municipality"]))
def test_what_may_be_released_is_never_less_than_the_nations_headroom(total: int, level: str) -> None:
    run = execute(small_country_tables(), day=date(2027, 1, 1), total=total, settings=[("binding_level", level)])
    nation = run.areas.row(0, named=True)
    assert nation["ceiling"] == total
    assert nation["releasable"] >= nation["headroom"]
    both = run.areas.filter((pl.col("headroom") > 0) & (pl.col("surplus") > 0))
    assert both.is_empty()
    balance = run.areas["ceiling"] - run.areas["capacities_released"]
    assert (run.areas["headroom"] - run.areas["surplus"]).to_list() == balance.to_list()


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**6), table=st.sampled_from(sorted(small_country_frames())))
def test_the_order_of_rows_of_any_table_never_matters(seed: int, table: str) -> None:
    shuffled = small_country_frames()[table].sample(fraction=1.0, shuffle=True, seed=seed)
    run, other = (execute(t, day=DAY) for t in (small_country_tables(), small_country_tables(**{table: shuffled})))
    assert run.manifest == other.manifest
