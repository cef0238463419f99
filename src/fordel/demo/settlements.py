"""Where people settle and in what numbers: OpenStreetMap places, sizes completed from GeoNames."""

from __future__ import annotations

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from fordel.demo.land import in_metres
from fordel.demo.packaged import read

Floats = NDArray[np.float64]
SAME_NAME_WITHIN = 3000.0  # metres: a GeoNames town and an OpenStreetMap place of one name are the same place
ABSORBED_WITHIN = 600.0  # metres: at least this near, the smaller of two settlements is a part of the larger


def kernel_scale(people: Floats) -> Floats:
    """How far a settlement spreads: the b in density D·exp(-r/b) (Clark 1951). Unit: metres.

    The density in the middle grows with size, 1,200 people / km² at 500 people and 14,700 at 640,000; b follows, since
    the density sums to the people: 2πDb² = people. Assumption, set so that Danish towns look right.
    """
    middle = 1200.0 * (np.maximum(people, 1.0) / 500.0) ** 0.35
    return np.asarray(np.maximum(np.sqrt(people / (2 * np.pi * middle)) * 1000.0, 100.0), dtype=np.float64)


def settlements(parts: pl.DataFrame) -> pl.DataFrame:
    """Settlements on land: ``name, kind, easting, northing, people, municipality, land``.

    A place without a count takes GeoNames' of the same name near by, else the median of its kind; a suburb without
    one is left out, since its city counts its people. So are places inside a larger one's spread.
    """
    places, towns = _located("osm_2019/places.csv"), _located("geonames/towns.csv")
    places, unmatched = _completed(places, towns)
    every = pl.concat([places, unmatched.with_columns(kind=pl.lit("town")).select(places.columns)])
    placed = on_land(every, parts).sort(["people", "name", "easting"], descending=[True, False, False])
    return _without_absorbed(placed)


def _located(name: str) -> pl.DataFrame:
    frame = read(name)
    lonlat = frame.select(pl.col("longitude", "latitude").cast(pl.Float64)).to_numpy()
    xy = in_metres(lonlat[:, 0], lonlat[:, 1])
    people = pl.col("people").cast(pl.Float64)
    kept = [c for c in ("name", "kind") if c in frame.columns]
    return frame.select(*kept, people=people, easting=pl.Series(xy[:, 0]), northing=pl.Series(xy[:, 1])).filter(
        people.is_null() | (people > 0) | pl.lit("kind" in kept)
    )


def _key(name: pl.Expr) -> pl.Expr:
    return name.str.to_lowercase().str.replace_many(["copenhagen", "aa"], ["københavn", "å"])


def _completed(places: pl.DataFrame, towns: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Fill sizes from towns of the same name near by; give also the towns no place matches."""
    places = places.with_row_index("place").with_columns(key=_key(pl.col("name")))
    towns = towns.with_row_index("town").with_columns(key=_key(pl.col("name")))
    pairs = places.join(towns, on="key", suffix="_town")
    east, north = (pl.col(axis) - pl.col(f"{axis}_town") for axis in ("easting", "northing"))
    apart = (east**2 + north**2).sqrt()
    pairs = pairs.with_columns(apart=apart).filter(pl.col("apart") <= SAME_NAME_WITHIN).sort("apart", "place", "town")
    sizes = pairs.unique("town", keep="first", maintain_order=True).unique("place", keep="first", maintain_order=True)
    sized = places.join(sizes.select("place", "people_town"), on="place", how="left").sort("place")
    known = pl.coalesce("people", "people_town")
    median = known.median().over("kind")
    people = pl.when(pl.col("kind") == "suburb").then(known).otherwise(pl.coalesce(known, median))
    completed = sized.with_columns(people=people).drop_nulls("people")
    unmatched = towns.filter(~pl.col("town").is_in(pairs["town"].implode()))
    return completed.select("name", "kind", "people", "easting", "northing"), unmatched


def on_land(points: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Add the municipality and land a point lies in; drop points on no land, such as across the border."""
    polygons = shapely.from_wkt(parts["wkt"].to_list())
    xy = points.select("easting", "northing").to_numpy()
    point, part = shapely.STRtree(polygons).query(shapely.points(xy), predicate="intersects")
    order = np.lexsort((part, point))
    point, first = np.unique(point[order], return_index=True)
    owners = parts.select("municipality", "land")[part[order][first]]
    located: pl.DataFrame = pl.concat([points[point], owners], how="horizontal")
    return located.filter(pl.col("land") != "")


def _without_absorbed(places: pl.DataFrame) -> pl.DataFrame:
    """Drop every place within the spread of a larger one in the same municipality; places come largest first."""
    xy = places.select("easting", "northing").to_numpy()
    reach = np.maximum(2 * kernel_scale(places["people"].to_numpy()), ABSORBED_WITHIN)
    owner = places["municipality"].to_numpy()
    near = cKDTree(xy).query_ball_point(xy, reach)
    kept = np.ones(len(xy), dtype=bool)
    for place, others in enumerate(near):
        if kept[place]:
            kept[[o for o in others if o > place and owner[o] == owner[place]]] = False
    return places.filter(pl.Series(kept))
