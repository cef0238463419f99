"""Straight lines over water: by hand, against shapely, and whose choices hang on them."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from fordel.coverage import Locations
from fordel.coverage.choices import choices_by
from fordel.coverage.matrix import cover_of
from fordel.coverage.options import Citizen, options_for
from fordel.coverage.survey import survey
from fordel.coverage.tree import TreeEngine
from fordel.coverage.water import SIDE, Land, dry_choices
from fordel.law import Lawbook

LAW = Lawbook.shipped().on(date(2026, 2, 1))
WEST, SOUTH = 600e3, 6_150e3


def shapes(*boxes: tuple[float, float, float, float]) -> pl.DataFrame:
    """Lay out land in boxes: west, south, east, north in kilometres."""
    at = np.array([WEST, SOUTH, WEST, SOUTH])
    found = [shapely.MultiPolygon([shapely.box(*(at + 1000 * np.array(box)))]).wkb for box in boxes]
    return pl.DataFrame({"geometry": found}, schema={"geometry": pl.Binary})


def point(east: float, north: float) -> np.ndarray:
    return np.array([[WEST + 1000 * east, SOUTH + 1000 * north]])


FJORD = shapes((0, 0, 10, 20), (12, 0, 30, 20), (10, 18, 12, 20))


@pytest.mark.parametrize(
    ("here", "there", "crossed"),
    [
        ((5, 5), (20, 5), True),  # over the fjord, 2 km wide
        ((5, 19), (20, 19), False),  # around its end, where two lands touch
        ((5, 5), (9, 15), False),
        ((9.9, 5), (10.7, 5), False),  # out on the water, not as far as the stretch
        ((5, 5), (5, 5), False),
    ],
)
def test_a_line_over_a_fjord_is_marked(here: tuple[float, float], there: tuple[float, float], *, crossed: bool) -> None:
    land = Land.of(FJORD)
    assert land is not None
    for a, b in ((here, there), (there, here)):
        assert land.crossed(point(*a), point(*b), 1_000.0).tolist() == [crossed]


def test_a_fjord_narrower_than_the_stretch_is_no_water_and_a_lake_is() -> None:
    land = Land.of(FJORD)
    assert land is not None
    assert land.crossed(point(5, 5), point(20, 5), 3_000.0).tolist() == [False]
    hole = shapely.Polygon(
        shapely.box(WEST, SOUTH, WEST + 20e3, SOUTH + 20e3).exterior,
        [shapely.box(WEST + 8e3, SOUTH + 8e3, WEST + 12e3, SOUTH + 12e3).exterior],
    )
    lake = Land.of(pl.DataFrame({"geometry": [shapely.MultiPolygon([hole]).wkb]}))
    assert lake is not None
    assert lake.crossed(point(2, 10), point(18, 10), 1_000.0).tolist() == [True]
    assert lake.crossed(point(2, 5), point(18, 5), 1_000.0).tolist() == [False]


def test_without_shapes_nothing_is_known() -> None:
    assert Land.of(shapes()) is None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.floats(0.5, 29.5)] * 4), min_size=1, max_size=20))
def test_lines_agree_with_shapely(lines: list[tuple[float, float, float, float]]) -> None:
    land = Land.of(FJORD)
    assert land is not None
    whole = shapely.union_all(shapely.from_wkb(FJORD["geometry"].to_numpy()))
    ends = WEST + 1000 * np.array(lines)[:, ::2], SOUTH + 1000 * np.array(lines)[:, 1::2] * (19 / 30)
    here, there = (np.column_stack([ends[0][:, side], ends[1][:, side]]) for side in (0, 1))
    found = land.crossed(here, there, 1_000.0)
    for a, b, crossed in zip(here, there, found, strict=True):
        wet = shapely.LineString([a, b]).difference(whole)
        longest = max((part.length for part in shapely.get_parts(wet)), default=0.0)
        # The grid sees water to within a cell and a look at either end.
        if abs(longest - 1_000) > 4 * SIDE:
            assert crossed == (longest > 1_000), (a, b, longest)


def test_choices_over_land_are_counted_no_further_than_is_needed() -> None:
    land = Land.of(FJORD)
    assert land is not None
    rng = np.random.default_rng(3)
    here, there = (np.array([WEST, SOUTH]) + 1000 * rng.uniform((0, 0), (30, 20), (n, 2)) for n in (60, 25))
    place, practice = (part.ravel() for part in np.meshgrid(np.arange(60), np.arange(25), indexing="ij"))
    metres = np.hypot(*(here[place] - there[practice]).T)
    near = metres < 6_000
    cover = cover_of(place[near], practice[near], metres[near], (60, 25))
    is_open = rng.random(25) < 0.6
    located = Locations(here, np.zeros(60, np.int64)), Locations(there, np.zeros(25, np.int64))
    wanted = np.zeros(60, np.int64)
    for a, b in zip(place[near], practice[near], strict=True):
        wanted[a] += is_open[b] and not land.crossed(here[[a]], there[[b]], 1_000.0)[0]
    for enough in (1, 2, 25):
        counted = dry_choices(cover, is_open, located, land, 1_000.0, enough)
        assert counted.tolist() == np.minimum(wanted, enough).tolist()
    assert {0, 1, 2, 3} <= set(wanted.tolist())


def coast() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Two places on the west of the fjord and three practices, one of them on their side."""
    places = pl.DataFrame({"east": [8.0, 2.0], "people": [300, 50]})
    practices = pl.DataFrame({"east": [7.0, 14.0, 15.0]}).with_columns(
        practice_id=pl.Series(["000001", "000002", "000003"]),
        name=pl.col("east").cast(pl.String),
        open_to_new=True,
        capacities_filled=1,
        patients=0,
        closing_minimum=1600,
    )
    stand = {"landmass": pl.lit("fixed"), "municipality": pl.lit("0330"), "northing": pl.lit(SOUTH + 5e3)}
    there = [frame.with_columns(easting=WEST + 1000 * pl.col("east"), **stand) for frame in (places, practices)]
    return there[0], there[1]


def test_people_whose_second_choice_lies_over_the_water_are_told_apart() -> None:
    found = survey(LAW, *coast(), TreeEngine(), shapes=FJORD)
    assert found.choices["open_choices"].to_list() == [3, 3]
    assert found.choices["over_water"].to_list() == [True, True]
    assert choices_by(found.choices, "municipality").row(0, named=True)["people_over_water"] == 350
    nothing_known = survey(LAW, *coast(), TreeEngine())
    assert "over_water" not in nothing_known.choices.columns
    assert "people_over_water" not in choices_by(nothing_known.choices, "municipality").columns


def test_a_citizen_is_told_that_the_line_crosses_water() -> None:
    places, practices = coast()
    found = survey(LAW, places, practices, TreeEngine(), shapes=FJORD)
    home = Citizen(places["easting"][0], places["northing"][0], "0330", "fixed")
    told = options_for(home, found.practices, LAW, land=found.land)
    assert [option.crosses_water for option in told] == [False, True, True]
    assert "går over vand" in told[1].sentence()
    assert "crosses water" in told[1].sentence("en")
    assert "water" not in told[0].sentence("en")
