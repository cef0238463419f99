"""Choices counted with the tree equal choices counted pair by pair."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from fordel.coverage import count_choices

METRES = st.integers(0, 60_000)
LAND = st.sampled_from(["fixed", "fixed", "samsoe"])
PLACES = st.lists(st.tuples(METRES, METRES, st.sampled_from([5_000.0, 15_000.0]), LAND), max_size=25)
SITES = st.lists(st.tuples(METRES, METRES, LAND), max_size=25)


def places_of(rows: list[tuple[int, int, float, str]]) -> pl.DataFrame:
    shifted = [(600_000.0 + x, 6_200_000.0 + y, r, land) for x, y, r, land in rows]
    schema = {"easting": pl.Float64, "northing": pl.Float64, "radius": pl.Float64, "land": pl.String}
    return pl.DataFrame(shifted, schema, orient="row")


def sites_of(rows: list[tuple[int, int, str]]) -> pl.DataFrame:
    shifted = [(600_000.0 + x, 6_200_000.0 + y, land) for x, y, land in rows]
    return pl.DataFrame(shifted, {"easting": pl.Float64, "northing": pl.Float64, "land": pl.String}, orient="row")


def pair_by_pair(places: pl.DataFrame, sites: pl.DataFrame) -> list[int]:
    """Measure every pair on the ellipsoid (GRS 80), the distance the tree approximates."""
    degrees, geod = Transformer.from_crs(25832, 4258, always_xy=True), Geod(ellps="GRS80")
    counts = []
    for x, y, radius, land in places.iter_rows():
        near = 0
        for sx, sy, site_land in sites.iter_rows():
            metres = geod.inv(*degrees.transform(x, y), *degrees.transform(sx, sy))[2]
            near += site_land == land and metres <= radius
        counts.append(near)
    return counts


@settings(max_examples=60, deadline=None)
@given(PLACES, SITES)
def test_the_tree_equals_every_pair(
    places: list[tuple[int, int, float, str]], sites: list[tuple[int, int, str]]
) -> None:
    counted = count_choices(places_of(places), sites_of(sites))
    assert counted.to_list() == pair_by_pair(places_of(places), sites_of(sites))
    assert counted.dtype == pl.Int64


@pytest.mark.parametrize("inwards", [-0.01, 0.01])
def test_a_centimetre_either_side_of_the_radius_decides(inwards: float) -> None:
    degrees, geod = Transformer.from_crs(25832, 4258, always_xy=True), Geod(ellps="GRS80")
    here = places_of([(0, 0, 15_000.0, "fixed")])
    longitude, latitude, _ = geod.fwd(*degrees.transform(600_000.0, 6_200_000.0), 75.0, 15_000.0 - inwards)
    easting, northing = degrees.transform(longitude, latitude, direction="INVERSE")
    site = pl.DataFrame({"easting": [easting], "northing": [northing], "land": ["fixed"]})
    assert count_choices(here, site).to_list() == [int(inwards > 0)]


def test_several_at_one_point_are_as_many_choices() -> None:
    here = places_of([(0, 0, 5_000.0, "fixed")])
    assert count_choices(here, sites_of([(3, 4, "fixed")] * 5)).to_list() == [5]


def test_no_practice_is_no_choice_and_no_place_no_count() -> None:
    assert count_choices(places_of([(0, 0, 5_000.0, "fixed")]), sites_of([])).to_list() == [0]
    assert count_choices(places_of([]), sites_of([(0, 0, "fixed")])).to_list() == []


def test_the_order_of_practices_and_places_never_matters() -> None:
    rng = np.random.default_rng(4)
    places = places_of([(int(x), int(y), 15_000.0, "fixed") for x, y in rng.integers(0, 60_000, (300, 2))])
    sites = sites_of([(int(x), int(y), "fixed") for x, y in rng.integers(0, 60_000, (80, 2))])
    counted = places.with_columns(count_choices(places, sites))
    order = rng.permutation(300).tolist()
    assert counted[order]["open_choices"].to_list() == count_choices(places[order], sites.reverse()).to_list()
