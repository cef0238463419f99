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
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from fordel.runs.record import Run

DECIMALS = 6  # of a degree: about 0.1 metre
LEVELS = ("region", "health_council", "municipality")


def write_geojson(run: Run, frames: Mapping[str, pl.DataFrame], folder: Path) -> list[Path]:
    """Write one file per level of areas, one of cells and one of practices, from the tables as they are to be shown.

    Geometries are valid, wound as RFC 7946 asks, with coordinates rounded to 6 decimals.
    """
    places = frames["places"].with_columns(id=pl.col("cell_id") + "_" + pl.col("municipality"))
    written = {f"areas-{level}": areas_geojson(run, frames["areas"].filter(level=level)) for level in LEVELS}
    written["places"] = _collection(run, places, "id", _cells(places))
    written["practices"] = practices_geojson(run, frames["practices"])
    paths = {folder / f"{name}.geojson": content for name, content in written.items()}
    for path, content in paths.items():
        path.write_text(content, encoding="utf-8", newline="\n")
    return list(paths)


def areas_geojson(run: Run, areas: pl.DataFrame) -> str:
    """Write areas of a run, those that may be shown, with their land. Levels below the nation only."""
    wkb = run.area_shapes["geometry"].to_list()
    land = dict(zip(run.area_shapes["municipality"], shapely.from_wkb(wkb), strict=True))
    return _collection(run, areas, "area_id", _areas(run, areas, land))


def practices_geojson(run: Run, practices: pl.DataFrame) -> str:
    """Write practices of a run, those that may be shown, as points."""
    points = shapely.points(practices.select("easting", "northing").to_numpy())
    return _collection(run, practices, "practice_id", points)


def _collection(run: Run, rows: pl.DataFrame, key: str, shapes: Any) -> str:
    """Write one collection, a feature a line; where the numbers come from stands at its head."""
    manifest = run.manifest
    about = {
        "law_date": manifest.law_date.isoformat(),
        "snapshot": manifest.snapshot_name,
        "run_id": manifest.run_id,
        "synthetic": manifest.synthetic,
        "attribution": run.sources["attribution"].to_list(),
        "licences": run.sources["licence"].unique().sort().to_list(),
    }
    head = json.dumps({"type": "FeatureCollection", **about}, ensure_ascii=False, allow_nan=False)
    properties = rows.drop("easting", "northing", "id", strict=False).iter_rows(named=True)
    features = [
        f'{{"type": "Feature", "id": {json.dumps(known_as, ensure_ascii=False)}, "geometry": {geometry or "null"}, '
        f'"properties": {json.dumps(row, ensure_ascii=False, allow_nan=False)}}}'
        for known_as, geometry, row in zip(rows[key], _geometries(shapes), properties, strict=True)
    ]
    lines = ",\n".join(features)
    return f'{head[:-1]}, "features": [\n{lines}\n]}}\n'


def _areas(run: Run, areas: pl.DataFrame, land: dict[str, Any]) -> list[Any]:
    """An area's land is that of its municipalities; areas none of which has a shape have no geometry."""
    municipalities = run.areas.filter(level="municipality")
    shapes = []
    for level, area in areas.select("level", "area_id").rows():
        own = municipalities.filter(pl.col("area_id" if level == "municipality" else level) == area)
        parts = [land[code] for code in own["area_id"] if code in land]
        shapes.append(shapely.unary_union(parts) if parts else None)
    return shapes


def _cells(places: pl.DataFrame) -> Any:
    """A cell is its square of 1 km in the Danish grid; one that two municipalities share comes once for each."""
    corner = places["cell_id"].str.split("_").list.tail(2).cast(pl.List(pl.Int64))
    south, west = (corner.list.get(place).to_numpy() * 1000 for place in (0, 1))
    return shapely.box(west, south, west + 1000, south + 1000)


def _geometries(shapes: Any) -> list[str | None]:
    """Take shapes from EPSG:25832 to WGS 84, rounded so that they stay valid, outer rings counter-clockwise."""
    degrees = shapely.transform(np.asarray(shapes, dtype=object), _to_degrees)
    rounded = shapely.orient_polygons(shapely.set_precision(degrees, 10**-DECIMALS))
    return list(shapely.to_geojson(rounded))


def _to_degrees(metres: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack(_transformer().transform(metres[:, 0], metres[:, 1]))


@cache
def _transformer() -> Transformer:
    return Transformer.from_crs(25832, 4326, always_xy=True)
