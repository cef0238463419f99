"""Write a run as GeoJSON (RFC 7946): areas, 1-km cells and practices in WGS 84, each with its numbers."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import shapely
from pyproj import Transformer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from fordel.runs.record import Run

DECIMALS = 6  # of a degree: about 0.1 metre
LEVELS = ("region", "health_council", "municipality")


def write_geojson(run: Run, folder: Path) -> list[Path]:
    """Write one file per level of areas, one of cells and one of practices.

    Geometries are valid, wound as RFC 7946 asks, with coordinates rounded to 6 decimals.
    """
    shapes = dict(
        zip(run.area_shapes["municipality"], shapely.from_wkb(run.area_shapes["geometry"].to_list()), strict=True)
    )
    collections = {f"areas-{level}": _areas(run, level, shapes) for level in LEVELS}
    collections |= {"places": _cells(run.places), "practices": _points(run.practices)}
    return [_write(run, folder / f"{name}.geojson", features) for name, features in collections.items()]


def _write(run: Run, path: Path, features: Iterable[dict[str, Any]]) -> Path:
    manifest = run.manifest
    about = {
        "law_date": manifest.law_date.isoformat(),
        "snapshot": manifest.snapshot_name,
        "run_id": manifest.run_id,
        "synthetic": manifest.synthetic,
        "attribution": run.sources["attribution"].to_list(),
        "licences": run.sources["licence"].unique().sort().to_list(),
    }
    head = json.dumps({"type": "FeatureCollection", **about}, ensure_ascii=False, allow_nan=False)[:-1]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f'{head}, "features": [\n')
        for number, feature in enumerate(features):
            file.write((",\n" if number else "") + json.dumps(feature, ensure_ascii=False, allow_nan=False))
        file.write("\n]}\n")
    return path


def _areas(run: Run, level: str, shapes: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """An area's land is that of its municipalities; areas none of which has a shape have no geometry."""
    municipalities = run.areas.filter(level="municipality")
    for row in run.areas.filter(level=level).to_dicts():
        own = municipalities.filter(pl.col("area_id" if level == "municipality" else level) == row["area_id"])
        land = [shapes[code] for code in own["area_id"] if code in shapes]
        yield _feature(row["area_id"], shapely.unary_union(land) if land else None, row)


def _cells(places: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """A cell is its square of 1 km in the Danish grid; one that two municipalities share comes once for each."""
    corner = (
        places["cell_id"].str.split("_").list.tail(2).cast(pl.List(pl.Int64)).list.to_struct(fields=["north", "east"])
    )
    south, west = (corner.struct.field(name).to_numpy() * 1000 for name in ("north", "east"))
    squares = shapely.box(west, south, west + 1000, south + 1000)
    for square, row in zip(squares, places.drop("easting", "northing").iter_rows(named=True), strict=True):
        yield _feature(f"{row['cell_id']}_{row['municipality']}", square, row)


def _points(practices: pl.DataFrame) -> Iterator[dict[str, Any]]:
    points = shapely.points(practices.select("easting", "northing").to_numpy())
    for point, row in zip(points, practices.drop("easting", "northing").iter_rows(named=True), strict=True):
        yield _feature(row["practice_id"], point, row)


def _feature(known_as: str, shape: Any, properties: dict[str, Any]) -> dict[str, Any]:
    geometry = None if shape is None else json.loads(shapely.to_geojson(_in_degrees(shape)))
    return {"type": "Feature", "id": known_as, "geometry": geometry, "properties": properties}


def _in_degrees(shape: Any) -> Any:
    """Take a shape from EPSG:25832 to WGS 84, rounded so that it stays valid, outer rings counter-clockwise."""
    degrees = shapely.transform(shape, _to_degrees)
    return shapely.orient_polygons(shapely.set_precision(degrees, 10**-DECIMALS))


def _to_degrees(metres: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack(_transformer().transform(metres[:, 0], metres[:, 1]))


@cache
def _transformer() -> Transformer:
    return Transformer.from_crs(25832, 4326, always_xy=True)
