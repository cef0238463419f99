"""On every day on which a parameter or a rule changes, and the day before, a plan can be made and keeps its sums."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from fordel.law import Lawbook, NotInForce, changes
from fordel.plan import LEVELS, Plan, make_plan
from fordel.professions import GP
from fordel.tables import Tables

BOOK = Lawbook.shipped()
MODEL = date(2025, 7, 1)
CHANGES = sorted({change.day for change in changes(BOOK)})
DAYS = sorted({d for day in CHANGES for d in (day - timedelta(days=1), day) if d >= MODEL} | {date(2035, 2, 1)})


def whole(plan: Plan) -> None:
    """Every level has the same sums, binding ceilings are whole, and each rule applied was in force."""
    for column in ("people", "ceiling", "capacities_released"):
        assert plan.areas.group_by("level").agg(pl.col(column).sum())[column].n_unique() == 1, column
    assert set(plan.areas["level"]) == set(LEVELS)
    assert plan.areas.filter(level="municipality")["binding_level"].null_count() == 0
    covered = plan.areas.filter("binding").select(pl.col("people").sum()).item()
    assert covered == plan.areas.row(0, named=True)["people"], "every citizen lives in exactly one area that binds"
    assert plan.practices["closing_minimum"].null_count() <= plan.practices.filter(pl.col("patients") == 0).height


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_plan_of_the_country_with_everything_is_whole(rich_country: Tables, day: date) -> None:
    plan = make_plan(BOOK.on(day), rich_country, GP)
    whole(plan)
    assert all(used.since <= day for used in plan.trace.rules)


@pytest.mark.parametrize("day", [day for day in CHANGES if day < MODEL], ids=str)
def test_before_the_model_there_is_no_plan_and_the_message_says_when(rich_country: Tables, day: date) -> None:
    with pytest.raises(NotInForce, match="2025-07-01"):
        make_plan(BOOK.on(day), rich_country, GP)


@pytest.mark.slow
def test_a_plan_of_the_demo_is_whole_on_every_day_of_change(demo_tables: Tables) -> None:
    for day in DAYS:
        whole(make_plan(BOOK.on(day), demo_tables, GP))
