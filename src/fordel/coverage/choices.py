"""Count the open practices within the radius of each place: a k-d tree, with close calls settled on the ellipsoid."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pyproj import Geod, Transformer
from scipy.spatial import cKDTree

Points = NDArray[np.float64]

# UTM zone 32 changes 15 km by some 20 m at most within Denmark (Bornholm), so only pairs this near can differ.
CLOSE_CALL = 100.0


@cache
def _ellipsoid() -> tuple[Geod, Transformer]:
    return Geod(ellps="GRS80"), Transformer.from_crs(25832, 4258, always_xy=True)


def count_choices(places: pl.DataFrame, practices: pl.DataFrame) -> pl.Series:
    """Count the open practices within each place's radius on the same land.

    Args:
        places: ``easting, northing`` (metres, EPSG:25832), ``radius`` (metres), ``land``.
        practices: the open ones only: ``easting, northing, land``.

    Returns:
        ``open_choices``, one whole number per place, in the same order. A practice exactly at the radius counts.
    """
    counts = np.zeros(places.height, dtype=np.int64)
    land_of_place, land_of_practice = places["land"].to_numpy(), practices["land"].to_numpy()
    for land in practices["land"].unique().sort():
        here = np.flatnonzero(land_of_place == land)
        if len(here):
            sites = _points(practices)[land_of_practice == land]
            counts[here] = _within(_points(places)[here], sites, places["radius"].to_numpy()[here])
    return pl.Series("open_choices", counts)


def _points(frame: pl.DataFrame) -> Points:
    return frame.select("easting", "northing").to_numpy().astype(np.float64)


def _within(origins: Points, sites: Points, radius: Points) -> NDArray[np.int64]:
    tree = cKDTree(sites)
    near = tree.query_ball_point(origins, radius + CLOSE_CALL)
    sizes = np.fromiter((len(found) for found in near), dtype=np.int64, count=len(near))
    origin = np.repeat(np.arange(len(origins)), sizes)
    site = np.fromiter((s for found in near for s in found), dtype=np.int64, count=int(sizes.sum()))
    distance = np.hypot(*(origins[origin] - sites[site]).T)
    close = np.abs(distance - radius[origin]) < CLOSE_CALL
    distance[close] = _geodesic(origins[origin[close]], sites[site[close]])
    return np.bincount(origin[distance <= radius[origin]], minlength=len(origins))


def _geodesic(here: Points, there: Points) -> Points:
    """Distance on the ellipsoid. Unit: metres."""
    geod, to_degrees = _ellipsoid()
    ends: Any = (*to_degrees.transform(*here.T), *to_degrees.transform(*there.T))
    return np.asarray(geod.inv(*ends)[2], dtype=np.float64)
