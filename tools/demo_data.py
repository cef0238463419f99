"""Make the small files of the demo snapshot from the publishers' full ones; run once, results are committed.

    python tools/demo_data.py FOLDER

FOLDER holds the full files, one folder per source, as named in ``main``. What is filtered, joined and simplified here
is told in the ``SOURCE.md`` beside each result.
"""

from __future__ import annotations

import gzip
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import shapely
from pyproj import Transformer
from shapely.geometry import shape

RESULTS = Path(__file__).parents[1] / "src" / "fordel" / "demo" / "data"
TOLERANCE = 120.0  # metres
SMALLEST_ISLET = 30_000.0  # square metres
SETTLEMENTS = ("city", "town", "village", "suburb", "hamlet")
TO_METRES = Transformer.from_crs(4326, 25832, always_xy=True)


def main(folder: Path) -> None:
    """Write every result."""
    land(folder / "dk_boundaries_dagi_2014" / "kommuner.geojson")
    settlements(folder / "dk_osm_nodes_2019", folder / "dk_towns_geonames")
    population(folder / "dk_population_dst_folk1b")
    for source, result in (
        ("dk_health_councils_2026/sundhedsraad_kommuner.csv", "health_councils/health_councils.csv"),
        ("dk_regionh_planning_areas_2023/planlaegningsomraader.csv", "regionh_planning_areas/planning_areas.csv"),
        ("dk_gp_supply_published_figures/gp_supply_figures.csv", "gp_supply/gp_supply_figures.csv"),
    ):
        shutil.copyfile(folder / source, RESULTS / result)


def in_metres(feature: dict[str, Any]) -> Any:
    """Give a feature's polygon in EPSG:25832, without the third coordinate."""
    flat = shapely.force_2d(shape(feature["geometry"]))
    return shapely.transform(flat, lambda c: np.column_stack(TO_METRES.transform(c[:, 0], c[:, 1])))


def land(source: Path) -> None:
    """Dissolve municipalities, simplify their common borders together and name the land each part lies on."""
    features = json.loads(source.read_text(encoding="utf-8"))["features"]
    codes = np.array([f["properties"]["KOMKODE"] for f in features])
    polygons = np.array([in_metres(f) for f in features])
    names = sorted({str(code) for code in codes})
    whole = [shapely.union_all(polygons[codes == code]) for code in names]
    simple = shapely.coverage_simplify(whole, TOLERANCE)
    parts, owner = shapely.get_parts(simple, return_index=True)
    lands = land_names(polygons, parts)
    wkt = shapely.to_wkt(shapely.set_precision(parts, 1.0), rounding_precision=0, trim=True)
    frame = pl.DataFrame({"municipality": [names[i] for i in owner], "land": lands, "wkt": wkt.tolist()})
    kept = (shapely.area(parts) >= SMALLEST_ISLET) | (frame["land"].to_numpy() != "")
    frame = frame.with_columns(municipality=pl.col("municipality").replace("0411", "0400"))
    frame.filter(pl.Series(kept)).sort("municipality", "land", "wkt").write_csv(RESULTS / "dagi_2014" / "land.csv")


def land_names(polygons: Any, parts: Any) -> list[str]:
    """Name the land of each part: ``fixed``, an island's name, or nothing where nobody is known to live."""
    bodies = shapely.get_parts(shapely.union_all(shapely.buffer(polygons, 1)))
    tree = shapely.STRtree(bodies)
    islands = pl.read_csv(RESULTS / "islands" / "islands.csv", infer_schema=False)
    name_of: dict[int, str] = {}
    for row in islands.iter_rows(named=True):
        point = shapely.Point(*TO_METRES.transform(float(row["longitude"]), float(row["latitude"])))
        name_of[int(tree.nearest(point))] = "fixed" if row["fixed_link"] == "yes" else row["name"]
    for name in ("Christiansø",):  # its two inhabited islets are joined by a footbridge
        frederiksoe = shapely.Point(*TO_METRES.transform(15.184, 55.321))
        name_of[int(tree.nearest(frederiksoe))] = name
    inside = shapely.point_on_surface(parts)
    return [name_of.get(int(tree.nearest(point)), "") for point in inside]


def settlements(osm: Path, geonames: Path) -> None:
    """Keep the points people are placed by, and where doctors are; no names of doctors."""
    places = pl.read_csv(osm / "places.csv", infer_schema=False).filter(pl.col("value").is_in(SETTLEMENTS))
    places.filter(pl.col("name").is_not_null()).select(
        "id", "name", kind="value", longitude=pl.col("lon"), latitude=pl.col("lat"), people="population"
    ).sort(pl.col("id").cast(pl.Int64)).write_csv(RESULTS / "osm_2019" / "places.csv")
    doctors = pl.read_csv(osm / "health_amenities.csv", infer_schema=False).filter(pl.col("value") == "doctors")
    doctors.select("id", longitude=pl.col("lon"), latitude=pl.col("lat")).sort(pl.col("id").cast(pl.Int64)).write_csv(
        RESULTS / "osm_2019" / "doctors.csv"
    )
    towns = pl.read_csv(geonames / "towns_dk_cities500.csv", infer_schema=False)
    towns.select("geonameid", "name", "longitude", "latitude", people="population").sort(
        pl.col("geonameid").cast(pl.Int64)
    ).write_csv(RESULTS / "geonames" / "towns.csv")


def population(source: Path) -> None:
    """Copy the latest quarter, compressed, and join the code, Danish name and region of each municipality."""
    table = (source / "folk1b_2020Q4.csv").read_bytes()
    (RESULTS / "dst_folk1b" / "folk1b_2020Q4.csv.gz").write_bytes(gzip.compress(table, mtime=0))
    codes = pl.read_csv(source / "area_code_crosswalk.csv", infer_schema=False)
    regions = pl.read_csv(source / "region_province_municipality.csv", infer_schema=False)
    danish = pl.col("folk1b_area").replace("Copenhagen", "København")
    codes.with_columns(name=danish).join(regions, left_on="name", right_on="municipality", how="left").select(
        "municipality_code", "folk1b_area", "name", "region"
    ).sort("municipality_code").write_csv(RESULTS / "dst_folk1b" / "municipalities.csv")
    history(source)


def history(source: Path) -> None:
    """Keep 1 January of each year: one row per area, sex and age group, one column per year."""
    every = pl.read_csv(gzip.decompress((source / "folk1b_2008Q1_2020Q4.csv.gz").read_bytes()))
    codes = pl.read_csv(source / "area_code_crosswalk.csv", infer_schema=False)
    first = every.filter(
        pl.col("quarter").str.ends_with("Q1") & pl.col("sex").ne("Total") & pl.col("age").ne("Total")
    ).join(codes.select(area="folk1b_area"), on="area", how="semi")
    wide = first.with_columns(year=pl.col("quarter").str.head(4)).pivot(
        on="year", index=["area", "sex", "age"], values="population", maintain_order=True
    )
    packed = gzip.compress(wide.write_csv().encode(), mtime=0)
    (RESULTS / "dst_folk1b" / "folk1b_januaries.csv.gz").write_bytes(packed)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
