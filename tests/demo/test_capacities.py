"""The demo's made-up register agrees with its snapshot and is the same each time."""

from __future__ import annotations

import itertools
from datetime import date

import polars as pl
import pytest

from fordel.casework.capacity import practices_on, read_events, state_on, timeline
from fordel.casework.record import record
from fordel.demo.capacities import Register, make_register
from fordel.tables import Tables

DAY = date(2020, 10, 1)


@pytest.fixture(scope="module")
def whole(small_country: Tables) -> pl.DataFrame:
    """The small country's practices without halves."""
    return small_country.practices.with_columns(pl.col("^capacities_.*$").floor())


@pytest.fixture(scope="module")
def register(whole: pl.DataFrame) -> Register:
    return make_register(whole, DAY)


def test_practices_hold_and_fill_what_the_snapshot_says(whole: pl.DataFrame, register: Register) -> None:
    assert practices_on(whole, read_events(register.events), register.shares, DAY).equals(whole)


def test_the_register_keeps_its_own_rules(register: Register) -> None:
    events = read_events(register.events)
    assert record([], events, []) == events
    assert max(event.valid_on for event in events) <= DAY
    assert max(event.recorded_at.date() for event in events) <= DAY
    lives = timeline(events)
    forward = itertools.pairwise(lives)
    assert all(a.valid_on <= b.valid_on for a, b in forward if a.capacity_id == b.capacity_id)


def test_the_register_is_the_same_each_time(whole: pl.DataFrame, register: Register) -> None:
    again = make_register(whole.sample(fraction=1, shuffle=True, seed=1), DAY)
    assert again.events.equals(register.events)
    assert again.shares.equals(register.shares)
    assert again.ownerships.equals(register.ownerships)


def test_it_says_that_it_is_made_up(register: Register) -> None:
    assert register.events["ground"].unique().to_list() == ["Syntetisk"]


@pytest.mark.slow
def test_the_whole_demo_register(demo_tables: Tables) -> None:
    register = make_register(demo_tables.practices, demo_tables.snapshot_date)
    events = read_events(register.events)
    day = demo_tables.snapshot_date
    assert practices_on(demo_tables.practices, events, register.shares, day).equals(demo_tables.practices)
    assert set(state_on(events, day)["state"].unique()) == {"filled", "vacant", "taken_back"}
    assert {"annul", "return", "take_back"} <= set(register.events["move"].unique())
    owned = register.ownerships.group_by("doctor_id").agg(owned=pl.len())["owned"]
    assert owned.max() == 4, "one owner above the limit, so that there is something to look at"
