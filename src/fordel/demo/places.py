"""People placed on the map: every municipality's count spread over 1-km cells by its settlements and its rural land."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from fordel.demo.land import cell_name
from fordel.demo.packaged import read
from fordel.demo.population import christiansoe_people
from fordel.demo.rounding import whole_shares
from fordel.demo.settlements import kernel_scale

Floats = NDArray[np.float64]
RURAL_PER_KM2 = 12.0  # people / km² outside settlements (assumption)
RURAL_AT_MOST = 0.25  # share of a land's people
DWELLING_EVERY = 0.06  # share of fine grid points outside settlements where somebody lives (assumption)
EDGE = 3.5  # a settlement ends where its density has fallen to exp(-3.5), 3 % of its middle (assumption)
SEED = 20201001


@dataclass(frozen=True, eq=False)
class Dwellings:
    """Where people live on the fine grid.

    Attributes:
        grid: ``municipality, land, easting, northing, cell`` and ``expected``, people as a fraction.
        points: the table ``DemandPoints``.
    """

    grid: pl.DataFrame
    points: pl.DataFrame


def place_people(grid: pl.DataFrame, settlements: pl.DataFrame, population: pl.DataFrame) -> Dwellings:
    """Place every resident in a 1-km cell of the municipality; each municipality's and island's sum is kept."""
    targets = _people_per_land(grid, population)
    dwelt = np.random.default_rng(SEED).random((2, grid.height))
    expected = np.zeros(grid.height)
    lands = (
        grid.with_row_index("row")
        .group_by("municipality", "land", maintain_order=True)
        .agg(first=pl.col("row").first(), count=pl.len())
    )
    towns = settlements.partition_by("municipality", "land", as_dict=True)
    xy = grid.select("easting", "northing").to_numpy()
    for municipality, land, first, count in lands.iter_rows():
        rows = slice(first, first + count)
        people, near = targets[municipality, land], towns.get((municipality, land))
        expected[rows] = _spread(xy[rows], dwelt[:, rows], people, near)
    placed = grid.with_columns(expected=pl.Series(expected))
    return Dwellings(placed, _demand_points(placed, targets))


def _people_per_land(grid: pl.DataFrame, population: pl.DataFrame) -> dict[tuple[str, str], int]:
    """Split a municipality's people between its islands without a fixed link and the rest. Unit: people."""
    totals = dict(population.group_by("municipality").agg(pl.col("people").sum()).iter_rows())
    islands = read("islands/islands.csv").filter(pl.col("people_about").is_not_null())
    known = dict(islands.select("name", pl.col("people_about").cast(pl.Int64)).iter_rows())
    known["Christiansø"] = christiansoe_people()
    lands = grid.select("municipality", "land").unique().sort("municipality", "land").rows()
    people = {(municipality, land): known[land] for municipality, land in lands if land in known}
    on_islands: dict[str, int] = {}
    for (municipality, _), count in people.items():
        on_islands[municipality] = on_islands.get(municipality, 0) + count
    rest = {key: totals[key[0]] - on_islands.get(key[0], 0) for key in lands if key not in people}
    return people | rest


def _spread(xy: Floats, dwelt: Floats, people: int, towns: pl.DataFrame | None) -> Floats:
    """Expected people at each fine grid point of one land."""
    square_km = len(xy) * 0.04
    rural = people if towns is None else min(RURAL_AT_MOST * people, RURAL_PER_KM2 * square_km)
    scattered = np.where(dwelt[0] < DWELLING_EVERY, -np.log1p(-dwelt[1]), 0.0)
    if scattered.sum() == 0:
        scattered = np.ones(len(xy))
    expected: Floats = scattered * (rural / scattered.sum())
    if towns is not None:
        size = towns["people"].to_numpy()
        for rows, weights in _kernels(xy, towns, size * ((people - rural) / size.sum())):
            expected[rows] += weights
    return expected


def _kernels(xy: Floats, towns: pl.DataFrame, size: Floats) -> list[tuple[NDArray[np.int64], Floats]]:
    """For each settlement the fine grid points it reaches and its people there."""
    scale = kernel_scale(size)
    centres = towns.select("easting", "northing").to_numpy()
    tree = cKDTree(xy)
    reached = []
    for centre, b, people in zip(centres, scale, size, strict=True):
        rows = np.asarray(sorted(tree.query_ball_point(centre, EDGE * b)), dtype=np.int64)
        if not len(rows):
            rows = _nearest(xy, centre)
        weights = np.exp(-np.hypot(*(xy[rows] - centre).T) / b)
        reached.append((rows, weights * (people / weights.sum())))
    return reached


def _nearest(xy: Floats, point: Floats) -> NDArray[np.int64]:
    return np.array([int(np.argmin(np.hypot(*(xy - point).T)))])


def _demand_points(grid: pl.DataFrame, people_of: dict[tuple[str, str], int]) -> pl.DataFrame:
    """Round to whole people per cell; people stand at the cell's most peopled point, which is on land."""
    cells = (
        grid.group_by("municipality", "land", "cell", maintain_order=True)
        .agg(pl.col("easting", "northing").get(pl.col("expected").arg_max()), pl.col("expected").sum())
        .sort("municipality", "land", "cell")
    )
    rounded = [
        frame.with_columns(people=pl.Series(whole_shares(frame["expected"].to_numpy(), people_of[frame.row(0)[:2]])))
        for frame in cells.partition_by("municipality", "land", maintain_order=True)
    ]
    points = pl.concat(rounded).filter(pl.col("people") > 0)
    return points.select(
        pl.col("municipality").cast(pl.String),
        *("easting", "northing", "people"),
        cell_id=cell_name(pl.col("cell")),
        landmass=pl.col("land").cast(pl.String),
    )
