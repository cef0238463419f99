"""The compiled engine, the tree and brute force find the same pairs, wherever the points lie."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from fordel.coverage import Cover, CoverageError, Engine, Locations, TreeEngine, count_choices, locate
from fordel.coverage.distance import geodesic, metres_between
from fordel.engines.brute_force import BruteForce
from fordel.engines.straight_line import StraightLine, fastest

ENGINES: list[Engine] = [TreeEngine(), StraightLine()]
GEOD, TO_DEGREES = Geod(ellps="GRS80"), Transformer.from_crs(25832, 4258, always_xy=True)
TO_METRES = Transformer.from_crs(4258, 25832, always_xy=True)


def at_distance(origin: tuple[float, float], azimuth: float, metres: float) -> tuple[float, float]:
    """Walk along the ellipsoid."""
    lon, lat, _ = GEOD.fwd(*TO_DEGREES.transform(*origin), azimuth, metres)
    easting, northing = TO_METRES.transform(lon, lat)
    return float(easting), float(northing)


def same(found: Cover, expected: Cover) -> None:
    assert found.start.tolist() == expected.start.tolist()
    assert found.practice.tolist() == expected.practice.tolist()
    assert np.allclose(found.metres, expected.metres, atol=2e-3, rtol=0)


@st.composite
def scenes(draw: st.DrawFn) -> tuple[Locations, Locations, np.ndarray]:
    """Draw practices, and places of which many stand exactly at the radius, just inside or just outside."""
    middle = (draw(st.sampled_from([450e3, 575e3, 720e3, 885e3])), draw(st.sampled_from([6080e3, 6200e3, 6390e3])))
    practices = [
        (middle[0] + draw(st.integers(-20_000, 20_000)), middle[1] + draw(st.integers(-20_000, 20_000)))
        for _ in range(draw(st.integers(0, 6)))
    ]
    practices += practices[:2]  # several at one point
    places, radius = [], []
    for _ in range(draw(st.integers(0, 25))):
        length = draw(st.sampled_from([5_000.0, 15_000.0]))
        near = draw(st.booleans())
        if practices and near:
            off = draw(st.sampled_from([0.0, -0.002, 0.002, -0.006, 0.02, -0.5, 60.0, -60.0]))
            places.append(
                at_distance(practices[draw(st.integers(0, len(practices) - 1))], draw(st.floats(0, 359)), length + off)
            )
        else:
            places.append((middle[0] + draw(st.floats(-40e3, 40e3)), middle[1] + draw(st.floats(-40e3, 40e3))))
        radius.append(length)
    land = st.sampled_from([0, 0, 0, 1])
    lands = [[draw(land) for _ in range(len(side))] for side in (places, practices)]
    here, there = (
        Locations(np.array(side, dtype=np.float64).reshape(-1, 2), np.array(on, dtype=np.int64))
        for side, on in zip((places, practices), lands, strict=True)
    )
    return here, there, np.array(radius, dtype=np.float64)


@settings(max_examples=150, deadline=None)
@given(scenes())
def test_all_engines_find_the_same_pairs(scene: tuple[Locations, Locations, np.ndarray]) -> None:
    places, practices, radius = scene
    expected = BruteForce().cover(places, practices, radius)
    left = np.arange(10, 10 + len(practices), dtype=np.int64)
    counts, sums = BruteForce().count(places, practices, radius, left)
    for engine in ENGINES:
        same(engine.cover(places, practices, radius), expected)
        found = engine.count(places, practices, radius, left)
        assert found[0].tolist() == counts.tolist()
        assert found[1].tolist() == sums.tolist()


@pytest.mark.parametrize("engine", [*ENGINES, BruteForce()])
@pytest.mark.parametrize("azimuth", [0.0, 45.0, 90.0, 200.0])
@pytest.mark.parametrize("middle", [(885e3, 6120e3), (450e3, 6300e3)])
def test_a_practice_exactly_at_the_radius_counts(engine: Engine, azimuth: float, middle: tuple[float, float]) -> None:
    there = Locations(np.array([middle]), np.zeros(1, np.int64))
    here = Locations(
        np.array([at_distance(middle, azimuth, 15_000.0), at_distance(middle, azimuth, 15_000.002)]),
        np.zeros(2, np.int64),
    )
    counts, _ = engine.count(here, there, np.full(2, 15_000.0), np.ones(1, np.int64))
    assert counts.tolist() == [1, 0]


def test_many_places_in_blocks_equal_the_tree() -> None:
    rng = np.random.default_rng(5)
    places = Locations(rng.normal((720e3, 6170e3), 20e3, (20_000, 2)), rng.integers(0, 2, 20_000))
    practices = Locations(rng.normal((720e3, 6170e3), 30e3, (300, 2)), rng.integers(0, 2, 300))
    radius = rng.choice([5_000.0, 15_000.0], 20_000)
    same(StraightLine().cover(places, practices, radius), TreeEngine().cover(places, practices, radius))


def test_the_order_of_rows_changes_nothing() -> None:
    rng = np.random.default_rng(6)
    places = Locations(rng.normal((580e3, 6140e3), 20e3, (500, 2)), np.zeros(500, np.int64))
    practices = Locations(rng.normal((580e3, 6140e3), 20e3, (40, 2)), np.zeros(40, np.int64))
    radius, order = np.full(500, 15_000.0), rng.permutation(500)
    left = rng.integers(0, 100, 40)
    for engine in ENGINES:
        straight, shuffled = (
            engine.count(places, practices, radius, left),
            engine.count(places.take(order), practices, radius, left),
        )
        assert (straight[0][order] == shuffled[0]).all()
        assert (straight[1][order] == shuffled[1]).all()


def test_lengths_agree_with_the_geodesic_to_a_tenth_of_a_millimetre() -> None:
    rng = np.random.default_rng(7)
    here = np.column_stack([rng.uniform(440e3, 895e3, 50_000), rng.uniform(6045e3, 6405e3, 50_000)])
    angle, length = rng.uniform(0, 2 * np.pi, 50_000), rng.uniform(0, 16e3, 50_000)
    there = here + np.column_stack([length * np.cos(angle), length * np.sin(angle)])
    # The geodesic is given in whole millimetres, half of one either way.
    assert np.abs(metres_between(here, there) - geodesic(here, there)).max() < 0.0006


@pytest.mark.parametrize(
    ("easting", "northing", "land"),
    [(float("nan"), 6.1e6, "fixed"), (None, 6.1e6, "fixed"), (12.5, 55.7, "fixed"), (600e3, 6.1e6, None)],
)
def test_what_is_no_location_is_refused_with_a_sentence(easting: float, northing: float, land: str) -> None:
    good = pl.DataFrame({"easting": [600e3], "northing": [6.1e6], "land": ["fixed"]})
    bad = pl.DataFrame(
        {"easting": [600e3, easting], "northing": [6.1e6, northing], "land": ["fixed", land]},
        schema_overrides={"easting": pl.Float64, "land": pl.String},
    )
    with pytest.raises(
        CoverageError, match=r"1 place\(s\) have no usable location; the first is row 2[\s\S]*EPSG:25832"
    ):
        locate(bad, good)
    with pytest.raises(CoverageError, match=r"1 practice\(s\) have no usable location"):
        locate(good, bad)


def test_nothing_at_all_gives_nothing() -> None:
    places = pl.DataFrame({"easting": [600e3], "northing": [6.1e6], "land": ["fixed"], "radius": [15e3]})
    none = places.clear()
    for engine in (*ENGINES, BruteForce()):
        assert count_choices(places, none, engine).to_list() == [0]
        assert count_choices(none, places, engine).to_list() == []


def test_few_places_do_not_wait_for_compiled_code() -> None:
    assert isinstance(fastest(100_000), TreeEngine)
    assert isinstance(fastest(2_500_000), StraightLine)
    assert isinstance(fastest(100, again=True), StraightLine)
