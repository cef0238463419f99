"""The land people live on: municipality polygons, the islands among them, and points 200 m apart on dry land."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from fordel.demo.packaged import read

STEP = 200.0  # metres between the points of the fine grid
CELL = 1000.0  # metres
Floats = NDArray[np.float64]
_TO_METRES = Transformer.from_crs(4326, 25832, always_xy=True)


def in_metres(longitude: Floats, latitude: Floats) -> Floats:
    """Give coordinates in EPSG:25832, shape (n, 2). Unit: metres."""
    return np.column_stack(_TO_METRES.transform(longitude, latitude))


def land_parts() -> pl.DataFrame:
    """Read the parts of municipalities: ``municipality, land, wkt``; ``land`` is empty where nobody lives."""
    return read("dagi_2014/land.csv").with_columns(pl.col("land").fill_null(""))


def shapes(parts: pl.DataFrame) -> pl.DataFrame:
    """Dissolve parts into the table ``AreaShapes``. Unit: metres."""
    frame = parts.group_by("municipality", maintain_order=True).agg("wkt").sort("municipality")
    merged = [shapely.multipolygons(shapely.get_parts(shapely.from_wkt(wkts))) for wkts in frame["wkt"].to_list()]
    binary = shapely.to_wkb(np.array(merged), byte_order=1)
    return frame.select("municipality", geometry=pl.Series(list(binary), dtype=pl.Binary))


def fine_grid(parts: pl.DataFrame) -> pl.DataFrame:
    """Points on dry land where people may live: ``municipality, land, easting, northing, cell_id``.

    Points lie 200 m apart; a part too small to hold one has a point inside it. Where a 1-km cell holds two lands of
    a municipality, people stand on the larger only, since a demand point lies on one land.
    """
    lived_in = parts.filter(pl.col("land") != "").sort("municipality", "land", "wkt")
    polygons = shapely.from_wkt(lived_in["wkt"].to_list())
    points = [_points_in(polygon) for polygon in polygons]
    row = np.repeat(np.arange(len(points)), [len(p) for p in points])
    xy = np.concatenate(points)
    frame = lived_in.select("municipality", "land")[row].with_columns(
        easting=pl.Series(xy[:, 0]), northing=pl.Series(xy[:, 1])
    )
    frame = frame.with_columns(cell_id=cell_of(pl.col("easting"), pl.col("northing")))
    count = pl.len().over("municipality", "cell_id", "land")
    larger = (count == count.max().over("municipality", "cell_id")) | (
        pl.col("land").n_unique().over("municipality", "cell_id") == 1
    )
    order = ("municipality", "land", "northing", "easting")
    one = frame.filter(larger).with_columns(first=pl.col("land").min().over("municipality", "cell_id"))
    return one.filter(pl.col("land") == pl.col("first")).drop("first").sort(order)


def cell_of(easting: pl.Expr, northing: pl.Expr) -> pl.Expr:
    """Name of the 1-km cell in the Danish grid (Det Danske Kvadratnet): northing and easting in kilometres."""
    north, east = ((c // CELL).cast(pl.Int64).cast(pl.String) for c in (northing, easting))
    return pl.concat_str(pl.lit("1km_"), north, pl.lit("_"), east)


def _points_in(polygon: Any) -> Floats:
    """Grid points inside a polygon, shape (n, 2), at least one."""
    west, south, east, north = shapely.bounds(polygon)
    xs = np.arange(np.floor(west / STEP), np.ceil(east / STEP)) * STEP + STEP / 2
    ys = np.arange(np.floor(south / STEP), np.ceil(north / STEP)) * STEP + STEP / 2
    x, y = (axis.ravel() for axis in np.meshgrid(xs, ys))
    shapely.prepare(polygon)
    inside = shapely.contains_xy(polygon, x, y)
    if inside.any():
        return np.column_stack((x[inside], y[inside]))
    point = shapely.point_on_surface(polygon)
    return np.array([[point.x, point.y]])
