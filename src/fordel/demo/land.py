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
    """Points on dry land where people may live: ``municipality, land, easting, northing, cell``, in that order.

    Points lie 200 m apart; a part too small to hold one has a point inside it. Where a 1-km cell holds two lands of
    a municipality, people stand on the larger only, since a demand point lies on one land.
    """
    lived_in = parts.filter(pl.col("land") != "").sort("municipality", "land", "wkt")
    names = [pl.col(name).cast(pl.Enum(lived_in[name].unique().sort())) for name in ("municipality", "land")]
    points = [_points_in(polygon) for polygon in shapely.from_wkt(lived_in["wkt"].to_list())]
    part = np.repeat(np.arange(len(points)), [len(p) for p in points])
    xy = np.concatenate(points)
    where = pl.DataFrame({"easting": xy[:, 0], "northing": xy[:, 1], "cell": _cells(xy)})
    owners = lived_in.select(names)[part]
    return _on_one_land(pl.concat([owners, where], how="horizontal"))


def _on_one_land(grid: pl.DataFrame) -> pl.DataFrame:
    cell = ("municipality", "cell")
    size = grid.group_by(*cell, "land").agg(points=pl.len())
    larger = size.sort(*cell, "points", "land", descending=[False, False, True, False]).unique(cell, keep="first")
    on_larger = grid.join(larger.select(*cell, "land"), on=[*cell, "land"], how="semi", maintain_order="left")
    return on_larger.sort("municipality", "land", "northing", "easting")


def _cells(xy: Floats) -> NDArray[np.int32]:
    """Number of the 1-km cell: kilometres north times 1,000 plus kilometres east."""
    east, north = (xy // CELL).astype(np.int32).T
    return np.asarray(north * 1000 + east, dtype=np.int32)


def cell_name(cell: pl.Expr) -> pl.Expr:
    """Name of a cell in the Danish grid (Det Danske Kvadratnet), northing and easting in kilometres."""
    return pl.format("1km_{}_{}", cell // 1000, cell % 1000)


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
