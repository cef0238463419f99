"""Land and settlements: islands by name, towns of the right size in the right municipality."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import polars as pl
import pytest
import shapely
from scipy.spatial import cKDTree

from fordel.demo.land import in_metres, land_parts, shapes
from fordel.demo.packaged import read
from fordel.demo.population import municipalities
from fordel.demo.settlements import ABSORBED_WITHIN, kernel_scale, settlements


@pytest.fixture(scope="module")
def towns() -> pl.DataFrame:
    return settlements(land_parts())


def test_every_land_is_in_the_table_of_islands() -> None:
    islands = read("islands/islands.csv")
    unlinked = islands.filter(pl.col("fixed_link") == "no")["name"]
    assert set(land_parts()["land"]) == {"", "fixed", *unlinked}


def test_an_island_lies_in_the_municipality_the_table_gives_it() -> None:
    islands = read("islands/islands.csv").filter(pl.col("fixed_link") == "no")
    found = land_parts().select("municipality", "land").unique().filter(~pl.col("land").is_in(["", "fixed"]))
    assert set(found.rows()) == set(islands.select("municipality", "name").iter_rows())


def test_shapes_are_valid_and_as_large_as_denmark() -> None:
    frame = shapes(land_parts())
    outlines = shapely.from_wkb(frame["geometry"].to_list())
    assert frame["municipality"].to_list() == municipalities()["municipality"].to_list()
    assert shapely.is_valid(outlines).all()
    assert shapely.area(outlines).sum() / 1e6 == pytest.approx(43_035, rel=0.001)
    bornholm = outlines[frame["municipality"].to_list().index("0400")]
    christiansoe = in_metres(np.array([15.189]), np.array([55.321]))
    assert shapely.contains_xy(bornholm, christiansoe).all()


def test_neighbours_still_share_their_border() -> None:
    outlines = shapely.from_wkb(shapes(land_parts())["geometry"].to_list())
    overlap = shapely.area(outlines).sum() - shapely.area(shapely.union_all(outlines))
    assert abs(overlap) / 1e6 < 1.0


@pytest.mark.parametrize("people", [500.0, 640_000.0])
def test_a_settlements_density_sums_to_its_people(people: float) -> None:
    scale = kernel_scale(np.array([people]))[0] / 1000
    middle = people / (2 * np.pi * scale**2)
    assert middle == pytest.approx({500.0: 1_200, 640_000.0: 14_700}[people], rel=0.01)


def test_large_towns_are_where_they_are(towns: pl.DataFrame) -> None:
    largest = dict(towns.head(4).select("name", "municipality").iter_rows())
    assert largest == {"København": "0101", "Aarhus": "0751", "Odense": "0461", "Aalborg": "0851"}
    assert towns.filter(pl.col("name").is_in(["Århus", "Copenhagen"])).is_empty()


def test_every_municipality_has_a_settlement_to_name_practices_by(towns: pl.DataFrame) -> None:
    named = towns.filter(pl.col("people") >= 200)["municipality"].unique().sort()
    assert named.to_list() == municipalities()["municipality"].to_list()


def test_no_settlement_is_counted_twice(towns: pl.DataFrame) -> None:
    for local in towns.partition_by("municipality"):
        xy = local.select("easting", "northing").to_numpy()
        assert not cKDTree(xy).query_pairs(ABSORBED_WITHIN)


def test_the_packaged_files_are_small() -> None:
    folders = files("fordel.demo").joinpath("data").iterdir()
    size = sum(len(f.read_bytes()) for folder in folders if folder.is_dir() for f in folder.iterdir())
    assert size < 1_500_000
