"""Settlements by name (byer og landsbyer): where a new practice may be thought to open, and what a place is called."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
import polars as pl
from pyproj import Transformer

# Read beside the demo, whose people are spread over the same settlements, without loading what makes the demo.
SOURCE = ("demo", "data", "osm_2019", "places.csv")
ATTRIBUTION = "© OpenStreetMap contributors"


@cache
def settlements() -> pl.DataFrame:
    """Give the cities, towns, villages and suburbs of Denmark.

    Returns:
        ``settlement_id`` (whole number), ``name, kind, easting, northing`` (EPSG:25832, metres), by id. Source:
        OpenStreetMap, 2019, ODbL; see the folder's SOURCE.md.
    """
    named = pl.read_csv(files("fordel").joinpath(*SOURCE).read_bytes(), infer_schema=False)
    degrees = named.select(pl.col("longitude", "latitude").cast(pl.Float64)).to_numpy()
    xy = np.column_stack(Transformer.from_crs(4326, 25832, always_xy=True).transform(*degrees.T))
    return named.select(
        "name",
        "kind",
        settlement_id=pl.col("id").cast(pl.Int64),
        easting=pl.Series(xy[:, 0]),
        northing=pl.Series(xy[:, 1]),
    ).sort("settlement_id")
